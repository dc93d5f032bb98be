"""M12 粮食购销, what a lot itself shows: its year, its grade, its weight and its price against the books."""

from datetime import date
from typing import Any

from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.rule import RED, YELLOW, Basis, Case, Given, Param, Row, Rule, edge

LAW = Basis("粮食流通管理条例", "第二十条第二项", date(2021, 4, 15))
PRACTICE = Basis("粮食购销数据比对（“转圈粮”“空气粮”专项整治的做法）")
LOT = {"grain_lot": {"lot_id": "lot_id"}, "grain_move": {"lot_id": "lot_id"}}


def old_as_new(g: Given) -> Expr:
    """Booked as a later year's crop than it is, or booked as this year's and tested as old."""
    lot = g.grain_lot
    later = (lot.crop_year < lot.sold_as_year).fill_null(False)  # noqa: FBT003 -- Ibis' own
    tested = (lot.tested_old & (lot.sold_as_year >= g.on.year)).fill_null(False)  # noqa: FBT003 -- Ibis' own
    found = lot.filter(later | tested)
    return found.mutate(place=found.depot, test=found.tested_old.ifelse("检验为陈粮", "检验不是陈粮"))


def poor_as_good(g: Given) -> Expr:
    """The tested grade is a worse one (a higher number) than the books say."""
    found = g.grain_lot.filter(g.grain_lot.tested_grade > g.grain_lot.grade)
    return found.mutate(place=found.depot)


def lost(g: Given) -> Expr:
    """Less is there than the books say, by more than the share."""
    lot = g.grain_lot.mutate(lost_kg=g.grain_lot.book_kg - g.grain_lot.counted_kg)
    return lot.filter(lot.lost_kg * 100 > lot.book_kg * g.p.percent).mutate(place=lot.depot, percent=g.p.percent)


def hidden_gain(g: Given) -> Expr:
    """More is there than the books say, and the gain is not booked."""
    lot = g.grain_lot.mutate(gain_kg=g.grain_lot.counted_kg - g.grain_lot.book_kg)
    return lot.filter(lot.gain_kg > 0, ~lot.gain_booked).mutate(place=lot.depot)


def bought_low(g: Given) -> Expr:
    """Settled into the reserve far above what was paid for it."""
    lot = g.grain_lot.filter(g.grain_lot.settled_fen * 100 > g.grain_lot.bought_fen * (100 + g.p.percent))
    return lot.mutate(place=lot.depot, more_fen=lot.settled_fen - lot.bought_fen)


def _lot(**told: Any) -> dict[str, tuple[Row, ...]]:
    return {"grain_lot": ({"depot": "库", "lot_id": "L1", **told},)}


HIT = (("L1",),)

RULES = [
    Rule(
        "M12-8",
        "以陈顶新",
        level=RED,
        tables=("grain_lot",),
        key=("lot_id",),
        hits=old_as_new,
        basis=(LAW, PRACTICE),
        sentence="库点{depot}货位{lot_id}实为{crop_year}年收获，账面记为{sold_as_year}年，{test}。",
        blind="看不见掺混的陈粮和没有送检的货位；账面年度填错的会误报。",
        behind=LOT,
        cases=(
            Case("去年的粮记成今年", _lot(crop_year=2023), HIT),
            Case("记为今年，检验为陈粮", _lot(tested_old=True), HIT),
            edge(Case("如实记为前年，检验为陈粮", _lot(crop_year=2022, sold_as_year=2022, tested_old=True))),
            Case("年度相符", _lot()),
        ),
    ),
    Rule(
        "M12-9",
        "以次充好",
        level=RED,
        tables=("grain_lot",),
        key=("lot_id",),
        hits=poor_as_good,
        basis=(LAW, PRACTICE),
        sentence="库点{depot}货位{lot_id}账面为{grade}等，检验为{tested_grade}等。",
        blind="看不见没有送检的货位；保管期内自然降等的会误报。",
        behind=LOT,
        cases=(
            Case("三等检验为四等", _lot(grade=3, tested_grade=4), HIT),
            edge(Case("等级相符", _lot(grade=3, tested_grade=3))),
            Case("检验更好", _lot(grade=3, tested_grade=2)),
        ),
    ),
    Rule(
        "M12-10",
        "损耗过大",
        level=RED,
        tables=("grain_lot",),
        key=("lot_id",),
        hits=lost,
        params={"percent": Param(3, "损耗超过账面的百分之几")},
        basis=(PRACTICE, Basis("损耗百分之三为通行经验值，未见出处，应按本地定额改")),
        sentence="库点{depot}货位{lot_id}账面{book_kg}公斤，实测{counted_kg}公斤，少{lost_kg}公斤，超过{percent}%。",
        blind="看不见用其他货位的粮补足的；测量方法不同会误报。",
        behind=LOT,
        cases=(
            Case("少百分之十", _lot(book_kg=900_000, counted_kg=810_000), HIT),
            edge(Case("正好百分之三", _lot(book_kg=900_000, counted_kg=873_000))),
            Case("一公斤不少", _lot(book_kg=900_000, counted_kg=900_000)),
            edge(Case("多一公斤", _lot(book_kg=900_000, counted_kg=872_999), HIT)),
        ),
    ),
    Rule(
        "M12-11",
        "升溢未入账",
        level=YELLOW,
        tables=("grain_lot",),
        key=("lot_id",),
        hits=hidden_gain,
        basis=(PRACTICE,),
        sentence="库点{depot}货位{lot_id}实测比账面多{gain_kg}公斤，没有入账。",
        blind="看不见已经运走的升溢粮；待年终统一入账的会误报。",
        behind=LOT,
        cases=(
            edge(Case("多一公斤", _lot(book_kg=900_000, counted_kg=900_001, gain_booked=False), HIT)),
            Case("已入账", _lot(book_kg=900_000, counted_kg=900_001)),
            Case("多一吨", _lot(book_kg=900_000, counted_kg=901_000, gain_booked=False), HIT),
            edge(Case("不多不少", _lot(gain_booked=False))),
        ),
    ),
    Rule(
        "M12-12",
        "低收高转",
        level=RED,
        tables=("grain_lot",),
        key=("lot_id",),
        hits=bought_low,
        params={"percent": Param(10, "转储结算价高出收购价百分之几以上")},
        basis=(LAW, PRACTICE),
        sentence="库点{depot}货位{lot_id}收购价每吨{bought_fen}，转储结算价每吨{settled_fen}，相差{more_fen}。",
        blind="看不见压低农民等级、扣重的；收购到转储之间涨价的会误报。",
        behind=LOT,
        cases=(
            Case("高出两成", _lot(bought_fen=250_000, settled_fen=300_000), HIT),
            Case("按收购价转", _lot(bought_fen=250_000, settled_fen=250_000)),
            edge(Case("正好一成", _lot(bought_fen=250_000, settled_fen=275_000))),
            edge(Case("多一分", _lot(bought_fen=250_000, settled_fen=275_001), HIT)),
        ),
    ),
]
