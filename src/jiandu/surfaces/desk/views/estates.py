"""小区公共收益: the estates and what they show, coverage, one estate, the department's sheets in and out."""

import io
from datetime import date
from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.files import store
from jiandu.net.overseers.models import Office
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.sources.ledgers import selectors, sheet
from jiandu.sources.ledgers.models import Estate, Report
from jiandu.sources.ledgers.services import coverage, estates, publishing
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.forms import estates as forms
from jiandu.surfaces.desk.forms.rounds import ReasonForm
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.told import estates as told
from jiandu.surfaces.desk.told import statements as of_all

Said = dict[str, Any]


def show_estates(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The estates that owe the latest due period, narrowed."""
    get = request.GET.get
    numbers = {name: int(get(name, "")) for name in ("district", "street") if get(name, "").isdecimal()}
    gap = get("gap", "")
    narrowed = selectors.Narrowed(**numbers, text=get("text", "")[:64], gap=gap if gap in selectors.GAPS else "")
    return registers.show_list(request, ESTATES_ROOM, told.estates(viewer, narrowed), opened, status)


def show_coverage(request: HttpRequest) -> HttpResponse:
    """By district, or by street of one."""
    viewer, text = request.viewer, request.GET.get("district", "")  # type: ignore[attr-defined]
    try:
        on = min(date.fromisoformat(request.GET.get("on", "")), today())
    except ValueError:
        on = today()
    page = told.coverage(viewer, int(text) if text.isdecimal() else None, on)
    return registers.show(request, page, registers.Doors(ESTATES_ROOM, viewer, frozenset()), None, 200)


def show_reports(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The department's sheets."""
    return registers.show_list(request, REPORTS_ROOM, told.reports(viewer), opened, status)


def show_statements(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """收支表 of all estates."""
    listed = of_all.statements(viewer, request.GET.get("period", ""), request.GET.get("found", ""))
    return registers.show_list(request, STATEMENTS_ROOM, listed, opened, status)


def show_checks(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """抽查 of all estates."""
    listed = of_all.checks(viewer, request.GET.get("result", ""), registers.year_of(request))
    return registers.show_list(request, CHECKS_ROOM, listed, opened, status)


def show_report(request: HttpRequest, one: Report, opened: Opened | None, status: int) -> HttpResponse:
    """One sheet."""
    may = registers.doors(request.viewer, REPORT_ROOM, one)  # type: ignore[attr-defined]
    return registers.show(request, told.report(one), may, opened, status)


def show_estate(request: HttpRequest, one: Estate, opened: Opened | None, status: int) -> HttpResponse:
    """One estate."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, ESTATE_ROOM, one)
    return registers.show(request, told.estate(viewer, one, may), may, opened, status)


def download(request: HttpRequest) -> FileResponse:
    """The sheet that the department fills in, with what is known."""
    out = io.BytesIO()
    sheet.write_sheet(request.viewer, today(), out)  # type: ignore[attr-defined]
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=f"小区公共收益公示情况表_{today():%Y%m%d}.xlsx")


def photo(request: HttpRequest, uid: UUID, posting: UUID) -> FileResponse:
    """The photo of a posting."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = selectors.estate_by_uid(viewer, uid)
    row = selectors.posting_by_uid(viewer, one, posting) if one else None
    if row is None or not row.photo:
        raise Http404
    return FileResponse(
        store.path_of(row.photo).open("rb"), as_attachment=True, filename=f"公示照片_{row.posted_on}.jpg"
    )


def _office(said: Said) -> Office:
    office = office_by_pk(int(said.pop("office")))
    if office is None:
        raise Refused("unknown-office", "请选择承办室组")
    return office


def _register(_viewer: Viewer, said: Said, by: Viewer) -> Estate:
    return estates.register_estate(new=estates.NewEstate(office=_office(said), **said), by=by)


def _take(_viewer: Viewer, said: Said, by: Viewer) -> Any:
    file = said.pop("file")
    name = store.check_name(file.name)
    kept = store.keep(file.chunks())
    sent = sheet.Sent(office=_office(said), **said)
    return sheet.take_sheet(path=store.path_of(kept.sha256), name=name, sent=sent, by=by)


def _post(one: Estate, said: Said, by: Viewer) -> Any:
    file = said.pop("photo")
    if file is not None:
        store.check_name(file.name)
    kept = store.keep(file.chunks()) if file is not None else None
    return publishing.post(estate=one, by=by, new=publishing.NewPosting(photo=kept, **said))


def _state(one: Estate, said: Said, by: Viewer) -> Any:
    period, lines = said.pop("period"), said.pop("lines")
    return publishing.state(estate=one, by=by, period=period, sums=publishing.Sums(**said), lines=lines)


def _row(name: str) -> Any:
    """A row of the estate's own list by key, while it stands."""
    return lambda one, key: getattr(one, name).filter(pk=key, withdrawn_on__isnull=True).first()


def _stands(one: Estate) -> bool:
    return one.withdrawn_on is None


ESTATES_ROOM = Room(
    "desk:estates",
    lambda viewer: viewer,
    show_estates,
    Estate,
    (
        Act("take", gettext_lazy("导入部门报送"), forms.SheetForm, _take),
        Act("register", gettext_lazy("登记小区"), forms.EstateForm, _register),
    ),
    keep="create",
)
STATEMENTS_ROOM = Room("desk:estate-statements", lambda viewer: viewer, show_statements, Estate)
CHECKS_ROOM = Room("desk:estate-checks", lambda viewer: viewer, show_checks, Estate)
REPORTS_ROOM = Room("desk:estate-reports", lambda viewer: viewer, show_reports, Report)
REPORT_ROOM = Room(
    "desk:estate-report",
    selectors.report_by_uid,
    show_report,
    Report,
    (Act("confirm", gettext_lazy("登记部门确认"), forms.ConfirmForm, lambda one, s, by: coverage.confirm_report(report=one, by=by, **s), fits=lambda one: one.confirmed_on is None),),
)  # fmt: skip
ESTATE_ROOM = Room(
    "desk:estate",
    selectors.estate_by_uid,
    show_estate,
    Estate,
    (
        Act("post", gettext_lazy("登记公示"), forms.PostingForm, _post, fits=_stands),
        Act("state", gettext_lazy("登记收支表"), forms.StatementForm, _state, fits=_stands),
        Act("spot-check", gettext_lazy("抽查"), forms.SpotCheckForm, lambda one, s, by: publishing.spot_check(estate=one, by=by, **s), fits=_stands),
        Act("object", gettext_lazy("登记异议"), forms.ObjectionForm, lambda one, s, by: publishing.object_to(estate=one, by=by, **s), fits=_stands),
        Act("edit", gettext_lazy("编辑"), forms.DescribedForm, lambda one, s, by: estates.amend_estate(estate=one, by=by, said=estates.Described(**s)), fits=_stands),
        Act("end", gettext_lazy("终止"), forms.UntilForm, lambda one, s, by: estates.end_estate(estate=one, by=by, **s), fits=lambda one: _stands(one) and one.until is None),
        Act("withdraw", gettext_lazy("撤下"), ReasonForm, lambda one, s, by: estates.withdraw_estate(estate=one, by=by, **s), fits=_stands),
        Act("take-down", gettext_lazy("登记公示结束"), forms.UntilForm, lambda row, s, by: publishing.take_down(posting=row, by=by, **s), _row("postings")),
        Act("withdraw-posting", gettext_lazy("撤下"), ReasonForm, lambda row, s, by: publishing.withdraw_posting(posting=row, by=by, **s), _row("postings")),
        Act("answer", gettext_lazy("答复"), forms.AnswerForm, lambda row, s, by: publishing.answer(objection=row, by=by, **s), lambda one, key: one.objections.filter(pk=key).first()),
    ),
)  # fmt: skip
