"""Two lists of the same people: who is who, why, and what a person must decide."""

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest
from benchmarks.people.making import people
from benchmarks.people.units import units
from hypothesis import given, settings
from hypothesis import strategies as st

from jiandu.base.core.ids import credit_code_check, identity_number_check, identity_number_problem
from jiandu.base.linkage.companies import COMPANIES
from jiandu.base.linkage.linking import Limits, link
from jiandu.base.linkage.persons import NAME, PERSONS, check_digit
from jiandu.base.linkage.schemes import Scheme
from jiandu.base.linkage.verdicts import CONFIRM, OTHER, SAME, Links, Pair, Thresholds

COLUMNS = {
    "persons": ("id", "name", "id_no", "birth", "place"),
    "companies": ("id", "uscc", "name", "legal_rep", "address"),
}
HOME = "海沧区东孚街道山边村12号"


def number(code: str, born: str, turn: str) -> str:
    return code + born + turn + identity_number_check(code + born + turn)


def uscc(body: str) -> str:
    return body + credit_code_check(body)


def rows(scheme: Scheme, *said: Sequence[str]) -> pa.Table:
    columns = COLUMNS[scheme.key]
    return pa.table({name: pa.array([row[at] for row in said], pa.string()) for at, name in enumerate(columns)})


def linked(
    *said: Sequence[str], beside: Sequence[Sequence[str]], scheme: Scheme = PERSONS
) -> dict[tuple[str, str], Pair]:
    found = link(rows(scheme, *said), rows(scheme, *beside), scheme=scheme)
    return {(pair.id_a, pair.id_b): pair for pair in found}


MANY = "赵一 钱二 孙三 李四 周五 吴六 郑七 冯八 陈九 褚十 卫一 蒋二"
WANG = number("350205", "19800105", "123")
LIN = number("350205", "19550317", "011")


def test_the_same_person_is_found_whatever_was_written() -> None:
    beside = [
        ("exact", "王晓明", WANG, "1980-01-05", HOME),
        ("homophone", "王小明", "", "1980年1月5日", HOME),
        ("short", "王晓明", WANG[:6] + WANG[8:17], "", ""),
        ("wide", "王　曉明", "".join(chr(ord(char) + 0xFEE0) for char in WANG), "", "福建省厦门市" + HOME),
        ("slip", "王晓明", WANG[:-2] + "9" + WANG[-1], "19800105", ""),
        ("lost", "王明", WANG, "", ""),
        ("moved", "王晓明", WANG, "", "翔安区新店镇后村村9号"),
    ]
    found = linked(("a", "王晓明", WANG, "19800105", HOME), beside=beside)
    assert {pair.id_b: pair.verdict for pair in found.values()} == dict.fromkeys([row[0] for row in beside], SAME)
    level = {pair.id_b: {share.comparison: share.words for share in pair.shares} for pair in found.values()}
    assert level["homophone"]["name"] == "姓名同音"
    assert level["short"]["id_no"] == "15位与18位身份证号相符"
    assert level["wide"] == {"name": "姓名相同", "id_no": "身份证号相同", "birth": "出生日期相同", "place": "住址相同"}
    assert level["slip"]["id_no"] == "身份证号一位之差，校验不符"
    assert level["lost"]["name"] == "姓名少一字"


def test_others_are_not_taken_for_the_same() -> None:
    beside = [
        ("namesake", "王晓明", number("350205", "19750706", "011"), "19750706", "同安区莲花镇上陵村3号"),
        ("namesake without number", "王晓明", "", "19750706", "同安区莲花镇上陵村3号"),
        ("son", "王晓东", number("350205", "20030203", "017"), "20030203", HOME),
        ("son without number", "王晓", "", "20030203", HOME),
        ("twin", "王晓亮", number("350205", "19800105", "125"), "19800105", HOME),
        ("twin without number", "王晓亮", "", "19800105", HOME),
        ("neighbour", "李秀英", "", "", HOME),
        ("name alone", "王晓明", "", "", ""),
        ("number of another", "陈美丽", WANG, "19911212", ""),
        ("two sound numbers", "王晓明", number("350205", "19800105", "127"), "19800105", HOME),
    ]
    found = linked(("a", "王晓明", WANG, "19800105", HOME), beside=beside)
    assert {pair.verdict for pair in found.values()} <= {CONFIRM}
    reasons = {pair.id_b: pair.reason for pair in found.values()}
    assert reasons["twin without number"] == "姓名不同，无相同的身份证号"
    assert reasons["two sound numbers"] == "两个身份证号均有效而不同"
    assert reasons["number of another"] == "身份证号相同而姓名不同"
    assert reasons["name alone"] == "只有姓名相符"
    assert {"neighbour", "namesake", "son"} & set(reasons) == set()


