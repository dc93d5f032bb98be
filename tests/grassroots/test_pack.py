"""回头看核查包: what is in it, on paper and as a sheet; results and instalments come back, each once."""

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from tests.ledgers.collectives import HELD, HOLDER, asset, collective, contract, due, told
from tests.ledgers.conftest import city  # noqa: F401 -- a fixture
from tests.sheets_of import counts, file_of, look_at, take_in
from tests.surfaces.counting import MOST, questions
from tests.surfaces.desk.test_findings import client_of
from tests.surfaces.desk.test_ticks import DAY, inspection
from tests.world import SYSTEM, World, as_

from jiandu.base.core.sheets import OutColumn, Plan, write_xlsx
from jiandu.loop.grassroots.models import AssetLookBack, LedgerTick
from jiandu.loop.grassroots.pack import pack
from jiandu.loop.grassroots.pack_sheet import BOOK, PACK, rows_of
from jiandu.loop.grassroots.pack_word import pack_docx
from jiandu.loop.grassroots.services.ticking import NewTick, Sheet, take_tick, tick_ledger
from jiandu.loop.outcomes.models import MoneyRecovered
from jiandu.loop.outcomes.services import reverse_recovery
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.analysis.selectors import figure
from jiandu.sources.ledgers.collectives import Collective, LedgerKind

WHO = "区纪委书记"
HEAD = ("问题编号", "资产名称", "环节", "结果", "日期", "办理人", "收回金额(元)", "到账日期", "情况")


@pytest.fixture
def village(city: World) -> Collective:
    """A workshop that others hold, ticked and taken into the ledger; a shop that owes; a hall that the village uses itself."""
    one = collective(city)
    told(
        one,
        LedgerKind.ASSET,
        asset("ZC-1", name="一号厂房", status="occupied", **HELD),
        asset("ZC-2", name="二号店面", user_name="某某店"),
        asset("ZC-3", name="村部", status="in_use"),
    )
    told(one, LedgerKind.CONTRACT, contract(thing_code="ZC-2", lessee="某某店"))
    told(one, LedgerKind.DUE, due())
    row = inspection(city)
    with as_(SYSTEM) as by:
        tick_ledger(
            sheet=Sheet(row, one),
            by=by,
            ticks=[NewTick("ZC-1", "differs", "无合同占用"), NewTick("ZC-3", "seen")],
        )
        take_tick(tick=LedgerTick.objects.get(code="ZC-1"), by=by, on=DAY)
    return one  # fmt: skip


def code_of() -> str:
    with as_(SYSTEM):
        return str(LedgerTick.objects.get(code="ZC-1").finding.code)


def cells(content: bytes) -> Iterator[str]:
    document = docx.Document(io.BytesIO(content))
    return (cell.text for table in document.tables for row in table.rows for cell in row.cells)


def test_what_others_use_and_what_is_owed_for_is_in_the_pack(city: World, village: Collective) -> None:
    with as_(SYSTEM) as by:
        rows = pack(by, village)
        assert [(row.code, row.called, row.owed_fen, bool(row.finding), row.contract is None) for row in rows] == [
            ("ZC-1", "一号厂房", 0, True, True), ("ZC-2", "二号店面", 18_000_00, False, False),
        ]  # fmt: skip
        said = list(cells(pack_docx(by, village, "town")))
    assert any(HOLDER in text for text in said)
    assert not any("1101" in text for text in said)  # who, never the number
    assert sum("欠缴18,000.00元" in text for text in said) >= 1
    assert sum("□已清退" in text for text in set(said)) == 1
    assert any(f"{code_of()} 集体资产一号厂房" in text for text in said)


