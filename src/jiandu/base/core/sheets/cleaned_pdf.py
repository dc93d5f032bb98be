"""Child side: a PDF written again from what its pages need: no Info, no XMP, no earlier versions, no authors of comments."""

import io
import os
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, NullObject, StreamObject

from .cleaned_pictures import clean_picture, is_picture
from .errors import SheetRefused

_TOLD = ("/Metadata", "/PieceInfo", "/LastModified", "/SpiderInfo")
_OF_NOTES = ("/T", "/M", "/CreationDate", "/NM")  # of comments; of fields /T is the field's name


def clean_pdf(fd: int) -> bytes:
    """The copy. Raises `SheetRefused` (password; embedded for files that hang on it), and pypdf's errors for a damaged one."""
    with os.fdopen(fd, "rb", closefd=False) as file:
        reader = PdfReader(file)
        if reader.is_encrypted:
            raise SheetRefused("password")
        if any("/EF" in one for one in _objects(reader.root_object)):
            raise SheetRefused("embedded")
        writer = PdfWriter(clone_from=reader)
    writer.metadata = None
    for one in _objects(writer.root_object):
        _clean(one)
    writer.compress_identical_objects(remove_duplicates=False, remove_unreferenced=True)  # else they would be written
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _objects(start: Any) -> Iterator[DictionaryObject]:
    """Every dictionary that the document reaches, once. Raises `SheetRefused` where one is missing: a page would be empty."""
    waiting, seen = [start], set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, IndirectObject):
            if one.idnum in seen:
                continue
            seen.add(one.idnum)
            one = one.get_object()
            if one is None or isinstance(one, NullObject):
                raise SheetRefused("damaged")
        if isinstance(one, DictionaryObject):
            yield one
            waiting.extend(one.values())
        elif isinstance(one, ArrayObject):
            waiting.extend(one)


def _clean(one: DictionaryObject) -> None:
    for name in _TOLD:
        one.pop(NameObject(name), None)
    if "/Rect" in one and one.get("/Subtype") != "/Widget":
        for name in _OF_NOTES:
            one.pop(NameObject(name), None)
    if isinstance(one, StreamObject) and one.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
        photo = one._data  # noqa: SLF001 -- the JPEG as it lies there: pypdf has no public way to it
        if is_picture(photo):
            one._data = clean_picture(photo)  # noqa: SLF001
