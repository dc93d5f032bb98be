"""A register of persons or companies from a CSV file; titles by name in any order; which of the two it is, its titles say."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiandu.base.core.delimited import SHOWN, Refusal, letter, plain_title, records, wrong
from jiandu.base.linkage.companies import COMPANIES
from jiandu.base.linkage.persons import PERSONS
from jiandu.base.linkage.schemes import Scheme

if TYPE_CHECKING:
    import pyarrow as pa

ID = ("id", "编号", "序号", "人员编号", "单位编号", "记录编号")
TITLES = {
    "persons": {
        "id": ID,
        "name": ("name", "姓名", "人员姓名", "户主姓名", "承租人", "领取人"),
        "id_no": ("id_no", "身份证号", "身份证号码", "公民身份号码", "公民身份证号码", "证件号码", "身份证"),
        "birth": ("birth", "出生日期", "出生年月日", "生日"),
        "place": ("place", "住址", "地址", "家庭住址", "户籍地址", "现住址", "所在村居", "村居"),
    },
    "companies": {
        "id": ID,
        "uscc": ("uscc", "统一社会信用代码", "社会信用代码", "信用代码", "组织机构代码"),
        "name": ("name", "单位名称", "企业名称", "公司名称", "名称"),
        "legal_rep": ("legal_rep", "法定代表人", "法人代表", "负责人", "法人"),
        "address": ("address", "住址", "地址", "注册地址", "经营地址", "单位地址", "住所"),
    },
}
SCHEMES = {"persons": PERSONS, "companies": COMPANIES}
#: Titles that only one of the two kinds has.
TELLING = {"companies": ("uscc", "legal_rep"), "persons": ("id_no", "birth")}
ONLY_COMPANIES = ("单位名称", "企业名称", "公司名称")
MOST_ERRORS = 100


@dataclass(frozen=True)
class Register:
    """A file as columns of text. Where it has no ids, the number of the row stands for one."""

    kind: str
    table: "pa.Table"

    @property
    def scheme(self) -> Scheme:
        return SCHEMES[self.kind]


def read(path: Path, kind: str = "") -> Register:
    """The rows of a table. Refusal: what cannot be used, all of it told (at most a hundred), nothing kept.

    A number or a date that is none does not make a row unusable: linking takes it as missing and counts it.
    """
    return _Reading(kind).register(path)


class _Reading:
    """One pass over a table."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.errors: list[dict[str, Any]] = []
        self.at: dict[str, int] = {}
        self.first: dict[str, int] = {}
        self.values: dict[str, list[str | None]] = {}

    def register(self, path: Path) -> Register:
        import pyarrow as pa  # noqa: PLC0415 -- slow import

        rows = records(path)
        self.titles(next(rows, (1, 1, []))[2])
        self.take(rows)
        if self.errors:
            raise Refusal(self.errors)
        return Register(
            self.kind, pa.table({key: pa.array(values, pa.string()) for key, values in self.values.items()})
        )

    def titles(self, cells: list[str]) -> None:
        names = [plain_title(cell) for cell in cells]
        self.kind = self.kind or _kind(names)
        known = TITLES[self.kind]
        for key, titles in known.items():
            places = [names.index(title) for title in titles if title in names]
            if places:
                self.at[key] = places[0]
        if "name" not in self.at:
            wanted = known["name"][1]
            raise Refusal(
                [
                    wrong(
                        f"首行缺少栏目：name（{wanted}）",
                        "the first row lacks name",
                        row=1,
                        line=1,
                        value=",".join(cells)[:SHOWN],
                    )
                ]
            )
        self.values = {key: [] for key in ("id", *self.at) if key}

    def take(self, rows: Iterator[tuple[int, int, list[str]]]) -> None:
        width = max(self.at.values())
        for row, line, cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) <= width:
                self.fault("name", str(len(cells)), "本行栏数不足", "this row has too few cells", row=row, line=line)
            else:
                self.add({key: cells[column].strip() for key, column in self.at.items()}, row=row, line=line)
            if len(self.errors) >= MOST_ERRORS:
                return

    def add(self, said: dict[str, str], **where: int) -> None:
        own = said.get("id", str(where["row"]))
        if not own:
            self.fault("id", "", "没有编号", "no id", **where)
        elif own in self.first:
            seen = self.first[own]
            self.fault("id", own, f"编号重复，已见于第{seen}行", f"the id stands in row {seen} already", **where)
        elif not said["name"] and not any(value for key, value in said.items() if key != "id"):
            self.fault("name", "", "没有可比对的内容", "nothing to compare", **where)
        else:
            self.first[own] = where["row"]
            for key, values in self.values.items():
                values.append(own if key == "id" else said[key] or None)

    def fault(self, key: str, value: str, chinese: str, english: str, **where: int) -> None:
        column = letter(self.at.get(key, 0))
        self.errors.append(wrong(chinese, english, **where, column=column, value=value[:SHOWN]))


def _kind(names: list[str]) -> str:
    """By the titles that only one kind has; persons where none tells."""
    companies = any(title in names for key in TELLING["companies"] for title in TITLES["companies"][key])
    persons = any(title in names for key in TELLING["persons"] for title in TITLES["persons"][key])
    if not companies and not persons:
        companies = any(title in names for title in ONLY_COMPANIES)
    return "companies" if companies and not persons else "persons"
