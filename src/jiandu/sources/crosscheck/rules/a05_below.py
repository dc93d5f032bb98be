"""A05 金额贴近限额: many payments just below a limit, few just above it."""

from collections.abc import Callable

from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import NONE, Hits, audit
from jiandu.sources.crosscheck.rule import YELLOW, Case, Given, Param, Row, Rule, edge


def crowded(table: str, by: str) -> Callable[[Given], Expr]:
    """In a narrow band on both sides of the limit: how many below, how many from it on."""

    def hits(g: Given) -> Expr:
        source = getattr(g, table)
        width = g.p.limit_fen * g.p.percent // 100
        rows = source.filter(source.amount_fen >= g.p.limit_fen - width, source.amount_fen < g.p.limit_fen + width)
        under = rows.amount_fen < g.p.limit_fen
        found = rows.group_by(by).agg(below=under.sum(), above=(~under).sum(), sum_fen=rows.amount_fen.sum(where=under))
        found = found.filter(found.below >= g.p.rows, found.below >= (found.above + 1) * g.p.times)
        import ibis  # noqa: PLC0415 -- slow import

        return found.mutate(limit_fen=ibis.literal(g.p.limit_fen), percent=ibis.literal(g.p.percent), place=found[by])

    return hits


def rule(number: int, name: str, table: str, by: str, limit_fen: int) -> Rule:
    """The same test over one table."""

    def case(words: str, hits: Hits, below: int, above: int, step: int = 101) -> Case:
        amounts = [limit_fen - 1 - step * n for n in range(below)] + [limit_fen + step * n for n in range(above)]
        rows: tuple[Row, ...] = tuple({by: "处", "amount_fen": fen} for fen in amounts)
        return Case(words, {table: rows}, hits)

    return Rule(
        f"A05-{number}",
        name,
        level=YELLOW,
        tables=(table,),
        key=(by,),
        hits=crowded(table, by),
        params={
            "limit_fen": Param(limit_fen, "限额，分"),
            "percent": Param(5, "限额上下百分之几"),
            "rows": Param(6, "至少多少笔"),
            "times": Param(3, "下方是上方（加一）的几倍起"),
        },
        basis=(audit("限额规避检验；限额依本地制度设定"),),
        sentence=f"{{{by}}}在{{limit_fen}}限额以下百分之{{percent}}以内有{{below}}笔、共{{sum_fen}}，以上同样范围只有{{above}}笔。",
        blind="看不见各笔是否同一事项（见 SZ-13）；定价恰在限额以下的商品会误报。",
        behind={table: {by: by}},
        cases=(
            edge(case("下方六笔，上方一笔", (("处",),), 6, 1)),
            case("下方九笔，上方两笔", (("处",),), 9, 2),
            edge(case("下方五笔", NONE, 5, 0)),
            edge(case("下方六笔，上方两笔", NONE, 6, 2)),
            case("六笔不在近旁", NONE, 6, 0, limit_fen // 15),
        ),
    )


RULES = (
    rule(1, "村级支出贴近限额", "outlay", "village", 5_000_000),
    rule(2, "单位接待支出贴近限额", "reception", "unit", 200_000),
)
