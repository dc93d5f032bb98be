"""The page of what lies here for rules: per data set its tables, how each came, and what of it was left behind."""

from datetime import date
from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.core.words import spoken
from jiandu.base.jobs.models import Job
from jiandu.base.ui.templatetags.ui import iso
from jiandu.sources.crosscheck import folders, tables
from jiandu.sources.crosscheck.folders import Held
from jiandu.sources.crosscheck.services import ending
from jiandu.surfaces.desk.registers import Row, Section, Told, headed
from jiandu.surfaces.desk.told.crosscheck import tabs
from jiandu.surfaces.desk.told.crosscheck_runs import FAULTS, fault

COLUMNS = (
    (gettext_lazy("数据表"), "main"),
    (gettext_lazy("行数"), "num"),
    (gettext_lazy("大小"), "num"),
    (gettext_lazy("带入日期"), "date"),
    (gettext_lazy("来源文件"), ""),
    (gettext_lazy("没有采用的列"), ""),
)
ASKED = (
    (gettext_lazy("数据集"), "main"),
    (gettext_lazy("提交时间"), "date"),
    (gettext_lazy("状态"), "state"),
    (gettext_lazy("结果"), ""),
)
CAME = (
    (gettext_lazy("数据表"), "main"),
    (gettext_lazy("行数"), "num"),
    (gettext_lazy("来源文件"), "wrap"),
    (gettext_lazy("没有采用的列"), "wrap"),
)
WRONG = (
    (gettext_lazy("文件"), "main"),
    (gettext_lazy("行"), "num"),
    (gettext_lazy("栏目"), ""),
    (gettext_lazy("原因"), "wrap"),
)
STATES = {
    Job.Status.WAITING: (gettext_lazy("排队中"), "neutral"),
    Job.Status.RUNNING: (gettext_lazy("正在读入"), "progress"),
    Job.Status.DONE: (gettext_lazy("已带入"), "done"),
    Job.Status.FAILED: (gettext_lazy("没有带入"), "danger"),
    Job.Status.EXPIRED: (gettext_lazy("已过保留期"), "neutral"),
}


def sets(viewer: Viewer, mine: list[Job]) -> Told:
    """Every data set of this machine, below what the viewer has handed in."""
    return Told(
        title=_("带入数据"),
        tabs=tabs(viewer, "data-tables"),
        links=[{"label": _("运行比对"), "href": f"{reverse('desk:runs')}?act=run"}],
        lede=_lede(),
        sections=[*_asked(mine), *([_set(name) for name in folders.names()] or [_none()])],
    )


def _lede() -> str:
    if settings.CROSSCHECK_DAYS <= 0:
        return _("数据集是一组数据表，运行比对时选用。本系统的村集体台账不必带入。")
    return _(
        "数据集是一组数据表，运行比对时选用；带入后%(days)s天没有比对即自动清除，比对记录和疑点保留。本系统的村集体台账不必带入。"
    ) % {"days": settings.CROSSCHECK_DAYS}


def _none() -> Section:
    return Section(_("数据集"), COLUMNS, empty=_("还没有数据集"))


def _asked(mine: list[Job]) -> list[Section]:
    """What the viewer has handed in and how far it is: he loads the page again, or opens it."""
    return [Section(_("我带入的"), ASKED, [_job(each) for each in mine])] if mine else []


def _job(job: Job) -> Row:
    words, tone = STATES[Job.Status.FAILED if job.said.get("errors") else Job.Status(job.status)]
    to = {"text": _("查看"), "href": reverse("desk:job", args=[job.uid])}
    return {"cells": [job.name, iso(job.created_at), {"text": words, "tone": tone}, to]}


def brought(job: Job) -> dict[str, Any]:
    """The page of tables that were read: what came and how good it is, or the places of what is wrong."""
    said = job.said
    if errors := said.get("errors"):
        again = f"{reverse('desk:data-tables')}?act=bring"
        return {"columns": headed(WRONG), "errors": [_wrong(each) for each in errors], "again": again}
    return {
        "columns": headed(CAME),
        "came": [_came(name, each) for name, each in said["came"].items()],
        "fault_columns": headed(FAULTS),
        "faults": [fault(name, each) for name, each in said["faults"]],
        "run": f"{reverse('desk:runs')}?{urlencode({'act': 'run', 'dataset': said['dataset']})}",
    }


def _wrong(said: dict[str, Any]) -> Row:
    return {"cells": [said["file"], said["row"] or "", said["column"], spoken(said["reason"])]}


def _came(name: str, said: dict[str, Any]) -> Row:
    return {"cells": [tables.named(name).words, said["rows"], said["file"], "、".join(said["unknown"]) or "—"]}


def _set(name: str) -> Section:
    folder = folders.folder_of(name)
    title = _title(name) % {"name": name, "day": iso(folders.day_of(folder)), "end": iso(ending.ends_on(name))}
    rows = [_table(one) for one in folders.held(folder)]
    return Section(title, COLUMNS, rows, empty=_("没有规则认识的数据表"), is_folded=True, is_record=True)


def _title(name: str) -> str:
    """With the day on which it ends; what an administrator laid there he is asked to remove, when that day has come."""
    on = ending.ends_on(name)
    if on is None:
        return _("%(name)s（数据日期%(day)s）")
    if any(one.came for one in folders.held(folders.folder_of(name))):
        return _("%(name)s（数据日期%(day)s，将于%(end)s清除）")
    if on <= today():
        return _("%(name)s（数据日期%(day)s，长期没有比对，请管理员清除）")
    return _("%(name)s（数据日期%(day)s）")


def _table(one: Held) -> Row:
    came = one.came
    rows, on = came.get("rows", "—"), iso(date.fromisoformat(came["on"])) if came else "—"
    unknown = "、".join(came.get("unknown", [])) or "—"
    return {"cells": [one.table.words, rows, filesizeformat(one.size), on, came.get("file", "—"), unknown]}
