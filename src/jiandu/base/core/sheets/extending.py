"""Parent side: a ledger's own workbook is written anew with other rows below its header; nothing else of it changes."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from .errors import SheetRefused
from .filling import FORM
from .limits import MIB, Limits
from .plan import OutValue
from .process import Child, Source, descriptor, scratch
from .wire import decode, refused


@dataclass(frozen=True, slots=True)
class Place:
    """Where the table stands: its sheet, the last row of its header, the row that stays below it (0: none), its width."""

    sheet: str
    header: int
    tail: int
    columns: int


def extend_table(
    source: Source,
    place: Place,
    rows: Iterable[Sequence[OutValue]],
    *,
    open_columns: Sequence[int] = (),
    mark: str = "",
    limits: Limits = FORM,
) -> bytes:
    """The workbook with these rows, in the styles of the row that stood first; `open_columns` (from 1) are yellow.

    `mark` (name, time, number of the export) stands below the table and on the printed pages. Raises `SheetRefused`.
    """
    with descriptor(source, limits) as fd, scratch() as listed, scratch() as body:
        count = 0
        for row in rows:
            body.write(json.dumps([_said(value) for value in row], ensure_ascii=False).encode() + b"\n")
            count += 1
        if not count:  # a total needs a row to add up
            body.write(json.dumps([None] * place.columns).encode() + b"\n")
            count = 1
        said = {"sheet": place.sheet, "first": place.header + 1, "tail": place.tail, "columns": place.columns}
        said |= {"open": list(open_columns), "mark": mark, "count": count}
        listed.write(json.dumps(said, ensure_ascii=False).encode() + b"\n")
        body.seek(0)
        while block := body.read(MIB):
            listed.write(block)
        listed.flush()
        child = Child({"job": "extend", "cells": listed.fileno()}, limits, fd, extra=(listed.fileno(),))
        try:
            return _answered(child, limits)
        finally:
            child.close()


def _said(value: OutValue) -> object:
    """A value as the child takes it: a day is one, which the child writes in the number format of its column."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float | Decimal):
        return {"n": format(Decimal(str(value)), "f")}
    if isinstance(value, datetime):
        return value.isoformat()
    return {"d": value.isoformat()} if isinstance(value, date) else str(value)


def _answered(child: Child, limits: Limits) -> bytes:
    content = bytearray()
    for block in child.blocks():
        content += block
        if len(content) > limits.unpacked_bytes:
            raise SheetRefused("unpacked_too_big", limit=limits.unpacked_bytes // MIB)
    line, _, workbook = bytes(content).partition(b"\n")
    if not line:
        raise child.verdict()
    head, *rest = decode(line)
    if head == "refused":
        raise refused(*rest)
    if head != "filled" or not child.succeeded():
        raise SheetRefused("crashed")
    return workbook
