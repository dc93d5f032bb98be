"""Roster sheets in: units, posts and ties as the directory's own acts would enter them; all or nothing; twice is once."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.books import sheets
from jiandu.base.core.errors import Refused
from jiandu.net.overseers.models import Link, Supervision
from jiandu.net.overseers.rosters.taking import REGISTERS
from jiandu.net.subjects.models import Charge, Organisation, Person, Post

BOOKS = {register.book.key: register for register in REGISTERS}
KEEPER = "系统管理员"
UNITS = (
    ("单位名称", "统一社会信用代码", "上级单位", "性质", "管理权限"),
    ("市实验小学", "", "市基础教育中心", "事业单位", "市管"),  # stands above the one that it stands under
    ("市基础教育中心", "", "市教育局", "事业单位", "市管"),
    ("市财政局", "", "", "党政机关", "省管"),
    ("市第一中学", "", "市财政局", "", ""),  # it stands elsewhere: a conflict
    ("市教育局", "", "", "", ""),
)
POSTS = (
    ("××局领导班子名册", "", "", "", "", "", ""),
    ("姓名", "单位", "职务", "任职日期", "一把手", "关键少数", "联系电话"),
    ("陈一", "市教育局", "局长", date(2021, 3, 1), "√", "√", "13800000000"),
    ("林二", "市教育局", "副局长", "2021.4.1", "", "√", "13800000001"),
    ("黄三", "市第一中学", "会计", "2020年9月", "", "", ""),
)


def book_of(rows: Any, path: Path) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def look(world: World, path: Path, book: str) -> sheets.Sheet:
    with as_(world.viewer(KEEPER)) as by:
        return sheets.judge(by, sheets.read(path, BOOKS[book]))


def take(world: World, path: Path, book: str) -> dict[str, int]:
    seen = look(world, path, book)
    with as_(world.viewer(KEEPER)) as by:
        done = sheets.commit(by, sheets.read(path, BOOKS[book]), digest=sheets.digest_of(seen))
    return sheets.counts_of(done)


def counts(create: int = 0, update: int = 0, unchanged: int = 0, conflict: int = 0) -> dict[str, int]:
    return {"conflict": conflict, "update": update, "create": create, "unchanged": unchanged}


def test_units_come_in_under_those_of_the_same_sheet_and_twice_is_once(world: World, tmp_path: Path) -> None:
    path = book_of(UNITS, tmp_path / "a.xlsx")
    seen = look(world, path, "units")
    assert (sheets.counts_of(seen), seen.problems) == (counts(2, 1, 1, 1), [])
    assert (Organisation.objects.count(), Entry.objects.filter(verb="organisation.register").count()) == (4, 4)
    assert take(world, path, "units") == counts(2, 1, 1, 1)
    assert Organisation.objects.get(name="市实验小学").parent == Organisation.objects.get(name="市基础教育中心")
    assert Organisation.objects.get(name="市财政局").authority == "province"
    assert Organisation.objects.get(name="市第一中学").parent == world.units["市教育局"]
    before = Entry.objects.exclude(verb="roster.import").count()
    assert take(world, path, "units") == counts(unchanged=4, conflict=1)
    assert Entry.objects.exclude(verb="roster.import").count() == before


def test_posts_bring_marks_and_no_phone(world: World, tmp_path: Path) -> None:
    path = book_of(POSTS[:4], tmp_path / "a.xlsx")
    assert take(world, path, "posts") == counts(create=2)
    held = Post.objects.order_by("pk").values_list("person__name", "kind", "title", "since")
    assert list(held) == [("陈一", "head", "局长", date(2021, 3, 1)), ("林二", "team", "副局长", date(2021, 4, 1))]
    assert sheets.read(path, BOOKS["posts"]).ignored == ["联系电话"]
    assert take(world, path, "posts") == counts(unchanged=2)
    later = [
        *POSTS[:2],
        ("陈一", "市教育局", "局长", date(2021, 5, 1), "√", "", ""),
        ("林二", "市教育局", "副局长", "2021-04-01", "√", "", ""),
    ]
    assert take(world, book_of(later, tmp_path / "b.xlsx"), "posts") == counts(update=1, conflict=1)
    assert Post.objects.get(person__name="林二").kind == "head"


def test_ties_of_every_kind(world: World, tmp_path: Path) -> None:
    rows = [
        ("关系", "监督机构或领导", "单位", "起", "止"),
        ("监督", "第一监督检查室", "市财政局", "2021-01-01", ""),
        ("分管", "赵副市长", "市财政局", "2021-01-01", ""),
        ("分管", "赵副市长", "市教育局", "2021-01-01", "2022-06-30"),
        ("挂钩", "书记", "市财政局", "2021-01-01", ""),
    ]
    path = book_of(rows, tmp_path / "a.xlsx")
    assert take(world, path, "ties") == counts(create=4)
    assert Supervision.objects.get(office=world.offices["第一监督检查室"]).organisation == world.units["市财政局"]
    charges = dict(Charge.objects.values_list("organisation__name", "until"))
    assert charges == {"市财政局": None, "市教育局": date(2022, 6, 30)}
    assert (Link.objects.get().leader, Person.objects.filter(name="赵副市长").count()) == (world.persons["书记"], 1)
    assert take(world, path, "ties") == counts(unchanged=4)
    rows[1] = ("监督", "第一监督检查室", "市财政局", "2021-01-01", "2022-12-31")
    assert take(world, book_of(rows, tmp_path / "b.xlsx"), "ties") == counts(update=1, unchanged=3)
    assert Supervision.objects.get(office=world.offices["第一监督检查室"]).until == date(2022, 12, 31)


def test_one_wrong_cell_and_nothing_is_written(world: World, tmp_path: Path) -> None:
    world.person("王五", unit="市财政局")
    bad = [
        POSTS[1],
        POSTS[2],
        ("王五", "市教育局", "科长", "2021-01-01", "", "", ""),  # known elsewhere: the same person or another?
        ("吴六", "市水利局", "局长", "2021-01-01", "", "", ""),
        ("郑七", "市教育局", "", "三月", "", "", ""),
    ]
    path = book_of(bad, tmp_path / "a.xlsx")
    seen = look(world, path, "posts")
    found = [(problem.row, problem.column) for problem in seen.problems]
    assert found == [(3, "A"), (4, "B"), (5, "C"), (5, "D")]
    assert "已有同名人员" in seen.problems[0].reason
    before = (Post.objects.count(), Person.objects.count(), Entry.objects.count())
    with pytest.raises(Refused) as refused, as_(world.viewer(KEEPER)) as by:
        sheets.commit(by, sheets.read(path, BOOKS["posts"]), digest=sheets.digest_of(seen))
    assert refused.value.rule == "import-has-errors"
    assert (Post.objects.count(), Person.objects.count(), Entry.objects.count()) == before


def test_what_changed_since_the_preview_is_not_written(world: World, tmp_path: Path) -> None:
    path = book_of(UNITS, tmp_path / "a.xlsx")
    seen = look(world, path, "units")
    world.unit("市基础教育中心", "市教育局")
    with pytest.raises(Refused) as refused, as_(world.viewer(KEEPER)) as by:
        sheets.commit(by, sheets.read(path, BOOKS["units"]), digest=sheets.digest_of(seen))
    assert refused.value.rule == "preview-stale"
    assert Organisation.objects.filter(name="市实验小学").count() == 0


@pytest.mark.parametrize("name", ["干部甲", "书记", "安全管理员"])
def test_only_who_keeps_the_directory_takes_rosters_in(world: World, tmp_path: Path, name: str) -> None:
    path = book_of(UNITS, tmp_path / "a.xlsx")
    with as_(world.viewer(name)) as by, pytest.raises(Refused) as refused:
        sheets.judge(by, sheets.read(path, BOOKS["units"]))
    assert refused.value.rule == "not-allowed"
    client = Client()
    client.force_login(world.users[name])
    assert client.get("/desk/directory/import/").status_code == 404


@pytest.mark.parametrize("key", list(BOOKS))
def test_the_empty_sheet_is_one_that_comes_in(world: World, tmp_path: Path, key: str) -> None:
    with (tmp_path / "a.xlsx").open("wb") as out:
        sheets.write_empty(BOOKS[key].book, out)
    read = sheets.read(tmp_path / "a.xlsx", BOOKS[key])
    assert (len(read.lines), read.problems, read.ignored) == (1, [], [])


def test_the_pages_lead_from_the_upload_to_what_was_done(world: World, tmp_path: Path) -> None:
    client = Client()
    client.force_login(world.users[KEEPER])
    assert "/desk/directory/import/?book=units" in client.get("/desk/units/").content.decode()
    assert b"".join(client.get("/desk/directory/import/units/")).startswith(b"PK")
    content = book_of(UNITS, tmp_path / "a.xlsx").read_bytes()
    said = {"book": "units", "file": SimpleUploadedFile("名册.xlsx", content)}
    shown = client.post("/desk/directory/import/", said, follow=True)
    assert shown.context["said"]["counts"] == {**counts(2, 1, 1, 1), "error": 0}
    assert "<del>市教育局</del>" in shown.content.decode()
    done = client.post(f"/desk/directory/import/{shown.context['job'].uid}/commit/", follow=True)
    assert "全部写入" in done.content.decode()
    assert Organisation.objects.filter(name="市实验小学").count() == 1
    bad = book_of([UNITS[0], ("X", "123", "", "怪", "")], tmp_path / "b.xlsx").read_bytes()
    wrong = client.post(
        "/desk/directory/import/", {"book": "units", "file": SimpleUploadedFile("错.xlsx", bad)}, follow=True
    )
    marked = b"".join(client.get(f"/desk/jobs/{wrong.context['job'].uid}/file/"))
    assert openpyxl.load_workbook(io.BytesIO(marked)).sheetnames == ["错误清单", "Sheet"]
    with as_(SYSTEM):
        assert Entry.objects.filter(verb="roster.import").count() == 1
