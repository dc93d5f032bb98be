"""A planned talk is a plan: its outline is printed beforehand, it counts nothing until the talk has been held."""

from datetime import date, timedelta
from functools import partial
from io import BytesIO
from typing import Any

import docx
import pytest
from django.db import IntegrityError
from django.db.transaction import atomic
from django.test import Client
from tests.activities.test_papers import texts, written
from tests.talks.test_papers import OUTLINE, boxed
from tests.talks.test_talks import rule_of, staff
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core.clock import today
from jiandu.net.access.closing import open_records
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.analysis.selectors import figure
from jiandu.sources.activities.services.finishing import finish_round
from jiandu.sources.talks.models import Attendee, Invitee, Talk, TalkPlan
from jiandu.sources.talks.selectors import invited_to, plans, talks, whole
from jiandu.sources.talks.services import Invited
from jiandu.sources.talks.services.planning import Held, NewPlan, give_up_plan, hold_planned, plan_talk, replan_talk
from jiandu.sources.talks.word import outline_docx

__all__ = ["staff"]
SOON = today() + timedelta(days=7)


def new(world: World, people: list[Any], **more: Any) -> NewPlan:
    said = {
        "kind": "proactive",
        "on": SOON,
        "theme": "履行主体责任情况",
        "office": world.offices["第一监督检查室"],
        "officers": ["干部甲", "干部丙"],
        "invited": [Invited(each) for each in people],
        "outline": OUTLINE,
        "place": "谈话室",
        "recorder": "干部丙",
    }
    return NewPlan(**(said | more))


def planned(world: World, people: list[Any], **more: Any) -> TalkPlan:
    with as_(world.viewer("干部甲")) as by:
        return plan_talk(new=new(world, people, **more), by=by)


def held(people: list[Any], **more: Any) -> Held:
    said = {"on": today(), "officers": ["干部甲", "干部丙"], "invited": [Invited(each) for each in people]}
    return Held(**(said | more))


def counted() -> tuple[object, object, int, int]:
    """主动约谈 of the year, sessions, talks in the register, attendees."""
    with as_(SYSTEM) as by:
        ask = Ask(today().year, date(today().year, 12, 31))
        values = [figure(by, key, ask).value for key in ("proactive_talks", "proactive_sessions")]
        return values[0], values[1], talks(by).count(), Attendee.objects.count()


def test_a_plan_counts_nothing_until_the_talk_is_held(world: World, staff: dict[str, Any]) -> None:
    plan = planned(world, [staff["局长"], staff["副局长"]])
    assert counted() == (0, 0, 0, 0)
    with as_(world.viewer("干部甲")) as by:
        talk = hold_planned(plan=plan, by=by, held=held([staff["局长"]], learned="制度不全。"))
        told = whole(by, talk)
    assert counted() == (1, 1, 1, 1)
    assert (talk.theme, talk.outline, talk.learned, talk.kind) == (plan.theme, OUTLINE, "制度不全。", "proactive")
    assert [row.person.name for row in told.attendees] == ["教育局长"]  # who did not come is not counted
    with as_(world.viewer("干部甲")) as by:
        again = partial(hold_planned, plan=plan, by=by, held=held([staff["局长"]]))
        assert rule_of(again) == "plan-closed"
        assert list(plans(by)) == []
        assert [(row.talk_id, row.pk) for row in plans(by, is_open=False)] == [(talk.pk, plan.pk)]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"officers": ["干部甲"]}, "two-officers"),
        ({"recorder": "路人"}, "recorder"),
        ({"theme": " "}, "theme-needed"),
        ({"invited": []}, "attendee-needed"),
    ],
)
def test_planning_refuses(world: World, staff: dict[str, Any], change: dict[str, Any], rule: str) -> None:
    assert rule_of(lambda: planned(world, [staff["局长"]], **change)) == rule
    with as_(SYSTEM):
        assert TalkPlan.objects.count() == 0


def test_a_talk_is_not_planned_for_after_the_end_of_its_round(world: World, staff: dict[str, Any]) -> None:
    activity = world.round()
    planned(world, [staff["局长"]], activity=activity)
    with as_(world.viewer("干部甲")) as by:
        finish_round(activity=activity, by=by, on=today())
    assert rule_of(lambda: planned(world, [staff["局长"]], activity=activity)) == "round-finished"
    assert rule_of(lambda: planned(world, [staff["局长"]], activity=world.project())) == "talk-in-round"


