"""What comes out of honest but odd files."""

import io
from datetime import date, datetime, time
from pathlib import Path

import pytest
from tests.core.sheets.forge import MAIN, OFFICE, book, entries, pack, parts, raw_zip, relations, sheet, workbook
from tests.core.sheets.here import here

from jiandu.base.core.sheets import Fault, RawRow, SheetRefused, Value, read_rows

STYLES = (
    f'<styleSheet {MAIN}><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/>'
    '<numFmt numFmtId="165" formatCode="[h]:mm"/><numFmt numFmtId="166" formatCode="#,##0.00&quot;元/m&quot;"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/>'
    '<xf numFmtId="31"/><xf numFmtId="22"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="58"/></cellXfs></styleSheet>'
)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def rows_of(data: bytes) -> list[RawRow]:
    """All rows of a file."""
    with read_rows(data) as rows:
        return list(rows)


def cell(inner: str, attributes: str = "", **changed: str) -> Value:
    """The value of A1 in a workbook where the cell is written so."""
    (row,) = here(book(f'<row r="1"><c r="A1" {attributes}>{inner}</c></row>', **changed))
    return row.values[0]


@pytest.mark.parametrize(
    ("inner", "attributes", "value"),
    [
        ("<v>3</v>", "", 3),
        ("<v>-2.50</v>", "", -2.5),
        ("<v>1E+3</v>", "", 1000),
        ("<v>350200199001011234</v>", "", 350200199001011234),
        ("<v>3.50200199001011E+17</v>", "", 3.50200199001011e17),
        ("<v>0</v>", 't="s"', "甲"),
        ("<v>文字</v>", 't="str"', "文字"),
        ("<is><t xml:space='preserve'> 两端 </t></is>", 't="inlineStr"', " 两端 "),
        ("<is><r><t>甲</t></r><r><rPr/><t>乙</t></r><rPh sb='0' eb='1'><t>jia</t></rPh></is>", 't="inlineStr"', "甲乙"),
        ("<v>1</v>", 't="b"', True),
        ("<v>0</v>", 't="b"', False),
        ("<v>#REF!</v>", 't="e"', Fault("error", "#REF!")),
        ("<f>SUM(A2:A9)</f><v>7</v>", "", 7),
        ("<f>A2&amp;A3</f><v>和</v>", 't="str"', "和"),
        ("<f>SUM(A2:A9)</f>", "", Fault("formula", "=SUM(A2:A9)")),
        ("<f>SUM(A2:A9)</f><v></v>", "", Fault("formula", "=SUM(A2:A9)")),
        ("<v>NaN</v>", "", Fault("number", "NaN")),
        ("<v>INF</v>", "", Fault("number", "INF")),
        ("<v>1e999</v>", "", Fault("number", "1e999")),
        ("<v>1_000</v>", "", Fault("number", "1_000")),
        ("<v>三</v>", "", Fault("number", "三")),
        ("<v>2022-03-22</v>", 't="d"', date(2022, 3, 22)),
        ("<v>2022-03-22T10:20:30Z</v>", 't="d"', _at("2022-03-22T10:20:30")),
        ("<v>10:20:30</v>", 't="d"', time(10, 20, 30)),
        ("<v>gestern</v>", 't="d"', Fault("date", "gestern")),
        ("<v>新</v>", 't="neu"', "新"),
        ("<is><t>一_x000D_\n二_x0007__x005F_三</t></is>", 't="inlineStr"', "一\n二_三"),
        ("<is><t>_xD83D__xDE00_</t></is>", 't="inlineStr"', "😀"),
        ("<is><t>_xD83D_</t></is>", 't="inlineStr"', "\ufffd"),
        ("<is><t>𠮷𫠝&#x85;&#xFFFD;</t></is>", 't="inlineStr"', "𠮷𫠝\ufffd"),
        ("<is><t>'=1+1</t></is>", 't="inlineStr"', "=1+1"),
        ("<is><t>'twas</t></is>", 't="inlineStr"', "'twas"),
    ],
)
def test_reads_a_cell(inner: str, attributes: str, value: Value) -> None:
    found = cell(inner, attributes)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("serial", "style", "value"),
    [
        ("44642", 1, date(2022, 3, 22)),
        ("44642", 2, date(2022, 3, 22)),
        ("44642", 3, date(2022, 3, 22)),
        ("44642", 7, date(2022, 3, 22)),
        ("44642.5", 4, _at("2022-03-22T12:00")),
        ("44642.4305555556", 4, _at("2022-03-22T10:20")),
        ("0.5", 4, time(12)),
        ("0.99999999999", 4, date(1900, 1, 1)),
        ("1", 1, date(1900, 1, 1)),
        ("59", 1, date(1900, 2, 28)),
        ("60", 1, Fault("date", "60")),
        ("61", 1, date(1900, 3, 1)),
        ("2958465", 1, date(9999, 12, 31)),
        ("2958466", 1, Fault("date", "2.95847e+06")),
        ("-1", 1, Fault("date", "-1")),
        ("1e300", 1, Fault("date", "1e+300")),
        ("1.5", 5, 1.5),
        ("44642", 6, 44642),
        ("44642", 0, 44642),
        ("44642", 99, 44642),
    ],
)
def test_reads_a_date(serial: str, style: int, value: Value) -> None:
    assert cell(f"<v>{serial}</v>", f's="{style}"', styles=STYLES) == value


@pytest.mark.parametrize(
    ("serial", "value"),
    [("0", date(1904, 1, 1)), ("43180", date(2022, 3, 22)), ("0.25", time(6)), ("2957004", Fault("date", "2.957e+06"))],
)
def test_reads_a_date_since_1904(serial: str, value: Value) -> None:
    mac = workbook(before='<workbookPr date1904="1"/>')
    assert cell(f"<v>{serial}</v>", 's="1"', styles=STYLES, workbook=mac) == value


