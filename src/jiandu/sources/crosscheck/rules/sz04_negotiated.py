"""SZ-04 协议出租: a running contract that was negotiated, not open."""

from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import COLLECTIVE, of
from jiandu.sources.crosscheck.rule import RED, Basis, Case, Given, Rule, edge


def hits(g: Given) -> Expr:
    """Running, and let by agreement."""
    c = g.contract
    return c.filter(c.mode == "协议", c.status == "履行中").mutate(place=c.village)


RULE = Rule(
    "SZ-04",
    "协议出租未公开",
    level=RED,
    tables=("contract",),
    key=("contract_id",),
    hits=of(COLLECTIVE, hits, "contract"),
    version=2,
    basis=(Basis("集体资产应当公开交易（淳安预警规则，协议出租列红色）"),),
    sentence="{village}合同{contract_id}以协议方式出租，年租金{rent_fen}，没有公开交易。",
    blind="看不见按规定可以协议出租的小额、续租情形，须核对本地交易规则。",
    behind={"contract": {"contract_id": "contract_id"}},
    cases=(
        Case("协议出租", {"contract": ({"contract_id": "C1", "mode": "协议"},)}, (("C1",),)),
        Case("公开出租", {"contract": ({"contract_id": "C1"},)}),
        edge(Case("协议出租，已终止", {"contract": ({"contract_id": "C1", "mode": "协议", "status": "已终止"},)})),
    ),
)
