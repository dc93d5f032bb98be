"""A superior's form is filled: the named cells change, and no other byte but the last values of formulas."""

import io
import json
import os
import re
import subprocess
import zipfile
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from tests.core.sheets.forge import book, sheet
from tests.core.sheets.hostile import HOSTILE

from jiandu.base.core.sheets import Put, SheetRefused, fill_form, read_form
from jiandu.base.core.sheets.archive import members
from jiandu.base.core.sheets.filled import fill
from jiandu.base.core.sheets.filling import FORM, Filled
from jiandu.base.core.sheets.splice import bounds, place

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
YELLOW = "FFFFF2AB"


def form(*, comment: bool = False) -> bytes:
    """A title over merged cells, three units with a total each, a total of all, and a second sheet that looks at it."""
    workbook = Workbook()
    page = workbook.active
    page.title = "月报"
    page["A1"] = "监督工作月报"
    page.merge_cells("A1:D1")
    for column, title in enumerate(("单位", "问题", "整改", "合计"), start=1):
        page.cell(2, column, title)
    for row in (3, 4, 5):
        page.cell(row, 1, f"单位{row}")
        page.cell(row, 2).number_format = "0.00"
        page.cell(row, 2).font = Font(bold=True)
        page.cell(row, 4, f"=SUM(B{row}:C{row})")
    page["A6"], page["D6"] = "合计", "=SUM(D3:D5)"
    page.column_dimensions["A"].width = 33
    page.row_dimensions[8].height = 40
    if comment:
        page["B3"].comment = Comment("上级的话", "上级")
    other = workbook.create_sheet("汇总")
    other["A1"] = "=月报!D6"
    workbook.create_sheet("说明")["A1"] = "不动"
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def computed(data: bytes) -> bytes:
    """The form as a program leaves it that has computed its formulas."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<v></v>", b"<v>1234</v>"))
    return out.getvalue()


FORM_BYTES = form()


def entries(data: bytes) -> dict[str, bytes]:
    """Every entry as it stands in the file, header and packed content, by name."""
    with os.fdopen(os.memfd_create("zip"), "w+b") as file:
        file.write(data)
        file.flush()
        return {one.name: data[one.start : one.end] for one in members(file.fileno())}


def part(data: bytes, name: str = SHEET) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def cells(raw: bytes) -> dict[str, bytes]:
    """The cells of a sheet by place, each in canonical form, without the last values of formulas."""
    found = {}
    for one in ET.fromstring(raw).iter(f"{MAIN}c"):  # noqa: S314 -- our own
        value = one.find(f"{MAIN}v")
        if one.find(f"{MAIN}f") is not None and value is not None:
            one.remove(value)
        found[one.get("r", "")] = ET.canonicalize(ET.tostring(one)).encode()
    return found


def differing(before: bytes, after: bytes) -> set[str]:
    """The cells that are not the same in both."""
    old, new = cells(before), cells(after)
    return {at for at in old.keys() | new.keys() if old.get(at) != new.get(at)}


def around(raw: bytes) -> tuple[bytes, bytes]:
    """What stands before and behind the rows."""
    return raw.split(b"<sheetData")[0], raw.rsplit(b"</sheetData>")[1]


def outside(raw: bytes) -> bytes:
    """The sheet without its cells and the rows that hold nothing else."""
    bare = re.sub(rb"<c [^>]*?/>|<c .*?</c>", b"", raw)
    return re.sub(rb'<row r="\d+"( spans="[^"]*")?>\s*</row>', b"", bare)


def here(data: bytes, puts: Iterable[Put]) -> bytes:
    """As the child does it, in this process."""
    orders = [
        {"sheet": put.sheet, "cell": put.cell, "value": str(put.value), "note": None, "is_open": 0} for put in puts
    ]
    with os.fdopen(os.memfd_create("in"), "w+b") as file, os.fdopen(os.memfd_create("asked"), "w+b") as asked:
        file.write(data)
        asked.write(json.dumps({"cells": orders, "kept": None}).encode())
        file.flush(), asked.flush()  # type: ignore[func-returns-value]
        return fill(file.fileno(), os.dup(asked.fileno()), FORM)[0]


def test_a_number_is_put_and_every_other_entry_is_the_same_bytes() -> None:
    done = fill_form(FORM_BYTES, [Put("月报", (3, 2), 12), Put("月报", (4, 3), Decimal("3.50"))])
    before, after = entries(FORM_BYTES), entries(done.content)
    assert list(before) == list(after)
    assert {name for name in before if before[name] != after[name]} == {SHEET, "xl/workbook.xml"}
    assert zipfile.ZipFile(io.BytesIO(done.content)).testzip() is None
    assert differing(part(FORM_BYTES), part(done.content)) == {"B3", "C4"}
    assert around(part(FORM_BYTES)) == around(part(done.content))
    page = load_workbook(io.BytesIO(done.content))["月报"]
    assert (page["B3"].value, page["B3"].number_format, page["B3"].font.bold) == (12, "0.00", True)
    assert (page["C4"].value, page["D3"].value, page["D6"].value) == (3.5, "=SUM(B3:C3)", "=SUM(D3:D5)")
    assert part(done.content, "xl/workbook.xml").count(b'fullCalcOnLoad="1"') == 1


def test_the_comparison_would_see_another_byte() -> None:
    """The control: a program that writes the workbook anew changes entries and what stands around the rows."""
    written = io.BytesIO()
    book = load_workbook(io.BytesIO(computed(FORM_BYTES)))
    book["月报"]["B4"].font = Font(italic=True)
    book.save(written)
    before, after = entries(computed(FORM_BYTES)), entries(written.getvalue())
    assert {name for name in before if before[name] != after.get(name)} > {SHEET, "xl/styles.xml", "docProps/core.xml"}
    assert differing(part(FORM_BYTES), part(written.getvalue())) == {"B4"}


PLACES = st.tuples(st.integers(1, 60), st.integers(1, 40)) | st.tuples(st.integers(3, 5), st.integers(2, 3))
NUMBERS = st.integers(-(10**12), 10**12) | st.decimals(-(10**9), 10**9, places=2)
FREE = [(row, column) for row in range(3, 6) for column in (2, 3)]


@settings(max_examples=80, deadline=None)
@given(puts=st.dictionaries(PLACES, NUMBERS, min_size=1, max_size=30))
@example(puts={(2**20, 16_384): 1})
@example(puts={(8, 1): 5})  # a row that has a height and no cell
def test_any_cells_change_and_no_others(puts: dict[tuple[int, int], int | Decimal]) -> None:
    taken = {(row, 4) for row in (3, 4, 5, 6)} | {(1, column) for column in (2, 3, 4)}
    wanted = {at: number for at, number in puts.items() if at not in taken}
    if not wanted:
        return
    asked = [
        Put("月报", at, format(number, "f") if isinstance(number, Decimal) else number) for at, number in wanted.items()
    ]
    after = here(FORM_BYTES, asked)
    assert {place(at) for at in differing(part(FORM_BYTES), part(after))} == set(wanted)
    assert outside(part(FORM_BYTES)) == outside(part(after))
    page = load_workbook(io.BytesIO(after))["月报"]
    assert {at: Decimal(str(page.cell(*at).value)) for at in wanted} == pytest.approx(
        {at: Decimal(number) for at, number in wanted.items()}
    )
    order = [int(number) for number in re.findall(rb'<row r="(\d+)"', part(after))]
    assert order == sorted(set(order))


@given(row=st.integers(1, 2**20), column=st.integers(1, 16_384))
def test_places_have_one_name(row: int, column: int) -> None:
    put = Put("表", (row, column))
    assert place(put.cell) == (row, column)
    assert bounds(f"{put.cell}:{put.cell}") == (row, column, row, column)


@pytest.mark.parametrize("name", ["A0", "a1", "A01", "XFE1", "A1048577", "1", "", "A1:B2"])
def test_other_words_are_no_places(name: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- it says the name or a part of it
        place(name)


def test_last_values_of_formulas_go_since_they_are_of_other_numbers() -> None:
    old = computed(FORM_BYTES)
    done = fill_form(old, [Put("月报", (3, 2), 12)])
    assert part(old).count(b"1234") == 4
    assert (part(done.content).count(b"1234"), part(done.content, "xl/worksheets/sheet2.xml").count(b"1234")) == (0, 0)
    assert differing(part(old), part(done.content)) == {"B3"}
    same = {"xl/worksheets/sheet3.xml", "xl/styles.xml", "docProps/core.xml"}
    assert {name: entries(old)[name] == entries(done.content)[name] for name in same} == dict.fromkeys(same, True)


def test_an_office_program_opens_it_and_computes_the_totals(tmp_path: Path) -> None:
    puts = [Put("月报", at, number, f"口径 {number}") for number, at in enumerate(FREE, start=1)]
    puts.append(Put("月报", (7, 2), is_open=True))
    path = tmp_path / "月报.xlsx"
    path.write_bytes(fill_form(computed(FORM_BYTES), puts, kept='{"a": "<&>"}').content)
    every = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    office = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/office", "--convert-to", every]
    subprocess.run([*office, "--outdir", str(tmp_path), str(path)], check=True, capture_output=True, timeout=120)
    said = (tmp_path / "月报-月报.csv").read_text().splitlines()
    assert [line.rstrip(",") for line in said[2:6]] == [
        "单位3,1,2,3",
        "单位4,3,4,7",
        "单位5,5,6,11",
        "合计,,,21",
    ]
    assert (tmp_path / "月报-汇总.csv").read_text().strip() == "21"


def notes(done: Filled) -> dict[str, str]:
    page = load_workbook(io.BytesIO(done.content))["月报"]
    return {cell.coordinate: cell.comment.text for row in page for cell in row if cell.comment}


def test_comments_of_ours_are_replaced_and_others_stay() -> None:
    data = form(comment=True)
    first = fill_form(
        data, [Put("月报", (3, 2), 1, "甲 <&>"), Put("月报", (3, 3), 2, "乙"), Put("月报", (4, 2), 3, "丙")]
    )
    assert notes(first) == {"B3": "上级的话", "C3": "乙", "B4": "丙"}
    assert first.kept_comments == ("月报!B3",)
    again = fill_form(first.content, [Put("月报", (3, 3), 5, "丁"), Put("月报", (4, 2), "", "")])
    assert notes(again) == {"B3": "上级的话", "C3": "丁"}
    boxes = part(again.content, "xl/drawings/commentsDrawing1.vml").count(b'ObjectType="Note"')
    assert (boxes, load_workbook(io.BytesIO(again.content))["月报"]["B4"].value) == (2, None)
    fresh = fill_form(FORM_BYTES, [Put("月报", (3, 2), 1, "甲 <&>")])
    assert (notes(fresh), fresh.kept_comments) == ({"B3": "甲 <&>"}, ())
    assert part(fresh.content).count(b"<legacyDrawing ") == 1


def test_open_cells_are_yellow_and_keep_the_rest_of_their_style() -> None:
    done = fill_form(FORM_BYTES, [Put("月报", (3, 2), is_open=True), Put("月报", (4, 3), is_open=True)])
    page = load_workbook(io.BytesIO(done.content))["月报"]
    assert [page[at].fill.fgColor.rgb for at in ("B3", "C4")] == [YELLOW, YELLOW]
    assert (page["B3"].number_format, page["B3"].font.bold, page["B4"].fill) == ("0.00", True, PatternFill())
    once = fill_form(done.content, [Put("月报", (3, 2), is_open=True)])
    assert entries(once.content) == entries(done.content)  # yellow already


def test_what_is_kept_is_read_again_and_replaced() -> None:
    done = fill_form(FORM_BYTES, [], kept='{"甲": "<&>"}')
    assert (read_form(FORM_BYTES).kept, read_form(done.content).kept) == ("", '{"甲": "<&>"}')
    again = fill_form(done.content, [Put("月报", (3, 2), 1)])
    assert read_form(again.content).kept == '{"甲": "<&>"}'
    assert read_form(fill_form(again.content, [], kept="乙").content).kept == "乙"
    untouched = {name for name, data in entries(FORM_BYTES).items() if entries(done.content)[name] == data}
    assert untouched == entries(FORM_BYTES).keys() - {"xl/_rels/workbook.xml.rels", "[Content_Types].xml"}


def test_a_form_is_read_as_it_stands() -> None:
    page, *others = read_form(computed(FORM_BYTES)).sheets
    assert (page.title, [one.title for one in others], page.merges) == ("月报", ["汇总", "说明"], [(1, 1, 1, 4)])
    assert [(page.cell(at).kind, page.cell(at).text) for at in ((1, 1), (3, 2), (3, 4), (9, 9))] == [
        ("text", "监督工作月报"),
        ("empty", ""),
        ("formula", "1234"),
        ("empty", ""),
    ]
    assert (page.anchor((1, 3)), page.anchor((2, 3))) == ((1, 1), (2, 3))


@pytest.mark.parametrize(
    ("put", "code"),
    [
        (Put("月报", (3, 4), 1), "cell_formula"),
        (Put("月报", (1, 2), 1), "cell_merged"),
        (Put("没有", (1, 2), 1), "no_sheet"),
        (Put("月报", (3, 2), "=1+1"), "cell_value"),
        (Put("月报", (2**20 + 1, 2), 1), "cell_name"),
    ],
)
def test_a_cell_that_cannot_be_filled_is_named_in_both_languages(put: Put, code: str) -> None:
    with pytest.raises(SheetRefused) as refused:
        fill_form(FORM_BYTES, [Put("月报", (3, 2), 1), put])
    said = refused.value
    assert (said.code, f"“{put.sheet}”" in said.message, f"“{put.sheet}”" in said.english) == (code, True, True)
    assert (put.cell in said.message, put.cell in said.english) == (code != "no_sheet",) * 2
    assert (said.message.endswith("。"), said.english.endswith(".")) == (True, True)


REFUSED = ("macros", "password", "bomb", "dtd", "external_link", "overlap", "polyglot", "symlink", "not_a_sheet")


@pytest.mark.parametrize("code", REFUSED)
def test_a_file_that_cannot_be_trusted_is_neither_read_nor_filled(code: str) -> None:
    maker = next(maker for maker, codes in HOSTILE.values() if codes == (code,))
    for act in (read_form, lambda data: fill_form(data, [Put("表一", (1, 1), 1)])):
        with pytest.raises(SheetRefused) as refused:
            act(maker())
        assert refused.value.code in {code, "unpacked_too_big" if code == "bomb" else code}


def test_odd_but_honest_sheets_are_filled_too() -> None:
    """Rows and cells that do not say where they stand, a prefix, no rows at all, single quotes, a row in one tag."""
    plain = '<row><c><v>1</v></c><c t=\'s\'><v>0</v></c></row><row r="4" ht="20"/>'
    for rows, before in ((plain, ""), ("", '<cols><col min="1" max="3" width="9" style="0"/></cols>')):
        data = book("", sheet=sheet(rows, before=before))
        done = here(data, [Put("表一", (1, 2), 5), Put("表一", (4, 1), 6), Put("表一", (3, 3), 7)])
        page = read_form(done).sheets[0]
        assert [page.cell(at).text for at in ((1, 2), (4, 1), (3, 3))] == ["5", "6", "7"]
    prefixed = sheet('<row r="1"><c r="A1"><v>1</v></c></row>').replace("<", "<x:").replace("<x:/", "</x:")
    data = book("", sheet=prefixed.replace("xmlns=", "xmlns:x="))
    page = read_form(here(data, [Put("表一", (1, 1), 5), Put("表一", (2, 2), 6)])).sheets[0]
    assert (page.cell((1, 1)).text, page.cell((2, 2)).text) == ("5", "6")
