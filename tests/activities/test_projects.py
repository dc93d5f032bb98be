"""Projects of several bodies: each tells its own, takes its own back, and is counted once."""

from datetime import date
from typing import Any

import pytest
from tests.activities.test_activities import rule_of, value
from tests.surfaces.desk.test_findings import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.loop.findings.models import Repeat
from jiandu.loop.findings.services import approvals as findings_approvals
from jiandu.loop.findings.services.deciding import decide_repeat
from jiandu.loop.instruments.services.drafting import NewInstrument, draft, withdraw
from jiandu.net.access.deciding import Signature
from jiandu.sources.activities.models import Activity, ActivityApproval, Event
from jiandu.sources.activities.project_parts import Urge
from jiandu.sources.activities.selectors import approvals, closings_of, parties_of, urged, urges_of
from jiandu.sources.activities.services.deciding import approve_activity, end_activity, put_off_activity
from jiandu.sources.activities.services.events import tell, withdraw_event
from jiandu.sources.activities.services.planning import amend_activity
from jiandu.sources.activities.services.proposing import (
    NewClosing,
    decide,
    evaluate,
    propose,
    take_back_proposal,
    withdraw_closing,
)
from jiandu.sources.activities.services.urging import answer_urge, urge, withdraw_urge

DAY, LATER = date(2022, 11, 1), date(2023, 3, 31)
BODY, LEAD = "驻市教育局纪检监察组", "第一监督检查室"
OFFICER, OF_BODY = "干部甲", "驻教干部"


def told(project: Activity) -> list[tuple[object, ...]]:
    with as_(SYSTEM):
        rows = Event.objects.filter(activity=project).order_by("pk")
        return list(rows.values_list("verb", "on", "office__name", "withdrawn_for"))


def note(world: World, project: Activity, who: str, verb: str = "follow_up", on: date = date(2022, 3, 1)) -> Event:
    with as_(world.viewer(who)) as by:
        return tell(activity=project, by=by, verb=verb, on=on, note="" if verb == "no_change" else "已走访三家")


def test_each_body_says_once_a_month_that_nothing_has_changed(world: World) -> None:
    project = world.project(members=(BODY,))
    for who in (OFFICER, OF_BODY):
        note(world, project, who, "no_change")
    assert rule_of(lambda: note(world, project, OFFICER, "no_change", date(2022, 3, 31))) == "month-told"
    note(world, project, OFFICER, "no_change", date(2022, 4, 1))
    days = [(on, office) for _verb, on, office, _gone in told(project)]
    assert days == [(date(2022, 3, 1), LEAD), (date(2022, 3, 1), BODY), (date(2022, 4, 1), LEAD)]


def test_a_note_is_taken_back_by_its_body_or_by_the_lead_and_stays_with_the_reason(world: World) -> None:
    project = world.project(members=(BODY,))
    ours, theirs = (note(world, project, who) for who in (OFFICER, OF_BODY))
    with as_(world.viewer(OF_BODY)) as by:
        assert rule_of(lambda: withdraw_event(event=ours, by=by, reason="不是我们的")) == "other-body"
        assert rule_of(lambda: withdraw_event(event=theirs, by=by, reason=" ")) == "reason-needed"
        withdraw_event(event=theirs, by=by, reason="日期有误")
    with as_(world.viewer(OFFICER)) as by:
        withdraw_event(event=note(world, project, OF_BODY), by=by, reason="重复登记")
    assert [gone for *_rest, gone in told(project)] == ["", "日期有误", "重复登记"]
    note(world, project, OFFICER, "no_change")
    with as_(SYSTEM) as by:
        withdraw_event(event=Event.objects.get(activity=project, verb="no_change"), by=by, reason="有变化")
    note(world, project, OFFICER, "no_change")  # what was taken back says nothing


