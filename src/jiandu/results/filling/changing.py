"""What an officer changes of a form's bindings: for cells named as in a spreadsheet (B6, B6:D20, B, 6), at once."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from jiandu.base.core.errors import Refused
from jiandu.base.core.sheets import FormRead
from jiandu.base.core.sheets.cells import column_index
from jiandu.results.analysis.measures.registry import Measure, find
from jiandu.results.analysis.points import ways_of
from jiandu.results.filling.bindings import SPANS, Binding, Cell
from jiandu.results.filling.proposing import (
    Block,
    Heads,
    Place,
    Unread,
    Vocabulary,
    blocks,
    chosen,
    understood,
    wants_number,
)
from jiandu.results.filling.words import TOTALS, plain

_PART = re.compile(r"([A-Z]{0,3})([0-9]{0,5})(?::([A-Z]{0,3})([0-9]{0,5}))?")
_LAST = 99_999
ALL = frozenset(("全部", "all")) | TOTALS


@dataclass(frozen=True)
class Change:
    """Which cells of a sheet, and what of them: a measure, the rule of months, the words that narrow it. Empty: as it is.

    `words`: 全部 for none. `is_removed`: the cells are bound to nothing.
    """

    sheet: str
    at: str
    key: str = ""
    span: str = ""
    words: str = ""
    is_removed: bool = False


@dataclass
class Changed:
    """The bindings as they are then, how many cells were meant, and the cells whose heads say what is not understood."""

    bindings: dict[Cell, Binding]
    count: int = 0
    unread: dict[Cell, Unread] = field(default_factory=dict)


@dataclass(frozen=True)
class _Box:
    """A range of cells; `is_rows`: whole rows were named."""

    top: int
    left: int
    bottom: int
    right: int
    is_rows: bool

    def holds(self, at: Place) -> bool:
        return self.top <= at[0] <= self.bottom and self.left <= at[1] <= self.right


def change(form: FormRead, bindings: Mapping[Cell, Binding], asked: Change, vocabulary: Vocabulary) -> Changed:
    """Raises Refused: no-cell, nothing-chosen, unknown-measure, unknown-word, no-month."""
    block = next((one for one in blocks(form) if one.sheet.title == asked.sheet), None)
    found = _found(block, asked.at) if block else []
    if block is None or not found:
        raise _no_cell(asked.at)
    if not (asked.is_removed or asked.key or asked.span or asked.words):
        raise Refused("nothing-chosen", "请选择指标、期间或分类，或取消绑定")
    said = Changed(dict(bindings))
    for at, is_rows in found:
        cell = (asked.sheet, at)
        if asked.is_removed:
            said.count += said.bindings.pop(cell, None) is not None
            continue
        now = bindings.get(cell) or _as_beside(bindings, cell, asked, is_rows=is_rows)
        made = _made(block, at, now, asked, vocabulary, is_rows=is_rows)
        if isinstance(made, Unread):
            said.unread[cell] = made
        elif made is not None:
            said.bindings[cell] = made
            said.count += 1
    if not said.count and not said.unread:
        raise Refused("no-binding", "“%(at)s”处还没有绑定，请先选择指标", at=asked.at[:40])
    return said


def _as_beside(bindings: Mapping[Cell, Binding], cell: Cell, asked: Change, *, is_rows: bool) -> Binding | None:
    """Where only the words of a row are said: what all bound cells of the column take, and the other way round."""
    if asked.key or not asked.words:
        return None
    axis = 1 if is_rows else 0
    beside = [one for one in bindings.values() if one.sheet == cell[0] and one.at[axis] == cell[1][axis]]
    same = {(one.key, one.span, one.scale) for one in beside}
    return replace(beside[0], at=cell[1], within=()) if len(same) == 1 else None


def _found(block: Block, text: str) -> list[tuple[Place, bool]]:
    boxes = [_box(part) for part in re.split(r"[,、;\s]+", _typed(text)) if part]
    found = []
    for at, heads in block.cells.items():
        box = next((each for each in boxes if each.holds(at)), None)
        if box and wants_number(heads):
            found.append((at, box.is_rows))
    return found


def _typed(text: str) -> str:
    return re.sub(r"[列行]", "", unicodedata.normalize("NFKC", text)).upper().strip().replace("-", ":")


def _box(part: str) -> _Box:
    """Raises Refused (no-cell)."""
    match = _PART.fullmatch(part)
    if not match or not (match[1] or match[2]):
        raise _no_cell(part)
    try:
        columns = [column_index(name) for name in (match[1], match[3]) if name]
    except ValueError as error:
        raise _no_cell(part) from error
    rows = [int(number) for number in (match[2], match[4]) if number]
    return _Box(
        min(rows, default=1),
        min(columns, default=1),
        max(rows, default=_LAST),
        max(columns, default=_LAST),
        not columns,
    )


def _no_cell(text: str) -> Refused:
    return Refused("no-cell", "“%(at)s”处没有要填数的格，请写作 B6、B6:D20、B(整列)或 6(整行)", at=text[:40])


def _made(
    block: Block, at: Place, now: Binding | None, asked: Change, vocabulary: Vocabulary, *, is_rows: bool
) -> Binding | Unread | None:
    """The cell's binding then; nothing where it has none and no measure was chosen. Raises Refused."""
    made: Binding | Unread | None = now
    if asked.key:
        made = _bound(block, at, find(asked.key), asked, vocabulary, is_rows=is_rows)
        if isinstance(made, Binding) and now and not asked.span:
            made = _same_months(made, now)
    elif now is None and asked.words:  # the heads of the other side name the measure
        made = understood(_half(block, at, is_rows=is_rows), at, vocabulary)
    if not isinstance(made, Binding):
        return made
    if asked.words:
        made = replace(made, within=narrowed(made.measure, asked.words, vocabulary))
    if asked.span:
        made = replace(made, span=asked.span)
    _check_months(made)
    return made


