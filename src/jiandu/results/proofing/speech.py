"""How measures are spoken of: by label, and by the sentences in which reviews print them. Ranks them for a number of a draft."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from jiandu.results.analysis.measures.registry import MECHANISMS, Mechanism, all_measures, all_rates
from jiandu.results.proofing.contexts import BLANK, RULES, Context, around, blanked, pairs, uncommon, weighed
from jiandu.results.reports.drafting import CLAUSE, DATED, PLOT, SLOT, Written

#: Units that are said of the same things; one set is never said for another: a 家次 is no 家.
LIKE = (
    ("个", "件", "条", "项", "例", "起", "份", "类", "处", "批"),
    ("人", "名", "位"),
    ("次", "人次"),
    ("次", "场", "轮", "期"),
    ("家", "个", "户"),
)
SIBLINGS = (("家", "家次"), ("人", "人次", "名", "次"), ("件", "件次", "个"), ("次", "场", "人次"))
MECHANISM, UNIT = 0.3, 0.1
#: 出台制度 is said of every mechanism: where none is named, all rules of the register are meant, above what is told by chance.
ANY_RULES = 1.25


@dataclass(frozen=True)
class Ranked:
    """A measure with how well the words fit it, and how well those next to the number."""

    key: str
    score: float
    words: float


@dataclass
class Speech:
    """Ways to speak of each measure, as weighed pairs of characters; `known`: all pairs of its sentences and definition."""

    ways: dict[str, list[dict[str, float]]] = field(default_factory=dict)
    known: dict[str, set[str]] = field(default_factory=dict)
    of: dict[str, Mechanism] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)

    @cached_property
    def rarity(self) -> dict[str, float]:
        """Of each pair: the fewer measures have it, the more it says."""
        seen = Counter(pair for ways in self.ways.values() for pair in {pair for way in ways for pair in way})
        return {pair: math.log(1 + len(self.ways) / count) for pair, count in seen.items()}

    @cached_property
    def _measured(self) -> dict[str, list[dict[str, float]]]:
        """The ways as vectors of length one: rare pairs count more."""
        return {key: [self._unit_vector(way) for way in ways] for key, ways in self.ways.items()}

    def _unit_vector(self, way: Mapping[str, float]) -> dict[str, float]:
        found = {pair: weight * self.rarity.get(pair, 1.0) for pair, weight in way.items()}
        length = math.sqrt(sum(worth * worth for worth in found.values())) or 1
        return {pair: worth / length for pair, worth in found.items()}

    @cached_property
    def _told(self) -> dict[Mechanism, dict[str, float]]:
        """Of each mechanism: the pairs that it shares with few others."""
        all_pairs: dict[Mechanism, set[str]] = {}
        for key, ways in self.ways.items():
            all_pairs.setdefault(self.of[key], set(pairs(self.of[key].label))).update(
                pair for way in ways for pair in way
            )
        of_rules = set(pairs(RULES))
        seen = Counter(pair for those in all_pairs.values() for pair in those)
        told = {one: {pair: 1 / seen[pair] ** 2 for pair in those - of_rules} for one, those in all_pairs.items()}
        told[Mechanism.RULES] = {}
        return told

    @cached_property
    def _names(self) -> set[str]:
        """The pairs by which one mechanism alone is called: 挂钩, 点题."""
        called = Counter(
            pair for one in MECHANISMS if one != Mechanism.RULES for pair in set(pairs(uncommon(one.label)))
        )
        return {pair for pair, count in called.items() if count == 1}

    def mechanisms(self, texts: Iterable[tuple[str, float]]) -> dict[Mechanism, float]:
        """How likely each mechanism is told of by texts of some weight each; 1 for the likeliest."""
        said: dict[str, float] = {}
        for text, weight in texts:
            for pair in pairs(text):
                said[pair] = max(said.get(pair, 0), weight)
        found = {
            one: sum(weight * told.get(pair, 0) for pair, weight in said.items()) for one, told in self._told.items()
        }
        most = max(found.values(), default=0) or 1
        if set(pairs(RULES)) <= set(said) and not self._names & set(said):
            found[Mechanism.RULES] = most = most * ANY_RULES
        return {one: value / most for one, value in found.items()}

    def rank(self, context: Context, unit: str | None, likely: Mapping[Mechanism, float]) -> list[Ranked]:
        """The measures whose unit fits (all without one), the best first: the cosine of the words, the mechanism, the unit."""
        said = self._unit_vector(weighed(context))
        found = []
        for key, ways in self._measured.items():
            fit = 1.0 if unit is None else fits_unit(unit, self.units[key], context)
            if fit:
                words = max(sum(worth * way.get(pair, 0) for pair, worth in said.items()) for way in ways)
                found.append(Ranked(key, words + MECHANISM * likely.get(self.of[key], 0) + UNIT * (fit - 1), words))
        return sorted(found, key=lambda one: -one.score)

    @cached_property
    def _known_of(self) -> dict[Mechanism, frozenset[str]]:
        found: dict[Mechanism, set[str]] = {}
        for key, those in self.known.items():
            found.setdefault(self.of[key], set()).update(those)
        return {one: frozenset(those) for one, those in found.items()}

    def known_beside(self, key: str) -> frozenset[str]:
        """The pairs of all that is said of the measures of its mechanism."""
        return self._known_of[self.of[key]]


def fits_unit(said: str, unit: str, context: Context) -> float:
    """2: the same unit; 1: one that is said of the same; 0: it does not fit."""
    if said == unit:
        return 2
    if unit.startswith("个") and len(unit) > 1:  # 个维度: 5个一级维度
        return float(said == "个" and unit[1:] in context.after)
    return float(any(said in those and unit in those for those in LIKE))


def is_sibling(said: str, unit: str) -> bool:
    """家 and 家次: the same things, counted otherwise."""
    return said == unit or any(said in those and unit in those for those in (*LIKE, *SIBLINGS))


def learn(sections: Iterable[Written]) -> Speech:
    """What the registry and these sections say."""
    speech = Speech()
    for key, one in all_measures().items():
        speech.ways[key] = [weighed(Context(one.label))]
        speech.known[key] = set(pairs(f"{one.label}|{one.definition}|{one.mechanism.label}|{one.unit}"))
        speech.of[key], speech.units[key] = one.mechanism, one.unit
    for section in sections:
        for line in section.lines:
            if not PLOT.fullmatch(line.strip()):
                _hear(speech, section.title, CLAUSE.sub(lambda said: said[1], line))
    return speech


def _hear(speech: Speech, title: str, line: str) -> None:
    """Each slot of a line, with what stands around it."""
    spans, keys = _slots(speech, line)
    pieces, places = blanked(line, spans)
    for key, place in zip(keys, places, strict=True):
        if key in speech.ways:
            speech.ways[key].append(weighed(around(pieces, place)))
            speech.known[key].update(pairs(f"{title}|{pieces.replace(BLANK, '|')}"))


def _slots(speech: Speech, line: str) -> tuple[list[tuple[int, int]], list[str]]:
    spans, keys = [], []
    for slot in SLOT.finditer(line):
        said = DATED.fullmatch(slot[1])
        key = said[1] if said else slot[1]
        unit = "人次" if line.startswith("人次", slot.end()) else speech.units.get(key, "")
        found = unit if line.startswith(unit, slot.end()) else re.match(r"[名人位]?", line[slot.end() :])[0]  # type: ignore[index]
        spans.append((slot.start(), slot.end() + len(found)))
        keys.append(key)
    return spans, keys


def rates_said(text: str) -> list[str]:
    """The rates that a text names: by their label, or by the numerator's and 率."""
    return [
        key
        for key, one in all_rates().items()
        if one.label in text or (one.label[-3:] in text and one.label[-1] == "率")
    ]
