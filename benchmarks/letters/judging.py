"""What an engine says of made letters beside what was made: precision, recall, by kind of edit."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.letters.making import KINDS, Row

EDITED = ("typo", "append", "reorder", "synonym")
Key = tuple[int, int]


@dataclass(frozen=True)
class Judged:
    """Shares of one: of the pairs told, of the pairs made, of each kind of copy beside its base."""

    precision: float
    recall: float
    edited: float
    by_kind: dict[str, float]
    twins_taken: int
    twins: int


class Truth:
    """The pairs that were made, and those of the same wording about others."""

    def __init__(self, rows: list[Row]) -> None:
        groups: dict[int, list[int]] = defaultdict(list)
        for number, row in enumerate(rows):
            groups[row.base].append(number)
        self.pairs = {(a, b) for group in groups.values() for k, a in enumerate(group) for b in group[k + 1 :]}
        self.twins = {
            (min(a, b), max(a, b)) for b, row in enumerate(rows) if row.twin >= 0 for a in groups.get(row.twin, ())
        }
        self.kinds: dict[Key, str] = {}
        for a, b in self.pairs:
            kinds = {rows[a].kind, rows[b].kind}
            if kinds & {"base", "twin"}:
                self.kinds[a, b] = next(iter(kinds - {"base", "twin"}), "exact")

    def judge(self, told: Iterable[Key]) -> Judged:
        found = set(told)
        hit = found & self.pairs
        all_, taken = Counter(self.kinds.values()), Counter(self.kinds[key] for key in hit if key in self.kinds)
        edits = sum(all_[kind] for kind in EDITED)
        return Judged(
            precision=len(hit) / max(1, len(found)),
            recall=len(hit) / max(1, len(self.pairs)),
            edited=sum(taken[kind] for kind in EDITED) / max(1, edits),
            by_kind={kind: taken[kind] / all_[kind] for kind in KINDS if all_[kind]},
            twins_taken=len(found & self.twins),
            twins=len(self.twins),
        )
