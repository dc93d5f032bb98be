"""Child side: films and recordings (MP4, MOV, 3GP, M4A). Picture and sound stay as they are coded; all else goes.

Kept by list: the boxes that play it, and of the data the samples of its pictures and sounds. Places on the map in boxes or in
tracks of their own, names of devices and programs, times, and what encoders and cameras write between the pictures (SEI) go.
"""

from .boxes import Box, blank, boxes, clean_brands, cut, first, keep_spans, number, only, only_here, table, zero
from .cleaned_coded import clean_colours, clean_sets, clean_units
from .errors import SheetRefused

_TOP = frozenset((b"ftyp", b"moov", b"mdat"))
_MOVIE = frozenset((b"mvhd", b"trak"))
_TRACK = frozenset((b"tkhd", b"edts", b"mdia", b"tapt"))
_MEDIA = frozenset((b"mdhd", b"hdlr", b"minf"))
_INFO = frozenset((b"vmhd", b"smhd", b"dinf", b"stbl", b"hdlr"))
_TABLES = frozenset(
    (
        b"stsd",
        b"stts",
        b"stss",
        b"ctts",
        b"cslg",
        b"stsc",
        b"stsz",
        b"stz2",
        b"stco",
        b"co64",
        b"sdtp",
    )
)
_OF_PICTURES = frozenset(
    (
        b"avcC",
        b"hvcC",
        b"colr",
        b"pasp",
        b"clap",
        b"fiel",
        b"gama",
        b"btrt",
        b"dvcC",
        b"dvvC",
        b"d263",
        b"clli",
        b"mdcv",
    )
)
_OF_SOUNDS = frozenset((b"esds", b"wave", b"chan", b"damr", b"alac", b"btrt", b"dOps", b"srat", b"pcmC"))
_CODED = frozenset((b"avc1", b"avc3", b"hvc1", b"hev1", b"dvh1", b"dvhe"))
_PLAIN = frozenset((b"s263", b"h263"))  # pictures with no place for words
_SOUND = frozenset(
    (
        b"mp4a",
        b"alac",
        b"samr",
        b"sawb",
        b"sawp",
        b"twos",
        b"sowt",
        b"lpcm",
        b"in24",
        b"ulaw",
        b"alaw",
        b"Opus",
        b"ac-3",
    )
)
_HEADS = {b"mvhd": 100, b"tkhd": 84, b"mdhd": 24}
_ROWS = {b"stts": 8, b"ctts": 8, b"stss": 4, b"stsc": 12, b"stco": 4, b"co64": 8}  # bytes of a row
_SIDES = frozenset((b"elst", b"clef", b"prof", b"enof"))
_WAVE = frozenset((b"frma", b"mp4a", b"esds", b"alac", b"enda", b"samr", bytes(4)))
_FRAME, _VOICE = 78, 28  # bytes of a sample entry before its boxes
_LONGER = {0: 0, 1: 16, 2: 36}  # of a sound's, by version (QuickTime)


def clean_film(content: bytes) -> bytes:
    """The same film. Raises `SheetRefused`: damaged; stranger_picture for codings that we cannot look into, and for pieces."""
    data = bytearray(content)
    top = list(boxes(data, 0, len(data)))
    for box in top:
        if box.kind not in _TOP:
            if box.kind in (b"moof", b"meta"):
                raise SheetRefused("stranger_picture")
            blank(data, box)
        elif box.kind == b"ftyp":
            clean_brands(data, box)
    movies = [box for box in top if box.kind == b"moov"]
    if len(movies) != 1:
        raise SheetRefused("damaged")
    spans = _movie(data, movies[0])
    keep_spans(data, [box for box in top if box.kind == b"mdat"], spans)
    return bytes(data)


def _movie(data: bytearray, movie: Box) -> list[tuple[int, int]]:
    """Where the samples lie that are kept."""
    if first(data, movie.start, movie.end, b"mvex") or first(data, movie.start, movie.end, b"cmov"):
        raise SheetRefused("stranger_picture")
    spans: list[tuple[int, int]] = []
    for box in only(data, movie, _MOVIE):
        if box.kind == b"mvhd":
            _no_times(data, box)
        else:
            spans += _track(data, box)
    if not spans:
        raise SheetRefused("damaged")
    return spans


def _no_times(data: bytearray, box: Box) -> None:
    """When it was made and changed."""
    is_long = number(data, box.start, 1) == 1
    size = 16 if is_long else 8
    cut(data, box, _HEADS[box.kind] + (12 if is_long else 0))
    zero(data, box.start + 4, box.start + 4 + size)


def _track(data: bytearray, track: Box) -> list[tuple[int, int]]:
    handler = first(data, track.start, track.end, b"mdia", b"hdlr")
    kind = bytes(data[handler.start + 8 : handler.start + 12]) if handler else b""
    if kind not in (b"vide", b"soun"):
        if kind in (b"text", b"sbtl", b"subt", b"clcp"):
            raise SheetRefused("stranger_picture")  # words that are read: to drop them would change what is seen
        blank(data, track)
        return []
    spans: list[tuple[int, int]] = []
    for box in only(data, track, _TRACK):
        if box.kind == b"tkhd":
            _no_times(data, box)
        elif box.kind in (b"edts", b"tapt"):
            _cut_inside(data, box)
        elif box.kind == b"mdia":
            spans = _media(data, box, kind)
    return spans


