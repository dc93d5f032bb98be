"""Tables: frames, widths by share, a heading row that repeats, rows that stay whole; forms: labelled boxes."""

from typing import Any

from docx.oxml.ns import qn

from jiandu.base.documents.blocks import Column, Field, Form, Table, Words
from jiandu.base.documents.layout import CELL, CELL_HEAD, SMALL_CELL, SMALL_HEAD, Style, twips
from jiandu.base.documents.markup import element, paragraph
from jiandu.base.documents.words import Names, runs

_MANY_COLUMNS = 5  # from here on the small size
_WHOLE = 12  # rows of a table that is not torn over two pages
_OF_FORM = (1.0, 2.0, 1.0, 2.0)  # label, box, label, box
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
    if len(block.rows) <= _WHOLE:
        for row in rows[1:-1]:  # the heading keeps to what follows by its style
            _keep_to_next(row)
    grid = element("tblGrid", *(element("gridCol", w=w) for w in widths))
    return element("tbl", _looks(sum(widths)), grid, *rows)


def form(block: Form, width_mm: float, names: Names) -> Any:
    """The form over the whole width of the line. Raises ValueError if a row has not one or two boxes."""
    if not block.rows or any(len(row) not in {1, 2} for row in block.rows):
        raise ValueError("every row of a form has one box or two")
    widths = [int(twips(width_mm) * share / sum(_OF_FORM)) for share in _OF_FORM]
    grid = element("tblGrid", *(element("gridCol", w=w) for w in widths))
    style = SMALL_CELL if block.small else CELL
    return element("tbl", _looks(sum(widths)), grid, *(_boxes(row, widths, style, names) for row in block.rows))


def _boxes(row: tuple[Field, ...], widths: list[int], style: Style, names: Names) -> Any:
    """The row; unlike a row of a table it may run over to the next page, for a box can be longer than one."""
    height = max(field.height_mm for field in row)
    made = element("tr", element("trPr", element("trHeight", val=twips(height), hRule="atLeast") if height else None))
    for place, field in enumerate(row):
        label = paragraph(style, *runs(field.label, style, names))
        label.pPr.append(element("jc", val="center"))
        inside = paragraph(style, *runs(field.words, style, names))
        is_alone = len(row) == 1
        width = sum(widths[1:]) if is_alone else widths[2 * place + 1]
        looks = _cell(width, over=3 if is_alone else 1, top=bool(field.height_mm))
        made.extend([element("tc", _cell(widths[2 * place]), label), element("tc", looks, inside)])
    return made


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


def _keep_to_next(row: Any) -> None:
    """The row stands on the page of the one below it."""
    for inside in row.iter(qn("w:pPr")):
        inside.insert(1, element("keepNext"))  # after the style


def _cell(width: int, *, over: int = 1, top: bool = False) -> Any:
    spans = element("gridSpan", val=over) if over > 1 else None
    place = element("vAlign", val="top" if top else "center")
    return element("tcPr", element("tcW", w=width, type="dxa"), spans, place)
