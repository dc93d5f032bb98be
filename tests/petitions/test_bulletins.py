"""Bulletins out of records: every table has the same sum, shares are 100, like is compared with like, small cells are hidden."""

import io
import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.petitions import city as cities
from tests.petitions.city import concluded, named, registered
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.services import load_defaults
from jiandu.results.digests import counting, slots
from jiandu.results.digests.charting import charts
from jiandu.results.digests.counting import Bulletin, Theme, bulletin
from jiandu.results.digests.dimensions import DIMENSIONS, GROUPS
from jiandu.results.digests.freezing import as_kept, as_read
from jiandu.results.digests.periods import Kind, Period
from jiandu.results.digests.word import bulletin_docx
from jiandu.results.digests.wording import paragraphs, title_of
from jiandu.sources.petitions.models import Petition
from jiandu.sources.petitions.selectors import Wanted, petitions
from jiandu.sources.petitions.services import deciding, registering
from jiandu.sources.petitions.services.steps import Done
from jiandu.sources.petitions.timeliness import COLUMNS, duties_met
from jiandu.sources.petitions.vault import Sender

MARCH = Period(Kind.MONTH, 2022, 3)


@pytest.fixture
def city(world: World) -> World:
    with as_(SYSTEM) as by:
        load_defaults(by=by)
    return cities.furnish(world)


def made(period: Period = MARCH, *, who: Any = SYSTEM, **more: Any) -> Bulletin:
    with as_(who) as by:
        return bulletin(by, period, **more)


def rows(said: Bulletin, key: str) -> dict[str, tuple[int | None, Decimal | None]]:
    table = next(each for each in said.tables if each.key == key)
    return {row.key: (row.count, row.share) for row in table.rows}


def test_every_table_of_all_items_has_the_same_sum_and_shares_of_a_hundred(city: World):
    for number in range(7):
        registered(city, way=("letter", "visit", "web")[number % 3], kind=("accusation", "advice")[number % 2])
    concluded(city, named(city))
    said = made()
    of_all = [table for table in said.tables if table.key not in {"rank", "nature", "disposal", "truth", "overdue"}]
    assert {table.total for table in of_all} == {8} == {said.total}
    assert {sum(row.share for row in table.rows) for table in said.tables if table.total} == {Decimal("100.0")}
    assert rows(said, "kind") == {"accusation": (5, Decimal("62.5")), "advice": (3, Decimal("37.5"))}
    assert rows(said, "scope") == {"within": (8, Decimal("100.0"))}
    assert {rate.title: (rate.part, rate.whole) for rate in said.rates}["属实率"] == (1, 1)


def rates(said: Bulletin) -> dict[str, tuple[int, int]]:
    return {rate.key: (rate.part, rate.whole) for rate in said.rates}


def test_in_time_is_what_had_no_duty_late_of_what_had_any(city: World):
    prompt, late = (registered(city, origin="forwarded", on=date(2022, 3, day)) for day in (1, 3))
    idle = registered(city, kind="advice")
    registered(city)  # anonymous and our own: nothing is due on it
    for petition, on in ((prompt, date(2022, 3, 8)), (late, date(2022, 3, 11)), (idle, date(2022, 3, 10))):
        with as_(SYSTEM) as by:
            deciding.keep(petition=petition, by=by, done=Done(on))
    # five working days from the 3rd end on the 10th; an ordinary one has fifteen natural days
    assert rates(made())["in_time"] == (2, 3)
    with as_(SYSTEM) as by:
        rows = {value: set(petitions(by, Wanted(column="rate", value=value))) for value in ("in_time", "due")}
    assert rows == {"in_time": {prompt, idle}, "due": {prompt, late, idle}}


def test_a_duty_that_is_still_to_come_is_neither_in_time_nor_late(city: World):
    waiting = registered(city, on=today(), origin="forwarded")
    period = Period(Kind.MONTH, today().year, today().month)
    assert rates(made(period))["in_time"] == (0, 0)
    with as_(SYSTEM) as by:
        assert duties_met(by, [Petition.objects.values(*COLUMNS).get(pk=waiting.pk)], today() + timedelta(days=60)) == {
            waiting.pk: False  # control: left until it is late
        }


def test_each_rate_opens_as_many_rows_as_it_counts(city: World):
    concluded(city, named(city))
    concluded(city)
    registered(city, named="unverified", is_over_level=True, sender=Sender("陈举报"))
    main, again = registered(city), registered(city)
    with as_(SYSTEM) as by:
        deciding.mark_repeat(petition=again, by=by, on=date(2022, 3, 2), main=main)
        said = made()
        for key, one in counting.RATES.items():
            rate = next(each for each in said.rates if each.key == key)
            for (column, value), number in zip(one.rows, (rate.part, rate.whole), strict=True):
                assert petitions(by, Wanted(column=column, value=value)).count() == number, (key, column, value)
    assert rates(said) == {
        "in_time": (0, 2), "real_name": (1, 5), "checked": (1, 2), "repeated": (1, 5), "over_level": (1, 5),
        "concluded": (2, 5), "first_met": (2, 4), "true": (2, 2),
    }  # fmt: skip


