"""Child side: Word, Excel and PowerPoint files (ECMA-376) written again without properties, authors, traces of the machine.

What is read stays: text, comments and tracked changes with their author's name empty. A part that is a picture is cleaned as one.
"""

import io
import re
import zipfile

from .cleaned_pictures import clean_picture, is_picture
from .errors import SheetRefused
from .limits import Limits
from .parts import Part, unpack
from .precheck import inspect

_TYPES = "[Content_Types].xml"
_FOLDERS = ("word/", "xl/", "ppt/")
_PLAIN = (".emf", ".wmf", ".bmp")  # drawings without a place for their maker
_DAY = (1980, 1, 1, 0, 0, 0)
#: Parts that say nothing but who, where and with what.
_GONE = re.compile(
    r"docProps/|customXml/|docMetadata/|xl/(?:printerSettings|revisions)/|ppt/(?:changesInfos/|revisionInfo)|.*thumbnail",
    re.IGNORECASE,
)
_LINKS = re.compile(
    rb"<Relationship\b[^>]*?(?:/customXml|/customXmlProps|/thumbnail|/core-properties|/extended-properties|/custom-properties"
    rb"|/classificationlabels|/printerSettings|/attachedTemplate|/changesInfo|/revisionInfo|/revisionHeaders|/usernames)[\"'][^>]*?(?:/>|></Relationship>)",
    re.IGNORECASE,
)
_OVERRIDES = re.compile(rb"<Override\b[^>]*?PartName=[\"']/([^\"']*)[\"'][^>]*?/>")
_NAME = r'%s=(?:"[^"]*"|\'[^\']*\')'
_EMPTIED = rb'\1=""'


def _attribute(names: str, space: str = r"(?:\w+:)?") -> "re.Pattern[bytes]":
    return re.compile((r"(?<=\s)(" + space + "(?:" + names + "))" + _NAME[2:]).encode())


def _dropped(names: str, space: str = r"(?:\w+:)?") -> "re.Pattern[bytes]":
    return re.compile((r"\s" + space + "(?:" + names + ")" + _NAME[2:]).encode())


def _of_drawing(name: str) -> "re.Pattern[bytes]":
    """What a picture's own file was called, or the path where it lay."""
    file = rb"(?:[^\"]*[\\/][^\"]*|[^\"]*\.(?:jpe?g|png|heic|gif|webp|bmp|tiff?))"
    return re.compile(
        rb"(<(?:\w+:)?(?:cNvPr|docPr)\b[^>]*?\s" + name.encode() + rb"=)\"" + file + rb"\"", re.IGNORECASE
    )


def _element(name: str) -> "re.Pattern[bytes]":
    return re.compile(rf"<(?:\w+:)?{name}\b[^>]*?(?:/>|>.*?</(?:\w+:)?{name}>)".encode(), re.DOTALL)


_AUTHORS = _attribute("author|name|displayName|userId|providerId|lastModifiedBy|userName")
#: (parts, what is taken out, what comes in its place)
_RULES: tuple[tuple[str, "re.Pattern[bytes]", bytes], ...] = (
    (r"word/.*\.xml", _attribute("author|userId|providerId", r"w\d*\w*:"), _EMPTIED),
    (r"word/.*\.xml", _dropped("initials|date|dateUtc|rsid\\w*", r"w\d*\w*:"), b""),
    (r"word/settings\.xml", _element("rsids"), b""),
    (r"word/settings\.xml", _element("attachedTemplate"), b""),
    (r"word/settings\.xml", _element("docId"), b""),
    (r"word/settings\.xml", _element("docVars"), b""),
    (
        r"xl/workbook\.xml",
        re.compile(
            rb"<mc:AlternateContent\b[^>]*>(?:(?!</mc:AlternateContent>).)*absPath.*?</mc:AlternateContent>", re.DOTALL
        ),
        b"",
    ),
    (r"xl/workbook\.xml", _element("absPath"), b""),
    (r"xl/workbook\.xml", _element("revisionPtr"), b""),
    (r"xl/workbook\.xml", _element("fileSharing"), b""),
    (r"xl/(?:comments.*|.*/comments.*)\.xml", re.compile(rb"(<(?:\w+:)?author>)[^<]*"), rb"\1"),
    (r"xl/(?:persons|threadedComments)/.*\.xml", _AUTHORS, _EMPTIED),
    (r"xl/threadedComments/.*\.xml", _dropped("dT"), b""),
    (r"xl/worksheets/.*\.xml", re.compile(rb"(<(?:\w+:)?pageSetup\b[^>]*?)\s\w+:id=\"[^\"]*\""), rb"\1"),
    (r"ppt/(?:commentAuthors|authors)\.xml", _attribute("name|initials|userId|providerId"), _EMPTIED),
    (r"xl/pivotCache/.*\.xml", _dropped("refreshedBy|refreshedDate|refreshedDateIso"), b""),
    (r"ppt/comments/.*\.xml", _dropped("dt|created"), b""),
    *((r"(?:word|xl|ppt)/.*\.xml", _of_drawing(name), rb'\1""') for name in ("descr", "name", "title")),
)


def clean_office(fd: int, limits: Limits) -> bytes:
    """The copy. Raises `SheetRefused`: what hangs on it or is a picture of another kind cannot be cleaned."""
    parts = list(inspect(fd, limits).values())
    names = [part.name for part in parts]
    if _TYPES not in names or not any(name.startswith(_FOLDERS) for name in names):
        raise SheetRefused("damaged")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            if _GONE.match(part.name) or part.name.endswith("/"):
                continue
            content = _cleaned(part, b"".join(unpack(fd, part)))
            archive.writestr(zipfile.ZipInfo(part.name, _DAY), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _cleaned(part: Part, content: bytes) -> bytes:
    if is_picture(content):
        return clean_picture(content)
    if "/media/" in part.name and not part.name.lower().endswith(_PLAIN):
        raise SheetRefused("stranger_picture")
    if not part.name.endswith((".xml", ".rels", ".vml")):
        return content
    if b"\x00" in content:
        raise SheetRefused("damaged")  # UTF-16: the rules would not see it
    return _rewritten(part, content)


def _rewritten(part: Part, content: bytes) -> bytes:
    if part.name == _TYPES:
        return _OVERRIDES.sub(lambda found: b"" if _GONE.match(found[1].decode()) else found[0], content)
    if part.name.endswith(".rels"):
        return _LINKS.sub(b"", content)
    for where, pattern, instead in _RULES:
        if re.fullmatch(where, part.name):
            content = pattern.sub(instead, content)
    return content
