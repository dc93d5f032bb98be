"""上门日程: who learns what of whose visits. Whatever is hidden here has been made first, and somebody sees it."""

from dataclasses import replace
from datetime import date

import pytest
from tests.surfaces.counting import grown, questions
from tests.surfaces.desk.test_findings import client_of
from tests.world import START, SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.loop.findings.services.parts import Looked, look_back
from jiandu.loop.grassroots.models import Check
from jiandu.loop.grassroots.services.checks import NewCheck, NewInspection, inspect, open_check
from jiandu.net.access.models import Level
from jiandu.net.access.persons import Who
from jiandu.net.access.services import recuse, recuse_from_unit
from jiandu.net.subjects.services import NewPost, appoint, register_person
from jiandu.sources.activities.models import Activity, LinkedUnit
from jiandu.sources.activities.schedule import Kind, Span
from jiandu.sources.activities.services.finishing import finish_round
from jiandu.sources.activities.services.rounds import NewVisit, form_team, link_unit, visit
from jiandu.sources.talks.models import Talk
from jiandu.sources.talks.services import Invited, NewTalk, hold_talk
from jiandu.sources.talks.services.planning import NewPlan, plan_talk
from jiandu.surfaces.desk.schedule import entries

PLACE = "/desk/schedule/"
MARCH = Span(date(2022, 3, 1), date(2022, 3, 31))
FIRST, SECOND = "第一监督检查室", "第二监督检查室"


def linked(world: World, *, office: str = SECOND, unit: str = "市财政局", on: date = date(2022, 3, 15)) -> LinkedUnit:
    """A unit that a round of the office is to visit on that day."""
    activity = world.round(office=office)
    with as_(SYSTEM) as by:
        team = form_team(activity=activity, by=by, name="第一组", leader=world.persons["书记"], members="王督查")
        return link_unit(team=team, by=by, organisation=world.units[unit], planned_on=on)


def visited(world: World, row: LinkedUnit, on: date) -> None:
    with as_(SYSTEM) as by:
        new = NewVisit(row.organisation, on, place="三楼会议室", attendees="赵某某", note="班子不团结")
        visit(activity=Activity.objects.get(pk=row.activity_id), by=by, new=new)


def checked(world: World, *, office: str = SECOND, unit: str = "市财政局", on: date = date(2022, 3, 20)) -> Activity:
    with as_(SYSTEM) as by:
        said = NewCheck(Check.Kind.ASSETS, f"JC{world.number()}", "三资检查", 2022, world.offices[office], START)
        activity = open_check(new=said, by=by).activity
        inspect(activity=activity, by=by, new=NewInspection(world.units[unit], on, "李检查"))
    return activity


def spoken(world: World, *, office: str = FIRST, unit: str = "市财政局", on: date = date(2022, 3, 18)) -> Talk:
    with as_(SYSTEM) as by:
        person = register_person(name="钱某某", by=by)
        appoint(new=NewPost(person=person, organisation=world.units[unit], title="处长", since=START), by=by)
        invited = [Invited(person, world.units[unit])]
        plan = NewPlan("reminder", date(2022, 3, 28), "拟谈作风", world.offices[office], ["甲", "乙"], invited)
        plan_talk(new=plan, by=by)
        new = NewTalk("reminder", on, "作风问题", world.offices[office], ["甲", "乙"], invited)
        return hold_talk(new=new, by=by)


def told(world: World, who: str, span: Span = MARCH, kind: str = "") -> list[tuple[str, str, str, bool, bool]]:
    """(day, kind, office, held, opens) of each, as somebody reads them."""
    with as_(world.viewer(who)) as viewer:
        found = entries(viewer, span, kind=kind)
    return [
        (one.on.isoformat(), one.dated.kind, one.office.name, one.dated.is_held, one.dated.opens is not None)
        for one in found
    ]


