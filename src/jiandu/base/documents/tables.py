"""Tables: frames, widths by share, a heading row that repeats, rows that stay whole."""

from typing import Any

from jiandu.base.documents.blocks import Column, Table, Words
from jiandu.base.documents.layout import CELL, CELL_HEAD, SMALL_CELL, SMALL_HEAD, Style, twips
from jiandu.base.documents.markup import element, paragraph
from jiandu.base.documents.words import Names, runs

_MANY_COLUMNS = 5  # from here on the small size
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


def table(block: Table, width_mm: float, names: Names) -> Any:
    """The table over the whole width of the line.

    Raises ValueError if it has no column or a row does not have one cell for each.
    """
    if not block.columns or any(len(row) != len(block.columns) for row in block.rows):
        raise ValueError("every row of a table has one cell for each of its columns")
    widths = _widths(block.columns, twips(width_mm))
    cell, head = (SMALL_CELL, SMALL_HEAD) if len(widths) > _MANY_COLUMNS else (CELL, CELL_HEAD)
    titles = tuple(c.title for c in block.columns)
    rows = [
        _row(titles, block.columns, widths, head, names),
        *(_row(r, block.columns, widths, cell, names) for r in block.rows),
    ]
    grid = element("tblGrid", *(element("gridCol", w=w) for w in widths))
    return element("tbl", _looks(sum(widths)), grid, *rows)


def _widths(columns: tuple[Column, ...], whole: int) -> list[int]:
    shares = sum(c.share for c in columns)
    return [int(whole * c.share / shares) for c in columns]


def _looks(width: int) -> Any:
    lines = (element(side, val="single", sz=4, space=0, color="000000") for side in _SIDES)
    margins = (element(side, w=w, type="dxa") for side, w in (("top", 40), ("left", 85), ("bottom", 40), ("right", 85)))
    return element(
        "tblPr",
        element("tblW", w=width, type="dxa"),
        element("jc", val="center"),
        element("tblBorders", *lines),
        element("tblLayout", type="fixed"),
        element("tblCellMar", *margins),
        element("tblLook", val="0020", firstRow=1),
    )


def _row(cells: tuple[Words, ...], columns: tuple[Column, ...], widths: list[int], style: Style, names: Names) -> Any:
    heading = style in (CELL_HEAD, SMALL_HEAD)
    looks = element("trPr", element("cantSplit"), element("tblHeader") if heading else None)
    made = element("tr", looks)
    for words, column, width in zip(cells, columns, widths, strict=True):
        inside = paragraph(style, *runs(words, style, names))
        if not heading:
            inside.pPr.append(element("jc", val=column.align))
        made.append(element("tc", _cell(width), inside))
    return made


def _cell(width: int) -> Any:
    return element("tcPr", element("tcW", w=width, type="dxa"), element("vAlign", val="center"))
