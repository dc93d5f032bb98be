"""Child side: the table of shared strings (ECMA-376 part 1, 18.4); LibreOffice cuts Chinese ones into many runs."""

from .cells import clean_xml
from .errors import SheetRefused
from .limits import Limits
from .parts import Attributes, Part, feed, parser, unpack


def read_strings(fd: int, part: Part, limits: Limits) -> list[str]:
    """The strings in order, runs joined, phonetic hints (rPh) left out; raises `SheetRefused` for one too long."""
    table = _Strings(limits)
    feed(table.parser, unpack(fd, part))
    return table.strings


class _Strings:
    def __init__(self, limits: Limits) -> None:
        self.strings: list[str] = []
        self._longest = limits.cell_characters
        self._text = ""
        self._taking = self._phonetic = False
        self._t = self._si = self._rph = ""
        self.parser = parser()
        self.parser.StartElementHandler = self._root

    def _root(self, name: str, _: Attributes) -> None:
        prefix = name[: name.rfind(":") + 1]
        self._t, self._si, self._rph = (prefix + tag for tag in ("t", "si", "rPh"))
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
        self.parser.CharacterDataHandler = self._take

    def _start(self, name: str, _: Attributes) -> None:
        if name == self._t:
            self._taking = not self._phonetic
        elif name == self._rph:
            self._phonetic = True

    def _take(self, data: str) -> None:
        if self._taking:
            self._text = self._text + data if self._text else data
            if len(self._text) > self._longest:
                raise SheetRefused("long_cell", limit=self._longest)

    def _end(self, name: str) -> None:
        if name == self._t:
            self._taking = False
        elif name == self._si:
            self.strings.append(clean_xml(self._text))
            self._text = ""
        elif name == self._rph:
            self._phonetic = False
