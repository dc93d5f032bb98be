"""What a week and a month watch, and 人均: parts that add up, rows behind each number, no name, small cells hidden outside."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.petitions import city as cities
from tests.petitions.city import ROOM, accepted, registered, routed
from tests.petitions.test_bulletins import made, rows, table_of
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.lexicon.services import load_defaults
from jiandu.net.subjects import populations
from jiandu.net.subjects.models import Population, Region
from jiandu.net.subjects.populations import NewPopulation, withdraw_population, write_population
from jiandu.net.subjects.services import load_divisions
from jiandu.results.digests.freezing import as_kept, as_read
from jiandu.results.digests.periods import Kind, Period
from jiandu.results.digests.shares import percentages
from jiandu.results.digests.wording import paragraphs
from jiandu.sources.petitions.models import Petition
from jiandu.sources.petitions.selectors import Wanted, petitions
from jiandu.sources.petitions.senders import DAYS

WEEK = Period(Kind.WEEK, 2022, 9)  # 28 February to 6 March
MARCH = Period(Kind.MONTH, 2022, 3)
CENSUS = date(2020, 11, 1)


@pytest.fixture
def city(world: World) -> World:
    with as_(SYSTEM) as by:
        load_defaults(by=by)
        load_divisions(by=by)
    return cities.furnish(world)


def refusal(rule: str) -> Any:
    return pytest.raises(Refused, check=lambda refused: refused.rule == rule)


def region(name: str) -> Region:
    return Region.objects.get(name=name)


def marked(city: World, mark: bytes | None, *, on: date = cities.DAY, **more: Any) -> Petition:
    """An item whose sender has this mark."""
    petition = registered(city, on=on, **more)
    with as_(SYSTEM):
        Petition.objects.filter(pk=petition.pk).update(sender_mark=mark)
    return petition


def test_a_week_tells_what_is_urgent_who_writes_often_and_adds_up(city: World):
    often, once = b"o" * 32, b"e" * 32
    marked(city, often, is_urgent=True)
    marked(city, often, on=cities.DAY + timedelta(days=1))
    marked(city, once)
    marked(city, None)
    said = made(WEEK)
    assert (rows(said, "urgent")["urgent"], rows(said, "urgent")["plain"]) == (
        (1, Decimal("25.0")),
        (3, Decimal("75.0")),
    )
    assert {key: count for key, (count, _share) in rows(said, "sender").items()} == {"many": 2, "once": 1, "unknown": 1}
    assert (table_of(said, "same_sender").total, table_of(said, "sender").total, said.total) == (2, 4, 4)
    assert "紧急敏感件1件，占25.0%。" in paragraphs(said)
    assert "同一署名人一年内多次来件2件，占50.0%。" in paragraphs(said)
    assert not {"urgent", "sender", "same_sender"} & {table.key for table in made(MARCH).tables}  # of a week alone


def test_who_wrote_a_year_ago_and_now_wrote_often_and_before_that_once(city: World):
    mark = b"m" * 32
    last = WEEK.last
    marked(city, mark, on=last)
    early = marked(city, mark, on=last - timedelta(days=DAYS - 1))
    assert rows(made(WEEK), "sender")["many"][0] == 1
    with as_(SYSTEM):
        Petition.objects.filter(pk=early.pk).update(received_on=last - timedelta(days=DAYS))  # control: a day earlier
    assert rows(made(WEEK), "sender")["once"][0] == 1


def test_a_sender_stands_by_number_and_his_row_opens_his_items_alone(city: World):
    first, second = b"1" * 32, b"2" * 32
    mine = [marked(city, first) for _ in range(3)]
    marked(city, second), marked(city, second)
    marked(city, None)
    table = table_of(made(WEEK), "same_sender")
    assert [(row.label, row.count) for row in table.rows] == [("署名人1", 3), ("署名人2", 2)]
    with as_(city.viewer("信访甲")) as by:
        opened = petitions(by, Wanted(column="same_sender", value=table.rows[0].key.split(".")[1]))
        assert set(opened) == set(mine)
    with as_(city.viewer("区信访")) as by:  # control: of another office nothing, though the uid is known
        assert list(petitions(by, Wanted(column="same_sender", value=table.rows[0].key.split(".")[1]))) == []
    with as_(city.viewer("信访甲")) as by:
        assert list(petitions(by, Wanted(column="same_sender", value="no uid"))) == []


def late(city: World, **more: Any) -> Petition:
    """With the room since 2022, and never disposed of."""
    return accepted(city, registered(city, **more))


def test_what_is_overdue_stands_with_whoever_must_take_it_further(city: World):
    found = [late(city), late(city, on=date(2021, 6, 1)), registered(city, origin="forwarded")]
    registered(city)  # control: no duty runs on it
    table = table_of(made(MARCH), "overdue")
    assert [(row.key, row.count) for row in table.rows] == [(ROOM, 2), ("市信访室", 1)]
    assert table.total == sum(row.count for row in table.rows)
    with as_(SYSTEM) as by:
        assert set(petitions(by, Wanted(column="overdue"))) == set(found)
        assert set(petitions(by, Wanted(column="overdue", value=ROOM))) == set(found[:2])
        Petition.objects.update(duties_by="of old")  # kept under another calendar: counted of the steps
        assert set(petitions(by, Wanted(column="overdue"))) == set(found)
    assert table_of(made(MARCH), "overdue") == table
    assert f"超期未办3件，其中{ROOM}2件，市信访室1件。" in paragraphs(made(MARCH))


def test_a_room_that_handles_two_does_not_learn_that_one_hand_wrote_both(city: World):
    two = [routed(city, marked(city, b"s" * 32)) for _ in range(2)]
    wanted = Wanted(column="same_sender", value=str(two[0].uid))
    with as_(city.viewer("干部甲")) as by:
        assert set(petitions(by, Wanted())) == set(two)  # both are his to read
        assert list(petitions(by, wanted)) == []
    with as_(city.viewer("信访甲")) as by:
        assert set(petitions(by, wanted)) == set(two)  # the control: who registered them may know


def test_outside_the_office_the_tables_of_a_week_hide_small_cells_and_no_sender_stands(city: World):
    for number in range(7):
        marked(city, b"s" * 32 if number < 2 else None, is_urgent=number == 0)
    inside, outside = made(WEEK), made(WEEK, for_outside=True)
    assert rows(inside, "urgent")["urgent"][0] == 1  # control: what could leak
    assert {key: count for key, (count, _share) in rows(outside, "urgent").items()} == {"urgent": None, "plain": None}
    assert {"sender", "same_sender"} <= {table.key for table in inside.tables} - {table.key for table in outside.tables}
    late(city), late(city)
    assert table_of(made(WEEK), "overdue").total == 2
    assert "overdue" not in {table.key for table in made(WEEK, for_outside=True).tables}  # a sum of two is small itself
    late(city)
    assert [(row.key, row.count) for row in table_of(made(WEEK, for_outside=True), "overdue").rows] == [(ROOM, 3)]


def test_a_class_is_told_in_its_second_level_and_parts_make_the_whole(city: World):
    for code in ("D010101", "D010102", "D0102", "D01", "D0201", "D02", "", "D03"):
        petition = registered(city)
        with as_(SYSTEM):
            Petition.objects.filter(pk=petition.pk).update(category=code)
    said = made()
    table = table_of(said, "category")
    told = {row.key: [(part.key, part.count) for part in row.parts] for row in table.rows}
    assert told == {
        "D01": [("D0101", 2), ("D0102", 1), ("—", 1)], "D02": [("D0201", 1), ("—", 1)], "D03": [], "—": [],
    }  # fmt: skip
    for row in table.rows:
        if row.parts:
            assert (sum(part.count for part in row.parts), sum(part.share for part in row.parts)) == (
                row.count,
                row.share,
            )
    assert sum(row.count for row in table.rows) == table.total == said.total
    assert as_read(as_kept(said)).tables == said.tables
    assert " · " not in table.rows[0].parts[0].label  # its field stands above it


@given(st.lists(st.integers(0, 400), min_size=1, max_size=8), st.integers(0, 1000))
def test_shares_of_a_part_add_up_to_what_they_share(counts, tenths):
    of = Decimal(tenths).scaleb(-1)
    shares = percentages(counts, of=of)
    assert shares is None if not sum(counts) else sum(shares) == of


# --- 初信初访, 人均 ---


def test_first_letters_and_visits_are_counted_without_repeats_and_other_ways(city: World):
    done = cities.concluded(city, registered(city))
    for way in ("visit", "web", "call"):
        registered(city, way=way)
    again = registered(city)
    with as_(SYSTEM):
        Petition.objects.filter(pk=again.pk).update(is_repeat=True)
    rate = next(one for one in made().rates if one.key == "first_met")
    assert (str(rate.title), rate.part, rate.whole, rate.percent) == ("初信初访办结率", 1, 2, Decimal("50.0"))
    with as_(SYSTEM) as by:
        assert list(petitions(by, Wanted(column="rate", value="first_met_done"))) == [done]
        assert petitions(by, Wanted(column="rate", value="first_met")).count() == 2


def write(
    people: int = 1_073_315, *, on: date = CENSUS, name: str = "思明区", source: str = "第七次全国人口普查公报"
) -> Population:
    with as_(SYSTEM) as by:
        return write_population(new=NewPopulation(region(name), on, people, source), by=by)


def test_items_a_head_are_told_of_places_whose_population_is_known_and_of_no_other(city: World):
    town = Region.objects.filter(parent=region("思明区")).order_by("code")[0]
    for place in (region("思明区"), town, region("湖里区"), None):
        registered(city, region=place)
    assert made().heads == ()  # nothing is estimated
    write()
    [head] = made().heads
    assert (head.label, head.count, head.people, head.on, head.source) == (
        "思明区", 2, 1_073_315, CENSUS, "第七次全国人口普查公报"
    )  # fmt: skip
    assert head.rate == Decimal("0.02")
    with as_(SYSTEM) as by:
        assert petitions(by, Wanted(column="place", value=head.key)).count() == 2
    assert "按常住人口计，每万人信访举报思明区0.02件。" in paragraphs(made())
    assert as_read(as_kept(made())).heads == made().heads
    assert (made(for_outside=True).heads, made(WEEK).heads) == ((), ())


def test_the_figure_is_the_latest_that_was_known_when_the_period_ended(city: World):
    registered(city, region=region("思明区"))
    write(), write(1_100_000, on=date(2021, 12, 31)), write(9, on=date(2022, 12, 31))
    assert [head.people for head in made().heads] == [1_100_000]
    assert [head.people for head in made(Period(Kind.YEAR, 2022)).heads] == [9]


def test_a_population_is_written_once_with_its_source_and_taken_back_where_it_was_wrong(city: World):
    row = write()
    with refusal("population-twice"):
        write(2)
    with refusal("population-source"):
        write(2, on=date(2021, 1, 1), source=" ")
    with refusal("population-range"):
        write(0, on=date(2021, 1, 1))
    with refusal("step-date"):
        write(2, on=today() + timedelta(days=1))
    with as_(city.viewer("信访甲")) as by:
        withdraw_population(population=row, by=by, reason="数写错")
        assert list(populations.listed(by)) == []
    write(2)
    with as_(city.viewer("干部甲")) as by, refusal("not-allowed"):
        write_population(new=NewPopulation(region("湖里区"), CENSUS, 5, "公报"), by=by)
