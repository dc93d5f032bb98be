"""What is decided about an activity is on record, online or on paper; a paper counts once a second person has seen it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.db.transaction import atomic
from tests.activities.test_activities import DAY, rule_of, value
from tests.surfaces.desk.test_findings import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.net.access.deciding import Signature
from jiandu.net.access.persons import Who
from jiandu.sources.activities.models import Activity, ActivityApproval, Event
from jiandu.sources.activities.services.deciding import (
    add_scan,
    approve_activity,
    confirm_paper,
    end_activity,
    merge_activity,
    put_off_activity,
    return_paper,
    sign_on_paper,
)
from jiandu.sources.activities.services.granting import Decided
from jiandu.surfaces.desk.files import upload

END, LATER = date(2022, 11, 1), date(2023, 3, 31)
BYTES = b"%PDF-1.4 signed on paper"


def paper(on: date = DAY, signer: str = "书记", *, granted: bool = True, opinion: str = "同意") -> Signature:
    return Signature(granted, on, opinion, Who(signer))


def typed(world: World, activity: Activity, verb: str, on: date = DAY, **more: Any) -> ActivityApproval:
    with as_(world.viewer("内勤甲")) as by:
        signature, what = more.pop("signature", paper(on)), Decided(verb, on, **more)
        return sign_on_paper(activity=activity, by=by, what=what, signature=signature)


def confirmed(world: World, row: ActivityApproval, who: str = "干部甲") -> ActivityApproval:
    with as_(world.viewer(who)) as by:
        return confirm_paper(approval=row, by=by)


def told(activity: Activity) -> list[tuple[Any, ...]]:
    with as_(SYSTEM):
        rows = ActivityApproval.objects.filter(activity=activity).order_by("pk")
        return list(rows.values_list("verb", "status", "is_paper", "signer_name", "signed_on"))


def reread(activity: Activity) -> Activity:
    with as_(SYSTEM):
        return Activity.objects.get(pk=activity.pk)


def test_a_paper_approval_counts_once_a_second_person_has_seen_it(world: World) -> None:
    project = world.project(approved_on=None)
    row = typed(world, project, "approve")
    assert (reread(project).approved_on, value("projects")) == (None, 0)
    with as_(world.viewer("内勤甲")) as by:
        assert rule_of(lambda: confirm_paper(approval=row, by=by)) == "two-persons"
        assert rule_of(lambda: approve_activity(activity=project, by=by, on=DAY)) == "not-allowed"
    confirmed(world, row)
    assert (reread(project).approved_on, value("projects")) == (DAY, 1)
    assert told(project) == [("approve", "granted", True, "书记", DAY)]
    with as_(world.viewer("干部甲")) as by:
        assert rule_of(lambda: confirm_paper(approval=row, by=by)) == "already-decided"


def test_the_database_keeps_two_persons_apart(world: World) -> None:
    row = typed(world, world.project(approved_on=None), "approve")
    with as_(SYSTEM), pytest.raises(IntegrityError, match="activity_approval_two_persons"), atomic():
        ActivityApproval.objects.filter(pk=row.pk).update(confirmed_by=row.typed_by_id)


def test_an_online_decision_is_on_record_and_history_is_not(world: World) -> None:
    project = world.project()  # by the system: nobody signed it here
    with as_(world.viewer("主任甲")) as by:
        put_off_activity(activity=project, by=by, on=DAY, note="两项未完成", until=END)
        assert rule_of(lambda: end_activity(activity=project, by=by, on=END, note="完成")) == "closing-needed"
    world.evaluated(project)
    with as_(world.viewer("主任甲")) as by:
        end_activity(activity=project, by=by, on=END, note="完成")
    assert told(project) == [("put_off", "granted", False, "主任甲", DAY), ("end", "granted", False, "主任甲", END)]


@pytest.mark.parametrize("verb", ["end", "stop", "put_off", "merge"])
def test_every_decision_on_a_project_may_be_on_paper(world: World, verb: str) -> None:
    project, main = world.project(), world.project()
    if verb == "end":
        world.evaluated(project)
    more = {"merge": {"into": main}, "put_off": {"until": LATER}}.get(verb, {})
    row = typed(world, project, verb, END, note="依据会议纪要", **more)
    before = reread(project)
    assert (before.ended_on, before.merged_into_id) == (None, None)
    confirmed(world, row)
    after = reread(project)
    ends, merges = verb in {"end", "stop"}, verb == "merge"
    assert (after.ended_on, after.is_stopped) == (END if ends else None, verb == "stop")
    assert (after.merged_into_id, after.merged_on) == (main.pk if merges else None, END if merges else None)
    with as_(SYSTEM):
        events = list(Event.objects.filter(activity=project).values_list("verb", "on", "by_name", "note"))
    assert events == ([("put_off", END, "书记", f"延期至{LATER}。依据会议纪要")] if verb == "put_off" else [])
    assert after.due_on == (LATER if verb == "put_off" else None)


def test_a_round_and_a_campaign_are_decided_on_paper(world: World) -> None:
    linked = world.round()
    confirmed(world, typed(world, linked, "approve_report", END))
    with as_(SYSTEM):
        assert Event.objects.filter(activity=linked, verb="approve_report").values_list("on", "by_name")[0] == (
            END,
            "书记",
        )
    assert told(linked) == [("approve_report", "granted", True, "书记", END)]
    with as_(world.viewer("内勤甲")) as by:  # a round is not ended by 结项
        said = {"what": Decided("end", END), "signature": paper(END)}
        assert rule_of(lambda: sign_on_paper(activity=linked, by=by, **said)) == "already-decided"


def test_a_refusal_on_paper_is_on_record_and_makes_nothing(world: World) -> None:
    project = world.project(approved_on=None)
    refusal = paper(granted=False, opinion="不同意，先做调研")
    confirmed(world, typed(world, project, "approve", signature=refusal))
    assert (reread(project).approved_on, told(project)[0][1]) == (None, "refused")
    confirmed(world, typed(world, project, "approve"))  # later the leader agrees
    assert reread(project).approved_on == DAY


def test_a_paper_is_refused_for_what_the_act_is_refused_for(world: World) -> None:
    project, proposed = world.evaluated(world.project()), world.project(approved_on=None)
    early, late = DAY - timedelta(days=1), today() + timedelta(days=1)
    with as_(world.viewer("内勤甲")) as by:

        def rule(activity: Activity, verb: str, signature: Signature, **more: Any) -> str:
            what = Decided(verb, signature.on, **more)
            return rule_of(lambda: sign_on_paper(activity=activity, by=by, what=what, signature=signature))

        assert [rule(project, "end", paper(on)) for on in (early, late)] == ["step-date", "step-date"]
        assert rule(proposed, "approve", paper(late)) == "step-date"
        assert rule(project, "merge", paper(END)) == "merge-main"
        assert rule(project, "approve", paper()) == "already-decided"
        assert rule(proposed, "approve", paper(signer="内勤甲")) == "approve-other-person"
        assert rule(proposed, "approve", paper(signer=" ")) == "signer-needed"
        sign_on_paper(activity=proposed, by=by, what=Decided("approve", DAY), signature=paper())
        assert rule(proposed, "approve", paper()) == "already-asked"
    with as_(world.viewer("书记")) as by:
        assert rule(project, "end", paper(END)) == "not-allowed"
    assert [row[:2] for row in told(project)] == [("end", "waiting")]


def test_a_paper_that_says_something_else_is_sent_back_and_typed_anew(world: World) -> None:
    project = world.project(approved_on=None)
    wrong = typed(world, project, "approve", DAY + timedelta(days=300))
    with as_(world.viewer("干部甲")) as by:
        assert rule_of(lambda: return_paper(approval=wrong, by=by, reason=" ")) == "reason-needed"
        return_paper(approval=wrong, by=by, reason="日期与纸质件不符")
    confirmed(world, typed(world, project, "approve"))
    assert [row[1] for row in told(project)] == ["lapsed", "granted"]
    assert reread(project).approved_on == DAY


def test_a_paper_lapses_when_the_project_has_moved_on(world: World) -> None:
    project = world.evaluated(world.project())
    row = typed(world, project, "stop", END)
    with as_(world.viewer("主任甲")) as by:
        end_activity(activity=project, by=by, on=END, note="完成")
    assert sorted(told(project)) == [("end", "granted", False, "主任甲", END), ("stop", "lapsed", True, "书记", END)]
    with as_(world.viewer("干部甲")) as by:
        assert rule_of(lambda: confirm_paper(approval=row, by=by)) == "already-decided"
    assert reread(project).is_stopped is False


def test_a_paper_that_waits_does_not_stop_an_online_decision_of_the_same(world: World) -> None:
    project = world.project()
    row = typed(world, project, "put_off", END, note="会议纪要", until=LATER + timedelta(days=1))
    with as_(world.viewer("主任甲")) as by:
        put_off_activity(activity=project, by=by, on=DAY, note="两项未完成", until=LATER)
    confirmed(world, row)
    assert [each[:3] for each in told(project)] == [("put_off", "granted", True), ("put_off", "granted", False)]


def test_a_merger_is_checked_again_when_it_is_confirmed(world: World) -> None:
    project, main, other = world.project(), world.project(), world.project()
    row = typed(world, project, "merge", END, into=main)
    with as_(world.viewer("主任甲")) as by:
        merge_activity(activity=main, by=by, into=other, reason="重复", on=END)
    with as_(world.viewer("干部甲")) as by:
        assert rule_of(lambda: confirm_paper(approval=row, by=by)) == "merge-main"
    assert (reread(project).merged_into_id, told(project)[0][1]) == (None, "on_paper")


def test_a_scan_comes_with_the_paper_or_later_and_once(world: World) -> None:
    project = world.evaluated(world.project())
    row = typed(world, project, "end", END)
    scan = upload(SimpleUploadedFile("签批件.pdf", BYTES))
    with as_(world.viewer("内勤甲")) as by:
        kept = add_scan(approval=row, by=by, scan=scan)
        assert rule_of(lambda: add_scan(approval=row, by=by, scan=scan)) == "scan-kept"
    place = f"/desk/activities/{project.uid}/scans/{kept.uid}/"
    got = client_of(world, "干部甲").get(place)
    assert (got.status_code, got.content) == (200, BYTES)
    assert client_of(world, "干部乙").get(place).status_code == 404
    with as_(world.viewer("主任甲")) as by:
        end_activity(activity=project, by=by, on=END, note="完成")
    with as_(SYSTEM):
        online = ActivityApproval.objects.get(activity=project, is_paper=False)
    with as_(world.viewer("内勤甲")) as by:
        assert rule_of(lambda: add_scan(approval=online, by=by, scan=scan)) == "not-paper"


def test_on_the_desk_a_paper_is_typed_confirmed_and_shown_as_paper(world: World) -> None:
    project = world.project(approved_on=None)
    clerk, officer = client_of(world, "内勤甲"), client_of(world, "干部甲")
    place = f"/desk/projects/{project.uid}/"
    assert [
        f'value="{verb}"' in clerk.get(f"{place}?act=sign-paper").content.decode() for verb in ("approve", "end")
    ] == [
        True,
        False,
    ]
    said = {"verb": "approve", "is_granted": "yes", "signer": "书记", "on": "2022-02-01", "opinion": "同意立项"}
    scan = SimpleUploadedFile("签批件.pdf", BYTES)
    assert clerk.post(f"{place}sign-paper/", {**said, "scan": scan}).status_code == 303
    with as_(SYSTEM):
        row = ActivityApproval.objects.get(activity=project)
    own = clerk.post(f"{place}confirm-paper/?on={row.pk}")
    assert (own.status_code, "须由录入人以外的人确认" in own.content.decode()) == (422, True)
    asked = officer.get(f"{place}?act=confirm-paper&on={row.pk}").content.decode()
    for words in ("签批人：书记", "签批日期：2022-02-01", "事项：立项", "扫描件：签批件.pdf"):
        assert words in asked, words
    assert officer.post(f"{place}confirm-paper/?on={row.pk}").status_code == 303
    shown = officer.get(place).content.decode()
    for words in ("书记（纸质）", "同意立项", "签批件.pdf", "跟进中"):
        assert words in shown, words
    assert client_of(world, "干部乙").post(f"{place}confirm-paper/?on={row.pk}").status_code == 404
