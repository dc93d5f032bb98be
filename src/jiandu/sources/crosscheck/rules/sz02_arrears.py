"""SZ-02 租金逾期: what was due by the day has not reached the account, and since when."""

from datetime import date

from jiandu.base.engine.columns import day, day_of, where
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import COLLECTIVE, of
from jiandu.sources.crosscheck.rule import RED, YELLOW, Basis, Case, Given, Param, Rule, edge


def hits(g: Given) -> Expr:
    """Σ due (less what was remitted) > Σ banked by the day. The oldest due that payments do not reach says how long."""
    due = g.due.filter(g.due.due_on <= g.on)
    due = due.mutate(owed=due.amount_fen - due.reduced_fen.fill_null(0))
    totals = due.group_by("contract_id").agg(due_fen=due.owed.sum())
    got = g.receipt.filter(g.receipt.paid_on <= g.on, g.receipt.contract_id.notnull())
    banked = (got.banked_on <= g.on).fill_null(False)  # noqa: FBT003 -- Ibis' own
    got = got.mutate(in_fen=where(banked, got.amount_fen, 0), held=where(banked, 0, got.amount_fen))
    paid = got.group_by("contract_id").agg(paid_fen=got.in_fen.sum(), held_fen=got.held.sum())
    short = totals.left_join(paid, "contract_id").drop("contract_id_right")
    short = short.mutate(paid_fen=short.paid_fen.fill_null(0), held_fen=short.held_fen.fill_null(0))
    short = short.filter(short.due_fen > short.paid_fen)
    return _aged(g, due, short)


def _aged(g: Given, due: Expr, short: Expr) -> Expr:
    import ibis  # noqa: PLC0415 -- slow import

    lines = due.join(short, "contract_id")
    so_far = ibis.window(group_by="contract_id", order_by=["due_on", "due_id"], preceding=None, following=0)
    lines = lines.mutate(so_far=lines.owed.sum().over(so_far))
    lines = lines.filter(lines.so_far > lines.paid_fen)
    oldest = lines.group_by("contract_id").agg(
        since=lines.due_on.min(),
        due_fen=lines.due_fen.max(),
        paid_fen=lines.paid_fen.max(),
        held_fen=lines.held_fen.max(),
        village=lines.village.max(),
    )
    days = day_of(g.on) - day(oldest.since)
    return oldest.filter(days >= g.p.days).mutate(
        days=days,
        owed_fen=oldest.due_fen - oldest.paid_fen,
        level=where(days >= g.p.red_days, RED, YELLOW),
        place=oldest.village.fill_null(""),
    )


D, PAID = date(2024, 10, 31), date(2024, 11, 2)
LATE = {"SZ-15-3": (("R1",),)}


def _rows(
    due_on: date, *, paid: int = 0, reduced: int = 0, due: int = 1_200_000, banked: date | None = PAID
) -> dict[str, tuple[dict[str, object], ...]]:
    rows: dict[str, tuple[dict[str, object], ...]] = {
        "due": (
            {"contract_id": "C1", "due_on": due_on, "amount_fen": due, "reduced_fen": reduced, "resolution_on": PAID},
        )
    }
    if paid:
        rows["receipt"] = (
            {"receipt_id": "R1", "contract_id": "C1", "paid_on": PAID, "amount_fen": paid, "banked_on": banked},
        )
    return rows


RULE = Rule(
    "SZ-02",
    "租金逾期",
    level=YELLOW,
    tables=("due", "receipt", "contract"),
    key=("contract_id",),
    hits=of(COLLECTIVE, hits, "due"),
    version=3,
    params={"days": Param(30, "逾期多少天起提示"), "red_days": Param(60, "逾期多少天起为红色")},
    basis=(
        Basis("民法典", "第七百二十二条（迟延支付租金）", date(2021, 1, 1)),
        Basis("逾期两个月以上列红色预警（萧山、鄞州等地做法）"),
    ),
    sentence="合同{contract_id}应收{due_fen}，已入账{paid_fen}，欠{owed_fen}（其中已收未入账{held_fen}）；最早一笔自{since}起未收齐，已{days}天。",
    blind="看不见没有登记的收款；收了而没有登记入账日的，按没有到账计；应收没有逐期登记的合同不在其中。",
    behind={"due": {"contract_id": "contract_id"}, "receipt": {"contract_id": "contract_id"}},
    cases=(
        Case("逾期61天未付", _rows(D), (("C1",),)),
        Case("只付了一半", _rows(D, paid=600_000), (("C1",),)),
        edge(Case("逾期恰30天", _rows(date(2024, 12, 1)), (("C1",),))),
        edge(Case("逾期29天，还不提示", _rows(date(2024, 12, 2)))),
        Case("已付清", _rows(D, paid=1_200_000)),
        Case("收了，截止日后才入账", _rows(D, paid=1_200_000, banked=date(2025, 1, 1)), (("C1",),), also=LATE),
        Case("截止日当天入账", _rows(D, paid=1_200_000, banked=date(2024, 12, 31)), also=LATE),
        Case("付了一半，减免一半", _rows(D, paid=600_000, reduced=600_000)),
    ),
)
