"""Child side: a PDF written again from what its pages need: no Info, no XMP, no earlier versions, no authors of comments.

Keys are kept by list in the catalog, pages, comments, fields, bookmarks, layers and pictures (`pdf_keys`; ISO 32000-2).
"""

import io
import os
import re
import zlib
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    EncodedStreamObject,
    IndirectObject,
    NameObject,
    NullObject,
    StreamObject,
)

from . import pdf_keys as keys
from .cleaned_pictures import clean_picture, is_picture
from .errors import SheetRefused
from .profiles import without_makers

_SITES = ("http:", "https:", "mailto:", "tel:", "#")
_PLAYS = frozenset(("/Screen", "/RichMedia", "/3D", "/Movie", "/Sound", "/FileAttachment"))
_PHOTO, _CODED = "/DCTDecode", frozenset(("/JPXDecode", "/Crypt"))
_SHORT = {"/DCT": _PHOTO}
_INLINE = re.compile(rb"\bBI\b[^>]{0,400}?/(?:DCT|DCTDecode|JPXDecode)\b")


def clean_pdf(fd: int) -> bytes:
    """The copy. Raises `SheetRefused`, and pypdf's errors for a damaged one.

    password; embedded for files that hang on it; stranger_part for forms in XML; stranger_picture for what cannot be looked into.
    """
    with os.fdopen(fd, "rb", closefd=False) as file:
        reader = PdfReader(file)
        if reader.is_encrypted:
            raise SheetRefused("password")
        if any("/EF" in one for one in _objects(reader.root_object)):
            raise SheetRefused("embedded")
        writer = PdfWriter(clone_from=reader)
    writer.metadata = None
    writer._ID = None  # noqa: SLF001 -- it tells that two copies are of one file; pypdf has no public way to it
    _of_document(writer.root_object)
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
            if len(one) == 2 and one[0] == "/ICCBased":
                _without_maker(one[1].get_object())
            waiting.extend(one)


def _at(one: DictionaryObject, key: str) -> Any:
    """What stands there, also where it stands elsewhere."""
    found = one.get(key)
    return found.get_object() if isinstance(found, IndirectObject) else found


def _only(one: DictionaryObject, kept: frozenset[str]) -> None:
    for key in [*one]:
        if key not in kept:
            one.pop(key)


def _of_document(root: DictionaryObject) -> None:
    _only(root, keys.CATALOG)
    for key, kept in (("/Names", keys.NAMES), ("/AcroForm", keys.FORM), ("/OCProperties", keys.LAYERS)):
        one = _at(root, key)
        if isinstance(one, DictionaryObject):
            if "/XFA" in one:
                raise SheetRefused("stranger_part")
            _only(one, kept)
    layers = _at(root, "/OCProperties")
    if isinstance(layers, DictionaryObject):
        for one in (_at(layers, "/D"), *(_at(layers, "/Configs") or ())):
            found = one.get_object() if one is not None else None
            if isinstance(found, DictionaryObject):
                _only(found, keys.SHOWN)
    opened = _at(root, "/OpenAction")
    if isinstance(opened, DictionaryObject) and not _leads(opened):
        root.pop("/OpenAction")


def _clean(one: DictionaryObject) -> None:
    for name in keys.TOLD:
        one.pop(NameObject(name), None)
    if isinstance(one, StreamObject):
        _clean_stream(one)
        return
    kept = _kept_of(one)
    if kept is not None:
        _only(one, kept)
    if kept is keys.PAGE:
        for each in _listed(_at(one, "/Contents")):
            _check_drawn(each)
    action = _at(one, "/A")
    if isinstance(action, DictionaryObject) and "/S" in action and not _leads(action):
        one.pop("/A")
    _clear_marks(_at(one, "/Properties"))


def _clear_marks(said: Any) -> None:
    """What programs note of marked content, but for layers."""
    for each in said.values() if isinstance(said, DictionaryObject) else ():
        listed = each.get_object()
        if isinstance(listed, DictionaryObject) and _at(listed, "/Type") not in ("/OCG", "/OCMD"):
            listed.clear()


