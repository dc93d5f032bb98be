"""The page of what lies here for rules: per data set its tables, how each came, and what of it was left behind."""

from datetime import date

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.sources.crosscheck import folders
from jiandu.sources.crosscheck.folders import Held
from jiandu.surfaces.desk.registers import Row, Section, Told
from jiandu.surfaces.desk.told.crosscheck import tabs

COLUMNS = (
    (gettext_lazy("数据表"), "main"),
    (gettext_lazy("行数"), "num"),
    (gettext_lazy("大小"), "num"),
    (gettext_lazy("带入日期"), "date"),
    (gettext_lazy("来源文件"), ""),
    (gettext_lazy("没有采用的列"), ""),
)


def sets(viewer: Viewer) -> Told:
    """Every data set of this machine."""
    return Told(
        title=_("带入数据"),
        tabs=tabs(viewer, "data-tables"),
        links=[{"label": _("运行比对"), "href": f"{reverse('desk:runs')}?act=run"}],
        lede=_("数据集是一组数据表，运行比对时选用。本系统的村集体台账不必带入。"),
        sections=[_set(name) for name in folders.names()] or [Section(_("数据集"), COLUMNS, empty=_("还没有数据集"))],
    )


def _set(name: str) -> Section:
    folder = folders.folder_of(name)
    title = _("%(name)s（数据日期%(day)s）") % {"name": name, "day": iso(folders.day_of(folder))}
    rows = [_table(one) for one in folders.held(folder)]
    return Section(title, COLUMNS, rows, empty=_("没有规则认识的数据表"), is_folded=True, is_record=True)


def _table(one: Held) -> Row:
    came = one.came
    rows, on = came.get("rows", "—"), iso(date.fromisoformat(came["on"])) if came else "—"
    unknown = "、".join(came.get("unknown", [])) or "—"
    return {"cells": [one.table.words, rows, filesizeformat(one.size), on, came.get("file", "—"), unknown]}
