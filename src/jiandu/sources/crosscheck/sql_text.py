"""The SQL of a rule for an auditor: over tables that are only described, without any data."""

from datetime import date

from jiandu.base.engine.engines import sql_of
from jiandu.sources.crosscheck import tables
from jiandu.sources.crosscheck.rule import Rule


def of(rule: Rule, dialect: str, on: date) -> str:
    """What the rule asks, in a dialect of Ibis (duckdb, spark, postgres …). Raises Refused for one that there is not."""
    import ibis  # noqa: PLC0415 -- slow import

    given = {name: ibis.table(tables.named(name).schema, name=name) for name in rule.tables}
    return sql_of(rule.expression(given, on).order_by(list(rule.key)), dialect)
