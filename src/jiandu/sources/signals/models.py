"""A pointer to something that another register, or another body, holds: no content, no reporter."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiandu.net.access.models import Owned


class Signal(Owned):
    """Something handed to us that may become a finding: from whom, its number there, about which unit, on what topic."""

    still_open = models.Q(outcome="waiting")
    words = "topic"

    class Origin(models.TextChoices):
        PETITION = "petition", _("信访")
        INSPECTION = "inspection", _("巡察")
        AUDIT = "audit", _("审计")
        CONTACT = "contact", _("联系点")
        GRID = "grid", _("近邻监督")
        TALK = "talk", _("谈话")
        DATA = "data", _("大数据预警")
        SUPERIOR = "superior", _("上级交办")
        OTHER = "other", _("其他")

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("待研判")
        TAKEN = "taken", _("转入问题台账")
        HANDED_OVER = "handed_over", _("转办")
        KEPT = "kept", _("留存")

    origin = models.CharField(_("来源"), max_length=16, choices=Origin.choices)
    reference = models.CharField(_("来源文号"), max_length=64, blank=True)
    topic = models.CharField(_("事由"), max_length=200)
    received_on = models.DateField(_("收到日期"))
    outcome = models.CharField(_("研判结果"), max_length=16, choices=Outcome.choices, default=Outcome.WAITING)
    decided_on = models.DateField(_("研判日期"), null=True, blank=True)
    decided_by = models.CharField(_("研判人"), max_length=64, blank=True)
    note = models.CharField(_("说明"), max_length=500, blank=True)

    class Meta(Owned.Meta):
        verbose_name = _("来源线头")
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
        return self.listed
