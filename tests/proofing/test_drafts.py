"""Drafts in and out: text and Word read, Word given back with comments and otherwise as it was, bad files refused with words."""

import io
import zipfile
from datetime import date

import docx
import pytest
from django.utils.translation import gettext, override
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from tests.proofing.test_proving import Made

from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.proofing.drafts import paragraphs_of, with_comments
from jiandu.results.proofing.proving import Draft, prove_with

YEAR = Ask(2022, date(2022, 12, 31))


def proved(paragraphs: list[str]) -> Draft:
    return prove_with(Made(guard.system("test")), paragraphs, YEAR)


def officers_file() -> bytes:
    """A file with runs that cut a number in two, a table, an empty paragraph, and a look of its own."""
    document = docx.Document()
    document.add_heading("项目化监督", level=1)
    paragraph = document.add_paragraph("项目监督共发现")
    red = paragraph.add_run("问题2")
    red.font.size, red.font.color.rgb = Pt(16), RGBColor(255, 0, 0)
    paragraph.add_run("58个，已督促整改246个。").bold = True
    document.add_paragraph("")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "项目监督", "项目监督推动完善制度9项。"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rule_of(content: bytes, name: str) -> str:
    with pytest.raises(Refused) as refused:
        paragraphs_of(content, name)
    with override("en"):
        english = gettext(refused.value.args[1])
    assert english != refused.value.args[1]  # said in both languages
    return refused.value.rule


def test_text_files_are_read_in_the_codes_that_officers_have() -> None:
    for code in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        assert paragraphs_of("甲\n\n项目256个".encode(code), "稿.TXT") == ["甲", "", "项目256个"]


def test_comments_stand_on_the_numbers_and_the_file_is_otherwise_as_it_was() -> None:
    before = officers_file()
    paragraphs = paragraphs_of(before, "稿.docx")
    assert paragraphs == [
        "项目化监督",
        "项目监督共发现问题258个，已督促整改246个。",
        "",
        "项目监督",
        "项目监督推动完善制度9项。",
    ]
    after = with_comments(proved(paragraphs), before)
    document = docx.Document(io.BytesIO(after))
    said = {comment.comment_id: comment.text for comment in document.comments}
    assert [text.split("：")[0] for text in said.values()] == ["数不符", "数不符"]
    assert commented(document) == dict(zip(said, ("258个", "9项"), strict=True))
    assert paragraphs_of(after, "稿.docx") == paragraphs
    looks = [(run.text, run.bold, run.font.size) for run in document.paragraphs[1].runs if run.text]
    assert looks == [
        *(("项目监督共发现", None, None), ("问题", None, Pt(16)), ("2", None, Pt(16))),
        *(("58个", True, None), ("，已督促整改246个。", True, None)),
    ]
    same = {name for name, content in parts(before).items() if parts(after).get(name) == content}
    assert set(parts(before)) - same <= {"word/document.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"}


def commented(document: "docx.document.Document") -> dict[int, str]:
    """The words between the marks of each comment."""
    found: dict[int, str] = {}
    open_ones: set[int] = set()
    for each in document.element.body.iter():
        if each.tag == qn("w:commentRangeStart"):
            open_ones.add(int(each.get(qn("w:id"))))
        elif each.tag == qn("w:commentRangeEnd"):
            open_ones.discard(int(each.get(qn("w:id"))))
        elif each.tag == qn("w:t"):
            for one in open_ones:
                found[one] = found.get(one, "") + each.text
    return found


def test_a_text_becomes_a_word_file_with_comments() -> None:
    draft = proved(["项目监督共发现问题258个。", "", "项目监督已督促整改246个。"])
    document = docx.Document(io.BytesIO(with_comments(draft)))
    assert [one.text.splitlines()[0] for one in document.comments] == ["数不符：“项目发现问题”为256个"]
    assert commented(document) == {0: "258个"}


def test_bad_files_are_refused_with_words() -> None:
    good = officers_file()
    assert rule_of(b"%PDF-1.7", "稿.pdf") == "draft-kind"
    assert rule_of(b"", "稿.docx") == "draft-file"
    assert rule_of(b"%PDF-1.7", "稿.docx") == "draft-file"
    assert rule_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "稿.docx") == "draft-file"
    assert rule_of(good[:900], "稿.docx") == "draft-file"
    assert rule_of(b"\xff\xff\xff\x00", "稿.txt") == "draft-text"
    assert rule_of(b" \n \n", "稿.txt") == "draft-empty"
    assert rule_of("机密★5年\n项目256个".encode(), "稿.txt") == "classified"
    assert rule_of(("长" * 200_001).encode(), "稿.txt") == "draft-file"


def forged(**changed: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**parts(officers_file()), **changed}.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    "changed",
    [
        {"word/document.xml": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'},
        {"word/styles.xml": b'<!DOCTYPE a [<!ENTITY x "xxxxxxxx">]><a>&x;</a>'},
        {"word/media/a.xml": b"<a>" + b" " * 30_000_000 + b"</a>"},
        {"word/vbaProject.bin": b"x"},
        {"word/embeddings/oleObject1.bin": b"x"},
        {"../x.xml": b"<a/>"},
        {"word/document.xml": b"<broken"},
    ],
    ids=["entity", "entity elsewhere", "bomb", "macros", "embedded", "names", "broken"],
)
def test_what_cannot_be_trusted_is_not_opened(changed: dict[str, bytes]) -> None:
    assert rule_of(forged(**changed), "稿.docx") == "draft-file"
    assert paragraphs_of(forged(), "稿.docx")[0] == "项目化监督"  # the control: the same file unforged
