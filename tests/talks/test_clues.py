"""A clue that came up in a talk goes on sealed: only that it did is kept, and only its own office and the receiver know."""

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, models
from django.db.transaction import atomic
from django.test import Client
from tests.talks.test_talks import DAY, hold, rule_of, staff
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core.clock import today
from jiandu.net.access.services import recuse
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.analysis.selectors import figure, rows_of
from jiandu.sources.talks.models import ClueHandover, Talk
from jiandu.sources.talks.selectors import clues_of, handovers, talk_by_uid
from jiandu.sources.talks.services import withdraw_talk
from jiandu.sources.talks.services.clues import (
    NewHandover,
    hand_over_clue,
    receive_clue,
    withdraw_handover,
)

__all__ = ["staff"]
ON, NUMBER = DAY + timedelta(days=1), "密封〔2022〕3号"
KNOW = ("干部甲", "干部丙", "主任甲", "案管干部")
#: In scope of the talk or above it, and still not told; the last two do not see the talk either.
OTHERS = ("书记", "秘书", "内勤甲", "党风干部", "驻教干部", "干部乙", "主任乙")


@pytest.fixture
def city(world: World) -> World:
    """The net with an office that keeps clues, and one that reaches the whole city."""
    for office, name, role in (
        ("案件监督管理室", "案管干部", "case_supervisor"),
        ("党风政风监督室", "党风干部", "conduct_officer"),
    ):
        world.office(office, "department", "市纪委监委")
        world.user(name, role, office=office)
    return world


def new(world: World, **more: Any) -> NewHandover:
    said = {"on": ON, "receiver": world.offices["案件监督管理室"], "envelope": NUMBER}
    return NewHandover(**(said | more))


def handed(world: World, talk: Talk, by: str = "干部甲", **more: Any) -> ClueHandover:
    with as_(world.viewer(by)) as viewer:
        return hand_over_clue(talk=talk, by=viewer, new=new(world, **more))


def known_to(world: World, name: str, talk: Talk) -> tuple[int, object, int]:
    """How many the person finds on the talk, in the figure, in the register."""
    with as_(world.viewer(name)) as by:
        value = figure(by, "talk_clues_handed_over", Ask(2022, date(2022, 12, 31))).value
        return clues_of(by, talk), value, handovers(by).count()


def test_only_the_own_office_and_the_receiver_know(city: World, staff: dict[str, Any]) -> None:
    talk = hold(city, [staff["局长"]])
    handed(city, talk)
    assert {name: known_to(city, name, talk) for name in KNOW} == dict.fromkeys(KNOW, (1, 1, 1))
    assert {name: known_to(city, name, talk) for name in OTHERS} == dict.fromkeys(OTHERS, (0, 0, 0))
    seen = {}
    for name in OTHERS:
        with as_(city.viewer(name)) as by:
            seen[name] = talk_by_uid(by, talk.uid) is not None
    assert seen == {name: name not in {"干部乙", "主任乙"} for name in OTHERS}  # the control: they see the talk itself
    with as_(SYSTEM) as by:
        assert [row.envelope for row in rows_of(by, "talk_clues_handed_over", Ask(2022, date(2022, 12, 31)))] == [
            NUMBER
        ]


def test_there_is_no_place_for_what_the_clue_says() -> None:
    texts = {
        field.name: field.max_length
        for field in ClueHandover._meta.get_fields()
        if isinstance(field, models.CharField | models.TextField) and not field.name.endswith("_path")
    }
    assert texts == {"by_name": 64, "envelope": 32, "sha256": 64, "received_by": 64, "withdrawn_for": 200}
    assert not any("clue" in field.name or "handover" in field.name for field in Talk._meta.get_fields())


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"envelope": "张某收受购物卡3张"}, "envelope"),
        ({"envelope": "密封"}, "envelope"),
        ({"sha256": "某人"}, "clue-sha256"),
        ({"on": DAY - timedelta(days=1)}, "step-date"),
        ({"on": today() + timedelta(days=30)}, "step-date"),
    ],
)
def test_handing_over_refuses(city: World, staff: dict[str, Any], change: dict[str, Any], rule: str) -> None:
    talk = hold(city, [staff["局长"]])
    assert rule_of(lambda: handed(city, talk, **change)) == rule
    with as_(SYSTEM):
        assert ClueHandover.objects.count() == 0


def test_who_hands_over_and_to_whom(city: World, staff: dict[str, Any]) -> None:
    talk = hold(city, [staff["局长"]])
    assert rule_of(lambda: handed(city, talk, receiver=city.offices["第二监督检查室"])) == "clue-receiver"
    for name in ("内勤甲", "干部乙", "书记", "案管干部"):
        assert rule_of(partial(handed, city, talk, name)) == "not-allowed"
    handed(city, talk, sha256="AB" * 32)
    assert rule_of(lambda: handed(city, talk)) == "envelope-twice"
    with as_(city.viewer("干部甲")) as by:
        withdraw_talk(talk=talk, by=by, reason="重复登记")
        gone = Talk.objects.get(pk=talk.pk)
        assert rule_of(partial(hand_over_clue, talk=gone, by=by, new=new(city))) == "talk-withdrawn"
    with as_(SYSTEM):
        assert [row.sha256 for row in ClueHandover.objects.all()] == ["ab" * 32]


