"""Proposals: which figure a cell of a superior's form asks for, by what its row and column heads say.

Every word of the heads must be understood, else nothing is proposed: a restriction that we cannot read would make the
number wrong, and an empty yellow cell is better than a wrong one.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from jiandu.base.core.sheets import FormRead, FormSheet
from jiandu.results.analysis.measures.registry import Basis, Measure, Mechanism, Split, all_measures
from jiandu.results.analysis.points import ways_of
from jiandu.results.filling.bindings import MONTH, SPANS, TO_DATE, WAN, YEAR, Binding
from jiandu.results.filling.words import CALLED, MECHANISM, NO_NUMBER, NOT_OURS, TOTALS, plain, without_units

Place = tuple[int, int]
Words = Callable[[Measure, Split], Iterable[str]]

_PERIODS = (
    (TO_DATE, re.compile(r"(本年|今年|年度|全年)?(累计(数|完成)?|至今|截至目前|截至本月(底|末)?)|1(月)?[-—–~至到](本|[2-9]|1[0-2])月|年初以来")),
    (MONTH, re.compile(r"本月|当月|本期|本月份|月度")),
    (YEAR, re.compile(r"全年|本年度|全年度|年度|本年|今年")),
)  # fmt: skip
_FIXED = re.compile(r"(?<!\d)(1[0-2]|[1-9])月(份)?")
_JOINED = 3


@dataclass(frozen=True)
class Heads:
    """What stands above a cell and left of it, outer words first."""

    above: tuple[str, ...]
    left: tuple[str, ...]


@dataclass(slots=True)
class Block:
    """The cells of a sheet that want a number, each with its heads; what titles say of all of them."""

    sheet: FormSheet
    title: str
    cells: dict[Place, Heads] = field(default_factory=dict)


def blocks(form: FormRead) -> list[Block]:
    """Of every visible sheet the cells that stand under and beside words and hold neither words nor a formula."""
    return [_block(sheet) for sheet in form.sheets]


def _block(sheet: FormSheet) -> Block:
    texts = {at: cell.text for at, cell in sheet.cells.items() if cell.kind == "text" and cell.text.strip()}
    told = [at for at, cell in sheet.cells.items() if cell.kind != "empty"]
    alone = _alone(sheet, told)
    title = " ".join([sheet.title, *(text for at, text in sorted(texts.items()) if at[0] in alone)])
    block = Block(sheet, title)
    heads = {at: text for at, text in texts.items() if at[0] not in alone}
    last_row, last_column = max((at[0] for at in told), default=0), max((at[1] for at in told), default=0)
    for row in range(1, last_row + 1):
        for column in range(1, last_column + 1):
            at = (row, column)
            if sheet.cell(at).kind in ("empty", "number") and sheet.anchor(at) == at:
                above, left = _above(sheet, heads, at), _left(sheet, heads, at)
                if above and left:
                    block.cells[at] = Heads(above, left)
    return block


def _alone(sheet: FormSheet, told: list[Place]) -> frozenset[int]:
    """Rows with one text and nothing else: titles and notes."""
    by_row: dict[int, list[Place]] = {}
    for at in told:
        by_row.setdefault(at[0], []).append(at)
    return frozenset(row for row, those in by_row.items() if len(those) == 1 and not _is_body(sheet, those[0]))


def _is_body(sheet: FormSheet, at: Place) -> bool:
    """A lone text that is the head of a row of empty cells: nothing merges it across the table."""
    merged = next((right - left for top, left, _, right in sheet.merges if (top, left) == at), 0)
    return merged == 0 and any(cell[0] == at[0] and cell[1] > at[1] for cell in sheet.cells)


def _above(sheet: FormSheet, heads: Mapping[Place, str], at: Place) -> tuple[str, ...]:
    found: dict[Place, str] = {}
    for row in range(at[0] - 1, 0, -1):
        anchor = sheet.anchor((row, at[1]))
        if anchor in heads:
            found.setdefault(anchor, heads[anchor])
    return tuple(reversed(found.values()))


def _left(sheet: FormSheet, heads: Mapping[Place, str], at: Place) -> tuple[str, ...]:
    found: dict[Place, str] = {}
    for column in range(at[1] - 1, 0, -1):
        anchor = sheet.anchor((at[0], column))
        if anchor in heads:
            found.setdefault(anchor, heads[anchor])
    return tuple(reversed(found.values()))


class Vocabulary:
    """What our figures, and the parts that they can be narrowed to, are called. `words` reads the parts, once each."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._parts: dict[tuple[str, str], dict[str, str]] = {}
        self.measures = all_measures()
        self.names: dict[str, list[str]] = {}
        for key, one in self.measures.items():
            mechanisms = MECHANISM[one.mechanism]
            short = (one.label.removeprefix(word) for word in mechanisms if one.label.startswith(word))
            for name in dict.fromkeys(plain(each) for each in (one.label, *short, *CALLED.get(key, ()))):
                if name:
                    self.names.setdefault(name, []).append(key)
        self.mechanisms = {plain(word): kind for kind, words_ in MECHANISM.items() for word in words_}

    def part(self, one: Measure, word: str) -> tuple[str, str] | None:
        """(split, word as shown) of a head; an office may be called by a part of its name that no other one has."""
        for split in ways_of(one):
            known = self._known(one, split)
            if word in known:
                return split.key, known[word]
            holding = [name for key, name in known.items() if word in key] if split.key == "office" else []
            if len(word) > 2 and len(holding) == 1:
                return split.key, holding[0]
        return None

    def _known(self, one: Measure, split: Split) -> dict[str, str]:
        place = (f"{one.base or one.source!r}", split.column)
        if place not in self._parts:
            self._parts[place] = {plain(word): word for word in self._words(one, split) if word}
        return self._parts[place]

    def mechanism_in(self, text: str) -> Mechanism | None:
        """The one that the text names; none where it names several."""
        text = plain(text)
        found = {kind for word, kind in self.mechanisms.items() if word in text}
        return found.pop() if len(found) == 1 else None


