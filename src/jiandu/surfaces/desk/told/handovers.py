"""Pages of 工作交接: those that the viewer gives or receives, and one 交接单 with its list and its signatures."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.net.access import handover_list as lists
from jiandu.net.access.models import Handover, HandoverItem, HandoverSignature
from jiandu.surfaces.desk.registers import Links, Listed, Row, Section, Told, Wanted, fact, headed
from jiandu.surfaces.desk.told.approving import scan_of

State, Status, Role = Handover.State, HandoverSignature.Status, HandoverSignature.Role
TONES = {State.DRAFTED: "warn", State.HANDED: "done", State.ENDED: "neutral"}
LISTED = (
    (gettext_lazy("移交日期"), "code"),
    (gettext_lazy("移交人"), ""),
    (gettext_lazy("接收人"), ""),
    (gettext_lazy("监交人"), ""),
    (gettext_lazy("事由"), "main"),
    (gettext_lazy("状态"), "state"),
)
ITEMS = (
    (gettext_lazy("类别"), ""),
    (gettext_lazy("编号"), "code"),
    (gettext_lazy("事项"), "main"),
    (gettext_lazy("单位"), ""),
    (gettext_lazy("状态"), ""),
    (gettext_lazy("下一时限"), "date"),
    (gettext_lazy("变化"), "state"),
)
SIGNED = (
    (gettext_lazy("签字"), "code"),
    (gettext_lazy("姓名"), ""),
    (gettext_lazy("状态"), "state"),
    (gettext_lazy("日期"), "date"),
    (gettext_lazy("意见"), "main"),
    (gettext_lazy("扫描件"), ""),
)
QUEUED = (
    (gettext_lazy("移交人"), ""),
    (gettext_lazy("接收人"), ""),
    (gettext_lazy("签字"), "code"),
    (gettext_lazy("事由"), "main"),
    (gettext_lazy("移交日期"), "date"),
)
SAID = {
    Status.WAITING: (gettext_lazy("待签字"), "warn"),
    Status.ON_PAPER: (gettext_lazy("纸质签字待确认"), "warn"),
    Status.GRANTED: (gettext_lazy("已签字"), "done"),
    Status.REFUSED: (gettext_lazy("不同意"), "danger"),
}


def state_of(one: Handover) -> Row:
    """Its state as a cell."""
    return {"text": one.get_state_display(), "tone": TONES[State(one.state)]}


def handovers(viewer: Viewer) -> Listed:
    """Those of the viewer."""
    return Listed(
        title=_("工作交接"),
        columns=LISTED,
        rows=lists.handovers_of(viewer),
        row=_row,
        empty=_("没有交接单"),
        note=_("离岗、借调或休假时，把名下全部或部分事项移交他人；移交人、接收人签字后生效，账号不必停用。"),
    )


def _row(one: Handover) -> Row:
    watcher = one.supervisor.name if one.supervisor else ""
    cells = [iso(one.on), one.made_by.name, one.receiver.name, watcher, one.get_why_display(), state_of(one)]
    return {"href": reverse("desk:handover", args=[one.uid]), "cells": cells}


def handover(viewer: Viewer, one: Handover, link: Links) -> Told:
    """One 交接单."""
    rows = lists.signatures_of(viewer, one)
    items = [_item(row) for row in lists.items_of(viewer, one)]
    scope = _("全部事项") if one.is_whole else _("部分事项")
    word = reverse("desk:handover-word", args=[one.uid])
    return Told(
        title=_("交接单"),
        lede=str(one),
        badge=(one.get_state_display(), TONES[State(one.state)]),
        back=(_("工作交接"), reverse("desk:handovers")),
        links=[
            {"label": "Word", "href": word, "icon": "download"},
            {"label": _("打印（PDF）"), "href": f"{word}?format=pdf", "icon": "printer"},
        ],
        facts=_facts(one, scope),
        sections=[
            Section(_("移交清单"), ITEMS, items, empty=_("没有事项")),
            Section(_("签字"), SIGNED, [_signature(viewer, one, row, link) for row in rows]),
        ],
        ahead=_ahead(viewer, rows),
    )


def _facts(one: Handover, scope: str) -> list[Row]:
    said = [
        fact(_("移交人"), one.made_by.name),
        fact(_("接收人"), one.receiver.name),
        fact(_("监交人"), one.supervisor.name if one.supervisor else _("没有指定")),
        fact(_("移交日期"), iso(one.on)),
        fact(_("事由"), one.get_why_display(), sub=scope),
        fact(_("清单日期"), iso(one.listed_on)),
    ]
    said += [fact(_("实际移交日期"), iso(one.handed_on))] if one.handed_on else []
    said += [fact(_("说明"), one.note, wide=True)] if one.note else []
    return said + ([fact(_("撤回原因"), one.ended_for, wide=True)] if one.ended_for else [])


def _item(row: HandoverItem) -> Row:
    mark: Any = ""
    if row.is_gone:
        mark = {"text": _("已不在名下"), "tone": "neutral"}
    elif row.is_added:
        mark = {"text": _("拟稿后新增"), "tone": "warn"}
    return {"cells": [row.label, row.code, row.title, row.unit, row.state, iso(row.next_on), mark]}


def _signature(viewer: Viewer, one: Handover, row: HandoverSignature, link: Links) -> Row:
    text, tone = SAID[Status(row.status)]
    way = _("纸质") if row.is_paper else _("线上")
    status = {"text": text, "tone": tone, "sub": way if row.status == Status.GRANTED else ""}
    scan = scan_of(row, reverse("desk:handover-file", args=[one.uid, row.uid]))
    cells = [row.get_role_display(), row.user.name, status, iso(row.signed_on), row.opinion, scan]
    return {"cells": cells, "acts": link(row, *_slugs(viewer, one, row))}


def _slugs(viewer: Viewer, one: Handover, row: HandoverSignature) -> list[str]:
    """What may be done to a signature by whoever looks."""
    if row.status == Status.WAITING and one.state != State.ENDED:
        declines = one.state == State.DRAFTED and row.role != Role.GIVER  # who gives takes it back
        own = ["sign", "decline"] if declines else ["sign"]
        return [*(own if row.user_id == viewer.user_id else []), "sign-paper"]
    if row.status == Status.ON_PAPER:
        return ["confirm-paper", "return-paper"] if row.typed_by_id != viewer.user_id else ["return-paper"]
    return ["withdraw-scan" if row.scan_name else "scan"] if row.is_paper else []


def _ahead(viewer: Viewer, rows: list[HandoverSignature]) -> list[Wanted]:
    own = (row for row in rows if row.user_id == viewer.user_id and row.status == Status.WAITING)
    return [("sign", row, str(row.get_role_display())) for row in own]


# --- on the desk ---


def queue(viewer: Viewer) -> dict[str, Any]:
    """What waits for the viewer's signature, as a queue."""
    return {"handovers": lists.to_sign(viewer)}


def to_sign(viewer: Viewer, most: int, count: int) -> dict[str, Any]:
    """The 交接单 that wait for the viewer's signature; nothing where none of the `count` is left."""
    if not count:
        return {}
    rows = list(lists.to_sign(viewer)[:most])
    ones = {one.pk: one for one in lists.handovers_of(viewer).filter(pk__in=[row.handover_id for row in rows])}
    told = [_queued(ones[row.handover_id], row) for row in rows if row.handover_id in ones]
    return {"count": count, "columns": headed(QUEUED), "rows": told}


def _queued(one: Handover, row: HandoverSignature) -> Row:
    cells = [one.made_by.name, one.receiver.name, row.get_role_display(), one.get_why_display(), iso(one.on)]
    return {"href": reverse("desk:handover", args=[one.uid]), "cells": cells}
