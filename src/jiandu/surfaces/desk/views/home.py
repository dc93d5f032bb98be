"""工作台: what waits for me, what runs, what is due, what is overdue, what is done."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors import queues
from jiandu.loop.findings.selectors.ledger import scope_of
from jiandu.sources.petitions.models import Petition
from jiandu.surfaces.desk.told import (
    advisories,
    contact,
    figures,
    handovers,
    petition_notices,
    petitions,
    publications,
    schedule,
)
from jiandu.surfaces.desk.told import instruments as told
from jiandu.surfaces.desk.told import projects as of_projects
from jiandu.surfaces.desk.told.instructed import Instructed, summed
from jiandu.surfaces.desk.views.todo import beside, counted
from jiandu.surfaces.door.answers import page
from jiandu.surfaces.door.tally import remember

SHOWN = 10
MOST = 50


def home(request: HttpRequest) -> HttpResponse:
    """The desk; an administrator, who sees no business, gets the door to his own room."""
    viewer = request.viewer  # type: ignore[attr-defined]
    if not guard.allow(viewer, "view", Finding):
        return _plain(request, viewer)
    found = scope_of(viewer)
    mine, tabs = queues.todo(viewer, found), queues.desk(viewer, found)
    others = beside(viewer)
    counts = summed(queues.count_all(viewer, mine | others | tabs), queues.MINE_CAP)
    waiting = {name: counts[name] for name in (*mine, *others) if name in counts}
    tab = request.GET.get("tab", "")
    context: dict[str, Any] = {"tab": tab, "tabs": _tabs(counts, sum(waiting.values()), tab), "today": today()}
    if tab in tabs:
        rows = queues.first_on_desk(viewer, tab, MOST)
        context |= {"rows": rows, "count": counts[tab], "most": MOST, "more": MORE.get(tab, "")}
    else:
        context["queues"] = _queues(_firsts(viewer, mine, waiting), waiting)
        context |= {name: show(viewer, SHOWN, waiting.get(name, 0)) for name, show in BESIDE.items()}
    context |= {f"may_{verb}": guard.allow(viewer, verb, Finding) for verb in ("create", "urge")}
    response = page(request, "desk/home/home.html", context)
    remember(response, viewer, waiting)
    return response


def _plain(request: HttpRequest, viewer: guard.Viewer) -> HttpResponse:
    """The desk of whoever sees no ledger: the petitions and 预警提示 that wait, what is due, or the way to one's own room."""
    waiting = counted(viewer)
    context: dict[str, Any] = {
        "due": petitions.on_desk(viewer, MOST) if guard.allow(viewer, "view", Petition) else None,
        "petitions": petitions.to_act(viewer, MOST, waiting.get("petitions", 0)),
        "advisories": advisories.to_answer(viewer, SHOWN, waiting.get("advisories", 0)),
    }
    response = page(request, "desk/home/plain.html", context)
    remember(response, viewer, waiting)
    return response


#: What waits beside the ledger, by its queue.
BESIDE = {
    "papers": told.to_sign,
    "contact": contact.to_act,
    "urged": of_projects.urged,
    "joints": schedule.to_answer,
    "decisions": of_projects.to_decide,
    "figures": figures.to_answer,
    "handovers": handovers.to_sign,
    "petitions": petitions.to_act,
    "case_notices": petition_notices.to_take,
    "advisories": advisories.to_answer,
    "publications": publications.to_confirm,
}
#: The ledger with the rows of the tab, in the same order.
MORE = {
    "running": "state=working&sort=due_on",
    "soon": "due=soon&sort=due_on",
    "overdue": "due=overdue&sort=due_on",
    "done": "state=settled&sort=-closed_on",
    "lacking": "lacks=any",
}


def _tabs(counts: dict[str, int], waiting: int, chosen: str) -> list[dict[str, Any]]:
    labels = {
        "running": _("在办"),
        "soon": _("临期"),
        "overdue": _("超期"),
        "done": _("已办"),
        "lacking": _("待补"),
    }
    said = [("", _("待办"), waiting)]
    said += [(name, label, counts[name]) for name, label in labels.items() if name in counts]
    known = {name for name, _label, _count in said}
    here = chosen if chosen in known else ""
    return [
        {"label": label, "href": f"?tab={name}", "count": count, "current": name == here, "key": name}
        for name, label, count in said
    ]


def _firsts(viewer: guard.Viewer, mine: dict[str, Any], waiting: dict[str, int]) -> dict[str, list[Any]]:
    """The rows that come first of each queue in which something waits."""
    firsts = queues.first_of(viewer, {name: rows for name, rows in mine.items() if waiting[name]}, SHOWN)
    return firsts | ({"instructions": Instructed(viewer, "mine")[:SHOWN]} if waiting.get("instructions") else {})


def _queues(firsts: dict[str, list[Any]], waiting: dict[str, int]) -> list[dict[str, Any]]:
    """The queues that are not empty: the rows that come first, and where the rest is."""
    said = {
        "approvals": (_("待签批"), reverse("desk:approvals")),
        "verify": (_("待核验"), reverse("desk:verify-queue")),
        "assign": (_("待交办"), reverse("desk:findings") + "?state=registered"),
        "receive": (_("待签收"), reverse("desk:findings") + "?state=assigned"),
        "instructions": (_("批示件办理"), reverse("desk:instructions")),
        "repeats": (_("重复提示"), reverse("desk:repeats")),
        "look_backs": (_("到期回头看"), reverse("desk:look-backs")),
    }
    return [
        {"key": name, "label": said[name][0], "href": said[name][1], "count": waiting[name], "rows": rows}
        for name in said
        if (rows := firsts.get(name))
    ]
