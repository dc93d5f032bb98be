"""SZ-01 合同到期未处置: a contract whose term is over, running on or left as expired, and nothing followed it."""

from datetime import date

from jiandu.base.engine.columns import day, day_of, where
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import COLLECTIVE, of
from jiandu.sources.crosscheck.rule import RED, YELLOW, Basis, Case, Given, Param, Rule, edge

RUNNING, EXPIRED = "履行中", "已到期"
TERM = {"contract_id": "C1", "end_on": date(2024, 11, 1)}


def hits(g: Given) -> Expr:
    """Ended before the day, 履行中 or 已到期, no contract that renews it and the thing not back; red after so many days.

    What is only 已到期 is settled too where a later contract lets the same thing.
    """
    c = g.contract
    late = day_of(g.on) - day(c.end_on)
    over = c.filter(late > g.p.grace_days, c.status.isin([RUNNING, EXPIRED]), c.renewed_by.isnull())
    after = c.filter(c.asset_id.notnull()).group_by("asset_id").agg(last_start=c.start_on.max())
    seen = over.left_join(after, "asset_id").drop("asset_id_right")
    back, let = seen.given_back.fill_null(False), (seen.last_start >= seen.end_on).fill_null(False)  # noqa: FBT003
    open_ = seen.filter(~back, (seen.status == RUNNING) | ~let)
    late = day_of(g.on) - day(open_.end_on)
    return open_.mutate(late=late, level=where(late > g.p.red_days, RED, YELLOW), place=open_.village)


RULE = Rule(
    "SZ-01",
    "合同到期未处置",
    level=YELLOW,
    tables=("contract",),
    key=("contract_id",),
    hits=of(COLLECTIVE, hits, "contract"),
    version=4,
    params={"grace_days": Param(0, "到期后多少天内不提示"), "red_days": Param(30, "超过多少天为红色")},
    basis=(
        Basis("民法典", "第七百三十三条（租赁期限届满应当返还租赁物）", date(2021, 1, 1)),
        Basis("村集体合同到期预警（桐庐、濠江等地做法）"),
    ),
    sentence="{village}合同{contract_id}已于{end_on}到期，过期{late}天，台账记为{status}，没有续签也没有收回的记录。",
    blind="看不见没有登记的续签和收回；终止日期填错的合同会误报；标的登记为已收回的不提示，记为已到期的，有后一份合同的也不提示。",
    behind={"contract": {"contract_id": "contract_id"}, "asset": {"asset_id": "asset_id"}},
    cases=(
        Case("到期31天以上", {"contract": ({"contract_id": "C1", "end_on": date(2024, 11, 1)},)}, (("C1",),)),
        edge(Case("昨天到期", {"contract": ({"contract_id": "C1", "end_on": date(2024, 12, 30)},)}, (("C1",),))),
        edge(Case("今天到期，还不算", {"contract": ({"contract_id": "C1", "end_on": date(2024, 12, 31)},)})),
        Case("已收回", {"contract": ({"contract_id": "C1", "end_on": date(2024, 11, 1), "status": "已收回"},)}),
        Case("已续签", {"contract": ({"contract_id": "C1", "end_on": date(2024, 11, 1), "renewed_by": "C2"},)}),
        Case("记为已到期，之后没有办理", {"contract": ({**TERM, "status": EXPIRED},)}, (("C1",),)),
        Case("仍记为履行中，标的已收回", {"contract": ({**TERM, "given_back": True},)}),
        Case("仍记为履行中，登记标的没有收回", {"contract": ({**TERM, "given_back": False},)}, (("C1",),)),
        Case("记为已到期，标的已收回", {"contract": ({**TERM, "status": EXPIRED, "given_back": True},)}),
        Case(
            "记为已到期，标的另有后一份合同",
            {
                "contract": (
                    {**TERM, "status": EXPIRED, "asset_id": "A1"},
                    {"contract_id": "C2", "asset_id": "A1", "start_on": date(2024, 11, 1)},
                )
            },
        ),
    ),
)
