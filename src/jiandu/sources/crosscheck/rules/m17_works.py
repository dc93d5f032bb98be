"""M17 工程: works that grew after the tender, came out thinner than drawn, were cut small or paid ahead."""

from datetime import date
from typing import Any

from jiandu.base.engine.columns import day, sliding
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import SPLIT
from jiandu.sources.crosscheck.rule import RED, YELLOW, Basis, Case, Given, Param, Row, Rule, edge

PRACTICE = Basis("镇村工程大数据监督模型（连云港等地做法）")


def place(works: Expr) -> Expr:
    """The unit that builds, or the village where there is none."""
    return works.unit.fill_null(works.village).fill_null("")


def grown(g: Given) -> Expr:
    """Change orders above the share of the contract."""
    over = g.works.filter(g.works.changed_fen * 100 > g.works.contract_fen * g.p.percent, g.works.contract_fen > 0)
    share = (over.changed_fen * 100 / over.contract_fen.nullif(0)).floor().cast("int64")
    return over.mutate(place=place(over), share=share)


def thin(g: Given) -> Expr:
    """Measured below what was drawn, in thickness or in quantity, by more than the tolerance."""
    told = g.works
    drawn = 100 - g.p.percent
    thickness = (told.measured_mm * 100 < told.designed_mm * drawn).fill_null(False)  # noqa: FBT003 -- Ibis' own
    amount = (told.measured_qty * 100 < told.designed_qty * drawn).fill_null(False)  # noqa: FBT003 -- Ibis' own
    found = told.filter(thickness | amount)
    return found.mutate(place=place(found))


def split(g: Given) -> Expr:
    """One contractor of one unit: works each under the limit, together over it within the days."""
    works = g.works.filter(g.works.contractor.notnull(), g.works.contract_fen < g.p.limit_fen)
    works = works.select("contractor", "contract_fen", owner=place(works), day=day(works.started_on))
    by = ["owner", "contractor"]
    large = works.group_by(by).agg(all_fen=works.contract_fen.sum(), n=works.count())
    near = works.semi_join(large.filter(large.all_fen >= g.p.limit_fen, large.n > 1), by)
    window = sliding([near.owner, near.contractor], near.day, g.p.days)
    summed = near.mutate(sum_fen=near.contract_fen.sum().over(window), works=near.contract_fen.count().over(window))
    over = summed.filter(summed.sum_fen >= g.p.limit_fen, summed.works > 1)
    found = over.group_by(by).agg(sum_fen=over.sum_fen.max().cast("int64"), works=over.works.max())
    return found.mutate(place=found.owner, days=g.p.days)


def overpaid(g: Given) -> Expr:
    """Paid more than the contract and its changes come to."""
    works = g.works.mutate(due_fen=g.works.contract_fen + g.works.changed_fen.fill_null(0))
    found = works.filter(works.paid_fen > works.due_fen)
    return found.mutate(place=place(found))


def ahead(g: Given) -> Expr:
    """Paid nearly whole, and not accepted."""
    due = g.works.contract_fen + g.works.changed_fen.fill_null(0)
    early = g.works.accepted_on.isnull() | (g.works.accepted_on > g.on)
    found = g.works.mutate(due_fen=due).filter(early, g.works.paid_fen * 100 > due * g.p.percent)
    return found.mutate(place=place(found), percent=g.p.percent)


def _one(**told: Any) -> dict[str, tuple[Row, ...]]:
    return {"works": ({"works_id": "W1", **told},)}


def _two(first: int, second: int, on: date, **told: Any) -> dict[str, tuple[Row, ...]]:
    same: Row = {"unit": "建", "contractor": "S1"}
    return {
        "works": (
            same | {"contract_fen": first, "started_on": date(2024, 2, 1)},
            same | {"contract_fen": second, "started_on": on, **told},
        )
    }


HIT = (("W1",),)
BEHIND = {"works": {"works_id": "works_id"}}
LIMIT = 400_000_000