def test_another_office_learns_the_day_the_kind_and_the_office_and_opens_nothing(world: World) -> None:
    row = linked(world)
    checked(world)
    others = [("2022-03-15", Kind.VISIT, SECOND, False, False), ("2022-03-20", Kind.INSPECTION, SECOND, True, False)]
    assert told(world, "干部甲") == others
    assert told(world, "干部乙") == [(*one[:4], True) for one in others]
    assert told(world, "书记") == [(*one[:4], True) for one in others]
    visited(world, row, date(2022, 3, 16))
    assert told(world, "干部甲")[0] == ("2022-03-16", Kind.VISIT, SECOND, True, False)


def test_the_page_of_another_office_carries_no_name_uid_or_word_of_the_record(world: World) -> None:
    row = linked(world)
    visited(world, row, date(2022, 3, 16))
    check = checked(world)
    with as_(SYSTEM):
        uids = [str(Activity.objects.get(pk=row.activity_id).uid), str(row.uid), str(check.uid)]
    secret = [*uids, "赵某某", "班子不团结", "王督查", "李检查", "三楼会议室", "三资检查", "挂钩监督第"]
    unit = f"/desk/units/{world.units['市财政局'].uid}/?tab=schedule&year=2022"
    for place in (f"{PLACE}?month=2022-03", unit):
        text = client_of(world, "干部甲").get(place).content.decode()
        assert (SECOND in text, [word for word in secret if word in text]) == (True, [])
        own = client_of(world, "干部乙").get(place).content.decode()
        assert [uids[0] in own, uids[2] in own] == [True, True], "the control: whoever may open them is led there"


def test_talks_and_look_backs_of_others_do_not_appear_at_all(world: World) -> None:
    spoken(world)
    finding = world.closed(unit="市财政局", on=date(2022, 3, 1))
    with as_(SYSTEM) as by:
        look_back(finding=finding, by=by, looked=Looked(date(2022, 3, 30), "held", "到位", Who("核验人乙")))
    own = [("2022-03-18", Kind.TALK, True), ("2022-03-28", Kind.TALK, False), ("2022-03-30", Kind.LOOK_BACK, True)]
    assert [(one[0], one[1], one[3]) for one in told(world, "干部甲")] == own
    assert told(world, "干部乙") == []
    text = client_of(world, "干部乙").get(f"{PLACE}?month=2022-03").content.decode()
    assert ("市财政局" in text, FIRST in text) == (False, False)
    assert "钱某某" not in client_of(world, "干部甲").get(f"{PLACE}?month=2022-03").content.decode()


def test_a_level_above_internal_appears_to_nobody(world: World) -> None:
    row, check, talk = linked(world), checked(world), spoken(world)
    assert (len(told(world, "干部甲")), len(told(world, "主任乙"))) == (4, 2)
    with as_(SYSTEM):
        Activity.objects.filter(pk__in=[row.activity_id, check.pk]).update(level=Level.SENSITIVE)
        Talk.objects.filter(pk=talk.pk).update(level=Level.SENSITIVE)
    assert [one[:2] for one in told(world, "干部甲")] == [("2022-03-28", Kind.TALK)]
    assert told(world, "主任乙") == []


def test_a_unit_or_record_that_one_keeps_away_from_is_not_told_of(world: World) -> None:
    row = linked(world)
    linked(world, unit="市教育局", on=date(2022, 3, 17))
    assert len(told(world, "干部甲")) == 2
    with as_(SYSTEM) as by:
        activity = Activity.objects.get(pk=row.activity_id)
        recuse(user=world.users["干部甲"], by=by, thing=activity)
        recuse_from_unit(user=world.users["干部丙"], by=by, organisation=world.units["市教育局"])
    assert [one[0] for one in told(world, "干部甲")] == ["2022-03-17"]
    assert [one[0] for one in told(world, "干部丙")] == ["2022-03-15"]


def test_who_plans_no_visits_reads_his_own_scope_alone(world: World) -> None:
    linked(world)
    linked(world, office="筼筜街道纪工委", on=date(2022, 3, 17))
    world.user("村纪检委员", "village_officer", office="筼筜街道纪工委")
    assert [one[0] for one in told(world, "村纪检委员")] == ["2022-03-17"]
    assert [one[0] for one in told(world, "街道干部")] == ["2022-03-15", "2022-03-17"]
    assert client_of(world, "经办人丁").get(PLACE).status_code == 404


