"""The detectors against R's package surveillance: data/reference.R made the numbers."""

import csv
import json
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from jiandu.results.warnings import ears, farrington
from jiandu.results.warnings.farrington import Found, Setting, chance

DATA = Path(__file__).parent / "data"
SERIES = {
    name: np.array(counts, float) for name, counts in json.loads((DATA / "series.json").read_text("utf-8")).items()
}
OTHER = {
    "delta": Setting(bound="delta", compat=True),
    "muan": Setting(bound="muan", compat=True),
    "slope": Setting(slope_p=0.05, compat=True),
    "old": Setting(parts=1, bound="delta", slope_p=0.05, compat=True),
}
Row = dict[str, str]


def rows(file: str) -> list[Row]:
    with (DATA / file).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def number(text: str) -> float:
    return float("nan") if text == "NA" else float(text)


def judged(given: list[Row], setting: Setting) -> tuple[Found, np.ndarray]:
    """What the detector finds for rows that share a setting, and the counts of their weeks."""
    back = farrington.grid(setting).back
    places = [int(row["t"]) - 1 - back for row in given]
    known = np.array(places) >= 0
    counts = np.array([SERIES[row["series"]][np.maximum(at, 0)] for row, at in zip(given, places, strict=True)]) * known
    now = np.array([SERIES[row["series"]][int(row["t"]) - 1] for row in given])
    return farrington.detect(counts, known, setting), now


def by_years(given: list[Row]) -> dict[int, list[Row]]:
    found = defaultdict(list)
    for row in given:
        found[int(row["years"])].append(row)
    return found


def apart(ours: np.ndarray, theirs: list[float]) -> float:
    """The largest relative difference; where there is no number there must be none on the other side."""
    other = np.array(theirs)
    assert np.isnan(ours).tolist() == np.isnan(other).tolist()
    given = ~np.isnan(other)
    scale = np.maximum(np.abs(other[given]), 1e-300)
    return float(np.max(np.abs(ours[given] - other[given]) / scale, initial=0))


def test_reference_holds_enough() -> None:
    given = rows("farrington.csv")
    assert len({row["series"] for row in given}) == 113
    assert (len(given), sum(number(row["alarm"]) for row in given)) == (2260, 79)


def test_expected_bound_and_chance_are_those_of_the_reference() -> None:
    for years, given in by_years(rows("farrington.csv")).items():
        found, now = judged(given, Setting(years=years))
        assert apart(found.expected, [number(row["expected"]) for row in given]) < 1e-7
        assert apart(found.bound, [number(row["threshold"]) for row in given]) == 0
        assert apart(chance(now, found.expected, found.dispersion), [number(row["p"]) for row in given]) < 1e-7


def test_alarms_are_those_of_the_reference() -> None:
    for years, given in by_years(rows("farrington.csv")).items():
        found, now = judged(given, Setting(years=years))
        last = [SERIES[row["series"]][max(int(row["t"]) - 4, 0) : int(row["t"])].sum() for row in given]
        assert ((now > found.bound) & (np.array(last) >= 5)).tolist() == [row["alarm"] == "1" for row in given]


@pytest.mark.parametrize("kind", OTHER)
def test_other_settings_are_those_of_the_reference(kind: str) -> None:
    for years, given in by_years([row for row in rows("settings.csv") if row["setting"] == kind]).items():
        setting = Setting(**(vars(OTHER[kind]) | {"years": years}))
        found, _now = judged(given, setting)
        assert apart(found.expected, [number(row["expected"]) for row in given]) < 1e-7
        assert apart(found.bound, [number(row["threshold"]) for row in given]) < 1e-6


@pytest.mark.parametrize(("kind", "least"), [("delta", 1e-3), ("muan", 5e-3)])
def test_control_the_papers_standard_error_gives_other_bounds(kind: str, least: float) -> None:
    given = [row for row in rows("settings.csv") if row["setting"] == kind and row["years"] == "5"]
    found, _now = judged(given, Setting(bound=OTHER[kind].bound))
    assert apart(found.bound, [number(row["threshold"]) for row in given]) > least


@pytest.mark.parametrize(
    "wrong",
    [Setting(parts=1), Setting(left_out=20), Setting(downweight=1.0), Setting(alpha=0.02), Setting(slope_p=0.0)],
)
def test_control_another_setting_is_told_apart(wrong: Setting) -> None:
    given = by_years(rows("farrington.csv"))[5]
    found, _now = judged(given, wrong)
    assert not np.allclose(found.bound, [number(row["threshold"]) for row in given])


@pytest.mark.parametrize("method", ["C1", "C2"])
def test_ears_is_that_of_the_reference(method: str) -> None:
    for row in (row for row in rows("ears.csv") if row["method"] == method):
        last = SERIES[row["series"]][: int(row["t"])][None, -12:]
        found = getattr(ears, method.lower())(last, float(row["alpha"]))
        assert found.bound[0] == pytest.approx(float(row["threshold"]), abs=1e-7)
        assert (last[0, -1] > found.bound[0]) == (row["alarm"] == "1")


def test_c3_of_the_reference_adds_how_far_the_count_itself_is_off() -> None:
    """R 1.20.3 gives y − mean more than the published bound, so that its alarm does not hang on y. We keep the published one."""
    compared = 0
    for row in (row for row in rows("ears.csv") if row["method"] == "C3" and number(row["threshold"]) > 0):
        last = SERIES[row["series"]][: int(row["t"])][None, -12:]
        found = ears.c3(last, float(row["alpha"]))
        if found.deviation[0] > 0:
            theirs = float(row["threshold"]) - (last[0, -1] - found.expected[0])
            assert found.bound[0] == pytest.approx(theirs, abs=1e-6)
            compared += 1
    assert compared > 150
