"""The village's own sheets: read by its words and units, wrong cells in place, versions kept, what a whole sheet no longer names."""

from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.sheets_of import counts, file_of, look_at, take_in
from tests.world import SYSTEM, World, as_

from jiandu.base.books.known import REGISTERS
from jiandu.base.core.persons import person_mark
from jiandu.net.subjects.models import Region
from jiandu.sources.ledgers.collectives import Asset, Collective, Contract, Due, LedgerSheet, Receipt, Works

WHO = "区纪委书记"
ID, ID_15, CREDIT = "11010519491231002X", "110105491231002", "91350100M000100Y43"
ASSETS, CONTRACTS, DUES, RECEIPTS = (
    REGISTERS[f"collective-{name}"] for name in ("assets", "contracts", "dues", "receipts")
)
ABOVE = (("村集体：西滨社区股份经济合作社",), ("数据截止日：2022-06-30",), ("报送方式：全量",))
HEAD = (
    "编码",
    "资产编号",
    "名称",
    "资产性质",
    "建筑面积（㎡）",
    "原值（万元）",
    "使用现状",
    "占用人",
    "占用人身份证号",
    "取得时间",
)
ROWS = (
    ("", "ZC-001", "一号厂房", "经营性资产", 1000, 86.5, "出租", "某某机械加工厂", CREDIT, "2008.5.1"),
    ("", "ZC-002", "二号厂房", "经营性", "2亩", "12万元", "被占用", "张三丰", ID, "2009年1月2日"),
    ("", "ZC-003", "老人会馆", "公益性", "", "无", "自用", "", "", ""),
)


@pytest.fixture
def village(city: World) -> World:
    city.unit("西滨社区")
    with as_(SYSTEM):
        unit = city.units["西滨社区"]
        unit.region = Region.objects.filter(name__contains="西滨社区").order_by("code").first()
        unit.save()
    return city


def sheet(
    path: Path, head: tuple[str, ...] = HEAD, rows: Any = ROWS, day: str = "2022-06-30", how: str = "全量"
) -> Path:
    above = (ABOVE[0], (f"数据截止日：{day}",), (f"报送方式：{how}",))
    return file_of(path, (*above, head, *rows))


look, take = partial(look_at, ASSETS, who=WHO), partial(take_in, ASSETS, who=WHO)


def held(model: Any, **narrowed: Any) -> list[Any]:
    with as_(SYSTEM):
        return list(model.objects.filter(**narrowed).order_by("code", "pk"))


def test_a_villages_sheet_comes_in_by_its_words_and_units(village: World, tmp_path: Path) -> None:
    assert take(village, sheet(tmp_path / "a.xlsx")) == counts(create=3)
    first, second, third = held(Asset)
    assert (first.area_mu, first.original_fen, first.status, first.user_no, first.user_mark) == (
        Decimal("1.50"), 865_000_00, "leased", CREDIT, "",
    )  # fmt: skip
    assert (second.area_mu, second.original_fen, second.status, second.acquired_on) == (
        Decimal("2.00"), 120_000_00, "occupied", date(2009, 1, 2),
    )  # fmt: skip
    assert (second.user_no, second.user_mark) == ("1101***********02X", person_mark(ID_15))
    assert (third.kind, third.area_mu, third.original_fen, third.user_name) == ("other", None, None, "")
    with as_(SYSTEM):
        one = Collective.objects.get()
        assert (one.name, str(one.subject), one.street is not None) == ("西滨社区股份经济合作社", "西滨社区", True)
        told = LedgerSheet.objects.get()
        assert (told.as_of, told.is_whole, told.rows, told.added) == (date(2022, 6, 30), True, 3, 3)
    assert take(village, sheet(tmp_path / "b.xlsx")) == counts(unchanged=3)
    assert len(held(Asset)) == 3


