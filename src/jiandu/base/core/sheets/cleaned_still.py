"""Child side: HEIC photos (ISO/IEC 23008-12). The coded pictures and what draws them stay; EXIF, XMP and names are nothing but zeros."""

import re

from .boxes import Box, blank, boxes, clean_brands, cut, keep_spans, number, only, only_here, zero
from .cleaned_coded import clean_colours, clean_sets, clean_units
from .errors import SheetRefused

_BRANDS = frozenset((b"heic", b"heix", b"mif1", b"heim", b"heis"))
_TOP = frozenset((b"ftyp", b"meta", b"mdat"))
_META = frozenset((b"hdlr", b"pitm", b"iinf", b"iref", b"iprp", b"iloc", b"idat", b"grpl", b"dinf"))
_DRAWN = frozenset((b"hvc1", b"grid", b"iovl", b"iden", b"tmap"))
_COUNTED = frozenset((0, 4, 8))  # bytes of a number in iloc
_FIXED = {
    b"ispe": 12,
    b"irot": 1,
    b"imir": 1,
    b"clap": 32,
    b"pasp": 8,
    b"clli": 4,
    b"mdcv": 24,
    b"cclv": 33,
    b"amve": 8,
}
_GROUPS = frozenset((b"altr", b"ster", b"pymd", b"brst", b"eqiv"))
_REFERS = frozenset((b"dimg", b"thmb", b"cdsc", b"auxl", b"base", b"prem"))
_BESIDE = re.compile(
    rb"urn:(?:mpeg:hevc:2015:auxid:[12]|mpeg:mpegB:cicp:systems:auxiliary:(?:alpha|depth)|com:apple:photo:20(?:18|19|20):aux:"
    rb"(?:portraiteffectsmatte|hdrgainmap|semantic(?:hair|skin|teeth|glasses|sky)matte))\x00"
)


def is_still(content: bytes) -> bool:
    """Whether it says of itself that it is a photo."""
    length = int.from_bytes(content[:4], "big")
    return content[4:8] == b"ftyp" and not _BRANDS.isdisjoint(
        content[at : at + 4] for at in range(8, min(length, 256), 4)
    )


def clean_still(content: bytes) -> bytes:
    """The same photo. Raises `SheetRefused`: damaged; stranger_picture for what is no HEIC still, or is coded otherwise."""
    data = bytearray(content)
    kinds = [box.kind for box in boxes(data, 0, len(data))]
    top = {box.kind: box for box in boxes(data, 0, len(data))}
    if kinds.count(b"meta") > 1 or kinds.count(b"ftyp") > 1:
        raise SheetRefused("damaged")
    if b"meta" not in top or b"moov" in top:
        raise SheetRefused("stranger_picture")
    for box in boxes(data, 0, len(data)):
        if box.kind not in _TOP:
            blank(data, box)
        elif box.kind == b"ftyp":
            clean_brands(data, box)
    meta = top[b"meta"]
    there = {box.kind: box for box in only(data, meta, _META, skip=4)}
    if not {b"iinf", b"iloc", b"iprp"} <= {*there}:
        raise SheetRefused("damaged")
    if b"hdlr" in there:
        zero(data, min(there[b"hdlr"].start + 12, there[b"hdlr"].end), there[b"hdlr"].end)
    _groups(data, there)
    drawn = _items(data, there[b"iinf"])
    units = _properties(data, there[b"iprp"])
    _data_of(data, [box for box in boxes(data, 0, len(data)) if box.kind == b"mdat"], there, drawn, units)
    return bytes(data)


def _items(data: bytearray, listed: Box) -> dict[int, bytes]:
    """The items that are drawn, and how; the names of all are emptied."""
    found = {}
    wide = number(data, listed.start, 1) > 0
    for box in boxes(data, listed.start + 4 + (4 if wide else 2), listed.end):
        version = number(data, box.start, 1)
        if box.kind != b"infe" or version not in (2, 3):
            raise SheetRefused("stranger_picture")
        size = 2 if version == 2 else 4
        item, at = number(data, box.start + 4, size), box.start + 4 + size + 2
        kind = bytes(data[at : at + 4])
        zero(data, min(at + 4, box.end), box.end)
        if kind in _DRAWN:
            found[item] = kind
        elif kind not in (b"Exif", b"mime", b"uri "):
            raise SheetRefused("stranger_picture")
    return found


