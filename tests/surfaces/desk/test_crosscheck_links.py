"""关联认定 through its pages: both rows side by side under stars, decided by one form, in clear by right; forged requests come to nothing."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.crosscheck import villages
from tests.crosscheck.villages import DAY, NAME, NUMBER, OFFICE, unsure
from tests.surfaces.counting import grown, questions
from tests.surfaces.desk.test_accounts import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.jobs.models import Job
from jiandu.sources.crosscheck.models import Alert, LinkPair
from jiandu.sources.crosscheck.services.runs import How

PLACE = "/desk/crosscheck/links/"
SAID = {"verb": "same", "on": DAY.isoformat(), "note": "与户籍、合同原件核对"}


@pytest.fixture
def city(world: World, tmp_path: Path, settings: Any) -> World:
    settings.CROSSCHECK, settings.KEYRING = str(tmp_path / "crosscheck"), str(tmp_path / "fields.keys")
    villages.write(found=unsure())
    villages.ran(world, rules=("SZ-12",), how=How(link=True))
    return world


def pair(*, right: bool = True) -> LinkPair:
    with as_(SYSTEM):
        return next(each for each in LinkPair.objects.order_by("pk") if (NUMBER in each.clear) == right)


def text(client: Client, place: str) -> str:
    answer = client.get(place)
    assert answer.status_code == 200, (place, answer.status_code)
    return answer.content.decode()


def test_both_rows_stand_side_by_side_and_nobody_is_named(city: World) -> None:
    client, one = client_of(city, "干部甲"), pair()
    shown = [text(client, PLACE), text(client, f"{PLACE}{one.uid}/"), text(client, f"{PLACE}{one.uid}/?act=decide")]
    for words in ("集体合同", "人口", "姓名相同", "同一的可能增至约", "没有内容可比", "缺少的号码"):
        assert words in shown[1]
    assert [(NAME in each, NUMBER in each) for each in shown] == [(False, False)] * 3
    sheet = client.get(f"{PLACE}?format=xlsx")
    assert (sheet.status_code, NAME.encode() in sheet.content) == (200, False)
    clear = text(client, f"{PLACE}{one.uid}/clear/")
    assert (NAME in clear, NUMBER in clear) == (True, True)  # the control
    assert Entry.objects.filter(verb="seen", actor_name="干部甲").count() == 1


def test_a_pair_is_decided_and_the_next_run_rests_on_it(city: World) -> None:
    client, one = client_of(city, "干部甲"), pair()
    answer = client.post(f"{PLACE}{one.uid}/decide/", SAID)
    assert (answer.status_code, pair().state, pair().decided_by) == (303, "same", "干部甲")
    assert Entry.objects.filter(verb="link_pair.same", actor_name="干部甲").count() == 1
    asked = {"dataset": "三资台账", "office": city.offices[OFFICE].pk, "rules": "SZ-12", "on": "", "link": "on"}
    assert client.post("/desk/crosscheck/runs/run/", asked).status_code == 303
    with as_(city.viewer("干部甲")):
        assert Job.objects.latest("pk").asked["link"] is True
    villages.ran(city, rules=("SZ-12",), how=How(link=True))
    with as_(SYSTEM):
        alert = Alert.objects.get()
    shown = text(client, f"/desk/crosscheck/{alert.uid}/")
    assert (f"经人认定（{one.code}）" in shown, "号码由关联补认" in text(client, "/desk/crosscheck/")) == (True, True)


def test_forged_requests_decide_nothing(city: World) -> None:
    one, other = pair(), pair(right=False)
    officer, reader = client_of(city, "干部甲"), client_of(city, "书记")
    tried = [
        officer.post(f"{PLACE}{one.uid}/decide/", SAID | {"verb": "take_back"}),
        officer.post(f"{PLACE}{one.uid}/decide/", SAID | {"note": " "}),
        officer.post(f"{PLACE}{one.uid}/decide/", SAID | {"on": "2099-01-01"}),
        officer.post(f"{PLACE}{one.uid}/take-back/", SAID),
        reader.post(f"{PLACE}{one.uid}/decide/", SAID),
        reader.get(f"{PLACE}{one.uid}/clear/"),
        client_of(city, "驻教干部").post(f"{PLACE}{one.uid}/decide/", SAID),
        officer.get(f"{PLACE}{one.uid}/decide/"),
    ]
    assert [each.status_code for each in tried] == [422, 422, 422, 422, 404, 404, 404, 405]
    assert (pair().state, pair(right=False).state) == ("waiting", "waiting")
    more = SAID | {"state": "another", "decided_by": "主任甲", "probability": "0.1", "row": "x", "code": "X-1"}
    assert (
        officer.post(f"{PLACE}{one.uid}/decide/", more).status_code == 303
    )  # the control: what the form asks, and nothing else
    after = pair()
    assert (after.state, after.decided_by, after.probability, bytes(after.row), after.code) == (
        *("same", "干部甲", one.probability, bytes(one.row), one.code),
    )
    assert officer.post(f"{PLACE}{other.uid}/decide/", SAID).status_code == 422


def test_pages_ask_the_same_however_many_pairs_wait(city: World) -> None:
    client = client_of(city, "干部甲")
    places = [PLACE, f"{PLACE}{pair().uid}/"]
    few = questions(client, places)
    villages.write(found=unsure(namesakes=4))
    villages.ran(city, rules=("SZ-12",), how=How(link=True))
    assert grown(few, questions(client, places)) == {}
