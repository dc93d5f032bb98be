"""The chained log: who did or saw what, when, with what outcome. Entries are never changed; a payload may be erased."""

from django.db import models


class Entry(models.Model):
    """One act. `hash` covers the row and, by `prev`, everything before it."""

    seq = models.BigIntegerField("序号", primary_key=True)
    at = models.DateTimeField("时间")
    actor = models.CharField("用户", max_length=64)
    actor_name = models.CharField("姓名", max_length=128)
    verb = models.CharField("动作", max_length=64)
    obj = models.CharField("对象", max_length=128, blank=True)
    org = models.CharField("机构", max_length=128, blank=True)
    level = models.PositiveSmallIntegerField("级别", default=0)
    outcome = models.CharField("结果", max_length=16)
    payload_hash = models.CharField(max_length=64)
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = "审计日志"
        indexes = [
            models.Index(fields=["obj", "seq"], name="entry_by_object"),  # audit view: one record's life
            models.Index(fields=["actor", "seq"], name="entry_by_actor"),  # audit view: one person's acts
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb} {self.obj}"


class Payload(models.Model):
    """What was said in an act. Erasing it (body emptied) leaves the chain valid: the chain holds only its salted hash."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="payload")
    salt = models.CharField(max_length=32)
    body = models.TextField(blank=True)

    def __str__(self) -> str:
        return str(self.entry_id)


class Head(models.Model):
    """The last entry's number and hash. Locked by each writer, so that the chain has one order."""

    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    def __str__(self) -> str:
        return str(self.seq)