@dataclass(slots=True)
class _Read:
    """What the heads of a cell say, taken apart."""

    words: list[list[str]]
    spans: list[str] = field(default_factory=list)
    in_wan: bool = False
    foreign: str = ""  # a head that says that the number is none of ours


def wants_number(heads: Heads) -> bool:
    """Whether a number belongs there: not under 序号 or 备注, nor beside who filled the form in."""
    return not any(NO_NUMBER.match(plain(word)) for word in (*heads.above, *heads.left))


class Why(StrEnum):
    """Why nothing is proposed for a cell."""

    NOT_OURS = "not_ours"
    MONTHS = "months"
    NO_MEASURE = "no_measure"
    WORD = "word"
    UNIT = "unit"


@dataclass(frozen=True)
class Unread:
    """What is not understood of a cell's heads."""

    why: Why
    word: str = ""


def propose(form: FormRead, vocabulary: Vocabulary) -> list[Binding]:
    """A binding for every cell whose heads are understood to the last word."""
    return [one for block in blocks(form) for at in block.cells if (one := proposal(block, at, vocabulary))]


def proposal(block: Block, at: Place, vocabulary: Vocabulary, forced: Measure | None = None) -> Binding | None:
    """The binding of one cell; with `forced`, of that measure, whatever the heads call it."""
    found = understood(block, at, vocabulary, forced)
    return found if isinstance(found, Binding) else None


def understood(block: Block, at: Place, vocabulary: Vocabulary, forced: Measure | None = None) -> Binding | Unread:
    """The binding of one cell, or what is not understood of its heads."""
    read = _read(block.cells[at])
    if read.foreign:
        return Unread(Why.NOT_OURS, read.foreign)
    if len(set(read.spans)) > 1:
        return Unread(Why.MONTHS, "、".join(SPANS[span] for span in dict.fromkeys(read.spans)))
    found = _measure(read, block.title, vocabulary, forced)
    if found is None:
        return Unread(Why.NO_MEASURE, " · ".join(word for axis in read.words for word in axis))
    one, rest = found
    within = _within(one, rest, vocabulary)
    if isinstance(within, Unread):
        return within
    if read.in_wan and one.unit != "元":
        return Unread(Why.UNIT, "万元")
    return Binding(block.sheet.title, at, one.key, _span(one, read, block.title), within, WAN if read.in_wan else 1)


def chosen(block: Block, at: Place, vocabulary: Vocabulary, one: Measure, own: int) -> Binding | Unread:
    """The binding of one cell to a measure that an officer chose for its column (`own` 0) or its row (1).

    What stands on the other side must be understood to the last word; of the chosen side what is, narrows too.
    """
    heads = block.cells[at]
    sides = [_read(Heads(heads.above, ())), _read(Heads((), heads.left))]
    mine, other = sides[own], sides[1 - own]
    if other.foreign:
        return Unread(Why.NOT_OURS, other.foreign)
    within = _within(one, _not_naming(one.key, _all(other), vocabulary), vocabulary)
    if isinstance(within, Unread):
        return within
    more = dict(within)
    for word in _not_naming(one.key, _all(mine), vocabulary):
        part = vocabulary.part(one, word)
        if part is not None:
            more.setdefault(*part)
    whole = _Read([], [*other.spans, *mine.spans])
    in_wan = one.unit == "元" and (mine.in_wan or other.in_wan)
    return Binding(
        block.sheet.title, at, one.key, _span(one, whole, block.title), tuple(more.items()), WAN if in_wan else 1
    )


