"""The year on one page: every figure of the text once, the main ones large, rows that fill the sheet."""

import csv
from datetime import date
from pathlib import Path

from django.test import Client
from tests.world import SYSTEM, World, as_

from jiandu.results.analysis.measures.registry import find
from jiandu.results.analysis.selectors import Figure
from jiandu.results.reports.drafting import default_text, draft
from jiandu.results.reports.poster import COLUMNS, Tile, poster
from jiandu.results.reports.services import draft_review

DAY = date(2022, 12, 31)
PUBLISHED = Path(__file__).parents[1] / "stories/figures_2022.csv"


def published() -> set[str]:
    with PUBLISHED.open(encoding="utf-8", newline="") as handle:
        return {row["key"] for row in csv.DictReader(handle)}


def keys_of(tiles: tuple[object, ...]) -> list[str]:
    return [tile.figure.measure.key for tile in tiles]  # type: ignore[attr-defined]


def test_the_main_numbers_are_those_that_the_city_publishes() -> None:
    main = [key for section in default_text()["sections"] for key in section["main"]]
    assert (sorted(main), len(main)) == (sorted(published()), 28)


def test_every_number_that_the_text_prints_stands_once_and_rows_fill_the_sheet(world: World) -> None:
    world.closed(activity=world.project())
    with as_(SYSTEM) as by:
        drafted = draft(by, year=2022, as_of=DAY)
    parts = poster(drafted)
    assert [part.title for part in parts] == ["政治监督", "日常监督", "专项监督", "基层监督"]
    blocks = [block for part in parts for row in part.rows for block in row]
    assert {sum(block.span for block in row) for part in parts for row in part.rows} == {COLUMNS}
    main = [key for block in blocks for key in keys_of(block.main)]
    assert sorted(main) == sorted(published())  # also those that the text leaves out, because they are zero
    runs = [run.figure for one in drafted.sections for runs in one.sentences for run in runs if run.figure]
    others = {one.measure.key for one in runs if one.value} - set(main)
    assert sorted(key for block in blocks for key in keys_of(block.others)) == sorted(others)
    assert [block.title for block in blocks if block.plot] == ["项目化监督"]


def test_a_large_sum_is_printed_with_its_scale_small() -> None:
    tile = Tile(Figure(find("grassroots_money_recovered"), 9_537_201, 3))
    assert (tile.digits, tile.scale) == ("950", "余万")
    assert (Tile(Figure(find("projects"), 56, 56)).digits, Tile(Figure(find("projects"), 56, 56)).scale) == ("56", "")


def test_the_page_opens_the_rows_of_each_number(client: Client, world: World) -> None:
    world.closed(activity=world.project())
    with as_(world.viewer("主任甲")) as by:
        review = draft_review(year=2022, as_of=DAY, by=by)
        drafted = draft(by, year=2022, as_of=DAY)
    shown = [block for part in poster(drafted) for row in part.rows for block in row]
    client.force_login(world.users["主任甲"])
    page = client.get(f"/desk/reviews/{review.uid}/poster/").content.decode()
    wanted = [key for block in shown for key in keys_of((*block.main, *block.others))]
    assert [key for key in wanted if f'href="/desk/measures/{key}/?' not in page] == []
