"""Word's XML in small pieces, each in the order the schema asks for (or Word calls the file damaged)."""

import hashlib
import re
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from jiandu.base.documents.layout import Style
from jiandu.base.documents.text import clean

LINK = "JLink"  # a character style that changes nothing; LibreOffice drops links without one from the PDF

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
    link_style = element("rStyle", val=LINK) if linked else None
    made = element("r", element("rPr", link_style, fonts(style.face), *bold))
    for index, line in enumerate(clean(text).split("\n")):
        if index:
            made.append(element("br"))
        words = element("t")
        words.text = line
        words.set(qn("xml:space"), "preserve")
        made.append(words)
    return made


def field(instruction: str, style: Style) -> list[Any]:
    """A field such as PAGE, as the five runs Word writes."""
    code = element("instrText")
    code.text = f" {instruction} "
    begin, separate, end = (element("fldChar", fldCharType=kind) for kind in ("begin", "separate", "end"))
    before = [element("r", element("rPr", fonts(style.face)), part) for part in (begin, code, separate)]
    return [*before, run("1", style), element("r", element("rPr", fonts(style.face)), end)]


def paragraph(style: Style, *content: Any, indent: Any = None) -> Any:
    """A paragraph of a style; `indent` is a ready `w:ind`."""
    return element("p", element("pPr", element("pStyle", val=style.key), indent), *content)


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
