"""Compiled: grams of texts, how many texts hold each, and which texts share rare ones. Imports numba: import it inside functions."""

import numpy as np
from numba import njit

PAIR_BITS = 22
#: A table of few texts is weighed as if it stood among a thousand others.
PRIOR = 1000.0
#: The share of what is telling in one of two texts that the other must hold, to be looked at closely.
SHARE = 0.25


@njit(cache=True, inline="always")
def gram(c0, c1, c2, bits):
    """The bucket of three characters; what lies beyond a short text counts as 0."""
    h = np.uint64(c0) * np.uint64(0x9E3779B97F4A7C15)
    h ^= (np.uint64(c1) + np.uint64(0x7F4A7C15)) * np.uint64(0xC2B2AE3D27D4EB4F)
    h ^= (np.uint64(c2) + np.uint64(0x165667B1)) * np.uint64(0xD6E8FEB86659FD93)
    h ^= h >> np.uint64(32)
    h *= np.uint64(0x9E3779B97F4A7C15)
    return np.int64(h >> np.uint64(64 - bits))


@njit(cache=True)
def grams_of(codes, low, high, bits, out):
    """The buckets at each place of codes[low:high]; gives how many."""
    if high <= low:
        return 0
    count = max(1, high - low - 2)
    for k in range(count):
        place = low + k
        c1 = codes[place + 1] if place + 1 < high else 0
        c2 = codes[place + 2] if place + 2 < high else 0
        out[k] = gram(codes[place], c1, c2, bits)
    return count


@njit(cache=True, nogil=True)
def count_grams(codes, at, first, bits, trios, pairs):
    """Adds the texts at[first:] to how many texts hold each trio and each pair of characters."""
    seen = np.full(trios.size, -1, np.int32)
    seen_pairs = np.full(pairs.size, -1, np.int32)
    for text in range(first, at.size - 1):
        low, high = at[text], at[text + 1]
        for place in range(low, high):
            c1 = codes[place + 1] if place + 1 < high else 0
            two = gram(codes[place], c1, 1, PAIR_BITS)
            if seen_pairs[two] != text:
                seen_pairs[two] = text
                pairs[two] += 1
            if place + 2 < high or place == low:
                c2 = codes[place + 2] if place + 2 < high else 0
                three = gram(codes[place], c1, c2, bits)
                if seen[three] != text:
                    seen[three] = text
                    trios[three] += 1


@njit(cache=True, nogil=True)
def fill(codes, at, bits, starts, who):
    """Which texts hold each trio, in order; grams that too many hold have no room (starts says so) and are left out."""
    seen = np.full(starts.size - 1, -1, np.int32)
    put = starts[:-1].copy()
    for text in range(at.size - 1):
        low, high = at[text], at[text + 1]
        for place in range(low, high):
            if place + 2 >= high and place != low:
                continue
            c1 = codes[place + 1] if place + 1 < high else 0
            c2 = codes[place + 2] if place + 2 < high else 0
            three = gram(codes[place], c1, c2, bits)
            if seen[three] != text:
                seen[three] = text
                if starts[three + 1] > starts[three]:
                    who[put[three]] = text
                    put[three] += 1


@njit(cache=True)
def rarest(grams, count, trios):
    """Distinct grams of one text, rarest first; ties by bucket, so that the order of texts changes nothing."""
    keys = np.empty(count, np.int64)
    for k in range(count):
        keys[k] = (np.int64(trios[grams[k]]) << 32) | grams[k]
    keys.sort()
    kept = 0
    for k in range(count):
        if k == 0 or keys[k] != keys[k - 1]:
            keys[kept] = keys[k]
            kept += 1
    return keys[:kept]


@njit(cache=True)
def gather(keys, own, texts, budget, starts, who, head, after, added, strength, touched):
    """Adds up, for each text that shares rare grams with mine, how telling they are; stops when the budget is spent.

    Gives how many texts, and how telling all grams are that others (own: besides me) hold.
    """
    spent, found, whole = 0, 0, np.float32(0)
    for key in keys:
        held, bucket = key >> 32, key & 0xFFFFFFFF
        spent += held
        if spent > budget:
            break
        weight = np.float32(np.log((texts + PRIOR) / max(1, held)))
        if held > own:
            whole += weight
        for place in range(starts[bucket], starts[bucket + 1]):
            other = who[place]
            if strength[other] == 0:
                touched[found] = other
                found += 1
            strength[other] += weight
        link = head[bucket] if head.size else -1
        while link >= 0:
            other = added[link]
            if strength[other] == 0:
                touched[found] = other
                found += 1
            strength[other] += weight
            link = after[link]
    return found, whole


