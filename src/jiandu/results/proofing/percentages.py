"""Percentages: of two numbers of the sentence, or a rate of the registry."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from jiandu.results.analysis.measures.registry import Ask, all_rates, find
from jiandu.results.analysis.selectors import Ratio
from jiandu.results.proofing import telling
from jiandu.results.proofing.cases import Case
from jiandu.results.proofing.records import Records
from jiandu.results.proofing.sums import shares
from jiandu.results.proofing.verdicts import Proof, Verdict

_SHARE = re.compile(r"占(?:比|总数|全部|其中)?(?:的|为|达到?|约)?$")
_RATE = 3  # 整改率: a rate is called by its last characters
_TENTH = Decimal("0.1")


def prove(case: Case, records: Records) -> Proof:
    """It follows from two numbers of the sentence, or is the rate that is named; else, where it claims to be, it is wrong."""

    def said(verdict: Verdict, words: str, ratio: Ratio | None = None, ask: Ask | None = None) -> Proof:
        return Proof(case.paragraph, case.number, verdict, words, ratio.numerator if ratio else None, ask)

    if not case.period.asks:
        return said(Verdict.NO_SOURCE, telling.period(case))
    ask = case.period.asks[0]
    pairs = list(shares(case.sentence.numbers, case.place))
    ratio = _named(case, records, ask)
    follows = next((pair for pair in pairs if case.number.quantity.fits(pair[2])), None)
    if ratio is not None and ratio.percent is not None and case.number.quantity.fits(ratio.percent):
        return said(Verdict.AGREES, _rate(ratio), ratio, ask)
    if follows is not None:
        return said(Verdict.AGREES, _divided(case, follows), ratio, ask if ratio else None)
    claimed = _claimed(case, pairs, ratio)
    if claimed is not None:
        return said(Verdict.SUM, _divided(case, claimed), ratio, ask if ratio else None)
    if ratio is not None and ratio.percent is not None and records.is_whole:
        return said(Verdict.DIFFERS, _rate(ratio), ratio, ask)
    return said(Verdict.NO_SOURCE, _("系统没有统计这个比例，请自行核对"))


def _named(case: Case, records: Records, ask: Ask) -> Ratio | None:
    """The rate that stands before the number, of the mechanism of which the text most likely tells."""
    words = f"{case.context.clause}{case.context.near}"
    found = [one for one in all_rates().values() if one.label[-_RATE:] in words]
    if not found:
        return None
    likely = case.likely
    best = max(found, key=lambda one: likely.get(find(one.numerator).mechanism, 0))
    return records.ratio(best.key, ask) if likely.get(find(best.numerator).mechanism, 0) >= 1 else None


def _claimed(case: Case, pairs: list[tuple[int, int, Decimal]], ratio: Ratio | None) -> tuple[int, int, Decimal] | None:
    """The pair of which the percentage claims to be: the number before it, of the next larger one of the same unit."""
    if ratio is None and not _SHARE.search(case.context.near):
        return None
    return next((pair for pair in pairs if pair[0] == case.place - 1), pairs[0] if pairs and ratio else None)


def _divided(case: Case, pair: tuple[int, int, Decimal]) -> str:
    part, whole = (case.sentence.numbers[place] for place in pair[:2])
    return _("同句 %(part)s ÷ %(whole)s ＝ %(percent)s%%") % {
        "part": part.text,
        "whole": whole.text,
        "percent": pair[2].quantize(_TENTH),
    }


def _rate(ratio: Ratio) -> str:
    return _("“%(label)s”为 %(percent)s%%（%(above)s ÷ %(below)s）") % {
        "label": _(ratio.rate.label),
        "percent": ratio.percent,
        "above": ratio.numerator.value,
        "below": ratio.denominator.value,
    }
