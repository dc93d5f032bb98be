"""The official layout (GB/T 9704-2012) in numbers: page, type area, faces, paragraph styles.

22 lines of 28 characters are reached by exact lines of 28.95 pt and characters moved 0.25 pt closer.
"""

from dataclasses import dataclass, replace
from typing import Literal

TWIPS_A_MM = 1440 / 25.4

PAGE_MM = (210, 297)
TOP_MM, BOTTOM_MM, LEFT_MM, RIGHT_MM = 37, 35, 28, 26
FOOTER_MM, HEADER_MM = 23, 18
TYPE_WIDTH_MM, TYPE_HEIGHT_MM = 156, 225
CODE_MM, CODE_TOP_MM, CODE_EDGE_MM = 20, 12, 5  # a QR with its white, in the margin
GRID_PITCH = LINE = 579  # twips: 28.95 pt

SONG_TITLE, HEI, KAI, FANG, SONG = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312", "宋体"

ERHAO, SANHAO, SIHAO, XIAOSI, WUHAO, XIAOWU = 44, 32, 28, 24, 21, 18  # half points


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """A paragraph style; lengths in twips, sizes in half points, indents in hundredths of a character."""

    key: str
    name: str
    face: str = FANG
    size: int = SANHAO
    line: int = LINE
    before: int = 0
    after: int = 0
    align: Literal["both", "center", "left", "right"] = "both"
    first_chars: int = 0
    closer: int = 0
    keep_next: bool = False
    outline: int | None = None
    colour: str = ""
    framed: bool = False


NORMAL = Style(key="Normal", name="Normal", closer=-5)
BODY = Style(key="JBody", name="Body Text", first_chars=200, closer=-5)
TITLE = Style(
    key="Title", name="Title", face=SONG_TITLE, size=ERHAO, line=680, after=LINE, align="center", keep_next=True
)
#: A title whose note follows at once, and the note.
TITLE_ABOVE = replace(TITLE, key="JTitleAbove", name="Title Above", after=0)
UNDER = Style(key="JUnderTitle", name="Under Title", face=KAI, after=LINE, align="center", keep_next=True)
HEADINGS = tuple(
    Style(
        key=f"Heading{level}",
        name=f"heading {level}",
        face=face,
        first_chars=200,
        closer=-5,
        keep_next=True,
        outline=level - 1,
    )
    for level, face in ((1, HEI), (2, KAI), (3, FANG))
)
APPENDIX = Style(key="JAppendix", name="Appendix", face=HEI, align="left", closer=-5, keep_next=True, outline=0)
CAPTION = Style(key="Caption", name="caption", face=HEI, size=XIAOSI, line=400, before=60, after=200, align="center")
TABLE_CAPTION = Style(
    key="JTableCaption",
    name="Table Caption",
    face=HEI,
    size=XIAOSI,
    line=400,
    before=200,
    align="center",
    keep_next=True,
)
PICTURE = Style(key="JPicture", name="Picture", line=0, before=160, align="center", keep_next=True)
CELL = Style(key="JCell", name="Table Text", size=XIAOSI, line=360, align="left")
SMALL_CELL = Style(key="JSmallCell", name="Table Small Text", size=WUHAO, line=320, align="left")
CELL_HEAD = Style(
    key="JCellHead", name="Table Heading", face=HEI, size=XIAOSI, line=360, align="center", keep_next=True
)
SMALL_HEAD = Style(
    key="JSmallHead", name="Table Small Heading", face=HEI, size=WUHAO, line=320, align="center", keep_next=True
)
NOTE = Style(key="JNote", name="Note", size=XIAOSI, line=400, before=80, first_chars=200)
BANNER = Style(key="JBanner", name="Banner", face=HEI, size=SIHAO, after=LINE, align="center", framed=True)
SIGNATURE = Style(key="Signature", name="Signature", before=2 * LINE, align="right", closer=-5, keep_next=True)
SIGNATURE_DATE = Style(key="Date", name="Date", align="right", closer=-5)
#: From the top of the type area to the issuer 35 mm; its size falls so that a long name stays on one line.
RED = "FF0000"
RED_TOP_MM, RED_RULE_BELOW_MM, LARGEST_HEAD = 35, 4, 88
RED_HEAD = Style(
    key="JRedHead", name="Issuer", face=SONG_TITLE, size=LARGEST_HEAD, line=900, align="center", colour=RED
)
NUMBER = Style(key="JNumber", name="Document Number", before=2 * LINE, align="center", closer=-5)
COLOPHON = Style(key="JColophon", name="Colophon", size=SIHAO, line=LINE, align="left", keep_next=True)
CONTENTS = tuple(Style(key=f"TOC{level}", name=f"toc {level}", align="left", closer=-5) for level in (1, 2))
FOOTER = Style(key="Footer", name="footer", face=SONG, size=SIHAO, line=360)
HEADER = Style(key="Header", name="header", face=SONG, size=XIAOWU, line=240, align="center", colour="666666")
TINY = Style(key="JTiny", name="After Table", size=2, line=20, after=140)

STYLES = (
    *(
        NORMAL,
        BODY,
        TITLE,
        TITLE_ABOVE,
        UNDER,
        *HEADINGS,
        APPENDIX,
        CAPTION,
        TABLE_CAPTION,
        PICTURE,
        CELL,
        SMALL_CELL,
        CELL_HEAD,
        SMALL_HEAD,
    ),
    *(NOTE, BANNER, SIGNATURE, SIGNATURE_DATE, RED_HEAD, NUMBER, COLOPHON, *CONTENTS, FOOTER, HEADER, TINY),
)


def twips(mm: float) -> int:
    """Millimetres in twentieths of a point, Word's unit."""
    return round(mm * TWIPS_A_MM)
