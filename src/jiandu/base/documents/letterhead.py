"""眉首 and 版记 of an official document (GB/T 9704-2012): red issuer, number, red rule; the block at the foot of the last page.

Distances: issuer 35 mm below the top of the type area, number two lines below it, rule 4 mm below the number and as wide as
the type area; the title follows after two lines. Rules of the 版记: 0.35 mm outside, 0.25 mm between.
"""

from collections.abc import Iterator
from typing import Any

from jiandu.base.documents.blocks import Colophon, RedHead
from jiandu.base.documents.layout import (
    COLOPHON,
    LARGEST_HEAD,
    LINE,
    NORMAL,
    NUMBER,
    RED,
    RED_HEAD,
    RED_RULE_BELOW_MM,
    RED_TOP_MM,
    TYPE_WIDTH_MM,
    twips,
)
from jiandu.base.documents.markup import element, paragraph, run
from jiandu.base.documents.signature import day_in_words, width
from jiandu.base.documents.text import clean

THICK, THIN, RED_RULE = 8, 6, 12  # eighths of a point: 0.35 mm, 0.25 mm, 0.5 mm
POINTS_A_MM = 72 / 25.4


def red_head(block: RedHead) -> Iterator[Any]:
    """The paragraphs of the 眉首, the two lines before the title among them."""
    names = [name for name in clean(block.issuer).splitlines() if name.strip()] or [""]
    size = min(_size(name) for name in names)
    line = size * 10 + 60  # exact, hardly higher than the characters
    for place, name in enumerate(names):
        made = paragraph(RED_HEAD, run(name, RED_HEAD))
        before = twips(RED_TOP_MM) if place == 0 else 0
        made.pPr.append(element("spacing", before=before, after=0, line=line, lineRule="exact"))
        _sized(made, size)
        yield made
    number = paragraph(NUMBER, run(clean(block.number), NUMBER))
    space = round(RED_RULE_BELOW_MM * POINTS_A_MM)
    number.pPr.insert(1, element("pBdr", element("bottom", val="single", sz=RED_RULE, space=space, color=RED)))
    yield number
    yield paragraph(NORMAL)
    yield paragraph(NORMAL)


def _size(name: str) -> int:
    """Half points: as large as fits the line with one character free on either side."""
    return min(LARGEST_HEAD, int(TYPE_WIDTH_MM * POINTS_A_MM * 2 / (width(name) + 2)))


def _sized(made: Any, size: int) -> None:
    for properties in made.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}rPr"):
        properties.extend([element("sz", val=size), element("szCs", val=size)])


def colophon(block: Colophon) -> Any:
    """The 版记: a table without sides on the last line of the page where it is anchored.

    LibreOffice ends such a table with an empty line, so that its PDF shows it one line higher than Word does.
    """
    printed = f"{day_in_words(block.on)}印发"
    lines = [(f"抄送：{clean(block.copies_to)}。", "")] if block.copies_to else []
    lines.append((clean(block.printer), printed))
    wide = twips(TYPE_WIDTH_MM)
    rules = (("top", THICK), ("bottom", THICK), ("insideH", THIN))
    looks = element(
        "tblPr",
        element("tblpPr", leftFromText=0, rightFromText=0, vertAnchor="margin", horzAnchor="margin", tblpX=0, tblpYSpec="bottom"),
        element("tblOverlap", val="never"),
        element("tblW", w=wide, type="dxa"),
        element("tblBorders", *(element(side, val="single", sz=size, space=0, color="000000") for side, size in rules)),
        element("tblLayout", type="fixed"),
        element("tblCellMar", *(element(side, w=0, type="dxa") for side in ("left", "right"))),
    )  # fmt: skip
    grid = element("tblGrid", element("gridCol", w=wide))
    return element("tbl", looks, grid, *(_line(first, last, wide) for first, last in lines))


def _line(first: str, last: str, wide: int) -> Any:
    """One row: words that hang under each other, or words at the left and at the right."""
    one = COLOPHON.size * 10  # a character, in twips
    content = [run(first, COLOPHON)]
    if last:
        content += [element("r", element("tab")), run(last, COLOPHON)]
    made = paragraph(COLOPHON, *content)
    indent = element("ind", left=one, right=one) if last else element("ind", left=4 * one, right=one, hanging=3 * one)
    made.pPr.extend([element("tabs", element("tab", val="right", pos=wide - one)), indent])
    cell = element("tcPr", element("tcW", w=wide, type="dxa"))
    return element(
        "tr",
        element("trPr", element("cantSplit"), element("trHeight", val=LINE, hRule="atLeast")),
        element("tc", cell, made),
    )
