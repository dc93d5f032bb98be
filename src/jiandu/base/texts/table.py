"""Letters from a table: CSV in UTF-8, UTF-16 or GB 18030, read line by line; titles by name in any order."""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

from jiandu.base.core.delimited import SHOWN, Refusal, letter, plain_title, records, wrong
from jiandu.base.core.text import parse_date

__all__ = ["Letters", "Refusal", "read"]

TITLES = {
    "id": ("id", "编号", "信访编号", "件号", "受理编号", "登记编号", "信访件编号", "序号"),
    "text": ("text", "内容", "反映内容", "信访内容", "主要内容", "诉求内容", "内容概要", "概要", "摘要", "正文"),
    "place": ("place", "属地", "地点", "所属区域", "区域", "问题属地"),
    "date": ("date", "日期", "收件日期", "登记日期", "来信日期", "时间"),
}
MOST_ERRORS = 100


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
    return _Reading().letters(path)


class _Reading:
    """One pass over a table: finds the titles, takes the rows, gathers what is wrong with them."""

    def __init__(self) -> None:
        self.errors: list[dict[str, object]] = []
        self.found = Letters()
        self.first: dict[str, int] = {}
        self.at: dict[str, int] = {}

    def letters(self, path: Path) -> Letters:
        rows = records(path)
        self.titles(next(rows, (1, 1, []))[2])
        for row, line, cells in rows:
            if any(cell.strip() for cell in cells):
                self.take(cells, row=row, line=line)
            if len(self.errors) >= MOST_ERRORS:
                break
        if self.errors:
            raise Refusal(self.errors)
        return self.found

    def titles(self, cells: list[str]) -> None:
        names = [plain_title(cell) for cell in cells]
        for key, known in TITLES.items():
            places = [names.index(name) for name in known if name in names]
            if places:
                self.at[key] = places[0]
        twice = [names[place] for place in self.at.values() if names.count(names[place]) > 1]
        if twice:
            said = "、".join(twice)
            told = wrong(f"首行的栏目重复：{said}", f"a column is named twice: {said}", row=1, line=1, value=said)
            raise Refusal([told])
        missing = [key for key in ("id", "text") if key not in self.at]
        if missing:
            wanted = "、".join(f"{key}（{TITLES[key][1]}）" for key in missing)
            said = ",".join(cells)[:SHOWN]
            raise Refusal(
                [
                    wrong(
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
        column = letter(self.at[key])
        self.errors.append(wrong(chinese, english, **where, column=column, value=value[:SHOWN]))


@lru_cache(maxsize=50_000)
def _date(said: str) -> date:
    return parse_date(said)
