"""Child side: a style like one that is there, but for the ground (cells that nobody has filled are yellow) or for days.

Styles are only added behind the others (ECMA-376 part 1, 18.8.10 cellXfs, 18.8.21 fills, 18.8.31 numFmts): an index keeps its meaning.
"""

import re

from .splice import Element, Walk, edited

_YELLOW = b'patternType="solid"><%bfgColor rgb="FFFFF2AB"/>'
_FILL = re.compile(rb"""\s+(fillId|applyFill)\s*=\s*("[^"]*"|'[^']*')""")
_WRAPS = re.compile(rb"""\swrapText\s*=\s*["'](1|true)["']""")
_FORMAT = re.compile(rb"""\s+(numFmtId|applyNumberFormat)\s*=\s*("[^"]*"|'[^']*')""")
_DAY, _FIRST_OWN = "yyyy-mm-dd", 164  # below are the built-in formats
_COUNT = re.compile(rb"""(\scount\s*=\s*)("[^"]*"|'[^']*')""")


class Styles:
    """The styles part of a workbook; `yellow` and `dated` give the twin of another one."""

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
        self._own_formats = [one for one in there if one.name == "numFmt"]
        self._formatted = next((one for one in there if one.name == "numFmts" and one.depth == 1), None)
        self._first = min(one.start for one in there if one.depth == 1)
        self._made: dict[tuple[str, int], int] = {}
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
        return self._twin("yellow", index, _FILL, f' fillId="{self._fill}" applyFill="1"')

    def dated(self, style: str) -> str:
        """The index of the twin that shows a day number as a date."""
        index = int(style or 0)
        index = index if 0 <= index < len(self._xfs) else 0
        return self._twin("dated", index, _FORMAT, f' numFmtId="{self._day}" applyNumberFormat="1"')

    @property
    def _day(self) -> int:
        """The number of the format of days: one of the workbook's own, or one behind these."""
        numbers = {one.said.get("formatCode", ""): int(one.said.get("numFmtId", 0)) for one in self._own_formats}
        return numbers.get(_DAY) or max([_FIRST_OWN, *(number + 1 for number in numbers.values())])

    def _twin(self, kind: str, index: int, without: re.Pattern[bytes], said: str) -> str:
        if (kind, index) not in self._made:
            self._made[kind, index] = len(self._xfs) + len(self._added)
            xf = self._xfs[index]
            whole = self._raw[xf.start : xf.end]
            head = whole.index(b">") + 1
            begin = f"<{self._prefix}xf".encode()
            tag = without.sub(b"", whole[:head])
            self._added.append(begin + said.encode() + tag[len(begin) :] + whole[head:])
        return str(self._made[kind, index])

    def changed(self) -> bytes:
        """The part with the styles that were asked for."""
        if not self._added:
            return self._raw
        edits = self._more(self._formats, len(self._xfs) + len(self._added), b"".join(self._added))
        kinds = {kind for kind, _ in self._made}
        if "dated" in kinds and not any(one.said.get("formatCode") == _DAY for one in self._own_formats):
            edits += self._one_more_format()
        if self._own is None and "yellow" in kinds:
            p = self._prefix.encode()
            fill = b"<%bfill><%bpatternFill %b</%bpatternFill></%bfill>" % (p, p, self._tone(), p, p)
            edits += self._more(self._fills, self._count + 1, fill)
        return edited(self._raw, edits)

    def _one_more_format(self) -> list[tuple[int, int, bytes]]:
        p = self._prefix
        own = f'<{p}numFmt numFmtId="{self._day}" formatCode="{_DAY}"/>'
        there = self._formatted
        if there is None or there.is_empty_tag:
            start, end = (there.start, there.end) if there else (self._first, self._first)
            return [(start, end, f'<{p}numFmts count="1">{own}</{p}numFmts>'.encode())]
        return self._more(there, len(self._own_formats) + 1, own.encode())

    def _more(self, around: Element, count: int, text: bytes) -> list[tuple[int, int, bytes]]:
        head = self._raw.index(b">", around.start) + 1
        tag = _COUNT.sub(rb'\g<1>"%d"' % count, self._raw[around.start : head])
        return [(around.start, head, tag), (around.close, around.close, text)]
