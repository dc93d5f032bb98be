"""A draft as cases: each number with its context, period, the measures that it may be, and the others of its sentence."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from jiandu.base.core.errors import Refused
from jiandu.results.analysis.measures.registry import Ask, Mechanism
from jiandu.results.proofing.contexts import BLANK, FAR, STOP, Context, around, blanked, unknown
from jiandu.results.proofing.periods import Period, period_of
from jiandu.results.proofing.reading import NARROW, Number, read
from jiandu.results.proofing.speech import Ranked, Speech
from jiandu.results.proofing.sums import Sum, sums

LONGEST_HEADING, MOST = 40, 1_000
SURE, SURE_WORDS, MARGIN = 0.95, 0.5, 0.15
MAYBE = 0.4
NAMED_NEAR, NAMED_FAR = 2, 4
_END = re.compile(rf"[{re.escape(STOP)}]")


@dataclass
class Sentence:
    """The numbers of a sentence and its words with them blank; `sums` by the place of their total."""

    numbers: list[Number] = field(default_factory=list)
    blanked: str = ""
    sums: dict[int, Sum] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """A number to be proved. `ranked`: the measures that it may be, the best first; `named`: what qualifies it further."""

    paragraph: int
    number: Number
    context: Context
    period: Period
    ranked: tuple[Ranked, ...]
    likely: dict[Mechanism, float]
    named: str
    sentence: Sentence
    place: int
    text: str

    @property
    def top(self) -> Ranked | None:
        return self.ranked[0] if self.ranked else None

    @property
    def close(self) -> tuple[Ranked, ...]:
        """The best, and those that fit the words nearly as well."""
        return tuple(one for one in self.ranked if one.score >= self.ranked[0].score - MARGIN)

    @property
    def sum(self) -> Sum | None:
        """The total that it is of others in its sentence."""
        return self.sentence.sums.get(self.place)


def is_heading(text: str) -> bool:
    said = text.strip()
    return bool(said) and len(said) <= LONGEST_HEADING and not re.search(r"[。；;，,]", said)


def cases(paragraphs: Sequence[str], speech: Speech, default: Ask) -> Iterator[Case]:
    """Every number of the draft, in order. Raises Refused (too-many-numbers)."""
    units = tuple(sorted(set(speech.units.values())))
    heading = ""
    read_all = [read(text, units) for text in paragraphs]
    if sum(map(len, read_all)) > MOST:
        raise Refused("too-many-numbers", "文中的数超过 %(most)d 个，请分成几份校", most=MOST)
    for at, (text, numbers) in enumerate(zip(paragraphs, read_all, strict=True)):
        if is_heading(text):
            heading = text
        yield from _of(at, text, numbers, heading, (speech, default))


def _of(at: int, text: str, numbers: list[Number], heading: str, known: tuple[Speech, Ask]) -> Iterator[Case]:
    speech, default = known
    blank, places = blanked(text, [(one.start, one.end) for one in numbers])
    told = _sentences(blank, numbers)
    for number, place in zip(numbers, places, strict=True):
        sentence, among = told[number]
        context = around(blank, place)
        period = _period(text[max(0, number.start - FAR) : number.start], context, default)
        head = blank[max(0, place - FAR) : place]
        texts = [(heading, 0.5), (head, 0.25), (context.sentence, 0.8)]
        likely = speech.mechanisms([*texts, (f"{context.clause}|{context.near}|{context.after}", 1)])
        ranked = tuple(one for one in speech.rank(context, number.unit, likely) if one.score >= MAYBE)
        named = _named(speech, ranked[0].key, context) if ranked else ""
        yield Case(at, number, context, period, ranked, likely, named, sentence, among, text)


def _sentences(blank: str, numbers: list[Number]) -> dict[Number, tuple[Sentence, int]]:
    """For each number its sentence and its place in it."""
    found: dict[Number, tuple[Sentence, int]] = {}
    rest = iter(numbers)
    for piece in _END.split(blank):
        sentence = Sentence([next(rest) for _ in range(piece.count(BLANK))], piece)
        sentence.sums = {one.total: one for one in sums(piece, sentence.numbers)}
        found |= {number: (sentence, place) for place, number in enumerate(sentence.numbers)}
    return found


def _period(before: str, context: Context, default: Ask) -> Period:
    """Of the sentence; else of the paragraph, or of the draft."""
    narrow = before.translate(NARROW)
    start = max(narrow.rfind(sign) for sign in "。！!\n") + 1
    own = period_of(narrow[start:], context.near, default)
    if own.said:
        return own
    above = period_of(narrow[:start], "", default)
    return Period((*above.asks, default), above.said, above.note) if above.asks and above.said else own


def _named(speech: Speech, key: str, context: Context) -> str:
    """What the sentence says that is said of no measure of this mechanism: whose number it is."""
    known = speech.known_beside(key)
    near = unknown(f"{context.near}|{context.after}", known)
    if len(near) >= NAMED_NEAR:
        return near
    far = unknown(f"{context.clause}|{context.sentence}", known)
    return far if len(far) >= NAMED_FAR else ""
