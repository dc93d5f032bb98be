"""What is said of a pair: its probability, what each comparison adds, and who decides."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jiandu.base.linkage.columns import Note
from jiandu.base.linkage.schemes import Scheme
from jiandu.base.linkage.training import MOST_BEFORE, Model

if TYPE_CHECKING:
    import pyarrow as pa

SAME, CONFIRM, OTHER = "同一", "待人工确认", "不同"
ENGLISH = {SAME: "same", CONFIRM: "to confirm", OTHER: "another"}
SAME_FROM, CONFIRM_FROM = 0.95, 0.05
#: What a comparison is of, where its key is no word.
COLUMNS = {"id_no": "identity number", "uscc": "credit code", "legal_rep": "legal representative"}


@dataclass(frozen=True)
class Thresholds:
    """From which probability a pair is 同一, from which it waits for a person, and from which it is told at all."""

    same: float = SAME_FROM
    confirm: float = CONFIRM_FROM
    told: float = CONFIRM_FROM


@dataclass(frozen=True)
class Share:
    """What one comparison adds to the weight of a pair (in bits: one more doubles the odds); 0 where one of the two says nothing."""

    comparison: str
    level: int
    words: str
    english: str
    weight: float

    def __str__(self) -> str:
        return f"{self.words} {self.weight:+.1f}"


@dataclass(frozen=True)
class Pair:
    """Two rows. `weight` is `start` and all shares together; `reason` says why a likely pair still waits for a person."""

    id_a: str
    id_b: str
    probability: float
    weight: float
    start: float
    shares: tuple[Share, ...]
    verdict: str
    reason: str
    reason_english: str

    @property
    def words(self) -> str:
        """姓名同音 +3.1，出生日期相同 +7.4 …"""
        return "，".join(map(str, self.shares))


class Links:
    """The pairs of a run as a table of columns, and one by one with their words."""

    def __init__(
        self, table: "pa.Table", scheme: Scheme, model: Model, thresholds: Thresholds, notes: list[Note]
    ) -> None:
        self.table, self.scheme, self.model, self.thresholds, self.notes = table, scheme, model, thresholds, notes

    @classmethod
    def none(cls, scheme: Scheme, thresholds: Thresholds) -> "Links":
        """Nothing to compare."""
        import pyarrow as pa  # noqa: PLC0415 -- slow import

        numbers = [*scheme.keys, "guard"]
        shares = [f"share_{key}" for key in scheme.keys]
        kinds = {"id_a": pa.string(), "id_b": pa.string(), "probability": pa.float64(), "weight": pa.float64()}
        kinds |= dict.fromkeys(numbers, pa.int8()) | dict.fromkeys(shares, pa.float64())
        empty = pa.table({name: pa.array([], kind) for name, kind in kinds.items()})
        return cls(empty, scheme, Model(MOST_BEFORE, {}, {}), thresholds, [])

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def __iter__(self) -> Iterator[Pair]:
        for batch in self.table.to_batches(max_chunksize=10_000):
            for row in batch.to_pylist():
                yield self.pair(row)

    def pair(self, row: dict[str, Any]) -> Pair:
        """One row of the table in words."""
        shares = tuple(self._share(each, row) for each in self.scheme.comparisons)
        guard = self.scheme.guards[row["guard"]] if row["guard"] >= 0 else None
        return Pair(
            id_a=row["id_a"],
            id_b=row["id_b"],
            probability=round(row["probability"], 6),
            weight=row["weight"],
            start=row["weight"] - sum(share.weight for share in shares),
            shares=shares,
            verdict=self._verdict(row["probability"], guarded=guard is not None),
            reason=guard.words if guard else "",
            reason_english=guard.english if guard else "",
        )

    def _verdict(self, probability: float, *, guarded: bool) -> str:
        if probability < self.thresholds.confirm:
            return OTHER
        return SAME if probability >= self.thresholds.same and not guarded else CONFIRM

    @staticmethod
    def _share(each: Any, row: dict[str, Any]) -> Share:
        number = row[each.key]
        if number < 0:
            return Share(each.key, number, f"{each.words}缺", f"{COLUMNS.get(each.key, each.key)} missing", 0.0)
        level = each.levels[number]
        return Share(each.key, number, level.words, level.english, row[f"share_{each.key}"])
