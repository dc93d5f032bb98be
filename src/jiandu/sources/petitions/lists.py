"""平台清单: that a list of another platform was taken in, from where, and what came of its rows. Nothing of what a row says.

Of a row that was not taken it keeps the place and the reason, never the value: the value stands in the list.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiandu.net.access.models import Level, Owned


class PetitionList(Owned):
    """A list as it came. `counts`: rows by what became of them; `refused` and `differing`: places with reasons."""

    access_kind = "petition"
    words = "name"

    class Way(models.TextChoices):
        DESK = "desk", pgettext_lazy("petition list", "网页上传")
        FOLDER = "folder", pgettext_lazy("petition list", "收件文件夹")

    class State(models.TextChoices):
        TAKEN = "taken", pgettext_lazy("petition list", "已导入")
        PARTLY = "partly", pgettext_lazy("petition list", "部分导入")
        UNCHANGED = "unchanged", pgettext_lazy("petition list", "没有变化")
        REFUSED = "refused", pgettext_lazy("petition list", "未导入")

    name = models.CharField(_("清单文件"), max_length=200)
    sha256 = models.CharField(max_length=64, editable=False)
    way = models.CharField(_("导入方式"), max_length=8, choices=Way.choices)
    state = models.CharField(_("状态"), max_length=12, choices=State.choices)
    on = models.DateField(_("导入日期"))
    by_name = models.CharField(_("导入人"), max_length=64)
    counts = models.JSONField(default=dict, editable=False)  # create, update, unchanged, conflict, error
    reason = models.TextField(_("未导入的原因"), blank=True)  # of the whole file; untranslated, its details beside it
    details = models.JSONField(default=dict, editable=False)
    refused = models.JSONField(default=list, editable=False)  # [sheet, cell, column, reason, the same in English]
    differing = models.JSONField(
        default=list, editable=False
    )  # [row, columns]: worked on here, the list says otherwise

    class Meta(Owned.Meta):
        verbose_name = _("平台清单")
        constraints = [
            models.UniqueConstraint(
                fields=["owner_office", "sha256"], condition=Q(way="folder"), name="petition_list_once_from_the_folder"
            ),
            models.CheckConstraint(condition=Q(level__gte=Level.SENSITIVE), name="petition_list_is_sensitive"),
            models.CheckConstraint(
                condition=Q(state="refused") | Q(reason=""), name="petition_list_reason_of_what_was_refused"
            ),
        ]
        indexes = [
            models.Index(fields=["owner_office", "-on"], name="petition_list_by_office"),  # scope, list
            models.Index(fields=["owner_path"], name="petition_list_by_path"),  # scope
        ]

    def __str__(self) -> str:
        return self.name
