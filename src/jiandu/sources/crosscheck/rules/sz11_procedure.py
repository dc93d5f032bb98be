"""SZ-11 程序缺失: an outsider's contract without the vote or the township's approval; a decision after the signing."""

from datetime import date

from jiandu.base.engine.columns import any_of, where
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import COLLECTIVE, of
from jiandu.sources.crosscheck.rule import RED, Basis, Case, Given, Param, Rule, edge


def unlike(c: Expr) -> tuple[Expr, Expr]:
    """Never decided on; decided on when it was signed already."""
    return c.decided_on.isnull(), c.decided_on > c.signed_on


def of_state(g: Given) -> Expr:
    """Of the state's: the votes and approvals of a collective are not asked for."""
    c = g.contract.filter(g.contract.status == "履行中")
    undecided, later = unlike(c)
    why = where(later.fill_null(False), "先签订后决策", "没有决策的记录")  # noqa: FBT003 -- Ibis' own
    return c.mutate(why=why).filter(any_of(undecided, later)).mutate(place=c.village)


def hits(g: Given) -> Expr:
    """What is missing first is what the sentence says."""
    import ibis  # noqa: PLC0415 -- slow import

    c = g.contract.filter(g.contract.status == "履行中")
    outside = ~c.is_member.fill_null(True)  # noqa: FBT003 -- Ibis' own
    undecided, later = unlike(c)
    few = outside & (c.agreed.fill_null(0) * g.p.of < c.members.fill_null(1) * g.p.parts)
    dated, said = c.town_approved_on.notnull(), c.town_approved.fill_null(False)  # noqa: FBT003
    unrecorded = outside & ~dated & c.town_approved.isnull()
    unapproved = outside & ((~dated & ~said) | (c.town_approved_on > c.signed_on))
    why = ibis.cases(
        (later, "先签订后决策"),
        (undecided, "没有民主决策"),
        (few, "发包给外来主体未经三分之二以上同意"),
        (unrecorded, "发包给外来主体，没有镇街批准的记录"),
        else_="发包给外来主体未经镇街事先批准",
    )
    return c.mutate(why=why).filter(any_of(undecided, later, few, unapproved)).mutate(place=c.village)


def _one(**told: object) -> dict[str, tuple[dict[str, object], ...]]:
    return {"contract": ({"contract_id": "C1", **told},)}


RULE = Rule(
    "SZ-11",
    "合同决策程序缺失",
    level=RED,
    tables=("contract",),
    key=("contract_id",),
    hits=of(COLLECTIVE, hits, "contract"),
    version=3,
    params={"parts": Param(2, "同意人数应达到的份数"), "of": Param(3, "……分之")},
    basis=(
        Basis("农村土地承包法", "第五十二条（本集体以外主体须经三分之二以上同意并报乡镇批准）", date(2019, 1, 1)),
        Basis("村民委员会组织法", "第二十四条、第二十六条", date(2018, 12, 29)),
    ),
    sentence="{village}合同{contract_id}：{why}（签订{signed_on}）。",
    blind="看不见会议记录是否真实、是否事后补写；授权村民代表会议决策的，人数按代表计；只登记“已批准”没有日期的，不知是否在签订之前；土地承包法第五十二条只管土地，厂房、店面按本地规定比照。",
    behind={"contract": {"contract_id": "contract_id"}},
    cases=(
        Case("先签后议", _one(decided_on=date(2022, 12, 21)), (("C1",),)),
        edge(Case("签订当日决策", _one(decided_on=date(2022, 12, 20)))),
        Case("没有决策", _one(decided_on=None), (("C1",),)),
        edge(Case("外来主体，差一人三分之二", _one(is_member=False, members=60, agreed=39), (("C1",),))),
        edge(Case("外来主体，恰三分之二", _one(is_member=False, members=60, agreed=40))),
        Case("外来主体，没有镇街批准", _one(is_member=False, town_approved_on=None), (("C1",),)),
        Case("外来主体，已批准，日期不明", _one(is_member=False, town_approved_on=None, town_approved=True)),
        Case("外来主体，登记为未批准", _one(is_member=False, town_approved_on=None, town_approved=False), (("C1",),)),
        Case("本集体成员，没有镇街批准", _one(town_approved_on=None)),
    ),
)
