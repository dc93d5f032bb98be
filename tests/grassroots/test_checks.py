"""Checks of villages: kind as data, a checklist by version, a problem becomes a finding at once, money into the right account."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.services import moves
from jiandu.loop.grassroots.models import Answer, AssetLookBack, Check, Checklist, ChecklistItem, Inspection
from jiandu.loop.grassroots.selectors import answers_of, checks, inspections_of, looks_of
from jiandu.loop.grassroots.services.checklists import NewChecklist, NewItem, load_checklists, publish_checklist
from jiandu.loop.grassroots.services.checks import (
    NewCheck,
    NewInspection,
    NewLook,
    answer_all,
    inspect,
    look_at_asset,
    open_check,
    take_problem,
    withdraw_inspection,
    withdraw_look,
)
from jiandu.loop.outcomes.services import NewMoney, record_recovery, reverse_recovery
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.analysis.selectors import figure, rows_of, shares
from jiandu.sources.activities.models import Activity

DAY, END = date(2022, 5, 10), Ask(2022, date(2022, 12, 31))
TOWN, HEAD = "筼筜街道纪工委", "区纪委书记"


def rule_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.rule


def value(key: str, ask: Ask = END) -> object:
    with as_(SYSTEM) as by:
        return figure(by, key, ask).value


@pytest.fixture
def village(world: World) -> World:
    """The small net with two villages and the shipped checklist."""
    for name in ("西滨村", "后溪村"):
        world.unit(name)
    with as_(SYSTEM) as by:
        load_checklists(by=by)
    return world


def check(world: World, kind: str = "village", on: date = DAY) -> Activity:
    number = world.number()
    new = NewCheck(kind, f"JC{number}", f"检查{number}", on.year, world.offices[TOWN], on)
    with as_(SYSTEM) as by:
        return open_check(new=new, by=by).activity


def inspection(world: World, activity: Activity, village: str = "西滨村", on: date = DAY) -> Inspection:
    with as_(SYSTEM) as by:
        return inspect(activity=activity, by=by, new=NewInspection(world.units[village], on, "干部甲、干部丙"))


def found(world: World, kind: str = "assets", **more: Any) -> dict[str, Any]:
    return {"activity": check(world, kind), "unit": "西滨村", "office": TOWN, "on": DAY, **more}


def test_the_shipped_checklist_has_six_aspects_of_seven_items_of_our_own(village: World) -> None:
    with as_(SYSTEM) as by:
        assert load_checklists(by=by) == 0
        first, second = Checklist.objects.order_by("since")
        sizes = [aspect.items.count() for aspect in first.aspects.order_by("order")]
        assert sizes == [7] * 6
        numbers = list(
            ChecklistItem.objects.filter(checklist=first).order_by("number").values_list("number", flat=True)
        )
        assert numbers == list(range(1, 43))
        assert "自行编制" in first.note
        assert (first.until, second.since) == (date(2025, 4, 30), date(2025, 5, 1))
        # a law is cited by the version of its days alone
        later = [each.items.filter(basis__contains="农村集体经济组织法").count() for each in (first, second)]
        assert later == [0, 7]
        blank = [
            row for row in ChecklistItem.objects.all() if not (row.point and row.method and row.frequency and row.basis)
        ]
        assert blank == []
    assert (value("village_checklist_aspects"), value("village_checklist_items")) == (6, 42)
    before = Ask(2021, date(2021, 12, 31))
    assert (value("village_checklist_aspects", before), value("village_checklist_items", before)) == (0, 0)


def test_another_version_is_published_and_counts_from_its_day(village: World) -> None:
    item = NewItem("事项", "要点", "走访", "每季度", "村“两委”", "依据")
    new = NewChecklist("市版", "清单", date(2026, 1, 1), (("方面一", (item, item)), ("方面二", (item,))))
    with as_(village.viewer("主任甲")) as by:
        publish_checklist(new=new, by=by)
        assert rule_of(lambda: publish_checklist(new=replace(new, version="再版"), by=by)) == "checklist-since"
        empty = replace(new, version="空", since=date(2026, 2, 1), aspects=(("一", ()),))
        assert rule_of(lambda: publish_checklist(new=empty, by=by)) == "checklist-empty"
        same = replace(new, since=date(2026, 2, 1))
        assert rule_of(lambda: publish_checklist(new=same, by=by)) == "checklist-version"
    with as_(village.viewer("干部甲")) as by:
        assert rule_of(lambda: publish_checklist(new=same, by=by)) == "not-allowed"
    days = (date(2025, 12, 31), date(2026, 1, 1))
    assert [
        (value("village_checklist_aspects", Ask(2026, day)), value("village_checklist_items", Ask(2026, day)))
        for day in days
    ] == [(6, 42), (2, 3)]
    with as_(SYSTEM) as by:
        parts = shares(by, "village_checklist_items", Ask(2026, days[1]), by="aspect")
    assert [(part.name, part.value) for part in parts] == [("方面一", 2), ("方面二", 1)]


def test_an_inspection_answers_items_and_a_problem_becomes_a_finding(village: World) -> None:
    activity = check(village)
    one = inspection(village, activity)
    with as_(SYSTEM) as by:
        written = answer_all(
            inspection=one,
            by=by,
            results={1: "normal", 15: "problem", 40: "not_applicable"},
            notes={15: "坐支租金3000元"},
        )
        assert written == 3
        said = {"inspection": one, "by": by}
        assert rule_of(lambda: answer_all(results={43: "normal"}, notes={}, **said)) == "checklist-item"
        assert rule_of(lambda: answer_all(results={2: "problem"}, notes={}, **said)) == "note-needed"
        assert rule_of(lambda: answer_all(results={2: "problem"}, notes={2: "长" * 501}, **said)) == "note-too-long"
        answer = Answer.objects.get(result="problem")
        finding = take_problem(answer=answer, by=by, on=DAY)
        assert (finding.problem, finding.basis[:10]) == (
            "集体资金开户和入账：坐支租金3000元",
            "监督清单第15项；廉洁"[:10],
        )
        assert (finding.activity_id, finding.subject, finding.found_by) == (
            activity.pk,
            village.units["西滨村"],
            "干部甲、干部丙",
        )
        assert rule_of(lambda: take_problem(answer=answer, by=by, on=DAY)) == "already-decided"
        assert rule_of(lambda: answer_all(results={15: "normal"}, notes={}, **said)) == "answer-fixed"
        assert (
            answer_all(results={1: "problem", 15: "problem"}, notes={1: "没有方案", 15: "坐支租金3000元"}, **said) == 1
        )
        told = [asked for _, rows in answers_of(by, one) for asked in rows]
        assert (len(told), sum(asked.answer is not None for asked in told)) == (42, 3)
        assert [(row.n_answers, row.n_problems) for row in inspections_of(by, activity)] == [(3, 2)]
        assert [(row.villages, row.problems, row.check_kind) for row in checks(by)] == [(1, 1, "village")]
        assert rule_of(lambda: withdraw_inspection(inspection=one, by=by, reason="误登")) == "inspection-findings"


def test_a_village_check_needs_a_checklist_of_its_day(village: World) -> None:
    assert rule_of(lambda: check(village, on=date(2021, 5, 1))) == "no-checklist"
    assets = check(village, "assets")
    one = inspection(village, assets)
    with as_(SYSTEM) as by:
        assert rule_of(lambda: answer_all(inspection=one, by=by, results={1: "normal"}, notes={})) == "no-checklist"
        assert Check.objects.get(activity=assets).checklist is None
        twice = NewInspection(village.units["西滨村"], DAY, "干部甲")
        assert rule_of(lambda: inspect(activity=assets, by=by, new=twice)) == "inspection-twice"
        assert rule_of(lambda: inspect(activity=assets, by=by, new=replace(twice, inspectors=" "))) == "inspectors"


def test_a_village_inspected_twice_counts_once_a_year(village: World) -> None:
    activity = check(village, "assets")
    inspection(village, activity)
    inspection(village, check(village), on=date(2022, 6, 1))
    gone = inspection(village, activity, "后溪村")
    assert value("villages_checked") == 2
    with as_(SYSTEM) as by:
        withdraw_inspection(inspection=gone, by=by, reason="误登")
    assert (value("villages_checked"), value("villages_checked", Ask(2022, today()))) == (2, 1)
    assert value("villages_checked", Ask(2022, date(2022, 5, 9))) == 0


def test_what_was_closed_in_the_year_counts_whenever_it_was_registered(village: World) -> None:
    earlier = village.closed(
        **found(village, "assets", on=date(2021, 11, 1)), approver=HEAD, closed_on=date(2022, 1, 1)
    )
    village.closed(**found(village, "village"), approver=HEAD, closed_on=date(2022, 12, 31))
    village.closed(**found(village, "assets"), approver=HEAD, closed_on=date(2023, 1, 1))  # a day late
    village.closed(
        **found(village, "assets", on=date(2021, 3, 1)), approver=HEAD, closed_on=date(2021, 12, 31)
    )  # a day early
    village.rectifying(**found(village, "assets"))
    village.closed(unit="西滨村", office=TOWN, on=DAY, approver=HEAD, closed_on=DAY)  # of a project
    assert (value("grassroots_findings_rectified"), value("grassroots_findings")) == (2, 3)
    assert value("grassroots_findings_rectified", Ask(2022, date(2022, 11, 30))) == 1
    assert value("grassroots_findings_rectified", Ask(2023, date(2023, 3, 31))) == 1
    with as_(SYSTEM) as by:
        moves.reopen(finding=Finding.objects.get(pk=earlier.pk), by=by, on=date(2023, 2, 1), note="反弹", due_on=None)
        again = value("grassroots_findings_rectified", Ask(2022, date(2023, 3, 31)))
    assert (again, value("grassroots_findings_rectified")) == (1, 2)


def money(finding: Finding, **more: Any) -> Any:
    said: dict[str, Any] = {
        "amount_fen": 100_00,
        "received_on": date(2022, 7, 1),
        "kind": "rent",
        "account_kind": "collective",
    }
    with as_(SYSTEM) as by:
        return record_recovery(finding=finding, by=by, new=NewMoney(**{**said, **more}))


@pytest.mark.parametrize(
    ("counts", "more"),
    [
        (100, {}),
        (100, {"kind": "collective"}),
        (100, {"received_on": date(2022, 12, 31)}),
        (0, {"received_on": date(2023, 1, 1)}),
        (0, {"received_on": date(2021, 12, 31)}),
        (0, {"kind": "fine"}),
        (0, {"kind": "new_rent"}),
        (0, {"kind": "other"}),
        (0, {"account_kind": "finance"}),
        (0, {"account_kind": "unit"}),
    ],
)
def test_money_counts_by_its_kind_its_account_and_its_day(village: World, counts: int, more: dict[str, Any]) -> None:
    money(village.finding(**found(village, on=date(2021, 12, 1))), **more)
    assert value("grassroots_money_recovered") == counts


def test_money_of_other_work_does_not_count_and_a_reversal_counts_on_its_day(village: World) -> None:
    money(village.finding(unit="西滨村", office=TOWN, on=DAY))
    assert (value("grassroots_money_recovered"), value("project_money_recovered")) == (0, 100)
    row = money(village.finding(**found(village)))
    with as_(SYSTEM) as by:
        back = reverse_recovery(money=row, by=by, on=date(2022, 12, 1), amount_fen=30_00, proof="重复入账")
        assert (back.kind, back.account_kind) == ("rent", "collective")
    days = (date(2022, 11, 30), date(2022, 12, 1))
    assert [value("grassroots_money_recovered", Ask(2022, day)) for day in days] == [100, 70]
    assert value("project_money_recovered") == 100


def test_the_district_looks_back_at_what_the_town_verified(village: World) -> None:
    finding = village.finding(**found(village))
    town = NewLook("沿街店面3间", "town", date(2022, 8, 1), "partly", "镇干部甲")
    district = NewLook("沿街店面3间", "district", date(2022, 9, 1), "cleared", "区干部乙")
    with as_(SYSTEM) as by:
        act = {"finding": finding, "by": by}
        assert rule_of(lambda: look_at_asset(new=district, **act)) == "asset-order"
        look_at_asset(new=town, **act)
        assert rule_of(lambda: look_at_asset(new=replace(district, by_name="镇干部甲"), **act)) == "asset-same-person"
        assert rule_of(lambda: look_at_asset(new=replace(district, on=date(2022, 7, 1)), **act)) == "asset-order"
        assert rule_of(lambda: look_at_asset(new=replace(town, on=date(2022, 1, 1)), **act)) == "step-date"
        assert rule_of(lambda: look_at_asset(new=replace(town, asset=" "), **act)) == "asset-needed"
        row = look_at_asset(new=district, **act)
        activity = Activity.objects.get(pk=finding.activity_id)
        assert [(one.stage, one.result) for one in looks_of(by, activity)] == [
            ("district", "cleared"),
            ("town", "partly"),
        ]
        withdraw_look(look=row, by=by, reason="登记有误")
        assert [one.stage for one in looks_of(by, activity)] == ["town"]


def test_all_levels_count_for_the_city_and_each_office_sees_its_own(village: World) -> None:
    finding = village.closed(**found(village), approver=HEAD, closed_on=date(2022, 6, 1))
    money(finding)
    with as_(SYSTEM) as by:
        look_at_asset(finding=finding, by=by, new=NewLook("店面", "town", date(2022, 8, 1), "held", "甲"))
    seen = {}
    for name in ("书记", "区纪委书记", "街道干部", "干部甲"):
        with as_(village.viewer(name)) as by:
            keys = ("grassroots_findings_rectified", "grassroots_money_recovered")
            seen[name] = (*(figure(by, key, END).value for key in keys), AssetLookBack.objects.count())
    assert seen == {"书记": (1, 100, 1), "区纪委书记": (1, 100, 1), "街道干部": (1, 100, 1), "干部甲": (0, 0, 0)}
    with as_(SYSTEM) as by:
        assert list(rows_of(by, "grassroots_findings_rectified", END)) == [finding]
    with as_(village.viewer("系统管理员")) as by:
        assert (
            rule_of(lambda: open_check(new=NewCheck("assets", "J", "检查", 2022, village.offices[TOWN], DAY), by=by))
            == "not-allowed"
        )
    assert rule_of(lambda: check(village, "assets", on=today() + timedelta(days=1))) == "step-date"
