"""The State Council's table, year by year, and what the loader refuses."""

import json
from datetime import date, timedelta

import pytest

from jiandu.base.lexicon.calendar import HOLIDAYS, load_calendar

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("year", "off", "worked", "by_law"),
    [  # weekdays off and weekend days worked: their difference is what 全国年节及纪念日放假办法 gives
        (2020, 19, 6, 13),  # 11, and the extension: Friday 31 January off, Saturday 1 February not worked
        (2021, 18, 7, 11),
        (2022, 18, 7, 11),
        (2023, 18, 7, 11),
        (2024, 19, 8, 11),
        (2025, 18, 5, 13),  # two days more since 2025
        (2026, 19, 6, 13),
    ],
)
def test_load_calendar_gives_as_many_days_off_as_the_law(year, off, worked, by_law):
    calendar = load_calendar()
    year_days = [date(year, 1, 1) + n * DAY for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    assert sum(day.weekday() < 5 and not calendar.working_day(day) for day in year_days) == off
    assert sum(day.weekday() >= 5 and calendar.working_day(day) for day in year_days) == worked
    assert off - worked == by_law


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2020-01-31", False),  # extended by 国办发明电〔2020〕1号
        ("2020-02-01", False),  # the make-up day that the extension took back
        ("2020-02-03", True),
        ("2022-10-08", True),
        ("2022-12-31", False),
        ("2024-02-09", True),  # New Year's Eve 2024: rest was encouraged, not ordered
        ("2025-01-28", False),  # New Year's Eve, off by law since 2025
        ("2026-01-04", True),
        ("2026-02-23", False),
    ],
)
def test_load_calendar_knows_the_odd_days(day, worked):
    assert load_calendar().working_day(date.fromisoformat(day)) is worked


def test_load_calendar_names_a_notice_for_each_year():
    years = json.loads(HOLIDAYS.read_text(encoding="utf-8"))["years"]
    assert [int(year) for year in years] == list(range(2020, 2027))
    assert [year["notices"][0]["number"] for year in years.values()] == [
        "国办发明电〔2019〕16号",
        "国办发明电〔2020〕27号",
        "国办发明电〔2021〕11号",
        "国办发明电〔2022〕16号",
        "国办发明电〔2023〕7号",
        "国办发明电〔2024〕12号",
        "国办发明电〔2025〕7号",
    ]


def test_load_calendar_reads_a_file_once():
    assert load_calendar() is load_calendar()


def write(path, years):
    file = path / "own.json"
    file.write_text(json.dumps({"years": years}), encoding="utf-8")
    return file


def test_load_calendar_from_an_operators_file(tmp_path):
    rest = {"name": "x", "from": "2030-12-31", "to": "2031-01-02", "work": ["2031-01-04"]}
    calendar = load_calendar(write(tmp_path, {"2031": {"holidays": [rest]}}))
    assert calendar.off == {date(2030, 12, 31), date(2031, 1, 1), date(2031, 1, 2)}
    assert (calendar.makeup, calendar.years) == ({date(2031, 1, 4)}, {2031})


@pytest.mark.parametrize(
    ("holiday", "reason"),
    [
        ({"from": "2031-01-02", "to": "2031-01-01", "work": []}, "2031-01-02 晚于 2031-01-01"),
        ({"from": "2030-11-30", "to": "2031-01-01", "work": []}, "2030-11-30 不属于该年"),
        ({"from": "2031-01-01", "to": "2031-01-01", "work": ["2032-01-03"]}, "2032-01-03 不属于该年"),
        ({"from": "2031-01-01", "to": "2031-01-01", "work": ["2031-01-03"]}, "调休上班日 2031-01-03 不是周末"),
        ({"from": "2031-01-01", "to": "2031-01-05", "work": ["2031-01-04"]}, "2031-01-04 既放假又上班"),
        ({"from": "2031-01-01", "to": "1月5日", "work": []}, "1月5日"),
        ({"from": "2031-01-01", "work": []}, "to"),
    ],
)
def test_load_calendar_refuses_a_slip_of_the_hand(tmp_path, holiday, reason):
    with pytest.raises(ValueError, match=rf"^节假日表 2031 年有误：.*{reason}"):
        load_calendar(write(tmp_path, {"2031": {"holidays": [holiday]}}))


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"years": 3}'])
def test_load_calendar_refuses_another_form(tmp_path, content):
    file = tmp_path / "odd.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=r"^节假日表 odd\.json 不是约定的格式"):
        load_calendar(file)
