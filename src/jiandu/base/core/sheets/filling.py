"""Parent side: a form is read as it stands, and named cells of it are filled; every other byte of the file stays."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import cast

from .cells import letters
from .errors import SheetRefused
from .limits import MIB, SMALL, Limits
from .process import Child, Source, descriptor, scratch
from .wire import decode, refused

FORM = replace(SMALL, file_bytes=8 * MIB, unpacked_bytes=64 * MIB)  # a form, not a ledger

Place = tuple[int, int]  # row and column, both from 1


@dataclass(frozen=True, slots=True)
class FormCell:
    """A cell that is there: "text", "number", "formula" or "empty" (styled, and nothing in it); its text or last value."""

    kind: str
    text: str = ""


@dataclass(slots=True)
class FormSheet:
    """One visible worksheet: cells by place, merged ranges as (top, left, bottom, right)."""

    title: str
    cells: dict[Place, FormCell] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)

    def anchor(self, at: Place) -> Place:
        """The cell whose content shows here: of a merged range the upper left one."""
        row, column = at
        for top, left, bottom, right in self.merges:
            if top <= row <= bottom and left <= column <= right:
                return top, left
        return at

    def cell(self, at: Place) -> FormCell:
        """The cell there; one that the file does not name is empty."""
        return self.cells.get(at, FormCell("empty"))


@dataclass(frozen=True, slots=True)
class FormRead:
    """A workbook to be filled in: its visible sheets, and what it carries of ours ("" for nothing)."""

    sheets: tuple[FormSheet, ...]
    kept: str


@dataclass(frozen=True, slots=True)
class Put:
    """What becomes of one cell: a number, "" (emptied) or None (as it is); a comment, "" for none, None as it is."""

    sheet: str
    at: Place
    value: int | Decimal | str | None = None
    note: str | None = None
    is_open: bool = False  # yellow: nobody has filled it

    @property
    def cell(self) -> str:
        return reference(self.at)


@dataclass(frozen=True, slots=True)
class Filled:
    """The workbook, and the cells (Sheet!B3) that keep somebody else's comment instead of ours."""

    content: bytes
    kept_comments: tuple[str, ...]


def reference(at: Place) -> str:
    """A place as B3."""
    return f"{letters(at[1])}{at[0]}"


def read_form(source: Source, *, limits: Limits = FORM) -> FormRead:
    """A workbook as it stands, empty cells and formulas included. Raises `SheetRefused`."""
    sheets: list[FormSheet] = []
    kept = ""
    with descriptor(source, limits) as fd:
        child = Child({"job": "grid"}, limits, fd)
        try:
            for line in child.lines():
                head, *rest = _decoded(line)
                if head == "refused":
                    raise refused(*rest)
                if head == "kept":
                    kept = str(rest[0])
                elif head == "end":
                    return FormRead(tuple(sheets), kept)
                else:
                    _take(sheets, str(head), rest)
            raise child.verdict()
        finally:
            child.close()


def _decoded(line: bytes) -> list[object]:
    try:
        return decode(line)
    except (ValueError, RecursionError) as error:
        raise SheetRefused("crashed") from error


def _take(sheets: list[FormSheet], head: str, rest: list[object]) -> None:
    if head == "sheet":
        sheets.append(FormSheet(str(rest[0])))
    elif head == "merge":
        sheets[-1].merges.append(cast("tuple[int, int, int, int]", tuple(rest)))
    elif head == "cell":
        row, column, kind, text = cast("tuple[int, int, str, str]", tuple(rest))
        sheets[-1].cells[row, column] = FormCell(kind, text)


def fill_form(source: Source, puts: Iterable[Put], *, kept: str | None = None, limits: Limits = FORM) -> Filled:
    """The workbook with the cells filled, and carrying `kept` (None: as before). Formulas are computed on opening.

    Entries of the archive that no cell concerns are copied byte for byte. Raises `SheetRefused`, with sheet and cell
    where one of them cannot be filled: nothing is filled then.
    """
    orders = [
        {"sheet": put.sheet, "cell": put.cell, "value": _number(put.value), "note": put.note, "is_open": put.is_open}
        for put in puts
    ]
    with descriptor(source, limits) as fd, scratch() as listed:
        listed.write(json.dumps({"cells": orders, "kept": kept}).encode())
        listed.flush()
        child = Child({"job": "fill", "cells": listed.fileno()}, limits, fd, extra=(listed.fileno(),))
        try:
            return _answered(child, limits)
        finally:
            child.close()


def _number(value: int | Decimal | str | None) -> str | None:
    return format(value, "f") if isinstance(value, Decimal) else None if value is None else str(value)


def _answered(child: Child, limits: Limits) -> Filled:
    content = bytearray()
    for block in child.blocks():
        content += block
        if len(content) > limits.unpacked_bytes:
            raise SheetRefused("unpacked_too_big", limit=limits.unpacked_bytes // MIB)
    line, _, workbook = bytes(content).partition(b"\n")
    if not line:
        raise child.verdict()
    head, *rest = _decoded(line)
    if head == "refused":
        raise refused(*rest)
    if head != "filled" or not child.succeeded():
        raise SheetRefused("crashed")
    return Filled(workbook, tuple(map(str, cast("list[object]", rest[0]))))
