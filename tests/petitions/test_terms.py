"""Each row of the table of clocks, by its article: what starts it, what ends it, who may grant more; and the days themselves
against a slow and obvious count over 2020–2026."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiandu.base.lexicon import calendar as calendars
from jiandu.base.lexicon import terms as table
from jiandu.sources.petitions.states import Regime, Verb, regime_of
from jiandu.sources.petitions.terms import RULES, UPWARD, Clock, Course, clocks, extension, running, upward

V = Verb
DAY = timedelta(days=1)
START = date(2022, 6, 1)


@dataclass(frozen=True)
class Step:
    verb: str
    on: date
    until: date | None = None


def course(*steps: Step, received_on: date = START, **more: Any) -> Course:
    said = {"kind": "accusation", "named": "anonymous", "origin": "direct", "competence": "own", "is_repeat": False}
    return Course(received_on=received_on, steps=steps, **(said | more))


def one(key: str, found: list[Clock]) -> Clock:
    [clock] = [each for each in found if each.key == key]
    return clock


def shown(key: str, said: Course) -> tuple[str, str, str | None, list[str]]:
    """(start, due, ended, articles) of the one clock with that key."""
    clock = one(key, clocks(said))
    ended = clock.ended_on.isoformat() if clock.ended_on else None
    return clock.start.isoformat(), clock.due_on.isoformat(), ended, [article.key for article in clock.articles]


# --- the first regime: reports to the commission ---


def test_accusation_rules_art_15_a_superiors_item_goes_up_within_five_working_days():
    clock = upward(date(2022, 9, 28), None)  # the National Day rest lies between, with two days worked instead
    assert (clock.key, clock.due_on, [each.key for each in clock.articles]) == (
        UPWARD,
        date(2022, 10, 10),
        ["accusation-rules-2020:15.1"],
    )
    assert upward(date(2022, 9, 28), date(2022, 10, 10)).overdue(date(2023, 1, 1)) == 0


def test_accusation_rules_art_16_a_lower_body_accepts_within_five_working_days_of_the_routing():
    sent = course(Step(V.ROUTE, date(2022, 6, 2)), competence="lower")
    assert shown("forwarded-report", sent) == ("2022-06-02", "2022-06-10", None, ["accusation-rules-2020:16.2"])
    taken = course(*sent.steps, Step(V.ACCEPT, date(2022, 6, 8)), competence="lower")
    assert one("forwarded-report", clocks(taken)).ended_on == date(2022, 6, 8)


def test_accusation_rules_art_16_what_a_superior_forwarded_to_us_runs_from_its_receipt():
    assert shown("forwarded-report", course(origin="forwarded"))[:2] == ("2022-06-01", "2022-06-09")
    assert "forwarded-report" not in {clock.key for clock in clocks(course())}


def test_supervision_regulations_art_169_another_organs_item_is_transferred_within_five_working_days():
    said = course(competence="organ")
    expected = ["supervision-regulations-2021:169", "supervision-regulations-2021:171"]
    assert shown("other-competence", said) == ("2022-06-01", "2022-06-09", None, expected)
    later = course(competence="organ", received_on=date(2025, 7, 1))
    assert shown("other-competence", later)[3] == [
        "supervision-regulations-2025:199.1",
        "supervision-regulations-2025:201(2)",
    ]


def test_accusation_rules_art_26_a_named_reporter_is_told_of_acceptance_within_fifteen_working_days():
    said = course(named="verified")
    assert shown("acceptance-told", said)[:3] == ("2022-06-01", "2022-06-23", None)
    assert one(
        "acceptance-told", clocks(course(Step(V.TELL_ACCEPTED, date(2022, 6, 9)), named="verified"))
    ).ended_on == date(2022, 6, 9)


@pytest.mark.parametrize("named", ["anonymous", "unverified", "impostor", "unverifiable"])
def test_accusation_rules_art_30_who_is_not_verified_is_told_nothing(named):
    assert not {"acceptance-told", "result-told"} & {
        clock.key for clock in clocks(course(Step(V.CONCLUDE, START), named=named))
    }


def test_accusation_rules_art_14_26_a_repeat_is_not_told_again():
    assert [clock.key for clock in clocks(course(named="verified", is_repeat=True))] == []


def test_accusation_rules_art_27_the_result_is_told_within_fifteen_working_days_of_conclusion_not_three_months():
    said = course(Step(V.CONCLUDE, date(2022, 12, 1)), named="verified")
    assert shown("result-told", said) == (
        "2022-12-01",
        "2022-12-22",
        None,
        ["accusation-rules-2020:27", "supervision-regulations-2021:175"],
    )


def test_accusation_rules_art_21_an_assigned_item_has_three_months_three_more_and_then_the_superiors_word():
    said = course(Step(V.ACCEPT, START), origin="assigned")
    assert shown("assigned-report", said)[:2] == ("2022-06-01", "2022-09-01")
    first = extension(said)
    assert (first.after, first.latest) == (date(2022, 9, 1), date(2022, 12, 1))
    longer = course(Step(V.ACCEPT, START), Step(V.EXTEND, date(2022, 8, 30), date(2022, 12, 1)), origin="assigned")
    clock = one("assigned-report", clocks(longer))
    assert (clock.due_on, clock.extended) == (date(2022, 12, 1), 1)
    second = extension(longer)
    assert (second.after, second.latest) == (date(2022, 12, 1), None)


def test_accusation_rules_art_21_what_nobody_assigned_has_no_general_limit():
    assert "assigned-report" not in {clock.key for clock in clocks(course(Step(V.ACCEPT, START)))}
    assert extension(course(Step(V.ACCEPT, START))) is None


def test_enforcement_rules_art_21_an_opinion_on_a_clue_within_a_month_of_receipt():
    said = course(Step(V.ACCEPT, date(2022, 1, 31)))
    assert shown("clue-opinion", said)[:2] == ("2022-01-31", "2022-02-28")


def test_enforcement_rules_art_29_an_inquiry_is_answered_within_fifteen_working_days():
    asked = (Step(V.ACCEPT, START), Step(V.INQUIRE, date(2022, 6, 6)))
    assert shown("inquiry-reply", course(*asked))[:3] == ("2022-06-06", "2022-06-27", None)
    assert shown("inquiry-reply", course(*asked, Step(V.INQUIRY_ANSWERED, date(2022, 6, 20))))[2] == "2022-06-20"


def test_enforcement_rules_art_30_report_within_a_month_of_the_talk_or_the_reply():
    after = course(Step(V.ACCEPT, START), Step(V.INQUIRE, START), Step(V.INQUIRY_ANSWERED, date(2022, 6, 20)))
    assert shown("inquiry-report", after)[:2] == ("2022-06-20", "2022-07-20")
    talked = course(Step(V.ACCEPT, START), Step(V.TALK, date(2022, 7, 15)))
    assert shown("inquiry-report", talked)[:2] == ("2022-07-15", "2022-08-15")


def test_supervision_regulations_art_72_statement_and_entrusted_talk_within_fifteen_working_days():
    talked = course(Step(V.ACCEPT, START), Step(V.ENTRUST, START), Step(V.TALK, date(2022, 6, 10)))
    assert shown("entrusted-talk", talked)[:3] == ("2022-06-01", "2022-06-23", "2022-06-10")
    assert shown("talk-statement", talked)[:3] == ("2022-06-10", "2022-07-01", None)


def test_accusation_rules_art_18_results_go_to_the_petition_office_each_quarter():
    assert shown("results-to-petition-office", course(Step(V.CONCLUDE, START)))[:2] == ("2022-06-01", "2022-09-01")


def test_enforcement_rules_art_59_a_review_of_a_decision_takes_three_months():
    said = course(Step(V.ACCEPT, START), kind="appeal")
    assert shown("discipline-review", said)[:2] == ("2022-06-01", "2022-09-01")


# --- the second regime: ordinary petitions ---


def ordinary(*steps: Step, **more: Any) -> Course:
    return course(*steps, kind="advice", **more)


def test_petition_regulations_art_22_registered_and_routed_within_fifteen_days():
    assert shown("petition-routed", ordinary()) == (
        "2022-06-01",
        "2022-06-16",
        None,
        ["petition-regulations-2022:22", "petition-regulations-2022:23"],
    )
    before = ordinary(received_on=date(2022, 4, 1))
    assert shown("petition-routed", before)[3] == ["petition-regulations-2005:21", "petition-regulations-2005:22"]


def test_petition_regulations_art_23_competence_is_objected_to_within_five_working_days_or_the_right_lapses():
    clock = one("petition-objection", clocks(ordinary(Step(V.ROUTE, START))))
    assert (clock.due_on, clock.is_right) == (date(2022, 6, 9), True)
    assert (clock.overdue(date(2022, 7, 1)), clock.runs(date(2022, 6, 9)), clock.runs(date(2022, 6, 10))) == (
        0,
        True,
        False,
    )


def test_petition_regulations_art_34_finished_within_sixty_days_and_thirty_more_once():
    said = ordinary(Step(V.ACCEPT, START))
    assert shown("petition-finished", said)[:2] == ("2022-06-01", "2022-08-01")  # the 60th day is a Sunday
    more = extension(said)
    assert (more.after, more.latest) == (date(2022, 8, 1), date(2022, 8, 31))
    assert extension(ordinary(Step(V.ACCEPT, START), Step(V.EXTEND, START, date(2022, 8, 20)))) is None


def test_petition_regulations_art_35_36_review_and_second_review_within_thirty_days_each():
    told = (Step(V.ACCEPT, START), Step(V.CONCLUDE, START), Step(V.TELL_RESULT, START))
    asked = (*told, Step(V.ASK_REVIEW, date(2022, 6, 20)))
    answered = (*asked, Step(V.ANSWER_REVIEW, date(2022, 7, 1)), Step(V.ASK_RECHECK, date(2022, 7, 8)))
    assert shown("petition-review-asked", ordinary(*told))[:2] == ("2022-06-01", "2022-07-01")
    assert shown("petition-review-answered", ordinary(*asked))[:2] == ("2022-06-20", "2022-07-20")
    assert shown("petition-recheck-asked", ordinary(*answered))[:3] == ("2022-07-01", "2022-08-01", "2022-07-08")
    assert shown("petition-recheck-answered", ordinary(*answered))[:2] == ("2022-07-08", "2022-08-08")


# --- what holds of all of them ---

VERBS = st.sampled_from([each for each in Verb if each != Verb.EXTEND])
DATES = st.dates(date(2020, 2, 1), date(2026, 6, 30))


@st.composite
def courses(draw: Any) -> Course:
    received = draw(DATES)
    days = sorted(draw(st.lists(st.integers(0, 400), max_size=12)))
    return Course(
        received_on=received,
        kind=draw(st.sampled_from(["accusation", "appeal", "advice", "outside", "empty"])),
        named=draw(st.sampled_from(["anonymous", "verified", "unverified"])),
        origin=draw(st.sampled_from(["direct", "forwarded", "assigned"])),
        competence=draw(st.sampled_from(["own", "lower", "organ"])),
        is_repeat=draw(st.booleans()),
        steps=tuple(Step(draw(VERBS), received + day * DAY) for day in days),
    )


@given(courses())
@settings(max_examples=400, deadline=None)
def test_the_two_regimes_are_never_mixed(said):
    mine = {rule.term for rule in RULES if rule.regime == regime_of(said.kind)}
    others = {rule.term for rule in RULES if rule.regime != regime_of(said.kind)}
    assert mine & others == set()
    assert {clock.key for clock in clocks(said)} <= mine


def _worked_days() -> Any:
    """Whether a day is worked: straight from the notices, by nothing of the program."""
    years = json.loads(Path(calendars.HOLIDAYS).read_text("utf-8"))["years"]
    off, worked = set(), set()
    for year in years.values():
        for holiday in year["holidays"]:
            first, last = date.fromisoformat(holiday["from"]), date.fromisoformat(holiday["to"])
            off |= {first + n * DAY for n in range((last - first).days + 1)}
            worked |= {date.fromisoformat(each) for each in holiday["work"]}
    return lambda day: day in worked or (day.isoweekday() < 6 and day not in off)


IS_WORKED = _worked_days()


def slow_due(start: date, amount: int, unit: str) -> date:
    """Counts on the fingers: day after day from the day after the start; a rest day at the end moves to the next worked day."""
    if unit == "working_day":
        day, left = start, amount
        while left:
            day += DAY
            left -= IS_WORKED(day)
        return day
    day = start + amount * DAY if unit == "day" else same_day(start, amount)
    while not IS_WORKED(day):
        day += DAY
    return day


def same_day(start: date, months: int) -> date:
    """The corresponding day so many months on, or the month's last."""
    year, month = start.year, start.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    for number in range(start.day, 0, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    raise AssertionError("a month without days")


@given(courses())
@settings(max_examples=600, deadline=None)
def test_every_due_day_is_what_counting_on_the_fingers_gives(said):
    for clock in clocks(said):
        row = table.deadline(clock.key, on=clock.start)
        assert clock.due_on == slow_due(clock.start, row.amount, row.unit.value), clock


@given(courses(), st.integers(0, 800))
@settings(max_examples=300, deadline=None)
def test_what_waits_is_what_has_not_ended_and_has_not_lapsed(said, days):
    on = said.received_on + days * DAY
    waiting = running(said, on)
    assert all(clock.start <= on for clock in waiting)
    kept = [each for each in clocks(said) if each.start <= on and (each.ended_on is None or each.ended_on > on)]
    assert waiting == [each for each in kept if not (each.is_right and each.due_on < on)]


def test_every_term_of_petitions_in_the_table_has_its_rule():
    """A row of the table that no act starts would be a clock that nobody sees."""
    of_others = {"receive", "plan", "extension", "look-back", "joint-visit"}
    prefixes = ("rectify", "copy-report", "proposal", "estate")
    rows = {row.key for row in table.deadlines() if row.key not in of_others and not row.key.startswith(prefixes)}
    named = {rule.term for rule in RULES} | {rule.more for rule in RULES if rule.more} | {UPWARD}
    assert rows == named


def test_a_regime_is_said_for_every_class():
    assert {each: regime_of(each) for each in ("accusation", "appeal", "advice", "outside", "empty")} == {
        "accusation": Regime.ACCUSATION,
        "appeal": Regime.ACCUSATION,
        "advice": Regime.ORDINARY,
        "outside": Regime.ORDINARY,
        "empty": Regime.ORDINARY,
    }
