"""合同文本扫描 on the page of a contract."""

from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.sources.ledgers.collectives import Collective, Contract
from jiandu.sources.ledgers.scans import ContractScan, scans_of
from jiandu.surfaces.desk.registers import Doors, Row, Section

SCANS = (
    (gettext_lazy("扫描件"), "main"),
    (gettext_lazy("大小"), "num"),
    (gettext_lazy("上传人"), ""),
    (gettext_lazy("上传日期"), "date"),
)


def sections(viewer: Viewer, one: Collective, row: Any, may: Doors) -> list[Section]:
    """Of a contract its scans; of anything else nothing."""
    if not isinstance(row, Contract):
        return []
    rows = [_scan(one, each, may) for each in scans_of(viewer, row)]
    return [Section(_("合同文本扫描件"), SCANS, rows, empty=_("没有上传扫描件"))]


def _scan(one: Collective, row: ContractScan, may: Doors) -> Row:
    size = f"{max(1, round(row.size_bytes / 1024)):,} KB"
    name: Any = {"text": row.name, "href": reverse("desk:collective-scan", args=[one.uid, row.uid])}
    if row.withdrawn_on:
        name = {"text": row.name, "sub": _("已撤下：%(reason)s") % {"reason": row.withdrawn_for}}
    acts = [] if row.withdrawn_on else may(row, "withdraw-scan")
    return {"cells": [name, size, row.by_name, iso(localdate(row.created_at))], "acts": acts}
