"""import collective: a village's whole workbook at once, all of its ledgers or none."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.ledgers.conftest import city  # noqa: F401 -- a fixture
from tests.world import SYSTEM, World, as_

from jiandu.__main__ import main
from jiandu.sources.ledgers.collectives import Asset, Contract, LedgerSheet, Receipt

ABOVE = (("村集体：西滨社区",), ("数据截止日：2022-06-30",), ("报送方式：全量",), ("承办室组：思明区纪委监委",))
SHEETS: dict[str, list[tuple[Any, ...]]] = {
    "收款": [
        ("收款编号", "合同编号", "实收日", "实收额(元)", "入账日"),
        ("S1", "HT-1", "2022-01-08", 9000, "2022-01-10"),
    ],
    "资产": [("资产编号", "资产名称", "类别", "使用状态"), ("ZC-1", "一号厂房", "经营性", "出租")],
    "合同": [
        ("合同编号", "资产编号", "标的", "承租方", "期限起"),
        ("HT-1", "ZC-1", "一号厂房", "某某厂", "2021-01-01"),
    ],
}


def workbook(path: Path, **changed: list[tuple[Any, ...]]) -> str:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in (SHEETS | changed).items():
        sheet = book.create_sheet(name)
        for row in (*ABOVE, *rows):
            sheet.append(row)
    book.save(path)
    return str(path)


def held() -> list[int]:
    with as_(SYSTEM):
        return [model.objects.count() for model in (Asset, Contract, Receipt, LedgerSheet)]


@pytest.fixture
def village(city: World) -> World:
    city.unit("西滨社区")
    return city


def test_a_workbook_comes_in_ledger_by_ledger(
    village: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = workbook(tmp_path / "a.xlsx")
    assert main(["import", "collective", path, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [one["book"] for one in said["ledgers"]] == [
        "collective-assets",
        "collective-contracts",
        "collective-receipts",
    ]
    assert (held(), said["committed"]) == ([0, 0, 0, 0], False)
    assert main(["import", "collective", path, "--commit"]) == 0
    assert held() == [1, 1, 1, 3]
    assert "已导入" in capsys.readouterr().out


def test_one_wrong_cell_keeps_all_ledgers_out(
    village: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = [SHEETS["合同"][0], ("HT-1", "ZC-9", "一号厂房", "某某厂", "2021-01-01")]
    path = workbook(tmp_path / "a.xlsx", 合同=wrong)
    assert main(["import", "collective", path, "--commit", "--json"]) == 2
    answer = capsys.readouterr()
    assert "ZC-9" in answer.out + answer.err
    assert held() == [0, 0, 0, 0]


def test_a_workbook_without_a_ledger_is_refused(village: World, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(("甲", "乙"))
    book.save(tmp_path / "a.xlsx")
    assert main(["import", "collective", str(tmp_path / "a.xlsx")]) == 2
