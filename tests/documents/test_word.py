"""The file as Word reads it: its XML against the numbers of the standard."""

import subprocess
import sys
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Pt
from tests.documents.samples import AT, SENTENCE, document, picture, review

from jiandu.base.charts.chart import Bar, Point
from jiandu.base.charts.draw import to_png
from jiandu.base.documents.blocks import (
    Anchor,
    Appendix,
    Banner,
    Block,
    Column,
    Contents,
    Document,
    Field,
    Form,
    Heading,
    Landscape,
    Number,
    PageBreak,
    Paragraph,
    Picture,
    Signature,
    Table,
    Text,
    Title,
)
from jiandu.base.documents.markup import bookmark_name
from jiandu.base.documents.numbering import chinese
from jiandu.base.documents.signature import places
from jiandu.base.documents.word import to_docx


def opened(*blocks: Block, mark: str = "") -> Any:
    return docx.Document(BytesIO(to_docx(document(*blocks, mark=mark))))


def texts(file: Any) -> list[str]:
    return [p.text for p in file.paragraphs if p.text]


def value(node: Any, path: str, attribute: str = "val") -> str | None:
    found = node.find(path, node.nsmap)
    return None if found is None else found.get(qn(f"w:{attribute}"))


def style(file: Any, key: str) -> Any:
    return next(s for s in file.styles.element if s.get(qn("w:styleId")) == key)


def table(*rows: tuple[str, ...], columns: int = 2) -> Table:
    return Table(tuple(Column(f"第{i}列") for i in range(columns)), rows)


