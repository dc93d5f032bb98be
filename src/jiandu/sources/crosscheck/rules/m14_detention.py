"""M14 隐瞒身份处罚: an administrative detention of somebody whose unit or party branch never heard of it."""

from datetime import date
from typing import Any

from jiandu.base.engine.columns import day, day_of, where
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.rule import RED, YELLOW, Basis, Case, Given, Param, Row, Rule, edge

PRACTICE = Basis("行政拘留记录与党员、干部名册比对（南昌等地做法）；三十天为默认界限")


def untold(g: Given) -> Expr:
    """Detentions whose own unit was not told within the days."""
    passed = day_of(g.on) - day(g.detention.decided_on)
    told = g.detention.told_on
    silent = told.isnull() | (told > g.on)
    return g.detention.mutate(passed=passed).filter(silent, passed > g.p.days)


def hidden(g: Given) -> Expr:
    """Of them, who held a post on that day, or is a member of the party whatever the post was: each decision once."""
    posts = g.cadre.select("id_no", "village", "start_on", "end_on", "is_party")
    both = untold(g).inner_join(posts, "id_no")
    ended = both.end_on.isnull() | (both.end_on >= both.decided_on)
    in_post = where((both.start_on <= both.decided_on) & ended, 1, 0)
    party = where(both.is_party, 1, 0)
    each = both.mutate(in_post=in_post, party=party).filter(lambda t: t.in_post + t.party > 0)
    found = each.group_by("case_no", "id_no", "decided_on", "passed").agg(
        in_post=each.in_post.max(), party=each.party.max(), place=each.village.max()
    )
    return found.mutate(
        place=found.place.fill_null(""),
        who=where(found.in_post > 0, "当时在任的干部", "党员"),
        level=where(found.in_post > 0, RED, YELLOW),
    )


def _one(detention: dict[str, Any], **cadre: Any) -> dict[str, tuple[Row, ...]]:
    return {
        "detention": ({"case_no": "D1", "id_no": "甲", **detention},),
        "cadre": ({"id_no": "甲", **cadre},),
    }


HIT = (("D1",),)

RULES = [
    Rule(
        "M14",
        "受行政拘留未通报所在单位",
        level=RED,
        tables=("detention", "cadre"),
        key=("case_no",),
        hits=hidden,
        params={"days": Param(30, "决定后多少天内不提示")},
        basis=(PRACTICE,),
        sentence="{decided_on}的行政拘留决定{case_no}，当事人是{place}{who}，过了{passed}天仍没有通报所在单位的记录。",
        blind="看不见当事人报了假身份证号的案件；口头通报没有登记的会误报。",
        behind={"detention": {"case_no": "case_no"}},
        cases=(
            Case("在任，半年没有通报", _one({}), HIT),
            edge(Case("决定后第三十一天", _one({"decided_on": date(2024, 11, 30)}), HIT)),
            edge(Case("决定后第三十天", _one({"decided_on": date(2024, 12, 1)}))),
            Case("已通报", _one({"told_on": date(2024, 12, 31)})),
            Case("已离任的党员", _one({}, end_on=date(2024, 5, 31)), HIT),
            Case("已离任，不是党员", _one({}, end_on=date(2024, 5, 31), is_party=False)),
            Case("决定当天离任，不是党员", _one({}, end_on=date(2024, 6, 1), is_party=False), HIT),
            Case("后来才任职，不是党员", _one({}, start_on=date(2024, 6, 2), is_party=False)),
        ),
    ),
]
