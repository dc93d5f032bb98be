"""The canonical form, the hashes, and the verification of the whole chain. Needs nothing but the tables and an anchor file.

hash = SHA-256(0x00 ‖ canonical row without hash); payload_hash = SHA-256(salt ‖ body). Without anchors verification finds
edits, not a rewrite of the whole log or a rolled-back tail: it says so.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db.models import F

from jiandu.base.audit.models import Entry

GENESIS = "0" * 64
COLUMNS = ("seq", "at", "actor", "actor_name", "verb", "obj", "org", "level", "outcome", "payload_hash", "prev")


def canonical(values: tuple[Any, ...]) -> bytes:
    """The row as bytes: a JSON list of COLUMNS, times in UTC to the microsecond."""
    seq, at, *rest = values
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    return json.dumps([seq, moment, *rest], ensure_ascii=False, separators=(",", ":")).encode()


def hash_of(values: tuple[Any, ...]) -> str:
    return hashlib.sha256(b"\x00" + canonical(values)).hexdigest()


def payload_hash_of(salt: str, body: str) -> str:
    return hashlib.sha256(f"{salt}{body}".encode()).hexdigest()


@dataclass(frozen=True)
class Verdict:
    """status: intact | broken | unknown. `first_bad`: the first entry that does not hold."""

    status: str
    entries: int
    first_bad: int | None = None
    reason_zh: str = ""
    reason_en: str = ""
    erased: int = 0
    anchored_to: int | None = None


def verify_chain(*, anchors: Path | None = None) -> Verdict:
    """Reads every entry once, in constant memory. Compares with the anchors when a file is given."""
    points = _read_anchors(anchors) if anchors is not None else {}
    if points is None:
        return Verdict("unknown", 0, None, f"锚点文件无法读取:{anchors}", f"the anchor file cannot be read: {anchors}")
    prev, expected, erased = GENESIS, 1, 0
    for values, said, salt, body in _entries():
        problem = (
            _problem(values, said, prev, expected)
            or _payload_problem(values, salt, body)
            or _anchor_problem(points, expected, said)
        )
        if problem:
            return Verdict("broken", expected - 1, expected, *problem)
        erased += body == ""
        prev, expected = said, expected + 1
    count = expected - 1
    last = max(points, default=0)
    if last > count:
        return Verdict(
            "broken",
            count,
            count + 1,
            f"日志末尾缺失:锚点记到第{last}条,现只有{count}条",
            f"the tail is missing: anchored to {last}, found {count}",
        )
    if anchors is None or not points:
        zh = "链条完整。未对照锚点:只能发现改动,不能发现整体重写或末尾回滚"
        en = "The chain holds. Without anchors: edits would show, a full rewrite or a rolled-back tail would not"
        return Verdict("intact", count, None, zh, en, erased)
    return Verdict(
        "intact", count, None, "链条完整,与锚点一致", "The chain holds and agrees with the anchors", erased, last
    )


def _entries() -> Iterator[tuple[tuple[Any, ...], str, str, str]]:
    rows = Entry.objects.order_by("seq").annotate(salt=F("payload__salt"), body=F("payload__body"))
    for row in rows.values_list(*COLUMNS, "hash", "salt", "body").iterator(chunk_size=5000):
        yield row[:-3], row[-3], row[-2], row[-1]


def _problem(values: tuple[Any, ...], said: str, prev: str, expected: int) -> tuple[str, str] | None:
    if values[0] != expected:
        return f"第{expected}条缺失", f"entry {expected} is missing"
    if values[-1] != prev:
        return f"第{expected}条与前一条不衔接", f"entry {expected} does not follow the one before"
    if hash_of(values) != said:
        return f"第{expected}条内容被改动", f"entry {expected} was changed"
    return None


def _payload_problem(values: tuple[Any, ...], salt: str | None, body: str | None) -> tuple[str, str] | None:
    if salt is None or body is None:
        return f"第{values[0]}条的内容行缺失", f"the payload row of entry {values[0]} is missing"
    if body and payload_hash_of(salt, body) != values[9]:
        return f"第{values[0]}条的内容被改动", f"the payload of entry {values[0]} was changed"
    return None


def _anchor_problem(points: dict[int, str], seq: int, said: str) -> tuple[str, str] | None:
    if points.get(seq, said) != said:
        return (
            f"第{seq}条与锚点不符:此前的日志被重写",
            f"entry {seq} differs from its anchor: the log before it was rewritten",
        )
    return None


def _read_anchors(path: Path) -> dict[int, str] | None:
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        return {int(row["seq"]): str(row["hash"]) for row in rows}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def report(verdict: Verdict) -> tuple[int, dict[str, Any]]:
    """(exit code 0 intact, 1 broken, 2 cannot tell; the verdict as a dictionary)."""
    return {"intact": 0, "broken": 1, "unknown": 2}[verdict.status], asdict(verdict)


def moment_words(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
