"""Pages of 近邻监督 and training: cells and contact points, who watches there; meetings."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.loop.grassroots import grid_sheet, selectors
from jiandu.loop.grassroots.models import GridCell, GridWorker, Meeting
from jiandu.loop.grassroots.sheet import BOOK, rows_of
from jiandu.surfaces.desk.registers import Links, Listed, Row, Section, Told, fact
from jiandu.surfaces.desk.sheeted import Out
from jiandu.surfaces.desk.wording import said

CELLS = (
    (gettext_lazy("网格名称"), "main"),
    (gettext_lazy("类别"), ""),
    (gettext_lazy("村居"), ""),
    (gettext_lazy("属地"), ""),
    (gettext_lazy("承办室组"), ""),
    (gettext_lazy("设立日期"), "date"),
    (gettext_lazy("在任监督员"), "num"),
)


def cells(viewer: Viewer, *, points: bool) -> Listed:
    """The cells of today; on a tab of their own the contact points."""
    labels = ((_("监督网格"), "?", False), (_("工作联系点"), "?tab=points", True))
    return Listed(
        title=_("近邻监督"),
        columns=CELLS,
        rows=selectors.cells(viewer, today(), contact_points=points),
        row=_cell,
        tabs=[{"label": label, "href": href, "current": points == which} for label, href, which in labels],
        empty=_("没有设立的网格"),
        out=Out(grid_sheet.BOOK, grid_sheet.rows_of),
        intake="grid-sheet",
        links=[{"label": "Word", "href": reverse("desk:grid-roster-word"), "icon": "download"}],
    )


def _kind(row: GridCell) -> str:
    return _("工作联系点") if row.is_contact_point else _("监督网格")


def _cell(row: Any) -> Row:
    place = [str(row.subject or ""), str(row.region or ""), str(row.owner_office)]
    cells = [row.name, _kind(row), *place, iso(row.since), row.n_workers or 0]
    return {"href": reverse("desk:cell", args=[row.uid]), "cells": cells}


WORKERS = (
    (gettext_lazy("姓名"), "main"),
    (gettext_lazy("人员类别"), ""),
    (gettext_lazy("任期起"), "date"),
    (gettext_lazy("任期止"), "date"),
    (gettext_lazy("联系方式"), ""),
)


def cell(viewer: Viewer, one: GridCell, link: Links) -> Told:
    """One cell with everybody who ever watched there."""
    rows = [_worker(row, link) for row in selectors.workers_of(viewer, one)]
    return Told(
        title=one.name,
        lede=_kind(one),
        badge=(_("已终止"), "neutral") if one.until else (_("在用"), "done"),
        back=(_("近邻监督"), reverse("desk:grid")),
        facts=[
            fact(_("村居"), str(one.subject or "")),
            fact(_("属地"), str(one.region or "")),
            fact(_("承办室组"), str(one.owner_office)),
            fact(_("起止"), f"{iso(one.since)} – {iso(one.until)}"),
        ],
        sections=[Section(_("近邻监督员"), WORKERS, rows, empty=_("还没有近邻监督员"))],
    )


def _worker(row: GridWorker, link: Links) -> Row:
    serves = row.until is None or row.until >= today()
    cells = [row.name, said(row.kind), iso(row.since), iso(row.until), row.contact]
    return {"cells": cells, "acts": link(row, "release") if serves else []}


MEETINGS = (
    (gettext_lazy("日期"), "code"),
    (gettext_lazy("主题"), "main"),
    (gettext_lazy("类别"), ""),
    (gettext_lazy("对象"), ""),
    (gettext_lazy("人次"), "num"),
    (gettext_lazy("承办室组"), ""),
)


def meetings(viewer: Viewer, kind: str, year: int | None) -> Listed:
    """Meetings and training, newest first."""
    kind = kind if kind in Meeting.Kind else ""
    options = [("", "—"), *Meeting.Kind.choices]
    return Listed(
        title=_("交流培训"),
        columns=MEETINGS,
        rows=selectors.meetings(viewer, kind=kind, year=year),
        row=_meeting,
        filters=[
            {"name": "kind", "label": _("类别"), "type": "select", "value": kind, "options": options},
            {"name": "year", "label": _("年度"), "type": "number", "value": year or ""},
        ],
        empty=_("没有登记的交流培训"),
        out=Out(BOOK, rows_of),
        intake="training-sheet",
    )


def _meeting(row: Meeting) -> Row:
    cells = [iso(row.on), row.theme, row.get_kind_display(), row.audience, row.people_count, str(row.owner_office)]
    return {"href": reverse("desk:meeting", args=[row.uid]), "cells": cells}


def meeting(one: Meeting) -> Told:
    """One of them."""
    gone = (_("已撤下：%(reason)s") % {"reason": one.withdrawn_for}, "neutral") if one.withdrawn_on else ("", "neutral")
    return Told(
        title=one.theme,
        lede=one.get_kind_display(),
        badge=gone,
        back=(_("交流培训"), reverse("desk:meetings")),
        links=[{"label": "Word", "href": reverse("desk:meeting-word", args=[one.uid]), "icon": "download"}],
        facts=[
            fact(_("日期"), iso(one.on)),
            fact(_("地点"), one.place),
            fact(_("对象"), one.audience),
            fact(_("人次"), one.people_count),
            fact(_("承办室组"), str(one.owner_office)),
        ],
        sections=[Section(_("交流材料、课程"), words=one.note)],
    )
