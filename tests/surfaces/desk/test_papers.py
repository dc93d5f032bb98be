"""Papers of rounds, talks and contact points through their pages: who may take them, what the log keeps, what they do not tell."""

import hashlib
import io
from datetime import date
from typing import Any
from urllib.parse import quote

import docx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.activities.test_papers import cells, reported
from tests.surfaces.counting import MOST, asked
from tests.surfaces.desk.test_accounts import client_of
from tests.surfaces.desk.test_contact import NAME, PLACE, QUOTE, SHORT, told_with_everything, words_of_docx
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry, Payload
from jiandu.sources.activities.models import LinkedUnit, Visit
from jiandu.sources.contactpoints.models import ContactProblem, Reflection
from jiandu.sources.contactpoints.services import problems
from jiandu.sources.contactpoints.services.problems import Act
from jiandu.sources.talks.models import Talk

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def first(model: Any, **where: Any) -> Any:
    with as_(SYSTEM):
        return model.objects.filter(**where).order_by("pk")[0]


def of_round(world: World) -> list[str]:
    """The addresses of everything that is written of one round and one talk of it."""
    activity = reported(world)
    place = f"/desk/rounds/{activity.uid}/"
    unit, visit = first(LinkedUnit), first(Visit, activity=activity)
    papers = ["plan", "schedule", "notice", "visit", "feedback", f"notice?unit={unit.pk}", f"visit?visit={visit.pk}"]
    papers.append(f"feedback?unit={unit.pk}")
    addresses = [f"{place}papers/{paper}".replace("?", "/?") + ("" if "?" in paper else "/") for paper in papers]
    talk = first(Talk)
    return [
        *addresses,
        f"{place}report/word/",
        *(f"/desk/talks/{talk.uid}/papers/{name}/" for name in ("outline", "record")),
    ]


def test_whoever_sees_the_round_takes_its_papers_and_nobody_else(world: World) -> None:
    addresses = of_round(world)
    for name, status in {
        "干部甲": 200,
        "主任甲": 200,
        "书记": 200,
        "干部乙": 404,
        "经办人丁": 404,
        "系统管理员": 404,
    }.items():
        assert [client_of(world, name).get(place).status_code for place in addresses] == [status] * 11, name
    assert client_of(world, "干部甲").get(addresses[0])["Content-Type"] == WORD


def test_every_paper_opens_and_is_linked_on_the_page(world: World) -> None:
    addresses = of_round(world)
    officer = client_of(world, "干部甲")
    for place in addresses:
        assert docx.Document(io.BytesIO(officer.get(place).content)).element.body is not None
    talk = officer.get(addresses[-1].split("papers")[0]).content.decode()
    assert all(place in talk for place in addresses[-2:])
    page = addresses[0].removesuffix("plan/")
    assert f'href="{page}"' in officer.get(page.removesuffix("papers/")).content.decode()
    shown = officer.get(page).content.decode()
    assert [place for place in addresses[:-2] if place not in shown] == []


def test_a_report_asks_who_is_at_the_keyboard(world: World) -> None:
    *_rest, report, _outline, _record = of_round(world)
    answer = client_of(world, "干部甲", proved=False).get(report)
    assert (answer.status_code, "/account/confirm/" in answer.get("Location", "")) == (302, True)


def test_the_log_says_which_paper_left_by_its_hash_and_inner_papers_say_who_took_them(world: World) -> None:
    *_papers, report, _outline, record = of_round(world)
    officer = client_of(world, "干部甲")
    for place, slug, code in ((report, "report", "activity.paper"), (record, "record", "talk.paper")):
        answer = officer.get(place)
        with as_(SYSTEM):
            entry = Entry.objects.order_by("-seq")[0]
            said = Payload.objects.get(pk=entry.pk).body
        assert (entry.verb, entry.actor_name) == (code, "干部甲")
        assert hashlib.sha256(answer.content).hexdigest() in said
        assert f'"paper":"{slug}"' in said.replace(" ", "")
        head = docx.Document(io.BytesIO(answer.content)).sections[0].header.paragraphs[0].text
        assert ("干部甲" in head, "导出编号" in head, head.split("导出编号 ")[1] in said) == (True, True, True)
    assert quote("挂钩监督情况报告_") in officer.get(report)["Content-Disposition"]


def test_what_goes_out_does_not_say_who_printed_it(world: World) -> None:
    officer = client_of(world, "干部甲")
    for place in of_round(world)[:6]:
        file = docx.Document(io.BytesIO(officer.get(place).content))
        assert file.sections[0].header.paragraphs[0].text == "", place


def test_an_address_that_names_nothing_is_not_found(world: World) -> None:
    officer, page = client_of(world, "干部甲"), of_round(world)[0].removesuffix("plan/")
    for wrong in (
        "nothing/",
        "visit/?visit=0",
        "notice/?unit=x",
        "notice/?unit=99999999999999999999",
        "feedback/?unit=0",
    ):
        assert officer.get(page + wrong).status_code == 404, wrong


def test_the_page_of_papers_asks_no_more_for_more_units(world: World) -> None:
    page = of_round(world)[0].removesuffix("plan/")
    officer = client_of(world, "干部甲")
    officer.get(page)
    with CaptureQueriesContext(connection) as captured:
        assert officer.get(page).status_code == 200
    assert len(asked(captured)) <= MOST


# --- contact points ---


def tellers(world: World) -> tuple[Any, list[Reflection]]:
    problem = told_with_everything(world)
    with as_(SYSTEM):
        rows = list(Reflection.objects.filter(problem=problem).order_by("pk").prefetch_related("point"))
    return problem, rows


def form_of(content: bytes) -> dict[str, str]:
    rows = cells(docx.Document(io.BytesIO(content)).tables[0])
    return {row[place]: row[place + 1] for row in rows for place in range(0, len(row), 2)}