def test_believes_no_dimension() -> None:
    rows = '<row r="3"><c r="B3"><v>1</v></c></row><row r="9"><c r="A9"><v>2</v></c></row>'
    for claimed in ("A1", "A1:XFD1048576", "B3:B3", "nonsense"):
        odd = book("", sheet=sheet(rows, before=f'<dimension ref="{claimed}"/>'))
        assert rows_of(odd) == [RawRow("表一", 3, [None, 1]), RawRow("表一", 9, [2])]


def test_ignores_styled_blanks_far_to_the_right_and_below() -> None:
    blanks = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row><row r="2" s="1"/><row r="1048576"><c r="A1048576"/></row>'
    assert rows_of(book(blanks)) == [RawRow("表一", 1, [1])]


def test_reads_cells_without_references_and_out_of_order() -> None:
    rows = '<row><c><v>1</v></c><c><v>2</v></c></row><row r="4"><c r="C4"><v>3</v></c><c r="A4"><v>1</v></c></row>'
    assert rows_of(book(rows)) == [RawRow("表一", 1, [1, 2]), RawRow("表一", 4, [1, None, 3])]


def test_reads_prefixed_elements() -> None:
    main = MAIN.replace("xmlns=", "xmlns:x=")
    strings = f"<x:sst {main}><x:si><x:t>甲</x:t></x:si></x:sst>"
    rows = f'<x:worksheet {main}><x:sheetData><x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    listed = f'<x:workbook {main} xmlns:q="{OFFICE}"><x:sheets><x:sheet name="表" q:id="rId1"/></x:sheets></x:workbook>'
    assert rows_of(book("", sheet=rows, strings=strings, workbook=listed)) == [RawRow("表", 1, ["甲"])]


def test_reads_sheets_in_order_and_names_hidden_ones() -> None:
    listed = "".join(
        f'<sheet name="{name}" sheetId="{at}" state="{state}" r:id="rId{at}"/>'
        for at, (name, state) in enumerate(
            (("甲", "visible"), ("乙\u202e", "visible"), ("丙", "hidden"), ("图", "visible")), 1
        )
    )
    kinds = ("worksheet", "worksheet", "worksheet", "chartsheet")
    rels = relations(*((kind, "/xl/worksheets/Sheet1.xml", "") for kind in kinds))
    data = book("<row r='1'><c r='A1'><v>1</v></c></row>", workbook=workbook(listed), rels=rels)
    with read_rows(data) as rows:
        assert list(rows) == [RawRow("甲", 1, [1]), RawRow("乙", 1, [1])]
        assert rows.warnings == ["隐藏的工作表“丙”未读取"]


def test_accepts_hyperlinks_and_data_descriptors() -> None:
    linked = {
        **parts(),
        "xl/worksheets/_rels/sheet1.xml.rels": relations(("hyperlink", "http://127.0.0.1/", "External")),
    }
    members = entries(linked)
    for member in members:
        member.flags, member.hidden = 8, b"PK\x07\x08" + bytes(12)
    assert rows_of(raw_zip(members)) == [RawRow("表一", 1, [1])]


def test_reads_a_text_of_exactly_the_limit() -> None:
    assert cell(f"<v>{'字' * 32_767}</v>", 't="str"') == "字" * 32_767


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_reads_csv_in_every_encoding(encoding: str) -> None:
    data = '编号,事实\r\n1,"林䶮,\r\n又"\r\n\r\n2,=1+1\r\n'.encode(encoding)
    expected = [["编号", "事实"], ["1", "林䶮,\r\n又"], ["2", "=1+1"]]
    assert [(row.sheet, row.number, row.values) for row in rows_of(data)] == [
        ("CSV", number, values) for number, values in zip((1, 2, 4), expected, strict=True)
    ]


@pytest.mark.parametrize("mark", ["\t", ";"])
def test_finds_the_delimiter(mark: str) -> None:
    assert rows_of(f"甲{mark}乙,丙{mark}\n1{mark}2,3\n".encode()) == [
        RawRow("CSV", 1, ["甲", "乙,丙"]),
        RawRow("CSV", 2, ["1", "2,3"]),
    ]


def test_warns_of_private_characters() -> None:
    with read_rows("姓名\n\ue123\n".encode()) as rows:
        assert [row.values for row in rows] == [["姓名"], ["\ue123"]]
        assert [warning[:10] for warning in rows.warnings] == ["有1个自造字（私用区"]


def test_reads_every_kind_of_source(tmp_path: Path) -> None:
    data = book('<row r="1"><c r="A1"><v>1</v></c></row>')
    path = tmp_path / "名\u202e字.txt"
    path.write_bytes(data)
    with path.open("rb") as file:
        sources = (path, data, io.BytesIO(data), file)
        for source in sources:
            with read_rows(source) as rows:
                assert list(rows) == [RawRow("表一", 1, [1])]


def test_explains_where() -> None:
    with pytest.raises(SheetRefused) as refused:
        rows_of(book('<row r="7"><c r="GZ7"><v>1</v></c></row>'))
    assert refused.value.message == "工作表“表一”单元格 GZ7：数据超过 200 列。请删除右侧多余的列后重新上传。"
    assert refused.value.english.startswith("Sheet “表一” cell GZ7: More than 200 columns.")
    assert str(refused.value).startswith("too_many_columns: ")


def test_is_the_same_without_a_process() -> None:
    data = pack({**parts('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'), "docProps/thumb.vml": "<a><br></a>"})
    assert here(data) == rows_of(data) == [RawRow("表一", 1, ["甲"])]
