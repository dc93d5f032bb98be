"""python -m benchmarks.outbreaks [--repeats 100] [--write]: how often detectors call a false alarm, and how many outbreaks they find.

The 42 scenarios of Noufaily et al. 2013: seven baselines (level, trend, season, dispersion), each with and without trend and
with 0, 1 or 2 harmonics; 624 weeks, the last 49 judged on five years before them, in which lie four outbreaks of 2, 3, 5 or 10
deviations. False alarms are counted where nothing happened since; an outbreak of k deviations is found when one of its weeks
alarms. `--write` puts the tables into docs/warnings.md. No database.
"""

import argparse
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.figures import ROOT
from jiandu.results.warnings import ears, exact, farrington
from jiandu.results.warnings.farrington import Floats, Setting

PAGE = ROOT / "docs" / "warnings.md"
PLACE = re.compile(r"(<!-- outbreaks -->\n).*?(<!-- end -->)", re.DOTALL)
WEEKS, CURRENT, BASELINE = 624, 49, 263
SIZES = (3, 6, 10)
#: level, trend a week, two parts of the season, dispersion: Noufaily et al. 2013, section 3.1.
BASES = (
    (0.1, 0.0025, 0.6, 0.6, 1.5),
    (-2.0, 0.005, 0.1, 0.3, 2.0),
    (1.5, 0.003, 0.2, -0.4, 1.0),
    (0.5, 0.002, 0.5, 0.5, 5.0),
    (2.5, 0.001, 1.0, 0.1, 3.0),
    (3.75, 0.001, 0.1, -0.1, 1.1),
    (5.0, 0.0001, 0.05, 0.01, 1.2),
)


@dataclass(frozen=True)
class Scenario:
    level: float
    trend: float
    season: tuple[float, float]
    harmonics: int
    dispersion: float

    def mean(self) -> Floats:
        """Of each week (WEEKS,)."""
        t = np.arange(1, WEEKS + 1)
        waves = [
            self.season[0] * np.cos(2 * np.pi * j * t / 52) + self.season[1] * np.sin(2 * np.pi * j * t / 52)
            for j in range(1, self.harmonics + 1)
        ]
        return np.exp(self.level + self.trend * t + sum(waves))


SCENARIOS = [
    Scenario(level, trend * slope, (one, two), harmonics, dispersion)
    for level, trend, one, two, dispersion in BASES
    for slope in (0, 1)
    for harmonics in (0, 1, 2)
]


def counts(scenario: Scenario, repeats: int, chance: np.random.Generator) -> Floats:
    """Series with their past outbreaks (repeats, WEEKS)."""
    mean = np.broadcast_to(scenario.mean(), (repeats, WEEKS))
    if scenario.dispersion > 1:
        drawn = chance.negative_binomial(mean / (scenario.dispersion - 1), 1 / scenario.dispersion)
    else:
        drawn = chance.poisson(mean)
    found = drawn.astype(float)
    deviation = found.std(axis=1)
    for row in range(repeats):
        for k in chance.choice([2, 3, 5, 10], 4):
            outbreak(
                found[row],
                int(chance.integers(WEEKS - CURRENT - BASELINE, WEEKS - CURRENT)),
                k * deviation[row],
                chance,
            )
    return found


def outbreak(series: Floats, start: int, size: float, chance: np.random.Generator) -> slice:
    """Adds an outbreak in place, spread over weeks by a lognormal law; the weeks that it lasts."""
    delays = np.floor(chance.lognormal(0, 0.5, chance.poisson(size))).astype(int)
    weeks = np.minimum(start + delays, WEEKS - 1)
    np.add.at(series, weeks, 1)
    return slice(start, int(weeks.max(initial=start)) + 1)


def _last(series: Floats, rows: np.ndarray, weeks: np.ndarray, many: int) -> Floats:
    """The `many` weeks up to and with the judged one (K, many)."""
    return series[rows[:, None], weeks[:, None] - np.arange(many - 1, -1, -1)]


def by_farrington(setting: Setting) -> Callable[[Floats, np.ndarray, np.ndarray], np.ndarray]:
    def alarms(series: Floats, rows: np.ndarray, weeks: np.ndarray) -> np.ndarray:
        past = series[rows[:, None], weeks[:, None] - farrington.grid(setting).back]
        found = farrington.detect(past, np.ones(past.shape, np.bool_), setting)
        return (series[rows, weeks] > found.bound) & (_last(series, rows, weeks, 4).sum(axis=1) >= 5)

    return alarms


def by_ears(method: str, alpha: float, cases: int = 0) -> Callable[[Floats, np.ndarray, np.ndarray], np.ndarray]:
    def alarms(series: Floats, rows: np.ndarray, weeks: np.ndarray) -> np.ndarray:
        bound = getattr(ears, method)(_last(series, rows, weeks, 12), alpha).bound
        return (series[rows, weeks] > bound) & (_last(series, rows, weeks, 4).sum(axis=1) >= cases)

    return alarms


