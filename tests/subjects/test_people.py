"""Persons, their posts and charges; who held what on a day."""

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.net.subjects import selectors
from jiandu.net.subjects.models import Charge, Post
from jiandu.net.subjects.services import (
    NewOrganisation,
    NewPost,
    appoint,
    close_organisation,
    end_charge,
    end_post,
    put_in_charge,
    register_organisation,
    register_person,
    rename_person,
)

BY = guard.system("tests")
NOBODY = guard.Viewer(key="user:1", name="路人", user_id=1)
START, DAY = date(2020, 1, 1), date(2022, 6, 1)


@contextmanager
def acting(viewer=BY):
    with guard.acting(viewer), transaction.atomic():
        yield


def unit(name, **more):
    with acting():
        return register_organisation(new=NewOrganisation(name=name, **more), by=BY)


def person(name):
    with acting():
        return register_person(name=name, by=BY)


def hold(who, where, title="局长", since=START, **more):
    with acting():
        return appoint(new=NewPost(who, where, title, since, **more), by=BY)


def refused(function, viewer=BY, **arguments):
    with acting(viewer), pytest.raises(Refused) as caught:
        function(by=viewer, **arguments)
    return caught.value.rule, str(caught.value)


def on(where, day):
    return [str(post) for post in selectors.posts_on(BY, where, day)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("张　三", "张三"),
        (" 张 三\u200b", "张三"),
        ("䶮𬭚", "䶮𬭚"),
        ("买买提・阿不都", "买买提·阿不都"),
        ("Zhang  San", "Zhang San"),
    ],
)
def test_register_person_keeps_one_way_of_writing(typed, kept):
    bureau = unit("市教育局")
    who = person(typed)
    hold(who, bureau)
    assert (who.name, selectors.find_person(BY, typed, organisation=bureau, on=DAY)) == (kept, who)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", " 　", "名" * 65])
def test_register_person_refuses_no_name(name):
    assert refused(register_person, name=name) == ("person-name", "姓名应为1至64个字")


@pytest.mark.django_db
def test_rename_person_corrects_the_name():
    who = person("张山")
    with acting():
        rename_person(person=who, name="张 珊", by=BY)
    who.refresh_from_db()
    assert who.name == "张珊"


@pytest.mark.django_db
def test_posts_on_lists_heads_first_and_only_that_day():
    bureau = unit("市教育局")
    clerk, head, deputy, earlier = (person(name) for name in ("甲", "乙", "丙", "丁"))
    hold(clerk, bureau, "科员")
    hold(deputy, bureau, "副局长", kind=Post.Kind.TEAM)
    hold(head, bureau, "局长", since=date(2022, 6, 1), kind=Post.Kind.HEAD)
    hold(earlier, bureau, "局长", until=date(2022, 5, 31), kind=Post.Kind.HEAD)
    assert on(bureau, date(2022, 5, 31)) == ["丁 局长", "丙 副局长", "甲 科员"]
    assert on(bureau, date(2022, 6, 1)) == ["乙 局长", "丙 副局长", "甲 科员"]
    assert [selectors.is_key_few(BY, who, DAY) for who in (clerk, head, deputy, earlier)] == [False, True, True, False]
    assert [post.organisation for post in selectors.posts_of(BY, head, DAY)] == [bureau]


@pytest.mark.django_db
def test_posts_on_takes_one_query_for_any_number(django_assert_num_queries):
    bureau = unit("市教育局")
    for number in range(3):
        hold(person(f"甲{number}"), bureau)
    with django_assert_num_queries(1):
        assert len(on(bureau, DAY)) == 3


@pytest.mark.django_db
def test_one_person_holds_two_posts_of_a_village():
    village, who = unit("西滨社区"), person("张三")
    hold(who, village, "书记", kind=Post.Kind.HEAD)
    hold(who, village, "主任", kind=Post.Kind.HEAD)
    assert on(village, DAY) == ["张三 书记", "张三 主任"]


