"""Every rule: it is whole, it hits its own cases exactly, and among the cases of all rules it hits no other."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.crosscheck.conftest import write

from jiandu.base.engine.engines import Engine
from jiandu.sources.crosscheck import rules, running, tables, wording
from jiandu.sources.crosscheck.planting import Planted, planted
from jiandu.sources.crosscheck.rule import (
    CASE_DAY,
    EDGE_IN,
    EDGE_OUT,
    FALSE,
    LEVELS,
    TRUE,
    Basis,
    Case,
    Rule,
    check,
    rests_on,
)

EVERY = [pytest.param(rule, id=rule.id) for rule in rules.known().values()]


def found(engine: Engine, folder: Path, rule: Rule) -> list[dict[str, object]]:
    """The rule's hits over the tables of a folder."""
    given = {name: engine.table(f"{folder.name}_{name}", folder / f"{name}.parquet") for name in rule.tables}
    return engine.rows(rule.expression(given, CASE_DAY).order_by(list(rule.key)))


@pytest.mark.parametrize("rule", EVERY)
def test_a_rule_is_whole(rule: Rule) -> None:
    check(rule)
    assert {column for columns in rule.behind.values() for column in columns.values()} <= set(rule.shown)
    assert f"{wording.FALLBACK}〕" not in wording.sentence(rule), "a column of its own has no words"
    for name, columns in rule.behind.items():
        assert set(columns) <= set(tables.named(name).by_name), name


LAWFUL = Basis("某法", "第一条", date(2021, 1, 1))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"basis": (Basis("某法", "第一条"),)}, "the day from which it holds"),
        ({"basis": (Basis("某地做法", since=date(2021, 1, 1)),)}, "the day from which it holds"),
        ({"basis": ()}, "basis, sentence"),
        ({"cases": ()}, "lacks cases: edge-in, edge-out, false, true"),
    ],
)
def test_a_rule_that_is_not_whole_is_told(changed: dict[str, Any], reason: str) -> None:
    rule = replace(rules.known()["SZ-01"], basis=(LAWFUL,))
    check(rule)  # the control
    with pytest.raises(ValueError, match=reason):
        check(replace(rule, **changed))


def test_both_sides_of_a_threshold_are_shown_where_there_is_one() -> None:
    rule = rules.known()["SZ-01"]
    for kind in (TRUE, FALSE, EDGE_IN, EDGE_OUT):
        with pytest.raises(ValueError, match=f"lacks cases: {kind}$"):
            check(replace(rule, cases=tuple(case for case in rule.cases if case.kind != kind)))
    without = replace(rule, params={}, cases=tuple(case for case in rule.cases if case.kind != EDGE_IN))
    check(without)  # no number says how far: the nearest lawful row is enough


@pytest.mark.parametrize("rule", EVERY)
def test_what_a_rule_rests_on_says_its_kind_and_where_no_article_is(rule: Rule) -> None:
    told = rests_on(rule)
    assert (told[0] == "无条文") is rule.lacks_article()
    assert all(each.startswith(("法规：", "实践参数：", "审计方法：", "无条文")) for each in told)
    assert all("起施行" in each for each in told if each.startswith("法规："))


def test_before_its_law_a_rule_says_that_no_article_was_in_force() -> None:
    rule = rules.known()["SZ-15-1"]
    assert rests_on(rule, date(2025, 4, 30))[0] == "当时没有施行的条文"
    assert rests_on(rule, date(2025, 5, 1))[0].startswith("法规：农村集体经济组织法第四十四条")


@pytest.mark.parametrize("rule", EVERY)
def test_a_rule_rests_on_something_whatever_the_day_and_on_no_law_of_later(rule: Rule) -> None:
    for on in (date(2019, 12, 31), date(2022, 12, 31), CASE_DAY, date(2025, 5, 1)):
        assert rule.basis_on(on), on
        assert all(each.since is None or each.since <= on for each in rule.basis_on(on))
    assert rule.basis_on(date(2025, 5, 1)) == rule.basis  # the control: by then all of them hold


@pytest.mark.parametrize("rule", EVERY)
def test_a_rule_hits_its_cases_and_no_other_row(
    rule: Rule, duckdb: Engine, cases_of: Callable[[Rule], tuple[Path, Planted]]
) -> None:
    folder, rows = cases_of(rule)
    hits = found(duckdb, folder, rule)
    assert sorted(running.key_of(rule, hit) for hit in hits) == sorted(rows.answers[rule.id])
    for hit in hits:
        assert hit["level"] in LEVELS
        assert "{" not in rule.explain(hit)
        assert "（空）" not in rule.explain(hit), "the sentence names what is not there"


def test_cultivated_land_beyond_the_second_round_is_told_where_the_place_says_when_it_ends(
    duckdb: Engine, tmp_path: Path
) -> None:
    """A day that differs from place to place: no case of a rule can show it, for cases are judged by the defaults."""
    land: tuple[dict[str, Any], ...] = (
        {"contract_id": "C1", "kind": "耕地", "end_on": date(2028, 1, 1)},
        {"contract_id": "C2", "kind": "耕地", "end_on": date(2027, 12, 31)},
        {"contract_id": "C3", "kind": "店面", "end_on": date(2028, 1, 1)},
    )
    rule = replace(rules.known()["SZ-03"], cases=(Case("二轮延包", {"contract": land}),))
    rows = planted([rule], 1)
    write(tmp_path, rows, rule.tables)
    given = {"contract": duckdb.table("second_round", tmp_path / "contract.parquet")}
    (hit,) = duckdb.rows(rule.expression(given, CASE_DAY, {"second_round": "20271231"}))
    assert (hit["contract_id"], hit["level"]) == (rows.rows["contract"][0]["contract_id"], "yellow")
    assert "至2028-01-01，超过本地二轮延包到期日（20271231）。" in rule.explain(hit)
    assert duckdb.rows(rule.expression(given, CASE_DAY)) == []  # the control: nobody said when


@pytest.mark.parametrize("rule", EVERY)
def test_among_the_cases_of_all_rules_it_hits_what_is_declared(
    rule: Rule, duckdb: Engine, all_cases: tuple[Path, Planted]
) -> None:
    """Where this fails with extra hits: another rule's case is not clean; clean it, or declare it with `also`."""
    folder, rows = all_cases
    hits = [running.key_of(rule, hit) for hit in found(duckdb, folder, rule)]
    assert sorted(hits) == sorted(rows.answers[rule.id])
    assert len(set(hits)) == len(hits), "a hit is told once"
