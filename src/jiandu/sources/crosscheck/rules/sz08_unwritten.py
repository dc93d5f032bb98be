"""SZ-08 口头、无合同: an asset that is let, and no contract for it."""

from datetime import date

from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import COLLECTIVE, of
from jiandu.sources.crosscheck.rule import RED, Basis, Case, Given, Rule, edge


def running(g: Given) -> Expr:
    """Contracts that hold on the day, by their asset."""
    c = g.contract
    return c.filter(c.status == "履行中", c.asset_id.notnull())


def hits(g: Given) -> Expr:
    """Let, without a running contract."""
    a = g.asset.filter(g.asset.status == "出租")
    return a.anti_join(running(g), "asset_id").mutate(place=a.village)


RULE = Rule(
    "SZ-08",
    "出租没有书面合同",
    level=RED,
    tables=("asset", "contract"),
    key=("asset_id",),
    hits=of(COLLECTIVE, hits, "asset"),
    version=2,
    basis=(
        Basis("民法典", "第七百零七条（六个月以上应当采用书面形式）", date(2021, 1, 1)),
        Basis("集体资产出租须签书面合同（长治等地做法）"),
    ),
    sentence="{village}资产{asset_id}（{name}）登记为出租，没有正在履行的合同。",
    blind="看不见合同台账没有录入的书面合同；标的编号填错的会误报。",
    behind={"asset": {"asset_id": "asset_id"}, "contract": {"asset_id": "asset_id"}},
    cases=(
        Case("出租没有合同", {"asset": ({"asset_id": "A1", "status": "出租"},)}, (("A1",),)),
        Case(
            "合同已终止",
            {
                "asset": ({"asset_id": "A1", "status": "出租"},),
                "contract": ({"contract_id": "C1", "asset_id": "A1", "status": "已终止"},),
            },
            (("A1",),),
        ),
        edge(
            Case(
                "有合同",
                {
                    "asset": ({"asset_id": "A1", "status": "出租"},),
                    "contract": ({"contract_id": "C1", "asset_id": "A1"},),
                },
            )
        ),
        Case("自用", {"asset": ({"asset_id": "A1"},)}),
    ),
)