def test_one_click_on_the_page_and_a_wrong_note_is_taken_back_there(world: World) -> None:
    project = world.project(year=today().year, members=(BODY,))
    place, client = f"/desk/projects/{project.uid}/", client_of(world, OFFICER)
    assert '<form method="post" action="no-change/">' in client.get(place).content.decode()
    assert client.post(f"{place}no-change/").status_code == 303
    again = client.post(f"{place}no-change/")
    assert (again.status_code, "已登记“本月无变化”" in again.content.decode()) == (422, True)
    assert told(project) == [("no_change", today(), LEAD, "")]
    with as_(SYSTEM):
        key = Event.objects.get(activity=project).pk
    assert f"?act=withdraw-event&amp;on={key}" in client.get(place).content.decode()
    said = {"on": today().isoformat(), "reason": "本月有变化"}
    assert client.post(f"{place}withdraw-event/?on={key}", said).status_code == 303
    shown = client.get(place).content.decode()
    assert ("已撤下：本月有变化" in shown, f"&amp;on={key}" in shown) == (True, False)
    assert client.post(f"{place}withdraw-event/?on={key}", said).status_code == 404


def test_what_was_decided_is_not_taken_back_as_a_note(world: World) -> None:
    project = world.project()
    with as_(world.viewer("主任甲")) as by:
        assert rule_of(lambda: tell(activity=project, by=by, verb="put_off", on=DAY, note="未完成")) == "by-decision"
        put_off_activity(activity=project, by=by, on=DAY, note="两项未完成", until=LATER)
        put_off = Event.objects.get(activity=project)
    client = client_of(world, "主任甲")
    said = {"on": today().isoformat(), "reason": "误登"}
    assert client.post(f"/desk/projects/{project.uid}/withdraw-event/?on={put_off.pk}", said).status_code == 404


# --- selection and the end ---


def answers(proposes: str, on: date = DAY, **more: Any) -> NewClosing:
    given = {"targets": "partly", "findings": "yes", "rules": "yes", "materials": "no", "note": "两项目标未达成"}
    return NewClosing(on=on, proposes=proposes, found=3, settled=2, rules_made=1, **given | more)


def waiting(project: Activity) -> list[ActivityApproval]:
    with as_(SYSTEM):
        return list(ActivityApproval.objects.filter(activity=project, status="waiting"))


def reread(project: Activity) -> Activity:
    with as_(SYSTEM):
        return Activity.objects.get(pk=project.pk)


def signed(row: ActivityApproval, *, is_granted: bool = True, on: date = DAY) -> Signature:
    return Signature(is_granted, on, "同意" if is_granted else "再补材料")


def test_what_is_proposed_is_taken_up_or_dropped_by_the_leader_with_the_reason(world: World) -> None:
    taken, dropped = world.project(approved_on=None), world.project(approved_on=None)
    with as_(world.viewer(OFFICER)) as by:
        assert rule_of(lambda: propose(activity=dropped, by=by, verb="drop", reason=" ")) == "reason-needed"
        propose(activity=taken, by=by, verb="approve", reason="群众反映集中")
        row = propose(activity=dropped, by=by, verb="drop", reason="与专项整治重复")
        assert rule_of(lambda: propose(activity=dropped, by=by, verb="drop", reason="又")) == "already-asked"
        assert rule_of(lambda: decide(approval=row, by=by, signature=signed(row))) == "not-allowed"
    assert value("projects") == 0
    with as_(world.viewer("主任甲")) as by:
        for each in (*waiting(taken), *waiting(dropped)):
            decide(approval=each, by=by, signature=signed(each))
        assert rule_of(lambda: decide(approval=row, by=by, signature=signed(row))) == "already-decided"
        assert rule_of(lambda: approve_activity(activity=dropped, by=by, on=DAY)) == "already-decided"
    assert (reread(taken).approved_on, reread(dropped).approved_on, reread(dropped).dropped_on) == (DAY, None, DAY)
    assert value("projects") == 1


def test_a_refused_proposal_makes_nothing_and_one_taken_back_is_made_anew(world: World) -> None:
    project = world.project(approved_on=None)
    with as_(world.viewer(OFFICER)) as by:
        row = propose(activity=project, by=by, verb="drop", reason="写错了")
        take_back_proposal(approval=row, by=by, reason="应为立项")
        again = propose(activity=project, by=by, verb="drop", reason="重复")
    with as_(world.viewer("主任甲")) as by:
        assert rule_of(lambda: decide(approval=row, by=by, signature=signed(row))) == "already-decided"
        decide(approval=again, by=by, signature=signed(again, is_granted=False))
    assert (reread(project).dropped_on, waiting(project)) == (None, [])


