"""What rules say about columns, in a form that every engine answers alike.

Days and months become whole numbers: a frame of "30 days before" over dates is spelled differently by each engine, over
numbers it is not. Money is whole 分. Nothing rests on the order of rows.
"""

from datetime import date
from functools import reduce
from typing import Any

from jiandu.base.engine.engines import Expr

EPOCH = date(2000, 1, 1)


def day(column: Expr) -> Expr:
    """A date as days since 2000-01-01."""
    import ibis  # noqa: PLC0415 -- slow import

    return column.delta(ibis.date(EPOCH), unit="day").cast("int64")


def day_of(on: date) -> int:
    """The same number of a date that is known here."""
    return (on - EPOCH).days


def month(column: Expr) -> Expr:
    """A date as months since year 0: December 2022 is 24,275, January 2023 the next."""
    return column.year().cast("int64") * 12 + column.month().cast("int64") - 1


def month_of(on: date) -> int:
    """The same number of a date that is known here."""
    return on.year * 12 + on.month - 1


def years_before(on: date, years: int) -> date:
    """The day so many years earlier; 29 February becomes the 28th."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return on.replace(year=on.year - years, day=28)


def literal(value: Any) -> Expr:
    """A value known here as a column: a date stays a date."""
    import ibis  # noqa: PLC0415 -- slow import

    return ibis.literal(value)


def seconds(column: Expr) -> Expr:
    """A moment as seconds since 2000-01-01, whole: of its day and its clock, in words that every dialect has."""
    clock = column.hour().cast("int64") * 3600 + column.minute().cast("int64") * 60 + column.second().cast("int64")
    return day(column.date()) * 86400 + clock


def middles(table: Expr, by: list[str], value: str) -> Expr:
    """Per group the median of a column and how many rows have one (`median`, `peers`): not every dialect has a median."""
    import ibis  # noqa: PLC0415 -- slow import

    known = table.filter(table[value].notnull())
    window = ibis.window(group_by=by)
    placed = known.mutate(
        nth=ibis.row_number().over(ibis.window(group_by=by, order_by=value)), peers=known.count().over(window)
    )
    twice = placed.nth * 2 + 2 - placed.peers  # 1 of an odd number; 0 and 2 of an even one
    kept = placed.filter(twice.between(0, 2))
    return kept.group_by(by).agg(median=kept[value].mean(), peers=kept.peers.max())


def where(condition: Expr, yes: Any, no: Any) -> Expr:
    """One value where the condition holds, another where it does not (or is not known)."""
    import ibis  # noqa: PLC0415 -- slow import

    return ibis.ifelse(condition, yes, no)


def any_of(*conditions: Expr) -> Expr:
    """At least one holds; unknown counts as no."""
    return reduce(lambda a, b: a | b, (each.fill_null(False) for each in conditions))  # noqa: FBT003 -- Ibis' own


def together(*tables: Expr) -> Expr:
    """All rows of tables with the same columns."""
    import ibis  # noqa: PLC0415 -- slow import

    return ibis.union(*tables, distinct=False)


def sliding(by: list[Expr], order: Expr, back: int) -> Expr:
    """Rows of the same group from `back` units before to this one; `order` is a whole number."""
    import ibis  # noqa: PLC0415 -- slow import

    return ibis.range_window(group_by=by, order_by=order, preceding=back, following=0)


def previous(by: list[str], order: list[str]) -> Expr:
    """The window for lag(): rows of one group in a full order (end it with a key, so that it is one order)."""
    import ibis  # noqa: PLC0415 -- slow import

    return ibis.window(group_by=by, order_by=order)


def written(column: Expr) -> Expr:
    """A date as 20241231: adding 200000 is the same day twenty years later, in every engine."""
    return column.year().cast("int64") * 10_000 + column.month().cast("int64") * 100 + column.day().cast("int64")


def next_day(column: Expr) -> Expr:
    """The day after: a term up to 31 December is over on 1 January."""
    import ibis  # noqa: PLC0415 -- slow import

    return column + ibis.interval(days=1)