def test_what_is_not_said_counts_as_such(city: World):
    registered(city, rank="", nature="")
    registered(city)
    assert rows(made(), "rank") == {"township": (1, Decimal("50.0")), "—": (1, Decimal("50.0"))}
    assert [row.label for row in next(one for one in made().tables if one.key == "rank").rows] == ["乡科级", "未注明"]


def test_a_repeat_counts_as_one_and_a_joint_letter_as_one_item_of_many_people(city: World):
    main, again = registered(city, people=88), registered(city)
    with as_(SYSTEM) as by:
        deciding.mark_repeat(petition=again, by=by, on=date(2022, 3, 2), main=main)
    said = made()
    assert (said.total, said.people) == (2, 89)
    assert rows(said, "repeat") == {"first": (1, Decimal("50.0")), "repeat": (1, Decimal("50.0"))}


def test_what_was_taken_back_and_what_came_on_other_days_is_not_counted(city: World):
    gone = registered(city)
    with as_(SYSTEM) as by:
        registering.withdraw(petition=gone, by=by, reason="误登")
    registered(city, on=date(2022, 2, 28))
    registered(city, on=date(2022, 4, 1))
    registered(city, on=date(2022, 3, 31))
    assert made().total == 1


def test_changes_are_those_of_like_periods(city: World):
    for day, count in ((date(2021, 3, 5), 2), (date(2022, 2, 5), 4), (date(2022, 3, 5), 5)):
        for _ in range(count):
            registered(city, on=day)
    said = made()
    assert [(each.kind, each.difference, each.percent) for each in said.changes] == [
        ("环比", 1, Decimal("25.0")),
        ("同比", 3, Decimal("150.0")),
    ]
    assert "环比上升25.0%（增加1件），同比上升150.0%（增加3件）" in paragraphs(said)[0]


def test_a_running_period_is_compared_with_as_many_days(city: World):
    registered(city, on=date(2022, 2, 20))
    registered(city, on=date(2022, 2, 3))
    registered(city, on=date(2022, 3, 3))
    said = made(until=date(2022, 3, 10))
    assert (said.is_running, [(each.kind, each.difference) for each in said.changes]) == (
        True,
        [("环比", 0), ("同比", 1)],
    )
    assert "截至2022年3月10日" in paragraphs(said)[0]


def test_january_to_a_month_has_no_period_before_it_and_says_so(city: World):
    registered(city)
    said = made(Period(Kind.MONTHS, 2022, 7))
    assert ([each.kind for each in said.changes], said.incomparable) == (["同比"], ("1月至某月累计没有环比，只有同比",))


def test_a_bulletin_counts_what_its_reader_may_see(city: World):
    registered(city)
    registered(city, office=cities.DISTRICT_OFFICE)
    assert made(who=city.viewer("信访甲")).total == 1
    assert made(who=city.viewer("区信访")).total == 1
    assert made(who=city.viewer("干部甲")).total == 0
    assert made().total == 2


def test_a_theme_is_of_its_domain_and_of_its_unit_with_those_under_it(city: World):
    with as_(SYSTEM):
        school = Item.objects.get(kind="petition_domain", code="education")
    registered(city, domain=school)
    registered(city, unit="市第一中学")
    registered(city, unit="市教育局")
    registered(city)
    assert made(theme=Theme(domain="education")).total == 1
    assert made(theme=Theme(subject_path=city.units["市教育局"].path)).total == 2


# --- what leaves the office ---


def test_outside_the_office_small_cells_are_hidden_and_none_can_be_worked_out(city: World):
    for number in range(9):
        registered(city, way=("letter", "web", "web")[number % 3] if number else "visit")
    assert rows(made(), "way") == {
        "web": (6, Decimal("66.7")),
        "letter": (2, Decimal("22.2")),
        "visit": (1, Decimal("11.1")),
    }
    outside = made(for_outside=True)
    shown = rows(outside, "way")
    hidden = [key for key, (count, _share) in shown.items() if count is None]
    assert len(hidden) >= 2
    assert {"letter", "visit"} <= set(hidden)
    assert outside.rates == ()
    assert "scope" not in {table.key for table in outside.tables}


COUNTS = st.lists(st.integers(1, 9), min_size=1, max_size=6).filter(lambda counts: sum(counts) >= 3)