def _groups(data: bytearray, there: dict[bytes, Box]) -> None:
    """What belongs together: numbers of items alone."""
    if b"pitm" in there:
        cut(data, there[b"pitm"], 8 if number(data, there[b"pitm"].start, 1) else 6)
    if b"dinf" in there:
        only_here(data, there[b"dinf"])
    if b"grpl" in there:
        for box in boxes(data, there[b"grpl"].start, there[b"grpl"].end):
            if box.kind in _GROUPS:
                cut(data, box, 12 + 4 * number(data, box.start + 8, 4))
            else:
                blank(data, box)
    if b"iref" in there:
        _references(data, there[b"iref"])


def _references(data: bytearray, around: Box) -> None:
    size = 4 if number(data, around.start, 1) else 2
    for box in boxes(data, around.start + 4, around.end):
        if box.kind in _REFERS:
            cut(data, box, size + 2 + size * number(data, box.start + size, 2))
        else:
            blank(data, box)


def _properties(data: bytearray, around: Box) -> int:
    """How many bytes say the size of a unit. What draws stays by list, without a device in profiles of colour."""
    units = 0
    for held in only(data, around, frozenset((b"ipco", b"ipma"))):
        for box in boxes(data, held.start, held.end) if held.kind == b"ipco" else ():
            if box.kind == b"hvcC":
                units = clean_sets(data, box)
            else:
                _property(data, box)
    if not units:
        raise SheetRefused("stranger_picture")
    return units


def _property(data: bytearray, box: Box) -> None:
    if box.kind in _FIXED:
        cut(data, box, _FIXED[box.kind])
    elif box.kind == b"pixi":
        cut(data, box, 5 + number(data, box.start + 4, 1))
    elif box.kind == b"colr":
        clean_colours(data, box)
    elif box.kind == b"auxC" and (said := _BESIDE.match(data, box.start + 4, box.end)):
        zero(data, said.end(), box.end)
    else:
        blank(data, box)


def _data_of(data: bytearray, places: list[Box], there: dict[bytes, Box], drawn: dict[int, bytes], units: int) -> None:
    """Of the data those of drawn items alone stay."""
    inside: list[tuple[int, int]] = []
    outside: list[tuple[int, int]] = []
    for item, way, spans in _located(data, there[b"iloc"]):
        if item not in drawn:
            continue
        if way == 1 and b"idat" in there:
            inside += [(there[b"idat"].start + at, size) for at, size in spans]
        elif way == 0:
            outside += spans
        else:
            raise SheetRefused("stranger_picture")
        if drawn[item] == b"hvc1":
            if len(spans) != 1 or way:
                raise SheetRefused("stranger_picture")
            clean_units(data, spans[0][0], sum(spans[0]), units, is_hevc=True)
    if not outside and not inside:
        raise SheetRefused("damaged")
    keep_spans(data, places, outside)
    keep_spans(data, [there[b"idat"]] if b"idat" in there else [], inside)


def _located(data: bytearray, box: Box) -> list[tuple[int, int, list[tuple[int, int]]]]:
    """(item, 0 in the file or 1 in idat, its pieces) of each item."""
    version = number(data, box.start, 1)
    sizes = number(data, box.start + 4, 2)
    far, long, base, index = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    if version > 2 or not {far, long, base} <= _COUNTED:
        raise SheetRefused("damaged")
    wide = 4 if version == 2 else 2
    at, found = box.start + 6 + wide, []
    for _ in range(number(data, box.start + 6, wide)):
        item, at = number(data, at, wide), at + wide
        way = number(data, at, 2) & 15 if version else 0
        at += 4 if version else 2
        begin, count = number(data, at, base), number(data, at + base, 2)
        at += base + 2
        spans = []
        for _ in range(count):
            at += index if version else 0
            spans.append((begin + number(data, at, far), number(data, at + far, long)))
            at += far + long
        if at > box.end:
            raise SheetRefused("damaged")
        found.append((item, way, spans))
    zero(data, at, box.end)
    return found
