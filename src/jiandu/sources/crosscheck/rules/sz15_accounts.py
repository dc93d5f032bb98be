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


def _one(**told: object) -> dict[str, tuple[Row, ...]]:
    return {"receipt": ({"receipt_id": "R1", **told},)}


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
)
