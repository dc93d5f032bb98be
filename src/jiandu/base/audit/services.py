"""record() is the last line of each service: one entry an act, in the same transaction, or nothing at all."""

import json
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction

from jiandu.base.audit.chain import GENESIS, hash_of, moment_words, payload_hash_of
from jiandu.base.audit.models import Entry, Head, Payload
from jiandu.base.core.clock import now
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer, allow


def record(
    viewer: Viewer,
    verb: str,
    thing: models.Model | None,
    payload: dict[str, Any] | None = None,
    *,
    level: int | None = None,
    outcome: str = "done",
) -> Entry:
    """Appends an entry. Raises RuntimeError outside a transaction: a log apart from its act could lie."""
    if not connection.in_atomic_block:
        raise RuntimeError("audit.record() belongs into the transaction of the act")
    head = _head()
    body = json.dumps(payload or {}, ensure_ascii=False, sort_keys=True, default=str)
    salt = secrets.token_hex(16)
    entry = Entry(
        seq=head.seq + 1,
        at=now(),
        actor=viewer.key,
        actor_name=viewer.name[:128],
        verb=verb,
        obj=name_of(thing),
        org=getattr(viewer.standing, "office_name", "") or "",
        level=getattr(thing, "level", 0) if level is None else level,
        outcome=outcome,
        payload_hash=payload_hash_of(salt, body),
        prev=head.hash,
    )
    entry.hash = hash_of(_values(entry))
    entry.save(force_insert=True)
    Payload(entry=entry, salt=salt, body=body).save(force_insert=True)
    Head.objects.filter(pk=1).update(seq=entry.seq, hash=entry.hash)
    return entry


def seen(viewer: Viewer, thing: models.Model, *, what: str) -> Entry:
    """A look at something of level ≥ 2, logged before it is shown. If this cannot be written, nothing is shown."""
    with transaction.atomic():
        return record(viewer, "seen", thing, payload={"what": what})


def erase_payload(viewer: Viewer, entry: Entry, *, reason: str) -> Entry:
    """Empties what was said in an act (personal information); the chain stays valid. Itself recorded."""
    with transaction.atomic():
        if not allow(viewer, "audit", Entry):
            raise Refused("not-allowed", "您没有“清除日志内容”的权限")
        if not reason.strip():
            raise Refused("reason-needed", "请写明清除原因")
        Payload.objects.filter(pk=entry.seq).update(body="")
        return record(viewer, "audit.erase_payload", None, payload={"seq": entry.seq, "reason": reason})


def name_of(thing: models.Model | None) -> str:
    """ "app.model:uid", or the key where there is no uid."""
    return "" if thing is None else f"{thing._meta.label_lower}:{getattr(thing, 'uid', thing.pk)}"


def _head() -> Head:
    head = Head.objects.select_for_update().filter(pk=1).first()
    return head or Head.objects.create(pk=1, seq=0, hash=GENESIS)


def _values(entry: Entry) -> tuple[Any, ...]:
    return (
        entry.seq, entry.at, entry.actor, entry.actor_name, entry.verb, entry.obj, entry.org, entry.level,
        entry.outcome, entry.payload_hash, entry.prev,
    )  # fmt: skip


def anchor_files() -> list[Path]:
    """Where checkpoints go: the data folder, and JIANDU_AUDIT_ANCHOR on another disk or host."""
    more = [Path(settings.AUDIT_ANCHOR)] if settings.AUDIT_ANCHOR else []
    return [Path(settings.DATA) / "audit-anchors.jsonl", *more]


def drop_anchor(files: Iterable[Path] | None = None) -> int:
    """Appends the head (number, hash, moment) to each anchor file, synced to disk. Gives the number; 0 for an empty log."""
    head = Head.objects.filter(pk=1).first()
    if head is None or head.seq == 0:
        return 0
    line = json.dumps({"seq": head.seq, "hash": head.hash, "at": moment_words(now())}) + "\n"
    for path in files or anchor_files():
        with path.open("a", encoding="utf-8") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
    return head.seq
