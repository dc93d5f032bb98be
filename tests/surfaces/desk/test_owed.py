"""催报 of all that units owe: one workbook a unit, a worksheet a kind; back through the same upload, many as one zip."""

import io
import struct
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from tests.instruments.net import served
from tests.surfaces.desk.test_unit_sheets import client_of
from tests.topics.test_topics import topic
from tests.workbooks.test_units import assigned
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.instruments.models import Answer, Instrument, Reply, Suggestion
from jiandu.loop.instruments.services import answering
from jiandu.net.subjects.divisions import load_divisions
from jiandu.net.subjects.models import Region
from jiandu.sources.activities.models import Activity
from jiandu.sources.ledgers import duty
from jiandu.sources.ledgers.models import Statement
from jiandu.sources.ledgers.services.estates import NewEstate, register_estate
from jiandu.sources.topics.models import MonthlyCount, Progress
from jiandu.sources.topics.services import topics

UNIT, OTHER = "市教育局", "市财政局"
YEAR = (today() - timedelta(days=40)).year  # at least its January is over
MONTHS = 12 if today().year > YEAR else today().month - 1
HEADS = {
    "问题整改情况": "问题编号", "建议书和函件": "文书编号", "点题整治月报": "立题编号", "小区公共收益收支表": "小区编号",
}  # fmt: skip


@pytest.fixture
def owing(world: World) -> World:
    """A unit that owes of every kind: a problem, a letter with two suggestions, three months of a topic, a statement."""
    assigned(world)
    served(world, Instrument.Kind.JOINT, unit=UNIT)
    with as_(SYSTEM) as by:
        load_divisions(by=by)
        load_defaults(by=by)
        first = date(YEAR, 1, 10)
        work = topics.begin_year(topic=topic(world), by=by, new=topics.NewYear(first.year, "DT9", first))
        topics.name_department(activity=work, by=by, organisation=world.units[UNIT], role="lead")
        topics.name_department(
            activity=work, by=by, organisation=world.units[OTHER], role="lead"
        )  # a month is told once
        place, office = Region.objects.get(code="350203009"), world.offices["第一监督检查室"]
        new = NewEstate("XQ9", "滨北花园", place, office, date(2021, 1, 1), department=world.units[UNIT])
        register_estate(new=new, by=by)
    return world


def sent(client: Client, **asked: str) -> dict[str, bytes]:
    """催报's one button: a workbook for each unit, by its name."""
    out = client.post("/desk/findings/unit-sheets/", {"owed": "1", **asked})
    content = b"".join(out)  # type: ignore[arg-type]
    if "zip" not in out["Content-Type"]:
        return {UNIT: content}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name.split("_")[0]: archive.read(name) for name in archive.namelist()}


class Book:
    """A unit's workbook as it has it open: answers by worksheet, row and title."""

    def __init__(self, content: bytes) -> None:
        self.book: Any = load_workbook(io.BytesIO(content))

    def header(self, name: str) -> int:
        return next(row[0].row for row in self.book[name].iter_rows() if HEADS[name] in [cell.value for cell in row])

    def at(self, name: str, number: int, title: str) -> Any:
        sheet, header = self.book[name], self.header(name)
        column = next(cell.column for cell in sheet[header] if cell.value == title)
        return sheet.cell(header + number, column)

    def fill(self, name: str, number: int, **cells: Any) -> "Book":
        for title, value in cells.items():
            self.at(name, number, title.replace("_", "(元)")).value = value
        return self

    def rows(self, name: str) -> int:
        return int(self.book[name].max_row) - self.header(name)

    def saved(self, on: date | None = None) -> bytes:
        sheet = self.book.worksheets[-2]  # on one sheet it holds for all
        for cell in next(row for row in sheet.iter_rows() if row[0].value == "填报人:"):
            if cell.value in ("填报人:", "填报日期:"):
                said = "陈经办" if cell.value == "填报人:" else (on or today()).isoformat()
                sheet.cell(cell.row, cell.column + 1).value = said
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()


def answered(content: bytes) -> Book:
    """Everything that is asked, answered."""
    book = Book(content).fill("问题整改情况", 1, **{"新增整改措施(每行一项)": "清理台账"})
    book.fill("建议书和函件", 1, 采纳情况="采纳", 办理情况="已修订采购制度").fill(
        "建议书和函件", 2, 采纳情况="说明理由未采纳", 办理情况="没有此项业务"
    )
    book.fill("点题整治月报", 1, 进展="开展联合检查", 群众留言受理=40, 群众留言办结=38)
    return book.fill("小区公共收益收支表", 1, 期初余额_=1000, 本期收入_=500, 本期支出_=200.5, 期末余额_=1299.5)


