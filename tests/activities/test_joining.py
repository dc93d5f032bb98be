"""上门安排 and 合并开展: planned, moved, carried out; joined with another office that is asked, and never blocked."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.surfaces.desk.test_schedule import FIRST, SECOND, linked
from tests.world import START, SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.loop.grassroots.models import Check
from jiandu.loop.grassroots.services.checks import NewCheck, NewInspection, inspect, open_check, withdraw_inspection
from jiandu.net.access.closing import retire_office
from jiandu.net.access.models import Level
from jiandu.net.access.services import recuse
from jiandu.sources.activities.arranged import joint_by_uid, joints_of, joints_waiting
from jiandu.sources.activities.arrangements import Arrangement, Joint
from jiandu.sources.activities.models import Activity, LinkedUnit
from jiandu.sources.activities.schedule import Kind, Theirs, window
from jiandu.sources.activities.services.arranging import NewArrangement, arrange, cancel, rearrange
from jiandu.sources.activities.services.division import replan_unit
from jiandu.sources.activities.services.joining import answer_joint, cancel_joint, join
from jiandu.sources.talks.services import Invited
from jiandu.sources.talks.services.planning import NewPlan, plan_talk
from jiandu.surfaces.desk.schedule import clashes

SOON = today() + timedelta(days=40)
UNIT = "市财政局"


def check(world: World, office: str = FIRST) -> Activity:
    with as_(SYSTEM) as by:
        said = NewCheck(Check.Kind.ASSETS, f"JC{world.number()}", "三资检查", 2022, world.offices[office], START)
        return open_check(new=said, by=by).activity


def arranged(world: World, who: str = "干部甲", on: date = SOON, *, office: str = FIRST, **more: bool) -> Arrangement:
    activity = check(world, office)
    with as_(world.viewer(who)) as by:
        return arrange(activity=activity, by=by, new=NewArrangement(world.units[UNIT], on, **more))


def theirs(world: World, on: date, kind: str = Kind.VISIT, office: str = SECOND) -> Theirs:
    return Theirs(world.offices[office].pk, kind, on)


def joined(world: World) -> tuple[Arrangement, LinkedUnit, Joint]:
    """A check of the first office goes on the day on which a round of the second one comes."""
    row, other = arranged(world), linked(world, on=SOON + timedelta(days=9))
    with as_(world.viewer("干部甲")) as by:
        return row, other, join(plan=row, by=by, theirs=theirs(world, SOON + timedelta(days=9)))


def now_is(model: type, row: object) -> object:
    with as_(SYSTEM):
        return model.objects.get(pk=row.pk)  # type: ignore[attr-defined]


def test_arrange_moves_and_cancels_with_a_word_in_the_log(world: World) -> None:
    row = arranged(world)
    with as_(world.viewer("干部甲")) as by:
        with pytest.raises(Refused, match="尚未开展"):
            arrange(activity=row.activity, by=by, new=NewArrangement(world.units[UNIT], SOON))
        rearrange(row=row, by=by, on=SOON + timedelta(days=1))
        cancel(row=row, by=by, reason="任务调整")
        with pytest.raises(Refused, match="已开展或已取消"):
            rearrange(row=row, by=by, on=SOON)
        arrange(activity=row.activity, by=by, new=NewArrangement(world.units[UNIT], SOON))
    with as_(SYSTEM):
        verbs = list(Entry.objects.filter(verb__contains="arrange").order_by("seq").values_list("verb", flat=True))
    assert verbs == [f"activity.{verb}" for verb in ("arrange", "rearrange", "cancel_arrangement", "arrange")]


def test_arrange_is_refused_to_another_office_in_a_round_and_in_what_has_ended(world: World) -> None:
    row, round_ = arranged(world), world.round()
    with as_(SYSTEM):
        Activity.objects.filter(pk=row.activity_id).update(ended_on=today())
    new = NewArrangement(world.units["市教育局"], SOON)
    with as_(SYSTEM):
        ended = Activity.objects.get(pk=row.activity_id)
    cases = ((ended, "干部乙", "权限"), (ended, "干部甲", "已结项"), (round_, "干部甲", "挂钩单位"))
    for activity, who, words in cases:
        with as_(world.viewer(who)) as by, pytest.raises(Refused, match=words):
            arrange(activity=activity, by=by, new=new)


def test_an_inspection_carries_the_arrangement_out_and_its_withdrawal_opens_it_again(world: World) -> None:
    row = arranged(world)
    with as_(world.viewer("干部甲")) as by:
        made = inspect(activity=row.activity, by=by, new=NewInspection(world.units[UNIT], today(), "甲"))
        assert Arrangement.objects.get(pk=row.pk).held_on == today()
        withdraw_inspection(inspection=made, by=by, reason="错录")
        assert Arrangement.objects.get(pk=row.pk).held_on is None


def test_join_moves_the_plan_and_tells_both_offices(world: World) -> None:
    row, other, joint = joined(world)
    assert now_is(Arrangement, row).on == SOON + timedelta(days=9)  # type: ignore[attr-defined]
    for who, activity, waits in (("干部甲", row.activity_id, 0), ("干部乙", other.activity_id, 1)):
        with as_(world.viewer(who)) as by:
            mine = Activity.objects.get(pk=activity)
            assert [one.pk for one in joints_of(by, mine)] == [joint.pk]
            assert joints_waiting(by).count() == waits
    with as_(world.viewer("干部乙")) as by:
        with pytest.raises(Refused, match="请写明内容"):
            answer_joint(joint=joint, by=by, answer="declined")
        answer_joint(joint=joint, by=by, answer="agreed")
        with pytest.raises(Refused, match="已答复"):
            answer_joint(joint=joint, by=by, answer="declined", note="改期")
        assert joints_waiting(by).count() == 0
        assert not Activity.objects.filter(pk=row.activity_id).exists(), "the activity itself is not opened"
    with as_(SYSTEM):
        verbs = list(Entry.objects.filter(verb__startswith="joint.").order_by("seq").values_list("verb", flat=True))
        assert verbs == ["joint.propose", "joint.answer"]


def test_only_the_other_office_answers_and_a_third_one_sees_nothing(world: World) -> None:
    _row, _other, joint = joined(world)
    with as_(world.viewer("干部甲")) as by, pytest.raises(Refused, match="由对方室组答复"):
        answer_joint(joint=joint, by=by, answer="agreed")
    with as_(world.viewer("驻教干部")) as by:
        assert joint_by_uid(by, joint.uid) is None
    with as_(world.viewer("书记")) as by:
        assert joint_by_uid(by, joint.uid) is not None, "the control: it is there"


def test_who_takes_over_from_the_other_office_finds_the_request_on_his_desk(world: World) -> None:
    _plan, _linked, joint = joined(world)
    third = "思明区纪委监委"
    with as_(world.viewer("区纪委书记")) as by:
        assert list(joints_waiting(by)) == []
    with as_(world.viewer("系统管理员")) as by:
        retire_office(office=world.offices[SECOND], to=world.offices[third], until=today() - timedelta(days=1), by=by)
    with as_(world.viewer("区纪委书记")) as by:
        assert list(joints_waiting(by)) == [joint]
        row = answer_joint(joint=joint, by=by, answer="agreed")
        assert (row.answer, row.other_office) == ("agreed", world.offices[third])


def test_a_refusal_blocks_nothing(world: World) -> None:
    row, other, joint = joined(world)
    with as_(world.viewer("干部乙")) as by:
        answer_joint(joint=joint, by=by, answer="declined", note="已约定时间")
    with as_(world.viewer("干部甲")) as by:
        rearrange(row=now_is(Arrangement, row), by=by, on=SOON)  # type: ignore[arg-type]
        inspect(activity=row.activity, by=by, new=NewInspection(world.units[UNIT], today(), "甲"))
    assert now_is(LinkedUnit, other).planned_on == SOON + timedelta(days=9)  # type: ignore[attr-defined]


@pytest.mark.parametrize("side", ["mine", "theirs"])
def test_a_day_that_moves_ends_what_was_joined(world: World, side: str) -> None:
    row, other, joint = joined(world)
    with as_(world.viewer("干部甲" if side == "mine" else "干部乙")) as by:
        if side == "mine":
            rearrange(row=now_is(Arrangement, row), by=by, on=SOON)  # type: ignore[arg-type]
        else:
            replan_unit(linked=LinkedUnit.objects.get(pk=other.pk), by=by, planned_on=SOON)
    assert now_is(Joint, joint).withdrawn_on == today()  # type: ignore[attr-defined]


def test_join_is_taken_back_by_either_side(world: World) -> None:
    _row, _other, joint = joined(world)
    with as_(world.viewer("干部乙")) as by:
        cancel_joint(joint=joint, by=by, reason="任务调整")
    assert now_is(Joint, joint).withdrawn_for == "任务调整"  # type: ignore[attr-defined]


def test_two_works_of_one_office_are_joined_at_once(world: World) -> None:
    row, _other = arranged(world), linked(world, office=FIRST, on=SOON + timedelta(days=3))
    with as_(world.viewer("干部甲")) as by:
        joint = join(plan=row, by=by, theirs=theirs(world, SOON + timedelta(days=3), office=FIRST))
    assert (joint.answer, joint.answered_on) == ("agreed", today())


def test_join_is_refused_where_there_is_no_such_day_to_be_told_of(world: World) -> None:
    """What is not told is not joined: a day that has gone, a level, a recusal, an unannounced plan are all the same."""
    on = SOON + timedelta(days=9)
    row, other = arranged(world), linked(world, on=on)
    quiet = arranged(world, "干部乙", on, office=SECOND, is_unannounced=True)
    assert quiet.is_unannounced
    with as_(SYSTEM):
        theirs_ = Activity.objects.get(pk=other.activity_id)

    def refused(one: Theirs, words: str = "对方的安排已变动") -> None:
        with as_(world.viewer("干部甲")) as by, pytest.raises(Refused, match=words):
            join(plan=Arrangement.objects.get(pk=row.pk), by=by, theirs=one)

    refused(theirs(world, on + timedelta(days=1)))
    refused(theirs(world, on, Kind.INSPECTION))
    refused(theirs(world, on, office=FIRST))
    refused(theirs(world, today() - timedelta(days=1)))
    with as_(SYSTEM) as by:
        Activity.objects.filter(pk=theirs_.pk).update(level=Level.SENSITIVE)
    refused(theirs(world, on))
    with as_(SYSTEM) as by:
        Activity.objects.filter(pk=theirs_.pk).update(level=Level.INTERNAL)
        recusal = recuse(user=world.users["干部甲"], by=by, thing=theirs_)
    refused(theirs(world, on))
    with as_(SYSTEM):
        recusal.until = today() - timedelta(days=1)
        recusal.since = START
        recusal.save()
        Activity.objects.filter(pk=row.activity_id).update(level=Level.SENSITIVE)
    refused(theirs(world, on), "工作敏感以上")
    with as_(SYSTEM):
        Activity.objects.filter(pk=row.activity_id).update(level=Level.INTERNAL)
    with as_(world.viewer("干部甲")) as by:
        assert join(plan=Arrangement.objects.get(pk=row.pk), by=by, theirs=theirs(world, on)).pk, "the control"
    refused(theirs(world, on), "已提请")


def test_an_unannounced_plan_is_told_to_its_own_office_alone(world: World) -> None:
    arranged(world, "干部乙", SOON, office=SECOND, is_unannounced=True)
    arranged(world, "干部乙", SOON + timedelta(days=1), office=SECOND)
    days = {}
    for who in ("干部甲", "主任乙"):
        with as_(world.viewer(who)) as by:
            days[who] = [clash.days for clash in clashes(by, {world.units[UNIT]: SOON})]
    assert days == {"干部甲": [1], "主任乙": [0, 1]}


def test_clashes_leave_out_the_work_itself_and_the_talks_of_its_round(world: World) -> None:
    row, person = linked(world, office=FIRST, on=SOON), world.person("张局", UNIT)
    with as_(SYSTEM) as by:
        round_ = Activity.objects.get(pk=row.activity_id)
        for days, activity in ((1, round_), (2, None)):
            on, office = SOON + timedelta(days=days), world.offices[FIRST]
            new = NewPlan("proactive", on, "廉政", office, ["甲", "乙"], [Invited(person)], activity=activity)
            plan_talk(new=new, by=by)
    with as_(world.viewer("干部甲")) as by:
        found = [clash.days for clash in clashes(by, {row.organisation: SOON}, besides=round_.uid)]
        every = [clash.days for clash in clashes(by, {row.organisation: SOON}, besides=uuid4())]
        assert (found, every, clashes(by, {})) == ([2], [0, 1, 2], [])


@settings(max_examples=200, deadline=None)
@given(st.dates(date(2001, 1, 1), date(2090, 1, 1)), st.integers(-90, 90))
def test_two_days_are_near_exactly_within_thirty_days_either_way(on: date, apart: int) -> None:
    other = on + timedelta(days=apart)
    low, high = window(on)
    back_low, back_high = window(other)
    assert (low <= other <= high, back_low <= on <= back_high) == (abs(apart) <= 30,) * 2


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(apart=st.lists(st.integers(-45, 45), min_size=1, max_size=4, unique=True), on=st.integers(0, 400))
def test_what_is_shown_is_what_lies_within_the_window(world: World, apart: list[int], on: int) -> None:
    day = SOON + timedelta(days=on)
    rows = [arranged(world, "干部乙", day + timedelta(days=each), office=SECOND) for each in apart]
    with as_(world.viewer("干部甲")) as by:
        found = [clash.days for clash in clashes(by, {world.units[UNIT]: day})]
    with as_(SYSTEM) as by:
        for row in rows:
            cancel(row=row, by=by, reason="测试")
    assert sorted(found) == sorted(each for each in apart if abs(each) <= 30)
