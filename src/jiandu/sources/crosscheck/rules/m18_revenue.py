"""M18 公共收益, what came in: income that should be there and is not, that fell, that has no source or no name."""

from datetime import date, timedelta
from typing import Any

from jiandu.base.engine.columns import middles, month, where
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.rule import GREEN, RED, YELLOW, Basis, Case, Given, Param, Row, Rule, edge
from jiandu.sources.crosscheck.rules.m18_published import at_town, calm

OWNERS = Basis("民法典", "第二百八十二条（共有部分收入扣除合理成本后属于业主共有）", date(2021, 1, 1))
PRACTICE = Basis("住宅小区公共收益专项整治（厦门做法）；界限为默认值，可按本地规定改")
SEPTEMBER = "2024-09-30"
PERIOD = {"estate": "estate", "period_on": "period_on"}


def income(g: Given) -> Expr:
    """Lines of income."""
    return g.estate_line.filter(g.estate_line.side == "收入")


def nameless(g: Given) -> Expr:
    """Income without a party to the contract."""
    lines = income(g)
    return at_town(g, lines.filter(~lines.has_party, lines.amount_fen > 0))


def related(g: Given) -> Expr:
    """The party is the body that answers for the estate, or has the same legal representative."""
    lines = (
        income(g)
        .filter(lambda t: t.party.notnull())
        .select("line_id", "estate", "item", "period_on", "amount_fen", "party")
    )
    both = lines.inner_join(g.estate.filter(g.estate.body.notnull()).select("estate", "body", place="town"), "estate")
    firms = g.company.filter(g.company.legal_rep.notnull())
    both = both.left_join(firms.select(party="uscc", party_rep="legal_rep"), "party").drop("party_right")
    both = both.left_join(firms.select(body="uscc", body_rep="legal_rep"), "body").drop("body_right")
    one = (both.party_rep == both.body_rep).fill_null(False)  # noqa: FBT003 -- Ibis' own
    found = both.filter((both.party == both.body) | one)
    how = where(found.party == found.body, "就是责任主体自己", "与责任主体的法定代表人相同")
    return found.mutate(how=how, place=found.place.fill_null(""))


def missing_item(g: Given, has: str, item: str) -> Expr:
    """Estates that have the thing, and no line of its income within the days before."""
    since = g.on - timedelta(days=g.p.days)
    told = income(g).filter(lambda t: t.item == item, lambda t: t.period_on > since, lambda t: t.amount_fen > 0)
    found = g.estate.filter(g.estate[has]).anti_join(told.select("estate").distinct(), "estate")
    return found.mutate(place=found.town.fill_null(""), days=g.p.days)


def without_lift_ads(g: Given) -> Expr:
    """Advertising in lifts."""
    return missing_item(g, "has_lift_ads", "电梯广告")


def without_station(g: Given) -> Expr:
    """Base stations on roofs."""
    return missing_item(g, "has_base_station", "通信基站")


def fallen(g: Given) -> Expr:
    """Income of a period against the same one a year before."""
    statement = g.estate_statement.select(
        "estate", "period_on", "income_fen", month=month(g.estate_statement.period_on)
    )
    before = statement.select("estate", month=statement.month + 12, before_fen="income_fen")
    both = statement.inner_join(before, ["estate", "month"])
    low = both.filter(both.income_fen * 100 < both.before_fen * (100 - g.p.percent))
    drop = (low.before_fen - low.income_fen) * 100 / low.before_fen.nullif(0)
    return at_town(g, low.mutate(drop=drop.floor().cast("int64")))


def lumped(g: Given) -> Expr:
    """“其他” is more than the share of a period's income."""
    lines = income(g)
    sums = lines.group_by("estate", "period_on").agg(
        sum_fen=lines.amount_fen.sum().cast("int64"),
        other_fen=where(lines.item == "其他", lines.amount_fen, 0).sum().cast("int64"),
    )
    return at_town(g, sums.filter(sums.other_fen * 100 > sums.sum_fen * g.p.percent).mutate(percent=g.p.percent))


