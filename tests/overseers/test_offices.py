"""The net's own tree: offices, officers and their accounts, the units they watch, leaders linked to units."""

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiandu.base.accounts.models import User
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.net.overseers import selectors
from jiandu.net.overseers.models import Link, Office, Officer, Supervision
from jiandu.net.overseers.services import (
    NewOffice,
    NewOfficer,
    close_office,
    end_link,
    end_service,
    end_supervision,
    enlist,
    give_account,
    link_leader,
    move_office,
    open_office,
    supervise,
)
from jiandu.net.subjects.services import NewOrganisation, close_organisation, register_organisation, register_person

BY = guard.system("tests")
NOBODY = guard.Viewer(key="user:1", name="路人", user_id=1)
START, DAY = date(2020, 1, 1), date(2022, 6, 1)
K = Office.Kind


@contextmanager
def acting(viewer=BY):
    with guard.acting(viewer), transaction.atomic():
        yield


def do(function, **arguments):
    with acting():
        return function(by=BY, **arguments)


def office(name, parent=None, kind=K.SUPERVISION, since=None):
    return do(open_office, new=NewOffice(name, kind, parent, since))


def unit(name, parent=None, **more):
    return do(register_organisation, new=NewOrganisation(name=name, parent=parent, **more))


def person(name):
    return do(register_person, name=name)


def serve(who, where, since=START, **more):
    return do(enlist, new=NewOfficer(who, where, since, **more))


def user(name):
    account = User(username=name, name=name)
    account.set_unusable_password()
    account.save()
    return account


def refused(function, viewer=BY, **arguments):
    with acting(viewer), pytest.raises(Refused) as caught:
        function(by=viewer, **arguments)
    return caught.value.rule, str(caught.value)


def names(rows):
    return [row.name for row in rows]


@pytest.mark.django_db
def test_open_builds_the_tree():
    city = office("市纪委监委", kind=K.COMMISSION)
    district = office("思明区纪委监委", city, K.COMMISSION)
    office("第一监督检查室", city, since=date(2021, 1, 1))
    office("筼筜街道 纪工委", district, K.TOWN)
    assert names(selectors.offices(BY)) == ["市纪委监委", "思明区纪委监委", "筼筜街道 纪工委", "第一监督检查室"]
    assert names(selectors.offices(BY, under=district)) == ["思明区纪委监委", "筼筜街道 纪工委"]
    assert names(selectors.offices(BY, on=date(2020, 12, 31))) == ["市纪委监委", "思明区纪委监委", "筼筜街道 纪工委"]


@pytest.mark.django_db
def test_open_refuses():
    city = do(close_office, office=office("市纪委监委", kind=K.COMMISSION), until=DAY)
    cases = [
        (NewOffice("市纪委监委", K.COMMISSION), ("office-exists", "已有机构“市纪委监委”")),
        (NewOffice("室", K.SUPERVISION), ("office-name", "机构名称应为2至128个字")),
        (NewOffice("第一监督检查室", K.SUPERVISION, city), ("already-ended", "“市纪委监委”已撤销")),
    ]
    assert [refused(open_office, new=new) for new, _ in cases] == [answer for _, answer in cases]
    assert Office.objects.count() == 1


@pytest.mark.django_db
def test_move_takes_all_below_along():
    city = office("市纪委监委", kind=K.COMMISSION)
    one, two = office("思明区纪委监委", city, K.COMMISSION), office("湖里区纪委监委", city, K.COMMISSION)
    town = office("筼筜街道纪工委", one, K.TOWN)
    office("西滨社区纪检委员", town, K.VILLAGE)
    do(move_office, office=town, parent=two)
    assert names(selectors.offices(BY, under=two)) == ["湖里区纪委监委", "筼筜街道纪工委", "西滨社区纪检委员"]
    assert refused(move_office, office=two, parent=town) == ("tree-cycle", "不能移到自身或下级之下")
    assert refused(move_office, office=town, parent=do(close_office, office=one, until=DAY))[0] == "already-ended"
    do(move_office, office=town, parent=None)
    town.refresh_from_db()
    assert town.parent is None


@pytest.mark.django_db
def test_close_ends_services_and_supervisions():
    body, bureau = office("驻市粮食局纪检监察组", kind=K.STATIONED), unit("市粮食局")
    watch, service = do(supervise, office=body, organisation=bureau, since=START), serve(person("张三"), body)
    do(close_office, office=body, until=DAY)
    watch.refresh_from_db()
    service.refresh_from_db()
    later = DAY + timedelta(days=1)
    assert (watch.until, service.until) == (DAY, DAY)
    assert [names(selectors.bodies(BY, on=day)) for day in (DAY, later)] == [["驻市粮食局纪检监察组"], []]
    assert refused(close_office, office=body, until=DAY) == ("already-ended", "“驻市粮食局纪检监察组”已撤销")


