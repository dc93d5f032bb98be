"""Compiled: two texts beside each other, whatever the order of their sentences. What stands in both, what stands in one, and
what stands in the place of something else. Imports numba: import it inside functions.

Blocks of at least three characters are matched greedily, the longest first at each place; where two blocks follow each other in
both texts, what lies between them is compared character by character, and what differs is one thing said in the place of another:
a slip of the pen, a synonym, or another person, place or sum. Its weight is the surprise of the less surprising side: a typing
error surprises on its own side only, another name on both.
"""

import numpy as np
from numba import njit

SLOTS = 64
GAP = 48
#: Shared grams below which nothing else is looked at: no repeat has been seen there.
TOO_LITTLE = 0.12
#: What a comparison tells, in order; `scoring.py` weighs them.
FEATURES = (
    "shared_rare",  # weighted Jaccard of grams, weights ln(N/df)
    "covered_short",  # share of the shorter text's surprise that stands in the longer one
    "covered_long",
    "agreed",  # nats that both say, each gram once
    "swapped",  # nats said in the place of others: two characters or more
    "swapped_most",  # the strongest of them
    "slips",  # nats of single characters in the place of single others
    "slips_share",  # single characters swapped, of those matched
    "numbers",  # other digits in the place of digits, each different pair once
    "numbers_same",  # numbers that both say
    "swaps",  # how many longer ones
    "breaks",  # places where the order changes
    "lone_short",  # nats that only the shorter text says, in no place of others
    "length",  # shorter by longer
    "agreed_telling",  # nats of what surprises much (2 nats and more a character), each gram once
    "same_short",  # share of the shorter text's characters that stand in the longer one
    "swapped_names",  # nats swapped that look like a person or stand before the ending of a place or body
)


@njit(cache=True, inline="always")
def is_digit(code):
    return 48 <= code <= 57


@njit(cache=True)
def chain(b, head, after):
    """Places of b by a small hash of three characters; nearest first."""
    head[:] = -1
    for j in range(b.size - 3, -1, -1):
        slot = (np.int64(b[j]) * 31 + np.int64(b[j + 1]) * 17 + np.int64(b[j + 2]) * 7) % head.size
        after[j] = head[slot]
        head[slot] = j


@njit(cache=True)
def reach(a, b, i, j, to_b, to_a):
    """How far a from i and b from j say the same, of what is not matched yet."""
    k = 0
    while i + k < a.size and j + k < b.size and a[i + k] == b[j + k] and to_b[i + k] < 0 and to_a[j + k] < 0:
        k += 1
    return k


@njit(cache=True)
def match_blocks(a, b, to_b, to_a, head, after, least):
    """Matches what is at least `least` long, the longest at each place of a; ties go to what follows the last match."""
    i, follow = 0, 0
    while i <= a.size - 3:
        if to_b[i] >= 0:
            i += 1
            continue
        slot = (np.int64(a[i]) * 31 + np.int64(a[i + 1]) * 17 + np.int64(a[i + 2]) * 7) % head.size
        long, where = 0, -1
        j = head[slot]
        while j >= 0:
            k = reach(a, b, i, j, to_b, to_a)
            if k > long or (k == long and where < follow <= j):
                long, where = k, j
                if i + k == a.size:
                    break  # nothing is longer
            j = after[j]
        if long >= least:
            for k in range(long):
                to_b[i + k], to_a[where + k] = where + k, i + k
            i += long
            follow = where + long
        else:
            i += 1


@njit(cache=True)
def match_gap(a, b, i0, i1, j0, j1, to_b, to_a, cost):
    """Matches single characters between a[i0:i1] and b[j0:j1] by the fewest edits."""
    n, m = i1 - i0, j1 - j0
    for x in range(n + 1):
        cost[x, 0] = x
    for y in range(m + 1):
        cost[0, y] = y
    for x in range(1, n + 1):
        for y in range(1, m + 1):
            swap = cost[x - 1, y - 1] + (0 if a[i0 + x - 1] == b[j0 + y - 1] else 1)
            cost[x, y] = min(swap, cost[x - 1, y] + 1, cost[x, y - 1] + 1)
    x, y = n, m
    while x > 0 and y > 0:
        same = a[i0 + x - 1] == b[j0 + y - 1]
        if cost[x, y] == cost[x - 1, y - 1] + (0 if same else 1):
            x, y = x - 1, y - 1
            if same:
                to_b[i0 + x], to_a[j0 + y] = j0 + y, i0 + x
        elif cost[x, y] == cost[x - 1, y] + 1:
            x -= 1
        else:
            y -= 1


@njit(cache=True)
def lone(to, low, high):
    for k in range(low, high):
        if to[k] >= 0:
            return False
    return True