def _cut_inside(data: bytearray, box: Box) -> None:
    """What is shown when, and how large."""
    for child in only(data, box, _SIDES):
        row = 20 if number(data, child.start, 1) else 12
        cut(data, child, 12 if child.kind != b"elst" else 8 + number(data, child.start + 4, 4) * row)


def _media(data: bytearray, media: Box, kind: bytes) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for box in only(data, media, _MEDIA):
        if box.kind == b"mdhd":
            _no_times(data, box)
        elif box.kind == b"hdlr":
            _no_name(data, box)
        else:
            spans = _info(data, box, kind)
    return spans


def _no_name(data: bytearray, box: Box) -> None:
    """Who made the handler, and what it is called."""
    zero(data, min(box.start + 12, box.end), box.end)


def _info(data: bytearray, info: Box, kind: bytes) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for box in only(data, info, _INFO):
        if box.kind == b"hdlr":
            _no_name(data, box)
        elif box.kind in (b"vmhd", b"smhd"):
            cut(data, box, 12 if box.kind == b"vmhd" else 8)
        elif box.kind == b"dinf":
            only_here(data, box)
        elif box.kind == b"stbl":
            spans = _samples(data, box, kind)
    return spans


def _samples(data: bytearray, tables: Box, kind: bytes) -> list[tuple[int, int]]:
    there = {box.kind: box for box in only(data, tables, _TABLES)}
    if b"stsd" not in there or b"stsc" not in there:
        raise SheetRefused("damaged")
    for box in there.values():
        if box.kind in _ROWS:
            cut(data, box, 8 + number(data, box.start + 4, 4) * _ROWS[box.kind])
    units = 0
    for entry in boxes(data, there[b"stsd"].start + 8, there[b"stsd"].end):
        units = max(units, _picture(data, entry) if kind == b"vide" else _sound(data, entry))
    spans = _spans(data, there)
    if units:
        is_hevc = any(e.kind[:1] in b"hd" for e in boxes(data, there[b"stsd"].start + 8, there[b"stsd"].end))
        for at, size in spans:
            clean_units(data, at, at + size, units, is_hevc=is_hevc)
    return spans


def _picture(data: bytearray, entry: Box) -> int:
    """How many bytes say the size of a unit; 0: it has none. The name of the coder goes."""
    if entry.kind not in _CODED | _PLAIN or entry.end - entry.start < _FRAME:
        raise SheetRefused("stranger_picture")
    zero(data, entry.start + 12, entry.start + 16)
    zero(data, entry.start + 42, entry.start + 74)
    units = 0
    for box in only(data, entry, _OF_PICTURES, skip=_FRAME):
        if box.kind in (b"avcC", b"hvcC"):
            units = clean_sets(data, box)
        elif box.kind == b"colr":
            clean_colours(data, box)
    if entry.kind in _CODED and not units:
        raise SheetRefused("damaged")
    return units


def _sound(data: bytearray, entry: Box) -> int:
    if entry.kind not in _SOUND or entry.end - entry.start < _VOICE:
        raise SheetRefused("stranger_picture")
    version = number(data, entry.start + 8, 2)
    zero(data, entry.start + 12, entry.start + 16)
    skip = _VOICE + _LONGER.get(version, 0)
    if entry.end - entry.start > skip:
        for box in only(data, entry, _OF_SOUNDS, skip=skip):
            if box.kind == b"wave":
                only(data, box, _WAVE)
            elif box.kind == b"damr":
                zero(data, box.start, min(box.start + 4, box.end))
    return 0


def _spans(data: bytearray, there: dict[bytes, Box]) -> list[tuple[int, int]]:
    """(offset, size) of each sample."""
    sizes = _sizes(data, there)
    wide = b"co64" in there
    chunks = (
        table(data, there[b"co64" if wide else b"stco"], ">Q" if wide else ">L") if wide or b"stco" in there else []
    )
    runs = table(data, there[b"stsc"], ">LLL")
    spans, sample = [], 0
    for place, (begin, count, _) in enumerate(runs):
        end = runs[place + 1][0] if place + 1 < len(runs) else len(chunks) + 1
        if not 1 <= begin <= end <= len(chunks) + 1:
            raise SheetRefused("damaged")
        for (at,) in chunks[begin - 1 : end - 1]:
            for size in sizes[sample : sample + count]:
                spans.append((at, size))
                at += size
            sample += count
    if sample < len(sizes):
        raise SheetRefused("damaged")
    return spans


def _sizes(data: bytearray, there: dict[bytes, Box]) -> list[int]:
    box = there.get(b"stsz")
    if box is None:
        raise SheetRefused("stranger_picture")
    same, count = number(data, box.start + 4, 4), number(data, box.start + 8, 4)
    if count > 2_000_000:
        raise SheetRefused("too_slow")
    return [same] * count if same else [size for (size,) in table(data, box, ">L", at=8)]
