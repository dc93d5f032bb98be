"""SZ-05 低价: a rent far below that of its peers, or below its own appraisal."""

from jiandu.base.engine.columns import middles, where
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import COLLECTIVE, of
from jiandu.sources.crosscheck.rule import YELLOW, Basis, Case, Given, Param, Row, Rule, edge
from jiandu.sources.crosscheck.rules.sz03_long import UNKNOWN


def hits(g: Given) -> Expr:
    """Rent per 亩 under so many percent of the median of town, kind and year, where there are peers enough; or under the
    appraisal."""
    contract, p = g.contract, g.p
    priced = contract.filter(contract.rent_fen.notnull(), contract.area_mu > 0, contract.status == "履行中")
    priced = priced.mutate(unit=priced.rent_fen / priced.area_mu, year=priced.start_on.year().cast("int64"))
    by = ["town", "kind", "year"]
    alike = priced.filter(priced.kind.notnull(), priced.kind != "其他")  # things of no known kind are no peers
    peers = middles(alike, by, "unit")
    peers = peers.filter(peers.peers >= p.peers)
    judged = priced.left_join(peers, by)
    low = (judged.unit * 100 < judged.median * p.percent).fill_null(False)  # noqa: FBT003 -- Ibis' own
    under = (judged.rent_fen < judged.appraised_fen).fill_null(False)  # noqa: FBT003
    return judged.filter(low | under).mutate(
        unit_fen=judged.unit.round(0).cast("int64"),
        why=where(low, "明显低于同镇街同类同年合同", "低于评估价"),
        than_fen=where(low, judged.median.round(0).cast("int64"), judged.appraised_fen),
        kind=judged.kind.fill_null(UNKNOWN),
        place=judged.village,
    )


PARAMS = {"percent": Param(70, "低于同类中位数百分之几"), "peers": Param(5, "同类至少几份合同才比较")}


def _peers(rent: int, count: int = 5, **told: object) -> dict[str, tuple[Row, ...]]:
    others: tuple[Row, ...] = tuple({"contract_id": f"P{n}"} for n in range(count - 1))
    return {"contract": (*others, {"contract_id": "C1", "rent_fen": rent, **told})}


RULE = Rule(
    "SZ-05",
    "低价出租",
    level=YELLOW,
    tables=("contract",),
    key=("contract_id",),
    hits=of(COLLECTIVE, hits, "contract"),
    version=3,
    params=PARAMS,
    basis=(Basis("“低价包”合同清理（平和县做法）；同类中位数七成为默认界限"),),
    sentence="{village}合同{contract_id}（{kind}）每亩年租金{unit_fen}，{why}（{than_fen}）。",
    blind="看不见位置、楼层、装修投入和免租期；评估价不实的会漏；类别不明和“其他”的没有同类，只与评估价比。",
    behind={"contract": {"contract_id": "contract_id"}},
    cases=(
        Case("同类五份，租金是中位数的六成", _peers(1_440_000, appraised_fen=None), (("C1",),)),
        edge(Case("恰七成", _peers(1_680_000, appraised_fen=None))),
        Case("六成，但同类不足五份", _peers(1_440_000, count=4, appraised_fen=None)),
        Case("类别不明的六成，不作同类比较", _peers(1_440_000, kind=None, appraised_fen=None)),
        Case("类别不明，低于评估价", _peers(1_440_000, kind=None), (("C1",),)),
        edge(Case("低于评估价一分", _peers(2_400_000, appraised_fen=2_400_001), (("C1",),))),
        edge(Case("等于评估价", _peers(2_400_000))),
    ),
)
