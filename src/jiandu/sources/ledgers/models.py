"""小区公共收益: estates, what they earned and spent, where and how long they showed it, and what the commission saw of it.

A posting stands by itself: it says for which period it is, whether it shows the details or totals alone, and from when
until when it was up. The figures count postings; a statement gives the money behind one.
"""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.guarded import Part
from jiandu.base.core.models import Stamped, Withdrawable
from jiandu.base.lexicon.models import Item
from jiandu.net.access.models import Owned
from jiandu.net.subjects.models import Period, Region, in_order
from jiandu.sources.ledgers import collectives, journals, scans  # noqa: F401 -- their tables are of this package


class Estate(Owned, Period, Withdrawable):
    """A residential estate with common revenue. `subject` is the department that is competent for it."""

    class BodyKind(models.TextChoices):
        PROPERTY = "property", _("物业服务企业")
        OWNERS = "owners", _("业主委员会")
        COMMUNITY = "community", _("社区代管")
        OTHER = "other", _("其他")

    code = models.CharField(_("小区编号"), max_length=32)
    name = models.CharField(_("小区名称"), max_length=128)
    district = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("区"))
    street = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("镇(街道)")
    )
    body = models.CharField(_("责任主体"), max_length=128, blank=True)
    body_kind = models.CharField(_("主体性质"), max_length=16, choices=BodyKind.choices, default=BodyKind.PROPERTY)
    body_code = models.CharField(_("责任主体信用代码"), max_length=18, blank=True)
    households = models.PositiveIntegerField(_("户数"), null=True, blank=True)
    has_lift_ads = models.BooleanField(_("有电梯广告"), null=True)
    has_base_station = models.BooleanField(_("有通信基站"), null=True)
    cost_cap = models.PositiveSmallIntegerField(_("约定成本比例上限(%)"), null=True, blank=True)

    class Meta(Owned.Meta):
        verbose_name = _("小区")
        constraints = [
            in_order("estate_in_order"),
            models.UniqueConstraint(
                fields=["owner_office", "code"], condition=Q(withdrawn_on__isnull=True), name="estate_code_once"
            ),
        ]
        indexes = [
            models.Index(fields=["district", "street", "code"], name="estate_by_place"),  # list, coverage
            models.Index(fields=["owner_path"], name="estate_by_path"),  # scope
            models.Index(fields=["subject_path"], name="estate_by_subject_path"),  # scope
        ]

    def __str__(self) -> str:
        return self.name


class Report(Owned, Withdrawable):
    """报送: a department's monthly sheet on the estates, as it was taken in, and whether the department stands by it."""

    access_kind = "estate"

    as_of = models.DateField(_("报送截止日"))
    name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField(_("行数"), default=0)
    changed = models.PositiveIntegerField(_("变动"), default=0)
    confirmed_on = models.DateField(_("部门确认日期"), null=True, blank=True)
    confirmed_by = models.CharField(_("部门确认人"), max_length=64, blank=True)

    class Meta(Owned.Meta):
        verbose_name = _("公示情况报送")
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_on__isnull=True, confirmed_by="")
                | (Q(confirmed_on__isnull=False) & ~Q(confirmed_by="")),
                name="report_confirmed_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["owner_office", "sha256"], condition=Q(withdrawn_on__isnull=True), name="report_file_once"
            ),
        ]
        indexes = [
            models.Index(fields=["owner_path"], name="estate_report_by_path"),  # scope
            models.Index(fields=["-as_of"], name="estate_report_newest"),  # list
        ]

    def __str__(self) -> str:
        return f"{self.as_of} {self.name}"


class Statement(Part, Stamped, Withdrawable):
    """收支表 of one period: opening + income − expense = closing, or it is shown as one that does not add up."""

    root_field = "estate"
    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="statements")
    period_on = models.DateField(_("所属周期(末日)"))
    opening_fen = models.BigIntegerField(_("期初余额(分)"))
    income_fen = models.BigIntegerField(_("本期收入(分)"))
    expense_fen = models.BigIntegerField(_("本期支出(分)"))
    closing_fen = models.BigIntegerField(_("期末余额(分)"))
    account = models.CharField(_("账户"), max_length=128, blank=True)
    bank_fen = models.BigIntegerField(_("银行余额(分)"), null=True)

    class Meta(Part.Meta):
        verbose_name = _("公共收益收支表")
        constraints = [
            models.UniqueConstraint(
                fields=["estate", "period_on"], condition=Q(withdrawn_on__isnull=True), name="statement_once"
            ),
            models.CheckConstraint(condition=Q(income_fen__gte=0, expense_fen__gte=0), name="statement_sums"),
        ]

    def __str__(self) -> str:
        return f"{self.period_on}"

    @property
    def off_fen(self) -> int:
        """By how much the account does not add up: 0 where it does."""
        return self.opening_fen + self.income_fen - self.expense_fen - self.closing_fen

    @property
    def off_bank_fen(self) -> int:
        """By how much the bank has something else: 0 where it agrees, or nobody has told."""
        return 0 if self.bank_fen is None else self.closing_fen - self.bank_fen


