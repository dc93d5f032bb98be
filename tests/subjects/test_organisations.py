"""Units and their history: as of any day a unit has one name and one parent, or does not exist."""

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.net.subjects import selectors
from jiandu.net.subjects.models import BEGINNING, Organisation, OrganisationVersion
from jiandu.net.subjects.services import (
    NewOrganisation,
    NewPost,
    appoint,
    close_organisation,
    move_organisation,
    put_in_charge,
    register_organisation,
    register_person,
    rename_organisation,
)

BY = guard.system("tests")
NOBODY = guard.Viewer(key="user:1", name="路人", user_id=1)
CODE = "91350100M000100Y43"
DAY = timedelta(days=1)


@contextmanager
def acting(viewer=BY):
    with guard.acting(viewer), transaction.atomic():
        yield


def unit(name, parent=None, **more):
    with acting():
        return register_organisation(new=NewOrganisation(name=name, parent=parent, **more), by=BY)


def rename(organisation, name, on):
    with acting():
        return rename_organisation(organisation=organisation, name=name, on=on, by=BY)


def move(organisation, parent, on):
    with acting():
        return move_organisation(organisation=organisation, parent=parent, on=on, by=BY)


def close(organisation, until):
    with acting():
        return close_organisation(organisation=organisation, until=until, by=BY)


def as_of(organisation, day):
    found = selectors.organisation_as_of(BY, organisation, day)
    return found and (found.name, found.parent.name if found.parent else None)


def periods(organisation):
    rows = organisation.versions.order_by("since")
    return [(row.name, row.since, row.until) for row in rows]


def refused(function, **arguments):
    with acting(), pytest.raises(Refused) as caught:
        function(by=BY, **arguments)
    return caught.value.rule, str(caught.value)


