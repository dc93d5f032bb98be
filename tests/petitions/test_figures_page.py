"""核对数字: tables pasted from a bulletin typed elsewhere; each pair that does not add up is named where it stands."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.petitions import city as cities
from tests.surfaces.desk.test_accounts import client_of
from tests.world import World

from jiandu.results.digests.checking import check
from jiandu.results.digests.typed import Unreadable, read, read_grid

PAGE = "/desk/petitions/bulletins/check/"
WRONG = "业务范围\n类别\t本期\t上年同期\t增减\n业务内\t401\t687\t-268\n业务外\t30\t30\t0\n"
RIGHT = WRONG.replace("-268", "-286")


@pytest.fixture
def city(world: World) -> World:
    return cities.furnish(world)


def faults(text: str) -> list[tuple[str, str, str]]:
    return [(fault.rule, fault.said, fault.should) for fault in check(read_grid(text)).faults]


def test_a_pasted_table_is_what_the_same_table_is_as_a_file(tmp_path: Path) -> None:
    lines = ["表,行,列,数"]
    head, *rows = [line.split("\t") for line in WRONG.splitlines()[1:]]
    lines += [
        f"业务范围,{row[0]},{column},{value}" for row in rows for column, value in zip(head[1:], row[1:], strict=True)
    ]
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    typed, pasted = read(tmp_path / "a.csv"), read_grid(WRONG)
    assert [(one.table, one.row, one.column, one.figure, one.percent) for one in typed] == [
        (one.table, one.row, one.column, one.figure, one.percent) for one in pasted
    ]
    assert faults(WRONG) == [("change", "-268", "-286")]
    assert faults(RIGHT) == []


def test_tables_stand_apart_and_a_dash_is_no_figure() -> None:
    cells = read_grid("甲表\n\t件数\n合计\t3\n来信\t3\n来访\t—\n\n乙表\r\n\t件数\r\n合计\t5\r\n来信\t5\r\n")
    assert [(one.table, one.row, int(one.figure)) for one in cells] == [
        ("甲表", "合计", 3), ("甲表", "来信", 3), ("乙表", "合计", 5), ("乙表", "来信", 5),
    ]  # fmt: skip


@given(st.lists(st.integers(0, 999), min_size=2, max_size=8), st.integers(1, 50))
def test_what_adds_up_is_right_and_what_is_moved_is_named(parts: list[int], by: int) -> None:
    rows = [f"类{n}\t{value}" for n, value in enumerate(parts)]
    table = "\n".join(["\t件数", *rows, "合计\t{}"])
    assert faults(table.format(sum(parts))) == []
    assert faults(table.format(sum(parts) + by)) == [("sum", str(sum(parts) + by), str(sum(parts)))]


def test_a_figure_without_a_name_above_it_is_told() -> None:
    with pytest.raises(Unreadable) as wrong:
        read_grid("\t本期\n甲\t3\t4\t\n")
    assert [(each["row"], each["column"], each["value"]) for each in wrong.value.errors] == [(2, "C", "4")]


def test_what_is_no_figure_is_told_with_its_place() -> None:
    with pytest.raises(Unreadable) as wrong:
        read_grid("\t本期\t上期\n甲\t多\t2\n甲\t3\t4\n")
    assert [(each["row"], each["column"], each["value"]) for each in wrong.value.errors] == [
        (2, "本期", "多"), (3, "上期", "4"),
    ]  # fmt: skip
    with pytest.raises(Unreadable):
        read_grid("一段话")


def test_the_page_names_what_does_not_add_up(city: World) -> None:
    clerk = client_of(city, "信访甲")
    said = clerk.post(PAGE, {"text": WRONG})
    assert (said.status_code, "“业务内·增减”写-268，687到401应为-286" in said.content.decode()) == (200, True)
    right = clerk.post(PAGE, {"text": RIGHT}).content.decode()
    assert ("核对2组，0组不符" in right, "应为-286" in right) == (True, False)
    unread = clerk.post(PAGE, {"text": "\t本期\n甲\t<b>多</b>\n"})
    assert (unread.status_code, "第2行“本期”栏“&lt;b&gt;多&lt;/b&gt;”：不是可识别的数" in unread.content.decode()) == (
        422,
        True,
    )
    english = clerk.post(PAGE, {"text": WRONG}, headers={"accept-language": "en"}).content.decode()
    assert "from 687 to 401 it is -286" in english


def test_the_bulletin_leads_to_it_and_others_do_not_reach_it(city: World) -> None:
    assert PAGE in client_of(city, "信访甲").get("/desk/petitions/bulletins/?kind=year&year=2022").content.decode()
    city.user("内勤甲", "office_clerk", office="市纪委监委")
    assert client_of(city, "内勤甲").get(PAGE).status_code == 404