def by_exact(series: Floats, rows: np.ndarray, weeks: np.ndarray) -> np.ndarray:
    year, now = _last(series, rows, weeks - 1, 52), series[rows, weeks]
    found = exact.compare(now, np.full(len(now), 52.0), year.sum(axis=1), (year**2).sum(axis=1), 0.01)
    return (now > found.bound) & (_last(series, rows, weeks, 4).sum(axis=1) >= 5)


def year_on_year(series: Floats, rows: np.ndarray, weeks: np.ndarray) -> np.ndarray:
    """同比上升50%, and at least 5."""
    now = series[rows, weeks]
    return (now >= 1.5 * series[rows, weeks - 52]) & (now >= 5)


def two_deviations(series: Floats, rows: np.ndarray, weeks: np.ndarray) -> np.ndarray:
    """More than the mean and two deviations of the year before, and at least 3."""
    year, now = _last(series, rows, weeks - 1, 52), series[rows, weeks]
    return (now > year.mean(axis=1) + 2 * year.std(axis=1, ddof=1)) & (now >= 3)


METHODS = {
    "`farrington` α = 0.01, as `warn` does": by_farrington(Setting()),
    "`farrington` α = 0.005": by_farrington(Setting(alpha=0.005)),
    "Farrington as of 1996 (delta, α = 0.01)": by_farrington(
        Setting(parts=1, bound="delta", downweight=1, slope_p=0.05)
    ),
    "`ears-c2-t` α = 0.01, as `warn` does for short series": by_ears("predicted", 0.01, 5),
    "`exact` α = 0.01, on the year before, 5 in 4 weeks": by_exact,
    "EARS C2, α = 0.01 (`--method ears`)": by_ears("c2", 0.01),
    "EARS C1, α = 0.001": by_ears("c1", 0.001),
    "EARS C2, α = 0.001": by_ears("c2", 0.001),
    "EARS C3, α = 0.001": by_ears("c3", 0.001),
    "year on year +50 %, at least 5": year_on_year,
    "mean + 2 deviations of a year, at least 3": two_deviations,
}
SHOWN = [list(METHODS)[place] for place in (0, 3, 9)]
Result = dict[str, tuple[float, ...]]


def measured(scenario: Scenario, repeats: int, chance: np.random.Generator) -> Result:
    """By method the share of quiet weeks that alarm, and of outbreaks found for each of SIZES."""
    quiet = counts(scenario, repeats, chance)
    rows, weeks = (
        each.ravel() for each in np.meshgrid(np.arange(repeats), np.arange(WEEKS - CURRENT, WEEKS), indexing="ij")
    )
    found = {name: [float(method(quiet, rows, weeks).mean())] for name, method in METHODS.items()}
    deviation = quiet.std(axis=1)
    for size in SIZES:
        series, lasting = quiet.copy(), []
        for row in range(repeats):
            start = int(chance.integers(WEEKS - CURRENT, WEEKS - 4))
            lasting.append(outbreak(series[row], start, size * deviation[row], chance))
        rows = np.concatenate([np.full(each.stop - each.start, row) for row, each in enumerate(lasting)])
        weeks = np.concatenate([np.arange(each.start, each.stop) for each in lasting])
        for name, method in METHODS.items():
            hit = np.zeros(repeats, np.bool_)
            np.logical_or.at(hit, rows, method(series, rows, weeks))
            found[name].append(float(hit.mean()))
    return {name: tuple(numbers) for name, numbers in found.items()}


def percent(share: float) -> str:
    return f"{100 * share:.1f}"


def tables(results: list[Result], repeats: int) -> str:
    """All scenarios together by method; then each by itself."""
    ks = " | ".join(f"k = {size}" for size in SIZES)
    lines = [
        f"{repeats} series a scenario, seed 2013; in %.",
        "",
        f"| method | false alarms | {ks} |",
        "| --- " + "| ---: " * 4 + "|",
    ]
    for name in METHODS:
        means = np.mean([result[name] for result in results], axis=0)
        lines.append(f"| {name} | {' | '.join(map(percent, means))} |")
    heads = " | ".join(f"{name}: false | k = 6" for name in ("`farrington`", "`ears-c2-t`", "year on year"))
    lines += ["", f"| level θ | φ | trend | harmonics | {heads} |", "| ---: " * 10 + "|"]
    for scenario, result in zip(SCENARIOS, results, strict=True):
        numbers = " | ".join(f"{percent(result[name][0])} | {percent(result[name][2])}" for name in SHOWN)
        trend = "yes" if scenario.trend else "no"
        lines.append(f"| {scenario.level:g} | {scenario.dispersion:g} | {trend} | {scenario.harmonics} | {numbers} |")
    return "\n".join(["", *lines, "", ""])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.outbreaks", description=__doc__)
    parser.add_argument("--repeats", type=int, default=100)
    parser.add_argument("--write", action="store_true", help="puts the tables into docs/warnings.md")
    asked = parser.parse_args()
    chance = np.random.default_rng(2013)
    said = tables([measured(scenario, asked.repeats, chance) for scenario in SCENARIOS], asked.repeats)
    print(said)
    if asked.write:
        PAGE.write_text(PLACE.sub(lambda place: place[1] + said + place[2], PAGE.read_text("utf-8")), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
