"""M18 公共收益, what was published: nothing in a quarter, too short, totals only."""

from datetime import date, timedelta
from typing import Any

from jiandu.base.engine.columns import day, literal, together
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import placed
from jiandu.sources.crosscheck.rule import RED, YELLOW, Basis, Case, Given, Param, Row, Rule, edge

CIVIL = Basis("民法典", "第九百四十三条（物业服务人应当定期公开、报告）", date(2021, 1, 1))
PRACTICE = Basis("住宅小区公共收益按季公示明细（福建各地做法）")


def quarter_ends(on: date, count: int, grace: int) -> list[date]:
    """The last quarters that ended more than `grace` days before the day, latest first."""
    first = date(on.year, (on.month - 1) // 3 * 3 + 1, 1)
    ends: list[date] = []
    while len(ends) < count:
        end = first - timedelta(days=1)
        if (on - end).days > grace:
            ends.append(end)
        first = date(end.year, end.month - 2, 1)
    return ends


def unpublished(g: Given) -> Expr:
    """Of the quarters that are due: estates that were there and posted nothing."""
    posted = g.estate_posting.filter(g.estate_posting.posted_on <= g.on).select("estate", "period_on").distinct()
    there = g.estate.select("estate", "since", place=g.estate.town.fill_null(""))
    due = together(
        *(
            there.filter(there.since.isnull() | (there.since <= end)).mutate(period_on=literal(end))
            for end in quarter_ends(g.on, g.p.quarters, g.p.days)
        )
    )
    return due.anti_join(posted, ["estate", "period_on"])


def short(g: Given) -> Expr:
    """Taken down before so many days were over."""
    posting = g.estate_posting
    up = day(posting.until) - day(posting.posted_on)
    return at_town(g, posting.mutate(up=up).filter(up < g.p.days))


def totals_only(g: Given) -> Expr:
    """Posted without lines."""
    return at_town(g, g.estate_posting.filter(~g.estate_posting.is_detailed))


def at_town(g: Given, found: Expr) -> Expr:
    """With the town of the estate as place."""
    return placed(found, g.estate.select("estate", place="town"), "estate")


QUARTERS = (date(2023, 12, 31), date(2024, 3, 31), date(2024, 6, 30), date(2024, 9, 30))


def calm(name: str = "小区", *, ends: tuple[date, ...] = QUARTERS, **told: Any) -> dict[str, tuple[Row, ...]]:
    """An estate that has posted its quarters, so that nothing else is found about it."""
    return {
        "estate": ({"estate": name, **told},),
        "estate_posting": tuple(
            {
                "estate": name,
                "period_on": end,
                "posted_on": end + timedelta(days=8),
                "until": end + timedelta(days=60),
            }
            for end in ends
        ),
    }


def _posted(**told: Any) -> dict[str, tuple[Row, ...]]:
    rows = calm()
    return {**rows, "estate_posting": (*rows["estate_posting"][:3], {"posting_id": "P1", "estate": "小区", **told})}


RULES = [
    Rule(
        "M18-1",
        "公共收益按季未公示",
        level=RED,
        tables=("estate", "estate_posting"),
        key=("estate", "period_on"),
        hits=unpublished,
        params={"quarters": Param(4, "看最近几个季度"), "days": Param(30, "季度结束后多少天内应公示")},
        basis=(CIVIL, PRACTICE),
        sentence="{place}小区{estate}截至{period_on}的季度公共收益没有公示。",
        blind="看不见只贴在单元门口、没有登记的公示。",
        behind={"estate": {"estate": "estate"}, "estate_posting": {"estate": "estate"}},
        cases=(
            Case("三季度没有公示", calm(ends=QUARTERS[:3]), (("小区", "2024-09-30"),)),
            Case(
                "四个季度都没有",
                calm(ends=()),
                tuple(("小区", end.isoformat()) for end in QUARTERS),
            ),
            Case("都公示了", calm()),
            edge(Case("三季度结束时还没有交付", calm(ends=(), since=date(2024, 10, 1)))),
            edge(Case("三季度末当天交付", calm(ends=(), since=date(2024, 9, 30)), (("小区", "2024-09-30"),))),
        ),
    ),
    Rule(
        "M18-2",
        "公示时间不足",
        level=YELLOW,
        tables=("estate", "estate_posting"),
        key=("posting_id",),
        hits=short,
        params={"days": Param(30, "应公示多少天")},
        basis=(CIVIL, PRACTICE),
        sentence="{place}小区{estate}截至{period_on}的公共收益自{posted_on}公示到{until}，只有{up}天。",
        blind="看不见提前撕下的公示，要问业主；没有登记止期的不判断。",
        behind={"estate_posting": {"posting_id": "posting_id"}},
        cases=(
            Case("只贴了一周", _posted(posted_on=date(2024, 10, 8), until=date(2024, 10, 15)), (("P1",),)),
            edge(Case("二十九天", _posted(posted_on=date(2024, 10, 1), until=date(2024, 10, 30)), (("P1",),))),
            edge(Case("正好三十天", _posted(posted_on=date(2024, 10, 1), until=date(2024, 10, 31)))),
            Case("还贴着", _posted(posted_on=date(2024, 10, 1), until=None)),
        ),
    ),
    Rule(
        "M18-3",
        "只公示总数",
        level=YELLOW,
        tables=("estate", "estate_posting"),
        key=("posting_id",),
        hits=totals_only,
        basis=(CIVIL, PRACTICE),
        sentence="{place}小区{estate}截至{period_on}的公共收益于{posted_on}公示，只有总数，没有收支明细。",
        blind="看不见明细是否真实、齐全。",
        behind={"estate_posting": {"posting_id": "posting_id"}},
        cases=(
            Case("没有明细", _posted(is_detailed=False), (("P1",),)),
            Case("有明细", _posted()),
            edge(Case("有没有明细没有登记", _posted(is_detailed=None))),
        ),
    ),
]
