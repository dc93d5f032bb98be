"""Unpacks one part of a checked archive and walks its XML: in blocks, with ceilings, without DTD or entities."""

import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.parsers import expat

from .errors import SheetRefused

_BLOCK = 65_536
_TOKEN = 1 << 20  # an unfinished token of this size makes expat scan the same bytes again and again (CVE-2023-52425)
_PROLOG = 1 << 20

Attributes = dict[str, str]
Start = Callable[[str, Attributes], None]


@dataclass(frozen=True, slots=True)
class Part:
    """One member of the archive: where its bytes start in the file, and its sizes and checksum as declared."""

    name: str
    start: int
    packed: int
    size: int
    crc: int
    deflated: bool


def unpack(fd: int, part: Part) -> Iterator[bytes]:
    """The content of one part in blocks of at most 64 KiB; never more than it declared, and its checksum verified."""
    inflate = zlib.decompressobj(-15) if part.deflated else None
    produced = crc = 0
    for block in _blocks(fd, part):
        for piece in _inflated(inflate, block) if inflate else (block,):
            produced, crc = produced + len(piece), zlib.crc32(piece, crc)
            if produced > part.size:
                raise SheetRefused("damaged")
            yield piece
    if produced != part.size or crc != part.crc or (inflate and inflate.unused_data):
        raise SheetRefused("damaged")


def _blocks(fd: int, part: Part) -> Iterator[bytes]:
    at, end = part.start, part.start + part.packed
    while at < end:
        block = os.pread(fd, min(_BLOCK, end - at), at)
        if not block:
            raise SheetRefused("damaged")
        yield block
        at += len(block)


def _inflated(inflate: "zlib._Decompress", block: bytes) -> Iterator[bytes]:
    while True:
        piece = inflate.decompress(block, _BLOCK)
        if piece:
            yield piece
        block = inflate.unconsumed_tail
        if len(piece) < _BLOCK:  # nothing is held back any more
            return


def parser() -> expat.XMLParserType:
    """An expat parser that refuses any DTD; without one there are no entities to expand and nothing to fetch."""
    made = expat.ParserCreate()
    made.buffer_text = True
    made.StartDoctypeDeclHandler = _refuse_dtd
    return made


def _refuse_dtd(*_: object) -> None:
    raise SheetRefused("dtd")


def feed(made: expat.XMLParserType, blocks: Iterator[bytes]) -> None:
    """Run `blocks` through the parser; raises `SheetRefused` where the XML is broken or a token never ends."""
    fed = 0
    try:
        for block in blocks:
            made.Parse(block)
            fed += len(block)
            if fed - made.CurrentByteIndex > _TOKEN:
                raise SheetRefused("damaged")
        made.Parse(b"", True)  # noqa: FBT003 -- expat knows no keywords
    except expat.ExpatError as error:
        memory = error.code == expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]
        raise SheetRefused("too_much_memory" if memory else "damaged") from error


def walk(fd: int, part: Part, start: Start) -> None:
    """Call `start(local name, attributes)` for each element of a small part, without its prefixes."""
    made = parser()

    def local(name: str, attributes: Attributes) -> None:
        start(name.rpartition(":")[2], {key.rpartition(":")[2]: value for key, value in attributes.items()})

    made.StartElementHandler = local
    feed(made, unpack(fd, part))


def check_prolog(fd: int, part: Part) -> None:
    """Refuse a part that declares a DTD before its first element, also one that we never read ourselves."""
    made, reached = parser(), []
    made.StartElementHandler = lambda *_: reached.append(True)
    fed = 0
    for block in unpack(fd, part):
        fed += len(block)
        try:
            made.Parse(block)
        except expat.ExpatError as error:
            if not reached:
                raise SheetRefused("damaged") from error
        if reached:
            return
        if fed > _PROLOG:
            raise SheetRefused("damaged")
