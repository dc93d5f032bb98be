"""Figures in the viewer's scope: value and rows from the same queryset; their parts; rates."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncMonth

from jiandu.base.core import guard
from jiandu.base.core.clock import add_months
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.results.analysis.measures import (  # noqa: F401 -- they register their measures
    campaigns,
    contact,
    copies,
    ecology,
    estates,
    grassroots,
    linked,
    open_data,
    projects,
    rules,
    talks,
    topics,
)
from jiandu.results.analysis.measures.registry import (
    Ask,
    Counted,
    Measure,
    Rate,
    Split,
    Value,
    all_measures,
    all_rates,
    count_at_once,
    count_together,
    find,
)


@dataclass(frozen=True)
class Figure:
    """A measure's value at an ask, with how many rows it counts, what is noted beside it, and the day it is as of."""

    measure: Measure
    value: Value
    rows: int
    note: str = ""
    as_of: date | None = None  # none: outside a text and an ask
    doubts: tuple[tuple[str, int], ...] = field(default=(), compare=False)  # only where they were asked for


@dataclass(frozen=True)
class Share:
    """One part of a figure: what it is called, the word that selects its rows (see `rows_of`), its value and rows."""

    name: str
    of: str
    value: Value
    rows: int


@dataclass(frozen=True)
class Ratio:
    """A rate with its parts and what it leaves out; `percent` is None below the floor, where it would mislead."""

    rate: Rate
    numerator: Figure
    denominator: Figure
    excluded: Figure
    percent: Decimal | None


def figure(viewer: Viewer, key: str, ask: Ask) -> Figure:
    """One figure. Raises Refused for an unknown key."""
    return figures(viewer, ask, [key])[0]


def figures(viewer: Viewer, ask: Ask, keys: Iterable[str] | None = None, *, doubts: bool = False) -> list[Figure]:
    """The figures asked for, or every one in the order of the registry. Those of the same rows are counted together."""
    guard.check_is_actor(viewer)
    measures = [find(key) for key in (all_measures() if keys is None else keys)]
    said = count_together(measures, ask, doubts=doubts)
    return [_figure(one, said[one.key], ask) for one in measures]


def figures_at(viewer: Viewer, wanted: Iterable[tuple[str, Ask]]) -> dict[tuple[str, Ask], Figure]:
    """Figures of many questions, in few statements. Raises Refused for an unknown key."""
    guard.check_is_actor(viewer)
    asked = [(find(key), ask) for key, ask in wanted]
    return {(key, ask): _figure(find(key), said, ask) for (key, ask), said in count_at_once(asked).items()}


def _figure(one: Measure, said: Counted, ask: Ask) -> Figure:
    return Figure(one, said.value, said.rows, said.note, ask.as_of, said.doubts)


def rows_of(viewer: Viewer, key: str, ask: Ask, *, by: str = "", of: str = "") -> QuerySet[Any]:
    """The rows behind a figure, in a stable order; with `by`, only those of the share `of`. Raises Refused (unknown-split)."""
    guard.check_is_actor(viewer)
    one = find(key)
    rows = one.rows(ask).order_by("pk")
    return rows.filter(**_within(split_of(one, by), of)) if by else rows


def split_of(one: Measure, by: str) -> Split:
    """The way to split a measure. Raises Refused (unknown-split)."""
    for split in one.splits:
        if split.key == by:
            return split
    raise Refused("unknown-split", "“%(label)s”不能按此分类:%(by)s", label=one.label, by=by)


def _within(split: Split, of: str) -> dict[str, Any]:
    """The condition that selects a share. A word that cannot be one raises Refused (unknown-split)."""
    if not of:
        return {f"{split.column}__isnull": True}
    if not split.is_month:
        return {split.column: of} if split.column == split.name or of.isdecimal() else _unknown(of)
    try:
        first = date.fromisoformat(f"{of}-01")
    except ValueError:
        _unknown(of)
    return {f"{split.column}__gte": first, f"{split.column}__lt": add_months(first, 1)}


NOTHING = Ask(1970, date(1970, 1, 1))


def _unknown(of: str) -> Any:
    raise Refused("unknown-split", "没有这一类:%(of)s", of=of)


def shares(viewer: Viewer, key: str, ask: Ask, *, by: str) -> list[Share]:
    """A figure's parts, which add up to it: months in order, others by size. Raises Refused (unknown-split)."""
    guard.check_is_actor(viewer)
    one = find(key)
    split = split_of(one, by)
    rows = one.rows(ask).order_by()
    if split.is_month:
        rows, columns = rows.annotate(month_of=TruncMonth(split.column)), ("month_of",)
    else:
        columns = tuple(dict.fromkeys((split.column, split.name)))  # type: ignore[assignment]
    counted = {"count": Count("pk")} | ({"total": Sum(one.total)} if one.total else {})
    found = [_share(one, split, row) for row in rows.values(*columns).annotate(**counted)]
    return sorted(found, key=(lambda part: part.of) if split.is_month else (lambda part: (-part.value, part.name)))


def _share(one: Measure, split: Split, row: dict[str, Any]) -> Share:
    value = one.summed(row["total"]) if one.total else row["count"]
    if split.is_month:
        of = f"{row['month_of']:%Y-%m}" if row["month_of"] else ""
        return Share(of, of, value, row["count"])
    of = "" if row[split.column] is None else str(row[split.column])
    return Share(_called(one, split, row[split.name]), of, value, row["count"])


def _called(one: Measure, split: Split, said: Any) -> str:
    """What a part is called: of a choice its label."""
    if said is None or "__" in split.name:
        return str(said or "")
    field = one.rows(NOTHING).model._meta.get_field(split.name)
    return str(dict(field.flatchoices).get(said, said))


def ratios(viewer: Viewer, ask: Ask) -> list[Ratio]:
    """Every rate, each with numerator, denominator and what is left out."""
    keys = dict.fromkeys(key for rate in all_rates().values() for key in rate.parts)
    known = {figure.measure.key: figure for figure in figures(viewer, ask, keys)}
    return rated(known, lambda key, _day: known.get(key))


def rated(known: dict[str, Figure], look_up: Callable[[str, Any], Figure | None]) -> list[Ratio]:
    """The rates of known figures. Their other parts are looked up once, as of the same day.

    A rate that lacks one is left out, and so is one whose parts are as of several days.
    """
    there: dict[str, Figure | None] = dict(known)
    found = []
    for rate in all_rates().values():
        main = known.get(rate.numerator) or known.get(rate.denominator)
        if main is None:
            continue
        for key in rate.parts:
            there[key] = there[key] if key in there else look_up(key, main.as_of)
        parts = [part for key in rate.parts if (part := there[key]) is not None and part.as_of == main.as_of]
        found += [_ratio(rate, *parts)] if len(parts) == len(rate.parts) else []
    return found


def _ratio(rate: Rate, above: Figure, below: Figure, excluded: Figure) -> Ratio:
    percent = None
    if below.value and below.value >= rate.floor:
        percent = (Decimal(above.value) * 100 / Decimal(below.value)).quantize(Decimal("0.1"))
    return Ratio(rate=rate, numerator=above, denominator=below, excluded=excluded, percent=percent)
