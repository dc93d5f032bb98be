"""Parent side: a copy of a stranger's file without what it says of its maker (EXIF, XMP, properties), made in the confined child."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from .cleaned import is_text
from .errors import SheetRefused
from .limits import MIB, SMALL, Limits
from .process import Child, scratch
from .wire import decode, refused

COPIES = replace(SMALL, file_bytes=50 * MIB)
#: Endings of files whose makers we know how to take out; of those that have no place for one.
CLEANABLE = frozenset(
    (
        *(
            ".jpg",
            ".jpeg",
            ".png",
            ".webp",
            ".gif",
            ".heic",
            ".mp4",
            ".mov",
            ".3gp",
            ".m4a",
            ".mp3",
            ".wav",
            ".amr",
            ".aac",
        ),
        *(".pdf", ".docx", ".xlsx", ".pptx", ".txt", ".csv"),
    )
)
PLAIN = frozenset((".txt", ".csv"))
_HEAD = 1024
_SHORT = 64 * 1024  # bytes of text that need no child


def is_cleanable(name: str) -> bool:
    """Whether a file of this name can be tried."""
    return Path(name).suffix.lower() in CLEANABLE


def clean(blocks: Iterable[bytes], *, name: str = "", limits: Limits = COPIES) -> bytes:
    """The copy, whole. Raises SheetRefused."""
    return b"".join(cleaned_blocks(blocks, name=name, limits=limits))


def cleaned_blocks(blocks: Iterable[bytes], *, name: str = "", limits: Limits = COPIES) -> Iterator[bytes]:
    """The copy of a file that comes in blocks, as the child writes it; in clear both are in memory alone.

    Raises SheetRefused, also behind the last block: what came before is worth nothing then.
    """
    with scratch() as file:
        for block in blocks:
            file.write(block)
            if file.tell() > limits.file_bytes:
                raise SheetRefused("file_too_big", limit=limits.file_bytes // MIB)
        file.flush()
        file.seek(0)
        is_plain = Path(name).suffix.lower() in PLAIN
        if is_plain and os.fstat(file.fileno()).st_size <= _SHORT and is_text(content := file.read()):
            yield content  # its start would be all that the child does
            return
        order = {"job": "clean", "is_plain": is_plain}
        child = Child(order, limits, file.fileno())
        try:
            yield from _answered(child, limits)
        finally:
            child.close()


def _answered(child: Child, limits: Limits) -> Iterator[bytes]:
    head, size = b"", -1  # below zero: its first line has not come yet
    for block in child.blocks():
        content = block
        if size < 0:
            head += block
            line, told, content = head.partition(b"\n")
            if not told and len(head) <= _HEAD:
                continue
            _check(line)
            size = 0
        size += len(content)
        if size > limits.unpacked_bytes:
            raise SheetRefused("unpacked_too_big", limit=limits.unpacked_bytes // MIB)
        yield content
    if size < 0:
        raise child.verdict()
    if not child.succeeded():
        raise SheetRefused("crashed")


def _check(line: bytes) -> None:
    """The first line: whether a copy follows."""
    try:
        head, *rest = decode(line)
    except (ValueError, RecursionError) as error:
        raise SheetRefused("crashed") from error
    if head == "refused":
        raise refused(*rest)
    if head != "cleaned":
        raise SheetRefused("crashed")
