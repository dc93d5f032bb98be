"""Inspections by sheet: answered item by item, problems into the ledger once, back as they left, answered further; all or nothing."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.grassroots.test_checks import check
from tests.sheets_of import counts, file_of, look_at, take_in
from tests.surfaces.desk.test_accounts import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.books import sheets
from jiandu.base.core.errors import Refused
from jiandu.base.core.sheets import Plan, write_xlsx
from jiandu.base.core.sheets.limits import SMALL
from jiandu.loop.findings.models import Finding
from jiandu.loop.grassroots.inspection_sheet import BOOK, INSPECTIONS, rows_of
from jiandu.loop.grassroots.models import Answer, Inspection
from jiandu.loop.grassroots.selectors import checks
from jiandu.loop.grassroots.services.checklists import load_checklists
from jiandu.sources.activities.models import Activity
from jiandu.surfaces.desk.sheeted import BACK, returnable

WHO, PLACE = "街道干部", "/desk/checks/import/"
HEAD = (
    "检查编号",
    "村居",
    "检查日期",
    "检查人员",
    "检查情况",
    "事项序号",
    "监督事项",
    "检查结果",
    "情况",
    "转入问题台账日期",
)
take = partial(take_in, INSPECTIONS, who=WHO)
look = partial(look_at, INSPECTIONS, who=WHO)


@pytest.fixture(autouse=True)
def villages(world: World) -> None:
    for name in ("西滨村", "后溪村"):
        world.unit(name)
    with as_(SYSTEM) as by:
        load_checklists(by=by)


def rows(by_list: Activity, assets: Activity) -> tuple[tuple[Any, ...], ...]:
    return (
        HEAD,
        (by_list.code, "西滨村", "2022.5.10", "甲、乙", "总体规范", 1, "", "正常", "", ""),
        ("", "", "", "", "", "第15项", "集体资金开户和入账", "发现问题", "坐支租金3000元", "2022-05-11"),
        ("", "", "", "", "", 16, "", "有问题", "没有公开", ""),
        (by_list.code, "后溪村", "2022-05-10", "甲", "", 40, "", "不涉及", "", ""),
        (assets.name, "西滨村", "2022-06-01", "丙", "账目清楚", "", "", "", "", ""),
    )


def out_of(world: World, path: Path) -> Path:
    with as_(world.viewer(WHO)) as by, path.open("wb") as file:
        write_xlsx(file, Plan("检查", sheets.columns_of(BOOK)), rows_of(by, checks(by)))
    return path


def changed(path: Path, to: Path, item: str, village: str = "西滨村", **said: Any) -> Path:
    """The sheet with the cells under these words, in the row of that village's item, saying something else."""
    book = openpyxl.load_workbook(path)
    lines = [list(row) for row in book.active]
    head = next(row for row in lines if any(cell.value == "事项序号" for cell in row))
    columns = {cell.value: index for index, cell in enumerate(head)}
    row = next(row for row in lines if (row[columns["村居"]].value, row[columns["事项序号"]].value) == (village, item))
    for title, value in said.items():
        row[columns[title]].value = value
    book.save(to)
    return to


def told() -> list[tuple[Any, ...]]:
    with as_(SYSTEM):
        places = {one.pk: str(one.organisation) for one in Inspection.objects.select_related("organisation")}
        answers = Answer.objects.select_related("item").order_by("inspection_id", "item__number")
        return [
            (places[one.inspection_id], one.item.number, str(one.result), one.note, one.finding_id is not None)
            for one in answers
        ]


def test_inspections_are_taken_in_once_and_come_back_as_they_left(world: World, tmp_path: Path) -> None:
    first, second = check(world), check(world, "assets")
    path = file_of(tmp_path / "a.xlsx", rows(first, second))
    assert take(world, path) == counts(create=5)
    before = told()
    assert before == [
        ("西滨村", 1, "normal", "", False),
        ("西滨村", 15, "problem", "坐支租金3000元", True),
        ("西滨村", 16, "problem", "没有公开", False),
        ("后溪村", 40, "not_applicable", "", False),
    ]
    with as_(SYSTEM):
        held = Inspection.objects.order_by("on", "pk").values_list("on", "inspectors", "note")
        days = [date(2022, 5, 10), date(2022, 5, 10), date(2022, 6, 1)]
        assert list(held) == list(zip(days, ("甲、乙", "甲", "丙"), ("总体规范", "", "账目清楚"), strict=True))
        finding = Finding.objects.get()
        assert (finding.problem, finding.registered_on) == ("集体资金开户和入账：坐支租金3000元", date(2022, 5, 11))
    assert take(world, path) == counts(unchanged=5)
    assert take(world, out_of(world, tmp_path / "b.xlsx")) == counts(unchanged=2 * 42 + 1)
    with as_(SYSTEM):
        assert (told(), Finding.objects.count(), Inspection.objects.count()) == (before, 1, 3)


