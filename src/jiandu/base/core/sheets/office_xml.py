"""Child side: the XML of Word, Excel and PowerPoint files (ECMA-376) written anew, without comments, authors, times and paths.

Names are matched without their prefix, however the program writes it; a text in another coding comes out as UTF-8.
"""

import re
from collections.abc import Iterator

from .errors import SheetRefused
from .parts import feed, parser

Attributes = list[tuple[str, str]]
_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PATH = re.compile(r"(?:^|[\s\"'=(\[])(?:file:|[A-Za-z]:[\\/](?!/)|\\\\[^\\\s]+\\)", re.IGNORECASE)
_FILE = re.compile(r".*[\\/].*|.*\.(?:jpe?g|png|heic|gif|webp|bmp|tiff?|mp4|mov|mp3|wav)", re.IGNORECASE | re.DOTALL)
_FETCHES = re.compile(
    r"^\s*(?:INCLUDEPICTURE|INCLUDETEXT|INCLUDE|IMPORT|LINK|DATABASE|DDE|DDEAUTO|RD)\b", re.IGNORECASE
)
#: Elements that go with all that is in them, by the folder.
_DROPPED = {
    "word": {
        *("rsids", "attachedTemplate", "docId", "docVars", "mailMerge", "attachedSchema", "schemaLibrary", "saveThroughXslt"),
        *("dataBinding", "embedRegular", "embedBold", "embedItalic", "embedBoldItalic", "embedTrueTypeFonts", "saveSubsetFonts"),
    },
    "xl": {
        *("absPath", "revisionPtr", "fileSharing", "customWorkbookViews", "customSheetViews", "webPublishing", "smartTags"),
        *("webPublishObjects", "webPublishItems", "smartTagPr", "smartTagTypes", "securityDescriptor"),
    },
    "ppt": {"custDataLst", "custData", "tags", "embeddedFontLst", "smartTags"},
}  # fmt: skip
#: (element, or * for any; attribute): emptied, or gone where the value is None.
_ATTRIBUTES: dict[str, dict[tuple[str, str], str | None]] = {
    "word": {
        **dict.fromkeys((("*", "author"), ("*", "userId"), ("*", "providerId"), ("*", "userName")), ""),
        **dict.fromkeys((("*", "initials"), ("*", "date"), ("*", "dateUtc"), ("permStart", "ed")), None),
    },
    "xl": {
        **dict.fromkeys((("*", "author"), ("*", "userId"), ("*", "providerId"), ("*", "userName"), ("*", "displayName")), ""),
        **dict.fromkeys((("scenario", "user"), ("scenario", "comment"), ("*", "lastModifiedBy")), ""),
        ("protectedRange", "securityDescriptor"): None,
        **dict.fromkeys((("fileVersion", "codeName"), ("pageSetup", "id"), ("*", "dT")), None),
        **dict.fromkeys((("*", "refreshedBy"), ("*", "refreshedDate"), ("*", "refreshedDateIso")), None),
    },
    "ppt": {
        **{(each, name): "" for each in ("cmAuthor", "author") for name in ("name", "initials", "userId", "providerId")},
        **dict.fromkeys((("*", "userId"), ("*", "providerId")), ""),
        **dict.fromkeys((("*", "dt"), ("*", "created")), None),
    },
}  # fmt: skip
_DISPLAYS = frozenset(("tableColumn", "table", "sheetPr", "cacheField", "pivotField", "cacheHierarchy", "dimension"))
_DRAWINGS = frozenset(("cNvPr", "docPr"))
_VML = frozenset(
    ("shape", "shapetype", "rect", "roundrect", "oval", "line", "polyline", "curve", "arc", "image", "group", "imagedata", "fill",
     "background")
)  # fmt: skip
_FORMULAS = frozenset(("f", "definedName", "formula", "formula1", "formula2", "calculatedColumnFormula"))
_FORMS = frozenset(("numFmt", "lvlText"))


def rewritten(name: str, blocks: Iterator[bytes]) -> bytes:
    """The part of this name. Raises `SheetRefused`: damaged, dtd; external_link for formulas that reach into another file."""
    made, writer = parser(), _Writer(name.partition("/")[0].casefold())
    made.ordered_attributes = True
    made.StartElementHandler = writer.start
    made.EndElementHandler = writer.end
    made.CharacterDataHandler = writer.text
    feed(made, blocks)
    return writer.whole()


