"""The pipe between child and parent: one JSON array a line. Never pickle: the child may be in the hands of the file.

A line is [row number, [values]] or ["sheet", title], ["warning", text], ["end"], ["refused", code, [key, word] …].
A value is JSON's own, or an object with one member that names its type.
"""

import json
from collections.abc import Callable
from datetime import date, datetime, time
from typing import cast

from .cells import Fault, Value
from .errors import SheetRefused
from .reasons import REASONS

Line = list[object]


def _packed(value: object) -> dict[str, str]:
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, time):
        return {"h": value.isoformat()}
    if isinstance(value, Fault):
        return {value.kind: value.text}
    raise TypeError(type(value).__name__)


_MAKERS: dict[str, Callable[[str], Value]] = {
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
    "h": time.fromisoformat,
}


def _unpacked(packed: dict[str, str]) -> object:
    ((kind, text),) = packed.items()
    maker = _MAKERS.get(kind)
    return maker(text) if maker else Fault(kind, text)


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_packed, allow_nan=False).encode
_decode = json.JSONDecoder(object_hook=_unpacked).decode


def refusal(refused: SheetRefused) -> Line:
    """The line that says why."""
    return ["refused", refused.code, *(list(pair) for pair in refused.detail.items())]


def refused(code: object, *detail: object) -> SheetRefused:
    """The inverse of `refusal`; what is not one of our reasons counts as a crash of the reader."""
    try:
        pairs = {str(key): word for key, word in cast("tuple[tuple[str, str | int], ...]", detail)}
    except (TypeError, ValueError):
        return SheetRefused("crashed")
    return SheetRefused(str(code) if code in REASONS else "crashed", **pairs)


def encode(line: Line) -> bytes:
    """One line with its line feed."""
    return (_encode(line) + "\n").encode("utf-8", "replace")


def decode(line: bytes) -> Line:
    """The inverse of `encode`; raises `ValueError` on anything else."""
    read = _decode(line.decode())
    if not isinstance(read, list) or not read:
        raise ValueError("not a line of the reader")
    return read
