"""M09 农机补贴: one machine subsidised twice, sold on, smaller than was said, bought in bulk or by somebody kept from it."""

from collections.abc import Callable
from datetime import date

from jiandu.base.engine.columns import written
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import NONE, Hits, practice, titled
from jiandu.sources.crosscheck.rule import RED, YELLOW, Case, Given, Param, Row, Rule, edge

PRACTICE = practice("农机购置补贴数据比对（各地通报的虚购报补、重复报补、以小抵大）")


def shared(column: str) -> Callable[[Given], Expr]:
    """Several applications say the same number."""

    def hits(g: Given) -> Expr:
        rows = g.machine.filter(g.machine[column].notnull())
        found = rows.group_by(column).agg(
            machines=rows.count(),
            first_on=rows.bought_on.min(),
            last_on=rows.bought_on.max(),
            sum_fen=rows.subsidy_fen.fill_null(0).sum(),
            place=rows.village.max(),
        )
        return found.filter(found.machines > 1)

    return hits


def resold(g: Given) -> Expr:
    """Sold before it could be."""
    rows = g.machine.filter(g.machine.resold_on.notnull())
    return rows.filter(written(rows.resold_on) < written(rows.bought_on) + g.p.years * 10_000).mutate(
        place=rows.village
    )


def oversized(g: Given) -> Expr:
    """Said to be stronger than it was found to be."""
    rows = g.machine.filter(g.machine.claimed_kw.notnull(), g.machine.measured_kw.notnull())
    return rows.filter(rows.claimed_kw * 100 > rows.measured_kw * (100 + g.p.percent)).mutate(place=rows.village)


def bulk(g: Given) -> Expr:
    """Many in one year under one number."""
    rows = g.machine.mutate(year=g.machine.bought_on.year().cast("int64"))
    found = rows.group_by(["buyer_id", "year"]).agg(
        machines=rows.count(), sum_fen=rows.subsidy_fen.fill_null(0).sum(), place=rows.village.max()
    )
    return found.filter(found.machines >= g.p.machines)


def banned(g: Given) -> Expr:
    """Bought by somebody whom a decision kept from subsidies: after its day, before the years are over."""
    both = g.machine.join(g.machine_ban.select("buyer_id", "decided_on"), "buyer_id")
    bought, decided = written(both.bought_on), written(both.decided_on)
    within = both.filter(bought > decided, bought < decided + g.p.years * 10_000)
    return within.group_by(["machine_id", "buyer_id", "bought_on"]).agg(
        decided_on=within.decided_on.max(), subsidy_fen=within.subsidy_fen.max(), place=within.village.max()
    )


def rule(
    title: str, hits: Callable[[Given], Expr], key: tuple[str, ...], said: tuple[str, str], *cases: Case,
    level: str = YELLOW, tables: tuple[str, ...] = (), **params: Param,
) -> Rule:  # fmt: skip
    """One sign."""
    return Rule(
        *titled(title),
        level=level,
        tables=("machine", *tables),
        key=key,
        hits=hits,
        params=params,
        basis=(PRACTICE,),
        sentence=said[0],
        blind=said[1],
        behind={"machine": {key[0]: key[0]}} | ({"machine_ban": {"buyer_id": "buyer_id"}} if tables else {}),
        cases=cases,
    )


def same(column: str, value: str) -> tuple[Case, ...]:
    """Twice the same number, three times, different ones, and one alone."""
    return (
        Case("两份申请同号", {"machine": ({column: value}, {column: value})}, ((value,),)),
        Case("三份申请同号", {"machine": ({column: value},) * 3}, ((value,),)),
        edge(Case("各有各的号，只差末一位", {"machine": ({column: value}, {column: value + "二"})})),
        Case("只有一份申请", {"machine": ({column: value},)}),
    )


def one(words: str, hits: Hits, **row: object) -> Case:
    """One machine."""
    return Case(words, {"machine": ({"machine_id": "机一", **row},)}, hits)


def bought(count: int, **row: object) -> tuple[Row, ...]:
    """So many machines of 甲."""
    return tuple({"buyer_id": "甲", **row} for _ in range(count))


