"""M10 围标串标: bidders of one tender who share what strangers do not share, and wins that look arranged."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from jiandu.base.engine.columns import day, previous
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import placed
from jiandu.sources.crosscheck.rule import RED, YELLOW, Basis, Case, Given, Param, Row, Rule, edge

LAW = Basis("招标投标法实施条例", "第四十条", date(2019, 3, 2))
PRACTICE = Basis("招投标大数据监督模型（宁夏等地做法）")


@dataclass(frozen=True)
class Sign:
    """What two bidders of one tender must not have in common: a column of bid or of a table beside it."""

    id: str
    name: str
    table: str
    column: str
    sentence: str
    blind: str
    level: str = RED


def _bidders_with(g: Given, sign: Sign) -> Expr:
    """Every row that carries the sign, with the firm that bid."""
    if sign.table == "bid":
        return g.bid.filter(g.bid[sign.column].notnull())
    beside = getattr(g, sign.table)
    told = beside.filter(beside[sign.column].notnull()).select("bid_id", "tender_id", sign.column)
    return told.inner_join(g.bid.select("bid_id", "uscc"), "bid_id")


def _shared(sign: Sign) -> Callable[[Given], Expr]:
    def hits(g: Given) -> Expr:
        """The sign once for every firm, then firms for every sign: a firm's own repeats do not count."""
        rows = _bidders_with(g, sign)
        firms = rows.group_by("tender_id", sign.column, "uscc").agg(files=rows.count())
        shared = firms.group_by("tender_id", sign.column).agg(bidders=firms.count())
        return _at_buyer(g, shared.filter(shared.bidders >= g.p.bidders))

    return hits


def _at_buyer(g: Given, found: Expr) -> Expr:
    return placed(found, g.tender.select("tender_id", place="buyer"), "tender_id")


def _shared_rule(sign: Sign) -> Rule:
    beside = {sign.table: {"tender_id": "tender_id", sign.column: sign.column}}
    return Rule(
        sign.id,
        sign.name,
        level=sign.level,
        tables=tuple(dict.fromkeys(("tender", "bid", sign.table))),
        key=("tender_id", sign.column),
        hits=_shared(sign),
        params={"bidders": Param(2, "几家投标人相同才提示")},
        basis=(LAW, PRACTICE),
        sentence=sign.sentence,
        blind=sign.blind,
        behind={"tender": {"tender_id": "tender_id"}, **beside},
        cases=_shared_cases(sign),
    )


def _shared_cases(sign: Sign) -> tuple[Case, ...]:
    return (
        edge(
            Case(
                "两家相同", _carrying(sign, ("T1", "S1", "同"), ("T1", "S2", "同"), ("T1", "S3", "异")), (("T1", "同"),)
            )
        ),
        Case("三家相同", _carrying(sign, *(("T1", f"S{n}", "同") for n in range(3))), (("T1", "同"),)),
        edge(Case("同一家投标人的两份", _carrying(sign, ("T1", "S1", "同"), ("T1", "S1", "同"), ("T1", "S2", "异")))),
        Case("相同的两家不在一个标段", _carrying(sign, ("T1", "S1", "同"), ("T2", "S2", "同"))),
        Case("没有登记", _carrying(sign, ("T1", "S1", None), ("T1", "S2", None))),
    )


def _carrying(sign: Sign, *told: tuple[str, str, str | None]) -> dict[str, tuple[Row, ...]]:
    """Bids as (tender, firm, what the sign says)."""
    tenders: tuple[Row, ...] = tuple({"tender_id": name, "buyer": "建"} for name in sorted({each[0] for each in told}))
    bids: list[Row] = []
    beside: list[Row] = []
    for number, (tender, firm, value) in enumerate(told):
        bid: Row = {"bid_id": f"B{number}", "tender_id": tender, "uscc": firm}
        sheet: Row = {"bid_id": f"B{number}", "tender_id": tender, sign.column: value}
        bids.append(bid | ({sign.column: value} if sign.table == "bid" else {}))
        beside.append(sheet)
    rows = {"tender": tenders, "bid": tuple(bids)}
    return rows if sign.table == "bid" else {**rows, sign.table: tuple(beside)}


