"""Dictionaries by year, terms with their articles, the working calendar: kept by the system administrator."""

import json
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks
from tests.surfaces.counting import grown, questions
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core.clock import today
from jiandu.base.lexicon.calendar import load_calendar, local_file
from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.services import load_defaults
from jiandu.base.lexicon.terms import due_on
from jiandu.surfaces.desk.views.dictionaries import ACTS, NOTICE

KEEPER = "系统管理员"


@pytest.fixture
def books(world: World) -> World:
    with as_(SYSTEM) as by:
        load_defaults(by=by)
    return world


def client_of(world: World, name: str = KEEPER) -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def post(world: World, path: str, **said: Any) -> HttpResponse:
    return client_of(world).post(f"/desk/{path}", said)  # type: ignore[return-value]


def labels(year: int | None = None) -> list[str]:
    return list(Item.objects.filter(kind="aspect", year=year).order_by("order").values_list("label_zh", flat=True))


def test_an_item_is_added_renamed_placed_retired_and_merged(books: World) -> None:
    before = labels()
    assert (
        post(books, "dictionaries/aspect/add/", code="X9", label_zh="新方面", label_en="New aspect").status_code == 303
    )
    new = Item.objects.get(code="X9")
    assert labels() == [*before, "新方面"]
    assert post(books, f"dictionaries/aspect/place/?on={new.pk}", place="1").status_code == 303
    assert labels() == ["新方面", *before]
    assert (
        post(books, f"dictionaries/aspect/rename/?on={new.pk}", label_zh="新的方面", label_en="New").status_code == 303
    )
    shown = client_of(books).get("/desk/dictionaries/aspect/").content.decode()
    assert [word in shown for word in ("新的方面", "曾用名 新方面")] == [True, True]
    first, second = Item.objects.filter(kind="aspect", year=None).exclude(pk=new.pk).order_by("order")[:2]
    merged = post(books, f"dictionaries/aspect/merge/?on={first.pk}", into=str(new.pk), on=str(today()))
    assert (merged.status_code, Item.objects.get(pk=first.pk).replaced_by) == (303, new)
    assert post(books, f"dictionaries/aspect/retire/?on={second.pk}", until=str(today())).status_code == 303
    again = post(books, f"dictionaries/aspect/retire/?on={second.pk}", until=str(today()))
    assert (again.status_code, "已停用或已合并" in again.content.decode()) == (422, True)
    taken = post(books, "dictionaries/aspect/add/", code="X9", label_zh="别的", label_en="Other")
    assert (taken.status_code, "代码“X9”已被使用" in taken.content.decode(), "别的" in taken.content.decode()) == (
        422,
        True,
        True,
    )
    verbs = Entry.objects.filter(verb__startswith="item.").order_by("seq").values_list("verb", flat=True)
    assert list(verbs)[1:] == [f"item.{verb}" for verb in ("add", "place", "rename", "merge", "retire")]


def test_a_year_begins_with_a_copy_and_goes_its_own_way(books: World) -> None:
    page = "/desk/dictionaries/aspect/2027/"
    shown = client_of(books).get(page).content.decode()
    assert ("本年度没有单设字典" in shown, "?act=copy" in shown, "?act=add" in shown) == (True, True, False)
    assert post(books, "dictionaries/aspect/2027/copy/", from_year="").status_code == 303
    assert labels(2027) == labels()
    own = Item.objects.filter(kind="aspect", year=2027).first()
    assert own is not None
    assert (
        post(books, f"dictionaries/aspect/2027/rename/?on={own.pk}", label_zh="二七年叫法", label_en="2027").status_code
        == 303
    )
    assert "二七年叫法" not in labels()
    shown = client_of(books).get(page).content.decode()
    assert ("二七年叫法" in shown, "?act=copy" in shown) == (True, False)
    assert post(books, "dictionaries/aspect/2028/copy/", from_year="2027").status_code == 303
    assert labels(2028) == labels(2027)
    other = Item.objects.filter(kind="aspect", year=None).first()
    assert other is not None
    assert post(books, f"dictionaries/aspect/2027/retire/?on={other.pk}", until=str(today())).status_code == 404


