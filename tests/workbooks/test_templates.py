"""本单位模板: the ledger in the office's own workbook, which keeps its looks and comes back unchanged."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from tests.surfaces.desk.test_accounts import client_of
from tests.workbooks.own_books import HEADER, own_book
from tests.workbooks.test_round_trip import CLERK, exported, populate, seen
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core.errors import Refused
from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.findings.models import Finding
from jiandu.loop.workbooks import templates
from jiandu.loop.workbooks.models import LedgerTemplate

ROOM = "第一监督检查室"
FIRST = HEADER + 1


@pytest.fixture
def net(world: World) -> World:
    with as_(SYSTEM) as by:
        load_defaults(by=by)
    return world


def kept(net: World, content: bytes | None = None, *, who: str = CLERK, name: str = "本室台账") -> LedgerTemplate:
    with as_(net.viewer(who)) as by:
        return templates.keep_template(
            office=net.offices[ROOM], name=name, content=content or own_book(), file_name="台账.xlsx", by=by
        )


def out_of(net: World, template: LedgerTemplate, folder: Path) -> Path:
    path = folder / "out.xlsx"
    exported(net, path, template=str(template.uid))
    return path


def heads(sheet: Any) -> dict[str, str]:
    return {str(cell.value): cell.column_letter for cell in sheet[HEADER]}


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_exported_into_it_comes_back_unchanged(net: World, tmp_path: Path, seed: int) -> None:
    populate(net, seed)
    found = seen(net, out_of(net, kept(net), tmp_path))
    assert [problem.as_dict() for problem in found.problems] == []
    assert [(each.line.text("code"), each.cells) for each in found.update] == []
    assert (len(found.unchanged), found.create, found.conflicts) == (15, [], [])


def test_a_cell_that_was_changed_in_it_is_found(net: World, tmp_path: Path) -> None:
    """The control of the round trip."""
    net.finding(facts="原来的事实")
    path = out_of(net, kept(net), tmp_path)
    book = load_workbook(path)
    sheet: Any = book["问题台账"]
    sheet[f"{heads(sheet)['具体事实']}{FIRST}"] = "改过的事实"
    book.save(path)
    found = seen(net, path)
    ((_line, changed),) = found.conflicts  # it was worked on here
    assert (changed, found.unchanged) == ({"facts": ("原来的事实", "改过的事实")}, [])


def test_title_widths_styles_print_set_up_and_total_stay(net: World, tmp_path: Path) -> None:
    for _ in range(5):
        net.finding(amount_fen=370_000)
    before: Any = load_workbook(io.BytesIO(own_book()))["问题台账"]
    book = load_workbook(out_of(net, kept(net), tmp_path))
    sheet: Any = book["问题台账"]
    column = heads(sheet)
    assert [sheet["A1"].value, sheet["A1"].font.name, sheet["A1"].font.size] == [
        before["A1"].value,
        "方正小标宋简体",
        22,
    ]
    assert heads(sheet) == heads(before)
    widths = {key: one.width for key, one in before.column_dimensions.items()}
    assert {key: one.width for key, one in sheet.column_dimensions.items()} == widths
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation, sheet.freeze_panes) == (8, "landscape", "C4")
    assert sheet.print_title_rows == "$3:$3"
    money, total = column["涉及金额(万元)"], FIRST + 5
    assert [sheet[f"{money}{row}"].value for row in range(FIRST, total)] == [0.37] * 5
    assert (sheet[f"A{total}"].value, sheet[f"{money}{total}"].value) == ("合计", f"=SUM({money}4:{money}8)")
    assert book["统计"]["A1"].value == f"=SUM(问题台账!{money}4:{money}8)"
    assert sheet.print_area == f"'问题台账'!$A$1:${sheet.cell(3, len(column)).column_letter}${total + 1}"
    row: Any = sheet[FIRST]
    assert {(cell.font.name, cell.border.left.style) for cell in row} == {("仿宋_GB2312", "thin")}
    assert [sheet[f"A{at}"].value for at in range(FIRST, total)] == [1, 2, 3, 4, 5]
    ranges = sorted(map(str, sheet.merged_cells.ranges))
    last = sheet.cell(3, len(column)).column_letter
    assert ranges == sorted([f"A1:{last}1", f"A{total + 1}:{last}{total + 1}"])


@pytest.mark.parametrize(
    ("own", "shown", "is_1904"),
    [(None, "yyyy-mm-dd", False), ("yyyy年m月d日", "yyyy年m月d日", False), ("mm-dd-yy", "mm-dd-yy", True)],
)
def test_days_leave_as_days_in_the_offices_own_format(
    net: World, tmp_path: Path, own: str | None, shown: str, *, is_1904: bool
) -> None:
    """Not as text: Excel sorts and filters them, and a column that shows days goes on showing them so."""
    finding = net.finding(facts="甲")
    book = load_workbook(io.BytesIO(own_book()))
    sheet: Any = book["问题台账"]
    place = f"{heads(sheet)['登记日期']}{FIRST}"
    if own:
        sheet[place].number_format = own
    if is_1904:
        book.epoch = CALENDAR_MAC_1904
    out = io.BytesIO()
    book.save(out)
    path = out_of(net, kept(net, out.getvalue()), tmp_path)
    cell: Any = load_workbook(path)["问题台账"][place]
    assert (cell.is_date, cell.value.date(), cell.number_format) == (True, finding.registered_on, shown)
    assert (cell.font.name, cell.border.left.style) == ("仿宋_GB2312", "thin")
    assert len(seen(net, path).unchanged) == 1


def test_a_row_is_as_high_as_its_longest_text(net: World, tmp_path: Path) -> None:
    net.finding(facts="采购未按规定验收，" * 20)
    net.finding(facts="短")
    sheet: Any = load_workbook(out_of(net, kept(net), tmp_path))["问题台账"]
    heights = [sheet.row_dimensions[row].height for row in (FIRST, FIRST + 1)]
    assert (heights[0] or 0) < (heights[1] or 0)  # the newest stands first


def test_what_nobody_recognises_is_empty_and_yellow_and_may_be_bound(net: World, tmp_path: Path) -> None:
    net.finding()
    template = kept(net)
    unknown = [title for _letter, title, key in template.columns if not key]
    assert unknown == ["备注", "分管领导签字"]
    sheet: Any = load_workbook(out_of(net, template, tmp_path))["问题台账"]
    cell = sheet[f"{heads(sheet)['分管领导签字']}{FIRST}"]
    assert (cell.value, cell.fill.fgColor.rgb, cell.font.name) == (None, "FFFFF2AB", "仿宋_GB2312")
    letter = heads(sheet)["分管领导签字"]
    with as_(net.viewer(CLERK)) as by:
        with pytest.raises(Refused, match="同一内容"):
            templates.bind_columns(template=template, keys={letter: "code"} | {"B": "code"}, by=by)
        bound = templates.bind_columns(template=template, keys={letter: "state"}, by=by)
    again: Any = load_workbook(out_of(net, bound, tmp_path))["问题台账"]
    assert again[f"{letter}{FIRST}"].value == "已登记"


def test_the_mark_and_the_log_go_with_it(net: World, tmp_path: Path) -> None:
    net.finding()
    template = kept(net)
    path = out_of(net, template, tmp_path)
    sheet: Any = load_workbook(path)["问题台账"]
    last = str(sheet.cell(sheet.max_row, 1).value)
    assert (last.startswith("说明:水印 内勤甲"), "内勤甲" in sheet.oddHeader.right.text) == (True, True)
    said = json.loads(Entry.objects.select_related("payload").filter(verb="finding.export").latest("seq").payload.body)
    assert (said["template"], said["rows"], last.endswith(said["export"][:8]) or said["export"] in last) == ("本室台账", 1, True)  # fmt: skip


@pytest.mark.parametrize(("rows", "total"), [(0, False), (3, False), (0, True), (1, True)])
def test_with_rows_or_without_with_a_total_or_without(net: World, tmp_path: Path, rows: int, *, total: bool) -> None:
    for _ in range(3):
        net.finding()
    found = seen(net, out_of(net, kept(net, own_book(rows=rows, total=total)), tmp_path))
    assert (len(found.unchanged), found.problems) == (3, [])


def test_nothing_of_the_old_rows_is_kept(net: World) -> None:
    from jiandu.base.files import store

    template = kept(net)
    sheet: Any = load_workbook(io.BytesIO(store.read(template.sha256)))["问题台账"]
    texts = [cell.value for row in sheet.iter_rows(min_row=FIRST) for cell in row if cell.value]
    assert [text for text in texts if text == "旧"] == []
    assert "旧" in [cell.value for row in load_workbook(io.BytesIO(own_book()))["问题台账"].iter_rows() for cell in row]


def test_nothing_to_export_leaves_one_empty_row(net: World, tmp_path: Path) -> None:
    sheet: Any = load_workbook(out_of(net, kept(net), tmp_path))["问题台账"]
    assert [sheet[f"A{row}"].value for row in (FIRST, FIRST + 1)] == [None, "合计"]


def test_it_is_the_offices_own(net: World, tmp_path: Path) -> None:
    template = kept(net)
    with as_(net.viewer("干部乙")) as by:  # of the second office
        assert list(templates.templates_of(by)) == []
        with pytest.raises(Refused, match="本室组"):
            templates.drop_template(template=template, by=by)
    with pytest.raises(Refused, match="没有这个模板"):
        exported(net, tmp_path / "out.xlsx", by="干部乙", template=str(template.uid))
    again = kept(net, name="本室台账")
    with as_(net.viewer(CLERK)) as by:
        assert [one.pk for one in templates.templates_of(by)] == [again.pk]  # one of a name


def test_a_list_object_or_no_table_is_refused(net: World) -> None:
    from openpyxl.worksheet.table import Table

    book = load_workbook(io.BytesIO(own_book()))
    sheet: Any = book["问题台账"]
    sheet.add_table(Table(displayName="t", ref=f"A{HEADER}:D{FIRST}"))
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(Refused, match="转换为区域"):
        kept(net, out.getvalue())
    with pytest.raises(Refused):
        kept(net, b"a,b\n1,2\n")


def test_a_template_without_what_identifies_says_so(net: World) -> None:
    book = load_workbook(io.BytesIO(own_book()))
    sheet: Any = book["问题台账"]
    sheet[f"{heads(sheet)['登记日期']}{HEADER}"] = "其他"
    out = io.BytesIO()
    book.save(out)
    template = kept(net, out.getvalue())
    assert templates.lacking(template) == ["登记日期"]
    assert "导出后不能再导入" in page_of(client_of(net, CLERK), template)


def page_of(client: Client, template: LedgerTemplate, query: str = "") -> str:
    answer = client.get(f"/desk/ledger-templates/{template.uid}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_is_uploaded_bound_chosen_at_the_export_and_dropped(net: World) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    net.finding()
    client = client_of(net, CLERK)
    said = {"office": net.offices[ROOM].pk, "name": "本室台账", "file": SimpleUploadedFile("台账.xlsx", own_book())}
    assert client.post("/desk/ledger-templates/keep/", said).status_code == 303
    with as_(SYSTEM):
        template = LedgerTemplate.objects.get()
    assert "本室台账" in client.get("/desk/ledger-templates/").content.decode()
    letter = next(letter for letter, title, _key in template.columns if title == "备注")
    keys = {f"column_{at}": key for at, _title, key in template.columns} | {f"column_{letter}": "basis"}
    assert "依据条款" in page_of(client, template, "?act=bind")
    assert client.post(f"/desk/ledger-templates/{template.uid}/bind/", keys).status_code == 303
    assert "依据条款" in page_of(client, template)
    assert client.get(f"/desk/ledger-templates/{template.uid}/file/").status_code == 200
    assert f"template:{template.uid}" in client.get("/desk/findings/export/").content.decode()
    unproved = client_of(net, CLERK, proved=False)
    asked = unproved.post("/desk/findings/export/", {"kind": f"template:{template.uid}"})
    assert asked.status_code != 200 or b"PK" not in asked.content[:2]
    file = client.post("/desk/findings/export/", {"kind": f"template:{template.uid}"})
    content = b"".join(file) if file.streaming else file.content  # type: ignore[attr-defined]
    sheet: Any = load_workbook(io.BytesIO(content))["问题台账"]
    with as_(SYSTEM):
        assert sheet[f"B{FIRST}"].value == Finding.objects.get().code
    assert client.post(f"/desk/ledger-templates/{template.uid}/drop/").status_code == 303
    assert client.get(f"/desk/ledger-templates/{template.uid}/").status_code == 404
    for who in ("干部乙", "书记"):
        assert client_of(net, who).get(f"/desk/ledger-templates/{template.uid}/file/").status_code == 404


def test_the_words_of_a_header_are_data_wherever_they_stand(net: World) -> None:
    book = load_workbook(io.BytesIO(own_book()))
    sheet: Any = book["问题台账"]
    sheet[f"{heads(sheet)['分管领导签字']}{HEADER}"] = "<b>签</b>"
    out = io.BytesIO()
    book.save(out)
    page = page_of(client_of(net, CLERK), kept(net, out.getvalue()), "?act=bind")
    assert ('<span translate="no">&lt;b&gt;签&lt;/b&gt;</span>' in page, "<b>签</b>" in page) == (True, False)
