"""信访举报情况分析: what came in a period, by every column that is registered, beside the period before and a year before.

The items of a period are read once and counted here, so that every table has the same sum; an item whose column is empty
counts as 未注明. What is shown outside the office hides small cells (`hiding`).
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.tree import subtree_q
from jiandu.base.lexicon.models import Item as Domain
from jiandu.results.digests.hiding import LEAST, hidden, one_way
from jiandu.results.digests.periods import Change, Figure, Period, Unlike, compare
from jiandu.results.digests.shares import percentages
from jiandu.sources.petitions.models import Petition
from jiandu.sources.petitions.states import (
    WITHIN,
    Disposal,
    Kind,
    Named,
    Nature,
    Origin,
    Rank,
    State,
    Truth,
    Way,
)
from jiandu.sources.petitions.timeliness import duties_met

UNSAID = "—"
OF_REPORTS = frozenset({"rank", "nature"})  # tables of 检举控告 alone
#: Tables that may leave the office: each counts every item.
OUTSIDE = ("way", "kind", "repeat", "named", "origin", "domain", "region")
Item = dict[str, Any]  # a petition as far as it is counted


@dataclass(frozen=True)
class Dimension:
    """A table of the bulletin: its key, its title, what an item counts as, how that is called. `only`: of which items."""

    key: str
    title: Any
    value: Callable[[Item], str]
    labels: dict[str, Any] | None = None
    only: Callable[[Item], bool] = lambda _item: True


def _column(key: str, title: Any, choices: Any, only: Callable[[Item], bool] = lambda _item: True) -> Dimension:
    return Dimension(key, title, lambda item: item[key] or UNSAID, dict(choices.choices), only)


def _is_within(item: Item) -> bool:
    return item["kind"] in WITHIN


def _is_report(item: Item) -> bool:
    return bool(item["kind"] == Kind.ACCUSATION)


DIMENSIONS = (
    _column("way", _("信访方式"), Way),
    _column("kind", _("信访类别"), Kind),
    Dimension(
        "scope",
        _("业务范围"),
        lambda item: "within" if _is_within(item) else "outside",
        {"within": _("业务范围内"), "outside": _("业务范围外和无实质内容")},
    ),
    Dimension(
        "repeat",
        _("初次重复"),
        lambda item: "repeat" if item["is_repeat"] else "first",
        {"first": _("初次件"), "repeat": _("重复件")},
    ),
    _column("named", _("署名情况"), Named),
    _column("origin", _("信访来源"), Origin),
    _column("rank", _("被反映人职级"), Rank, _is_report),
    _column("nature", _("反映问题性质"), Nature, _is_report),
    Dimension("domain", _("领域"), lambda item: item["domain_name"] or UNSAID),
    Dimension("region", _("属地"), lambda item: item["region_name"] or UNSAID),
    _column("disposal", _("处置方式"), Disposal, lambda item: bool(item["disposal"])),
    _column("truth", _("属实情况"), Truth, lambda item: bool(item["truth"])),
)


@dataclass(frozen=True)
class Row:
    """One line of a table. `count` None: hidden. `share` in percent of the table's sum, None of 0 or beside hidden cells."""

    key: str
    label: str
    count: int | None
    share: Decimal | None
    year_before: int | None = None


@dataclass(frozen=True)
class Table:
    """A dimension counted: its rows, most first, and their sum."""

    key: str
    title: Any
    rows: tuple[Row, ...]
    total: int


@dataclass(frozen=True)
class Rate:
    """A share of one count in another, in percent to a tenth; None of 0."""

    title: Any
    part: int
    whole: int
    key: str = ""

    @property
    def percent(self) -> Decimal | None:
        said = percentages([self.part, self.whole - self.part]) if self.whole else None
        return said[0] if said else None


@dataclass(frozen=True)
class Bulletin:
    """What came in a period, counted until a day; its changes, where the periods can be compared; its tables and rates."""

    period: Period
    until: date
    total: int
    people: int
    changes: tuple[Change, ...]
    incomparable: tuple[str, ...]
    tables: tuple[Table, ...]
    rates: tuple[Rate, ...]
    is_for_outside: bool = False
    about: str = ""  # 专题: the domain and unit that it is about

    @property
    def is_running(self) -> bool:
        """Whether the period was not over on that day."""
        return self.until < self.period.last


