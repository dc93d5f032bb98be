"""案管通报 and 送阅登记: the registers that follow from items, each beside the others."""

from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.sources.petitions import selectors
from jiandu.sources.petitions.models import CaseNotice, Petition
from jiandu.sources.petitions.services import notifying
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.forms import petitions as forms
from jiandu.surfaces.desk.registers import Batch, Listed, select
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.told import petition_notices, petition_readings
from jiandu.surfaces.desk.told import petitions as told
from jiandu.surfaces.desk.views.petitions import uid_of
from jiandu.surfaces.door.answers import done


def _which(request: HttpRequest, *known: str) -> str:
    said = request.GET.get("which", "")
    return said if said in known else ""


def show_notices(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """What case supervision was told of, and has to be."""
    which = _which(request, "lacks", "told")
    days: dict[int, date] = {}
    listed = Listed(
        title=_("案管通报"),
        columns=petition_notices.NOTICES,
        rows=selectors.notices(viewer, which),
        row=lambda row: petition_notices.notice(row, days),
        more=lambda rows: days.update(selectors.routed_days(viewer, rows)),
        tabs=told.tabs(viewer, "petition-notices"),
        filters=[select("which", _("状态"), which, (("lacks", _("待通报")), ("told", _("已通报"))))],
        note=_(
            "本级管辖、首次转本机关部门的检举控告和申诉，转办同时通报案件监督管理室（《纪检监察机关处理检举控告工作规则》第十四条）。"
        ),
        empty=_("没有须通报的信访件"),
    )
    return registers.show_list(request, NOTICES_ROOM, listed, opened, status)


def show_readings(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """Who has which papers."""
    which = _which(request, "out", "late")
    found: dict[int, Petition] = {}
    rows = selectors.readings(viewer, which)
    if request.GET.get("format") == "xlsx":
        rows = rows.none()  # of what is of level ≥ 2 nothing leaves, nor of its parts (`sheeted`)
    listed = Listed(
        title=_("送阅登记"),
        columns=petition_readings.REGISTER,
        rows=rows,
        row=lambda row: petition_readings.listed(row, found),
        more=lambda rows: found.update(selectors.by_keys(viewer, [row.petition_id for row in rows])),
        tabs=told.tabs(viewer, "petition-readings"),
        filters=[select("which", _("状态"), which, (("out", _("未退回")), ("late", _("超期未退"))))],
        note=_("送阅、收回在信访件页登记；批示密封保存，在信访件页解锁后显示。"),
        empty=_("没有送阅登记"),
    )
    return registers.show_list(request, READINGS_ROOM, listed, opened, status)


def show_case_notices(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """What the viewer's case office was told of."""
    listed = Listed(
        title=_("收到的案管通报"),
        columns=petition_notices.TAKEN,
        rows=selectors.case_notices(viewer),
        row=petition_notices.taken,
        tabs=told.tabs(viewer, "case-notices"),
        note=_("信访部门转办首次件时同时通报；只列编号、日期和承办部门，不含反映内容。"),
        empty=_("没有收到案管通报"),
        batch=Batch(reverse("desk:case-notices-take"), _("签收所选")),
    )
    return registers.show_list(request, CASE_NOTICES_ROOM, listed, opened, status)


def take_many(request: HttpRequest) -> HttpResponseBase:
    """签收 of those that are ticked, today."""
    uids = [uid for said in request.POST.getlist("uid") if (uid := uid_of(said)) is not None]
    many = notifying.take_notices(uids=uids, by=request.viewer, on=today())  # type: ignore[attr-defined]
    words = ngettext("已签收%(many)d件通报", "已签收%(many)d件通报", many) % {"many": many}
    return done(request, words, "desk:case-notices")


def show_case_notice(request: HttpRequest, one: CaseNotice, opened: Opened | None, status: int) -> HttpResponse:
    """One of them."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, CASE_NOTICE_ROOM, one)
    return registers.show(request, petition_notices.case_notice(one), may, opened, status)


NOTICES_ROOM = Room("desk:petition-notices", lambda viewer: viewer, show_notices, Petition)
READINGS_ROOM = Room("desk:petition-readings", lambda viewer: viewer, show_readings, Petition)
CASE_NOTICES_ROOM = Room("desk:case-notices", lambda viewer: viewer, show_case_notices, CaseNotice)
CASE_NOTICE_ROOM = Room(
    "desk:case-notice",
    selectors.case_notice_by_uid,
    show_case_notice,
    CaseNotice,
    (
        Act(
            "take",
            pgettext_lazy("act", "签收"),
            forms.OnForm,
            lambda one, s, by: notifying.take_notice(notice=one, by=by, **s),
            verb="handle",
            fits=lambda one: one.taken_on is None,
        ),
    ),
)
