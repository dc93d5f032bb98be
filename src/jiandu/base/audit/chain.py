"""Reads the whole log, in order and in constant memory, and says whether it holds.

By itself the chain shows edits, gaps and strangers. Whoever rewrites everything from an entry on, or rolls the database
back, leaves a chain that holds: only anchors, kept elsewhere, show that.
"""

# ruff: noqa: S608 -- the names in this statement are constants of the program

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection

from jiandu.base.audit import anchors as files
from jiandu.base.audit.hashes import COLUMNS, ERASE, SALT_BYTES, hash_of, payload_hash_of
from jiandu.base.audit.models import GENESIS, Entry, Head, Payload
from jiandu.base.core.vendor.moments import utc_text

CHUNK = 5_000
FIRST = -(2**63)
PAYLOAD_HASH, PREV, HASH, SALT, BODY = 10, 11, 12, 13, 14  # places in a row
NO_ANCHORS = (
    "未对照锚点:只能发现改动,不能发现整体重写或末尾回滚",
    "without anchors: edits show, a full rewrite or a rolled-back tail does not",
)
EXIT_CODES = {"intact": 0, "broken": 1, "unknown": 2}


@dataclass(frozen=True)
class Verdict:
    """intact | broken | unknown. `entries`: how many hold. Up to `anchored_to` no rewriting went unseen either.

    `first_bad_seq`: the first entry that does not hold; where an anchor disagrees, the first after the last one that
    agrees. `notes` are for people, in both languages.
    """

    status: str
    entries: int
    reason_zh: str
    reason_en: str
    first_bad_seq: int | None = None
    anchored_to: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fault:
    """The first thing that does not hold."""

    seq: int
    zh: str
    en: str


def verify_chain(*, anchors: Path | None = None) -> Verdict:
    """Judges the log, against the anchors of a file when one is given.

    A fault makes it broken, anchors or not. An anchor file that cannot be read, or a log that cannot, makes it unknown.
    The log may grow meanwhile.
    """
    walk = _Walk()
    try:
        trouble = walk.take_anchors(anchors) if anchors else None
        fault = walk.to_the_end()
    except DatabaseError as error:
        return _verdict(walk, "unknown", ("读取日志失败", f"the log cannot be read: {error}"))
    if fault is not None:
        return _verdict(walk, "broken", (fault.zh, fault.en), fault.seq)
    if trouble is not None:
        return _verdict(walk, "unknown", (f"锚点文件无法使用:{anchors}", f"the anchor file is of no use: {trouble}"))
    if anchors is None:
        return _verdict(walk, "intact", (f"链条完整。{NO_ANCHORS[0]}", f"The chain holds; {NO_ANCHORS[1]}"))
    return _verdict(walk, "intact", ("链条完整,与锚点一致", "The chain holds and agrees with the anchors"))


def report(verdict: Verdict) -> tuple[int, dict[str, Any]]:
    """(exit code: 0 intact, 1 broken, 2 cannot tell; the verdict as a dictionary for --json)."""
    return EXIT_CODES[verdict.status], asdict(verdict)


