"""M18 公共收益, where it is and what it went for: the account, the balance, cash, costs and expenses."""

from datetime import date
from typing import Any

from jiandu.base.engine.columns import where
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.rule import RED, YELLOW, Basis, Case, Given, Param, Row, Rule, edge
from jiandu.sources.crosscheck.rules.m18_published import at_town, calm
from jiandu.sources.crosscheck.rules.m18_revenue import OWNERS, PERIOD, PRACTICE, SEPTEMBER

FUND = Basis("物业管理条例", "第五十四条", date(2018, 3, 19))


def elsewhere(g: Given) -> Expr:
    """Not in an account of its own; red where it is somebody's own."""
    found = g.estate.filter(g.estate.account_kind != "专户")
    return found.mutate(place=found.town.fill_null(""), level=where(found.account_kind == "个人", RED, YELLOW))


def undecided(g: Given) -> Expr:
    """An expense that nobody resolved."""
    line = g.estate_line
    return at_town(g, line.filter(line.side == "支出", ~line.resolved, line.amount_fen > g.p.least_fen))


def costly(g: Given) -> Expr:
    """Costs of running it against its income, above what was agreed."""
    line = g.estate_line.filter((g.estate_line.side == "支出") & (g.estate_line.item == "经营成本"))
    costs = line.group_by("estate", "period_on").agg(cost_fen=line.amount_fen.sum().cast("int64"))
    told = g.estate_statement.select("estate", "period_on", "income_fen")
    both = costs.inner_join(told, ["estate", "period_on"])
    caps = g.estate.filter(g.estate.cost_cap.notnull()).select("estate", "cost_cap", place="town")
    both = both.inner_join(caps, "estate")
    found = both.filter(both.cost_fen * 100 > both.income_fen * both.cost_cap)
    return found.mutate(place=found.place.fill_null(""))


def not_in_bank(g: Given) -> Expr:
    """The statement's balance is not the bank's."""
    told = g.estate_statement.mutate(gap_fen=(g.estate_statement.closing_fen - g.estate_statement.bank_fen).abs())
    return at_town(g, told.filter(told.gap_fen > g.p.tolerance_fen))


def wrong_sum(g: Given) -> Expr:
    """What was there and what came, less what went, is not what is said to be left."""
    told = g.estate_statement
    told = told.mutate(sum_fen=told.opening_fen + told.income_fen - told.expense_fen)
    return at_town(g, told.filter(told.sum_fen != told.closing_fen))


def round_cash(g: Given) -> Expr:
    """Cash in whole thousands."""
    line = g.estate_line
    return at_town(g, line.filter(line.is_cash, line.amount_fen >= g.p.unit_fen, line.amount_fen % g.p.unit_fen == 0))


def _line(**told: Any) -> dict[str, tuple[Row, ...]]:
    return {**calm(), "estate_line": ({"line_id": "L1", "estate": "小区", **told},)}


def _statement(**told: Any) -> dict[str, tuple[Row, ...]]:
    return {**calm(), "estate_statement": ({"estate": "小区", **told},)}


def _cost(fen: int, **line: Any) -> dict[str, tuple[Row, ...]]:
    """Against an income of 50,000 yuan."""
    told = {"side": "支出", "item": "经营成本", "amount_fen": fen, **line}
    return {**_line(**told), "estate_statement": ({"estate": "小区"},)}


LINE = (("L1",),)
WHEN = (("小区", SEPTEMBER),)
ONE_LINE = {"estate_line": {"line_id": "line_id"}, "estate": {"estate": "estate"}}
ONE_STATEMENT = {"estate_statement": PERIOD, "estate_line": PERIOD}

