"""SZ-15 资金入个人账户、坐支、逾期入账: what was received and did not reach the collective's account as it must."""

from datetime import date

from jiandu.base.engine.columns import day, day_of
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.rule import RED, YELLOW, Basis, Case, Given, Param, Row, Rule, edge


def personal(g: Given) -> Expr:
    """A person holds the account."""
    r = g.receipt
    return r.filter(r.holder_kind == "个人").mutate(place=r.village)


def spent(g: Given) -> Expr:
    """Spent before it was banked."""
    r = g.receipt
    return r.filter(r.spent_fen > 0).mutate(place=r.village)


def late(g: Given) -> Expr:
    """Banked later than so many days, or not by the day."""
    r = g.receipt
    days = day(r.banked_on).fill_null(day_of(g.on)) - day(r.paid_on)
    return r.filter(days > g.p.days).mutate(days=days, place=r.village)


def newest(g: Given) -> Expr:
    """The last statement of each account by the day."""
    told = g.fund.filter(g.fund.on <= g.on)
    return told.semi_join(told.group_by("account").agg(on=told.on.max()), ["account", "on"])


def held_by_person(g: Given) -> Expr:
    """The collective's money lies in an account under a person's name."""
    f = newest(g)
    return f.filter(f.holder_kind == "个人").mutate(place=f.village)


def unlike_bank(g: Given) -> Expr:
    """The books say one thing, the bank another, and nobody wrote why."""
    f = newest(g)
    gap = (f.book_fen - f.bank_fen).abs()
    unexplained = f.why.fill_null("").strip() == ""
    return f.filter(gap > g.p.tolerance_fen, unexplained).mutate(gap_fen=gap, place=f.village)


def _one(**told: object) -> dict[str, tuple[Row, ...]]:
    return {"receipt": ({"receipt_id": "R1", **told},)}


def _fund(**told: object) -> dict[str, tuple[Row, ...]]:
    return {"fund": ({"account": "账户一", **told},)}


def _two(before: str, then: str) -> dict[str, tuple[Row, ...]]:
    first: Row = {"account": "账户一", "on": date(2024, 11, 30), "holder_kind": before}
    return {"fund": (first, {"account": "账户一", "holder_kind": then})}


IN_PERSON = (
    Basis("农村集体经济组织法", "第四十四条（集体资金不得存入个人账户）", date(2025, 5, 1)),
    Basis("集体资金须存入集体账户（村级三资管理制度范本）"),
)
BEHIND = {"receipt": {"receipt_id": "receipt_id"}}

RULES = (
    Rule(
        "SZ-15-1",
        "集体资金入个人账户",
        level=RED,
        tables=("receipt",),
        key=("receipt_id",),
        hits=personal,
        basis=(*IN_PERSON,),
        sentence="{village}收款{receipt_id}（{amount_fen}，{paid_on}）进入个人账户。",
        blind="看不见没有登记的收款；由个人代收后当日转入的，按登记的账户判断；本系统台账只有户名，像人名的按个人看，须核对账户。",
        behind=BEHIND,
        cases=(
            Case("个人账户", _one(holder_kind="个人"), (("R1",),)),
            Case("集体账户", _one()),
            edge(Case("还没有入账，不知进了谁的账户", _one(holder_kind="未入账"))),
        ),
    ),
    Rule(
        "SZ-15-2",
        "坐支",
        level=RED,
        tables=("receipt",),
        key=("receipt_id",),
        hits=spent,
        basis=(Basis("现金管理暂行条例", "第十一条（不得坐支）", date(1988, 10, 1)),),
        sentence="{village}收款{receipt_id}（{amount_fen}）入账前已支用{spent_fen}。",
        blind="只看台账所记的坐支金额。",
        behind=BEHIND,
        cases=(
            edge(Case("支用一分", _one(spent_fen=1), (("R1",),))),
            Case("支用一半", _one(spent_fen=600_000), (("R1",),)),
            edge(Case("没有支用", _one(spent_fen=0))),
            Case("有没有坐支没有登记", _one(spent_fen=None)),
        ),
    ),
    Rule(
        "SZ-15-3",
        "逾期入账",
        level=YELLOW,
        tables=("receipt",),
        key=("receipt_id",),
        hits=late,
        params={"days": Param(7, "收款后多少天内入账")},
        basis=(Basis("收款七日内缴入专户（村级三资管理制度范本）"),),
        sentence="{village}收款{receipt_id}（{amount_fen}）于{paid_on}收取，{days}天没有入账或才入账。",
        blind="看不见没有登记的收款。",
        behind=BEHIND,
        cases=(
            edge(Case("第八天入账", _one(paid_on=date(2024, 6, 1), banked_on=date(2024, 6, 9)), (("R1",),))),
            edge(Case("第七天入账", _one(paid_on=date(2024, 6, 1), banked_on=date(2024, 6, 8)))),
            Case("至今没有入账", _one(paid_on=date(2024, 6, 1), banked_on=None), (("R1",),)),
            Case("昨天收的，还没有入账", _one(paid_on=date(2024, 12, 30), banked_on=None)),
        ),
    ),
    Rule(
        "SZ-15-4",
        "集体资金账户为个人户名",
        level=RED,
        tables=("fund",),
        key=("account", "on"),
        hits=held_by_person,
        basis=IN_PERSON,
        sentence="{village}资金台账中的账户{account}登记为个人户名，{on}余额{bank_fen}。",
        blind="看不见台账没有登记的账户；只看每个账户最近一次登记；由个人名义代开的集体卡要核对开户资料。",
        behind={"fund": {"account": "account"}},
        cases=(
            Case("个人户名", _fund(holder_kind="个人"), (("账户一", "2024-12-31"),)),
            edge(Case("曾是个人户名，最近一次已改为集体", _two("个人", "集体"))),
            Case("最近一次改成了个人户名", _two("集体", "个人"), (("账户一", "2024-12-31"),)),
            Case("集体户名", _fund()),
            Case("户名性质没有登记", _fund(holder_kind=None)),
        ),
    ),
    Rule(
        "SZ-15-5",
        "账面与银行余额不符没有说明",
        level=RED,
        tables=("fund",),
        key=("account", "on"),
        hits=unlike_bank,
        params={"tolerance_fen": Param(0, "相差多少分以内不提示")},
        basis=(Basis("账面与实存核对、登记不符原因（安徽集体“三资”清查登记表）"),),
        sentence="{village}账户{account}截至{on}账面余额{book_fen}，银行余额{bank_fen}，相差{gap_fen}，没有登记不符原因。",
        blind="看不见期末拆借补平的；在途款项没有写明原因的会误报；登记了原因的，原因是否属实不判断；只看每个账户最近一次登记。",
        behind={"fund": {"account": "account"}},
        cases=(
            Case("银行少十万元", _fund(book_fen=20_000_000, bank_fen=10_000_000), (("账户一", "2024-12-31"),)),
            edge(Case("差一分", _fund(bank_fen=9_999_999), (("账户一", "2024-12-31"),))),
            edge(Case("相符", _fund())),
            edge(Case("差一分，写明了原因", _fund(bank_fen=9_999_999, why="在途"))),
            Case("原因只有空格", _fund(bank_fen=9_000_000, why="  "), (("账户一", "2024-12-31"),)),
            Case("银行多出，写明了原因", _fund(bank_fen=12_000_000, why="利息未入账")),
        ),
    ),
)