def after(words: str, hits: Hits, on: date, who: str = "甲") -> Case:
    """甲 buys a machine; somebody was punished on a day."""
    bans: tuple[Row, ...] = ({"buyer_id": who, "decided_on": BANNED},)
    return Case(
        words, {"machine": ({"machine_id": "机一", "buyer_id": "甲", "bought_on": on},), "machine_ban": bans}, hits
    )


BANNED = date(2023, 1, 10)
HIT: Hits = (("机一",),)
SAID = "，购机日期{first_on}至{last_on}，补贴合计{sum_fen}。"

RULES = (
    rule("M09-1 出厂编号重复", shared("serial_no"), ("serial_no",),
         ("出厂编号{serial_no}申请补贴{machines}次" + SAID, "看不见铭牌造假；编号抄错会误报。"),
         *same("serial_no", "号"), level=RED),
    rule("M09-2 发动机号重复", shared("engine_no"), ("engine_no",),
         ("发动机号{engine_no}申请补贴{machines}次" + SAID, "换发动机、无动力机具填同一字样会误报。"),
         *same("engine_no", "号"), level=RED),
    rule("M09-3 同一发票重复申请", shared("invoice_no"), ("invoice_no",),
         ("发票{invoice_no}申请补贴{machines}次" + SAID, "一张发票开了几台机具的要看明细。"),
         *same("invoice_no", "号"), level=RED),
    rule("M09-4 两年内转让", resold, ("machine_id",),
         ("{machine_id}（{model}）于{bought_on}购置，{resold_on}转让，补贴{subsidy_fen}。", "看不见没有登记的转卖；报废、家庭内过户要看手续。"),
         edge(one("差一天两年", HIT, resold_on=date(2025, 4, 30))),
         one("购机当年就转", HIT, resold_on=date(2023, 9, 1)),
         edge(one("正好两年", NONE, resold_on=date(2025, 5, 1))),
         one("没有转让", NONE),
         years=Param(2, "多少年内")),
    rule("M09-5 以小抵大", oversized, ("machine_id",),
         ("{machine_id}（{model}）申报功率{claimed_kw}千瓦，核验{measured_kw}千瓦，补贴{subsidy_fen}。", "看不见核验误差；没有核验的不判断。"),
         edge(one("报高一成多", HIT, claimed_kw=55.1, measured_kw=50.0)),
         one("报高六成", HIT, claimed_kw=80.0, measured_kw=50.0),
         edge(one("正好一成", NONE, claimed_kw=55.0, measured_kw=50.0)),
         one("报低了", NONE, claimed_kw=40.0, measured_kw=50.0),
         level=RED, percent=Param(10, "高出百分之几以上")),
    rule("M09-6 一人批量购机", bulk, ("buyer_id", "year"),
         ("{buyer_id}在{year}年购机{machines}台，补贴合计{sum_fen}，请看是否有作业需要。", "农机大户和合作社理事长名下本来就多。"),
         edge(Case("一年三台", {"machine": bought(3)}, (("甲", "2023"),))),
         Case("一年五台", {"machine": bought(5)}, (("甲", "2023"),)),
         edge(Case("一年两台", {"machine": bought(2)})),
         Case("两年各两台", {"machine": (*bought(2), *bought(2, bought_on=date(2022, 5, 1)))}),
         machines=Param(3, "一年几台起")),
    rule("M09-7 受处理后三年内又购机", banned, ("machine_id",),
         ("{buyer_id}于{decided_on}因农机补贴违规受处理，{bought_on}又购机（{machine_id}），补贴{subsidy_fen}。",
          "看不见借他人名义购机；处理决定没有写明取消资格的、已被撤销的会误报。"),
         after("处理后一年又买", HIT, date(2024, 1, 10)),
         edge(after("差一天三年", HIT, date(2026, 1, 9))),
         edge(after("正好三年", NONE, date(2026, 1, 10))),
         edge(after("处理当天买的", NONE, BANNED)),
         after("处理以前买的", NONE, date(2022, 6, 1)),
         after("受处理的是别人", NONE, date(2024, 1, 10), who="乙"),
         level=RED, tables=("machine_ban",), years=Param(3, "处理后多少年内")),
)  # fmt: skip
