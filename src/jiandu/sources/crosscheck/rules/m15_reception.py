"""M15 三公和接待: a quarter that jumps, invoices that were left blank, invoices torn from one book."""

from datetime import date
from typing import Any

from jiandu.base.engine.columns import previous, where
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.rule import YELLOW, Basis, Case, Given, Param, Row, Rule, edge

PRACTICE = Basis("三公经费和公务接待数据比对（云和等地做法）")
DIGITS = 8


def jumps(g: Given) -> Expr:
    """A unit's quarter against the one before, without the growth that letters and events explain."""
    spent = g.reception.filter(g.reception.spent_on <= g.on, g.reception.spent_on.notnull())
    spent = spent.mutate(year=spent.spent_on.year().cast("int64"), quarter=spent.spent_on.quarter().cast("int64"))
    sums = spent.group_by("unit", "year", "quarter").agg(
        sum_fen=spent.amount_fen.sum().cast("int64"),
        event_fen=where(spent.has_event, spent.amount_fen, 0).sum().cast("int64"),
    )
    sums = sums.mutate(number=sums.year * 4 + sums.quarter)
    before = sums.select("unit", number=sums.number + 1, before_fen="sum_fen", before_event_fen="event_fen")
    both = sums.inner_join(before, ["unit", "number"])
    more = both.event_fen - both.before_event_fen
    own = both.sum_fen - where(more > 0, more, 0)
    both = both.mutate(own=own).filter(both.before_fen > 0)
    high = both.filter(both.own * 100 > both.before_fen * (100 + g.p.percent), both.sum_fen >= g.p.least_fen)
    return high.mutate(
        quarter=high.year.cast("string") + "年第" + high.quarter.cast("string") + "季度",
        percent=((high.sum_fen - high.before_fen) * 100 / high.before_fen.nullif(0)).floor().cast("int64"),
        place=high.unit,
    )


def blank(g: Given) -> Expr:
    """An invoice that says nothing."""
    found = g.reception.filter(g.reception.invoice_blank)
    return found.mutate(place=found.unit)


def runs(g: Given) -> Expr:
    """Numbers that follow one another in one unit, at least `least` in a row; they are compared by their last places."""
    told = g.reception.filter(g.reception.invoice_no.re_search(f"^[0-9]{{{DIGITS},20}}$"))
    length = told.invoice_no.length()
    told = told.select(
        "unit",
        head=told.invoice_no.substr(0, length - DIGITS),
        number=told.invoice_no.substr(length - DIGITS, DIGITS).try_cast("int64"),
    ).distinct()
    by = ["unit", "head"]
    many = told.group_by(by).agg(n=told.count()).filter(lambda t: t.n >= g.p.least)
    told = told.semi_join(many, by)
    back = told.number - told.number.lag(g.p.least - 1).over(previous(by, ["number"]))
    steps = told.mutate(back=back).filter(lambda t: t.back == g.p.least - 1)
    found = steps.group_by(by).agg(last=steps.number.max(), first=steps.number.min() - (g.p.least - 1))
    return found.mutate(
        place=found.unit, least=g.p.least, head_words=where(found["head"] == "", "无前缀", found["head"])
    )


def _quarters(before: int, then: int, **told: Any) -> dict[str, tuple[Row, ...]]:
    """A unit's first and second quarter."""
    return {
        "reception": (
            {"unit": "局", "spent_on": date(2024, 2, 10), "amount_fen": before, "has_event": False},
            {"unit": "局", "spent_on": date(2024, 5, 10), "amount_fen": then, "has_event": False, **told},
        )
    }


def _numbers(*numbers: str, units: tuple[str, ...] = ("局",)) -> dict[str, tuple[Row, ...]]:
    return {
        "reception": tuple(
            {"unit": units[n % len(units)], "invoice_no": number, "amount_fen": 120_003 + 1_010 * n}
            for n, number in enumerate(numbers)
        )
    }


VOUCHER = {"reception": {"voucher_id": "voucher_id"}}
JUMP = (("局", "2024年第2季度"),)

RULES = [
    Rule(
        "M15-1",
        "季度支出突增",
        level=YELLOW,
        tables=("reception",),
        key=("unit", "quarter"),
        hits=jumps,
        params={"percent": Param(30, "比上季度增长超过百分之几"), "least_fen": Param(0, "季度支出至少多少分才看")},
        basis=(PRACTICE,),
        sentence="{unit}在{quarter}三公和接待支出{sum_fen}，上季度{before_fen}，增长{percent}%，没有公函或活动可以说明。",
        blind="看不见挪到其他科目、其他单位报销的；上季度没有支出的不比较。",
        behind={"reception": {"unit": "unit"}},
        cases=(
            Case("增长一半", _quarters(10_000_003, 15_000_007), JUMP),
            edge(Case("正好三成", _quarters(10_000_000, 13_000_000))),
            edge(Case("多一分", _quarters(10_000_000, 13_000_001), JUMP)),
            Case("增长的部分有公函", _quarters(10_000_003, 15_000_007, has_event=True)),
            Case("隔了一个季度", _quarters(10_000_003, 15_000_007, spent_on=date(2024, 8, 10))),
        ),
    ),
    Rule(
        "M15-2",
        "空白发票报销",
        level=YELLOW,
        tables=("reception",),
        key=("voucher_id",),
        hits=blank,
        basis=(PRACTICE,),
        sentence="{unit}凭证{voucher_id}（{kind}，{amount_fen}）所附发票没有填写内容。",
        blind="只看得见登记为空白的发票；扫描不清的会误报。",
        behind=VOUCHER,
        cases=(
            Case("空白", {"reception": ({"voucher_id": "V1", "unit": "局", "invoice_blank": True},)}, (("V1",),)),
            Case(
                "空白，有公函",
                {"reception": ({"voucher_id": "V1", "unit": "局", "invoice_blank": True, "has_event": True},)},
                (("V1",),),
            ),
            Case("填写了的", {"reception": ({"voucher_id": "V1", "unit": "局"},)}),
            edge(Case("是否空白没有登记", {"reception": ({"voucher_id": "V1", "unit": "局", "invoice_blank": None},)})),
        ),
    ),
    Rule(
        "M15-3",
        "连号发票报销",
        level=YELLOW,
        tables=("reception",),
        key=("unit", "head"),
        hits=runs,
        params={"least": Param(3, "至少几张连号")},
        basis=(PRACTICE,),
        sentence="{unit}报销的发票（前缀：{head_words}）有至少{least}张连号，尾号自{first}起，最后一组到{last}。",
        blind="看不见隔号撕下的发票；一次开具多张、分次报销的会误报。",
        behind={"reception": {"unit": "unit"}},
        cases=(
            edge(Case("三张连号", _numbers("90000007", "90000008", "90000009"), (("局", ""),))),
            Case(
                "二十位数电票四张连号",
                _numbers(*(f"2435000000009000000{n}" for n in range(4))),
                (("局", "243500000000"),),
            ),
            edge(Case("只有两张", _numbers("90000007", "90000008", "90000010"))),
            Case("同一张报了三次，不是连号", _numbers("90000007", "90000007", "90000007")),
            Case("分属两家单位", _numbers("90000007", "90000008", "90000009", units=("局", "委"))),
            Case("不是数字", _numbers("A0000007", "A0000008", "A0000009")),
        ),
    ),
]
