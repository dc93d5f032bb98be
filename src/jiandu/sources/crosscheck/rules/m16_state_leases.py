"""M16 国有资产出租: what SZ-03 to SZ-05 say of the collective's leases, said of the state's."""

from datetime import date
from typing import Any

from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.rule import RED, YELLOW, Basis, Case, Given, Row, Rule, edge
from jiandu.sources.crosscheck.rules import sz03_long, sz04_negotiated, sz05_cheap

STATE = "国资"
PRACTICE = Basis("国有资产出租预警（淳安做法，比照集体资产出租规则）")
BEHIND = {"contract": {"contract_id": "contract_id"}}


def of_state(g: Given) -> Expr:
    """Contracts about property of the state."""
    return g.contract.filter(g.contract.owner_kind == STATE)


def too_long(g: Given) -> Expr:
    """Running, and beyond the years of its kind."""
    contract = of_state(g)
    return sz03_long.too_long(contract.filter(contract.status == "履行中"), g.p)


def negotiated(g: Given) -> Expr:
    """Let by agreement."""
    return sz04_negotiated.negotiated(of_state(g))


def cheap(g: Given) -> Expr:
    """Under its peers among the state's leases, or under its appraisal."""
    return sz05_cheap.cheap(of_state(g), g.p)


def _one(**told: Any) -> dict[str, tuple[Row, ...]]:
    return {"contract": ({"contract_id": "C1", "owner_kind": STATE, "start_on": date(2020, 1, 1), **told},)}


def _peers(rent: int, count: int = 5, **told: Any) -> dict[str, tuple[Row, ...]]:
    others: tuple[Row, ...] = tuple({"contract_id": f"P{n}", "owner_kind": STATE} for n in range(count - 1))
    return {"contract": (*others, {"contract_id": "C1", "owner_kind": STATE, "rent_fen": rent, **told})}


HIT = (("C1",),)

RULES = [
    Rule(
        "M16-1",
        "国有资产租期过长",
        level=RED,
        tables=("contract",),
        key=("contract_id",),
        hits=too_long,
        version=2,
        params=sz03_long.PARAMS,
        basis=(*sz03_long.BASIS, PRACTICE),
        sentence="国有资产出租合同{contract_id}（{kind}）自{start_on}至{end_on}，超过{of}{most}年{why}。",
        blind="看不见分次续签成的长租，也看不见口头延长的。",
        behind=BEHIND,
        cases=(
            edge(Case("租期二十年零一天", _one(end_on=date(2040, 1, 1)), HIT)),
            edge(Case("租期恰二十年", _one(end_on=date(2039, 12, 31)))),
            Case("个人承租六年", _one(lessee_kind="个人", end_on=date(2025, 12, 31)), HIT),
            Case("已收回", _one(end_on=date(2040, 1, 1), status="已收回")),
            Case("集体的，另一条规则", _one(end_on=date(2040, 1, 1), owner_kind="集体"), also={"SZ-03": HIT}),
        ),
    ),
    Rule(
        "M16-2",
        "国有资产协议出租",
        level=RED,
        tables=("contract",),
        key=("contract_id",),
        hits=negotiated,
        basis=(PRACTICE,),
        sentence="国有资产出租合同{contract_id}以协议方式出租，年租金{rent_fen}，没有公开招租。",
        blind="看不见按规定可以协议出租的情形，须核对本地出租管理办法。",
        behind=BEHIND,
        cases=(
            Case("协议出租", _one(mode="协议"), HIT),
            Case("公开招租", _one()),
            edge(Case("协议出租，已终止", _one(mode="协议", status="已终止"))),
            Case("集体的，另一条规则", _one(mode="协议", owner_kind="集体"), also={"SZ-04": HIT}),
        ),
    ),
    Rule(
        "M16-3",
        "国有资产低价出租",
        level=YELLOW,
        tables=("contract",),
        key=("contract_id",),
        hits=cheap,
        version=2,
        params=sz05_cheap.PARAMS,
        basis=(PRACTICE,),
        sentence="国有资产出租合同{contract_id}（{kind}）每亩年租金{unit_fen}，{why}（{than_fen}）。",
        blind="看不见位置、楼层、装修投入和免租期；评估价不实的会漏。",
        behind=BEHIND,
        cases=(
            Case("同类五份，租金是中位数的六成", _peers(1_440_000, appraised_fen=None), HIT),
            edge(Case("恰七成", _peers(1_680_000, appraised_fen=None))),
            Case("六成，但同类不足五份", _peers(1_440_000, count=4, appraised_fen=None)),
            edge(Case("低于评估价一分", _peers(2_400_000, appraised_fen=2_400_001), HIT)),
            edge(Case("等于评估价", _peers(2_400_000))),
        ),
    ),
]
