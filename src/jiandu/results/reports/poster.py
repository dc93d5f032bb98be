"""One page of figures (一图读懂): the numbers of a review by its parts, the main ones large, in rows that fill the sheet."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from jiandu.results.analysis.selectors import Figure
from jiandu.results.reports.drafting import Drafted, Paragraphs, Plot, default_text, in_words

COLUMNS = 5
SCALE = "余万"
SCALES = (gettext_noop("余万"), gettext_noop("万"))
PICTURE = 3  # columns that a picture takes


@dataclass(frozen=True)
class Tile:
    """A number as it is printed, and its figure."""

    figure: Figure

    @property
    def text(self) -> str:
        return in_words(self.figure)

    @property
    def digits(self) -> str:
        """What is printed large: 950 of 950余万."""
        return self.text.rstrip(SCALE)

    @property
    def scale(self) -> str:
        """What is printed small before the unit: 余万, in the reader's language."""
        scale = self.text[len(self.digits) :]
        return _(scale) if scale else ""


@dataclass(frozen=True)
class Block:
    """A section: its main numbers, the others below them; or a picture of it. `span`: the columns that it takes."""

    title: str
    main: tuple[Tile, ...] = ()
    others: tuple[Tile, ...] = ()
    plot: Plot | None = None
    span: int = COLUMNS


@dataclass(frozen=True)
class Part:
    """A part of the review: rows of blocks."""

    title: str
    rows: tuple[tuple[Block, ...], ...]


@cache
def _main_keys() -> frozenset[str]:
    return frozenset(key for section in default_text()["sections"] for key in section["main"])


def poster(drafted: Drafted) -> list[Part]:
    """The parts in the order of the text; a section that names no measure has no place here."""
    parts: dict[str, list[Block]] = {}
    title = ""
    for section in drafted.sections:
        title = section.part or title
        parts.setdefault(title, []).extend(_blocks(section))
    return [Part(title, _rows(blocks)) for title, blocks in parts.items() if blocks]


def _blocks(section: Paragraphs) -> Iterator[Block]:
    told = [Tile(one) for one in section.figures]
    main = [tile for tile in told if tile.figure.measure.key in _main_keys()] or told
    others = [tile for tile in told if tile not in main and tile.figure.value]
    if main:
        yield Block(section.title, tuple(main), tuple(others), span=min(len(main), COLUMNS))
    for plot in section.plots:
        yield Block(section.title, plot=plot, span=PICTURE)


def _rows(blocks: list[Block]) -> tuple[tuple[Block, ...], ...]:
    """Each block in the first row that has room for it; what a row has left goes to the block that has most to say."""
    rows: list[list[Block]] = []
    for block in blocks:
        fits = (row for row in rows if sum(one.span for one in row) + block.span <= COLUMNS)
        row = next(fits, None)
        if row is None:
            row = []
            rows.append(row)
        row.append(block)
    return tuple(tuple(_widened(row)) for row in rows)


def _widened(row: list[Block]) -> list[Block]:
    left = COLUMNS - sum(one.span for one in row)
    crowded = max(row, key=lambda one: len(one.others))
    return [replace(one, span=one.span + left) if one is crowded else one for one in row]
