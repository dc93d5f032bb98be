"""Pages of the custodians: requests to open who sent a petition, one of them, and what it opened for its hours."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.clock import now
from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.sources.petitions import selectors
from jiandu.sources.petitions.models import SenderOpening
from jiandu.sources.petitions.services.opening import may_look
from jiandu.sources.petitions.vault import Sender
from jiandu.surfaces.desk.registers import Listed, Row, Section, Told, fact

COLUMNS = (
    (gettext_lazy("申请编号"), "code"),
    (gettext_lazy("信访编号"), ""),
    (gettext_lazy("启封事由"), ""),
    (gettext_lazy("启封范围"), ""),
    (gettext_lazy("申请日期"), "date"),
    (gettext_lazy("申请人"), ""),
    (gettext_lazy("决定人"), ""),
    (gettext_lazy("状态"), "state"),
)


def openings(viewer: Viewer) -> Listed:
    """What custodians asked to open."""
    return Listed(
        title=_("举报人信息启封"),
        columns=COLUMNS,
        rows=selectors.openings(viewer),
        row=_opening,
        note=_("一人申请，另一名保管员同意，到时自动关闭；每一步都记入审计日志。"),
        empty=_("没有启封申请"),
    )


def standing(row: SenderOpening) -> Row:
    """To be consented to, refused, open, over."""
    if row.is_granted is None:
        return {"text": _("待同意"), "tone": "warn"}
    if not row.is_granted:
        return {"text": _("不同意"), "tone": "neutral"}
    is_open = row.until_at is not None and now() < row.until_at
    return {"text": _("有效"), "tone": "danger"} if is_open else {"text": _("已到时"), "tone": "done"}


def _opening(row: SenderOpening) -> Row:
    said = [row.code, row.petition_code, row.get_why_display(), row.get_extent_display()]
    return {
        "href": reverse("desk:sender-opening", args=[row.uid]),
        "cells": [*said, iso(row.asked_on), row.asked_by, row.decided_by, standing(row)],
    }


def opening(viewer: Viewer, one: SenderOpening, sender: Sender | None = None) -> Told:
    """One request; `sender`: what it opened, where that was asked for just now."""
    state = standing(one)
    facts = [
        fact(_("信访编号"), one.petition_code),
        fact(_("启封事由"), one.get_why_display()),
        fact(_("启封范围"), one.get_extent_display()),
        fact(_("申请人"), one.asked_by, sub=iso(one.asked_on)),
        fact(_("决定人"), one.decided_by, sub=iso(one.decided_on)),
        fact(_("有效小时"), one.hours),
        fact(_("有效至"), f"{timezone.localtime(one.until_at):%Y-%m-%d %H:%M}" if one.until_at else ""),
        fact(_("依据和说明"), one.note, wide=True),
    ]
    door = {"label": _("启封查看"), "href": reverse("desk:sender-opening-look", args=[one.uid]), "icon": "lock-open"}
    return Told(
        title=one.code,
        lede=_("启封申请"),
        badge=(str(state["text"]), str(state["tone"])),
        back=(_("举报人信息启封"), reverse("desk:sender-openings")),
        links=[door] if may_look(viewer, one) and sender is None else [],
        ahead=[("consent", None, "")],
        facts=[each for each in facts if each["value"]],
        sections=[_sender(sender)] if sender is not None else [],
    )


def _sender(sender: Sender) -> Section:
    lines = [
        (_("举报人姓名或单位"), " ".join(filter(None, (sender.name, sender.unit)))),
        (_("举报人联系方式"), sender.contact),
        (_("举报人证件号"), sender.id_number),
        (_("举报人地址"), sender.address),
        (_("联名代表"), sender.representatives),
        (_("要求保密、保护的事项"), sender.asks),
    ]
    words = [_("%(label)s：%(text)s") % {"label": label, "text": text} for label, text in lines if text]
    return Section(_("举报人信息"), words="\n\n".join(words), empty=_("启封范围内没有登记"))
