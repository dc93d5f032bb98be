"""信访举报情况分析: what came in a period, by every column that is registered, beside the period before and a year before.

The database counts the items of a period by a few groups of columns (`GROUPS`), each of all items, and every table is a sum
over one of them: so every table has the same sum. An item whose column is empty counts as 未注明. What is shown outside the
office hides small cells (`hiding`).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Substr

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.tree import subtree_q
from jiandu.base.lexicon.categories import LEVELS
from jiandu.base.lexicon.models import Item as Domain
from jiandu.base.lexicon.selectors import labels_of as labels_of_items
from jiandu.net.subjects.models import Region
from jiandu.results.digests import slots
from jiandu.results.digests.dimensions import (
    BY_KEY,
    DIMENSIONS,
    GROUPS,
    OF_ALL,
    OUTSIDE,
    RATES,
    UNSAID,
    WATCHED_OUTSIDE,
    Dimension,
    Item,
    Told,
    labels_of,
)
from jiandu.results.digests.heads import heads
from jiandu.results.digests.hiding import LEAST, hidden, one_way
from jiandu.results.digests.periods import Change, Figure, Period, Unlike, compare
from jiandu.results.digests.shares import percentages
from jiandu.results.digests.tables import Bulletin, Rate, Row, Table
from jiandu.results.digests.watched import watched
from jiandu.sources.petitions.categories import KIND, named
from jiandu.sources.petitions.models import Petition
from jiandu.sources.petitions.states import IN_PERSON, State
from jiandu.sources.petitions.states import Kind as Class
from jiandu.sources.petitions.timeliness import counts_in_time, unnoted_in_time


@dataclass(frozen=True)
class Theme:
    """专题: only items of this domain, class, region (and what is in it) or unit (and what stands under it); empty for all.

    `office`: the key of the office that keeps them; None for all in scope.
    """

    domain: str = ""
    region_path: str = ""
    subject_path: str = ""
    name: str = ""  # of the unit, for the title
    category: str = ""  # a code: what is classed so, and below
    office: int | None = None


@dataclass(frozen=True)
class Counted:
    """What came, as the database counted it: the groups, and what is asked of all items together."""

    groups: tuple[list[Item], ...]
    whole: dict[str, int]
    parts: Sequence[str] = ()  # of the period, those that have begun

    def items(self, needs: frozenset[str]) -> list[Item]:
        """Of the first group that has these columns."""
        return next(items for columns, items in zip(GROUPS, self.groups, strict=True) if needs <= {*columns})


def standing(viewer: Viewer, theme: Theme | None = None) -> QuerySet[Petition]:
    """The items of a theme in the viewer's scope; those taken back are left out."""
    guard.check_is_actor(viewer)
    rows = Petition.objects.filter(withdrawn_on__isnull=True)
    said = theme or Theme()
    if said.office is not None:
        rows = rows.filter(owner_office=said.office)
    if said.domain:
        rows = rows.filter(domain__code=said.domain)
    if said.category:
        rows = rows.filter(category__startswith=said.category)
    if said.region_path:
        rows = rows.filter(subtree_q("region__path", said.region_path))
    if said.subject_path:
        rows = rows.filter(subtree_q("subject_path", said.subject_path))
    return rows.order_by()


def total(viewer: Viewer, period: Period, theme: Theme | None = None) -> int:
    """How many items the whole period has."""
    return standing(viewer, theme).filter(_came((period.first, period.last))).count()


Days = tuple[date, date]
OF_ALL_ITEMS = ("first_met", "first_met_done", "due", "in_time", "unnoted")
PART = LEVELS[KIND][1]  # of a category's code: two levels of three


def _came(days: Days) -> Q:
    return Q(received_on__range=days)


def _came_in(spans: Iterable[Days]) -> Q:
    """On a day of any of them. Spans that follow each other are asked as one: a year and the year before it are read once."""
    joined: list[Days] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + timedelta(days=1):
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return reduce(or_, map(_came, joined))


def _grouped(rows: QuerySet[Petition], daily: list[Item], now: Days, before: Days | None) -> tuple[list[Item], ...]:
    """A statement a group, answered by the index `petition_counted` alone; names follow, and of categories the first two levels.

    Nothing is joined: what SQLite groups it sorts, and a key sorts faster than a name. `daily`: the first group, of days.
    """
    counts = {
        "now": Count("pk", filter=_came(now)),
        "before": Count("pk", filter=_came(before) if before else Q(pk=None)),
    }
    rows = rows.filter(_came_in([now, before] if before else [now]))
    found = [daily]
    for columns in GROUPS[1:]:
        plain = [name for name in columns if name != "category"]
        made = {"part": Substr("category", 1, PART)} if "category" in columns else {}
        listed = list(rows.values(*plain, **made).annotate(**counts))
        for item in listed if made else ():
            item["category"] = item.pop("part")
        found.append(_with_names(listed) if "region" in columns else listed)
    return tuple(found)


