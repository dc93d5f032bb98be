"""Child side: JPEG, PNG, WebP and GIF segment by segment. The picture itself is not coded anew; only what draws it is kept.

Layouts: ITU-T T.81 annex B and JFIF 1.02; PNG third edition (W3C); RFC 9649 (WebP). How a telephone was held stays, as the one
number of EXIF that turns the picture; profiles of colour go, for they name the device.
"""

import struct
import zlib
from collections.abc import Iterator

from .cleaned_gif import clean_gif
from .errors import SheetRefused

_SCAN, _END, _APP0, _APP1, _ADOBE, _COMMENT = 0xDA, 0xD9, 0xE0, 0xE1, 0xEE, 0xFE
_TABLES, _CODES, _LINES, _RESTART = 0xDB, 0xC4, 0xDC, 0xDD
_FRAMES = frozenset(range(0xC0, 0xD0)) - {_CODES, 0xC8, 0xCC}
_DRAWS_JPEG = _FRAMES | {_TABLES, _CODES, _LINES, _RESTART, _SCAN, 0xCC}
_HIERARCHIC = frozenset((0xDE, 0xDF))
_ALONE = {0x01, *range(0xD0, 0xD8)}  # markers without a length
_PNG = b"\x89PNG\r\n\x1a\n"
_DRAWS_PNG = {
    b"IHDR",
    b"PLTE",
    b"IDAT",
    b"IEND",
    b"tRNS",
    b"gAMA",
    b"cHRM",
    b"sRGB",
    b"acTL",
    b"fcTL",
    b"fdAT",
}
_BLOCK = 1 << 20
_PNG_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"
_PNG_MOST = {b"IHDR": 13, b"PLTE": 768, b"tRNS": 256, b"gAMA": 4, b"cHRM": 32, b"sRGB": 1, b"acTL": 8, b"fcTL": 26}
_DRAWS_WEBP = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"}
_OF_FRAME = {b"VP8 ", b"VP8L", b"ALPH"}
_TOLD = 0x20 | 0x08 | 0x04  # flags of VP8X: profile, EXIF, XMP
_ORIENTATION = 0x0112


def is_picture(content: bytes) -> bool:
    """Whether it is one of the four, by its first bytes."""
    return content.startswith((b"\xff\xd8\xff", _PNG, b"GIF87a", b"GIF89a")) or (
        content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    )


def clean_picture(content: bytes) -> bytes:
    """The same picture. Raises `SheetRefused` (damaged)."""
    try:
        if content.startswith(_PNG):
            return _PNG + b"".join(_png(content))
        if content.startswith(b"GIF8"):
            return b"".join(clean_gif(content))
        return _webp(content) if content.startswith(b"RIFF") else _jpeg(content)
    except (struct.error, IndexError):
        raise SheetRefused("damaged") from None


def _jpeg(content: bytes) -> bytes:
    kept, turned, jfif = [], 1, b""
    for marker, segment in _segments(content):
        if marker == _APP0 and segment[4:9] == b"JFIF\x00":
            jfif = b"\xff\xe0\x00\x10" + segment[4:16] + b"\x00\x00"  # without the thumbnail
        elif marker == _APP1 and segment[4:10] == b"Exif\x00\x00":
            turned = _orientation(segment[10:]) or turned
        elif marker in _HIERARCHIC:
            raise SheetRefused("damaged")
        elif marker in _DRAWS_JPEG or (marker == _ADOBE and segment[4:9] == b"Adobe"):
            kept.append(_cut(marker, segment))
    turn = _turn(turned) if turned != 1 else b""
    return b"".join([b"\xff\xd8", jfif, turn, *kept, b"\xff\xd9"])


def _cut(marker: int, segment: bytes) -> bytes:
    """The segment without what hangs on it: its parts say how long they are."""
    (length,) = struct.unpack_from(">H", segment, 2)
    at = 4
    if marker == _ADOBE:
        at = 16
    elif marker in _FRAMES:
        at = 10 + 3 * segment[9]
    elif marker == _SCAN:
        at = 8 + 2 * segment[4]
    elif marker in (_LINES, _RESTART):
        at = 6
    elif marker == 0xCC:
        at = 2 + length
    else:
        while at < 2 + length and (size := _table(marker, segment, at)) and at + size <= 2 + length:
            at += size
    if at > 2 + length:
        raise SheetRefused("damaged")
    behind = segment[2 + length :]
    return segment[:2] + struct.pack(">H", at - 2) + segment[4:at] + behind


