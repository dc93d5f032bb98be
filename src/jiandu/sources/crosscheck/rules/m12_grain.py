"""M12 粮食购销, what moves show: grain that was never weighed, that turns in a circle, that is more than fits."""

from datetime import date, datetime, timedelta
from typing import Any

from jiandu.base.engine.columns import day, sliding, where
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.rule import RED, YELLOW, Basis, Case, Given, Param, Row, Rule, edge

LAW = Basis("粮食流通管理条例", "第二十条第二项", date(2021, 4, 15))
PRACTICE = Basis("粮食购销数据比对（“转圈粮”“空气粮”专项整治的做法）")
IN, OUT = "入库", "出库"


def unweighed(g: Given) -> Expr:
    """Moves of a lot without a weighing slip: red where it both came and went so."""
    bare = g.grain_move.filter(~g.grain_move.weighed)
    lots = bare.group_by("depot", "lot_id").agg(
        ins=(bare.direction == IN).sum().cast("int64"),
        outs=(bare.direction == OUT).sum().cast("int64"),
        kg=bare.net_kg.sum().cast("int64"),
    )
    return lots.mutate(level=where((lots.ins > 0) & (lots.outs > 0), RED, YELLOW), place=lots.depot)


def circles(g: Given) -> Expr:
    """Who sold the lot bought it as well."""
    move = g.grain_move.filter(g.grain_move.party.notnull())
    seller = move.filter(move.direction == IN)
    buyer = move.filter(move.direction == OUT)
    by = ["depot", "lot_id", "party"]
    went = buyer.group_by(by).agg(out_kg=buyer.net_kg.sum().cast("int64"))
    seller = seller.semi_join(went, by)
    came = seller.group_by(by).agg(in_kg=seller.net_kg.sum().cast("int64"))
    both = came.inner_join(went, by)
    return both.mutate(place=both.depot)


def to_self(g: Given) -> Expr:
    """Payer and payee are one firm."""
    same = g.grain_payment.filter(g.grain_payment.payer == g.grain_payment.payee)
    return same.mutate(place=same.depot)


def returns(g: Given) -> Expr:
    """What was paid comes back from the payee within the days, nearly whole."""
    paid = g.grain_payment.filter(g.grain_payment.payer != g.grain_payment.payee)
    back = g.grain_payment.select(
        back_id="payment_id", payee="payer", payer="payee", back_on="paid_on", back_fen="amount_fen"
    )
    both = paid.inner_join(back, ["payer", "payee"])
    later = day(both.back_on) - day(both.paid_on)
    enough = both.back_fen * 100 >= both.amount_fen * g.p.share
    found = both.mutate(later=later).filter(later >= 0, later <= g.p.days, enough, both.back_fen <= both.amount_fen)
    return found.mutate(place=found.depot)


def same_weight(g: Given) -> Expr:
    """One truck, one gross and net weight to the kilogram, so many times within so many days."""
    by = ["depot", "truck", "gross_kg", "net_kg"]
    move = g.grain_move.filter(g.grain_move.truck.notnull(), g.grain_move.weighed).select(*by, "move_id", "at")
    often = move.group_by(by).agg(all=move.count()).filter(lambda t: t.all >= g.p.times)
    those = move.semi_join(often, by)
    those = those.mutate(day=day(those.at.date()))
    window = sliding([those.depot, those.truck, those.gross_kg, those.net_kg], those.day, g.p.days)
    near = those.mutate(near=those.move_id.count().over(window))
    found = near.group_by(by).agg(times=near.near.max(), last=near.at.max()).filter(lambda t: t.times >= g.p.times)
    return found.mutate(place=found.depot, last_on=found["last"].date(), days=g.p.days)


def on_paper(g: Given) -> Expr:
    """The lot went out and came in again, the same weight to the kilogram, within days."""
    move = g.grain_move.select("move_id", "depot", "lot_id", "net_kg", "direction", on=g.grain_move.at.date())
    out = move.filter(move.direction == OUT).drop("direction")
    back = move.filter(move.direction == IN).select("lot_id", "net_kg", in_id="move_id", in_on="on")
    both = out.inner_join(back, ["lot_id", "net_kg"])
    apart = (day(both.in_on) - day(both.on)).abs()
    pairs = both.filter(apart <= g.p.days).group_by("depot", "lot_id", "move_id", "net_kg").agg(n=lambda t: t.count())
    lots = pairs.group_by("depot", "lot_id").agg(moves=pairs.count(), kg=pairs.net_kg.sum().cast("int64"))
    return lots.filter(lots.moves >= g.p.moves).mutate(place=lots.depot, days=g.p.days)


def too_much(g: Given) -> Expr:
    """In a calendar year more came than went and than fits."""
    move = g.grain_move.mutate(year=g.grain_move.at.year().cast("int64"))
    signed = where(move.direction == IN, move.net_kg, where(move.direction == OUT, -move.net_kg, 0))
    sums = move.group_by("depot", "year").agg(more_kg=signed.sum().cast("int64"))
    both = sums.inner_join(g.depot.select("depot", "capacity_kg"), "depot")
    return both.filter(both.more_kg > both.capacity_kg).mutate(place=both.depot)