def test_a_sheet_comes_back_with_results_and_instalments_each_once(
    city: World,
    village: Collective,
    tmp_path: Path,
) -> None:
    code = code_of()
    rows = (
        (code, "一号厂房", "镇街核实", "部分清退", "2022-06-01", "甲", "30,000", "2022-06-03", "先收一期"),
        (code, "一号厂房", "镇街核实", "", "", "", "2万元", "2022-07-10", ""),
    )
    path = file_of(tmp_path / "a.xlsx", (HEAD, *rows))
    assert take_in(PACK, city, path, who=WHO) == counts(create=2)
    assert take_in(PACK, city, path, who=WHO) == counts(unchanged=2)
    with as_(SYSTEM) as by:
        told_now = MoneyRecovered.objects.order_by("received_on").values_list("amount_fen", "received_on", "kind")
        assert list(told_now) == [(30_000_00, date(2022, 6, 3), "rent"), (20_000_00, date(2022, 7, 10), "rent")]
        assert AssetLookBack.objects.get().result == "partly"
        key = "grassroots_money_recovered"
        assert [figure(by, key, Ask(2022, on)).value for on in (date(2022, 6, 2), date(2022, 6, 3), date(2022, 7, 10))] == [
            0, 30_000, 50_000,
        ]  # fmt: skip
        (row, _other) = pack(by, village)
        assert (row.last.result, row.called) == ("partly", "一号厂房") if row.last else False


def test_what_cannot_be_taken_is_told_in_place(city: World, village: Collective, tmp_path: Path) -> None:
    rows = (
        ("", "二号店面", "镇街核实", "未清退", "2022-06-01", "甲", "", "", ""),
        (code_of(), "一号厂房", "区级回头看", "已清退", "2022-06-01", "乙", "", "", ""),
        (code_of(), "一号厂房", "镇街核实", "", "", "", "很多", "2022-06-01", ""),
        (code_of(), "一号厂房", "镇街核实", "", "", "", "100", "", ""),
        (code_of(), "一号厂房", "镇街核实", "", "", "", "", "", ""),
    )
    seen = look_at(PACK, city, file_of(tmp_path / "a.xlsx", (HEAD, *rows)), who=WHO)
    assert [(one.row, one.title) for one in seen.problems] == [
        (2, "问题编号"), (3, "环节"), (4, "收回金额(元)"), (5, "到账日期"),
    ]  # fmt: skip
    with as_(SYSTEM):
        assert MoneyRecovered.objects.count() == 0


def test_what_leaves_comes_back_unchanged_with_names_masked(
    city: World,
    village: Collective,
    tmp_path: Path,
) -> None:
    path = tmp_path / "out.xlsx"
    with as_(city.viewer(WHO)) as by, path.open("wb") as file:
        write_xlsx(
            file, Plan("核查包", [OutColumn(one.titles[0]) for one in BOOK.columns]), rows_of(by, village, "town")
        )
    said = [str(cell.value) for row in openpyxl.load_workbook(path).active.iter_rows() for cell in row]
    assert ("张**" in said, HOLDER in said) == (True, False)
    assert take_in(PACK, city, path, who=WHO) == counts(unchanged=2)


def test_the_pack_is_typed_in_under_its_code(world: World, village: Collective) -> None:
    client = client_of(world, WHO)
    here = f"/desk/collectives/{village.uid}/"
    place = f"{here}pack/town/"
    answer: Any = client.get(f"/desk/d/15/{village.uid}/1/")
    assert (answer.status_code, answer["Location"]) == (302, f"{place}?leaf=1")
    assert "回头看核查包" in client.get(here).content.decode()
    page = client.get(place).content.decode()
    assert [word in page for word in ("ZC-1", "二号店面", "18,000.00", HOLDER)] == [True, True, True, False]
    said = {"on": "2022-06-01", "by_name": "甲", "r1-result": "1"}
    assert client.post(place, said).status_code == 303
    with as_(SYSTEM):
        assert [(row.asset, row.result, row.stage) for row in AssetLookBack.objects.all()] == [
            ("一号厂房", "cleared", "town")
        ]
    refused = client.post(f"{here}pack/district/", {**said, "r1-result": "1"})
    assert refused.status_code == 422  # not by whoever verified it
    assert client.post(f"{here}pack/district/", {**said, "by_name": "乙"}).status_code == 303
    word: Any = client.get(f"{place}word/")
    assert word.status_code == 200
    assert client_of(world, "干部甲").get(place).status_code == 404
    asked = questions(client, [place, here])
    assert {page: [one[:90] for one in sql] for page, sql in asked.items() if len(sql) > MOST} == {}


