"""Papers of rounds, talks and contact points: the page of a round's papers, and each of them as Word or PDF."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.selectors.tallies import found_at
from jiandu.loop.findings.word import feedback_docx
from jiandu.loop.grassroots import grid_word as of_grid
from jiandu.loop.grassroots.selectors import meeting_by_uid
from jiandu.results.reports.rounds import round_docx
from jiandu.sources.activities import project_word as of_project
from jiandu.sources.activities import word as of_round
from jiandu.sources.activities.campaign_word import campaign_docx
from jiandu.sources.activities.models import Activity, LinkedUnit, Visit
from jiandu.sources.activities.selectors import activity_by_uid, project_by_uid, round_by_uid
from jiandu.sources.contactpoints import selectors as contact
from jiandu.sources.contactpoints import word as of_contact
from jiandu.sources.talks import word as of_talk
from jiandu.sources.talks.selectors import plan_by_uid, talk_by_uid
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.handing_out import Paper, hand_out
from jiandu.surfaces.desk.rooms import Opened, Room
from jiandu.surfaces.desk.told import papers as told


def show_papers(request: HttpRequest, one: Activity, opened: Opened | None, status: int) -> HttpResponse:
    """What can be printed of a round."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, ROUND_PAPERS_ROOM, one)
    return registers.show(request, told.papers(viewer, one), may, opened, status)


ROUND_PAPERS_ROOM = Room("desk:round-papers", round_by_uid, show_papers, Activity)


def round_paper(request: HttpRequest, uid: UUID, paper: str) -> HttpResponse:
    """One paper of a round; `?unit=` and `?visit=` say of which unit or visit."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = _or_404(round_by_uid(viewer, uid))
    unit, visit = _row(request, one, "unit", "linked_units"), _row(request, one, "visit", "visits")
    of = f"_{unit.organisation}" if unit else f"_{visit.organisation}_{visit.on}" if visit else f"_{one.code}"
    known = {
        "plan": Paper(paper, f"挂钩监督方案{of}", lambda mark: of_round.plan_docx(viewer, one, mark=mark)),
        "schedule": Paper(paper, f"走访安排表{of}", lambda mark: of_round.schedule_docx(viewer, one, mark=mark)),
        "notice": Paper(paper, f"走访通知{of}", lambda mark: of_round.notices_docx(viewer, one, unit, mark=mark)),
        "visit": Paper(
            paper, f"走访记录表{of}", lambda mark: _visit(viewer, one, visit or unit, mark), visit is not None
        ),
        "feedback": Paper(
            paper,
            f"问题反馈单{of}",
            lambda mark: feedback_docx(viewer, one, unit.organisation if unit else None, mark=mark),
        ),
    }
    return hand_out(request, "activity.paper", one, _or_404(known.get(paper)))


def _visit(viewer: Viewer, one: Activity, of: Visit | LinkedUnit | None, mark: str) -> bytes:
    if not isinstance(of, Visit):
        return of_round.visit_docx(viewer, one, linked=of, mark=mark)
    found = [f"{row.problem}（{row.code}）" for row in found_at(viewer, of)]
    return of_round.visit_docx(viewer, one, of, found=found, mark=mark)


def round_report(request: HttpRequest, uid: UUID) -> HttpResponse:
    """轮次报告."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = _or_404(round_by_uid(viewer, uid))
    name = f"挂钩监督情况报告_{one.code}"
    paper = Paper("report", name, lambda mark: round_docx(viewer, one, mark=mark), is_inner=True)
    return hand_out(request, "activity.paper", one, paper)


def project_plan(request: HttpRequest, uid: UUID) -> HttpResponse:
    """监督项目方案."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = _or_404(project_by_uid(viewer, uid))
    paper = Paper("plan", f"监督项目方案_{one.code}", lambda mark: of_project.plan_docx(viewer, one, mark=mark))
    return hand_out(request, "activity.paper", one, paper)


def project_closing(request: HttpRequest, uid: UUID) -> HttpResponse:
    """监督项目结项评价表."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = _or_404(project_by_uid(viewer, uid))
    name = f"监督项目结项评价表_{one.code}"
    paper = Paper("closing", name, lambda mark: of_project.closing_docx(viewer, one, mark=mark), is_inner=True)
    return hand_out(request, "activity.paper", one, paper)


