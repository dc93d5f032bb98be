"""Pages of the official layout, upright or turned: their margins, grid, page numbers and mark."""

from copy import deepcopy
from typing import Any

from jiandu.base.documents import layout
from jiandu.base.documents.layout import FOOTER, HEADER, twips
from jiandu.base.documents.markup import element, field, paragraph, run


class Pages:
    """The sections of one file. Page numbers stand at the outer edge: odd pages right, even pages left."""

    def __init__(self, file: Any, mark: str) -> None:
        self._last = file.element.body.sectPr
        section = file.sections[0]
        for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
            _fill(footer, _page_number(side))
        for header in (section.header, section.even_page_header) if mark else ():
            _fill(header, paragraph(HEADER, run(mark, HEADER)))
        self._shown = [deepcopy(c) for c in self._last if c.tag.endswith("Reference")]

    def finish(self, *, turned: bool, starts: bool = False) -> None:
        """Gives the last pages of the file their layout."""
        for child in list(self._last):
            self._last.remove(child)
        self._last.extend(self.section(turned=turned, starts=starts))

    def section(self, *, turned: bool, starts: bool = False) -> Any:
        """The properties of a section; `starts`: its pages are counted from 1."""
        wide, high = (layout.PAGE_MM[1], layout.PAGE_MM[0]) if turned else layout.PAGE_MM
        size = {"w": twips(wide), "h": twips(high), **({"orient": "landscape"} if turned else {})}
        grid = element("docGrid", type="lines", linePitch=layout.GRID_PITCH)
        margins = element("pgMar", **_turned_margins() if turned else _margins(), gutter=0)
        counted = element("pgNumType", start=1) if starts else None
        return element("sectPr", *map(deepcopy, self._shown), element("pgSz", **size), margins, counted, grid)


def _margins() -> dict[str, int]:
    sides = {"top": layout.TOP_MM, "right": layout.RIGHT_MM, "bottom": layout.BOTTOM_MM, "left": layout.LEFT_MM}
    return {k: twips(v) for k, v in {**sides, "header": layout.HEADER_MM, "footer": layout.FOOTER_MM}.items()}


def _turned_margins() -> dict[str, int]:
    """The upright page turned right: its left edge, where the file is bound, is now on top."""
    sides = {"top": layout.LEFT_MM, "right": layout.TOP_MM, "bottom": layout.RIGHT_MM, "left": layout.BOTTOM_MM}
    edge = layout.BOTTOM_MM - layout.FOOTER_MM
    return {k: twips(v) for k, v in {**sides, "header": edge, "footer": layout.RIGHT_MM - edge}.items()}


def _page_number(side: str) -> Any:
    """— 1 —, one character in from the outer edge."""
    outer = element("ind", **{f"{side}Chars": 100, side: FOOTER.size * 10})
    made = paragraph(FOOTER, run("— ", FOOTER), *field("PAGE", FOOTER), run(" —", FOOTER), indent=outer)
    made.pPr.append(element("jc", val=side))
    return made


def _fill(part: Any, content: Any) -> None:
    part.is_linked_to_previous = False
    holder = part._element  # noqa: SLF001 -- python-docx has no public way to the part's root
    for child in list(holder):
        holder.remove(child)
    holder.append(content)