def test_a_part_counts_in_the_year_in_which_it_reaches_the_account(
    city: World, village: Collective, tmp_path: Path
) -> None:
    """Paid on the last day of the year, banked on the second of the next: it is the next year's. The control: one banked in time."""
    code, head = code_of(), (*HEAD[:8], "缴款日期", "收据号", "情况")
    rows = (
        (code, "一号厂房", "镇街核实", "", "", "", "3万元", "2022-12-31", "2022-12-31", "0001", ""),
        (code, "一号厂房", "镇街核实", "", "", "", "3万元", "2023-01-02", "2022-12-31", "0002", ""),
        (code, "一号厂房", "镇街核实", "", "", "", "3万元", "2023-01-02", "2022-12-31", "0003", ""),
    )
    path = file_of(tmp_path / "a.xlsx", (head, *rows))
    assert take_in(PACK, city, path, who=WHO) == counts(create=3)
    assert take_in(PACK, city, path, who=WHO) == counts(unchanged=3)
    with as_(SYSTEM) as by:
        key, days = (
            "grassroots_money_recovered",
            (date(2022, 12, 30), date(2022, 12, 31), date(2023, 1, 1), date(2023, 1, 2)),
        )
        assert [figure(by, key, Ask(day.year, day)).value for day in days] == [0, 30_000, 0, 60_000]
        [row] = [row for row in pack(by, village) if row.finding]
        assert (row.recovered_fen, len(row.recovered)) == (90_000_00, 3)
        assert any("已收回90,000.00元（最近2023-01-02到账）" in text for text in cells(pack_docx(by, village, "town")))
        first = row.recovered[0]
        reverse_recovery(money=first, by=by, on=date(2023, 1, 5), amount_fen=10_000_00, proof="退回")
        [row] = [row for row in pack(by, village) if row.finding]
        assert row.recovered_fen == 80_000_00


def test_a_part_cannot_arrive_before_it_is_paid(city: World, village: Collective, tmp_path: Path) -> None:
    head = (*HEAD[:8], "缴款日期", "情况")
    row = (code_of(), "一号厂房", "镇街核实", "", "", "", "3万元", "2022-06-01", "2022-06-02", "")
    seen = look_at(PACK, city, file_of(tmp_path / "a.xlsx", (head, row)), who=WHO)
    assert [(one.title, one.reason.split(" · ")[0]) for one in seen.problems] == [
        ("到账日期", "到账日期不能早于缴款日期")
    ]


def test_parts_are_typed_in_and_their_sum_is_derived(world: World, village: Collective) -> None:
    client = client_of(world, WHO)
    place = f"/desk/collectives/{village.uid}/pack/town/"
    head = {"on": "2022-06-01", "by_name": "甲"}
    part = {
        "r1-p1-amount": "2万元",
        "r1-p1-received": "2022-06-03",
        "r1-p1-paid": "2022-06-02",
        "r1-p1-receipt": "0001",
    }
    bad = (
        {"r1-p1-amount": "2万元"},
        {"r1-p1-received": "2022-06-03"},
        {"r1-p1-amount": "很多", "r1-p1-received": "2022-06-03"},
        part | {"r1-p1-paid": "2022-06-04"},
        {"r1-result": "2", "r1-p1-amount": "-5", "r1-p1-received": "2022-06-03"},
    )
    for said in bad:
        assert client.post(place, head | said).status_code == 422, said
    with as_(SYSTEM):
        assert (MoneyRecovered.objects.count(), AssetLookBack.objects.count()) == (0, 0)
    second = {"r1-p2-amount": "5000", "r1-p2-received": "2022-07-03", "r1-result": "2"}
    assert client.post(place, head | part | second).status_code == 303
    assert client.post(place, head | part).status_code == 303  # the same again is known
    with as_(SYSTEM):
        rows = MoneyRecovered.objects.order_by("received_on").values_list("amount_fen", "received_on", "proof")
        assert list(rows) == [
            (20_000_00, date(2022, 6, 3), "回头看核查包：一号厂房，收据号0001，缴款日2022-06-02"),
            (5_000_00, date(2022, 7, 3), "回头看核查包：一号厂房"),
        ]
        assert AssetLookBack.objects.get().result == "partly"
    page = client.get(place).content.decode()
    assert [words in page for words in ("¥25,000.00", "2022-07-03 ¥5,000.00")] == [True, True]
    asked = questions(client, [place])
    assert {page: len(sql) for page, sql in asked.items() if len(sql) > MOST} == {}
