"""送阅登记: what goes to whom, until when, back with the reader's words sealed; who may; what is overdue; the form filled."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from tests.petitions.city import DAY, OFFICE, registered
from tests.petitions.test_registering import _hits, refusal
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.sealing.envelope import Context
from jiandu.net.access.services import recuse
from jiandu.net.vaults.services import enrol, make_office_key
from jiandu.sources.petitions import selectors, vault
from jiandu.sources.petitions.models import Petition, Reading
from jiandu.sources.petitions.services.reading import NewReading, give_to_read, take_back_read, withdraw_reading
from jiandu.sources.petitions.services.registering import withdraw
from jiandu.sources.petitions.word import Printed
from jiandu.sources.petitions.word import reading as written

NEXT, LATER = DAY + timedelta(days=1), DAY + timedelta(days=3)
WORDS = "请第一室核查，注意为举报人保密"


def new(**more: Any) -> NewReading:
    said = {"on": DAY, "due_on": LATER, "paper": "proposal", "reader": "李书记", "granted_by": "书记"} | more
    return NewReading(**said)


def given(world: World, petition: Petition, by: str = "信访甲", **more: Any) -> Reading:
    with as_(world.viewer(by)) as viewer:
        return give_to_read(petition=petition, by=viewer, new=new(**more))


def back(world: World, row: Reading, on: date = NEXT, words: str = WORDS, by: str = "信访甲") -> Reading:
    with as_(world.viewer(by)) as viewer:
        return take_back_read(reading=row, by=viewer, on=on, words=words)


def test_papers_go_and_come_back(city: World):
    row = given(city, registered(city), copies=2)
    assert (row.reader, row.paper, row.copies, row.given_by, row.is_out) == ("李书记", "proposal", 2, "信访甲", True)
    row = back(city, row)
    assert (row.returned_on, row.returned_to, row.is_out) == (NEXT, "信访甲", False)
    log = list(Entry.objects.filter(verb__contains="read").order_by("pk").values_list("verb", flat=True))
    assert log == ["petition.give_to_read", "petition.take_back_read"]


def test_what_the_reader_wrote_stands_nowhere_in_clear(city: World):
    row = back(city, given(city, registered(city)))
    with as_(SYSTEM), guard.unguarded("tests: every column of every table"), connection.cursor() as cursor:
        assert (_hits(cursor, WORDS[:8]), bool(_hits(cursor, "李书记"))) == ([], True)
    with as_(SYSTEM):
        assert vault.words_of(Reading.objects.get(pk=row.pk), None) == WORDS


def test_the_words_open_in_their_own_place_alone(city: World):
    one, other = (back(city, given(city, registered(city))) for _ in range(2))
    with as_(SYSTEM):
        Reading.objects.filter(pk=other.pk).update(envelope=one.envelope)
        with pytest.raises(ValueError, match="无法启封"):
            vault.words_of(Reading.objects.get(pk=other.pk), None)


def test_a_rotation_finds_the_words(city: World):
    secret = "山高月小水落石出，清风徐来水波不兴"
    with as_(SYSTEM) as by:
        for name in ("信访甲", "信访乙"):
            enrol(user=city.users[name], passphrase=secret, by=by)
        members = [city.users[name] for name in ("信访甲", "信访乙")]
        make_office_key(office=city.offices[OFFICE], compartment="content", members=members, by=by)
    row = back(city, given(city, registered(city)))
    with as_(SYSTEM):
        key = vault.keys_of(city.offices[OFFICE], vault.CONTENT)[0].id
        found = [stored.context for stored in vault.sealed_under(key)]
        assert Context(vault.KIND, row.uid, vault.READ) in found
        assert vault.words_of(row, None) is None


def test_no_words_no_envelope(city: World):
    assert back(city, given(city, registered(city)), words="  ").envelope is None


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"on": DAY - timedelta(days=1)}, "step-date"),
        ({"due_on": DAY - timedelta(days=1)}, "reading-due"),
        ({"reader": " "}, "reader-needed"),
        ({"granted_by": " "}, "granted-by"),
    ],
)
def test_what_a_reading_must_say(city: World, more, rule):
    petition = registered(city)
    with refusal(rule):
        given(city, petition, **more)


def test_it_comes_back_once_and_not_before_it_went(city: World):
    row = given(city, registered(city), on=NEXT)
    with refusal("step-date"):
        back(city, row, on=DAY)
    back(city, row)
    with refusal("reading-over"):
        back(city, row)
    with as_(SYSTEM) as by, refusal("reading-over"):
        withdraw_reading(reading=row, by=by, reason="误录")


def test_a_wrong_entry_is_taken_back(city: World):
    petition = registered(city)
    row = given(city, petition)
    with as_(city.viewer("信访甲")) as by:
        withdraw_reading(reading=row, by=by, reason="误录")
        assert (list(selectors.readings(by)), len(selectors.readings_of(by, petition))) == ([], 1)
        assert selectors.reading_by_pk(petition, row.pk) is None
    with refusal("reading-over"):
        back(city, row)


def test_of_what_was_taken_back_nothing_goes(city: World):
    petition = registered(city)
    with as_(SYSTEM) as by:
        withdraw(petition=petition, by=by, reason="误录")
    with refusal("petition-withdrawn"):
        given(city, petition)


@pytest.mark.parametrize("name", ["干部甲", "书记", "区信访"])
def test_only_the_petition_office_gives_to_read(city: World, name: str):
    petition = registered(city)
    row = given(city, petition)
    with pytest.raises((Petition.DoesNotExist, Refused)) as refused:  # it is not there for who does not see it
        given(city, petition, by=name)
    assert getattr(refused.value, "rule", "not-allowed") == "not-allowed"
    with as_(city.viewer(name)) as viewer:
        assert (list(selectors.readings(viewer)), selectors.reading_by_pk(petition, row.pk)) == ([], None)


def test_who_is_recused_from_an_item_sees_no_reading_of_it(city: World):
    petition, other = registered(city), registered(city)
    given(city, petition)
    kept = given(city, other)
    with as_(SYSTEM) as by:
        recuse(user=city.users["信访乙"], by=by, thing=petition, reason="relative")
    with as_(city.viewer("信访乙")) as viewer:
        rows = list(selectors.readings(viewer))
        assert ([row.pk for row in rows], list(selectors.by_keys(viewer, [petition.pk, other.pk]))) == (
            [kept.pk],
            [other.pk],
        )


def test_what_is_out_and_what_is_late(city: World):
    petition = registered(city)
    late, out = given(city, petition), given(city, petition, due_on=date(2099, 1, 1))
    done = back(city, given(city, petition))
    with as_(city.viewer("信访甲")) as by:
        found = {which: [row.pk for row in selectors.readings(by, which)] for which in ("", "out", "late")}
        on_time = [row.pk for row in selectors.readings(by, "late", on=LATER)]
    assert found == {"": [late.pk, out.pk, done.pk], "out": [late.pk, out.pk], "late": [late.pk]}
    assert on_time == []  # due that day is not late


@pytest.mark.parametrize(
    "wrong",
    [
        {"due_on": DAY - timedelta(days=1)},
        {"returned_on": NEXT},
        {"returned_on": DAY - timedelta(days=1), "returned_to": "甲"},
        {"reader": ""},
        {"copies": 0},
    ],
)
def test_the_database_holds_it_too(city: World, wrong: dict[str, Any]):
    row = given(city, registered(city))
    with as_(SYSTEM), pytest.raises(IntegrityError), transaction.atomic():
        Reading.objects.filter(pk=row.pk).update(**wrong)


def test_the_form_is_filled_in_order_with_blank_lines_after(city: World):
    petition = registered(city)
    back(city, given(city, petition))
    with as_(SYSTEM) as by:
        withdraw_reading(reading=given(city, petition, reader="误录"), by=by, reason="误录")
    given(city, petition, reader="张常委", on=NEXT, copies=2)
    with as_(SYSTEM) as by:
        read = vault.read_by(selectors.readings_of(by, petition), None)
    table = next(
        block for block in written(Printed(petition, None, [], {}, readings=read)).blocks if hasattr(block, "rows")
    )
    assert [row[:6] for row in table.rows[:3]] == [
        ("1", "李书记", "拟办（阅批）单1份", "2022-03-01", "2022-03-02", WORDS),
        ("2", "张常委", "拟办（阅批）单2份", "2022-03-02", "", ""),
        ("3", "", "", "", "", ""),
    ]
    assert len(table.rows) == 12
