"""A judgement that a page, a table and a bulletin can show: the numbers, and in words how sure they make one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from jiandu.results.warnings.farrington import Flags, Floats
from jiandu.results.warnings.plain import digits

Method = Literal["farrington", "ears-c2", "ears-c2-t", "exact"]
METHODS: tuple[Method, ...] = ("farrington", "ears-c2", "ears-c2-t", "exact")
UNJUDGED = len(METHODS)  # the code of no method
SHARE = 0.1  # of alarms that may be chance, where they are called probable
STRICT = 0.01
TELLING = 0.005  # an expected count below it is told as none: a ratio to it tells nothing

SURE = {
    "within": ("未超出上限", "within the bound"),
    "few": ("超出上限，但近四周不足5件，不提示", "above the bound, but fewer than 5 cases in four weeks: no alarm"),
    "possible": (
        "超出上限，序列多时也可能是偶然，宜留意",
        "above the bound; among many series it may be chance: watch",
    ),
    "probable": ("很可能不是偶然", "probably not chance"),
    "strong": ("很难用偶然解释", "hard to explain by chance"),
    "unjudged": ("历史太短，或其中没有一件，无法判断", "too short a history, or no case in it: cannot be judged"),
}


SMALL = 0.001  # a probability below it is told as such


@dataclass(frozen=True)
class Judgement:
    """One week of one series. `p`: probability of this count or more if nothing has changed; `q`: the share of alarms that
    may be chance if every week as improbable is one (Benjamini–Hochberg over the run); `yearly`: the factor a year of
    the fitted trend; `years` of baseline; `enough`: 5 cases in 4 weeks; `sure` is a key of SURE.
    """

    series: str
    t: str
    count: int
    expected: float | None
    threshold: float | None
    alarm: bool
    method: Method | None
    years: int | None
    enough: bool
    ratio: float | None
    p: float | None
    q: float | None
    yearly: float | None
    sure: str

    @property
    def words(self) -> tuple[str, str]:
        """How sure, in Chinese and in English."""
        return SURE[self.sure]

    @property
    def why(self) -> tuple[str, str]:
        """The alarm or its absence in one sentence, Chinese and English."""
        if self.expected is None or self.threshold is None or self.p is None:
            return self.words
        chinese, english = self.words
        above = self.ratio is not None and self.ratio > 1
        times, fold = (f"，为预期的{self.ratio:.1f}倍", f", {self.ratio:.1f} times that") if above else ("", "")
        bound = f"{self.threshold:.1f}".removesuffix(".0")
        usual = digits(self.expected)
        chance, likely = (f"{self.p:.1%}",) * 2 if self.p >= SMALL else (f"不到{SMALL:.1%}", f"below {SMALL:.1%}")
        return (
            f"本周{self.count}件，预期{usual}件{times}；上限{bound}件，偶然出现的概率{chance}：{chinese}",
            f"{self.count} this week, {usual} expected{fold}; bound {bound}, probability by chance {likely}: {english}",
        )


@dataclass
class Columns:
    """Judgements as arrays (K,), NaN where there is no number; `code` is a place in METHODS or UNJUDGED."""

    count: Floats
    expected: Floats
    bound: Floats
    p: Floats
    yearly: Floats
    years: Floats
    code: NDArray[np.int64]
    enough: Flags
    alarm: Flags


def shares(p: Floats) -> Floats:
    """Benjamini–Hochberg: for each probability (K,) the smallest share of false alarms at which it is one; NaN stays."""
    result = np.full(len(p), np.nan)
    given = np.flatnonzero(~np.isnan(p))
    order = given[np.argsort(p[given], kind="stable")]
    scaled = p[order] * len(order) / np.arange(1, len(order) + 1)
    result[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1)
    return result


def told(columns: Columns, names: list[str], weeks: list[str]) -> Iterator[Judgement]:
    """The judgements one by one; `names` and `weeks` are theirs."""
    ratio = np.where(
        columns.expected >= TELLING, columns.count / np.where(columns.expected >= TELLING, columns.expected, 1), np.nan
    )
    q = shares(columns.p)
    numbers = (columns.expected, columns.bound, ratio, columns.p, q, columns.yearly, columns.years)
    rows = zip(*(np.where(np.isfinite(each), each, np.nan).tolist() for each in numbers), strict=True)
    facts = zip(
        columns.count.tolist(), columns.code.tolist(), columns.enough.tolist(), columns.alarm.tolist(), strict=True
    )
    for name, week, row, (count, code, enough, alarm) in zip(names, weeks, rows, facts, strict=True):
        expected, bound, fold, p, share, yearly, years = (None if each != each else each for each in row)
        yield Judgement(
            series=name, t=week, count=int(count), expected=expected, threshold=bound, alarm=alarm,
            method=METHODS[int(code)] if code < UNJUDGED else None, years=None if years is None else int(years),
            enough=enough, ratio=fold, p=p, q=share, yearly=yearly, sure=_sure(count, bound, share, alarm=alarm),
        )  # fmt: skip


def _sure(count: float, bound: float | None, share: float | None, *, alarm: bool) -> str:
    if bound is None or share is None:
        return "unjudged"
    if not alarm:
        return "few" if count > bound else "within"
    return "strong" if share <= STRICT else "probable" if share <= SHARE else "possible"
