"""Child side: recordings as MP3, WAV, AMR and AAC: their frames, and nothing beside them.

Layouts: ISO/IEC 11172-3 and 13818-7 (frames), id3.org (tags), RIFF/WAVE, RFC 4867 (AMR).
"""

import struct
from collections.abc import Iterator

from .errors import SheetRefused

_BITRATES = {  # kbit/s by (version 1?, layer)
    (True, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (True, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (False, 3): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_AMR = {b"#!AMR\n": (12, 13, 15, 17, 19, 20, 26, 31, 5, 6, 5, 5, 0, 0, 0, 0)}
_AMR[b"#!AMR-WB\n"] = (17, 23, 32, 36, 40, 46, 50, 58, 60, 5, 0, 0, 0, 0, 0, 0)


def is_sound(content: bytes) -> bool:
    """Whether it is one of them, by its first bytes."""
    wave = content[:4] == b"RIFF" and content[8:12] == b"WAVE"
    frame = len(content) > 1 and content[0] == 0xFF and content[1] & 0xE0 == 0xE0
    return wave or frame or content.startswith((b"ID3", b"#!AMR"))


def clean_sound(content: bytes) -> bytes:
    """The same recording. Raises `SheetRefused` (damaged) where no frame follows the other."""
    try:
        if content.startswith(b"RIFF"):
            return _wave(content)
        if content.startswith(b"#!AMR"):
            return _amr(content)
        return b"".join(_frames(content))
    except (struct.error, IndexError):
        raise SheetRefused("damaged") from None


def _wave(content: bytes) -> bytes:
    at, kept = 12, {}
    last = min(struct.unpack_from("<L", content, 4)[0] + 8, len(content))
    while at + 8 <= last:
        kind, (length,) = content[at : at + 4], struct.unpack_from("<L", content, at + 4)
        if at + 8 + length > len(content):
            raise SheetRefused("damaged")
        if kind in (b"fmt ", b"fact", b"data"):
            kept[kind] = content[at : at + 8 + length] + b"\x00" * (length % 2)
        at += 8 + length + length % 2
    if not {b"fmt ", b"data"} <= {*kept} or len(kept[b"fmt "]) > 48:
        raise SheetRefused("damaged")
    body = b"WAVE" + b"".join(kept[kind] for kind in (b"fmt ", b"fact", b"data") if kind in kept)
    return b"RIFF" + struct.pack("<L", len(body)) + body


def _amr(content: bytes) -> bytes:
    head = next((magic for magic in _AMR if content.startswith(magic)), None)
    if head is None:
        raise SheetRefused("damaged")
    at = len(head)
    while at < len(content):
        size = _AMR[head][content[at] >> 3 & 15]
        if content[at] & 0x83 or (at + 1 + size > len(content)):
            raise SheetRefused("damaged")
        at += 1 + size
    return content


def _frames(content: bytes) -> Iterator[bytes]:
    """MPEG and ADTS frames one after the other; tags before and behind them go, and the frame that names its encoder."""
    at, seen = _behind_tags(content), 0
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] & 0xE0 == 0xE0:
        size = _adts(content, at) if content[at + 1] & 0x06 == 0 else _mpeg(content, at)
        if at + size > len(content):
            break  # the last one is often cut: nothing plays it
        frame = content[at : at + size]
        if seen or not any(word in frame[:64] for word in (b"Xing", b"Info", b"VBRI")):
            yield frame
        at, seen = at + size, seen + 1
    if seen < 2 or not _is_tag(content[at:]):
        raise SheetRefused("damaged")


def _behind_tags(content: bytes) -> int:
    at = 0
    while content[at : at + 3] == b"ID3":
        size = 0
        for each in content[at + 6 : at + 10]:
            size = size << 7 | each & 0x7F
        at += 10 + size + (10 if content[at + 5] & 0x10 else 0)
    while at < len(content) and content[at] == 0:
        at += 1
    return at


def _is_tag(rest: bytes) -> bool:
    """What may stand behind the last frame: it is left out."""
    known = (b"TAG", b"APETAGEX", b"LYRICS", b"ID3", b"\x00")
    return not rest or len(rest) < 4 or rest.startswith(known) or (rest[0] == 0xFF and rest[1] & 0xE0 == 0xE0)


def _adts(content: bytes, at: int) -> int:
    size = (content[at + 3] & 3) << 11 | content[at + 4] << 3 | content[at + 5] >> 5
    if size < 7 or content[at + 1] & 0xF0 != 0xF0:
        raise SheetRefused("damaged")
    return size


def _mpeg(content: bytes, at: int) -> int:
    version, layer = content[at + 1] >> 3 & 3, 4 - (content[at + 1] >> 1 & 3)
    rates = _BITRATES.get((version == 3, layer))
    place, rate = content[at + 2] >> 4, content[at + 2] >> 2 & 3
    if rates is None or version not in _RATES or rate == 3 or place in (0, 15):
        raise SheetRefused("damaged")
    samples = 144 if version == 3 or layer == 2 else 72
    return samples * rates[place] * 1000 // _RATES[version][rate] + (content[at + 2] >> 1 & 1)
