"""Reads a bulletin's figures: as a file of 表 table (may be left out), 行 row, 列 column, 数 figure; or as the tables themselves, pasted."""

import re
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from jiandu.base.core.sheets import Fault, RawRow, SheetRefused, read_rows
from jiandu.base.core.sheets.cells import letters, shown
from jiandu.base.core.text import normal
from jiandu.results.digests.agreeing import Cell, falls
from jiandu.results.digests.checking import Role, role

NAMED = {"表": "table", "行": "row", "列": "column", "数": "figure", "数字": "figure", "数值": "figure"}
NEEDED = ("row", "column", "figure")
FIGURE = re.compile(
    r"(?P<word>增长|增加|上升|提高|升高|多|增|升|下降|减少|降低|少|减|降)?了?(?P<sign>[+-]?)"
    r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12})(?P<part>\.[0-9]{1,6})?\s*"
    r"(?:(?P<percent>%)|(?P<points>个?百分点)|(?P<myriad>万)?[件个人次项起]{0,2})"
)
LEVEL = "持平"
MOST = 5000
NOTHING = frozenset(("-", "—", "–", "——", "/", "\\", "*"))  # a hidden or an empty cell


class Unreadable(Exception):
    """The table cannot be used. `errors`: sheet, row, column, value and reason in both languages."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors[0]["reason"])
        self.errors = errors


def read(path: Path) -> list[Cell]:
    """The figures of the first sheet. Raises Unreadable with every cell that is wrong."""
    try:
        with read_rows(path) as rows:
            lines = list(rows)
    except SheetRefused as refused:
        raise Unreadable([{"reason": f"{refused.message} · {refused.english}"}]) from refused
    if not lines:
        raise Unreadable([{"reason": "表中没有内容 · the table is empty"}])
    lines = [line for line in lines if line.sheet == lines[0].sheet]
    places = _places(lines[0])
    if not 1 < len(lines) <= MOST:
        raise Unreadable([{"reason": f"应有1至{MOST - 1}行数 · there must be 1 to {MOST - 1} rows of figures"}])
    return _cells(lines[1:], places, len(lines[0].values))


def read_grid(text: str) -> list[Cell]:
    """The figures of tables as they are copied from Word or Excel: cells by tabs, the first line names the columns, the first cell the row.

    An empty line ends a table; a line of one cell names the next one. A cell's `line` is its number among all cells.
    Raises Unreadable with table, row, column, value and reason.
    """
    found: dict[tuple[str, str, str], Cell] = {}
    errors: list[dict[str, Any]] = []
    name, head = "", list[str]()
    for number, line in enumerate(text.split("\n"), 1):
        cells = [cell.strip() for cell in line.rstrip("\r").split("\t")]
        if not any(cells):
            name, head = "", list[str]()
        elif not head and not any(cells[1:]):
            name = cells[0]
        elif not head:
            head = cells
        else:
            _grid_row(number, name, head, cells, found, errors)
    if errors:
        raise Unreadable(errors[:20])
    if not 0 < len(found) <= MOST:
        words = (
            f"应有1至{MOST}个数，首行是列名，首列是行名",
            f"1 to {MOST} figures below names of columns, beside names of rows",
        )
        raise Unreadable([{"reason": " · ".join(words)}])
    return _percents(list(found.values()))


def _grid_row(
    line: int,
    name: str,
    head: list[str],
    cells: list[str],
    found: dict[tuple[str, str, str], Cell],
    errors: list[dict[str, Any]],
) -> None:
    """The figures of a row; an empty cell and a dash are none, one without a name above it is told."""
    for place, value in enumerate(cells[len(head) :], len(head) + 1):
        if value:
            reason = "这一列没有列名 · the column has no name"
            errors.append({"row": line, "column": letters(place), "value": value[:80], "reason": reason})
    for column, value in zip(head[1:], cells[1:], strict=False):
        if not value or value in NOTHING:
            continue
        try:
            cell = _cell(len(found) + 1, {"table": name, "row": cells[0], "column": column, "figure": value})
            if cell is not None:
                _kept(found, cell)
        except _Wrong as wrong:
            errors.append({"row": line, "column": column, "value": value[:80], "reason": wrong.reason})


def _places(head: RawRow) -> dict[str, int]:
    cells = [normal(shown(value)) for value in head.values]
    names = [NAMED.get(cell, cell) for cell in cells]
    lost = [name for name in NEEDED if names.count(name) != 1]
    if lost or names.count("table") > 1:
        words = "、".join(lost or ["table"])
        reason = f"首行应有 table,row,column,figure（表、行、列、数）各一列：{words} · the first line names each column once: {words}"
        raise Unreadable([{"row": head.number, "value": ",".join(cells)[:80], "reason": reason}])
    return {name: names.index(name) for name in ("table", *NEEDED) if name in names}


def _cells(lines: list[RawRow], places: dict[str, int], width: int) -> list[Cell]:
    found: dict[tuple[str, str, str], Cell] = {}
    errors: list[dict[str, Any]] = []
    for line in lines:
        if any(shown(value).strip() for value in line.values[width:]):
            reason = "这一行多出一格，带千分位逗号的数须加引号 · one cell too many: quote a figure that has a comma"
            errors.append({"row": line.number, "column": letters(width + 1), "reason": reason})
            continue
        values = {name: line.values[at] if at < len(line.values) else None for name, at in places.items()}
        try:
            cell = _cell(line.number, values)
            if cell is None:
                continue
            _kept(found, cell)
        except _Wrong as wrong:
            value = shown(values.get(wrong.name))
            where = letters(places[wrong.name] + 1)
            errors.append({"row": line.number, "column": where, "value": value[:80], "reason": wrong.reason})
    if errors:
        raise Unreadable(errors[:20])
    return _percents(list(found.values()))


def _kept(found: dict[tuple[str, str, str], Cell], cell: Cell) -> None:
    if found.setdefault((cell.table, cell.row, cell.column), cell) is not cell:
        raise _Wrong("column", "同一表同一行同一列重复 · the same table, row and column came before")


def _percents(cells: list[Cell]) -> list[Cell]:
    """Shares and rates as percentages where a whole column came without a %: from a spreadsheet 73% comes as 0.73.

    A 持平 or 0 among changes with a % is one too, as exact as the others.
    """
    columns: defaultdict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        columns[cell.table, cell.column].append(cell)
    cells = [_level(cell, columns[cell.table, cell.column]) for cell in cells]
    turned = {key: _turn(column) for key, column in columns.items()}
    return [
        cell
        if (shift := turned[cell.table, cell.column]) is None
        else replace(cell, figure=cell.figure.scaleb(shift), percent=True)
        for cell in cells
    ]


def _level(cell: Cell, column: list[Cell]) -> Cell:
    others = [each for each in column if each.percent]
    if cell.figure or cell.percent or cell.points or not others or role(cell) is not Role.CHANGE:
        return cell
    return replace(cell, figure=cell.figure.quantize(max(each.unit for each in others)), percent=True)


def _turn(column: list[Cell]) -> int | None:
    """By how many places its figures become percentages: 2, 0, or none for a column that holds counts or has its signs."""
    kind = role(column[0])
    if kind not in {Role.SHARE, Role.CHANGE} or any(cell.percent or cell.points for cell in column):
        return None
    broken = any(cell.figure != cell.figure.to_integral_value() for cell in column)
    if kind is Role.CHANGE and not broken and "%" not in normal(column[0].column):
        return None
    return 2 if broken and all(abs(cell.figure) <= 1 for cell in column) else 0


class _Wrong(Exception):
    def __init__(self, name: str, reason: str) -> None:
        super().__init__(reason)
        self.name, self.reason = name, reason


def _cell(line: int, values: dict[str, Any]) -> Cell | None:
    """A figure with its words; None for a line with nothing in it."""
    words = {name: shown(value).strip() for name, value in values.items()}
    if not any(words.values()):
        return None
    for name in ("row", "column"):
        if not words[name]:
            raise _Wrong(name, "缺少行或列的名称 · the name of the row or column is missing")
    figure = values["figure"]
    said = f"{round(figure, 6):.6f}".rstrip("0").rstrip(".") if isinstance(figure, float) else words["figure"]
    if said in NOTHING:
        return None
    text = normal(said).replace("−", "-").replace("–", "-")
    found = None if isinstance(figure, Fault) else FIGURE.fullmatch("0" if text == LEVEL else text)
    if found is None or (found["word"] and found["sign"]):
        raise _Wrong("figure", "不是可识别的数，请写成 401、-286、73% 或 下降5% · not a figure: write 401, -286 or 73%")
    number = _number(found, words["column"])
    return Cell(
        words.get("table", ""),
        words["row"],
        words["column"],
        number,
        bool(found["percent"]),
        line,
        bool(found["points"]),
    )


def _number(found: re.Match[str], column: str) -> Decimal:
    """With its sign: 下降5% is −5, but where the column itself tells of falls."""
    number = Decimal(f"{found['sign']}{found['whole'].replace(',', '')}{found['part'] or ''}")
    if found["myriad"]:
        number = Decimal(f"{number * 10_000:f}")
    return -number if (found["word"] or "")[:1] in {"下", "减", "降", "少"} and not falls(column) else number
