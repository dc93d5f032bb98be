"""A count against the rate of all weeks before it, for series too young or too sparse for anything else.

With X cases in n weeks and Jeffreys' prior the rate is Gamma(X + ½, n), so the next count is negative binomial with mean
m = (X + ½)/n and variance m(1 + 1/n): exact for Poisson counts. Where the weeks vary more than that, the variance is
multiplied by how much more.
"""

from dataclasses import dataclass

import numpy as np

from jiandu.results.warnings.farrington import Floats, chance, quantile


@dataclass(frozen=True)
class Compared:
    """Of K rows: the mean of the weeks before, the bound, and the probability of the judged count or more; each (K,)."""

    expected: Floats
    bound: Floats
    chance: Floats


def compare(count: Floats, weeks: Floats, total: Floats, squares: Floats, alpha: float) -> Compared:
    """`count` of the judged week; before it `weeks` (>= 1) with `total` cases, `squares` the sum of squared counts; each (K,)."""
    mean = total / weeks
    variance = np.maximum(squares - total * mean, 0) / np.maximum(weeks - 1, 1)
    wide = np.maximum(1, np.divide(variance, mean, out=np.ones_like(mean), where=mean > 0))
    likely = (total + 0.5) / weeks
    spread = wide * (1 + 1 / weeks)
    return Compared(mean, quantile(1 - alpha, likely, spread), chance(count, likely, spread))
