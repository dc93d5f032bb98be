"""The small net written from memory is the one that services built, and work goes on in it."""

from collections.abc import Callable

import pytest
from django.db import transaction

from jiandu.base.audit.chain import verify_chain
from jiandu.base.audit.models import Entry
from jiandu.net.access.models import Grant
from tests import world as worlds
from tests.stamp import Stamp, everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def stamp() -> Stamp[worlds.World]:
    learnt = Stamp(worlds.build)
    learnt.learn()
    return learnt


def made_by(make: Callable[[], worlds.World]) -> tuple[worlds.World, dict[str, object]]:
    """The net and every row of the database, which then is as it was."""
    with transaction.atomic():
        made, held = make(), dict(everything())
        transaction.set_rollback(True)
    return made, held


def words_of(held: dict[str, object], table: str) -> list[tuple[str, ...]]:
    """The rows of a table as far as two buildings agree: names and kinds, not moments, uids and paths made of keys."""
    rows: dict[object, tuple[object, ...]] = held[table]  # type: ignore[assignment]
    words = ([value for value in row if isinstance(value, str) and len(value) < 16] for row in rows.values())
    return sorted(tuple(value for value in row if not value[:1].isdigit()) for row in words)


def test_what_was_not_learnt_is_learnt_when_first_pressed(stamp: Stamp[worlds.World]) -> None:
    fresh = Stamp(worlds.build)
    (_made, first), (_again, second) = made_by(fresh.press), made_by(fresh.press)
    assert second == first


def test_protected_rows_are_pressed_too() -> None:
    """Row-level security keeps them from whoever does not say who acts."""

    def build() -> worlds.World:
        world = worlds.build()
        world.closed()
        return world

    stamp = Stamp(build)
    made_by(stamp.press)
    _world, held = made_by(stamp.press)
    assert [len(held[table]) for table in ("findings_finding", "findings_approval")] == [1, 1]  # type: ignore[arg-type]
    with transaction.atomic():
        stamp.press().finding()
        assert verify_chain().status == "intact"
        transaction.set_rollback(True)


def test_learning_leaves_nothing(stamp: Stamp[worlds.World]) -> None:
    assert Entry.objects.count() == 0


def test_the_net_from_memory_is_the_one_that_services_build(stamp: Stamp[worlds.World]) -> None:
    (built, first), (pressed, second) = made_by(worlds.build), made_by(stamp.press)
    counts = {table: len(rows) for table, rows in first.items()}  # type: ignore[arg-type]
    assert {table: len(rows) for table, rows in second.items()} == counts  # type: ignore[arg-type]
    assert counts[Grant._meta.db_table] == 15
    for table in ("access_grant", "overseers_office", "subjects_organisation", "accounts_user"):
        assert words_of(second, table) == words_of(first, table)
    assert (pressed.offices.keys(), pressed.users.keys()) == (built.offices.keys(), built.users.keys())


def test_each_time_the_rows_are_the_same_and_the_things_new(stamp: Stamp[worlds.World]) -> None:
    (one, first), (two, second) = made_by(stamp.press), made_by(stamp.press)
    assert second == first
    assert two.offices == one.offices
    assert two.offices["第一监督检查室"] is not one.offices["第一监督检查室"]


def test_work_goes_on_and_the_log_stays_whole(stamp: Stamp[worlds.World]) -> None:
    world = stamp.press()
    assert world.closed().state == "closed"
    assert verify_chain().status == "intact"


def test_where_the_log_has_begun_it_is_built(stamp: Stamp[worlds.World]) -> None:
    worlds.World().unit("市林业局")
    world = stamp.press()
    assert len(world.users) == 15
    assert verify_chain().status == "intact"
