"""EARS C1, C2 and C3 for many weekly series at once: a moving mean of seven weeks and its deviation.

Source: Hutwagner et al. 2003 (J. Urban Health 80) and Fricker et al. 2008 (Stat. Med. 27), in the form of Salmon et al. 2016.
`weeks` (K, M) are the last M weeks of K series, the judged one at the end, with M >= LEAST[which].
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm, t

from jiandu.results.warnings.farrington import Floats

BASE = 7  # weeks of the baseline
GAP = 2  # weeks that C2 and C3 leave between it and the judged week
LEAST = {"C1": BASE + 1, "C2": BASE + GAP + 1, "C3": BASE + GAP + 3}


@dataclass(frozen=True)
class Moving:
    """Of K rows: expected count, its deviation and the bound, each (K,)."""

    expected: Floats
    deviation: Floats
    bound: Floats
    student: bool = False

    def chance(self, count: Floats) -> Floats:
        """The probability (K,) of this count or more."""
        with np.errstate(divide="ignore", invalid="ignore"):
            away = np.nan_to_num((count - self.expected) / self.deviation, posinf=np.inf, neginf=-np.inf)
        return t.sf(away, BASE - 1) if self.student else norm.sf(away)


def c1(weeks: Floats, alpha: float) -> Moving:
    """Against the seven weeks just before."""
    return _moving(weeks, 0, alpha)


def c2(weeks: Floats, alpha: float) -> Moving:
    """Against seven weeks that end three weeks ago, so that a rise does not enter its own baseline at once."""
    return _moving(weeks, GAP, alpha)


def predicted(weeks: Floats, alpha: float) -> Moving:
    """C2 with the bound that seven weeks bear: Student's for one more week, its deviation at least that of Poisson counts.

    C2's own bound takes their deviation for known: one week in thirteen passes it by chance instead of one in a hundred.
    """
    base = c2(weeks, alpha)
    deviation = np.maximum(base.deviation, np.sqrt(base.expected)) * np.sqrt(1 + 1 / BASE)
    return Moving(base.expected, deviation, base.expected + float(t.ppf(1 - alpha, BASE - 1)) * deviation, student=True)


def c3(weeks: Floats, alpha: float) -> Moving:
    """As C2, its bound lowered by how far the two weeks before went beyond one deviation."""
    now = c2(weeks, alpha)
    carried = sum(np.maximum(0, _standing(weeks[:, :-back]) - 1) for back in (1, 2))
    with np.errstate(invalid="ignore"):
        bound = now.expected + now.deviation * (float(norm.ppf(1 - alpha)) - carried)
    return Moving(now.expected, now.deviation, np.where(now.deviation > 0, bound, now.expected))


def _standing(weeks: Floats) -> Floats:
    """How many deviations the last week is above its baseline (K,); 0 where the baseline does not vary and is met."""
    base = _moving(weeks, GAP, 0.5)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num((weeks[:, -1] - base.expected) / base.deviation, nan=0.0, posinf=np.inf)


def _moving(weeks: Floats, gap: int, alpha: float) -> Moving:
    base = weeks[:, -BASE - gap - 1 : -gap - 1]
    expected, deviation = base.mean(axis=1), base.std(axis=1, ddof=1)
    return Moving(expected, deviation, expected + float(norm.ppf(1 - alpha)) * deviation)
