"""送阅登记: papers of a petition in a reader's hands: what, to whom, from when to when. What the reader wrote is sealed."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiandu.base.core.guarded import Part
from jiandu.base.core.models import Stamped, Withdrawable


class Reading(Part, Stamped, Withdrawable):
    """One giving to read. `envelope`: the reader's words (批示), for the office that keeps the petition alone."""

    class Paper(models.TextChoices):
        PROPOSAL = "proposal", _("拟办（阅批）单")
        EXTRACT = "extract", pgettext_lazy("reading", "摘要")
        MASKED = "masked", _("遮盖身份后的复印件")
        ORIGINAL = "original", _("信访件原件")
        FILES = "files", pgettext_lazy("reading", "附件材料")
        OTHER = "other", pgettext_lazy("reading", "其他材料")

    root_field = "petition"
    petition = models.ForeignKey("petitions.Petition", on_delete=models.PROTECT, related_name="readings")
    paper = models.CharField(_("送阅材料"), max_length=8, choices=Paper.choices)
    copies = models.PositiveSmallIntegerField(_("份数"), default=1)
    reader = models.CharField(_("送阅对象"), max_length=64)
    on = models.DateField(_("送阅日期"))
    due_on = models.DateField(_("应退日期"))
    granted_by = models.CharField(_("批准人"), max_length=64)
    given_by = models.CharField(_("经手人"), max_length=64)
    returned_on = models.DateField(_("退回日期"), null=True, blank=True)
    returned_to = models.CharField(_("收回人"), max_length=64, blank=True)
    envelope = models.BinaryField(_("批示"), null=True)

    class Meta(Part.Meta):
        verbose_name = _("送阅登记")
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=F("on")), name="reading_due_after_giving"),
            models.CheckConstraint(
                condition=Q(returned_on__isnull=True, returned_to="", envelope__isnull=True)
                | (Q(returned_on__gte=F("on")) & ~Q(returned_to="")),
                name="reading_back_after_giving",
            ),
            models.CheckConstraint(condition=~Q(reader="") & ~Q(granted_by=""), name="reading_by_somebody_granted"),
            models.CheckConstraint(condition=Q(copies__gte=1), name="reading_of_something"),
        ]
        indexes = [models.Index(fields=["returned_on", "due_on"], name="reading_out")]  # list, what is overdue

    def __str__(self) -> str:
        return self.reader

    @property
    def is_out(self) -> bool:
        """Whether it is in the reader's hands."""
        return self.returned_on is None and self.withdrawn_on is None
