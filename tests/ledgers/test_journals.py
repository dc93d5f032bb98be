"""日记账 and 财务公开 by sheet: read by the villages' words, what does not follow is told and kept, nothing inner is an outlay."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.ledgers.collectives import PERSON, LedgerKind, booked, collective, line, told
from tests.ledgers.test_collective_sheets import ID, WHO, sheet, village  # noqa: F401 -- a fixture
from tests.sheets_of import counts, look_at, take_in
from tests.world import SYSTEM, World, as_

from jiandu.base.books.known import REGISTERS
from jiandu.sources.ledgers.canonical import collective_rows
from jiandu.sources.ledgers.collectives import Collective
from jiandu.sources.ledgers.journals import Disclosure, Journal, expected, in_order

HEAD = ("流水号", "账号", "日期", "凭证字", "凭证号数", "摘要", "收支类别", "收款人", "收款人身份证号", "收入", "支出", "余额（元）", "支付方式", "发票号", "理财小组章")  # fmt: skip
ROWS = (
    ("RJ-1", "尾号3321", "2022.4.30", "", "", "上月结转", "", "", "", "", "", "0.1万元", "", "", ""),
    ("RJ-2", "尾号3321", "2022-5-2", "记", "0001", "付误工补贴", "支", "张三丰", ID, "", 300, 700, "现金", "", "已盖"),
    ("RJ-9", "尾号3321", "2022-5-3", "记", "0002", "收回多付", "", "", "", "", -50, 750, "转账", "", ""),
    ("RJ-10", "尾号3321", "2022-5-3", "记", "0003", "付电费", "支出", "供电公司", "", "", 150, 500, "转账", "71000021", "未盖"),
)  # fmt: skip
JOURNAL = REGISTERS["collective-journal"]
look, take = partial(look_at, JOURNAL, who=WHO), partial(take_in, JOURNAL, who=WHO)


def held(model: Any) -> list[Any]:
    with as_(SYSTEM):
        return list(model.objects.filter(until__isnull=True).order_by("pk"))


def test_a_journal_comes_in_and_what_does_not_follow_is_told(village: World, tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", HEAD, ROWS, how="增量")
    cells = [taken.cells for _line, taken in look(village, path).taken]
    assert cells == [(), (), (), (("balance_fen", "按上一笔应为600.00", "500.00"),)]
    assert take(village, path) == counts(create=4)
    first, paid, back, _last = held(Journal)
    assert (first.balance_fen, first.is_outlay, first.income_fen) == (1_000_00, False, None)
    assert (paid.payee_no, paid.payee_mark, paid.is_cash, paid.voucher, paid.group_seal) == (
        PERSON.shown, PERSON.mark, True, "0001", True,
    )  # fmt: skip
    assert (back.outlay_fen, back.is_outlay) == (-50_00, False)
    assert take(village, path) == counts(unchanged=4)


def test_a_later_sheet_goes_on_from_what_stands(village: World, tmp_path: Path) -> None:
    take(village, sheet(tmp_path / "a.xlsx", HEAD, ROWS[:3], how="增量"))
    more = (("RJ-11", *ROWS[3][1:2], "2022-6-1", *ROWS[3][3:11], 700, *ROWS[3][12:]),)
    [(_, taken)] = look(village, sheet(tmp_path / "b.xlsx", HEAD, more, how="增量", day="2022-07-31")).taken
    assert taken.cells == (("balance_fen", "按上一笔应为600.00", "700.00"),)


def test_a_line_says_an_amount_or_a_balance_and_no_number_of_a_person(village: World, tmp_path: Path) -> None:
    rows = (("RJ-1", "", "2022-5-2", "", "", f"付{ID}", *("",) * 9),)
    seen = look(village, sheet(tmp_path / "a.xlsx", HEAD, rows, how="增量"))
    assert [problem.reason.split(" · ")[0] for problem in seen.problems] == [
        "请勿在此栏填写身份证号",
        "收入、支出、余额至少填一项",
    ]
    assert held(Journal) == []


def test_a_disclosure_comes_in(village: World, tmp_path: Path) -> None:
    register = REGISTERS["collective-disclosures"]
    head = ("编号", "所属季度末", "内容", "公布日期", "是否公开明细", "公开地点")
    path = sheet(tmp_path / "a.xlsx", head, (("1", "2022-3-31", "财务", "2022-4-8", "仅总额", "公开栏"),), how="增量")
    assert take_in(register, village, path, who=WHO) == counts(create=1)
    [row] = held(Disclosure)
    assert (row.period_on, row.posted_on, row.is_detailed) == (date(2022, 3, 31), date(2022, 4, 8), False)


@pytest.fixture
def kept(city: World) -> Collective:
    one = collective(city)
    booked(one)
    return one


def test_balances_follow_line_by_line_in_each_account() -> None:
    rows = [
        Journal(code=code, account=account, booked_on=date(2022, 5, day), income_fen=income, outlay_fen=outlay, balance_fen=left)
        for code, account, day, income, outlay, left in (
            ("9", "甲", 1, None, None, 100),
            ("10", "甲", 1, 50, None, 150),
            ("11", "甲", 2, None, 30, None),  # says no balance: the next counts it in
            ("12", "甲", 3, None, 20, 101),
            ("13", "甲", 4, None, 1, 100),  # follows from what the line before says
            ("1", "乙", 9, 5, None, 77),  # the first of its account
        )
    ]  # fmt: skip
    assert expected(rows) == {"12": 100}
    assert expected(list(reversed(rows))) == {"12": 100}
    assert sorted(("RJ-10", "RJ-9", "RJ-2"), key=in_order) == ["RJ-2", "RJ-9", "RJ-10"]


def test_what_only_changes_its_place_is_no_outlay(city: World, kept: Collective) -> None:
    inner = line("RJ-20", 100_00, 200_00, summary="提取备用金", payee="")
    told(kept, LedgerKind.JOURNAL, inner, line("RJ-21", 50_00, 150_00, act="transfer", summary="其他"))
    with as_(SYSTEM) as by:
        rows = {
            row["journal_id"].partition("/")[2]: row["is_outlay"]
            for row in collective_rows(by, date(2022, 11, 30))["journal"]
        }
    assert rows == {"RJ-1": False, "RJ-2": True, "RJ-10": True, "RJ-11": True, "RJ-20": False, "RJ-21": False}  # fmt: skip