@given(COUNTS)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_hidden_cell_of_a_table_follows_from_its_sum(counts):
    ways = ["letter", "visit", "call", "web", "other", ""]
    now = [{"way": ways[place], "now": count, "before": 0} for place, count in enumerate(counts)]
    table = counting._hidden(counting._table(DIMENSIONS[0], counting.Counted(([], now, []), {})))
    gone = [row for row in table.rows if row.count is None]
    known = sum(row.count for row in table.rows if row.count is not None)
    assert len(gone) != 1
    assert all(row.count is None or row.count >= 3 for row in table.rows)
    assert not gone or len(gone) == len(table.rows) or table.total - known > 0


def test_one_or_two_items_alone_are_not_told_outside(city: World):
    registered(city)
    with pytest.raises(Refused, match="件数过少"):
        made(for_outside=True)
    assert made(MARCH.before(), for_outside=True).total == 0


def test_the_control_a_single_hidden_cell_would_follow_from_the_sum():
    counts = {"letter": 5, "visit": 2}
    naive = {key: count for key, count in counts.items() if count >= 3}
    assert sum(counts.values()) - sum(naive.values()) == counts["visit"]


# --- on paper ---


def test_the_paper_says_what_the_tables_say(city: World):
    for number in range(5):
        registered(city, way=("letter", "web")[number % 2])
    with as_(SYSTEM) as by:
        said = bulletin(by, MARCH)
        written = Document(io.BytesIO(bulletin_docx(by, said, cities.OFFICE)))
    text = "\n".join(paragraph.text for paragraph in written.paragraphs)
    assert "2022年3月共接受信访举报5件" in text
    assert "按信访方式分，来信3件，占60.0%；网络2件，占40.0%。" in text
    cells = [[cell.text for cell in row.cells] for row in written.tables[1].rows]
    assert cells == [
        ["项目", "件数", "占比", "上年同期"],
        ["来信", "3", "60.0%", "0"],
        ["网络", "2", "40.0%", "0"],
        ["合计", "5", "100.0%", "0"],
    ]
    assert [row.cells[0].text for row in written.tables[0].rows] == ["项目", "上旬", "中旬", "下旬", "合计"]
    assert title_of(MARCH) in text


def test_what_it_counts_is_what_a_plain_count_gives(city: World):
    start = date(2022, 3, 1)
    for number in range(20):
        registered(
            city, on=start + timedelta(days=number), way=("letter", "visit", "call")[number % 3], people=number % 4 + 1
        )
    said = made()
    plain = Counter(("letter", "visit", "call")[number % 3] for number in range(20))
    assert {key: count for key, (count, _share) in rows(said, "way").items()} == dict(plain)
    assert said.people == sum(number % 4 + 1 for number in range(20))


def test_the_sentences_are_chinese_for_whoever_reads_them(city: World):
    registered(city)
    with override("en"):
        said = made()
        assert "按信访方式分，来信1件，占100.0%。" in paragraphs(said)
        assert next(table for table in said.tables if table.key == "way").rows[0].label == "Letter"


def test_what_a_bulletin_asks_of_petitions_one_index_answers_without_the_rows(city: World):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads a small table whole")
    registered(city)
    with CaptureQueriesContext(connection) as asked:
        made(Period(Kind.QUARTER, 2022, 1))
    with as_(SYSTEM):
        told = [plan(each["sql"]) for each in asked if 'FROM "petitions_petition"' in each["sql"]]
        control = plan("SELECT code, COUNT(*) FROM petitions_petition WHERE received_on > '2022-01-01' GROUP BY code")
    assert [set(lines) for lines in told] == [{"COVERING INDEX petition_counted"}] * len(GROUPS)
    assert control != ["COVERING INDEX petition_counted"]  # the control: a column that the index has not