def _bound(
    block: Block, at: Place, one: Measure, asked: Change, vocabulary: Vocabulary, *, is_rows: bool
) -> Binding | Unread:
    made = chosen(block, at, vocabulary, one, 1 if is_rows else 0)
    if isinstance(made, Unread) and asked.words:  # the officer says what it is narrowed by
        return Binding(block.sheet.title, at, one.key, asked.span or _first_span(one))
    return made


def _half(block: Block, at: Place, *, is_rows: bool) -> Block:
    heads = block.cells[at]
    return Block(block.sheet, block.title, {at: Heads(heads.above, ()) if is_rows else Heads((), heads.left)})


def _first_span(one: Measure) -> str:
    return next(span for span in ("month", "to_date") if span == "to_date" or not one.is_of_year)


def _same_months(made: Binding, now: Binding) -> Binding:
    """The months as they were, where the other measure has such."""
    kept = replace(made, span=now.span)
    return kept if _has_months(kept) else made


def _has_months(one: Binding) -> bool:
    return not one.measure.is_of_year or one.span in ("to_date", "year")


def _check_months(one: Binding) -> None:
    if one.span not in SPANS:
        raise Refused("no-span", "没有这种期间:%(span)s", span=one.span[:20])
    if not _has_months(one):
        raise Refused("no-month", "“%(label)s”是年度指标，没有当月数，请用本年累计", label=one.measure.label)


def narrowed(one: Measure, text: str, vocabulary: Vocabulary) -> tuple[tuple[str, str], ...]:
    """The words as parts of the measure, each way once. Raises Refused (unknown-word)."""
    words = [plain(word) for word in re.split(r"[,，、;；]+", text) if word.strip()]
    if all(word.casefold() in ALL for word in words):
        return ()
    found: dict[str, str] = {}
    for word in words:
        part = vocabulary.part(one, word)
        if part is None or part[0] in found:
            ways = "、".join(split.label for split in ways_of(one))
            raise Refused(
                "unknown-word",
                "“%(word)s”不是“%(label)s”的分类，可按 %(ways)s 填写名称",
                word=word,
                label=one.label,
                ways=ways,
            )
        found[part[0]] = part[1]
    return tuple(found.items())


def sound(form: FormRead, bindings: Iterable[Binding]) -> dict[Cell, Binding]:
    """Of what a workbook brings with it, what can be filled here: cells that want a number, measures that are known."""
    there = {(block.sheet.title, at) for block in blocks(form) for at in block.cells}
    return {(one.sheet, one.at): one for one in bindings if (one.sheet, one.at) in there and _is_known(one)}


def _is_known(one: Binding) -> bool:
    try:
        ways = {split.key for split in ways_of(one.measure)}
        _check_months(one)
    except Refused:
        return False
    return all(by in ways for by, _ in one.within)