def test_what_a_later_sheet_says_ends_what_the_earlier_said(village: World, tmp_path: Path) -> None:
    take(village, sheet(tmp_path / "a.xlsx"))
    rows = ((*ROWS[0][:6], "闲置", "", "", ROWS[0][9]), ROWS[1])
    path = sheet(tmp_path / "b.xlsx", rows=rows, day="2022-09-30")
    cells = look(village, path).taken[0][1].cells
    assert cells == (
        ("status", "出租", "闲置"),
        ("user_name", "某某机械加工厂", ""),
        ("user_no", CREDIT, ""),
        ("code", "ZC-003", "不再列入"),
    )
    assert take(village, path) == counts(update=1, unchanged=1)
    told = [(row.code, row.since, row.until, row.is_gone, row.status) for row in held(Asset)]
    june, september = date(2022, 6, 30), date(2022, 9, 30)
    assert told == [
        ("ZC-001", june, september, False, "leased"),
        ("ZC-001", september, None, False, "idle"),
        ("ZC-002", june, None, False, "occupied"),
        ("ZC-003", june, september, True, "in_use"),
    ]


def test_a_sheet_of_additions_ends_nothing(village: World, tmp_path: Path) -> None:
    take(village, sheet(tmp_path / "a.xlsx"))
    take(village, sheet(tmp_path / "b.xlsx", rows=ROWS[:1], day="2022-09-30", how="增量"))
    assert [row.until for row in held(Asset)] == [None, None, None]


def test_an_earlier_sheet_is_refused_after_a_later_one(village: World, tmp_path: Path) -> None:
    take(village, sheet(tmp_path / "a.xlsx"))
    seen = look(village, sheet(tmp_path / "b.xlsx", day="2022-03-31"))
    assert [problem.reason for problem in seen.problems] == ["已有2022-06-30的报送，不能再导入更早的"]


def test_every_wrong_cell_is_told_in_place_and_nothing_is_taken(village: World, tmp_path: Path) -> None:
    wrong = ID[:-1] + "1"
    rows = (
        ("", "ZC-001", "一号厂房", "经营性", "很大", "一百万", "出租", "厂", CREDIT[:-1] + "0", "2008.13.1"),
        ("", "ZC-002", f"张三丰{ID}的店面", "经营性", "", "", "被占用", "张三丰", wrong, ""),
    )
    seen = look(village, sheet(tmp_path / "a.xlsx", rows=rows))
    assert [(problem.row, problem.title) for problem in seen.problems] == [
        (5, "取得时间"), (5, "建筑面积（㎡）"), (5, "原值（万元）"), (5, "占用人身份证号"), (6, "名称"), (6, "占用人身份证号"),
    ]  # fmt: skip
    assert [problem.reason.split(" · ")[0] for problem in seen.problems[3:]] == [
        "统一社会信用代码校验位不符，末位应为“3”", "请勿在此栏填写身份证号", "身份证号校验位不符，末位应为“X”",
    ]  # fmt: skip
    assert held(Asset) == []


def test_a_contract_names_a_known_asset_and_a_receipt_a_known_due(village: World, tmp_path: Path) -> None:
    contract = ("合同编号", "资产编号", "标的名称", "承租人", "身份证号", "租期起", "租期止", "年租金(元)", "交易方式")
    row = ("HT-1", "ZC-002", "二号厂房", "张三丰", "11010549123100２", "2021-1-1", "2023-12-31", "3.6万元", "公开竞价")
    path = sheet(tmp_path / "c.xlsx", contract, (row,))
    seen = look_at(CONTRACTS, village, path, who=WHO)
    assert [(one.column, one.reason) for one in seen.problems] == [("B", "资产或资源台账中没有编号“ZC-002”，请先导入")]
    take(village, sheet(tmp_path / "a.xlsx"))
    assert take_in(CONTRACTS, village, path, who=WHO) == counts(create=1)
    (one,) = held(Contract)
    assert (one.rent_fen, one.mode, one.lessee_no, one.lessee_mark) == (
        36_000_00, "open", "1101***********02X", person_mark(ID),
    )  # fmt: skip
    due = sheet(tmp_path / "d.xlsx", ("期号", "合同编号", "应收日期", "应收金额"), (("1", "HT-1", "2022-1-10", 18000),))
    assert take_in(DUES, village, due, who=WHO) == counts(create=1)
    titles = ("编号", "合同编号", "应收编号", "收款日期", "收款金额", "到账日期")
    lost = sheet(tmp_path / "e.xlsx", titles, (("S1", "HT-1", "2", "2022-1-8", 9000, ""),))
    assert [one.column for one in look_at(RECEIPTS, village, lost, who=WHO).problems] == ["C"]
    good = sheet(tmp_path / "f.xlsx", titles, (("S1", "HT-1", "1", "2022-1-8", 9000, "2022-1-12"),))
    assert take_in(RECEIPTS, village, good, who=WHO) == counts(create=1)
    assert [row.banked_on for row in held(Receipt)] == [date(2022, 1, 12)]
    assert [row.reduced_fen for row in held(Due)] == [0]


