"""登记: tags in clear, words and sender sealed at once; who may; what is not kept of an anonymous letter; superiors' items."""

import json
from datetime import date

import pytest
from django.db import connection
from tests.petitions import city as cities
from tests.petitions.city import DAY, OFFICE, WORDS, new, registered, tags
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry, Payload
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.net.access.models import Level
from jiandu.net.access.services import recuse
from jiandu.sources.petitions import selectors, vault
from jiandu.sources.petitions.models import Meddling, Petition, PetitionStep, Sealed, SuperiorReceipt
from jiandu.sources.petitions.services import beside, deciding, registering
from jiandu.sources.petitions.vault import Content, Sender

SENDER = Sender(name="陈举报", contact="13812345678", address="思明区某路1号")


def refusal(rule: str):
    return pytest.raises(Refused, check=lambda refused: refused.rule == rule)


def test_a_letter_is_registered_with_its_tags_and_one_step(city: World):
    with as_(city.viewer("信访甲")) as by:
        petition = registering.register(new=new(city, unit="市教育局", people=3, is_urgent=True), by=by)
    row = Petition.objects.none()
    with as_(SYSTEM):
        row = Petition.objects.get(pk=petition.pk)
        steps = list(PetitionStep.objects.filter(petition=row).values_list("verb", "to_state", "on", "by_name"))
    office = city.offices[OFFICE]
    assert (row.code, row.state, row.level, row.people, row.is_urgent, row.subject_path) == (
        f"XF2022-{office.pk}-00001",
        "registered",
        Level.SENSITIVE,
        3,
        True,
        city.units["市教育局"].path,
    )
    assert steps == [("register", "registered", DAY, "信访甲")]


def test_numbers_run_on_within_the_office_and_year(city: World):
    codes = [registered(city).code[-5:], registered(city).code[-5:], registered(city, on=date(2021, 5, 6)).code[-5:]]
    assert codes == ["00001", "00002", "00001"]


def test_neither_words_nor_sender_stand_anywhere_in_clear(city: World):
    """Every column of every table, as text and as bytes: the control is the code of the item, which is found."""
    petition = registered(city, named="unverified", sender=SENDER)
    with as_(SYSTEM), guard.unguarded("tests: every column of every table"), connection.cursor() as cursor:
        found = {
            needle: _hits(cursor, needle) for needle in (WORDS[:12], "王某某", "陈举报", "13812345678", petition.code)
        }
    assert {needle: bool(hits) for needle, hits in found.items()} == {
        WORDS[:12]: False,
        "王某某": False,
        "陈举报": False,
        "13812345678": False,
        petition.code: True,
    }


def _hits(cursor, needle: str) -> list[str]:
    """Tables and columns in which the needle stands, in UTF-8, UTF-16 or GB 18030."""
    forms = [needle.encode(code) for code in ("utf-8", "utf-16-le", "gb18030")]
    hits = []
    for table in connection.introspection.table_names(cursor):
        cursor.execute(f'SELECT * FROM "{table}"')
        names = [column[0] for column in cursor.description]
        for row in cursor.fetchall():
            for name, value in zip(names, row, strict=True):
                data = bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()
                if any(form in data for form in forms):
                    hits.append(f"{table}.{name}")
    return hits


def test_the_content_comes_out_again_and_only_in_its_own_place(city: World):
    petition, other = registered(city), registered(city)
    with as_(SYSTEM):
        assert vault.content_of(petition, None) == Content(WORDS, person="王某某", post="基建科长")
        mine = Sealed.objects.get(petition=petition)
        Sealed.objects.filter(petition=other).update(envelope=mine.envelope)
        with pytest.raises(ValueError, match="无法启封"):
            vault.content_of(other, None)


def test_who_did_not_say_who_he_is_stays_unknown(city: World):
    with as_(SYSTEM) as by, refusal("sender-anonymous"):
        registering.register(new=new(city, sender=SENDER), by=by)


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"people": 0}, "people"),
        ({"named": "verified"}, "named-first"),
        ({"kind": "empty", "competence": "lower"}, "competence"),
        ({"content": Content("  ")}, "summary-needed"),
        ({"on": date(2099, 1, 1)}, "step-date"),
    ],
)
def test_what_a_registration_must_say(city: World, more, rule):
    with as_(SYSTEM) as by, refusal(rule):
        registering.register(new=new(city, **more), by=by)
    with as_(SYSTEM):
        assert Petition.objects.count() == 0


@pytest.mark.parametrize("name", ["干部甲", "街道干部", "书记", "安全管理员", "经办人丁"])
def test_only_a_petition_officer_registers(city: World, name):
    with as_(city.viewer(name)) as by, refusal("not-allowed"):
        registering.register(new=new(city), by=by)


def test_nobody_outside_the_office_sees_it_nor_learns_that_it_is_there(city: World):
    petition = registered(city, unit="市教育局")
    seen = {}
    for name in city.users:
        with as_(city.viewer(name)) as viewer:
            seen[name] = (selectors.by_uid(viewer, petition.uid) is not None, selectors.petitions(viewer).count())
    assert {name for name, found in seen.items() if found != (False, 0)} == {"信访甲", "信访乙"}
    assert (seen["信访甲"], seen["信访乙"]) == ((True, 1), (True, 1))


