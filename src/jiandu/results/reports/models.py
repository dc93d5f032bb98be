"""The annual review: its text holds names of measures, not digits; freezing it fixes the figures."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.models import Stamped
from jiandu.net.overseers.models import Office
from jiandu.results.reports.states import State, Verdict


class Review(Stamped):
    """A review of a year as of a date. Draft: figures are computed as it is read. Frozen (定稿锁数): figures are snapshots."""

    year = models.PositiveSmallIntegerField(_("年度"))
    title = models.CharField(_("标题"), max_length=200)
    as_of = models.DateField(_("统计截止日"))
    drafted_by = models.CharField(_("起草人"), max_length=64)
    frozen_at = models.DateTimeField(_("定稿时间"), null=True)
    frozen_by = models.CharField(_("定稿人"), max_length=64, blank=True)
    scope = models.CharField(_("统计范围"), max_length=200, blank=True)
    asked_for = models.ForeignKey(  # whose figures they are, once the 核数单 has gone out: counted in its reach
        Office, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("核数机关")
    )

    class Meta:
        verbose_name = _("综述")
        constraints = [
            models.CheckConstraint(
                condition=Q(frozen_at__isnull=True, frozen_by="") | (Q(frozen_at__isnull=False) & ~Q(frozen_by="")),
                name="review_frozen_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Section(models.Model):
    """A section's heading and sentences; {key} stands for a measure. Sections of one part follow each other."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="sections")
    order = models.PositiveSmallIntegerField()
    part = models.CharField(_("部分"), max_length=100, blank=True)  # the heading above, of the first of its sections
    title = models.CharField(_("小标题"), max_length=100)
    text = models.TextField(_("正文"))

    class Meta:
        verbose_name = _("综述段落")
        constraints = [models.UniqueConstraint(fields=["review", "order"], name="section_in_order")]

    def __str__(self) -> str:
        return self.title


def whole(value: Decimal) -> Decimal | int:
    """A whole number without its .00."""
    return int(value) if value == value.to_integral_value() else value


class FigureOwner(models.Model):
    """指标归口: which office answers for a measure, or for all of a mechanism, in the reviews of a commission from a year on."""

    commission = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("核数机关"))
    year = models.PositiveSmallIntegerField(_("起始年度"))
    about = models.CharField(_("统计指标或监督机制"), max_length=64)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("归口室组"))

    class Meta:
        verbose_name = _("指标归口")
        constraints = [models.UniqueConstraint(fields=["commission", "year", "about"], name="figure_owner_once")]

    def __str__(self) -> str:
        return f"{self.about} {self.year}"


class FigureLine(Stamped):
    """A figure of a review's 核数单: what it counted when last looked at, and the office that answers for it."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="lines", verbose_name=_("综述"))
    key = models.CharField(_("统计指标"), max_length=64)
    as_of = models.DateField(_("统计截止日"))
    as_known = models.DateTimeField(_("录入截止"))
    value = models.DecimalField(_("数值"), max_digits=20, decimal_places=2)
    row_count = models.PositiveIntegerField(_("行数"))
    digest = models.CharField(max_length=64)  # of the rows that it counts
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("归口室组"))
    state = models.CharField(_("状态"), max_length=16, choices=State.choices, default=State.ASKED)

    class Meta:
        verbose_name = _("核数项")
        constraints = [models.UniqueConstraint(fields=["review", "key"], name="figure_line_once")]
        indexes = [models.Index(fields=["office", "state"], name="figure_line_waiting")]  # 工作台: what an office owes

    def __str__(self) -> str:
        return f"{self.key} {self.as_of}: {self.value}"

    @property
    def number(self) -> Decimal | int:
        """The value as it is printed."""
        return whole(self.value)


class FigureAnswer(Stamped):
    """确认, 有异议 or 注明理由定稿, with the value and rows that were seen. Never changed; of paper, somebody else confirms it."""

    line = models.ForeignKey(FigureLine, on_delete=models.PROTECT, related_name="answers", verbose_name=_("核数项"))
    verdict = models.CharField(_("答复"), max_length=16, choices=Verdict.choices)
    reason = models.TextField(_("理由"), blank=True)
    on = models.DateField(_("答复日期"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(_("答复人"), max_length=64)
    office_name = models.CharField(_("答复室组"), max_length=128)
    value = models.DecimalField(_("所核数值"), max_digits=20, decimal_places=2)
    digest = models.CharField(max_length=64)
    signer_name = models.CharField(_("签批人"), max_length=64, blank=True)  # on paper
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_name = models.CharField(_("确认人"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("核数答复")
        constraints = [
            models.CheckConstraint(condition=Q(verdict="agree") | ~Q(reason=""), name="figure_answer_has_reason"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(signer_name=""), name="figure_answer_paper_confirmed"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("by")), name="figure_answer_two_persons"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} {self.on}"

    @property
    def number(self) -> Decimal | int:
        """The value that was seen, as it is printed."""
        return whole(self.value)

    @property
    def waits(self) -> bool:
        """Typed from paper, and not yet confirmed by another person."""
        return bool(self.signer_name) and not self.confirmed_name
