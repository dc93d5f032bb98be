"""政治生态分析报告: a report on one unit or district for one period, judged by the year's dimensions. No score, no level."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.guarded import Part
from jiandu.base.core.models import Stamped, Withdrawable
from jiandu.base.lexicon.models import Item
from jiandu.loop.findings.models import Finding
from jiandu.net.access.models import Owned
from jiandu.net.access.signing import Scanned, Signing, signed_with_scan
from jiandu.net.subjects.models import Region
from jiandu.sources.talks.models import Talk


class Portrait(Owned, Withdrawable):
    """`subject` is the unit, else `district` is what it is about. A revision names what it revises and is not counted."""

    district = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("地区")
    )
    title = models.CharField(_("标题"), max_length=200)
    year = models.PositiveSmallIntegerField(_("指标年度"))  # whose dimensions it is judged by
    period_from = models.DateField(_("分析期起"))
    period_to = models.DateField(_("分析期止"))
    author = models.CharField(_("起草机构"), max_length=128)
    reviewers = models.CharField(_("审核人"), max_length=200, blank=True)
    approved_on = models.DateField(_("审定日期"), null=True, blank=True)
    approved_by = models.CharField(_("审定人"), max_length=64, blank=True)
    file_name = models.CharField(_("报告文件"), max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    summary = models.TextField(_("总体评价和建议"), blank=True)
    revises = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("修订"))

    class Meta(Owned.Meta):
        verbose_name = _("政治生态分析报告")
        constraints = [
            models.CheckConstraint(condition=Q(period_to__gte=F("period_from")), name="portrait_in_order"),
            models.CheckConstraint(
                condition=Q(subject__isnull=False, district__isnull=True)
                | Q(subject__isnull=True, district__isnull=False),
                name="portrait_of_unit_or_district",
            ),
            models.CheckConstraint(
                condition=Q(approved_on__isnull=True, approved_by="")
                | (Q(approved_on__isnull=False) & ~Q(approved_by="")),
                name="portrait_approved_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["subject", "period_from", "period_to"],
                condition=Q(withdrawn_on__isnull=True, revises__isnull=True),
                name="portrait_once_a_unit_and_period",
            ),
            models.UniqueConstraint(
                fields=["district", "period_from", "period_to"],
                condition=Q(withdrawn_on__isnull=True, revises__isnull=True),
                name="portrait_once_a_district_and_period",
            ),
        ]
        indexes = [
            models.Index(fields=["approved_on"], name="portrait_by_approval"),  # measures
            models.Index(fields=["owner_path"], name="portrait_by_path"),  # scope
            models.Index(fields=["subject_path"], name="portrait_by_subject_path"),  # scope, unit file
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def about(self) -> str:
        """The unit or the district."""
        return str(self.subject or self.district or "")


class Judgement(Part, Stamped):
    """What the report says of one dimension, and how many petitions it looked at."""

    root_field = "portrait"
    portrait = models.ForeignKey(Portrait, on_delete=models.PROTECT, related_name="judgements")
    dimension = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", verbose_name=_("分析维度"))
    text = models.TextField(_("研判"))
    petition_count = models.PositiveIntegerField(_("信访件数"), null=True, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("维度研判")
        constraints = [models.UniqueConstraint(fields=["portrait", "dimension"], name="judgement_once_a_dimension")]

    def __str__(self) -> str:
        return str(self.dimension)


class Ground(Part, Stamped):
    """What a judgement rests on: a finding or a talk."""

    root_field = "portrait"
    portrait = models.ForeignKey(Portrait, on_delete=models.PROTECT, related_name="grounds")
    judgement = models.ForeignKey(Judgement, on_delete=models.PROTECT, related_name="+")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("问题"))
    talk = models.ForeignKey(Talk, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("谈话"))

    class Meta(Part.Meta):
        verbose_name = _("研判依据")
        constraints = [
            models.CheckConstraint(
                condition=Q(finding__isnull=False, talk__isnull=True) | Q(finding__isnull=True, talk__isnull=False),
                name="ground_finding_or_talk",
            ),
            models.UniqueConstraint(fields=["judgement", "finding"], name="ground_finding_once"),
            models.UniqueConstraint(fields=["judgement", "talk"], name="ground_talk_once"),
        ]

    def __str__(self) -> str:
        return f"{self.judgement_id}"


class PortraitApproval(Signing, Scanned, Part, Stamped):
    """审定 of a report by a leader, online or on paper. A granted one has approved it."""

    root_field = "portrait"
    portrait = models.ForeignKey(Portrait, on_delete=models.PROTECT, related_name="approvals")

    class Meta(Part.Meta):
        verbose_name = _("报告审定")
        constraints = [
            models.UniqueConstraint(
                fields=["portrait"],
                condition=Q(status__in=["waiting", "on_paper", "granted"]),
                name="portrait_approval_one_standing",
            ),
            *signed_with_scan("portrait_approval"),
        ]
        indexes = [models.Index(fields=["status", "asked_on"], name="portrait_approval_waiting")]  # approval queue

    def __str__(self) -> str:
        return f"{self.signed_on or self.asked_on} {self.get_status_display()}"