def _by_day(rows: QuerySet[Petition], spans: Sequence[Days]) -> list[Item]:
    """Of each day of the spans what is asked of all items together: one statement, in the order of the index, so nothing is sorted."""
    met = Q(is_repeat=False, way__in=IN_PERSON)
    asked = {
        "all": Count("pk"),
        "heads": Sum("people"),
        "first_met": Count("pk", filter=met),
        "first_met_done": Count("pk", filter=met & Q(state=State.CONCLUDED)),
        **counts_in_time(Q(), today()),
    }
    return [dict(item) for item in rows.filter(_came_in(spans)).values("received_on").annotate(**asked)]


def _with_names(items: list[Item]) -> list[Item]:
    """Domains and places by name."""
    domains = labels_of_items({item["domain"] for item in items} - {None}, english=False)
    places = Region.objects.filter(pk__in={item["region"] for item in items} - {None})
    regions = {pk: (name, path) for pk, name, path in places.values_list("pk", "name", "path")}
    for item in items:
        item["domain_name"] = domains.get(item["domain"], "")
        item["region_name"], item["region_path"] = regions.get(item["region"], ("", ""))
    return items


def bulletin(
    viewer: Viewer, period: Period, *, until: date | None = None, theme: Theme | None = None, for_outside: bool = False
) -> Bulletin:
    """The bulletin of a period in the viewer's scope, counted until that day (today, or the period's end).

    Raises Refused (too-few) for one that would leave the office and tells of one or two items alone.
    """
    day = min(until or today(), period.last)
    rows, now = standing(viewer, theme), (period.first, day)
    bases = [_like(period, day, other) for other in (Period.before, Period.year_before)]
    likes = [base.days for base in bases if not isinstance(base, Unlike)]
    daily = _by_day(rows, [now, *likes])
    whole = _whole(viewer, rows, daily, now, bases)
    if for_outside and 0 < whole["now"] < LEAST:
        raise Refused("too-few", "件数过少，不能提供给本室以外")
    before = None if for_outside or isinstance(bases[1], Unlike) else bases[1].days
    for item in daily:
        item["slot"] = slots.slot_of(period.kind, item["received_on"])
        item["now"], item["before"] = _of(item, now), _of(item, before) if before else 0
    counted = Counted(_grouped(rows, daily, now, before), whole, slots.slots(period, day))
    changes, reasons = _changes(period, day, bases, whole)
    has_before = before is not None
    beside = watched(viewer, rows, period, day)
    return Bulletin(
        period=period,
        until=day,
        total=whole["now"],
        people=whole["people"],
        changes=changes,
        incomparable=reasons,
        tables=(
            (*_outside(counted), *(_hidden(table) for table in beside if _may_leave(table)))
            if for_outside
            else (*beside, *(_table(one, counted, has_before) for one in DIMENSIONS))
        ),
        rates=() if for_outside else tuple(_rate(key, one, counted) for key, one in RATES.items()),
        heads=() if for_outside else heads(viewer, counted.items(frozenset({"region"})), period),
        is_for_outside=for_outside,
        about=_about(theme),
    )


def relabelled(said: Bulletin) -> Bulletin:
    """The same, its rows called in the language of now: a paper is Chinese whoever has asked for it."""
    tables = []
    for table in said.tables:
        tables.append(replace(table, rows=_called(BY_KEY[table.key], table.rows)))
    return replace(said, tables=tuple(tables))


