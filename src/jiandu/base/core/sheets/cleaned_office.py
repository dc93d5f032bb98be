"""Child side: Word, Excel and PowerPoint files (ECMA-376) written again without properties, authors, traces of the machine.

What is read stays: text, comments and tracked changes with their author's name empty. Parts are kept by list (`office_parts`); a
part that is a picture, a sound or a film is cleaned as one.
"""

import io
import zipfile

from .errors import SheetRefused
from .limits import Limits
from .office_parts import TYPES, check, is_gone, is_media, link, renamed
from .office_xml import elements, flat, rewritten
from .parts import Part, unpack
from .precheck import inspect

_FOLDERS = ("word/", "xl/", "ppt/")
_DAY = (1980, 1, 1, 0, 0, 0)


def clean_office(fd: int, limits: Limits) -> bytes:
    """The copy. Raises `SheetRefused`: what hangs on it, is of a kind that we do not know or cannot look into."""
    parts = [part for part in inspect(fd, limits).values() if not part.name.endswith("/")]
    low = [part.name.casefold() for part in parts]
    if TYPES not in low or not any(name.startswith(_FOLDERS) for name in low):
        raise SheetRefused("damaged")
    parts = [part for part in parts if not is_gone(part.name)]
    for part in parts:
        check(part.name)
    names = renamed([part.name for part in parts])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            info = zipfile.ZipInfo(names.get(part.name, part.name), _DAY)
            archive.writestr(info, _cleaned(fd, part, names), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _cleaned(fd: int, part: Part, names: dict[str, str]) -> bytes:
    if is_media(part.name):
        return _medium(b"".join(unpack(fd, part)))
    low = part.name.casefold()
    if low != TYPES and not low.endswith(".rels"):
        return rewritten(part.name, unpack(fd, part))
    outer, *found = elements(unpack(fd, part))
    if low == TYPES:
        kept = [(name, said) for name, each in found if (said := _type(each, names)) is not None]
    else:
        kept = [(name, said) for name, each in found if (said := link(part.name, each, names)) is not None]
    return flat([outer, *kept])


def _type(said: dict[str, str], names: dict[str, str]) -> dict[str, str] | None:
    kept: dict[str, str] = {key: said[key] for key in ("Extension", "PartName", "ContentType") if key in said}
    name = kept.get("PartName", "").lstrip("/")
    if is_gone(name):
        return None
    return {**kept, "PartName": f"/{names[name]}"} if name in names else kept


def _medium(content: bytes) -> bytes:
    from .cleaned import seen_or_heard  # noqa: PLC0415 -- it asks this module in its turn

    if content.startswith((b"%PDF", b"PK", b"<")) or not content:
        raise SheetRefused("stranger_picture")
    try:
        return seen_or_heard(content)
    except SheetRefused as refused:
        if refused.code == "damaged":
            raise SheetRefused("stranger_picture") from refused
        raise
