"""Dictionaries by year: what the choices of a form are called, and since when. Merging keeps history."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.models import Stamped


class Item(Stamped):
    """One choice of a dictionary. A year's own list replaces the list without a year; `code` stays, labels may change.

    `also_called` keeps earlier labels and those that imports meet. A merged item points at the one that replaced it.
    """

    access_kind = "dictionary"

    kind = models.CharField(_("字典"), max_length=32)
    year = models.PositiveSmallIntegerField(
        _("年度"), null=True, blank=True
    )  # none: every year without a list of its own
    code = models.CharField(_("代码"), max_length=32)
    label_zh = models.CharField(_("名称"), max_length=64)
    label_en = models.CharField(_("英文名称"), max_length=96)
    also_called = models.JSONField(_("别名"), default=list, blank=True)  # list of str
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)
    since = models.DateField(_("启用日期"), null=True, blank=True)
    until = models.DateField(_("停用日期"), null=True, blank=True)  # the last day of use
    replaced_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaces", verbose_name=_("并入")
    )

    class Meta:
        verbose_name = _("字典项")
        constraints = [
            models.UniqueConstraint(fields=["kind", "year", "code"], name="item_once_a_year"),
            models.UniqueConstraint(
                fields=["kind", "code"], condition=Q(year__isnull=True), name="item_once_without_year"
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")), name="item_in_order"
            ),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | Q(until__isnull=False), name="item_merged_is_retired"
            ),
        ]

    def __str__(self) -> str:
        return self.label_zh

    @property
    def labels(self) -> tuple[str, ...]:
        """Everything by which a person may mean this item: both labels, the code, earlier and other names."""
        return self.label_zh, self.label_en, self.code, *self.also_called
