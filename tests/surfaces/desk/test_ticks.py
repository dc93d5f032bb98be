"""The ledger of a village checked on the spot: ticked asset by asset, and what differs becomes a finding with one act."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.ledgers.collectives import HELD, OFFICE, VILLAGE, asset, collective, filled, told
from tests.ledgers.collectives import row as line
from tests.ledgers.conftest import city  # noqa: F401 -- a fixture
from tests.ledgers.estates import rule_of
from tests.surfaces.counting import MOST, questions
from tests.surfaces.desk.test_findings import client_of
from tests.world import SYSTEM, World, as_

from jiandu.loop.findings.models import Finding
from jiandu.loop.grassroots.models import Inspection, LedgerTick
from jiandu.loop.grassroots.pack import pack
from jiandu.loop.grassroots.services.checks import NewCheck, NewInspection, inspect, open_check
from jiandu.loop.grassroots.services.ticking import IN_FORCE, LAW, NewTick, Sheet, basis_of, take_tick, tick_ledger
from jiandu.sources.ledgers.collectives import Collective, LedgerKind

DAY, WHO = date(2022, 5, 10), "区纪委书记"


@pytest.fixture
def village(city: World) -> Collective:
    return filled(city)


def inspection(world: World, unit: str = VILLAGE) -> Inspection:
    with as_(SYSTEM) as by:
        new = NewCheck("assets", f"JC{world.number()}", "三资检查", 2022, world.offices[OFFICE], date(2022, 5, 1))
        activity = open_check(new=new, by=by).activity
        return inspect(activity=activity, by=by, new=NewInspection(world.units[unit], DAY, "甲、乙"))


def place(row: Inspection) -> str:
    return f"/desk/checks/{row.activity.uid}/inspections/{row.uid}/"


def test_an_inspector_ticks_the_ledger_and_what_differs_becomes_a_finding(world: World, village: Collective) -> None:
    row, client = inspection(world), client_of(world, WHO)
    with as_(SYSTEM):
        here = place(row)
    assert f"{here}ticks/" in client.get(here).content.decode()
    page = client.get(f"{here}ticks/").content.decode()
    assert [words in page for words in ("ZC-001", "厂房ZC-002", "张**", "张三丰")] == [True, True, True, False]
    refused = client.post(f"{here}ticks/", {"r1-result": "seen", "r2-result": "differs"})
    assert (refused.status_code, "请写明不符之处" in refused.content.decode()) == (422, True)
    said = {"r1-result": "seen", "r2-result": "differs", "r2-note": "实际由某某仓储使用"}
    done: Any = client.post(f"{here}ticks/", said)
    assert (done.status_code, done["Location"]) == (
        303,
        f"{here}ticks/?ledger=contract",
    )  # the village has no resources
    for ledger, then in (("contract", f"{here}ticks/?ledger=fund"), ("fund", here)):
        done = client.post(f"{here}ticks/?ledger={ledger}", {"r1-note": ""})
        assert (done.status_code, done["Location"]) == (303, then)
    with as_(SYSTEM):
        ticks = {tick.code: tick for tick in LedgerTick.objects.order_by("code")}
        assert {code: tick.result for code, tick in ticks.items()} == {"ZC-001": "seen", "ZC-002": "differs"}
    act = f"{here}take-tick/?on={ticks['ZC-002'].pk}"
    assert client.post(act, {"on": "2022-05-11"}).status_code == 303
    assert client.post(act, {"on": "2022-05-11"}).status_code == 404  # once
    assert client.post(f"{here}take-tick/?on={ticks['ZC-001'].pk}", {"on": "2022-05-11"}).status_code == 404
    with as_(SYSTEM):
        finding = Finding.objects.get()
        assert [LAW in each for each in (finding.basis, basis_of(LedgerKind.ASSET, IN_FORCE))] == [False, True]
        assert (finding.problem, str(finding.subject), finding.activity_id) == (
            "集体资产厂房ZC-002（ZC-002）与台账不符：实际由某某仓储使用", VILLAGE, row.activity_id,
        )  # fmt: skip
    shown = client.get(f"/desk/collectives/{village.uid}/").content.decode()
    assert finding.code in shown
    assert "不符1项次" in shown


def test_a_tick_may_change_until_it_is_a_finding(world: World, village: Collective) -> None:
    row = inspection(world)
    with as_(SYSTEM) as by:
        said = {"sheet": Sheet(row, village), "by": by}
        assert tick_ledger(**said, ticks=[NewTick("ZC-001", "gone")]) == 1
        assert tick_ledger(**said, ticks=[NewTick("ZC-001", "gone")]) == 0
        assert tick_ledger(**said, ticks=[NewTick("ZC-001", "differs", "换了用途")]) == 1
        assert rule_of(lambda: tick_ledger(**said, ticks=[NewTick("ZC-404", "seen")])) == "no-thing"
        tick = LedgerTick.objects.get()
        assert rule_of(lambda: take_tick(tick=tick, by=by, on=date(2022, 5, 1))) == "step-date"
        take_tick(tick=tick, by=by, on=DAY)
        assert rule_of(lambda: tick_ledger(**said, ticks=[NewTick("ZC-001", "seen")])) == "tick-fixed"
        assert rule_of(lambda: take_tick(tick=tick, by=by, on=DAY)) == "already-decided"


def test_only_the_ledger_of_the_inspected_village_is_ticked(world: World, village: Collective) -> None:
    other = collective(world, "后溪村")
    told(other, LedgerKind.ASSET, asset())
    row = inspection(world)
    with as_(SYSTEM) as by:
        said = {"by": by, "ticks": [NewTick("ZC-001", "seen")]}
        assert rule_of(lambda: tick_ledger(sheet=Sheet(row, other), **said)) == "other-village"
        assert rule_of(lambda: tick_ledger(sheet=Sheet(row, village, LedgerKind.DUE), **said)) == "no-ticks"
        assert rule_of(lambda: tick_ledger(sheet=Sheet(row, village, LedgerKind.CONTRACT), **said)) == "no-thing"
        assert tick_ledger(sheet=Sheet(row, village), **said) == 1
        here = place(row)
    assert client_of(world, "干部甲").get(f"{here}ticks/").status_code == 404


#: Ledger → its rows on the sheet, the first as it is shown there, and the finding of it.
SHEETS = {
    "resource": (["ZY-1"], ["北山鱼塘", "出租", "18.50亩", "张**"], "集体资源北山鱼塘（ZY-1）与台账不符：另作他用"),
    "contract": (["HT-1", "HT-2"], ["2021-01-01", "¥36,000.00", "某某厂"], "集体合同厂房（HT-1）与台账不符：另作他用"),
    "fund": (["尾号3321"], ["¥100.00", "相差¥10.00"], "集体资金银行存款（尾号3321）与台账不符：另作他用"),
    "works": (["GC-1"], ["村道硬化", "¥400,000.00", "某某公司"], "集体工程采购村道硬化（GC-1）与台账不符：另作他用"),
}


@pytest.mark.parametrize("ledger", SHEETS)
def test_each_ledger_has_its_sheet_and_its_finding(world: World, village: Collective, ledger: str) -> None:
    pond = {"name": "北山鱼塘", "kind": "water", "status": "leased", "area_mu": Decimal("18.50"), **HELD}
    told(village, LedgerKind.RESOURCE, line(LedgerKind.RESOURCE, "ZY-1", **pond))
    road = {
        "name": "村道硬化",
        "kind": "works",
        "status": "running",
        "contractor": "某某公司",
        "contract_fen": 400_000_00,
    }
    told(village, LedgerKind.WORKS, line(LedgerKind.WORKS, "GC-1", **road))
    row, client = inspection(world), client_of(world, WHO)
    with as_(SYSTEM):
        here = place(row)
    codes, words, problem = SHEETS[ledger]
    page = client.get(f"{here}ticks/?ledger={ledger}").content.decode()
    assert [word for word in [*codes, *words] if word not in page] == []
    assert ("ZC-001" in page, "张三丰" in page) == (False, False)
    said = {"r1-result": "differs", "r1-note": "另作他用"}
    assert client.post(f"{here}ticks/?ledger={ledger}", said).status_code == 303
    with as_(SYSTEM):
        tick = LedgerTick.objects.get()
        assert (tick.kind, tick.code) == (ledger, codes[0])
    assert client.post(f"{here}take-tick/?on={tick.pk}", {"on": "2022-05-11"}).status_code == 303
    with as_(SYSTEM):
        assert Finding.objects.get().problem == problem
    assert f"1/{len(codes)}" in client.get(f"{here}ticks/").content.decode()


def test_one_code_in_two_ledgers_is_two_things(world: World, village: Collective) -> None:
    told(
        village, LedgerKind.RESOURCE, line(LedgerKind.RESOURCE, "ZC-001", name="同号地块", kind="water", status="idle")
    )
    row = inspection(world)
    with as_(SYSTEM) as by:
        for kind, result in ((LedgerKind.ASSET, "seen"), (LedgerKind.RESOURCE, "gone")):
            assert tick_ledger(sheet=Sheet(row, village, kind), by=by, ticks=[NewTick("ZC-001", result)]) == 1
        assert {each.kind: each.result for each in LedgerTick.objects.order_by("pk")} == {
            "asset": "seen",
            "resource": "gone",
        }
        packed = {each.called: each.tick and each.tick.result for each in pack(by, village)}
        assert (packed["同号地块"], packed["厂房ZC-001"]) == ("gone", "seen")


def test_the_sheet_asks_few_statements_and_long_ledgers_have_leaves(world: World, village: Collective) -> None:
    rows: Any = [asset(f"ZD-{number:03d}") for number in range(40)]
    told(village, LedgerKind.ASSET, *rows, on=date(2022, 10, 1))
    row, client = inspection(world), client_of(world, WHO)
    with as_(SYSTEM):
        here = place(row)
    asked = questions(client, [f"{here}ticks/", f"{here}ticks/?leaf=2", here])
    assert {page: sql for page, sql in asked.items() if len(sql) > MOST} == {}
    done: Any = client.post(f"{here}ticks/", {"r1-result": "seen"})
    assert done["Location"] == f"{here}ticks/?ledger=asset&leaf=2"
    first, second = (client.get(f"{here}ticks/{query}").content.decode() for query in ("", "?leaf=2"))
    assert ("ZD-039" in first, "ZD-039" in second, "ZC-001" in second) == (False, True, False)
