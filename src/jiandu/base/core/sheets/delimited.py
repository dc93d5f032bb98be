"""Child side: the rows of a CSV file, all as text. Records are numbered as Excel would show them."""

import csv
import io
import re
from collections.abc import Callable, Sequence

from jiandu.base.core.text import decode_bytes

from .cells import Value, clean
from .errors import SheetRefused
from .limits import Limits

SHEET = "CSV"
_QUOTED = re.compile('"[^"]*"')
_DELIMITERS = "\t,;"  # in a tie the tab wins: people do not type it


def read_delimited(
    data: bytes, limits: Limits, emit: Callable[[int, list[Value]], None], *, mark: str = ""
) -> Sequence[str]:
    """Call `emit(record number, texts)` for each record with a value; gives the warnings of the decoder.

    `mark` parts the values where it is known (a text pasted from Excel: the tab); else it is found out.
    """
    try:
        text, _, warnings = decode_bytes(data)
    except ValueError as error:  # UnicodeDecodeError is one
        raise SheetRefused("encoding") from error
    csv.field_size_limit(limits.cell_characters)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark or _delimiter(text), strict=True)
    number = 0
    try:
        for number, record in enumerate(reader, start=1):
            values = _values(record, number, limits)
            if values:
                emit(number, values)
    except csv.Error as error:
        place = {"sheet": SHEET, "cell": f"A{number + 1}"}
        if "field limit" in str(error):
            raise SheetRefused("long_cell", limit=limits.cell_characters, **place) from error
        raise SheetRefused("bad_csv", **place) from error
    return warnings


def _delimiter(text: str) -> str:
    head = _QUOTED.sub("", text[:20_000]).splitlines()[:30]
    return max(_DELIMITERS, key=lambda mark: max((line.count(mark) for line in head), default=0))


def _values(record: list[str], number: int, limits: Limits) -> list[Value]:
    values: list[Value] = [clean(text) or None for text in record]
    while values and values[-1] is None:
        values.pop()
    place = {"sheet": SHEET, "cell": f"A{number}"}
    if len(values) > limits.columns:
        raise SheetRefused("too_many_columns", limit=limits.columns, **place)
    if sum(len(text) for text in record) > limits.row_characters:
        raise SheetRefused("long_row", limit=limits.row_characters, **place)
    return values
