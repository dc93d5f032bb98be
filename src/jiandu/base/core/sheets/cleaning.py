"""Parent side: a copy of a stranger's file without what it says of its maker (EXIF, XMP, properties), made in the confined child."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from .errors import SheetRefused
from .limits import MIB, SMALL, Limits
from .process import Child, scratch
from .wire import decode, refused

COPIES = replace(SMALL, file_bytes=50 * MIB)
#: Endings of files whose makers we know how to take out.
CLEANABLE = frozenset((".jpg", ".jpeg", ".png", ".webp", ".pdf", ".docx", ".xlsx", ".pptx"))


def is_cleanable(name: str) -> bool:
    """Whether a file of this name can be tried."""
    return Path(name).suffix.lower() in CLEANABLE


def clean(blocks: Iterable[bytes], *, limits: Limits = COPIES) -> bytes:
    """The copy of a file that comes in blocks; in clear it is in memory alone. Raises SheetRefused."""
    with scratch() as file:
        for block in blocks:
            file.write(block)
            if file.tell() > limits.file_bytes:
                raise SheetRefused("file_too_big", limit=limits.file_bytes // MIB)
        file.flush()
        file.seek(0)
        child = Child({"job": "clean"}, limits, file.fileno())
        try:
            return _answered(child, limits)
        finally:
            child.close()


def _answered(child: Child, limits: Limits) -> bytes:
    content = bytearray()
    for block in child.blocks():
        content += block
        if len(content) > limits.unpacked_bytes:
            raise SheetRefused("unpacked_too_big", limit=limits.unpacked_bytes // MIB)
    line, _, copy = bytes(content).partition(b"\n")
    if not line:
        raise child.verdict()
    try:
        head, *rest = decode(line)
    except (ValueError, RecursionError) as error:
        raise SheetRefused("crashed") from error
    if head == "refused":
        raise refused(*rest)
    if head != "cleaned" or not child.succeeded():
        raise SheetRefused("crashed")
    return copy
