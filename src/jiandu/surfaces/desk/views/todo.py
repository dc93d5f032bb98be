"""Live counts of 待办: asked by the page itself when it is looked at, answered with 204 when nothing has changed.

The last counts travel in a cookie, so that other pages show them without a query. They are numbers and no more.
"""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from jiandu.base.core import guard
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors import queues
from jiandu.loop.instruments.models import Instrument
from jiandu.loop.instruments.selectors import to_sign
from jiandu.results.bulletins.models import Advisory
from jiandu.results.bulletins.selectors import to_answer
from jiandu.results.publications.models import Publication
from jiandu.results.publications.selectors import to_confirm
from jiandu.sources.activities.arranged import joints_waiting
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.selectors import approvals, urged
from jiandu.sources.contactpoints.models import ContactProblem
from jiandu.sources.contactpoints.selectors import waiting
from jiandu.sources.petitions.models import Petition
from jiandu.sources.petitions.offices import is_of_cases
from jiandu.sources.petitions.waiting import notices_waiting
from jiandu.sources.petitions.waiting import waiting as petitions_waiting
from jiandu.surfaces.desk.told import figures, handovers
from jiandu.surfaces.desk.told.instructed import summed
from jiandu.surfaces.desk.told.instructed import waiting as instructed
from jiandu.surfaces.door.answers import page
from jiandu.surfaces.door.tally import remember, remembered


def counted(viewer: guard.Viewer) -> dict[str, int]:
    """How many wait for the viewer in each queue."""
    if not guard.allow(viewer, "view", Finding):
        return queues.count_all(viewer, of_petitions(viewer))
    return summed(queues.count_all(viewer, queues.todo(viewer) | beside(viewer)), queues.MINE_CAP)


def beside(viewer: guard.Viewer) -> dict[str, QuerySet[Any]]:
    """What waits beside the ledger: 批示 to answer, sheets to sign, problems that contact points told, projects, figures,
    交接单, petitions, 案管通报, 预警提示, 公开稿.
    """
    return (
        instructed(viewer)
        | papers(viewer)
        | told(viewer)
        | of_activities(viewer)
        | figures.queue(viewer)
        | handovers.queue(viewer)
        | of_petitions(viewer)
        | of_publications(viewer)
    )


def of_publications(viewer: guard.Viewer) -> dict[str, QuerySet[Any]]:
    """What waits for the viewer as the second person before the public reads it, or no longer does."""
    return {"publications": to_confirm(viewer)} if guard.allow(viewer, "publish", Publication) else {}


def of_petitions(viewer: guard.Viewer) -> dict[str, QuerySet[Any]]:
    """Petitions that wait for the viewer, what case supervision was told of, what his office was sent to sign for and answer."""
    acts = any(guard.allow(viewer, verb, Petition) for verb in ("handle", "edit", "approve"))
    found: dict[str, QuerySet[Any]] = {"petitions": petitions_waiting(viewer)} if acts else {}
    if is_of_cases(viewer):
        found["case_notices"] = notices_waiting(viewer)
    return found | ({"advisories": to_answer(viewer)} if guard.allow(viewer, "answer", Advisory) else {})


def told(viewer: guard.Viewer) -> dict[str, QuerySet[ContactProblem]]:
    """The contact points' problems on which he must act, as a queue; none for who acts on none."""
    return {"contact": waiting(viewer)} if guard.allow(viewer, "answer", ContactProblem) else {}


def of_activities(viewer: guard.Viewer) -> dict[str, QuerySet[Any]]:
    """What was put to the viewer about projects and rounds, and what his body is urged for."""
    decides = any(guard.allow(viewer, verb, Activity) for verb in ("approve", "confirm_paper"))
    found: dict[str, QuerySet[Any]] = {"decisions": approvals(viewer, "mine")} if decides else {}
    asked = {"urged": urged(viewer), "joints": joints_waiting(viewer)}
    return found | (asked if guard.allow(viewer, "edit", Activity) else {})


def papers(viewer: guard.Viewer) -> dict[str, QuerySet[Instrument]]:
    """The sheets that wait for the viewer's signature, as a queue; none for who signs none."""
    signs = any(guard.allow(viewer, verb, Instrument) for verb in ("sign", "approve"))
    return {"papers": to_sign(viewer)} if signs else {}


def counts(request: HttpRequest) -> HttpResponse:
    """The tallies of the top bar and the menu."""
    viewer = request.viewer  # type: ignore[attr-defined]
    now = counted(viewer)
    if now == remembered(request):
        return HttpResponse(status=204)
    response = page(request, "desk/home/_tallies.html", {"total": sum(now.values()), "counts": now})
    remember(response, viewer, now)
    return response
