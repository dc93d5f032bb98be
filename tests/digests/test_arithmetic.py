"""Percentages, comparisons and hidden cells of bulletins."""

from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiandu.results.digests.hiding import Sum, hidden, one_way, two_way, worked_out
from jiandu.results.digests.periods import Change, Figure, Kind, Period, Unlike, compare
from jiandu.results.digests.shares import percentages

COUNTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=12)


@given(COUNTS, st.integers(0, 3))
def test_percentages_sum_to_a_hundred_and_stay_near(counts: list[int], places: int) -> None:
    found = percentages(counts, places)
    if not sum(counts):
        assert found is None
        return
    assert found is not None
    assert sum(found) == 100
    unit = Decimal(1).scaleb(-places)
    assert all(
        abs(share - Decimal(count) * 100 / sum(counts)) < unit for count, share in zip(counts, found, strict=True)
    )
    assert all(
        share >= other
        for count, share in zip(counts, found, strict=True)
        for less, other in zip(counts, found, strict=True)
        if count > less
    )


def test_percentages_by_hand() -> None:
    assert percentages([1, 1, 1]) == [Decimal("33.4"), Decimal("33.3"), Decimal("33.3")]
    assert percentages([293, 28, 8, 72], 0) == [73, 7, 2, 18]
    with pytest.raises(ValueError, match="-1"):
        percentages([3, -1])


def test_control_rounding_each_does_not_sum() -> None:
    assert sum(round(Decimal(100) / 3, 1) for _ in range(3)) != 100


def month(year: int, number: int, value: int, until: date | None = None) -> Figure:
    return Figure(Period(Kind.MONTH, year, number), value, until)


@pytest.mark.parametrize(
    ("now", "base", "change"),
    [
        (month(2022, 5, 30), month(2021, 5, 20), Change("同比", 10, Decimal("50.0"))),
        (month(2022, 1, 30), month(2021, 12, 40), Change("环比", -10, Decimal("-25.0"))),
        (month(2022, 5, 30), month(2021, 5, 0), Change("同比", 30, None)),
        (month(2022, 5, 9, date(2022, 5, 10)), month(2022, 4, 6, date(2022, 4, 10)), Change("环比", 3, Decimal("50.0"))),
        (Figure(Period(Kind.MONTHS, 2018, 7), 401), Figure(Period(Kind.MONTHS, 2017, 7), 687), Change("同比", -286, Decimal("-41.6"))),
        (Figure(Period(Kind.QUARTER, 2022), 4), Figure(Period(Kind.QUARTER, 2021, 4), 5), Change("环比", -1, Decimal("-20.0"))),
        (Figure(Period(Kind.YEAR, 2022), 4), Figure(Period(Kind.YEAR, 2021), 4), Change("同比", 0, Decimal("0.0"))),
        (Figure(Period(Kind.WEEK, 2021, 1), 4), Figure(Period(Kind.WEEK, 2020, 53), 2), Change("环比", 2, Decimal("100.0"))),
    ],
)  # fmt: skip
def test_like_is_compared_with_like(now: Figure, base: Figure, change: Change) -> None:
    assert compare(now, base) == change


@pytest.mark.parametrize(
    ("now", "base"),
    [
        (month(2022, 5, 30), month(2022, 3, 20)),
        (month(2022, 5, 30), month(2020, 5, 20)),
        (month(2022, 4, 30), month(2022, 5, 20)),
        (month(2022, 5, 30, date(2022, 5, 10)), month(2021, 5, 20)),  # ten days against a month
        (month(2022, 5, 30, date(2022, 5, 10)), month(2021, 5, 20, date(2021, 5, 11))),
        (month(2022, 3, 30), Figure(Period(Kind.QUARTER, 2022), 90)),
        (
            Figure(Period(Kind.MONTHS, 2022, 7), 9),
            Figure(Period(Kind.MONTHS, 2022, 6), 8),
        ),  # contains what it is compared with
        (Figure(Period(Kind.WEEK, 2020, 53), 9), Figure(Period(Kind.WEEK, 2019, 52), 8)),
    ],
)
def test_control_unlike_is_refused_with_a_reason(now: Figure, base: Figure) -> None:
    with pytest.raises(Unlike, match=" · "):
        compare(now, base)


