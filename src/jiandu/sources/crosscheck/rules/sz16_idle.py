"""SZ-16 资产闲置: an asset that has been idle for long; to be put to use."""

from datetime import date

from jiandu.base.engine.columns import day, day_of, where
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import COLLECTIVE, of
from jiandu.sources.crosscheck.rule import GREEN, YELLOW, Basis, Case, Given, Param, Row, Rule, edge


def hits(g: Given) -> Expr:
    """Idle for at least so many days; longer is yellow."""
    a = g.asset.filter(g.asset.status == "闲置", g.asset.since.notnull())
    days = day_of(g.on) - day(a.since)
    return a.filter(days >= g.p.days).mutate(
        days=days, level=where(days >= g.p.long_days, YELLOW, GREEN), place=a.village
    )


def _asset(status: str, since: date) -> dict[str, tuple[Row, ...]]:
    return {"asset": ({"asset_id": "A1", "status": status, "since": since},)}


RULE = Rule(
    "SZ-16",
    "资产闲置",
    level=GREEN,
    tables=("asset",),
    key=("asset_id",),
    hits=of(COLLECTIVE, hits, "asset"),
    version=2,
    params={"days": Param(180, "闲置多少天起"), "long_days": Param(365, "多少天起为黄色")},
    basis=(Basis("闲置资产预警、盘活（合浦等地做法）；一百八十天为默认界限"),),
    sentence="{village}资产{asset_id}（{name}）自{since}起闲置{days}天。",
    blind="看不见危房、征迁等不能使用的原因；状态起始日没有登记的不在其中。",
    behind={"asset": {"asset_id": "asset_id"}},
    cases=(
        Case("闲置一年半", _asset("闲置", date(2023, 7, 1)), (("A1",),)),
        edge(Case("恰一百八十天", _asset("闲置", date(2024, 7, 4)), (("A1",),))),
        edge(Case("一百七十九天", _asset("闲置", date(2024, 7, 5)))),
        Case("自用", _asset("自用", date(2020, 1, 1))),
    ),
)
