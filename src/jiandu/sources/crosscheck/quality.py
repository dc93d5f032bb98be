"""How good a table is, before any rule runs: what is missing, what is no valid number, what is there twice.

One aggregate over the table, written in Ibis like a rule, so that it runs where the rules run. A bad table is still
judged, but every alert of such a run says so.
"""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from jiandu.base.core.identifiers import CREDIT_SIGNS, CREDIT_WEIGHTS, WEIGHTS
from jiandu.base.engine.engines import Engine, Expr
from jiandu.sources.crosscheck.tables import Column, Kind, Table

#: Beyond this share of a column, what rules say about the table is to be read with care.
DOUBTFUL = 0.01
FIRST_DAY = date(1900, 1, 1)


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a column: `kind` is missing, invalid or repeated; `rows` of `of`."""

    table: str
    column: str
    kind: str
    rows: int
    of: int

    @property
    def share(self) -> float:
        return self.rows / self.of if self.of else 0.0

    @property
    def doubtful(self) -> bool:
        return self.share > DOUBTFUL or self.kind == "repeated"

    @property
    def words(self) -> str:
        """One sentence, Chinese and English."""
        chinese = {"missing": "未填", "invalid": "无效", "repeated": "重复"}[self.kind]
        return f"{self.table}.{self.column}{chinese}{self.rows}行，占{self.share:.2%} · {self.kind}: {self.rows} of {self.of} rows"


@dataclass(frozen=True)
class Quality:
    """Of one table: rows, faults, and how far its dates reach."""

    table: str
    rows: int
    faults: tuple[Fault, ...]
    span: dict[str, tuple[str, str]]

    @property
    def doubts(self) -> tuple[Fault, ...]:
        return tuple(each for each in self.faults if each.doubtful)

    def as_dict(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "faults": [asdict(each) | {"share": round(each.share, 6), "words": each.words} for each in self.faults],
            "span": self.span,
        }


def judge(engine: Engine, table: Table, found: Expr) -> Quality:
    """The quality of one table in one pass, and one more for keys that are there twice."""
    (counted,) = engine.rows(found.aggregate(**_counts(table, found)))
    rows = counted.pop("rows_")
    faults = [
        Fault(table.name, name, kind, number, rows)
        for said, number in counted.items()
        if not said.startswith("span") and (number or 0)
        for kind, name in [said.split("_", 1)]
    ]
    spans = {
        column.name: (str(counted[f"spanfrom_{column.name}"]), str(counted[f"spanto_{column.name}"]))
        for column in table.columns
        if counted.get(f"spanfrom_{column.name}") is not None
    }
    if repeated := _repeated(engine, table, found):
        faults.append(Fault(table.name, "+".join(table.key), "repeated", repeated, rows))
    return Quality(table.name, rows, tuple(faults), spans)


def _counts(table: Table, found: Expr) -> dict[str, Expr]:
    counts = {"rows_": found.count()}
    for column in table.columns:
        value = found[column.name]
        if column.needed:
            counts[f"missing_{column.name}"] = value.isnull().sum()
        wrong = invalid(column, value)
        if wrong is not None:
            counts[f"invalid_{column.name}"] = (value.notnull() & wrong).fill_null(False).sum()  # noqa: FBT003 -- Ibis' own
        if column.kind in {Kind.DATE, Kind.MONTH}:
            counts[f"spanfrom_{column.name}"], counts[f"spanto_{column.name}"] = value.min(), value.max()
    return counts


def _repeated(engine: Engine, table: Table, found: Expr) -> int:
    """How many keys are there more than once."""
    keys = found.group_by(list(table.key)).agg(n=found.count())
    (row,) = engine.rows(keys.aggregate(n=(keys.n > 1).sum().fill_null(0)))
    return int(row["n"])


def invalid(column: Column, value: Expr) -> Expr | None:
    """Where a value is there and cannot be right; None for kinds that have no such judgement."""
    if column.kind == Kind.PERSON:
        return ~valid_identity(value)
    if column.kind == Kind.COMPANY:
        return ~valid_credit(value)
    if column.kind in {Kind.DATE, Kind.MONTH}:
        import ibis  # noqa: PLC0415 -- slow import

        return value < ibis.date(FIRST_DAY)
    return None


def valid_identity(value: Expr) -> Expr:
    """GB 11643: 17 digits and the right sign, a month and a day that can be. The division is a hint, never a proof."""
    head, tail = value.substr(0, 9).try_cast("int64"), value.substr(9, 8).try_cast("int64")
    # two halves: engines divide by way of floating point, which holds no 17 digits
    digits = [(head // 10 ** (8 - place)) % 10 for place in range(9)] + [
        (tail // 10 ** (7 - place)) % 10 for place in range(8)
    ]
    total = sum(digit * weight for digit, weight in zip(digits, WEIGHTS, strict=True))
    right = _literal("10X98765432").substr(total % 11, 1)
    month, day = value.substr(10, 2).try_cast("int64"), value.substr(12, 2).try_cast("int64")
    shaped = (value.length() == 18) & month.between(1, 12) & day.between(1, 31)
    return (shaped & (value.substr(17, 1) == right)).fill_null(False)  # noqa: FBT003 -- Ibis' own


def valid_credit(value: Expr) -> Expr:
    """GB 32100-2015: 17 signs of the 31, weights 3^i mod 31, and the check sign; a remainder of 0 is the sign 0."""
    signs = _literal(CREDIT_SIGNS)
    places = [signs.find(value.substr(place, 1)) for place in range(17)]
    total = sum(place * weight for place, weight in zip(places, CREDIT_WEIGHTS, strict=True))
    right = signs.substr((31 - total % 31) % 31, 1)
    return (value.re_search(f"^[{CREDIT_SIGNS}]{{18}}$") & (value.substr(17, 1) == right)).fill_null(False)  # noqa: FBT003


def _literal(value: str) -> Expr:
    import ibis  # noqa: PLC0415 -- slow import

    return ibis.literal(value)
