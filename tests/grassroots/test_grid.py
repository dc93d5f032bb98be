"""近邻监督 and training: cells, contact points, people for a term, person-times."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.lexicon.selectors import items
from jiandu.base.lexicon.services import NewItem, add_item, load_defaults
from jiandu.loop.grassroots.models import GridCell
from jiandu.loop.grassroots.selectors import cells, meetings, workers_of
from jiandu.loop.grassroots.services.grid import (
    NewCell,
    NewMeeting,
    NewWorker,
    close_cell,
    engage,
    hold_meeting,
    open_cell,
    release,
    withdraw_meeting,
)
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.analysis.selectors import figure, shares

START, END = date(2022, 1, 1), Ask(2022, date(2022, 12, 31))
TOWN = "筼筜街道纪工委"


def rule_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.rule


def value(key: str, ask: Ask = END) -> object:
    with as_(SYSTEM) as by:
        return figure(by, key, ask).value


@pytest.fixture
def cell(world: World) -> GridCell:
    with as_(SYSTEM) as by:
        load_defaults(by=by)
        return open_cell(new=NewCell("第一网格", world.offices[TOWN], START), by=by)


def test_who_watches_counts_within_the_term(world: World, cell: GridCell) -> None:
    with as_(SYSTEM) as by:
        add_item(new=NewItem("grid_worker", None, "neighbour", "热心居民", "Neighbour"), by=by)
        kinds = {item.label_zh: item for item in items(by, "grid_worker", 2022)}
        assert set(kinds) == {"纪检监察干部", "特约监察员", "党风政风监督员", "观察员", "热心居民"}
        engage(cell=cell, by=by, new=NewWorker("甲", kinds["热心居民"], START))
        engage(cell=cell, by=by, new=NewWorker("乙", kinds["观察员"], START, date(2022, 6, 30)))
        assert rule_of(lambda: engage(cell=cell, by=by, new=NewWorker("甲", kinds["观察员"], START))) == "worker-twice"
        early = NewWorker("丙", kinds["观察员"], date(2021, 12, 31))
        assert rule_of(lambda: engage(cell=cell, by=by, new=early)) == "step-date"
        aspect = items(by, "aspect", 2022)[0]
        assert rule_of(lambda: engage(cell=cell, by=by, new=NewWorker("丙", aspect, START))) == "worker-kind"
        assert [row.n_workers for row in cells(by, date(2022, 6, 30))] == [2]
        assert [part.name for part in shares(by, "grid_workers", END, by="kind")] == ["热心居民"]
    assert [value("grid_workers", Ask(2022, day)) for day in (date(2022, 6, 30), date(2022, 7, 1))] == [2, 1]
    with as_(SYSTEM) as by:
        close_cell(cell=cell, by=by, until=date(2022, 12, 1))
        assert [row.until for row in workers_of(by, cell)] == [date(2022, 12, 1), date(2022, 6, 30)]
        assert rule_of(lambda: release(worker=workers_of(by, cell)[0], by=by, until=date(2022, 12, 2))) == "step-date"
    assert value("grid_workers") == 0


def test_contact_points_count_while_they_stand(world: World, cell: GridCell) -> None:
    new = NewCell("西滨社区联系点", world.offices[TOWN], date(2022, 3, 1), is_contact_point=True)
    with as_(SYSTEM) as by:
        point = open_cell(new=new, by=by)
        assert rule_of(lambda: open_cell(new=new, by=by)) == "cell-name"
        assert rule_of(lambda: open_cell(new=replace(new, name=" "), by=by)) == "name-needed"
        assert [row.name for row in cells(by, today(), contact_points=True)] == ["西滨社区联系点"]
    assert value("village_contact_points") == 1
    assert value("village_contact_points", Ask(2022, date(2022, 2, 28))) == 0
    with as_(SYSTEM) as by:
        close_cell(cell=point, by=by, until=date(2022, 5, 31))
    assert value("village_contact_points") == 0
    with as_(world.viewer("系统管理员")) as by:
        assert rule_of(lambda: open_cell(new=replace(new, name="二"), by=by)) == "not-allowed"


def test_training_adds_up_person_times_and_meetings_count_once(world: World) -> None:
    def hold(kind: str, count: int, on: date = date(2022, 4, 1)) -> object:
        new = NewMeeting(kind, on, "村级监督实务", world.offices[TOWN], count)
        with as_(SYSTEM) as by:
            return hold_meeting(new=new, by=by)

    hold("training", 120)
    hold("training", 80, date(2022, 12, 31))
    hold("training", 500, date(2023, 1, 1))
    gone = hold("exchange", 30)
    hold("exchange", 25)
    assert (value("training_person_times"), value("exchange_meetings")) == (200, 2)
    with as_(SYSTEM) as by:
        parts = shares(by, "training_person_times", END, by="month")
        assert [(part.of, part.value) for part in parts] == [("2022-04", 120), ("2022-12", 80)]
        withdraw_meeting(meeting=gone, by=by, reason="重复")  # type: ignore[arg-type]
        assert [row.people_count for row in meetings(by, kind="exchange")] == [25]
    assert value("exchange_meetings", Ask(2022, today())) == 1
    assert rule_of(lambda: hold("training", 0)) == "people-count"
    assert rule_of(lambda: hold("training", 1, date(2999, 1, 1))) == "step-date"
