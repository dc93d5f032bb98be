"""Improved Farrington detector for many weekly series at once.

Source: Farrington et al. 1996 (J. R. Stat. Soc. A 159), Noufaily et al. 2013 (Stat. Med. 32), Salmon et al. 2016 (J. Stat.
Softw. 70). Written from these; the R package `surveillance` is the oracle of the tests, its code was not translated.

A log-linear model has one level for each part of the year and a slope. Given the slope the levels are weighted means, given
the levels the slope is one weighted regression, so a step needs sums by part and no matrix is solved. Counts are weekly,
times are in years before the judged week, K is the number of judged weeks (rows), N the weeks of a baseline, P its parts.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, xlogy
from scipy.stats import nbinom, norm, poisson

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
WEEKS = 52
STEPS = 25  # a fit that has not settled by then is no fit
SETTLED = 1e-8
LEAST = float(np.finfo(np.float64).eps)
LEAST_LOG = float(np.log(LEAST))
HUGE = 1e7  # above it the quantile of a count is that of the normal law to six digits, and scipy takes long
AT_ONCE = 96  # rows: their arrays stay in the cache, and products are too small for BLAS to share among threads


@dataclass(frozen=True)
class Setting:
    """`years` of baseline, `half` weeks to either side of the same week, `parts` of the year (1: those weeks alone, as in
    1996), the last `left_out` weeks not used, weeks weighted down beyond `downweight`, `alpha` one-sided, the slope
    kept while its p-value is at most `slope_p`. `compat` takes the standard error as R's package does (docs/warnings.md).
    """

    years: int = 5
    half: int = 3
    parts: int = 10
    left_out: int = 26
    downweight: float = 2.58
    alpha: float = 0.01
    slope_p: float = 1.0
    bound: Literal["nbPlugin", "delta", "muan"] = "nbPlugin"
    compat: bool = False

    @property
    def reach(self) -> int:
        """How many weeks back the baseline begins."""
        return self.years * WEEKS + self.half


@dataclass(frozen=True)
class Grid:
    """Of N baseline weeks: `back` (N,) weeks before the judged one, `part` (N,) of the year; 0 is the judged week's."""

    back: NDArray[np.int64]
    part: NDArray[np.int64]

    @property
    def years(self) -> Floats:
        return -self.back / WEEKS


@dataclass(frozen=True)
class Found:
    """Of K rows: expected count, bound, dispersion (1 or more), log-slope a year (0 where dropped), whether any fit settled;
    where none did, the numbers are NaN.
    """

    expected: Floats
    bound: Floats
    dispersion: Floats
    slope: Floats
    fitted: Flags


@dataclass
class _Fit:
    """One model of K rows: `mean` (K, N), `level` (K, P), `slope` (K,), `settled` (K,); `weight` (K, N) and the sums of the
    last step: `mass`, `centre` (K, P) and `spread` (K,), which give the variances; `params` (K,) counts coefficients.
    """

    mean: Floats
    level: Floats
    slope: Floats
    settled: Flags
    weight: Floats
    mass: Floats
    centre: Floats
    spread: Floats
    params: NDArray[np.int64]


def grid(setting: Setting) -> Grid:
    """The baseline weeks of a setting, oldest first."""
    if setting.parts == 1:
        same = [
            year * WEEKS - step
            for year in range(setting.years, 0, -1)
            for step in range(-setting.half, setting.half + 1)
        ]
        return Grid(np.array(same), np.zeros(len(same), np.int64))
    back = np.arange(setting.reach, setting.left_out, -1)
    window = 2 * setting.half + 1
    edges = np.floor(np.linspace(0, WEEKS - window, setting.parts)).astype(np.int64)
    year = np.zeros(WEEKS, np.int64)
    year[setting.half + 1 : WEEKS - setting.half] = np.repeat(np.arange(1, setting.parts), np.diff(edges))
    return Grid(back, year[-back % WEEKS])


def detect(counts: Floats, known: Flags, setting: Setting) -> Found:
    """Judges K weeks by their baselines `counts` (K, N), in the order of `grid(setting)`; `known` (K, N) is False where a
    series had not begun.
    """
    where = grid(setting)
    pieces = [
        _detect(counts[at : at + AT_ONCE], known[at : at + AT_ONCE], where, setting)
        for at in range(0, max(len(counts), 1), AT_ONCE)
    ]
    return Found(*(np.concatenate([getattr(piece, name) for piece in pieces]) for name in Found.__annotations__))


