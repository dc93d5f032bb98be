"""SZ-09 擅自转租: who uses the asset is not who rents it."""

from datetime import date

from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import COLLECTIVE, of
from jiandu.sources.crosscheck.rule import YELLOW, Basis, Case, Given, Rule, edge
from jiandu.sources.crosscheck.rules.sz08_unwritten import running


def hits(g: Given) -> Expr:
    """Identity numbers differ; where one is not known, the names do."""
    asset = g.asset.filter(g.asset.status == "出租").select("asset_id", "village", "name", "user_name", "user_id")
    contract = running(g).select("contract_id", "asset_id", "lessee", "lessee_id")
    both = asset.join(contract, "asset_id")
    numbers = both.user_id.notnull() & both.lessee_id.notnull()
    names = both.user_name.notnull() & both.lessee.notnull()
    other = (numbers & (both.user_id != both.lessee_id)) | (~numbers & names & (both.user_name != both.lessee))
    return both.filter(other).mutate(place=both.village)


def _rows(asset: dict[str, object], contract: dict[str, object]) -> dict[str, tuple[dict[str, object], ...]]:
    return {
        "asset": ({"asset_id": "A1", "status": "出租", **asset},),
        "contract": ({"contract_id": "C1", "asset_id": "A1", **contract},),
    }


RULE = Rule(
    "SZ-09",
    "使用人与承租方不符",
    level=YELLOW,
    tables=("asset", "contract"),
    key=("asset_id", "contract_id"),
    hits=of(COLLECTIVE, hits, "asset"),
    version=2,
    basis=(
        Basis("民法典", "第七百一十六条（转租须经出租人同意）", date(2021, 1, 1)),
        Basis("使用人与承租方核对，须现场核实（通行做法，未见出处）"),
    ),
    sentence="{village}资产{asset_id}（{name}）的使用人与合同{contract_id}的承租方不是同一人，请现场核实。",
    blind="看不见经同意的转租；企业承租由职工使用的会误报。",
    behind={"asset": {"asset_id": "asset_id"}, "contract": {"contract_id": "contract_id"}},
    cases=(
        Case("证件不同", _rows({"user_id": "甲"}, {"lessee_id": "乙"}), (("A1", "C1"),)),
        Case("没有证件，姓名不同", _rows({"user_name": "某甲"}, {"lessee": "某乙"}), (("A1", "C1"),)),
        edge(
            Case(
                "姓名写法不同，证件相同",
                _rows({"user_id": "甲", "user_name": "阿甲"}, {"lessee_id": "甲", "lessee": "某甲"}),
            )
        ),
        Case("使用人没有登记", _rows({}, {"lessee_id": "乙", "lessee": "某乙"})),
    ),
)
