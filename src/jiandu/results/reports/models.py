"""The annual review: its text holds names of measures, not digits; freezing it fixes the figures."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.models import Stamped


class Review(Stamped):
    """A review of a year as of a date. Draft: figures are computed as it is read. Frozen (定稿锁数): figures are snapshots."""

    year = models.PositiveSmallIntegerField(_("年度"))
    title = models.CharField(_("标题"), max_length=200)
    as_of = models.DateField(_("统计截止日"))
    drafted_by = models.CharField(_("起草人"), max_length=64)
    frozen_at = models.DateTimeField(_("定稿时间"), null=True)
    frozen_by = models.CharField(_("定稿人"), max_length=64, blank=True)
    scope = models.CharField(_("统计范围"), max_length=200, blank=True)

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
