"""A changed ledger: what its preview promises of each cell is what happens, and the same file again has nothing to write."""

from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from tests.workbooks.books import TITLES, book, closed, line
from tests.world import SYSTEM, World, as_

from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.findings.models import Breach, Finding, Measure, Step
from jiandu.loop.workbooks import columns, importing, parting
from jiandu.loop.workbooks.fields import FIELDS, Lookup, Seen
from jiandu.loop.workbooks.told import told_of
from jiandu.loop.workbooks.writing import expected_warnings

CLERK = "内勤甲"
FULL = {
    "具体事实": "三件",
    "问题类别": "作风纪律",
    "涉及金额(元)": 3700,
    "派驻(派出)机构": "驻市教育局纪检监察组",
    "整改类型": "限期整改",
    "整改措施": "完善台账",
    "整改时限": "2022-04-30",
    "责任人": "张三",
}
LOOKED = {"回头看日期": "2022-08-20", "回头看结论": "整改到位"}
CAME = {"建章立制(制度名称)": "《甲办法》、《乙办法》", "挽回金额(元)": 1200}
BASES: dict[str, dict[str, Any]] = {
    "bare": line(0),
    "assigned": line(0, **FULL),
    "applied": line(0, **FULL, 销号申请日期="2022-05-10"),
    "closed": closed(0, **FULL, **CAME, 核验方式="实地核查"),
    "closed by the office": closed(0, 核验人=None, 审批人=None, 核验结论=None, 销号申请日期=None),
    "staged": closed(0, 核验结论="阶段性销号"),
    "looked": closed(0, **LOOKED),
    "rebound": closed(0, **LOOKED | {"回头看结论": "问题反弹"}),
}
#: What each cell is changed to; with the other cells that such a change needs.
VALUES: dict[str, list[Any]] = {
    "登记日期": ["2022-02-27"],
    "来源类型": ["审计", None],
    "项目编号": ["XM-9"],
    "项目名称": ["另一名称"],
    "派驻(派出)机构": ["驻市教育局纪检监察组、第二监督检查室", None],
    "责任单位": ["市财政局"],
    "问题类别": ["权力运行", None],
    "问题表现": ["另一问题"],
    "具体事实": ["五件\n另有两件", None],
    "涉及金额(元)": ["0.5万元", None],
    "整改类型": ["长期坚持", None],
    "整改措施": ["完善台账\n另行培训", "另行培训", None],
    "整改时限": ["2022-06-30", None],
    "责任人": ["赵六", None],
    "销号申请日期": ["2022-05-11", None],
    "核验人": ["钱七", None],
    "核验方式": ["查阅资料", None],
    "核验结论": ["通过", "阶段性销号", None],
    "审批人": ["孙八", None],
    "销号日期": ["2022-05-21", None],
    "建章立制(制度名称)": ["甲办法、丙办法", "甲办法、乙办法、丙办法", None],
    "挽回金额(元)": ["1500", None],
    "回头看日期": ["2022-09-01", None],
    "回头看结论": ["整改不到位", None],
}
KEYS = {title: column.key for column in columns.COLUMNS for title in column.titles}
RECORDED = [field for field in FIELDS if field.key in columns.TITLES and field.key not in {"code", "office"}]


@pytest.fixture
def net(world: World) -> World:
    with as_(SYSTEM) as by:
        load_defaults(by=by)
    return world


class Ledger:
    """A ledger in its versions, as a clerk uploads them."""

    def __init__(self, net: World, folder: Path) -> None:
        self.net, self.folder, self.versions = net, folder, count()

    def write(self, *rows: dict[str, Any], titles: tuple[str, ...] = TITLES) -> Path:
        path = self.folder / f"{next(self.versions)}.xlsx"
        path.write_bytes(book(*rows, titles=titles))
        return path

    def see(self, path: Path) -> importing.Preview:
        with as_(self.net.viewer(CLERK)) as viewer:
            return importing.preview(viewer, path)

    def take(self, path: Path) -> importing.Preview:
        with as_(self.net.viewer(CLERK)) as viewer:
            found = importing.preview(viewer, path)
            assert [problem.as_dict() for problem in found.problems] == []
            return importing.commit(viewer, found)


@pytest.fixture
def ledger(net: World, tmp_path: Path) -> Ledger:
    return Ledger(net, tmp_path)


def recorded() -> dict[str, dict[str, Any]]:
    """All records by number, as their columns leave."""
    with as_(SYSTEM):
        rows = list(Finding.objects.select_related("subject", "aspect", "owner_office"))
        told, lookup = told_of(rows), Lookup()
        seen = {row.code: Seen(row, told[row.pk], lookup) for row in rows}
        return {code: {field.key: field.of(one) for field in RECORDED} for code, one in seen.items()}


