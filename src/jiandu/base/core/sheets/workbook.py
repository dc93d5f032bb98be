"""Child side: what a workbook says about itself (sheets, shared strings, date styles), before any row is read."""

import posixpath
from dataclasses import dataclass

from .cells import clean
from .dates import is_date_format
from .errors import SheetRefused
from .limits import Limits
from .parts import Attributes, Part, check_prolog, walk
from .strings import read_strings

_LINKS = ("hyperlink",)  # the one kind of relation that may point outside: it is text until somebody clicks
_HARMFUL_LINKS = ("externallink", "oleobject", "control", "attachedtemplate", "connections", "querytable", "package")
_OTHERS = {
    "word/": "Word 文档",
    "ppt/": "演示文稿",
    "content.xml": "ODS 表格",
    "xl/workbook.bin": "二进制工作簿（.xlsb）",
    "index/document.iwa": "Numbers 表格",
}
_HIDDEN = ("hidden", "veryHidden")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet: its title as shown, and the part that holds its rows."""

    title: str
    part: Part
    hidden: bool


@dataclass(frozen=True, slots=True)
class Workbook:
    """All that reading rows needs besides the rows."""

    sheets: tuple[Sheet, ...]
    strings: list[str]
    date_styles: frozenset[str]  # indexes of cell formats that show dates, as the attribute writes them
    since_1904: bool


@dataclass(frozen=True, slots=True)
class _Relation:
    kind: str
    target: str


def open_workbook(fd: int, parts: dict[str, Part], limits: Limits) -> Workbook:
    """Read the directory of a checked archive; raises `SheetRefused` for another format, DTD, links or macros."""
    for part in parts.values():
        if part.name.casefold().endswith((".xml", ".rels", ".vml")):
            check_prolog(fd, part)
    for name in parts:
        if name.endswith(".rels"):
            _relations(fd, parts, name)
    main = _main_part(fd, parts)
    relations = _relations(fd, parts, _rels_of(main.name))
    listed, since_1904 = _listed(fd, main, limits)
    sheets = [_sheet(parts, relations, entry) for entry in listed]
    strings = _first(parts, relations, "sharedstrings")
    styles = _first(parts, relations, "styles")
    return Workbook(
        sheets=tuple(sheet for sheet in sheets if sheet),
        strings=read_strings(fd, strings, limits) if strings else [],
        date_styles=_date_styles(fd, styles) if styles else frozenset(),
        since_1904=since_1904,
    )


def _rels_of(name: str) -> str:
    folder, base = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{base}.rels").casefold()


def _relations(fd: int, parts: dict[str, Part], name: str) -> dict[str, _Relation]:
    """Relations by id, targets as lower-case part names; refuses those that reach outside the file."""
    found: dict[str, _Relation] = {}
    base = posixpath.dirname(posixpath.dirname(name))

    def start(tag: str, attributes: Attributes) -> None:
        if tag != "Relationship":
            return
        kind = posixpath.basename(attributes.get("Type", "")).casefold()
        outside = attributes.get("TargetMode", "").casefold() == "external"
        if "vbaproject" in kind or "macrosheet" in kind:
            raise SheetRefused("macros")
        if kind in _HARMFUL_LINKS or (outside and kind not in _LINKS):
            raise SheetRefused("embedded" if kind in ("oleobject", "control", "package") else "external_link")
        if not outside:
            target = posixpath.normpath(posixpath.join("/", base, attributes.get("Target", "")))
            found[attributes.get("Id", "")] = _Relation(kind, target.lstrip("/").casefold())

    if name in parts:
        walk(fd, parts[name], start)
    return found


def _main_part(fd: int, parts: dict[str, Part]) -> Part:
    for name, kind in _OTHERS.items():
        if any(part.startswith(name) for part in parts):
            raise SheetRefused("not_a_sheet", kind=kind)
    main = _first(parts, _relations(fd, parts, "_rels/.rels"), "officedocument")
    if not main:
        raise SheetRefused("damaged") if "[content_types].xml" in parts else SheetRefused("not_a_sheet", kind="压缩包")
    if "[content_types].xml" in parts:
        walk(fd, parts["[content_types].xml"], _check_type)
    return main


def _check_type(_: str, attributes: Attributes) -> None:
    content = attributes.get("ContentType", "").casefold()
    if "macroenabled" in content or "vbaproject" in content:
        raise SheetRefused("macros")


def _first(parts: dict[str, Part], relations: dict[str, _Relation], kind: str) -> Part | None:
    return next((parts.get(relation.target) for relation in relations.values() if relation.kind == kind), None)


def _listed(fd: int, main: Part, limits: Limits) -> tuple[list[Attributes], bool]:
    sheets: list[Attributes] = []
    dates: list[str] = []

    def start(tag: str, attributes: Attributes) -> None:
        if tag == "sheet":
            sheets.append(attributes)
        if tag == "workbookPr":
            dates.append(attributes.get("date1904", "0"))
        if len(sheets) > limits.sheets:
            raise SheetRefused("too_many_sheets", limit=limits.sheets)

    walk(fd, main, start)
    return sheets, any(value in ("1", "true", "on") for value in dates)


def _sheet(parts: dict[str, Part], relations: dict[str, _Relation], listed: Attributes) -> Sheet | None:
    relation = relations.get(listed.get("id", ""))
    if relation is None:
        raise SheetRefused("damaged")
    if relation.kind != "worksheet":  # a chart or dialog on its own page has no rows
        return None
    if relation.target not in parts:
        raise SheetRefused("damaged")
    title = "".join(char for char in clean(listed.get("name", "")) if char.isprintable())[:100]
    return Sheet(title, parts[relation.target], listed.get("state") in _HIDDEN)


def _date_styles(fd: int, part: Part) -> frozenset[str]:
    codes: dict[int, str] = {}
    formats: list[bool] = []
    inside: list[str] = []

    def start(tag: str, attributes: Attributes) -> None:
        if tag == "numFmt":
            codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif tag in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            inside[:] = [tag]
        elif tag == "xf" and inside == ["cellXfs"]:
            number = int(attributes.get("numFmtId", "0"))
            formats.append(is_date_format(number, codes.get(number)))

    walk(fd, part, start)
    return frozenset(str(index) for index, shows in enumerate(formats) if shows)