@dataclass(frozen=True)
class Theme:
    """专题: only items of this domain, region (and what is in it) or unit (and what stands under it); empty for all.

    `office`: the key of the office that keeps them; None for all in scope.
    """

    domain: str = ""
    region_path: str = ""
    subject_path: str = ""
    name: str = ""  # of the unit, for the title
    office: int | None = None


COLUMNS = (
    *("kind", "way", "named", "origin", "rank", "nature", "is_repeat", "is_over_level", "people", "state"),
    *("disposal", "truth", "concluded_on", "received_on", "pk", "competence"),
)


def items(viewer: Viewer, first: date, last: date, theme: Theme | None = None) -> list[Item]:
    """The items received from the first to the last day, in the viewer's scope; those taken back are left out."""
    guard.check_is_actor(viewer)
    rows = Petition.objects.filter(withdrawn_on__isnull=True, received_on__range=(first, last))
    said = theme or Theme()
    if said.office is not None:
        rows = rows.filter(owner_office=said.office)
    if said.domain:
        rows = rows.filter(domain__code=said.domain)
    if said.region_path:
        rows = rows.filter(subtree_q("region__path", said.region_path))
    if said.subject_path:
        rows = rows.filter(subtree_q("subject_path", said.subject_path))
    names = {"domain_name": F("domain__label_zh"), "region_name": F("region__name")}
    return list(rows.order_by("pk").values(*COLUMNS, **names))


def bulletin(
    viewer: Viewer, period: Period, *, until: date | None = None, theme: Theme | None = None, for_outside: bool = False
) -> Bulletin:
    """The bulletin of a period in the viewer's scope, counted until that day (today, or the period's end).

    Raises Refused (too-few) for one that would leave the office and tells of one or two items alone.
    """
    day = min(until or today(), period.last)
    now = items(viewer, period.first, day, theme)
    if for_outside and 0 < len(now) < LEAST:
        raise Refused("too-few", "件数过少，不能提供给本室以外")
    before = _like(viewer, period, day, theme, Period.year_before)
    changes, reasons = _changes(viewer, period, day, len(now), theme)
    tables = _outside(now) if for_outside else tuple(_table(one, now, before) for one in DIMENSIONS)
    return Bulletin(
        period=period,
        until=day,
        total=len(now),
        people=sum(item["people"] for item in now),
        changes=changes,
        incomparable=reasons,
        tables=tables,
        rates=() if for_outside else _rates(viewer, now, today()),
        is_for_outside=for_outside,
        about=_about(theme),
    )


def _about(theme: Theme | None) -> str:
    """What a theme is called: the unit, then the domain."""
    if theme is None:
        return ""
    domain = Domain.objects.filter(kind="petition_domain", code=theme.domain).first() if theme.domain else None
    return "".join(filter(None, (theme.name, domain.label_zh if domain else "")))


def _same_days(period: Period, day: date, base: Period) -> date:
    """As far into the base as the day is into the period; its end for a whole one."""
    if day >= period.last:
        return base.last
    return min(base.first + timedelta(days=(day - period.first).days), base.last)


def _like(
    viewer: Viewer, period: Period, day: date, theme: Theme | None, other: Callable[[Period], Period]
) -> list[Item] | None:
    try:
        base = other(period)
    except Unlike:
        return None
    return items(viewer, base.first, _same_days(period, day, base), theme)


def _changes(
    viewer: Viewer, period: Period, day: date, count: int, theme: Theme | None
) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """环比 and 同比, where there is a like period; else why not."""
    changes, reasons = [], []
    for other in (Period.before, Period.year_before):
        try:
            base = other(period)
            until = _same_days(period, day, base)
            held = len(items(viewer, base.first, until, theme))
            changes.append(compare(Figure(period, count, day), Figure(base, held, until)))
        except Unlike as unlike:
            reasons.append(unlike.chinese)
    kinds = {change.kind: change for change in changes}  # of a year both are the same comparison
    return tuple(kinds.values()), tuple(reasons)


