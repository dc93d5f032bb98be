"""A kind of sheet: its columns, by the words that offices use, and how a row is read. Asks no database."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext

from jiandu.base.books.reasons import both
from jiandu.base.core.clock import today
from jiandu.base.core.sheets.cells import Fault
from jiandu.base.core.sheets.errors import CellProblem
from jiandu.base.core.sheets.headers import Column
from jiandu.base.core.sheets.layout import Cell, Row
from jiandu.base.core.text import normal, parse_date

EMPTY = frozenset({"", "无", "/", "-", "—"})


@dataclass(frozen=True)
class Book:
    """A kind of sheet. `words`: column → the words it takes and what they mean; `example`: a row for the empty sheet.

    `days`: columns of dates; `past`: those of them that lie no later than today. `carried`: what merged cells say once
    for several rows (date, theme of a talk): where all of them are empty, they are those of the row above. `check` gives
    (column, reason in Chinese) of what cannot be read beside words and days: money, areas, numbers of identity.
    """

    key: str
    label: Any
    columns: tuple[Column, ...]
    example: tuple[str, ...]
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    days: frozenset[str] = frozenset()
    past: frozenset[str] = frozenset()
    carried: tuple[str, ...] = ()
    notes: tuple[Any, ...] = ()
    is_folded: bool = False  # names alone: width and case are not meant
    most: Mapping[str, int] = field(default_factory=dict)  # column → the characters that it may hold
    check: "Callable[[Line], Iterable[tuple[str, str]]]" = lambda _line: ()

    def title(self, key: str) -> str:
        """The first words of a column."""
        return next((column.titles[0] for column in self.columns if column.key == key), key)

    def word(self, key: str, code: str) -> str:
        """The first word that the column takes for a code."""
        return next((word for word, meant in self.words[key].items() if meant == code), code)


@dataclass
class Line:
    """A row as values: texts tidied, words as our codes, days as dates."""

    row: Row
    texts: dict[str, str] = field(default_factory=dict)
    dates: dict[str, date | None] = field(default_factory=dict)
    problems: list[CellProblem] = field(default_factory=list)

    def text(self, key: str) -> str:
        return self.texts.get(key, "")

    def on(self, key: str) -> date | None:
        return self.dates.get(key)

    def day(self, key: str) -> date:
        """A day that the column requires."""
        return self.dates[key] or today()

    def says(self, key: str) -> bool:
        """Whether the sheet has something to say there."""
        return bool(self.text(key) or self.on(key))


def filled(row: Row, above: Row | None, book: Book, facts: Mapping[str, str]) -> Row:
    """The row with what stands once for several: merged cells of the row above, facts (键:值) above the header."""
    cells = dict(row.cells)
    carried = [key for key in book.carried if key in cells]
    if above is not None and carried and not any(cells[key].text for key in carried):
        cells.update({key: above.cells[key] for key in carried if key in above.cells})
    for column in book.columns:
        said = next((facts[title] for title in column.titles if facts.get(title)), None)
        if column.key not in cells and said is not None:
            cells[column.key] = Cell(said, "", column.titles[0])
    return Row(row.sheet, row.number, cells, row.row_id)


def read_line(row: Row, book: Book) -> Line:
    """The row as a Line; what cannot be read stands in its `problems`."""
    line = Line(row)
    for column in book.columns:
        if column.key in book.days:
            line.dates[column.key] = _read(line, column.key, parse_date, None, is_day=True)
        else:
            line.texts[column.key] = _read(line, column.key, _word(book.words.get(column.key), book), "")
        if column.required and not line.says(column.key) and not line.problems:
            line.problems.append(row.problem(column.key, gettext("必填")))
    long = {key: most for key, most in book.most.items() if len(line.text(key)) > most}
    line.problems += [row.problem(key, gettext("最多%(most)d个字") % {"most": most}) for key, most in long.items()]
    late = [key for key in book.past if (line.on(key) or date.min) > today()]
    line.problems += [row.problem(key, gettext("日期晚于今天")) for key in sorted(late)]
    line.problems += [row.problem(key, both(reason)) for key, reason in book.check(line)]
    return line


def _read(line: Line, key: str, convert: Callable[[Any], Any], empty: Any, *, is_day: bool = False) -> Any:
    cell = line.row.cells.get(key)
    if cell is None or cell.text in EMPTY:
        return empty
    if isinstance(cell.value, Fault):
        line.problems.append(line.row.problem(key, both(cell.value.reason)))
        return empty
    try:
        return convert(cell.value if is_day else cell.text)
    except ValueError as error:
        line.problems.append(line.row.problem(key, both(str(error))))
        return empty


def _word(known: Mapping[str, str] | None, book: Book) -> Callable[[Any], str]:
    def convert(value: Any) -> str:
        if known is None:
            return normal(str(value)) if book.is_folded else str(value).strip()
        word = normal(str(value)).replace(" ", "")
        if word not in known:
            raise ValueError(gettext("应为%(words)s之一") % {"words": "、".join(known)})
        return known[word]

    return convert