RULES = [
    Rule(
        "M18-4",
        "公共收益未存入专户",
        level=YELLOW,
        tables=("estate",),
        key=("estate",),
        hits=elsewhere,
        basis=(FUND, PRACTICE),
        sentence="{place}小区{estate}的公共收益存在{account_kind}账户，没有存入专户。",
        blind="看不见专户之外的截留；账户类型登记错误会误报。",
        behind={"estate": {"estate": "estate"}},
        cases=(
            Case("个人账户", calm(account_kind="个人"), (("小区",),)),
            Case("基本户", calm(account_kind="基本户"), (("小区",),)),
            edge(Case("专户", calm())),
            Case("账户没有登记", calm(account_kind=None)),
        ),
    ),
    Rule(
        "M18-11",
        "支出没有决议",
        level=YELLOW,
        tables=("estate", "estate_line"),
        key=("line_id",),
        hits=undecided,
        params={"least_fen": Param(0, "多少分以上才要决议")},
        basis=(FUND, PRACTICE),
        sentence="{place}小区{estate}截至{period_on}“{item}”支出{amount_fen}，没有决议或审批。",
        blind="看不见补签的决议；约定可以由物业支用的小额支出会误报。",
        behind=ONE_LINE,
        cases=(
            Case("没有决议", _line(side="支出", item="维修", resolved=False), LINE),
            Case("有决议", _line(side="支出", item="维修")),
            Case("收入不用决议", _line(resolved=False)),
            edge(Case("零元", _line(side="支出", item="维修", resolved=False, amount_fen=0))),
            edge(Case("一分", _line(side="支出", item="维修", resolved=False, amount_fen=1), LINE)),
        ),
    ),
    Rule(
        "M18-12",
        "经营成本超过约定",
        level=YELLOW,
        tables=("estate", "estate_statement", "estate_line"),
        key=("estate", "period_on"),
        hits=costly,
        basis=(OWNERS, PRACTICE),
        sentence="{place}小区{estate}截至{period_on}收入{income_fen}，列支经营成本{cost_fen}，超过约定的{cost_cap}%。",
        blind="看不见列在维修等项目里的成本；约定比例没有登记的不判断。",
        behind=ONE_STATEMENT,
        cases=(
            Case("成本占一半", _cost(2_500_003), WHEN),
            edge(Case("正好三成", _cost(1_500_000))),
            edge(Case("多一分", _cost(1_500_001), WHEN)),
            Case("维修不是经营成本", _cost(2_500_003, item="维修")),
        ),
    ),
    Rule(
        "M18-13",
        "账面与银行余额不符",
        level=RED,
        tables=("estate", "estate_statement"),
        key=("estate", "period_on"),
        hits=not_in_bank,
        params={"tolerance_fen": Param(0, "相差多少分以内不提示")},
        basis=(OWNERS, PRACTICE),
        sentence="{place}小区{estate}截至{period_on}账面余额{closing_fen}，银行余额{bank_fen}，相差{gap_fen}。",
        blind="看不见期末拆借补平的；在途款项会误报。",
        behind=ONE_STATEMENT,
        cases=(
            edge(Case("少一分", _statement(bank_fen=13_999_999), WHEN)),
            Case("少五万元", _statement(bank_fen=9_000_000), WHEN),
            edge(Case("多一分", _statement(bank_fen=14_000_001), WHEN)),
            edge(Case("相符", _statement())),
            Case("没有银行余额", _statement(bank_fen=None)),
        ),
    ),
    Rule(
        "M18-14",
        "收支加不起来",
        level=RED,
        tables=("estate", "estate_statement"),
        key=("estate", "period_on"),
        hits=wrong_sum,
        basis=(OWNERS, PRACTICE),
        sentence="{place}小区{estate}截至{period_on}期初加收入减支出应为{sum_fen}，期末却写{closing_fen}。",
        blind="只核对一期之内：看不见收支两头都改的账，也看不见期初与上期期末对不上的；与银行余额对不上的见M18-13。",
        behind=ONE_STATEMENT,
        cases=(
            edge(Case("支出少记一分", _statement(expense_fen=999_999), WHEN)),
            Case("收入多记一万元", _statement(income_fen=6_000_000), WHEN),
            Case("没有收支", _statement(opening_fen=14_000_000, income_fen=0, expense_fen=0)),
            edge(Case("加得起来", _statement())),
        ),
    ),
    Rule(
        "M18-15",
        "整数现金收支",
        level=YELLOW,
        tables=("estate", "estate_line"),
        key=("line_id",),
        hits=round_cash,
        params={"unit_fen": Param(100_000, "多少分的整数倍")},
        basis=(PRACTICE,),
        sentence="{place}小区{estate}截至{period_on}“{item}”以现金{side}{amount_fen}，是整数。",
        blind="看不见凑成零头的现金；押金等本来就是整数的会误报。",
        behind=ONE_LINE,
        cases=(
            Case("现金三千元", _line(is_cash=True, amount_fen=300_000), LINE),
            edge(Case("现金三千元零一分", _line(is_cash=True, amount_fen=300_001))),
            edge(Case("现金正好一千元", _line(is_cash=True, amount_fen=100_000), LINE)),
            Case("转账三千元", _line(amount_fen=300_000)),
            Case("现金零元", _line(is_cash=True, amount_fen=0)),
        ),
    ),
]
