"""The orders of the ledger by keyset: every row once, in the order of the database, forwards and back."""

from datetime import date, timedelta

import pytest
from tests.world import SYSTEM, World, as_

from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors.ledger import Filters
from jiandu.loop.findings.selectors.paging import NEWEST, ORDERS, page_in

DAY = date(2022, 3, 1)


def walk(order: str, *, size: int) -> tuple[list[int], list[int]]:
    """The keys met going to the end and coming back."""
    key, onwards = "", []
    while True:
        page = page_in(SYSTEM, Filters(), order=order, key=key, size=size)
        onwards += [row.pk for row in page.rows]
        if page.older is None:
            break
        key = page.older
    back = [row.pk for row in page.rows]
    while page.newer is not None:
        page = page_in(SYSTEM, Filters(), order=order, key=page.newer, size=size)
        back = [row.pk for row in page.rows] + back
    return onwards, back


@pytest.mark.parametrize("order", [NEWEST, *ORDERS])
def test_every_row_is_met_once_with_ties_and_missing_dates(world: World, order: str) -> None:
    project = world.project()
    for number in range(7):
        due = None if number % 3 == 0 else DAY + timedelta(days=number % 2)
        world.finding(on=DAY + timedelta(days=number // 3), activity=project, due_on=due)
    with as_(SYSTEM):
        field, down = order.removeprefix("-"), order.startswith("-")
        rows = sorted(Finding.objects.all(), key=lambda row: (getattr(row, field) or date.max, row.pk), reverse=down)
        wanted = [row.pk for row in sorted(rows, key=lambda row: getattr(row, field) is None)]
        for size in (2, 3, 7):
            assert walk(order, size=size) == (wanted, wanted)


def test_a_broken_key_is_the_first_page(world: World) -> None:
    first = world.finding()
    with as_(SYSTEM):
        for key in ("-x_y", "-", "+2022-13-45_1", "nonsense"):
            assert [row.pk for row in page_in(SYSTEM, Filters(), order="due_on", key=key).rows] == [first.pk]
