"""The registry of measures: label, unit, 口径, how the rows are counted. Importing a measures module registers its functions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Count, QuerySet, Sum

from jiandu.base.core.errors import Refused

Value = int | Decimal


class Basis(StrEnum):
    """同批: what was found in the period, followed to the as-of date. 当期: what happened in it. 时点: what holds on the date."""

    COHORT = "cohort"
    FLOW = "flow"
    STATE = "state"

    @property
    def label(self) -> str:
        return {"cohort": "同批", "flow": "当期", "state": "时点"}[self.value]


@dataclass(frozen=True)
class Ask:
    """What is asked: a year, the as-of date (统计截止日) and, for a frozen figure, the moment up to which entries count."""

    year: int
    as_of: date
    as_known: datetime | None = None

    @property
    def start(self) -> date:
        return date(self.year, 1, 1)

    @property
    def end(self) -> date:
        """The last day that counts: the year's last, or the as-of date when that is earlier."""
        return min(date(self.year, 12, 31), self.as_of)


@dataclass(frozen=True)
class Split:
    """A way to tell a measure's rows apart: by the value of `column` (of its month), called as column `name` says."""

    key: str
    label: str
    column: str
    name: str = ""
    is_month: bool = False


@dataclass(frozen=True)
class Measure:
    """A number. `rows` gives the queryset it counts; `total` names the column that is summed (in fen), if any."""

    key: str
    label: str
    unit: str
    basis: Basis
    definition: str
    rows: Callable[[Ask], QuerySet[Any]]
    total: str = ""
    note: Callable[[Ask], str] | None = None
    splits: tuple[Split, ...] = ()

    def value(self, ask: Ask) -> Value:
        """The number: rows counted, or the column summed and given in yuan."""
        return self.counted(ask)[0]

    def counted(self, ask: Ask) -> tuple[Value, int]:
        """(value, how many rows it counts), by one statement on the same rows that the list shows."""
        rows = self.rows(ask).order_by()
        if not self.total:
            count = rows.count()
            return count, count
        said = rows.aggregate(total=Sum(self.total), count=Count("pk"))
        return yuan(said["total"] or 0), int(said["count"])


@dataclass(frozen=True)
class Rate:
    """A rate of two measures over the same rows, and the measure of what is left out of it; no rate below `floor`."""

    key: str
    label: str
    numerator: str
    denominator: str
    excluded: str
    definition: str
    floor: int = 10

    @property
    def parts(self) -> tuple[str, str, str]:
        return self.numerator, self.denominator, self.excluded


_measures: dict[str, Measure] = {}
_rates: dict[str, Rate] = {}


def yuan(fen: int) -> Value:
    """Fen as yuan: whole numbers stay whole."""
    return fen // 100 if fen % 100 == 0 else Decimal(fen) / 100


def measure(
    *, key: str, label: str, unit: str, basis: Basis, definition: str, **more: Any
) -> Callable[[Callable[[Ask], QuerySet[Any]]], Callable[[Ask], QuerySet[Any]]]:
    """Registers the function below as a measure. `more`: total, note, splits."""

    def register(rows: Callable[[Ask], QuerySet[Any]]) -> Callable[[Ask], QuerySet[Any]]:
        if key in _measures:
            raise ValueError(f"measure {key} is registered twice")
        _measures[key] = Measure(key=key, label=label, unit=unit, basis=basis, definition=definition, rows=rows, **more)
        return rows

    return register


def register_rate(rate: Rate) -> Rate:
    """Registers a rate of two measures."""
    _rates[rate.key] = rate
    return rate


def all_measures() -> dict[str, Measure]:
    """Every measure by key, in the order of registration."""
    return dict(_measures)


def all_rates() -> dict[str, Rate]:
    return dict(_rates)


def find(key: str) -> Measure:
    """The measure. Raises Refused (unknown-measure)."""
    if key not in _measures:
        raise Refused("unknown-measure", "没有这个统计指标:%(key)s", key=key)
    return _measures[key]