@pytest.mark.django_db
def test_register_begins_the_history():
    city = unit("市教育局", since=date(2019, 3, 1), credit_code="９１350100m000100y43")
    school = unit("市第一中学", city)
    assert (city.credit_code, periods(city)) == (CODE, [("市教育局", date(2019, 3, 1), None)])
    assert periods(school) == [("市第一中学", BEGINNING, None)]
    assert [row.name for row in selectors.organisations(BY, under=city)] == ["市教育局", "市第一中学"]
    assert (as_of(city, date(2019, 2, 28)), as_of(school, date(1980, 1, 1))) == (None, ("市第一中学", "市教育局"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("new", "answer"),
    [
        ({"name": " "}, ("unit-name", "单位名称应为2至128个字")),
        ({"name": "局" * 129}, ("unit-name", "单位名称应为2至128个字")),
        ({"name": "市 教育局"}, ("unit-exists", "同一上级单位下已有“市 教育局”")),
        ({"name": "市财政局", "credit_code": CODE}, ("credit-code-taken", f"统一社会信用代码{CODE}已属于另一单位")),
        ({"name": "市财政局", "credit_code": CODE[:17]}, ("credit-code", "统一社会信用代码应为18位，现为17位")),
    ],
)
def test_register_refuses(new, answer):
    unit("市教育局", credit_code=CODE)
    rule, words = refused(register_organisation, new=NewOrganisation(**new))
    assert (rule, words.replace(",", "，"), Organisation.objects.count()) == (*answer, 1)


@pytest.mark.django_db
def test_register_takes_a_name_again_elsewhere_or_later():
    city, district = unit("市政府"), unit("区政府")
    first = unit("教育局", city)
    unit("教育局", district)
    close(first, date(2020, 12, 31))
    assert unit("教育局", city, since=date(2021, 1, 1)).name == "教育局"
    assert refused(register_organisation, new=NewOrganisation("教育局", parent=city))[0] == "unit-exists"


@pytest.mark.django_db
def test_register_refuses_below_a_closed_unit():
    city = close(unit("市供销社"), date(2021, 12, 31))
    assert refused(register_organisation, new=NewOrganisation("供销公司", parent=city)) == (
        "already-ended",
        "“市供销社”已撤销",
    )


@pytest.mark.django_db
def test_rename_keeps_what_the_unit_was_called():
    bureau = unit("市建设与管理局", since=date(2015, 1, 1))
    rename(bureau, "市建设局", date(2019, 3, 18))
    bureau.refresh_from_db()
    assert (bureau.name, periods(bureau)) == (
        "市建设局",
        [("市建设与管理局", date(2015, 1, 1), date(2019, 3, 17)), ("市建设局", date(2019, 3, 18), None)],
    )
    assert [as_of(bureau, day)[0] for day in (date(2019, 3, 17), date(2019, 3, 18))] == ["市建设与管理局", "市建设局"]


@pytest.mark.django_db
def test_rename_on_the_same_day_corrects_a_slip():
    bureau = unit("市建社局", since=date(2015, 1, 1))
    rename(bureau, "市建设局", date(2015, 1, 1))
    assert periods(bureau) == [("市建设局", date(2015, 1, 1), None)]


@pytest.mark.django_db
def test_rename_refuses():
    bureau = rename(unit("市建设与管理局"), "市建设局", date(2019, 3, 18))
    unit("市财政局")
    tomorrow = date.today() + 2 * DAY  # noqa: DTZ011 -- two days: whatever the zone of this machine
    answers = [
        refused(rename_organisation, organisation=bureau, name=name, on=on)
        for name, on in (
            ("市建设局", date(2020, 1, 1)),
            ("市住房局", date(2019, 3, 17)),
            ("市住房局", tomorrow),
            ("市财政局", date(2020, 1, 1)),
            ("", date(2020, 1, 1)),
        )
    ]
    assert answers == [
        ("same-name", "名称没有变化"),
        ("history-in-order", "日期不能早于上一次变更（2019-03-18）"),
        ("not-in-future", "日期不能晚于今天"),
        ("unit-exists", "同一上级单位下已有“市财政局”"),
        ("unit-name", "单位名称应为2至128个字"),
    ]
    assert [name for name, _, _ in periods(bureau)] == ["市建设与管理局", "市建设局"]


@pytest.mark.django_db
def test_rename_refuses_a_closed_unit():
    bureau = close(unit("市建设局"), date(2021, 1, 1))
    answer = refused(rename_organisation, organisation=bureau, name="市住房局", on=date(2020, 1, 1))
    assert answer == ("already-ended", "“市建设局”已撤销")


@pytest.mark.django_db
def test_move_takes_all_below_along_and_keeps_where_it_stood():
    east, west = unit("东区"), unit("西区")
    street = unit("筼筜街道", east)
    village = unit("西滨社区", street)
    move(street, west, date(2022, 1, 1))
    assert [row.name for row in selectors.organisations(BY, under=west)] == ["西区", "筼筜街道", "西滨社区"]
    assert [as_of(street, day) for day in (date(2021, 12, 31), date(2022, 1, 1))] == [
        ("筼筜街道", "东区"),
        ("筼筜街道", "西区"),
    ]
    village.refresh_from_db()
    assert (village.path.startswith(west.path), as_of(village, date(2022, 1, 1))) == (True, ("西滨社区", "筼筜街道"))


@pytest.mark.django_db
def test_move_refuses_and_changes_nothing():
    city = unit("市政府")
    bureau = unit("教育局", city)
    school = unit("第一中学", bureau)
    other = unit("区政府", since=date(2021, 1, 1))
    unit("教育局", other, since=date(2021, 1, 1))
    on = date(2022, 1, 1)
    assert [
        refused(move_organisation, organisation=bureau, parent=parent, on=day)[0]
        for parent, day in ((city, on), (school, on), (bureau, on), (other, on))
    ] == ["same-parent", "tree-cycle", "tree-cycle", "unit-exists"]
    assert refused(move_organisation, organisation=school, parent=other, on=date(2020, 1, 1)) == (
        "outside-unit-life",
        "日期超出单位“区政府”的存续期间",
    )
    assert (len(periods(bureau)), len(periods(school)), as_of(bureau, on)) == (1, 1, ("教育局", "市政府"))


@pytest.mark.django_db
def test_close_ends_the_history_the_posts_and_the_charges():
    bureau = unit("市粮食局")
    with acting():
        person, leader = register_person(name="张三", by=BY), register_person(name="李四", by=BY)
        post = appoint(new=NewPost(person, bureau, "局长", date(2018, 1, 1)), by=BY)
        charge = put_in_charge(leader=leader, organisation=bureau, since=date(2018, 1, 1), by=BY)
    close(bureau, date(2019, 2, 28))
    post.refresh_from_db()
    charge.refresh_from_db()
    assert (post.until, charge.until, periods(bureau)) == (
        date(2019, 2, 28),
        date(2019, 2, 28),
        [("市粮食局", BEGINNING, date(2019, 2, 28))],
    )
    assert [as_of(bureau, day) for day in (date(2019, 2, 28), date(2019, 3, 1))] == [("市粮食局", None), None]
    assert [list(selectors.organisations(BY, on=day)) for day in (date(2019, 2, 28), date(2019, 3, 1))] == [
        [bureau],
        [],
    ]


@pytest.mark.django_db
def test_close_refuses():
    city = unit("市政府")
    bureau = rename(unit("市建设与管理局", city), "市建设局", date(2019, 3, 18))
    answers = [
        refused(close_organisation, organisation=one, until=until)
        for one, until in ((city, date(2022, 1, 1)), (bureau, date(2019, 3, 17)))
    ]
    close(bureau, date(2022, 1, 1))
    answers.append(refused(close_organisation, organisation=bureau, until=date(2022, 2, 1)))
    assert answers == [
        ("unit-has-children", "“市政府”还有下级单位，应先划转或撤销"),
        ("history-in-order", "撤销日期早于沿革或任职的起始日期"),
        ("already-ended", "“市建设局”已撤销"),
    ]


@pytest.mark.django_db
def test_services_refuse_who_may_not_edit():
    city, bureau = unit("市政府"), unit("市教育局")
    on = date(2022, 1, 1)
    for call in (
        lambda: register_organisation(new=NewOrganisation("市财政局"), by=NOBODY),
        lambda: rename_organisation(organisation=bureau, name="市财政局", on=on, by=NOBODY),
        lambda: move_organisation(organisation=bureau, parent=city, on=on, by=NOBODY),
        lambda: close_organisation(organisation=bureau, until=on, by=NOBODY),
        lambda: register_person(name="张三", by=NOBODY),
    ):
        with acting(NOBODY), pytest.raises(Refused) as caught:
            call()
        assert caught.value.rule == "not-allowed"
    assert sorted(Organisation.objects.values_list("name", flat=True)) == ["市政府", "市教育局"]


DATES = st.dates(date(2018, 1, 1), date(2023, 12, 31))
ACTS = st.lists(st.tuples(st.sampled_from(["rename", "move", "close"]), DATES, st.integers(0, 3)), max_size=8)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS, st.lists(DATES, min_size=1, max_size=6))
def test_on_any_day_a_unit_has_one_name_and_parent_or_is_not_there(acts, days):
    with transaction.atomic():
        parents = [None, unit("甲区"), unit("乙区")]
        bureau = unit("局0", since=date(2019, 1, 1))
        told = [(date(2019, 1, 1), "局0", None)]  # what happened, by a model that is a list of (day, name, parent)
        until = None
        for verb, on, number in acts:
            name, parent = told[-1][1:]
            try:
                if verb == "rename":
                    rename(bureau, f"局{number}", on)
                    name = f"局{number}"
                elif verb == "move":
                    move(bureau, parents[number % 3], on)
                    parent = parents[number % 3].name if parents[number % 3] else None
                else:
                    close(bureau, on)
                    until = on
                    continue
            except Refused:
                continue
            told = [row for row in told if row[0] != on] + [(on, name, parent)]
        for day in [*days, *(day for day, _, _ in told), date(2018, 12, 31)]:
            then = [(name, parent) for since, name, parent in told if since <= day and (until is None or day <= until)]
            assert as_of(bureau, day) == (then[-1] if then else None)
        rows = list(bureau.versions.order_by("since"))
        assert [row.until + DAY for row in rows[:-1]] == [row.since for row in rows[1:]]
        assert rows[-1].until == until
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_the_table_refuses_two_open_versions():
    bureau = unit("市教育局")
    with pytest.raises(Exception, match=r"UNIQUE|unique"), transaction.atomic():
        OrganisationVersion.objects.create(organisation=bureau, name="另", name_key="另", since=date(2022, 1, 1))


@pytest.mark.django_db
def test_history_gives_the_latest_first_and_rows_name_themselves():
    bureau = rename(unit("市建设与管理局", since=date(2015, 1, 1)), "市建设局", date(2019, 3, 18))
    with acting():
        leader = register_person(name="李四", by=BY)
        charge = put_in_charge(leader=leader, organisation=bureau, since=date(2020, 1, 1), by=BY)
    rows = [*selectors.history(BY, bureau), charge, leader, bureau]
    assert [str(row) for row in rows] == [
        "市建设局 2019-03-18",
        "市建设与管理局 2015-01-01",
        "李四 → 市建设局",
        "李四",
        "市建设局",
    ]
