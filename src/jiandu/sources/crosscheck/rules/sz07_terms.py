"""SZ-07 “冤大头”条款: words of a contract that lay the cost on the village; for a person to read."""

from jiandu.base.engine.columns import any_of, where
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import COLLECTIVE, of
from jiandu.sources.crosscheck.rule import GREEN, Basis, Case, Given, Rule, edge

WORDS = ("折价补偿", "归还投资", "按比例分成", "全额补偿")


def hits(g: Given) -> Expr:
    """One of the words stands in the terms."""
    c = g.contract.filter(g.contract.terms.notnull(), g.contract.status == "履行中")
    word = c.terms.cast("string")
    said = where(word.contains(WORDS[0]), WORDS[0], "")
    for each in WORDS[1:]:
        said = where((said == "") & word.contains(each), each, said)
    return c.mutate(word=said).filter(any_of(*(word.contains(each) for each in WORDS))).mutate(place=c.village)


def _terms(text: str | None) -> dict[str, tuple[dict[str, object], ...]]:
    return {"contract": ({"contract_id": "C1", "terms": text},)}


RULE = Rule(
    "SZ-07",
    "“冤大头”条款",
    level=GREEN,
    tables=("contract",),
    key=("contract_id",),
    hits=of(COLLECTIVE, hits, "contract"),
    version=2,
    basis=(Basis("合同清理中的“冤大头”条款（平和县做法），由人工判断"),),
    sentence="{village}合同{contract_id}的约定中有“{word}”，请人工看是否不利于集体。",
    blind="只看台账所录的约定文字；换了说法、没有录入文字的看不见。",
    behind={"contract": {"contract_id": "contract_id"}},
    cases=(
        Case("到期折价补偿", _terms("期满后地上建筑由村里折价补偿"), (("C1",),)),
        edge(Case("没有这类约定", _terms("期满后地上建筑无偿归集体所有"))),
        Case("没有录入约定", _terms(None)),
    ),
)
