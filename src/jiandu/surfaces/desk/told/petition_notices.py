"""案管通报: first reports of our own competence that went to a room, and whether case supervision was told of each."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.sources.petitions import selectors
from jiandu.sources.petitions.models import CaseNotice, Petition
from jiandu.sources.petitions.waiting import notices_waiting
from jiandu.surfaces.desk.registers import Row, Section, Told, fact, headed

NOTICES = (
    (gettext_lazy("信访编号"), "code"),
    (gettext_lazy("收件日期"), "date"),
    (gettext_lazy("信访类别"), ""),
    (gettext_lazy("管理权限"), ""),
    (gettext_lazy("承办部门"), ""),
    (gettext_lazy("转办日期"), "date"),
    (gettext_lazy("通报案管日期"), "date"),
    (gettext_lazy("状态"), "state"),
)

TAKEN = (
    (gettext_lazy("信访编号"), "code"),
    (gettext_lazy("收件日期"), "date"),
    (gettext_lazy("信访类别"), ""),
    (gettext_lazy("承办部门"), ""),
    (gettext_lazy("转办日期"), "date"),
    (gettext_lazy("通报案管日期"), "date"),
    (gettext_lazy("通报人"), ""),
    (gettext_lazy("签收日期"), "date"),
    (gettext_lazy("状态"), "state"),
)

WAITS = (
    (gettext_lazy("信访编号"), "code"),
    (gettext_lazy("信访类别"), ""),
    (gettext_lazy("承办部门"), ""),
    (gettext_lazy("通报案管日期"), "date"),
    (gettext_lazy("通报人"), ""),
    (gettext_lazy("状态"), "state"),
)


def notice_rows(viewer: Viewer, rows: list[Petition]) -> list[Row]:
    """They as lines of a section: the number leads to the item."""
    days = selectors.routed_days(viewer, rows)
    told = [notice(row, days) for row in rows]
    return [{"cells": [{"text": one["cells"][0], "href": one["href"]}, *one["cells"][1:]]} for one in told]


def notice(row: Petition, days: dict[int, date]) -> Row:
    """One of them; `days`: when each went to a room."""
    state = {"text": _("已通报"), "tone": "done"} if row.notified_on else {"text": _("待通报"), "tone": "warn"}
    held = str(row.handler or row.owner_office)
    cells = [row.code, iso(row.received_on), row.get_kind_display(), row.get_authority_display(), held]
    return {
        "href": reverse("desk:petition", args=[row.uid]),
        "cells": [*cells, iso(days.get(row.pk)), iso(row.notified_on), state],
    }


def taken(row: CaseNotice) -> Row:
    """A line of the case office's register."""
    cells = [row.petition_code, iso(row.received_on), row.get_kind_display(), str(row.handler), iso(row.routed_on)]
    return {
        "id": "" if row.taken_on else str(row.uid),  # signed for: not to be ticked
        "name": row.petition_code,
        "href": reverse("desk:case-notice", args=[row.uid]),
        "cells": [*cells, iso(row.on), row.told_by, iso(row.taken_on), _taken(row)],
    }


def to_take(viewer: Viewer, most: int, count: int) -> dict[str, Any]:
    """For the desk of case supervision: what it has to sign for, the oldest first."""
    if not count:
        return {}
    return {"count": count, "columns": headed(WAITS), "rows": [_waits(row) for row in notices_waiting(viewer)[:most]]}


def waiting_section(viewer: Viewer, most: int) -> Section:
    """The same on the page of what is due."""
    return Section(_("待签收案管通报"), WAITS, [_waits(row) for row in notices_waiting(viewer)[:most]])


def _waits(row: CaseNotice) -> Row:
    days = (today() - row.on).days
    since = ngettext("已等待%(days)d天", "已等待%(days)d天", days) % {"days": days} if days else _("今天通报")
    state = {"text": _("待签收"), "tone": "warn", "sub": since}
    number = {"text": row.petition_code, "href": reverse("desk:case-notice", args=[row.uid])}
    return {"cells": [number, row.get_kind_display(), str(row.handler), iso(row.on), row.told_by, state]}


def _taken(row: CaseNotice) -> Row:
    return {"text": _("已签收"), "tone": "done"} if row.taken_on else {"text": _("待签收"), "tone": "warn"}


def case_notice(one: CaseNotice) -> Told:
    """One notice: nothing of what the item says."""
    state = _taken(one)
    facts = [
        fact(_("收件日期"), iso(one.received_on)),
        fact(_("信访类别"), one.get_kind_display()),
        fact(_("承办部门"), str(one.handler)),
        fact(_("转办日期"), iso(one.routed_on)),
        fact(_("通报案管日期"), iso(one.on)),
        fact(_("通报人"), one.told_by),
        fact(_("签收日期"), iso(one.taken_on)),
        fact(_("签收人"), one.taken_by),
    ]
    return Told(
        title=one.petition_code,
        lede=_("收到的案管通报"),
        badge=(str(state["text"]), str(state["tone"])),
        back=(_("收到的案管通报"), reverse("desk:case-notices")),
        ahead=[("take", None, "")],
        facts=[each for each in facts if each["value"]],
        sections=[],
    )
