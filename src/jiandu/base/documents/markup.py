"""Word's XML in small pieces, each in the order the schema asks for (or Word calls the file damaged)."""

import hashlib
import re
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from jiandu.base.documents.layout import Style
from jiandu.base.documents.text import clean

LINK = "JLink"  # a character style that changes nothing; LibreOffice drops links without one from the PDF

EMU_A_MM = 36_000
_PLAIN_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def element(tag: str, /, *children: Any, **attributes: object) -> Any:
    """An element `w:tag` with `w:` attributes and children; children that are None are left out."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend(c for c in children if c is not None)
    return made


def fonts(face: str) -> Any:
    """All four font slots, and the hint by which “ ” and — take the Chinese font."""
    return element("rFonts", hint="eastAsia", ascii=face, hAnsi=face, eastAsia=face, cs=face)


def run(text: str, style: Style, *, strong: bool = False, linked: bool = False) -> Any:
    """A run of text in the face of its paragraph's style; line feeds become line breaks."""
    bold = (element("b"), element("bCs")) if strong else ()
    made = element("r", _face(style, *bold, linked=linked))
    for index, line in enumerate(clean(text).split("\n")):
        if index:
            made.append(element("br"))
        words = element("t")
        words.text = line
        words.set(qn("xml:space"), "preserve")
        made.append(words)
    return made


def _face(style: Style, *more: Any, linked: bool) -> Any:
    link_style = element("rStyle", val=LINK) if linked else None
    return element("rPr", link_style, fonts(style.face), *more)


def field(instruction: str, style: Style, *, shown: str = "1", linked: bool = False) -> list[Any]:
    """A field such as PAGE, as the five runs Word writes; one that shows nothing yet is worked out when it is opened."""
    code = element("instrText")
    code.text = f" {instruction} "
    begin, separate, end = (element("fldChar", fldCharType=kind) for kind in ("begin", "separate", "end"))
    if not shown:
        begin.set(qn("w:dirty"), "true")
    before = [part_run(part, style, linked=linked) for part in (begin, code, separate)]
    return [*before, run(shown, style, linked=linked), part_run(end, style, linked=linked)]


def part_run(part: Any, style: Style, *, linked: bool = False) -> Any:
    """A run of something that is no text, such as a tab."""
    return element("r", _face(style, linked=linked), part)


def paragraph(style: Style, *content: Any, indent: Any = None) -> Any:
    """A paragraph of a style; `indent` is a ready `w:ind`."""
    return element("p", element("pPr", element("pStyle", val=style.key), indent), *content)


def anchored(inline: Any, *, left_mm: float, top_mm: float) -> Any:
    """The inline picture as one that stands at a place of the page, over nothing and moving nothing."""
    made = OxmlElement("wp:anchor")
    asked = {"simplePos": 0, "relativeHeight": 1, "behindDoc": 0, "locked": 1, "layoutInCell": 0, "allowOverlap": 1}
    for name, value in (asked | dict.fromkeys(("distT", "distB", "distL", "distR"), 0)).items():
        made.set(name, str(value))
    simple = OxmlElement("wp:simplePos")
    simple.set("x", "0")
    simple.set("y", "0")
    extent, *rest = list(inline)
    made.extend([simple, _position("H", left_mm), _position("V", top_mm), extent, OxmlElement("wp:wrapNone"), *rest])
    return made


def _position(way: str, millimetres: float) -> Any:
    made, offset = OxmlElement(f"wp:position{way}"), OxmlElement("wp:posOffset")
    made.set("relativeFrom", "page")
    offset.text = str(round(millimetres * EMU_A_MM))
    made.append(offset)
    return made


def bookmark_name(name: str) -> str:
    """A name Word accepts: at most 40 letters, digits and underscores.

    Plain names stay readable;
    capitals do not, because Word takes a and A for the same."""
    if _PLAIN_NAME.fullmatch(name):
        return name
    return "n_" + hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:24]


def bookmark(name: str, number: int, *content: Any) -> list[Any]:
    """Content that links lead to; `number` is unique in the document."""
    start = element("bookmarkStart", id=number, name=bookmark_name(name))
    return [start, *content, element("bookmarkEnd", id=number)]


def link(name: str, text: str, style: Style) -> Any:
    """Text that leads to the bookmark, in the look of its surroundings: official documents are black."""
    return element("hyperlink", run(text, style, linked=True), anchor=bookmark_name(name), history=1)


def commented(number: int, *content: Any) -> list[Any]:
    """Content with a comment on it; `number` is that of the comment in the file."""
    start, end = (element(f"commentRange{side}", id=number) for side in ("Start", "End"))
    return [start, *content, end, element("r", element("commentReference", id=number))]
