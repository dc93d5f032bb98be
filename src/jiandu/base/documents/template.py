"""The empty file every document starts from: our styles and settings, nothing of the library's sample."""

from functools import lru_cache
from io import BytesIO
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE as KIND

from jiandu.base.documents.layout import STYLES, Style
from jiandu.base.documents.markup import LINK, element, fonts

FRAME_TWIPS = 120  # from the frame to the words
_UNUSED = (
    *(KIND.THUMBNAIL, KIND.NUMBERING, KIND.CUSTOM_XML, KIND.EXTENDED_PROPERTIES, KIND.FONT_TABLE, KIND.WEB_SETTINGS),
    "/stylesWithEffects",
)


@lru_cache(maxsize=1)
def empty_file() -> bytes:
    """A .docx without content. Made once a process."""
    made = docx.Document()
    _replace(made.styles.element, _styles())
    _replace(made.settings.element, _settings())
    for owner in (made.part, made.part.package):
        for key in [k for k, rel in owner.rels.items() if rel.reltype.endswith(_UNUSED)]:
            del owner.rels[key]
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def _replace(old: Any, children: list[Any]) -> None:
    for child in list(old):
        old.remove(child)
    old.extend(children)


def _styles() -> list[Any]:
    language = element("lang", val="en-US", eastAsia="zh-CN")
    runs = element("rPrDefault", element("rPr", fonts(STYLES[0].face), language))
    link = element("style", element("name", val="Number Link"), element("qFormat"), type="character", styleId=LINK)
    return [element("docDefaults", runs, element("pPrDefault")), *map(_style, STYLES), link]


def _style(style: Style) -> Any:
    normal = style.key == "Normal"
    kind = {"type": "paragraph", "styleId": style.key, **({"default": 1} if normal else {})}
    based = None if normal else element("basedOn", val="Normal")
    return element(
        "style", element("name", val=style.name), based, element("qFormat"), _paragraphs(style), _runs(style), **kind
    )


def _paragraphs(style: Style) -> Any:
    spacing = {"line": style.line, "lineRule": "exact"} if style.line else {"line": 240, "lineRule": "auto"}
    indent = {"firstLineChars": style.first_chars, "firstLine": style.first_chars * style.size // 10}
    indent |= {"left": FRAME_TWIPS, "right": FRAME_TWIPS} if style.framed else {}
    return element(
        "pPr",
        element("keepNext", val=int(style.keep_next)),
        element("widowControl", val=0),
        _frame() if style.framed else None,
        None if style.closer else element("snapToGrid", val=0),
        element("spacing", before=style.before, after=style.after, **spacing),
        element("ind", **indent),
        element("jc", val=style.align),
        None if style.outline is None else element("outlineLvl", val=style.outline),
    )


def _frame() -> Any:
    return element(
        "pBdr",
        *(element(side, val="single", sz=8, space=FRAME_TWIPS // 20) for side in ("top", "left", "bottom", "right")),
    )


def _runs(style: Style) -> Any:
    return element(
        "rPr",
        fonts(style.face),
        element("color", val=style.colour) if style.colour else None,
        element("spacing", val=style.closer),
        element("kern", val=0),
        element("sz", val=style.size),
        element("szCs", val=style.size),
    )


def _settings() -> list[Any]:
    """Odd and even pages differ; punctuation keeps its full width; Word's present behaviour, not an old version's."""
    uri = "http://schemas.microsoft.com/office/word"
    mode = element("compatSetting", name="compatibilityMode", uri=uri, val=15)
    return [
        element("zoom", percent=100),
        element("defaultTabStop", val=420),
        element("evenAndOddHeaders"),
        element("characterSpacingControl", val="doNotCompress"),
        element("compat", element("useFELayout"), mode),
        element("themeFontLang", val="en-US", eastAsia="zh-CN"),
    ]
