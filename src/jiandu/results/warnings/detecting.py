"""One call: a table in, judgements out. Which method speaks is said in each.

Unless one is asked for: Farrington where three years lie before the week; EARS C2 with Student's bound from nine weeks on;
else, and where the past holds no case that a model could be fitted to, the exact comparison. Alarms of all but an EARS that
was asked for, which is the textbook's, need five cases in four weeks.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from jiandu.results.warnings import ears, exact, farrington
from jiandu.results.warnings.farrington import WEEKS, Flags, Floats
from jiandu.results.warnings.judging import METHODS, UNJUDGED, Columns, Judgement, told
from jiandu.results.warnings.tables import Table, week_of

CASES, IN_WEEKS = 5, 4
LEAST_YEARS = 3
AT_ONCE = 20_000
FARRINGTON, EARS, EARS_T, EXACT = range(len(METHODS))

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Asked:
    """`method` none: the first that can speak. `since` a week as the table writes it: all from then on, else each series' last."""

    method: Literal["farrington", "ears"] | None = None
    years: int = 5
    alpha: float = 0.01
    since: str | None = None


class Unusable(Exception):
    """The question does not fit the table; Chinese and English."""


def detect(table: Table, asked: Asked) -> list[Judgement]:
    """Judgements by series, then week. Raises Unusable."""
    series, place = _places(table, asked)
    pieces = [
        _Run(table, asked, series[at : at + AT_ONCE], place[at : at + AT_ONCE]).columns()
        for at in range(0, len(series), AT_ONCE)
    ]
    columns = Columns(*(np.concatenate([getattr(piece, name) for piece in pieces]) for name in Columns.__annotations__))
    weeks = table.first[series] + place
    words = {week: table.written(week) for week in np.unique(weeks).tolist()}
    names = [table.names[each] for each in series.tolist()]
    return list(told(columns, names, [words[week] for week in weeks.tolist()]))


def _places(table: Table, asked: Asked) -> tuple[Places, Places]:
    """The series and the place in it of each week to judge."""
    lengths = table.lengths
    begin = lengths - 1
    if asked.since is not None:
        try:
            week, kind = week_of(asked.since)
        except ValueError as error:
            raise Unusable(str(error)) from error
        if kind != table.kind:
            raise Unusable(
                f"起始周与表中的写法不同：{asked.since} · written otherwise than in the table: {asked.since}"
            )
        begin = np.maximum(week - table.first, 0)
    many = np.maximum(lengths - begin, 0)
    if not many.sum():
        raise Unusable(f"起始周之后没有数据：{asked.since} · no week from {asked.since} on")
    series = np.repeat(np.arange(len(lengths)), many)
    ends = np.cumsum(many)
    return series, np.arange(ends[-1]) - np.repeat(ends - many, many) + np.repeat(begin, many)


class _Run:
    """Some weeks of a table, judged together: `series` and `place` (K,)."""

    def __init__(self, table: Table, asked: Asked, series: Places, place: Places) -> None:
        self.table, self.asked, self.series, self.place = table, asked, series, place
        self.at = table.begins[series] + place
        expected, bound, p, yearly, years = np.full((5, len(series)), np.nan)
        self.fits = np.zeros(len(series), np.bool_)  # long enough for Farrington
        self.sums = self._sums(table.counts)
        enough = self._between(self.sums, np.maximum(place - IN_WEEKS + 1, 0), place + 1) >= CASES
        code, alarm = np.full(len(series), UNJUDGED), np.zeros(len(series), np.bool_)
        self.found = Columns(table.counts[self.at], expected, bound, p, yearly, years, code, enough, alarm)

    def columns(self) -> Columns:
        asked, found = self.asked, self.found
        if asked.method != "ears":
            self._farrington()
        if asked.method != "farrington":
            self._ears()
        if asked.method is None:
            self._exact()
        with np.errstate(invalid="ignore"):
            found.alarm = found.count > found.bound
        if asked.method != "ears":
            found.alarm &= found.enough
        return found

    def _farrington(self) -> None:
        """By how many whole years of baseline a week has: as R would with b of so many."""
        half = farrington.Setting().half
        reach = np.minimum((self.place - half + 1) // WEEKS, self.asked.years)
        for years in range(min(LEAST_YEARS, self.asked.years), self.asked.years + 1):
            rows = np.flatnonzero(reach == years)
            if len(rows):
                self.fits[rows] = True
                self._fitted(rows, farrington.Setting(years=years, alpha=self.asked.alpha))

    def _fitted(self, rows: Places, setting: farrington.Setting) -> None:
        fit = farrington.detect(*self._weeks(rows, farrington.grid(setting).back), setting)
        p = farrington.chance(self.found.count[rows], fit.expected, fit.dispersion)
        with np.errstate(over="ignore"):
            self._keep(rows[fit.fitted], FARRINGTON, fit.expected[fit.fitted], fit.bound[fit.fitted], p[fit.fitted])
            self.found.yearly[rows] = np.exp(fit.slope)
        self.found.years[rows[fit.fitted]] = setting.years

    def _ears(self) -> None:
        """Where nothing has spoken and seven weeks lie before the gap; without a case in them only when asked for."""
        rows = np.flatnonzero((self.found.code == UNJUDGED) & (self.place >= ears.LEAST["C2"] - 1))
        weeks, _known = self._weeks(rows, np.arange(ears.LEAST["C2"] - 1, -1, -1))
        if self.asked.method is None:
            some = (weeks[:, : ears.BASE].max(axis=1, initial=0) > 0) & ~self.fits[rows]
            rows, weeks = rows[some], weeks[some]
        alone = self.asked.method == "ears"
        moved = (ears.c2 if alone else ears.predicted)(weeks, self.asked.alpha)
        chance = moved.chance(self.found.count[rows])
        self._keep(rows, EARS if alone else EARS_T, moved.expected, moved.bound, chance)

    def _exact(self) -> None:
        """Where nothing else has spoken and a week lies before."""
        rows = np.flatnonzero((self.found.code == UNJUDGED) & (self.place > 0))
        end = self.place[rows]
        begin = np.maximum(end - self.asked.years * WEEKS, 0)
        total = self._between(self.sums, begin, end, rows)
        squares = self._between(self._sums(self.table.counts**2), begin, end, rows) if len(rows) else total
        seen = exact.compare(self.found.count[rows], (end - begin).astype(float), total, squares, self.asked.alpha)
        self._keep(rows, EXACT, seen.expected, seen.bound, seen.chance)

    def _keep(self, rows: Places, code: int, expected: Floats, bound: Floats, p: Floats) -> None:
        self.found.expected[rows], self.found.bound[rows], self.found.p[rows] = expected, bound, p
        self.found.code[rows] = code

    def _weeks(self, rows: Places, back: Places) -> tuple[Floats, Flags]:
        """The counts so many weeks `back` (N,) of each row, 0 before the series began, and whether it had: both (K, N)."""
        known = back <= self.place[rows, None]
        return self.table.counts[np.where(known, self.at[rows, None] - back, 0)] * known, known

    @staticmethod
    def _sums(counts: Floats) -> Floats:
        return np.concatenate([[0.0], np.cumsum(counts)])

    def _between(self, sums: Floats, begin: Places, end: Places, rows: Places | None = None) -> Floats:
        """Of each row the sum from place `begin` up to and without `end`."""
        origin = self.table.begins[self.series if rows is None else self.series[rows]]
        return sums[origin + end] - sums[origin + begin]
