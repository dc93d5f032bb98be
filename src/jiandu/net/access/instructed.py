"""A leader's 批示 on a record: what every table of them shares. Its term runs on the office that it was given to."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiandu.net.overseers.models import Office


class Instructed(models.Model):
    """Who wrote it, when, what; to which office it was given, by when, and what came of it.

    `can_take`: which of the records may be given one.
    """

    can_take: ClassVar[Q] = Q()

    leader = models.CharField(_("批示领导"), max_length=64)
    on = models.DateField(_("批示日期"))
    text = models.TextField(_("批示内容"))
    given_to = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("承办室组"))
    due_on = models.DateField(_("办理时限"), null=True, blank=True)
    answered_on = models.DateField(_("办结日期"), null=True, blank=True)
    answer = models.TextField(_("办理结果"), blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.leader} {self.on}"


def answered_whole(name: str) -> models.CheckConstraint:
    """What holds of every such table: answered on a day in words, or not at all."""
    return models.CheckConstraint(
        condition=Q(answered_on__isnull=True, answer="") | (Q(answered_on__isnull=False) & ~Q(answer="")),
        name=f"{name}_answered_with_date",
    )
