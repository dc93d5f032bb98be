"""校数: a verdict on every number of a draft. A number is called wrong only where it is sure what it counts."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from jiandu.base.core.guard import Viewer
from jiandu.results.analysis.measures.registry import Ask, find
from jiandu.results.analysis.selectors import Figure
from jiandu.results.proofing import percentages, telling
from jiandu.results.proofing.cases import SURE, SURE_WORDS, Case, cases
from jiandu.results.proofing.contexts import is_part_of_rules
from jiandu.results.proofing.periods import closed, end_of
from jiandu.results.proofing.records import Records
from jiandu.results.proofing.speech import Speech, is_sibling, learn
from jiandu.results.proofing.verdicts import Proof, Published, Verdict
from jiandu.results.reports.drafting import Written, default_text

#: So few words in common are enough to say that a number agrees, and to call another measure one of the same noun.
ALIKE = 0.1
#: A number of a mechanism of which the text tells this little is not its number by chance.
LIKELY = 0.34
#: A single numeral (三项) is a figure only where the words leave no doubt.
SURELY = 1.1


@dataclass(frozen=True)
class Draft:
    """A proved draft: its paragraphs, and what is said of each number."""

    paragraphs: tuple[str, ...]
    ask: Ask
    proofs: tuple[Proof, ...]

    @property
    def wrong(self) -> tuple[Proof, ...]:
        return tuple(one for one in self.proofs if one.is_wrong)


def prove(viewer: Viewer, paragraphs: Sequence[str], ask: Ask) -> Draft:
    """Every number of the draft against the viewer's records as of the day, earlier reviews, and its own sentence."""
    return prove_with(Records(viewer), paragraphs, ask)


def prove_with(records: Records, paragraphs: Sequence[str], ask: Ask) -> Draft:
    """The same, against what these records say."""
    begin = [Written(one["title"], one["sentences"], one.get("part", "")) for one in default_text()["sections"]]
    speech = learn([*begin, *records.read_published()])
    found = list(cases(paragraphs, speech, ask))
    records.prepare((one.key, asked) for case in found for one in case.ranked[:4] for asked in case.period.asks)
    prover = _Prover(records, speech, ask)
    prover.prepare(found)
    proofs = [proof for case in found if (proof := prover.prove(case)) is not None]
    return Draft(tuple(paragraphs), ask, tuple(proofs))