def _moves(*told: Row) -> dict[str, tuple[Row, ...]]:
    same: Row = {"depot": "库", "lot_id": "L1"}
    return {"grain_move": tuple(same | {"net_kg": 31_000 + n} | each for n, each in enumerate(told))}


def _payments(*told: tuple[str, str, int, date]) -> dict[str, tuple[Row, ...]]:
    names = ("payer", "payee", "amount_fen", "paid_on")
    rows = (
        {"payment_id": f"P{n}", "depot": "库", **dict(zip(names, each, strict=True))} for n, each in enumerate(told)
    )
    return {"grain_payment": tuple(rows)}


def _trips(*days: int, **told: Any) -> dict[str, tuple[Row, ...]]:
    first = datetime.fromisoformat("2024-07-01 09:00")
    return _moves(*({"truck": "车", "net_kg": 32_000, "at": first + timedelta(days=n), **told} for n in days))


def _turned(apart: int, kg: int = 32_000) -> dict[str, tuple[Row, ...]]:
    first = datetime.fromisoformat("2024-07-01 09:00")
    return _moves(
        {"direction": OUT, "net_kg": 32_000, "at": first},
        {"direction": IN, "net_kg": kg, "at": first + timedelta(days=apart)},
    )


def _stored(came: int, went: int) -> dict[str, tuple[Row, ...]]:
    rows = _moves({"direction": IN, "net_kg": came}, {"direction": OUT, "net_kg": went})
    return {**rows, "depot": ({"depot": "库", "capacity_kg": 1_000_000},)}


LOT = {"grain_move": {"lot_id": "lot_id"}, "grain_lot": {"lot_id": "lot_id"}}

