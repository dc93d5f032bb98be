"""A job: what one user asked for, where it stands, what came of it. Its files lie in a folder of its own (`folder`)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiandu.base.core.guarded import Own
from jiandu.base.core.models import Stamped


class Job(Stamped, Own):
    """Seen by the user who asked for it. `asked` and `said` hold plain values; how far it has come is a file, not a row."""

    class Status(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("job", "排队中")
        RUNNING = "running", pgettext_lazy("job", "进行中")
        DONE = "done", pgettext_lazy("job", "已完成")
        FAILED = "failed", pgettext_lazy("job", "未完成")
        EXPIRED = "expired", pgettext_lazy("job", "已过期")

    kind = models.CharField(_("事项"), max_length=32)
    name = models.CharField(_("名称"), max_length=200)
    asked = models.JSONField(default=dict)
    status = models.CharField(_("状态"), max_length=16, choices=Status.choices, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    started_at = models.DateTimeField(_("开始时间"), null=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True)
    expires_at = models.DateTimeField(_("保留至"))
    said = models.JSONField(default=dict)
    reason = models.TextField(_("原因"), blank=True)
    result_name = models.CharField(_("文件"), max_length=200, blank=True)
    result_type = models.CharField(max_length=100, blank=True)

    class Meta(Own.Meta):
        verbose_name = _("任务")
        indexes = [
            models.Index(fields=["made_by", "-created_at"], name="job_by_maker"),  # 我的任务
            models.Index(fields=["status", "expires_at"], name="job_to_expire"),  # the clockwork
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
