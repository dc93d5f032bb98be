"""套表: the office's register of its superiors' forms. What the cells are bound to stays in the workbook (decision 0040)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.models import Withdrawable
from jiandu.net.access.models import Owned


class SuperiorForm(Owned, Withdrawable):
    """A superior's blank with its bindings, found again by name. Until somebody has accepted these, nothing is filled."""

    words: ClassVar[str] = "name"

    name = models.CharField(_("名称"), max_length=200)
    file_name = models.CharField(_("空表文件"), max_length=200)
    sha256 = models.CharField(max_length=64, editable=False)  # the blank with its bindings, in the store
    brought_by = models.CharField(_("上传人"), max_length=64)
    cell_count = models.PositiveIntegerField(_("要填的格数"), default=0)
    bound_count = models.PositiveIntegerField(_("已绑定格数"), default=0)
    unread = models.JSONField(default=dict)  # cell → why nothing was proposed for it
    accepted_on = models.DateField(_("采用日期"), null=True)
    accepted_by = models.CharField(_("采用人"), max_length=64, blank=True)
    filled_for = models.CharField(_("最近填报期间"), max_length=7, blank=True)
    filled_as_of = models.DateField(_("最近填报的统计截止日"), null=True)
    filled_at = models.DateTimeField(_("最近填报时间"), null=True)

    class Meta(Owned.Meta):
        verbose_name = _("套表")
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_on__isnull=True, accepted_by="")
                | (Q(accepted_on__isnull=False) & ~Q(accepted_by="")),
                name="superior_form_accepted_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["owner_office", "name"],
                condition=Q(withdrawn_on__isnull=True),
                name="superior_form_name_once",
            ),
        ]
        indexes = [
            models.Index(fields=["owner_path"], name="superior_form_by_path"),  # scope
            models.Index(fields=["subject_path"], name="superior_form_by_subject"),  # scope
        ]

    def __str__(self) -> str:
        return self.name
