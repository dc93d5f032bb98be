"""What a rule that is told as data asks of the tables, in the words that every engine answers alike."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import reduce
from math import floor
from operator import and_, eq, ge, gt, le, lt, ne, or_
from typing import Any

from jiandu.base.engine.columns import day, day_of, literal, sliding, where
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.shape_parts import Condition, Groups, Other, Periods, Within, sort_of
from jiandu.sources.crosscheck.tables import Column, Kind, Table

SIGNS = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
#: Fractions are summed as whole thousandths: a sum of fractions depends on their order.
SCALE = 1000


def rows(found: Expr, conditions: Sequence[Condition], on: date) -> Expr:
    """The rows that hold every condition; what is empty holds none but "empty"."""
    return found.filter(*(holds(found, each, on) for each in conditions)) if conditions else found


def holds(found: Expr, condition: Condition, on: date) -> Expr:
    """Whether a row holds a condition; unknown is no."""
    column = found[condition.column.name]
    if condition.op in {"empty", "filled"}:
        empty = column.isnull() | (column == "") if condition.column.type == "string" else column.isnull()
        return empty if condition.op == "empty" else ~empty
    return _compared(found, condition, on).fill_null(False)  # noqa: FBT003 -- Ibis' own


def _compared(found: Expr, condition: Condition, on: date) -> Expr:
    column = found[condition.column.name]
    if condition.op == "contains":
        return column.contains(condition.value)
    if condition.op in {"in", "not in"}:
        among = _number(column, condition.column).isin([_given(each) for each in condition.value])
        return among if condition.op == "in" else ~among
    sign = SIGNS[condition.op]
    if condition.day is not None:
        return sign(days(column, condition.column), day_of(on) + condition.day)
    if condition.to is None:
        return sign(_number(column, condition.column), _given(condition.value))
    left, right = _number(column, condition.column), _number(found[condition.to.name], condition.to)
    if condition.percent != 100:
        left, right = left * 100, right * condition.percent
    return sign(left, right + condition.plus * (100 if condition.percent != 100 else 1) if condition.plus else right)


def days(column: Expr, of: Column) -> Expr:
    """A date or the date of a moment as a whole number."""
    return day(column.date() if of.kind == Kind.TIME else column)


def _number(column: Expr, of: Column) -> Expr:
    """Dates as days; everything else as it is."""
    return day(column) if sort_of(of) == "date" else column


def _given(value: Any) -> Any:
    if isinstance(value, datetime):
        return literal(value)
    return day_of(value) if isinstance(value, date) else value


def matched(found: Expr, table: Table, other: Other, theirs: Expr, *, present: bool) -> Expr:
    """Rows with a match in the other table, or those without; a row is never its own match."""
    lefts = [mine.name for mine, _ in other.same]
    told = {f"z{n}": theirs[column.name] for n, (_, column) in enumerate(other.same)}
    if other.table.name != table.name and other.within is None:
        wanted = theirs.select(**told).distinct()
        pairs = [(name, f"z{n}") for n, name in enumerate(lefts)]
        return found.semi_join(wanted, pairs) if present else found.anti_join(wanted, pairs)
    keys = list(table.key)
    told |= {f"y{n}": theirs[name] for n, name in enumerate(keys)} if other.table.name == table.name else {}
    both = _both(found, keys, lefts, other.within, theirs, told)
    if other.table.name == table.name:
        both = both.filter(reduce(or_, (both[f"k{n}"] != both[f"y{n}"] for n in range(len(keys)))))
    seen = both.select(*(f"k{n}" for n in range(len(keys)))).distinct()
    pairs = [(name, f"k{n}") for n, name in enumerate(keys)]
    return found.semi_join(seen, pairs) if present else found.anti_join(seen, pairs)


def _both(
    found: Expr, keys: list[str], lefts: list[str], within: Within | None, theirs: Expr, told: dict[str, Expr]
) -> Expr:
    mine = {f"k{n}": found[name] for n, name in enumerate(keys)} | {
        f"x{n}": found[name] for n, name in enumerate(lefts)
    }
    if within:
        mine["from_day"], told = days(found[within.column.name], within.column), dict(told)
        told["to_day"] = days(theirs[within.other.name], within.other)
    both = found.select(**mine).inner_join(theirs.select(**told), [(f"x{n}", f"z{n}") for n in range(len(lefts))])
    if within:
        apart = both.to_day - both.from_day
        both = both.filter(apart >= within.first, apart <= within.last)
    return both


def overlapping(found: Expr, table: Table, periods: Periods, on: date, shown: set[str]) -> Expr:
    """Pairs of rows whose periods share days, the smaller key first; without an end, a period runs to the day."""
    start, end = days(found[periods.start.name], periods.start), days(found[periods.end.name], periods.end)
    open_end = where(start > day_of(on), start, day_of(on))
    told = found.mutate(z_from=start, z_to=end.fill_null(open_end)).filter(lambda t: t.z_from.notnull())
    names = [each.name for each in table.columns if each.name in shown or f"other_{each.name}" in shown]
    needed = list(dict.fromkeys((*table.key, *(c.name for c in (*periods.same, *periods.differ)), *names)))
    one = told.select(*needed, "z_from", "z_to")
    two = told.select(other_from="z_from", other_to="z_to", **{f"other_{name}": name for name in needed})
    both = one.inner_join(two, [(each.name, f"other_{each.name}") for each in periods.same])
    differ = [both[each.name] != both[f"other_{each.name}"] for each in periods.differ]
    first = where(both.z_from > both.other_from, both.z_from, both.other_from)
    last = where(both.z_to < both.other_to, both.z_to, both.other_to)
    both = both.filter(_before(both, table.key), *differ).mutate(shared=last - first + 1)
    return both.filter(both.shared >= periods.days)


def _before(both: Expr, key: tuple[str, ...]) -> Expr:
    """This row's key is the smaller, column by column."""
    less = both[key[-1]] < both[f"other_{key[-1]}"]
    for name in reversed(key[:-1]):
        less = (both[name] < both[f"other_{name}"]) | ((both[name] == both[f"other_{name}"]) & less)
    return less


