"""A02 疑似重复支付: the same sum to the same payee, or of the same kind, within days."""

from collections.abc import Callable
from datetime import date, timedelta

from jiandu.base.engine.columns import day, previous
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import NONE, Hits, audit, titled
from jiandu.sources.crosscheck.rule import YELLOW, Case, Given, Param, Row, Rule, edge


def twice(table: str, by: tuple[str, str], number: str, on: str) -> Callable[[Given], Expr]:
    """Rows that follow one with the same `by` within days. What is there once falls away before anything is ordered."""
    keys = [*by, "amount_fen"]

    def hits(g: Given) -> Expr:
        source = getattr(g, table)
        rows = source.filter(source.amount_fen >= g.p.least_fen).select(*keys, number, on)
        counts = rows.group_by(keys).agg(n=rows.count())
        rows = rows.semi_join(counts.filter(counts.n > 1), keys)
        window = previous(keys, [on, number])
        days = day(rows[on]) - day(rows[on]).lag().over(window)
        rows = rows.mutate(before=rows[number].lag().over(window), days=days, place=rows[by[0]])
        return rows.filter(rows.days <= g.p.days)

    return hits


def rule(title: str, table: str, by: tuple[str, str], columns: tuple[str, str], said: str, days: int) -> Rule:
    """The same test over one table."""
    key, on = columns

    def case(
        words: str, hits: Hits, apart: int, fens: tuple[int, int] = (1_234_567, 1_234_567), to: str = "同一"
    ) -> Case:
        first: Row = {by[0]: "处", by[1]: "同一", key: "K1", "amount_fen": fens[0], on: date(2024, 4, 10)}
        later = date(2024, 4, 10) + timedelta(days=apart)
        return Case(words, {table: (first, {**first, key: "K2", "amount_fen": fens[1], on: later, by[1]: to})}, hits)

    return Rule(
        *titled(title),
        level=YELLOW,
        tables=(table,),
        key=(key,),
        hits=twice(table, by, key, on),
        params={"least_fen": Param(100_000, "多少分起"), "days": Param(days, "相隔几天以内")},
        basis=(audit("重复支付检验"),),
        sentence=said,
        blind="分期等额付款、同价多次采购会误报；看不见拆成不同金额的重复支付。",
        behind={table: {key: key}},
        cases=(
            case("当天两笔", (("K2",),), 0),
            edge(case(f"正好{days}天", (("K2",),), days)),
            edge(case(f"{days + 1}天", NONE, days + 1)),
            edge(case("金额差一分", NONE, 1, (1_234_567, 1_234_568))),
            case("金额太小", NONE, 1, (99_999, 99_999)),
            case("对象不同", NONE, 1, to="另一"),
        ),
    )


RULES = (
    rule("A02-1 村级支出疑似重复支付", "outlay", ("village", "payee"), ("outlay_id", "paid_on"),
         "{village}于{paid_on}向{payee}支付{amount_fen}（凭证{outlay_id}），与相隔{days}天的凭证{before}金额相同。", 10),
    rule("A02-2 单位接待支出疑似重复报销", "reception", ("unit", "kind"), ("voucher_id", "spent_on"),
         "{unit}于{spent_on}列{kind}{amount_fen}（凭证{voucher_id}），与相隔{days}天的凭证{before}金额相同。", 3),
)  # fmt: skip
