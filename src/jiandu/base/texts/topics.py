"""What texts are about now and were not before: runs of characters that rose, by weighted log-odds (Monroe et al. 2008).

Terms are runs of two to six Chinese characters within a clause, so that no list of words is needed; what is part of a longer
run in the same texts is that run. A term counts once a text, so one long letter is no topic.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

CLAUSE = re.compile(r"[\u4e00-\u9fff]{2,}")
SHORTEST, LONGEST_TERM, LONGEST_TEXT = 2, 6, 2_000
#: No term begins or ends with these: they join words, and are none.
JOINTS = frozenset(
    "的了在是有和与及或被把向从对由为以等其我你他她它们这那该各每也都就还又再已将并且而但于之所着过给让使到来去不未没无很更最多个件次年月日时"
)
PRIOR = 0.25  # of the texts before stand for what is usual, beside what was counted
LEAST, SURE = 3, 2.576  # texts with it now, and how far beyond the usual (two-sided 1 %)
HALF = 0.5  # of what every text says the odds would be endless
SAME = 0.7  # of their texts in common: two runs that overlap are one topic


@dataclass(frozen=True)
class Rise:
    """A term that rose: in how many texts now and before, how sure, and which texts now hold it (their places)."""

    term: str
    now: int
    before: int
    z: float
    texts: tuple[int, ...]


def terms_of(text: str) -> set[str]:
    """The runs of a text that may be terms."""
    found = set()
    for clause in CLAUSE.findall(text[:LONGEST_TEXT]):
        for start in range(len(clause) - SHORTEST + 1):
            if clause[start] in JOINTS:
                continue
            for size in range(SHORTEST, min(LONGEST_TERM, len(clause) - start) + 1):
                if clause[start + size - 1] not in JOINTS:
                    found.add(clause[start : start + size])
    return found


def rising(now: Sequence[str], before: Iterable[str], most: int = 12) -> list[Rise]:
    """The terms of the texts of now that stand out against those before, the surest first."""
    held: defaultdict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(now):
        for term in terms_of(text):
            held[term].append(place)
    held = defaultdict(list, {term: places for term, places in held.items() if len(places) >= LEAST})
    earlier, count = Counter[str](), 0
    for text in before:
        count += 1
        earlier.update(terms_of(text) & held.keys())
    if not count:
        return []  # nothing to compare with
    told = [_rise(term, places, earlier[term], len(now), count) for term, places in held.items()]
    return _apart(sorted((one for one in told if one.z >= SURE), key=_order), most)


def _rise(term: str, places: list[int], earlier: int, texts: int, before: int) -> Rise:
    """z of the log-odds ratio under a Dirichlet prior spread as both periods together are."""
    prior = PRIOR * before
    usual = prior * (len(places) + earlier) / (texts + before)
    one, other = len(places) + usual, earlier + usual
    odds = math.log((one + HALF) / (texts + prior - one + HALF))
    odds -= math.log((other + HALF) / (before + prior - other + HALF))
    return Rise(term, len(places), earlier, odds / math.sqrt(1 / one + 1 / other), tuple(places))


def _order(one: Rise) -> tuple[float, int, str]:
    """The surest first; of equals the longest run says most."""
    return -round(one.z, 6), -len(one.term), one.term


def _apart(found: Iterable[Rise], most: int) -> list[Rise]:
    """Without those that are a part of, or share characters with, a term chosen before in nearly the same texts."""
    chosen: list[Rise] = []
    for one in found:
        if len(chosen) >= most:
            break
        if not any(_is_same(one, other) for other in chosen):
            chosen.append(one)
    return chosen


def _is_same(one: Rise, other: Rise) -> bool:
    common = len(set(one.texts) & set(other.texts)) / min(len(one.texts), len(other.texts))
    pairs = ({run[k : k + 2] for k in range(len(run) - 1)} for run in (one.term, other.term))
    return common >= SAME and bool(set.intersection(*pairs))
