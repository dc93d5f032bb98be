"""Pages of the registers beside petitions: receipts of what belongs to a superior, who asked or pleaded."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.sources.petitions import selectors
from jiandu.sources.petitions.models import Meddling, SuperiorReceipt
from jiandu.sources.petitions.terms import upward
from jiandu.surfaces.desk.registers import Listed, Row, Section, Told, fact
from jiandu.surfaces.desk.told.petitions import CLOCKS, clock_row, tabs

RECEIPTS = (
    (gettext_lazy("密封件编号"), "code"),
    (gettext_lazy("收件日期"), "date"),
    (gettext_lazy("信访方式"), ""),
    (gettext_lazy("应报送日期"), "date"),
    (gettext_lazy("报送日期"), "date"),
    (gettext_lazy("接收机关"), ""),
    (gettext_lazy("送件人"), ""),
    (gettext_lazy("状态"), "state"),
)
MEDDLINGS = (
    (gettext_lazy("登记编号"), "code"),
    (gettext_lazy("发生日期"), "date"),
    (gettext_lazy("情形"), ""),
    (gettext_lazy("记录人"), ""),
    (gettext_lazy("状态"), "state"),
)


def receipts(viewer: Viewer) -> Listed:
    """What went up unopened."""
    return Listed(
        title=_("上级管辖件移交回执"),
        columns=RECEIPTS,
        rows=selectors.receipts(viewer),
        row=_receipt,
        tabs=tabs(viewer, "superior-receipts"),
        note=_("属上级管辖的件只登记密封件编号和交接，不登记内容；收到之日起5个工作日内报送。"),
        empty=_("没有移交回执"),
    )


def _receipt(row: SuperiorReceipt) -> Row:
    clock = upward(row.received_on, row.handed_on)
    own = {"text": row.envelope, "sub": _("涉及本机关主要负责人") if row.is_own_principal else ""}
    cells = [own, iso(row.received_on), row.get_way_display(), iso(clock.due_on if clock else None)]
    return {
        "href": reverse("desk:superior-receipt", args=[row.uid]),
        "cells": [*cells, iso(row.handed_on), row.receiver, row.deliverer, _how(row)],
    }


def _how(row: SuperiorReceipt) -> Row:
    if row.withdrawn_on:
        return {"text": _("已撤下"), "tone": "danger"}
    if row.handed_on:
        return {"text": _("已报送"), "tone": "done"}
    clock = upward(row.received_on, None)
    late = clock.overdue(today()) if clock else 0
    words = ngettext("超期%(days)d天", "超期%(days)d天", late) % {"days": late} if late else _("待报送")
    return {"text": words, "tone": "danger" if late else "warn"}


def receipt(_viewer: Viewer, one: SuperiorReceipt) -> Told:
    """One receipt with its clock."""
    clock = upward(one.received_on, one.handed_on)
    return Told(
        title=one.envelope,
        lede=_("上级管辖件移交回执"),
        badge=(str(_how(one)["text"]), str(_how(one)["tone"])),
        back=(_("上级管辖件移交回执"), reverse("desk:superior-receipts")),
        ahead=[("hand-up", None, "")],
        facts=[
            fact(_("收件日期"), iso(one.received_on)),
            fact(_("信访方式"), one.get_way_display()),
            fact(_("涉及本机关主要负责人"), _("是") if one.is_own_principal else _("否")),
            fact(_("报送日期"), iso(one.handed_on)),
            fact(_("接收机关"), one.receiver),
            fact(_("送件人"), one.deliverer),
            fact(_("签收人"), one.received_by),
        ],
        sections=[Section(_("期限"), CLOCKS, [clock_row(clock)] if clock else [])],
    )


def meddlings(viewer: Viewer) -> Listed:
    """Who asked or pleaded."""
    return Listed(
        title=_("过问干预登记"),
        columns=MEDDLINGS,
        rows=selectors.meddlings(viewer),
        row=_meddling,
        tabs=tabs(viewer, "meddlings"),
        note=_("打听案情、过问案件、说情干预的，记录人如实登记；姓名和情况打开后显示，查阅留痕。"),
        empty=_("没有过问干预登记"),
    )


def _meddling(row: Meddling) -> Row:
    state = {"text": _("已撤下"), "tone": "danger"} if row.withdrawn_on else {"text": _("已登记"), "tone": "progress"}
    cells = [row.code, iso(row.on), row.get_manner_display(), row.told_by, state]
    return {"href": reverse("desk:meddling", args=[row.uid]), "cells": cells}


def meddling(viewer: Viewer, one: Meddling) -> Told:
    """One entry; the petition by its number, where the viewer sees it."""
    petition = selectors.by_pk(viewer, one.petition_id)
    facts = [
        fact(_("发生日期"), iso(one.on)),
        fact(_("情形"), one.get_manner_display()),
        fact(_("打听、过问人"), one.who),
        fact(_("单位职务"), one.post),
        fact(_("记录人"), one.told_by),
    ]
    if petition is not None:
        facts.append(fact(_("信访件"), petition.code, href=reverse("desk:petition", args=[petition.uid])))
    return Told(
        title=one.code,
        lede=_("过问干预登记"),
        badge=(_("已撤下"), "danger") if one.withdrawn_on else (_("已登记"), "progress"),
        back=(_("过问干预登记"), reverse("desk:meddlings")),
        facts=facts,
        sections=[Section(_("情况"), words=one.note)],
    )
