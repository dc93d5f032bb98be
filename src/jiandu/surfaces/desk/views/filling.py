"""套表: a superior's blank is uploaded once, its cells are bound, and for each period it comes back filled."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from jiandu.base.core import guard
from jiandu.base.core.clock import add_months, today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets import SheetRefused
from jiandu.base.core.sheets.splice import place
from jiandu.base.core.text import parse_date
from jiandu.base.files import store
from jiandu.net.access.selectors import look
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.results.analysis.points import Point, rows_at
from jiandu.results.analysis.years import latest_year
from jiandu.results.filling import keeping, selectors
from jiandu.results.filling.answering import beyond, months, tell
from jiandu.results.filling.bindings import Cell, Period
from jiandu.results.filling.changing import Change
from jiandu.results.filling.keeping import NewForm
from jiandu.results.filling.models import SuperiorForm
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.forms.filling import BindForm, NewFormForm
from jiandu.surfaces.desk.forms.rounds import ReasonForm
from jiandu.surfaces.desk.registers import Row
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.sheeted import XLSX
from jiandu.surfaces.desk.told import filling as told
from jiandu.surfaces.desk.views.choices import own_offices
from jiandu.surfaces.desk.views.numbers import listed
from jiandu.surfaces.door.answers import done, page, perform, words_of


def show_forms(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The register."""
    said = told.forms(viewer, may_create=guard.allow(viewer, "create", SuperiorForm))
    return registers.show_list(request, FORMS_ROOM, said, opened, status)


def new(request: HttpRequest) -> HttpResponseBase:
    """上传空表: then to what is proposed for its cells."""
    viewer, made = request.viewer, list[SuperiorForm]()  # type: ignore[attr-defined]
    offices = own_offices(viewer)
    form = NewFormForm(request.POST or None, request.FILES or None, offices=offices)
    if request.method == "POST" and perform(form, lambda: made.append(_register(viewer, form))):
        return done(request, _("已上传，请核对每格的口径"), "desk:form-bind", made[0].uid)
    return page(request, "desk/reviews/form_new.html", {"form": form}, status=422 if form.errors else 200)


def _register(viewer: Viewer, form: Form) -> SuperiorForm:
    said = form.cleaned_data
    office, name = office_by_pk(int(said["office"])), store.check_name(said["file"].name)
    if office is None:
        raise Refused("unknown-office", "请选择承办室组")
    given = NewForm(said["name"].strip() or Path(name).stem, name, said["file"].read(), office)
    with _readable():
        return keeping.register_form(new=given, by=viewer)


@contextmanager
def _readable() -> Iterator[None]:
    """What a workbook is refused for, in the reader's language. Raises Refused."""
    try:
        yield
    except SheetRefused as refused:
        words = refused.english if get_language() == "en" else refused.message
        raise Refused("sheet", words) from refused


def _found(request: HttpRequest, uid: UUID) -> SuperiorForm:
    form = selectors.form_by_uid(request.viewer, uid)  # type: ignore[attr-defined]
    if form is None:
        raise Http404
    look(request.viewer, form, what="form")  # type: ignore[attr-defined]
    return form


