"""Filling in and correcting: what is empty is filled in; a term is extended, what was applied for is judged as it stood."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from tests.surfaces.desk.test_findings import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.loop.findings.models import Finding, Step
from jiandu.loop.findings.services import moves, parts
from jiandu.loop.findings.services.correcting import standing
from jiandu.loop.findings.states import Verb
from jiandu.net.access.persons import Who

ALL = {"rectifier_name", "rectification", "due_on"}


def fresh(finding: Finding) -> Finding:
    with as_(SYSTEM):
        return Finding.objects.get(pk=finding.pk)


def rule_of(finding: Finding, **values: Any) -> str:
    """The rule that refuses the correction; empty where it was done."""
    try:
        with as_(SYSTEM) as by:
            moves.correct(finding=finding, by=by, note="补录", **values)
    except Refused as refused:
        return refused.rule
    return ""


def filled(client: Client, finding: Finding, **said: str) -> int:
    begin = {"problem": finding.problem, "note": "补录", "rectification": finding.rectification}
    return client.post(f"/desk/findings/{finding.uid}/correct/", {**begin, **said}).status_code


def test_a_registered_finding_is_filled_in_from_its_page(world: World) -> None:
    person = world.person("林志远", "市教育局")
    finding, client = world.finding(), client_of(world, "干部甲")
    form = client.get(f"/desk/findings/{finding.uid}/?act=finding-correct").content.decode()
    assert [f'name="{name}"' in form for name in sorted(ALL)] == [True] * 3
    due = today() + timedelta(days=30)
    said = {"rectifier_name": "林志远", "rectification": "by_term", "due_on": due.isoformat()}
    assert filled(client, finding, **said) == 303
    row = fresh(finding)
    assert (row.rectifier_name, row.rectifier_id, row.rectification) == ("林志远", person.pk, "by_term")
    assert (row.due_on, row.first_due_on) == (due, due)
    with as_(SYSTEM):
        assert Step.objects.filter(finding=row).order_by("-seq").values_list("verb", "due_on")[0] == ("correct", due)


def test_a_term_that_stands_is_extended_and_not_corrected(world: World) -> None:
    finding, client = world.finding(due_on=date(2022, 6, 1)), client_of(world, "干部甲")
    form = client.get(f"/desk/findings/{finding.uid}/?act=finding-correct").content.decode()
    assert ('name="due_on"' in form, 'name="rectifier_name"' in form) == (False, True)
    assert rule_of(finding, due_on=date(2023, 6, 1)) == "stands"
    assert filled(client, finding, due_on="2023-06-01", facts="抽查") == 303  # a forged field says nothing
    assert (fresh(finding).due_on, fresh(finding).facts) == (date(2022, 6, 1), "抽查")


def test_a_term_before_the_day_of_assignment_is_refused(world: World) -> None:
    finding = world.finding(on=date(2022, 3, 1))
    assert rule_of(finding, due_on=date(2022, 2, 28)) == "due-after-assign"
    assert rule_of(finding, due_on=date(2022, 3, 1)) == ""


def test_a_type_is_changed_and_not_taken_away(world: World) -> None:
    finding = world.finding(rectification="by_term")
    assert rule_of(finding, rectification="") == "type-needed"
    assert rule_of(finding, rectification="lasting") == ""
    assert fresh(finding).rectification == "lasting"


def test_what_was_applied_for_stands_until_it_is_sent_back(world: World) -> None:
    finding = world.applied()
    assert standing(finding) == ALL
    assert rule_of(finding, rectifier=Who("另一人")) == "stands"
    assert rule_of(finding, rectification="lasting") == "stands"
    with as_(SYSTEM) as by:
        finding = moves.send_back(finding=finding, by=by, on=today(), verb=Verb.RETURN_WORK, note="没有整改到位")
    assert standing(finding) == {"due_on"}
    assert rule_of(finding, rectifier=Who("另一人")) == ""
    assert fresh(finding).rectifier_name == "另一人"


def test_a_new_name_leaves_no_person_of_the_old_one_behind(world: World) -> None:
    old = world.person("林志远", "市教育局")
    finding = world.rectifying(rectifier=Who("林志远", old.pk))
    assert fresh(finding).rectifier_id == old.pk
    assert rule_of(finding, rectifier=Who("王小明")) == ""
    assert (fresh(finding).rectifier_name, fresh(finding).rectifier_id) == ("王小明", None)


@pytest.mark.parametrize(("name", "rule"), [("核验人乙", "verify-independent"), ("王小明", "")])
def test_who_verified_is_not_named_afterwards_as_who_put_it_right(world: World, name: str, rule: str) -> None:
    finding = world.closed(lasting=True)
    assert standing(finding) == {"rectification", "due_on"}
    assert rule_of(finding, rectifier=Who(name)) == rule


def test_who_looked_back_is_not_named_afterwards(world: World) -> None:
    finding, officer = world.closed(lasting=True), world.persons["干部甲"]
    with as_(world.viewer("干部甲")) as by:
        parts.look_back(finding=finding, by=by, looked=parts.Looked(on=today(), result="held", note="已看现场"))
    assert rule_of(finding, rectifier=Who("干部甲", officer.pk)) == "verify-independent"


def opened(client: Client, finding: Finding) -> str:
    """What the form of 更正 holds of how the columns stood when it was opened."""
    form = client.get(f"/desk/findings/{finding.uid}/?act=finding-correct").content.decode()
    return unescape(re.search(r'name="seen" value="([^"]*)"', form)[1])  # type: ignore[index]


def test_a_form_that_stood_open_writes_over_nothing_that_a_colleague_corrected(world: World) -> None:
    finding, client = world.finding(), client_of(world, "干部甲")
    seen = opened(client, finding)
    with as_(SYSTEM) as by:
        moves.correct(finding=finding, by=by, note="同事更正", basis="第五条")
    assert filled(client, finding, seen=seen, found_by="巡察组") == 303  # 依据条款 stands empty in this form
    assert (fresh(finding).basis, fresh(finding).found_by) == ("第五条", "巡察组")
    place = f"/desk/findings/{finding.uid}/correct/"
    said = {"problem": finding.problem, "note": "补录", "rectification": finding.rectification}
    refused = client.post(place, {**said, "seen": seen, "basis": "第三条"})
    text = refused.content.decode()
    assert (refused.status_code, "第五条" in text, "第三条" in text) == (422, True, True)  # nothing typed is lost
    assert fresh(finding).basis == "第五条"
    again = opened(client, finding)
    assert client.post(place, {**said, "found_by": "巡察组", "seen": again, "basis": "第三条"}).status_code == 303
    assert fresh(finding).basis == "第三条"


def test_without_what_was_seen_the_colleague_is_written_over(world: World) -> None:
    """The control: the form as it would be without its memory."""
    finding, client = world.finding(), client_of(world, "干部甲")
    opened(client, finding)
    with as_(SYSTEM) as by:
        moves.correct(finding=finding, by=by, note="同事更正", basis="第五条")
    assert filled(client, finding, found_by="巡察组") == 303
    assert fresh(finding).basis == ""


@pytest.mark.parametrize(("length", "answer"), [(500, 303), (501, 422)])
def test_a_problem_is_as_long_as_its_column_and_no_longer(world: World, length: int, answer: int) -> None:
    finding, client = world.finding(), client_of(world, "干部甲")
    assert filled(client, finding, problem="问" * length) == answer
    assert (fresh(finding).problem == "问" * length) is (answer == 303)