def back(client: Client, *files: tuple[str, bytes]) -> Any:
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post("/desk/unit-sheets/", {"file": uploads, "people": "", "on": ""}, follow=True)


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_all_that_a_unit_owes_goes_out_as_one_workbook_and_comes_back(owing: World) -> None:
    client = client_of(owing)
    listed = client.get("/desk/unit-sheets/owing/")
    (row,) = listed.context["rows"]
    others = {"letter": 2, "month": MONTHS, "statement": 1}
    assert (str(row["one"].unit), row["one"].waiting, dict(row["one"].others)) == (UNIT, 1, others)
    content = sent(client)[UNIT]
    book = Book(content)
    assert book.book.sheetnames == [*HEADS, "填表说明"]
    assert [book.rows(name) for name in HEADS] == [1, 2, MONTHS, 1]
    for name, head in HEADS.items():
        assert (book.book[name].protection.sheet, book.at(name, 1, head).protection.locked) == (True, True)
    open_ = [book.at("建议书和函件", 1, title).protection.locked for title in ("建议内容", "采纳情况", "办理情况")]
    assert open_ == [True, False, False]
    filled = answered(content).saved()
    previewed = back(client, ("教育局.xlsx", filled))
    assert previewed.context["said"]["counts"] == {"act": 5, "unchanged": 0, "conflict": 0, "error": 0}
    place = f"/desk/unit-sheets/{previewed.context['job'].uid}/commit/"
    done = client.post(place, follow=True)
    assert done.context["said"]["acts"] == {
        "receive": 1, "plan": 1, "letter-answers": 2, "topic-months": 1, "estate-statements": 1,
    }  # fmt: skip
    assert "建议书和函件" in done.content.decode()
    with as_(SYSTEM):
        answers = list(Answer.objects.order_by("pk").values_list("kind", "text", "on"))
        assert answers == [("adopted", "已修订采购制度", today()), ("reasoned", "没有此项业务", today())]
        assert [(row.text, row.month.month) for row in Progress.objects.all()] == [("开展联合检查", 1)]
        assert [(row.received, row.closed) for row in MonthlyCount.objects.all()] == [(40, 38)]
        (statement,) = Statement.objects.all()
        assert (statement.expense_fen, statement.period_on, statement.off_fen) == (20050, duty.latest_due(today()), 0)
    again = back(client, ("教育局.xlsx", filled))
    assert again.context["said"]["counts"] == {"act": 0, "unchanged": 5, "conflict": 0, "error": 0}
    (row,) = client.get("/desk/unit-sheets/owing/").context["rows"]
    assert dict(row["one"].others).get("month", 0) == MONTHS - 1
    assert set(dict(row["one"].others)) <= {"month"}


def test_a_letter_without_suggestions_is_answered_as_a_whole(world: World) -> None:
    served(world, Instrument.Kind.NOTICE, unit=UNIT, suggestions=[])
    client = client_of(world)
    book = Book(sent(client)[UNIT]).fill("建议书和函件", 1, 办理情况="已按函办理")
    previewed = back(client, ("a.xlsx", book.saved()))
    assert previewed.context["said"]["counts"]["act"] == 1
    client.post(f"/desk/unit-sheets/{previewed.context['job'].uid}/commit/", follow=True)
    with as_(SYSTEM):
        (reply,) = Reply.objects.all()
        assert (reply.measures, reply.unit_signer, reply.on) == ("已按函办理", "陈经办", today())


def test_rows_that_are_not_ours_changed_or_doubled_are_refused_where_they_stand(owing: World) -> None:
    """The control is the same workbook untouched, above."""
    client = client_of(owing)
    content = sent(client)[UNIT]
    changed = answered(content).fill("小区公共收益收支表", 1, 小区编号="XQ8")
    copied = answered(content)
    for title in ("文书编号", "建议内容", "行标识(勿改)"):
        copied.at("建议书和函件", 2, title).value = copied.at("建议书和函件", 1, title).value
    foreign = answered(content).fill("点题整治月报", 1, **{"行标识(勿改)": "月-x.y"})
    for book, sheet in ((changed, "小区公共收益收支表"), (copied, "建议书和函件"), (foreign, "点题整治月报")):
        said = back(client, ("a.xlsx", book.saved())).context["said"]
        assert ([one["sheet"] for one in said["problems"]], said["counts"]["error"]) == ([sheet], 1)
    missing = answered(content).fill("建议书和函件", 1, 采纳情况="同意")
    (problem,) = back(client, ("a.xlsx", missing.saved())).context["said"]["problems"]
    assert (problem["sheet"], problem["title"], problem["value"]) == ("建议书和函件", "采纳情况", "同意")


