"""Child side: writes a checked archive again with some parts changed or added; every other entry keeps its very bytes.

Layout and field names: PKWARE APPNOTE 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (end).
"""

import os
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from .errors import SheetRefused

_END, _ENTRY, _LOCAL = struct.Struct("<4s4H2LH"), struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s5H3L2H")
_UTF8, _DEFLATED, _VERSION = 0x800, 8, 20
_DAY = 0x21  # 1980-01-01, the first day that the format knows: a new part tells no time


@dataclass(frozen=True, slots=True)
class Member:
    """One entry: its record in the directory, and where its bytes stand in the file (header, content, descriptor)."""

    name: str
    record: bytes
    start: int
    end: int


def members(fd: int) -> list[Member]:
    """The entries in the order of the directory of an archive that `inspect` has passed."""
    size = os.fstat(fd).st_size
    _, _, _, _, _, length, begin, _ = _END.unpack(os.pread(fd, _END.size, size - _END.size))
    records = list(_records(os.pread(fd, length, begin)))
    starts = sorted(start for _, _, start in records)
    following = dict(zip(starts, [*starts[1:], begin], strict=True))
    return [Member(name, record, start, following[start]) for name, record, start in records]


def _records(directory: bytes) -> Iterator[tuple[str, bytes, int]]:
    at = 0
    while at < len(directory):
        fields = _ENTRY.unpack_from(directory, at)
        name, extra, comment = fields[10:13]
        end = at + _ENTRY.size + name + extra + comment
        raw = directory[at + _ENTRY.size : at + _ENTRY.size + name]
        yield raw.decode("utf-8" if fields[3] & _UTF8 else "cp437"), directory[at:end], fields[16]
        at = end


def write_archive(fd: int, changed: Mapping[str, bytes], out: BinaryIO) -> None:
    """Write the archive `fd` to `out` with the contents of `changed` (by exact name), new names behind the others."""
    there = members(fd)
    places: dict[str, bytes] = {}
    at = 0
    for member in sorted(there, key=lambda one: one.start):
        content = changed.get(member.name)
        data, record = _kept(fd, member) if content is None else _made(member.name, content, member.record)
        places[member.name] = _placed(record, at)
        out.write(data)
        at += len(data)
    for name, content in changed.items():
        if name not in places:
            data, record = _made(name, content, b"")
            places[name] = _placed(record, at)
            out.write(data)
            at += len(data)
    directory = b"".join(places[name] for name in dict.fromkeys([*(one.name for one in there), *places]))
    out.write(directory)
    out.write(_END.pack(b"PK\x05\x06", 0, 0, len(places), len(places), len(directory), at, 0))


def _kept(fd: int, member: Member) -> tuple[bytes, bytes]:
    data = os.pread(fd, member.end - member.start, member.start)
    if len(data) != member.end - member.start:
        raise SheetRefused("damaged")
    return data, member.record


def _placed(record: bytes, at: int) -> bytes:
    return record[:42] + struct.pack("<L", at) + record[46:]


def _made(name: str, content: bytes, before: bytes) -> tuple[bytes, bytes]:
    """Local header with content, and the record; what else the entry's record said (attributes, extra) stays."""
    press = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = press.compress(content) + press.flush()
    fields: list[Any] = list(_ENTRY.unpack_from(before)) if before else [b"PK\x01\x02", _VERSION, *[0] * 15]
    flags: int = fields[3] & _UTF8 if before else 0 if name.isascii() else _UTF8
    raw = name.encode("utf-8" if flags else "cp437")
    fields[2:5] = [_VERSION, flags, _DEFLATED]
    fields[6] = fields[6] or _DAY
    fields[7:11] = [zlib.crc32(content), len(packed), len(content), len(raw)]
    tail = before[_ENTRY.size + len(raw) :]
    local = _LOCAL.pack(b"PK\x03\x04", _VERSION, flags, _DEFLATED, *fields[5:10], len(raw), 0)
    return local + raw + packed, _ENTRY.pack(*fields) + raw + tail