def test_whoever_belongs_to_the_unit_reported_is_kept_away_even_in_the_petition_office(city: World):
    petition = registered(city, unit="市教育局")
    user = city.users["信访乙"]
    with as_(SYSTEM) as by:
        recuse(user=user, by=by, thing=petition, reason="relative")
    with as_(city.viewer("信访乙")) as viewer:
        assert selectors.by_uid(viewer, petition.uid) is None
        assert selectors.petitions(viewer).count() == 0
    with as_(city.viewer("信访甲")) as viewer:
        assert selectors.petitions(viewer).count() == 1


def test_a_correction_needs_a_reason_and_leaves_the_old_values_in_the_log(city: World):
    petition = registered(city)
    with as_(city.viewer("信访甲")) as by, refusal("reason-needed"):
        registering.amend_tags(petition=petition, by=by, tags=tags(rank="county"), subject=None, reason=" ")
    with as_(city.viewer("信访甲")) as by:
        registering.amend_tags(
            petition=petition, by=by, tags=tags(rank="county"), subject=city.units["市教育局"], reason="核对职级"
        )
    with as_(SYSTEM):
        row = Petition.objects.get(pk=petition.pk)
    assert (row.rank, row.subject_path) == ("county", city.units["市教育局"].path)
    entry = Entry.objects.filter(verb="petition.amend").get()
    said = json.loads(Payload.objects.get(pk=entry.pk).body)
    assert (said["changed"], said["reason"]) == ({"rank": ["township", "county"]}, "核对职级")


def test_the_class_does_not_cross_the_regimes_once_it_is_routed(city: World):
    petition = cities.routed(city)
    with as_(SYSTEM) as by, refusal("other-regime"):
        registering.amend_tags(petition=petition, by=by, tags=tags(kind="advice"), subject=None, reason="改类别")


def test_what_is_taken_back_leaves_the_register(city: World):
    petition = registered(city)
    with as_(city.viewer("信访甲")) as by:
        registering.withdraw(petition=petition, by=by, reason="重复录入")
        assert selectors.petitions(by).count() == 0


# --- what belongs to a superior is never keyed in ---


def receipt(city: World, **more) -> SuperiorReceipt:
    said = {"envelope": "密封〔2022〕3号", "received_on": DAY, "way": "letter"} | more
    with as_(city.viewer("信访甲")) as by:
        return beside.take_for_superior(new=beside.NewReceipt(office=city.offices[OFFICE], **said), by=by)


def test_a_superiors_item_leaves_a_receipt_and_no_petition(city: World):
    row = receipt(city)
    with as_(city.viewer("信访甲")) as by:
        assert [(each.thing, each.clock.key, each.clock.due_on) for each in selectors.due(by, DAY)] == [
            (row, "report-upward", date(2022, 3, 8))
        ]
        handed = beside.Handed(on=date(2022, 3, 4), receiver="省纪委监委", deliverer="信访甲", received_by="收件人")
        beside.hand_up(receipt=row, by=by, handed=handed)
        assert selectors.due(by, DAY) == []
        assert selectors.petitions(by).count() == 0


def test_a_receipt_has_no_column_in_which_a_content_could_stand():
    from django.db import models

    texts = {
        field.name: field.max_length
        for field in SuperiorReceipt._meta.get_fields()
        if isinstance(field, (models.CharField, models.TextField)) and not field.choices and field.editable
    }
    assert texts == {"envelope": 32, "receiver": 128, "deliverer": 64, "received_by": 64}
    assert SuperiorReceipt._meta.get_field("subject").null
    assert "superior_receipt_about_nobody" in {each.name for each in SuperiorReceipt._meta.constraints}


@pytest.mark.parametrize("number", ["王某某受贿", "密封", "反映局长问题3", "A" * 30])
def test_the_number_of_an_envelope_tells_nothing(city: World, number):
    with refusal("envelope"):
        receipt(city, envelope=number)


def test_an_envelope_is_entered_once_and_handed_up_once(city: World):
    row = receipt(city)
    with refusal("envelope-twice"):
        receipt(city)
    handed = beside.Handed(on=DAY, receiver="省纪委监委", deliverer="信访甲")
    with as_(city.viewer("信访甲")) as by:
        beside.hand_up(receipt=row, by=by, handed=handed)
    with as_(city.viewer("信访甲")) as by, refusal("receipt-closed"):
        beside.hand_up(receipt=row, by=by, handed=handed)


# --- who asked ---


def test_asking_and_pleading_is_noted_and_stays_in_the_office(city: World):
    petition = registered(city)
    said = beside.NewMeddling(city.offices[OFFICE], DAY, "pleading", "某副局长", "市财政局副局长", "请求从轻", petition)
    with as_(city.viewer("信访甲")) as by:
        row = beside.note_meddling(new=said, by=by)
        assert list(selectors.meddlings(by, petition)) == [row]
    for name in ("书记", "干部甲", "驻教干部"):
        with as_(city.viewer(name)) as viewer:
            assert selectors.meddlings(viewer).count() == 0
    with as_(SYSTEM):
        assert Meddling.objects.get().code == f"GW2022-{city.offices[OFFICE].pk}-00001"


def test_a_draft_is_not_written_by_a_viewer_without_the_right(city: World):
    petition = registered(city)
    with as_(city.viewer("干部甲")) as by, refusal("not-allowed"):
        said = deciding.NewHandOff(DAY, city.offices["第一监督检查室"], extract="摘要")
        deciding.draft_hand_off(petition=petition, by=by, new=said)