RULES = [
    Rule(
        "M12-1",
        "出入库没有过磅（空气粮）",
        level=RED,
        tables=("grain_move",),
        key=("depot", "lot_id"),
        hits=unweighed,
        basis=(LAW, PRACTICE),
        sentence="库点{depot}货位{lot_id}有{ins}笔入库、{outs}笔出库没有过磅单，合计{kg}公斤。",
        blind="看不见伪造的过磅单；磅单后补、没有登记的会误报。",
        behind=LOT,
        cases=(
            Case("进出都没有过磅", _moves({"weighed": False}, {"direction": OUT, "weighed": False}), (("库", "L1"),)),
            Case("只有入库没有过磅", _moves({"weighed": False}, {"direction": OUT}), (("库", "L1"),)),
            edge(Case("都过了磅", _moves({}, {"direction": OUT}))),
            Case("没有出入库", {"grain_lot": ({"lot_id": "L1"},)}),
        ),
    ),
    Rule(
        "M12-2",
        "卖方又是买方（转圈粮）",
        level=RED,
        tables=("grain_move",),
        key=("depot", "lot_id", "party"),
        hits=circles,
        basis=(LAW, PRACTICE),
        sentence="库点{depot}货位{lot_id}从企业{party}购入{in_kg}公斤，又向它销出{out_kg}公斤。",
        blind="看不见换一家关联企业接手的；委托代储、退货的会误报。",
        behind={**LOT, "company": {"uscc": "party"}},
        cases=(
            Case("卖给原来的卖方", _moves({"party": "S1"}, {"party": "S1", "direction": OUT}), (("库", "L1", "S1"),)),
            edge(Case("卖给别人", _moves({"party": "S1"}, {"party": "S2", "direction": OUT}))),
            Case("没有登记对方", _moves({}, {"direction": OUT})),
        ),
    ),
    Rule(
        "M12-3",
        "粮款付给自己",
        level=RED,
        tables=("grain_payment",),
        key=("payment_id",),
        hits=to_self,
        basis=(LAW, PRACTICE),
        sentence="库点{depot}在{paid_on}的粮款{amount_fen}，付款方和收款方是同一企业{payer}。",
        blind="看不见经关联企业过手的；本企业账户间调拨记成粮款的会误报。",
        behind={"grain_payment": {"payment_id": "payment_id"}},
        cases=(
            Case("同一企业", _payments(("S1", "S1", 8_000_000, date(2024, 7, 20))), (("P0",),)),
            Case(
                "同一企业，两笔",
                _payments(("S1", "S1", 8_000_000, date(2024, 7, 20)), ("S1", "S1", 1, date(2024, 7, 21))),
                (("P0",), ("P1",)),
            ),
            Case("两家企业", _payments(("S1", "S2", 8_000_000, date(2024, 7, 20)))),
            edge(
                Case(
                    "先付给别家，再由别家付给第三家",
                    _payments(("S1", "S2", 8_000_000, date(2024, 7, 20)), ("S2", "S3", 8_000_000, date(2024, 7, 20))),
                )
            ),
        ),
    ),
    Rule(
        "M12-4",
        "粮款回流",
        level=RED,
        tables=("grain_payment",),
        key=("payment_id", "back_id"),
        hits=returns,
        params={"days": Param(30, "多少天内"), "share": Param(90, "至少回来百分之几")},
        basis=(LAW, PRACTICE),
        sentence="库点{depot}在{paid_on}由{payer}付给{payee}粮款{amount_fen}，{later}天后{back_fen}又付了回来（{back_id}）。",
        blind="看不见经第三方转回的和现金；合同解除的退款会误报。",
        behind={"grain_payment": {"payer": "payer", "payee": "payee"}},
        cases=(
            Case(
                "十天后全部回来",
                _payments(("S1", "S2", 8_000_000, date(2024, 7, 1)), ("S2", "S1", 8_000_000, date(2024, 7, 11))),
                (("P0", "P1"),),
            ),
            edge(
                Case(
                    "第三十天回来正好九成",
                    _payments(("S1", "S2", 8_000_000, date(2024, 7, 1)), ("S2", "S1", 7_200_000, date(2024, 7, 31))),
                    (("P0", "P1"),),
                )
            ),
            edge(
                Case(
                    "第三十一天",
                    _payments(("S1", "S2", 8_000_000, date(2024, 7, 1)), ("S2", "S1", 8_000_000, date(2024, 8, 1))),
                )
            ),
            edge(
                Case(
                    "不到九成",
                    _payments(("S1", "S2", 8_000_000, date(2024, 7, 1)), ("S2", "S1", 7_199_999, date(2024, 7, 11))),
                )
            ),
            Case(
                "付给第三家",
                _payments(("S1", "S2", 8_000_000, date(2024, 7, 1)), ("S2", "S3", 8_000_000, date(2024, 7, 11))),
            ),
        ),
    ),
    Rule(
        "M12-5",
        "同车同重反复过磅",
        level=YELLOW,
        tables=("grain_move",),
        key=("depot", "truck", "gross_kg", "net_kg"),
        hits=same_weight,
        params={"times": Param(3, "至少几次"), "days": Param(7, "多少天内")},
        basis=(LAW, PRACTICE),
        sentence="库点{depot}车辆{truck}在{days}天内{times}次过磅都是毛重{gross_kg}公斤、净重{net_kg}公斤，最近一次{last_on}。",
        blind="看不见改了尾数的磅单；按定量包装装车的会误报。",
        behind={"grain_move": {"depot": "depot", "truck": "truck", "gross_kg": "gross_kg"}},
        cases=(
            Case("一天三次", _trips(0, 0, 0), (("库", "车", "48000", "32000"),)),
            edge(Case("第七天第三次", _trips(0, 1, 7), (("库", "车", "48000", "32000"),))),
            edge(Case("第八天第三次", _trips(0, 1, 8))),
            edge(Case("只有两次", _trips(0, 0))),
            Case("净重不同", _moves(*({"truck": "车"} for _ in range(3)))),
        ),
    ),
    Rule(
        "M12-6",
        "账面轮换",
        level=RED,
        tables=("grain_move",),
        key=("depot", "lot_id"),
        hits=on_paper,
        params={"days": Param(3, "出库和入库相隔至多多少天"), "moves": Param(1, "至少几笔")},
        basis=(LAW, PRACTICE),
        sentence="库点{depot}货位{lot_id}有{moves}笔出库，在{days}天内又有重量一公斤不差的入库，合计{kg}公斤，像是只在账上轮换。",
        blind="看不见改了重量的假轮换；倒仓、过筛后原样入库的会误报。",
        behind=LOT,
        cases=(
            Case("当天一出一进", _turned(0), (("库", "L1"),)),
            edge(Case("第三天进来", _turned(3), (("库", "L1"),))),
            edge(Case("第四天进来", _turned(4))),
            edge(Case("差一公斤", _turned(0, 32_001))),
            Case("只有出库", _moves({"direction": OUT})),
        ),
    ),
    Rule(
        "M12-7",
        "收粮超过仓容",
        level=RED,
        tables=("grain_move", "depot"),
        key=("depot", "year"),
        hits=too_much,
        basis=(LAW, PRACTICE),
        sentence="库点{depot}在{year}年入库比出库多{more_kg}公斤，超过仓容{capacity_kg}公斤。",
        blind="看不见年初已有的存粮，所以只会少报；租用的外仓没有登记时会误报。",
        behind={"depot": {"depot": "depot"}, "grain_move": {"depot": "depot"}},
        cases=(
            edge(Case("多一公斤", _stored(1_500_001, 500_000), (("库", "2024"),))),
            Case("多五成", _stored(2_000_000, 500_000), (("库", "2024"),)),
            edge(Case("正好装满", _stored(1_500_000, 500_000))),
            Case("半仓", _stored(500_000, 0)),
        ),
    ),
]
