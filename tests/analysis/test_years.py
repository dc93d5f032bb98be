"""The year that pages of figures open with: the latest of which the viewer has records, not the present one if it is empty."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.instruments.net import sheet
from tests.surfaces.counting import MOST, asked
from tests.surfaces.desk.test_findings import client_of
from tests.world import World, as_, settle_figures

from jiandu.base.core.clock import today
from jiandu.base.core.guarded import Part
from jiandu.loop.instruments.models import Instrument
from jiandu.loop.instruments.services.drafting import withdraw
from jiandu.results.analysis.measures.registry import Ask, all_measures
from jiandu.results.analysis.years import DATED, latest_year
from jiandu.results.reports.services import draft_review, freeze

NOW = today()


def latest(world: World, who: str, until: date = NOW) -> int | None:
    with as_(world.viewer(who)) as viewer:
        return latest_year(viewer, until)


def found(world: World, on: date, office: str = "第一监督检查室") -> None:
    """A finding of a project of its year, both of the office."""
    world.finding(
        on=on, office=office, activity=world.project(office=office, year=on.year, approved_on=date(on.year, 1, 1))
    )


def year_of(page: str) -> str:
    found = re.search(r'name="year" value="(\d*)"', page)
    assert found
    return found[1]


def test_the_latest_year_is_that_of_the_viewers_own_records(world: World) -> None:
    assert [latest(world, who) for who in ("干部甲", "干部乙", "书记")] == [None, None, None]
    found(world, date(2021, 5, 5), "第二监督检查室")
    found(world, date(2019, 5, 5))
    assert [latest(world, who) for who in ("干部甲", "干部乙", "书记")] == [2019, 2021, 2021]
    assert latest(world, "书记", date(2020, 12, 31)) == 2019
    one = sheet(world, Instrument.Kind.REMINDER)  # of 2022: a year of letters alone is a year with records
    assert [latest(world, who) for who in ("干部甲", "干部乙")] == [2022, 2021]
    with as_(world.viewer("干部甲")) as by:
        withdraw(instrument=one, by=by, reason="录错")
    assert latest(world, "干部甲") == 2019


def test_every_kind_of_record_that_a_figure_counts_tells_its_year() -> None:
    """A root that is counted is listed, but for what lasts (estates, points, cells), which says nothing of a year."""
    counted = {measure.rows.__self__.key: _root(measure) for measure in all_measures().values()}
    lasting = {"Estate", "ContactPoint", "GridCell"}
    roots = {model.__name__ for model in counted.values() if hasattr(model, "guard_kind")}
    assert roots - lasting - {model.__name__ for model, _column in DATED} == set()


def _root(measure: Any) -> type[Any]:
    model = (measure.base or measure.source)(Ask(2022, date(2022, 12, 31))).model
    while issubclass(model, Part):
        model = model._meta.get_field(model.root_field).related_model
    return model


@pytest.mark.parametrize("path", ["measures/", "measures/project_findings/"])
def test_figures_open_with_the_latest_year_that_has_records(world: World, path: str) -> None:
    client = client_of(world, "干部甲")
    assert year_of(client.get(f"/desk/{path}").content.decode()) == str(NOW.year)
    found(world, date(2021, 5, 5))
    page = client.get(f"/desk/{path}").content.decode()
    assert (year_of(page), 'value="2021-12-31"' in page) == ("2021", True)
    for query, year in (("?year=2022", "2022"), ("?as_of=2020-06-30", "2020"), (f"?year={NOW.year}", str(NOW.year))):
        assert year_of(client.get(f"/desk/{path}{query}").content.decode()) == year  # what is asked is shown
    found(world, NOW)
    page = client.get(f"/desk/{path}").content.decode()
    assert (year_of(page), f'value="{NOW.isoformat()}"' in page) == (str(NOW.year), True)


def test_reviews_begin_with_the_latest_year_that_has_records(world: World) -> None:
    chief = client_of(world, "主任甲")
    found(world, date(2021, 5, 5))
    with as_(world.viewer("主任甲")) as by:
        for year in (2021, NOW.year):
            draft_review(year=year, as_of=min(date(year, 12, 31), NOW), by=by)
    assert shown(chief) == (["2021", str(NOW.year)], 1, "2021")
    found(world, NOW)
    assert shown(chief) == ([str(NOW.year), "2021"], 0, "2021")  # the next review is that of the last whole year


def test_a_frozen_review_keeps_its_place_whatever_the_viewer_has(world: World) -> None:
    with as_(world.viewer("主任甲")) as by:
        whole, _draft = (draft_review(year=year, as_of=date(year, 12, 31), by=by) for year in (2024, 2025))
    with as_(world.viewer("书记")) as by:
        freeze(review=settle_figures(whole), by=by)
    found(world, date(2021, 5, 5))
    assert shown(client_of(world, "主任甲"))[:2] == (["2024", "2025"], 1)


def shown(client: Any) -> tuple[list[str], int, str]:
    """The years of the reviews in their order, how many are said to be empty, the year of the next."""
    page = client.get("/desk/reviews/").content.decode()
    titles = re.findall(r">(\d{4})年度监督工作综述</a>", page)
    return titles, page.count("本人可见范围内该年度尚无记录"), year_of(page)


def test_the_reviews_page_asks_a_few_statements_even_where_nothing_is(world: World) -> None:
    client = client_of(world, "主任甲")
    client.get("/desk/reviews/")
    with CaptureQueriesContext(connection) as none:
        client.get("/desk/reviews/")
    assert len(asked(none)) <= MOST