@pytest.mark.django_db
def test_close_refuses():
    city = office("市纪委监委", kind=K.COMMISSION)
    room = office("第一监督检查室", city, since=START)
    serve(person("张三"), room, since=date(2021, 1, 1))
    closings = ((city, DAY), (room, date(2020, 6, 1)), (room, date(2019, 6, 1)))
    assert [refused(close_office, office=one, until=until) for one, until in closings] == [
        ("office-has-children", "“市纪委监委”还有下级机构，应先划转或撤销"),
        ("period-in-order", "结束日期不能早于起始日期"),
        ("period-in-order", "结束日期不能早于起始日期"),
    ]


@pytest.mark.django_db
def test_supervised_units_follow_the_day():
    body, bureau, school = office("驻市教育局纪检监察组", kind=K.STATIONED), unit("市教育局"), unit("市第一中学")
    watch = do(supervise, office=body, organisation=bureau, since=START)
    do(supervise, office=body, organisation=school, since=date(2022, 1, 1))
    do(end_supervision, supervision=watch, until=date(2022, 3, 31))
    days = (date(2019, 12, 31), START, date(2022, 3, 31), date(2022, 4, 1))
    assert [names(selectors.supervised_units(BY, body, day)) for day in days] == [
        [],
        ["市教育局"],
        ["市教育局", "市第一中学"],
        ["市第一中学"],
    ]
    do(close_organisation, organisation=school, until=DAY)
    assert names(selectors.supervised_units(BY, body, DAY + timedelta(days=1))) == []


@pytest.mark.django_db
def test_supervisors_of_a_unit_watch_it_or_what_stands_above():
    bureau = unit("市教育局")
    school = unit("市第一中学", bureau)
    room, body, other = (
        office("第一监督检查室"),
        office("驻市教育局纪检监察组", kind=K.STATIONED),
        office("第二监督检查室"),
    )
    for one, where in ((room, school), (body, bureau), (other, unit("市财政局"))):
        do(supervise, office=one, organisation=where, since=START)
    assert names(selectors.supervisors_of(BY, school, DAY)) == ["第一监督检查室", "驻市教育局纪检监察组"]
    assert names(selectors.supervisors_of(BY, bureau, DAY)) == ["驻市教育局纪检监察组"]


@pytest.mark.django_db
def test_supervise_refuses():
    body, bureau = office("驻市教育局纪检监察组", kind=K.STATIONED), unit("市教育局", since=START)
    watch = do(supervise, office=body, organisation=bureau, since=START)
    closed = do(close_office, office=office("第一监督检查室"), until=DAY)
    assert (str(watch), str(closed)) == ("驻市教育局纪检监察组 → 市教育局", "第一监督检查室")
    assert refused(supervise, office=body, organisation=bureau, since=DAY) == ("period-twice", "同一时期已登记过")
    assert refused(supervise, office=closed, organisation=bureau, since=DAY)[0] == "already-ended"
    assert refused(supervise, office=body, organisation=bureau, since=date(2019, 1, 1))[0] == "outside-unit-life"
    assert refused(end_supervision, supervision=watch, until=date(2019, 1, 1))[0] == "period-in-order"
    assert Supervision.objects.count() == 1


@pytest.mark.django_db
def test_office_of_a_user_is_where_the_officer_serves_that_day():
    first, second, account, who = office("第一监督检查室"), office("第二监督检查室"), user("zhang"), person("张三")
    do(end_service, officer=serve(who, first, user=account), until=date(2021, 12, 31))
    serve(who, second, since=date(2022, 1, 1), user=account)
    days = (date(2019, 12, 31), date(2021, 12, 31), date(2022, 1, 1))
    assert [selectors.office_of(BY, account, on=day) for day in days] == [None, first, second]
    assert selectors.office_of(BY, user("li"), on=DAY) is None
    assert [[str(one) for one in selectors.officers_of(BY, where, DAY)] for where in (first, second)] == [[], ["张三"]]


@pytest.mark.django_db
def test_give_account_lets_the_officer_sign_in():
    room, account = office("第一监督检查室"), user("zhang")
    officer = do(give_account, officer=serve(person("张三"), room), user=account)
    assert (selectors.office_of(BY, account, on=DAY), officer.user) == (room, account)
    other = serve(person("李四"), room)
    answer = ("account-taken", "账号“zhang”已属于另一干部")
    assert refused(give_account, officer=other, user=account) == answer
    assert refused(enlist, new=NewOfficer(person("王五"), room, START, user=account)) == answer


