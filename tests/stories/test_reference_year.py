"""The golden scenario: the annual review of the reference year, from records alone. The records hold what must not count, too."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.world import SYSTEM, as_

from jiandu.demo.net import Net, build_net
from jiandu.demo.reference.year import build_year
from jiandu.results.analysis.measures.registry import Ask, all_measures
from jiandu.results.analysis.selectors import figures, rows_of

FIGURES = Path(__file__).with_name("figures_2022.csv")
YEAR_END = date(2022, 12, 31)


def expected() -> dict[str, tuple[int, int, date]]:
    """key → (least, most, as-of date) of the published figures."""
    with FIGURES.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    found = {}
    for row in rows:
        least, _dots, most = row["value"].partition("..")
        found[row["key"]] = (int(least), int(most or least), date.fromisoformat(row["as_of"]))
    return found


@pytest.fixture
def year(db: Any) -> Net:
    with as_(SYSTEM) as by:
        net = build_net(by)
        build_year(net, by)
    return net


def told(ask: Ask) -> dict[str, Any]:
    with as_(SYSTEM) as by:
        return {one.measure.key: one.value for one in figures(by, ask)}


def test_the_review_prints_the_published_figures_and_each_opens_its_rows(year: Net) -> None:
    wanted = {key: limits for key, limits in expected().items() if key in all_measures()}
    for day in {limits[2] for limits in wanted.values()}:
        values = told(Ask(2022, day))
        own = {key: limits for key, limits in wanted.items() if limits[2] == day}
        outside = {key: values[key] for key, (least, most, _) in own.items() if not least <= values[key] <= most}
        assert outside == {}
    with as_(SYSTEM) as by:
        for key, (least, most, day) in wanted.items():
            rows = rows_of(by, key, Ask(2022, day))
            one = all_measures()[key]
            assert one.total or least <= rows.count() <= most, key
    # other dates give other, correct values
    november, march = told(Ask(2022, date(2022, 11, 30))), told(Ask(2022, date(2023, 3, 31)))
    assert (march["project_findings_rectified"], march["linked_findings"]) == (251, 43)
    assert november["project_findings_rectified"] < 246
    assert november["proactive_talks"] < 2572 == march["proactive_talks"]


def test_every_published_figure_is_a_measure() -> None:
    assert set(expected()) - set(all_measures()) == set()