def _kept_of(one: DictionaryObject) -> frozenset[str] | None:
    """The keys that stay, by what it is; None: all."""
    kind = _at(one, "/Type")
    if kind in ("/Page", "/Pages") or "/MediaBox" in one or "/Annots" in one:
        return keys.PAGE
    if kind == "/OCG":
        used = _at(one, "/Usage")
        if isinstance(used, DictionaryObject):
            _only(used, keys.USAGE)
        return keys.LAYER
    if "/Rect" in one and _at(one, "/Subtype") in _PLAYS:
        raise SheetRefused("stranger_picture")
    if "/FT" in one or _at(one, "/Subtype") == "/Widget" or ("/T" in one and "/Kids" in one):
        return keys.FIELD - {"/V", "/DV"} if _at(one, "/FT") == "/Sig" else keys.FIELD
    if "/Rect" in one:
        return keys.NOTE
    if "/Title" in one and "/Parent" in one:
        return keys.BOOKMARK
    return None


def _leads(action: DictionaryObject) -> bool:
    """Whether it leads to a page, or to a site; files on a disk, programs and scripts are left out."""
    kind = _at(action, "/S")
    _only(action, keys.ACTION)
    if kind == "/URI":
        return str(_at(action, "/URI")).strip().casefold().startswith(_SITES)
    return kind in ("/GoTo", "/Named")


def _clean_stream(one: StreamObject) -> None:
    kind = _at(one, "/Subtype")
    if kind in ("/Image", "/Form"):
        _only(one, keys.IMAGE if kind == "/Image" else keys.DRAWING)
    elif kind == "/PS":
        raise SheetRefused("stranger_picture")
    if kind == "/Form":
        _check_drawn(one)
    filters = _listed(_at(one, "/Filter"))
    names = [_SHORT.get(str(each), str(each)) for each in filters]
    if not _CODED.isdisjoint(names) or _PHOTO in names[:-1] or "/F" in one:
        raise SheetRefused("stranger_picture")
    if names[-1:] == [_PHOTO]:
        _clean_photo(one, names)


def _check_drawn(drawn: Any) -> None:
    """A photo amid the orders of drawing cannot be looked into."""
    if isinstance(drawn, StreamObject) and _INLINE.search(drawn.get_data()):
        raise SheetRefused("stranger_picture")


def _listed(found: Any) -> list[Any]:
    if found is None:
        return []
    return [each.get_object() for each in found] if isinstance(found, ArrayObject) else [found]


def _clean_photo(one: StreamObject, names: list[str]) -> None:
    """The JPEG alone, whatever it was wrapped in."""
    settings = _listed(_at(one, "/DecodeParms"))
    photo = one._data  # noqa: SLF001 -- the JPEG as it lies there: pypdf has no public way to it
    if len(names) > 1:
        outer = EncodedStreamObject()
        outer._data = photo  # noqa: SLF001
        outer[NameObject("/Filter")] = ArrayObject(NameObject(name) for name in names[:-1])
        if len(settings) == len(names):
            outer[NameObject("/DecodeParms")] = ArrayObject(settings[:-1])
        photo = outer.get_data()
    if not is_picture(photo):
        raise SheetRefused("damaged")
    one._data = clean_picture(photo)  # noqa: SLF001
    one[NameObject("/Filter")] = NameObject(_PHOTO)
    one.pop("/DecodeParms", None)
    if len(settings) == len(names) and isinstance(settings[-1], DictionaryObject):
        one[NameObject("/DecodeParms")] = settings[-1]


def _without_maker(profile: Any) -> None:
    if isinstance(profile, StreamObject):
        said = profile.get_data()
        profile._data = zlib.compress(without_makers(said))  # noqa: SLF001
        profile[NameObject("/Filter")] = NameObject("/FlateDecode")
        profile.pop("/DecodeParms", None)
