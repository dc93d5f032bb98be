"""A01 首位数字检验: first two digits of payments against Benford's law, by village and by unit. A hint where to look.

Nigrini's bands for the mean absolute deviation hold for many thousands of numbers; of a few hundred even honest ones
lie beyond them, so the deviation must also be well above what chance leaves at that size.
"""

from collections.abc import Callable
from math import log10, pi, sqrt

from jiandu.base.engine.columns import where
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import NONE, Hits, audit
from jiandu.sources.crosscheck.rule import GREEN, YELLOW, Case, Given, Param, Row, Rule, edge

BILLION = 10**9
SHARES = {d: log10(1 + 1 / d) for d in range(10, 100)}
#: Of honest numbers the mean absolute deviation is about this, divided by the root of how many there are.
CHANCE = sum(sqrt(2 * share * (1 - share) / pi) for share in SHARES.values()) / 90


def digits(table: str, by: str) -> Callable[[Given], Expr]:
    """Deviation of the first two digits, from whole 分."""

    def hits(g: Given) -> Expr:
        source = getattr(g, table)
        rows = source.filter(source.amount_fen >= g.p.least_fen).select(by, "amount_fen")
        sizes = rows.group_by(by).agg(n=rows.count(), low=rows.amount_fen.min(), high=rows.amount_fen.max())
        sizes = sizes.filter(sizes.n >= g.p.rows, sizes.high >= sizes.low * 10**g.p.decades)
        rows = rows.semi_join(sizes, by)
        rows = rows.select(by, digits=rows.amount_fen.cast("string").substr(0, 2).cast("int64"))
        counts = rows.group_by([by, "digits"]).agg(times=rows.count()).join(sizes.select(by, "n"), by)
        return deviation(g, by, counts)

    return hits


def deviation(g: Given, by: str, counts: Expr) -> Expr:
    """Mean absolute deviation by group, and the digits that are furthest above what was to be expected."""
    share = counts.digits.cases(*((d, round(BILLION * share)) for d, share in SHARES.items()), else_=0)
    counts = counts.mutate(share=share)
    counts = counts.mutate(over=counts.times * BILLION - counts.n * counts.share)
    sums = counts.group_by([by, "n"]).agg(
        apart=counts.over.abs().sum(), there=counts.share.sum(), top=(counts.over // 1000 * 100 + counts.digits).max()
    )
    mad = (sums.apart + sums.n * (BILLION - sums.there)) / (sums.n * 90.0) / BILLION
    found = sums.mutate(mad=mad, digits=sums.top % 100)
    found = found.filter(
        found.mad > g.p.marginal_ppm / 1e6, found.mad * found.mad * found.n > (g.p.chance * CHANCE) ** 2
    )
    named = found.join(counts.select(by, "digits", "times", "share"), [by, "digits"])
    return named.mutate(
        expected=(named.n * named.share / BILLION).floor().cast("int64"),
        mad_ppm=(named.mad * 1e6).floor().cast("int64"),
        level=where(named.mad > g.p.beyond_ppm / 1e6, YELLOW, GREEN),
        place=named[by],
    )


PARAMS = {
    "rows": Param(300, "至少多少笔才检验"),
    "least_fen": Param(1000, "多少分以下的不计"),
    "decades": Param(3, "最大与最小至少相差几个数量级"),
    "marginal_ppm": Param(1800, "平均绝对偏差界限，百万分之：勉强相符"),
    "beyond_ppm": Param(2200, "平均绝对偏差界限，百万分之：不相符"),
    "chance": Param(1.4, "至少是偶然偏差的多少倍"),
}
GOLDEN = 0.6180339887498949


def spread(count: int, odd: int, low: float = 3.2, decades: float = 3.5) -> list[int]:
    """So many amounts in 分 as they come by nature, the first `odd` of them 73,0xx yuan."""
    natural = [int(10 ** (low + decades * (n * GOLDEN % 1))) * 10 + 3 for n in range(1, count + 1)]
    return [7_300_003 + 70 * n for n in range(odd)] + natural[odd:]


def rule(number: int, name: str, table: str, by: str) -> Rule:
    """The same test over one table."""

    def case(words: str, hits: Hits, amounts: list[int]) -> Case:
        rows: tuple[Row, ...] = tuple({by: "处", "amount_fen": fen} for fen in amounts)
        return Case(words, {table: rows}, hits)

    return Rule(
        f"A01-{number}",
        name,
        level=GREEN,
        tables=(table,),
        key=(by,),
        hits=digits(table, by),
        params=PARAMS,
        basis=(audit("首位数字（本福特）检验，界限依 Nigrini"),),
        sentence=f"{{{by}}}的{{n}}笔支出中，首两位为{{digits}}的有{{times}}笔，按自然分布约{{expected}}笔；平均绝对偏差百万分之{{mad_ppm}}。",
        blind="只提示从哪里抽查，不说明有问题：定额、限额内报销、固定单价的支出本来就不合分布。",
        behind={table: {by: by}},
        cases=(
            edge(case("三百笔中九十笔是七万三", (("处",),), spread(300, 90))),
            case("四百笔中一百二十笔是七万三", (("处",),), spread(400, 120)),
            edge(case("不到三百笔", NONE, spread(299, 90))),
            case("自然分布", NONE, spread(300, 0)),
            case("金额只跨两个数量级", NONE, spread(300, 90, 4.0, 1.9)),
        ),
    )


RULES = (rule(1, "村级支出首位数字异常", "outlay", "village"), rule(2, "单位接待支出首位数字异常", "reception", "unit"))
