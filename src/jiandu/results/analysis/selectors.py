"""Figures in the viewer's scope: value and rows from the same queryset; rates with their parts."""

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.results.analysis.measures import political  # noqa: F401 -- registers its measures
from jiandu.results.analysis.measures.registry import Ask, Measure, Rate, Value, all_measures, all_rates, find
from jiandu.results.analysis.models import Snapshot


@dataclass(frozen=True)
class Figure:
    """A measure's value at an ask, with how many rows it counts and what is noted beside it."""

    measure: Measure
    value: Value
    rows: int
    note: str = ""


@dataclass(frozen=True)
class Ratio:
    """A rate with its parts; `percent` is None below the floor, where a percentage would mislead."""

    rate: Rate
    numerator: Value
    denominator: Value
    percent: Decimal | None


def figure(viewer: Viewer, key: str, ask: Ask) -> Figure:
    """One figure. Raises Refused for an unknown key."""
    guard.check_is_actor(viewer)
    one = find(key)
    value, rows = one.counted(ask)
    return Figure(measure=one, value=value, rows=rows, note=one.note(ask) if one.note else "")


def figures(viewer: Viewer, ask: Ask) -> list[Figure]:
    """Every figure, in the order of the registry."""
    return [figure(viewer, key, ask) for key in all_measures()]


def rows_of(viewer: Viewer, key: str, ask: Ask) -> QuerySet[Any]:
    """The rows behind a figure, in a stable order."""
    guard.check_is_actor(viewer)
    return find(key).rows(ask).order_by("pk")


def ratios(viewer: Viewer, ask: Ask) -> list[Ratio]:
    """Every rate, each with numerator and denominator."""
    guard.check_is_actor(viewer)
    return [_ratio(rate, ask) for rate in all_rates().values()]


def _ratio(rate: Rate, ask: Ask) -> Ratio:
    above, below = find(rate.numerator).value(ask), find(rate.denominator).value(ask)
    percent = (Decimal(above) * 100 / Decimal(below)).quantize(Decimal("0.1")) if below >= rate.floor else None
    return Ratio(rate=rate, numerator=above, denominator=below, percent=percent)


def digest_of(rows: QuerySet[Any], total: str = "") -> str:
    """A SHA-256 over the rows' keys (and what is summed): two equal figures over other rows differ here."""
    digest = hashlib.sha256()
    columns = ["pk", total] if total else ["pk"]
    for row in rows.order_by("pk").values_list(*columns).iterator(chunk_size=5000):
        digest.update(f"{row}\n".encode())
    return digest.hexdigest()


@dataclass(frozen=True)
class Frozen:
    """A frozen figure against what the records say now: the figure, and the rows entered or changed since (补录)."""

    snapshot: Snapshot
    figure: Figure
    now_value: Value
    added: QuerySet[Any]
    removed: QuerySet[Any]

    @property
    def has_changed(self) -> bool:
        return Decimal(self.now_value) != self.snapshot.value


def frozen_figures(viewer: Viewer, published_in: UUID) -> dict[str, Figure]:
    """The figures of a frozen text as they were published, by key."""
    guard.check_is_actor(viewer)
    return {row.key: _as_published(row) for row in Snapshot.objects.filter(published_in=published_in).order_by("pk")}


def changed_since(viewer: Viewer, snapshot: Snapshot) -> Frozen:
    """What changed since a figure was frozen, in the viewer's scope."""
    guard.check_is_actor(viewer)
    one = find(snapshot.key)
    then, current = Ask(snapshot.year, snapshot.as_of, snapshot.as_known), Ask(snapshot.year, snapshot.as_of)
    was, now = one.rows(then), one.rows(current)
    return Frozen(
        snapshot=snapshot,
        figure=_as_published(snapshot),
        now_value=one.value(current),
        added=now.exclude(pk__in=was.values("pk")).order_by("pk"),
        removed=was.exclude(pk__in=now.values("pk")).order_by("pk"),
    )


def may_open_rows(viewer: Viewer, snapshot: Snapshot) -> bool:
    """A frozen figure opens its rows only for a viewer who covers its scope."""
    paths = getattr(viewer.standing, "paths", ())
    return viewer.is_system or any(snapshot.scope_path.startswith(path) for path in paths if path)


def _as_published(row: Snapshot) -> Figure:
    whole = row.value == row.value.to_integral_value()
    return Figure(
        measure=find(row.key), value=int(row.value) if whole else row.value, rows=row.row_count, note=row.note
    )


def snapshots_of(viewer: Viewer, published_in: UUID) -> list[Snapshot]:
    """The frozen figures of a text, in the order in which it uses them."""
    guard.check_is_actor(viewer)
    return list(Snapshot.objects.filter(published_in=published_in).order_by("pk"))
