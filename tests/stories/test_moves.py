"""Removing, adding or re-dating any one record moves exactly the published figures that it should, and no other."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import world as worlds
from tests.stamp import Stamp
from tests.stories.moves import MECHANISMS, Move
from tests.stories.small import Year, build
from tests.stories.test_reference_year import expected
from tests.world import SYSTEM, as_

from jiandu.base.core.errors import Refused
from jiandu.results.analysis.measures.linked import linked_visits
from jiandu.results.analysis.measures.registry import Ask, Measure, Value, count_together, find
from jiandu.results.analysis.measures.talks import proactive_sessions

DAYS = {key: limits[2] for key, limits in expected().items()}


def figures(measures: Mapping[str, Measure]) -> dict[str, Value]:
    """The 28 figures, each as of its day."""
    found: dict[str, Value] = {}
    with as_(SYSTEM):
        for day in sorted(set(DAYS.values())):
            those = [measures[key] for key in DAYS if DAYS[key] == day]
            found |= {key: said.value for key, said in count_together(those, Ask(2022, day)).items()}
    return found


PUBLISHED = {key: find(key) for key in DAYS}


def moved(
    year: Year, act: Move, before: Mapping[str, Value], measures: Mapping[str, Measure] = PUBLISHED
) -> dict[str, Value]:
    """By how much each figure moves that does, from what they were; the year is as before afterwards."""
    with transaction.atomic():
        act.act(deepcopy(year))  # services change the objects that they are given, too
        after = figures(measures)
        transaction.set_rollback(True)
    return {key: after[key] - before[key] for key in DAYS if after[key] != before[key]}


YEAR = Stamp(lambda: build(worlds.build()))


@pytest.fixture
def year(db: None) -> Iterator[Year]:
    made = YEAR.press()
    with as_(SYSTEM):
        yield made


def wrong(year: Year, acts: list[Move], measures: Mapping[str, Measure] = PUBLISHED) -> dict[str, object]:
    """Acts that do not move what they should, with what they move."""
    found: dict[str, object] = {}
    before = figures(measures)
    for place, act in enumerate(acts):
        name = f"{place} {act.name}"
        try:
            found[name] = moved(year, act, before, measures)
        except Refused as refused:
            found[name] = refused
        if found[name] == act.moves:
            del found[name]
    assert figures(measures) == before  # every act was taken back
    return found


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_one_record_moves_exactly_its_figures(year: Year, mechanism: str) -> None:
    assert wrong(year, MECHANISMS[mechanism]) == {}


def test_every_published_figure_is_moved_by_some_act() -> None:
    moves = {key for acts in MECHANISMS.values() for act in acts for key in act.moves}
    assert set(DAYS) - moves == set()


def test_a_wrong_definition_is_caught(year: Year) -> None:
    """The controls: a unit counted once a visit, talks counted instead of people, a closing that is not taken back."""
    rectified = find("project_findings_rectified")
    once = replace(rectified, source=lambda ask: rectified.source(ask.at(date(2023, 6, 30))))
    for key, other, mechanism in (
        ("linked_units_visited", replace(find("linked_units_visited"), source=linked_visits), "linked"),
        ("proactive_talks", replace(find("proactive_talks"), source=proactive_sessions), "talks"),
        ("project_findings_rectified", once, "projects"),
    ):
        caught = wrong(year, MECHANISMS[mechanism], {**PUBLISHED, key: other})
        assert {name for moves in caught.values() for name in moves} >= {key}, key  # type: ignore[attr-defined]


def test_several_acts_add_up(year: Year) -> None:
    """One act of each mechanism, in any order: the figures move by the sum of what each act does."""
    firsts = {name: [act for act in acts if sum(act.moves.values()) > 0] for name, acts in MECHANISMS.items()}
    before = figures(PUBLISHED)
    one_of_each = st.tuples(*(st.sampled_from(acts) for acts in firsts.values()))

    @settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(acts=one_of_each.flatmap(st.permutations))
    def holds(acts: list[Move]) -> None:
        said: dict[str, int] = {}
        for key, by in (item for act in acts for item in act.moves.items()):
            said[key] = said.get(key, 0) + by
        together = Move("together", lambda one: [act.act(one) for act in acts], said)
        assert moved(year, together, before) == said

    holds()