def measured(found: Expr, groups: Groups) -> Expr:
    """Groups whose measure meets the limit; a row without a group, or without a day where days count, is left out."""
    by = [each.name for each in groups.by]
    told = {name: found[name] for name in by}
    if groups.column:
        told["measured"] = (
            _summand(found[groups.column.name], groups) if groups.measure == "sum" else found[groups.column.name]
        )
    if groups.window:
        told["z_day"] = days(found[groups.window.name], groups.window)
    rows = found.select(**told).filter(*(found[name].notnull() for name in by))
    limit = floor(groups.limit * SCALE + 0.5) if _scaled(groups) else groups.limit

    def meets(number: Expr) -> Expr:
        return SIGNS[groups.op](number, limit)

    if groups.window:
        rows = _windowed(_reaching(rows.filter(rows.z_day.notnull()), by, groups.measure, meets), by, groups)
    else:
        rows = rows.group_by(by).agg(n=_measure(rows, groups.measure))
    met = rows.filter(meets(rows.n))
    each = met.group_by(by).agg(n=met.n.max()) if groups.window else met
    return each.mutate(**{groups.name: each.n / float(SCALE) if _scaled(groups) else each.n}).drop("n")


def _reaching(rows: Expr, by: list[str], measure: str, meets: Callable[[Expr], Expr]) -> Expr:
    """Rows of groups that could meet the limit at all: most groups never come near, and windows are dear."""
    most = where(rows.measured > 0, rows.measured, 0).sum() if measure == "sum" else rows.count()
    large = rows.group_by(by).agg(most=most.cast("int64"))
    return rows.semi_join(large.filter(meets(large.most)), by)


def _scaled(groups: Groups) -> bool:
    return groups.measure == "sum" and groups.column is not None and groups.column.kind == Kind.FLOAT


def _summand(column: Expr, groups: Groups) -> Expr:
    plain = column.fill_null(0)
    return (plain * SCALE + 0.5).floor().cast("int64") if _scaled(groups) else plain


def _measure(rows: Expr, measure: str) -> Expr:
    if measure == "count":
        return rows.count()
    return (rows.measured.nunique() if measure == "distinct" else rows.measured.sum()).cast("int64")


def _windowed(rows: Expr, by: list[str], groups: Groups) -> Expr:
    """The measure over each day of a row and so many days before."""
    if groups.measure == "distinct":
        return _distinct_near(rows.filter(rows.measured.notnull()), by, groups.days)
    daily = rows.group_by(*by, "z_day").agg(part=_measure(rows, groups.measure))
    window = sliding([daily[name] for name in by], daily.z_day, groups.days)
    return daily.select(*by, n=daily.part.sum().over(window).cast("int64"))


def _distinct_near(rows: Expr, by: list[str], back: int) -> Expr:
    """Engines count no distinct values over a window: each day meets the values of the days before it."""
    values = rows.select(*by, "z_day", "measured").distinct()
    anchors = values.select(**{f"a{n}": name for n, name in enumerate(by)}, a_day="z_day").distinct()
    both = anchors.inner_join(values, [(f"a{n}", name) for n, name in enumerate(by)])
    near = both.filter(reduce(and_, (both.z_day <= both.a_day, both.z_day >= both.a_day - back)))
    return near.group_by(*by, "a_day").agg(n=near.measured.nunique().cast("int64"))
