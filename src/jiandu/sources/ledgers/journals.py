"""日记账 and 财务公开 of a collective: every payment in and out with its voucher, and what the village showed of its money.

A journal is booked line by line; what each line leaves in the account is said beside it, and a line whose balance does not
follow from the one before is told as such. See collectives.py for how rows are kept.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiandu.sources.ledgers.collectives import Kept


class Journal(Kept):
    """日记账 of the bank or the cash: one payment, from or to whom, by which voucher, and what it left.

    `payee` is the other side; of a person `payee_mark` tells who without saying it (base.core.persons). An amount below
    zero is one that was booked back in red.
    """

    class Act(models.TextChoices):
        INCOME = "income", _("收入")
        OUTLAY = "outlay", _("支出")
        TRANSFER = "transfer", _("内部转存")  # between the collective's own accounts, and its cash
        OPENING = "opening", _("上期结转")

    account = models.CharField(_("账户"), max_length=64, blank=True)
    booked_on = models.DateField(_("日期"))
    act = models.CharField(_("收支类别"), max_length=8, choices=Act.choices, blank=True)
    is_cash = models.BooleanField(_("现金"), null=True)
    book = models.CharField(_("凭证册"), max_length=64, blank=True)
    voucher = models.CharField(_("凭证号"), max_length=64, blank=True)
    summary = models.CharField(_("摘要"), max_length=200)
    payee = models.CharField(_("对方单位(个人)"), max_length=128, blank=True)
    payee_no = models.CharField(_("对方证件"), max_length=18, blank=True)
    payee_mark = models.CharField(max_length=64, blank=True, editable=False)
    trade = models.CharField(_("对方行业"), max_length=32, blank=True)
    project = models.CharField(_("事项"), max_length=128, blank=True)
    income_fen = models.BigIntegerField(_("收入(分)"), null=True)
    outlay_fen = models.BigIntegerField(_("支出(分)"), null=True)
    balance_fen = models.BigIntegerField(_("余额(分)"), null=True)
    slip_no = models.CharField(_("票据号"), max_length=64, blank=True)
    invoice_code = models.CharField(_("发票代码"), max_length=32, blank=True)
    invoice_no = models.CharField(_("发票号码"), max_length=32, blank=True)
    has_invoice = models.BooleanField(_("有发票"), null=True)
    handler = models.CharField(_("经手人"), max_length=64, blank=True)
    approver = models.CharField(_("审批人"), max_length=64, blank=True)
    group_seal = models.BooleanField(_("理财小组章"), null=True)

    class Meta(Kept.Meta):
        verbose_name = _("银行(现金)日记账")

    def __str__(self) -> str:
        return f"{self.code} {self.summary}"

    @property
    def is_outlay(self) -> bool:
        """Whether money left the collective: not what went from one of its accounts to the other."""
        return (self.outlay_fen or 0) > 0 and not is_inner(self)


class Disclosure(Kept):
    """财务公开: what the village showed its members of a period, when, where, and whether in detail."""

    period_on = models.DateField(_("所属期末"))
    content = models.CharField(_("公开内容"), max_length=64, blank=True)
    posted_on = models.DateField(_("公开日期"))
    is_detailed = models.BooleanField(_("公开明细"), null=True)
    place = models.CharField(_("公开地点"), max_length=200, blank=True)

    class Meta(Kept.Meta):
        verbose_name = _("村级财务公开")


#: How a summary says that money only changed its place, where the line has no 收支类别.
INNER = re.compile(
    "^(提现|提取现金|提取备用金|备用金|现金存入|存现|现金缴存|缴存现金|转存|内部转账|账户间转账|上年结转|上期结转|上月结转|期初余额|承前页|过次页)"
)


class LineLike(Protocol):
    @property
    def act(self) -> str: ...
    @property
    def summary(self) -> str: ...


def is_inner(row: LineLike) -> bool:
    """Whether the line books no income and no outlay of the collective: by its 收支类别, else by its summary."""
    return row.act in {Journal.Act.TRANSFER, Journal.Act.OPENING} if row.act else bool(INNER.match(row.summary))


class BookedLike(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def account(self) -> str: ...
    @property
    def booked_on(self) -> date: ...
    @property
    def income_fen(self) -> int | None: ...
    @property
    def outlay_fen(self) -> int | None: ...
    @property
    def balance_fen(self) -> int | None: ...


def in_order(code: str) -> tuple[tuple[int, str], ...]:
    """A key by which 9 comes before 10."""
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d{1,18})", code) if part)


def expected(rows: Iterable[BookedLike]) -> dict[str, int]:
    """Code → the balance that would follow from the line before, of lines that say another; account by account, by day and code.

    A line without a balance is counted in by the next that has one; what came before the first balance is not known.
    """
    found: dict[str, int] = {}
    held: dict[str, int | None] = {}
    for row in sorted(rows, key=lambda row: (row.booked_on, in_order(row.code))):
        before = held.get(row.account)
        then = None if before is None else before + (row.income_fen or 0) - (row.outlay_fen or 0)
        if row.balance_fen is not None and then is not None and row.balance_fen != then:
            found[row.code] = then
        held[row.account] = then if row.balance_fen is None else row.balance_fen
    return found
