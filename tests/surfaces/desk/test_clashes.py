"""撞期提醒 where a visit, an inspection or a talk is planned: while typing, without JavaScript, and one button to join."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.activities.test_joining import SOON, UNIT, check, joined
from tests.surfaces.counting import grown, questions
from tests.surfaces.desk.test_findings import client_of
from tests.surfaces.desk.test_schedule import FIRST, SECOND, linked
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.sources.activities.arrangements import Arrangement, Joint
from jiandu.sources.activities.models import Activity, LinkedUnit
from jiandu.sources.activities.services.planning import NewActivity, open_activity
from jiandu.sources.activities.services.rounds import form_team
from jiandu.sources.talks.models import TalkPlan

PLACE = "/desk/schedule/"
HTMX = {"HX-Request": "true"}
NEAR, OTHER = "前后 30 天内，所填单位另有安排", SOON + timedelta(days=9)


def of_round(world: World) -> tuple[str, int]:
    """(page of a round of the first office, key of its team)."""
    activity = world.round(office=FIRST)
    with as_(SYSTEM) as by:
        team = form_team(activity=activity, by=by, name="第一组", leader=world.persons["书记"])
    return f"/desk/rounds/{activity.uid}/", team.pk


def campaign(world: World) -> Activity:
    with as_(SYSTEM) as by:
        kind, office = Activity.Kind.CAMPAIGN, world.offices[FIRST]
        new = NewActivity(
            kind=kind, year=2022, code="ZX1", name="专项", lead=office, approved_on=SOON.replace(year=2022)
        )
        return open_activity(new=new, by=by)


def forms(world: World) -> dict[str, tuple[str, dict[str, str]]]:
    """Where each is planned, with what is typed there."""
    world.person("张局", UNIT)
    place, team = of_round(world)
    day, office = SOON.isoformat(), str(world.offices[FIRST].pk)
    talk = {"kind": "proactive", "on": day, "theme": "廉政", "office": office, "officers": "甲、乙", "people": "张局"}
    return {
        "round": (f"{place}link/?on={team}", {"units": f"{UNIT}\n市教育局", "planned_on": day}),
        "check": (f"{PLACE}of/{check(world).uid}/arrange/", {"units": UNIT, "on": day}),
        "campaign": (f"{PLACE}of/{campaign(world).uid}/arrange/", {"units": UNIT, "on": day}),
        "talk": ("/desk/talks/plan/", talk),
    }


def page_of(place: str) -> str:
    """Where the plans of the activity stand."""
    found = re.search(r"[0-9a-f-]{36}", place)
    assert found
    return f"{PLACE}of/{found[0]}/"


def value_in(text: str) -> str:
    found = re.search(r'name="join" value="([^"]+)"', text)
    assert found, "no button to join"
    return found[1]


@pytest.mark.parametrize("where", ["round", "check", "campaign", "talk"])
def test_the_clash_shows_while_typing_and_nothing_is_planned(world: World, where: str) -> None:
    place, said = forms(world)[where]
    linked(world, on=OTHER)
    client = client_of(world, "干部甲")
    shown = client.post(place, said | {"look": "1"}, headers=HTMX).content.decode()
    assert ("<html" in shown, NEAR in shown, SECOND in shown, OTHER.isoformat() in shown) == (False, True, True, True)
    far = said | {"look": "1"} | dict.fromkeys({"on", "planned_on"} & said.keys(), "2099-01-01")
    assert "没有其他安排" in client.post(place, far, headers=HTMX).content.decode()
    with as_(SYSTEM):
        counts = (LinkedUnit.objects.count(), Arrangement.objects.count(), TalkPlan.objects.count())
    assert counts == (1, 0, 0)


@pytest.mark.parametrize("where", ["round", "check", "campaign", "talk"])
def test_without_javascript_the_page_comes_again_with_all_that_was_typed(world: World, where: str) -> None:
    place, said = forms(world)[where]
    linked(world, on=OTHER)
    shown = client_of(world, "干部甲").post(place, said | {"look": "1"}).content.decode()
    assert ("<html" in shown, NEAR in shown, "请更正以下内容" in shown) == (True, True, False)
    assert all(line in shown for text in said.values() for line in text.splitlines())
    first = re.search(r'<form class="sheet".*?<button([^>]*)>', shown, re.DOTALL)
    assert first
    assert "name=" not in first[1], "Enter plans and joins nothing"


@pytest.mark.parametrize("where", ["round", "check", "campaign"])
def test_one_button_plans_and_joins(world: World, where: str) -> None:
    place, said = forms(world)[where]
    linked(world, on=OTHER)
    client = client_of(world, "干部甲")
    value = value_in(client.post(place, said | {"look": "1"}, headers=HTMX).content.decode())
    assert client.post(place, said | {"join": value}).status_code == 303
    with as_(SYSTEM):
        joint = Joint.objects.get()
        assert (joint.on, joint.other_office.name, str(joint.subject)) == (OTHER, SECOND, UNIT)
    text = client.get(page_of(place)).content.decode()
    assert [word in text for word in ("合并开展", "待答复", OTHER.isoformat())] == [True, True, True]
    assert "撞期提醒" not in text, "what is carried out together is no clash any more"


def test_a_talk_only_goes_to_the_day_and_the_other_office_is_told_nothing(world: World) -> None:
    place, said = forms(world)["talk"]
    linked(world, on=OTHER)
    client = client_of(world, "干部甲")
    value = value_in(client.post(place, said | {"look": "1"}, headers=HTMX).content.decode())
    assert client.post(place, said | {"join": value}).status_code == 303
    with as_(SYSTEM):
        assert (TalkPlan.objects.get().on, Joint.objects.count()) == (OTHER, 0)


def test_saved_without_joining_the_page_of_the_work_shows_the_clash_and_joins_later(world: World) -> None:
    place, said = forms(world)["check"]
    linked(world, on=OTHER)
    client, home = client_of(world, "干部甲"), place.removesuffix("arrange/")
    assert client.post(place, said).status_code == 303
    text = client.get(home).content.decode()
    assert [word in text for word in ("撞期提醒", "相隔9天", SECOND)] == [True, True, True]
    with as_(SYSTEM):
        row = Arrangement.objects.get()
    form = client.get(f"{home}?act=join&on={row.pk}").content.decode()
    value = re.search(r'type="radio" name="theirs" value="([^"]+)"', form)
    assert value
    assert client.post(f"{home}join/?on={row.pk}", {"theirs": value[1]}).status_code == 303
    assert client.post(f"{home}rearrange/?on={row.pk}", {"new_day": SOON.isoformat()}).status_code == 303
    assert client.post(f"{home}cancel/?on={row.pk}", {"on": "2022-01-01", "reason": "错录"}).status_code == 303
    assert "撞期提醒" not in client.get(home).content.decode()


@pytest.mark.parametrize("value", ["x", "1:2:visit:2022-01-01", "1:2", "::::", "1:2:talk:x"])
def test_a_forged_answer_is_refused_and_the_form_stays(world: World, value: str) -> None:
    place, said = forms(world)["check"]
    shown = client_of(world, "干部甲").post(place, said | {"join": value})
    assert (shown.status_code, "对方的安排已变动" in shown.content.decode()) == (422, True)
    with as_(SYSTEM):
        assert Arrangement.objects.count() == 0


def test_the_other_office_finds_the_request_on_its_desk_and_answers(world: World) -> None:
    row, other, joint = joined(world)
    client, place = client_of(world, "干部乙"), f"/desk/schedule/joints/{joint.uid}/"
    assert place in client.get("/desk/").content.decode()
    text = client.get(place).content.decode()
    with as_(SYSTEM):
        mine = Activity.objects.get(pk=row.activity_id)
    assert [word in text for word in (FIRST, "同意合并", mine.code, str(mine.uid))] == [True, True, False, False]
    month = f"/desk/schedule/?month={joint.on:%Y-%m}"
    seen = {who: client_of(world, who).get(month).content.decode() for who in ("干部甲", "干部乙", "驻教干部")}
    assert [text.count("合并待答复") for text in seen.values()] == [2, 2, 0]  # both sides, and nobody else
    assert client.post(f"{place}decline/", {"note": ""}).status_code == 422
    assert client.post(f"{place}agree/").status_code == 303
    assert place not in client.get("/desk/").content.decode()
    shown = client.get(month)
    assert [entry.is_joined for entry in _entries(shown)] == [True, True]
    assert [one["is_joined"] for one in shown.context["crowded"]] == [True]
    with as_(SYSTEM):
        theirs = Activity.objects.get(pk=other.activity_id)
    for who, one in (("干部甲", mine), ("干部乙", theirs)):
        assert "同意合并" in client_of(world, who).get(page_of(str(one.uid))).content.decode()
    assert client_of(world, "驻教干部").get(place).status_code == 404
    assert (
        client_of(world, "干部甲")
        .post(f"{place}cancel/", {"on": today().isoformat(), "reason": "任务调整"})
        .status_code
        == 303
    )


def test_an_unannounced_arrangement_says_so_to_its_own_office(world: World) -> None:
    place, said = forms(world)["check"]
    client: Client | Any = client_of(world, "干部甲")
    client.post(place, said | {"is_unannounced": "on"})
    assert "不打招呼" in client.get(place.removesuffix("arrange/")).content.decode()


def test_the_number_of_queries_does_not_grow(world: World) -> None:
    client, made = client_of(world, "干部甲"), forms(world)
    pages = [page_of(place) for place, _said in made.values() if "talks" not in place]
    units = [UNIT, "市教育局", "思明区教育局", "市第一中学"]

    def fill(*names: str) -> None:
        for place, said in made.values():
            if "units" in said:
                assert client.post(place, said | {"units": "\n".join(names)}).status_code == 303
        for name in names:
            linked(world, unit=name, on=OTHER)

    fill(units[0])
    few = questions(client, pages)
    fill(*units[1:])
    assert grown(few, questions(client, pages)) == {}


def _entries(shown: Any) -> list[Any]:
    return [entry for week in shown.context["weeks"] for day in week for entry in day.entries]
