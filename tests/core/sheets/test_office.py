"""Word, Excel and PowerPoint files: what is kept stands on a list, all that names a person or a machine goes, the rest is refused."""

import io
import zipfile
from pathlib import Path
from typing import NamedTuple

import docx
import openpyxl
import pytest
from openpyxl.comments import Comment
from tests.core.sheets import made_of
from tests.core.sheets.made_of import WORD
from tests.core.sheets.test_cleaning import copied, hits

from jiandu.base.core.sheets.cleaning import clean
from jiandu.base.core.sheets.errors import SheetRefused

MEDIA = Path(__file__).parent / "media"
TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
MAIN = {"word": "document", "xl": "workbook", "ppt": "presentation"}
SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def package(folder: str, parts: dict[str, str | bytes]) -> bytes:
    """The least file of this folder, with these parts."""
    out = io.BytesIO()
    whole: dict[str, str | bytes] = {"[Content_Types].xml": TYPES, "_rels/.rels": "<Relationships/>"}
    whole |= {f"{folder}/{MAIN[folder]}.xml": f"<w:{MAIN[folder]} xmlns:w='{SPACE}'/>"} | parts
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in whole.items():
            archive.writestr(name, content)
    return out.getvalue()


def opened(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}


def linked(kind: str, target: str) -> str:
    return f'<Relationships><Relationship Id="r1" Type="http://x/{kind}" Target="{target}" TargetMode="External"/></Relationships>'


class Told(NamedTuple):
    """A part that says who or where."""

    name: str
    content: str


TOLD = [
    Told("package/services/metadata/core-properties/ab.psmdcp", f"<dc:creator>{WORD}</dc:creator>"),
    Told("_xmlsignatures/sig1.xml", f"<X509Certificate>{WORD}</X509Certificate>"),
    Told("[trash]/0000.dat", WORD),
    Told("ppt/printerSettings/printerSettings1.bin", WORD),
    Told("ppt/tags/tag1.xml", f'<p:tag name="COMMONDATA" val="{WORD}"/>'),
    Told("word/documenttasks/documenttasks1.xml", f'<t:User userName="{WORD}"/>'),
    Told("word/fonts/font1.odttf", WORD),
    Told("word/settings.xml", f'<w:s><w:docVars><w:docVar w:val="{WORD}"/></w:docVars></w:s>'),
    Told("word/settings.xml", f'<w:s><w:mailMerge><w:connectString w:val="{WORD}"/></w:mailMerge></w:s>'),
    Told("word/header1.xml", f'<w:h><w:instrText> INCLUDEPICTURE "C:\\Users\\{WORD}\\a.jpg" </w:instrText></w:h>'),
    Told("word/header1.xml", f'<w:h><w:instrText>LINK "C:\\Us</w:instrText><w:instrText>ers\\{WORD}"</w:instrText></w:h>'),
    Told("word/header1.xml", f'<w:h><w:fldSimple w:instr=\'HYPERLINK "file:///D:/{WORD}"\'/></w:h>'),
    Told("word/header1.xml", f'<w:h><v:imagedata o:title="{WORD}"/><v:shape alt="{WORD}" o:gfxdata="{WORD}"/></w:h>'),
    Told("word/header1.xml", f'<w:h><w:permStart w:ed="DOMAIN\\{WORD}"/><a w:src="\\\\server\\{WORD}"/></w:h>'),
    Told("word/_rels/document.xml.rels", linked("hyperlink", f"file:///C:\\Users\\{WORD}\\x.docx")),
    Told("word/_rels/document.xml.rels", linked("image", f"..\\{WORD}\\x.jpg")),
    Told("word/document.xml", f"<ns0:d><ns0:ins ns0:author = '{WORD}' ns0:date='{WORD}'/></ns0:d>"),
    Told("word/document.xml", f"<d><!-- {WORD} --><?x {WORD}?></d>"),
    Told("word/comments.XML", f'<w:comment w:author="{WORD}"/>'),
    Told("xl/drawings/vmlDrawing1.vml", f'<xml><v:imagedata o:title="{WORD}"/></xml>'),
    Told("xl/workbook.xml", f'<w><customWorkbookViews><customWorkbookView name="{WORD}"/></customWorkbookViews></w>'),
    Told("xl/comments1.xml", f'<c><authors><author xml:space="preserve">{WORD}</author></authors></c>'),
    Told("xl/worksheets/sheet1.xml", f'<s><scenario name="s" user="{WORD}" comment="{WORD}"/></s>'),
    Told("xl/worksheets/sheet1.xml", f'<s><protectedRange securityDescriptor="O:{WORD}"/></s>'),
    Told("xl/worksheets/sheet1.xml", f'<s><webPublishItems><i destinationFile="{WORD}"/></webPublishItems></s>'),
]  # fmt: skip


@pytest.mark.parametrize("told", TOLD, ids=lambda told: told.name)
def test_what_names_a_person_or_a_machine_goes(told: Told) -> None:
    """The control: the same search finds it before."""
    folder = next((each for each in MAIN if told.name.startswith(each)), "word")
    content = package(folder, {told.name: told.content})
    assert hits(content)
    assert hits(copied(content)) == []


