"""Child side: what encoders and cameras write between coded pictures (SEI messages of H.264 and H.265) becomes filler of the same length.

ITU-T H.264 and H.265, 7.3.2.3 and annex D. Lengths stay, so nothing moves.
"""

from .boxes import Box, blank, cut, number, zero
from .errors import SheetRefused
from .profiles import without_makers

_FILLER = 3  # payload type of a message that says nothing
_DRAWS = frozenset((0, 1, 6, 45, 47, 128, 129, 130, 132, 136, 137, 144, 147))  # timing, recovery, orientation, colours
_AVC, _HEVC = frozenset((6,)), frozenset((39, 40))


def clean_units(data: bytearray, start: int, end: int, size_bytes: int, *, is_hevc: bool) -> None:
    """The units of a sample, each behind its size. Raises `SheetRefused` (damaged)."""
    at = start
    while at + size_bytes <= end:
        size = number(data, at, size_bytes)
        at += size_bytes
        if at + size > end:
            raise SheetRefused("damaged")
        if size:
            _clean_unit(data, at, at + size, is_hevc=is_hevc)
        at += size
    if at != end:
        raise SheetRefused("damaged")


def clean_sets(data: bytearray, box: Box) -> int:
    """The units of a configuration (avcC, hvcC; ISO/IEC 14496-15); gives how many bytes say the size of a unit."""
    if box.kind == b"avcC":
        return (number(data, box.start + 4, 1) & 3) + 1
    at = box.start + 23
    for _ in range(number(data, box.start + 22, 1)):
        count = number(data, at + 1, 2)
        at += 3
        for _ in range(count):
            size = number(data, at, 2)
            if at + 2 + size > box.end:
                raise SheetRefused("damaged")
            if size:
                _clean_unit(data, at + 2, at + 2 + size, is_hevc=True)
            at += 2 + size
    zero(data, min(at, box.end), box.end)
    return (number(data, box.start + 21, 1) & 3) + 1


def clean_colours(data: bytearray, box: Box) -> None:
    """`colr`: numbers, or a profile without the device that it is of."""
    kind = bytes(data[box.start : box.start + 4])
    if kind in (b"nclx", b"nclc"):
        cut(data, box, 11 if kind == b"nclx" else 10)
    elif kind in (b"prof", b"rICC"):
        data[box.start + 4 : box.end] = without_makers(bytes(data[box.start + 4 : box.end]))
    else:
        blank(data, box)


def _clean_unit(data: bytearray, start: int, end: int, *, is_hevc: bool) -> None:
    kind = (data[start] >> 1) & 0x3F if is_hevc else data[start] & 0x1F
    if kind not in (_HEVC if is_hevc else _AVC):
        return
    body = start + (2 if is_hevc else 1)
    if not all(each in _DRAWS for each in _messages(bytes(data[body:end]))):
        data[body:end] = _filler(end - body)


def _messages(body: bytes) -> list[int]:
    """The types of its messages; -1 for what cannot be read."""
    plain = body.replace(b"\x00\x00\x03", b"\x00\x00")
    at, found = 0, []
    while at < len(plain) and plain[at:].rstrip(b"\x00") not in (b"\x80", b""):
        kind, at = _grown(plain, at)
        size, at = _grown(plain, at)
        if at + size > len(plain):
            return [-1]
        found.append(kind)
        at += size
    return found


def _grown(plain: bytes, at: int) -> tuple[int, int]:
    total = 0
    while at < len(plain) and plain[at] == 0xFF:
        total, at = total + 255, at + 1
    return (total + plain[at], at + 1) if at < len(plain) else (len(plain), at)


def _filler(room: int) -> bytes:
    """Messages of so many bytes in all, with their end: filler payload, or as good as none in a room too small for one."""
    out, left = b"", room - 1
    while left >= 2:
        payload = min(left - 2, 254)
        if left - 2 - payload == 1:  # one byte is no message
            payload -= 1
        out += bytes([_FILLER, payload]) + b"\xff" * payload
        left -= 2 + payload
    return out + b"\x00" * left + b"\x80" if room else b""