def test_what_was_verified_meanwhile_is_left_as_it_is(owing: World) -> None:
    client = client_of(owing)
    content = sent(client)[UNIT]
    with as_(owing.viewer("干部甲")) as by:
        first = Suggestion.objects.order_by("pk")[0]
        given = answering.answer(suggestion=first, by=by, kind="adopted", on=today(), text="口头反馈")
        answering.verify(answer=given, by=by, on=today())
    counts = back(client, ("a.xlsx", answered(content).saved())).context["said"]["counts"]
    assert (counts["act"], counts["conflict"], counts["error"]) == (4, 1, 0)


def test_of_an_office_and_an_activity_only_what_is_of_them_is_owed(owing: World) -> None:
    client = client_of(owing)
    with as_(SYSTEM):
        work = Activity.objects.get(code="DT9")
    other = f"?office={owing.offices['第二监督检查室'].pk}"
    assert client.get(f"/desk/unit-sheets/owing/{other}").context["rows"] == []
    (row,) = client.get(f"/desk/unit-sheets/owing/?activity={work.pk}").context["rows"]
    assert (row["one"].waiting, [kind for kind, _count in row["one"].others]) == (0, ["month"])


def test_workbooks_that_came_back_as_one_zip_are_judged_each_by_itself(owing: World) -> None:
    assigned(owing, unit=OTHER)
    client = client_of(owing)
    books = sent(client)
    good = answered(books[UNIT]).saved()
    inner = zipped(a=b"x")
    members = {
        "教育/市教育局.xlsx": good, f"{OTHER}.xlsx": nameless(books[OTHER]), "套包.zip": inner,
        "说明.exe": b"MZ\x90", "机密★1年.xlsx": good, "__MACOSX/._a": b"x", ".DS_Store": b"x",
    }  # fmt: skip
    page = back(client, ("收回.zip", zipped(**members)))
    rows = {row["job"].name: row for row in page.context["rows"]}
    assert list(rows) == ["市教育局.xlsx", f"{OTHER}.xlsx", "套包.zip", "说明.exe", "机密★1年.xlsx"]
    assert [bool(row["reason"]) for row in rows.values()] == [False, False, True, True, True]
    assert "不支持的文件类型" in rows["说明.exe"]["reason"]
    assert "国家秘密标志" in rows["机密★1年.xlsx"]["reason"]
    assert page.context["ready"] == 1
    shown = page.content.decode()
    assert ("请填写填报人" in shown, "填报日期" in shown) == (True, True)  # of the workbook that nobody filled in
    done = client.post("/desk/unit-sheets/batch/commit/", {"of": page.context["of"]}, follow=True)
    states = [getattr(row["taken"], "status", "") for row in done.context["rows"]]
    assert states == ["done", "", "", "", ""]
    assert "签收 1" in done.content.decode()


def nameless(content: bytes) -> bytes:
    """Something is answered, and nobody says who and when."""
    out = io.BytesIO()
    book = load_workbook(io.BytesIO(content))
    sheet: Any = book.worksheets[0]
    header = next(row for row in sheet.iter_rows() if "问题编号" in [cell.value for cell in row])
    column = next(cell.column for cell in header if cell.value == "新增整改措施(每行一项)")
    sheet.cell(header[0].row + 1, column).value = "建账"
    book.save(out)
    return out.getvalue()


def test_an_archive_that_cannot_be_trusted_is_refused_with_the_reason(world: World) -> None:
    client = client_of(world)
    bomb = zipped(a=b"\0" * 30_000_000)
    good = zipped(**{"aa.xlsx": b"x"})
    outside = good.replace(b"aa.xlsx", b"../a.xl")
    overlap = _pointing_at_the_first(zipped(**{"aa.xlsx": b"x" * 90, "bb.xlsx": b"y" * 90}))
    for content, words in (
        (bomb, "压缩炸弹"),
        (outside, "部件名不合规"),
        (overlap, "损坏"),
        (zipped(**{"__MACOSX/a": b"x"}), "没有文件"),
        (good[:-8], "损坏"),
    ):
        upload = SimpleUploadedFile("包.zip", content)
        page = client.post("/desk/unit-sheets/", {"file": [upload], "people": "", "on": ""})
        assert (page.status_code, words in page.content.decode()) == (422, True), words
    assert client.post("/desk/unit-sheets/", {"file": [SimpleUploadedFile("包.zip", good)]}).status_code == 303


def _pointing_at_the_first(content: bytes) -> bytes:
    """The second entry of the directory says that its bytes are those of the first."""
    at = content.rindex(b"PK\x01\x02")
    return content[: at + 42] + struct.pack("<L", 0) + content[at + 46 :]
