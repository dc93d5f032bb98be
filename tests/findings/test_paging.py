"""The orders of the ledger by keyset: every row once, in the order of the database, forwards and back."""

from datetime import date, timedelta

import pytest
from tests.world import SYSTEM, World, as_

from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors import paging
from jiandu.loop.findings.selectors.ledger import Filters
from jiandu.loop.findings.selectors.paging import NEWEST, ORDERS, Page, page_in
from jiandu.net.access.services import recuse

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


def pages_of(world: World, filters: Filters, *, is_few: bool, cap: int) -> list[tuple[list[int], int, bool]]:
    """Every page that the officer meets, with its count, in a scope that is taken for a narrow or a wide one."""
    viewer, key = world.viewer("干部甲"), ""
    viewer.notes["few_findings"] = is_few
    met = []
    with as_(viewer):
        while True:
            page: Page = page_in(viewer, filters, key=key, size=2, cap=cap)
            met.append(([row.pk for row in page.rows], page.count, page.is_capped))
            if page.older is None:
                return met
            key = page.older


@pytest.mark.parametrize(("cap", "short"), [(3, 40_000), (1_000, 40_000), (1_000, 2)])
def test_a_wide_scope_that_is_walked_has_the_rows_and_counts_of_one_that_is_sought(
    world: World, cap: int, short: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others' findings lie between, and one that the officer is recused from: neither on a page nor in a count."""
    for name in ("STEPS", "STEPS_WITHIN"):
        monkeypatch.setattr(paging, name, ((4, 8), (4, 8)))  # so that it goes on to all of its ways
    monkeypatch.setattr(paging, "PASSED", (4, 8))
    monkeypatch.setattr(paging, "SHORT", short)
    project = world.project()
    said = {"problem": "低保发放不及时"}
    mine = [world.finding(on=DAY + timedelta(days=number), activity=project, **said) for number in range(7)]
    for number in range(9):
        world.finding(on=DAY + timedelta(days=number), office="第二监督检查室", **said)
    with as_(SYSTEM):
        recuse(thing=mine[3], user=world.users["干部甲"], by=SYSTEM)
    wanted = [row.pk for row in reversed(mine) if row.pk != mine[3].pk]
    for filters in (Filters(), Filters(activity=project.pk), Filters(text="低保")):
        walked = pages_of(world, filters, is_few=False, cap=cap)
        assert walked == pages_of(world, filters, is_few=True, cap=cap)
        assert [pk for rows, _count, _more in walked for pk in rows] == wanted
        assert walked[0][1:] == (min(6, cap), cap < 6)
