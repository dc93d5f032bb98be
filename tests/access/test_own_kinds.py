"""Every address below a record of each mechanism, asked with a real record of that kind: foreign, recused, of level 2.

The matrix asks them about findings and projects; here each is asked about a talk, a letter, a round and so on.
"""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from tests.access.asking import content_of, undone
from tests.access.endpoints import HOLE, Endpoint, endpoints, form
from tests.filling.forms import monthly
from tests.world import SYSTEM, World, as_

from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.grassroots.services.checks import NewCheck, open_check
from jiandu.loop.grassroots.services.grid import NewCell, NewMeeting, hold_meeting, open_cell
from jiandu.loop.instruments.services.drafting import NewInstrument, draft
from jiandu.loop.outcomes.services import NewRule, record_rule
from jiandu.net.access.models import Level
from jiandu.net.access.services import recuse
from jiandu.net.subjects.divisions import load_divisions
from jiandu.net.subjects.models import Region
from jiandu.results.filling.keeping import NewForm, register_form
from jiandu.results.portraits.services import NewPortrait, begin_portrait
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.services.planning import NewActivity, open_activity
from jiandu.sources.ledgers.services.collectives import NewCollective, register_collective
from jiandu.sources.ledgers.services.estates import NewEstate, register_estate
from jiandu.sources.talks.services import Invited, NewTalk, hold_talk
from jiandu.sources.topics.services.topics import NewTopic, NewYear, begin_year, name_topic

OFFICE, UNIT, DAY = "第一监督检查室", "市教育局", date(2022, 3, 1)
WORD, UID, ABSENT = "各机制记录的暗语", "<uuid:uid>", uuid4()
#: Who asks, and what stands between that person and the record of the first office.
SHUT = {"干部乙": "another office", "干部丙": "recused", "书记": "level 2 is not browsed from above"}


def records(world: World) -> dict[str, Any]:
    """By the name of its page: one of each kind, with the word in what it is called."""
    finding, person = world.rectifying(office=OFFICE, unit=UNIT, on=DAY), world.person("张局", UNIT)
    office, unit = world.offices[OFFICE], world.units[UNIT]
    with as_(SYSTEM) as by:
        talk = NewTalk("proactive", DAY, WORD, office, ["甲", "乙"], [Invited(person)])
        letter = NewInstrument("reminder", WORD, office, unit, DAY, suggestions=[WORD])
        street = Region.objects.get(code="350203009")
        made: dict[str, Any] = {
            "talk": hold_talk(new=talk, by=by),
            "instrument": draft(new=letter, by=by),
            "portrait": begin_portrait(new=NewPortrait(office, 2022, DAY, date(2022, 6, 30), unit, title=WORD), by=by),
            "estate": register_estate(new=NewEstate("XQ1", WORD, street, office, DAY), by=by),
            "collective": register_collective(new=NewCollective(WORD, unit, office, street), by=by),
            "check": open_check(new=NewCheck("assets", "JC1", WORD, 2022, office, DAY), by=by).activity,
            "form": register_form(new=NewForm(WORD, "月报.xlsx", monthly([OFFICE]), office), by=by),
            "rule": record_rule(finding=finding, by=by, new=NewRule(WORD, UNIT, DAY)),
            "topic": name_topic(new=NewTopic("DT1", WORD, office), by=by),
            "cell": open_cell(new=NewCell(WORD, office, DAY, unit), by=by),
            "meeting": hold_meeting(new=NewMeeting("training", DAY, WORD, office, 30), by=by),
            "campaign": open_activity(
                new=NewActivity(kind=Activity.Kind.CAMPAIGN, year=2022, code="ZX1", name=WORD, lead=office), by=by
            ),
        }
        made["topic-work"] = begin_year(topic=made["topic"], by=by, new=NewYear(2022, "DT2022-1", DAY))
    made["round"] = world.round(office=OFFICE, name=WORD)
    made["contact-point"] = world.point(WORD, office=OFFICE)
    made["contact-problem"] = world.told(office=OFFICE, problem=WORD)
    return made


def below(name: str, uid: Any) -> list[Endpoint]:
    """The page of a record and all that is addressed below it."""
    place = reverse(f"desk:{name}", args=[uid]).lstrip("/").replace(str(uid), UID)
    return [one for one in endpoints() if one.route.startswith(place)]


def asked(client: Client, endpoint: Endpoint, uid: Any, method: str) -> tuple[int, bool, int]:
    """The status, whether the word leaked, how many rows were written."""
    path = "/" + HOLE.sub(lambda hole: str(ABSENT) if "uuid" in hole[0] else "1", endpoint.route.replace(UID, str(uid)))
    with undone() as written:
        answer = client.generic(method, path, data="&".join(f"{key}={value}" for key, value in form().items()),
                                content_type="application/x-www-form-urlencoded")  # fmt: skip
        return answer.status_code, WORD.encode() in content_of(answer), written()


@pytest.fixture
def made(world: World) -> dict[str, Any]:
    with as_(SYSTEM) as by:
        load_defaults(by=by)
        load_divisions(by=by)
    return records(world)


def client_of(world: World, name: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(world.users[name])
    return client


@pytest.mark.parametrize("name", SHUT)
def test_what_is_shut_is_not_there_wherever_it_is_asked(world: World, made: dict[str, Any], name: str) -> None:
    """Each address below each record, by each method that it declares: 404, without a word, and nothing is written.

    The control: the same person has the same page, once what stands between is gone (another office: its officer has it).
    """
    client, control = client_of(world, name), client_of(world, "干部甲" if name == "干部乙" else name)
    open_before = {kind: asked(control, below(kind, one.uid)[0], one.uid, "GET")[:2] for kind, one in made.items()}
    assert set(open_before.values()) == {(200, True)}, open_before
    with as_(SYSTEM) as by:
        for one in made.values():
            if name == "干部丙":
                recuse(thing=one, user=world.users[name], by=by)
            if name == "书记":
                type(one).objects.filter(pk=one.pk).update(level=Level.SENSITIVE)
    questions = [
        (endpoint, one.uid, method)
        for kind, one in made.items()
        for endpoint in below(kind, one.uid)
        for method in endpoint.said.methods
    ]
    answers = {(method, endpoint.route): asked(client, endpoint, uid, method) for endpoint, uid, method in questions}
    assert {route: answer for route, answer in answers.items() if answer != (404, False, 0)} == {}
    if name == "干部乙":
        opened = [asked(control, endpoint, uid, method)[0] != 404 for endpoint, uid, method in questions]
        assert (len(questions) > 80, sum(opened) > len(questions) // 2) == (True, True), (len(questions), sum(opened))