def test_terms_show_article_and_days_of_force(books: World) -> None:
    for name in (KEEPER, "主任甲"):
        shown = client_of(books, name).get("/desk/terms/").content.decode()
        assert [word in shown for word in ("5 个工作日", "第十五条第一款", "2020-01-21", "主席令第三号")] == [True] * 4
    client = client_of(books)
    english = client.get("/desk/terms/", headers={"Accept-Language": "en"}).content.decode()
    assert [word in english for word in ("Supervision Law", "art. ", "working days")] == [True] * 3


def test_the_calendar_shows_rest_and_make_up_days(books: World) -> None:
    shown = client_of(books, "主任甲").get("/desk/calendar/2022/").content.decode()
    assert shown.count('class="day-makeup"') - 1 == 7  # and the legend
    assert "国办发明电" in shown
    assert "尚未录入" not in shown
    assert "尚未录入" in client_of(books).get("/desk/calendar/2027/").content.decode()
    assert client_of(books).get("/desk/calendar/1999/").status_code == 404


NOTICE_2027 = "元旦 2027-01-01 2027-01-03\n春节 2027-02-05 2027-02-11 2027-01-31 2027-02-14\n"


def test_a_new_year_is_entered_and_moves_the_terms_that_end_in_it(
    books: World, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    before = due_on("report-upward", start=date(2027, 2, 1))
    assert (before, load_calendar().is_provisional(2027)) == (date(2027, 2, 8), True)
    with django_capture_on_commit_callbacks(execute=True):
        sent = post(books, "calendar/2027/enter/", year="2027", notice="国办发明电〔2026〕7号", holidays=NOTICE_2027)
    assert sent.status_code == 303
    assert due_on("report-upward", start=date(2027, 2, 1)) == date(2027, 2, 14)  # a Sunday that is worked
    shown = client_of(books).get("/desk/calendar/2027/").content.decode()
    assert [word in shown for word in ("国办发明电〔2026〕7号", "春节", "2027-02-14")] == [True] * 3
    assert json.loads(local_file().read_text(encoding="utf-8"))["years"].keys() == {"2027"}
    assert load_calendar().working_day(date(2022, 10, 8))  # the shipped years stay
    assert Entry.objects.filter(verb="calendar.enter").count() == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("春节 2027-02-05", "第1行有误"),
        ("元旦 2027-01-01 2027-01-03\n春节 二月 三月", "第2行有误"),
        ("春节 2027-02-05 2027-02-11 2027-02-15", "不是周末"),
        ("春节 2026-02-05 2026-02-11", "不属于该年"),
        ("春节 2027-02-05 2027-02-11\n元宵 2027-02-11 2027-02-12", "与其他节日重复"),
        ("春节 2027-02-11 2027-02-05", "晚于"),
    ],
)  # fmt: skip
def test_slips_of_the_hand_are_refused_with_what_was_typed(books: World, text: str, words: str) -> None:
    answer = post(books, "calendar/2027/enter/", year="2027", notice="", holidays=text)
    said = answer.content.decode()
    assert (answer.status_code, words in said, text.split("\n")[0] in said, local_file().exists()) == (
        422,
        True,
        True,
        False,
    )


def test_others_do_not_keep_the_books(books: World) -> None:
    before = Entry.objects.exclude(obj__startswith="accounts.user").count()
    for name in ("主任甲", "书记", "安全管理员", "审计管理员", "经办人丁"):
        client = client_of(books, name)
        assert client.get("/desk/dictionaries/").status_code == 404
        assert client.get("/desk/dictionaries/aspect/").status_code == 404
        assert client.get("/desk/calendar/?act=enter").status_code == 404
        for act in ACTS:
            assert client.post(f"/desk/dictionaries/aspect/{act.slug}/?on=1", {"place": 1}).status_code == 404
        for act in NOTICE:
            answer = client.post(f"/desk/calendar/2027/{act.slug}/", {"year": 2027, "holidays": NOTICE_2027})
            assert answer.status_code == 404
    assert client_of(books).get("/desk/dictionaries/no-such/").status_code == 404
    assert Entry.objects.exclude(obj__startswith="accounts.user").count() == before


def test_the_number_of_queries_does_not_grow(books: World) -> None:
    client = client_of(books)
    places = ("dictionaries/", "dictionaries/aspect/", "dictionaries/aspect/2026/", "terms/", "calendar/2026/")
    few = questions(client, [f"/desk/{path}" for path in places])
    for number in range(5):
        post(
            books, "dictionaries/aspect/add/", code=f"X{number}", label_zh=f"方面{number}", label_en=f"Aspect {number}"
        )
    assert grown(few, questions(client, few)) == {}
