"""Problems of contact points by sheet: told, stepped on, back as they left; no sheet that leaves leads to who told it."""

import io
import json
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.sheets_of import OFFICER, counts, file_of, look_at, take_in
from tests.surfaces.desk.test_accounts import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry, Payload
from jiandu.base.books import sheets
from jiandu.base.core.errors import Refused
from jiandu.base.core.sheets import Plan, write_xlsx
from jiandu.base.lexicon.services import load_defaults
from jiandu.sources.contactpoints import selectors
from jiandu.sources.contactpoints.models import ContactPoint, ContactProblem, Reflection
from jiandu.sources.contactpoints.problem_sheet import BOOK, PROBLEMS, rows_of
from jiandu.sources.contactpoints.selectors import Wanted
from jiandu.sources.contactpoints.services.problems import Act, give_back, withdraw_problem

NAME, SHORT, QUOTE = "厦海明珠茶业有限公司", "明珠茶业", "我们每次都要等三个月"
HEAD = ("编号", "联系点", "反映日期", "反映问题", "具体情况", "反映原话", "反映方面", "研判类别", "研判日期", "责任单位", "交办日期", "答复时限", "答复日期", "答复内容", "办结日期", "办理结果", "企业评价")  # fmt: skip
ROWS = (
    HEAD,
    ("W1", NAME, "2022-03-01", "办证等候过久", "窗口少", QUOTE, "服务企业", "作风问题", "2022.3.2", "市教育局", "2022-03-03", "2022-03-31", "2022-03-20", "已增设窗口", "2022-04-01", "已推动解决", "满意"),
    ("W1", "厦海二号公司", "2022-03-02", "办证等候过久", *[""] * 13),
    ("", SHORT, "2022-05-01", "补贴政策不清", "", "", "", "业务咨询", "2022-05-02", "", "", "", "", "", "2022-05-03", "解释说明", ""),
    ("", SHORT, "2022-06-01", "抽检过频", *[""] * 13),
)  # fmt: skip
PLACE, CHIEF = "/desk/contact/import/", "主任甲"
look, take = partial(look_at, PROBLEMS), partial(take_in, PROBLEMS)


@pytest.fixture(autouse=True)
def points(world: World) -> None:
    with as_(SYSTEM) as by:
        load_defaults(by=by)
    world.point(NAME, short_name=SHORT)
    world.point("厦海二号公司")


def out_of(world: World, path: Path, who: str = OFFICER) -> Path:
    with as_(world.viewer(who)) as by, path.open("wb") as file:
        listed = selectors.problems(by, Wanted())
        write_xlsx(file, Plan("登记表", sheets.columns_of(BOOK)), rows_of(by, listed))
    return path


def changed(path: Path, to: Path, problem: str, **said: Any) -> Path:
    """The sheet with the cells under these words, in the row of that problem, saying something else."""
    book = openpyxl.load_workbook(path)
    rows = [list(row) for row in book.active]
    head = next(row for row in rows if any(cell.value == "反映问题" for cell in row))
    columns = {cell.value: index for index, cell in enumerate(head)}
    row = next(row for row in rows if row[columns["反映问题"]].value == problem)
    for title, value in said.items():
        row[columns[title]].value = value
    book.save(to)
    return to


def told() -> dict[str, Any]:
    """Problem → where it stands, and its steps with their days."""
    with as_(SYSTEM) as by:
        rows = ContactProblem.objects.order_by("pk")
        return {
            one.problem: (one.state, one.result, [(str(step.verb), step.on) for step in selectors.steps_of(by, one)])
            for one in rows
        }


