"""SZ-06 一次性长期收取: years of rent taken at once, not booked year by year or nobody knows how."""

from datetime import date

from jiandu.base.engine.columns import next_day, where, written
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import COLLECTIVE, of
from jiandu.sources.crosscheck.rule import GREEN, YELLOW, Basis, Case, Given, Param, Rule, edge
from jiandu.sources.crosscheck.rules.sz03_long import YEAR


def hits(g: Given) -> Expr:
    """Taken at once for so many years or more, income not spread over them. Where the ledger says nothing of that, it is a hint to look."""
    c = g.contract
    last_day = written(c.start_on) + g.p.years * YEAR
    found = c.filter(
        c.is_lump_sum,
        c.status == "履行中",
        ~c.amortised.fill_null(False),  # noqa: FBT003 -- Ibis' own
        written(next_day(c.end_on)) >= last_day,
    )
    return found.mutate(
        level=where(found.amortised.isnull(), GREEN, YELLOW),
        why=where(found.amortised.isnull(), "台账没有登记收入是否分年入账，请核对账目", "收入没有分年入账"),
        place=found.village,
    )


def _one(end: date, **told: object) -> dict[str, tuple[dict[str, object], ...]]:
    return {"contract": ({"contract_id": "C1", "is_lump_sum": True, "amortised": False, "end_on": end, **told},)}


RULE = Rule(
    "SZ-06",
    "一次性长期收取租金",
    level=YELLOW,
    tables=("contract",),
    key=("contract_id",),
    hits=of(COLLECTIVE, hits, "contract"),
    version=3,
    params={"years": Param(3, "一次收取几年以上")},
    basis=(Basis("一次性收取多年租金清理（柴家镇做法）；三年为默认界限"),),
    sentence="{village}合同{contract_id}自{start_on}至{end_on}的租金一次收取，年租金{rent_fen}，{why}。",
    blind="看不见一次收取是否经民主决策；分年入账与否以台账所填为准，没有登记的只作绿色提示。",
    behind={"contract": {"contract_id": "contract_id"}, "receipt": {"contract_id": "contract_id"}},
    cases=(
        Case("一次收取四年", _one(date(2026, 12, 31)), (("C1",),)),
        edge(Case("恰三年", _one(date(2025, 12, 31)), (("C1",),))),
        edge(Case("差一天三年", _one(date(2025, 12, 30)))),
        Case("没有登记是否分年入账，绿色", _one(date(2026, 12, 31), amortised=None), (("C1",),)),
        Case("分年入账", _one(date(2026, 12, 31), amortised=True)),
    ),
)
