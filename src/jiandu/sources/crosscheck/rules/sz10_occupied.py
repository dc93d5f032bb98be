"""SZ-10 非法占用: an asset that others occupy without a contract, or that was taken back and never left."""

from datetime import date

from jiandu.base.engine.columns import where
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import COLLECTIVE, of
from jiandu.sources.crosscheck.rule import RED, Basis, Case, Given, Rule, edge
from jiandu.sources.crosscheck.rules.sz08_unwritten import running


def hits(g: Given) -> Expr:
    """Occupied, and no running contract; a contract that was taken back says so in the sentence."""
    a = g.asset.filter(g.asset.status == "他人占用").anti_join(running(g), "asset_id")
    c = g.contract.filter(g.contract.status.isin(["已收回", "已终止"]), g.contract.asset_id.notnull())
    back = c.group_by("asset_id").agg(taken_back=c.count())
    seen = a.left_join(back, "asset_id")
    return seen.mutate(
        why=where(seen.taken_back.notnull(), "合同已收回或终止而没有腾退", "没有合同"), place=seen.village
    )


def _asset(**told: object) -> tuple[dict[str, object], ...]:
    return ({"asset_id": "A1", "status": "他人占用", **told},)


RULE = Rule(
    "SZ-10",
    "非法占用集体资产",
    level=RED,
    tables=("asset", "contract"),
    key=("asset_id",),
    hits=of(COLLECTIVE, hits, "asset"),
    version=2,
    basis=(
        Basis("农村集体经济组织法", "第三十六条（集体财产的范围和权属）", date(2025, 5, 1)),
        Basis("集体公共空间清理“回头看”（安徽等地做法）"),
    ),
    sentence="{village}资产{asset_id}（{name}，{area_mu}亩）被他人占用，{why}。",
    blind="看不见现场已经腾退而台账没有更新的，须实地核实。",
    behind={"asset": {"asset_id": "asset_id"}, "contract": {"asset_id": "asset_id"}},
    cases=(
        Case("占用，没有合同", {"asset": _asset()}, (("A1",),)),
        Case(
            "收回后没有腾退",
            {"asset": _asset(), "contract": ({"contract_id": "C1", "asset_id": "A1", "status": "已收回"},)},
            (("A1",),),
        ),
        edge(Case("有正在履行的合同", {"asset": _asset(), "contract": ({"contract_id": "C1", "asset_id": "A1"},)})),
        Case("闲置", {"asset": _asset(status="闲置", since=None)}),
    ),
)
