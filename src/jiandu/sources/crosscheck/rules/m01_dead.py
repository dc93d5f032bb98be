"""M01 死亡人员领补贴: money for months after the month that follows a death."""

from datetime import date

from jiandu.base.engine.columns import month
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import practice
from jiandu.sources.crosscheck.rule import RED, Case, Given, Param, Row, Rule, edge

PRACTICE = practice("死亡人员领补贴比对（济阳、眉山、沈阳等地做法）")


def hits(g: Given) -> Expr:
    """Payments for a month later than the month of death and so many more, by person and kind."""
    dead = g.person.filter(g.person.died_on.notnull()).select("id_no", "died_on")
    paid = g.subsidy.select("id_no", "kind", "month", "amount_fen", "village").join(dead, "id_no")
    late = paid.filter(month(paid.month) > month(paid.died_on) + g.p.grace_months)
    return late.group_by(["id_no", "kind"]).agg(
        died_on=late.died_on.max(),
        payments=late.count(),
        amount_fen=late.amount_fen.sum(),
        first_month=late.month.min(),
        last_month=late.month.max(),
        place=late.village.max(),
    )


def paid(*months: int, year: int = 2024) -> tuple[Row, ...]:
    """Payments to 甲 for months of a year."""
    return tuple({"id_no": "甲", "month": date(year, each, 1)} for each in months)


DIED: Row = {"id_no": "甲", "died_on": date(2023, 12, 18)}

RULE = Rule(
    "M01",
    "死亡人员领补贴",
    level=RED,
    tables=("person", "subsidy"),
    key=("id_no", "kind"),
    hits=hits,
    params={"grace_months": Param(1, "死亡当月之后还允许发放几个月")},
    basis=(PRACTICE,),
    sentence="{id_no}登记的死亡日期是{died_on}，此后{kind}仍发放{first_month}至{last_month}共{payments}笔、{amount_fen}。",
    blind="看不见没有登记的死亡；补发生前月份的钱按所属月份算，不会误报；死亡日期登记错误会误报。",
    behind={"subsidy": {"id_no": "id_no", "kind": "kind"}, "person": {"id_no": "id_no"}},
    cases=(
        Case(
            "死后第二个月起又领四个月", {"person": (DIED,), "subsidy": paid(2, 3, 4, 5)}, (("甲", "耕地地力保护补贴"),)
        ),
        edge(Case("刚过宽限一个月", {"person": (DIED,), "subsidy": paid(2)}, (("甲", "耕地地力保护补贴"),))),
        edge(Case("死亡次月，还在宽限内", {"person": (DIED,), "subsidy": paid(1)})),
        Case("死亡前的月份", {"person": (DIED,), "subsidy": paid(10, 11, 12, year=2023)}),
        Case("在世", {"person": ({"id_no": "甲"},), "subsidy": paid(2, 3)}),
        Case(
            "领取人另有其人",
            {"person": (DIED,), "subsidy": ({"id_no": "乙", "agent_id": "甲", "month": date(2024, 6, 1)},)},
        ),
    ),
)
