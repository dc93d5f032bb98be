"""Lists of other platforms: commission ledgers and message boards in; all or nothing; who reported is not read."""

import json
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from tests.petitions.city import OFFICE
from tests.world import SYSTEM, World, as_

from jiandu.base.books import sheets
from jiandu.base.books.sheets import Sheet
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.lexicon.services import load_defaults
from jiandu.net.access.models import Grant
from jiandu.net.overseers.models import Office
from jiandu.sources.petitions import selectors, vault
from jiandu.sources.petitions.models import Petition, PetitionStep, Sealed
from jiandu.sources.petitions.services import deciding
from jiandu.sources.petitions.services.steps import Done
from jiandu.sources.petitions.sheet import PETITIONS
from jiandu.sources.petitions.terms import Clock

BOARD = ("编号", "用户", "主题", "时间", "详情", "标签", "答复意见", "答复时间")
LEDGER = (
    *(
        "举报编号",
        "收信日期",
        "举报方式",
        "类别",
        "初次重复",
        "是否实名",
        "联名人数",
        "被举报人",
        "被举报人单位",
        "职务",
    ),
    *("职级", "问题性质", "领域", "属地", "主要问题", "处置方式", "处置日期", "办结日期", "属实情况", "主件编号"),
)
ROW = (
    *("J2022001", "2022-03-01", "来信", "检举控告", "初次", "匿名", "3人", "王某某", "市教育局", "科长"),
    *("乡科级", "廉洁纪律", "教育", "思明区", "反映收受礼金", "", "", "", "", ""),
)


