"""Which stretch of time the words of a column name."""

import pytest

from jiandu.results.digests.periods import Kind, Period
from jiandu.results.digests.stretches import is_like, stretch


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("2024年", Period(Kind.YEAR, 2024)),
        ("2024", Period(Kind.YEAR, 2024)),
        ("2024年全年件数", Period(Kind.YEAR, 2024)),
        ("2024年度", Period(Kind.YEAR, 2024)),
        ("2024年上半年", Period(Kind.MONTHS, 2024, 6)),
        ("2024年1-6月", Period(Kind.MONTHS, 2024, 6)),
        ("2024年 1月—11月份", Period(Kind.MONTHS, 2024, 11)),
        ("2024年前三季度", Period(Kind.MONTHS, 2024, 9)),
        ("2024年第一季度", Period(Kind.QUARTER, 2024, 1)),
        ("2024年4季度总量", Period(Kind.QUARTER, 2024, 4)),
        ("2024Q2", Period(Kind.QUARTER, 2024, 2)),
        ("2024年3月", Period(Kind.MONTH, 2024, 3)),
        ("2024年12月份信访量", Period(Kind.MONTH, 2024, 12)),
        ("2020年第53周", Period(Kind.WEEK, 2020, 53)),
        ("2021年第53周", None),
        ("2024年13月", None),
        ("2024年下半年", None),
        ("2023年同期", None),
        ("本期", None),
        ("1202", None),
    ],
)
def test_words_name_a_stretch_or_none(words: str, period: Period | None) -> None:
    assert stretch(words) == period


@pytest.mark.parametrize(
    ("change", "now", "base", "said"),
    [
        ("同比", "2024年一季度", "2023年1-3月", True),  # the same days
        ("同比", "2024年", "2023年", True),
        ("环比", "2024年", "2023年", True),
        ("同比", "2024年3月", "2024年2月", False),
        ("环比", "2024年3月", "2023年3月", False),
        ("环比", "2024年1-6月", "2023年1-6月", False),
        ("增减", "2024年1月", "2023年12月", True),
        ("增减", "2024年1月", "2022年1月", False),
        ("同比", "2020年第53周", "2019年第52周", False),
    ],
)
def test_only_like_stretches_are_compared(change: str, now: str, base: str, said: bool) -> None:
    one, other = stretch(now), stretch(base)
    assert one is not None
    assert other is not None
    assert is_like(change, one, other) is said
