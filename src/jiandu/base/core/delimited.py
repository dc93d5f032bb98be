"""Rows of a CSV file one by one, whatever its size: UTF-8, UTF-16 or GB 18030; what cannot be used is told with its place.

For files that the operator names on the command line; what others upload goes through `sheets`, confined.
"""

import codecs
import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from jiandu.base.core.text import BOMS, repair_gb18030

LONGEST_CELL = 100_000
LONGEST_LINE = 4_000_000
BLOCK = 1 << 20
SHOWN = 40


class Refusal(Exception):
    """The table cannot be used: `errors` name row, line, column, value and reason in both languages."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors[0]["reason"])
        self.errors = errors


def wrong(chinese: str, english: str, **where: Any) -> dict[str, Any]:
    """One error, as commands print it."""
    return {**where, "reason": f"{chinese} · {english}"}


def plain_title(cell: str) -> str:
    """A title as it is compared: without spaces and the mark of UTF-8, lower case."""
    return re.sub(r"\s", "", cell).casefold().lstrip("\ufeff")


def letter(column: int) -> str:
    """Column 0 is A, 26 is AA."""
    said = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        said = chr(65 + rest) + said
    return said


def records(path: Path) -> Iterator[tuple[int, int, list[str]]]:
    """(row, line where it begins, cells). Refusal: bytes that are no text, a quotation mark that never closes, and the like."""
    encoding = encoding_of(path)
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding=encoding, newline="") as file:
        head = file.readline(LONGEST_CELL)
        file.seek(0)
        mark = "\t" if "\t" in head and "," not in head else ";" if ";" in head and "," not in head else ","
        reader = csv.reader(_lines(file), delimiter=mark, strict=True)
        row, line = 1, 1
        try:
            for cells in reader:
                yield row, line, [repair_gb18030(cell) for cell in cells] if encoding == "gb18030" else cells
                row, line = row + 1, reader.line_num + 1
        except UnicodeDecodeError as error:
            raise Refusal(
                [wrong(f"第{error.start + 1}字节无法识别", f"byte {error.start + 1} cannot be read")]
            ) from error
        except csv.Error as error:
            said = wrong(
                "引号不配对或单元格过长",
                f"a quotation mark is not closed, or a cell is too long ({error})",
                row=row,
                line=line,
            )
            raise Refusal([said]) from error


def _lines(file: TextIO) -> Iterator[str]:
    """Line by line; csv.Error where one is longer than any table's, before it fills the memory."""
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE and not line.endswith("\n"):
            raise csv.Error(f"line longer than {LONGEST_LINE} characters")
        yield line


def encoding_of(path: Path) -> str:
    """By its mark; else UTF-8 if all of it is; else GB 18030. Refusal: neither."""
    with path.open("rb") as file:
        head = file.read(4)
        for mark, name in BOMS.items():
            if head.startswith(mark):
                return "utf-8-sig" if name == "utf-8" else name
        for name in ("utf-8", "gb18030"):
            file.seek(0)
            if _decodes(file, name):
                return name
    raise Refusal([wrong("不是 UTF-8、UTF-16 或 GB 18030 文本", "neither UTF-8, UTF-16 nor GB 18030 text")])


def long_line(path: Path, most: int) -> int | None:
    """The number of the first line of more than `most` bytes. Block by block: a file that is one line fills no memory."""
    line, begun = 1, 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            for number, piece in enumerate(block.split(b"\n")):
                line, begun = (line + 1, len(piece)) if number else (line, begun + len(piece))
                if begun > most:
                    return line
    return None


def zero_byte(path: Path) -> int | None:
    """The number of the first line with a zero byte."""
    line = 1
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            if (at := block.find(b"\0")) >= 0:
                return line + block.count(b"\n", 0, at)
            line += block.count(b"\n")
    return None


def _decodes(file: Any, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while block := file.read(BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