def test_a_plan_is_put_otherwise_and_given_up(world: World, staff: dict[str, Any]) -> None:
    plan = planned(world, [staff["局长"], staff["副局长"]])
    with as_(world.viewer("干部甲")) as by:
        later = SOON + timedelta(days=1)
        replan_talk(plan=plan, by=by, new=new(world, [staff["副局长"], staff["采购科长"]], on=later, outline="另拟"))
        people = invited_to(by, [plan])[plan.pk]
        assert [row.person.name for row in people] == ["教育副局长", "教育采购科长"]
        assert TalkPlan.objects.get(pk=plan.pk).on == later
        assert rule_of(partial(give_up_plan, plan=plan, by=by, reason=" ")) == "reason-needed"
        give_up_plan(plan=plan, by=by, reason="对象调离")
        assert rule_of(partial(hold_planned, plan=plan, by=by, held=held([staff["副局长"]]))) == "plan-closed"
        assert rule_of(partial(replan_talk, plan=plan, by=by, new=new(world, [staff["副局长"]]))) == "plan-closed"
    with as_(SYSTEM):
        assert Invitee.objects.filter(plan=plan).count() == 3  # who was on the list stays on record
        verbs = list(Entry.objects.filter(verb__startswith="talk_plan.").order_by("seq").values_list("verb", flat=True))
    assert verbs == ["talk_plan.plan", "talk_plan.adjust", "talk_plan.give_up"]
    assert counted() == (0, 0, 0, 0)


def test_the_table_keeps_held_and_given_up_apart(world: World, staff: dict[str, Any]) -> None:
    plan = planned(world, [staff["局长"]])
    with as_(world.viewer("干部甲")) as by:
        hold_planned(plan=plan, by=by, held=held([staff["局长"]]))
    with as_(SYSTEM), pytest.raises(IntegrityError), atomic():
        TalkPlan.objects.filter(pk=plan.pk).update(withdrawn_on=today())


def test_the_outline_is_printed_before_the_talk(world: World, staff: dict[str, Any]) -> None:
    plan = planned(world, [staff["局长"], staff["副局长"]])
    file = written(outline_docx, plan)
    said, boxes = texts(file), boxed(file)
    assert said[said.index("一、谈话内容") + 1 :][:2] == OUTLINE.splitlines()
    assert {label: boxes[label] for label in ("谈 话 人", "记 录 人", "地　　点", "谈话对象")} == {
        "谈 话 人": "干部甲",
        "记 录 人": "干部丙",
        "地　　点": "谈话室",
        "谈话对象": "教育局长　市教育局局长（一把手）\n教育副局长　市教育局副局长（班子成员）",
    }


def test_an_office_does_not_close_on_talks_that_wait(world: World, staff: dict[str, Any]) -> None:
    office = world.offices["第一监督检查室"]
    assert open_records(office) == []
    plan = planned(world, [staff["局长"]])
    assert open_records(office) == ["谈话计划1件"]
    with as_(world.viewer("干部甲")) as by:
        give_up_plan(plan=plan, by=by, reason="对象调离")
    assert open_records(office) == []


def test_a_talk_through_its_pages_from_the_plan_to_the_register(world: World, staff: dict[str, Any]) -> None:
    client = Client()
    client.force_login(world.users["干部甲"])
    said = {
        "kind": "proactive", "on": today().isoformat(), "theme": "履职情况", "officers": "干部甲、干部丙",
        "people": "教育局长\n教育副局长 市教育局", "office": world.offices["第一监督检查室"].pk, "outline": OUTLINE,
    }  # fmt: skip
    assert client.post("/desk/talks/plan/", said).status_code == 303
    with as_(SYSTEM):
        plan = TalkPlan.objects.get()
    place = f"/desk/talks/plans/{plan.uid}/"
    assert place in client.get("/desk/talks/?tab=plans").content.decode()
    assert "履职情况" not in client.get("/desk/talks/").content.decode()
    paper = docx.Document(BytesIO(client.get(f"{place}outline/").content))
    assert OUTLINE.splitlines()[0] in texts(paper)
    form = client.get(f"{place}?act=replan").context["opened"].form
    assert {name: form[name].value() for name in ("officers", "people", "outline")} == {
        "officers": "干部甲、干部丙", "people": "教育局长 市教育局\n教育副局长 市教育局", "outline": OUTLINE,
    }  # fmt: skip
    ahead = {**said, "outline": "另拟"}
    del ahead["office"]
    assert client.post(f"{place}replan/", ahead).status_code == 303
    begin = client.get(f"{place}?act=held").context["opened"].form
    done = {name: begin[name].value() for name in ("officers", "people")} | {"on": today().isoformat()}
    assert client.post(f"{place}held/", {**done, "learned": "制度不全"}).status_code == 303
    with as_(SYSTEM):
        talk = Talk.objects.get()
    assert (talk.outline, talk.learned) == ("另拟", "制度不全")
    shown = client.get(place).content.decode()
    assert (f"/desk/talks/{talk.uid}/" in shown, "act=held" in shown, "已谈话" in shown) == (True, False, True)
    assert place in client.get("/desk/talks/?tab=plans-closed").content.decode()
    other = Client()
    other.force_login(world.users["干部乙"])
    assert [other.get(each).status_code for each in (place, f"{place}outline/")] == [404, 404]
    assert other.post(f"{place}give-up/", {"on": today().isoformat(), "reason": "试"}).status_code == 404
