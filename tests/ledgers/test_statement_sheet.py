"""Statements by sheet: lines with their items, checked at the cell; what has left comes back; lists over all estates."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.ledgers.estates import OFFICE, Q3, estate, new, shown
from tests.ledgers.test_coverage import book, sent
from tests.sheets_of import counts, file_of, look_at, take_in
from tests.world import SYSTEM, World, as_

from jiandu.base.books import sheets
from jiandu.base.core.clock import today
from jiandu.base.core.sheets import Plan, write_xlsx
from jiandu.base.lexicon.selectors import items
from jiandu.sources.ledgers import duty
from jiandu.sources.ledgers.models import Estate, Statement, StatementLine
from jiandu.sources.ledgers.selectors import spot_checks, statements
from jiandu.sources.ledgers.services.coverage import NewReport, Told, take_report
from jiandu.sources.ledgers.services.publishing import Sums, spot_check, state
from jiandu.sources.ledgers.sheet import FIELDS, take_sheet, write_sheet
from jiandu.sources.ledgers.statement_sheet import BOOK, STATEMENTS, rows_of

WHO = "区纪委书记"
HEAD = ("小区编号", "公示周期末日", "期初余额(元)", "本期收入(元)", "本期支出(元)", "期末余额(元)", "收支", "项目", "金额(元)", "说明", "账户")  # fmt: skip
look, take = partial(look_at, STATEMENTS, who=WHO), partial(take_in, STATEMENTS, who=WHO)
SUMS = ("1,000.00", "500.50", "200", "1300.5")


@pytest.fixture
def known(city: World) -> dict[str, str]:
    """An estate XQ1, and the words of an income and an expense."""
    estate(city, "XQ1")
    with as_(SYSTEM) as by:
        return {kind: items(by, f"{kind}_item", 2022)[0].label_zh for kind in ("revenue", "cost")}


def rows(known: dict[str, str], *sums: str, code: str = "XQ1") -> list[tuple[Any, ...]]:
    first = (code, "2022-09-30", *(sums or SUMS))
    return [
        (*first, "收入", known["revenue"], "500.50", "某广告公司", "尾号1234"),
        ("", "", "", "", "", "", "支出", known["cost"], "200", "", ""),
    ]


def out_of(world: World, path: Path) -> Path:
    with as_(world.viewer(WHO)) as by, path.open("wb") as file:
        write_xlsx(file, Plan("收支", sheets.columns_of(BOOK)), rows_of(by, statements(by)))
    return path


def test_lines_come_in_with_their_sums_and_go_out_and_come_back(
    city: World, tmp_path: Path, known: dict[str, str]
) -> None:
    path = file_of(tmp_path / "a.xlsx", (HEAD, *rows(known)))
    assert take(city, path) == counts(create=2)
    with as_(SYSTEM):
        one = Statement.objects.get()
        assert (one.period_on, one.opening_fen, one.income_fen, one.expense_fen, one.closing_fen, one.account) == (
            Q3, 1_000_00, 500_50, 200_00, 1_300_50, "尾号1234",
        )  # fmt: skip
        told = StatementLine.objects.order_by("pk").values_list("side", "item__label_zh", "amount_fen", "note")
        assert list(told) == [
            ("income", known["revenue"], 500_50, "某广告公司"),
            ("expense", known["cost"], 200_00, ""),
        ]
    assert take(city, path) == counts(unchanged=2)
    assert take(city, out_of(city, tmp_path / "b.xlsx")) == counts(unchanged=2)
    with as_(SYSTEM):
        assert Statement.objects.count() == 1


def test_a_change_corrects_and_the_one_before_is_kept(city: World, tmp_path: Path, known: dict[str, str]) -> None:
    take(city, file_of(tmp_path / "a.xlsx", (HEAD, *rows(known))))
    first, second = rows(known, "1000", "500.5", "300", "1200.5")
    path = file_of(tmp_path / "b.xlsx", (HEAD, first, (*second[:8], "300", "", "")))
    cells = look(city, path).taken[0][1].cells
    assert [key for key, *_said in cells] == ["expense", "closing", "amount"]
    assert take(city, path) == counts(update=2)
    with as_(SYSTEM):
        assert Statement.objects.values_list("expense_fen", "withdrawn_for").order_by("pk").first() == (
            200_00,
            "已更正",
        )
        assert (Statement.objects.count(), StatementLine.objects.count()) == (2, 4)


def test_a_statement_that_does_not_add_up_is_kept_and_marked_whichever_way_it_comes(
    city: World, tmp_path: Path, known: dict[str, str]
) -> None:
    """By the form, by this sheet, by the department's monthly one: the same row, the same mark in the list."""
    one = Sums(1_000_00, 500_50, 200_00, 1_300_00)
    second = estate(city, "XQ2")
    take(city, file_of(tmp_path / "a.xlsx", (HEAD, *rows(known, "1000", "500.50", "200", "1300"))))
    with as_(SYSTEM) as by:
        third = new(city, "XQ3")
        state(estate=second, by=by, period=Q3, sums=one)
        told = (third.code, third.name, "思明区", third.place.name, "明细", "2022-10-20", None, 1000, 500.5, 200, 1300)
        path = book(tmp_path / "b.xlsx", (*told, date(2021, 1, 1)))
        take_sheet(path=path, name="b.xlsx", sent=sent(city), by=by)
        kept = [row.off_fen for row in Statement.objects.order_by("pk")]
    assert kept == [50, 50, 50]
    client = Client()
    client.force_login(city.users[WHO])
    page = client.get("/desk/estate-statements/?found=off").content.decode()
    assert [(name in page) for name in ("小区XQ1", "小区XQ2", "小区XQ3")] == [True] * 3
    assert page.count("相差¥0.50") == 3