RULES = [
    Rule(
        "M17-1",
        "工程变更超过一成",
        level=YELLOW,
        tables=("works",),
        key=("works_id",),
        hits=grown,
        params={"percent": Param(10, "变更超过合同价的百分之几")},
        basis=(PRACTICE,),
        sentence="{place}工程{works_id}合同价{contract_fen}，变更增加{changed_fen}，占{share}%。",
        blind="看不见做进结算里的增量，也看不见先低价中标再补的单价。",
        behind=BEHIND,
        cases=(
            Case("增加两成", _one(contract_fen=50_000_000, changed_fen=10_000_000), HIT),
            Case("没有变更", _one(contract_fen=50_000_000, changed_fen=0)),
            edge(Case("正好一成", _one(contract_fen=50_000_000, changed_fen=5_000_000))),
            edge(Case("多一分", _one(contract_fen=50_000_000, changed_fen=5_000_001), HIT)),
        ),
    ),
    Rule(
        "M17-2",
        "实测厚度或工程量不足",
        level=RED,
        tables=("works",),
        key=("works_id",),
        hits=thin,
        params={"percent": Param(5, "比设计少百分之几以上")},
        basis=(PRACTICE,),
        sentence="{place}工程{works_id}设计厚度{designed_mm}毫米、实测{measured_mm}毫米，"
        "设计工程量{designed_qty}、核验{measured_qty}。",
        blind="只看得见抽测过的工程；取芯点位少时要补测。",
        behind=BEHIND,
        cases=(
            Case("路面薄了两厘米", _one(designed_mm=200, measured_mm=180), HIT),
            edge(Case("正好薄百分之五", _one(designed_mm=200, measured_mm=190))),
            edge(Case("再薄一毫米", _one(designed_mm=200, measured_mm=189), HIT)),
            Case("工程量少一成", _one(designed_qty=1000, measured_qty=900), HIT),
            Case("与设计相符", _one(designed_mm=200, measured_mm=200)),
            edge(Case("工程量正好少百分之五", _one(designed_qty=1000, measured_qty=950))),
        ),
    ),
    Rule(
        "M17-3",
        "工程拆分规避招标",
        level=RED,
        tables=("works",),
        key=("owner", "contractor"),
        hits=split,
        params={"limit_fen": Param(LIMIT, "应当招标的限额（分）"), "days": Param(90, "多少天内合计")},
        basis=(SPLIT, PRACTICE, Basis("工程招标限额以现行规定和本地规定为准")),
        sentence="{owner}在{days}天内向承包人{contractor}发包{works}个工程，每个不到限额，合计{sum_fen}。",
        blind="看不见换了承包人名义的拆分；本来就是不同地点的零星工程会误报。",
        behind={"works": {"contractor": "contractor"}},
        cases=(
            edge(Case("第九十天，合计正好限额", _two(200_000_000, 200_000_000, date(2024, 5, 1)), (("建", "S1"),))),
            Case("两个月，合计六百万元", _two(300_000_000, 300_000_000, date(2024, 4, 1)), (("建", "S1"),)),
            edge(Case("差一分", _two(200_000_000, 199_999_999, date(2024, 5, 1)))),
            edge(Case("第九十一天", _two(200_000_000, 200_000_000, date(2024, 5, 2)))),
            Case("一个就过了限额", _two(200_000_000, 400_000_000, date(2024, 5, 1))),
            Case("换了承包人", _two(200_000_000, 200_000_000, date(2024, 5, 1), contractor="S2")),
        ),
    ),
    Rule(
        "M17-4",
        "工程款超付",
        level=RED,
        tables=("works",),
        key=("works_id",),
        hits=overpaid,
        basis=(PRACTICE,),
        sentence="{place}工程{works_id}合同价加变更共{due_fen}，已付{paid_fen}。",
        blind="看不见以其他工程名义付的款；变更手续没有登记的会误报。",
        behind=BEHIND,
        cases=(
            edge(Case("多付一分", _one(contract_fen=50_000_000, paid_fen=50_000_001), HIT)),
            Case("多付一成", _one(contract_fen=50_000_000, paid_fen=55_000_000), HIT),
            edge(Case("正好付清", _one(contract_fen=50_000_000, paid_fen=50_000_000))),
            Case("变更以内", _one(contract_fen=50_000_000, changed_fen=1_000_000, paid_fen=51_000_000)),
        ),
    ),
    Rule(
        "M17-5",
        "未验收先付款",
        level=YELLOW,
        tables=("works",),
        key=("works_id",),
        hits=ahead,
        params={"percent": Param(80, "验收前已付超过百分之几")},
        basis=(PRACTICE,),
        sentence="{place}工程{works_id}还没有验收，应付{due_fen}已付{paid_fen}，超过{percent}%。",
        blind="看不见倒签的验收单；合同约定按进度多付的会误报。",
        behind=BEHIND,
        cases=(
            Case("没有验收，已付九成", _one(accepted_on=None, paid_fen=45_000_000), HIT),
            edge(Case("正好八成", _one(accepted_on=None, paid_fen=40_000_000))),
            edge(Case("多一分", _one(accepted_on=None, paid_fen=40_000_001), HIT)),
            Case("已验收", _one(paid_fen=45_000_000)),
        ),
    ),
]
