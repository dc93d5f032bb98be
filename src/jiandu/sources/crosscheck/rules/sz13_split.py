"""SZ-13 拆分规避: one payee and one matter, payments each under the limit, together over it within ninety days."""

from datetime import date

from jiandu.base.engine.columns import day, sliding
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import SPLIT
from jiandu.sources.crosscheck.rule import RED, Basis, Case, Given, Param, Row, Rule, edge

BY = ["village", "payee", "project"]


def hits(g: Given) -> Expr:
    """A sum over the days before each payment; the matter is hit once, with its largest sum."""
    o = g.outlay.filter(g.outlay.project.notnull(), g.outlay.amount_fen < g.p.limit_fen)
    o = o.select(*BY, "amount_fen", "paid_on", day=day(o.paid_on))
    # most matters never come near: their whole sum is below the limit
    large = o.group_by(BY).agg(all_fen=o.amount_fen.sum(), n=o.count())
    o = o.semi_join(large.filter(large.all_fen >= g.p.limit_fen, large.n > 1), BY)
    window = sliding([o.village, o.payee, o.project], o.day, g.p.days)
    summed = o.mutate(sum_fen=o.amount_fen.sum().over(window), count=o.amount_fen.count().over(window))
    over = summed.filter(summed.sum_fen >= g.p.limit_fen, summed["count"] > 1)
    found = over.group_by(BY).agg(sum_fen=over.sum_fen.max(), count=over["count"].max(), last=over.paid_on.max())
    return found.mutate(place=found.village)


LIMIT = 40_000_000


def _paid(*payments: tuple[int, date], projects: tuple[str, ...] = ("修路",)) -> dict[str, tuple[Row, ...]]:
    return {
        "outlay": tuple(
            {
                "village": "甲村",
                "payee": "收款一",
                "project": projects[n % len(projects)],
                "amount_fen": fen,
                "paid_on": on,
            }
            for n, (fen, on) in enumerate(payments)
        )
    }


HIT = (("甲村", "收款一", "修路"),)

RULE = Rule(
    "SZ-13",
    "拆分规避招标采购",
    level=RED,
    tables=("outlay",),
    key=("village", "payee", "project"),
    hits=hits,
    params={"limit_fen": Param(LIMIT, "限额（分）"), "days": Param(90, "多少天内合计")},
    basis=(SPLIT, Basis("村级小微工程限额和九十天为默认值，以本地规定为准")),
    sentence="{village}就“{project}”向{payee}支付{count}笔，每笔不到限额，合计{sum_fen}，最后一笔在{last}。",
    blind="看不见换了收款人、换了事项名称的拆分；分期支付同一合同的会误报。",
    behind={"outlay": {"village": "village", "payee": "payee", "project": "project"}},
    cases=(
        Case(
            "三笔合计过限",
            _paid((15_000_003, date(2024, 3, 1)), (15_000_007, date(2024, 4, 1)), (15_000_009, date(2024, 5, 1))),
            HIT,
        ),
        edge(
            Case(
                "恰好九十天、恰好限额",
                _paid((LIMIT // 2 - 7, date(2024, 3, 1)), (LIMIT // 2 + 7, date(2024, 5, 30))),
                HIT,
            )
        ),
        edge(Case("差一天出了九十天", _paid((LIMIT // 2 - 7, date(2024, 3, 1)), (LIMIT // 2 + 7, date(2024, 5, 31))))),
        edge(Case("差一分不到限额", _paid((LIMIT // 2 - 8, date(2024, 3, 1)), (LIMIT // 2 + 7, date(2024, 4, 1))))),
        Case(
            "不是同一事项",
            _paid((LIMIT // 2 - 7, date(2024, 3, 1)), (LIMIT // 2 + 7, date(2024, 4, 1)), projects=("修路", "修桥")),
        ),
        Case("一笔过限，应当招标，不是拆分", _paid((LIMIT + 1, date(2024, 3, 1)))),
    ),
)
