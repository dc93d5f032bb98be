"""The official layout of every paper, measured: in its file, and on the pages that LibreOffice makes of it.

Each paper is made once and converted once, all by one start of LibreOffice; to each its own file adds a page of running
text, on which lines and characters are counted.
"""

import re
import subprocess
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import pytest
from django.conf import settings
from django.db import transaction
from docx.oxml.ns import qn
from tests import world as worlds
from tests.papers.making import FOR_NOBODY, PAPERS, made_of, writers

from jiandu.base.documents import layout
from jiandu.base.documents.fonts import FAMILIES
from jiandu.base.documents.markup import element, paragraph, run
from jiandu.base.documents.pdf import to_pdfs

pytestmark = [pytest.mark.office, pytest.mark.once, pytest.mark.django_db]
MM, UPRIGHT, TURNED = 72 / 25.4, (37, 35, 28, 26), (28, 26, 35, 37)  # top, bottom, left, right
#: What a page holds: lines and characters.
HOLDS = {True: (22, 28), False: (15, 40)}
#: A glyph's box reaches above its line by its font's ascent.
NEAR = 1.5 * MM
#: LibreOffice lets a stop hang beyond the last character of a line, whatever the file says (overflowPunct).
STOP, HANGING = "。，、；：！？）》”", 16.0
HEAD = 25 * MM  # the mark on each page ends above it
Word = tuple[float, float, float, float, str]


@dataclass(frozen=True)
class Page:
    """A page in points: its size and its words with their boxes (left, top, right, bottom, text)."""

    width: float
    height: float
    words: list[Word]

    @property
    def is_upright(self) -> bool:
        return self.width < self.height


@dataclass(frozen=True)
class Printed:
    """A paper: its own file, the pages made of it, the page of running text added to it, the fonts within."""

    file: Any
    pages: list[Page]
    filled: Page
    fonts: list[str]


@pytest.fixture(scope="module")
def files(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "DATA", tmp_path_factory.mktemp("data"))
        made = made_of(worlds.build())
        transaction.set_rollback(True)
    return made


@pytest.fixture(scope="module")
def printed(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Printed]:
    return printed_of(files, tmp_path_factory.mktemp("papers"))


def printed_of(files: dict[str, bytes], folder: Path) -> dict[str, Printed]:
    found = {}
    made = to_pdfs([_with_a_full_page(content) for content in files.values()])
    for (name, content), pdf in zip(files.items(), made, strict=True):
        path = folder / f"{name}.pdf"
        path.write_bytes(pdf)
        *pages, filled = _pages(path)
        found[name] = Printed(docx.Document(BytesIO(content)), pages, filled, _told("pdffonts", path).splitlines()[2:])
    return found


def _with_a_full_page(content: bytes) -> bytes:
    """The file with a page more than 22 lines long at its end, in the style of its running text."""
    file = docx.Document(BytesIO(content))
    more = paragraph(layout.NORMAL, run("国" * 28 * 22, layout.NORMAL))
    more.pPr.insert(1, element("pageBreakBefore"))
    file.element.body.sectPr.addprevious(more)
    out = BytesIO()
    file.save(out)
    return out.getvalue()


def _told(tool: str, path: Path, *more: str) -> str:
    return subprocess.run([tool, *more, str(path), *(["-"] if tool == "pdftotext" else [])], capture_output=True, check=True, text=True).stdout  # fmt: skip


def _pages(path: Path) -> list[Page]:
    """Turned pages hold fewer lines, so that the added text may go on to another: the first of it counts."""
    found = []
    for width, height, body in re.findall(
        r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', _told("pdftotext", path, "-bbox"), re.DOTALL
    ):
        boxes = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)<', body)
        words = [(float(a), float(b), float(c), float(d), text) for a, b, c, d, text in boxes]
        found.append(Page(float(width), float(height), words))
    full = [place for place, page in enumerate(found) if any(word[4].startswith("国" * 9) for word in page.words)]
    return found[: full[0] + 1] if full else found