def test_a_number_that_many_share_is_no_number() -> None:
    many = [(f"b{at}", name, WANG, "", "") for at, name in enumerate(MANY.split())]
    found = link(rows(PERSONS, ("a", "王晓明", WANG, "19800105", HOME)), rows(PERSONS, *many), scheme=PERSONS)
    assert len(found) == 0
    assert [(note.side, note.rows) for note in found.notes if "共用" in note.words] == [(0, 1), (1, 12)]


def test_a_branch_is_not_its_company() -> None:
    code, other = uscc("91350200MA2Y1A1B1"), uscc("91350212MA2Y9C9D9")
    beside = [
        ("same", code, "鑫盛建设工程公司", "林志强", ""),
        ("form", "", "厦门市鑫盛建设工程有限责任公司", "林志强", "湖里区金山路8号"),
        ("branch", other, "厦门鑫盛建设工程有限公司同安分公司", "林志强", "湖里区金山路8号"),
        ("branch without code", "", "厦门鑫盛建设工程有限公司同安分公司", "林志强", "湖里区金山路8号"),
        ("old code", code[8:16] + "-" + code[16], "鑫盛建设", "", ""),
        ("other", uscc("91350200MA2Y5E5F5"), "厦门鑫盛贸易有限公司", "黄志坚", "集美区杏林街道1号"),
    ]
    found = linked(
        ("a", code, "厦门鑫盛建设工程有限公司", "林志强", "湖里区金山路8号"), beside=beside, scheme=COMPANIES
    )
    verdicts = {pair.id_b: pair.verdict for pair in found.values()}
    assert [verdicts[name] for name in ("same", "form", "old code")] == [SAME] * 3
    assert {verdicts.get(name, OTHER) for name in ("branch", "branch without code", "other")} <= {CONFIRM, OTHER}
    assert {pair.reason for pair in found.values() if "branch" in pair.id_b} == {
        "一为总机构、一为分支机构，或为两个分支机构"
    }


@pytest.fixture(scope="module")
def lists() -> tuple[pa.Table, pa.Table, dict[str, str]]:
    return people(3_000, 11)


@pytest.fixture(scope="module")
def links(lists: tuple[pa.Table, pa.Table, dict[str, str]]) -> Links:
    return link(lists[0], lists[1], scheme=PERSONS)


def right(links: Links, truth: dict[str, str]) -> tuple[float, float]:
    """Precision and recall of what is told as the same."""
    told = [(pair.id_a, pair.id_b) for pair in links if pair.verdict == SAME]
    hits = sum(truth.get(b) == a for a, b in told)
    return hits / len(told), hits / len(truth)


def test_most_are_found_and_hardly_any_wrongly(lists: tuple[Any, Any, dict[str, str]], links: Links) -> None:
    precision, recall = right(links, lists[2])
    assert precision > 0.997
    assert recall > 0.975


def test_the_weight_is_the_sum_of_what_is_explained(links: Links) -> None:
    assert len(links) > 1_000
    for pair in links:
        assert pair.start + sum(share.weight for share in pair.shares) == pytest.approx(pair.weight, abs=1e-9)
        assert pair.probability == pytest.approx(1 / (1 + 2**-pair.weight), abs=1e-6)
    starts = {round(pair.start, 6) for pair in links}
    assert len(starts) == 1
    first = next(iter(links))
    assert first.words.startswith("姓名相同 +")
    assert first.words.count("，") == 3


def test_the_order_of_rows_changes_nothing(lists: tuple[pa.Table, pa.Table, dict[str, str]], links: Links) -> None:
    shaken = [list(range(table.num_rows)) for table in lists[:2]]
    for order in shaken:
        random.Random(5).shuffle(order)
    again = link(lists[0].take(shaken[0]), lists[1].take(shaken[1]), scheme=PERSONS, limits=Limits(threads=1))
    assert again.table.equals(links.table)


def test_the_sides_may_be_changed(lists: tuple[pa.Table, pa.Table, dict[str, str]], links: Links) -> None:
    other = link(lists[1], lists[0], scheme=PERSONS)
    there = {(pair.id_a, pair.id_b) for pair in links if pair.verdict == SAME}
    back = {(pair.id_b, pair.id_a) for pair in other if pair.verdict == SAME}
    assert len(there ^ back) <= len(there) // 200