def elements(blocks: Iterator[bytes]) -> list[tuple[str, dict[str, str]]]:
    """The elements of a flat part (types, relationships), the outermost first."""
    made, found = parser(), []
    made.StartElementHandler = lambda name, said: found.append((name, said))
    feed(made, blocks)
    return found


def flat(found: list[tuple[str, dict[str, str]]]) -> bytes:
    """Such a part again."""
    (outer, said), *rest = found
    inner = "".join(f"<{name}{_said([*each.items()])}/>" for name, each in rest)
    return f"{_DECLARED}<{outer}{_said([*said.items()])}>{inner}</{outer}>".encode()


class _Writer:
    def __init__(self, folder: str) -> None:
        self._out, self._texts = [_DECLARED], []  # type: tuple[list[str], list[str]]
        self._dropped, self._rules = _DROPPED.get(folder, set()), _ATTRIBUTES.get(folder, {})
        self._skipped, self._is_fetching = 0, False
        self._authors: list[str] = []
        self._author = ""  # whose comment this is, until its first words came
        self._is_sheet = folder == "xl"

    def whole(self) -> bytes:
        return "".join(self._out).encode()

    def start(self, name: str, said: list[str]) -> None:
        local = name.rpartition(":")[2]
        if self._skipped or local in self._dropped:
            self._skipped += 1
            return
        self._flush("")
        attributes = list(zip(said[::2], said[1::2], strict=True))
        if local == "fldChar":
            self._is_fetching = False
        if self._is_sheet and local == "comment":
            self._author = self._named(dict(attributes).get("authorId", ""))
        kept = [(key, value) for key, old in attributes if (value := self._kept(local, key, old)) is not None]
        self._out.append(f"<{name}{_said(kept)}>")

    def text(self, text: str) -> None:
        if not self._skipped:
            self._texts.append(text)

    def end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        self._flush(name.rpartition(":")[2])
        self._out.append(f"</{name}>")

    def _flush(self, local: str) -> None:
        """The text that came; `local` is the element that it fills."""
        if self._texts:
            text = "".join(self._texts)
            self._texts.clear()
            self._out.append(_escaped(self._cleaned(local, text)))

    def _cleaned(self, local: str, text: str) -> str:
        if local == "instrText":
            self._is_fetching = self._is_fetching or bool(_FETCHES.match(text) or _PATH.search(text))
            return "" if self._is_fetching else text
        if self._is_sheet and local == "author":
            self._authors.append(text.strip())
            return ""
        if self._is_sheet and local in _FORMULAS and _PATH.search(text):
            raise SheetRefused("external_link")
        if self._author and local == "t" and text.strip():
            return self._without_name(text)
        return text

    def _named(self, number: str) -> str:
        return self._authors[int(number)] if number.isdigit() and int(number) < len(self._authors) else ""

    def _without_name(self, text: str) -> str:
        """Excel begins a comment with its author's name."""
        author, self._author = self._author, ""
        bare = text.lstrip()
        for colon in (":", "："):
            if bare.startswith(author + colon):
                return bare[len(author) + 1 :]
        return text

    def _kept(self, local: str, key: str, value: str) -> str | None:
        own = key.rpartition(":")[2]
        if own.startswith("rsid") or own == "gfxdata" or (own in ("title", "alt") and local in _VML):
            return None
        for where in ((local, own), ("*", own)):
            if where in self._rules and not (own == "displayName" and local in _DISPLAYS):
                return self._rules[where]
        if own in ("descr", "name", "title") and local in _DRAWINGS and _FILE.fullmatch(value):
            return ""
        if own == "instr" and (_FETCHES.match(value) or _PATH.search(value)):
            return ""
        return "" if local not in _FORMS and not key.startswith("xmlns") and _PATH.search(value) else value


def _said(attributes: Attributes) -> str:
    return "".join(f' {key}="{_escaped(value, is_value=True)}"' for key, value in attributes)


def _escaped(text: str, *, is_value: bool = False) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
    if is_value:
        text = text.replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
    return text
