"""The only writer of the log: one entry an act, in the same transaction as the act, or neither."""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from django.db import connection, models, transaction

from jiandu.base.audit import anchors
from jiandu.base.audit.hashes import ERASE, SALT_BYTES, canonical_body, hash_of_entry, moment, payload_hash_of
from jiandu.base.audit.models import Entry, Head, Payload
from jiandu.base.core import guard
from jiandu.base.core.clock import now
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.vendor import bulk

WIDEST = 128
_request: ContextVar[str] = ContextVar("audit_request", default="")


@contextmanager
def during(request_id: str) -> Iterator[None]:
    """Entries written in the block carry this request's id (at most 64 characters)."""
    token = _request.set(request_id[:64])
    try:
        yield
    finally:
        _request.reset(token)


def record(
    viewer: Viewer,
    verb: str,
    thing: models.Model | None,
    payload: dict[str, Any] | None = None,
    *,
    level: int | None = None,
    outcome: str = "done",
) -> Entry:
    """Appends an entry; the last line of each service, since on PostgreSQL it makes other writers wait for the commit.

    `payload` says what was done, as far as JSON goes (an import: its steps), never secrets. `level` is the thing's own
    if not given. Raises RuntimeError outside a transaction, TypeError or ValueError for a payload that JSON cannot
    hold, what the database raises when it refuses; after any of these the transaction cannot be committed.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("audit.record() belongs into the transaction of the act")
    try:
        body = "" if payload is None else canonical_body(payload)
        entry = Entry(
            actor=viewer.key[:WIDEST],
            actor_name=viewer.name[:WIDEST],
            verb=verb,
            obj=name_of(thing),
            org=str(getattr(viewer.standing, "office_name", "") or "")[:WIDEST],
            level=int(getattr(thing, "level", 0) if level is None else level),
            outcome=outcome,
            request_id=_request.get(),
        )
        return _append(entry, body)
    except Exception:
        transaction.set_rollback(True)
        raise


def seen(viewer: Viewer, thing: models.Model, *, what: str) -> Entry:
    """A look at what is of level ≥ 2 or sealed, logged before it is shown: call it before reading the content.

    Joins the transaction of the caller, or else commits at once. Raises as `record`; then nothing may be shown.
    """
    with transaction.atomic():
        return record(viewer, "seen", thing, {"what": what})


@transaction.atomic
def erase_payload(viewer: Viewer, entry: Entry, *, reason: str) -> Entry:
    """Empties what was said in an act (personal information); the chain stays valid. Gives the entry that records it.

    Raises Refused for who may not, without a reason, or where there is nothing to erase.
    """
    payload = Payload.objects.select_for_update().filter(pk=entry.pk).first()
    if not guard.allow(viewer, "audit", Entry):
        raise Refused("not-allowed", "您没有“清除日志内容”的权限")
    if not reason.strip():
        raise Refused("reason-needed", "请写明清除原因")
    if payload is None or not payload.body:
        raise Refused("nothing-to-erase", "该条日志没有内容可清除")
    payload.body = payload.salt = ""
    payload.save(update_fields=["body", "salt"])
    return record(viewer, ERASE, entry, {"reason": reason.strip()}, level=entry.level)


def drop_anchor(paths: Iterable[Path] | None = None) -> int:
    """Appends the log's head to each anchor file; idempotent. Gives its number, 0 for an empty log.

    One file that cannot be written does not keep the others from it: OSError comes last, naming the first such file.
    """
    head = Head.objects.get(pk=1)
    if head.seq == 0:
        return 0
    failures = []
    for path in anchors.files() if paths is None else paths:
        try:
            anchors.append(path, anchors.Anchor(head.seq, head.hash, moment(now())))
        except OSError as error:
            failures.append(error)
    if failures:
        raise failures[0]
    return head.seq


def name_of(thing: models.Model | None) -> str:
    """What stands in `obj`: "app.model:uid", or the key where there is no uid; "" for nothing."""
    return "" if thing is None else f"{thing._meta.label_lower}:{getattr(thing, 'uid', None) or thing.pk}"


def _append(entry: Entry, body: str) -> Entry:
    """Gives the entry its place in the chain. The row of the head is locked until the commit (SQLite has one writer)."""
    head = Head.objects.select_for_update().get(pk=1)
    salt = secrets.token_hex(SALT_BYTES) if body else ""
    entry.seq, entry.prev, entry.at = head.seq + 1, head.hash, now()
    entry.payload_hash = payload_hash_of(salt, body) if body else ""
    entry.hash = hash_of_entry(entry)
    bulk.insert(Entry, [entry])
    if body:
        bulk.insert(Payload, [Payload(entry=entry, salt=salt, body=body)])
    Head.objects.filter(pk=1).update(seq=entry.seq, hash=entry.hash)
    return entry
