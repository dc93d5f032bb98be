"""未判断: a rule whose decisive column is empty has found nothing because it could not, and says so instead of 0."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from tests.crosscheck.conftest import write
from tests.crosscheck.deciding import deciding
from tests.crosscheck.test_command import jiandu
from tests.crosscheck.test_shapes import told_of

from jiandu.base.engine.engines import Engine
from jiandu.sources.crosscheck import decisive, rules, running, shapes, tables
from jiandu.sources.crosscheck.planting import Planted
from jiandu.sources.crosscheck.rule import CASE_DAY, Rule

EVERY = [pytest.param(rule, id=rule.id) for rule in rules.known().values()]


@pytest.mark.once
@pytest.mark.parametrize("rule", EVERY)
def test_what_decides_a_rule_is_written_down(rule: Rule, duckdb: Engine) -> None:
    """Where this fails: python -m tests.crosscheck.deciding writes the file anew."""
    assert list(decisive.of(rule)) == deciding(duckdb, rule)
    for group in decisive.of(rule):
        for each in group.split("+"):
            table, _, column = each.partition(".")
            assert table in rule.tables
            assert not column or column in tables.named(table).by_name


def receipts(*spent: int | None) -> Planted:
    rows = [
        {"receipt_id": f"R{n}", "village": "村", "paid_on": CASE_DAY, "amount_fen": 100, "spent_fen": fen}
        for n, fen in enumerate(spent)
    ]
    return Planted(rows={"receipt": rows})


def ran(folder: Path, *names: str) -> dict[str, running.Outcome]:
    asked = running.Asked(rules.named(list(names)), folder, CASE_DAY, memory="500MB")
    return {each.rule.id: each for each in running.run(asked).outcomes}


@pytest.mark.parametrize(
    ("spent", "judged", "filled", "hits"),
    [((None, None), False, 0, 0), ((None, 0), True, 1, 0), ((None, 1), True, 1, 1), ((), False, 0, 0)],
)
def test_nothing_found_in_an_empty_column_is_not_judged(
    tmp_path: Path, spent: tuple[int | None, ...], judged: bool, filled: int, hits: int
) -> None:
    write(tmp_path, receipts(*spent))
    one = ran(tmp_path, "SZ-15-2")["SZ-15-2"]
    assert (one.is_conclusive, one.hits) == (judged, hits)
    table, column = one.fills
    assert (table.filled, column.filled, column.rows) == (len(spent), filled, len(spent))
    said = "收款的坐支金额没有一行填写" if spent else "收款没有一行"
    assert decisive.words(one.lacks) == ([] if judged else [said])


def test_one_of_two_columns_is_enough(tmp_path: Path) -> None:
    row = {"contract_id": "C1", "village": "村", "start_on": CASE_DAY, "end_on": CASE_DAY, "status": "履行中"}
    cadre = {"id_no": "11010519491231002X", "village": "村", "post": "委员", "start_on": CASE_DAY}
    for name, more, lacking in (
        ("neither", {}, ["集体合同的承租方身份证号、集体合同的承租方信用代码都没有一行填写"]),
        ("firm", {"lessee_uscc": "91350100M000100Y43"}, []),
    ):
        contract = {**row, "signed_on": CASE_DAY, **more}
        write(tmp_path / name, Planted(rows={"contract": [contract], "cadre": [cadre]}))
        assert decisive.words(ran(tmp_path / name, "SZ-12")["SZ-12"].lacks) == lacking


def test_a_table_that_is_not_there_is_not_judged_either(tmp_path: Path) -> None:
    write(tmp_path, receipts(1), ["receipt"])
    assert not ran(tmp_path, "SZ-15-2", "SZ-18")["SZ-18"].is_conclusive


def test_a_rule_told_as_data_needs_the_columns_of_its_conditions(tmp_path: Path) -> None:
    filled = {"column": "changed_fen", "is": ">", "value": 5}
    rule = shapes.from_data(told_of("compare", "works", where=[filled, {"column": "unit", "is": "empty"}]))
    assert rule.needs == ("works", "works.changed_fen")
    assert decisive.lacks(rule, {"works": (3, {"changed_fen": 0})})[0][0].column == "changed_fen"
    assert decisive.lacks(rule, {"works": (3, {"changed_fen": 1})}) == []


@pytest.mark.parametrize("told", [True, False])
def test_a_footer_that_does_not_say_is_counted(tmp_path: Path, *, told: bool) -> None:
    table = pa.table({"a": [None, "x", None], "b": [1, 2, 3]})
    pq.write_table(table, tmp_path / "t.parquet", write_statistics=told, row_group_size=2)
    assert decisive.filled_in(tmp_path / "t.parquet") == (3, {"a": 1, "b": 3})
    assert ds.dataset(tmp_path / "t.parquet").count_rows() == 3


@pytest.mark.once
def test_the_command_says_not_judged(tmp_path: Path) -> None:
    write(tmp_path, receipts(None, None))
    words = ("crosscheck", "run", "SZ-15-1", "SZ-15-2", "--data", str(tmp_path), "--on", "2024-12-31", "--quiet")
    lines = jiandu(*words)
    assert "未判断 not judged：收款的坐支金额没有一行填写" in lines
    assert "2 rules did not judge: SZ-15-1, SZ-15-2" in lines
    told: dict[str, Any] = json.loads(jiandu(*words, "--json"))
    one = next(each for each in told["rules"] if each["id"] == "SZ-15-2")
    assert (one["judged"], one["lacks"]) == (False, ["收款的坐支金额没有一行填写"])
    assert one["decisive"][1] == {
        "table": "receipt",
        "column": "spent_fen",
        "filled": 0,
        "rows": 2,
        "share": 0.0,
        "words": "收款的坐支金额",
    }
