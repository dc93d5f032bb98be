"""Talks: the list by kind, one talk, and whom nobody has talked to yet (for planning, not a ranking)."""

import re
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.sources.activities.selectors import activity_by_uid
from jiandu.sources.talks import selectors, services
from jiandu.sources.talks.models import Talk
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.forms import talks as forms
from jiandu.surfaces.desk.forms.rounds import ReasonForm
from jiandu.surfaces.desk.registers import Listed, Section, Told, fact
from jiandu.surfaces.desk.rooms import Act, Opened, Room

Said = dict[str, Any]
NAMES = re.compile(r"[、,,;;\s]+")
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


def show_talks(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The talks of a kind, newest first; on its own tab whom nobody has talked to this year."""
    kind, year = request.GET.get("kind", ""), registers.year_of(request)
    not_yet = request.GET.get("tab") == "not-yet"
    tabs = [
        {"label": _("谈话登记"), "href": "?", "current": not not_yet},
        {"label": _("应谈未谈"), "href": "?tab=not-yet", "current": not_yet},
    ]
    if not_yet:
        rows = selectors.not_yet_talked(viewer, since=date(today().year, 1, 1), on=today())
        note = _("今年尚未主动约谈的关键少数和重点岗位人员，按单位列出，供安排使用，不作排名。")
        listed = Listed(_("主动约谈"), NOT_YET, rows, _post, tabs=tabs, note=note, empty=_("都谈过了"))
        return registers.show_list(request, TALKS_ROOM, listed, opened, status)
    listed = Listed(
        title=_("谈话登记"),
        columns=COLUMNS,
        rows=selectors.talks(viewer, kind=kind if kind in Talk.Kind else "", year=year),
        row=_talk,
        tabs=tabs,
        filters=[
            {"name": "kind", "label": _("谈话种类"), "type": "select", "value": kind, "options": KINDS},
            {"name": "year", "label": _("年度"), "type": "number", "value": year or ""},
        ],
        empty=_("没有登记的谈话"),
    )
    return registers.show_list(request, TALKS_ROOM, listed, opened, status)


KINDS = [("", "—"), *Talk.Kind.choices]


def _talk(row: Talk) -> registers.Row:
    unit = str(row.subject or _("多个单位"))
    cells = [row.code, row.theme, row.get_kind_display(), iso(row.on), unit, row.heads, str(row.owner_office)]  # type: ignore[attr-defined]
    return {"href": reverse("desk:talk", args=[row.uid]), "cells": cells}


def _post(row: Any) -> registers.Row:
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


def show_talk(request: HttpRequest, one: Talk, opened: Opened | None, status: int) -> HttpResponse:
    """One talk: who talked with whom, what was said, the follow-up."""
    viewer = request.viewer  # type: ignore[attr-defined]
    told, link = selectors.whole(viewer, one), registers.row_acts(viewer, TALK_ROOM, one)
    activity = activity_by_uid(viewer, one.activity.uid) if one.activity else None
    facts = [
        fact(_("谈话种类"), one.get_kind_display()),
        fact(_("谈话日期"), iso(one.on)),
        fact(_("地点"), one.place),
        fact(_("约谈人"), "、".join(row.name for row in told.talkers)),
        fact(_("承办室组"), str(one.owner_office)),
        fact(_("回访时限"), iso(one.follow_up_due_on)),
    ]
    if activity:
        facts.append(fact(_("挂钩监督轮次"), str(activity), href=reverse("desk:round", args=[activity.uid]), wide=True))
    seats = [
        {
            "cells": [row.person.name, row.organisation.name, row.title, row.get_category_display(), row.promise],
            "acts": link(row, "drop"),
        }
        for row in told.attendees
    ]
    page = Told(
        title=one.theme,
        lede=one.code,
        badge=(_("已撤下"), "danger") if one.withdrawn_on else (_("已登记"), "done"),
        back=(_("谈话登记"), reverse("desk:talks")),
        facts=facts,
        sections=[
            Section(_("谈话对象"), ATTENDEES, seats),
            *[Section(title, words=words) for title, words in _told(one) if words],
            Section(
                _("回访"), FOLLOW_UPS, [{"cells": [iso(row.on), row.by_name, row.note]} for row in told.follow_ups]
            ),
        ],
    )
    return registers.show(request, TALK_ROOM, one, page, opened, status)


def _told(one: Talk) -> list[tuple[str, str]]:
    return [(_("提纲"), one.outline), (_("了解到的情况"), one.learned), (_("指出的问题"), one.pointed_out)]


def _invited(said: Said) -> list[services.Invited]:
    return [services.Invited(person, unit) for person, unit in said.pop("people")]


def _hold(_viewer: Viewer, said: Said, by: Viewer) -> Talk:
    office = office_by_pk(int(said.pop("office")))
    if office is None:
        raise Refused("unknown-office", "请选择承办室组")
    uid = said.pop("activity")
    activity = activity_by_uid(by, UUID(uid)) if uid else None
    officers = NAMES.split(said.pop("officers"))
    new = services.NewTalk(office=office, officers=officers, invited=_invited(said), activity=activity, **said)
    return services.hold_talk(new=new, by=by)


def _add(one: Talk, said: Said, by: Viewer) -> None:
    for invited in _invited(said):
        services.add_attendee(talk=one, by=by, invited=invited)


def _stands(one: Talk) -> bool:
    return one.withdrawn_on is None


TALKS_ROOM = Room(
    "desk:talks",
    lambda viewer: viewer,
    show_talks,
    Talk,
    (Act("hold", gettext_lazy("登记谈话"), forms.TalkForm, _hold),),
    keep="create",
)
TALK_ROOM = Room(
    "desk:talk",
    selectors.talk_by_uid,
    show_talk,
    Talk,
    (
        Act("follow-up", gettext_lazy("登记回访"), forms.FollowUpForm, lambda one, s, by: services.follow_up(talk=one, by=by, **s), fits=_stands),
        Act("attend", gettext_lazy("添加谈话对象"), forms.AttendeeForm, _add, fits=_stands),
        Act("withdraw", gettext_lazy("撤下"), ReasonForm, lambda one, s, by: services.withdraw_talk(talk=one, by=by, **s), fits=_stands),
        Act("drop", gettext_lazy("未到场"), ReasonForm, lambda row, s, by: services.drop_attendee(attendee=row, by=by, **s), lambda one, key: one.attendees.filter(pk=key, withdrawn_on__isnull=True).first()),
    ),
)  # fmt: skip
