"""Which method speaks, what it says, and what must not change it."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiandu.results.warnings.detecting import Asked, Unusable, detect
from jiandu.results.warnings.judging import SURE, Judgement, shares
from jiandu.results.warnings.tables import Table

RATES = st.floats(0.2, 30)
WEEKS = st.integers(2, 330)


def laid(series: dict[str, list[int]], first: int = 1) -> Table:
    begins = np.concatenate([[0], np.cumsum([len(counts) for counts in series.values()])])
    counts = np.array([count for each in series.values() for count in each], float)
    return Table(list(series), np.full(len(series), first), begins, counts, "number")


def poisson(rate: float, weeks: int, seed: int = 1) -> list[int]:
    return np.random.default_rng(seed).poisson(rate, weeks).tolist()


def said(series: dict[str, list[int]], **asked: object) -> list[Judgement]:
    return detect(laid(series), Asked(**asked))  # type: ignore[arg-type]


def numbers(one: Judgement) -> tuple[object, ...]:
    return one.series, one.t, one.count, one.expected, one.threshold, one.alarm, one.method, one.p


def same(one: Judgement, other: Judgement) -> bool:
    """Alike but for the last binary digits, in which sums over more rows differ, and the share, which hangs on the run."""
    pairs = zip(numbers(one), numbers(other), strict=True)
    return all(
        ours == theirs or math.isclose(ours, theirs, rel_tol=1e-9)  # type: ignore[arg-type]
        for ours, theirs in pairs
    )


@pytest.mark.parametrize(
    ("weeks", "method", "years"),
    [(330, "farrington", 5), (263, "farrington", 5), (262, "farrington", 4), (159, "farrington", 3), (158, "ears-c2-t", None),
     (10, "ears-c2-t", None), (9, "exact", None), (2, "exact", None), (1, None, None)],
)  # fmt: skip
def test_method_speaks_as_the_history_allows(weeks: int, method: str | None, years: int | None) -> None:
    (one,) = said({"甲": poisson(4, weeks)})
    assert (one.method, one.years, one.t, one.sure == "unjudged") == (method, years, str(weeks), method is None)


def test_asked_method_alone_speaks() -> None:
    series = {"老": poisson(4, 330), "新": poisson(4, 40), "零": [0] * 330}
    assert [each.method for each in said(series, method="farrington")] == ["farrington", None, None]
    assert [each.method for each in said(series, method="ears")] == ["ears-c2", "ears-c2", "ears-c2"]
    assert [each.method for each in said(series)] == ["farrington", "ears-c2-t", "exact"]
    assert [each.years for each in said({"老": poisson(4, 330)}, years=2)] == [2]


def test_a_short_series_has_the_bound_that_seven_weeks_bear() -> None:
    (short,), (book,) = (
        said({"甲": [2, 3, 4, 5, 4, 3, 2, 9, 9, 9]}),
        said({"甲": [2, 3, 4, 5, 4, 3, 2, 9, 9, 9]}, method="ears"),
    )
    mean, deviation = 23 / 7, math.sqrt(23 / 7)  # Poisson's: that of the weeks is 1.11
    assert (short.expected, book.expected) == (pytest.approx(mean), pytest.approx(mean))
    assert short.threshold == pytest.approx(mean + 3.142668 * deviation * math.sqrt(8 / 7))  # Student, 6 degrees
    assert book.threshold == pytest.approx(mean + 2.326348 * 1.112697, rel=1e-6)
    assert (short.alarm, book.alarm, short.p > 100 * book.p) == (False, True, True)


def test_never_a_case_before_is_compared_exactly() -> None:
    (few, many) = said({"少": [0] * 319 + [4], "多": [0] * 319 + [6]})
    assert (few.alarm, few.sure, few.expected, few.ratio) == (False, "few", 0, None)
    assert (many.alarm, many.sure, many.method) == (True, "strong", "exact")


def test_five_in_four_weeks_is_needed_except_for_ears_asked_for() -> None:
    counts = [*([0, 0, 0, 1] * 82), 0, 3]
    assert [(each.count > each.threshold, each.alarm, each.enough) for each in said({"甲": counts})] == [
        (True, False, False)
    ]
    assert [(each.alarm, each.enough) for each in said({"甲": [*counts[:-1], 4]})] == [(True, True)]
    assert said({"甲": counts}, method="ears")[0].alarm


def test_from_a_week_on_each_is_judged_and_the_last_is_the_same() -> None:
    series = {"甲": poisson(4, 330), "乙": poisson(2, 300, 2)}
    rolled = said(series, since="299")
    assert [(each.series, each.t) for each in rolled] == [
        *(("甲", str(week)) for week in range(299, 331)),
        ("乙", "299"),
        ("乙", "300"),
    ]
    assert same(rolled[-1], said({"乙": series["乙"]})[0])
    early = said({"甲": series["甲"][:200]}, since="100")
    assert same(early[-1], said({"甲": series["甲"][:200]})[0])


@pytest.mark.parametrize("since", ["331", "2022-W05", "第五周", ""])
def test_from_that_does_not_fit_the_table_is_refused(since: str) -> None:
    with pytest.raises(Unusable, match=" · "):
        said({"甲": poisson(4, 330)}, since=since)


def test_every_week_of_a_short_series_can_be_asked_for() -> None:
    found = said({"甲": poisson(3, 200)}, since="0")
    assert [each.method for each in found] == [None, *["exact"] * 8, *["ears-c2-t"] * 149, *["farrington"] * 42]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(RATES, WEEKS), min_size=2, max_size=6), st.randoms())
def test_order_of_series_does_not_matter(given_: list[tuple[float, int]], chance: object) -> None:
    series = {str(place): poisson(rate, weeks, place) for place, (rate, weeks) in enumerate(given_)}
    names = list(series)
    chance.shuffle(names)  # type: ignore[attr-defined]
    there = {each.series: each for each in said({name: series[name] for name in names})}
    for one in said(series):
        assert same(one, there[one.series])
        assert one.q == there[one.series].q == None or math.isclose(one.q, there[one.series].q, rel_tol=1e-9)  # type: ignore[arg-type]  # noqa: E711


@settings(max_examples=25, deadline=None)
@given(RATES, WEEKS, st.integers(0, 9))
def test_a_series_beside_it_changes_nothing_but_the_share(rate: float, weeks: int, constant: int) -> None:
    counts = poisson(rate, weeks)
    (alone,) = said({"甲": counts})
    beside = said({"甲": counts, "乙": [constant] * 330})[0]
    assert same(alone, beside)


@settings(max_examples=40, deadline=None)
@given(RATES, WEEKS, st.integers(0, 60), st.integers(1, 60))
def test_a_larger_count_never_turns_an_alarm_off(rate: float, weeks: int, now: int, more: int) -> None:
    before = poisson(rate, weeks)[:-1]
    small, large = (said({"甲": [*before, count]})[0] for count in (now, now + more))
    assert large.alarm >= small.alarm
    assert (small.expected, small.threshold) == (large.expected, large.threshold)
    assert small.p is None or large.p <= small.p


@settings(max_examples=25, deadline=None)
@given(RATES, st.floats(0.001, 0.05), st.floats(1.1, 5))
def test_a_stricter_level_never_lowers_the_bound(rate: float, alpha: float, times: float) -> None:
    counts = poisson(rate, 330)
    for method in ("farrington", "ears"):
        strict, loose = (said({"甲": counts}, method=method, alpha=level)[0] for level in (alpha, alpha * times))
        assert strict.threshold >= loose.threshold


@settings(max_examples=20, deadline=None)
@given(st.integers(2, 40))
def test_ears_scales_with_its_counts(times: int) -> None:
    counts = poisson(5, 30)
    (one,), (other,) = (said({"甲": each}, method="ears") for each in (counts, [count * times for count in counts]))
    assert (other.expected, other.threshold) == (
        pytest.approx(one.expected * times),
        pytest.approx(one.threshold * times),
    )
    assert one.alarm == other.alarm


@settings(max_examples=20, deadline=None)
@given(st.floats(0.5, 20))
def test_expected_follows_the_scale_of_the_past(rate: float) -> None:
    """Weights aside a log-linear fit is equivariant: doubled counts are doubled expectations."""
    from jiandu.results.warnings.farrington import Setting
    from jiandu.results.warnings.farrington import detect as fitted

    setting = Setting(downweight=math.inf)
    past = np.array([poisson(rate, 237)], float)
    known = np.ones_like(past, dtype=bool)
    if past.sum() > 60:
        once, twice = (fitted(each, known, setting).expected[0] for each in (past, past * 2))
        assert twice == pytest.approx(2 * once, rel=1e-4)


def test_an_outbreak_in_the_past_is_weighted_down() -> None:
    counts = poisson(4, 330)
    plain = said({"甲": counts})[0]
    counts[200:203] = [60, 80, 70]
    marred = said({"甲": counts})[0]
    assert marred.threshold <= plain.threshold + 3


def test_extreme_counts_are_judged_without_a_crash() -> None:
    large = [999_999_999] * 330
    sudden = [0] * 329 + [999_999_999]
    jumps = [0, 999_999_999] * 165
    found = said({"大": large, "突": sudden, "跳": jumps})
    assert [each.alarm for each in found] == [False, True, False]
    assert all(math.isfinite(each.threshold) for each in found)


def test_shares_are_those_of_benjamini_and_hochberg() -> None:
    found = shares(np.array([0.01, np.nan, 0.04, 0.03, 0.005]))
    assert found[[0, 2, 3, 4]].tolist() == pytest.approx([0.02, 0.04, 0.04, 0.02])
    assert np.isnan(found[1])


def test_an_alarm_is_explained_in_both_languages() -> None:
    (one,) = said({"甲": [*poisson(4, 329), 40]})
    chinese, english = one.why
    assert (one.alarm, one.sure, one.words) == (True, "strong", SURE["strong"])
    assert chinese.startswith(
        f"本周40件，预期{one.expected:.1f}件，为预期的{one.ratio:.1f}倍；上限{f'{one.threshold:.1f}'.removesuffix('.0')}件"
    )
    assert ("概率不到0.1%：" in chinese, "chance below 0.1%:" in english) == (True, True)
    assert "概率1.2%：" in replace(one, p=0.0123).why[0]
    assert "预期0.14件，为预期的280.0倍" in replace(one, expected=0.143, ratio=280.0).why[0]
    assert english.startswith(f"40 this week, {one.expected:.1f} expected, {one.ratio:.1f} times that")
    assert said({"甲": [3]})[0].why == SURE["unjudged"]