def cases() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Every base with each of its cells changed in each way: (row before, row after), each under its own number."""
    found = []
    for base in BASES.values():
        for title, values in VALUES.items():
            for value in values:
                code = f"TS2022-{len(found) + 1:04d}"
                before = base | {"问题编号": code, "问题表现": f"台账管理不规范{len(found)}"}
                after = before | {title: value}
                if is_readable(after):
                    found.append((before, after))
    return found


def is_readable(row: dict[str, Any]) -> bool:
    """Rows that contradict themselves are errors in place, and tested as such."""
    if row.get("回头看结论") and not row.get("回头看日期"):
        return False
    passed = row.get("核验结论") in {"通过", "阶段性销号"}
    return not passed or bool(row.get("销号日期") or row.get("销号申请日期"))


def test_what_the_preview_promises_of_any_changed_cell_is_what_happens(ledger: Ledger) -> None:
    changes = cases()
    ledger.take(ledger.write(*(before for before, _ in changes)))
    path = ledger.write(*(after for _, after in changes))
    promised = ledger.see(path)
    was = recorded()
    warnings = list(expected_warnings(promised.create, promised.update, promised.places))
    done = ledger.take(path)
    now = recorded()
    happened = {code: {key for key, value in row.items() if value != was[code][key]} for code, row in now.items()}
    assert {each.line.text("code"): set(each.cells) for each in promised.update} == {
        code: keys for code, keys in happened.items() if keys
    }
    assert done.warnings == warnings
    again = ledger.see(path)
    assert [(each.line.text("code"), each.cells) for each in again.update] == []
    assert (again.create, again.conflicts) == ([], [])
    assert [cell.as_dict() for cell in again.left] == [cell.as_dict() for cell in promised.left]


def test_every_changed_cell_is_written_or_says_why_not(ledger: Ledger) -> None:
    changes = cases()
    ledger.take(ledger.write(*(before for before, _ in changes)))
    found = ledger.see(ledger.write(*(after for _, after in changes)))
    written = {each.line.text("code"): set(each.cells) for each in found.update}
    left: dict[str, set[str]] = {}
    for cell in found.left:
        left.setdefault(found.lines[cell.row - 3].text("code"), set()).add(KEYS[cell.title])
    silent = {
        (title, before.get(title), after[title])
        for before, after in changes
        for title in after
        if after[title] != before.get(title)
        and KEYS[title] not in written.get(after["问题编号"], set()) | left.get(after["问题编号"], set())
    }
    assert silent == {("核验结论", "通过", None), ("核验结论", None, "通过")}  # settled means passed


@pytest.mark.parametrize(
    ("base", "cells", "written", "left"),
    [
        ("bare", {"整改时限": "2022-06-30"}, {"due_on": ("", "2022-06-30")}, {}),
        ("bare", {"整改措施": "完善台账"}, {"measures": ("", "完善台账")}, {}),
        ("assigned", {"整改措施": "完善台账\n培训"}, {"measures": ("完善台账", "完善台账\n培训")}, {}),
        ("assigned", {"整改措施": "培训"}, {}, {"整改措施": parting.MEASURES}),
        ("assigned", {"整改类型": "长期坚持"}, {"rectification": ("限期整改", "长期坚持")}, {}),
        ("assigned", {"整改类型": None}, {}, {"整改类型": parting.KEPT}),
        ("assigned", {"整改时限": "2022-06-30"}, {}, {"整改时限": parting.EXTENDED}),
        ("assigned", {"责任单位": "市财政局"}, {}, {"责任单位": parting.PLACED}),
        ("assigned", {"登记日期": "2022-03-02"}, {}, {"登记日期": parting.PLACED}),
        ("assigned", {"来源类型": "审计"}, {}, {"来源类型": parting.PLACED}),
        ("assigned", {"项目编号": "XM-9"}, {}, {"项目编号": parting.NOT_PROJECT}),
        ("assigned", {"核验人": "李四"}, {}, {"核验人": parting.UNSETTLED}),
        ("closed", {"整改时限": "2022-06-30"}, {}, {"整改时限": parting.OVER}),
        ("closed", {"销号日期": "2022-05-21"}, {}, {"销号日期": parting.DATED}),
        ("closed", {"销号日期": None}, {}, {"销号日期": parting.KEPT}),
        ("closed", {"核验方式": None}, {}, {"核验方式": parting.KEPT}),
        ("closed by the office", {"核验方式": "查阅资料"}, {}, {"核验方式": parting.DATED}),
        ("closed", {"挽回金额(元)": 1500}, {}, {"挽回金额(元)": parting.MONEY}),
        ("staged", {"挽回金额(元)": 1500}, {"recovered": ("", "1500")}, {}),
        ("staged", {"核验结论": "通过"}, {}, {"核验结论": parting.CONCLUDED}),
        (
            "closed",
            {"建章立制(制度名称)": "甲办法、丙办法"},
            {"rules": ("《乙办法》、《甲办法》", "《丙办法》、《乙办法》、《甲办法》")},
            {"建章立制(制度名称)": parting.RULES},
        ),
        ("closed", LOOKED, {"looked_on": ("", "2022-08-20"), "look_result": ("", "整改到位")}, {}),
        ("closed", {"回头看日期": "2022-08-20"}, {}, {"回头看日期": parting.LOOKED}),
        ("looked", {"回头看结论": "问题反弹"}, {}, {"回头看结论": parting.DATED}),
    ],
)
def test_a_changed_cell_is_written_where_it_may_and_else_says_the_way(
    ledger: Ledger, base: str, cells: dict[str, Any], written: dict[str, Any], left: dict[str, str]
) -> None:
    ledger.take(ledger.write(BASES[base]))
    found = ledger.see(ledger.write(BASES[base] | cells))
    assert [each.cells for each in found.update] == ([written] if written else [])
    assert {cell.title: cell.reason for cell in found.left} == left
    assert len(found.unchanged) == (0 if written else 1)


def test_a_column_that_the_sheet_does_not_have_says_nothing(ledger: Ledger) -> None:
    row = closed(1, **FULL, **CAME, **LOOKED)
    ledger.take(ledger.write(row))
    was = recorded()
    few = ("问题编号", "登记日期", "牵头监督检查室", "责任单位", "问题表现", "责任人")
    found = ledger.take(ledger.write(row | {"责任人": "赵六"}, titles=few))
    assert [each.cells for each in found.update] == [{"rectifier": ("张三", "赵六")}]
    assert recorded() == {"TS2022-0001": was["TS2022-0001"] | {"rectifier": "赵六"}}


def test_a_term_told_later_holds_from_registration_and_no_longer_changes(ledger: Ledger) -> None:
    ledger.take(ledger.write(line(1)))
    ledger.take(ledger.write(line(1, 整改时限="2022-06-30", 整改类型="限期整改")))
    ledger.take(ledger.write(line(1, 整改时限="2022-12-31", 整改类型="限期整改")))
    with as_(SYSTEM):
        finding = Finding.objects.get()
        steps = list(Step.objects.order_by("seq").values_list("verb", "on", "due_on", "is_history"))
    due, first = date(2022, 6, 30), date(2022, 3, 1)
    assert (finding.first_due_on, finding.due_on, finding.state) == (due, due, "rectifying")
    assert steps[:4] == [
        ("register", first, None, True),
        ("correct", first, due, True),
        ("assign", first, due, True),
        ("receive", first, due, True),
    ]


def test_measures_follow_the_settling_and_none_is_told_twice(ledger: Ledger) -> None:
    ledger.take(ledger.write(line(1, 整改类型="限期整改", 整改措施="完善台账")))
    settled = closed(1, 整改措施="完善台账\n另行培训")
    ledger.take(ledger.write(settled))
    with as_(SYSTEM):
        told = list(Measure.objects.order_by("pk").values_list("text", "result", "progress_percent", "done_on"))
    day = date(2022, 5, 20)
    assert told == [("完善台账", "done", 100, day), ("另行培训", "done", 100, day)]
    assert ledger.see(ledger.write(settled)).update == []


def test_a_rule_of_today_that_the_change_breaks_is_told_before_and_kept(ledger: Ledger) -> None:
    ledger.take(ledger.write(closed(1)))
    path = ledger.write(closed(1, 责任人="李四"))
    said = ["TS2022-0001: 核验人与责任人同名:李四(须核实是否同一人)"]
    seen = ledger.see(path)
    assert list(expected_warnings(seen.create, seen.update, seen.places)) == said
    assert ledger.take(path).warnings == said
    with as_(SYSTEM):
        assert list(Breach.objects.values_list("rule", flat=True)) == ["verify-independent"]


def test_nothing_is_created_for_a_cell_that_is_left(ledger: Ledger) -> None:
    ledger.take(ledger.write(line(1)))
    found = ledger.see(ledger.write(line(1, 责任单位="市新设局", 项目编号="XM-77", 来源类型="项目化监督")))
    missing = found.places.missing
    assert (missing.units, missing.projects) == (set(), set())
    assert {cell.title for cell in found.left} == {"责任单位", "来源类型", "项目编号"}


def test_offices_and_rules_that_no_column_holds_are_errors_in_place(ledger: Ledger) -> None:
    found = ledger.see(ledger.write(line(1, **{"派驻(派出)机构": "、".join(["驻某某局纪检监察组"] * 13)})))
    assert [(cell.title, cell.reason[:7]) for cell in found.problems] == [("派驻(派出)机构", "超过128个字")]
    found = ledger.see(ledger.write(closed(1, **{"建章立制(制度名称)": "长" * 201})))
    assert [cell.title for cell in found.problems] == ["建章立制(制度名称)"]
