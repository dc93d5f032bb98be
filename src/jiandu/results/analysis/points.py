"""Figures narrowed by words of their splits, many at once: those of the same rows and the same ways are one statement."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.core.words import as_recorded
from jiandu.base.lexicon.models import Item
from jiandu.results.analysis.measures.registry import Ask, Base, Counted, Measure, Split, find
from jiandu.results.analysis.selectors import NOTHING, split_of


@dataclass(frozen=True)
class Point:
    """A measure at an ask, of the rows that these words select: (key of a split, the word as shown)."""

    key: str
    ask: Ask
    within: tuple[tuple[str, str], ...] = ()


def ways_of(one: Measure) -> list[Split]:
    """The ways to narrow a measure by a word; months are asked, not narrowed to."""
    return [split for split in one.splits if not split.is_month]


def words_of(viewer: Viewer, one: Measure, split: Split) -> list[str]:
    """The words of a split, also of parts without a row; those that name several things are left out."""
    guard.check_is_actor(viewer)
    model = one.rows(NOTHING).model
    choices = _choices(model, split)
    if choices and "__" not in split.name:
        return [as_recorded(label) for label in choices.values()]
    if "__" not in split.name:
        return sorted(set(model.objects.values_list(split.name, flat=True)[:500]))
    field, name = split.name.split("__", 1)
    return _named(model._meta.get_field(field).related_model, name, split)


def _named(related: type[Model], name: str, split: Split) -> list[str]:
    rows: QuerySet[Any] = related.objects.all()  # type: ignore[attr-defined]
    if related is Item:  # of a dictionary the same label stands once a year
        rows = rows.filter(kind=split.key) if rows.filter(kind=split.key).exists() else rows
        return list(dict.fromkeys(rows.order_by("order", "pk").values_list(name, flat=True)))
    names = list(rows.order_by("pk").values_list(name, flat=True))
    once: dict[str, int] = {}
    for each in names:
        once[each] = once.get(each, 0) + 1
    return [each for each in names if once[each] == 1]


def counted_at(viewer: Viewer, points: Iterable[Point]) -> dict[Point, Counted]:
    """The figures. Raises Refused (unknown-measure, unknown-split, no-month)."""
    guard.check_is_actor(viewer)
    groups: dict[tuple[Base, Ask, tuple[Split, ...]], list[Point]] = {}
    for point in points:
        one = find(point.key)
        ways = tuple(split_of(one, by) for by, _ in point.within)
        groups.setdefault((one.base or one.source, one.asks(point.ask), ways), []).append(point)
    found: dict[Point, Counted] = {}
    for (base, asks, ways), those in groups.items():
        found |= _told(base(asks).order_by(), asks, ways, those)
    return found


def _told(rows: "QuerySet[Any]", asks: Ask, ways: tuple[Split, ...], points: list[Point]) -> dict[Point, Counted]:
    measures = {point.key: find(point.key) for point in points}
    asked = {name: count for one in measures.values() for name, count in one.asked(asks).items()}
    if not ways:
        said = rows.aggregate(**asked)
        return {point: measures[point.key].said(said) for point in points}
    by_words: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows.values(*(split.name for split in ways)).annotate(**asked):
        words = tuple(_shown(rows.model, split, row[split.name]) for split in ways)
        by_words.setdefault(words, []).append(row)
    return {
        point: _sum(measures[point.key], by_words.get(tuple(word for _, word in point.within), [])) for point in points
    }


def _choices(model: type[Model], split: Split) -> dict[Any, Any]:
    return dict(model._meta.get_field(split.name.split("__")[0]).flatchoices)  # type: ignore[union-attr]


def _shown(model: type[Model], split: Split, said: Any) -> str:
    if "__" in split.name:
        return str(said or "")
    return as_recorded(_choices(model, split).get(said, said))


def _sum(one: Measure, rows: list[dict[str, Any]]) -> Counted:
    counted = [one.said(row) for row in rows]
    return Counted(sum((each.value for each in counted), 0), sum(each.rows for each in counted))


def rows_at(viewer: Viewer, point: Point) -> "QuerySet[Any]":
    """The rows behind a figure, in a stable order. Raises as `counted_at`."""
    guard.check_is_actor(viewer)
    one = find(point.key)
    rows = one.rows(point.ask).order_by("pk")
    for by, word in point.within:
        rows = rows.filter(**_condition(rows.model, split_of(one, by), word))
    return rows


def _condition(model: type[Model], split: Split, word: str) -> Mapping[str, Any]:
    if "__" in split.name:
        return {split.name: word}
    choices = _choices(model, split)
    keys = [key for key, label in choices.items() if as_recorded(label) == word]
    return {f"{split.name}__in": keys or [word]}
