"""Child side: the words of a Word file, a paragraph a row; and comments put on them, in the file as it came.

Every w:p of the body counts, in the order of the document, also an empty one and those of tables: a place in a
paragraph means the same to the reader and to the commenter. (ECMA-376 part 1: w:t 17.3.3.31, comments 17.13.4.)
"""

import io
import json
import os
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from docx.text.run import Run
from lxml import etree

from .cells import Value
from .confine import leave_network
from .errors import SheetRefused
from .intake import Sink
from .limits import Limits
from .parts import check_prolog, unpack
from .precheck import inspect, kind_of

DOCUMENT = "word/document.xml"
LONGEST = 200_000  # characters
_P, _R, _T, _TAB, _BR, _CR = (qn(f"w:{name}") for name in ("p", "r", "t", "tab", "br", "cr"))
_BODY, _PROPERTIES = qn("w:body"), qn("w:rPr")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # says again what stands before it
_PLAIN = {_TAB: "\t", _BR: "\n", _CR: "\n"}


def read_words(fd: int, limits: Limits, sink: Sink) -> None:
    """Send the paragraphs, empty ones as well. Raises `SheetRefused` for a file that cannot be trusted, or is no Word file."""
    tree = etree.fromstring(_checked(fd, limits), etree.XMLParser(resolve_entities=False, no_network=True))
    sink.sheet(DOCUMENT)
    left = LONGEST
    for number, paragraph in enumerate(_paragraphs(tree.find(_BODY)), start=1):
        text = "".join(piece for _, piece in _pieces(paragraph))
        left -= len(text)
        if left < 0:
            raise SheetRefused("long_text", limit=LONGEST)
        values: list[Value] = [text]
        sink.row(number, values)


def comment(limits: Limits, notes: int) -> bytes:
    """The file on descriptor 0 with comments: `notes` is a descriptor of JSON lines (paragraph and places from 0, text, author)."""
    leave_network()
    _checked(0, limits)
    with os.fdopen(0, "rb", closefd=False) as file:
        document = Document(file)
    with os.fdopen(notes, "rb", closefd=False) as lines:
        lines.seek(0)
        found = [json.loads(line) for line in lines]
    paragraphs = list(_paragraphs(document.element.body))
    for note in sorted(found, key=lambda one: (one["paragraph"], -one["start"])):
        _put(document, paragraphs[note["paragraph"]], note)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _checked(fd: int, limits: Limits) -> bytes:
    """The text part, when the archive is honest and no part declares entities."""
    if kind_of(fd, limits) == "text":
        raise SheetRefused("not_a_sheet", kind="文本")
    parts = inspect(fd, limits)
    if DOCUMENT not in parts:
        raise SheetRefused("not_a_sheet", kind="其他压缩文件")
    for name, part in parts.items():
        if name.endswith((".xml", ".rels")):
            check_prolog(fd, part)
    return b"".join(unpack(fd, parts[DOCUMENT]))


def _paragraphs(body: Any) -> Iterator[Any]:
    for paragraph in body.iter(_P):
        if next(paragraph.iterancestors(_FALLBACK), None) is None:
            yield paragraph


def _pieces(paragraph: Any) -> list[tuple[Any, str]]:
    """What its own runs say, in order: of a text box within it the box's paragraphs tell."""
    found = []
    for piece in paragraph.iter(_T, *_PLAIN):
        run = piece.getparent()
        if run.tag == _R and next(piece.iterancestors(_P)) is paragraph:
            found.append((piece, _PLAIN.get(piece.tag, piece.text or "")))
    return found


def _put(document: Any, paragraph: Any, note: dict[str, Any]) -> None:
    """Splits runs where the number begins and ends, and hangs the comment on those between."""
    _cut(paragraph, note["end"])
    _cut(paragraph, note["start"])
    runs: list[Any] = []
    at = 0
    for piece, text in _pieces(paragraph):
        if note["start"] <= at < note["end"] and (not runs or runs[-1] is not piece.getparent()):
            runs.append(piece.getparent())
        at += len(text)
    if runs:
        ends = [Run(run, document) for run in (runs[0], runs[-1])]
        document.add_comment(ends, text=note["text"], author=note["author"], initials=note["author"][:2])


def _cut(paragraph: Any, place: int) -> None:
    """Makes a run begin at that place."""
    at = 0
    for piece, text in _pieces(paragraph):
        if at <= place < at + len(text):
            _split(piece, place - at)
            return
        at += len(text)


def _split(piece: Any, offset: int) -> None:
    run = piece.getparent()
    before = [each for each in run.iterchildren() if each.tag != _PROPERTIES]
    kept = before[: before.index(piece)]
    if not kept and not offset:
        return
    rest = etree.SubElement(run, _R)  # a run of the same kind, behind it
    run.addnext(rest)
    properties = run.find(_PROPERTIES)
    if properties is not None:
        rest.append(deepcopy(properties))
    if offset:
        text = piece.text or ""
        tail = deepcopy(piece)
        piece.text, tail.text = text[:offset], text[offset:]
        for each in (piece, tail):
            each.set(_SPACE, "preserve")
        rest.append(tail)
        before.remove(piece)
    for each in before[len(kept) :]:
        rest.append(each)
