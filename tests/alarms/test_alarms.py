"""苗头性、倾向性问题: a week's alarms are proposals with what rose and why; an officer decides; each rule's precision is counted."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.petitions import city as cities
from tests.petitions.city import OFFICE, registered
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.services import load_defaults
from jiandu.results.alarms import selectors
from jiandu.results.alarms.jobs import look_at_last_week
from jiandu.results.alarms.models import Alarm
from jiandu.results.alarms.selectors import Precision
from jiandu.results.alarms.series import LEAST, Of, monday
from jiandu.results.alarms.series import Item as Weekly
from jiandu.results.alarms.services import confirm, dismiss, look_at_week
from jiandu.sources.petitions.models import Petition
from jiandu.sources.petitions.services import deciding

WEEK = date(2022, 6, 6)  # a Monday
Rule = Alarm.Rule


def refusal(rule: str):
    return pytest.raises(Refused, check=lambda refused: refused.rule == rule)


@pytest.fixture
def city(world: World) -> World:
    with as_(SYSTEM) as by:
        load_defaults(by=by)
    return cities.furnish(world)


def domain(code: str) -> Item:
    with as_(SYSTEM):
        return Item.objects.get(kind="petition_domain", code=code)


def looked(city: World, *, who: str = "信访甲", week: date = WEEK) -> list[Alarm]:
    with as_(city.viewer(who)) as by:
        return look_at_week(office=city.offices[OFFICE], week=week, by=by)


def quiet_year(city: World, **more: Any) -> None:
    """One item every other week of the year before."""
    for number in range(2, 52, 2):
        registered(city, on=WEEK - timedelta(weeks=number), **more)


def rise(city: World, count: int = 9, **more: Any) -> None:
    for number in range(count):
        registered(city, on=WEEK + timedelta(days=number % 5), **more)


def test_a_sudden_rise_on_a_unit_and_domain_is_told_with_its_numbers(city: World):
    school = domain("education")
    quiet_year(city, unit="市教育局", domain=school)
    rise(city, unit="市教育局", domain=school)
    made = looked(city)
    rises = {(row.subject_id, row.domain_id): row for row in made if row.rule == Rule.RISE}
    unit = city.units["市教育局"].pk
    assert set(rises) == {(unit, school.pk)}, "one event, told by the narrowest series that holds it"
    row = rises[unit, school.pk]
    assert (row.observed, row.expected < 2, row.threshold < 9, row.sure) == (9, True, True, "strong")
    assert row.why.startswith("本周9件，预期")
    assert row.why_en.startswith("9 this week")
    assert (row.week, row.code) == (WEEK, f"YJ2022-{city.offices[OFFICE].pk}-{int(row.code[-5:]):05d}")


def test_a_rise_that_several_units_share_is_told_of_what_they_share(city: World):
    """And of a unit beside it where that one rose by itself: its items are not all of the wider series."""
    school = domain("education")
    quiet_year(city, unit="市教育局", domain=school)
    rise(city, count=6, unit="市教育局", domain=school)
    for unit in ("市财政局", "思明区教育局", "市第一中学"):
        registered(city, on=WEEK, unit=unit, domain=school)
    rises = {(row.subject_id, row.domain_id): row.observed for row in looked(city) if row.rule == Rule.RISE}
    assert rises == {(None, school.pk): 9, (city.units["市教育局"].pk, school.pk): 6}


@given(st.tuples(*[st.sampled_from((None, 1, 2))] * 3))
def test_an_item_counts_in_each_series_of_what_is_said_of_it(told):
    """Two ways for each of unit, domain and place that is said; each is within those that say less."""
    series = Weekly(WEEK, *told, False, False, None, None).series()
    assert len(series) == 2 ** sum(each is not None for each in told)
    assert all(Of(*told).is_within(other) for other in series - {Of(*told)})
    assert not any(other.is_within(Of(*told)) for other in series)


def test_a_quiet_week_raises_nothing(city: World):
    quiet_year(city, unit="市教育局")
    registered(city, on=WEEK, unit="市教育局")
    assert looked(city) == []


def test_fewer_than_three_items_are_never_judged(city: World):
    for _ in range(LEAST - 1):
        registered(city, on=WEEK, unit="市教育局")
    assert looked(city) == []


def test_the_same_week_again_adds_only_what_is_new(city: World):
    quiet_year(city, unit="市教育局")
    rise(city, unit="市教育局")
    first = looked(city)
    assert (len(first) > 0, looked(city)) == (True, [])
    with as_(SYSTEM):
        assert Alarm.objects.count() == len(first)


def test_the_clock_looks_at_last_week_once(city: World):
    last = monday(today()) - timedelta(days=7)
    for number in range(6):
        registered(city, on=last + timedelta(days=number % 5), unit="市教育局")
    for number in range(2, 30, 2):
        registered(city, on=last - timedelta(weeks=number), unit="市教育局")
    assert (look_at_last_week() > 0, look_at_last_week()) == (True, 0)
    assert Entry.objects.filter(verb="alarm.look").count() == 1
    with as_(city.viewer("信访甲")) as viewer:
        assert {alarm.week for alarm in selectors.alarms(viewer)} == {last}


def test_a_week_that_runs_is_not_judged(city: World):
    with refusal("week-running"):
        looked(city, week=today())


def test_repeats_above_three_in_ten_are_told(city: World):
    main = registered(city, on=WEEK - timedelta(weeks=3), unit="市教育局")
    for number in range(12):
        petition = registered(city, on=WEEK - timedelta(weeks=2) + timedelta(days=number), unit="市教育局")
        if number % 2:
            with as_(SYSTEM) as by:
                deciding.mark_repeat(petition=petition, by=by, on=petition.received_on, main=main)
    [row] = [row for row in looked(city) if row.rule == Rule.REPEATS]
    assert (row.observed, row.why) == (46, "90天内重复件占46%，高于30%")


def test_a_jump_of_over_level_items_is_told_beside_what_was_before(city: World):
    for number in range(6):
        registered(city, on=WEEK - timedelta(days=number), unit="市财政局", is_over_level=True)
    registered(city, on=WEEK - timedelta(days=120), unit="市财政局", is_over_level=True)
    [row] = [row for row in looked(city) if row.rule == Rule.OVER_LEVEL]
    assert (row.observed, row.why) == (6, "90天内越级件6件，上一个90天1件")


def test_three_distinct_senders_on_one_person_are_told_without_any_name(city: World):
    petitions = [registered(city, on=WEEK - timedelta(days=10 * number), unit="市教育局") for number in range(4)]
    with as_(SYSTEM):
        for number, petition in enumerate(petitions):
            marks = {"person_mark": b"p" * 32, "sender_mark": bytes([number % 3]) * 32}
            Petition.objects.filter(pk=petition.pk).update(**marks)
    [row] = [row for row in looked(city) if row.rule == Rule.SENDERS]
    assert (row.observed, row.subject_id, row.why) == (
        3,
        city.units["市教育局"].pk,
        "90天内有3名不同的署名人反映同一人（3名即提示）",
    )


def test_two_senders_however_often_they_write_raise_nothing(city: World):
    for number in range(6):
        petition = registered(city, on=WEEK - timedelta(days=number))
        with as_(SYSTEM):
            marks = {"person_mark": b"p" * 32, "sender_mark": bytes([number % 2]) * 32}
            Petition.objects.filter(pk=petition.pk).update(**marks)
    assert [row for row in looked(city) if row.rule == Rule.SENDERS] == []


# --- decided by an officer ---


def alarmed(city: World) -> Alarm:
    quiet_year(city, unit="市教育局")
    rise(city, unit="市教育局")
    return next(row for row in looked(city) if row.subject_id)


def test_an_alarm_is_confirmed_or_dismissed_once_and_with_a_reason(city: World):
    alarm = alarmed(city)
    with as_(city.viewer("信访甲")) as by:
        with refusal("alarm-reason"):
            dismiss(alarm=alarm, by=by, on=WEEK, reason="")
        with refusal("note-needed"):
            confirm(alarm=alarm, by=by, on=WEEK, note=" ")
        with refusal("step-date"):
            confirm(alarm=alarm, by=by, on=WEEK - timedelta(days=1), note="属实")
        row = confirm(alarm=alarm, by=by, on=WEEK + timedelta(days=7), note="食堂采购问题集中，拟作专题分析")
        with refusal("already-decided"):
            dismiss(alarm=row, by=by, on=WEEK + timedelta(days=8), reason="chance")
    assert (row.state, row.decided_by) == ("confirmed", "信访甲")


def test_the_items_behind_an_alarm_are_those_that_it_counts(city: World):
    alarm = alarmed(city)
    registered(city, on=WEEK, unit="市财政局")
    with as_(city.viewer("信访甲")) as viewer:
        assert selectors.behind(viewer, alarm).count() == alarm.observed == 9


def test_the_precision_of_a_rule_counts_what_was_decided(city: World):
    for unit in ("市教育局", "市财政局"):
        quiet_year(city, unit=unit)
        rise(city, unit=unit)
    first, *others = looked(city)
    with as_(city.viewer("信访甲")) as by:
        confirm(alarm=first, by=by, on=WEEK, note="属实")
        for row in others[:1]:
            dismiss(alarm=row, by=by, on=WEEK, reason="chance")
        [said] = selectors.precision(by)
    assert (said.rule, said.decided, said.confirmed, said.waiting) == ("rise", 2, 1, len(others) - 1)


@given(st.integers(0, 200), st.integers(0, 200))
def test_the_interval_holds_the_share_and_narrows(confirmed, dismissed):
    said = Precision("rise", confirmed + dismissed, confirmed, 0)
    if not said.decided:
        assert said.interval is None
        return
    low, high = said.interval
    share = confirmed / said.decided
    assert 0 <= low <= share <= high <= 1
    more_low, more_high = Precision("rise", said.decided * 4, confirmed * 4, 0).interval
    assert more_high - more_low < high - low


@pytest.mark.parametrize("name", ["干部甲", "书记", "区信访", "主任甲", "驻教干部"])
def test_nobody_outside_the_office_sees_that_there_is_an_alarm(city: World, name):
    alarm = alarmed(city)
    with as_(city.viewer(name)) as viewer:
        assert selectors.alarms(viewer).count() == 0
        assert selectors.by_uid(viewer, alarm.uid) is None
    if name != "区信访":  # who looks at his own office's weeks alone
        with refusal("not-allowed"):
            looked(city, who=name)


@given(st.dates(date(2020, 1, 1), date(2026, 12, 31)))
def test_a_week_begins_on_its_monday(day):
    first = monday(day)
    assert (first.weekday(), 0 <= (day - first).days < 7) == (0, True)
