"""Child side: comments on cells, beside those that are there already; a comment of ours gives way to a new one.

The words stand in a comments part (ECMA-376 part 1, 18.7), the box that shows them in a VML drawing (part 4, 19.4).
"""

import re
from collections.abc import Mapping
from xml.sax.saxutils import escape

from .cells import letters, printable
from .package import OFFICE, Package
from .splice import LOOSE, Edit, SheetPart, Walk, edited, place

AUTHOR = "监督网"
MOST = 2_000  # each comment is a drawing
_NOTES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_OURS = re.compile(rb'<v:shape id="_x0000_s9[0-9]{6}".*?</v:shape>', re.DOTALL)  # as `_box` writes them
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NO_NOTES = f'{_HEAD}<comments xmlns="{LOOSE}/spreadsheetml/2006/main"><authors></authors><commentList></commentList></comments>'
_NO_DRAWING = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/>'
    "</o:shapelayout></xml>"
)
_SHAPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_NAMES = (b'xmlns:v="urn:', b'xmlns:o="urn:', b'xmlns:x="urn:')


def remark(package: Package, name: str, sheet: SheetPart, said: Mapping[tuple[int, int], str]) -> tuple[str, list[str]]:
    """Put words on cells by (row, column), "" takes ours away; gives the relation to the drawing and what was left.

    A cell with somebody else's comment keeps that comment: such cells are given back by reference.
    """
    notes = _part(package, name, "comments")
    if not notes and not any(said.values()):
        return "", []
    relation = sheet.notes_link
    drawing = package.related(name).get(relation, ("", ""))[1] if relation else ""
    if not notes:
        notes = package.free("xl/comments%d.xml")
        package.put(notes, _NO_NOTES.encode())
        package.relate(name, f"{OFFICE}/comments", notes)
        package.declare(f'Override PartName="/{notes}" ContentType="{_NOTES_TYPE}"', f"/{notes}")
    if not drawing:
        drawing = package.free("xl/drawings/vmlDrawing%d.vml")
        package.put(drawing, _NO_DRAWING.encode())
        relation = package.relate(name, f"{OFFICE}/vmlDrawing", drawing)
        package.declare(f'Default Extension="vml" ContentType="{_VML_TYPE}"', "vml")
    text, left, shown = _noted(package.read(notes), said)
    package.put(notes, text)
    package.put(drawing, _drawn(package.read(drawing), shown))
    return relation, left


def _part(package: Package, name: str, kind: str) -> str:
    return next((target for each, target in package.related(name).values() if each == kind), "")


def _noted(raw: bytes, said: Mapping[tuple[int, int], str]) -> tuple[bytes, list[str], list[tuple[int, int]]]:
    """The comments with ours, the cells that keep another's, and the cells that carry one of ours now."""
    walk = Walk(raw)
    there = list(walk.elements())
    authors = [one for one in there if one.name == "author"]
    own = next((at for at, one in enumerate(authors) if _text(raw, one.start, one.close) == AUTHOR), len(authors))
    edits: list[Edit] = []
    foreign: set[tuple[int, int]] = set()
    ours: dict[tuple[int, int], str] = {}
    for one in there:
        if one.name == "comment":
            at = place(one.said["ref"].replace("$", ""))
            if one.said.get("authorId") != str(own) or own == len(authors):
                foreign.add(at)
            elif at in said:
                edits.append((one.start, one.end, b""))
            else:
                ours[at] = ""
    fresh = {at: words for at, words in said.items() if words and at not in foreign}
    if own == len(authors) and fresh:
        edits.append(
            _inside(raw, walk.prefix, there, "authors", f"<{walk.prefix}author>{AUTHOR}</{walk.prefix}author>")
        )
    comments = "".join(_comment(walk.prefix, at, own, words) for at, words in sorted(fresh.items()))
    edits.append(_inside(raw, walk.prefix, there, "commentList", comments))
    left = [f"{letters(column)}{row}" for row, column in sorted(foreign & {at for at, words in said.items() if words})]
    return edited(raw, edits), left, sorted([*ours, *fresh])[:MOST]


def _text(raw: bytes, start: int, close: int) -> str:
    return raw[raw.index(b">", start) + 1 : close].decode()


def _inside(raw: bytes, prefix: str, there: list, name: str, text: str) -> Edit:  # type: ignore[type-arg]
    one = next(each for each in there if each.name == name)
    if not one.is_empty_tag:
        return one.close, one.close, text.encode()
    return one.start, one.end, f"<{prefix}{name}>{text}</{prefix}{name}>".encode()


def _comment(prefix: str, at: tuple[int, int], author: int, words: str) -> str:
    p, reference = prefix, f"{letters(at[1])}{at[0]}"
    text = f'<{p}t xml:space="preserve">{escape(printable(words))}</{p}t>'
    return f'<{p}comment ref="{reference}" authorId="{author}"><{p}text><{p}r>{text}</{p}r></{p}text></{p}comment>'


def _drawn(raw: bytes, cells: list[tuple[int, int]]) -> bytes:
    """The drawing with a hidden box for each of our comments, in place of those of an earlier time."""
    raw = _OURS.sub(b"", raw)
    end = raw.rindex(b"</")
    boxes = "".join(_box(number, *at) for number, at in enumerate(cells))
    kind = b"" if b'id="_x0000_t202"' in raw else _SHAPE.encode()
    return raw[:end] + kind + boxes.encode() + raw[end:]


def _box(number: int, row: int, column: int) -> str:
    anchor = f"{column}, 12, {row - 1}, 2, {column + 4}, 12, {row + 5}, 2"
    return (
        f'<v:shape id="_x0000_s9{number:06}" type="#_x0000_t202"'
        ' style="position:absolute;margin-left:60pt;margin-top:2pt;width:260px;height:110px;z-index:1;visibility:hidden"'
        ' fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow color="black" obscured="t"/>'
        '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"/><x:ClientData ObjectType="Note">'
        f"<x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill>"
        f"<x:Row>{row - 1}</x:Row><x:Column>{column - 1}</x:Column></x:ClientData></v:shape>"
    )