def test_who_asked_does_not_decide_and_a_body_that_takes_part_neither_asks_nor_decides(world: World) -> None:
    project = world.project(members=(BODY,))
    with as_(world.viewer("主任甲")) as by:
        row = propose(activity=project, by=by, verb="merge", reason="重复", into=world.project())
        assert rule_of(lambda: decide(approval=row, by=by, signature=signed(row))) == "approve-other-person"
    with as_(world.viewer(OF_BODY)) as by:
        assert rule_of(lambda: evaluate(activity=project, by=by, new=answers("stop"))) == "lead-only"
    world.user("驻教组长", "stationed_head", office=BODY)
    with as_(world.viewer("驻教组长")) as by:
        assert rule_of(lambda: decide(approval=row, by=by, signature=signed(row))) == "lead-only"
        assert list(approvals(by, "mine")) == []
    with as_(world.viewer("书记")) as by:
        assert list(approvals(by, "mine")) == [row]
        decide(approval=row, by=by, signature=signed(row))
    assert reread(project).merged_into_id


@pytest.mark.parametrize(("proposes", "more"), [("end", {}), ("put_off", {"until": LATER}), ("stop", {})])
def test_a_closing_evaluation_proposes_and_the_leader_decides(world: World, proposes: str, more: Any) -> None:
    project = world.project(due_on=date(2022, 11, 30))
    with as_(world.viewer(OFFICER)) as by:
        evaluate(activity=project, by=by, new=answers(proposes, **more))
    (row,) = waiting(project)
    assert (row.verb, row.note, row.until) == (proposes, "两项目标未达成", more.get("until"))
    with as_(world.viewer("主任甲")) as by:
        decide(approval=row, by=by, signature=signed(row))
    after = reread(project)
    ends = proposes != "put_off"
    assert (after.ended_on, after.is_stopped) == (DAY if ends else None, proposes == "stop")
    assert after.due_on == (date(2022, 11, 30) if ends else LATER)


def test_an_evaluation_put_off_needs_a_later_day_and_one_that_is_wrong_is_taken_back(world: World) -> None:
    project = world.project(due_on=date(2022, 11, 30))
    with as_(world.viewer(OFFICER)) as by:
        for until in (None, DAY, date(2022, 11, 30)):
            new = answers("put_off", until=until)
            assert rule_of(lambda n=new: evaluate(activity=project, by=by, new=n)) == "until-needed"  # type: ignore[misc]
        row = evaluate(activity=project, by=by, new=answers("end", until=LATER))
        assert (row.until, row.found, row.settled, row.rules_made) == (None, 3, 2, 1)
        withdraw_closing(closing=row, by=by, reason="结论有误")
        assert list(closings_of(by, project)) == []
    assert waiting(project) == []
    with as_(world.viewer("主任甲")) as by:
        assert rule_of(lambda: end_activity(activity=project, by=by, on=DAY, note="完成")) == "closing-needed"


def test_the_planned_end_is_set_with_the_plan_and_then_moved_by_putting_off_alone(world: World) -> None:
    project = world.project(approved_on=None)
    said = {"activity": project, "name": project.name, "plan": "方案"}
    with as_(world.viewer(OFFICER)) as by:
        for day in (date(2022, 11, 30), date(2022, 12, 31)):
            amend_activity(**said, by=by, due_on=day)
    with as_(world.viewer("主任甲")) as by:
        approve_activity(activity=project, by=by, on=date(2022, 2, 1))
        assert rule_of(lambda: amend_activity(**said, by=by, due_on=LATER)) == "due-approved"
        amend_activity(**said, by=by)
    assert reread(project).due_on == date(2022, 12, 31)


def test_on_the_page_an_evaluation_says_what_the_records_say_and_is_decided(world: World) -> None:
    project = world.project()
    world.closed(activity=project)
    world.finding(activity=project)
    place = f"/desk/projects/{project.uid}/"
    officer, head = client_of(world, OFFICER), client_of(world, "主任甲")
    assert "发现问题2个，已销号1个，推动建章立制0项" in officer.get(f"{place}plan/?act=evaluate").content.decode()
    said = {"on": "2022-11-01", "proposes": "end", "note": "目标任务完成", "targets_note": "三项目标均已达成"}
    said |= dict.fromkeys(["targets", "findings", "rules", "materials"], "yes")
    assert officer.post(f"{place}plan/evaluate/", said).status_code == 303
    shown = head.get(place).content.decode() + head.get(f"{place}plan/").content.decode()
    for words in ("待结项", "三项目标均已达成", "发现2个，已销号1个", "待审批"):
        assert words in shown, words
    (row,) = waiting(project)
    assert head.get(f"{place}?act=decide&on={row.pk}").status_code == 200
    assert officer.post(f"{place}decide/?on={row.pk}", {"is_granted": "yes", "on": "2022-11-02"}).status_code == 404
    assert head.post(f"{place}decide/?on={row.pk}", {"is_granted": "yes", "on": "2022-11-02"}).status_code == 303
    assert reread(project).ended_on == date(2022, 11, 2)


