"""Child side: the parts of a workbook as one may change them: contents, relations, content types, the part that is ours.

What we keep with a workbook is a custom XML part (ECMA-376 part 1, 15.2.4), which Excel and WPS carry along unread.
"""

import posixpath
import re
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

from .archive import write_archive
from .parts import Part, unpack
from .splice import LOOSE, Edit, Walk, edited

OWN = "urn:jiandu:form"
_RELATIONS = f"{LOOSE}/package/2006/relationships"
OFFICE = f"{LOOSE}/officeDocument/2006/relationships"
_TYPES = "[Content_Types].xml"
_PROPS = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_CALC = re.compile(rb"""\s+fullCalcOnLoad\s*=\s*("[^"]*"|'[^']*')""")
# What may follow calcPr in a workbook (CT_Workbook): it stands before the first of these.
_AFTER_CALC = frozenset(
    [
        "oleSize",
        "customWorkbookViews",
        "pivotCaches",
        "smartTagPr",
        "smartTagTypes",
        "webPublishing",
        "fileRecoveryPr",
        "webPublishObjects",
        "extLst",
    ]
)


def rels_of(name: str) -> str:
    """The part that holds the relations of a part."""
    folder, base = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{base}.rels")


class Package:
    """The parts of a checked archive; `write` copies what was not changed byte for byte."""

    def __init__(self, fd: int, parts: dict[str, Part]) -> None:
        self._fd, self._parts = fd, parts
        self._changed: dict[str, bytes] = {}

    def name(self, name: str) -> str:
        """The name as the archive writes it; names differ in case between programs."""
        found = self._parts.get(name.casefold())
        return found.name if found else name

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return name.casefold() in self._parts or name in self._changed

    def read(self, name: str) -> bytes:
        """The content of a part; empty where there is none."""
        name = self.name(name)
        if name in self._changed:
            return self._changed[name]
        part = self._parts.get(name.casefold())
        return b"".join(unpack(self._fd, part)) if part else b""

    def put(self, name: str, content: bytes) -> None:
        """Another content of a part, or a new part; the same content is no change."""
        if content != self.read(name) or not self.has(name):
            self._changed[self.name(name)] = content

    def write(self, out: BinaryIO) -> None:
        """The archive with what was changed."""
        write_archive(self._fd, self._changed, out)

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """Relations of a part by id: (last word of the kind, name of the part)."""
        raw = self.read(rels_of(name))
        base = posixpath.dirname(name)
        found = {}
        for one in Walk(raw).elements() if raw else ():
            if one.name == "Relationship" and one.said.get("TargetMode", "").casefold() != "external":
                target = posixpath.normpath(posixpath.join("/", base, one.said.get("Target", "")))
                found[one.said.get("Id", "")] = (posixpath.basename(one.said.get("Type", "")), target.lstrip("/"))
        return found

    def relate(self, name: str, kind: str, target: str) -> str:
        """A new relation from one part to another; gives its id."""
        raw = self.read(rels_of(name)) or _HEAD + f'<Relationships xmlns="{_RELATIONS}"></Relationships>'.encode()
        taken = {one.said.get("Id", "") for one in Walk(raw).elements()}
        made = next(each for number in range(1, len(taken) + 2) if (each := f"rIdForm{number}") not in taken)
        path = posixpath.relpath(target, posixpath.dirname(name) or ".")
        said = f"Id={quoteattr(made)} Type={quoteattr(kind)} Target={quoteattr(path)}"
        self.put(rels_of(name), _within(raw, "Relationship", said))
        return made

    def declare(self, said: str, mark: str) -> None:
        """An entry of the content types, unless one with this mark is there: `Override` of a part, `Default` of an ending."""
        raw = self.read(_TYPES)
        tag, _, rest = said.partition(" ")
        there = {
            one.said.get("PartName" if tag == "Override" else "Extension", "").casefold()
            for one in Walk(raw).elements()
            if one.name == tag
        }
        if mark.casefold() not in there:
            self.put(_TYPES, _within(raw, tag, rest, is_first=tag == "Default"))

    def free(self, pattern: str) -> str:
        """A part name that is not taken: the pattern with the first free number."""
        return next(name for number in range(1, 10_000) if not self.has(name := pattern % number))

    def main(self) -> str:
        """The workbook part."""
        return next(target for kind, target in self.related("").values() if kind == "officeDocument")

    def recalculate(self) -> None:
        """Formulas are computed when the workbook is opened: their last values are of other numbers."""
        name = self.main()
        raw = self.read(name)
        walk = Walk(raw)
        there = list(walk.elements())
        said = b' fullCalcOnLoad="1"'
        for one in there:
            if one.name == "calcPr":
                tag = raw[one.start : raw.index(b">", one.start) + 1]
                begin = f"<{walk.prefix}calcPr".encode()
                edit = (one.start, one.start + len(tag), begin + said + _CALC.sub(b"", tag)[len(begin) :])
                break
        else:
            at = min(
                (one.start for one in there if one.depth == 1 and one.name in _AFTER_CALC), default=there[-1].close
            )
            edit = (at, at, f"<{walk.prefix}calcPr".encode() + said + b"/>")
        self.put(name, edited(raw, [edit]))

    def kept(self) -> str:
        """What the workbook carries of ours; empty where it carries nothing."""
        name = self._own()
        if not name:
            return ""
        found: list[str] = []
        raw = self.read(name)
        for one in Walk(raw).elements():
            if one.depth == 0:
                found.append(_unescaped(raw[raw.index(b">", one.start) + 1 : one.close].decode()))
        return found[0]

    def keep(self, text: str) -> None:
        """Have the workbook carry a text of ours, in place of the one before."""
        content = _HEAD + f'<form xmlns="{OWN}">{escape(text)}</form>'.encode()
        name = self._own()
        if name:
            self.put(name, content)
            return
        name = self.free("customXml/item%d.xml")
        props = name.replace("item", "itemProps")
        self.put(name, content)
        told = (
            '<ds:datastoreItem ds:itemID="{6A1D0B52-3F0C-4B7E-9C56-4A49414E4455}"'
            f' xmlns:ds="{LOOSE}/officeDocument/2006/customXml"><ds:schemaRefs><ds:schemaRef ds:uri="{OWN}"/>'
            "</ds:schemaRefs></ds:datastoreItem>"
        )
        self.put(props, _HEAD + told.encode())
        self.relate(self.main(), f"{OFFICE}/customXml", name)
        self.relate(name, f"{OFFICE}/customXmlProps", props)
        self.declare('Default Extension="xml" ContentType="application/xml"', "xml")
        self.declare(f'Override PartName="/{props}" ContentType="{_PROPS}"', f"/{props}")

    def _own(self) -> str:
        for kind, target in self.related(self.main()).values():
            if kind == "customXml" and OWN.encode() in self.read(target)[:500]:
                return target
        return ""


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _within(raw: bytes, tag: str, said: str, *, is_first: bool = False) -> bytes:
    """The part with one more element in its root, behind the others or before them."""
    walk = Walk(raw)
    root = list(walk.elements())[-1]
    text = f"<{walk.prefix}{tag} {said}/>".encode()
    if root.is_empty_tag:
        begin = raw[root.start : root.end].removesuffix(b"/>").rstrip()
        edit: Edit = (root.start, root.end, begin + b">" + text + f"</{walk.prefix}{root.name}>".encode())
    else:
        at = raw.index(b">", root.start) + 1 if is_first else root.close
        edit = (at, at, text)
    return edited(raw, [edit])