def test_problems_are_taken_in_once_with_their_steps_and_come_back_as_they_left(world: World, tmp_path: Path) -> None:
    path = file_of(tmp_path / "a.xlsx", ROWS)
    assert take(world, path, CHIEF) == counts(create=4)
    before = told()
    days = ((3, 1), (3, 2), (3, 2), (3, 3), (3, 20), (4, 1))
    verbs = ("take_in", "join", "study", "assign", "answer", "settle")
    assert before == {
        "办证等候过久": ("settled", "resolved", [(verb, date(2022, *day)) for verb, day in zip(verbs, days, strict=True)]),
        "补贴政策不清": ("settled", "explained", [(verb, date(2022, 5, day)) for verb, day in zip(("take_in", "study", "settle"), (1, 2, 3), strict=True)]),
        "抽检过频": ("registered", "", [("take_in", date(2022, 6, 1))]),
    }  # fmt: skip
    with as_(SYSTEM):
        one = ContactProblem.objects.get(code="W1")
        assert (one.due_on, one.unit_sees, str(one.subject), str(one.aspect)) == (
            date(2022, 3, 31), True, "市教育局", "服务企业",
        )  # fmt: skip
        who = Reflection.objects.filter(problem=one).prefetch_related("point").order_by("pk")
        said = [(row.alias, row.point.name, row.words) for row in who]
        assert said == [("企业A", NAME, QUOTE), ("企业B", "厦海二号公司", "")]
    assert take(world, path, CHIEF) == counts(unchanged=4)
    out = out_of(world, tmp_path / "b.xlsx")
    assert take(world, out) == counts(unchanged=3)
    assert told() == before


def test_a_step_that_the_sheet_adds_is_done_and_a_step_that_was_done_is_not_changed(
    world: World, tmp_path: Path
) -> None:
    take(world, file_of(tmp_path / "a.xlsx", ROWS), CHIEF)
    out, words = out_of(world, tmp_path / "b.xlsx"), "抽检过频"
    more = {"研判类别": "作风问题", "研判日期": "2022-06-02", "责任单位": "市财政局", "交办日期": "2022-06-03", "反映问题": "抽检过于频繁"}  # fmt: skip
    assert take(world, changed(out, tmp_path / "c.xlsx", words, **more)) == counts(update=1, unchanged=2)
    assert told()["抽检过于频繁"][0] == "working"
    answered = {"答复日期": "2022-06-20", "答复内容": "已合并检查"}
    out, words = out_of(world, tmp_path / "d.xlsx"), "抽检过于频繁"
    assert take(world, changed(out, tmp_path / "e.xlsx", words, **answered)) == counts(update=1, unchanged=2)
    before = told()
    out = out_of(world, tmp_path / "f.xlsx")
    for title, value in (
        ("反映日期", "2022-06-04"),
        ("研判类别", "政策问题"),
        ("责任单位", "市教育局"),
        ("交办日期", "2022-06-05"),
        ("答复时限", "2022-07-05"),
        ("答复内容", "未办"),
    ):
        path = changed(out, tmp_path / "g.xlsx", words, **{title: value})
        assert take(world, path, CHIEF) == counts(conflict=1, unchanged=2), title
    assert told() == before


def test_an_answer_that_was_sent_back_is_answered_anew(world: World, tmp_path: Path) -> None:
    take(world, file_of(tmp_path / "a.xlsx", ROWS), CHIEF)
    with as_(SYSTEM) as by:
        one = ContactProblem.objects.get(code="W1")
        give_back(problem=one, by=by, act=Act(date(2022, 4, 5), "仍需排队"))
    out = out_of(world, tmp_path / "b.xlsx")
    assert take(world, out) == counts(unchanged=3)
    again = {"答复日期": "2022-04-20", "答复内容": "已再增两个窗口"}
    assert take(world, changed(out, tmp_path / "c.xlsx", "办证等候过久", **again)) == counts(update=1, unchanged=2)
    state, result, steps = told()["办证等候过久"]
    assert (state, result, steps[-1]) == ("answered", "", ("answer", date(2022, 4, 20)))


