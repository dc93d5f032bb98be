"""The registry of measures: label, unit, 口径, how the rows are counted. Importing a measures module registers its functions."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from django.db.models import Count, Model, Q, QuerySet, Sum
from django.db.models import Value as Given
from django.db.models.functions import Coalesce

from jiandu.base.core.clock import add_months
from jiandu.base.core.errors import Refused
from jiandu.base.core.models import standing

Value = int | Decimal
Source = TypeVar("Source", bound=QuerySet[Any] | Q)


class Basis(StrEnum):
    """同批: what was found in the period, followed to the as-of date. 当期: what happened in it. 时点: what holds on the date."""

    COHORT = "cohort"
    FLOW = "flow"
    STATE = "state"

    @property
    def label(self) -> str:
        return {"cohort": "同批", "flow": "当期", "state": "时点"}[self.value]


class Mechanism(StrEnum):
    """What a figure tells of, in the order of the annual review."""

    LINKED = "linked"
    COPY_REPORT = "copy_report"
    PROJECT = "project"
    ECOLOGY = "ecology"
    PROACTIVE = "proactive"
    CONTACT = "contact"
    TOPIC = "topic"
    ESTATES = "estates"
    CAMPAIGN = "campaign"
    ASSETS = "assets"
    VILLAGE = "village"
    RULES = "rules"

    @property
    def label(self) -> str:
        return MECHANISMS[self]


MECHANISMS = {
    Mechanism.LINKED: "委领导挂钩监督",
    Mechanism.COPY_REPORT: "问题抄报",
    Mechanism.PROJECT: "项目化监督",
    Mechanism.ECOLOGY: "政治生态分析",
    Mechanism.PROACTIVE: "主动约谈",
    Mechanism.CONTACT: "营商环境监督联系点",
    Mechanism.TOPIC: "点题整治",
    Mechanism.ESTATES: "小区公共收益",
    Mechanism.CAMPAIGN: "专项整治",
    Mechanism.ASSETS: "农村集体三资监督",
    Mechanism.VILLAGE: "村级“一肩挑”监督",
    Mechanism.RULES: "建章立制",
}
ORDER = list(MECHANISMS)
AT_ONCE = 16  # counting statements that are put as one: read by the guard as a whole, so not too many


@dataclass(frozen=True)
class Ask:
    """What is asked: months of a year, the as-of date (统计截止日) and, for a frozen figure, up to when entries count.

    From the first month to the last: the year unless said, one month (当月), or from January on (累计). What belongs to
    the year (its rounds, its projects) is that of the whole year, whichever months of it are asked.
    """

    year: int
    as_of: date
    as_known: datetime | None = None
    first: int = 1
    last: int = 12

    @property
    def start(self) -> date:
        return date(self.year, self.first, 1)

    @property
    def end(self) -> date:
        """The last day that counts: that of the last month, or the as-of date when that is earlier."""
        return min(add_months(date(self.year, self.last, 1), 1) - timedelta(days=1), self.as_of)

    @property
    def is_whole(self) -> bool:
        """The year, and not only months of it."""
        return (self.first, self.last) == (1, 12)

    @property
    def of_year(self) -> "Ask":
        """The same question of the whole year: what the months belong to."""
        return replace(self, first=1, last=12)

    def at(self, as_of: date) -> "Ask":
        """The same question as of another day."""
        return replace(self, as_of=as_of)

    def by_then(self, column: str) -> Q:
        """What came of the year by the as-of date, or in the months that are asked.

        From January on there is no first day: what came early counts to the year that it belongs to.
        """
        last = self.as_of if self.last == 12 else self.end
        return Q(**{f"{column}__lte": last}) if self.first == 1 else Q(**{f"{column}__range": (self.start, last)})


@dataclass(frozen=True)
class Split:
    """A way to tell a measure's rows apart: by the value of `column` (of its month), called as column `name` says."""

    key: str
    label: str
    column: str
    name: str = ""
    is_month: bool = False


@dataclass(frozen=True)
class Noted:
    """What is said beside a figure of how many of its rows meet one more condition; nothing where none does."""

    where: Callable[[Ask], Q]
    words: Callable[[int], str]


@dataclass(frozen=True)
class Doubt:
    """Open data: what is called so of the rows that meet the condition (待补, a derived date). They count all the same."""

    label: str
    where: Callable[[Ask], Q]


