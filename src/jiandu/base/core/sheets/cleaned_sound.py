"""Child side: recordings as MP3, WAV, AMR and AAC: their frames, and nothing beside them.

Layouts: ISO/IEC 11172-3 and 13818-7 (frames), RIFF/WAVE, RFC 4867 (AMR).
"""

import struct
from collections.abc import Iterator

from .errors import SheetRefused
from .sound_tags import before_tags, tag_size

_BITRATES = {  # kbit/s by (version 1?, layer)
    (True, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (True, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (False, 3): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_CHUNKS = (b"fmt ", b"fact", b"data")  # of WAV, in their order
_FORMS = {1: 16, 3: 16, 6: 16, 7: 16, 0x11: 20, 0x31: 20}  # bytes that say all: PCM, float, A-law, u-law, IMA, GSM
_EXTENSIBLE, _GUID = 0xFFFE, bytes.fromhex("000000001000800000aa00389b71")
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
        if at + 8 + length > last or (kind in kept and kind in _CHUNKS):
            raise SheetRefused("damaged")
        kept[kind] = content[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
    if not {b"fmt ", b"data"} <= {*kept} or not _is_behind(content, last):
        raise SheetRefused("damaged")
    kept[b"fmt "] = _wave_form(kept[b"fmt "])
    if b"fact" in kept:
        kept[b"fact"] = kept[b"fact"][:4]
    body = b"WAVE" + b"".join(
        kind + struct.pack("<L", len(kept[kind])) + kept[kind] + b"\x00" * (len(kept[kind]) % 2)
        for kind in _CHUNKS
        if kind in kept
    )
    return b"RIFF" + struct.pack("<L", len(body)) + body


def _wave_form(form: bytes) -> bytes:
    """How the samples are coded, without what may hang on it. Raises `SheetRefused` for a coding of which we do not know it."""
    coding = struct.unpack_from("<H", form)[0]
    if coding == _EXTENSIBLE:
        if len(form) < 40 or form[26:40] != _GUID:
            raise SheetRefused("stranger_picture")
        return form[:16] + b"\x16\x00" + form[18:40]
    if coding not in _FORMS or len(form) < _FORMS[coding]:
        raise SheetRefused("stranger_picture")
    size = _FORMS[coding]
    return form[:16] if size == 16 else form[:16] + struct.pack("<H", size - 18) + form[18:size]


def _is_behind(content: bytes, at: int) -> bool:
    """Whether nothing but tags stands from here to the end."""
    while at < len(content):
        size = tag_size(content, at)
        if not size:
            return False
        at += size
    return True


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
    """MPEG and ADTS frames one after the other; tags before, between and behind them go, and frames that name their encoder.

    Raises `SheetRefused` (damaged) for all else that stands between them or behind: what is left out might be heard.
    """
    at, seen, last = 0, 0, before_tags(content)
    while at < last:
        tag = tag_size(content, at)
        if tag:
            at += tag
            continue
        size = _frame_size(content, at, last)
        if at + size > last:
            break  # the last one is often cut: nothing plays it
        frame = content[at : at + size]
        if not _names_encoder(frame):
            yield frame
        at, seen = at + size, seen + 1
    if seen < 2:
        raise SheetRefused("damaged")


def _frame_size(content: bytes, at: int, last: int) -> int:
    if content[at] != 0xFF or (at + 1 < last and content[at + 1] & 0xE0 != 0xE0):
        raise SheetRefused("damaged")
    if last - at < (7 if at + 1 < last and content[at + 1] & 0x06 == 0 else 4):
        return 8  # its head is cut
    return _adts(content, at) if content[at + 1] & 0x06 == 0 else _mpeg(content, at)


def _names_encoder(frame: bytes) -> bool:
    """A frame without sound that says how long the recording is, and what made it: nothing but zeros before its name."""
    places = [place for place in (frame.find(word, 0, 64) for word in (b"Xing", b"Info", b"VBRI")) if place > 6]
    return any(not any(frame[6:place]) for place in places)


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