def test_page_has_the_margins_of_the_standard() -> None:
    section = opened(Paragraph("正文")).sections[0]
    sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(s.mm) for s in sides] == [37, 35, 28, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert round(section.footer_distance.mm) == 23


def test_page_has_a_grid_of_lines() -> None:
    grid = opened(Paragraph("正文")).element.body.sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")


@pytest.mark.parametrize(
    ("key", "face", "size", "line"),
    [
        ("Normal", "仿宋_GB2312", "32", "579"),
        ("JBody", "仿宋_GB2312", "32", "579"),
        ("Title", "方正小标宋简体", "44", "680"),
        ("Heading1", "黑体", "32", "579"),
        ("Heading2", "楷体_GB2312", "32", "579"),
        ("Heading3", "仿宋_GB2312", "32", "579"),
        ("JCell", "仿宋_GB2312", "24", "360"),
        ("JSmallCell", "仿宋_GB2312", "21", "320"),
        ("Footer", "宋体", "28", "360"),
    ],
)
def test_style_has_face_size_and_exact_line(key: str, face: str, size: str, line: str) -> None:
    found = style(opened(Paragraph("正文")), key)
    slots = {value(found, "w:rPr/w:rFonts", slot) for slot in ("ascii", "hAnsi", "eastAsia", "cs")}
    assert slots == {face}
    assert value(found, "w:rPr/w:sz") == size
    assert (value(found, "w:pPr/w:spacing", "line"), value(found, "w:pPr/w:spacing", "lineRule")) == (line, "exact")


@pytest.mark.parametrize(
    ("key", "indent", "closer"), [("Normal", "0", "-5"), ("JBody", "200", "-5"), ("JCell", "0", "0")]
)
def test_style_has_indent_and_closeness_in_characters(key: str, indent: str, closer: str) -> None:
    found = style(opened(Paragraph("正文")), key)
    assert value(found, "w:pPr/w:ind", "firstLineChars") == indent
    assert value(found, "w:rPr/w:spacing") == closer


def test_picture_line_grows_with_the_picture() -> None:
    found = style(opened(Paragraph("正文")), "JPicture")
    assert value(found, "w:pPr/w:spacing", "lineRule") == "auto"


def test_every_run_names_its_font_and_hints_at_chinese() -> None:
    file = docx.Document(BytesIO(to_docx(review())))
    runs = [r for r in file.element.body.iter(qn("w:r")) if r.find(qn("w:t")) is not None]
    assert {value(r, "w:rPr/w:rFonts", "hint") for r in runs} == {"eastAsia"}
    assert all(value(r, "w:rPr/w:rFonts", "eastAsia") for r in runs)


def test_headings_are_numbered_and_begin_anew() -> None:
    heads = (
        Heading("甲"),
        Heading("乙", 2),
        Heading("丙", 3),
        Heading("丁", 3),
        Heading("戊", 2),
        Heading("己"),
        Heading("庚", 2),
    )
    file = opened(*heads, Appendix("清单"), Heading("辛"))
    assert texts(file) == [
        *("一、甲", "（一）乙", "1.丙", "2.丁", "（二）戊", "二、己", "（一）庚"),
        *("附件", "清单", "一、辛"),
    ]


def test_contents_lead_to_headings_of_two_levels_and_to_appendices() -> None:
    heads = (
        Contents(),
        Title("综述"),
        Heading("甲"),
        Heading("乙", 2),
        Heading("丙", 3),
        Appendix("清单"),
        Heading("丁"),
    )
    file = opened(*heads)
    entries = ["一、甲", "（一）乙", "附件：清单"]
    assert texts(file) == [
        "目　录",
        *(f"{entry}\t" for entry in entries),
        "综述",
        "一、甲",
        "（一）乙",
        "1.丙",
        "附件",
        "清单",
        "一、丁",
    ]
    links = [link.get(qn("w:anchor")) for link in file.element.body.iter(qn("w:hyperlink"))]
    marks = [mark.get(qn("w:name")) for mark in file.element.body.iter(qn("w:bookmarkStart"))]
    assert (len(links), links) == (len(entries), marks)
    assert [p.style.name for p in file.paragraphs[1:4]] == ["toc 1", "toc 2", "toc 1"]


def test_the_note_of_a_title_stands_at_once_below_it_and_a_line_above_the_text() -> None:
    file = opened(Title("综述", under="统计截止日：2022年12月31日"), Paragraph("甲"), Title("综述"), Paragraph("乙"))
    assert texts(file) == ["综述", "（统计截止日：2022年12月31日）", "甲", "综述", "乙"]
    told = [(p.style.name, p.style.paragraph_format.space_after) for p in file.paragraphs]
    line = Pt(28.95)
    assert told[:2] == [("Title Above", 0), ("Under Title", line)]
    assert told[3] == ("Title", line)  # the control: without a note the title keeps its line


def test_without_contents_nothing_leads_to_headings() -> None:
    assert list(opened(Heading("甲"), Appendix("清单")).element.body.iter(qn("w:bookmarkStart"))) == []


@pytest.mark.parametrize(("number", "words"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九")])
def test_chinese_counts_to_ninety_nine(number: int, words: str) -> None:
    assert chinese(number) == words


@pytest.mark.parametrize("number", [0, 100])
def test_chinese_refuses_other_numbers(number: int) -> None:
    with pytest.raises(ValueError, match="1 to 99"):
        chinese(number)


def test_appendices_are_numbered_if_several() -> None:
    file = opened(Paragraph("正文"), Appendix("甲"), Paragraph("一"), Landscape((Appendix("乙"),)))
    assert texts(file) == ["正文", "附件1", "甲", "一", "附件2", "乙"]


def test_number_leads_to_its_anchor() -> None:
    entry = Table((Column("指标"),), ((Anchor("主动约谈", "talks.active:2022"),),))
    body = opened(Paragraph(("共", Number("12次", "talks.active:2022"))), entry).element.body
    link, mark = next(body.iter(qn("w:hyperlink"))), next(body.iter(qn("w:bookmarkStart")))
    assert link.get(qn("w:anchor")) == mark.get(qn("w:name")) == bookmark_name("talks.active:2022")
    assert [[t.text for t in e.iter(qn("w:t"))] for e in (link, mark.getparent())] == [["12次"], ["主动约谈"]]


def test_link_looks_like_the_words_around_it() -> None:
    file = opened(Paragraph((Number("12次", "x"), Anchor("次", "x"))))
    assert value(next(file.element.body.iter(qn("w:hyperlink"))), "w:r/w:rPr/w:rStyle") == "JLink"
    assert style(file, "JLink").find(qn("w:rPr")) is None


def test_number_without_anchor_is_refused() -> None:
    with pytest.raises(ValueError, match="do not exist: money, talks"):
        to_docx(document(Paragraph((Number("12次", "talks"), Number("3元", "money"), Anchor("次", "times")))))


def test_anchor_named_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="two entries"):
        to_docx(document(Paragraph((Anchor("甲", "talks"), Anchor("乙", "talks")))))


@pytest.mark.parametrize("name", ["a" * 40, "rural_money_2022"])
def test_bookmark_keeps_plain_names(name: str) -> None:
    assert bookmark_name(name) == name


def test_bookmark_names_are_short_and_differ_without_capitals() -> None:
    names = [bookmark_name(n) for n in ("a" * 41, "A", "主动约谈", "a:b", "1a", "")]
    assert all(len(n) <= 40 and n.isidentifier() for n in names)
    assert len({n.lower() for n in [*names, bookmark_name("a")]}) == 7


def test_table_repeats_its_heading_and_keeps_rows_whole() -> None:
    rows = list(opened(table(("甲", "1"), ("乙", "2"))).element.body.iter(qn("w:tr")))
    assert [r.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for r in rows] == [True, False, False]
    assert all(r.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for r in rows)


def test_table_divides_the_line_by_shares() -> None:
    block = Table((Column("甲", 3), Column("乙", 1, "right")), (("x", "1"),))
    made = opened(block).tables[0]
    assert [round(c.width.mm) for c in made.columns] == [117, 39]
    assert value(made._cells[3]._tc, "w:p/w:pPr/w:jc") == "right"


@pytest.mark.parametrize(("columns", "key"), [(5, "JCell"), (6, "JSmallCell")])
def test_table_of_many_columns_is_small(columns: int, key: str) -> None:
    made = opened(table(("1",) * columns, columns=columns)).tables[0]
    assert made._cells[-1].paragraphs[0].style.style_id == key


@pytest.mark.parametrize("block", [table(("甲",)), table(("甲", "乙", "丙")), table(columns=0)])
def test_table_with_a_row_that_does_not_fit_is_refused(block: Table) -> None:
    with pytest.raises(ValueError, match="one cell for each"):
        to_docx(document(block))


def test_two_tables_do_not_grow_together() -> None:
    body = opened(table(("甲", "1")), table(("乙", "2"))).element.body
    assert [c.tag.rpartition("}")[2] for c in body] == ["tbl", "p", "tbl", "p", "sectPr"]


def test_landscape_turns_the_page_and_back() -> None:
    sections = opened(Paragraph("甲"), Landscape((table(("乙", "1")),)), Paragraph("丙")).sections
    assert [round(s.page_width.mm) for s in sections] == [210, 297, 210]
    turned = sections[1]
    sides = (turned.top_margin, turned.right_margin, turned.bottom_margin, turned.left_margin)
    assert [round(s.mm) for s in sides] == [28, 37, 26, 35]


@pytest.mark.parametrize(
    ("blocks", "widths"),
    [
        ((Landscape((Paragraph("甲"),)),), [297]),
        ((Landscape((Paragraph("甲"),)), Landscape((Paragraph("乙"),))), [297]),
        ((Paragraph("甲"), Landscape((Paragraph("乙"),))), [210, 297]),
        ((), [210]),
    ],
)
def test_landscape_makes_no_empty_section(blocks: tuple[Block, ...], widths: list[int]) -> None:
    assert [round(s.page_width.mm) for s in opened(*blocks).sections] == widths


def test_page_break_stands_on_what_follows() -> None:
    file = opened(
        PageBreak(), Paragraph("甲"), PageBreak(), table(("乙", "1")), PageBreak(), Appendix("丙"), PageBreak()
    )
    broken = [p.paragraph_format.page_break_before for p in file.paragraphs]
    assert broken == [None, True, None, True, None, None]


def test_page_break_gives_way_to_a_new_section() -> None:
    file = opened(Paragraph("甲"), PageBreak(), Landscape((Appendix("乙"), Paragraph("丙"))))
    assert [p.paragraph_format.page_break_before for p in file.paragraphs] == [None] * 5


def test_picture_fits_the_line_and_tells_itself() -> None:
    file = opened(Picture(picture(), "图1", "说明"), Picture(picture(), "图2", "说明", width_mm=80), Landscape(()))
    assert [round(s.width.mm) for s in file.inline_shapes] == [156, 80]
    assert {s._inline.docPr.get("descr") for s in file.inline_shapes} == {"说明"}


def test_picture_is_never_higher_than_the_page() -> None:
    tower = to_png(Bar(title="高", width=240, points=tuple(Point(f"长名称的单位{i}", i) for i in range(40))), 1)
    upright = opened(Picture(tower, "图1", "说明")).inline_shapes[0]
    turned = opened(Landscape((Picture(tower, "图1", "说明"),))).inline_shapes[0]
    assert (round(upright.height.mm), round(turned.height.mm)) == (191, 133)


@pytest.mark.parametrize(
    ("issuer", "places_from_right"),
    [("市纪委", (5.5, 4.0)), ("中共某市纪律检查委员会", (1.5, 4.0)), ("国" * 20, (0.0, 7.0))],
)
def test_signature_stands_centred_on_its_date(issuer: str, places_from_right: tuple[float, float]) -> None:
    assert places(issuer, "2023年1月9日") == places_from_right


def test_signature_writes_date_without_zeros_and_stays_with_the_text() -> None:
    file = opened(Paragraph("正文"), Signature("市纪委", date(2023, 1, 9)))
    text, issuer, day = file.paragraphs
    assert (text.paragraph_format.keep_with_next, issuer.text, day.text) == (True, "市纪委", "2023年1月9日")
    assert [value(p._p, "w:pPr/w:ind", "rightChars") for p in (issuer, day)] == ["550", "400"]


@pytest.mark.parametrize("before", [(), (Paragraph("正文"), PageBreak())])
def test_signature_may_stand_first(before: tuple[Block, ...]) -> None:
    file = opened(*before, Signature("市纪委", date(2023, 1, 9)))
    assert file.paragraphs[0].paragraph_format.keep_with_next is None


def test_page_numbers_stand_outside() -> None:
    file = opened(Paragraph("正文"))
    section = file.sections[0]
    assert file.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        (line,) = footer.paragraphs
        assert (line.text, value(line._p, "w:pPr/w:jc"), value(line._p, "w:pPr/w:ind", f"{side}Chars")) == (
            "— 1 —",
            side,
            "100",
        )
        assert [i.text for i in line._p.iter(qn("w:instrText"))] == [" PAGE "]


def test_mark_stands_on_odd_and_even_pages() -> None:
    section = opened(Paragraph("正文"), mark="某甲 E-0001").sections[0]
    assert [h.paragraphs[0].text for h in (section.header, section.even_page_header)] == ["某甲 E-0001"] * 2


def test_pages_without_mark_have_no_header() -> None:
    assert opened(Paragraph("正文")).sections[0].header.is_linked_to_previous


def test_text_may_be_strong() -> None:
    runs = opened(Paragraph((Text("一是", strong=True), Text("抓好")))).paragraphs[0].runs
    assert [r.bold for r in runs] == [True, None]


def test_text_without_indent_is_flush() -> None:
    assert [p.style.style_id for p in opened(Paragraph("市委：", indent=False), Paragraph("文")).paragraphs] == [
        "Normal",
        "JBody",
    ]


def test_text_that_xml_forbids_is_left_out() -> None:
    nasty = "甲\x00\x0b\ud800<w:b/>&\t乙\r\n丙"
    file = opened(Banner(nasty), Title(nasty), Heading(nasty), Paragraph(nasty), table((nasty, "1")), mark=nasty)
    assert texts(file) == ["甲<w:b/>& 乙\n丙"] * 2 + ["一、甲<w:b/>& 乙\n丙", "甲<w:b/>& 乙\n丙"]


def test_properties_are_those_of_the_document() -> None:
    properties = opened(Paragraph("正文")).core_properties
    assert (properties.title, properties.author, properties.comments) == ("年度监督工作综述", "派驻监督组", "")
    assert properties.created == properties.modified == AT


def test_document_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Document(title="甲", author="乙", at=datetime(2023, 1, 31), blocks=())


def test_unknown_block_is_refused() -> None:
    with pytest.raises(TypeError, match="str is not a block"):
        to_docx(document("正文"))  # type: ignore[arg-type]


def test_same_document_gives_the_same_bytes_in_another_process() -> None:
    code = (
        "import hashlib,sys;from jiandu.base.documents.word import to_docx;from tests.documents.samples import review;"
        "sys.stdout.write(hashlib.sha256(to_docx(review())).hexdigest())"
    )
    hashes = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONPATH": "src:.", "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            check=True,
            timeout=120,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Shanghai"))
    }
    assert len(hashes) == 1


def test_another_moment_gives_other_bytes() -> None:
    earlier = Document(
        title="年度监督工作综述", author="派驻监督组", at=AT.replace(day=1), blocks=(Paragraph(SENTENCE),)
    )
    assert to_docx(earlier) != to_docx(document(Paragraph(SENTENCE)))


def test_file_holds_nothing_of_the_sample_it_came_from() -> None:
    names = ZipFile(BytesIO(to_docx(document(Paragraph("正文"))))).namelist()
    assert sorted(names) == [
        "[Content_Types].xml",
        "_rels/.rels",
        "docProps/core.xml",
        "word/_rels/document.xml.rels",
        "word/document.xml",
        "word/footer1.xml",
        "word/footer2.xml",
        "word/settings.xml",
        "word/styles.xml",
        "word/theme/theme1.xml",
    ]


def test_a_form_has_its_boxes_over_the_line_and_room_to_write() -> None:
    form = Form(((Field("单位", "市教育局"), Field("日期")), (Field("情况", "一\n二", 40),)))
    made = opened(form).tables[0]
    assert [[cell.text for cell in row.cells] for row in made.rows] == [
        ["单位", "市教育局", "日期", ""],
        ["情况", "一\n二", "一\n二", "一\n二"],
    ]
    spans = [value(tc, "w:tcPr/w:gridSpan") for tc in made.rows[1]._tr.tc_lst]
    assert spans == [None, "3"]
    height = made.rows[1]._tr.trPr.find(qn("w:trHeight"))
    assert (height.get(qn("w:val")), height.get(qn("w:hRule"))) == (str(round(40 * 1440 / 25.4)), "atLeast")
    assert made.rows[0]._tr.trPr.find(qn("w:trHeight")) is None
    widths = [int(column.get(qn("w:w"))) for column in made._tbl.tblGrid]
    assert sum(widths) == pytest.approx(156 * 1440 / 25.4, abs=4)


@pytest.mark.parametrize("rows", [(), ((),), ((Field("一"), Field("二"), Field("三")),)])
def test_a_form_refuses_rows_that_do_not_fit(rows: tuple[tuple[Field, ...], ...]) -> None:
    with pytest.raises(ValueError, match="one box or two"):
        to_docx(document(Form(rows)))