class _Prover:
    def __init__(self, records: Records, speech: Speech, ask: Ask) -> None:
        self._records, self._speech, self._ask = records, speech, ask
        self._other_asks: tuple[Ask, ...] = ()

    def prepare(self, found: Iterable[Case]) -> None:
        """Looks up what numbers that fit nothing may be: the same measure as of another day, or of the year before."""
        every = list(found)
        open_ones = [
            case for case in every if self._is_sure(case) and case.period.asks and self._agreeing(case) is None
        ]
        named = [asked for case in every for asked in case.period.asks]
        before = self._ask.year - 1
        month = self._ask.as_of.month
        others = [
            *named,
            self._ask.at(end_of(self._ask.year, month - 1)) if month > 1 else self._ask,
            *((self._ask.at(date(self._ask.year, 12, 31)),) if self._ask.as_of.year > self._ask.year else ()),
            closed(before, self._ask.as_of),
        ]
        self._other_asks = tuple(dict.fromkeys(others))
        self._records.prepare((case.ranked[0].key, asked) for case in open_ones for asked in self._other_asks)

    def prove(self, case: Case) -> Proof | None:
        """The verdict; None for what is no figure (两个维护)."""
        if case.number.is_percent:
            return percentages.prove(case, self._records)
        if case.number.is_soft and not (self._is_sure(case) and case.ranked[0].score >= SURELY and case.number.unit):
            return None
        if not case.period.asks:
            return Proof(case.paragraph, case.number, Verdict.NO_SOURCE, telling.period(case))
        return self._counted(case)

    def _counted(self, case: Case) -> Proof:
        own, total = self._agreeing(case), case.sum
        if total is not None and not total.holds(case.number.quantity):
            return self._said(case, Verdict.SUM, telling.total(case, total), own)
        if own is not None:
            printed = self._printed(case, own)
            if printed is not None and not case.number.quantity.fits(printed.figure.value):
                return self._said(case, Verdict.OTHER_TEXT, telling.printed(printed, own[0]), own, printed)
            return self._said(case, Verdict.AGREES, telling.agrees(own[0], case), own)
        known = self._in_print(case)
        if known is not None:
            words = _("与已定稿的《%(title)s》一致") % {"title": known.title}
            return self._said(case, Verdict.AGREES, words, (known.figure, self._asked(known)), known)
        if total is not None and total.makes(case.number.quantity) and not self._is_sure(case):
            return self._said(case, Verdict.AGREES, _("等于同句所列各部分之和"))
        return self._unsourced(case) if not self._is_sure(case) else self._differing(case)

    def _said(
        self,
        case: Case,
        verdict: Verdict,
        words: str,
        own: tuple[Figure, Ask] | None = None,
        printed: Published | None = None,
    ) -> Proof:
        figure, ask = own or (None, None)
        words = "；".join(filter(None, [words, telling.note(case) if own else ""]))
        return Proof(case.paragraph, case.number, verdict, words, figure, ask, printed)

    def _is_sure(self, case: Case) -> bool:
        """Whether the words leave no doubt about the measure's mechanism and noun."""
        top = case.top
        if top is None or top.score < SURE or top.words < SURE_WORDS:
            return False
        of = self._speech.of
        return all(of[one.key] == of[top.key] for one in case.close)

    def _agreeing(self, case: Case) -> tuple[Figure, Ask] | None:
        """The measure that the number may be and whose value it is: of those that its words fit best."""
        of = self._speech.of
        likely = [one for one in case.ranked[:4] if case.likely.get(of[one.key], 0) >= LIKELY]
        may_be = case.close if self._is_sure(case) else likely
        for one in may_be:
            for asked in case.period.asks:
                figure = self._records.figure(one.key, asked)
                if (one.words >= ALIKE or one is case.top) and case.number.quantity.fits(figure.value):
                    return figure, asked
        return None

    def _printed(self, case: Case, own: tuple[Figure, Ask]) -> Published | None:
        """What an earlier review printed of the same measure, as of the same day, of the same scope."""
        figure, asked = own
        those = self._records.published(figure.measure.key, asked.year)
        return next((one for one in those if one.figure.as_of == asked.as_of and one.is_same_scope), None)

    def _in_print(self, case: Case) -> Published | None:
        """An earlier published value that the number repeats."""
        for one in case.close:
            for asked in case.period.asks:
                for printed in self._records.published(one.key, asked.year):
                    if printed.figure.as_of == asked.as_of and case.number.quantity.fits(printed.figure.value):
                        return printed
        return None

    def _asked(self, printed: Published) -> Ask:
        return replace(self._ask, as_of=printed.figure.as_of or self._ask.as_of)

    def _unsourced(self, case: Case) -> Proof:
        top = case.top
        if top is None or top.words < ALIKE * 3:
            return self._said(case, Verdict.NO_SOURCE, _("系统没有统计这个数，请自行核对"))
        own = self._records.figure(top.key, case.period.asks[0]), case.period.asks[0]
        return self._said(case, Verdict.NO_SOURCE, telling.nearest(own[0]), own)

    def _differing(self, case: Case) -> Proof:
        asked = case.period.asks[0]
        own = self._records.figure(case.ranked[0].key, asked), asked
        if case.named or (case.context.near.endswith("其中") and not case.context.after):
            return self._part(case, own)
        if is_part_of_rules(case.context) and case.number.quantity.said <= own[0].value:
            return self._said(case, Verdict.NO_SOURCE, telling.new_and_revised(own[0]), own)
        if not self._records.is_whole and case.number.quantity.said > own[0].value:
            return self._said(case, Verdict.NO_SOURCE, telling.beyond(own[0]), own)
        for verdict, words, printed in self._explained(case, own):
            return self._said(case, verdict, words, own, printed)
        return self._said(case, Verdict.DIFFERS, telling.differs(own[0]), own)

    def _explained(self, case: Case, own: tuple[Figure, Ask]) -> Iterable[tuple[Verdict, str, Published | None]]:
        """Why it may be another number: another measure of the same noun, another day, another text."""
        for figure in self._alike(case, own):
            yield Verdict.OTHER_BASIS, telling.other(own[0], figure), None
        for asked in self._other_asks:
            figure = self._records.figure(own[0].measure.key, asked)
            if asked not in case.period.asks and case.number.quantity.fits(figure.value):
                yield Verdict.OTHER_BASIS, telling.other_day(own[0], asked), None
        printed = self._printed(case, own)
        if printed is not None:
            yield Verdict.OTHER_TEXT, telling.printed(printed, own[0]), printed

    def _alike(self, case: Case, own: tuple[Figure, Ask]) -> Iterable[Figure]:
        """Measures of the same mechanism that are told with like words, and have the value."""
        of, key = self._speech.of, own[0].measure.key
        for one in self._speech.rank(case.context, None, case.likely):
            is_like = one.key != key and of[one.key] == of[key] and one.words >= ALIKE
            if is_like and is_sibling(case.number.unit, find(one.key).unit):
                figure = self._records.figure(one.key, own[1])
                if case.number.quantity.fits(figure.value):
                    yield figure

    def _part(self, case: Case, own: tuple[Figure, Ask]) -> Proof:
        """A number of one office, field or unit: held against that part where the measure is told apart so."""
        found = self._records.share(own[0].measure.key, own[1], case.text, case.named)
        if found is None:
            return self._said(case, Verdict.NO_SOURCE, telling.qualified(own[0], case), own)
        words = telling.share(own[0], found)
        if case.number.quantity.fits(found.value):
            return self._said(case, Verdict.AGREES, words, own)
        is_alone = not re.search(rf"{re.escape(found.name)}[等、和及与]", case.text)
        return self._said(case, Verdict.DIFFERS if is_alone else Verdict.NO_SOURCE, words, own)