def _all(read: _Read) -> list[str]:
    return [word for axis in read.words for word in axis]


def _read(heads: Heads) -> _Read:
    read = _Read([[], []])
    for axis, texts in enumerate((heads.above, heads.left)):
        for text in texts:
            kept, in_wan = without_units(text)
            read.in_wan |= in_wan
            if NOT_OURS.search(plain(kept)) or NO_NUMBER.match(plain(kept)):
                read.foreign = read.foreign or plain(kept)
            word = _without_span(kept, read)
            if word and word not in TOTALS and not word.isdecimal():
                read.words[axis].append(word)
    return read


def _without_span(text: str, read: _Read) -> str:
    """The head without the words for its months, which are noted; a plain 年度 within a name stays there."""
    text = re.sub(r"\s+", "", text)
    for span, pattern in _PERIODS:
        match = pattern.search(text)
        if match and (span != YEAR or match[0] == plain(text)):
            read.spans.append(span)
            return plain(text[: match.start()] + text[match.end() :])
    match = _FIXED.search(text)
    if match:
        read.spans.append(f"m{match[1]}")
        return plain(text[: match.start()] + text[match.end() :])
    return plain(text)


def _measure(
    read: _Read, title: str, vocabulary: Vocabulary, forced: Measure | None
) -> tuple[Measure, list[str]] | None:
    """The measure, and the words that do not name it."""
    words = [word for axis in read.words for word in axis]
    said = {kind for word in words if (kind := vocabulary.mechanisms.get(word))}
    if forced is not None:
        return forced, _not_naming(forced.key, words, vocabulary)
    for covered in _joins(read.words):
        keys = vocabulary.names.get("".join(covered), [])
        kinds = said - {vocabulary.mechanisms.get(word) for word in covered} if len(said) > 1 else said
        key = _one_of(keys, kinds, title, vocabulary)
        if key:
            rest = [word for word in words if word not in covered and word not in vocabulary.mechanisms]
            return vocabulary.measures[key], rest
    key = _of_title(said, title, vocabulary)
    return (vocabulary.measures[key], _not_naming(key, words, vocabulary)) if key else None


def _not_naming(key: str, words: list[str], vocabulary: Vocabulary) -> list[str]:
    """The words that name neither the measure nor a mechanism."""
    return [word for word in words if key not in vocabulary.names.get(word, ()) and word not in vocabulary.mechanisms]


def _joins(axes: list[list[str]]) -> Iterator[tuple[str, ...]]:
    """Words that may name a measure together, the inner and longer ones first."""
    for size in range(_JOINED, 0, -1):
        for words in axes:
            for end in range(len(words), size - 1, -1):
                yield tuple(words[end - size : end])


def _one_of(keys: list[str], kinds: "set[Mechanism]", title: str, vocabulary: Vocabulary) -> str:
    """The one measure of that name; of several, that of the mechanism which the heads or the title name."""
    if len(keys) > 1 or (keys and kinds):
        of_title = vocabulary.mechanism_in(title)
        kinds = kinds or ({of_title} if of_title else set())
        keys = [key for key in keys if vocabulary.measures[key].mechanism in kinds]
    return keys[0] if len(keys) == 1 else ""


def _of_title(said: "set[Mechanism]", title: str, vocabulary: Vocabulary) -> str:
    """The measure that the title names by its longest name: a table of one figure by offices and months."""
    text = plain(title)
    there = sorted((name for name in vocabulary.names if len(name) > 3 and name in text), key=len, reverse=True)
    for name in there:
        key = _one_of(vocabulary.names[name], said, title, vocabulary)
        if key:
            return key
    return ""


def _within(one: Measure, words: list[str], vocabulary: Vocabulary) -> tuple[tuple[str, str], ...] | Unread:
    """The words as parts of the measure, each way once; else the one that is no part of it."""
    found: dict[str, str] = {}
    for word in dict.fromkeys(words):
        part = vocabulary.part(one, word)
        if part is None or part[0] in found:
            return Unread(Why.WORD, word)
        found[part[0]] = part[1]
    return tuple(found.items())


def _span(one: Measure, read: _Read, title: str) -> str:
    """The rule of months: what the heads say, else the title; a figure of the year or of a day has no month."""
    span = next(iter(read.spans), "") or (YEAR if re.search(r"年报|年度", title) and "月" not in title else MONTH)
    return TO_DATE if span == MONTH and (one.is_of_year or one.basis == Basis.STATE) else span
