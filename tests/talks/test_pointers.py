"""A talk points to findings: linked or registered from it; each side shows the other only to whom that one shows itself."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.findings.test_acts import grant
from tests.talks.test_talks import DAY, END, hold, rule_of, staff, value
from tests.world import SYSTEM, World, as_

from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors.talked import pointers_of, talks_on
from jiandu.loop.findings.services.talked import point, unpoint
from jiandu.loop.findings.states import Verb
from jiandu.sources.signals.models import Signal
from jiandu.sources.talks.models import Talk
from jiandu.sources.talks.services import withdraw_talk

__all__ = ["staff"]
OFFICER = "干部甲"


def client_of(world: World, name: str = OFFICER) -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def pointed(world: World, talk: Talk, name: str = OFFICER) -> list[str]:
    with as_(world.viewer(name)) as by:
        return [row.finding.problem for row in pointers_of(by, talk)]


def talks_of(world: World, finding: Finding, name: str = OFFICER) -> list[Talk]:
    with as_(world.viewer(name)) as by:
        return talks_on(by, finding)


def test_a_talk_points_to_a_finding_once_and_lets_go_with_a_reason(world: World, staff: dict[str, Any]) -> None:
    talk, finding = hold(world, [staff["局长"]]), world.finding(problem="台账不全")
    with as_(world.viewer(OFFICER)) as by:
        row = point(talk=talk, finding=finding, by=by)
        assert point(talk=talk, finding=finding, by=by) == row
    assert (pointed(world, talk), talks_of(world, finding)) == (["台账不全"], [talk])
    with as_(world.viewer(OFFICER)) as by:
        assert rule_of(lambda: unpoint(pointer=row, by=by, reason=" ")) == "reason-needed"
        unpoint(pointer=row, by=by, reason="关联有误")
    assert (pointed(world, talk), talks_of(world, finding)) == ([], [])
    with as_(world.viewer(OFFICER)) as by:
        assert point(talk=talk, finding=finding, by=by) != row


def test_each_side_is_shown_to_whom_it_shows_itself(world: World, staff: dict[str, Any]) -> None:
    talk = hold(world, [staff["局长"]])
    plain, secret = world.rectifying(problem="台账不全"), world.finding(problem="敏感问题", level=3)
    with as_(SYSTEM) as by:
        point(talk=talk, finding=plain, by=by)
        point(talk=talk, finding=secret, by=by)
    assert pointed(world, talk) == ["台账不全"]  # the officer's clearance ends below the other one
    page = client_of(world).get(f"/desk/talks/{talk.uid}/").content.decode()
    assert ("台账不全" in page, "敏感问题" in page, secret.code in page) == (True, False, False)
    place = f"/desk/findings/{plain.uid}/"
    assert told(client_of(world), place, talk) == (True, True)  # the control
    assert told(client_of(world, "经办人丁"), place, talk) == (False, False)  # its unit sees the finding, and no talk
    with as_(SYSTEM):
        withdraw_talk(talk=talk, by=SYSTEM, reason="重复登记")
    assert told(client_of(world), place, talk) == (False, False)


def told(client: Client, place: str, talk: Talk) -> tuple[bool, bool]:
    """Whether the finding's page says that a talk points to it, and which."""
    work, after = client.get(place), client.get(f"{place}?tab=after")
    assert (work.status_code, after.status_code) == (200, 200)
    return "在 1 次谈话中指出" in work.content.decode(), talk.theme in after.content.decode()


def test_point_refuses_what_is_no_problem_and_whoever_may_not(world: World, staff: dict[str, Any]) -> None:
    talk, gone, live = hold(world, [staff["局长"]]), world.finding(problem="登记错的"), world.finding(problem="另一个")
    grant(world, gone, Verb.WITHDRAW)
    with as_(world.viewer(OFFICER)) as by:
        assert rule_of(lambda: point(talk=talk, finding=gone, by=by)) == "finding-gone"
    with as_(world.viewer("书记")) as by:
        assert rule_of(lambda: point(talk=talk, finding=live, by=by)) == "not-allowed"
    with as_(world.viewer(OFFICER)) as by:
        withdraw_talk(talk=talk, by=by, reason="重复登记")
        assert rule_of(lambda: point(talk=talk, finding=live, by=by)) == "talk-withdrawn"
    assert talks_of(world, live) == []