def _table(marker: int, segment: bytes, at: int) -> int:
    """The size of the table that begins here; 0: none does."""
    kind, number = segment[at] >> 4, segment[at] & 15
    if kind > 1 or number > 3:
        return 0
    if marker == _TABLES:
        return 1 + 64 * (kind + 1)
    return 17 + sum(segment[at + 1 : at + 17])


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """(marker, segment with its marker), to the end of the picture: what follows it (previews of telephones) is none of it."""
    at = 2
    while True:
        if content[at] != 0xFF:
            raise SheetRefused("damaged")
        while content[at] == 0xFF:
            at += 1
        marker, at = content[at], at + 1
        if marker == _END:
            return
        if marker in _ALONE:
            continue
        (length,) = struct.unpack_from(">H", content, at)
        end = at + length
        if length < 2 or end > len(content):
            raise SheetRefused("damaged")
        end = _after_scan(content, end) if marker == _SCAN else end
        yield marker, b"\xff" + bytes([marker]) + content[at:end]
        at = end


def _after_scan(content: bytes, at: int) -> int:
    """Where the coded picture that begins here ends: at a marker that is neither a stuffed byte nor a restart."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            raise SheetRefused("damaged")
        if content[at + 1] != 0 and content[at + 1] not in _ALONE and content[at + 1] != 0xFF:
            return at
        at += 1 if content[at + 1] == 0xFF else 2


def _orientation(tiff: bytes) -> int | None:
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return None
    (start,) = struct.unpack_from(order + "L", tiff, 4)
    (count,) = struct.unpack_from(order + "H", tiff, start)
    for number in range(count):
        tag, kind, _, value = struct.unpack_from(order + "HHLH", tiff, start + 2 + 12 * number)
        if tag == _ORIENTATION and kind == 3 and 1 <= value <= 8:
            return int(value)
    return None


def _turn(value: int) -> bytes:
    """The least EXIF there is: one entry."""
    tiff = b"II*\x00\x08\x00\x00\x00\x01\x00" + struct.pack("<HHLHHL", _ORIENTATION, 3, 1, value, 0, 0)
    said = b"Exif\x00\x00" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(said) + 2) + said


def _png(content: bytes) -> Iterator[bytes]:
    at, inflate = len(_PNG), zlib.decompressobj()
    while True:
        (length,) = struct.unpack_from(">L", content, at)
        kind, end = content[at + 4 : at + 8], at + 12 + length
        if end > len(content):
            raise SheetRefused("damaged")
        if kind == b"IEND":
            yield _PNG_END
            return
        if kind == b"IDAT":
            yield _png_data(inflate, content[at:end])
        elif kind in _DRAWS_PNG and length <= _PNG_MOST.get(kind, length):
            yield content[at:end]
        at = end


def _png_data(inflate: "zlib._Decompress", chunk: bytes) -> bytes:
    """The chunk without what stands behind the end of the picture."""
    packed = chunk[8:-4]
    if inflate.eof:
        return b""
    try:
        inflate.decompress(packed, _BLOCK)
        while not inflate.eof and inflate.unconsumed_tail:
            inflate.decompress(inflate.unconsumed_tail, _BLOCK)
    except zlib.error:
        raise SheetRefused("damaged") from None
    if not inflate.unused_data:
        return chunk
    packed = packed[: len(packed) - len(inflate.unused_data)]
    return struct.pack(">L", len(packed)) + b"IDAT" + packed + struct.pack(">L", zlib.crc32(b"IDAT" + packed))


def _webp(content: bytes) -> bytes:
    (size,) = struct.unpack_from("<L", content, 4)
    body = b"WEBP" + b"".join(_chunks(content[: min(size + 8, len(content))], 12, _DRAWS_WEBP))
    return b"RIFF" + struct.pack("<L", len(body)) + body


def _chunks(content: bytes, at: int, drawn: set[bytes]) -> Iterator[bytes]:
    while at + 8 <= len(content):
        kind, (length,) = content[at : at + 4], struct.unpack_from("<L", content, at + 4)
        if at + 8 + length > len(content):
            raise SheetRefused("damaged")
        said = content[at + 8 : at + 8 + length]
        if kind == b"VP8X":
            said = bytes([said[0] & ~_TOLD]) + said[1:10]
        elif kind == b"ANIM":
            said = said[:6]
        elif kind == b"ANMF":
            said = said[:16] + b"".join(_chunks(said, 16, _OF_FRAME))
        if kind in drawn:
            yield kind + struct.pack("<L", len(said)) + said + b"\x00" * (len(said) % 2)
        at += 8 + length + length % 2
