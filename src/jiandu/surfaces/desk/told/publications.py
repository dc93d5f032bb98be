"""Pages of 公开稿: the list, one with its words and steps, what waits for a second person."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.guard import Viewer
from jiandu.base.published.models import NoticeKind
from jiandu.base.ui.templatetags.ui import iso
from jiandu.results.publications import selectors
from jiandu.results.publications.models import Publication
from jiandu.results.publications.states import State
from jiandu.surfaces.desk.registers import Listed, Row, Section, Told, fact, headed, select

LIST = (
    (gettext_lazy("公开稿编号"), "code"),
    (gettext_lazy("标题"), ""),
    (gettext_lazy("公告类别"), ""),
    (gettext_lazy("承办室组"), ""),
    (gettext_lazy("公告编号"), "code"),
    (gettext_lazy("公开日期"), "date"),
    (gettext_lazy("状态"), "state"),
)
WAITING = (*LIST[:4], (gettext_lazy("送复核人"), ""), LIST[-1])
STEPS = (
    (gettext_lazy("日期"), "date"),
    (gettext_lazy("办理"), ""),
    (gettext_lazy("办理人"), ""),
    (gettext_lazy("办理后状态"), "state"),
    (gettext_lazy("说明"), ""),
)
TONES = {
    State.DRAFTED: "neutral",
    State.ASKED: "warn",
    State.PUBLISHED: "done",
    State.RECALL_ASKED: "warn",
    State.RECALLED: "danger",
    State.DROPPED: "neutral",
}


def publications(viewer: Viewer, state: str, kind: str) -> Listed:
    """The register."""
    return Listed(
        title=_("公开稿"),
        columns=LIST,
        rows=selectors.publications(viewer, state=state, kind=kind),
        row=_listed,
        filters=[
            select("state", _("状态"), state, State.choices),
            select("kind", _("公告类别"), kind, NoticeKind.choices),
        ],
        note=_("一人起草、另一人复核后，公开稿编号成为公告，在公众网站显示。"),
        empty=_("没有公开稿"),
    )


def _state(state: str) -> Row:
    return {"text": str(State(state).label), "tone": TONES[State(state)]}


def _listed(row: Publication) -> Row:
    cells = [row.code, row.title, row.get_kind_display(), str(row.owner_office), row.number, iso(row.published_on)]
    return {"href": reverse("desk:publication", args=[row.uid]), "cells": [*cells, _state(row.state)]}


def to_confirm(viewer: Viewer, most: int, count: int) -> dict[str, Any]:
    """For the desk: what waits for the viewer as the second person."""
    if not count:
        return {}
    rows = [_waits(row) for row in selectors.to_confirm(viewer)[:most]]
    return {"count": count, "columns": headed(WAITING), "rows": rows}


def _waits(row: Publication) -> Row:
    listed = _listed(row)
    asked = _name(row.recall_asked_by or row.asked_by)
    return {"href": listed["href"], "cells": [*listed["cells"][:4], asked, _state(row.state)]}


def publication(viewer: Viewer, one: Publication) -> Told:
    """One: what the public reads, or is to read; who did what."""
    state = _state(one.state)
    facts = [
        fact(_("承办室组"), str(one.owner_office)),
        fact(_("公告类别"), one.get_kind_display()),
        fact(_("发布单位"), one.issuer),
        fact(_("涉及单位"), str(one.subject or "")),
        fact(_("起草修改人"), _name(one.written_by)),
        fact(_("送复核人"), _name(one.asked_by)),
        fact(_("复核人"), _name(one.confirmed_by), sub=iso(one.published_on)),
        fact(_("公告编号"), one.number),
        fact(_("保留理由"), one.explanation, wide=True),
        fact(_("撤下原因"), one.recall_for, wide=True),
        fact(_("申请撤下人"), _name(one.recall_asked_by)),
        fact(_("撤下复核人"), _name(one.recall_confirmed_by), sub=iso(one.recalled_on)),
    ]
    return Told(
        title=one.title,
        lede=f"{_('公开稿')} {one.code}",
        badge=(str(state["text"]), str(state["tone"])),
        back=(_("公开稿"), reverse("desk:publications")),
        links=_links(one),
        ahead=[("ask", None, ""), ("publish", None, ""), ("recall", None, "")],
        facts=[each for each in facts if each["value"]],
        sections=[
            Section(_("正文"), words=one.text.replace("\n", "\n\n")),
            Section(_("办理过程"), STEPS, [_step(step) for step in selectors.steps_of(viewer, one)]),
        ],
    )


def _name(user: Any) -> str:
    return str(user) if user is not None else ""


def _step(step: Any) -> Row:
    cells = [iso(step.on), step.get_verb_display(), step.by_name, _state(step.after), step.note]
    return {"cells": cells}


def _links(one: Publication) -> list[Row]:
    """To the notice as the public sees it, where this installation serves the portal."""

    if not one.number or settings.SURFACES == "staff":
        return []
    return [{"label": _("公众看到的页面"), "href": reverse("portal:notice", args=[one.uid])}]
