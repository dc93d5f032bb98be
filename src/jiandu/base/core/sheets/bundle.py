"""Parent side: the files of a zip that came as one upload, taken apart in the confined child."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import cast

from .errors import SheetRefused
from .limits import MIB, SMALL, Limits
from .process import Child, Source, descriptor
from .wire import decode, refused

#: Of the archive as a whole; each file in it is held to the limits of what it is when it is read.
BUNDLE = replace(SMALL, parts=500)


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the archive: its bare name as its maker wrote it, and its bytes."""

    name: str
    content: bytes


def is_bundle(head: bytes, name: str) -> bool:
    """Whether an upload is meant as an archive of several files: by its name, and by its first bytes."""
    return name.lower().endswith(".zip") and head.startswith(b"PK\x03\x04")


def unpack_bundle(source: Source, *, limits: Limits = BUNDLE) -> Iterator[Member]:
    """The files, in their order, without folders and without what systems leave there (__MACOSX, .DS_Store, ~$…).

    Raises `SheetRefused` for an archive that cannot be trusted (a bomb, names that lead elsewhere, overlapping entries, a
    password), has no file, or more than 200.
    """
    with descriptor(source, limits) as fd:
        child = Child({"job": "bundle"}, limits, fd)
        try:
            yield from _members(child, limits)
        finally:
            child.close()


def _members(child: Child, limits: Limits) -> Iterator[Member]:
    name, content = "", bytearray()
    for line in child.lines():
        head, *rest = decode(line)
        if head == "refused":
            raise refused(*rest)
        if head in ("member", "end") and name:
            yield Member(name, bytes(content))
        if head == "end":
            return
        if head == "member":
            name, content = str(rest[0]), bytearray()
        elif head == "bytes":
            content += base64.b64decode(cast("str", rest[0]))
            if len(content) > limits.unpacked_bytes:
                raise SheetRefused("unpacked_too_big", limit=limits.unpacked_bytes // MIB)
    raise child.verdict()