def _detect(counts: Floats, known: Flags, where: Grid, setting: Setting) -> Found:
    expected, spread, dispersion, slope, fitted, doubt = _model(counts, known, where, setting, sloped=True)
    top = np.where(known, counts, 0).max(axis=1, initial=0)
    with np.errstate(invalid="ignore"):
        again = ~fitted | (doubt > setting.slope_p) | (expected > top)
    if again.any():
        flat = _model(counts[again], known[again], where, setting, sloped=False)
        for kept, new in zip((expected, spread, dispersion, slope, fitted), flat[:5], strict=True):
            kept[again] = new
    for numbers in (expected, spread, dispersion, slope):
        numbers[~fitted] = np.nan
    return Found(expected, bounds(expected, spread, dispersion, setting), dispersion, slope, fitted)


def _model(
    counts: Floats, known: Flags, where: Grid, setting: Setting, *, sloped: bool
) -> tuple[Floats, Floats, Floats, Floats, Flags, Floats]:
    """Expected count, standard error of its logarithm, dispersion, slope, settled, p-value of the slope; each (K,)."""
    prior = known.astype(np.float64)
    fit = _fit(counts, prior, where, sloped=sloped)
    weeks = prior.sum(axis=1)
    if setting.downweight < np.inf:
        prior = _weighted_down(counts, prior, fit, where, setting.downweight)
        first, fit = fit.settled, _fit(counts, prior, where, sloped=sloped)
        fit.settled &= first
    free = np.maximum(weeks - fit.params, 1)
    dispersion = _dispersion(counts, fit, free)
    scale = _relative(counts, prior, fit, free) if setting.compat and setting.downweight < np.inf else dispersion
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        error = np.sqrt(scale * (1 / fit.mass[:, 0] + _over(fit.centre[:, 0] ** 2, fit.spread)))
        doubt = 2 * stdtr(free, -np.abs(fit.slope) / np.sqrt(scale / fit.spread)) if sloped else np.zeros(len(counts))
        expected = np.exp(fit.level[:, 0])
    return expected, error, dispersion, fit.slope, fit.settled & np.isfinite(expected), doubt


def _fit(counts: Floats, prior: Floats, where: Grid, *, sloped: bool) -> _Fit:
    """Poisson regression by iteratively reweighted least squares; `prior` (K, N) weights, 0 for what is not known."""
    rows, parts = len(counts), int(where.part.max()) + 1
    mean = counts + 0.1
    eta = np.log(mean)
    fit = _empty(rows, len(where.part), parts)
    fixed = (prior * (xlogy(counts, counts) - counts)).sum(axis=1)
    before = 2 * (fixed - (prior * (counts * eta - mean)).sum(axis=1))
    active = np.arange(rows)
    for _ in range(STEPS):
        weight = prior[active] * mean
        response = prior[active] * (mean * eta + counts[active] - mean)
        level, slope, mass, centre, spread = _step(weight, response, where, sloped=sloped)
        eta = level[:, where.part] + slope[:, None] * where.years
        with np.errstate(over="ignore"):
            mean = np.maximum(np.exp(np.minimum(eta, 700)), LEAST)
        after = 2 * (fixed[active] - (prior[active] * (counts[active] * np.maximum(eta, LEAST_LOG) - mean)).sum(axis=1))
        fit.mean[active], fit.weight[active], fit.level[active], fit.slope[active] = mean, weight, level, slope
        fit.mass[active], fit.centre[active], fit.spread[active] = mass, centre, spread
        done = np.abs(after - before) / (np.abs(after) + 0.1) < SETTLED
        fit.settled[active] = done
        before, mean, eta, active = after[~done], mean[~done], eta[~done], active[~done]
        if not len(active):
            break
    fit.params[:] = (fit.mass > 0).sum(axis=1) + sloped
    return fit


def _empty(rows: int, weeks: int, parts: int) -> _Fit:
    """What the first step fills in."""
    level, mass, centre = np.zeros((3, rows, parts))
    mean, weight = np.zeros((2, rows, weeks))
    slope, spread = np.zeros((2, rows))
    settled, params = np.zeros(rows, np.bool_), np.zeros(rows, np.int64)
    return _Fit(mean, level, slope, settled, weight, mass, centre, spread, params)