@pytest.mark.django_db
def test_enlist_refuses():
    room, who = office("第一监督检查室"), person("张三")
    serve(who, room, until=date(2021, 12, 31))
    closed = do(close_office, office=office("第二监督检查室"), until=DAY)
    cases = [
        (NewOfficer(who, room, date(2021, 12, 31)), "period-twice"),
        (NewOfficer(who, room, DAY, until=START), "period-in-order"),
        (NewOfficer(who, closed, START), "already-ended"),
        (NewOfficer(who, closed, START, until=DAY + timedelta(days=1)), "already-ended"),
    ]
    assert [refused(enlist, new=new)[0] for new, _ in cases] == [rule for _, rule in cases]
    assert serve(who, closed, until=DAY).until == DAY
    assert Officer.objects.count() == 2


@pytest.mark.django_db
def test_linked_units_follow_the_day():
    leader, bureau, other = person("许书记"), unit("市教育局"), unit("市财政局")
    link = do(link_leader, leader=leader, organisation=bureau, since=START)
    do(link_leader, leader=leader, organisation=other, since=date(2022, 1, 1))
    do(end_link, link=link, until=date(2022, 3, 31))
    days = (START, date(2022, 3, 31), date(2022, 4, 1))
    assert str(link) == "许书记 → 市教育局"
    assert [names(selectors.linked_units(BY, leader, day)) for day in days] == [
        ["市教育局"],
        ["市教育局", "市财政局"],
        ["市财政局"],
    ]
    assert [list(selectors.leaders_linked(BY, bureau, day)) for day in days] == [[leader], [leader], []]
    assert refused(link_leader, leader=leader, organisation=other, since=DAY)[0] == "period-twice"
    assert refused(end_link, link=link, until=DAY) == ("already-ended", "已于2022-03-31结束")
    assert Link.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["第一监督检查室", " 第一 监督检查室", "第一监督检查室\u200b"])
def test_find_office_does_not_mind_spaces(name):
    room = office("第一监督检查室")
    assert (selectors.find_office(BY, name), selectors.find_office(BY, "第二监督检查室")) == (room, None)


@pytest.mark.django_db
def test_find_officer_tells_namesakes_apart_by_office():
    one, two = office("第一监督检查室"), office("第二监督检查室")
    first, second = serve(person("陈伟"), one), serve(person("陈伟"), two)
    assert [selectors.find_officer(BY, "陈 伟", office=where, on=DAY) for where in (one, two)] == [first, second]
    with pytest.raises(Refused) as caught:
        selectors.find_officer(BY, "陈伟", office=None, on=DAY)
    assert (caught.value.rule, str(caught.value)) == ("several-persons", "有2人叫“陈伟”，无法区分")
    assert selectors.find_officer(BY, "陈伟", office=one, on=date(2019, 1, 1)) is None


@pytest.mark.django_db
def test_find_officer_takes_a_person_in_two_offices_for_one():
    who = person("陈伟")
    first, _ = serve(who, office("第一监督检查室")), serve(who, office("第二监督检查室"))
    assert selectors.find_officer(BY, "陈伟", office=None, on=DAY) == first


@pytest.mark.django_db
def test_services_refuse_who_may_not_edit():
    room, bureau, who, account = office("第一监督检查室"), unit("市教育局"), person("张三"), user("zhang")
    watch, officer = do(supervise, office=room, organisation=bureau, since=START), serve(who, room)
    link = do(link_leader, leader=who, organisation=bureau, since=START)
    cases = [
        (open_office, {"new": NewOffice("第二监督检查室", K.SUPERVISION)}),
        (move_office, {"office": room, "parent": None}),
        (close_office, {"office": room, "until": DAY}),
        (supervise, {"office": room, "organisation": bureau, "since": START}),
        (end_supervision, {"supervision": watch, "until": DAY}),
        (enlist, {"new": NewOfficer(who, room, START)}),
        (give_account, {"officer": officer, "user": account}),
        (end_service, {"officer": officer, "until": DAY}),
        (link_leader, {"leader": who, "organisation": bureau, "since": START}),
        (end_link, {"link": link, "until": DAY}),
    ]
    assert [refused(function, NOBODY, **arguments)[0] for function, arguments in cases] == ["not-allowed"] * 10


DATES = st.dates(date(2021, 1, 1), date(2021, 12, 31))


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(DATES, st.integers(0, 200)), max_size=6), DATES)
def test_a_unit_is_watched_by_an_office_once_on_any_day(spans, day):
    with transaction.atomic():
        body, bureau = office("驻市教育局纪检监察组", kind=K.STATIONED), unit("市教育局")
        kept = []
        for since, length in spans:
            try:
                watch = do(supervise, office=body, organisation=bureau, since=since)
            except Refused:
                continue
            until = since + timedelta(days=length)
            do(end_supervision, supervision=watch, until=until)
            kept.append((since, until))
        holding = [span for span in kept if span[0] <= day <= span[1]]
        watched = Supervision.objects.filter(since__lte=day, until__gte=day).count()
        assert (watched, len(holding) < 2) == (len(holding), True)
        assert names(selectors.supervised_units(BY, body, day)) == ["市教育局"] * len(holding)
        transaction.set_rollback(True)
