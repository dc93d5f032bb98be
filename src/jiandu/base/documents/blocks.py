"""What a document is made of: frozen blocks that say what stands there, never how it looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from jiandu.base.documents.codes import Code

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Text:
    """Words within a paragraph or a cell; `strong` prints them bold."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is written, leading to the `Anchor` named `to`: the entry that explains it; `note`: a comment on it."""

    text: str
    to: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Anchor:
    """Words that a `Number` leads to; `name` is any text, unique in the document."""

    text: str
    name: str


Run = Text | Number | Anchor
Words = str | Run | tuple[str | Run, ...]


@dataclass(frozen=True, slots=True)
class Title:
    """The title of the document, or of an appendix; lines are broken where it holds a line feed.

    `code` stands as QR in the corner of its page: the first of a form. `under`: its note (题注), in brackets below it.
    """

    text: str
    code: Code | None = None
    under: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1, 2 or 3; its number (一、 （一） 1.) is counted here, beginning anew in each appendix."""

    text: str
    level: Literal[1, 2, 3] = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Body text; without `indent` it stands flush left, as the addressee does."""

    words: Words
    indent: bool = True


@dataclass(frozen=True, slots=True)
class Banner:
    """A framed line that must not be overlooked, such as whom the document is for."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """Small print under a table or a picture: the source, what is counted and what is not."""

    words: Words


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading, its share of the width, and how its cells are aligned."""

    title: str
    share: float = 1.0
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """A framed table whose heading row repeats on each page; every row has one cell a column."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Words, ...], ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A labelled box of a form; `height_mm` is the room left to write by hand, more where the words need it."""

    label: str
    words: Words = ""
    height_mm: float = 0


@dataclass(frozen=True, slots=True)
class Form:
    """A framed sheet to fill in: each row has one box over the whole width, or two beside each other.

    `small` prints it in the size of a wide table: for a sheet that has to fit on one page.
    """

    rows: tuple[tuple[Field, ...], ...]
    small: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG file with its caption below; `alt` tells it to those who cannot see it. `width_mm` 0 fills the line."""

    png: bytes
    caption: str
    alt: str
    width_mm: float = 0


@dataclass(frozen=True, slots=True)
class Signature:
    """Who issues the document and the date it bears, blank while it is not signed; the seal's place is left free."""

    issuer: str
    on: date | None


@dataclass(frozen=True, slots=True)
class RedHead:
    """发文机关标志, 发文字号 (which may still be missing) and the red rule; several issuers stand on lines of their own."""

    issuer: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Colophon:
    """版记 at the foot of the last page: whom copies go to (if anybody), who printed it and when (if it is printed yet)."""

    copies_to: str
    printer: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


@dataclass(frozen=True, slots=True)
class NewPaper:
    """Another paper begins in the same file: on a page of its own, its pages and headings counted anew."""


@dataclass(frozen=True, slots=True)
class Contents:
    """目录: headings of levels 1 and 2 and the appendices, each with its page; what follows begins on a new page."""


@dataclass(frozen=True, slots=True)
class Appendix:
    """An appendix begins on a new page: 附件 (numbered if there are several) and its title."""

    title: str


@dataclass(frozen=True, slots=True)
class Landscape:
    """Blocks on pages turned sideways, for tables too wide to stand."""

    blocks: "tuple[Upright, ...]"


Upright = (
    RedHead
    | Title
    | Heading
    | Paragraph
    | Banner
    | Note
    | Table
    | Form
    | Picture
    | Signature
    | Colophon
    | PageBreak
    | Contents
    | Appendix
)
Block = Upright | Landscape | NewPaper


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Blocks in order. `title`, `author` and `at` go into the file's properties; `mark` on top of every page.

    `at` is the moment the content is of, not the clock's: the same document must give the same bytes.

    Raises ValueError if `at` has no time zone.
    """

    title: str
    author: str
    at: datetime
    blocks: tuple[Block, ...]
    mark: str = ""

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a document's moment needs a time zone, or each machine would write another")


def together(documents: Sequence[Document], *, title: str, author: str, at: datetime, mark: str = "") -> Document:
    """Several papers as one file, each as it would be by itself. Raises ValueError where there is none."""
    if not documents:
        raise ValueError("a file needs a paper")
    blocks: list[Block] = []
    for one in documents:
        blocks += [NewPaper(), *one.blocks] if blocks else one.blocks
    return Document(title=title, author=author, at=at, blocks=tuple(blocks), mark=mark)
