"""A frozen figure: value, the rows that it counted, as-of date and the moment up to which entries counted."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.models import Stamped


class Snapshot(Stamped):
    """What was published. `scope` says whose rows it counts; the value never changes, later entries show as differences."""

    access_kind = "measure"

    key = models.CharField(_("统计指标"), max_length=64)
    year = models.PositiveSmallIntegerField(_("年度"))
    as_of = models.DateField(_("统计截止日"))
    as_known = models.DateTimeField(_("录入截止"))
    value = models.DecimalField(_("数值"), max_digits=20, decimal_places=2)
    row_count = models.PositiveIntegerField(_("行数"))
    rows = models.BinaryField()  # the keys of what it counted, packed: later corrections cannot move it
    rows_digest = models.CharField(max_length=64)
    shares = models.JSONField(default=dict)  # its parts by split: {"aspect": [[name, of, value, rows], …]}
    scope = models.CharField(_("统计范围"), max_length=200)
    scope_path = models.CharField(max_length=192)
    note = models.CharField(_("注"), max_length=200, blank=True)
    published_in = models.UUIDField(_("所在文稿"), db_index=True)  # the review's uid: all its figures
    frozen_by = models.CharField(_("锁定人"), max_length=64)

    class Meta:
        verbose_name = _("锁定数据")
        constraints = [models.UniqueConstraint(fields=["published_in", "key"], name="snapshot_once_per_text")]
        indexes = [models.Index(fields=["key", "year", "as_of"], name="snapshot_by_key")]  # review, what changed since

    def __str__(self) -> str:
        return f"{self.key} {self.as_of}: {self.value}"