def talk_paper(request: HttpRequest, uid: UUID, paper: str) -> HttpResponse:
    """谈话提纲 or 谈话记录表."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = _or_404(talk_by_uid(viewer, uid))
    known = {
        "outline": Paper(
            paper, f"谈话提纲_{one.code}", lambda mark: of_talk.outline_docx(viewer, one, mark=mark), is_inner=True
        ),
        "record": Paper(
            paper, f"谈话记录表_{one.code}", lambda mark: of_talk.record_docx(viewer, one, mark=mark), is_inner=True
        ),
    }
    return hand_out(request, "talk.paper", one, _or_404(known.get(paper)))


def plan_outline(request: HttpRequest, uid: UUID) -> HttpResponse:
    """谈话提纲 of a talk that is planned."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = _or_404(plan_by_uid(viewer, uid))
    name = f"谈话提纲_{one.theme}"
    paper = Paper("outline", name, lambda mark: of_talk.outline_docx(viewer, one, mark=mark), is_inner=True)
    return hand_out(request, "talk_plan.paper", one, paper)


def contact_handing(request: HttpRequest, uid: UUID) -> HttpResponse:
    """交办单, for the department: nothing on it or in its name tells who told."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = _or_404(contact.problem_by_uid(viewer, uid))
    if one.withdrawn_on or one.merged_into_id:
        raise Http404
    name = f"联系点反映问题交办单_{one.code}"
    paper = Paper("handing", name, lambda mark: of_contact.handing_docx(viewer, one, mark=mark))
    return hand_out(request, "contact_problem.paper", one, paper)


def contact_reply(request: HttpRequest, uid: UUID, reflection: UUID) -> HttpResponse:
    """答复反馈单, for one enterprise: found only where its point is in scope."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = _or_404(contact.problem_by_uid(viewer, uid))
    row = _or_404(next((each for each in contact.who_told(viewer, one) if each.uid == reflection), None))
    name = f"联系点问题答复反馈单_{one.code}_{row.alias}"
    paper = Paper("reply", name, lambda mark: of_contact.reply_docx(viewer, one, row, mark=mark))
    return hand_out(request, "contact_problem.paper", one, paper)


def contact_points(request: HttpRequest) -> HttpResponse:
    """联系点名单, as far as the viewer sees them."""
    viewer = request.viewer  # type: ignore[attr-defined]
    name = f"营商环境监督联系点名单_{today():%Y%m%d}"
    paper = Paper(
        "points", name, lambda mark: of_contact.list_docx(viewer, contact.points(viewer), mark=mark), is_inner=True
    )
    return hand_out(request, "contact_point.paper", None, paper)


def campaign_paper(request: HttpRequest, uid: UUID) -> HttpResponse:
    """专项整治情况."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = _or_404(activity_by_uid(viewer, uid))
    if one.kind != Activity.Kind.CAMPAIGN:
        raise Http404
    paper = Paper(
        "campaign", f"专项整治情况_{one.code}", lambda mark: campaign_docx(viewer, one, mark=mark), is_inner=True
    )
    return hand_out(request, "activity.paper", one, paper)


def grid_roster(request: HttpRequest) -> HttpResponse:
    """近邻监督员名册, as far as the viewer sees the cells."""
    viewer = request.viewer  # type: ignore[attr-defined]
    name = f"近邻监督员名册_{today():%Y%m%d}"
    paper = Paper("roster", name, lambda mark: of_grid.roster_docx(viewer, mark=mark), is_inner=True)
    return hand_out(request, "grid_cell.paper", None, paper)


def meeting_paper(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The record of a meeting or training."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = _or_404(meeting_by_uid(viewer, uid))
    paper = Paper("meeting", f"记录表_{one.on}_{one.theme}", lambda mark: of_grid.meeting_docx(viewer, one, mark=mark))
    return hand_out(request, "meeting.paper", one, paper)


def _or_404(thing: Any) -> Any:
    if thing is None:
        raise Http404
    return thing


def _row(request: HttpRequest, one: Activity, name: str, rows: str) -> Any:
    """The row of the round that the address names, while it stands; None where it names none."""
    text = request.GET.get(name, "")
    if not text:
        return None
    key = int(text) if text.isdigit() and len(text) < 19 else 0
    return _or_404(getattr(one, rows).filter(pk=key, withdrawn_on__isnull=True).select_related("organisation").first())
