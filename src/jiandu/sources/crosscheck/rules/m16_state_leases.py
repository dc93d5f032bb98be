"""M16 国有资产出租: what SZ-01 to SZ-12, SZ-16 and SZ-17 ask of the collective's leases, asked of the state's.

Each is the same question with the same parameters, about what belongs to the state; the cases are the same too, and one
of the collective's, which the other rule hits. What only a collective has (votes of members, approval of the town, the
publication of village accounts) is not asked for.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import STATE, of
from jiandu.sources.crosscheck.rule import Basis, Case, Given, Ground, Row, Rule
from jiandu.sources.crosscheck.rules import (
    sz01_expired,
    sz02_arrears,
    sz03_long,
    sz04_negotiated,
    sz05_cheap,
    sz06_lump_sum,
    sz07_terms,
    sz08_unwritten,
    sz09_sublet,
    sz10_occupied,
    sz11_procedure,
    sz12_related,
    sz16_idle,
    sz17_remitted,
)

PRACTICE = Basis("国有资产出租预警（淳安做法，比照集体资产出租规则）")
#: Of what a collective's rule says, what the state's says otherwise.
WORDS = {"村干部": "干部", "代表会议决议": "决议", "是否经民主决策": "是否经集体决策"}
#: Which table says whose it is.
OWNED = ("contract", "asset")


def like(number: int, name: str, rule: Rule, hits: Callable[[Given], Expr], what: str, **more: Any) -> Rule:
    """The state's rule beside the collective's."""
    laws = tuple(each for each in rule.basis if each.ground == Ground.LAW and each.title == "民法典")
    told = replace(rule, id=f"M16-{number}", name=f"国有资产{name}", hits=of(STATE, hits, what))
    told = replace(told, basis=(*laws, PRACTICE), sentence=_said(rule.sentence), blind=_worded(rule.blind))
    return replace(told, **{"cases": (*map(_of_state, rule.cases), _of_collective(rule)), **more})


def _said(sentence: str) -> str:
    thing = "资产{asset_id}" if "资产{asset_id}" in sentence else "合同{contract_id}"
    return _worded(sentence).replace(thing, f"国有资产{thing.removeprefix('资产')}", 1)


def _worded(text: str) -> str:
    for theirs, ours in WORDS.items():
        text = text.replace(theirs, ours)
    return text


def _of_state(case: Case) -> Case:
    """The same rows about the state's property; a due needs its contract, which says whose it is."""
    rows = {name: tuple(_owned(row) for row in found) if name in OWNED else found for name, found in case.rows.items()}
    if "due" in rows and "contract" not in rows:
        named = dict.fromkeys(row["contract_id"] for row in rows["due"])
        rows["contract"] = tuple(_owned({"contract_id": each}) for each in named)
    return replace(case, rows=rows)


def _owned(row: Row) -> Row:
    return {**row, "owner_kind": STATE}


def _of_collective(rule: Rule) -> Case:
    """The control: the same thing of the collective's is the other rule's."""
    case = next(case for case in rule.cases if case.hits)
    return Case("集体的，另一条规则", case.rows, also={rule.id: case.hits, **case.also})


RELATED = next(rule for rule in sz12_related.RULES if rule.id == "SZ-12")
DECIDED = tuple(case for case in sz11_procedure.RULE.cases if not case.words.startswith("外来主体"))
OUTSIDE: Row = {"contract_id": "C1", "is_member": False, "town_approved_on": None}

RULES = [
    like(1, "租期过长", sz03_long.RULE, sz03_long.hits, "contract"),
    like(2, "协议出租", sz04_negotiated.RULE, sz04_negotiated.hits, "contract"),
    like(3, "低价出租", sz05_cheap.RULE, sz05_cheap.hits, "contract"),
    like(4, "合同到期未处置", sz01_expired.RULE, sz01_expired.hits, "contract"),
    like(5, "租金逾期", sz02_arrears.RULE, sz02_arrears.hits, "due"),
    like(6, "一次性长期收取租金", sz06_lump_sum.RULE, sz06_lump_sum.hits, "contract"),
    like(7, "“冤大头”条款", sz07_terms.RULE, sz07_terms.hits, "contract"),
    like(8, "出租没有书面合同", sz08_unwritten.RULE, sz08_unwritten.hits, "asset"),
    like(9, "使用人与承租方不符", sz09_sublet.RULE, sz09_sublet.hits, "asset"),
    like(10, "被非法占用", sz10_occupied.RULE, sz10_occupied.hits, "asset"),
    like(
        11,
        "合同决策程序缺失",
        sz11_procedure.RULE,
        sz11_procedure.of_state,
        "contract",
        params={},
        blind="看不见会议记录是否真实、是否事后补写；出租审批权限依本地国有资产管理规定，这里不判断。",
        cases=(
            *map(_of_state, DECIDED),
            Case("外来主体，没有镇街批准，国有资产不问", {"contract": (_owned(OUTSIDE),)}),
            _of_collective(sz11_procedure.RULE),
        ),
    ),
    like(12, "关联交易", RELATED, sz12_related.hits, "contract"),
    like(13, "闲置", sz16_idle.RULE, sz16_idle.hits, "asset"),
    like(14, "减免租金没有决议", sz17_remitted.RULE, sz17_remitted.hits, "due"),
]
