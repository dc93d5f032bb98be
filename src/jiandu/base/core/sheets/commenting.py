"""Parent side: a Word file goes back with comments on its words; all else stays as it was."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from .errors import SheetRefused
from .limits import SMALL, Limits
from .process import Child, Source, descriptor, scratch


@dataclass(frozen=True, slots=True)
class Comment:
    """What is said of the words from `start` to `end` of a paragraph (all from 0), as `read_words` gives them."""

    paragraph: int
    start: int
    end: int
    text: str
    author: str


def commented(source: Source, comments: Sequence[Comment], *, limits: Limits = SMALL) -> bytes:
    """The file with its comments. Raises `SheetRefused` for a file that cannot be trusted, as `read_words` does."""
    found = bytearray()
    with descriptor(source, limits) as fd, scratch() as listed:
        listed.writelines(f"{json.dumps(asdict(comment))}\n".encode() for comment in comments)
        listed.flush()
        child = Child({"job": "comment", "problems": listed.fileno()}, limits, fd, extra=(listed.fileno(),))
        try:
            for block in child.blocks():
                found += block
                if len(found) > limits.unpacked_bytes:
                    raise SheetRefused("unpacked_too_big", limit=limits.unpacked_bytes)
            if not child.succeeded():
                raise child.verdict()
        finally:
            child.close()
    return bytes(found)
