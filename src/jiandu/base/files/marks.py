"""Marks of state secrets (密级): 绝密, 机密, 秘密 with or without ★ and a period, on the first page of an upload.

A statement such as 保密工作 or 泄露国家秘密 is no mark. One that stands alone is: at the beginning or end of a line, or
after 密级. The grades of this system (内部, 工作敏感) are its own and are taken. The parsing runs in the limited child.
"""

import re
import unicodedata
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path

from jiandu.base.core.sheets.cells import shown
from jiandu.base.core.sheets.errors import SheetRefused
from jiandu.base.core.sheets.limits import SMALL
from jiandu.base.core.sheets.reader import Rows, read_first, read_pdf

FIRST_PAGE = 2_000  # characters
QUICK = replace(SMALL, cpu_seconds=5, wall_seconds=10)  # somebody waits for the upload
ROWS = 60  # of a workbook or PDF, or paragraphs of a Word file with its page headers
_GRADE = r"(?:绝\s*密|机\s*密|秘\s*密)"
_TERM = r"(?:[\d一二三四五六七八九十]{1,3}\s*(?:年|个月|月)|长期|永久)"
_STAR = re.compile(rf"{_GRADE}\s*[★☆*＊]")
_ALONE = re.compile(rf"[\s【\[((]*{_GRADE}[\s】\])))]*(?:{_TERM})?[\s。.]*")
_COLUMNS = re.compile(r"\t| {3,}")
_NAMED = re.compile(rf"密\s*级\s*[::]?\s*[【\[(( ]*{_GRADE}")


def is_marked(text: str) -> bool:
    """Whether the beginning of a text bears a mark of a state secret."""
    head = unicodedata.normalize("NFKC", text[:FIRST_PAGE])
    if _STAR.search(head) or _NAMED.search(head):
        return True
    pieces = (piece for line in head.splitlines() for piece in _COLUMNS.split(line) if piece.strip())
    return any(_ALONE.fullmatch(piece) for piece in pieces)


def first_page(path: Path) -> str:
    """The words at the beginning of a file: text as it is; Word files, workbooks and PDF through the limited child.

    "" for what has no words that can be read here (pictures, scans, encrypted and damaged files).
    """
    with path.open("rb") as file:
        head = file.read(4 * FIRST_PAGE)
    if head.startswith(b"PK\x03\x04"):
        return _lines(read_first(path))
    if b"%PDF-" in head[:1024]:  # where programs that read PDF look for it (ISO 32000-2, annex I)
        return _lines(read_pdf(path, limits=QUICK))
    if b"\x00" in head:
        return ""
    with suppress(UnicodeDecodeError):
        return head.decode("utf-8-sig")
    return head.decode("gb18030", errors="ignore") if _is_chinese(head) else head.decode("utf-8", errors="ignore")


def _is_chinese(head: bytes) -> bool:
    """Whether it reads as GB 18030 but for a character cut in two at the end."""
    try:
        head[:-4].decode("gb18030")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 8
    return True


def _lines(reading: AbstractContextManager[Rows]) -> str:
    """As many rows as can be read."""
    lines: list[str] = []
    with suppress(SheetRefused), reading as rows:
        lines.extend("\t".join(shown(value) for value in row.values if value is not None) for row in islice(rows, ROWS))
    return "\n".join(lines)
