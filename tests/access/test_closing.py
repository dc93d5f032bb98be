"""Where an office closes or somebody leaves: nothing open is left behind, no right outlives the day."""

from datetime import date, timedelta

import pytest
from tests.world import START, SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.loop.findings.models import Finding
from jiandu.net.access.closing import hand_over, open_records, owned_models, retire_office
from jiandu.net.access.models import Assignment, Grant
from jiandu.net.access.services import assign_record
from jiandu.net.overseers.models import Link, Office, Officer, Supervision
from jiandu.net.overseers.services import close_office, end_service, link_leader, supervise
from jiandu.net.subjects.models import in_force
from jiandu.net.subjects.services import close_organisation
from jiandu.sources.activities.services.deciding import end_activity

DAY = date(2022, 3, 1)
YESTERDAY = today() - timedelta(days=1)
ROOM, OTHER = "第一监督检查室", "第二监督检查室"


def sees(world: World, name: str) -> set[str]:
    with as_(world.viewer(name)):
        return set(Finding.objects.values_list("problem", flat=True))


def open_grants(**which: object) -> int:
    return Grant.objects.filter(in_force(today()), **which).count()


def test_an_office_with_open_records_does_not_close_and_names_them(world: World) -> None:
    first = world.finding(problem="甲", office=ROOM, on=DAY)
    world.finding(problem="乙", office=ROOM, on=DAY, level=2)
    before = Entry.objects.count()
    with as_(world.viewer("系统管理员")) as by, pytest.raises(Refused) as refused:
        close_office(office=world.offices[ROOM], until=YESTERDAY, by=by)
    said = str(refused.value)
    assert refused.value.rule == "office-has-open-records"
    assert f"问题2件({first.code})" in said
    assert "监督活动2件" in said
    assert (open_grants(office=world.offices[ROOM]), Entry.objects.count()) == (4, before)
    assert Office.objects.get(name=ROOM).until is None


def test_a_closing_office_hands_everything_over_and_its_rights_end(world: World) -> None:
    world.finding(problem="甲", office=ROOM, on=DAY)
    world.closed(problem="已销", office=ROOM, on=DAY)
    shared = world.project(office=OTHER, members=(ROOM,))
    world.finding(problem="共享", activity=shared, office="驻市教育局纪检监察组", on=DAY)
    with as_(SYSTEM) as by:
        named = world.finding(problem="专案", office=ROOM, on=DAY, level=3)
        assign_record(thing=named, by=by, user=world.users["干部丙"])
    assert sees(world, "干部丙") == {"甲", "已销", "共享", "专案"}
    assert sees(world, "主任乙") == {"共享"}
    with as_(world.viewer("系统管理员")) as by:
        retire_office(office=world.offices[ROOM], to=world.offices[OTHER], until=YESTERDAY, by=by)
    assert sees(world, "干部丙") == set()
    assert sees(world, "主任乙") == {"甲", "已销", "共享"}
    assert open_grants(office=world.offices[ROOM]) == 0
    assert Officer.objects.filter(in_force(today()), office=world.offices[ROOM]).count() == 0
    assert Assignment.objects.filter(in_force(today()), office=world.offices[ROOM]).count() == 0
    assert (
        Assignment.objects.filter(in_force(today()), user=world.users["干部丙"]).count() == 1
    )  # of another office now
    with as_(SYSTEM):
        assert [model.__name__ for model in owned_models() if model.objects.filter(owner_office__name=ROOM)] == []
    said = Entry.objects.select_related("payload").get(verb="office.hand_over").payload.body
    assert '"findings.finding":3' in said


def test_a_finding_that_is_handed_over_goes_on_in_the_other_office(world: World) -> None:
    finding = world.finding(problem="甲", office=ROOM, on=DAY)
    with as_(SYSTEM) as by:
        hand_over(office=world.offices[ROOM], to=world.offices["思明区纪委监委"], by=by)
    assert sees(world, "区纪委书记") == {"甲"}
    assert sees(world, "主任甲") == set()
    with as_(SYSTEM):
        row = Finding.objects.get(pk=finding.pk)
        assert row.owner_path == world.offices["思明区纪委监委"].path


