"""SZ-14 现金、白条、连号发票、节日餐饮烟酒: how the collective's money went out."""

from datetime import date, timedelta

from jiandu.base.engine.columns import any_of, previous
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.rule import GREEN, YELLOW, Basis, Case, Given, Param, Row, Rule, edge

#: 春节和中秋 (first day), 2019–2027: notices of the State Council's office.
FESTIVALS = (
    *(date(2019, 2, 5), date(2020, 1, 25), date(2021, 2, 12), date(2022, 2, 1)),
    *(date(2023, 1, 22), date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6)),
    *(date(2019, 9, 13), date(2020, 10, 1), date(2021, 9, 21), date(2022, 9, 10)),
    *(date(2023, 9, 29), date(2024, 9, 17), date(2025, 10, 6), date(2026, 9, 25), date(2027, 9, 15)),
)


def cash(g: Given) -> Expr:
    """Cash above the limit."""
    o = g.outlay
    return o.filter(o.is_cash, o.amount_fen > g.p.limit_fen).mutate(place=o.village)


def without_invoice(g: Given) -> Expr:
    """No invoice."""
    o = g.outlay
    return o.filter(~o.has_invoice, o.amount_fen > g.p.limit_fen).mutate(place=o.village)


def same_invoice(g: Given) -> Expr:
    """One invoice, by code and number, in more than one voucher."""
    o = g.outlay.filter(g.outlay.has_invoice, g.outlay.invoice_no.notnull(), g.outlay.invoice_no != "无号")
    o = o.mutate(invoice_code=o.invoice_code.fill_null(""))
    by = ["invoice_code", "invoice_no"]
    twice = o.group_by(by).agg(times=o.count(), amount_fen=o.amount_fen.sum(), place=o.village.min())
    return twice.filter(twice.times > 1)


def in_a_row(g: Given) -> Expr:
    """Numbers that follow each other from one payee in one village: at least `least` in a row."""
    o = g.outlay.filter(g.outlay.has_invoice, g.outlay.invoice_no.notnull())
    o = o.select("village", "payee", "amount_fen", number=o.invoice_no.try_cast("int64"))
    o = o.filter(o.number.notnull()).distinct()
    many = o.group_by(["village", "payee"]).agg(n=o.count())
    o = o.semi_join(many.filter(many.n >= g.p.least), ["village", "payee"])
    ordered = previous(["village", "payee"], ["number"])
    steps = o.mutate(back=o.number - o.number.lag(g.p.least - 1).over(ordered))
    runs = steps.filter(steps.back == g.p.least - 1)
    found = runs.group_by(["village", "payee"]).agg(last=runs.number.max(), runs=runs.count())
    return found.mutate(place=found.village, first=found["last"] - (g.p.least - 1))


def festive(g: Given) -> Expr:
    """Restaurants, tobacco and liquor in the days before a festival."""
    o = g.outlay.filter(g.outlay.payee_kind.isin(["餐饮", "烟酒"]))
    soon = (o.paid_on.between(each - timedelta(days=g.p.days), each) for each in FESTIVALS)
    return o.filter(any_of(*soon)).mutate(place=o.village)


def _one(**told: object) -> dict[str, tuple[Row, ...]]:
    return {"outlay": ({"outlay_id": "O1", **told},)}


def _numbers(*numbers: str, payees: tuple[str, ...] = ("收款一",)) -> dict[str, tuple[Row, ...]]:
    return {
        "outlay": tuple(
            {
                "village": "甲村",
                "invoice_code": "代码一",
                "payee": payees[n % len(payees)],
                "invoice_no": number,
                "amount_fen": 180_051 + n * 1_013,
            }
            for n, number in enumerate(numbers)
        )
    }


def _coded(number: str, *codes: str) -> dict[str, tuple[Row, ...]]:
    rows = _numbers(*(number for _ in codes), payees=("收款一", "收款二"))["outlay"]
    return {"outlay": tuple({**row, "invoice_code": code} for row, code in zip(rows, codes, strict=True))}


BASIS = (Basis("“连号发票”“白条”核查（余姚等地做法）"),)
BEHIND = {"outlay": {"outlay_id": "outlay_id"}}
TABLES = ("outlay",)

