"""Which period a sentence speaks of."""

from datetime import date

import pytest

from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.proofing.periods import Note, guess, period_of

YEAR = Ask(2022, date(2022, 12, 31))
RUNNING = Ask(2022, date(2022, 9, 20))
TODAY = date(2023, 3, 1)


def asked(text: str, default: Ask = YEAR) -> list[tuple[int, date]]:
    return [(one.year, one.as_of) for one in period_of(text, "", default).asks]


@pytest.mark.parametrize(
    ("text", "year", "day"),
    [
        ("", 2022, date(2022, 12, 31)),
        ("截至2022年11月30日，", 2022, date(2022, 11, 30)),
        ("截至11月底，", 2022, date(2022, 11, 30)),
        ("截止2月末，", 2022, date(2022, 2, 28)),
        ("截至2023年1月31日，", 2022, date(2023, 1, 31)),
        ("1—11月，", 2022, date(2022, 11, 30)),
        ("2021年1-6月，", 2021, date(2021, 6, 30)),
        ("上半年，", 2022, date(2022, 6, 30)),
        ("2021年前三季度，", 2021, date(2021, 9, 30)),
        ("2021年，全市", 2021, date(2021, 12, 31)),
        ("今年以来，", 2022, date(2022, 12, 31)),
        ("2021年印发方案。2022年，", 2022, date(2022, 12, 31)),
    ],
)
def test_words_of_time_become_a_question(text: str, year: int, day: date) -> None:
    assert asked(text)[0] == (year, day)


def test_since_last_year_is_the_closed_year_after_its_end_and_is_said_so() -> None:
    found = period_of("去年以来，", "", YEAR)
    assert (found.asks, found.note) == ((YEAR,), Note.CLOSED)
    found = period_of("去年以来，", "", RUNNING)
    assert (found.asks, found.note) == ((), Note.PIECE)


@pytest.mark.parametrize(
    "text", ["近三年，", "2020年至2022年，", "下半年，", "三季度，", "3月份，", "党的十八大以来，", "2020年以来，"]
)
def test_what_no_measure_is_asked_for_has_no_question(text: str) -> None:
    assert (asked(text), period_of(text, "", YEAR).note) == ([], Note.PIECE)


@pytest.mark.parametrize("near", ["发现问题同比增加", "较上年增长", "比去年减少"])
def test_a_change_is_no_amount(near: str) -> None:
    assert period_of(near, near, YEAR).note == Note.CHANGE


@pytest.mark.parametrize(
    ("text", "ask"),
    [
        (["2022年度监督工作综述", "（统计截止日：2022年11月30日）"], Ask(2022, date(2022, 11, 30))),
        (["2022年工作情况"], YEAR),
        (["2023年工作情况"], Ask(2023, TODAY)),
        (["统计截止日：2022年13月41日", "2022年"], YEAR),
        (["工作情况"], Ask(2023, TODAY)),
    ],
)
def test_a_draft_says_itself_what_it_is_asked(text: list[str], ask: Ask) -> None:
    assert guess(text, TODAY) == ask