def test_a_broken_comparison_is_noticed(lists: tuple[pa.Table, pa.Table, dict[str, str]]) -> None:
    """The control: names compared by their surnames alone, and the figures above would not hold."""
    surname = replace(NAME.levels[0], condition="surname_l = surname_r", equal=("surname",), frequency="surname")
    blind = replace(
        PERSONS, comparisons=(replace(NAME, levels=(surname, NAME.levels[-1])), *PERSONS.comparisons[1:]), guards=()
    )
    precision, recall = right(link(lists[0], lists[1], scheme=blind), lists[2])
    assert precision < 0.99 or recall < 0.97


def test_a_table_is_linked_with_itself(lists: tuple[pa.Table, pa.Table, dict[str, str]]) -> None:
    both = pa.concat_tables(lists[:2])
    found = link(both, scheme=PERSONS)
    told = {(pair.id_a, pair.id_b) for pair in found if pair.verdict == SAME}
    wanted = {(a, b) for b, a in lists[2].items()}
    assert all(a < b for a, b in told)
    assert len(told & wanted) > 0.97 * len(wanted)
    assert len(told - wanted) < 0.01 * len(told)


def test_companies_are_found_and_neither_branches_nor_sisters() -> None:
    left, other, truth = units(2_000, 5)
    told = {(pair.id_a, pair.id_b) for pair in link(left, other, scheme=COMPANIES) if pair.verdict == SAME}
    assert len(told & truth) > 0.95 * len(truth)
    assert len(told - truth) <= 1


def test_lists_that_share_nobody_give_next_to_nothing() -> None:
    one, other, _ = people(2_000, 3)
    strangers = people(2_000, 4)[1]
    assert sum(pair.verdict == SAME for pair in link(one, strangers, scheme=PERSONS)) <= 2
    assert other.num_rows == 2_000


def test_without_any_number_names_dates_and_places_do(lists: tuple[pa.Table, pa.Table, dict[str, str]]) -> None:
    bare = [table.set_column(2, "id_no", pa.nulls(table.num_rows, pa.string())) for table in lists[:2]]
    precision, recall = right(link(bare[0], bare[1], scheme=PERSONS), lists[2])
    assert precision > 0.99
    assert recall > 0.9
    without = [table.drop_columns(["id_no"]) for table in lists[:2]]
    assert link(without[0], without[1], scheme=PERSONS).table.equals(link(bare[0], bare[1], scheme=PERSONS).table)


def test_one_row_and_none() -> None:
    one, none = rows(PERSONS, ("a", "王晓明", WANG, "19800105", HOME)), rows(PERSONS)
    assert [len(link(*pair, scheme=PERSONS)) for pair in ((one,), (none,), (one, none), (none, one), (none, none))] == [
        0
    ] * 5
    assert [pair.verdict for pair in link(one, one, scheme=PERSONS)] == [SAME]
    assert list(link(none, one, scheme=PERSONS)) == []
    blank = rows(PERSONS, ("a", "", "", "", ""))
    assert len(link(blank, blank, scheme=PERSONS)) == 0


def test_ids_are_there_and_once() -> None:
    for ids in (("a", "a"), ("a", "")):
        table = rows(PERSONS, *((name, "王晓明", "", "", "") for name in ids))
        with pytest.raises(ValueError, match="编号为空或重复"):
            link(table, scheme=PERSONS)


def test_thresholds_are_the_callers() -> None:
    table, beside = (
        rows(PERSONS, ("a", "王晓明", "", "19800105", "")),
        rows(PERSONS, ("b", "王小明", "", "19800105", "")),
    )
    (pair,) = link(table, beside, scheme=PERSONS, thresholds=Thresholds(told=0.0001))
    p = pair.probability
    for thresholds, verdict in (
        (Thresholds(p / 2, p / 3, p / 4), SAME),
        (Thresholds(1, p / 2, p / 4), CONFIRM),
        (Thresholds(1, 1, p / 2), OTHER),
    ):
        assert [each.verdict for each in link(table, beside, scheme=PERSONS, thresholds=thresholds)] == [verdict]


@settings(max_examples=200, deadline=None)
@given(st.from_regex(r"[1-9][0-9]{16}", fullmatch=True))
def test_the_engine_checks_digits_as_the_house_does(body: str) -> None:
    import duckdb

    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT {check_digit('body')} FROM (SELECT ? AS body)", [body]).fetchall()
    assert found == [(identity_number_check(body),)]


def test_a_number_of_a_division_that_is_gone_is_sound() -> None:
    """350211 was made in 2003: who was born in 1980 may have it all the same."""
    early = number("350211", "19800105", "123")
    assert identity_number_problem(early) is None
    found = link(
        rows(PERSONS, ("a", "王晓明", early, "", "")), rows(PERSONS, ("b", "王晓明", early, "", "")), scheme=PERSONS
    )
    assert [note.words for note in found.notes] == []
    assert [pair.verdict for pair in found] == [SAME]
