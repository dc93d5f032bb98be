"""M11 欠薪: wages of migrant workers on building sites, as the supervision platform for wage accounts sees them."""

from datetime import date
from typing import Any

from jiandu.base.engine.columns import day, day_of, month_of
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import placed
from jiandu.sources.crosscheck.rule import RED, YELLOW, Basis, Case, Given, Param, Row, Rule, edge

LAW = Basis("保障农民工工资支付条例", "第二十六条至第三十三条", date(2020, 5, 1))
PRACTICE = Basis("工资支付监管平台预警规则（一家平台公布的规则）")
MONTHS = Param(1, "次月起第几个月还没有就提示")
WAGE_MONTH = {"works_id": "works_id", "month": "month"}


def last_due(g: Given) -> date:
    """The last month whose wages should be paid: June's are, when July is over."""
    number = month_of(g.on) - 1 - g.p.months
    return date(number // 12, number % 12 + 1, 1)


def worked(g: Given) -> Expr:
    """Who was on which site in which month that is due."""
    return g.attendance.filter(g.attendance.month <= last_due(g), g.attendance.days > 0)


def paid(g: Given) -> Expr:
    """What had been paid by the day."""
    return g.wage.filter(g.wage.paid_on <= g.on, g.wage.amount_fen > 0)


def at_site(g: Given, found: Expr) -> Expr:
    """With the village or the unit of the site as place."""
    sites = g.works.select("works_id", place=g.works.village.fill_null(g.works.unit))
    return placed(found, sites, "works_id")


def silent_accounts(g: Given) -> Expr:
    """People worked in the month, and the site's account has paid nobody for it to this day."""
    people = worked(g).group_by("works_id", "month").agg(people=lambda t: t.count())
    through = paid(g).filter(lambda t: t.by_account).select("works_id", "month").distinct()
    return at_site(g, people.anti_join(through, ["works_id", "month"]))


def thin(g: Given) -> Expr:
    """What was paid for a month, for each person who got anything, is below the floor."""
    of = paid(g).filter(lambda t: t.month <= last_due(g))
    each = of.group_by("works_id", "month", "id_no").agg(sum_fen=of.amount_fen.sum())
    sites = each.group_by("works_id", "month").agg(people=each.count(), paid_fen=each.sum_fen.sum().cast("int64"))
    low = sites.filter(sites.paid_fen < sites.people * g.p.floor_fen)
    return at_site(
        g, low.mutate(average_fen=(low.paid_fen / low.people).floor().cast("int64"), floor_fen=g.p.floor_fen)
    )


def unpaid(g: Given) -> Expr:
    """Of a site and month: who worked, and how many of them got nothing, through the account or by hand."""
    got = paid(g).select("works_id", "id_no", "month").distinct().mutate(got=1)
    both = worked(g).select("works_id", "id_no", "month").left_join(got, ["works_id", "id_no", "month"])
    each = both.group_by("works_id", "month").agg(people=both.count(), got=both.got.count())
    return each.mutate(unpaid=each.people - each.got).filter(lambda t: t.unpaid > 0)


def some_unpaid(g: Given) -> Expr:
    """Somebody, but less than a tenth."""
    return at_site(g, unpaid(g).filter(lambda t: t.unpaid * 100 < t.people * g.p.share))


def many_unpaid(g: Given) -> Expr:
    """A tenth and more."""
    return at_site(g, unpaid(g).filter(lambda t: t.unpaid * 100 >= t.people * g.p.share))


def month_too_high(g: Given) -> Expr:
    """One worker's month on one site."""
    sums = g.wage.group_by("works_id", "id_no", "month").agg(sum_fen=g.wage.amount_fen.sum().cast("int64"))
    return at_site(g, sums.filter(sums.sum_fen > g.p.most_fen))


def year_too_high(g: Given) -> Expr:
    """One worker's year, all sites together."""
    told = g.wage.mutate(year=g.wage.month.year().cast("int64"))
    sums = told.group_by("id_no", "year").agg(sum_fen=told.amount_fen.sum().cast("int64"), works_id=told.works_id.min())
    return at_site(g, sums.filter(sums.sum_fen > g.p.most_fen))


def unsettled(g: Given) -> Expr:
    """Left the site, and the wages are not settled."""
    gone = day_of(g.on) - day(g.leaver.left_on)
    open_still = g.leaver.settled_on.isnull() | (g.leaver.settled_on > g.on)
    return at_site(g, g.leaver.mutate(gone=gone).filter(gone > g.p.days, open_still))


def no_account(g: Given) -> Expr:
    """People work, and the site has no account for wages."""
    sites = g.works.filter(~g.works.wage_account)
    people = g.attendance.group_by("works_id").agg(since=g.attendance.month.min(), shifts=g.attendance.count())
    found = sites.select("works_id").inner_join(people, "works_id")
    return at_site(g, found)


def _site(worked: int, got: int, **wage: Any) -> dict[str, tuple[Row, ...]]:
    """So many at work in June, and so many of them paid."""
    names = [f"甲{n}" for n in range(worked)]
    return {
        "works": ({"works_id": "W1"},),
        "attendance": tuple({"works_id": "W1", "id_no": name} for name in names),
        "wage": tuple({"works_id": "W1", "id_no": name, **wage} for name in names[:got]),
    }


def _in_month(month: date) -> dict[str, tuple[Row, ...]]:
    rows = _site(1, 0)
    return {**rows, "attendance": ({"works_id": "W1", "id_no": "甲0", "month": month},)}


def _pays(*amounts: int) -> dict[str, tuple[Row, ...]]:
    """One worker's wages from January on."""
    return {
        "works": ({"works_id": "W1"},),
        "wage": tuple(
            {"works_id": "W1", "id_no": "甲", "month": date(2024, n, 1), "amount_fen": amount}
            for n, amount in enumerate(amounts, 1)
        ),
    }


def _left(**told: Any) -> dict[str, tuple[Row, ...]]:
    return {"works": ({"works_id": "W1"},), "leaver": ({"works_id": "W1", "id_no": "甲", **told},)}


JUNE = "2024-06-01"
OCTOBER = "2024-10-01"

RULES = [
    Rule(
        "M11-1",
        "工资专户未发工资",
        level=RED,
        tables=("works", "attendance", "wage"),
        key=("works_id", "month"),
        hits=silent_accounts,
        params={"months": MONTHS},
        basis=(LAW, PRACTICE),
        sentence="{place}工程{works_id}在{month}有{people}人出勤，到次月结束，专户没有发放过这个月的工资。",
        blind="看不见不打卡的工人；专户发放没有接入平台的会误报。",
        behind={"attendance": WAGE_MONTH, "wage": WAGE_MONTH, "works": {"works_id": "works_id"}},
        cases=(
            Case("有出勤，只发现金", _site(2, 2, by_account=False), (("W1", JUNE),)),
            Case("有出勤，一分未发", _site(2, 0), (("W1", JUNE),), also={"M11-4": (("W1", JUNE),)}),
            edge(
                Case(
                    "10月的工资12月还没有发",
                    _in_month(date(2024, 10, 1)),
                    (("W1", OCTOBER),),
                    {"M11-4": (("W1", OCTOBER),)},
                )
            ),
            edge(Case("11月的工资可以发到12月底", _in_month(date(2024, 11, 1)))),
            Case("专户已发", _site(2, 2)),
            Case("专户发得晚，但已经补发", _site(2, 2, paid_on=date(2024, 12, 31))),
        ),
    ),
    Rule(
        "M11-2",
        "人均工资低于下限",
        level=RED,
        tables=("works", "wage"),
        key=("works_id", "month"),
        hits=thin,
        params={"months": MONTHS, "floor_fen": Param(189_000, "人均下限，分")},
        basis=(LAW, PRACTICE),
        sentence="{place}工程{works_id}在{month}向{people}人共发{paid_fen}，人均{average_fen}，低于{floor_fen}。",
        blind="看不见现金补足的部分；只做几天的零工多时会误报。",
        behind={"wage": WAGE_MONTH, "works": {"works_id": "works_id"}},
        cases=(
            Case("人均一千元", _site(2, 2, amount_fen=100_000), (("W1", JUNE),)),
            edge(Case("差一分", _site(2, 2, amount_fen=188_999), (("W1", JUNE),))),
            edge(Case("正好1890元", _site(2, 2, amount_fen=189_000))),
            Case("一人低、人均不低", _pays(700_000)),
        ),
    ),
    Rule(
        "M11-3",
        "有人出勤未领到工资",
        level=YELLOW,
        tables=("works", "attendance", "wage"),
        key=("works_id", "month"),
        hits=some_unpaid,
        params={"months": MONTHS, "share": Param(10, "未领到的不到百分之几")},
        basis=(LAW, PRACTICE),
        sentence="{place}工程{works_id}在{month}出勤{people}人，其中{unpaid}人没有工资发放记录。",
        blind="看不见由他人代领的；管理人员只打卡、不在专户发放的会误报。",
        behind={"attendance": WAGE_MONTH, "wage": WAGE_MONTH, "works": {"works_id": "works_id"}},
        cases=(
            edge(Case("十一人中一人未领", _site(11, 10), (("W1", JUNE),))),
            Case("二十人中一人未领", _site(20, 19), (("W1", JUNE),)),
            Case("全部领到", _site(11, 11)),
            edge(Case("十人中一人，正好一成，另一条规则", _site(10, 9), also={"M11-4": (("W1", JUNE),)})),
        ),
    ),
    Rule(
        "M11-4",
        "一成以上出勤人员未领到工资",
        level=RED,
        tables=("works", "attendance", "wage"),
        key=("works_id", "month"),
        hits=many_unpaid,
        params={"months": MONTHS, "share": Param(10, "未领到的至少百分之几")},
        basis=(LAW, PRACTICE),
        sentence="{place}工程{works_id}在{month}出勤{people}人，其中{unpaid}人没有工资发放记录，已到一成。",
        blind="看不见由他人代领的；班组长统一代领再分发的会误报，代领本身也不合规定。",
        behind={"attendance": WAGE_MONTH, "wage": WAGE_MONTH, "works": {"works_id": "works_id"}},
        cases=(
            edge(Case("十人中一人，正好一成", _site(10, 9), (("W1", JUNE),))),
            Case("三人中两人", _site(3, 1), (("W1", JUNE),)),
            edge(Case("十一人中一人，不到一成", _site(11, 10), also={"M11-3": (("W1", JUNE),)})),
            Case("全部领到", _site(3, 3)),
        ),
    ),
    Rule(
        "M11-5",
        "单人月工资过高",
        level=RED,
        tables=("works", "wage"),
        key=("works_id", "id_no", "month"),
        hits=month_too_high,
        params={"most_fen": Param(5_000_000, "一人一月至多多少分")},
        basis=(PRACTICE,),
        sentence="{place}工程{works_id}在{month}向一名工人发放{sum_fen}。",
        blind="看不见分到几个账户名下的套取；补发多月工资时会误报。",
        behind={"wage": {**WAGE_MONTH, "id_no": "id_no"}},
        cases=(
            Case("一个月六万元", _pays(6_000_000), (("W1", "甲", "2024-01-01"),)),
            edge(Case("多一分", _pays(5_000_001), (("W1", "甲", "2024-01-01"),))),
            edge(Case("正好五万元", _pays(5_000_000))),
            Case("七千元", _pays(700_000)),
        ),
    ),
    Rule(
        "M11-6",
        "单人年工资过高",
        level=RED,
        tables=("works", "wage"),
        key=("id_no", "year"),
        hits=year_too_high,
        params={"most_fen": Param(30_000_000, "一人一年至多多少分")},
        basis=(PRACTICE,),
        sentence="一名工人{year}年从工程专户共领{sum_fen}（其中有工程{works_id}）。",
        blind="看不见分到几个账户名下的套取；包工头代领全班组工资时也会命中，要查实发。",
        behind={"wage": {"id_no": "id_no"}},
        cases=(
            Case("十二个月，每月二万六千元", _pays(*[2_600_000] * 12), (("甲", "2024"),)),
            edge(Case("正好三十万元", _pays(*[2_500_000] * 12))),
            Case("每月七千元", _pays(*[700_000] * 12)),
            edge(Case("多一分", _pays(*[2_500_000] * 11, 2_500_001), (("甲", "2024"),))),
        ),
    ),
    Rule(
        "M11-7",
        "退场工人工资未结清",
        level=RED,
        tables=("works", "leaver"),
        key=("works_id", "id_no"),
        hits=unsettled,
        params={"days": Param(0, "退场后多少天内不提示")},
        basis=(LAW, PRACTICE),
        sentence="{place}工程{works_id}一名工人于{left_on}退场，已过{gone}天，工资还没有结清。",
        blind="看不见没有登记退场的；现金结清没有登记的会误报。",
        behind={
            "leaver": {"works_id": "works_id", "id_no": "id_no"},
            "wage": {"works_id": "works_id", "id_no": "id_no"},
        },
        cases=(
            Case("五个月前退场", _left(settled_on=None), (("W1", "甲"),)),
            edge(Case("昨天退场", _left(left_on=date(2024, 12, 30), settled_on=None), (("W1", "甲"),))),
            edge(Case("今天退场，还不算", _left(left_on=date(2024, 12, 31), settled_on=None))),
            Case("已结清", _left(settled_on=date(2024, 12, 31))),
        ),
    ),
    Rule(
        "M11-8",
        "有工人无工资专户",
        level=RED,
        tables=("works", "attendance"),
        key=("works_id",),
        hits=no_account,
        basis=(LAW, PRACTICE),
        sentence="{place}工程{works_id}从{since}起有人出勤（{shifts}人月），没有登记农民工工资专户。",
        blind="看不见没有考勤的工地；依规定可以不设专户的小型工程会误报。",
        behind={"works": {"works_id": "works_id"}, "attendance": {"works_id": "works_id"}},
        cases=(
            Case("没有专户", _site(2, 2) | {"works": ({"works_id": "W1", "wage_account": False},)}, (("W1",),)),
            edge(Case("没有专户也没有工人", {"works": ({"works_id": "W1", "wage_account": False},)})),
            Case("有专户", _site(2, 2)),
        ),
    ),
]
