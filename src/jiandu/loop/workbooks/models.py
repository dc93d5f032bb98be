"""What an office brings for its ledger: its own workbook, emptied of rows, with what stands in each of its columns."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.models import Stamped
from jiandu.net.overseers.models import Office


class LedgerTemplate(Stamped):
    """本单位模板: a workbook of the store, where its table stands, and the key of each column ("" stays empty)."""

    access_kind = "finding"  # whoever exports the ledger keeps its templates

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("监督机构"))
    name = models.CharField(_("名称"), max_length=64)
    file_name = models.CharField(_("文件"), max_length=200)
    sha256 = models.CharField(max_length=64)
    sheet = models.CharField(_("工作表"), max_length=64)
    header_row = models.PositiveIntegerField(_("表头行"))
    has_tail = models.BooleanField(_("表尾"), default=False)
    columns = models.JSONField(_("栏目"), default=list)  # [[letter, title, key]], in order
    by_name = models.CharField(_("上传人"), max_length=64)
    is_gone = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("台账模板")
        constraints = [
            models.UniqueConstraint(
                fields=["office", "name"], condition=Q(is_gone=False), name="ledger_template_name_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