@pytest.mark.django_db
def test_appoint_refuses():
    bureau, who = unit("市教育局", since=date(2019, 1, 1)), person("张三")
    hold(who, bureau)
    gone = unit("市粮食局")
    with acting():
        close_organisation(organisation=gone, until=date(2019, 2, 28), by=BY)
    life = "日期超出单位“市粮食局”的存续期间"
    cases = [
        (NewPost(who, bureau, " 局长", DAY), ("period-twice", "同一时期已登记过")),
        (NewPost(who, bureau, "局长", date(2019, 6, 1), until=START), ("period-twice", "同一时期已登记过")),
        (NewPost(who, bureau, " ", DAY), ("post-incomplete", "应填写职务")),
        (NewPost(who, bureau, "副局长", DAY, until=START), ("period-in-order", "结束日期不能早于起始日期")),
        (NewPost(who, bureau, "科员", date(2018, 1, 1)), ("outside-unit-life", "日期超出单位“市教育局”的存续期间")),
        (NewPost(who, gone, "科员", date(2018, 1, 1)), ("outside-unit-life", life)),
    ]
    assert [refused(appoint, new=new) for new, _ in cases] == [answer for _, answer in cases]
    assert hold(who, gone, "科员", date(2018, 1, 1), until=date(2019, 2, 28)).until == date(2019, 2, 28)
    assert Post.objects.count() == 2


@pytest.mark.django_db
def test_end_post_ends_it_once():
    post = hold(person("张三"), unit("市教育局"))
    assert refused(end_post, post=post, until=date(2019, 1, 1)) == ("period-in-order", "结束日期不能早于起始日期")
    with acting():
        end_post(post=post, until=DAY, by=BY)
    assert refused(end_post, post=post, until=DAY) == ("already-ended", "已于2022-06-01结束")
    assert (on(post.organisation, DAY), on(post.organisation, DAY + timedelta(days=1))) == (["张三 局长"], [])


@pytest.mark.django_db
def test_leaders_in_charge_follow_the_day():
    bureau, first, second = unit("市教育局"), person("甲"), person("乙")
    with acting():
        charge = put_in_charge(leader=first, organisation=bureau, since=START, by=BY)
        end_charge(charge=charge, until=date(2021, 12, 31), by=BY)
        put_in_charge(leader=second, organisation=bureau, since=date(2022, 1, 1), by=BY)
    days = (date(2019, 12, 31), date(2021, 12, 31), date(2022, 1, 1))
    assert [list(selectors.leaders_in_charge(BY, bureau, day)) for day in days] == [[], [first], [second]]
    assert refused(put_in_charge, leader=second, organisation=bureau, since=DAY)[0] == "period-twice"
    assert refused(end_charge, charge=charge, until=DAY)[0] == "already-ended"
    assert Charge.objects.count() == 2


@pytest.mark.django_db
def test_find_person_tells_namesakes_apart_by_unit_and_day():
    one, other = unit("市教育局"), unit("市财政局")
    first, second = person("陈伟"), person("陈伟")
    hold(first, one, until=date(2021, 12, 31))
    hold(second, other)
    third = person("陈伟")
    hold(third, one, since=date(2022, 1, 1))
    found = [
        selectors.find_person(BY, "陈 伟", organisation=where, on=day)
        for where, day in ((one, date(2021, 6, 1)), (one, DAY), (other, DAY))
    ]
    assert found == [first, third, second]
    with pytest.raises(Refused) as caught:
        selectors.find_person(BY, "陈伟", organisation=None, on=DAY)
    assert (caught.value.rule, str(caught.value)) == ("several-persons", "有2人叫“陈伟”，无法区分")
    assert selectors.find_person(BY, "陈大伟", organisation=one, on=DAY) is None


@pytest.mark.django_db
def test_services_refuse_who_may_not_edit():
    bureau, who = unit("市教育局"), person("张三")
    post = hold(who, bureau)
    with acting():
        charge = put_in_charge(leader=who, organisation=bureau, since=START, by=BY)
    cases = [
        (appoint, {"new": NewPost(who, bureau, "科员", START)}),
        (end_post, {"post": post, "until": DAY}),
        (put_in_charge, {"leader": who, "organisation": bureau, "since": START}),
        (end_charge, {"charge": charge, "until": DAY}),
        (rename_person, {"person": who, "name": "李四"}),
    ]
    assert [refused(function, NOBODY, **arguments)[0] for function, arguments in cases] == ["not-allowed"] * 5


DATES = st.dates(date(2021, 1, 1), date(2021, 12, 31))


@pytest.mark.django_db
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(DATES, st.none() | DATES), max_size=6), DATES)
def test_a_post_is_held_once_on_any_day(spans, day):
    with transaction.atomic():
        bureau, who = unit("市教育局"), person("张三")
        kept = []
        for since, until in spans:
            try:
                hold(who, bureau, since=since, until=until)
            except Refused:
                continue
            kept.append((since, until))
        holding = [span for span in kept if span[0] <= day and (span[1] is None or day <= span[1])]
        assert (len(on(bureau, day)), len(holding) < 2) == (len(holding), True)
        transaction.set_rollback(True)