@njit(cache=True)
def gaps(a, b, to_b, to_a, out):
    """Stretches of both texts that stand in the place of each other: rows i0, i1, j0, j1; gives how many."""
    count, i = 0, 0
    while i < a.size and count < out.shape[0]:
        if to_b[i] >= 0:
            i += 1
            continue
        end = i
        while end < a.size and to_b[end] < 0:
            end += 1
        j0 = to_b[i - 1] + 1 if i > 0 else -1
        j1 = to_b[end] if end < a.size else -1
        if j0 < 0 and j1 >= 0:
            j0 = max(0, j1 - (end - i)) if j1 <= end - i + 2 else j1
        if j1 < 0 and j0 >= 0:
            j1 = min(b.size, j0 + end - i) if b.size - j0 <= end - i + 2 else j0
        if j0 >= 0 and j1 > j0 and lone(to_a, j0, j1):
            out[count, 0], out[count, 1], out[count, 2], out[count, 3] = i, end, j0, j1
            count += 1
        i = end
    return count


@njit(cache=True)
def align(a, b, to_b, to_a, found):
    """Fills to_b and to_a (-1: in this text only) and the stretches said in the place of others; gives how many."""
    to_b[:] = -1
    to_a[:] = -1
    head = np.empty(256 if b.size < 512 else 4096, np.int32)
    after = np.full(max(1, b.size), -1, np.int32)
    chain(b, head, after)
    match_blocks(a, b, to_b, to_a, head, after, 8)
    match_blocks(a, b, to_b, to_a, head, after, 3)
    count = gaps(a, b, to_b, to_a, found)
    cost = np.empty((GAP + 1, GAP + 1), np.int16)
    for k in range(count):
        i0, i1, j0, j1 = found[k]
        if i1 - i0 <= GAP and j1 - j0 <= GAP:
            match_gap(a, b, i0, i1, j0, j1, to_b, to_a, cost)
    return count


@njit(cache=True)
def first_here(a, i, low):
    """Whether the three characters that end at i were not said before in this text."""
    if i < low + 2:
        return True
    for k in range(low + 2, i):
        if a[k] == a[i] and a[k - 1] == a[i - 1] and a[k - 2] == a[i - 2]:
            return False
    return True


@njit(cache=True)
def has_digit(a, low, high):
    for k in range(low, high):
        if is_digit(a[k]):
            return True
    return False


@njit(cache=True)
def number_key(a, low, high):
    """The whole number around a stretch, as one value."""
    while low > 0 and (is_digit(a[low - 1]) or a[low - 1] == 46):
        low -= 1
    while high < a.size and (is_digit(a[high]) or a[high] == 46):
        high += 1
    key = np.int64(0)
    for k in range(low, high):
        if is_digit(a[k]) or a[k] == 46:
            key = (key * 13 + np.int64(a[k]) - 45) % 1_000_003
    return key


@njit(cache=True)
def naming(a, low, high, classes):
    """Whether a stretch looks like a name: begins with a surname, follows one, or stands before the ending of a place or body."""
    if high - low <= 4 and (classes[a[low]] & 1 or (low > 0 and high - low <= 2 and classes[a[low - 1]] & 1)):
        return True
    for k in range(low, min(high + 2, a.size)):
        if classes[a[k]] & 2:
            return True
    return False


@njit(cache=True)
def swap(a, b, i0, i1, j0, j1, sa, sb, classes, told, seen, count):
    """Weighs one thing said in the place of another; each different one once."""
    x, y = 0.0, 0.0
    key = np.int64(1)
    for k in range(i0, i1):
        x += sa[k] / 16.0
        key = (key * 65_599 + np.int64(a[k])) % 1_000_000_007
    for k in range(j0, j1):
        y += sb[k] / 16.0
        key = (key * 65_599 + np.int64(b[k])) % 1_000_000_007
    digits = has_digit(a, i0, i1) and has_digit(b, j0, j1)
    if digits:
        key = number_key(a, i0, i1) * 1_000_003 + number_key(b, j0, j1)
    for k in range(count):
        if seen[k] == key:
            return count
    if count < seen.size:
        seen[count] = key
        count += 1
    weight = min(x, y)
    if digits:
        told[8] += 1
    elif max(i1 - i0, j1 - j0) >= 2:
        told[4] += weight
        told[5] = max(told[5], weight)
        told[10] += 1
        if naming(a, i0, i1, classes) and naming(b, j0, j1, classes):
            told[16] += weight
    else:
        told[6] += weight
        told[7] += 1
    return count


@njit(cache=True)
def swaps(a, b, sa, sb, to_b, to_a, found, rows, classes, told):
    """Each run of differing characters within the stretches; one matched character between two runs belongs to them."""
    seen = np.empty(SLOTS, np.int64)
    count = 0
    for row in range(rows):
        i, i1, j, j1 = found[row]
        while i < i1 or j < j1:
            if i < i1 and j < j1 and to_b[i] == j:
                i, j = i + 1, j + 1
                continue
            x, y = i, j
            while True:
                while x < i1 and to_b[x] < 0:
                    x += 1
                while y < j1 and to_a[y] < 0:
                    y += 1
                more = x + 1 < i1 and y + 1 < j1 and to_b[x] == y and (to_b[x + 1] < 0 and to_a[y + 1] < 0)
                if not more or x == i or y == j:
                    break
                x, y = x + 1, y + 1
            if x > i and y > j:
                count = swap(a, b, i, x, j, y, sa, sb, classes, told, seen, count)
            i, j = x, y
            if x < i1 and y < j1 and to_b[x] != y:
                break