def test_another_that_told_the_same_joins_and_what_was_taken_back_stays_so(world: World, tmp_path: Path) -> None:
    take(world, file_of(tmp_path / "a.xlsx", ROWS), CHIEF)
    world.point("厦海三号公司")
    with as_(SYSTEM) as by:
        code = ContactProblem.objects.get(problem="抽检过频").code
        withdraw_problem(problem=ContactProblem.objects.get(problem="补贴政策不清"), by=by, reason="误报")
    third = (code, "厦海三号公司", "2022-06-09", "抽检过频", *[""] * 13)
    path = file_of(tmp_path / "b.xlsx", (HEAD, (code, SHORT, "2022-06-01", "抽检过频", *[""] * 13), third, ROWS[3]))
    assert take(world, path, CHIEF) == counts(create=1, unchanged=1, conflict=1)
    assert take(world, path, CHIEF) == counts(unchanged=2, conflict=1)
    assert told()["抽检过频"][2] == [("take_in", date(2022, 6, 1)), ("join", date(2022, 6, 9))]


def test_one_wrong_cell_and_nothing_is_written(world: World, tmp_path: Path) -> None:
    def row(words: str, **said: Any) -> tuple[Any, ...]:
        good = dict.fromkeys(HEAD, "") | {"联系点": NAME, "反映日期": "2022-03-01", "反映问题": words}
        return tuple({**good, **said}.values())

    study = {"研判类别": "作风问题", "研判日期": "2022-03-02"}
    asked = {**study, "责任单位": "市教育局", "交办日期": "2022-03-03"}
    wrong = (
        HEAD,
        row("一"),
        row("二", 联系点="无此企业"),
        row("三", 联系点=""),
        row("四", 反映日期="2021-03-01"),
        row(f"{SHORT}等候过久"),
        row("五", 反映方面="其他方面"),
        row("六", 研判类别="作风问题"),
        row("七", **{**study, "研判日期": "2022-02-28"}),
        row("八", 责任单位="市教育局", 交办日期="2022-03-03"),
        row("九", **{**asked, "答复时限": "2022-03-02"}),
        row("十", **asked, 答复日期="2022-03-04", 答复内容=f"已答复{NAME}"),
        row("百", **study, 办结日期="2022-03-05", 办理结果="已推动解决"),
        row("千", **study, 办结日期="2022-03-05", 办理结果="解释说明", 企业评价="不满意"),
        row("万", 责任单位="无此局"),
    )
    path = file_of(tmp_path / "a.xlsx", wrong)
    seen = look(world, path, CHIEF)
    places = "3B 4B 5C 6D 7G 8I 9I 10K 11L 12N 13O 14Q 15J"
    assert " ".join(f"{each.row}{each.column}" for each in seen.problems) == places
    assert [each.reason for each in seen.problems if NAME in each.reason or SHORT in each.reason] == []
    with pytest.raises(Refused) as refused, as_(world.viewer(CHIEF)) as by:
        sheets.commit(by, sheets.read(path, PROBLEMS), digest=sheets.digest_of(seen))
    assert (refused.value.rule, told()) == ("import-has-errors", {})
    assert take(world, file_of(tmp_path / "b.xlsx", wrong[:2])) == counts(create=1)  # the control


def test_who_does_not_judge_cannot_judge_by_sheet(world: World, tmp_path: Path) -> None:
    path = file_of(tmp_path / "a.xlsx", (HEAD, ROWS[3]))
    assert [(each.row, each.column) for each in look(world, path, "内勤甲").problems] == [(2, "O")]
    assert look(world, path, CHIEF).problems == []  # the control


