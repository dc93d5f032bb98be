"""The plan of a project: its lines are the lead's, what came of one is told by whoever takes part; on paper and by sheet."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.activities.test_activities import rule_of
from tests.activities.test_papers import cells, texts, written
from tests.activities.test_projects import BODY, DAY, LATER, LEAD, OF_BODY, OFFICER, answers
from tests.sheets_of import counts, file_of, look_at, take_in
from tests.surfaces.desk.test_findings import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.books import sheets
from jiandu.base.core.sheets import Plan, write_xlsx
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.plan_sheet import BOOK, PLAN_SHEET, rows_of
from jiandu.sources.activities.project_parts import PlanLine
from jiandu.sources.activities.project_word import closing_docx, plan_docx
from jiandu.sources.activities.selectors import activities, plan_of
from jiandu.sources.activities.services.plans import NewLine, add_line, amend_line, finish_line, withdraw_line
from jiandu.sources.activities.services.proposing import evaluate

TARGET = NewLine("target", "走访责任单位", LEAD, date(2022, 6, 30), 30, "家")
look, take = partial(look_at, PLAN_SHEET), partial(take_in, PLAN_SHEET)
HEAD = ("项目编号", "类别", "内容", "目标值", "单位", "责任室组(人)", "完成时限", "完成日期", "完成情况")
ROWS = (
    HEAD,
    ("XM-P", "工作目标", "走访责任单位", 30, "家", LEAD, "2022-06-30", "", ""),
    ("", "问题清单", "兑现不及时", "", "", "", "", "", ""),
    ("XM-P", "任务清单", "查阅台账", "", "", BODY, "2022-05-31", "2022-05-20", "已查阅五家"),
)


def add(world: World, project: Activity, new: NewLine = TARGET, who: str = OFFICER) -> PlanLine:
    with as_(world.viewer(who)) as by:
        return add_line(activity=project, by=by, new=new)


def told(project: Activity) -> list[tuple[str, str, str, str, str]]:
    with as_(SYSTEM) as by:
        rows = plan_of(by, [project])[project.pk]
        return [(row.kind, row.aim, row.who, str(row.due_on or ""), row.result) for row in rows]


def said_in(file: Any) -> str:
    return "\n".join(cell for table in file.tables for row in cells(table) for cell in row)


def test_the_lead_writes_the_plan_and_a_body_says_what_came_of_its_part(world: World) -> None:
    project = world.project(members=(BODY,))
    row = add(world, project)
    duty = add(world, project, NewLine("duty", "查阅台账", BODY))
    assert rule_of(lambda: add(world, project)) == "line-twice"
    assert rule_of(lambda: add(world, project, NewLine("step", "摸底", planned=3, unit="家"))) == "target-needed"
    assert rule_of(lambda: add(world, project, NewLine("target", "摸底", planned=3))) == "target-needed"
    assert rule_of(lambda: add(world, project, NewLine("step", " "))) == "text-needed"
    assert rule_of(lambda: add(world, project, NewLine("step", "摸底"), OF_BODY)) == "lead-only"
    with as_(world.viewer(OF_BODY)) as by:
        assert rule_of(lambda: amend_line(row=duty, by=by, new=NewLine("duty", "改"))) == "lead-only"
        assert rule_of(lambda: withdraw_line(row=duty, by=by, reason="不做")) == "lead-only"
        finish_line(row=duty, by=by, on=DAY, result="已查阅五家")
    with as_(world.viewer(OFFICER)) as by:
        amend_line(row=row, by=by, new=NewLine("target", "走访责任单位", LEAD, LATER, 40, "家"))
    assert told(project) == [
        ("target", "走访责任单位 40家", LEAD, str(LATER), ""),
        ("duty", "查阅台账", BODY, "", "已查阅五家"),
    ]
    with as_(world.viewer(OFFICER)) as by:
        withdraw_line(row=row, by=by, reason="目标调整")
    assert [kind for kind, *_rest in told(project)] == ["duty"]
    add(world, project)  # what was taken back does not stand in the way


def test_on_the_page_a_line_is_added_changed_finished_and_taken_back(world: World) -> None:
    project = world.project()
    place, client = f"/desk/projects/{project.uid}/plan/", client_of(world, OFFICER)
    said = {"kind": "target", "text": "走访责任单位", "planned": "30", "unit": "家", "due_on": "2022-06-30"}
    assert client.post(f"{place}line/", said).status_code == 303
    refused = client.post(f"{place}line/", said)
    assert (refused.status_code, "已有相同的条目" in refused.content.decode()) == (422, True)
    with as_(SYSTEM) as by:
        key = plan_of(by, [project])[project.pk][0].pk
    assert 'value="30"' in client.get(f"{place}?act=amend-line&on={key}").content.decode()
    assert client.post(f"{place}amend-line/?on={key}", {**said, "planned": "40"}).status_code == 303
    done = {"on": "2022-06-20", "result": "已走访41家"}
    assert client.post(f"{place}finish-line/?on={key}", done).status_code == 303
    shown = client.get(place).content.decode()
    assert [words in shown for words in ("走访责任单位 40家", "已走访41家", "责任清单")] == [True] * 3
    assert client.post(f"{place}withdraw-line/?on={key}", {"on": "2022-06-21", "reason": "误填"}).status_code == 303
    assert "走访责任单位" not in client.get(place).content.decode()


def test_the_plan_on_paper_has_targets_steps_and_the_three_lists(world: World) -> None:
    project = world.project(members=(BODY,), plan="走访调研，查阅台账。", due_on=date(2022, 11, 30))
    add(world, project)
    for kind, text in (("step", "摸底排查"), ("problem", "兑现不及时"), ("task", "查阅台账"), ("duty", "联合检查")):
        add(world, project, NewLine(kind, text, BODY, date(2022, 5, 31)))
    file = written(plan_docx, project)
    said = texts(file)
    assert f"{project.name}\n监督项目方案" in said
    assert f"1. 走访责任单位 30家，{LEAD}，2022年6月30日前。" in said
    assert "2022年1月5日立项，计划2022年11月30日结项。" in said
    assert f"参与机构：{BODY}。" in said
    assert [cells(table)[1:] for table in file.tables] == [
        [["1", text, BODY, "2022-05-31"]] for text in ("兑现不及时", "查阅台账", "联合检查")
    ]


def test_the_sheet_of_the_end_is_blank_for_the_hand_and_then_says_what_was_evaluated(world: World) -> None:
    project = world.project()
    blank = said_in(written(closing_docx, project))
    assert ("□是　□部分　□否" in blank, "□同意结项" in blank) == (True, True)
    with as_(world.viewer(OFFICER)) as by:
        evaluate(activity=project, by=by, new=answers("put_off", until=LATER, targets_note="三项达成两项"))
    filled = said_in(written(closing_docx, project))
    for words in ("部分。", "三项达成两项", "发现问题3个，已销号2个", "推动建章立制1项", "延期至2023年3月31日"):
        assert words in filled, words
    assert "□" not in filled


def test_the_papers_are_handed_out_and_open(world: World) -> None:
    project = world.project()
    add(world, project)
    client = client_of(world, OFFICER)
    for paper in ("word", "closing"):
        got = client.get(f"/desk/projects/{project.uid}/plan/{paper}/")
        assert (got.status_code, got.content[:2]) == (200, b"PK"), paper
        assert client_of(world, "干部乙").get(f"/desk/projects/{project.uid}/plan/{paper}/").status_code == 404


def test_a_plan_comes_in_by_sheet_once_and_goes_out_as_it_came(world: World, tmp_path: Path) -> None:
    project = world.project(code="XM-P", members=(BODY,))
    path = file_of(tmp_path / "a.xlsx", ROWS)
    assert take(world, path) == counts(create=3)
    before = told(project)
    assert before == [
        ("target", "走访责任单位 30家", LEAD, "2022-06-30", ""),
        ("problem", "兑现不及时", "", "", ""),
        ("task", "查阅台账", BODY, "2022-05-31", "已查阅五家"),
    ]
    assert take(world, path) == counts(unchanged=3)
    out = tmp_path / "b.xlsx"
    with as_(world.viewer(OFFICER)) as by, out.open("wb") as file:
        write_xlsx(file, Plan("方案", sheets.columns_of(BOOK)), rows_of(by, activities(by, kind="project")))
    assert take(world, out) == counts(unchanged=3)
    assert told(project) == before


CHANGES: list[tuple[tuple[Any, ...], dict[str, int]]] = [
    (("XM-P", "工作目标", "走访责任单位", 40, "家", LEAD, "2022-07-31", "2022-07-20", "已走访41家"), {"update": 1}),
    (("XM-P", "任务清单", "查阅台账", "", "", BODY, "2022-05-31", "2022-05-20", "另一种说法"), {"conflict": 1}),
    (("XM-P", "问题清单", "新的问题", "", "", "", "", "", ""), {"create": 1}),
]


@pytest.mark.parametrize(("row", "expected"), CHANGES)
def test_a_sheet_changes_the_plan_and_not_what_was_told(
    world: World, tmp_path: Path, row: tuple[Any, ...], expected: dict[str, int]
) -> None:
    world.project(code="XM-P", members=(BODY,))
    take(world, file_of(tmp_path / "a.xlsx", ROWS))
    assert take(world, file_of(tmp_path / "b.xlsx", (HEAD, row))) == counts(**expected)