def test_an_end_before_its_beginning_is_told(village: World, tmp_path: Path) -> None:
    titles = ("合同编号", "标的", "承租方", "起始日期", "终止日期", "到会人数", "同意人数")
    path = sheet(tmp_path / "c.xlsx", titles, (("HT-1", "鱼塘", "某某", "2022-1-1", "2021-1-1", 20, "21人"),))
    seen = look_at(CONTRACTS, village, path, who=WHO)
    assert [(one.column, one.reason.split(" · ")[0]) for one in seen.problems] == [
        ("E", "终止日期早于起始日期"), ("G", "同意人数多于到会人数"),
    ]  # fmt: skip


def test_a_village_that_nobody_knows_and_a_sheet_without_its_day_are_told(village: World, tmp_path: Path) -> None:
    path = file_of(tmp_path / "a.xlsx", (HEAD, *ROWS))
    assert [one.title for one in look(village, path).problems] == ["village"]
    other = file_of(tmp_path / "b.xlsx", (("村集体：东海村",), ("数据截止日：2022-06-30",), HEAD, *ROWS))
    assert [one.reason for one in look(village, other).problems] == ["没有叫“东海村”的单位"]


def test_a_csv_in_gb18030_comes_in(village: World, tmp_path: Path) -> None:
    titles = ("村集体", "数据截止日", *HEAD[1:])
    lines = [",".join(titles), *(",".join(("西滨社区", "2022-06-30", *map(str, row[1:]))) for row in ROWS)]
    path = tmp_path / "a.csv"
    path.write_bytes("\r\n".join(lines).encode("gb18030"))
    assert take(village, path) == counts(create=3)


WORKS = REGISTERS["collective-works"]
WORKS_HEAD = ("项目编号", "项目名称", "类别", "预算（万元）", "决策日期", "招标方式", "施工单位", "统一社会信用代码", "合同价", "开工日期", "验收日期", "变更金额", "已支付", "进度")  # fmt: skip
ROAD = ("GC-1", "村道硬化", "工程", 52, "2022-01-10", "公开招标", "某某建设", CREDIT, 462000, "2022-02-20", "2022-06-10", "1.8万元", 400000, "在建")  # fmt: skip


def test_works_and_purchases_come_in_and_their_errors_are_told_in_place(village: World, tmp_path: Path) -> None:
    wrong = (
        ("GC-2", "水井", "修缮", 1, "", "", "", "91350100M000100Y44", "很多", "2022-06-10", "2022-02-20", "", "", ""),
    )
    seen = look_at(WORKS, village, file_of(tmp_path / "w.xlsx", (*ABOVE, WORKS_HEAD, *wrong)), who=WHO)
    said = {(problem.title, problem.value) for problem in seen.problems}
    assert {title for title, _value in said} == {"类别", "统一社会信用代码", "合同价", "验收日期"}
    done = take_in(WORKS, village, file_of(tmp_path / "a.xlsx", (*ABOVE, WORKS_HEAD, ROAD)), who=WHO)
    assert done == counts(create=1)
    [one] = held(Works)
    assert (one.kind, one.way, one.status, one.contractor_no, one.contractor_mark) == (
        "works",
        "open",
        "running",
        CREDIT,
        "",
    )
    assert (one.budget_fen, one.contract_fen, one.changed_fen, one.paid_fen) == (
        520_000_00,
        462_000_00,
        18_000_00,
        400_000_00,
    )
    later = ((ABOVE[0], ("数据截止日：2022-09-30",), ABOVE[2]), (*ROAD[:-2], 480000, "已验收"))
    again = take_in(WORKS, village, file_of(tmp_path / "b.xlsx", (*later[0], WORKS_HEAD, later[1])), who=WHO)
    assert again == counts(update=1)
    assert [(row.since, row.until, row.paid_fen) for row in held(Works)] == [
        (date(2022, 6, 30), date(2022, 9, 30), 400_000_00),
        (date(2022, 9, 30), None, 480_000_00),
    ]
