"""What rules say over the system's own ledgers: nothing of what is lawful is red, and what stands there is not overlooked."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.ledgers import collectives as ledgers
from tests.ledgers.collectives import NAME, SEPTEMBER, LedgerKind, asset, contract, due, fund, receipt, row, told
from tests.world import SYSTEM, World, as_

from jiandu.base.engine.engines import Engine
from jiandu.net.subjects.divisions import load_divisions
from jiandu.sources.crosscheck import own_ledgers, rules, tables
from jiandu.sources.crosscheck.own_values import book_and_number, holder_kind
from jiandu.sources.ledgers.collectives import Collective
from jiandu.sources.ledgers.things import kind_by_name

DAY = date(2022, 12, 31)
LAWFUL = {
    "decision_on": date(2009, 12, 1),
    "signed_on": date(2009, 12, 20),
    "entitled": 60,
    "present": 55,
    "agreed": 50,
    "is_member": True,
}


@pytest.fixture
def city(world: World, tmp_path: Path, settings: Any) -> World:
    settings.CROSSCHECK, settings.KEYRING = str(tmp_path / "crosscheck"), str(tmp_path / "fields.keys")
    return world


@pytest.fixture
def village(city: World) -> Collective:
    with as_(SYSTEM) as by:
        load_divisions(by=by)
    return ledgers.collective(city)


def hits(city: World, engine: Engine, *names: str) -> dict[str, dict[str, tuple[str, str]]]:
    """By rule, what it hits by the ledger's own code: colour and sentence."""
    with as_(city.viewer("区纪委书记")) as by:
        folder = own_ledgers.bring(by, city.offices[ledgers.OFFICE], DAY)
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for name in names:
        rule = rules.known()[name]
        given = {each: engine.table(f"{name}_{each}", folder / f"{each}.parquet") for each in rule.tables}
        said = engine.rows(rule.expression(given, DAY))
        found[name] = {str(hit[rule.key[-1]]).removeprefix(f"{NAME}/"): _seen(rule, hit) for hit in said}
    return found


def _seen(rule: Any, hit: dict[str, Any]) -> tuple[str, str]:
    return hit["level"], rule.explain(hit)


def resource(code: str, **values: Any) -> Any:
    return row(LedgerKind.RESOURCE, code, **({"name": code, "kind": "cultivated", "status": "leased"} | values))


def long(code: str, years: int, **values: Any) -> Any:
    term = {"start_on": date(2010, 1, 1), "end_on": date(2009 + years, 12, 31)}
    return contract(code, **(LAWFUL | {"thing_code": code, "thing": code, "is_member": True} | term | values))


def test_a_term_is_judged_by_what_the_contract_is_about(city: World, village: Collective, duckdb: Engine) -> None:
    land = [resource("ZY-1"), resource("ZY-2", kind="forest"), resource("ZY-3", kind="waste")]
    told(village, LedgerKind.RESOURCE, *land)
    told(village, LedgerKind.ASSET, asset("ZC-1", name="一号厂房"))
    terms = [long("ZY-1", 30), long("ZY-2", 60), long("ZY-3", 50), long("ZC-1", 21, thing="一号厂房")]
    nowhere = [long("Q1", 30, thing_code="", thing="北片水田50亩"), long("Q2", 30, thing_code="", thing="村口一处")]
    told(village, LedgerKind.CONTRACT, *terms, long("ZY-1b", 31, thing_code="ZY-1"), *nowhere)
    said = hits(city, duckdb, "SZ-03")["SZ-03"]
    assert {code: level for code, (level, _) in said.items()} == {
        "ZY-3": "yellow",
        "ZC-1": "red",
        "ZY-1b": "red",
        "Q2": "yellow",
    }
    assert "类别不明" in said["Q2"][1]
    assert "这里按租赁看" in said["Q2"][1]
    assert "这里按租赁看" not in said["ZC-1"][1]


def test_rents_are_compared_with_those_of_the_same_kind(city: World, village: Collective, duckdb: Engine) -> None:
    terms = {"start_on": date(2021, 1, 1), "end_on": date(2026, 1, 1), "area_mu": 10}
    shops = [contract(f"H{n}", thing_code="", thing=f"{n}号厂房", **(LAWFUL | terms)) for n in range(6)]
    cheap = contract("H9", thing_code="", thing="9号厂房", rent_fen=10_000_00, **(LAWFUL | terms))
    other = contract("H8", thing_code="", thing="老戏台", rent_fen=1_000_00, **(LAWFUL | terms))
    told(village, LedgerKind.CONTRACT, *shops, cheap, other)
    assert set(hits(city, duckdb, "SZ-05")["SZ-05"]) == {"H9"}


