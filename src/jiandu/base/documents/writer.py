"""Writes the blocks of one document, one after another, into one Word file."""

from collections.abc import Iterable
from datetime import UTC
from functools import singledispatchmethod
from io import BytesIO
from typing import Any

from docx.oxml.ns import qn
from docx.shared import Mm

from jiandu.base.documents import layout
from jiandu.base.documents.blocks import (
    Appendix,
    Banner,
    Block,
    Colophon,
    Contents,
    Document,
    Form,
    Heading,
    Landscape,
    NewPaper,
    Note,
    PageBreak,
    Paragraph,
    Picture,
    RedHead,
    Signature,
    Table,
    Title,
)
from jiandu.base.documents.codes import Code
from jiandu.base.documents.contents import Entries
from jiandu.base.documents.layout import Style
from jiandu.base.documents.letterhead import colophon, red_head
from jiandu.base.documents.markup import anchored, element, paragraph, run
from jiandu.base.documents.numbering import Headings
from jiandu.base.documents.pages import Pages
from jiandu.base.documents.signature import day_in_words, places
from jiandu.base.documents.tables import form, table
from jiandu.base.documents.text import clean
from jiandu.base.documents.words import Names, runs

MAX_PICTURE_SHARE = 0.85  # of the height of a page, so that the caption stays with it


