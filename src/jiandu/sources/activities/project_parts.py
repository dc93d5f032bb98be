"""What hangs on a project beside its findings: its plan line by line, what a body is urged for, how it is to end."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.guarded import Part
from jiandu.base.core.models import Stamped, Withdrawable
from jiandu.net.overseers.models import Office


class Closing(Part, Stamped, Withdrawable):
    """结项评价: four questions answered, each with its words, and what is proposed. Nobody gives it a grade.

    The three counts are what the records said on the day it was entered.
    """

    class Answer(models.TextChoices):
        YES = "yes", _("是")
        PARTLY = "partly", _("部分")
        NO = "no", _("否")

    class Proposal(models.TextChoices):
        END = "end", _("同意结项")
        PUT_OFF = "put_off", _("延期结项")
        STOP = "stop", _("终止")

    root_field = "activity"
    activity = models.ForeignKey("activities.Activity", on_delete=models.PROTECT, related_name="closings")
    on = models.DateField(_("评价日期"))
    by_name = models.CharField(_("评价人"), max_length=64)
    targets = models.CharField(_("工作目标是否达成"), max_length=8, choices=Answer.choices)
    targets_note = models.TextField(_("目标达成情况"), blank=True)
    findings = models.CharField(_("发现问题是否整改到位"), max_length=8, choices=Answer.choices)
    findings_note = models.TextField(_("问题整改情况"), blank=True)
    rules = models.CharField(_("制度机制是否健全"), max_length=8, choices=Answer.choices)
    rules_note = models.TextField(_("建章立制情况"), blank=True)
    materials = models.CharField(_("材料是否归档"), max_length=8, choices=Answer.choices)
    materials_note = models.TextField(_("材料归档情况"), blank=True)
    found = models.PositiveIntegerField(_("发现问题"), editable=False)
    settled = models.PositiveIntegerField(_("已销号"), editable=False)
    rules_made = models.PositiveIntegerField(_("建章立制"), editable=False)
    proposes = models.CharField(_("评价意见"), max_length=8, choices=Proposal.choices)
    until = models.DateField(_("延期至"), null=True, blank=True)
    note = models.TextField(_("理由"))

    class Meta(Part.Meta):
        verbose_name = _("结项评价")
        constraints = [
            models.CheckConstraint(
                condition=Q(proposes="put_off", until__isnull=False) | ~Q(proposes="put_off") & Q(until__isnull=True),
                name="closing_put_off_to_a_day",
            ),
            models.CheckConstraint(condition=Q(settled__lte=models.F("found")), name="closing_adds_up"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.get_proposes_display()}"


class Urge(Part, Stamped, Withdrawable):
    """催报: the lead office asks a body that takes part for what it has not entered. One waits at a time; nobody is ranked."""

    root_field = "activity"
    activity = models.ForeignKey("activities.Activity", on_delete=models.PROTECT, related_name="urges")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("催报机构"))
    on = models.DateField(_("催报日期"))
    by_name = models.CharField(_("催报人"), max_length=64)
    note = models.CharField(_("催报内容"), max_length=300)
    answered_on = models.DateField(_("回复日期"), null=True, editable=False)
    answer = models.CharField(_("回复"), max_length=300, blank=True, editable=False)

    class Meta(Part.Meta):
        verbose_name = _("催报")
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "office"],
                condition=Q(withdrawn_on__isnull=True, answered_on__isnull=True),
                name="urge_one_waiting",
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True) | Q(answered_on__gte=models.F("on")), name="urge_in_order"
            ),
        ]
        indexes = [models.Index(fields=["office", "answered_on"], name="urge_by_office")]  # the body's desk

    def __str__(self) -> str:
        return f"{self.on} {self.office}"


class PlanLine(Part, Stamped, Withdrawable):
    """一项目一方案, line by line: a target, a step, or a line of one of the three lists; who does it by when, and what came of it."""

    class Kind(models.TextChoices):
        TARGET = "target", _("工作目标")
        STEP = "step", _("工作步骤")
        PROBLEM = "problem", _("问题清单")
        TASK = "task", _("任务清单")
        DUTY = "duty", _("责任清单")

    root_field = "activity"
    activity = models.ForeignKey("activities.Activity", on_delete=models.PROTECT, related_name="plan_lines")
    kind = models.CharField(_("类别"), max_length=8, choices=Kind.choices)
    text = models.CharField(_("内容"), max_length=300)
    planned = models.PositiveIntegerField(_("目标值"), null=True, blank=True)
    unit = models.CharField(_("单位"), max_length=16, blank=True)
    who = models.CharField(_("责任室组(人)"), max_length=128, blank=True)
    due_on = models.DateField(_("完成时限"), null=True, blank=True)
    done_on = models.DateField(_("完成日期"), null=True, blank=True)
    result = models.CharField(_("完成情况"), max_length=300, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("方案条目")
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "kind", "text"], condition=Q(withdrawn_on__isnull=True), name="plan_line_once"
            ),
            models.CheckConstraint(
                condition=Q(planned__isnull=True, unit="") | Q(kind="target", planned__gt=0) & ~Q(unit=""),
                name="plan_line_counts_a_target",
            ),
            models.CheckConstraint(condition=Q(done_on__isnull=False) | Q(result=""), name="plan_line_done_on_a_day"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def aim(self) -> str:
        """What is counted, how much of it: 走访单位 30家."""
        return f"{self.text} {self.planned}{self.unit}" if self.planned else self.text