def test_numbers_that_both_offices_use_are_named(world: World) -> None:
    world.finding(office=ROOM, code="001", on=DAY)
    world.finding(office=OTHER, code="001", on=DAY)
    with as_(SYSTEM) as by, pytest.raises(Refused) as refused:
        hand_over(office=world.offices[ROOM], to=world.offices[OTHER], by=by)
    assert (refused.value.rule, "“001”" in str(refused.value)) == ("hand-over-number", True)


@pytest.mark.parametrize("name", ["主任甲", "安全管理员", "审计管理员", "书记"])
def test_only_the_directory_is_handed_over_by_its_keeper(world: World, name: str) -> None:
    with as_(world.viewer(name)) as by, pytest.raises(Refused) as refused:
        hand_over(office=world.offices[ROOM], to=world.offices[OTHER], by=by)
    assert refused.value.rule == "not-allowed"


def test_finished_records_do_not_keep_an_office_open(world: World) -> None:
    project = world.project(office=ROOM, code="XM-1")
    world.closed(problem="已销", activity=project, office=ROOM, on=DAY)
    assert open_records(world.offices[ROOM]) == ["监督活动1件(XM-1)"]
    with as_(SYSTEM) as by:
        end_activity(activity=project, by=by, on=today(), note="结项")
    with as_(world.viewer("系统管理员")) as by:
        close_office(office=world.offices[ROOM], until=YESTERDAY, by=by)
    assert sees(world, "主任甲") == set()
    assert sees(world, "书记") == {"已销"}


def test_an_office_does_not_close_in_the_future(world: World) -> None:
    with as_(SYSTEM) as by, pytest.raises(Refused) as refused:
        close_office(office=world.offices[OTHER], until=today() + timedelta(days=1), by=by)
    assert refused.value.rule == "not-in-future"


def test_who_leaves_an_office_loses_the_rights_held_there_and_no_others(world: World) -> None:
    finding = world.finding(problem="甲", office=ROOM, on=DAY, level=3)
    elsewhere = world.finding(problem="别处", office=OTHER, on=DAY, level=3)
    user = world.users["干部甲"]
    with as_(SYSTEM) as by:
        assign_record(thing=finding, by=by, user=user)
        assign_record(thing=elsewhere, by=by, user=user)
    officer = Officer.objects.get(user=user)
    with as_(world.viewer("系统管理员")) as by:
        end_service(officer=officer, until=today(), by=by)
    assert sees(world, "干部甲") == {"甲", "别处"}  # the last day counts
    assert list(Grant.objects.filter(user=user).values_list("until", flat=True)) == [today()]
    ends = dict(Assignment.objects.filter(user=user).values_list("thing_uid", "until"))
    assert ends == {finding.uid: today(), elsewhere.uid: None}
    verbs = list(Entry.objects.order_by("-seq").values_list("verb", flat=True)[:3])
    assert verbs == ["officer.end", "officer.rights_end", "grant.end"]


def test_a_service_of_the_past_takes_back_a_grant_that_began_later(world: World) -> None:
    user = world.users["干部乙"]
    Grant.objects.filter(user=user).update(since=today())
    with as_(world.viewer("系统管理员")) as by:
        end_service(officer=Officer.objects.get(user=user), until=date(2021, 5, 1), by=by)
    world.finding(problem="甲", office=OTHER, on=DAY)
    assert sees(world, "干部乙") == set()
    assert (sees(world, "主任乙"), open_grants(user=user)) == ({"甲"}, 0)


def test_a_unit_that_closes_is_neither_watched_nor_linked_nor_spoken_for(world: World) -> None:
    unit = world.unit("市粮食局")
    operator = world.user("经办人戊", "unit_operator", unit="市粮食局")
    with as_(SYSTEM) as by:
        supervise(office=world.offices[OTHER], organisation=unit, since=START, by=by)
        link_leader(leader=world.persons["书记"], organisation=unit, since=START, by=by)
        close_organisation(organisation=unit, until=YESTERDAY, by=by)
    rows = (
        Supervision.objects.get(organisation=unit),
        Link.objects.get(organisation=unit),
        Grant.objects.get(user=operator),
    )
    assert [row.until for row in rows] == [YESTERDAY] * 3
    assert open_grants(user=world.users["经办人丁"]) == 1
