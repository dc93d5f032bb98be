"""Pages of 线索密封移交: who handed over when, to whom, under which number. There is nothing else to tell."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.sources.talks import selectors
from jiandu.sources.talks.models import ClueHandover, Talk
from jiandu.surfaces.desk.registers import Listed, Row, Section, Told, fact

COLUMNS = (  # the number tells nothing: it stands also where a record of level 2 keeps its words back
    (gettext_lazy("密封件编号"), "code"),
    (gettext_lazy("移交日期"), "date"),
    (gettext_lazy("移交室组"), ""),
    (gettext_lazy("移交人"), ""),
    (gettext_lazy("接收室组"), ""),
    (gettext_lazy("状态"), "state"),
)


def handovers(viewer: Viewer) -> Listed:
    """What was handed over, as far as the viewer may know."""
    return Listed(
        title=_("线索密封移交"),
        columns=COLUMNS,
        rows=selectors.handovers(viewer),
        row=_handover,
        links=[{"label": _("谈话登记"), "href": reverse("desk:talks")}],
        note=_("只登记移交一事，不登记线索内容；移交室组和接收室组以外的人员看不到。"),
        empty=_("没有可以查看的移交登记"),
    )


def _handover(one: ClueHandover) -> Row:
    label, tone = _how_far(one)
    cells = [one.envelope, iso(one.on), str(one.owner_office), one.by_name, str(one.receiver)]
    return {"href": reverse("desk:clue", args=[one.uid]), "cells": [*cells, {"text": label, "tone": tone}]}


def _how_far(one: ClueHandover) -> tuple[str, str]:
    if one.withdrawn_on:
        return _("已撤下"), "danger"
    return (_("已接收"), "done") if one.received_on else (_("待接收"), "progress")


def handover(viewer: Viewer, one: ClueHandover) -> Told:
    """One hand-over; the talk by its number, where the viewer may see it."""
    talk = selectors.talk_by_pk(viewer, one.talk_id) if one.talk_id else None
    facts: list[dict[str, Any]] = [
        fact(_("移交日期"), iso(one.on)),
        fact(_("移交室组"), str(one.owner_office)),
        fact(_("移交人"), one.by_name),
        fact(_("接收室组"), str(one.receiver)),
        fact(_("接收日期"), iso(one.received_on)),
        fact(_("接收人"), one.received_by),
    ]
    if talk:
        facts.append(fact(_("谈话编号"), talk.code, href=reverse("desk:talk", args=[talk.uid])))
    if one.sha256:
        facts.append(fact(_("密封件校验值"), one.sha256, wide=True))
    if one.withdrawn_on:
        facts.append(fact(_("撤下原因"), one.withdrawn_for))
    return Told(
        title=one.envelope,
        lede=_("线索密封移交"),
        badge=_how_far(one),
        back=(_("线索密封移交"), reverse("desk:clues")),
        facts=facts,
        sections=[],
    )


def handing(viewer: Viewer, one: Talk) -> Told:
    """What was handed over of one talk, and where the next is."""
    rows = [_handover(row) for row in selectors.handovers(viewer).filter(talk=one)]
    return Told(
        title=_("线索密封移交"),
        lede=one.code,
        back=(one.theme, reverse("desk:talk", args=[one.uid])),
        back_is_name=True,
        sections=[Section(_("已移交"), COLUMNS, rows, empty=_("没有可以查看的移交登记"))],
    )
