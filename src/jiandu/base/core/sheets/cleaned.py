"""Child side: which file it is, and its copy without what it says of its maker. What the eye sees stays as it is."""

import os
import re

from .cleaned_office import clean_office
from .cleaned_pictures import clean_picture, is_picture
from .errors import SheetRefused
from .limits import Limits

_BOXED = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def cleaned(fd: int, limits: Limits, *, is_plain: bool = False) -> bytes:
    """The copy. Raises `SheetRefused` for what it is not, encrypted, or damaged. `is_plain`: by its name it is mere text."""
    head = os.pread(fd, 1024, 0)
    if head.startswith(b"PK\x03\x04"):
        return clean_office(fd, limits)
    size = os.fstat(fd).st_size
    if size > limits.file_bytes:
        raise SheetRefused("file_too_big", limit=limits.file_bytes)
    if b"%PDF-" in head:  # ISO 32000-2, annex I
        from .cleaned_pdf import clean_pdf  # noqa: PLC0415 -- pypdf, for these files alone

        return clean_pdf(fd)
    content = os.pread(fd, size, 0)
    if is_plain and is_text(content):
        return content
    return seen_or_heard(content)


def seen_or_heard(content: bytes) -> bytes:
    """The copy of a picture, a film or a recording. Raises `SheetRefused`."""
    if is_picture(content):
        return clean_picture(content)
    if content[4:8] in _BOXED:
        from .cleaned_film import clean_film  # noqa: PLC0415 -- for these files alone
        from .cleaned_still import clean_still, is_still  # noqa: PLC0415

        return clean_still(content) if is_still(content) else clean_film(content)
    from .cleaned_sound import clean_sound, is_sound  # noqa: PLC0415 -- for these files alone

    if is_sound(content):
        return clean_sound(content)
    raise SheetRefused("damaged")


def is_text(content: bytes) -> bool:
    """Whether it is nothing but letters: what an editor shows is all there is."""
    if content.startswith(b"{\\rtf"):
        return False
    for name in ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        return not _UNSEEN.search(text)
    return False