@dataclass(frozen=True)
class Counted:
    """What one statement says: the value, how many rows it counts, what is noted beside it, how many rows are in doubt."""

    value: Value
    rows: int
    note: str = ""
    doubts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Measure:
    """A number. `source` gives the rows it counts; `total` names the column that is summed, if any: money in fen, or heads.

    With `base`, it gives the condition on the rows of that function: measures of one base are counted together.
    `within` names the measure that it never exceeds, `made_of` those that add up to it: what a text is checked for.
    `is_of_year`: it tells of a list that belongs to a year, so there is none of a month.
    """

    key: str
    label: str
    unit: str
    basis: Basis
    definition: str
    mechanism: Mechanism
    source: Callable[[Ask], Any]
    base: Callable[[Ask], QuerySet[Any]] | None = None
    total: str = ""
    noted: Noted | None = None
    splits: tuple[Split, ...] = ()
    within: str = ""
    made_of: tuple[str, ...] = ()
    is_of_year: bool = False

    def can_tell(self, ask: Ask) -> bool:
        """Whether there is such a figure of the months that are asked."""
        return ask.first == 1 or not self.is_of_year

    def asks(self, ask: Ask) -> Ask:
        """What it is asked: 时点 holds on the date, whatever the months. Raises Refused (no-month)."""
        if not self.can_tell(ask):
            raise Refused("no-month", "“%(label)s”是年度指标，没有当月数，请用本年累计", label=self.label)
        return ask.of_year if self.basis == Basis.STATE else ask

    def rows(self, ask: Ask) -> QuerySet[Any]:
        """The rows that it counts. Raises Refused (no-month)."""
        ask = self.asks(ask)
        found: QuerySet[Any] = self.source(ask) if self.base is None else self.base(ask).filter(self.source(ask))
        return found

    def value(self, ask: Ask) -> Value:
        """The number: rows counted, or the column summed and given in yuan."""
        return count_together([self], ask)[self.key].value

    def asked(self, ask: Ask, doubts: Sequence[Doubt] = ()) -> dict[str, Any]:
        """What a statement over the rows of the base has to count for it."""
        where = None if self.base is None else self.source(ask)
        asked: dict[str, Any] = {self.key: Count("pk", filter=where)}
        if self.total:
            asked[f"{self.key}__total"] = Sum(self.total, filter=where)
        if self.noted is not None:
            asked[f"{self.key}__noted"] = _counting(where, self.noted.where(ask))
        for place, doubt in enumerate(doubts):
            asked[f"{self.key}__doubt{place}"] = _counting(where, doubt.where(ask))
        return asked

    def summed(self, total: int | None) -> Value:
        """What the column adds up to: fen are given as yuan."""
        return yuan(total or 0) if self.unit == "元" else total or 0

    def said(self, said: dict[str, Any], doubts: Sequence[Doubt] = ()) -> Counted:
        """The figure out of what the statement answered."""
        rows = int(said[self.key])
        value = self.summed(said[f"{self.key}__total"]) if self.total else rows
        also = said.get(f"{self.key}__noted", 0)
        note = self.noted.words(also) if self.noted is not None and also else ""
        met = [(doubt.label, said[f"{self.key}__doubt{place}"]) for place, doubt in enumerate(doubts)]
        return Counted(value, rows, note, tuple((label, count) for label, count in met if count))


def _counting(where: Q | None, also: Q) -> Count:
    return Count("pk", filter=also if where is None else where & also)


Base = Callable[[Ask], QuerySet[Any]]


def by_base(measures: Iterable[Measure], ask: Ask) -> dict[tuple[Base, Ask], list[Measure]]:
    """Measures that one statement counts: of the same rows, asked the same. Raises Refused (no-month)."""
    found: dict[tuple[Base, Ask], list[Measure]] = {}
    for each in measures:
        found.setdefault((each.base or each.source, each.asks(ask)), []).append(each)
    return found


def count_together(measures: Iterable[Measure], ask: Ask, *, doubts: bool = False) -> dict[str, Counted]:
    """The figures by key: one statement for all that look at the same rows, which are those that their lists show.

    With `doubts`, the same statements count the rows whose data is open. Raises Refused (no-month).
    """
    found: dict[str, Counted] = {}
    for (base, asks), those in by_base(measures, ask).items():
        rows = base(asks).order_by()
        open_data = _doubts.get(rows.model, ()) if doubts else ()
        asked = {name: count for each in those for name, count in each.asked(asks, open_data).items()}
        said = rows.aggregate(**asked)
        found |= {each.key: each.said(said, open_data) for each in those}
    return found


