"""Which of many texts repeat each other: all pairs, and to which earlier text each one is attached.

A repeat is attached to the earliest text that it repeats by itself, never along a chain: chains of likenesses join thousands
of texts that have nothing to do with each other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jiandu.base.texts.compiled import parts, spread
from jiandu.base.texts.index import Index
from jiandu.base.texts.normal import codes as codes_of
from jiandu.base.texts.scoring import ALIKE, CHUNK, MIN_SCORE, REPEAT, classes, judge

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Pair:
    """Two texts by their numbers, the earlier in the table first."""

    a: int
    b: int
    score: float
    label: str


@dataclass(frozen=True)
class Found:
    """A text of the index that a new one may repeat."""

    number: int
    score: float
    label: str


def told(index: Index, left: "Array", right: "Array") -> "Array":
    """Features of pairs of texts of an index: a row a pair, columns `aligning.FEATURES`."""
    import numpy as np  # noqa: PLC0415 -- slow import

    _, aligning = parts()
    codes, at = index.codes, index.at
    surprise, rare = index.weights(codes, at)
    out = np.empty((left.size, len(aligning.FEATURES)), np.float32)
    table = classes()

    def some(first: int, last: int) -> None:
        aligning.compare_all(left, right, first, last, codes, at, surprise, rare, table, out)

    spread(some, left.size)
    return out


def repeats(index: Index, *, least: float = MIN_SCORE, places: Sequence[str] = ()) -> list[Pair]:
    """Pairs of texts of an index with a score of at least `least`, by first and second number.

    `places` names the place of each text ("" unknown): another place is evidence against a repeat.
    """
    import numpy as np  # noqa: PLC0415 -- slow import

    left, right = index.candidates()
    found: list[Pair] = []
    features = told(index, left, right)
    for first in range(0, left.size, CHUNK):
        part = slice(first, first + CHUNK)
        other = _other_places(left[part], right[part], places) if places else None
        score, repeat = judge(features[part], other)
        for k in np.flatnonzero(score >= least).tolist():
            label = REPEAT if repeat[k] else ALIKE
            found.append(Pair(int(left[first + k]), int(right[first + k]), round(float(score[k]), 4), label))
    return found


def ask(index: Index, text: str, *, most: int = 10, least: float = MIN_SCORE) -> list[Found]:
    """The texts of an index that a new one may repeat, the likeliest first."""
    import numpy as np  # noqa: PLC0415 -- slow import

    _, aligning = parts()
    codes, near = index.near(text)
    if not near.size:
        return []
    own = index.weights(codes, np.array([0, codes.size]))
    out = np.empty((near.size, len(aligning.FEATURES)), np.float64)
    table = classes()
    for row, number in enumerate(near.tolist()):
        other = index.codes[index.at[number] : index.at[number + 1]]
        its = index.weights(other, np.array([0, other.size]))
        aligning.compare(codes, other, own[0], its[0], own[1], its[1], table, out[row])
    score, repeat = judge(out)
    found = [
        Found(n, round(float(s), 4), REPEAT if r else ALIKE)
        for n, s, r in zip(near.tolist(), score, repeat, strict=True)
    ]
    found = [each for each in found if each.score >= least]
    return sorted(found, key=lambda each: (each.label != REPEAT, -each.score, each.number))[:most]


def _other_places(left: "Array", right: "Array", places: Sequence[str]) -> "Array":
    """1 where both places are known and neither lies in the other by its name."""
    import numpy as np  # noqa: PLC0415 -- slow import

    pairs = zip(left.tolist(), right.tolist(), strict=True)
    return np.fromiter((_apart(places[a], places[b]) for a, b in pairs), np.float64, left.size)


def _apart(one: str, other: str) -> bool:
    return bool(one and other) and one not in other and other not in one


def stars(pairs: Iterable[Pair], *, order: Sequence[Any] = ()) -> dict[int, int]:
    """Which main item each repeat is attached to: the earliest text that it repeats by itself and that is not attached itself.

    `order` gives each text's place in time (dates with numbers, for instance); without it the numbers are the order.
    """
    earlier: dict[int, list[int]] = {}
    for pair in pairs:
        if pair.label == REPEAT:
            first, last = sorted((pair.a, pair.b), key=lambda n: (order[n], n) if order else n)
            earlier.setdefault(last, []).append(first)
    mains: dict[int, int] = {}
    for text in sorted(earlier, key=lambda n: (order[n], n) if order else n):
        free = [each for each in earlier[text] if each not in mains]
        if free:
            mains[text] = min(free, key=lambda n: (order[n], n) if order else n)
    return mains


def likeness(one: str, other: str) -> tuple[float, str]:
    """Score and label of two texts by themselves, without others to tell what is rare."""
    index = Index.build([one, other])
    import numpy as np  # noqa: PLC0415 -- slow import

    features = told(index, np.array([0], np.int32), np.array([1], np.int32))
    score, repeat = judge(features)
    return round(float(score[0]), 4), REPEAT if repeat[0] else ALIKE


__all__ = ["Found", "Pair", "ask", "codes_of", "likeness", "repeats", "stars", "told"]