def _step(weight: Floats, response: Floats, where: Grid, *, sloped: bool) -> tuple[Floats, ...]:
    """One weighted regression on levels (K, P) and a slope (K,): both, then mass, mean time of each part and spread."""
    members = (where.part[:, None] == np.arange(where.part.max() + 1)).astype(np.float64)
    timed = members * where.years[:, None]
    mass, moment = weight @ members, weight @ timed
    total, tilt = response @ members, response @ timed
    centre = _over(moment, mass)
    if sloped:
        spread = (weight @ (timed * where.years[:, None]) - moment * centre).sum(axis=1)
        slope = _over((tilt - centre * total).sum(axis=1), spread)
    else:
        spread, slope = np.full(len(weight), np.inf), np.zeros(len(weight))
    return _over(total, mass) - slope[:, None] * centre, slope, mass, centre, spread


def _over(above: Floats, below: Floats) -> Floats:
    """The quotient, 0 where the divisor is 0 or less."""
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)


def _weighted_down(counts: Floats, prior: Floats, fit: _Fit, where: Grid, limit: float) -> Floats:
    """New weights (K, N): those of weeks far above the fit are divided by the square of their Anscombe residual."""
    weeks = prior.sum(axis=1)
    dispersion = _dispersion(counts, fit, np.maximum(weeks - fit.params, 1))
    away = where.years - fit.centre[:, where.part]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        leverage = fit.weight * (
            1 / fit.mass[:, where.part] + _over(away**2, np.broadcast_to(fit.spread[:, None], away.shape))
        )
        scale = fit.mean ** (1 / 6) * np.sqrt(dispersion[:, None] * np.clip(1 - leverage, 1e-10, None))
        residual = 1.5 * (counts ** (2 / 3) - fit.mean ** (2 / 3)) / scale
        weights = prior * np.where(residual > limit, residual**-2, 1.0)
    return weights * _over(weeks, weights.sum(axis=1))[:, None]


def _dispersion(counts: Floats, fit: _Fit, free: Floats) -> Floats:
    """Pearson's with the weights of the last step, at least 1: no less variable than a Poisson count."""
    return np.maximum((fit.weight * ((counts - fit.mean) / fit.mean) ** 2).sum(axis=1) / free, 1)


def _relative(counts: Floats, prior: Floats, fit: _Fit, free: Floats) -> Floats:
    """The dispersion that R's package puts into standard errors after reweighting: of relative, not Pearson residuals."""
    return (prior * ((counts - fit.mean) / fit.mean) ** 2).sum(axis=1) / free


def bounds(expected: Floats, error: Floats, dispersion: Floats, setting: Setting) -> Floats:
    """The bound (K,) that a count goes beyond with probability `alpha`: `error` is the standard error of log expected."""
    z = float(norm.ppf(1 - setting.alpha))
    if setting.bound == "delta":
        with np.errstate(invalid="ignore", over="ignore"):
            tau = dispersion + error**2 * expected
            return np.clip(expected ** (2 / 3) + z * np.sqrt(4 / 9 * expected ** (1 / 3) * tau), 0, None) ** 1.5
    centre = expected if setting.bound == "nbPlugin" else expected * np.exp(np.minimum(z * error, 50))
    return quantile(1 - setting.alpha, centre, dispersion)


def quantile(level: float, mean: Floats, dispersion: Floats) -> Floats:
    """The least count (K,) that a negative binomial of this mean and variance dispersion × mean stays within; Poisson at 1."""
    with np.errstate(invalid="ignore"):
        large, usable = mean >= HUGE, mean < HUGE
        result = np.where(large, mean + norm.ppf(level) * np.sqrt(dispersion * mean), np.nan)
        wide = usable & (dispersion > 1)
    narrow = usable & ~wide
    result[narrow] = poisson.ppf(level, mean[narrow])
    result[wide] = nbinom.ppf(level, mean[wide] / (dispersion[wide] - 1), 1 / dispersion[wide])
    return np.where(usable, np.maximum(result, 0), result)


def chance(count: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """The probability (K,) of this count or a higher one."""
    result = np.full(len(count), np.nan)
    with np.errstate(invalid="ignore"):
        wide = (mean >= 0) & (dispersion > 1)
        narrow = (mean >= 0) & ~wide
    result[narrow] = poisson.sf(count[narrow] - 1, mean[narrow])
    result[wide] = nbinom.sf(count[wide] - 1, mean[wide] / (dispersion[wide] - 1), 1 / dispersion[wide])
    return result
