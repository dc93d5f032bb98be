"""SZ-01 合同到期未处置: a contract whose term is over still runs, and nothing followed it."""

from datetime import date

from jiandu.base.engine.columns import day, day_of, where
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.rule import RED, YELLOW, Basis, Case, Given, Param, Rule


def hits(g: Given) -> Expr:
    """Ended before the day, still 履行中, no contract that renews it; red after so many days."""
    late = day_of(g.on) - day(g.contract.end_on)
    return g.contract.filter(
        late > g.p.grace_days, g.contract.status == "履行中", g.contract.renewed_by.isnull()
    ).mutate(late=late, level=where(late > g.p.red_days, RED, YELLOW), place=g.contract.village)


RULE = Rule(
    "SZ-01",
    "合同到期未处置",
    level=YELLOW,
    tables=("contract",),
    key=("contract_id",),
    hits=hits,
    params={"grace_days": Param(0, "到期后多少天内不提示"), "red_days": Param(30, "超过多少天为红色")},
    basis=(Basis("民法典", "第七百三十三条", date(2021, 1, 1)), Basis("村集体合同到期预警（各地三资平台做法）")),
    sentence="{village}合同{contract_id}已于{end_on}到期，过期{late}天，仍记为履行中，没有续签也没有收回。",
    blind="看不见没有登记的续签和收回；终止日期填错的合同会误报。",
    behind={"contract": {"contract_id": "contract_id"}, "asset": {"asset_id": "asset_id"}},
    cases=(
        Case("到期31天以上", {"contract": ({"contract_id": "C1", "end_on": date(2024, 11, 1)},)}, (("C1",),)),
        Case("昨天到期", {"contract": ({"contract_id": "C1", "end_on": date(2024, 12, 30)},)}, (("C1",),)),
        Case("今天到期，还不算", {"contract": ({"contract_id": "C1", "end_on": date(2024, 12, 31)},)}),
        Case("已收回", {"contract": ({"contract_id": "C1", "end_on": date(2024, 11, 1), "status": "已收回"},)}),
        Case("已续签", {"contract": ({"contract_id": "C1", "end_on": date(2024, 11, 1), "renewed_by": "C2"},)}),
    ),
)