def below_peers(g: Given) -> Expr:
    """Income for each household in the lowest tenth of the town's estates of the period, and under half their median."""
    estates = g.estate.filter(g.estate.households > 0, g.estate.town.notnull()).select(
        "estate", "households", place="town"
    )
    told = g.estate_statement.select("estate", "period_on", "income_fen").inner_join(estates, "estate")
    each = told.mutate(unit_fen=(told.income_fen / told.households).floor().cast("int64"))
    by = ["place", "period_on"]
    peers = middles(each, by, "unit_fen")
    peers = peers.filter(peers.peers >= g.p.peers)
    both = each.inner_join(peers, by)
    low = both.filter(both.unit_fen * 100 < both.median * g.p.percent)
    # how many of the peers are lower still: few estates are left, so the pairs are few
    others = each.select(*by, other="estate", other_fen="unit_fen")
    pairs = low.select("estate", *by, "unit_fen").left_join(others, by)
    lower = pairs.group_by("estate", "period_on").agg(
        lower=where(pairs.other_fen < pairs.unit_fen, 1, 0).sum().cast("int64")
    )
    found = low.inner_join(lower, ["estate", "period_on"])
    found = found.filter(found.lower * 10 < found.peers)
    return found.mutate(median_fen=found.median.floor().cast("int64"))


def _lines(*lines: dict[str, Any], estate: dict[str, Any] | None = None) -> dict[str, tuple[Row, ...]]:
    told = tuple({"line_id": f"L{n}", "estate": "小区", **line} for n, line in enumerate(lines))
    return {**calm(**(estate or {})), "estate_line": told}


def _statements(before: int, then: int, **told: Any) -> dict[str, tuple[Row, ...]]:
    closing = 14_000_000 - 5_000_000
    rows: tuple[Row, ...] = (
        {"estate": "小区", "period_on": date(2023, 9, 30), "income_fen": before, **_balance(closing + before)},
        {"estate": "小区", "income_fen": then, **_balance(closing + then), **told},
    )
    return {**calm(), "estate_statement": rows}


def _balance(closing: int) -> Row:
    return {"closing_fen": closing, "bank_fen": closing}


def _town(low: int, peers: int) -> dict[str, tuple[Row, ...]]:
    """So many estates of one town with 100 yuan a household, the first with something else."""
    rows: dict[str, tuple[Row, ...]] = {}
    for n in range(peers):
        made = low if n == 0 else 5_000_000
        told = calm(f"小区{n}")
        told["estate_statement"] = ({"estate": f"小区{n}", "income_fen": made, **_balance(9_000_000 + made)},)
        rows = {name: (*rows.get(name, ()), *told[name]) for name in told}
    return rows


LINE = (("L0",),)
BEHIND = {"estate_line": {"line_id": "line_id"}, "estate": {"estate": "estate"}}
FALL = (("小区", SEPTEMBER),)


def _item_rule(id_: str, name: str, thing: str, has: str, item: str, hits: Any) -> Rule:
    key = (("小区",),)
    return Rule(
        id_,
        name,
        level=RED,
        tables=("estate", "estate_line"),
        key=("estate",),
        hits=hits,
        params={"days": Param(365, "看最近多少天的所属期")},
        basis=(OWNERS, PRACTICE),
        sentence=f"{{place}}小区{{estate}}登记有{thing}，最近{{days}}天的公共收益明细里没有“{item}”收入。",
        blind="看不见没有登记的设施；收入并入其他项目的会误报。",
        behind={"estate": {"estate": "estate"}, "estate_line": {"estate": "estate"}},
        cases=(
            Case("有设施，没有收入", _lines({}, estate={has: True}), key),
            Case("有收入", _lines({"item": item}, estate={has: True})),
            edge(
                Case(
                    "收入在一年零一天以前",
                    _lines({"item": item, "period_on": date(2024, 1, 1)}, estate={has: True}),
                    key,
                )
            ),
            edge(Case("收入正好在一年内", _lines({"item": item, "period_on": date(2024, 1, 2)}, estate={has: True}))),
            Case("没有设施", _lines({})),
        ),
    )


