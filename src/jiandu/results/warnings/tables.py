"""Reads `series,t,count`: any order, one row a series and week; weeks without a row inside a series' own span are zeros.

`t` is an integer week number, a day of the week (2022-01-31, 2022/1/31) or an ISO week (2022-W05), the same kind in the whole file.
"""

import csv
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jiandu.base.core.delimited import Refusal, encoding_of, long_line, zero_byte
from jiandu.base.core.text import parse_date, repair_gb18030

if TYPE_CHECKING:
    import _csv

COLUMNS = ("series", "t", "count")
NAMED = {"系列": "series", "周": "t", "件数": "count"}
COUNT = re.compile(r"([0-9]{1,9})(?:\.0+)?")
WHOLE = re.compile(r"[0-9]{1,5}")
WEEK = re.compile(r"([0-9]{4})-?W([0-9]{1,2})", re.IGNORECASE)
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DAY = re.compile(r"[0-9]{4}(?:[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?|[0-9]{4})(?: 0{1,2}:00(?::00)?)?")
SPAN = 5200  # weeks: a hundred years
CELLS = 100_000_000
BLOCK = 4096  # rows at once: few enough to be forgotten before the collector looks at them
SHOWN = 20
LONGEST_LINE = 65_536  # bytes; a name, a week and a count are far from it


class Unreadable(Exception):
    """A table cannot be used. `errors`: row, column, value and reason in Chinese and English, the first twenty."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors[0]["reason"])
        self.errors = errors


@dataclass(frozen=True)
class Table:
    """Series i is `counts[begins[i]:begins[i + 1]]`, its first week is `first[i]`; `kind` says how weeks are written, `day` as
    which day of the week (0 Monday: so where the table does not always give the same).
    """

    names: list[str]
    first: NDArray[np.int64]
    begins: NDArray[np.int64]
    counts: NDArray[np.float64]
    kind: str
    day: int = 0

    @property
    def lengths(self) -> NDArray[np.int64]:
        return np.diff(self.begins)

    def written(self, week: int) -> str:
        """A week as the table writes it."""
        if self.kind == "number":
            return str(week)
        if self.kind == "day":
            return date.fromordinal(week * 7 + 1 + self.day).isoformat()
        year, number, _day = date.fromordinal(week * 7 + 1).isocalendar()
        return f"{year:04}-W{number:02}"


def week_of(text: str) -> tuple[int, str]:
    """The week as a number and its kind. Raises ValueError in Chinese and English."""
    text = text.strip()
    if WHOLE.fullmatch(text):
        return int(text), "number"
    try:
        if found := WEEK.fullmatch(text):
            return (date.fromisocalendar(int(found[1]), int(found[2]), 1).toordinal() - 1) // 7, "week"
        if day := _day_of(text):
            return (day.toordinal() - 1) // 7, "day"
    except ValueError as error:
        raise ValueError("没有这一天或这一周 · no such day or week") from error
    raise ValueError("周应写成 5、2022-01-31 或 2022-W05 · a week is written 5, 2022-01-31 or 2022-W05")


def _day_of(text: str) -> date | None:
    """The day that a text writes, as programs or as spreadsheets do; None where it is no day. Raises ValueError."""
    if ISO_DAY.fullmatch(text):
        return date.fromisoformat(text)
    return parse_date(text) if DAY.fullmatch(text) else None


def _count_of(text: str) -> int:
    if found := COUNT.fullmatch(text.strip()):
        return int(found[1])
    raise ValueError("件数应为0至999999999的整数 · a count is a whole number from 0 to 999999999")


def _name_of(text: str, encoding: str) -> str:
    if name := text.strip():
        return repair_gb18030(name) if encoding == "gb18030" else name
    raise ValueError("系列名称为空 · the series has no name")


class _Known(dict[str, Any]):
    """What cells mean, each distinct text read once."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        super().__init__()
        self.read = read

    def __missing__(self, text: str) -> Any:
        value = self[text] = self.read(text)
        return value