class Writer:
    """Keeps what a block leaves for the next: counts of headings, a page break that is due, how the page is turned."""

    def __init__(self, file: Any, document: Document) -> None:
        self._file, self._document = file, document
        self._end = file.element.body.sectPr
        self._pages = Pages(file, clean(document.mark))
        self._names, self._headings = Names(self._comment), Headings()
        self._entries = Entries(self._names)
        self._appendices = 0
        self._several = sum(isinstance(b, Appendix) for b in _flat(document.blocks)) > 1
        self._break_due = self._turned = False
        self._at_top = True
        self._starts, self._closed = False, None  # of a further paper: its first section, and what ended the one before

    def write_all(self) -> None:
        """Writes every block and closes the file. Raises ValueError as `to_docx` does."""
        for block in self._document.blocks:
            if not isinstance(block, NewPaper):
                self._turn(to=isinstance(block, Landscape))
            self.write(block)
        self._entries.write()
        self._pages.finish(turned=self._turned, starts=self._starts)
        self._names.check()

    @singledispatchmethod
    def write(self, block: Block) -> None:
        """Writes one block. Raises TypeError if it is none."""
        raise TypeError(f"{type(block).__name__} is not a block of a document")

    @write.register
    def _(self, block: Landscape) -> None:
        for inner in block.blocks:
            self.write(inner)

    @write.register
    def _(self, block: PageBreak) -> None:
        self._break_due = not self._at_top

    @write.register
    def _(self, block: NewPaper) -> None:
        self._end_section()
        self._headings, self._appendices = Headings(), 0
        self._turned, self._starts = False, True

    @write.register
    def _(self, block: Title) -> None:
        corner = [element("r", element("drawing", self._corner(block.code)))] if block.code else []
        style = layout.TITLE_ABOVE if block.under else layout.TITLE
        self._put(style, *corner, run(block.text, style))
        if block.under:
            self._put(layout.UNDER, run(f"（{block.under}）", layout.UNDER))

    @write.register
    def _(self, block: Heading) -> None:
        style = layout.HEADINGS[block.level - 1]
        text = self._headings.number(block.level) + block.text
        words = run(text, style)
        self._put(style, *([words] if self._appendices else self._entries.told(block.level, text, words)))

    @write.register
    def _(self, block: Paragraph) -> None:
        style = layout.BODY if block.indent else layout.NORMAL
        self._put(style, *runs(block.words, style, self._names))

    @write.register
    def _(self, block: Banner) -> None:
        self._put(layout.BANNER, run(block.text, layout.BANNER))

    @write.register
    def _(self, block: Note) -> None:
        self._put(layout.NOTE, *runs(block.words, layout.NOTE, self._names))

    @write.register
    def _(self, block: Appendix) -> None:
        self._appendices += 1
        self._headings = Headings()
        self._break_due = not self._at_top
        text = f"附件{self._appendices if self._several else ''}"
        told = self._entries.told(1, f"{text}：{block.title}", run(text, layout.APPENDIX))
        self._put(layout.APPENDIX, *told)
        self._put(layout.NORMAL)
        self.write(Title(block.title))

    @write.register
    def _(self, block: Contents) -> None:
        self.write(Title("目　录"))
        self._entries.stand_after(self._last())
        self._break_due = True

    @write.register
    def _(self, block: Table) -> None:
        if block.caption:
            self._put(layout.TABLE_CAPTION, run(block.caption, layout.TABLE_CAPTION))
        elif self._break_due:
            self._put(layout.TINY)
        self._end.addprevious(table(block, self._width_mm(), self._names))
        self._put(layout.TINY)

    @write.register
    def _(self, block: Form) -> None:
        if self._break_due:
            self._put(layout.TINY)
        self._end.addprevious(form(block, self._width_mm(), self._names))
        self._put(layout.TINY)

    @write.register
    def _(self, block: Picture) -> None:
        drawing = element("drawing", self._inline(block))
        self._put(layout.PICTURE, element("r", drawing))
        self._put(layout.CAPTION, run(block.caption, layout.CAPTION))

    @write.register
    def _(self, block: RedHead) -> None:
        self._append(red_head(block))

    @write.register
    def _(self, block: Colophon) -> None:
        self._append([colophon(block), paragraph(layout.TINY)])

    @write.register
    def _(self, block: Signature) -> None:
        self._keep_last()
        issuer, day = clean(block.issuer), day_in_words(block.on)
        issuer_in, day_in = places(issuer, day)
        self._put(layout.SIGNATURE, run(issuer, layout.SIGNATURE), indent=_from_right(issuer_in))
        self._put(layout.SIGNATURE_DATE, run(day, layout.SIGNATURE_DATE), indent=_from_right(day_in))

    def _put(self, style: Style, *content: Any, indent: Any = None) -> None:
        made = paragraph(style, *content, indent=indent)
        if self._break_due:
            made.pPr.insert(1, element("pageBreakBefore"))
            self._break_due = False
        self._at_top = False
        self._end.addprevious(made)

    def _append(self, made: Iterable[Any]) -> None:
        for one in made:
            self._end.addprevious(one)
        self._at_top = False

    def _comment(self, text: str) -> int:
        """A comment in the file, of the document's own moment: the same document gives the same bytes."""
        made = self._file.comments.add_comment(clean(text), author=clean(self._document.author), initials="")
        moment = self._document.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        made._comment_elm.set(qn("w:date"), moment)  # noqa: SLF001 -- python-docx takes the clock's, and offers no other
        return int(made.comment_id)

    def _last(self) -> Any:
        return self._end.getprevious()

    def _keep_last(self) -> None:
        """A signature never stands alone on a page."""
        if (last := self._last()) is not None and not self._break_due:
            last.get_or_add_pPr().insert(1, element("keepNext"))

    def _turn(self, *, to: bool) -> None:
        """Ends the section if the page turns; the last paragraph carries it, for an empty one might need a page."""
        if to == self._turned:
            return
        self._end_section()
        self._turned = to

    def _end_section(self) -> None:
        """Nothing to end where nothing was written since the last."""
        if (last := self._last()) is None or last is self._closed:
            return
        last.get_or_add_pPr().append(self._pages.section(turned=self._turned, starts=self._starts))
        self._break_due, self._at_top, self._starts, self._closed = False, True, False, last

    def _width_mm(self) -> float:
        return layout.TYPE_HEIGHT_MM if self._turned else layout.TYPE_WIDTH_MM

    def _corner(self, code: Code) -> Any:
        """The QR beside the type area, on top of the page: no word moves for it."""
        inline = self._file.part.new_pic_inline(BytesIO(code.png), width=Mm(layout.CODE_MM))
        inline.docPr.set("descr", code.path)
        wide = layout.PAGE_MM[1] if self._turned else layout.PAGE_MM[0]
        return anchored(inline, left_mm=wide - layout.CODE_EDGE_MM - layout.CODE_MM, top_mm=layout.CODE_TOP_MM)

    def _inline(self, block: Picture) -> Any:
        """The picture as wide as asked, but never wider than the line or too high for the page."""
        highest = (layout.TYPE_WIDTH_MM if self._turned else layout.TYPE_HEIGHT_MM) * MAX_PICTURE_SHARE
        width = min(block.width_mm or self._width_mm(), self._width_mm())
        inline = self._file.part.new_pic_inline(BytesIO(block.png), width=Mm(width))
        if (high := inline.extent.cy / Mm(highest)) > 1:
            inline = self._file.part.new_pic_inline(BytesIO(block.png), width=Mm(width / high))
        inline.docPr.set("descr", clean(block.alt))
        return inline


def _flat(blocks: Iterable[Block]) -> Iterable[Block]:
    for block in blocks:
        yield from block.blocks if isinstance(block, Landscape) else (block,)


def _from_right(chars: float) -> Any:
    return element("ind", rightChars=round(chars * 100), right=round(chars * layout.SANHAO * 10))
