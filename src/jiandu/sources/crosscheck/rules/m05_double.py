"""M05 互斥重复享受: two kinds that exclude each other at once, or one kind twice in a month."""

from datetime import date

from jiandu.base.engine.columns import literal, month
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import listed, paired, practice
from jiandu.sources.crosscheck.rule import RED, Case, Given, Param, Row, Rule, edge

PRACTICE = practice("互斥、重复享受比对（济阳等地做法）")


def on_lists(g: Given) -> Expr:
    """On two lists for more months than a change takes."""
    begun = g.assistance.filter(g.assistance.start_on <= g.on, g.assistance.kind.isin(_kinds(g)))
    ends = begun.end_on.coalesce(literal(g.on))
    rows = begun.select("id_no", "kind", "village", starts=month(begun.start_on), ends=month(ends))
    other = rows.select(id_no="id_no", kind_b="kind", starts_b="starts", ends_b="ends")
    pairs = rows.join(other, "id_no")
    pairs = pairs.filter(pairs.kind < pairs.kind_b, (pairs.kind + "+" + pairs.kind_b).isin(paired(g.p.pairs)))
    import ibis  # noqa: PLC0415 -- slow import

    months = ibis.least(pairs.ends, pairs.ends_b) - ibis.greatest(pairs.starts, pairs.starts_b) + 1
    both = pairs.mutate(months=months)
    both = both.filter(both.months > g.p.change_months)
    return both.group_by(["id_no", "kind", "kind_b"]).agg(months=both.months.max(), place=both.village.max())


def paid_both(g: Given) -> Expr:
    """Paid two kinds for one month."""
    rows = g.subsidy.filter(g.subsidy.kind.isin(_kinds(g))).select("id_no", "month", "kind", "amount_fen", "village")
    other = rows.select(id_no="id_no", month="month", kind_b="kind", amount_b="amount_fen")
    pairs = rows.join(other, ["id_no", "month"])
    pairs = pairs.filter(pairs.kind < pairs.kind_b, (pairs.kind + "+" + pairs.kind_b).isin(paired(g.p.pairs)))
    return pairs.group_by(["id_no", "month", "kind", "kind_b"]).agg(
        a_fen=pairs.amount_fen.max(), b_fen=pairs.amount_b.max(), place=pairs.village.max()
    )


def _kinds(g: Given) -> list[str]:
    return sorted({kind for pair in listed(g.p.pairs) for kind in pair.split("+")})


def paid_twice(g: Given) -> Expr:
    """The same kind for the same month more than once. Who was paid once a month falls away by a smaller key first."""
    rows = g.subsidy.filter(g.subsidy.kind.notin(listed(g.p.in_parts)))
    counts = rows.group_by(["id_no", "month"]).agg(n=rows.count())
    rows = rows.semi_join(counts.filter(counts.n > 1), ["id_no", "month"])
    found = rows.group_by(["id_no", "kind", "month"]).agg(
        payments=rows.count(), amount_fen=rows.amount_fen.sum(), place=rows.village.max()
    )
    return found.filter(found.payments > 1)


def on(*kinds: tuple[str, date, date | None]) -> dict[str, tuple[Row, ...]]:
    """甲 on several lists."""
    return {
        "assistance": tuple(
            {"id_no": "甲", "kind": kind, "start_on": start, "end_on": end} for kind, start, end in kinds
        )
    }


def paid(*rows: tuple[str, int]) -> dict[str, tuple[Row, ...]]:
    """甲 paid kinds for months of 2024."""
    return {"subsidy": tuple({"id_no": "甲", "kind": kind, "month": date(2024, number, 1)} for kind, number in rows)}


POOR, ALONE = ("低保", date(2022, 1, 1), None), ("特困", date(2024, 3, 1), None)

RULES = (
    Rule(
        "M05-1",
        "同时在互斥的救助名单上",
        level=RED,
        tables=("assistance",),
        key=("id_no", "kind", "kind_b"),
        hits=on_lists,
        params={
            "pairs": Param("特困+低保,特困+低边,低保+低边,特困+孤儿", "互斥的救助类别"),
            "change_months": Param(1, "转换类别时允许重叠几个月"),
        },
        basis=(PRACTICE,),
        sentence="{id_no}同时在{kind}和{kind_b}名单上，重叠{months}个月。",
        blind="看不见名单之外的发放；转换类别而终止日期没有登记的会误报。",
        behind={"assistance": {"id_no": "id_no"}},
        cases=(
            Case("特困又低保", on(POOR, ALONE), (("甲", "低保", "特困"),)),
            edge(
                Case("重叠两个月", on(("低保", date(2022, 1, 1), date(2024, 4, 1)), ALONE), (("甲", "低保", "特困"),))
            ),
            edge(Case("转换当月", on(("低保", date(2022, 1, 1), date(2024, 3, 31)), ALONE))),
            Case("不互斥", on(POOR, ("重残护理", date(2024, 3, 1), None))),
            Case("先后享受", on(("低保", date(2022, 1, 1), date(2024, 2, 1)), ALONE)),
        ),
    ),
    Rule(
        "M05-2",
        "同月领取互斥的补贴",
        level=RED,
        tables=("subsidy",),
        key=("id_no", "month", "kind", "kind_b"),
        hits=paid_both,
        params={"pairs": Param("特困供养金+低保金,特困供养金+孤儿基本生活费", "互斥的补贴项目")},
        basis=(PRACTICE,),
        sentence="{id_no}在{month}既领{kind}{a_fen}，又领{kind_b}{b_fen}。",
        blind="看不见另一地区发放的；补发记在当月的会误报。",
        behind={"subsidy": {"id_no": "id_no", "month": "month"}},
        cases=(
            Case("同月两种", paid(("低保金", 6), ("特困供养金", 6)), (("甲", "2024-06-01", "低保金", "特困供养金"),)),
            edge(Case("上月低保，本月特困", paid(("低保金", 5), ("特困供养金", 6)))),
            Case("不互斥", paid(("低保金", 6), ("重残护理补贴", 6))),
        ),
    ),
    Rule(
        "M05-3",
        "同月重复领取同一补贴",
        level=RED,
        tables=("subsidy",),
        key=("id_no", "kind", "month"),
        hits=paid_twice,
        params={"in_parts": Param("临时救助金,耕地流转补贴", "允许同月多笔的补贴项目")},
        basis=(PRACTICE,),
        sentence="{id_no}在{month}的{kind}发放{payments}笔，共{amount_fen}。",
        blind="分次发放、退回重发会误报，看流水即知；看不见换一个号码再领。",
        behind={"subsidy": {"id_no": "id_no", "kind": "kind", "month": "month"}},
        cases=(
            Case("同月两笔", paid(("高龄津贴", 6), ("高龄津贴", 6)), (("甲", "高龄津贴", "2024-06-01"),)),
            edge(Case("相邻月份", paid(("高龄津贴", 5), ("高龄津贴", 6)))),
            Case("允许分次的", paid(("临时救助金", 6), ("临时救助金", 6))),
        ),
    ),
)