def test_an_approval_and_a_resolution_without_a_day_are_not_missing(
    city: World, village: Collective, duckdb: Engine
) -> None:
    outside = LAWFUL | {"is_member": False, "thing_code": "", "end_on": date(2025, 1, 1)}
    given = {"甲": True, "乙": False, "丙": None}
    told(
        village,
        LedgerKind.CONTRACT,
        *(contract(code, township_approval=said, **outside) for code, said in given.items()),
    )
    written = {"D1": "2022年6月1日村民代表会议决议第3号", "D2": "", "D3": "无"}
    told(village, LedgerKind.DUE, *(due(code, reduced_fen=100_00, resolution=said) for code, said in written.items()))
    said = hits(city, duckdb, "SZ-11", "SZ-17")
    assert set(said["SZ-11"]) == {"乙", "丙"}
    assert "未经镇街事先批准" in said["SZ-11"]["乙"][1]
    assert "没有镇街批准的记录" in said["SZ-11"]["丙"][1]
    assert set(said["SZ-17"]) == {"D2", "D3"}


def test_a_lump_sum_is_a_hint_where_nobody_wrote_how_it_was_booked(
    city: World, village: Collective, duckdb: Engine
) -> None:
    told(village, LedgerKind.CONTRACT, long("ZY-1", 25, lump_sum=True), long("ZY-2", 25))
    assert {code: level for code, (level, _) in hits(city, duckdb, "SZ-06")["SZ-06"].items()} == {"ZY-1": "green"}


def test_what_stands_idle_counts_from_the_first_sheet_that_said_so(
    city: World, village: Collective, duckdb: Engine
) -> None:
    told(village, LedgerKind.ASSET, asset("ZC-9", name="旧校舍", status="idle"), on=date(2020, 6, 30))
    told(village, LedgerKind.ASSET, asset("ZC-9", name="旧校舍", status="idle", note="改了备注"), on=SEPTEMBER)
    assert hits(city, duckdb, "SZ-16")["SZ-16"]["ZC-9"][0] == "yellow"


def test_receipts_say_whose_account_and_which_book(city: World, village: Collective, duckdb: Engine) -> None:
    numbers = {"R1": "甲0012", "R2": "甲0013", "R3": "甲0019", "R4": "0101", "R5": "0103"}
    holders = {"R1": "村主任张三（个人）", "R2": "张三", "R3": NAME, "R4": "西滨", "R5": ""}
    slips = [receipt(code, receipt_no=said, account_holder=holders[code]) for code, said in numbers.items()]
    told(village, LedgerKind.RECEIPT, *slips)
    said = hits(city, duckdb, "SZ-15-1", "A03-3")
    assert set(said["SZ-15-1"]) == {"R1", "R2"}
    assert {number: level for number, (level, _) in said["A03-3"].items()} == {"19": "red", "103": "yellow"}


def test_money_counts_on_the_day_it_reaches_the_account(city: World, village: Collective, duckdb: Engine) -> None:
    codes = {"甲": date(2022, 1, 12), "乙": None, "丙": date(2023, 1, 5)}
    told(village, LedgerKind.CONTRACT, *(contract(code, thing_code="", end_on=date(2025, 1, 1)) for code in codes))
    told(village, LedgerKind.DUE, *(due(f"D{code}", contract_code=code, amount_fen=9_000_00) for code in codes))
    paid = [receipt(f"S{code}", contract_code=code, due_code="", banked_on=on) for code, on in codes.items()]
    told(village, LedgerKind.RECEIPT, *paid)
    said = hits(city, duckdb, "SZ-02")["SZ-02"]
    assert set(said) == {"乙", "丙"}
    assert "已入账0.00元，欠9,000.00元（其中已收未入账9,000.00元）" in said["乙"][1]


def test_what_is_left_as_expired_is_not_overlooked(city: World, village: Collective, duckdb: Engine) -> None:
    told(village, LedgerKind.ASSET, asset("ZC-1"), asset("ZC-2", status="idle"), asset("ZC-3"))
    over = {"status": "expired", "end_on": date(2022, 3, 1)}
    told(
        village,
        LedgerKind.CONTRACT,
        contract("甲", thing_code="ZC-1", **over),
        contract("乙", thing_code="ZC-2", **over),
        contract("丙", thing_code="ZC-3", **over),
        contract("丁", thing_code="ZC-3", start_on=date(2022, 3, 2), end_on=date(2025, 3, 1)),
        contract("戊", thing_code="", end_on=date(2022, 3, 1)),
    )
    said = hits(city, duckdb, "SZ-01")["SZ-01"]
    assert {code: level for code, (level, _) in said.items()} == {"甲": "red", "戊": "red"}
    assert "台账记为已到期" in said["甲"][1]