class _Walk:
    """What has been read, and what is proven of it."""

    def __init__(self) -> None:
        self.count = 0
        self.last = GENESIS
        self.points: defaultdict[int, set[str]] = defaultdict(set)
        self.confirmed = 0
        self.payloads = 0
        self.erased = 0
        self.emptied: int | None = None  # the first payload that was emptied without a record
        self.notes: list[str] = []

    def take_anchors(self, path: Path) -> str | None:
        """What is wrong with the file, if anything."""
        try:
            found, is_torn = files.read(path)
        except files.Unreadable as error:
            return str(error)
        for anchor in found:
            self.points[anchor.seq].add(anchor.hash)
        if is_torn:
            self.notes.append(
                "锚点文件最后一行不完整,未采用 · the last line of the anchor file is torn and was left out"
            )
        return None

    def to_the_end(self) -> Fault | None:
        """The first fault. Reads the head before and after, since others may be writing."""
        before = Head.objects.filter(pk=1).first()
        for row in _rows():
            fault = self._judge(row)
            if fault is not None:
                return fault
        return self._tail(before) or self._loose_payloads()

    def _judge(self, row: tuple[Any, ...]) -> Fault | None:
        seq = self.count + 1
        if row[0] != seq:
            return _out_of_order(row[0], seq)
        if not _is_own(row):
            return Fault(seq, f"第{seq}条被改动", f"entry {seq} was changed")
        if row[PREV] != self.last:
            first = max(self.confirmed + 1, seq - 1)
            return Fault(first, f"第{seq}条与前一条不衔接", f"entry {seq} does not follow the one before it")
        if row[PAYLOAD_HASH] or row[SALT] is not None:
            fault = self._judge_payload(seq, row)
            if fault is not None:
                return fault
        if seq in self.points:
            if self.points[seq] != {row[HASH]}:
                return self._rewritten(seq)
            self.confirmed = seq
        self.count, self.last = seq, row[HASH]
        return None

    def _judge_payload(self, seq: int, row: tuple[Any, ...]) -> Fault | None:
        expected, salt, body = row[PAYLOAD_HASH], row[SALT], row[BODY]
        self.payloads += 1
        if salt is None:
            return Fault(seq, f"第{seq}条的内容缺失", f"the payload of entry {seq} is missing")
        if not expected:
            return Fault(seq, f"第{seq}条多出内容", f"entry {seq} has a payload that it was written without")
        if salt == "" and body == "":
            self.erased += 1
            if self.emptied is None and not _is_erased(seq):
                self.emptied = seq
            return None
        if len(salt) == 2 * SALT_BYTES and payload_hash_of(salt, body) == expected:
            return None
        return Fault(seq, f"第{seq}条的内容被改动", f"the payload of entry {seq} was changed")

    def _rewritten(self, seq: int) -> Fault:
        first = self.confirmed + 1
        return Fault(
            first,
            f"第{first}条至第{seq}条被重写:第{seq}条与锚点不符",
            f"entries {first} to {seq} were rewritten: entry {seq} differs from its anchor",
        )

    def _tail(self, before: Head | None) -> Fault | None:
        """Is everything there that the anchors and the head speak of, and nothing behind the head?"""
        after = Head.objects.filter(pk=1).first()
        if before is None or after is None:
            return Fault(self.count + 1, "日志的末尾标记缺失", "the head of the log is missing")
        promised = max(before.seq, max(self.points, default=0))
        if promised > self.count:
            zh = f"末尾缺失:应有{promised}条,现有{self.count}条"
            return Fault(
                self.count + 1, zh, f"the tail is missing: {promised} entries were written, {self.count} are there"
            )
        if after.seq < self.count:
            zh = f"第{after.seq + 1}条起不是由系统写入"
            return Fault(after.seq + 1, zh, f"from entry {after.seq + 1} on the head does not know them")
        if after.seq == self.count and after.hash != self.last:
            return Fault(max(1, self.count), "末尾标记与最后一条不符", "the head does not agree with the last entry")
        return None

    def _loose_payloads(self) -> Fault | None:
        """Judged last: where the tail is gone, the records of erasures are gone with it."""
        seq = self.emptied
        if seq is not None:
            return Fault(
                seq, f"第{seq}条的内容被清空而无记录", f"the payload of entry {seq} was emptied without a record"
            )
        if Payload.objects.filter(pk__lte=self.count).count() != self.payloads:
            return Fault(self.count + 1, "有不属于任何条目的内容", "there are payloads without an entry")
        return None


def _rows() -> Iterator[tuple[Any, ...]]:
    """(COLUMNS, hash, salt, body) of each entry in order; salt and body None where there is no payload.

    By key, a part at a time: the same on both databases, and no long transaction keeps others from cleaning up.
    """
    at = utc_text(connection.vendor, "e.at")
    columns = ", ".join(at if name == "at" else f"e.{name}" for name in (*COLUMNS, "hash"))
    statement = (
        f"SELECT {columns}, p.salt, p.body FROM {Entry._meta.db_table} e"
        f" LEFT JOIN {Payload._meta.db_table} p ON p.entry_id = e.seq WHERE e.seq >= %s ORDER BY e.seq LIMIT {CHUNK}"
    )
    first = FIRST
    while True:
        with connection.cursor() as cursor:
            cursor.execute(statement, [first])
            rows = cursor.fetchall()
        yield from rows
        if len(rows) < CHUNK:
            return
        first = rows[-1][0] + 1


def _is_own(row: tuple[Any, ...]) -> bool:
    """Is the entry's hash its own? What SQLite stored as bytes cannot be written down, and was not written by us."""
    try:
        return hash_of(row[:HASH]) == row[HASH]
    except (TypeError, ValueError):
        return False


def _out_of_order(found: Any, expected: int) -> Fault:
    if isinstance(found, int) and found < expected:
        return Fault(found, f"多出第{found}条", f"entry {found} does not belong")
    return Fault(expected, f"第{expected}条缺失", f"entry {expected} is missing")


def _is_erased(seq: int) -> bool:
    """Does a later entry record it? That one is judged when the walk comes to it."""
    return Entry.objects.filter(obj=f"{Entry._meta.label_lower}:{seq}", verb=ERASE, seq__gt=seq).exists()


def _verdict(walk: _Walk, status: str, reason: tuple[str, str], first_bad: int | None = None) -> Verdict:
    notes = list(walk.notes)
    if walk.erased:
        notes.append(f"{walk.erased}条的内容已依规清除 · payloads erased on record: {walk.erased}")
    if status != "broken" and not walk.confirmed:
        notes.append(" · ".join(NO_ANCHORS))
    return Verdict(
        status=status,
        entries=walk.count,
        reason_zh=reason[0],
        reason_en=reason[1],
        first_bad_seq=first_bad,
        anchored_to=walk.confirmed or None,
        notes=tuple(notes),
    )
