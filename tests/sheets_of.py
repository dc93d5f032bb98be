"""Sheets of registers in tests: written, judged and taken in by an officer."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import openpyxl

from jiandu.base.books import sheets
from tests.world import World, as_

OFFICER = "干部甲"


def file_of(path: Path, rows: Iterable[Any]) -> Path:
    """A workbook of one sheet; words that begin with = stay words."""
    book = openpyxl.Workbook()
    for each in rows:
        book.active.append(each)
    for cell in (cell for row in book.active for cell in row if cell.data_type == "f"):
        cell.data_type = "s"
    book.save(path)
    return path


def look_at(register: Any, world: World, path: Path, who: str = OFFICER) -> sheets.Sheet:
    with as_(world.viewer(who)) as by:
        return sheets.judge(by, sheets.read(path, register))


def take_in(register: Any, world: World, path: Path, who: str = OFFICER) -> dict[str, int]:
    """Looked at and then taken in, as on the page: how many rows of each kind."""
    seen = look_at(register, world, path, who)
    with as_(world.viewer(who)) as by:
        return sheets.counts_of(sheets.commit(by, sheets.read(path, register), digest=sheets.digest_of(seen)))


def counts(create: int = 0, update: int = 0, unchanged: int = 0, conflict: int = 0) -> dict[str, int]:
    return {"conflict": conflict, "update": update, "create": create, "unchanged": unchanged}
