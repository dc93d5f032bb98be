"""Checkpoints of the log in files that the database's administrator does not hold: one line of JSON each.

Only against anchors can a rewrite of the whole log, or a tail rolled back, be found. A line once synced stays; a line
torn by a crash is cut off by the next writer. Keep a second file on another machine (JIANDU_AUDIT_ANCHOR).
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

BLOCK = 4096


class Unreadable(ValueError):
    """The anchor file is missing, or holds something else than anchors: nothing can be concluded from it."""


@dataclass(frozen=True)
class Anchor:
    """At that moment (UTC) the log ended with entry `seq`, which had this hash."""

    seq: int
    hash: str
    at: str


def files() -> list[Path]:
    """Where checkpoints go: the data folder, and JIANDU_AUDIT_ANCHOR on another disk or machine."""
    more = [Path(settings.AUDIT_ANCHOR)] if settings.AUDIT_ANCHOR else []
    return [Path(settings.DATA) / "audit-anchors.jsonl", *more]


def append(path: Path, anchor: Anchor) -> bool:
    """Adds the anchor as one line, synced to disk; False where it is the last line already. Raises OSError."""
    line = (json.dumps(asdict(anchor)) + "\n").encode()
    with _locked(path) as file:
        last = _last_line(file)
        if last is not None and (last.seq, last.hash) == (anchor.seq, anchor.hash):
            return False
        if os.write(file, line) != len(line):
            raise OSError(f"the anchor was not written whole: {path}")
        os.fsync(file)
    _sync_folder(path.parent)
    return True


def read(path: Path) -> tuple[list[Anchor], bool]:
    """(the anchors in the order of the file; whether a torn last line was left out).

    Raises Unreadable for a missing file, an empty one, or a line in it that is no anchor.
    """
    try:
        *lines, rest = path.read_text(encoding="utf-8").split("\n")
        anchors = [_parse(line) for line in lines]
    except (OSError, ValueError) as error:
        raise Unreadable(f"{path}: {error}") from error
    if not anchors:
        raise Unreadable(f"{path}: no anchors")
    return anchors, bool(rest)


def _parse(line: str) -> Anchor:
    """Raises ValueError for a line that is no anchor."""
    said = json.loads(line)
    if not isinstance(said, dict) or said.keys() != {"seq", "hash", "at"}:
        raise ValueError(f"not an anchor: {line[:80]}")
    anchor = Anchor(**said)
    if type(anchor.seq) is not int or anchor.seq < 1 or not isinstance(anchor.hash, str):
        raise ValueError(f"not an anchor: {line[:80]}")
    return anchor


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)


def _last_line(file: int) -> Anchor | None:
    """The last anchor; cuts off what a crash left behind it. None in an empty file."""
    size = os.fstat(file).st_size
    tail = os.pread(file, BLOCK, max(0, size - BLOCK))
    whole = tail.rfind(b"\n") + 1
    if whole < len(tail):
        os.ftruncate(file, size - len(tail) + whole)
    lines = tail[:whole].splitlines()
    try:
        return _parse(lines[-1].decode()) if lines else None
    except ValueError:
        return None


def _sync_folder(folder: Path) -> None:
    """So that a new file's name survives a power cut too."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