@pytest.mark.parametrize(
    ("place", "said", "column", "words"),
    [
        (3, "600", "D", "明细之和为500.50元"),
        (8, "400", "D", "明细之和为400.00元"),
        (7, "没有此项", "H", "字典中没有"),
        (8, "", "I", "应同时填写"),
        (8, "-5", "I", "应大于零"),
        (2, "一千", "C", "应为金额"),
        (0, "XQ9", "A", "没有登记过这个编号"),
        (1, "2022-08-31", "B", "公示周期的最后一天"),
        (6, "进账", "G", "应为收入、支出之一"),
    ],
)
def test_what_does_not_add_up_is_told_at_its_cell_and_nothing_is_written(
    city: World, tmp_path: Path, known: dict[str, str], place: int, said: str, column: str, words: str
) -> None:
    first, second = rows(known)
    wrong = [*first]
    wrong[place] = said
    seen = look(city, file_of(tmp_path / "a.xlsx", (HEAD, wrong, second)))
    assert [(problem.row, problem.column) for problem in seen.problems] == [(2, column)]
    assert words in seen.problems[0].reason
    with as_(SYSTEM):
        assert Statement.objects.count() == 0


def test_the_departments_sheet_leaves_with_the_sums_that_are_known(city: World, tmp_path: Path) -> None:
    one, period = estate(city, "XQ2"), duty.latest_due(today())
    with as_(SYSTEM) as by:
        state(estate=one, by=by, period=period, sums=Sums(100_00, 50_50, 10_00, 140_50, "尾号1234"))
        path = tmp_path / "out.xlsx"
        with path.open("wb") as out:
            write_sheet(by, today(), out)
        told = Told(new(city, "XQ2"), True, (), Sums(100_00, 50_50, 10_00, 140_50))
        sent = NewReport(period, today(), "b.xlsx", "0" * 64, city.offices[OFFICE])
        assert take_report(new=sent, rows=[told], by=by)[1].total == 0  # the sheet says nothing of the account
    import openpyxl

    sheet = openpyxl.load_workbook(path).active
    (line,) = [row for row in sheet.iter_rows(values_only=True) if row[0] == "XQ2"]
    places = [key for key, *_more in FIELDS]
    assert [line[places.index(f"{key}_fen")] for key in ("opening", "income", "expense", "closing")] == [100, 50.5, 10, 140.5]  # fmt: skip


def test_the_lists_show_what_does_not_add_up_and_what_spot_checks_found(
    city: World, django_assert_max_num_queries: Any
) -> None:
    first, second = estate(city, "XQ1"), estate(city, "XQ2")
    shown(first)
    with as_(SYSTEM) as by:
        state(estate=first, by=by, period=Q3, sums=Sums(100_00, 0, 0, 100_00))
        state(estate=second, by=by, period=Q3, sums=Sums(100_00, 0, 0, 90_00))
        spot_check(estate=first, by=by, period=Q3, on=today(), result="as_told")
        spot_check(estate=second, by=by, period=Q3, on=today(), result="differs", note="账实不符")
    client = Client()
    client.force_login(city.users[WHO])
    with django_assert_max_num_queries(15):
        page = client.get("/desk/estate-statements/?found=off").content.decode()
    assert ("小区XQ1" in page, "小区XQ2" in page, "相差" in page) == (False, True, True)
    with django_assert_max_num_queries(15):
        page = client.get("/desk/estate-checks/?result=differs").content.decode()
    assert ("小区XQ1" in page, "小区XQ2" in page, "账实不符" in page) == (False, True, True)
    with as_(city.viewer("干部乙")) as by:  # another office: nothing of it
        assert (list(statements(by)), list(spot_checks(by))) == ([], [])
        assert Estate.objects.count() == 0


