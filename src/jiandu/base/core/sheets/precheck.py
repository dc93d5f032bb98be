"""Looks at the outside of an upload before anything is unpacked: what it is, and whether its zip structure is honest.

Own reading of the central directory, because CPython 3.11.7's `zipfile` accepts overlapping entries (security.md F4).
Layout and field names: PKWARE APPNOTE 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (end).
"""

import os
import stat
import struct
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from .errors import SheetRefused
from .limits import MIB, Limits
from .parts import Part

_END, _ENTRY, _LOCAL = struct.Struct("<4s4H2LH"), struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s5H3L2H")
_ZIP64 = 0xFFFFFFFF
_SLACK = 4096  # bytes that no entry owns (data descriptors, an unneeded zip64 record): more is something hidden
_RATIO_FLOOR = MIB  # small parts of blanks compress beyond any ratio and harm nobody
_STORED, _DEFLATED = 0, 8

_FORMATS = (
    (b"%PDF", "PDF 文档"),
    (b"{\\rtf", "RTF 文档"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"\x1f\x8b", "gzip 压缩包"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"MZ", "可执行程序"),
    (b"\x7fELF", "可执行程序"),
)


def kind_of(fd: int, limits: Limits) -> str:
    """What an upload is by its first bytes: "zip" or "text"; anything else is refused with its name."""
    size = os.fstat(fd).st_size
    if not size:
        raise SheetRefused("empty")
    if size > limits.file_bytes:
        raise SheetRefused("file_too_big", limit=limits.file_bytes // MIB)
    head = os.pread(fd, 4096, 0)
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        sealed = "EncryptedPackage".encode("utf-16-le") in os.pread(fd, MIB, 0) + os.pread(fd, MIB, max(0, size - MIB))
        raise SheetRefused("password" if sealed else "old_excel")
    _refuse_other(head)
    return "text"


def _refuse_other(head: bytes) -> None:
    for magic, name in _FORMATS:
        if head.startswith(magic):
            raise SheetRefused("not_a_sheet", kind=name)
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):  # many systems export a page and name it .xls
        raise SheetRefused("not_a_sheet", kind="网页或 XML 文件")
    if head.count(0) * 10 > len(head) and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SheetRefused("not_a_sheet", kind="二进制文件")


def inspect(fd: int, limits: Limits) -> dict[str, Part]:
    """The parts of the zip file `fd` by lower-case name; raises `SheetRefused` on anything an honest workbook lacks.

    Reads the directories only: at most 4 MiB, whatever the file claims.
    """
    size = os.fstat(fd).st_size
    end, directory = _directory(fd, size, limits)
    entries = list(_entries(directory, limits))
    if len(entries) != end:
        raise SheetRefused("damaged")
    found = [_located(fd, entry) for entry in entries]
    spans = sorted((low, high) for _, low, high in found)
    _check_spans(spans, size - _END.size - len(directory))
    parts = [part for part, _, _ in found]
    _check_sizes(parts, limits)
    named = {part.name.casefold(): part for part in parts}
    if len(named) != len(parts):
        raise SheetRefused("duplicate_names")
    return named


def _directory(fd: int, size: int, limits: Limits) -> tuple[int, bytes]:
    tail = os.pread(fd, min(size, _END.size + 65_535), max(0, size - _END.size - 65_535))
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise SheetRefused("damaged")
    _, disk, first, here, count, length, offset, comment = _END.unpack_from(tail, at)
    if len(tail) - at != _END.size or comment:
        raise SheetRefused("polyglot")
    if count > limits.parts:
        raise SheetRefused("too_many_parts", limit=limits.parts)
    if disk or first or here != count or _ZIP64 in (length, offset) or length > 4 * MIB:
        raise SheetRefused("damaged")
    if offset + length > size - _END.size:
        raise SheetRefused("damaged")
    if size - _END.size - offset - length > _SLACK:
        raise SheetRefused("polyglot")
    return count, os.pread(fd, length, offset)


@dataclass(frozen=True, slots=True)
class _Entry:
    raw_name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int

    @property
    def name(self) -> str:
        return self.raw_name.decode("utf-8" if self.flags & 0x800 else "cp437", "replace")


