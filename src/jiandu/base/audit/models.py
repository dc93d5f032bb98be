"""The chained log: who did or saw what, when, with what outcome. Entries are never changed; a payload may be erased.

No foreign keys to anything: the log must never hinder live data, nor live data the log.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

GENESIS = "0" * 64  # what the first entry follows


class Entry(models.Model):
    """One act. `hash` covers the row and, through `prev`, everything before it (see chain)."""

    seq = models.BigIntegerField(_("序号"), primary_key=True)  # given by the writer: 1, 2, 3 …, in the order of commits
    at = models.DateTimeField(_("时间"))
    actor = models.CharField(_("用户"), max_length=128)  # the viewer's key: "user:7", "system:tick"
    actor_name = models.CharField(_("姓名"), max_length=128)
    verb = models.CharField(_("动作"), max_length=64)
    obj = models.CharField(_("对象"), max_length=128, blank=True)  # "app.model:uid"
    org = models.CharField(_("机构"), max_length=128, blank=True)
    level = models.PositiveSmallIntegerField(_("级别"), default=0)
    outcome = models.CharField(_("结果"), max_length=16)
    request_id = models.CharField(_("请求"), max_length=64, blank=True)
    payload_hash = models.CharField(max_length=64, blank=True)  # "" where nothing was said
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("审计日志")
        indexes = [
            models.Index(
                fields=["obj", "seq"], name="entry_by_object"
            ),  # audit page: one record's life; verify: erasures
            models.Index(fields=["actor", "seq"], name="entry_by_actor"),  # audit page: one person's acts; export quota
            models.Index(fields=["verb", "seq"], name="entry_by_verb"),  # audit page: one kind of act
            models.Index(fields=["at"], name="entry_by_moment"),  # audit page: from, to
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb} {self.obj}"


class Payload(models.Model):
    """What was said in an act. Erasing it empties body and salt: the chain holds only their hash, and stays valid."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="payload")
    salt = models.CharField(max_length=32, blank=True)  # 16 random bytes, in hexadecimal
    body = models.TextField(blank=True)  # canonical JSON

    def __str__(self) -> str:
        return f"payload of {self.pk}"


class Head(models.Model):
    """The last entry's number and hash, in one row that each writer locks: so the chain has one order."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=GENESIS)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="head_is_one_row")]

    def __str__(self) -> str:
        return str(self.seq)