def plan(sql: str) -> list[str]:
    """By what each look at the petitions goes."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        lines = [str(row[3]) for row in cursor.fetchall()]
    looks = [re.search(r"(?:SEARCH|SCAN) petitions_petition(?: USING (.*?))?(?: \(|$)", line) for line in lines]
    return [found[1] or "" for found in looks if found]


def test_a_domain_is_called_in_english_on_an_english_page_and_a_place_as_it_is_written(city: World):
    with as_(SYSTEM):
        domain = Item.objects.get(kind="petition_domain", code="education")
    registered(city, domain=domain)
    with override("en"):
        said = made()
        kept = as_read(as_kept(said))
    assert [row.label for row in table_of(said, "domain").rows] == [domain.label_en]
    assert [row.key for row in table_of(said, "domain").rows] == [domain.label_zh]  # control: kept by its own name
    assert table_of(kept, "domain") == table_of(said, "domain")


def test_the_parts_of_a_period_stand_in_their_order_and_open_the_items_of_their_days(city: World):
    for day in (date(2022, 3, 1), date(2022, 3, 10), date(2022, 3, 31), date(2021, 3, 11)):
        registered(city, on=day)
    said = made()
    assert [(row.key, row.count, row.year_before) for row in table_of(said, "time").rows] == [
        ("first", 2, 0),
        ("middle", 0, 1),
        ("last", 1, 0),
    ]
    assert "从收件时间看，上旬最多，2件，占66.7%。" in paragraphs(said)
    assert [slots.span(MARCH, key) for key in ("first", "middle", "last")] == [
        (date(2022, 3, 1), date(2022, 3, 10)),
        (date(2022, 3, 11), date(2022, 3, 20)),
        (date(2022, 3, 21), date(2022, 3, 31)),
    ]
    with pytest.raises(ValueError, match="m03"):
        slots.span(MARCH, "m03")


@settings(deadline=None)  # the machine may be busy
@given(st.sampled_from([Period(Kind.WEEK, 2026, 53), MARCH, Period(Kind.QUARTER, 2024, 1), Period(Kind.MONTHS, 2022, 7), Period(Kind.YEAR, 2024)]), st.integers(0, 365))  # fmt: skip
def test_the_parts_of_a_period_are_all_of_its_days_each_once(period: Period, past: int):
    day = min(period.first + timedelta(days=past), period.last)
    begun = slots.slots(period, day)
    assert begun == sorted(begun, key=list(slots.LABELS).index)
    days = [one for key in slots.slots(period, period.last) for one in slots.span(period, key)]
    assert (days[0], days[-1], days) == (period.first, period.last, sorted(days))
    assert all(after - before == timedelta(days=1) for before, after in zip(days[1::2], days[2::2], strict=False))
    assert slots.slot_of(period.kind, day) == begun[-1]


def test_the_year_before_has_its_whole_sum_also_of_what_is_there_no_more(city: World):
    registered(city, way="letter")
    for way in ("visit", "visit", "letter"):
        registered(city, way=way, on=date(2021, 3, 5))
    said = made()
    ways = table_of(said, "way")
    assert [(row.key, row.count, row.year_before) for row in ways.rows] == [("letter", 1, 1), ("visit", 0, 2)]
    of_all = [table for table in said.tables if table.key not in {"rank", "nature", "disposal", "truth", "overdue"}]
    assert {table.year_before for table in of_all} == {3}
    assert {sum(row.year_before or 0 for row in table.rows) for table in of_all} == {3}
    assert "按信访方式分，来信1件，占100.0%。" in paragraphs(said)  # what is there no more is in the table alone
    early = as_kept(said)
    early["tables"] = [table[:3] for table in early["tables"]]  # control: as bulletins were kept at first
    assert {table.year_before for table in as_read(early).tables} == {None}


def test_pictures_show_the_figures_of_their_tables_and_none_with_a_hidden_cell(city: World):
    for number in range(9):
        registered(city, on=date(2022, 3, 1 + number), region=None)
    registered(city, on=date(2021, 3, 2))
    said = made()
    [drawn] = charts(said, width=600)
    assert [(point.series, point.label, point.value) for point in drawn.points] == [
        ("本期", "上旬", 9), ("上年同期", "上旬", 1), ("本期", "中旬", 0), ("上年同期", "中旬", 0),
        ("本期", "下旬", 0), ("上年同期", "下旬", 0),
    ]  # fmt: skip
    with as_(SYSTEM) as by:
        written = Document(io.BytesIO(bulletin_docx(by, said, cities.OFFICE)))
    assert len(written.inline_shapes) == 1
    hidden = replace(
        table_of(said, "time"), rows=tuple(replace(row, count=None) for row in table_of(said, "time").rows)
    )
    assert charts(replace(said, tables=(hidden,)), width=600) == []


def test_a_paper_is_chinese_whoever_asks_for_it(city: World):
    registered(city)
    with override("en"), as_(SYSTEM) as by:
        written = Document(io.BytesIO(bulletin_docx(by, bulletin(by, MARCH), cities.OFFICE)))
    said = {cell.text for table in written.tables for row in table.rows for cell in row.cells}
    assert {"来信", "检举控告", "上旬"} <= said
    assert not re.search("[A-Za-z]", "".join(said))


def table_of(said: Bulletin, key: str) -> counting.Table:
    return next(each for each in said.tables if each.key == key)


def test_the_table_of_categories_tells_their_first_level_and_opens_all_that_is_below(city: World):
    for code in ("D01", "D0102", "D010203", "D02", ""):
        petition = registered(city)
        with as_(SYSTEM):
            Petition.objects.filter(pk=petition.pk).update(category=code)
    said = made()
    assert rows(said, "category") == {
        "D01": (3, Decimal("60.0")),
        "D02": (1, Decimal("20.0")),
        "—": (1, Decimal("20.0")),
    }
    with as_(SYSTEM) as by:
        for key, (count, _share) in rows(said, "category").items():
            assert petitions(by, Wanted(column="category", value=key)).count() == count
