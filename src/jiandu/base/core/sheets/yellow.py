"""Child side: cells that nobody has filled are yellow: a style like the one they have, but for the ground.

Styles are only added behind the others (ECMA-376 part 1, 18.8.10 cellXfs, 18.8.21 fills): an index keeps its meaning.
"""

import re

from .splice import Element, Walk, edited

_YELLOW = b'patternType="solid"><%bfgColor rgb="FFFFF2AB"/>'
_FILL = re.compile(rb"""\s+(fillId|applyFill)\s*=\s*("[^"]*"|'[^']*')""")
_WRAPS = re.compile(rb"""\swrapText\s*=\s*["'](1|true)["']""")
_COUNT = re.compile(rb"""(\scount\s*=\s*)("[^"]*"|'[^']*')""")


class Styles:
    """The styles part of a workbook; `yellow` gives the style that is another one's twin on yellow."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        walk = Walk(raw)
        there = list(walk.elements())
        self._prefix = walk.prefix
        self._fills = next(one for one in there if one.name == "fills" and one.depth == 1)
        self._formats = next(one for one in there if one.name == "cellXfs")
        self._xfs = [one for one in there if one.name == "xf" and self._is_in(one, self._formats)]
        fills = [one for one in there if one.name == "fill" and self._is_in(one, self._fills)]
        self._count = len(fills)
        self._own = next((at for at, one in enumerate(fills) if self._tone() in raw[one.start : one.end]), None)
        self._made: dict[int, int] = {}
        self._added: list[bytes] = []

    @staticmethod
    def _is_in(one: Element, around: Element) -> bool:
        return around.start < one.start < around.close

    def _tone(self) -> bytes:
        return _YELLOW % self._prefix.encode()

    @property
    def _fill(self) -> int:
        return self._count if self._own is None else self._own

    def wraps(self, style: str) -> bool:
        """Whether a text in that style breaks into lines."""
        index = int(style or 0)
        xf = self._xfs[index] if 0 <= index < len(self._xfs) else None
        return xf is not None and _WRAPS.search(self._raw, xf.start, xf.end) is not None

    def yellow(self, style: str) -> str:
        """The index of the yellow twin; of one that is yellow already itself."""
        index = int(style or 0)
        if not 0 <= index < len(self._xfs):
            index = 0
        xf = self._xfs[index]
        if self._own is not None and xf.said.get("fillId") == str(self._own):
            return str(index)
        if index not in self._made:
            self._made[index] = len(self._xfs) + len(self._added)
            self._added.append(self._twin(xf))
        return str(self._made[index])

    def _twin(self, xf: Element) -> bytes:
        whole = self._raw[xf.start : xf.end]
        head = whole.index(b">") + 1
        tag = _FILL.sub(b"", whole[:head])
        begin = f"<{self._prefix}xf".encode()
        return begin + f' fillId="{self._fill}" applyFill="1"'.encode() + tag[len(begin) :] + whole[head:]

    def changed(self) -> bytes:
        """The part with the styles that were asked for."""
        if not self._added:
            return self._raw
        edits = self._more(self._formats, len(self._xfs) + len(self._added), b"".join(self._added))
        if self._own is None:
            p = self._prefix.encode()
            fill = b"<%bfill><%bpatternFill %b</%bpatternFill></%bfill>" % (p, p, self._tone(), p, p)
            edits += self._more(self._fills, self._count + 1, fill)
        return edited(self._raw, edits)

    def _more(self, around: Element, count: int, text: bytes) -> list[tuple[int, int, bytes]]:
        head = self._raw.index(b">", around.start) + 1
        tag = _COUNT.sub(rb'\g<1>"%d"' % count, self._raw[around.start : head])
        return [(around.start, head, tag), (around.close, around.close, text)]