@pytest.mark.parametrize("name", ["干部甲", "经办人丁", "驻教干部"])
def test_the_sheet_to_the_department_never_names_the_enterprise(world: World, name: str) -> None:
    problem, _rows = tellers(world)
    answer = client_of(world, name).get(f"{PLACE}{problem.uid}/word/")
    assert answer.status_code == 200
    said = words_of_docx(answer.content) + str(dict(answer.headers))
    assert [secret for secret in (NAME, SHORT, QUOTE, "明珠赵经理", "茶业") if secret in said] == []
    form = form_of(answer.content)
    told = [form[label] for label in ("问题编号", "责任单位", "交办意见", "办理情况\n和 答 复", "交办日期")]
    assert told == [problem.code, "市教育局", "请核实", "", "2022年4月1日"]


def test_the_control_the_sheet_to_the_enterprise_names_it_and_no_other(world: World) -> None:
    problem, (mine, other) = tellers(world)
    officer = client_of(world, "干部甲")
    for row, there, absent in ((mine, f"{NAME}：", f"{NAME}二厂"), (other, f"{NAME}二厂：", f"{NAME}：")):
        answer = officer.get(f"{PLACE}{problem.uid}/replies/{row.uid}/")
        said = words_of_docx(answer.content)
        assert (there in said, absent in said) == (True, False)
        form = form_of(answer.content)
        assert (form["答复内容"], form["满意度\n评　价"]) == ("已增设窗口", "□满意　　□基本满意　　☑不满意")
    for name in ("经办人丁", "驻教干部", "干部乙"):
        assert client_of(world, name).get(f"{PLACE}{problem.uid}/replies/{mine.uid}/").status_code == 404, name


def test_an_answer_that_names_another_enterprise_is_not_brought_to_the_first(world: World) -> None:
    problem, (mine, other) = tellers(world)
    with as_(world.viewer("经办人丁")) as by:  # who sees no name, and may guess one
        problems.answer(problem=problem, by=by, act=Act(date(2022, 4, 5), f"已与{NAME}二厂一并答复"))
    officer = client_of(world, "干部甲")
    refused = officer.get(f"{PLACE}{problem.uid}/replies/{mine.uid}/")
    assert (refused.status_code, f"{NAME}二厂" in refused.content.decode()) == (409, False)
    assert "答复内容写有其他企业的名称" in refused.content.decode()
    assert other.alias == "企业B"


def test_a_problem_handed_on_has_another_title(world: World) -> None:
    problem = world.told()
    with as_(SYSTEM) as by:
        problems.study(problem=problem, by=by, act=Act(date(2022, 3, 2), "转办"), nature="advice")
        problems.settle(problem=problem, by=by, act=Act(date(2022, 3, 3), "转市财政局", "handed_on"))
    said = words_of_docx(client_of(world, "干部甲").get(f"{PLACE}{problem.uid}/word/").content)
    assert ("反映问题转办单" in said, "交办" in said) == (True, False)


def test_the_list_has_the_points_in_term_that_one_sees(world: World) -> None:
    world.point("甲公司", liaison="赵某")
    world.point("满期公司", until=date(2022, 6, 30))
    world.point("乙公司", office="第二监督检查室")

    def listed(name: str) -> list[list[str]]:
        content = client_of(world, name).get(f"{PLACE}points/word/").content
        return cells(docx.Document(io.BytesIO(content)).tables[0])[1:]

    assert [row[2] for row in listed("干部甲")] == ["甲公司"]
    assert [row[2] for row in listed("书记")] == ["甲公司", "乙公司"]
    assert listed("干部甲")[0][3:5] + listed("干部甲")[0][8:] == ["民营企业", "市级", "赵某", "2022-01-01至今"]
    assert client_of(world, "经办人丁").get(f"{PLACE}points/word/").status_code == 404


def test_who_told_of_a_merged_problem_is_answered_with_the_answer_of_the_other(world: World) -> None:
    problem, _rows = tellers(world)
    double = first(ContactProblem, merged_into=problem.pk)
    row = first(Reflection, problem=double.pk)
    officer = client_of(world, "干部甲")
    form = form_of(officer.get(f"{PLACE}{double.uid}/replies/{row.uid}/").content)
    assert [form[label] for label in ("问题编号", "反映问题", "答复内容")] == [double.code, "同一件事", "已增设窗口"]
    assert officer.get(f"{PLACE}{double.uid}/word/").status_code == 404
    assert f"{PLACE}{double.uid}/word/" not in officer.get(f"{PLACE}{double.uid}/").content.decode()
    assert f"{PLACE}{problem.uid}/word/" in officer.get(f"{PLACE}{problem.uid}/").content.decode()


@pytest.mark.office
def test_a_paper_to_be_printed_is_logged_by_the_hash_of_what_left(world: World) -> None:
    answer = client_of(world, "干部甲").get(f"{of_round(world)[3]}?format=pdf")
    assert (answer.content[:5], answer["Content-Type"]) == (b"%PDF-", "application/pdf")
    with as_(SYSTEM):
        said = Payload.objects.get(pk=Entry.objects.order_by("-seq")[0].pk).body
    assert hashlib.sha256(answer.content).hexdigest() in said


def test_above_level_one_every_page_says_so(world: World) -> None:
    *_papers, report, _outline, record = of_round(world)
    with as_(SYSTEM):
        Talk.objects.update(level=2)
    officer = client_of(world, "干部甲")
    heads = [
        docx.Document(io.BytesIO(officer.get(place).content)).sections[0].header.paragraphs[0].text
        for place in (report, record)
    ]
    assert [head.startswith(("草稿　干部甲 ", "工作敏感　干部甲 ")) for head in heads] == [True, True]
