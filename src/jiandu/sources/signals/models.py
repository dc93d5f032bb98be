"""A pointer to something that another register, or another body, holds: no content, no reporter."""

from django.db import models

from jiandu.net.access.models import Owned


class Signal(Owned):
    """Something handed to us that may become a finding: from whom, its number there, about which unit, on what topic."""

    class Origin(models.TextChoices):
        PETITION = "petition", "信访"
        INSPECTION = "inspection", "巡察"
        AUDIT = "audit", "审计"
        CONTACT = "contact", "联系点"
        GRID = "grid", "近邻监督"
        DATA = "data", "大数据预警"
        SUPERIOR = "superior", "上级交办"
        OTHER = "other", "其他"

    class Outcome(models.TextChoices):
        WAITING = "waiting", "待研判"
        TAKEN = "taken", "转入问题台账"
        HANDED_OVER = "handed_over", "转办"
        KEPT = "kept", "留存"

    origin = models.CharField("来源", max_length=16, choices=Origin.choices)
    reference = models.CharField("来源文号", max_length=64, blank=True)
    topic = models.CharField("事由", max_length=200)
    received_on = models.DateField("收到日期")
    outcome = models.CharField("研判结果", max_length=16, choices=Outcome.choices, default=Outcome.WAITING)
    decided_on = models.DateField("研判日期", null=True, blank=True)
    decided_by = models.CharField("研判人", max_length=64, blank=True)
    note = models.CharField("说明", max_length=500, blank=True)

    class Meta(Owned.Meta):
        verbose_name = "来源线头"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome="waiting", decided_on__isnull=True)
                | (~models.Q(outcome="waiting") & models.Q(decided_on__isnull=False) & ~models.Q(decided_by="")),
                name="signal_decided_with_date_and_person",
            )
        ]
        indexes = [
            models.Index(fields=["owner_office", "outcome"], name="signal_by_office"),  # waiting list, scope
            models.Index(fields=["owner_path"], name="signal_by_path"),  # scope
        ]

    def __str__(self) -> str:
        return self.topic