@given(st.sampled_from(Kind), st.integers(1990, 2060), st.integers(1, 53))
def test_periods_follow_each_other_without_a_gap(kind: Kind, year: int, number: int) -> None:
    try:
        period = Period(kind, year, number)
    except ValueError:
        return
    if kind is not Kind.MONTHS:
        assert (period.first - period.before().last).days == 1
    else:
        with pytest.raises(Unlike):
            period.before()


def square(rows: list[list[int]]) -> list[int]:
    """The cells of a two-way table with its totals."""
    wide = [[*row, sum(row)] for row in rows]
    return [cell for row in [*wide, [sum(column) for column in zip(*wide, strict=True)]] for cell in row]


def values(cells: list[int], sums: list[Sum], chosen: set[int], most: int) -> dict[int, set[int]]:
    """By trying everything up to `most`: the values that each hidden cell can have."""
    order = sorted(chosen)
    found: dict[int, set[int]] = {place: set() for place in order}
    for tried in product(range(most + 1), repeat=len(order)):
        whole = list(cells)
        for place, value in zip(order, tried, strict=True):
            whole[place] = value
        if all(whole[each.total] == sum(whole[part] for part in each.parts) for each in sums):
            for place, value in zip(order, tried, strict=True):
                found[place].add(value)
    return found


def test_one_small_cell_takes_another_with_it() -> None:
    assert hidden([2, 40, 7, 49], one_way(3)) == {0, 2}
    assert hidden([0, 40, 7, 47], one_way(3)) == set()
    assert hidden([2, 2], one_way(1)) == {0, 1}


def test_no_more_is_hidden_than_needed() -> None:
    """One small cell of a large table takes three with it: a rectangle of four."""
    inner = [[20 + row + column for column in range(6)] for row in range(9)]
    inner[4][3] = 1
    assert len(hidden(square(inner), two_way(9, 6))) == 4
    inner[7][3] = 2
    assert len(hidden(square(inner), two_way(9, 6))) == 4  # two small cells share it


def test_control_one_hidden_cell_alone_is_worked_out() -> None:
    assert worked_out([2, 40, 7, 49], one_way(3), {0}) == {0}
    cells = square([[1, 9, 9], [9, 9, 9], [9, 9, 9]])
    assert worked_out(cells, two_way(3, 3), {0, 1}) == {0, 1}  # the columns tell both
    assert worked_out(cells, two_way(3, 3), {0, 1, 4, 5}) == set()


def test_control_zeros_leave_no_room() -> None:
    """A ring of four cells around three zeros: the sums allow no other counts that are not negative."""
    assert worked_out(square([[1, 0, 9], [0, 0, 9], [9, 9, 9]]), two_way(3, 3), {0, 1, 4, 5}) == {0, 1, 4, 5}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=7))
def test_no_hidden_cell_of_one_way_can_be_worked_out(parts: list[int]) -> None:
    cells, sums = [*parts, sum(parts)], one_way(len(parts))
    chosen = hidden(cells, sums)
    assert chosen >= {place for place, count in enumerate(cells) if 0 < count < 3}
    if chosen and len(chosen) <= 5:
        assert all(len(each) > 1 for each in values(cells, sums, chosen, 12).values())


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 4), st.integers(1, 4), st.data())
def test_no_hidden_cell_of_two_ways_can_be_worked_out(rows: int, columns: int, data: st.DataObject) -> None:
    inner = data.draw(
        st.lists(st.lists(st.integers(0, 9), min_size=columns, max_size=columns), min_size=rows, max_size=rows)
    )
    cells, sums = square(inner), two_way(rows, columns)
    chosen = hidden(cells, sums)
    assert chosen >= {place for place, count in enumerate(cells) if 0 < count < 3}
    assert worked_out(cells, sums, chosen) == set()
    if chosen and len(chosen) <= 5:
        assert all(len(each) > 1 for each in values(cells, sums, chosen, 12).values())


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 3), min_size=2, max_size=2), min_size=2, max_size=2),
    st.sets(st.integers(0, 8), max_size=6),
)
def test_what_can_be_worked_out_is_what_trying_everything_says(inner: list[list[int]], chosen: set[int]) -> None:
    cells, sums = square(inner), two_way(2, 2)
    tried = values(cells, sums, chosen, 13) if len(chosen) <= 4 else None
    if tried is not None:
        assert worked_out(cells, sums, chosen) == {place for place, each in tried.items() if len(each) == 1}


def test_a_table_that_does_not_add_up_is_refused() -> None:
    with pytest.raises(ValueError, match="cell 2"):
        hidden([1, 2, 4], one_way(2))
