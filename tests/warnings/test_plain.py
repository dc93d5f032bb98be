"""The plain rules and the slow drift, by hand and against a slower way to say the same."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiandu.results.warnings.drifts import cusum, residuals
from jiandu.results.warnings.plain import Hit, Said, Told, jumps, many_senders, repeat_rates, shared_words

DAY = date(2022, 1, 1)
SINCE, UNTIL = date(2022, 1, 1), date(2022, 3, 31)


def on(*days: int) -> list[date]:
    return [DAY + timedelta(days=day) for day in days]


def test_three_senders_within_ninety_days_are_a_hit() -> None:
    first, second, last = on(0, 40, 89)
    rows = [Told("甲", "a", first), Told("甲", "b", second), Told("甲", "c", last), Told("乙", "a", first)]
    assert many_senders(rows) == [Hit("甲", 3, 3, first, last)]


@pytest.mark.parametrize(
    "rows",
    [
        [("a", 0), ("b", 40), ("c", 90)],  # the ninety-first day
        [("a", 0), ("a", 10), ("b", 20)],  # two hands
        [("a", 0), ("b", 10), (None, 20)],  # who the third is nobody knows
    ],
)
def test_control_fewer_hands_or_more_days_are_none(rows: list[tuple[str | None, int]]) -> None:
    assert many_senders(Told("甲", sender, DAY + timedelta(days=day)) for sender, day in rows) == []


def test_a_word_in_three_units_is_a_hit() -> None:
    days = on(0, 5, 9, 300)
    rows = [Said("低保", unit, day) for unit, day in zip("ABCA", days, strict=True)] + [
        Said("围标", "A", day) for day in days
    ]
    assert shared_words(rows) == [Hit("低保", 3, 3, days[0], days[2])]


@given(
    st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 200)), max_size=25),
    st.integers(1, 5),
    st.integers(1, 120),
)
def test_the_fullest_span_is_that_of_every_span(rows: list[tuple[str, int]], senders: int, days: int) -> None:
    most = max((len({who for who, day in rows if start <= day < start + days}) for _who, start in rows), default=0)
    hits = many_senders((Told("甲", who, DAY + timedelta(days=day)) for who, day in rows), senders=senders, days=days)
    assert [hit.count for hit in hits] == ([most] if most >= senders else [])
    assert all((hit.until - hit.since).days < days for hit in hits)


def test_repeat_rates_above_the_bound_are_hits() -> None:
    counted = {"甲": (4, 10), "乙": (3, 10), "丙": (5, 9), "丁": (0, 0)}
    assert repeat_rates(counted, 0.3, SINCE, UNTIL) == [Hit("甲", 0.4, 0.3, SINCE, UNTIL)]
    with pytest.raises(ValueError, match="6 of 5"):
        repeat_rates({"甲": (6, 5)}, 0.3, SINCE, UNTIL)


def test_jumps_in_over_level_petitions() -> None:
    counted = {"甲": (9, 6), "乙": (8, 6), "丙": (4, 0), "丁": (5, 0), "戊": (6, 6)}
    assert [(hit.key, hit.count, hit.bound) for hit in jumps(counted, SINCE, UNTIL)] == [("甲", 9, 9), ("丁", 5, 5)]
    assert jumps({"戊": (6, 6)}, SINCE, UNTIL, times=1.0) == []  # as many as before is no jump


def test_a_slow_drift_is_found_where_no_week_stands_out() -> None:
    steady = [0.0] * 30
    drift = cusum(steady + [1.2] * 10)
    assert (drift.alarm, drift.since) == (35, 30)
    assert drift.path[29] == 0
    assert cusum(steady).alarm is None


@given(st.lists(st.floats(-3, 3), max_size=60), st.integers(0, 59), st.floats(0, 3))
def test_a_higher_week_never_lowers_the_path(deviations: list[float], place: int, more: float) -> None:
    higher = [each + more * (at == place) for at, each in enumerate(deviations)]
    assert all(one <= other + 1e-9 for one, other in zip(cusum(deviations).path, cusum(higher).path, strict=True))


def test_residuals_are_in_deviations() -> None:
    assert residuals([9, 4, 0], [4, 4, 0], dispersion=4) == [1.25, 0, 0]