@njit(cache=True)
def best(me, found, touched, strength, least, most, out, power):
    """The strongest of what was gathered, at most `most`; empties the sums for the next."""
    kept = 0
    for k in range(found):
        other = touched[k]
        sum_ = strength[other]
        strength[other] = 0
        if other == me or sum_ < least or (kept == most and sum_ <= power[kept - 1]):
            continue
        place = kept if kept < most else most - 1
        while place > 0 and power[place - 1] < sum_:
            if place < most:
                power[place], out[place] = power[place - 1], out[place - 1]
            place -= 1
        power[place], out[place] = sum_, other
        kept = min(kept + 1, most)
    return kept


@njit(cache=True, nogil=True)
def candidates(codes, at, first, last, bits, trios, starts, who, head, after, added, budget, least, most, table):
    """For each text of first..last the strongest others: a row of table each, -1 where there are fewer."""
    texts = at.size - 1
    strength = np.zeros(texts, np.float32)
    touched = np.empty(texts + 1, np.int32)
    power = np.empty(most, np.float32)
    grams = np.empty(256, np.int64)
    for text in range(first, last):
        low, high = at[text], at[text + 1]
        if high - low > grams.size:
            grams = np.empty(2 * (high - low), np.int64)
        keys = rarest(grams, grams_of(codes, low, high, bits, grams), trios)
        found, whole = gather(keys, 1, texts, budget, starts, who, head, after, added, strength, touched)
        best(text, found, touched, strength, max(least, SHARE * whole), most, table[text], power)


@njit(cache=True, nogil=True)
def ask(codes, texts, bits, trios, starts, who, head, after, added, budget, least, most, out):
    """The strongest of all texts for one that is not among them; gives how many."""
    strength = np.zeros(texts, np.float32)
    touched = np.empty(texts + 1, np.int32)
    power = np.empty(most, np.float32)
    grams = np.empty(codes.size + 1, np.int64)
    keys = rarest(grams, grams_of(codes, 0, codes.size, bits, grams), trios)
    found, whole = gather(keys, 0, texts, budget, starts, who, head, after, added, strength, touched)
    return best(-1, found, touched, strength, max(least, SHARE * whole), most, out, power)


@njit(cache=True, nogil=True)
def add(codes, at, bits, trios, pairs, head, after, added, links):
    """Counts the last text and links it to its grams; gives how many links there are now."""
    text = at.size - 2
    low, high = at[text], at[text + 1]
    grams = np.empty(high - low + 1, np.int64)
    keys = rarest(grams, grams_of(codes, low, high, bits, grams), trios)
    for key in keys:
        bucket = key & 0xFFFFFFFF
        trios[bucket] += 1
        after[links], added[links] = head[bucket], text
        head[bucket] = links
        links += 1
    twos = np.empty(high - low, np.int64)
    for place in range(low, high):
        twos[place - low] = gram(codes[place], codes[place + 1] if place + 1 < high else 0, 1, PAIR_BITS)
    twos.sort()
    for k in range(twos.size):
        if k == 0 or twos[k] != twos[k - 1]:
            pairs[twos[k]] += 1
    return links


@njit(cache=True, inline="always")
def told(texts, trios, pairs, c0, c1, c2, bits, has_two):
    """Nats by which a character surprises after the two before it; few texts know little and say 1.5."""
    if not has_two:
        return np.float32(1.5)
    before = pairs[gram(c0, c1, 1, PAIR_BITS)]
    both = trios[gram(c0, c1, c2, bits)]
    weight = before / (before + 5.0)
    own = np.log((before + 1.0) / (both + 0.5)) if both <= before else 0.0
    return np.float32(weight * own + (1 - weight) * 1.5)


@njit(cache=True, nogil=True)
def surprises(codes, at, first, last, bits, trios, pairs, texts, surprise, rare):
    """For each character how much it surprises (1/16 nat, up to 15.9), for each gram how rare it is (the same)."""
    for text in range(first, last):
        low, high = at[text], at[text + 1]
        for place in range(low, high):
            two = place >= low + 2
            c0 = codes[place - 2] if two else 0
            c1 = codes[place - 1] if two else 0
            said = told(texts, trios, pairs, c0, c1, codes[place], bits, two)
            surprise[place] = np.uint8(min(255.0, max(0.0, said * 16)))
            d1 = codes[place + 1] if place + 1 < high else 0
            d2 = codes[place + 2] if place + 2 < high else 0
            held = max(1, trios[gram(codes[place], d1, d2, bits)])
            rare[place] = np.uint8(min(255.0, 16 * np.log((texts + PRIOR) / held)))
