"""Child side: the words at the beginning of a file, a paragraph a row: headers of the pages first, then the text.

A Word file (ECMA-376 part 1, 17.3.3.31: w:t in w:p), or a workbook, whose rows come as they are.
"""

from .cells import Value
from .errors import SheetRefused
from .intake import Sink, read
from .limits import Limits
from .parts import Attributes, Part, feed, parser, unpack
from .precheck import inspect, kind_of

DOCUMENT = "word/document.xml"
ENOUGH = 4_000  # characters


class _Enough(Exception):
    """The first page has been read."""


class _Paragraphs:
    """Gathers the text of each paragraph and sends it."""

    def __init__(self, sink: Sink) -> None:
        self._sink, self._number, self._left = sink, 0, ENOUGH
        self._text, self._in_text = "", False

    def walk(self, fd: int, part: Part) -> None:
        made = parser()
        made.StartElementHandler, made.EndElementHandler = self._start, self._end
        made.CharacterDataHandler = self._take
        feed(made, unpack(fd, part))

    def _start(self, name: str, _: Attributes) -> None:
        kind = name.rpartition(":")[2]
        self._in_text = kind == "t"
        self._text += "\t" if kind == "tab" else "\n" if kind == "br" else ""

    def _end(self, name: str) -> None:
        self._in_text = False
        if name.rpartition(":")[2] == "p" and self._text.strip():
            values: list[Value] = [self._text]
            self._number += 1
            self._sink.row(self._number, values)
            self._left -= len(self._text)
            self._text = ""
            if self._left <= 0:
                raise _Enough

    def _take(self, data: str) -> None:
        if self._in_text and len(self._text) < ENOUGH:
            self._text += data


def read_first(fd: int, limits: Limits, sink: Sink) -> None:
    """Send the words. Raises `SheetRefused` for a file that cannot be trusted, or is neither of the two."""
    if kind_of(fd, limits) == "text":
        raise SheetRefused("not_a_sheet", kind="文本")
    parts = inspect(fd, limits)
    if DOCUMENT not in parts:
        read(fd, limits, sink)
        return
    heads = [part for name, part in sorted(parts.items()) if name.startswith(("word/header", "word/footer"))]
    sink.sheet(DOCUMENT)
    for part in [*heads[:12], parts[DOCUMENT]]:
        try:
            _Paragraphs(sink).walk(fd, part)
        except _Enough:
            continue