def test_what_is_left_is_answered_later_and_what_became_a_finding_is_fixed(world: World, tmp_path: Path) -> None:
    take(world, file_of(tmp_path / "a.xlsx", rows(check(world), check(world, "assets"))))
    out = out_of(world, tmp_path / "b.xlsx")
    path = changed(out, tmp_path / "c.xlsx", "2", 检查结果="正常")
    path = changed(path, path, "1", 检查结果="发现问题", 问题情况="没有方案")
    path = changed(path, path, "16", 转入问题台账日期="2022-05-12")
    path = changed(path, path, "15", 问题情况="坐支租金5000元")
    assert take(world, path) == counts(create=1, update=2, conflict=1, unchanged=2 * 42 + 1 - 4)
    assert told()[:4] == [
        ("西滨村", 1, "problem", "没有方案", False),
        ("西滨村", 2, "normal", "", False),
        ("西滨村", 15, "problem", "坐支租金3000元", True),
        ("西滨村", 16, "problem", "没有公开", True),
    ]
    before, out = told(), out_of(world, tmp_path / "d.xlsx")
    for title, value, fixed in (
        ("检查人员", "丁", 42),
        ("检查情况", "较差", 42),
        ("转入问题台账日期", "2022-05-13", 1),
    ):
        book = openpyxl.load_workbook(out)
        heads = next(list(row) for row in book.active if any(cell.value == "事项序号" for cell in row))
        column = next(cell.column for cell in heads if cell.value == title)
        for row in list(book.active.iter_rows(min_row=heads[0].row + 1)):
            if row[1].value == "西滨村" and (row[3].value == "15" or (fixed == 42 and row[3].value)):
                row[column - 1].value = value
        book.save(tmp_path / "e.xlsx")
        assert take(world, tmp_path / "e.xlsx") == counts(conflict=fixed, unchanged=2 * 42 + 1 - fixed), title
    assert told() == before


def test_one_wrong_cell_and_nothing_is_written(world: World, tmp_path: Path) -> None:
    first, second = check(world), check(world, "assets")

    def row(day: int, **said: Any) -> tuple[Any, ...]:
        good = {"检查编号": first.code, "村居": "西滨村", "检查日期": f"2022-05-{day}", "检查人员": "甲", "事项序号": 1, "检查结果": "正常"}  # fmt: skip
        return tuple((dict.fromkeys(HEAD, "") | good | said).values())

    wrong = (
        HEAD,
        row(10),
        row(11, 检查编号="无此检查"),
        row(12, 村居="无此村"),
        row(13, 检查日期="2999-01-01"),
        row(14, 检查人员=""),
        row(15, 事项序号=43),
        row(16, 监督事项="集体资金开户和入账"),
        row(17, 检查结果="尚可"),
        row(18, 检查结果="发现问题"),
        row(19, 检查结果="", 情况="没有方案"),
        row(20, 转入问题台账日期="2022-05-20"),
        row(21, 检查结果="发现问题", 情况="没有方案", 转入问题台账日期="2022-05-20"),
        row(22, 检查编号=second.code),
        row(23),
        row(23, 事项序号="1"),
        row(24),
        row(24, 检查人员="乙", 事项序号=2),
        row(25, 检查结果="发现问题", 情况="字" * 501),
    )
    path = file_of(tmp_path / "a.xlsx", wrong)
    seen = look(world, path)
    places = "3A 4B 5C 6D 7F 8G 9H 10I 11H 12J 13J 14F 16F 18D 19I"
    assert " ".join(f"{each.row}{each.column}" for each in seen.problems) == places
    with pytest.raises(Refused) as refused, as_(world.viewer(WHO)) as by:
        sheets.commit(by, sheets.read(path, INSPECTIONS), digest=sheets.digest_of(seen))
    with as_(SYSTEM):
        assert (refused.value.rule, Inspection.objects.count()) == ("import-has-errors", 0)
    assert take(world, file_of(tmp_path / "b.xlsx", wrong[:2])) == counts(create=1)  # the control


def test_whose_check_it_is_not_takes_nothing_in(world: World, tmp_path: Path) -> None:
    path = file_of(tmp_path / "a.xlsx", rows(check(world), check(world, "assets")))
    with as_(world.viewer("干部甲")) as by:
        seen = sheets.judge(by, sheets.read(path, INSPECTIONS))
    assert {(each.column, each.row) for each in seen.problems} == {("A", 2), ("A", 5), ("A", 6)}
    assert look(world, path).problems == []  # the control
    for name, status in (("安全管理员", 404), ("经办人丁", 404), (WHO, 200)):
        client = Client()
        client.force_login(world.users[name])
        assert client.get(PLACE).status_code == status
    with as_(world.viewer("安全管理员")) as by, pytest.raises(Refused) as refused:
        sheets.judge(by, sheets.read(path, INSPECTIONS))
    assert refused.value.rule == "not-allowed"


def test_the_sheet_leaves_and_comes_in_by_the_pages(world: World, tmp_path: Path) -> None:
    first = check(world)
    client = client_of(world, WHO)
    assert PLACE in client.get("/desk/checks/").content.decode()
    path = file_of(tmp_path / "a.xlsx", rows(first, check(world, "assets")))
    shown = client.post(PLACE, {"book": "inspections", "file": SimpleUploadedFile("表.xlsx", path.read_bytes())}, follow=True)  # fmt: skip
    assert ("西滨村" in shown.content.decode(), told()) == (True, [])
    done = client.post(f"{PLACE}{shown.context['job'].uid}/commit/", follow=True)
    assert ("全部写入" in done.content.decode(), len(told())) == (True, 4)
    out = client.get("/desk/checks/?kind=village&format=xlsx").content
    (tmp_path / "b.xlsx").write_bytes(out)
    assert take(world, tmp_path / "b.xlsx") == counts(unchanged=2 * 42)
    with as_(SYSTEM):
        assert Entry.objects.filter(verb="activity.import").count() == 2


def test_no_more_leaves_than_can_come_back() -> None:
    assert len(list(returnable([()] * BACK))) == BACK
    with pytest.raises(Refused) as refused:
        list(returnable([()] * (BACK + 1)))
    assert (refused.value.rule, SMALL.rows > BACK) == ("export-many", True)
