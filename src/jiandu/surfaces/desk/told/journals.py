"""日记账 and 财务公开 of a collective: how their lines are listed, and what the village's page says of them."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.guard import Viewer
from jiandu.base.core.persons import shown_name
from jiandu.base.ui.templatetags.ui import iso, money_fen
from jiandu.sources.ledgers import villages
from jiandu.sources.ledgers.collectives import Collective, LedgerKind
from jiandu.sources.ledgers.journals import Disclosure, Journal, expected
from jiandu.surfaces.desk.registers import Row, Section

NUMBER = (gettext_lazy("编号"), "code")
COLUMNS: dict[LedgerKind, tuple[tuple[Any, str], ...]] = {
    LedgerKind.JOURNAL: (NUMBER, (gettext_lazy("摘要"), "main"), (gettext_lazy("日期"), "date"), (gettext_lazy("对方单位(个人)"), ""), (gettext_lazy("收入(元)"), "num"), (gettext_lazy("支出(元)"), "num"), (gettext_lazy("余额(元)"), "num"), (gettext_lazy("需核对"), "wrap")),
    LedgerKind.DISCLOSURE: (NUMBER, (gettext_lazy("所属期末"), "main"), (gettext_lazy("公开内容"), ""), (gettext_lazy("公开日期"), "date"), (gettext_lazy("公开明细"), "state"), (gettext_lazy("公开地点"), "wrap")),
}  # fmt: skip
#: What a journal may be narrowed to, beside lines whose balance does not follow.
ONLY = {
    "cash": Q(is_cash=True, outlay_fen__gt=0),
    "uninvoiced": Q(has_invoice=False, outlay_fen__gt=0),
    "unsealed": Q(group_seal=False),
}


def only_labels() -> list[tuple[str, Any]]:
    """How a journal can be narrowed."""
    return [
        ("uneven", _("余额不接续")),
        ("cash", _("现金支出")),
        ("uninvoiced", _("无发票")),
        ("unsealed", _("未盖理财小组章")),
    ]


def _amount(fen: int | None) -> str:
    return money_fen(fen) if fen else ""


def line(row: Journal, then: int | None) -> list[Any]:
    """A line as it is listed; `then`: the balance that would follow, where it says another."""
    left = "" if row.balance_fen is None else money_fen(row.balance_fen)
    who = shown_name(row.payee, row.payee_mark)
    return [iso(row.booked_on), who, _amount(row.income_fen), _amount(row.outlay_fen), left, _doubts(row, then)]


def _doubts(row: Journal, then: int | None) -> str:
    said = [
        "" if then is None else _("余额不接续，按上一笔应为%(amount)s") % {"amount": money_fen(then)},
        _("无发票") if row.has_invoice is False and row.is_outlay else "",
        _("未盖理财小组章") if row.group_seal is False else "",
    ]
    return "；".join(each for each in said if each)


def disclosed(row: Disclosure) -> list[Any]:
    """A disclosure as it is listed."""
    details: Any = {True: {"text": _("明细"), "tone": "done"}, False: {"text": _("仅总额"), "tone": "warn"}}
    return [row.content, iso(row.posted_on), details.get(row.is_detailed, ""), row.place]


def uneven(viewer: Viewer, one: Collective, on: date) -> dict[str, int]:
    """Code → the balance that would follow, of the lines that say another. One statement."""
    return expected(villages.booked(viewer, one, on))


ACCOUNTS = ((gettext_lazy("账户"), "main"), (gettext_lazy("笔数"), "num"), (gettext_lazy("收入(元)"), "num"), (gettext_lazy("支出(元)"), "num"), (gettext_lazy("最近余额(元)"), "num"), (gettext_lazy("最近一笔"), "date"), (gettext_lazy("余额"), "state"))  # fmt: skip


def section(known: villages.Village, here: str) -> list[Section]:
    """By account what the journal says of the year; no panel where there is none. `here`: where its lines are listed."""
    off, by_account = expected(known.journal), dict[str, list[Any]]()
    for row in known.journal:
        by_account.setdefault(row.account, []).append(row)
    told = [_account(name, own, off, known.on, here) for name, own in sorted(by_account.items())]
    return [Section(_("日记账（%(year)d年）") % {"year": known.on.year}, ACCOUNTS, told)] if told else []


def _account(name: str, own: list[Any], off: dict[str, int], on: date, here: str) -> Row:
    year = [row for row in own if row.booked_on.year == on.year]
    last = max(own, key=lambda row: (row.booked_on, row.balance_fen is not None))
    count = sum(row.code in off for row in own)
    mark = {"text": _("逐笔接续"), "tone": "done"}
    if count:
        mark = {"text": _("%(count)d笔不接续") % {"count": count}, "tone": "danger"}
    sums = [money_fen(sum(getattr(row, key) or 0 for row in year)) for key in ("income_fen", "outlay_fen")]
    left = "" if last.balance_fen is None else money_fen(last.balance_fen)
    account = {"text": name or _("未写账户"), "href": here}
    return {"cells": [account, len(year), *sums, left, iso(last.booked_on), mark]}