def test_a_merged_project_says_where_it_went_and_the_main_one_what_came_in(world: World) -> None:
    project, main = world.project(members=(BODY,)), world.project()
    officer, head = client_of(world, OFFICER), client_of(world, "主任甲")
    said = {"verb": "merge", "reason": "内容相同", "code": main.code}
    assert officer.post(f"/desk/projects/{project.uid}/propose/", said).status_code == 303
    (row,) = waiting(project)
    place = f"/desk/projects/{project.uid}/"
    assert head.post(f"{place}decide/?on={row.pk}", {"is_granted": "yes", "on": "2022-06-01"}).status_code == 303
    assert f'<a href="/desk/projects/{main.uid}/">{main}</a>' in head.get(place).content.decode()
    assert f'<a href="{place}">{project.name}</a>' in head.get(f"/desk/projects/{main.uid}/plan/").content.decode()
    assert f'<a href="/desk/projects/{main.uid}/">{main.code}</a>' in head.get("/desk/projects/").content.decode()
    assert value("projects", today()) == 1


# --- what the bodies enter ---


def asked(world: World, project: Activity, on: date = date(2022, 3, 10)) -> Urge:
    with as_(world.viewer(OFFICER)) as by:
        return urge(activity=project, by=by, office=world.offices[BODY], on=on, note="请登记三月的问题")


def test_a_body_is_urged_by_the_lead_and_answers_for_itself(world: World) -> None:
    project, alone = world.project(members=(BODY,)), world.project()
    row = asked(world, project)
    assert rule_of(lambda: asked(world, project)) == "urged"
    assert rule_of(lambda: asked(world, alone)) == "not-a-member"
    with as_(world.viewer(OFFICER)) as by:
        assert rule_of(lambda: answer_urge(row=row, by=by, note="代为回复")) == "other-body"
        assert list(urged(by)) == []
    with as_(world.viewer(OF_BODY)) as by:
        said = {"activity": project, "by": by, "office": world.offices[LEAD], "on": DAY, "note": "反过来催"}
        assert rule_of(lambda: urge(**said)) == "lead-only"
        assert rule_of(lambda: withdraw_urge(row=row, by=by, reason="不想报")) == "lead-only"
        assert list(urged(by)) == [row]
        answer_urge(row=row, by=by, note="本月走访未结束")
        assert list(urged(by)) == []
    again = asked(world, project)
    with as_(world.viewer(OFFICER)) as by:
        withdraw_urge(row=again, by=by, reason="已口头说明")
    with as_(world.viewer(OF_BODY)) as by:
        assert list(urged(by)) == []


@pytest.mark.parametrize(("verb", "answer"), [("no_change", "本月无变化"), ("follow_up", "跟进：已走访三家")])
def test_what_the_body_tells_answers_what_it_was_urged_for(world: World, verb: str, answer: str) -> None:
    project = world.project(members=(BODY,))
    row = asked(world, project)
    note(world, project, OFFICER, verb, date(2022, 3, 11))  # the lead's own note answers for nobody
    with as_(world.viewer(OF_BODY)) as by:
        assert list(urged(by)) == [row]
    note(world, project, OF_BODY, verb, date(2022, 3, 12))
    with as_(SYSTEM) as by:
        assert list(urges_of(by, project).values_list("answer", "answered_on")) == [(answer, today())]