def _entries(directory: bytes, limits: Limits) -> Iterator[_Entry]:
    at = seen = 0
    while at < len(directory):
        if len(directory) - at < _ENTRY.size or directory[at : at + 4] != b"PK\x01\x02":
            raise SheetRefused("damaged")
        fields = _ENTRY.unpack_from(directory, at)
        flags, method, crc, packed, size = fields[3], fields[4], *fields[7:10]
        names, extra, comment, attributes, offset = *fields[10:13], fields[15], fields[16]
        start = at + _ENTRY.size
        entry = _Entry(directory[start : start + names], flags, method, crc, packed, size, offset)
        _check_entry(entry, attributes >> 16)
        yield entry
        at, seen = start + names + extra + comment, seen + 1
        if seen > limits.parts:
            raise SheetRefused("too_many_parts", limit=limits.parts)
    if at != len(directory):
        raise SheetRefused("damaged")


def _check_entry(entry: _Entry, mode: int) -> None:
    _check_name(entry.name)
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise SheetRefused("symlink")
    if entry.flags & 0x2041:  # encrypted, strongly encrypted, masked headers
        raise SheetRefused("encrypted_part")
    if entry.method not in (_STORED, _DEFLATED):
        raise SheetRefused("compression")
    if _ZIP64 in (entry.packed, entry.size, entry.offset) or (entry.method == _STORED and entry.packed != entry.size):
        raise SheetRefused("damaged")
    _check_content(entry.name.casefold())


def _check_name(name: str) -> None:
    steps = name.removesuffix("/").split("/")
    # An absolute name has an empty first step; a colon or backslash is a Windows path.
    if len(name) > 255 or any(step in ("", ".", "..") for step in steps) or set(name) & set("\\:"):
        raise SheetRefused("bad_names")
    if any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in name) or "\ufffd" in name:
        raise SheetRefused("bad_names")


def _check_content(name: str) -> None:
    if name.endswith("vbaproject.bin") or "/macrosheets/" in name:
        raise SheetRefused("macros")
    if "/embeddings/" in name or "/activex/" in name or "oleobject" in name:
        raise SheetRefused("embedded")
    if "/externallinks/" in name or "/querytables/" in name or name.endswith("xl/connections.xml"):
        raise SheetRefused("external_link")


def _located(fd: int, entry: _Entry) -> tuple[Part, int, int]:
    header = os.pread(fd, _LOCAL.size, entry.offset)
    if len(header) < _LOCAL.size or header[:4] != b"PK\x03\x04":
        raise SheetRefused("damaged")
    _, _, flags, method, _, _, _, _, _, names, extra = _LOCAL.unpack(header)
    if flags & 0x2041:
        raise SheetRefused("encrypted_part")
    # The two headers must tell one story, or two programs would read two different workbooks.
    if method != entry.method or os.pread(fd, names, entry.offset + _LOCAL.size) != entry.raw_name:
        raise SheetRefused("damaged")
    start = entry.offset + _LOCAL.size + names + extra
    part = Part(entry.name, start, entry.packed, entry.size, entry.crc, deflated=method == _DEFLATED)
    return part, entry.offset, start + entry.packed


def _check_spans(spans: list[tuple[int, int]], end: int) -> None:
    reached = slack = 0
    for low, high in spans:
        if low < reached:
            raise SheetRefused("overlap")
        slack, reached = slack + low - reached, high
    if reached > end:
        raise SheetRefused("overlap")
    if not spans or spans[0][0] or slack + end - reached > _SLACK + 24 * len(spans):  # 24: the longest data descriptor
        raise SheetRefused("polyglot")


def _check_sizes(parts: list[Part], limits: Limits) -> None:
    if sum(part.size for part in parts) > limits.unpacked_bytes:
        raise SheetRefused("unpacked_too_big", limit=limits.unpacked_bytes // MIB)
    if any(part.size > _RATIO_FLOOR and part.size > limits.ratio * part.packed for part in parts):
        raise SheetRefused("bomb", limit=limits.ratio)
