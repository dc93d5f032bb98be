"""How good a table is, before any rule runs: what is missing, what is no valid number, what is there twice.

One aggregate over the table, written in Ibis like a rule, so that it runs where the rules run. A bad table is still
judged, but every alert of such a run says so.
"""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from jiandu.base.core.ids import CREDIT_SYMBOLS, CREDIT_WEIGHTS, IDENTITY_CHECKS, IDENTITY_WEIGHTS
from jiandu.base.engine.engines import Engine, Expr
from jiandu.sources.crosscheck import marks
from jiandu.sources.crosscheck.tables import Column, Kind, Table

#: Beyond this share of a column, what rules say about the table is to be read with care.
DOUBTFUL = 0.01
FIRST_DAY = date(1900, 1, 1)
MARKED = 64  # signs of a mark


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
    ready = prepared(table, found)
    (counted,) = engine.rows(ready.aggregate(**_counts(table, ready)))
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
        right = _right(column, found)
        if right is not None:
            counts[f"invalid_{column.name}"] = (value.notnull() & ~right).sum()
        if column.kind in {Kind.DATE, Kind.MONTH}:
            counts[f"spanfrom_{column.name}"], counts[f"spanto_{column.name}"] = value.min(), value.max()
    return counts


def prepared(table: Table, found: Expr) -> Expr:
    """The table with the numbers in its identifiers beside them: used many times, they are taken out of the text once."""
    numbers = {}
    for column in table.columns:
        value = found[column.name]
        if column.kind == Kind.PERSON:
            numbers[f"{column.name}__head"] = value.substr(0, 9).try_cast("int64")
            numbers[f"{column.name}__tail"] = value.substr(9, 8).try_cast("int64")
        elif column.kind == Kind.COMPANY:
            numbers[f"{column.name}__sum"] = _credit_sum(value)
    return found.mutate(**numbers) if numbers else found


def _repeated(engine: Engine, table: Table, found: Expr) -> int:
    """How many keys are there more than once."""
    keys = found.group_by(list(table.key)).agg(n=found.count())
    (row,) = engine.rows(keys.aggregate(n=(keys.n > 1).sum().fill_null(0)))
    return int(row["n"])


def _right(column: Column, found: Expr) -> Expr | None:
    """Whether a value can be; None for kinds that have no such judgement. False, never unknown, for what is empty."""
    value = found[column.name]
    if column.kind == Kind.PERSON:
        right = _identity(value, found[f"{column.name}__head"], found[f"{column.name}__tail"])
    elif column.kind == Kind.COMPANY:
        right = _credit(value, found[f"{column.name}__sum"])
    elif column.kind in {Kind.DATE, Kind.MONTH}:
        import ibis  # noqa: PLC0415 -- slow import

        right = value >= ibis.date(FIRST_DAY)
    else:
        return None
    return right.fill_null(False)  # noqa: FBT003 -- Ibis' own


def _identity(value: Expr, head: Expr, tail: Expr) -> Expr:
    """GB 11643: 17 digits and the right sign, a month and a day that can be. The division is a hint, never a proof.

    A keyed mark stands for a number that was sound when it was marked.
    """
    total = (_weighted(head, IDENTITY_WEIGHTS[:9]) + _weighted(tail, IDENTITY_WEIGHTS[9:])) % 11
    month, day = (tail % 10**7) // 10**5, (tail % 10**5) // 10**3
    shaped = (value.length() == 18) & month.between(1, 12) & day.between(1, 31)
    right = shaped & (value.substr(17, 1) == _literal(IDENTITY_CHECKS).substr((total + 11) % 11, 1))
    return (value.length() == MARKED).ifelse(value.re_search(marks.SHAPE), right)


def _weighted(number: Expr, weights: tuple[int, ...]) -> Expr:
    """Σ digit × weight, modulo 11, without a division: tens are −1 modulo 11, so the digit at 10^k is ± what is left of
    the number below 10^(k+1), less what is left below 10^k. Engines divide by way of floating point: slow, and no 17 digits.
    """
    signed = [weight * (-1) ** place for place, weight in enumerate(reversed(weights))] + [0]
    left = [number % 10 ** (place + 1) for place in range(len(weights))]
    return sum(rest * (signed[place] - signed[place + 1]) for place, rest in enumerate(left))


def _credit_sum(value: Expr) -> Expr:
    """The weighted sum over 17 signs, modulo 31, by GB 32100-2015."""
    places = [_literal(CREDIT_SYMBOLS).find(value.substr(place, 1)) for place in range(17)]
    return sum(place * weight for place, weight in zip(places, CREDIT_WEIGHTS, strict=True)) % 31


def _credit(value: Expr, total: Expr) -> Expr:
    """The check sign is what is left to 31; where nothing is left over, the sign 0."""
    right = _literal(CREDIT_SYMBOLS).substr((31 - total) % 31, 1)
    return value.re_search(f"^[{CREDIT_SYMBOLS}]{{18}}$") & (value.substr(17, 1) == right)


def _literal(value: str) -> Expr:
    import ibis  # noqa: PLC0415 -- slow import

    return ibis.literal(value)