def bind(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """口径: every cell with what it takes, and the form that changes it for cells, rows or columns."""
    one, count = _found(request, uid), list[tuple[int, int]]()
    begin = {name: request.GET[name] for name in ("sheet", "at") if name in request.GET}
    form = BindForm(request.POST or None, initial=begin)

    def act() -> None:
        said = keeping.bind(form=one, by=request.viewer, asked=_asked(form, request))  # type: ignore[attr-defined]
        count.append((said.count, len(said.unread)))

    if request.method == "POST" and perform(form, act):
        return done(request, _changed(*count[0]), f"{request.path}?{urlencode({'sheet': form.cleaned_data['sheet']})}")
    return _bound(request, one, form)


def _asked(form: BindForm, request: HttpRequest) -> Change:
    said = form.cleaned_data
    return Change(said["sheet"], said["at"], said["measure"], said["span"], said["words"], "remove" in request.POST)


def _changed(count: int, unread: int) -> str:
    words = ngettext("已设定 %(n)s 格", "已设定 %(n)s 格", count) % {"n": count}
    if unread:
        words += ngettext("，%(n)s 格没有读懂，仍留空", "，%(n)s 格没有读懂，仍留空", unread) % {"n": unread}
    return words


def _bound(request: HttpRequest, one: SuperiorForm, form: BindForm) -> HttpResponse:
    opened = selectors.opened(one)
    title = _sheet(opened, request.POST.get("sheet") or request.GET.get("sheet", ""))
    form.initial["sheet"] = title
    context = {
        "one": one,
        "form": form,
        "tabs": _tabs(opened, title),
        "table": told.bound(one, opened, title),
        "unread": told.unread(one, opened),
        "left": len(opened.left),
        "used": told.used(opened.bindings.values()),
        "columns": registers.headed(told.USED),
        "focus": _focus(one, form),
    }
    return page(request, "desk/reviews/form_bind.html", context, status=422 if form.errors else 200)


def _focus(one: SuperiorForm, form: BindForm) -> str:
    """Where the hands begin: at what is wrong, at what a named cell takes, at the acceptance, at the next cells."""
    if form.errors:
        return "at"
    if form.initial.get("at"):
        return "measure"
    return "at" if one.accepted_on else "accept"


def _sheet(opened: selectors.Opened, wanted: str) -> str:
    """The sheet that is asked for, else the first that has cells to fill."""
    titles = [one.title for one in opened.read.sheets]
    own = [*(name for name, _at in opened.bindings), *(name for name, _at in opened.left), *titles]
    return wanted if wanted in titles else own[0]


def _tabs(opened: selectors.Opened, title: str, more: str = "") -> list[Row]:
    titles = [one.title for one in opened.read.sheets]
    links = [f"?{urlencode({'sheet': one})}{more}" for one in titles]
    tabs = [
        {"label": one, "href": href, "current": one == title, "is_name": True}
        for one, href in zip(titles, links, strict=True)
    ]
    return tabs if len(tabs) > 1 else []


def accept(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """采用建议: all that was shown."""
    one, form = _found(request, uid), Form(request.POST)
    seen = request.POST.get("seen", "")
    if perform(form, lambda: keeping.accept(form=one, by=request.viewer, seen=seen)):  # type: ignore[attr-defined]
        left = one.cell_count - one.bound_count
        return done(request, _("已采用"), "desk:form-bind" if left else "desk:form", uid)
    raise Refused("form-moved", " ".join(map(str, form.non_field_errors())))


def _period(request: HttpRequest) -> Period:
    """The month that is asked, else the last that has ended, in the latest year with records. Raises Refused."""
    if said := request.GET.get("period", ""):
        return Period.read(said)
    last = add_months(today().replace(day=1), -1)
    year = latest_year(request.viewer, last)  # type: ignore[attr-defined]
    return Period(year, 12) if year and year < last.year else Period(last.year, last.month)


def _day(request: HttpRequest, period: Period) -> date:
    """统计截止日: as asked, else the month's end or today. Raises Refused (as-of)."""
    said = request.GET.get("as_of", "").strip()
    try:
        return period.as_of(parse_date(said) if said else None)
    except ValueError as error:
        raise Refused("as-of", "统计截止日：%(reason)s", reason=_(str(error))) from error


def show_form(request: HttpRequest, one: SuperiorForm, opened: Opened | None, status: int) -> HttpResponse:
    """The form filled for a period."""
    viewer = request.viewer  # type: ignore[attr-defined]
    context: dict[str, Any] = {"one": one, "opened": opened, "acts": registers.doors(viewer, FORM_ROOM, one).acts()}
    context["may_edit"] = guard.allow(viewer, "edit", one)
    if one.accepted_on and not one.withdrawn_on:
        try:
            context |= _filled(request, one)
        except Refused as refused:
            context["refused"], status = words_of(refused), 422
    return page(request, "desk/reviews/form.html", context, status=status)


def _filled(request: HttpRequest, one: SuperiorForm) -> Row:
    period = _period(request)
    day = _day(request, period)
    opened = selectors.opened(one)
    said = tell(request.viewer, opened.read, opened.bindings, period, day)  # type: ignore[attr-defined]
    title = _sheet(opened, request.GET.get("sheet", ""))
    return {
        "period": period,
        "as_of": day,
        "is_usual": day == period.as_of(None),
        "earlier": str(_month(period, -1)),
        "next": str(_month(period, 1)) if _month(period, 1).start <= today() else "",
        "told": said,
        "beyond": beyond(request.viewer, opened.bindings.values()),  # type: ignore[attr-defined]
        "tabs": _tabs(opened, title, f"&period={period}&as_of={day}"),
        "table": told.filled(one, opened, said, title),
        "unread": told.unread(one, opened),
    }


def _month(period: Period, by: int) -> Period:
    day = add_months(period.start, by)
    return Period(day.year, day.month)


def cell(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The rows behind a number of the form: same measure, words and months."""
    one, said, viewer = _found(request, uid), request.GET, request.viewer  # type: ignore[attr-defined]
    opened, period = selectors.opened(one), _period(request)
    at = _cell(opened, said.get("sheet", ""), said.get("at", ""))
    there = {at: opened.bindings[at]} if at in opened.bindings and one.accepted_on else {}
    day = _day(request, period)
    answer = tell(viewer, opened.read, there, period, day).answers.get(at)
    if answer is None:
        raise Http404
    binding = answer.binding
    rows = rows_at(viewer, Point(binding.key, answer.ask, binding.within))
    context = {"one": one, "answer": answer, "value": told.number(answer.value), "period": period, "as_of": day}
    context |= {"at": told.cell_name(at), "months": months(answer.ask), "words": told.whole_words(binding)}
    return page(request, "desk/reviews/form_cell.html", context | listed(rows, said))


def _cell(opened: selectors.Opened, sheet: str, at: str) -> Cell:
    """The cell that is named, else the first that is bound. Raises Http404."""
    try:
        return (sheet, place(at)) if at else next(iter(opened.bindings))
    except (ValueError, StopIteration) as error:
        raise Http404 from error


def file(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The workbook with its numbers."""
    one, period = _found(request, uid), _period(request)
    with _readable():
        day = _day(request, period)
        content = keeping.take_filled(form=one, by=request.viewer, period=period, as_of=day)  # type: ignore[attr-defined]
    kept = period if day == period.as_of(None) else _("%(period)s，截至%(day)s") % {"period": period, "day": day}
    name = content_disposition_header(as_attachment=True, filename=f"{one.name}（{kept}）.xlsx")
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": str(name)})


FORMS_ROOM = Room("desk:forms", lambda viewer: viewer, show_forms, SuperiorForm)
FORM_ROOM = Room(
    "desk:form",
    selectors.form_by_uid,
    show_form,
    SuperiorForm,
    (
        Act(
            "withdraw",
            gettext_lazy("撤下"),
            ReasonForm,
            lambda one, said, by: keeping.withdraw_form(form=one, by=by, **said),
            fits=lambda one: one.withdrawn_on is None,
        ),
    ),
)