def test_the_receiver_confirms_and_what_was_received_stands(city: World, staff: dict[str, Any]) -> None:
    row = handed(city, hold(city, [staff["局长"]]))
    with as_(city.viewer("干部甲")) as by:
        assert rule_of(partial(receive_clue, handover=row, by=by, on=ON)) == "not-allowed"
    with as_(city.viewer("案管干部")) as by:
        assert rule_of(partial(receive_clue, handover=row, by=by, on=DAY)) == "step-date"
        assert receive_clue(handover=row, by=by, on=ON).received_by == "案管干部"
        assert rule_of(partial(receive_clue, handover=row, by=by, on=ON)) == "clue-closed"
        assert rule_of(partial(withdraw_handover, handover=row, by=by, reason="mistake")) == "not-allowed"
    with as_(city.viewer("主任甲")) as by:
        assert rule_of(partial(withdraw_handover, handover=row, by=by, reason="mistake")) == "clue-closed"


def test_a_wrong_entry_is_taken_back_for_one_of_the_reasons(city: World, staff: dict[str, Any]) -> None:
    talk = hold(city, [staff["局长"]])
    row = handed(city, talk)
    with as_(city.viewer("干部甲")) as by:
        assert rule_of(partial(withdraw_handover, handover=row, by=by, reason="张某收受购物卡")) == "clue-reason"
        withdraw_handover(handover=row, by=by, reason="mistake", on=ON)
        assert clues_of(by, talk) == 0
    handed(city, talk)  # the same envelope, entered rightly
    with as_(SYSTEM):
        said = [entry.payload.body for entry in Entry.objects.filter(verb__startswith="clue_handover.")]
    assert len(said) == 3
    assert not any(NUMBER in body or "教育局长" in body for body in said)


def test_who_is_recused_from_the_talk_does_not_know(city: World, staff: dict[str, Any]) -> None:
    talk = hold(city, [staff["局长"]])
    handed(city, talk)
    with as_(city.viewer("干部丙")) as by:
        recuse(thing=talk, user=city.users["干部丙"], by=by, reason="亲属")
    assert known_to(city, "干部丙", talk) == (0, 0, 0)
    assert known_to(city, "干部甲", talk) == (1, 1, 1)


def test_the_table_keeps_it_sensitive(city: World, staff: dict[str, Any]) -> None:
    row = handed(city, hold(city, [staff["局长"]]))
    with as_(SYSTEM):
        for wrong in ({"level": 1}, {"received_by": "某人"}, {"received_on": ON}):
            with pytest.raises(IntegrityError), atomic():
                ClueHandover.objects.filter(pk=row.pk).update(**wrong)


def test_the_pages_tell_it_to_those_who_may_know(city: World, staff: dict[str, Any]) -> None:
    talk = hold(city, [staff["局长"]])
    clients = {name: Client() for name in (*KNOW, *OTHERS)}
    for name, client in clients.items():
        client.force_login(city.users[name])
    place, list_ = f"/desk/talks/{talk.uid}/", "/desk/talks/clues/"
    said = {"on": ON.isoformat(), "receiver": city.offices["案件监督管理室"].pk, "envelope": NUMBER}
    form = clients["干部甲"].get(f"{place}clues/?act=hand-over").content.decode()
    assert ("案件监督管理室" in form, "第二监督检查室" in form, "线索内容不得录入本系统" in form) == (True, False, True)
    assert clients["内勤甲"].post(f"{place}clues/hand-over/", said).status_code == 404
    assert clients["干部甲"].post(f"{place}clues/hand-over/", said).status_code == 303
    with as_(SYSTEM):
        one = f"{list_}{ClueHandover.objects.get().uid}/"
    for name in KNOW:
        shown = clients[name].get(place).content.decode()
        assert ("线索密封移交" in shown, "1件" in shown, NUMBER in shown) == (True, True, False), name
        assert NUMBER in clients[name].get(list_).content.decode()
        assert clients[name].get(one).status_code == 200
    for name in OTHERS:
        assert "1件" not in clients[name].get(place).content.decode(), name
        assert NUMBER not in clients[name].get(list_).content.decode(), name
        assert clients[name].get(one).status_code == 404, name
    assert clients["干部甲"].post(f"{one}receive/", {"on": ON.isoformat()}).status_code == 404
    assert clients["案管干部"].post(f"{one}receive/", {"on": ON.isoformat()}).status_code == 303
    assert "已接收" in clients["案管干部"].get(list_).content.decode()