RULES = (
    Rule(
        "SZ-14-1",
        "大额现金支出",
        level=YELLOW,
        tables=TABLES,
        key=("outlay_id",),
        hits=cash,
        params={"limit_fen": Param(100_000, "现金限额（分）")},
        basis=(Basis("现金管理暂行条例", "第五条（结算起点一千元）", date(1988, 10, 1)),),
        sentence="{village}凭证{outlay_id}以现金支付{amount_fen}（{paid_on}）。",
        blind="看不见拆成小额的现金；按规定可以付现的（如误工补贴）会误报。",
        behind=BEHIND,
        cases=(
            edge(Case("现金一千元零一分", _one(is_cash=True, amount_fen=100_001), (("O1",),))),
            Case("现金九千多元", _one(is_cash=True, amount_fen=999_913), (("O1",),)),
            edge(Case("现金恰一千元", _one(is_cash=True, amount_fen=100_000))),
            Case("转账", _one(amount_fen=999_913)),
        ),
    ),
    Rule(
        "SZ-14-2",
        "白条入账",
        level=YELLOW,
        tables=TABLES,
        key=("outlay_id",),
        hits=without_invoice,
        params={"limit_fen": Param(50_000, "多少金额以上（分）")},
        basis=BASIS,
        sentence="{village}凭证{outlay_id}支付{amount_fen}没有发票（{paid_on}）。",
        blind="按规定可用收款收据的小额零星支出会误报。",
        behind=BEHIND,
        cases=(
            Case("没有发票", _one(has_invoice=False, invoice_no=None), (("O1",),)),
            edge(Case("小额没有发票", _one(has_invoice=False, invoice_no=None, amount_fen=50_000))),
            edge(Case("五百元零一分没有发票", _one(has_invoice=False, invoice_no=None, amount_fen=50_001), (("O1",),))),
            Case("有发票", _one()),
        ),
    ),
    Rule(
        "SZ-14-3",
        "一票多报",
        level=YELLOW,
        tables=TABLES,
        key=("invoice_code", "invoice_no"),
        hits=same_invoice,
        basis=BASIS,
        sentence="发票{invoice_code}-{invoice_no}报销{times}次，合计{amount_fen}。",
        blind="一张发票分次付款的会误报；只看得到号码，看不到票面。",
        behind={"outlay": {"invoice_code": "invoice_code", "invoice_no": "invoice_no"}},
        cases=(
            Case("同号两次", _numbers("71000001", "71000001", payees=("收款一", "收款二")), (("代码一", "71000001"),)),
            edge(Case("号码相同，发票代码不同", _coded("71000061", "代码二", "代码三"))),
            Case("不同号", _numbers("71000021", "71000042")),
        ),
    ),
    Rule(
        "SZ-14-4",
        "连号发票",
        level=YELLOW,
        tables=TABLES,
        key=("village", "payee"),
        hits=in_a_row,
        params={"least": Param(3, "至少几张连号")},
        basis=BASIS,
        sentence="{village}从{payee}取得的发票号码连续（{first}至{last}）。",
        blind="一次开具多张的正常业务会误报；号码没有录入的看不见。",
        behind={"outlay": {"village": "village", "payee": "payee"}},
        cases=(
            edge(Case("三张连号", _numbers("72000001", "72000002", "72000003"), (("甲村", "收款一"),))),
            Case("五张连号", _numbers(*(f"7200009{n}" for n in range(1, 6))), (("甲村", "收款一"),)),
            edge(Case("两张连号", _numbers("72000011", "72000012", "72000019"))),
            Case("不是同一收款人", _numbers("72000021", "72000022", "72000023", payees=("收款一", "收款二"))),
        ),
    ),
    Rule(
        "SZ-14-5",
        "节前餐饮烟酒支出",
        level=GREEN,
        tables=TABLES,
        key=("outlay_id",),
        hits=festive,
        params={"days": Param(15, "节前多少天")},
        basis=(Basis("节前餐饮烟酒支出核查（通行做法，未见出处）"),),
        sentence="{village}凭证{outlay_id}在节前向{payee_kind}商户支付{amount_fen}（{paid_on}）。",
        blind="看不见开成其他品名的；慰问、公务用餐须看附件。",
        behind=BEHIND,
        cases=(
            Case("春节前十天餐饮", _one(payee_kind="餐饮", paid_on=date(2024, 1, 31)), (("O1",),)),
            edge(Case("恰十五天", _one(payee_kind="烟酒", paid_on=date(2024, 1, 26)), (("O1",),))),
            edge(Case("十六天", _one(payee_kind="烟酒", paid_on=date(2024, 1, 25)))),
            Case("节前建材", _one(paid_on=date(2024, 1, 31))),
        ),
    ),
)
