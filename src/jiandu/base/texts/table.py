"""Letters from a table: CSV in UTF-8, UTF-16 or GB 18030, read line by line; titles by name in any order."""

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, TextIO

from jiandu.base.core.text import BOMS, parse_date, repair_gb18030

TITLES = {
    "id": ("id", "编号", "信访编号", "件号", "受理编号", "登记编号", "信访件编号", "序号"),
    "text": ("text", "内容", "反映内容", "信访内容", "主要内容", "诉求内容", "内容概要", "概要", "摘要", "正文"),
    "place": ("place", "属地", "地点", "所属区域", "区域", "问题属地"),
    "date": ("date", "日期", "收件日期", "登记日期", "来信日期", "时间"),
}
MOST_ERRORS = 100
LONGEST_CELL = 100_000
BLOCK = 1 << 20
SHOWN = 40


class Refusal(Exception):
    """The table cannot be used: `errors` name row, line, column, value and reason in both languages."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors[0]["reason"])
        self.errors = errors


@dataclass
class Letters:
    """Columns of a table; `places` and `dates` are empty where the table has no such column."""

    ids: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    dates: list[date | None] = field(default_factory=list)

    @property
    def order(self) -> list[tuple[date, int]]:
        """Each letter's place in time; without a date, after those that have one."""
        return [(day or date.max, number) for number, day in enumerate(self.dates)]

    def within(self, a: int, b: int, months: int) -> bool:
        """Whether both came within so many months; unknown days do."""
        one, other = (self.dates[a], self.dates[b]) if self.dates else (None, None)
        if one is None or other is None:
            return True
        early, late = sorted((one, other))
        apart = (late.year - early.year) * 12 + late.month - early.month
        return apart < months or (apart == months and late.day <= early.day)


def read(path: Path) -> Letters:
    """The letters of a table. Refusal: rows that cannot be used, all of them told (at most a hundred), nothing kept."""
    encoding = _encoding(path)
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding=encoding, newline="") as file:
        try:
            return _Reading(file, repair=encoding == "gb18030").letters()
        except UnicodeDecodeError as error:
            raise Refusal(
                [_wrong(f"第{error.start + 1}字节无法识别", f"byte {error.start + 1} cannot be read")]
            ) from error


def _encoding(path: Path) -> str:
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
    raise Refusal([_wrong("不是 UTF-8、UTF-16 或 GB 18030 文本", "neither UTF-8, UTF-16 nor GB 18030 text")])


def _decodes(file: Any, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while block := file.read(BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _wrong(chinese: str, english: str, **where: Any) -> dict[str, Any]:
    return {**where, "reason": f"{chinese} · {english}"}


class _Reading:
    """One pass over a table: finds the titles, takes the rows, gathers what is wrong with them."""

    def __init__(self, file: TextIO, *, repair: bool) -> None:
        self.file, self.repair = file, repair
        self.errors: list[dict[str, Any]] = []
        self.found = Letters()
        self.first: dict[str, int] = {}
        self.at: dict[str, int] = {}

    def letters(self) -> Letters:
        rows = self.rows()
        self.titles(next(rows, (1, 1, []))[2])
        for row, line, cells in rows:
            if any(cell.strip() for cell in cells):
                self.take(cells, row=row, line=line)
            if len(self.errors) >= MOST_ERRORS:
                break
        if self.errors:
            raise Refusal(self.errors)
        return self.found

    def rows(self) -> Iterator[tuple[int, int, list[str]]]:
        """(row, line where it begins, cells). Refusal: a quotation mark that never closes, and the like."""
        head = self.file.readline()
        self.file.seek(0)
        mark = "\t" if "\t" in head and "," not in head else ";" if ";" in head and "," not in head else ","
        reader = csv.reader(self.file, delimiter=mark, strict=True)
        row, line = 1, 1
        try:
            for cells in reader:
                yield row, line, [repair_gb18030(cell) for cell in cells] if self.repair else cells
                row, line = row + 1, reader.line_num + 1
        except csv.Error as error:
            said = _wrong(
                "引号不配对或单元格过长",
                f"a quotation mark is not closed, or a cell is too long ({error})",
                row=row,
                line=line,
            )
            raise Refusal([said]) from error

    def titles(self, cells: list[str]) -> None:
        names = [re.sub(r"\s", "", cell).casefold().lstrip("\ufeff") for cell in cells]
        for key, known in TITLES.items():
            places = [names.index(name) for name in known if name in names]
            if places:
                self.at[key] = places[0]
        missing = [key for key in ("id", "text") if key not in self.at]
        if missing:
            wanted = "、".join(f"{key}（{TITLES[key][1]}）" for key in missing)
            said = ",".join(cells)[:SHOWN]
            raise Refusal(
                [
                    _wrong(
                        f"首行缺少栏目：{wanted}",
                        f"the first row lacks {', '.join(missing)}",
                        row=1,
                        line=1,
                        value=said,
                    )
                ]
            )

    def take(self, cells: list[str], **where: int) -> None:
        known = len(self.errors)
        if len(cells) <= max(self.at.values()):
            self.fault("text", f"{len(cells)}", "本行栏数不足", "this row has too few cells", where)
            return
        name, text = cells[self.at["id"]].strip(), cells[self.at["text"]]
        if not name:
            self.fault("id", "", "没有编号", "no id", where)
        elif name in self.first:
            said = self.first[name]
            self.fault("id", name, f"编号重复，已见于第{said}行", f"the id stands in row {said} already", where)
        if not text.strip():
            self.fault("text", text, "没有内容", "no text", where)
        day = self.day(cells, where)
        if len(self.errors) > known:
            return
        self.first[name] = where["row"]
        self.found.ids.append(name)
        self.found.texts.append(text)
        if "place" in self.at:
            self.found.places.append(cells[self.at["place"]].strip())
        if "date" in self.at:
            self.found.dates.append(day)

    def day(self, cells: list[str], where: dict[str, int]) -> date | None:
        said = cells[self.at["date"]].strip() if "date" in self.at else ""
        if not said:
            return None
        try:
            return _date(said)
        except ValueError as error:
            self.fault("date", said, str(error), "not a date", where)
            return None

    def fault(self, key: str, value: str, chinese: str, english: str, where: dict[str, int]) -> None:
        column = _letter(self.at[key])
        self.errors.append(_wrong(chinese, english, **where, column=column, value=value[:SHOWN]))


@lru_cache(maxsize=50_000)
def _date(said: str) -> date:
    return parse_date(said)


def _letter(column: int) -> str:
    said = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        said = chr(65 + rest) + said
    return said
