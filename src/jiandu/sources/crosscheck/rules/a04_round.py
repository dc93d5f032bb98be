"""A04 整数金额偏多: a large share of a village's or unit's payments are whole thousands."""

from collections.abc import Callable

from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import NONE, Hits, audit
from jiandu.sources.crosscheck.rule import GREEN, Case, Given, Param, Row, Rule, edge


def shares(table: str, by: str) -> Callable[[Given], Expr]:
    """Of payments that could be round, how many are."""

    def hits(g: Given) -> Expr:
        source = getattr(g, table)
        rows = source.filter(source.amount_fen >= g.p.unit_fen)
        is_round = rows.amount_fen % g.p.unit_fen == 0
        found = rows.group_by(by).agg(
            n=rows.count(), rounds=is_round.sum(), rounds_fen=rows.amount_fen.sum(where=is_round)
        )
        found = found.filter(found.n >= g.p.rows, found.rounds * 100 > found.n * g.p.percent)
        return found.mutate(percent=(found.rounds * 100 / found.n).floor().cast("int64"), place=found[by])

    return hits


def rule(number: int, name: str, table: str, by: str) -> Rule:
    """The same test over one table."""

    def case(words: str, hits: Hits, count: int, rounds: int) -> Case:
        amounts = [100_000 * (3 + n) if n < rounds else 234_567 + 1_001 * n for n in range(count)]
        rows: tuple[Row, ...] = tuple({by: "处", "amount_fen": fen} for fen in amounts)
        return Case(words, {table: rows}, hits)

    return Rule(
        f"A04-{number}",
        name,
        level=GREEN,
        tables=(table,),
        key=(by,),
        hits=shares(table, by),
        params={
            "unit_fen": Param(100_000, "多少分的整数倍算整数金额"),
            "rows": Param(50, "至少多少笔才看"),
            "percent": Param(30, "超过百分之几"),
        },
        basis=(audit("整数金额检验"),),
        sentence=f"{{{by}}}的{{n}}笔支出中有{{rounds}}笔是整千元，占{{percent}}%，共{{rounds_fen}}。",
        blind="定额补助、工程进度款本来就是整数；只提示从哪里抽查。",
        behind={table: {by: by}},
        cases=(
            edge(case("五十笔中十六笔", (("处",),), 50, 16)),
            case("六十笔中四十笔", (("处",),), 60, 40),
            edge(case("正好三成", NONE, 50, 15)),
            case("不到五十笔", NONE, 49, 40),
            case("没有整数", NONE, 60, 0),
        ),
    )


RULES = (rule(1, "村级支出整数金额偏多", "outlay", "village"), rule(2, "单位接待支出整数金额偏多", "reception", "unit"))