@njit(cache=True)
def sums(a, sa, to_b, told, share_at):
    """What is agreed, in nats, and which share of this text's surprise stands in the other."""
    whole, both, breaks, last = 0.0, 0.0, 0, -2
    for i in range(a.size):
        said = sa[i] / 16.0
        whole += said
        if to_b[i] < 0:
            continue
        both += said
        if last >= 0 and to_b[i] < last:
            breaks += 1
        last = to_b[i]
        if first_here(a, i, 0):
            told[3] += said / 2
            if said >= 2:
                told[14] += said / 2
    told[share_at] = both / whole if whole else 0.0
    told[11] = breaks
    return whole


@njit(cache=True)
def numbers_same(a, to_b):
    """Numbers of a that stand in b digit by digit."""
    count, i = 0, 0
    while i < a.size:
        if not is_digit(a[i]):
            i += 1
            continue
        whole = True
        while i < a.size and (is_digit(a[i]) or a[i] == 46):
            whole = whole and to_b[i] >= 0
            i += 1
        count += whole
    return count


@njit(cache=True)
def put(keys, marks, key, mark):
    """Notes a gram in a table of hashes; gives what was noted of it before (0: nothing)."""
    slot = (key * np.int64(0x9E3779B1)) % keys.size
    while keys[slot] != 0 and keys[slot] != key:
        slot = (slot + 1) % keys.size
    before = marks[slot] if keys[slot] == key else 0
    keys[slot], marks[slot] = key, mark
    return before


@njit(cache=True, inline="always")
def key_at(a, k):
    c1 = np.int64(a[k + 1]) if k + 1 < a.size else 0
    c2 = np.int64(a[k + 2]) if k + 2 < a.size else 0
    return ((np.int64(a[k]) << 32) | (c1 << 16) | c2) + 1


@njit(cache=True)
def shared_rare(a, b, ra, rb):
    """Weighted Jaccard of the grams of two texts, each gram once."""
    size = 512
    while size < 4 * (a.size + b.size):
        size *= 2
    keys, marks = np.zeros(size, np.int64), np.zeros(size, np.uint8)
    both, whole = 0.0, 0.0
    for k in range(max(1, a.size - 2)):
        if put(keys, marks, key_at(a, k), 1) == 0:
            whole += ra[k] / 16.0
    for k in range(max(1, b.size - 2)):
        before = put(keys, marks, key_at(b, k), 2)
        if before == 1:
            both += rb[k] / 16.0
        elif before == 0:
            whole += rb[k] / 16.0
    return both / whole if whole else 0.0


@njit(cache=True)
def earlier(a, b):
    """Whether a goes first: the shorter, then by characters; so that a pair reads the same both ways."""
    if a.size != b.size:
        return a.size < b.size
    for k in range(a.size):
        if a[k] != b[k]:
            return a[k] < b[k]
    return True


@njit(cache=True)
def compare(a, b, sa, sb, ra, rb, classes, told):
    """Fills told with the features of one pair."""
    if not earlier(a, b):
        a, b, sa, sb, ra, rb = b, a, sb, sa, rb, ra
    told[:] = 0
    if a.size == 0:
        return
    told[0] = shared_rare(a, b, ra, rb)
    if told[0] < TOO_LITTLE:
        return
    to_b, to_a = np.empty(a.size, np.int32), np.empty(b.size, np.int32)
    found = np.empty((SLOTS, 4), np.int32)
    rows = align(a, b, to_b, to_a, found)
    swaps(a, b, sa, sb, to_b, to_a, found, rows, classes, told)
    sums(b, sb, to_a, told, 2)
    whole = sums(a, sa, to_b, told, 1)
    told[7] /= a.size
    told[9] = numbers_same(a, to_b)
    told[15] = 1 - np.sum(to_b < 0) / a.size
    told[12] = max(0.0, whole * (1 - told[1]) - told[4] - told[6])
    told[13] = a.size / b.size


@njit(cache=True, nogil=True)
def compare_all(left, right, first, last, codes, at, surprise, rare, classes, out):
    """Features of the pairs first..last; out has a row a pair."""
    told = np.zeros(out.shape[1], np.float64)
    for k in range(first, last):
        a0, a1, b0, b1 = at[left[k]], at[left[k] + 1], at[right[k]], at[right[k] + 1]
        compare(codes[a0:a1], codes[b0:b1], surprise[a0:a1], surprise[b0:b1], rare[a0:a1], rare[b0:b1], classes, told)
        for f in range(out.shape[1]):
            out[k, f] = told[f]