def test_the_lead_sees_what_each_body_entered_and_the_body_sees_that_it_is_urged(world: World) -> None:
    project = world.project(members=(BODY, "思明区纪委监委"))
    world.finding(activity=project, office=BODY, on=date(2022, 3, 5))
    place, lead, body = f"/desk/projects/{project.uid}/plan/", client_of(world, OFFICER), client_of(world, OF_BODY)
    shown = lead.get(place).content.decode()
    table = shown[shown.index("各机构登记情况") :]
    assert [table.index(name) for name in (LEAD, BODY, "思明区纪委监委")] == sorted(
        table.index(name) for name in (LEAD, BODY, "思明区纪委监委")
    )
    assert "2022-03-05" in table
    assert "各机构登记情况" not in body.get(place).content.decode()
    with as_(SYSTEM) as by:
        key = parties_of(by, project).get(office=world.offices[BODY]).pk
    said = {"on": "2022-03-10", "note": "请登记三月的问题"}
    assert body.post(f"{place}urge/?on={key}", said).status_code == 422
    assert lead.post(f"{place}urge/?on={key}", said).status_code == 303
    home = body.get("/desk/").content.decode()
    assert ("请登记三月的问题" in home, place in home) == (True, True)
    assert "请登记三月的问题" not in lead.get("/desk/").content.decode()
    with as_(SYSTEM) as by:
        row = urges_of(by, project).get()
    assert f"?act=answer-urge&amp;on={row.pk}" in body.get(place).content.decode()
    assert body.post(f"{place}answer-urge/?on={row.pk}", {"note": "本周报送"}).status_code == 303
    assert "请登记三月的问题" not in body.get("/desk/").content.decode()
    assert "本周报送" in lead.get(place).content.decode()


def test_what_is_put_to_the_head_waits_on_his_desk(world: World) -> None:
    project = world.project(approved_on=None)
    with as_(world.viewer(OFFICER)) as by:
        propose(activity=project, by=by, verb="approve", reason="群众反映集中")
    homes = [client_of(world, name).get("/desk/").content.decode() for name in ("主任甲", OFFICER, "主任乙")]
    assert ["群众反映集中" in home for home in homes] == [True, False, False]


def test_the_same_problem_from_two_bodies_of_a_project_is_proposed_as_a_repeat_and_the_project_counts_once(
    world: World,
) -> None:
    project = world.project(members=(BODY,))
    ours = world.finding(activity=project, problem="公示不及时", on=date(2022, 3, 1))
    theirs = world.finding(activity=project, office=BODY, problem="公示不及时", on=date(2022, 3, 2))
    world.finding(activity=project, office=BODY, problem="公示不及时", unit="市财政局", on=date(2022, 3, 2))
    with as_(SYSTEM):
        found = list(Repeat.objects.values_list("finding_id", "earlier_id", "by_officer"))
    assert found == [(theirs.pk, ours.pk, False)]
    assert [value(key) for key in ("projects", "project_bodies", "project_findings")] == [1, 1, 3]
    with as_(SYSTEM) as by:
        decide_repeat(repeat=Repeat.objects.get(), by=by, decision="merge", on=date(2022, 3, 3), note="同一问题")
        row = theirs.approvals.get(verb="merge")
    with as_(world.viewer("书记")) as by:
        findings_approvals.decide(approval=row, by=by, signature=Signature(True, date(2022, 3, 4), "同意"))
    assert [value(key) for key in ("projects", "project_bodies", "project_findings")] == [1, 1, 2]


def test_letters_of_the_project_and_about_its_findings_stand_on_its_page(world: World) -> None:
    project, other = world.project(), world.project()
    finding = world.finding(activity=project)
    said = {"office": world.offices[LEAD], "subject": world.units["市教育局"], "drafted_on": date(2022, 3, 10)}
    with as_(SYSTEM) as by:
        draft(new=NewInstrument("reminder", "项目函", activity=project, **said), by=by)
        draft(new=NewInstrument("urging", "问题函", findings=[finding], **said), by=by)
        draft(new=NewInstrument("urging", "两处都有", activity=project, findings=[finding], **said), by=by)
        draft(new=NewInstrument("reminder", "别的项目函", activity=other, **said), by=by)
        gone = draft(new=NewInstrument("reminder", "撤下的函", activity=project, **said), by=by)
        withdraw(instrument=gone, by=by, reason="拟错")
    shown = client_of(world, OFFICER).get(f"/desk/projects/{project.uid}/").content.decode()
    titles = ("项目函</td>", ">问题函", ">两处都有", "别的项目函", "撤下的函")
    assert [shown.count(title) for title in titles] == [1, 1, 1, 0, 0]
    assert f"act=draft&amp;kind=reminder&amp;activity={project.uid}" in shown
