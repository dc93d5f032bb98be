"""单位情况一页通: the page, the lists behind its numbers, and the sheet that is taken along."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from jiandu.base.core.clock import today
from jiandu.net.subjects.models import Organisation
from jiandu.results.reports.unit_page import unit_by_uid, unit_page
from jiandu.results.reports.unit_word import unit_docx
from jiandu.surfaces.desk.forms.directory import AsOfForm
from jiandu.surfaces.desk.handing_out import Paper, hand_out
from jiandu.surfaces.desk.registers import headed
from jiandu.surfaces.desk.told import unit_page as told
from jiandu.surfaces.desk.views.queues import paged
from jiandu.surfaces.door.answers import page


def show(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The page, as of today or of the day asked for."""
    viewer, unit, (form, day) = request.viewer, _found(request, uid), _asked(request)  # type: ignore[attr-defined]
    said = unit_page(viewer, unit, day)
    context = {"unit": unit, "said": said, "form": form, "parts": told.parts(said), "numbers": told.numbers(said)}
    return page(request, "desk/offices/unit_page.html", context)


def rows(request: HttpRequest, uid: UUID, part: str) -> HttpResponse:
    """Everything behind a number or behind “其余”."""
    viewer, unit, (_form, day) = request.viewer, _found(request, uid), _asked(request)  # type: ignore[attr-defined]
    behind = told.behind(viewer, unit, part, day)
    if behind is None:
        raise Http404
    title, columns, found, tell = behind
    shown = paged(request, found)
    context: dict[str, Any] = {"unit": unit, "title": title, "columns": headed(columns), "day": day, **shown}
    return page(request, "desk/offices/unit_rows.html", context | {"rows": [tell(row) for row in shown["rows"]]})


def word(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The sheet as Word or PDF."""
    viewer, unit, (_form, day) = request.viewer, _found(request, uid), _asked(request)  # type: ignore[attr-defined]
    name = f"{unit.name}情况一页通_{day:%Y%m%d}"
    paper = Paper("unit_page", name, lambda mark: unit_docx(viewer, unit, day, mark=mark), is_inner=True)
    return hand_out(request, "organisation.paper", unit, paper)


def _found(request: HttpRequest, uid: UUID) -> Organisation:
    unit = unit_by_uid(request.viewer, uid)  # type: ignore[attr-defined]
    if unit is None:
        raise Http404
    return unit


def _asked(request: HttpRequest) -> tuple[AsOfForm, date]:
    """The form with the day, and the day: today where none is said, or one that has not come."""
    form = AsOfForm(request.GET if request.GET.get("on") else None)
    day = form.cleaned_data["on"] if form.is_bound and form.is_valid() else None
    return form, min(day or today(), today())