class _Reader:
    """The columns as they come, in blocks: numbers of series, weeks, counts."""

    def __init__(self, path: Path) -> None:
        self.path, self.encoding = path, encoding_of(path)
        with self._lines(strict=False) as rows:
            self.places = self._places(next(rows, []))
        self.names: dict[str, int] = {}
        self.kind = ""
        self.days: set[int] = set()
        self.known = {
            "series": _Known(lambda text: self.names.setdefault(_name_of(text, self.encoding), len(self.names))),
            "t": _Known(self._week),
            "count": _Known(_count_of),
        }

    def _places(self, head: list[str]) -> dict[str, int]:
        cells = [NAMED.get(cell.strip(), cell.strip().casefold()) for cell in head]
        lost = [name for name in COLUMNS if cells.count(name) != 1]
        if lost:
            words = "、".join(lost)
            reason = f"首行应有 series,t,count 各一列，缺少或重复：{words} · the first line names series,t,count once each: {words}"
            raise Unreadable([{"row": 1, "column": words, "value": ",".join(head)[:80], "reason": reason}])
        return {name: cells.index(name) for name in COLUMNS}

    def _week(self, text: str) -> int:
        week, kind = week_of(text)
        self.kind = self.kind or kind
        if kind != self.kind:
            raise ValueError("周的写法与前面不一 · weeks are written in more than one way")
        if day := _day_of(text.strip()):
            self.days.add(day.weekday())
        return week

    def columns(self) -> tuple[NDArray[np.int64], ...]:
        """Three arrays, one number a row."""
        found: list[list[NDArray[np.int64]]] = []
        try:
            for block in self._blocks():
                found.append([self._column(block, name) for name in COLUMNS])
        except UnicodeDecodeError:
            raise  # a ValueError too, but of no cell
        except (ValueError, IndexError, csv.Error) as error:
            raise Unreadable(self._errors()) from error
        if not found:
            raise Unreadable([{"reason": "表中没有数据行 · the table has no rows"}])
        return tuple(np.concatenate([block[place] for block in found]) for place in range(3))

    @contextmanager
    def _lines(self, *, strict: bool = True) -> Iterator["_csv.Reader"]:
        with self.path.open(encoding=self.encoding, newline="") as file:
            yield csv.reader(file, strict=strict)

    def _blocks(self) -> Iterator[list[list[str]]]:
        with self._lines() as rows:
            next(rows)
            while lines := list(islice(rows, BLOCK)):
                if block := [line for line in lines if line]:
                    yield block

    def _column(self, block: list[list[str]], name: str) -> NDArray[np.int64]:
        known, place = self.known[name], self.places[name]
        return np.fromiter((known[row[place]] for row in block), np.int64, len(block))

    def _errors(self) -> list[dict[str, Any]]:
        """Reads again, row by row, to say where and why."""
        errors: list[dict[str, Any]] = []
        with self._lines() as rows:
            try:
                for row in rows:
                    if row and rows.line_num > 1 and len(errors) < SHOWN:
                        errors += self._wrong(row, rows.line_num)
            except csv.Error as error:
                reason = f"引号或字符有误：{error} · broken quoting: {error}"
                errors.append({"row": rows.line_num, "reason": reason})
        return errors[:SHOWN]

    def _wrong(self, row: list[str], line: int) -> list[dict[str, Any]]:
        errors = []
        for name, place in self.places.items():
            try:
                self.known[name][row[place]]
            except IndexError:
                errors.append({"row": line, "column": name, "reason": "这一行缺少此列 · the row has no such column"})
            except ValueError as error:
                errors.append({"row": line, "column": name, "value": row[place][:80], "reason": str(error)})
        return errors

    def line_of(self, number: int) -> int:
        """The line where data row `number` (from 0) ends."""
        with self._lines() as rows:
            next(rows)
            held = (rows.line_num for row in rows if row)
            return next(islice(held, number, None))

    def week_at(self, number: int) -> str:
        """What that row writes as its week."""
        with self._lines() as rows:
            next(rows)
            return next(islice((row for row in rows if row), number, None))[self.places["t"]]


def read(path: Path) -> Table:
    """The table of a CSV file in UTF-8, UTF-16 or GB 18030. Raises Unreadable."""
    if line := long_line(path, LONGEST_LINE):
        reason = f"一行超过{LONGEST_LINE}字节 · a line of more than {LONGEST_LINE} bytes"
        raise Unreadable([{"row": line, "reason": reason}])
    try:
        reader = _Reader(path)
        if reader.encoding != "utf-16" and (line := zero_byte(path)):
            raise Unreadable([{"row": line, "reason": "有空字节，不是文本 · zero bytes: not text"}])
        series, weeks, counts = reader.columns()
    except Refusal as refused:
        raise Unreadable(refused.errors) from refused
    except UnicodeDecodeError as error:
        raise Unreadable([{"reason": "有无法识别的字节 · bytes that cannot be read"}]) from error
    return _laid(reader, series, weeks, counts)


def _laid(reader: _Reader, series: NDArray[np.int64], weeks: NDArray[np.int64], counts: NDArray[np.int64]) -> Table:
    """Each series laid out week by week."""
    names = list(reader.names)
    first, last = np.full(len(names), np.iinfo(np.int64).max), np.full(len(names), -1)
    np.minimum.at(first, series, weeks)
    np.maximum.at(last, series, weeks)
    spans = last - first + 1
    _bounded(names, spans, series, weeks, reader)
    begins = np.concatenate([[0], np.cumsum(spans)])
    cells = begins[series] + weeks - first[series]
    _unique(cells, names, series, reader)
    laid = np.zeros(begins[-1])
    laid[cells] = counts
    return Table(names, first, begins, laid, reader.kind, min(reader.days) if len(reader.days) == 1 else 0)


def _bounded(
    names: list[str], spans: NDArray[np.int64], series: NDArray[np.int64], weeks: NDArray[np.int64], reader: _Reader
) -> None:
    if spans.max() > SPAN:
        which = int(spans.argmax())
        rows = np.flatnonzero(series == which)
        row = int(rows[weeks[rows].argmax()])
        reason = f"系列“{names[which]}”跨{spans[which]}周，超过{SPAN}周 · this series spans {spans[which]} weeks, more than {SPAN}"
        raise Unreadable([{"row": reader.line_of(row), "column": "t", "value": reader.week_at(row), "reason": reason}])
    if spans.sum() > CELLS:
        raise Unreadable([{"reason": f"表太大，超过{CELLS}个系列周 · too large: more than {CELLS} weeks of series"}])


def _unique(cells: NDArray[np.int64], names: list[str], series: NDArray[np.int64], reader: _Reader) -> None:
    order = np.argsort(cells, kind="stable")
    again = np.sort(order[1:][np.diff(cells[order]) == 0])
    if len(again):
        reason = "同一系列同一周重复 · the same series and week came before"
        raise Unreadable(
            [
                {"row": reader.line_of(int(row)), "column": "series,t", "value": names[series[row]], "reason": reason}
                for row in again[:SHOWN]
            ]
        )