def _called(one: Dimension, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    labels = labels_of(one, [row.key for row in rows])
    return tuple(
        replace(row, label=label, parts=_called(one, row.parts)) for row, label in zip(rows, labels, strict=True)
    )


def _about(theme: Theme | None) -> str:
    """What a theme is called: the unit, then the domain."""
    if theme is None:
        return ""
    domain = Domain.objects.filter(kind="petition_domain", code=theme.domain).first() if theme.domain else None
    classed = named(theme.category).rsplit(" · ", 1)[-1] if theme.category else ""
    return "".join(filter(None, (theme.name, classed or (domain.label_zh if domain else ""))))


def _same_days(period: Period, day: date, base: Period) -> date:
    """As far into the base as the day is into the period; its end for a whole one."""
    if day >= period.last:
        return base.last
    return min(base.first + timedelta(days=(day - period.first).days), base.last)


@dataclass(frozen=True)
class Base:
    """What a period is compared with, as far as its own days go."""

    period: Period
    until: date

    @property
    def days(self) -> Days:
        return self.period.first, self.until


def _like(period: Period, day: date, other: Callable[[Period], Period]) -> Base | Unlike:
    try:
        base = other(period)
    except Unlike as unlike:
        return unlike
    return Base(base, _same_days(period, day, base))


def _of(item: Item, days: Days) -> int:
    """The items of a day, where it is one of these."""
    count: int = item["all"] if days[0] <= item["received_on"] <= days[1] else 0
    return count


def _whole(
    viewer: Viewer, rows: QuerySet[Petition], daily: list[Item], days: Days, bases: Sequence[Base | Unlike]
) -> dict[str, int]:
    """All items together: of the period, their people and their duties, and of what it is compared with."""
    mine = [item for item in daily if days[0] <= item["received_on"] <= days[1]]
    summed = {"now": "all", "people": "heads", **{name: name for name in OF_ALL_ITEMS}}
    found = {name: sum(item[column] for item in mine) for name, column in summed.items()}
    for at, base in enumerate(bases):
        if not isinstance(base, Unlike):
            found[f"base{at}"] = sum(_of(item, base.days) for item in daily)
    if found["unnoted"]:
        in_time, due = unnoted_in_time(viewer, rows.filter(_came(days)), today())
        found |= {"in_time": found["in_time"] + in_time, "due": found["due"] + due}
    return found


def _changes(
    period: Period, day: date, bases: Sequence[Base | Unlike], whole: dict[str, int]
) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """环比 and 同比, where there is a like period; else why not."""
    changes, reasons = [], []
    for at, base in enumerate(bases):
        if isinstance(base, Unlike):
            reasons.append(base.chinese)
            continue
        try:
            changes.append(
                compare(Figure(period, whole["now"], day), Figure(base.period, whole[f"base{at}"], base.until))
            )
        except Unlike as unlike:
            reasons.append(unlike.chinese)
    kinds = {change.kind: change for change in changes}  # of a year both are the same comparison
    return tuple(kinds.values()), tuple(reasons)


def _outside(counted: Counted) -> tuple[Table, ...]:
    """The tables that leave the office: each of all items, so that no sum of one gives away a cell of another.

    Of reports alone, by nature, where their number itself is shown. Rates are left out: they would tell a hidden part.
    """
    whole = [_hidden(_table(one, counted)) for one in DIMENSIONS if one.key in OUTSIDE]
    kinds = next(table for table in whole if table.key == "kind")
    is_told = any(row.key == Class.ACCUSATION and row.count is not None for row in kinds.rows)
    nature = replace(BY_KEY["nature"], below=None)  # its second level would tell of few
    return (*whole, _hidden(_table(nature, counted))) if is_told else tuple(whole)


def _may_leave(table: Table) -> bool:
    """Of what a week watches: not who wrote, nor a sum that is itself a small cell."""
    return table.key in WATCHED_OUTSIDE and not 0 < table.total < LEAST


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


def _table(one: Dimension, counted: Counted, has_before: bool = False) -> Table:
    now, earlier = Counter[str](), Counter[str]()
    below: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for item in filter(one.only, counted.items(one.needs)):
        key = one.value(item)
        now[key] += item["now"]
        earlier[key] += item["before"]
        if one.below is not None:
            below[key][one.below(item)] += item["now"]
    if one.is_time:
        order = list(counted.parts)
    else:  # also what was there a year before alone, where that is shown: so that its column has its whole sum
        order = _ordered(now, [key for key in {*now, *earlier} if now[key] or (has_before and earlier[key])])
    counts = [now[key] for key in order]
    shares = percentages(counts)
    labels = labels_of(one, order)
    rows = [
        Row(
            key,
            labels[place],
            counts[place],
            shares[place] if shares else None,
            earlier[key] if has_before else None,
            _parts(one, below[key], shares[place] if shares else None),
        )
        for place, key in enumerate(order)
    ]
    return Table(one.key, one.title, tuple(rows), sum(counts), sum(earlier.values()) if has_before else None)


def _ordered(counts: Counter[str], keys: Iterable[str]) -> list[str]:
    """Most first; what is not said last."""
    return sorted(keys, key=lambda key: (key == UNSAID, -counts[key], key))


def _parts(one: Dimension, counts: Counter[str], share: Decimal | None) -> tuple[Row, ...]:
    """The level below: its counts and shares add up to those above. None where nothing is said on that level."""
    order = _ordered(counts, [key for key, count in counts.items() if count])
    if order in ([], [UNSAID]):
        return ()
    shares = percentages([counts[key] for key in order], of=share) if share is not None else None
    labels = labels_of(one, order)
    return tuple(
        Row(key, labels[place], counts[key], shares[place] if shares else None) for place, key in enumerate(order)
    )


def _rate(key: str, one: Told, counted: Counted) -> Rate:
    if key in OF_ALL:
        part, whole = (counted.whole[name] for name in OF_ALL[key])
        return Rate(one.title, part, whole, key)
    items = [item for item in counted.items(one.needs) if one.whole(item)]
    return Rate(
        one.title, sum(item["now"] for item in items if one.part(item)), sum(item["now"] for item in items), key
    )