HOTSPOT = "看不见用手机热点、换机器避开的串通；"
SIGNS = (
    Sign(
        "M10-1",
        "投标文件出自同一台电脑",
        "bid_file",
        "mac",
        "标段{tender_id}有{bidders}家投标人的文件出自同一网卡地址{mac}。",
        HOTSPOT + "同在一家打印店或交易中心公用电脑上做的文件会误报。",
    ),
    Sign(
        "M10-2",
        "投标文件从同一网络地址上传",
        "bid_file",
        "ip",
        "标段{tender_id}有{bidders}家投标人从同一网络地址{ip}上传文件。",
        HOTSPOT + "同一写字楼、同一运营商出口的地址会误报。",
        YELLOW,
    ),
    Sign(
        "M10-3",
        "投标文件创建标识相同",
        "bid_file",
        "doc_code",
        "标段{tender_id}有{bidders}家投标人的文件创建标识同为{doc_code}。",
        "看不见重新打字的文件；招标人发出的模板带有标识时会误报。",
    ),
    Sign(
        "M10-4",
        "联系电话相同",
        "bid",
        "phone",
        "标段{tender_id}有{bidders}家投标人留了同一个联系电话。",
        "看不见各留一号、由一人接听的；代办机构的电话会误报。",
    ),
    Sign(
        "M10-5",
        "投标文件编制人相同",
        "bid",
        "author",
        "标段{tender_id}有{bidders}家投标人的文件由同一人编制。",
        "看不见冒用他人名义的编制人；编制人登记为软件账号时要核对。",
    ),
    Sign(
        "M10-6",
        "保证金出自同一账户",
        "bid_deposit",
        "account",
        "标段{tender_id}有{bidders}家投标人的保证金从同一账户转出。",
        "看不见经多个账户过手的资金；担保公司代缴的会误报。",
    ),
    Sign(
        "M10-8",
        "项目负责人相同",
        "bid",
        "manager_id",
        "标段{tender_id}有{bidders}家投标人填报了同一名项目负责人。",
        "看不见借用他人证书的；身份证号登记错误会误报。",
    ),
)


def steps(g: Given) -> Expr:
    """Prices from low to high differ each time by the same amount."""
    bids = g.bid.select("tender_id", "price_fen")
    before = bids.price_fen.lag().over(previous(["tender_id"], ["price_fen"]))  # of equal prices any is first
    gaps = bids.mutate(gap=bids.price_fen - before)
    found = gaps.group_by("tender_id").agg(bids=gaps.count(), step_fen=gaps.gap.min(), most=gaps.gap.max())
    return _at_buyer(
        g, found.filter(found.bids >= g.p.bids, found.step_fen > 0, found.most - found.step_fen <= g.p.tolerance_fen)
    )


def pairs(g: Given) -> Expr:
    """One winner so often at one buyer, within the days before, and with so large a share of its tenders."""
    recent = g.tender.filter(g.tender.opened_on > g.on - timedelta(days=g.p.days), g.tender.opened_on <= g.on)
    recent = recent.filter(recent.buyer.notnull()).select("tender_id", "buyer")
    won = g.bid.filter(g.bid.won).select("tender_id", "uscc").inner_join(recent, "tender_id")
    wins = won.group_by("buyer", "uscc").agg(wins=won.count())
    wins = wins.filter(wins.wins >= g.p.wins)
    tenders = recent.group_by("buyer").agg(tenders=recent.count())
    both = wins.inner_join(tenders, "buyer")
    return both.filter(both.wins * 100 >= both.tenders * g.p.share).mutate(place=both.buyer, days=g.p.days)


def newcomers(g: Given) -> Expr:
    """The winner was founded shortly before, with hardly anybody insured and hardly any tax."""
    won = g.bid.filter(g.bid.won).select("bid_id", "tender_id", "uscc")
    small = g.company.filter(g.company.staff <= g.p.staff, g.company.tax_fen <= g.p.tax_fen)
    both = won.inner_join(small.select("uscc", "founded_on", "staff", "tax_fen"), "uscc")
    both = both.inner_join(g.tender.select("tender_id", "opened_on", place="buyer"), "tender_id")
    age = day(both.opened_on) - day(both.founded_on)
    return both.filter(age < g.p.days).mutate(place=both.place.fill_null(""))


def mixed(g: Given) -> Expr:
    """A bid's papers name another bidder of the same tender."""
    named = g.bid_file.filter(g.bid_file.names_uscc.notnull()).select("file_id", "bid_id", "tender_id", "names_uscc")
    own = named.inner_join(g.bid.select("bid_id", "uscc"), "bid_id")
    own = own.filter(own.uscc != own.names_uscc)
    others = g.bid.select("tender_id", names_uscc="uscc").distinct()
    return _at_buyer(g, own.semi_join(others, ["tender_id", "names_uscc"]))


def _priced(*prices: int) -> dict[str, tuple[Row, ...]]:
    return {
        "tender": ({"tender_id": "T1"},),
        "bid": tuple({"tender_id": "T1", "price_fen": price} for price in prices),
    }


def _wins(won: int, lost: int, **told: Any) -> dict[str, tuple[Row, ...]]:
    names = [f"T{n}" for n in range(won + lost)]
    return {
        "tender": tuple({"tender_id": name, "buyer": "建", **told} for name in names),
        "bid": tuple({"tender_id": name, "uscc": "S1", "won": n < won} for n, name in enumerate(names)),
    }


def _new(founded: date, *, won: bool = True, **told: Any) -> dict[str, tuple[Row, ...]]:
    firm = {"uscc": "S1", "founded_on": founded, "staff": 2, "tax_fen": 0}
    return {
        "tender": ({"tender_id": "T1", "opened_on": date(2024, 5, 10)},),
        "bid": ({"bid_id": "B1", "tender_id": "T1", "uscc": "S1", "won": won},),
        "company": (firm | told,),
    }


