"""One matter in several units: by the clerks' class, without a key; by a word of sealed texts, which stays sealed."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.alarms.test_alarms import WEEK, looked, refusal
from tests.petitions import city as cities
from tests.petitions.city import DISTRICT_OFFICE, OFFICE, registered
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Payload
from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.instruments.models import Instrument
from jiandu.results.alarms import selectors, words
from jiandu.results.alarms.letters import NewLetter, draft_letter, facts_of
from jiandu.results.alarms.models import Alarm
from jiandu.results.alarms.services import confirm, dismiss
from jiandu.results.alarms.words import NewWord, propose
from jiandu.results.bulletins import sending
from jiandu.results.bulletins.sending import NewAdvisory
from jiandu.results.warnings.plain import LEAST_WINDOWS, SPREAD_DAYS, Said, spreads
from jiandu.results.warnings.plain import WEEK as DAYS_OF_WEEK
from jiandu.sources.petitions.models import Petition

Rule = Alarm.Rule
MATTER, LAST = "D010201", WEEK + timedelta(days=6)
SECRET = "加装电梯补贴"
UNITS = ("市教育局", "市财政局", "思明区教育局", "市第一中学")


@pytest.fixture
def city(world: World) -> World:
    with as_(SYSTEM) as by:
        load_defaults(by=by)
    return cities.furnish(world)


def classed(city: World, unit: str, on: date = WEEK, code: str = MATTER, **more: Any) -> Petition:
    petition = registered(city, on=on, unit=unit, **more)
    with as_(SYSTEM):
        Petition.objects.filter(pk=petition.pk).update(category=code)
        return Petition.objects.get(pk=petition.pk)


def shared(city: World) -> list[Alarm]:
    return [row for row in looked(city) if row.rule == Rule.SHARED]


# --- by class ---


def test_the_same_matter_for_three_units_is_told_without_any_key(city: World):
    items = [classed(city, unit, WEEK - timedelta(days=9 * place)) for place, unit in enumerate(UNITS[:3])]
    [row] = shared(city)
    assert (row.category, row.observed, row.expected, row.threshold, row.subject) == (MATTER, 3, None, 3.0, None)
    assert row.why.startswith("30天内有3个单位被反映“扶贫和乡村振兴")
    with as_(city.viewer("信访甲")) as by:
        assert set(selectors.behind(by, row)) == set(items)
    assert shared(city) == []  # the same week again adds nothing


def test_two_units_however_often_and_three_of_a_wider_class_are_not_told(city: World):
    for unit in (*UNITS[:2], *UNITS[:2]):
        classed(city, unit)
    for unit in UNITS[:3]:
        classed(city, unit, code="D0102")  # the second level: not one matter
    assert shared(city) == []
    classed(city, UNITS[2])  # control
    assert len(shared(city)) == 1


def test_what_is_usual_is_not_told_and_what_was_told_last_week_neither(city: World):
    for back in range(1, 8):
        for unit in UNITS[:3]:
            classed(city, unit, WEEK - timedelta(days=SPREAD_DAYS * back))
    for unit in UNITS[:3]:
        classed(city, unit)
    assert shared(city) == []  # three in every window before
    classed(city, UNITS[3])
    [row] = shared(city)
    assert (row.observed, row.expected, "平时3.0个" in row.why) == (4, 3.0, True)
    assert [one for one in looked(city, week=WEEK + timedelta(days=7)) if one.rule == Rule.SHARED] == []


@given(st.lists(st.tuples(st.integers(0, 120), st.integers(1, 6)), max_size=30))
def test_a_spread_counts_each_unit_once_and_only_where_one_is_new_in_the_week(said):
    rows = [Said("a", unit, LAST - timedelta(days=back)) for back, unit in said]
    found = spreads(rows, LAST)
    now = {unit for back, unit in said if back < SPREAD_DAYS}
    new = {unit for back, unit in said if back < DAYS_OF_WEEK} - {
        unit for back, unit in said if DAYS_OF_WEEK <= back < SPREAD_DAYS
    }
    if len(now) < 3 or not new:
        assert found == []
    elif (
        max(back for back, _unit in said) < SPREAD_DAYS * (LEAST_WINDOWS + 1) - 1
    ):  # too short a past to say what is usual
        assert [(one.units, one.usual) for one in found] == [(len(now), None)]


# --- by a word ---


def holding(city: World, units: tuple[str, ...] = UNITS[:3], **more: Any) -> list[Petition]:
    return [
        classed(city, unit, code=code, **more)
        for unit, code in zip(units, ("D010201", "D010202", "D0102"), strict=True)
    ]


def proposed(city: World, items: list[Petition], who: str = "信访甲") -> Alarm:
    with as_(city.viewer(who)) as by:
        return propose(office=city.offices[OFFICE], new=NewWord(WEEK + timedelta(days=2), SECRET, items), by=by)


def test_a_word_of_three_units_becomes_an_alarm_and_stands_in_the_clear_nowhere(city: World):
    with as_(SYSTEM):
        school = Item.objects.get(kind="petition_domain", code="education")
    row = proposed(city, items := holding(city, domain=school))
    assert (row.rule, row.state, row.observed, row.category, row.domain) == (Rule.WORD, "waiting", 3, "D0102", school)
    with as_(SYSTEM):
        kept = dict(Alarm.objects.filter(pk=row.pk).values()[0])
        envelope = bytes(kept.pop("word"))
        told = [*map(str, kept.values()), *Payload.objects.values_list("body", flat=True)]
    assert not [text for text in told if SECRET in str(text)]
    assert SECRET.encode() not in envelope
    assert words.word_of(row, None) == SECRET  # control: the demo's key opens it
    with as_(city.viewer("信访甲")) as by:
        assert set(selectors.behind(by, row)) == set(items)
        assert words.word_of(Alarm(uid=row.uid, word=None), None) is None


def test_a_word_of_two_units_or_twice_or_of_another_office_is_refused(city: World):
    items = holding(city)
    with refusal("too-few-units"):
        proposed(city, items[:2])
    foreign = registered(city, unit=UNITS[3], office=DISTRICT_OFFICE)
    with refusal("too-few-units"):
        proposed(city, [*items[:2], foreign])
    proposed(city, items)
    with refusal("alarm-twice"):
        proposed(city, items)
    with refusal("not-allowed"):
        proposed(city, items, who="主任甲")


def test_a_word_counts_in_the_precision_of_its_rule(city: World):
    row = proposed(city, holding(city))
    with as_(city.viewer("信访甲")) as by:
        dismiss(alarm=row, by=by, on=WEEK, reason="campaign")
        [said] = selectors.precision(by)
    assert (said.rule, said.decided, said.confirmed) == ("word", 1, 0)


def test_a_sealed_word_goes_with_the_key_of_its_office(city: World):
    row = proposed(city, holding(city))
    with as_(SYSTEM):
        [stored] = words.sealed_under(words.vault.installation_key().public.id)
        assert stored.envelope == bytes(Alarm.objects.get(pk=row.pk).word)
        assert list(words.sealed_under(b"x" * 16)) == []
        stored.put(b"sealed anew")
        assert bytes(Alarm.objects.get(pk=row.pk).word) == b"sealed anew"


def test_what_several_units_share_is_told_to_none_of_them_and_without_the_word(city: World):
    row = proposed(city, holding(city))
    with as_(city.viewer("信访甲")) as by:
        row = confirm(alarm=row, by=by, on=WEEK, note="集中")
        with refusal("recipient-reported"):
            sending.send(about=row, by=by, new=NewAdvisory(WEEK, body=UNITS[1]))
        sent = sending.send(about=row, by=by, new=NewAdvisory(WEEK, body="市农业农村局"))
    assert (SECRET in sent.told, "共涉及3个单位" in sent.told) == (False, True)


# --- a letter ---


def confirmed(city: World) -> Alarm:
    for number in range(9):
        registered(city, on=WEEK + timedelta(days=number % 5), unit="市教育局")
    for number in range(2, 52, 2):
        registered(city, on=WEEK - timedelta(weeks=number), unit="市教育局")
    row = next(one for one in looked(city) if one.subject_id)
    with as_(city.viewer("信访甲")) as by:
        return confirm(alarm=row, by=by, on=WEEK + timedelta(days=8), note="属实")


def letter(city: World, alarm: Alarm, unit: str = "市教育局", kind: str = "petition") -> Instrument:
    new = NewLetter(
        kind, city.units[unit], "食堂采购信访反映集中", WEEK + timedelta(days=9), facts_of(alarm), ("开展自查", " ")
    )
    with as_(city.viewer("信访甲")) as by:
        return draft_letter(alarm=alarm, by=by, new=new)


def test_a_confirmed_alarm_leads_to_a_letter_and_back(city: World):
    alarm = confirmed(city)
    made = letter(city, alarm)
    assert (made.kind, made.subject, made.owner_office) == ("petition", city.units["市教育局"], city.offices[OFFICE])
    assert made.facts.startswith("2022年6月6日至2022年6月12日，我机关收到反映你单位问题的信访举报9件，平时每周")
    with as_(city.viewer("信访甲")) as by:
        assert list(selectors.letters_of(by, alarm)) == [made]
        assert selectors.alarm_of(by, made) == alarm
        assert [row.text for row in made.suggestions.all()] == ["开展自查"]
    with as_(city.viewer("干部甲")) as by:
        assert selectors.alarm_of(by, made) is None


def test_a_letter_tells_no_item_no_sender_and_no_small_number(city: World):
    alarm = confirmed(city)
    with as_(SYSTEM):
        codes = list(Petition.objects.values_list("code", flat=True))
    for rule in Rule:
        told = facts_of(Alarm(rule=rule, week=WEEK, since=WEEK, observed=2, expected=0.4, category=MATTER))
        assert not [code for code in codes if code in told]
        assert ("2件" in told, "2名" in told, "2人" in told) == (False, False, False), rule
    assert "9件" in facts_of(alarm)  # control


def test_only_a_confirmed_alarm_leads_to_a_letter_of_its_kinds_to_its_unit(city: World):
    alarm = confirmed(city)
    with refusal("letter-unit"):
        letter(city, alarm, unit="市财政局")
    with refusal("letter-kind"):
        letter(city, alarm, kind="copy_report")
    waiting = proposed(city, holding(city))
    with refusal("confirm-first"):
        letter(city, waiting)
