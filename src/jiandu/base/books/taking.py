"""What came of a row, a refusal about one cell, and the declaration of a register that sheets are taken into."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiandu.base.books.lines import Book, Line
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets.limits import SMALL, Limits

DENIED = _("您没有导入该登记簿的权限")


@dataclass(frozen=True)
class Taken:
    """`act`: create, update, unchanged or conflict; `cells`: (column, as recorded, as in the sheet) that differ.

    `left`: (column, reason) of what the sheet says and the act leaves out; the reason says who can do it, or when.
    """

    act: str
    cells: tuple[tuple[str, str, str], ...] = ()
    left: tuple[tuple[str, str], ...] = ()


class CellRefused(Refused):
    """A refusal about one cell, of a line where several are taken together."""

    def __init__(self, key: str, refused: Refused, line: Line | None = None) -> None:
        super().__init__(refused.rule, str(refused.args[1]), **refused.details)
        self.key, self.line = key, line


@contextmanager
def at(key: str, line: Line | None = None) -> Iterator[None]:
    """A refusal within is about this cell."""
    try:
        yield
    except CellRefused:
        raise
    except Refused as refused:
        raise CellRefused(key, refused, line) from refused


def _as_they_come(lines: list[Line]) -> Iterable[Line]:
    return lines


@dataclass(frozen=True)
class Register:
    """A register by sheet. `take` gives what came of each of the lines that tell one thing, one line unless `together`.

    `main`: the column that a refusal without a cell is about; `verb` and `model`: the right that taking in asks.
    `look`: for many rows, what taking them would do without doing it; the lines then come all at once, and what is wrong
    with one stands in its `problems`.
    """

    book: Book
    model: Any
    take: Callable[[list[Line], Viewer], list[Taken]]
    main: str
    log: str  # the thing in the log: "talk" is written as talk.import
    verb: str = "create"
    together: Callable[[Line], Any] | None = None
    order: Callable[[list[Line]], Iterable[Line]] = _as_they_come
    denied: Any = DENIED
    look: Callable[[list[Line], Viewer], list[Taken]] | None = None
    limits: Limits = SMALL
    is_of_rows: bool = False  # each line is judged by itself: what is wrong is told of all of them at once


def singly(take: Callable[[Line, Viewer], Taken]) -> Callable[[list[Line], Viewer], list[Taken]]:
    """`take` for a register where a line tells one thing."""
    return lambda lines, by: [take(line, by) for line in lines]