WIDE = (*HEAD[:6], "银行余额", *HEAD[6:8], "实收(元)", "应收(元)", "日期", "合同对方", "对方统一社会信用代码", "合同期限", "决议", "票据号码", "收付方式", "账户")  # fmt: skip
CREDIT = "91350100M000100Y43"


def detailed(known: dict[str, str]) -> list[tuple[Any, ...]]:
    party = ("某某广告有限公司", CREDIT, "2022年", "", "0012345", "转账")
    return [
        ("XQ1", "2022-09-30", *SUMS, "1300.4", "收入", known["revenue"], "500.50", "600", "2022.7.15", *party, "专户"),
        ("",) * 7 + ("支出", known["cost"], "200", "", "", "", "", "", "业委会第3次会议", "", "现金", ""),
    ]


def test_a_line_tells_its_party_term_due_resolution_and_slip(
    city: World, tmp_path: Path, known: dict[str, str]
) -> None:
    assert take(city, file_of(tmp_path / "a.xlsx", (WIDE, *detailed(known)))) == counts(create=2)
    with as_(SYSTEM):
        one, lines = Statement.objects.get(), list(StatementLine.objects.order_by("pk"))
        assert (one.bank_fen, one.off_fen, one.off_bank_fen) == (1_300_40, 0, 10)
        told = [
            (row.due_fen, row.booked_on, row.party, row.party_code, row.term, row.resolution, row.slip_no, row.is_cash)
            for row in lines
        ]
    assert told == [
        (600_00, date(2022, 7, 15), "某某广告有限公司", CREDIT, "2022年", "", "0012345", False),
        (None, None, "", "", "", "业委会第3次会议", "", True),
    ]
    assert take(city, out_of(city, tmp_path / "b.xlsx")) == counts(unchanged=2)
    # a sheet without these columns says nothing of them
    assert take(city, file_of(tmp_path / "c.xlsx", (HEAD[:9], *(row[:9] for row in rows(known))))) == counts(unchanged=2)  # fmt: skip
    changed = detailed(known)
    changed[1] = (*changed[1][:15], "没有决议", *changed[1][16:])
    [cell] = look(city, file_of(tmp_path / "d.xlsx", (WIDE, *changed))).taken[0][1].cells
    assert (cell[0], "没有决议" in cell[2], "业委会第3次会议" in cell[1]) == ("amount", True, True)


def test_a_credit_code_is_checked_and_no_line_holds_a_persons_number(
    city: World, tmp_path: Path, known: dict[str, str]
) -> None:
    first, second = detailed(known)
    wrong = (*first[:13], f"{CREDIT[:-1]}0", *first[14:])
    named = (*second[:12], "张三11010519491231002X", *second[13:])
    seen = look(city, file_of(tmp_path / "a.xlsx", (WIDE, wrong, named)))
    assert [(one.row, one.title) for one in seen.problems] == [(2, "对方统一社会信用代码"), (3, "合同对方")]
    with as_(SYSTEM):
        assert Statement.objects.count() == 0


def test_a_sheet_without_the_columns_forgets_nothing(city: World, tmp_path: Path, known: dict[str, str]) -> None:
    take(city, file_of(tmp_path / "a.xlsx", (WIDE, *detailed(known))))
    path = file_of(tmp_path / "c.xlsx", (HEAD, *rows(known, "1000", "500.5", "200", "1300.5")))
    assert take(city, path) == counts(update=2)  # no columns of parties, but another account and a note
    with as_(SYSTEM):
        kept = Statement.objects.get(withdrawn_on__isnull=True)
        parties = list(StatementLine.objects.filter(statement=kept).order_by("pk").values_list("party", "note"))
    assert kept.bank_fen == 1_300_40
    assert parties == [("某某广告有限公司", "某广告公司"), ("", "")]
