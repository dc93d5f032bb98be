"""Pages of 预警提示: what was sent to whom, signed for, answered; the paper that the recipient reads."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.net.access.models import Owned
from jiandu.results.alarms.models import Alarm
from jiandu.results.bulletins import selectors
from jiandu.results.bulletins.models import Advisory
from jiandu.results.bulletins.selectors import Late
from jiandu.results.digests.dimensions import is_english
from jiandu.results.digests.freezing import as_read
from jiandu.surfaces.desk.registers import Listed, Row, Section, Told, fact, headed
from jiandu.surfaces.desk.told.bulletins import plain
from jiandu.surfaces.desk.told.petitions import tabs

COLUMNS = (
    (gettext_lazy("提示编号"), "code"),
    (gettext_lazy("标题"), ""),
    (gettext_lazy("分送日期"), "date"),
    (gettext_lazy("接收部门"), ""),
    (gettext_lazy("反馈期限"), "date"),
    (gettext_lazy("状态"), "state"),
)


LATE = (
    (gettext_lazy("信访编号"), "code"),
    (gettext_lazy("收件日期"), "date"),
    (gettext_lazy("应办事项"), "main"),
    (gettext_lazy("到期"), "date"),
    (gettext_lazy("超期(日)"), "num"),
)


def advisories(viewer: Viewer) -> Listed:
    """What was sent by or to the viewer's office."""
    return Listed(
        title=_("预警提示"),
        columns=COLUMNS,
        rows=selectors.advisories(viewer),
        row=_advisory,
        tabs=tabs(viewer, "advisories"),
        note=_("预警提示不含信访件和举报人信息，工作提醒函只列编号和期限；接收部门签收并按期反馈。"),
        empty=_("没有预警提示"),
    )


def _advisory(row: Advisory) -> Row:
    cells = [row.code, row.title, iso(row.sent_on), str(row.office or row.body), iso(row.due_on), standing(row)]
    return {"href": reverse("desk:advisory", args=[row.uid]), "cells": cells}


def standing(row: Advisory) -> Row:
    """Where it stands: to be received, to be answered, overdue, answered."""
    if row.withdrawn_on:
        return {"text": _("已撤回"), "tone": "danger"}
    if row.answered_on:
        return {"text": _("已反馈"), "tone": "done"}
    if row.asks_answer and row.due_on and row.due_on < today():
        return {"text": _("超期未反馈"), "tone": "danger"}
    if row.received_on is None:
        return {"text": _("待签收"), "tone": "warn"}
    return {"text": _("待反馈"), "tone": "progress"} if row.asks_answer else {"text": _("已签收"), "tone": "done"}


def section(viewer: Viewer, about: Owned) -> list[Section]:
    """What was sent of a bulletin or an alarm."""
    rows = []
    for row in selectors.advisories(viewer, about=about):
        told = _advisory(row)
        rows.append({"cells": [{"text": told["cells"][0], "href": told["href"]}, *told["cells"][1:]]})
    return [Section(_("分送"), COLUMNS, rows)] if rows else []


def to_answer(viewer: Viewer, most: int, count: int) -> dict[str, Any]:
    """For the desk: what waits for the viewer's office."""
    if not count:
        return {}
    return {
        "count": count,
        "columns": headed(COLUMNS),
        "rows": [_advisory(row) for row in selectors.to_answer(viewer)[:most]],
    }


def advisory(viewer: Viewer, one: Advisory) -> Told:
    """One, as the recipient reads it; to its sender with the way to what it was made of."""
    facts = [
        fact(_("接收部门") if one.office_id else _("接收机关"), str(one.office or one.body), sub=_on_paper(one)),
        fact(_("分送部门"), one.owner_office.name, sub=f"{iso(one.sent_on)} {one.sent_by}"),
        fact(_("要求反馈"), _("是") if one.asks_answer else _("否")),
        fact(_("反馈期限"), iso(one.due_on)),
        fact(_("签收人"), one.received_by, sub=iso(one.received_on)),
        fact(_("反馈人") if one.office_id else _("反馈登记人"), one.answered_by, sub=iso(one.answered_on)),
        fact(_("反馈情况"), one.answer, wide=True),
    ]
    state = standing(one)
    sections = [Section(_("提示内容"), words=one.told.replace("\n", "\n\n"))]
    if one.asked:
        sections.append(Section(_("工作要求"), words=one.asked))
    if late := selectors.late_of(viewer, one):
        sections.append(Section(_("超期信访件"), LATE, [_late(each) for each in late]))
    if one.figures is not None:
        tables = [table for table in as_read(one.figures).tables if table.rows]
        sections += [plain(table) for table in tables]
    word = reverse("desk:advisory-word", args=[one.uid])
    return Told(
        title=one.title,
        lede=f"{one.get_kind_display()} {one.code}",
        badge=(str(state["text"]), str(state["tone"])),
        back=(_("预警提示"), reverse("desk:advisories")),
        links=[
            *_source(viewer, one),
            {"label": "Word", "href": word, "icon": "download"},
            {"label": "PDF", "href": f"{word}?format=pdf", "icon": "download"},
        ],
        ahead=[("receive", None, ""), ("answer", None, "")],
        facts=[each for each in facts if each["value"]],
        sections=sections,
    )


def _on_paper(one: Advisory) -> str:
    """Of a body without an office here: how it gets there."""
    return "" if one.office_id else _("下载送达，签收和反馈由分送部门登记")


def _late(each: Late) -> Row:
    code = {"text": each.item.code, "href": reverse("desk:petition", args=[each.item.uid])}
    clock = each.clock.en if is_english() else each.clock.zh
    days = {"text": each.days, "tone": "danger"}
    return {"cells": [code, iso(each.item.received_on), clock, iso(each.clock.due_on), days]}


def _source(viewer: Viewer, one: Advisory) -> list[Row]:
    source = selectors.source_of(viewer, one)
    if source is None:
        return []
    url = "desk:alarm" if isinstance(source, Alarm) else "desk:bulletin"
    return [{"label": str(source), "href": reverse(url, args=[source.uid])}]
