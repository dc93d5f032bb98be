"""信访举报情况分析 as it counts now: of a week, month, quarter or year, of last week where nothing is asked."""

from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.net.access.standing import Standing
from jiandu.net.subjects.models import Population
from jiandu.net.subjects.selectors import organisation_by_uid
from jiandu.results.digests.counting import Theme, bulletin
from jiandu.results.digests.lists import problem_lists
from jiandu.results.digests.periods import Kind, Period, like
from jiandu.results.digests.tables import Bulletin
from jiandu.results.digests.word import Beside, bulletin_docx
from jiandu.results.digests.wording import title_of
from jiandu.sources.petitions.models import Petition
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.handing_out import Paper, hand_out
from jiandu.surfaces.desk.rooms import Opened, Room
from jiandu.surfaces.desk.told import bulletins as told


def show(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The bulletin that is asked for."""
    said = _asked(request, viewer)
    theme = {name: request.GET[name] for name in ("domain", "category", "unit") if request.GET.get(name)}
    query = {**told.query_of(said.period), "outside": "1" if said.is_for_outside else "", **theme}
    may = registers.doors(viewer, BULLETIN_ROOM, viewer)
    listed = () if said.is_for_outside else problem_lists(viewer, said.period, _theme(request, viewer))
    page = told.bulletin(viewer, said, query, listed, may_count=guard.allow(viewer, "count", Population))
    return registers.show(request, page, may, opened, status)


def word(request: HttpRequest) -> HttpResponse:
    """The same as Word."""
    viewer = request.viewer  # type: ignore[attr-defined]
    said = _asked(request, viewer)
    standing = viewer.standing
    office = standing.office_name if isinstance(standing, Standing) else ""
    listed = () if said.is_for_outside else problem_lists(viewer, said.period, _theme(request, viewer))
    beside = Beside(lists=listed)
    paper = Paper(
        "bulletin",
        title_of(said.period, said.about),
        lambda mark: bulletin_docx(viewer, said, office, beside, mark=mark),
        is_inner=not said.is_for_outside,
    )
    return hand_out(request, "petition.bulletin", None, paper)


def _asked(request: HttpRequest, viewer: Viewer) -> Bulletin:
    return bulletin(
        viewer, _period(request), theme=_theme(request, viewer), for_outside=request.GET.get("outside") == "1"
    )


def _theme(request: HttpRequest, viewer: Viewer) -> Theme | None:
    """专题, where the URL names a domain or a unit."""
    domain, category = request.GET.get("domain", "")[:32], request.GET.get("category", "")[:8]
    said = request.GET.get("unit", "")
    try:
        unit = organisation_by_uid(UUID(said)) if said else None
    except ValueError as error:
        raise Http404 from error
    if said and unit is None:
        raise Http404
    if not (domain or category or unit):
        return None
    path, name = (unit.path, str(unit)) if unit else ("", "")
    return Theme(domain=domain, category=category, subject_path=path, name=name)


def _period(request: HttpRequest) -> Period:
    """As the URL says; else the week that ended last."""
    said = {name: request.GET.get(name, "") for name in ("kind", "year", "number")}
    if not said["kind"]:
        year, week, _day = (today() - timedelta(days=7)).isocalendar()
        return Period(Kind.WEEK, year, week)
    try:
        return like(Kind(said["kind"]), int(said["year"] or today().year), int(said["number"] or 1))
    except ValueError as error:
        raise Http404 from error


BULLETIN_ROOM = Room("desk:petitions-bulletin", lambda viewer: viewer, show, Petition)