def test_utf_16_is_read_and_written_as_utf_8() -> None:
    said = f'<?xml version="1.0" encoding="UTF-16"?><d><ins author="{WORD}"/><t>甲 &amp; 乙</t></d>'
    parts = opened(copied(package("word", {"word/document.xml": said.encode("utf-16")})))
    assert parts["word/document.xml"].partition("?>\n")[2] == '<d><ins author=""></ins><t>甲 &amp; 乙</t></d>'


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("userdata.bin", WORD, "stranger_part"),
        ("word/ink/ink1.xml", "<ink/>", "stranger_part"),
        ("xl/worksheets/_rels/other.xml.rels", "<Relationships/>", "stranger_part"),
        ("word/media/image1.emf", "\x01\x00\x00\x00", "stranger_picture"),
        ("word/media/image1.bmp", "BM", "stranger_picture"),
        ("word/media/image1.svg", "<svg/>", "stranger_picture"),
        ("word/document.xml", "<!DOCTYPE d><d/>", "dtd"),
        ("word/document.xml", "<d>", "damaged"),
        ("xl/workbook.xml", "<w><definedName>'C:\\Users\\x\\[a.xlsx]S'!A1</definedName></w>", "external_link"),
        ("ppt/slides/_rels/slide1.xml.rels", linked("x", "../webextensions/w.xml").replace("External", "Internal"), "stranger_part"),
    ],
)  # fmt: skip
def test_what_we_do_not_know_is_refused(name: str, content: str, why: str) -> None:
    folder = next((each for each in MAIN if name.startswith(each)), "word")
    with pytest.raises(SheetRefused) as refused:
        copied(package(folder, {name: content}))
    assert refused.value.code == why


def test_a_picture_called_after_its_file_is_called_otherwise_everywhere() -> None:
    links = (
        '<Relationships><Relationship Id="r1" Type="http://x/image" Target="media/IMG_20260102.jpg"/></Relationships>'
    )
    parts = opened(
        copied(package("word", {"word/media/IMG_20260102.jpg": made_of.jpeg(), "word/_rels/document.xml.rels": links}))
    )
    assert "word/media/image1.jpg" in parts
    assert 'Target="/word/media/image1.jpg"' in parts["word/_rels/document.xml.rels"]
    assert not [name for name, content in parts.items() if "20260102" in name + content]


def test_films_and_sounds_of_slides_are_cleaned() -> None:
    content = package("ppt", {"ppt/media/media1.mp4": (MEDIA / "h264.mp4").read_bytes()})
    assert hits(content)
    assert hits(copied(content)) == []


def test_of_a_comment_the_name_before_its_words_goes() -> None:
    """As Excel writes it; a comment that only mentions the name keeps its words."""
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A2"] = 1, 2
    book.active["A1"].comment = Comment("张三:\n核对 <1> & 2", "张三")
    book.active["A2"].comment = Comment("问过张三: 已办", "李四")
    out = io.BytesIO()
    book.save(out)
    sheet = openpyxl.load_workbook(io.BytesIO(clean([out.getvalue()], name="a.xlsx"))).active
    assert sheet["A1"].comment.text.strip() == "核对 <1> & 2"
    assert sheet["A2"].comment.text == "问过张三: 已办"
    assert "李四" not in {sheet["A1"].comment.author, sheet["A2"].comment.author}


def test_formats_tables_and_spaces_are_as_they_were() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["单位", "金额 "])
    sheet.append(["  前后空格  ", 1234.5])
    sheet["B2"].number_format = '"\\\\a\\"yyyy\\-mm\\-dd'
    sheet.add_table(openpyxl.worksheet.table.Table(displayName="T1", ref="A1:B2"))
    sheet["A3"] = '=HYPERLINK("http://x.cn/a?b=1&c=2","甲")'
    out = io.BytesIO()
    book.save(out)
    before, again = (
        openpyxl.load_workbook(io.BytesIO(each)).active for each in (out.getvalue(), copied(out.getvalue()))
    )
    assert [[cell.value for cell in row] for row in again] == [[cell.value for cell in row] for row in before]
    assert again["B2"].number_format == sheet["B2"].number_format
    assert [*again.tables] == ["T1"]


@pytest.mark.parametrize("name", ["written.docx", "calculated.xlsx"])
def test_files_of_libreoffice_are_cleaned_and_say_what_they_said(name: str) -> None:
    """Written by LibreOffice 7.4 from the files of `made_of`. The control: the word is in them before."""
    content = (Path(__file__).parent / "office" / name).read_bytes()
    assert hits(content)
    cleaned = copied(content)
    assert hits(cleaned) == []
    if name.endswith(".xlsx"):
        sheet = openpyxl.load_workbook(io.BytesIO(cleaned)).active
        assert ([cell.value for cell in sheet["A"]], sheet["A2"].comment.text) == (["收支明细", 80000], "核对")
        return
    document = docx.Document(io.BytesIO(cleaned))
    assert [each.text for each in document.paragraphs if each.text] == ["合同第三页见附图"]
    assert ([each.text for each in document.comments], len(document.inline_shapes)) == (["核对"], 1)
