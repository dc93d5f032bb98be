"""Reads of frozen figures (定稿锁数): as published, the rows that they counted, and what has changed since."""

import json
import zlib
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.results.analysis.measures.registry import Ask, Value, find
from jiandu.results.analysis.models import Snapshot
from jiandu.results.analysis.selectors import Figure, Share

LISTED = 200


@dataclass(frozen=True)
class Changed:
    """A frozen figure against the records of now: the value now, and the keys of rows that came or went since."""

    snapshot: Snapshot
    figure: Figure
    now_value: Value
    added: list[int]
    removed: list[int]

    @property
    def has_changed(self) -> bool:
        return bool(self.added or self.removed) or Decimal(self.now_value) != self.snapshot.value


def keys_of(rows: QuerySet[Any], total: str = "") -> list[list[int]]:
    """[key] of each row, or [key, what is summed], in order of the keys: what a snapshot keeps."""
    columns = ["pk", total] if total else ["pk"]
    return [list(row) for row in rows.order_by("pk").values_list(*columns).iterator(chunk_size=5000)]


def packed(keys: list[list[int]]) -> bytes:
    """The keys as a snapshot stores them: JSON without spaces, compressed."""
    return zlib.compress(json.dumps(keys, separators=(",", ":")).encode(), 9)


def digest_of(stored: bytes) -> str:
    """The SHA-256 of stored keys: two equal figures over other rows differ here."""
    return sha256(zlib.decompress(stored)).hexdigest()


def is_whole(snapshot: Snapshot) -> bool:
    """Whether the stored rows are those of the day of freezing, by their digest and number."""
    return digest_of(bytes(snapshot.rows)) == snapshot.rows_digest and len(_keys(snapshot)) == snapshot.row_count


def _keys(snapshot: Snapshot) -> list[int]:
    return [row[0] for row in json.loads(zlib.decompress(bytes(snapshot.rows)))]


def as_published(row: Snapshot) -> Figure:
    """The figure as it was printed."""
    return Figure(measure=find(row.key), value=_number(row.value), rows=row.row_count, note=row.note, as_of=row.as_of)


def as_stored(parts: list[Share]) -> list[list[str]]:
    """The parts of a figure as a snapshot keeps them: texts alone, so that no digit is lost in JSON."""
    return [[part.name, part.of, str(part.value), str(part.rows)] for part in parts]


def shares_as_published(row: Snapshot, by: str) -> list[Share]:
    """The parts of a frozen figure; none for a split that was not kept."""
    kept = [(name, of, Decimal(value), int(rows)) for name, of, value, rows in row.shares.get(by, [])]
    return [Share(name, of, _number(value), rows) for name, of, value, rows in kept]


def _number(value: Decimal) -> Value:
    return int(value) if value == value.to_integral_value() else value


def snapshots_of(viewer: Viewer, published_in: UUID) -> list[Snapshot]:
    """The frozen figures of a text, in the order in which it uses them."""
    guard.check_is_actor(viewer)
    return list(Snapshot.objects.filter(published_in=published_in).order_by("pk"))


def snapshot_of(viewer: Viewer, published_in: UUID, key: str) -> Snapshot | None:
    """One frozen figure of a text."""
    guard.check_is_actor(viewer)
    return Snapshot.objects.filter(published_in=published_in, key=key).first()


def may_open_rows(viewer: Viewer, snapshot: Snapshot) -> bool:
    """A frozen figure opens its rows only for a viewer who covers its scope."""
    paths = getattr(viewer.standing, "paths", ())
    return viewer.is_system or any(snapshot.scope_path.startswith(path) for path in paths if path)


def frozen_rows(viewer: Viewer, snapshot: Snapshot, *, start: int = 0) -> QuerySet[Any]:
    """The rows that the figure counted, a page of them in order; what the viewer may not see is left out."""
    return rows_of(viewer, snapshot, _keys(snapshot), start=start)


def rows_of(viewer: Viewer, snapshot: Snapshot, keys: list[int], *, start: int = 0) -> QuerySet[Any]:
    """A page of the rows with these keys, of the kind that the figure counts."""
    guard.check_is_actor(viewer)
    keys = keys[start : start + LISTED]
    model = find(snapshot.key).rows(_ask(snapshot)).model
    return model.objects.filter(pk__in=keys).order_by("pk")


def _ask(snapshot: Snapshot) -> Ask:
    return Ask(snapshot.year, snapshot.as_of)


def changed_since(viewer: Viewer, snapshot: Snapshot) -> Changed:
    """What changed since a figure was frozen: entered later (补录) or corrected away. For viewers who cover its scope."""
    guard.check_is_actor(viewer)
    one = find(snapshot.key)
    rows = one.rows(_ask(snapshot))
    was, now = set(_keys(snapshot)), {row[0] for row in keys_of(rows)}
    return Changed(
        snapshot=snapshot,
        figure=as_published(snapshot),
        now_value=one.value(_ask(snapshot)),
        added=sorted(now - was),
        removed=sorted(was - now),
    )
