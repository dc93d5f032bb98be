"""Pages of talks: the list by kind, whom nobody has talked to yet, one talk."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.sources.activities.selectors import activity_by_uid
from jiandu.sources.talks import selectors
from jiandu.sources.talks.models import Talk
from jiandu.sources.talks.sheet import BOOK, rows_of
from jiandu.surfaces.desk.registers import Links, Listed, Row, Section, Told, fact
from jiandu.surfaces.desk.sheeted import Out

COLUMNS = (
    (gettext_lazy("编号"), "code"),
    (gettext_lazy("主题"), "main"),
    (gettext_lazy("谈话种类"), ""),
    (gettext_lazy("谈话日期"), "date"),
    (gettext_lazy("单位"), ""),
    (gettext_lazy("人数"), "num"),
    (gettext_lazy("承办室组"), ""),
)
NOT_YET = (
    (gettext_lazy("单位"), "main"),
    (gettext_lazy("姓名"), ""),
    (gettext_lazy("职务"), ""),
    (gettext_lazy("类别"), ""),
)


def talks(viewer: Viewer, kind: str, year: int | None) -> Listed:
    """The talks of a kind, newest first."""
    return Listed(
        title=_("谈话登记"),
        columns=COLUMNS,
        rows=selectors.talks(viewer, kind=kind if kind in Talk.Kind else "", year=year),
        row=_talk,
        tabs=_tabs(not_yet=False),
        filters=[
            {"name": "kind", "label": _("谈话种类"), "type": "select", "value": kind, "options": KINDS},
            {"name": "year", "label": _("年度"), "type": "number", "value": year or ""},
        ],
        empty=_("没有登记的谈话"),
        out=Out(BOOK, rows_of),
        intake="talks-sheet",
    )


def not_yet(viewer: Viewer) -> Listed:
    """应谈未谈: key people and holders of key posts without a 主动约谈 this year."""
    rows = selectors.not_yet_talked(viewer, since=date(today().year, 1, 1), on=today())
    note = _("今年尚未主动约谈的关键少数和重点岗位人员，按单位列出，供安排使用，不作排名。")
    return Listed(_("主动约谈"), NOT_YET, rows, _post, tabs=_tabs(not_yet=True), note=note, empty=_("都谈过了"))


def _tabs(*, not_yet: bool) -> list[Row]:
    return [
        {"label": _("谈话登记"), "href": "?", "current": not not_yet},
        {"label": _("应谈未谈"), "href": "?tab=not-yet", "current": not_yet},
    ]


KINDS = [("", "—"), *Talk.Kind.choices]


def _talk(row: Talk) -> Row:
    unit = str(row.subject or _("多个单位"))
    cells = [row.code, row.theme, row.get_kind_display(), iso(row.on), unit, row.heads, str(row.owner_office)]  # type: ignore[attr-defined]
    return {"href": reverse("desk:talk", args=[row.uid]), "cells": cells}


def _post(row: Any) -> Row:
    href = reverse("desk:unit", args=[row.organisation.uid])
    cells = [{"text": row.organisation.name, "href": href}, row.person.name, row.title, row.get_kind_display()]
    return {"cells": cells}


ATTENDEES = (
    (gettext_lazy("姓名"), "main"),
    (gettext_lazy("单位"), ""),
    (gettext_lazy("职务"), ""),
    (gettext_lazy("类别"), ""),
    (gettext_lazy("表态承诺"), "wrap"),
)
FOLLOW_UPS = ((gettext_lazy("日期"), "date"), (gettext_lazy("回访人"), ""), (gettext_lazy("回访结果"), "main"))


def talk(viewer: Viewer, one: Talk, link: Links) -> Told:
    """One talk: who talked with whom, what was said, the follow-up."""
    whole = selectors.whole(viewer, one)
    words = [(_("提纲"), one.outline), (_("了解到的情况"), one.learned), (_("指出的问题"), one.pointed_out)]
    after = [{"cells": [iso(row.on), row.by_name, row.note]} for row in whole.follow_ups]
    return Told(
        title=one.theme,
        lede=one.code,
        badge=(_("已撤下"), "danger") if one.withdrawn_on else (_("已登记"), "done"),
        back=(_("谈话登记"), reverse("desk:talks")),
        links=[*_papers(one, "outline", _("谈话提纲")), *_papers(one, "record", _("谈话记录表"))],
        facts=_facts(viewer, one, whole),
        sections=[
            Section(_("谈话对象"), ATTENDEES, [_seat(row, link) for row in whole.attendees]),
            *[Section(title, words=said) for title, said in words if said],
            Section(_("回访"), FOLLOW_UPS, after),
        ],
    )


def _papers(one: Talk, slug: str, label: str) -> list[Row]:
    """A paper as Word, and for print."""
    url = reverse("desk:talk-paper", args=[one.uid, slug])
    pdf = {"label": f"{label} PDF", "href": f"{url}?format=pdf", "icon": "download"}
    return [{"label": label, "href": url, "icon": "download"}, pdf]


def _facts(viewer: Viewer, one: Talk, whole: selectors.Whole) -> list[Row]:
    facts = [
        fact(_("谈话种类"), one.get_kind_display()),
        fact(_("谈话日期"), iso(one.on)),
        fact(_("地点"), one.place),
        fact(_("约谈人"), "、".join(row.name for row in whole.talkers)),
        fact(_("承办室组"), str(one.owner_office)),
        fact(_("回访时限"), iso(one.follow_up_due_on)),
    ]
    activity = activity_by_uid(viewer, one.activity.uid) if one.activity else None
    if activity:
        facts.append(fact(_("挂钩监督轮次"), str(activity), href=reverse("desk:round", args=[activity.uid]), wide=True))
    return facts


def _seat(row: Any, link: Links) -> Row:
    promise = {"text": row.promise or "—", "sub": _("对象已签字")} if row.has_signed else row.promise
    cells = [row.person.name, row.organisation.name, row.title, row.get_category_display(), promise]
    slugs = ["correct", "drop"] if row.promise or row.has_signed else ["promise", "correct", "drop"]
    return {"cells": cells, "acts": link(row, *slugs)}
