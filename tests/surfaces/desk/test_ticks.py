"""The ledger of a village checked on the spot: ticked asset by asset, and what differs becomes a finding with one act."""

from datetime import date
from typing import Any

import pytest
from tests.ledgers.collectives import OFFICE, VILLAGE, asset, collective, filled, told
from tests.ledgers.conftest import city  # noqa: F401 -- a fixture
from tests.ledgers.estates import rule_of
from tests.surfaces.counting import MOST, questions
from tests.surfaces.desk.test_findings import client_of
from tests.world import SYSTEM, World, as_

from jiandu.loop.findings.models import Finding
from jiandu.loop.grassroots.models import AssetTick, Inspection
from jiandu.loop.grassroots.services.checks import NewCheck, NewInspection, inspect, open_check
from jiandu.loop.grassroots.services.ticking import NewTick, take_tick, tick_assets
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
    assert client.post(f"{here}ticks/", said).status_code == 303
    with as_(SYSTEM):
        ticks = {tick.asset_code: tick for tick in AssetTick.objects.order_by("asset_code")}
        assert {code: tick.result for code, tick in ticks.items()} == {"ZC-001": "seen", "ZC-002": "differs"}
    act = f"{here}take-tick/?on={ticks['ZC-002'].pk}"
    assert client.post(act, {"on": "2022-05-11"}).status_code == 303
    assert client.post(act, {"on": "2022-05-11"}).status_code == 404  # once
    assert client.post(f"{here}take-tick/?on={ticks['ZC-001'].pk}", {"on": "2022-05-11"}).status_code == 404
    with as_(SYSTEM):
        finding = Finding.objects.get()
        assert (finding.problem, str(finding.subject), finding.activity_id) == (
            "集体资产厂房ZC-002（ZC-002）与台账不符：实际由某某仓储使用", VILLAGE, row.activity_id,
        )  # fmt: skip
    shown = client.get(f"/desk/collectives/{village.uid}/").content.decode()
    assert finding.code in shown
    assert "不符1件次" in shown


def test_a_tick_may_change_until_it_is_a_finding(world: World, village: Collective) -> None:
    row = inspection(world)
    with as_(SYSTEM) as by:
        said = {"inspection": row, "collective": village, "by": by}
        assert tick_assets(**said, ticks=[NewTick("ZC-001", "gone")]) == 1
        assert tick_assets(**said, ticks=[NewTick("ZC-001", "gone")]) == 0
        assert tick_assets(**said, ticks=[NewTick("ZC-001", "differs", "换了用途")]) == 1
        assert rule_of(lambda: tick_assets(**said, ticks=[NewTick("ZC-404", "seen")])) == "no-asset"
        tick = AssetTick.objects.get()
        assert rule_of(lambda: take_tick(tick=tick, by=by, on=date(2022, 5, 1))) == "step-date"
        take_tick(tick=tick, by=by, on=DAY)
        assert rule_of(lambda: tick_assets(**said, ticks=[NewTick("ZC-001", "seen")])) == "tick-fixed"
        assert rule_of(lambda: take_tick(tick=tick, by=by, on=DAY)) == "already-decided"


def test_only_the_ledger_of_the_inspected_village_is_ticked(world: World, village: Collective) -> None:
    other = collective(world, "后溪村")
    told(other, LedgerKind.ASSET, asset())
    row = inspection(world)
    with as_(SYSTEM) as by:
        wrong = {"inspection": row, "collective": other, "by": by, "ticks": [NewTick("ZC-001", "seen")]}
        assert rule_of(lambda: tick_assets(**wrong)) == "other-village"
        assert tick_assets(**wrong | {"collective": village}) == 1
        here = place(row)
    assert client_of(world, "干部甲").get(f"{here}ticks/").status_code == 404


def test_the_sheet_asks_few_statements_and_long_ledgers_have_leaves(world: World, village: Collective) -> None:
    rows: Any = [asset(f"ZD-{number:03d}") for number in range(40)]
    told(village, LedgerKind.ASSET, *rows, on=date(2022, 10, 1))
    row, client = inspection(world), client_of(world, WHO)
    with as_(SYSTEM):
        here = place(row)
    asked = questions(client, [f"{here}ticks/", f"{here}ticks/?leaf=2", here])
    assert {page: sql for page, sql in asked.items() if len(sql) > MOST} == {}
    first, second = (client.get(f"{here}ticks/{query}").content.decode() for query in ("", "?leaf=2"))
    assert ("ZD-039" in first, "ZD-039" in second, "ZC-001" in second) == (False, True, False)