@pytest.mark.parametrize("who", ["经办人丁", "驻教干部", CHIEF])
def test_no_sheet_that_leaves_leads_to_who_told_it(world: World, tmp_path: Path, who: str) -> None:
    take(world, file_of(tmp_path / "a.xlsx", ROWS), CHIEF)
    with as_(SYSTEM):
        codes = list(ContactPoint.objects.values_list("code", flat=True))
    cells = [str(cell.value) for row in openpyxl.load_workbook(out_of(world, tmp_path / "b.xlsx", who)).active for cell in row]  # fmt: skip
    assert "办证等候过久" in cells  # the sheet is theirs to read
    assert [cell for cell in cells for secret in (NAME, SHORT, QUOTE, *codes) if secret in cell] == []
    taken = [str(cell.value) for row in openpyxl.load_workbook(tmp_path / "a.xlsx").active for cell in row]
    assert {NAME, SHORT, QUOTE} <= set(taken)  # the control: what came in held them


def test_the_preview_is_its_makers_and_no_log_holds_a_name(world: World, tmp_path: Path) -> None:
    client = Client()
    client.force_login(world.users[OFFICER])
    assert PLACE in client.get("/desk/contact/").content.decode()
    upload = SimpleUploadedFile("登记表.xlsx", file_of(tmp_path / "a.xlsx", (HEAD, ROWS[4])).read_bytes())
    shown = client.post(PLACE, {"book": "contact-problems", "file": upload}, follow=True)
    assert (SHORT in shown.content.decode(), told()) == (True, {})
    done = client.post(f"{PLACE}{shown.context['job'].uid}/commit/", follow=True)
    assert ("全部写入" in done.content.decode(), list(told())) == (True, ["抽检过频"])
    for name in ("干部丙", "书记", "经办人丁", "驻教干部", "安全管理员"):
        other = Client()
        other.force_login(world.users[name])
        for address in (shown.request["PATH_INFO"], done.request["PATH_INFO"]):
            answer = other.get(address)
            assert (answer.status_code, SHORT in answer.content.decode()) == (404, False), name
    with as_(SYSTEM):
        written = [json.dumps(json.loads(one.body), ensure_ascii=False) for one in Payload.objects.all()]
        assert [text for text in written if "明珠" in text] == []
        assert Entry.objects.filter(verb="contact_problem.import").count() == 1


@pytest.mark.parametrize("name", ["经办人丁", "安全管理员"])
def test_who_may_not_take_problems_in_takes_none(world: World, tmp_path: Path, name: str) -> None:
    with as_(world.viewer(name)) as by, pytest.raises(Refused) as refused:
        sheets.judge(by, sheets.read(file_of(tmp_path / "a.xlsx", ROWS), PROBLEMS))
    assert refused.value.rule == "not-allowed"
    client = Client()
    client.force_login(world.users[name])
    assert client.get(PLACE).status_code == 404


def test_the_marked_workbook_is_its_makers_and_no_reason_in_it_names_the_enterprise(
    world: World, tmp_path: Path
) -> None:
    wrong = (
        HEAD,
        ("", SHORT, "2022-03-01", f"{SHORT}等候过久", *[""] * 13),
        ("", "", "2022-03-01", "窗口少", *[""] * 13),
    )
    client = client_of(world, OFFICER)
    upload = SimpleUploadedFile("登记表.xlsx", file_of(tmp_path / "a.xlsx", wrong).read_bytes())
    shown = client.post(PLACE, {"book": "contact-problems", "file": upload}, follow=True)
    place = f"/desk/jobs/{shown.context['job'].uid}/file/"
    marked = openpyxl.load_workbook(io.BytesIO(b"".join(client.get(place))))  # type: ignore[arg-type]
    first, own = marked.worksheets
    reasons = [str(row[-1]) for row in first.iter_rows(values_only=True)]
    comments = [cell.comment.text for row in own for cell in row if cell.comment]
    assert [sum("企业名称" in text for text in each) for each in (reasons, comments)] == [1, 1]
    assert [text for text in (*reasons, *comments) if "明珠" in text] == []
    for name in ("干部丙", "经办人丁", "驻教干部", "安全管理员"):
        assert client_of(world, name).get(place).status_code == 404, name
