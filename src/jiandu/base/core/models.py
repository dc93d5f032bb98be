"""The bases of our tables: a random uid for URLs and when a row was made; the taking back of one made by mistake."""

from datetime import date, datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.ids import new_uid


class Stamped(models.Model):
    """uid (random, in URLs), created_at (moment). Who made it stands in the audit log and, where it counts, as …_by."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class Withdrawable(models.Model):
    """A record that turns out to be wrong is taken back with a date and a reason; a figure as of an earlier day keeps it."""

    withdrawn_on = models.DateField(_("撤下日期"), null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(
        null=True, editable=False
    )  # when that was entered: a frozen figure keeps the row
    withdrawn_for = models.CharField(_("撤下原因"), max_length=200, blank=True, editable=False)

    class Meta:
        abstract = True


def standing(as_of: date, as_known: datetime | None = None) -> Q:
    """The condition that a record had not been taken back by the end of that day, as known at that moment (None: now)."""
    stands = Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=as_of)
    return stands if as_known is None else stands | Q(withdrawn_at__gt=as_known)