def faults_of_file(file: Any) -> list[str]:
    """What of sections and fonts is not as the standard has it."""
    found = []
    for place, section in enumerate(file.sections, 1):
        sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
        is_upright = section.page_width < section.page_height
        if tuple(round(side.mm) for side in sides) != (UPRIGHT if is_upright else TURNED):
            found.append(f"section {place}: margins {[round(side.mm) for side in sides]}")
        grid = section._sectPr.find(qn("w:docGrid"))
        if grid is None or (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) != ("lines", str(layout.LINE)):
            found.append(f"section {place}: no grid of lines")
    words = [one for one in file.element.body.iter(qn("w:r")) if one.find(qn("w:t")) is not None]
    named = {one.find(f"{qn('w:rPr')}/{qn('w:rFonts')}") for one in words}
    faces = {None if one is None else one.get(qn("w:eastAsia")) for one in named}
    styles = {one.get(qn("w:val")) for one in file.element.body.iter(qn("w:pStyle"))}
    strange = [str(face) for face in faces if face not in FAMILIES]
    return [*found, *strange, *sorted(styles - {style.key for style in layout.STYLES})]


def faults_of_pages(one: Printed) -> list[str]:
    """Words beyond the type area (page number and mark stand outside it), pages without words, fonts left out."""
    found = [f"page {place}: empty" for place, page in enumerate(one.pages, 1) if not page.words]
    for place, page in enumerate(one.pages, 1):
        top, bottom, left, right = (side * MM for side in (UPRIGHT if page.is_upright else TURNED))
        for x1, y1, x2, y2, text in page.words:
            is_aside = y1 < top - NEAR or y2 > page.height - bottom + NEAR
            if is_aside and not (y2 < HEAD or re.fullmatch(r"[—\d]+", text)):
                found.append(f"page {place}: {text} {y1 / MM:.0f}–{y2 / MM:.0f} mm down")
            hangs = HANGING if text.endswith(tuple(STOP)) else 0.0
            if not is_aside and (x1 < left - NEAR or x2 > page.width - right + NEAR + hangs):
                found.append(f"page {place}: {text} {x1 / MM:.0f}–{x2 / MM:.0f} mm across")
    return [*found, *(line for line in one.fonts if not re.search(r"\byes +(yes|no) +yes\b", line))]


def lines_of(page: Page) -> tuple[int, int, list[float]]:
    """Of a page full of one character: lines, characters in a line, the pitches between lines."""
    rows = sorted((top, text) for _left, top, _right, _bottom, text in page.words if set(text) == {"国"})
    pitches = [later[0] - earlier[0] for earlier, later in pairwise(rows)]
    return len(rows), max((len(text) for _top, text in rows), default=0), pitches


@pytest.mark.parametrize("name", PAPERS)
def test_a_file_has_the_margins_the_grid_and_the_fonts_of_the_standard(files: dict[str, bytes], name: str) -> None:
    assert faults_of_file(docx.Document(BytesIO(files[name]))) == []


@pytest.mark.full
@pytest.mark.parametrize("name", PAPERS)
def test_pages_have_the_margins_the_lines_and_the_fonts_of_the_standard(printed: dict[str, Printed], name: str) -> None:
    one = printed[name]
    assert faults_of_pages(one) == []
    lines, characters, pitches = lines_of(one.filled)
    assert (lines, characters) == HOLDS[one.filled.is_upright]
    assert pitches == pytest.approx([28.95] * len(pitches), abs=0.1)


def test_a_paper_of_another_layout_is_found_out(tmp_path: Path) -> None:
    """The control: Word's own template, a line that runs over the edge, no font named."""
    file, out = docx.Document(), BytesIO()
    file.add_paragraph("外" * 60).paragraph_format.right_indent = docx.shared.Mm(-20)
    file.save(out)
    one = printed_of({"strange": out.getvalue()}, tmp_path)["strange"]
    assert {fault.split(":")[0] for fault in faults_of_file(one.file)} >= {"section 1", "None"}
    assert any("mm down" in fault for fault in faults_of_pages(one))
    assert lines_of(one.filled)[:2] != (22, 28)


def test_no_paper_is_left_out() -> None:
    """A function that writes Word stands in the list above, or the run fails."""
    listed = {f"{paper.write.__module__}.{paper.write.__name__}" for paper in PAPERS.values()}
    assert writers() == {name for name in listed if "<lambda>" not in name} | FOR_NOBODY
