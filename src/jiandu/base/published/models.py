"""Notices as the public reads them. A row is written once; only its withdrawal changes it, and that empties it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class NoticeKind(models.TextChoices):
    """What a notice is, in the words of the trade."""

    CASES = "cases", pgettext_lazy("notice", "典型通报")
    RECTIFICATION = "rectification", pgettext_lazy("notice", "整改公开")
    RESULT = "result", pgettext_lazy("notice", "结果反馈")
    NOTICE = "notice", pgettext_lazy("notice", "通知公告")


class Notice(models.Model):
    """公告: numbered through the year; withdrawn, a tombstone with its number, kind and days."""

    uid = models.UUIDField(primary_key=True, editable=False)
    year = models.PositiveSmallIntegerField(_("年度"))
    number = models.PositiveIntegerField(_("序号"))
    kind = models.CharField(_("公告类别"), max_length=16, choices=NoticeKind.choices)
    title = models.CharField(_("标题"), max_length=100, blank=True)
    text = models.TextField(_("正文"), blank=True)
    issuer = models.CharField(_("发布单位"), max_length=64, blank=True)
    on = models.DateField(_("公开日期"))
    withdrawn_on = models.DateField(_("撤下日期"), null=True)

    class Meta:
        verbose_name = _("公告")
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="notice_number_once"),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=False, title="", text="", issuer="")
                | (Q(withdrawn_on__isnull=True) & ~Q(title="") & ~Q(text="") & ~Q(issuer="")),
                name="notice_whole_or_emptied",
            ),
        ]
        indexes = [models.Index(fields=["-on", "-number"], name="notice_latest")]  # the portal's list

    def __str__(self) -> str:
        return f"〔{self.year}〕{self.number}号"


class NoticeCount(models.Model):
    """The last number given in a year: its row is held while the next is given, so there are no gaps and no doubles."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("公告编号")

    def __str__(self) -> str:
        return f"{self.year} {self.last}"
