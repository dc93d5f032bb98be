"""SZ-18 公开逾期: the quarter is over, the days for publishing are too, and nothing was shown, or no details."""

from datetime import date, timedelta

from jiandu.base.engine.columns import literal, where
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.rule import YELLOW, Basis, Case, Given, Param, Row, Rule, edge


def quarter_due(on: date, days: int) -> date:
    """The last day of the newest quarter whose days for publishing are over."""
    then = on - timedelta(days=days)
    first = date(then.year, then.month - (then.month - 1) % 3, 1)
    return first - timedelta(days=1)


def hits(g: Given) -> Expr:
    """Villages that there were in that quarter, without its publication in detail."""
    due = quarter_due(g.on, g.p.days)
    told = g.publication.filter(g.publication.period_on == due, g.publication.posted_on <= g.on)
    shown = told.group_by("village").agg(times=told.count(), detailed=told.is_detailed.cast("int64").max())
    v = g.village.filter(g.village.since.isnull() | (g.village.since <= due))
    seen = v.left_join(shown, "village").drop("village_right")
    missing = seen.filter(seen.detailed.isnull() | (seen.detailed == 0))
    return missing.mutate(
        period_on=literal(due),
        why=where(missing.times.isnull(), "没有公开", "只有总额，没有明细"),
        place=missing.village,
    )


V: Row = {"village": "甲村"}

RULE = Rule(
    "SZ-18",
    "村务财务公开逾期",
    level=YELLOW,
    tables=("village", "publication"),
    key=("village",),
    hits=hits,
    params={"days": Param(30, "季度结束后多少天内公开")},
    basis=(
        Basis("村民委员会组织法", "第三十条（至少每季度公布一次）", date(2018, 12, 29)),
        Basis("村务公开有没有明细的检查（翔安等地做法）；季后三十天为默认界限"),
    ),
    sentence="{village}截至{period_on}的季度财务{why}。",
    blind="看不见公开栏实际贴没贴；只看登记。",
    behind={"publication": {"village": "village"}},
    cases=(
        Case("没有公开", {"village": (V,)}, (("甲村",),)),
        Case("只有总额", {"village": (V,), "publication": ({"village": "甲村", "is_detailed": False},)}, (("甲村",),)),
        Case("公开了明细", {"village": (V,), "publication": ({"village": "甲村"},)}),
        Case(
            "上上季度才有公开",
            {"village": (V,), "publication": ({"village": "甲村", "period_on": date(2024, 6, 30)},)},
            (("甲村",),),
        ),
        edge(Case("当季新设", {"village": ({**V, "since": date(2024, 10, 8)},)})),
        edge(
            Case(
                "判断日次日才公开",
                {"village": (V,), "publication": ({"village": "甲村", "posted_on": date(2025, 1, 1)},)},
                (("甲村",),),
            )
        ),
        edge(
            Case(
                "判断日当天公开",
                {"village": (V,), "publication": ({"village": "甲村", "posted_on": date(2024, 12, 31)},)},
            )
        ),
        edge(Case("季末当天设立", {"village": ({**V, "since": date(2024, 9, 30)},)}, (("甲村",),))),
    ),
)
