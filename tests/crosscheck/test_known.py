"""Which rules there are: every model of the list of the design, by number. A module that is lost is noticed."""

import ibis
import pytest

from jiandu.base.engine.engines import DIALECTS, sql_of
from jiandu.sources.crosscheck import masking, rules, tables
from jiandu.sources.crosscheck.rule import CASE_DAY

WANTED = {
    **{f"SZ-{number:02d}": 1 for number in range(1, 19)},
    **{f"M{number:02d}": 1 for number in range(1, 19)},
    "SZ-14": 5,  # cash, no invoice, twice, in a row, before festivals
    "SZ-15": 3,  # personal account, spent before it was banked, late
    "M02": 8,
    "M04": 3,
    "M05": 3,
    "M06": 4,
    "M07": 7,
    "M08": 7,
    "M09": 6,
    "M10": 8,
    "M11": 6,
    "M12": 8,  # the rules of grain
    "M18": 11,  # the red flags of public revenue
    **{f"A{number:02d}": 2 for number in range(1, 6)},
    "A03": 3,
}


def test_no_model_is_lost() -> None:
    ids = list(rules.known())
    counted = {name: sum(each == name or each.startswith(f"{name}-") for each in ids) for name in WANTED}
    assert {name: counted[name] for name, least in WANTED.items() if counted[name] < least} == {}


def test_a_model_is_asked_for_by_its_number_alone() -> None:
    assert [rule.id for rule in rules.named(["sz-14"])] == [f"SZ-14-{number}" for number in range(1, 6)]
    assert {rule.id for rule in rules.named(["M10"])} == {name for name in rules.known() if name.startswith("M10")}


def test_what_a_rule_says_in_words_of_its_own_is_told_to_be_plain() -> None:
    """A text column that no table explains is starred in every alert: “低保和*名单” helps nobody. Say what it is."""
    given = {name: ibis.table(table.schema, name=name) for name, table in tables.known().items()}
    unknown = {
        (rule.id, name)
        for rule in rules.known().values()
        for name, kind in rule.expression(given, CASE_DAY).schema().items()
        if kind.is_string() and name not in masking.PLAIN and name not in masking.columns_of(rule)
    }
    assert unknown == set()


def test_who_a_rule_names_is_starred_under_every_name() -> None:
    personal = {
        "M03": "official_id",
        "M04-1": "agent_id",
        "M04-3": "cadre_id",
        "M02-8": "member_id",
        "M09-6": "buyer_id",
    }
    for rule, name in personal.items():
        assert masking.columns_of(rules.known()[rule])[name].personal, rule
        assert name not in masking.PLAIN


@pytest.mark.once
def test_every_rule_is_written_in_every_dialect() -> None:
    given = {name: ibis.table(table.schema, name=name) for name, table in tables.known().items()}
    for rule in rules.known().values():
        expression = rule.expression(given, CASE_DAY)
        for dialect in DIALECTS:
            assert "SELECT" in sql_of(expression, dialect), (rule.id, dialect)
