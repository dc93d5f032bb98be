"""SZ-03 超长租期: longer than the law lets a lease or a contract of land last; a person alone for long."""

from datetime import date
from typing import Any

from jiandu.base.engine.columns import any_of, literal, where, written
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import COLLECTIVE, of
from jiandu.sources.crosscheck.rule import RED, YELLOW, Basis, Case, Given, Param, Rule, edge

UNKNOWN = "类别不明"
ASSUMED = "（台账不能确定是租赁，这里按租赁看；属土地承包的依其承包期限，请核对）"
YEAR = 10_000  # of a date written as 20241231


#: Kinds whose term the law limits by name; what is let and is no land is a lease.
LAND = ("耕地", "草地", "林地")
LEASED = ("厂房", "店面", "仓库")


def too_long(contract: Expr, p: Any) -> Expr:
    """Contracts beyond the years of their kind, and those of one person beyond `person_years`.

    Red is what the law says of a kind that is known, or what is longer than any kind may last. Of waste land, water and
    what is not known, beyond the years of a lease is yellow and says that a lease was assumed.
    """
    import ibis  # noqa: PLC0415 -- slow import

    most = ibis.cases(
        (contract.kind == "耕地", p.field_years),
        (contract.kind == "草地", p.grass_years),
        (contract.kind == "林地", p.forest_years),
        else_=p.lease_years,
    )
    start, end = written(contract.start_on), written(contract.end_on)
    land, leased = (contract.kind.isin(each).fill_null(False) for each in (LAND, LEASED))  # noqa: FBT003 -- Ibis' own
    beyond = end >= start + most * YEAR
    proved = beyond & (land | leased | (end >= start + p.forest_years * YEAR))
    by_person = (contract.lessee_kind == "个人") & (end >= start + p.person_years * YEAR)
    alone = contract.kind.notnull() & ~land & by_person
    # a place that has told no day of its second round: no term is beyond it
    ended = (contract.kind == "耕地") & (end > p.second_round) if p.second_round else literal(False)  # noqa: FBT003
    return contract.filter(any_of(beyond, alone, ended)).mutate(
        level=where(proved, RED, YELLOW),
        kind=contract.kind.fill_null(UNKNOWN),
        of=ibis.cases(
            (proved, literal("法定最长").concat(most.cast("string"), literal("年"))),
            (beyond, literal("租赁最长").concat(most.cast("string"), literal("年"))),
            (alone, f"个人承租上限{p.person_years}年"),
            else_=f"本地二轮延包到期日（{p.second_round}）",
        ),
        why=where(beyond & ~proved, ASSUMED, ""),
        place=contract.village,
    )


def hits(g: Given) -> Expr:
    """Still running."""
    return too_long(g.contract.filter(g.contract.status == "履行中"), g.p)


PARAMS = {
    "lease_years": Param(20, "租赁最长年限"),
    "field_years": Param(30, "耕地承包最长年限"),
    "grass_years": Param(50, "草地承包最长年限"),
    "forest_years": Param(70, "林地承包最长年限"),
    "person_years": Param(5, "个人承租多少年以上提示"),
    "second_round": Param(0, "本地耕地二轮延包到期日，如20271231；0为本地没有确定，不比"),
}
BASIS = (
    Basis("民法典", "第七百零五条（租赁不得超过二十年，超过部分无效）", date(2021, 1, 1)),
    Basis("民法典", "第三百三十二条（耕地三十年，草地三十至五十年，林地三十至七十年）", date(2021, 1, 1)),
    Basis("农村土地承包法", "第三十八条第三项（流转期限不得超过承包期的剩余期限）", date(2019, 1, 1)),
    Basis("个人承租五年以上列黄色（淳安做法）"),
)


def _one(**told: object) -> dict[str, tuple[dict[str, object], ...]]:
    return {"contract": ({"contract_id": "C1", "start_on": date(2020, 1, 1), **told},)}


RULE = Rule(
    "SZ-03",
    "超长租期",
    level=RED,
    tables=("contract",),
    key=("contract_id",),
    hits=of(COLLECTIVE, hits, "contract"),
    version=3,
    params=PARAMS,
    basis=BASIS,
    sentence="{village}合同{contract_id}（{kind}）自{start_on}至{end_on}，超过{of}{why}。",
    blind="看不见分次续签成的长租；标的类别不明或属四荒、水面、建设用地的，按租赁年限提示为黄色；耕地二轮延包到期日由各地在参数中填写，没有填写的不比；已办延包、期限已续的会误报。",
    behind={"contract": {"contract_id": "contract_id"}},
    cases=(
        Case("租期三十年", _one(end_on=date(2049, 12, 31)), (("C1",),)),
        edge(Case("租期二十年零一天", _one(end_on=date(2040, 1, 1)), (("C1",),))),
        edge(Case("租期恰二十年", _one(end_on=date(2039, 12, 31)))),
        Case("林地六十年", _one(kind="林地", end_on=date(2079, 12, 31))),
        Case("耕地三十年", _one(kind="耕地", end_on=date(2049, 12, 31))),
        Case("类别不明，三十年，黄色", _one(kind=None, end_on=date(2049, 12, 31)), (("C1",),)),
        Case("四荒五十年，黄色", _one(kind="四荒", end_on=date(2069, 12, 31)), (("C1",),)),
        Case("耕地三十一年", _one(kind="耕地", end_on=date(2050, 12, 31)), (("C1",),)),
        Case("个人承租六年", _one(lessee_kind="个人", end_on=date(2025, 12, 31)), (("C1",),)),
        edge(Case("个人承租五年", _one(lessee_kind="个人", start_on=date(2021, 1, 1), end_on=date(2025, 12, 31)))),
    ),
)