def _named(bidders: tuple[str, ...], named: str) -> dict[str, tuple[Row, ...]]:
    return {
        "bid": tuple({"bid_id": f"B{n}", "tender_id": "T1", "uscc": firm} for n, firm in enumerate(bidders)),
        "bid_file": ({"file_id": "F1", "bid_id": "B0", "tender_id": "T1", "names_uscc": named},),
    }


RULES = [
    *map(_shared_rule, SIGNS),
    Rule(
        "M10-7",
        "报价呈规律性差异",
        level=RED,
        tables=("tender", "bid"),
        key=("tender_id",),
        hits=steps,
        params={"bids": Param(3, "至少几份报价"), "tolerance_fen": Param(100, "各次差额最多相差多少分")},
        basis=(LAW, PRACTICE),
        sentence="标段{tender_id}的{bids}份报价从低到高每次都相差约{step_fen}。",
        blind="看不见夹有一份真实报价的等差报价，也看不见按同一比例递减的报价；整万报价的小标段会误报。",
        behind={"tender": {"tender_id": "tender_id"}, "bid": {"tender_id": "tender_id"}},
        cases=(
            Case("四份等差", _priced(95_000_000, 95_130_000, 95_260_000, 95_390_000), (("T1",),)),
            edge(Case("差额相差正好一元", _priced(95_000_000, 95_130_000, 95_260_100), (("T1",),))),
            edge(Case("差额相差一元零一分", _priced(95_000_000, 95_130_000, 95_260_101))),
            Case("只有两份", _priced(95_000_000, 95_130_000)),
            Case("报价都相同", _priced(95_000_000, 95_000_000, 95_000_000)),
        ),
    ),
    Rule(
        "M10-9",
        "同一企业反复在一家招标人中标",
        level=YELLOW,
        tables=("tender", "bid"),
        key=("buyer", "uscc"),
        hits=pairs,
        params={
            "days": Param(730, "看最近多少天"),
            "wins": Param(3, "至少中标几次"),
            "share": Param(50, "至少占该招标人标段的百分之几"),
        },
        basis=(PRACTICE,),
        sentence="{buyer}最近{days}天开标的{tenders}个标段中，企业{uscc}中标{wins}个。",
        blind="看不见换牌子的同一批人；专业性强、供应商少的招标人会误报。",
        behind={"bid": {"uscc": "uscc"}, "tender": {"buyer": "buyer"}},
        cases=(
            Case("五个标段中三个", _wins(3, 2), (("建", "S1"),)),
            edge(Case("六个标段中三个，正好一半", _wins(3, 3), (("建", "S1"),))),
            edge(Case("七个标段中三个", _wins(3, 4))),
            Case("只中两次", _wins(2, 0)),
            Case("两年以前的", _wins(3, 0, opened_on=date(2022, 12, 1))),
        ),
    ),
    Rule(
        "M10-10",
        "新设空壳企业中标",
        level=YELLOW,
        tables=("tender", "bid", "company"),
        key=("bid_id",),
        hits=newcomers,
        params={
            "days": Param(365, "成立不满多少天"),
            "staff": Param(2, "参保人数至多"),
            "tax_fen": Param(100_000, "上年纳税至多多少分"),
        },
        basis=(PRACTICE,),
        sentence="标段{tender_id}于{opened_on}开标，中标企业{uscc}在{founded_on}才成立，参保{staff}人，上年纳税{tax_fen}。",
        blind="看不见借用老企业资质的；新设的项目公司和分支机构会误报。",
        behind={"company": {"uscc": "uscc"}, "bid": {"bid_id": "bid_id"}, "tender": {"tender_id": "tender_id"}},
        cases=(
            Case("成立三个月、两人、零纳税", _new(date(2024, 2, 10)), (("B1",),)),
            edge(Case("差一天满一年", _new(date(2023, 5, 12)), (("B1",),))),
            edge(Case("正好满一年", _new(date(2023, 5, 11)))),
            Case("三人参保", _new(date(2024, 2, 10), staff=3)),
            Case("纳税正好一千元", _new(date(2024, 2, 10), tax_fen=100_000), (("B1",),)),
            Case("纳税多一分", _new(date(2024, 2, 10), tax_fen=100_001)),
            Case("没有中标", _new(date(2024, 2, 10), won=False)),
        ),
    ),
    Rule(
        "M10-11",
        "投标文件混装",
        level=RED,
        tables=("tender", "bid", "bid_file"),
        key=("file_id",),
        hits=mixed,
        basis=(LAW, PRACTICE),
        sentence="标段{tender_id}投标人{uscc}的文件{file_id}里出现了另一投标人{names_uscc}的内容。",
        blind="只看得见登记了的他人名称，扫描页里的要人工翻看。",
        behind={"bid_file": {"file_id": "file_id"}, "bid": {"tender_id": "tender_id"}},
        cases=(
            Case("文件里有另一家投标人", _named(("S1", "S2"), "S2"), (("F1",),)),
            Case("写的是自己", _named(("S1", "S2"), "S1")),
            edge(Case("写的企业没有投这个标", _named(("S1", "S2"), "S3"))),
        ),
    ),
]