RULES = [
    Rule(
        "M18-5",
        "收入没有合同对方",
        level=YELLOW,
        tables=("estate", "estate_line"),
        key=("line_id",),
        hits=nameless,
        basis=(OWNERS, PRACTICE),
        sentence="{place}小区{estate}截至{period_on}的“{item}”收入{amount_fen}没有登记合同对方。",
        blind="看不见登记了假对方的；临停等零散收入会误报。",
        behind=BEHIND,
        cases=(
            Case("没有对方", _lines({"has_party": False}), LINE),
            Case("有对方", _lines({})),
            edge(Case("有没有对方没有登记", _lines({"has_party": None}))),
        ),
    ),
    Rule(
        "M18-6",
        "合同对方与责任主体有关联",
        level=RED,
        tables=("estate", "estate_line", "company"),
        key=("line_id",),
        hits=related,
        basis=(OWNERS, PRACTICE),
        sentence="{place}小区{estate}“{item}”收入{amount_fen}的合同对方{party}，{how}。",
        blind="看不见由亲友出面的对方，也看不见业主委员会成员的亲属。",
        behind=BEHIND,
        cases=(
            Case("对方就是责任主体", _lines({"party": "S1"}, estate={"body": "S1"}), LINE),
            Case(
                "两家法定代表人相同",
                _lines({"party": "S2"}, estate={"body": "S1"})
                | {"company": ({"uscc": "S1", "legal_rep": "甲"}, {"uscc": "S2", "legal_rep": "甲"})},
                LINE,
            ),
            edge(
                Case(
                    "两家没有关系",
                    _lines({"party": "S2"}, estate={"body": "S1"})
                    | {"company": ({"uscc": "S1", "legal_rep": "甲"}, {"uscc": "S2", "legal_rep": "乙"})},
                )
            ),
            Case(
                "法定代表人都没有登记",
                _lines({"party": "S2"}, estate={"body": "S1"}) | {"company": ({"uscc": "S1"}, {"uscc": "S2"})},
            ),
        ),
    ),
    _item_rule("M18-7", "有电梯广告无收入", "电梯广告", "has_lift_ads", "电梯广告", without_lift_ads),
    _item_rule("M18-8", "有通信基站无收入", "通信基站", "has_base_station", "通信基站", without_station),
    Rule(
        "M18-9",
        "收益同比骤降",
        level=YELLOW,
        tables=("estate", "estate_statement"),
        key=("estate", "period_on"),
        hits=fallen,
        params={"percent": Param(30, "同比下降超过百分之几")},
        basis=(PRACTICE,),
        sentence="{place}小区{estate}截至{period_on}收入{income_fen}，上年同期{before_fen}，下降{drop}%。",
        blind="看不见两年都少报的；合同到期、车位改造会误报。",
        behind={"estate_statement": {"estate": "estate"}},
        cases=(
            Case("降一半", _statements(5_000_000, 2_500_000), FALL),
            edge(Case("正好降三成", _statements(5_000_000, 3_500_000))),
            edge(Case("再少一分", _statements(5_000_000, 3_499_999), FALL)),
            Case("上年没有同期", _statements(5_000_000, 2_500_000, period_on=date(2024, 6, 30))),
        ),
    ),
    Rule(
        "M18-10",
        "“其他”收入过多",
        level=YELLOW,
        tables=("estate", "estate_line"),
        key=("estate", "period_on"),
        hits=lumped,
        params={"percent": Param(20, "超过收入的百分之几")},
        basis=(PRACTICE,),
        sentence="{place}小区{estate}截至{period_on}收入{sum_fen}，其中笼统列作“其他”的{other_fen}，超过{percent}%。",
        blind="看不见换个名目的笼统项目；收入很少的小区会误报。",
        behind={"estate_line": PERIOD},
        cases=(
            Case("一半是其他", _lines({"amount_fen": 500}, {"item": "其他", "amount_fen": 500}), FALL),
            edge(Case("正好两成", _lines({"amount_fen": 400}, {"item": "其他", "amount_fen": 100}))),
            edge(Case("多一分", _lines({"amount_fen": 400}, {"item": "其他", "amount_fen": 101}), FALL)),
            Case("支出里的其他不算", _lines({"amount_fen": 400}, {"item": "其他", "amount_fen": 300, "side": "支出"})),
        ),
    ),
    Rule(
        "M18-16",
        "户均收益远低于同镇街小区",
        level=GREEN,
        tables=("estate", "estate_statement"),
        key=("estate", "period_on"),
        hits=below_peers,
        params={"peers": Param(10, "至少几个小区才比较"), "percent": Param(50, "低于中位数百分之几")},
        basis=(PRACTICE,),
        sentence="{place}的{peers}个小区截至{period_on}的户均公共收益中位数{median_fen}，小区{estate}只有{unit_fen}，在最低的一成。",
        blind="看不见全镇街都少报的；没有电梯、车位少的老小区会误报。",
        behind={"estate_statement": PERIOD},
        cases=(
            Case("十个小区，只有四成", _town(2_000_000, 10), (("小区0", SEPTEMBER),)),
            edge(Case("正好一半", _town(2_500_000, 10))),
            edge(Case("差一分不到一半", _town(2_499_500, 10), (("小区0", SEPTEMBER),))),
            Case("与别的小区一样", _town(5_000_000, 10)),
            edge(Case("九个小区，不比较", _town(2_000_000, 9))),
        ),
    ),
]