def _outside(now: Sequence[Item]) -> tuple[Table, ...]:
    """The tables that leave the office: each of all items, so that no sum of one gives away a cell of another.

    Of reports alone, by nature, where their number itself is shown. Rates are left out: they would tell a hidden part.
    """
    whole = [_hidden(_table(one, now, None)) for one in DIMENSIONS if one.key in OUTSIDE]
    kinds = next(table for table in whole if table.key == "kind")
    is_told = any(row.key == Kind.ACCUSATION and row.count is not None for row in kinds.rows)
    nature = next(one for one in DIMENSIONS if one.key == "nature")
    return (*whole, _hidden(_table(nature, now, None))) if is_told else tuple(whole)


def _hidden(table: Table) -> Table:
    """The table without its small cells, and without as many more as it takes that none can be worked out."""
    counts = [row.count or 0 for row in table.rows]
    gone = hidden([*counts, sum(counts)], one_way(len(counts))) if counts else set()
    if not gone:
        return table
    is_bare = len(counts) in gone  # the sum is told elsewhere: then nothing of it may be
    rows = [
        replace(row, count=None if is_bare or place in gone else row.count, share=None)
        for place, row in enumerate(table.rows)
    ]
    return replace(table, rows=tuple(rows))


def _table(one: Dimension, now: Sequence[Item], before: Sequence[Item] | None) -> Table:
    counted = Counter(one.value(item) for item in now if one.only(item))
    earlier = Counter(one.value(item) for item in before if one.only(item)) if before is not None else None
    order = sorted(counted, key=lambda key: (key == UNSAID, -counted[key], key))
    counts = [counted[key] for key in order]
    shares = percentages(counts)
    rows = [
        Row(
            key,
            label_of(one, key),
            counts[place],
            shares[place] if shares else None,
            None if earlier is None else earlier[key],
        )
        for place, key in enumerate(order)
    ]
    return Table(one.key, one.title, tuple(rows), sum(counts))


def label_of(one: Dimension, key: str) -> str:
    """What a row of the table is called, in the reader's language."""
    if key == UNSAID:
        return str(_("未注明"))
    return str(one.labels[key]) if one.labels is not None else key


@dataclass(frozen=True)
class Told:
    """A rate of 办理质效: how it is called, whether an item counts, of which it is a share; and the register's filter of both."""

    title: Any
    part: Callable[[Item], bool]
    whole: Callable[[Item], bool] = lambda _item: True
    rows: tuple[tuple[str, str], tuple[str, str]] = (("", ""), ("", ""))


def _is_found(item: Item) -> bool:
    return item["state"] == State.CONCLUDED and bool(item["truth"])


RATES = {
    "in_time": Told(
        _("按期率"),
        lambda item: item["in_time"] is True,
        lambda item: item["in_time"] is not None,
        (("rate", "in_time"), ("rate", "due")),
    ),
    "real_name": Told(
        _("实名率"), lambda item: item["named"] == Named.VERIFIED, rows=(("named", "verified"), ("", ""))
    ),
    "checked": Told(
        _("署名核实率"),
        lambda item: item["named"] not in {Named.ANONYMOUS, Named.UNVERIFIED},
        lambda item: item["named"] != Named.ANONYMOUS,
        (("rate", "checked"), ("rate", "signed")),
    ),
    "repeated": Told(_("重复率"), lambda item: item["is_repeat"], rows=(("repeat", "repeat"), ("", ""))),
    "over_level": Told(_("越级率"), lambda item: item["is_over_level"], rows=(("rate", "over_level"), ("", ""))),
    "concluded": Told(
        _("办结率"), lambda item: item["state"] == State.CONCLUDED, rows=(("rate", "concluded"), ("", ""))
    ),
    "true": Told(
        _("属实率"),
        lambda item: item["truth"] in {Truth.TRUE, Truth.PARTLY},
        _is_found,
        (("rate", "true"), ("rate", "found")),
    ),
}


def _rates(viewer: Viewer, now: Sequence[Item], on: date) -> tuple[Rate, ...]:
    """Each rate of 办理质效: what is due and done as of the day of counting."""
    told = duties_met(viewer, now, on)
    rows = [item | {"in_time": told.get(item["pk"])} for item in now]
    return tuple(_rate(key, one, rows) for key, one in RATES.items())


def _rate(key: str, one: Told, rows: Sequence[Item]) -> Rate:
    whole = [item for item in rows if one.whole(item)]
    return Rate(one.title, sum(one.part(item) for item in whole), len(whole), key)