def csv(path: Path, rows: list[tuple[str, ...]], encoding: str = "utf-8") -> Path:
    """Cells quoted, so that line breaks and tabs stay inside them."""
    quoted = ("\r\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)).encode(encoding)
    path.write_bytes(quoted)
    return path


def looked(path: Path) -> Sheet:
    with as_(SYSTEM) as by:
        return sheets.judge(by, sheets.read(path, PETITIONS))


def brought(path: Path) -> Sheet:
    seen = looked(path)
    assert seen.problems == []
    with as_(SYSTEM) as by:
        return sheets.commit(by, sheets.read(path, PETITIONS), digest=sheets.digest_of(seen))


def acts(sheet: Sheet) -> dict[str, int]:
    return {act: count for act, count in sheets.counts_of(sheet).items() if count}


def rows() -> list[Petition]:
    with as_(SYSTEM):
        return list(Petition.objects.order_by("source_code"))


@pytest.fixture
def office(city: World) -> Office:
    """The only office with petition officers is the city's."""
    with as_(SYSTEM) as by:
        load_defaults(by=by)
        Grant.objects.filter(office=city.offices["思明区信访室"]).update(until=date(2021, 1, 1))
    return city.offices[OFFICE]


def test_a_message_board_comes_in_without_its_users(office: Office, tmp_path: Path):
    said = [
        BOARD,
        (
            "AT1",
            "A00123",
            "停车收费",
            "2019/12/7 10:21",
            "我是业主,\n\t物业乱收费",
            "城市建设",
            "已转住建局",
            "2019/12/20 9:00",
        ),
        ("AT2", "A00124", "学校收费", "2020年1月3日", "补课收费", "教育", "", ""),
    ]
    sheet = brought(csv(tmp_path / "board.csv", said))
    assert (acts(sheet), sheet.ignored) == ({"create": 2}, ["用户"])
    first, second = rows()
    assert (first.way, first.kind, first.named, first.state, first.concluded_on) == (
        "web",
        "outside",
        "anonymous",
        "concluded",
        date(2019, 12, 20),
    )
    assert (second.received_on, second.state) == (date(2020, 1, 3), "registered")
    with as_(SYSTEM):
        content = vault.content_of(first, None)
        assert (content.topic, content.reply, content.keywords) == ("停车收费", "已转住建局", "城市建设")
        assert "A00123" not in json.dumps([str(vars(row)) for row in Petition.objects.all()])


def test_a_commissions_ledger_comes_in_with_tags_and_steps(office: Office, city: World, tmp_path: Path):
    later = (
        *("J2022002", "2022/3/5", "网络举报", "检举控告", "初次", "实名", "", "李某", "某不存在的单位", "局长"),
        *("县处级", "职务犯罪", "工程", "", "反映受贿", "初核", "2022-03-20", "2022-05-06", "部分属实", ""),
    )
    brought(csv(tmp_path / "ledger.csv", [LEDGER, ROW, later]))
    first, second = rows()
    assert (first.people, first.subject_id, first.rank, first.nature, first.is_imported) == (
        3,
        city.units["市教育局"].pk,
        "township",
        "integrity",
        True,
    )
    assert (first.domain.label_zh, first.code) == ("教育", f"XF2022-{office.pk}-00001")
    assert (second.named, second.disposal, second.truth, second.subject_id) == ("verified", "verify", "partly", None)
    with as_(SYSTEM):
        steps = PetitionStep.objects.filter(petition=second).order_by("seq")
        assert [(step.verb, step.on.isoformat(), step.to_state) for step in steps] == [
            ("register", "2022-03-05", "registered"),
            ("accept", "2022-03-20", "handling"),
            ("dispose", "2022-03-20", "handling"),
            ("conclude", "2022-05-06", "concluded"),
        ]
        assert vault.content_of(second, None).unit == "某不存在的单位"


def clock(found: list[Clock], key: str) -> Clock:
    return next(each for each in found if each.key == key)


def test_imported_items_have_their_clocks(office: Office, city: World, tmp_path: Path):
    named = (*ROW[:5], "实名", *ROW[6:])
    brought(csv(tmp_path / "ledger.csv", [LEDGER, named]))
    with as_(city.viewer("信访甲")) as viewer:
        [petition] = selectors.petitions(viewer)
        assert clock(selectors.clocks_of(viewer, petition), "acceptance-told").due_on == date(2022, 3, 22)


def test_the_same_file_again_changes_nothing(office: Office, tmp_path: Path):
    path = csv(tmp_path / "ledger.csv", [LEDGER, ROW, ("", *ROW[1:])])
    assert acts(brought(path)) == {"create": 2}
    assert acts(brought(path)) == {"unchanged": 2}
    assert len(rows()) == 2


def test_what_the_platform_says_more_is_added_and_what_was_worked_on_here_is_a_conflict(
    office: Office, city: World, tmp_path: Path
):
    brought(csv(tmp_path / "ledger.csv", [LEDGER, ROW]))
    more = (*ROW[:-5], "初步核实", "2022-04-01", "2022-06-01", "属实", "")
    assert acts(brought(csv(tmp_path / "more.csv", [LEDGER, more]))) == {"update": 1}
    [petition] = rows()
    assert (petition.state, petition.truth, petition.disposal) == ("concluded", "true", "verify")
    other = ("J2022009", *ROW[1:])
    brought(csv(tmp_path / "other.csv", [LEDGER, other]))
    with as_(city.viewer("信访甲")) as by:
        mine = Petition.objects.get(source_code="J2022009")
        deciding.keep(petition=mine, by=by, done=Done(date(2022, 3, 4)))
    changed = (*other[:10], "县处级", *other[11:])
    assert acts(looked(csv(tmp_path / "changed.csv", [LEDGER, changed]))) == {"conflict": 1}


def test_a_repeat_finds_its_main_item_wherever_it_stands(office: Office, tmp_path: Path):
    again = ("J2022002", "2022-04-01", "来信", "检举控告", "重复", *ROW[5:-1], "J2022009")
    main = ("J2022009", *ROW[1:])
    brought(csv(tmp_path / "ledger.csv", [LEDGER, again, main]))
    repeat, first = rows()
    assert (repeat.repeat_of_id, repeat.is_repeat, repeat.state) == (first.pk, True, "kept")


def test_every_error_has_its_cell_and_nothing_comes_in(office: Office, tmp_path: Path):
    bad = [
        LEDGER,
        ROW,
        ("J3", "2022-13-45", *ROW[2:]),
        ("J4", "2022-03-01", "飞鸽", *ROW[3:]),
        ("J5", "2022-03-01", *ROW[2:6], "很多", *ROW[7:]),
        (*ROW[:14], "", *ROW[15:]),
        ("J7", "2099-01-01", *ROW[2:]),
        ("J8", "2022-03-05", *ROW[2:17], "2022-02-01", *ROW[18:]),
    ]
    path = csv(tmp_path / "bad.csv", bad)
    seen = looked(path)
    wrong = [(3, "B"), (4, "C"), (5, "G"), (6, "A"), (6, "O"), (7, "B"), (8, "R")]
    assert [(problem.row, problem.column) for problem in seen.problems] == wrong  # all at once, readable or not
    assert seen.taken == []
    readable = csv(tmp_path / "readable.csv", [row for row in bad if row[0] not in {"J3", "J4", "J7"}])
    assert [(problem.row, problem.column) for problem in looked(readable).problems] == [
        (3, "G"),
        (4, "A"),
        (4, "O"),
        (5, "R"),
    ]
    with as_(SYSTEM) as by, pytest.raises(Refused, match="未导入"):
        sheets.commit(by, sheets.read(readable, PETITIONS), digest="")
    assert rows() == []


def test_files_of_old_encodings_come_in_with_the_characters_of_2022(office: Office, tmp_path: Path):
    path = tmp_path / "old.csv"
    head = ("举报编号,收信日期,主要问题\r\nJ1,2022-03-01,反映").encode("gb18030")
    path.write_bytes(head + b"\xfe\x59" + "某".encode("gb18030"))
    brought(path)
    with as_(SYSTEM):
        assert vault.content_of(Petition.objects.get(), None).summary == "反映\u9fb4某"


def test_a_ledger_as_an_office_keeps_it_comes_in_whole(office: Office, tmp_path: Path):
    """A title over merged cells, other headings, days in every writing, a total and a footer, which are told."""
    book = Workbook()
    page = book.worksheets[0]
    page.append(["某县纪委信访举报登记台账（2022年度）"])
    page.merge_cells("A1:F1")
    page.append(["序号", "受理编号", "登记时间", "举报渠道", "被举报人姓名", "信访内容", "办结时间"])
    days = ("二〇二二年三月一日", "2022年3月2日 上午9时", "2022.3.3", 44624, "2022-03-05（周六）")
    for number, day in enumerate(days, 1):
        page.append([number, f"D{number}", day, "来信", "王某某", f"反映违规吃喝\t第{number}件\n请核实", None])
    page.append(["合计", len(days)])
    page.append(["制表人：某人"])
    book.save(tmp_path / "ledger.xlsx")
    found = brought(tmp_path / "ledger.xlsx")
    assert (acts(found), found.skipped, found.ignored) == ({"create": 5}, [8, 9], [])
    assert [row.received_on for row in rows()] == [date(2022, 3, day) for day in range(1, 6)]
    assert {row.way for row in rows()} == {"letter"}


def test_of_two_headings_of_one_column_the_nearer_counts_wherever_it_stands(office: Office, tmp_path: Path):
    """The day of receipt and what the letter says, not when it was accepted and what it is called."""
    head = ("受理编号", "受理时间", "来信时间", "收件日期", "信访事项", "主要内容")
    line = ("D1", "2022-03-09", "2022-02-20", "2022-03-01", "违规吃喝", "反映违规收受礼金")
    for heads, cells in ((head, line), (head[::-1], line[::-1])):
        sheet = looked(csv(tmp_path / "ledger.csv", [heads, cells]))
        assert (sheet.lines[0].on("on"), sheet.lines[0].text("summary")) == (date(2022, 3, 1), "反映违规收受礼金")
        assert sorted(sheet.ignored) == ["信访事项", "受理时间", "来信时间"]


def test_an_excel_list_comes_in_as_well(office: Office, tmp_path: Path):
    book = Workbook()
    book.active.append(LEDGER)
    book.active.append([cell if cell != "2022-03-01" else date(2022, 3, 1) for cell in ROW])
    book.save(tmp_path / "ledger.xlsx")
    assert acts(brought(tmp_path / "ledger.xlsx")) == {"create": 1}
    assert rows()[0].received_on == date(2022, 3, 1)


def test_a_petition_officer_brings_in_lists_of_his_own_office_alone(city: World, tmp_path: Path):
    path = csv(tmp_path / "ledger.csv", [(*LEDGER, "登记机构"), (*ROW, "思明区信访室")])
    with as_(city.viewer("信访甲")) as by, pytest.raises(Refused, match="登记机构"):
        sheets.judge(by, sheets.read(path, PETITIONS))
    with as_(city.viewer("干部甲")) as by, pytest.raises(Refused, match="权限"):
        sheets.judge(by, sheets.read(path, PETITIONS))
    with as_(city.viewer("区信访")) as by:
        assert acts(sheets.judge(by, sheets.read(path, PETITIONS))) == {"create": 1}


def test_an_installation_without_offices_opens_one_for_them(db: None, tmp_path: Path):
    path = csv(tmp_path / "ledger.csv", [LEDGER, ROW])
    looked(path)
    assert not Office.objects.exists()
    brought(path)
    assert [office.name for office in Office.objects.all()] == ["信访室"]
    assert acts(brought(path)) == {"unchanged": 1}


def test_what_is_sealed_of_a_list_has_one_size(office: Office, tmp_path: Path):
    brought(csv(tmp_path / "ledger.csv", [LEDGER, ROW]))
    with guard.acting(SYSTEM):
        assert [len(bytes(row.envelope)) for row in Sealed.objects.all()] == [4096]
