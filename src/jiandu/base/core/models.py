"""The base of our tables: a random uid for URLs, when and by whom a row was made."""

from django.db import models

from jiandu.base.core.ids import new_uid


class Stamped(models.Model):
    """uid (random, in URLs), created_at (moment). Who made it stands in the audit log and, where it counts, as …_by."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