class StatementLine(Part, Stamped):
    """One line of income or expense, by the dictionary's item."""

    class Side(models.TextChoices):
        INCOME = "income", _("收入")
        EXPENSE = "expense", _("支出")

    root_field = "estate"
    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="lines")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(_("收支"), max_length=8, choices=Side.choices)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", verbose_name=_("项目"))
    amount_fen = models.BigIntegerField(_("金额(分)"))  # what was received or paid
    due_fen = models.BigIntegerField(_("应收(分)"), null=True)
    booked_on = models.DateField(_("日期"), null=True)
    party = models.CharField(_("合同对方"), max_length=128, blank=True)
    party_code = models.CharField(_("合同对方信用代码"), max_length=18, blank=True)
    term = models.CharField(_("合同期"), max_length=64, blank=True)
    resolution = models.CharField(_("决议或审批"), max_length=128, blank=True)
    slip_no = models.CharField(_("票据号"), max_length=64, blank=True)
    is_cash = models.BooleanField(_("现金"), null=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("收支明细")
        constraints = [models.CheckConstraint(condition=Q(amount_fen__gt=0), name="statement_line_positive")]

    def __str__(self) -> str:
        return f"{self.get_side_display()} {self.amount_fen / 100:,.2f}"


class Posting(Part, Stamped, Withdrawable):
    """公示: where one period's revenue was shown, in detail or in totals alone, from when until when."""

    class Channel(models.TextChoices):
        ONLINE = "online", _("线上")
        ON_SITE = "on_site", _("线下")

    root_field = "estate"
    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="postings")
    period_on = models.DateField(_("所属周期(末日)"))
    channel = models.CharField(_("公示方式"), max_length=8, choices=Channel.choices)
    is_detailed = models.BooleanField(_("公示明细"), default=True)
    posted_on = models.DateField(_("公示起"))
    until = models.DateField(_("公示止"), null=True, blank=True)  # the last day on which it was up
    place = models.CharField(_("公示地点或网址"), max_length=300, blank=True)
    photo = models.CharField(max_length=64, blank=True, editable=False)  # sha256 of the photo, where one came
    report = models.ForeignKey(
        Report, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("公示情况报送")
    )

    class Meta(Part.Meta):
        verbose_name = _("公共收益公示")
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("posted_on")), name="posting_order"
            ),
            models.UniqueConstraint(
                fields=["estate", "period_on", "channel", "posted_on"],
                condition=Q(withdrawn_on__isnull=True),
                name="posting_once",
            ),
        ]
        indexes = [models.Index(fields=["estate", "period_on"], name="posting_by_period")]  # measures, coverage

    def __str__(self) -> str:
        return f"{self.posted_on} {self.get_channel_display()}"

    def days(self, on: date) -> int:
        """How many days it had been up by then, both ends counted."""
        return max(0, (min(self.until or on, on) - self.posted_on).days + 1)


class Objection(Part, Stamped):
    """异议 raised by owners, and the answer. No name of whoever raised it."""

    root_field = "estate"
    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="objections")
    raised_on = models.DateField(_("提出日期"))
    text = models.TextField(_("异议内容"))
    answered_on = models.DateField(_("答复日期"), null=True, blank=True)
    answer = models.TextField(_("答复"), blank=True)

    class Meta(Part.Meta):
        verbose_name = _("公示异议")
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True, answer="") | (Q(answered_on__gte=F("raised_on")) & ~Q(answer="")),
                name="objection_answered",
            )
        ]

    def __str__(self) -> str:
        return f"{self.raised_on}"


class SpotCheck(Part, Stamped, Withdrawable):
    """抽查 by the commission: whether what the department told is so."""

    class Result(models.TextChoices):
        AS_TOLD = "as_told", _("与报送一致")
        NOT_SHOWN = "not_shown", _("未公示")
        TOTALS = "totals", _("仅公示总额")
        DIFFERS = "differs", _("内容不实")

    root_field = "estate"
    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="spot_checks")
    period_on = models.DateField(_("所属周期(末日)"))
    on = models.DateField(_("抽查日期"))
    by_name = models.CharField(_("抽查人"), max_length=64)
    result = models.CharField(_("抽查结果"), max_length=16, choices=Result.choices)
    note = models.TextField(_("情况"), blank=True)

    class Meta(Part.Meta):
        verbose_name = _("公示抽查")

    def __str__(self) -> str:
        return f"{self.on} {self.get_result_display()}"
