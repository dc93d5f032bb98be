"""Child side: the boxes of ISO base media files (ISO/IEC 14496-12: MP4, MOV, M4A, 3GP, HEIC), read and blanked where they stand.

Nothing moves: offsets of samples and items stay true. A box that is taken out becomes `free` with nothing in it.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from .errors import SheetRefused

_OFTEN = frozenset((b"trak", b"colr", b"mdat", b"ispe"))
_BRANDS = frozenset(
    (
        *(b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9", b"mp41", b"mp42", b"avc1", b"hvc1"),
        *(b"qt  ", b"M4A ", b"M4V ", b"M4B ", b"MSNV", b"mmp4", b"3gp4", b"3gp5", b"3gp6", b"3gp7", b"3gp8", b"3gp9", b"3gr6"),
        *(b"3gs6", b"3ge6", b"3ge9", b"3gg6", b"3gh9", b"3g2a", b"3g2b", b"3g2c", b"dash", b"dby1", b"heic", b"heix", b"heim"),
        *(b"heis", b"hevc", b"hevx", b"mif1", b"mif2", b"msf1", b"miaf", b"MiHB", b"MiHE", b"MiHA", b"MiPr", b"tmap"),
    )
)  # fmt: skip
_MOST = 200_000  # boxes, samples and items of a file


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its name, and where it, its content and the next one begin."""

    kind: bytes
    at: int
    start: int
    end: int


def boxes(data: bytearray, start: int, end: int) -> Iterator[Box]:
    """The boxes that lie side by side from `start` to `end`. Raises `SheetRefused` (damaged)."""
    at, seen = start, 0
    while at + 8 <= end:
        size, kind = number(data, at, 4), bytes(data[at + 4 : at + 8])
        head = 8
        if size == 1:
            size, head = number(data, at + 8, 8), 16
        elif size == 0:
            size = end - at
        seen += 1
        if size < head or at + size > end or seen > _MOST:
            raise SheetRefused("damaged")
        yield Box(kind, at, at + head, at + size)
        at += size
    if any(data[at:end]):
        raise SheetRefused("damaged")


def first(data: bytearray, start: int, end: int, *path: bytes) -> Box | None:
    """The first box on this way down."""
    found: Box | None = None
    for kind in path:
        found = next((box for box in boxes(data, start, end) if box.kind == kind), None)
        if found is None:
            return None
        start, end = found.start, found.end
    return found


def number(data: bytearray, at: int, size: int) -> int:
    """An unsigned number, most significant byte first. Raises `SheetRefused` (damaged) behind the end."""
    if at < 0 or at + size > len(data):
        raise SheetRefused("damaged")
    return int.from_bytes(data[at : at + size], "big")


def zero(data: bytearray, start: int, end: int) -> None:
    """Nothing stands there any more."""
    if not 0 <= start <= end <= len(data):
        raise SheetRefused("damaged")
    data[start:end] = bytes(end - start)


def blank(data: bytearray, box: Box) -> None:
    """The box is `free` from now on."""
    data[box.at + 4 : box.at + 8] = b"free"
    zero(data, box.start, box.end)


def only(data: bytearray, box: Box, kept: frozenset[bytes], *, skip: int = 0) -> list[Box]:
    """Blanks every child but those of these kinds, which it gives. Raises `SheetRefused` (damaged) for two where one is read."""
    there: list[Box] = []
    for child in boxes(data, box.start + skip, box.end):
        if child.kind not in kept:
            blank(data, child)
            continue
        if child.kind not in _OFTEN and any(child.kind == other.kind for other in there):
            raise SheetRefused("damaged")
        there.append(child)
    return there


def cut(data: bytearray, box: Box, size: int) -> None:
    """Behind so many bytes of content stands nothing."""
    zero(data, min(box.start + size, box.end), box.end)


def clean_brands(data: bytearray, box: Box) -> None:
    """Which readers it suits: brands that we know; the number of the program's version goes."""
    zero(data, box.start + 4, min(box.start + 8, box.end))
    plain = b"mp42"
    for at in (box.start, *range(box.start + 8, box.end - 3, 4)):
        brand = bytes(data[at : at + 4])
        if brand not in _BRANDS:
            data[at : at + 4] = plain
        elif at == box.start:
            plain = brand
    zero(data, box.end - (box.end - box.start) % 4, box.end)


def only_here(data: bytearray, box: Box) -> None:
    """`dinf`: the data lie in the file itself, else a path would say where. Raises `SheetRefused` (external_link)."""
    for places in only(data, box, frozenset((b"dref",))):
        for entry in boxes(data, places.start + 8, places.end):
            if not number(data, entry.start, 4) & 1:
                raise SheetRefused("external_link")
            zero(data, entry.start + 4, entry.end)


def keep_spans(data: bytearray, places: list[Box], spans: list[tuple[int, int]]) -> None:
    """Of the content of these boxes only these stretches (offset, size) stay. Raises `SheetRefused` for one that lies elsewhere."""
    kept = sorted((at, at + size) for at, size in spans if size)
    at = 0
    for place in sorted(places, key=lambda each: each.start):
        begin = place.start
        while at < len(kept) and kept[at][0] < place.end:
            low, high = kept[at]
            if low < place.start or high > place.end:
                raise SheetRefused("damaged")
            if low > begin:
                zero(data, begin, low)
            begin, at = max(begin, high), at + 1
        zero(data, begin, place.end)
    if at < len(kept):
        raise SheetRefused("damaged")


def table(data: bytearray, box: Box, form: str, *, at: int = 4) -> list[tuple[int, ...]]:
    """Rows of a full box that says how many they are, then lists them."""
    count, row = number(data, box.start + at, 4), struct.Struct(form)
    start = box.start + at + 4
    if count > _MOST * 10 or start + count * row.size > box.end:
        raise SheetRefused("damaged")
    return list(row.iter_unpack(bytes(data[start : start + count * row.size])))
