"""Forms of a finding's page that know something beforehand: what they start with, and what comes of leaving it so."""

import re
from datetime import timedelta

import pytest
from tests.findings.test_acts import grant
from tests.findings.test_repeats import alike
from tests.surfaces.desk.test_findings import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors import reading
from jiandu.loop.findings.states import State, Verb

DAY = timedelta(days=1)


def begins_with(page: str, name: str) -> str:
    """The value that a field of the page starts with."""
    field = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    value = re.search(r'value="([^"]*)"', field[0]) if field else None
    return value[1] if value else ""


def fresh(finding: Finding) -> Finding:
    with as_(SYSTEM):
        return Finding.objects.get(pk=finding.pk)


def test_the_due_date_after_a_suspension_is_filled_in_and_counted_again_for_another_day(world: World) -> None:
    client, since = client_of(world, "内勤甲"), today() - 30 * DAY
    one, two = (grant(world, world.rectifying(on=since), Verb.SUSPEND, on=since) for _ in range(2))
    with as_(SYSTEM):
        now, then = (reading.stands_still(one, day).due_on for day in (today(), today() - 15 * DAY))
    dates = [day for day in (one.due_on, then, now) if day is not None]
    assert (len(dates), dates) == (3, sorted(set(dates)))
    shown = client.get(f"/desk/findings/{one.uid}/?act=finding-resume").content.decode()
    assert begins_with(shown, "due_on") == dates[2].isoformat()
    for finding, on in ((one, today()), (two, today() - 15 * DAY)):
        said = {"on": on.isoformat(), "note": "诉讼已结", "due_on": dates[2].isoformat()}
        assert client.post(f"/desk/findings/{finding.uid}/resume/", said).status_code == 303
    assert (fresh(one).due_on, fresh(two).due_on) == (now, then)


@pytest.mark.parametrize(
    ("state", "decision", "leaves"),
    [
        (State.RECTIFYING, "merge", State.RECTIFYING),
        (State.CLOSED, "reopen", State.RECTIFYING),
        (State.STAGED, "new", State.STAGED),
    ],
)
def test_a_repeat_is_decided_on_the_form_in_each_way(world: World, state: State, decision: str, leaves: State) -> None:
    earlier, finding, repeat = alike(world, state)
    client, place = client_of(world, "干部甲"), f"/desk/findings/{finding.uid}/"
    shown = client.get(f"{place}?act=repeats-decide&on={repeat.uid}").content.decode()
    assert (f'value="{decision}"' in shown, earlier.code in shown) == (True, True)
    said = {"on": today().isoformat(), "decision": decision, "note": "已研判"}
    assert client.post(f"{place}repeats/{repeat.uid}/decide/", said).status_code == 303
    with as_(SYSTEM):
        repeat.refresh_from_db()
        asked = list(finding.approvals.values_list("verb", "merge_into"))
    assert (repeat.decision, repeat.note, fresh(earlier).state) == (decision, "已研判", leaves)
    assert asked == ([] if decision == "new" else [(Verb.MERGE, earlier.pk)])
    assert client.post(f"{place}repeats/{repeat.uid}/decide/", said).status_code in {404, 422}