def test_a_thing_of_both_ledgers_tells_no_kind(city: World, village: Collective, duckdb: Engine) -> None:
    told(village, LedgerKind.RESOURCE, resource("X-1"))
    told(village, LedgerKind.ASSET, asset("X-1", name="一号厂房"))
    told(village, LedgerKind.CONTRACT, long("X-1", 30, thing="一处"))
    assert hits(city, duckdb, "SZ-03")["SZ-03"]["X-1"][0] == "yellow"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("北片水田", "耕地"),
        ("集体店面12号", "店面"),
        ("一号厂房（二层）", "厂房"),
        ("厂房三间", "厂房"),
        ("水田50亩", "耕地"),
        ("北山鱼塘", "水面"),
        ("林地看护房", None),
        ("厂房用地", None),
        ("村口一处", None),
        ("", None),
    ],
)
def test_a_name_says_its_kind_at_its_end(name: str, kind: str | None) -> None:
    assert kind_by_name(name) == kind


@pytest.mark.parametrize(
    ("holder", "kind"),
    [
        ("西滨村股份经济合作社", "集体"),
        ("西滨村村民委员会", "集体"),
        ("某街道三资代理中心", "集体"),
        ("张三", "个人"),
        ("欧阳长风", "个人"),
        ("李四私人账户", "个人"),
        ("公户", None),
        ("林后村", None),
        ("金山", None),
        ("非个人账户", None),
        ("某某建设有限公司", None),
        ("", None),
    ],
)
def test_whose_account_it_is(holder: str, kind: str | None) -> None:
    head = {"collective_name": NAME, "village": "西滨村", "town": "筼筜街道", "district": "思明区"}
    assert holder_kind({"account_holder": holder, **head}) == kind


def test_a_receipt_number_is_its_book_and_its_number() -> None:
    said = ["甲-0012", "0012", "No.2022-0007", "第十二号", "", "9" * 20]
    assert [book_and_number(each) for each in said] == [
        ("甲", 12),
        (tables.UNNAMED_BOOK, 12),
        ("No.2022", 7),
        (None, None),
        (None, None),
        ("9" * 5, 999_999_999_999_999),
    ]


def test_an_account_says_whose_it_is_and_what_the_bank_has(city: World, village: Collective) -> None:
    own = {"holder": NAME, "book_fen": 100_00, "actual_fen": 90_00, "reason": "未入账"}
    told(
        village,
        LedgerKind.FUND,
        fund("甲", **own),
        fund("乙", holder="张三", book_fen=1, actual_fen=1),
        fund("现金", kind="cash", holder="", book_fen=2, actual_fen=2),
    )
    with as_(city.viewer("区纪委书记")) as by:
        folder = own_ledgers.bring(by, city.offices[ledgers.OFFICE], DAY)
    rows = {row["account"].removeprefix(f"{NAME}/"): row for row in pq.read_table(folder / "fund.parquet").to_pylist()}
    assert {code: row["holder_kind"] for code, row in rows.items()} == {"甲": "集体", "乙": "个人", "现金": "集体"}
    assert (rows["甲"]["book_fen"], rows["甲"]["bank_fen"], rows["甲"]["why"]) == (100_00, 90_00, "未入账")


def test_a_contract_is_about_the_thing_whose_name_it_has(city: World, village: Collective, duckdb: Engine) -> None:
    """Both ledgers use the code: the pond is let by a contract, the workshop by none."""
    told(village, LedgerKind.RESOURCE, resource("X-1", name="北山鱼塘", kind="water"))
    told(village, LedgerKind.ASSET, asset("X-1", name="一号厂房"))
    told(village, LedgerKind.CONTRACT, long("X-1", 10, thing="北山鱼塘"))
    assert set(hits(city, duckdb, "SZ-08")["SZ-08"]) == {"X-1"}
    told(village, LedgerKind.CONTRACT, long("X-2", 10, thing_code="X-1", thing="一号厂房"))
    assert hits(city, duckdb, "SZ-08")["SZ-08"] == {}