def count_at_once(wanted: Iterable[tuple[Measure, Ask]]) -> dict[tuple[str, Ask], Counted]:
    """Figures of many questions by (key, ask): the statements of `count_together`, AT_ONCE of them as one. Raises Refused (no-month)."""
    by_ask: dict[Ask, list[Measure]] = {}
    for one, ask in wanted:
        by_ask.setdefault(ask, []).append(one)
    groups = [(ask, *each) for ask, those in by_ask.items() for each in by_base(those, ask).items()]
    found: dict[tuple[str, Ask], Counted] = {}
    for start in range(0, len(groups), AT_ONCE):
        part = groups[start : start + AT_ONCE]
        wanting = [
            {key: count for one in those for key, count in one.asked(asks).items()} for _, (_, asks), those in part
        ]
        told = _told(part, wanting)
        for place, (ask, _, those) in enumerate(part):
            said = dict(zip(wanting[place], told[place], strict=False))
            found |= {(one.key, ask): one.said(said) for one in those}
    return found


def _told(
    part: list[tuple[Ask, tuple[Base, Ask], list[Measure]]], wanting: list[dict[str, Any]]
) -> dict[int, list[int]]:
    """What each statement of the part counts, by its place: one row each, filled up with zeros to the longest."""
    names = [f"counted{number}" for number in range(max(map(len, wanting)))]
    rows: list[QuerySet[Any]] = []
    for place, (_, (base, asks), _) in enumerate(part):
        counts: list[Any] = [Coalesce(count, 0) for count in wanting[place].values()]
        counts += [Given(0)] * (len(names) - len(counts))
        filled: dict[str, Any] = dict(zip(names, counts, strict=True))
        asked = base(asks).order_by().annotate(told_of=Given(place)).values("told_of")
        rows.append(asked.annotate(**filled).values_list("told_of", *names))
    told = rows[0].union(*rows[1:], all=True) if len(rows) > 1 else rows[0]
    return {place: list(said) for place, *said in told}


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
_doubts: dict[type[Model], tuple[Doubt, ...]] = {}


def known(rows: QuerySet[Any], ask: Ask) -> QuerySet[Any]:
    """Only rows that had been entered by the moment of a frozen figure."""
    return rows if ask.as_known is None else rows.filter(created_at__lte=ask.as_known)


def stands(ask: Ask) -> Q:
    """The condition that a row had not been taken back by the as-of date, as known then."""
    return standing(ask.as_of, ask.as_known)


def yuan(fen: int) -> Value:
    """Fen as yuan: whole numbers stay whole."""
    return fen // 100 if fen % 100 == 0 else Decimal(fen) / 100


def measure(
    *, key: str, label: str, unit: str, basis: Basis, definition: str, **more: Any
) -> Callable[[Callable[[Ask], Source]], Callable[[Ask], Source]]:
    """Registers the function below as a measure: it gives the rows or, with `base`, the condition on the rows of that.

    `more`: mechanism (needed), base, total, noted, splits, within, made_of, is_of_year.
    """

    def register(source: Callable[[Ask], Source]) -> Callable[[Ask], Source]:
        if key in _measures:
            raise ValueError(f"measure {key} is registered twice")
        said: dict[str, Any] = {"label": label, "unit": unit, "basis": basis, "definition": definition, **more}
        _measures[key] = Measure(key=key, source=source, **said)
        return source

    return register


def register_rate(rate: Rate) -> Rate:
    """Registers a rate of two measures."""
    _rates[rate.key] = rate
    return rate


def register_doubts(model: type[Model], *doubts: Doubt) -> None:
    """What may be open in rows of the model: every measure that counts them tells it."""
    _doubts[model] = (*_doubts.get(model, ()), *doubts)


def all_measures() -> dict[str, Measure]:
    """Every measure by key: mechanisms in the order of the review, within one in the order of registration."""
    return dict(sorted(_measures.items(), key=lambda item: ORDER.index(item[1].mechanism)))


def all_rates() -> dict[str, Rate]:
    """Every rate by key, mechanisms in the order of the review."""
    return dict(sorted(_rates.items(), key=lambda item: ORDER.index(find(item[1].numerator).mechanism)))


def find(key: str) -> Measure:
    """The measure. Raises Refused (unknown-measure)."""
    if key not in _measures:
        raise Refused("unknown-measure", "没有这个统计指标:%(key)s", key=key)
    return _measures[key]
