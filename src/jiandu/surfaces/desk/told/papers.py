"""The page of a round's papers: those of the round, and those of each unit and visit."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.loop.findings.selectors.tallies import feedable_by_unit
from jiandu.sources.activities import selectors
from jiandu.sources.activities.models import Activity
from jiandu.surfaces.desk.registers import Row, Section, Told

OF_ROUND = (
    ("plan", gettext_lazy("挂钩监督方案"), gettext_lazy("主题、时间、监督要点、分工和步骤，附走访安排表")),
    ("schedule", gettext_lazy("走访安排表"), gettext_lazy("各组挂钩单位、计划和实际走访日期")),
    ("notice", gettext_lazy("走访通知"), gettext_lazy("发给尚未走访的各单位，一单位一页，附调取材料清单")),
    ("visit", gettext_lazy("走访记录表（空白）"), gettext_lazy("走访时手填")),
    ("feedback", gettext_lazy("问题反馈单（空白）"), gettext_lazy("反馈问题时手填")),
)
PAPERS = (
    (gettext_lazy("文书"), "code"),
    (gettext_lazy("内容"), "main"),
    ("Word", ""),
    (gettext_lazy("打印（PDF）"), ""),
)
MANY = (
    ("notice", gettext_lazy("批量走访通知")),
    ("visit", gettext_lazy("批量走访记录表")),
    ("feedback", gettext_lazy("批量问题反馈单")),
)
UNITS = (
    (gettext_lazy("单位"), "main"),
    (gettext_lazy("组别"), ""),
    (gettext_lazy("走访日期"), "date"),
    (gettext_lazy("走访通知"), ""),
    (gettext_lazy("走访记录表"), ""),
    (gettext_lazy("问题反馈单"), ""),
)


def papers(viewer: Viewer, one: Activity) -> Told:
    """What can be printed of a round, and what is written for each unit."""
    rows = [_paper(_url(one, slug), name, about) for slug, name, about in OF_ROUND]
    about = _("基本情况、问题分布和整改情况，数字由记录生成；报告审定前为草稿")
    rows.append(_paper(reverse("desk:round-report-word", args=[one.uid]), _("轮次报告"), about))
    found = feedable_by_unit(viewer, one)
    units = [
        row for team in selectors.teams_of(viewer, one) for unit in team.units for row in _unit(one, team, unit, found)
    ]
    return Told(
        title=_("挂钩监督文书"),
        lede=str(one),
        back=(one.name, reverse("desk:round", args=[one.uid])),
        back_is_name=True,
        links=[
            {"label": label, "href": f"{reverse('desk:papers', args=[kind])}?of={one.uid}", "icon": "printer"}
            for kind, label in MANY
        ],
        sections=[
            Section(_("本轮文书"), PAPERS, rows),
            Section(_("各单位文书"), UNITS, units, empty=_("还没有挂钩单位")),
        ],
    )


def _url(one: Activity, slug: str, **of: Any) -> str:
    place = reverse("desk:round-paper", args=[one.uid, slug])
    return f"{place}?{urlencode(of)}" if of else place


def _paper(url: str, name: Any, about: Any) -> Row:
    pdf = {"text": _("下载"), "href": f"{url}?format=pdf"}
    return {"cells": [str(name), str(about), {"text": _("下载"), "href": url}, pdf]}


def _unit(one: Activity, team: selectors.TeamOfRound, unit: selectors.UnitOfRound, found: dict[int, int]) -> list[Row]:
    """One row a visit, one for a unit that was not visited; a sheet where there is a problem to be fed back."""
    key, name = unit.linked.pk, str(unit.linked.organisation)
    notice = {"text": _("下载"), "href": _url(one, "notice", unit=key)}
    count = found.get(unit.linked.organisation_id, 0)
    sheet = {"text": _("下载"), "href": _url(one, "feedback", unit=key), "sub": _("%(n)d个") % {"n": count}}
    feedback = sheet if count else ""
    first = [name, team.team.name]
    if not unit.visits:
        blank = {"text": _("下载"), "href": _url(one, "visit", unit=key), "sub": _("空白")}
        return [{"cells": [*first, "", notice, blank, feedback]}]
    visits = [(iso(visit.on), {"text": _("下载"), "href": _url(one, "visit", visit=visit.pk)}) for visit in unit.visits]
    (on, record), *more = visits
    again = [{"cells": [*first, day, "", each, ""]} for day, each in more]
    return [{"cells": [*first, on, notice, record, feedback]}, *again]