@pytest.mark.parametrize("is_in_round", [False, True])
def test_a_problem_is_registered_from_the_talk(world: World, staff: dict[str, Any], is_in_round: bool) -> None:
    activity = world.round() if is_in_round else None
    talk, client = hold(world, [staff["局长"]], activity=activity), client_of(world)
    link = f"/desk/findings/new/?source=talk:{talk.uid}"
    assert link in client.get(f"/desk/talks/{talk.uid}/").content.decode()
    form = client.get(link).context["form"]
    assert (form["source"].value(), form["subject"].value()) == (f"talk:{talk.uid}", "市教育局")
    said = {
        "subject": "市教育局",
        "problem": "采购未验收",
        "source": f"talk:{talk.uid}",
        "registered_on": "2022-05-09",
        "office": world.offices["第一监督检查室"].pk,
    }
    assert client.post(link, said).status_code == 303
    with as_(SYSTEM):
        finding = Finding.objects.get(problem="采购未验收")
        if activity:
            assert (finding.activity, finding.source) == (activity, "round")
        else:
            signal = Signal.objects.get(pk=finding.signal_id)
            assert (finding.source, signal.origin, signal.reference) == ("talk", "talk", talk.code)
    assert pointed(world, talk) == ["采购未验收"]
    assert value("proactive_talks", END) == 1


def test_a_talk_that_is_not_in_scope_is_no_source(world: World, staff: dict[str, Any]) -> None:
    talk, other = hold(world, [staff["局长"]]), client_of(world, "干部乙")
    assert talk.theme not in other.get(f"/desk/findings/new/?source=talk:{talk.uid}").content.decode()
    said = {
        "subject": "市教育局",
        "problem": "采购未验收",
        "source": f"talk:{talk.uid}",
        "registered_on": DAY.isoformat(),
    }
    assert other.post("/desk/findings/new/", {**said, "office": world.offices["第二监督检查室"].pk}).status_code == 422
    with as_(SYSTEM):
        assert Finding.objects.filter(problem="采购未验收").count() == 0


def test_findings_are_linked_on_the_page_by_choice_or_number(world: World, staff: dict[str, Any]) -> None:
    talk, client = hold(world, [staff["局长"]]), client_of(world)
    mine, other = world.finding(problem="台账不全"), world.finding(problem="财政局的", unit="市财政局")
    with as_(world.viewer(OFFICER)):
        late = world.finding(problem="后来的", on=date(2022, 7, 1))
    place = f"/desk/talks/{talk.uid}/"
    offered = client.get(f"{place}?act=point").content.decode()
    assert (mine.code in offered, other.code in offered) == (True, False)
    assert client.post(f"{place}point/", {}).status_code == 422
    wrong = client.post(f"{place}point/", {"codes": f"{other.code}\n没有的"})
    assert (wrong.status_code, "没有编号为“没有的”的问题" in wrong.content.decode()) == (422, True)
    assert pointed(world, talk) == []
    assert (
        client.post(f"{place}point/", {"finding": str(mine.uid), "codes": f"{other.code} 财政局的"}).status_code == 303
    )
    assert pointed(world, talk) == ["台账不全", "财政局的"]
    with as_(SYSTEM) as by:
        row = pointers_of(by, talk)[0]
    assert client.post(f"{place}unpoint/?on={row.pk}", {"reason": "关联有误", "on": "2022-12-01"}).status_code == 303
    assert pointed(world, talk) == ["财政局的"]
    assert talks_of(world, late) == []
