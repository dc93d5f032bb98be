"""Pages of 本单位模板: those of the viewer's offices, and one with what its columns hold."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.loop.workbooks import templates
from jiandu.loop.workbooks.models import LedgerTemplate
from jiandu.surfaces.desk.registers import Listed, Row, Section, Told, fact

LISTED = (
    (gettext_lazy("名称"), "main"),
    (gettext_lazy("室组"), ""),
    (gettext_lazy("栏目"), "num"),
    (gettext_lazy("上传人"), ""),
    (gettext_lazy("上传日期"), "date"),
)
COLUMNS = (
    (gettext_lazy("列"), "code"),
    (gettext_lazy("栏目"), "main"),
    (gettext_lazy("填写内容"), ""),
)


def listed(viewer: Viewer) -> Listed:
    """Those of the viewer's offices."""
    return Listed(
        title=_("台账模板"),
        columns=LISTED,
        rows=templates.templates_of(viewer),
        row=_row,
        empty=_("还没有上传本单位的台账模板"),
        note=_("导出问题台账时可以选用：填入本单位自己的工作簿，改好后照样可以再导入。"),
    )


def _row(one: LedgerTemplate) -> Row:
    cells = [one.name, one.office.name, len(one.columns), one.by_name, iso(one.created_at)]
    return {"href": reverse("desk:ledger-template", args=[one.uid]), "cells": cells}


def one(template: LedgerTemplate) -> Told:
    """One, with its columns."""
    missing = templates.lacking(template)
    said = _("缺少%(names)s，导出后不能再导入") % {"names": "、".join(missing)} if missing else _("导出后可以再导入")
    return Told(
        title=template.name,
        lede=template.office.name,
        badge=(_("缺少必填栏目"), "warn") if missing else (_("可以使用"), "done"),
        back=(_("台账模板"), reverse("desk:ledger-templates")),
        links=[
            {
                "label": _("下载模板"),
                "href": reverse("desk:ledger-template-file", args=[template.uid]),
                "icon": "download",
            }
        ],
        facts=[
            fact(_("文件"), template.file_name),
            fact(_("工作表"), template.sheet),
            fact(_("表头"), _("第%(number)d行") % {"number": template.header_row}),
            fact(_("再次导入"), said, wide=True),
        ],
        sections=[Section(_("栏目"), COLUMNS, [_column(*column) for column in template.columns], is_even=True)],
    )


def _column(letter: str, title: str, key: str) -> Row:
    held = templates.titled(key) if key else {"text": _("留空"), "tone": "warn"}
    return {"cells": [letter, title, held]}