def test_a_planned_day_goes_with_the_visit_and_with_the_round(world: World) -> None:
    row, other = linked(world), linked(world, unit="市教育局", on=date(2022, 3, 17))
    assert [one[3] for one in told(world, "干部乙")] == [False, False]
    visited(world, row, date(2022, 4, 2))
    assert [one[0] for one in told(world, "干部乙")] == ["2022-03-17"]
    with as_(SYSTEM) as by:
        activity = Activity.objects.get(pk=other.activity_id)
        finish_round(activity=activity, by=by, on=date(2022, 12, 1), note="单位撤销，未走访")
    assert told(world, "干部乙") == []


def test_unit_office_and_kind_narrow_the_month(world: World) -> None:
    linked(world)
    checked(world, unit="市第一中学")
    client = client_of(world, "干部甲")

    def shown(query: str) -> list[bool]:
        text = client.get(f"{PLACE}?month=2022-03&{query}").content.decode().partition('class="schedule"')[2]
        return ["市财政局" in text, "市第一中学" in text]

    assert shown("") == [True, True]
    assert shown("unit=市教育局") == [False, True]  # with those below it
    assert shown("kind=visit") == [True, False]
    assert shown(f"office={world.offices[FIRST].pk}") == [False, False]
    assert shown(f"office={world.offices[SECOND].pk}") == [True, True]
    assert "没有登记过这个单位" in client.get(f"{PLACE}?unit=没有这个单位").content.decode()


@pytest.mark.parametrize("month", ["", "2022-13", "x", "0001-01", "9999-12", "2022-03-01"])
def test_whatever_month_is_asked_for_the_page_opens(world: World, month: str) -> None:
    text = client_of(world, "干部甲").get(f"{PLACE}?month={month}").content.decode()
    assert f'datetime="{today().isoformat()}"' in text


def test_days_of_rest_and_today_are_marked(world: World) -> None:
    client = client_of(world, "干部甲")
    may = client.get(f"{PLACE}?month=2022-05").content.decode()
    days = {part[:10]: part.partition("</td>")[0] for part in may.split('<time datetime="')[1:]}
    assert [word in days["2022-05-02"] for word in ("休", "班", "今天")] == [True, False, False]
    assert [word in days["2022-05-07"] for word in ("休", "班")] == [False, True]
    assert [word in days["2022-05-10"] for word in ("休", "班")] == [False, False]
    assert "今天" in client.get(PLACE).content.decode()


def test_units_to_which_several_offices_come_are_named(world: World) -> None:
    linked(world)
    linked(world, office=FIRST, on=date(2022, 3, 22))
    linked(world, unit="市教育局")
    text = client_of(world, "干部甲").get(f"{PLACE}?month=2022-03").content.decode()
    crowded = text.partition("本月有两家以上室组上门的单位")[2]
    assert ("市财政局" in crowded, "市教育局" in crowded) == (True, False)


def test_the_number_of_queries_does_not_grow(world: World) -> None:
    client, unit = client_of(world, "干部甲"), world.units["市财政局"]

    def fill() -> None:
        day = date(2022, 3, 1 + world.number() % 27)
        for office in (FIRST, SECOND):
            visited(world, linked(world, office=office, on=day), day)
            linked(world, office=office, on=day)
            checked(world, office=office, on=day)
        with as_(SYSTEM) as by:
            talk = spoken(world, on=day)
            look_back(finding=world.closed(on=day), by=by, looked=Looked(day, "held", "好", Who("核验人乙")))
            assert talk.pk

    fill()
    pages = [
        f"{PLACE}?month=2022-03",
        f"{PLACE}?month=2022-03&unit=市财政局",
        f"/desk/units/{unit.uid}/?tab=schedule&year=2022",
    ]
    few = questions(client, pages)
    fill()
    fill()
    assert grown(few, questions(client, pages)) == {}


def test_nothing_is_told_under_another_viewer(world: World) -> None:
    linked(world)
    with as_(world.viewer("干部甲")), pytest.raises(Exception, match="not the one acting"):
        entries(replace(world.viewer("干部乙")), MARCH)
