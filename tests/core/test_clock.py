"""Terms and the working calendar: statute examples by hand, then the arithmetic by property."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from jiandu.base.core.clock import (
    Calendar,
    Term,
    Unit,
    add_months,
    days_left,
    due,
    now,
    overdue_days,
    today,
)
from jiandu.base.lexicon.calendar import load_calendar

CHINA = load_calendar()
DAY = timedelta(days=1)
IN_FORCE = date(2021, 9, 20)

days = st.dates(date(2019, 6, 1), date(2027, 12, 31))
counts = st.integers(0, 120)
near = st.dates(date(2022, 1, 1), date(2022, 3, 31))


@st.composite
def calendars(draw):
    """Any calendar of one quarter: holidays and make-up days may fall anywhere, even on each other."""
    some = st.frozensets(near, max_size=30)
    return Calendar(off=draw(some), makeup=draw(some), years=frozenset({2022}))


def term(amount, unit):
    return Term(amount=amount, unit=unit, article="test", effective_from=IN_FORCE)


def test_today_is_the_date_in_shanghai():
    with time_machine.travel(datetime(2022, 12, 31, 16, 30, tzinfo=UTC), tick=False):
        assert today() == date(2023, 1, 1)
        assert now().isoformat() == "2023-01-01T00:30:00+08:00"


@pytest.mark.parametrize(
    ("start", "count", "last"),
    [
        (date(2022, 9, 20), 15, date(2022, 10, 14)),  # over National Day, with Saturday and Sunday worked
        (date(2022, 1, 28), 5, date(2022, 2, 9)),  # Friday; 29 and 30 January are worked
        (date(2020, 1, 22), 5, date(2020, 2, 6)),  # the extended Spring Festival: 1 February is no make-up day any more
        (date(2022, 10, 1), 1, date(2022, 10, 8)),  # received on a day off
        (date(2023, 4, 28), 1, date(2023, 5, 4)),
        (date(2025, 1, 24), 3, date(2025, 2, 5)),  # Sunday 26 January is worked
        (date(2026, 2, 13), 3, date(2026, 2, 25)),
        (date(2022, 10, 1), 0, date(2022, 10, 1)),
    ],
)
def test_add_working_days_over_holidays(start, count, last):
    assert CHINA.add_working_days(start, count) == last


@pytest.mark.parametrize(
    ("start", "months", "day"),
    [
        (date(2021, 11, 30), 3, date(2022, 2, 28)),
        (date(2022, 1, 31), 1, date(2022, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2022, 11, 15), 3, date(2023, 2, 15)),
        (date(2022, 3, 31), -1, date(2022, 2, 28)),
        (date(2022, 12, 31), 12, date(2023, 12, 31)),
    ],
)
def test_add_months_takes_the_corresponding_or_the_last_day(start, months, day):
    assert add_months(start, months) == day


@pytest.mark.parametrize(
    ("amount", "unit", "start", "last"),
    [
        (5, Unit.WORKING_DAY, date(2022, 4, 29), date(2022, 5, 10)),  # 30 April to 4 May off, Saturday 7 May worked
        (15, Unit.DAY, date(2022, 6, 1), date(2022, 6, 16)),
        (60, Unit.DAY, date(2022, 3, 4), date(2022, 5, 5)),  # 3 May is a day off
        (1, Unit.MONTH, date(2022, 5, 11), date(2022, 6, 13)),  # 11 June is a Saturday
        (1, Unit.MONTH, date(2021, 12, 29), date(2022, 1, 29)),  # a Saturday that is worked
        (3, Unit.MONTH, date(2022, 7, 1), date(2022, 10, 8)),  # the first worked day after National Day is a Saturday
        (1, Unit.YEAR, date(2020, 2, 29), date(2021, 3, 1)),  # 28 February 2021 is a Sunday
    ],
)
def test_due_by_unit(amount, unit, start, last):
    assert due(term(amount, unit), start, CHINA) == last


def test_due_in_a_year_without_notice_knows_weekends_only():
    assert due(term(3, Unit.MONTH), date(2030, 7, 1), CHINA) == date(2030, 10, 1)
    assert CHINA.add_working_days(date(2030, 9, 30), 5) == date(2030, 10, 7)
    assert (CHINA.is_provisional(2030), CHINA.is_provisional(2022)) == (True, False)


@pytest.mark.parametrize("method", ["add_working_days", "add_days", "add_months"])
def test_add_refuses_a_negative_count(method):
    with pytest.raises(ValueError, match="期限不能为负数"):
        getattr(CHINA, method)(date(2022, 1, 4), -1)


def test_term_refuses_no_amount_and_a_force_that_ends_first():
    with pytest.raises(ValueError, match="期限应为正数：test"):
        term(0, Unit.DAY)
    with pytest.raises(ValueError, match="施行日期晚于失效日期：x"):
        Term(1, Unit.DAY, "x", effective_from=date(2022, 1, 2), effective_to=date(2022, 1, 1))


@pytest.mark.parametrize(
    ("on", "until", "applies"),
    [
        (date(2021, 9, 19), None, False),
        (date(2021, 9, 20), None, True),
        (date(2030, 1, 1), None, True),
        (date(2025, 5, 31), date(2025, 5, 31), True),
        (date(2025, 6, 1), date(2025, 5, 31), False),
    ],
)
def test_in_force_includes_both_days(on, until, applies):
    assert Term(15, Unit.WORKING_DAY, "x", IN_FORCE, until).in_force(on) is applies


@pytest.mark.parametrize(
    ("unit", "on", "left", "late"),
    [
        (Unit.WORKING_DAY, date(2022, 9, 30), 2, 0),  # to Sunday 9 October, worked
        (Unit.MONTH, date(2022, 9, 30), 9, 0),
        (Unit.WORKING_DAY, date(2022, 10, 9), 0, 0),
        (Unit.WORKING_DAY, date(2022, 10, 11), 0, 2),
    ],
)
def test_days_left_counts_as_the_term_does(unit, on, left, late):
    due_on = date(2022, 10, 9)
    assert days_left(term(1, unit), due_on, on, CHINA) == left
    assert overdue_days(due_on, on) == late


@given(calendars(), near, counts)
def test_working_days_between_undoes_add(calendar, start, count):
    assert calendar.working_days_between(start, calendar.add_working_days(start, count)) == count


@given(calendars(), near, counts, counts)
def test_add_working_days_in_two_steps_is_one(calendar, start, first, second):
    there = calendar.add_working_days(calendar.add_working_days(start, first), second)
    assert there == calendar.add_working_days(start, first + second)


@given(calendars(), near, st.integers(1, 120))
def test_add_working_days_ends_on_the_nth_worked_day(calendar, start, count):
    worked = [day for n in range(1, 400) if calendar.working_day(day := start + n * DAY)]
    assert calendar.add_working_days(start, count) == worked[count - 1]


@given(calendars(), near, near, near)
def test_working_days_between_adds_up(calendar, first, second, third):
    through = calendar.working_days_between(first, second) + calendar.working_days_between(second, third)
    assert through == calendar.working_days_between(first, third)


@given(calendars(), near)
def test_roll_over_gives_the_first_worked_day_from_here(calendar, day):
    rolled = calendar.roll_over(day)
    between = [day + n * DAY for n in range((rolled - day).days + 1)]
    assert [calendar.working_day(other) for other in between] == [False] * (len(between) - 1) + [True]


@given(days, st.integers(-60, 60))
def test_add_months_keeps_the_day_or_ends_the_month(start, months):
    there = add_months(start, months)
    assert (there.year - start.year) * 12 + there.month - start.month == months
    assert there.day == start.day or (there.day < start.day and (there + DAY).day == 1)


@given(days, days, st.integers(1, 90), st.sampled_from(Unit))
def test_due_never_ends_a_later_start_earlier(first, second, amount, unit):
    early, late = sorted((first, second))
    limit = term(min(amount, 5) if unit is Unit.YEAR else amount, unit)
    assert due(limit, early, CHINA) <= due(limit, late, CHINA)
    assert due(limit, early, CHINA) > early
    assert CHINA.working_day(due(limit, early, CHINA))
