"""Child side: which file it is, and its copy without what it says of its maker. What the eye sees stays as it is."""

import os

from .cleaned_office import clean_office
from .cleaned_pictures import clean_picture, is_picture
from .errors import SheetRefused
from .limits import Limits


def cleaned(fd: int, limits: Limits) -> bytes:
    """The copy. Raises `SheetRefused` for what it is not, encrypted, or damaged."""
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
    if not is_picture(content):
        raise SheetRefused("damaged")
    return clean_picture(content)
