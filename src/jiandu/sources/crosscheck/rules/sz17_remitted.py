"""SZ-17 减免无决议: rent was remitted and nobody decided it, or only afterwards."""

from datetime import date

from jiandu.base.engine.columns import where
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import COLLECTIVE, of
from jiandu.sources.crosscheck.rule import RED, Basis, Case, Given, Row, Rule, edge


def hits(g: Given) -> Expr:
    """Remitted, without a resolution by the day."""
    d = g.due.filter(g.due.reduced_fen > 0)
    resolved = d.resolved.fill_null(False)  # noqa: FBT003 -- Ibis' own; there is one, of a day that is not known
    d = d.filter((d.resolution_on.isnull() & ~resolved) | (d.resolution_on > g.on))
    return d.mutate(place=where(d.village.isnull(), "", d.village))


def _due(**told: object) -> dict[str, tuple[Row, ...]]:
    paid: Row = {"contract_id": "C1", "amount_fen": 1_200_000}
    return {"due": ({"due_id": "D1", "contract_id": "C1", **told},), "receipt": (paid,)}


RULE = Rule(
    "SZ-17",
    "减免租金没有决议",
    level=RED,
    tables=("due", "contract"),
    key=("due_id",),
    hits=of(COLLECTIVE, hits, "due"),
    version=3,
    basis=(
        Basis("村民委员会组织法", "第二十四条（涉及村民利益的事项）", date(2018, 12, 29)),
        Basis("减免须经村民代表会议决议（村级三资管理制度范本）"),
    ),
    sentence="合同{contract_id}应收{amount_fen}减免{reduced_fen}，没有代表会议决议的记录。",
    blind="看不见决议是否真实，只登记有决议没有日期的不知是否在减免之前；政策统一减免没有逐户决议的会误报。",
    behind={"due": {"due_id": "due_id"}, "contract": {"contract_id": "contract_id"}},
    cases=(
        Case("减免没有决议", _due(reduced_fen=100_000), (("D1",),)),
        Case("有决议", _due(reduced_fen=100_000, resolution_on=date(2024, 6, 1))),
        edge(Case("有决议，日期不明", _due(reduced_fen=100_000, resolved=True))),
        Case("登记为没有决议", _due(reduced_fen=100_000, resolved=False), (("D1",),)),
        Case("没有减免", _due()),
    ),
)
