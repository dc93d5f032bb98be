"""回头看: what is due and planned, the rounds drawn by a seed, what was found."""

import secrets
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.loop.findings.selectors import queues
from jiandu.loop.findings.selectors.ledger import Filters
from jiandu.loop.findings.services import sampling
from jiandu.loop.findings.services.sampling import NewRound, Sample
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.net.subjects.selectors import find_organisation
from jiandu.sources.activities import selectors as activities
from jiandu.sources.activities.models import Activity
from jiandu.surfaces.desk.forms.ledger import RoundForm
from jiandu.surfaces.desk.views import choices
from jiandu.surfaces.desk.views.queues import Tab, listed, paged
from jiandu.surfaces.door.answers import done, page, perform


def look_backs(request: HttpRequest) -> HttpResponse:
    """Due, planned, done; and the rounds."""
    viewer = request.viewer  # type: ignore[attr-defined]
    if request.GET.get("tab") == "rounds":
        return _rounds(request)
    plan = queues.look_back_plan(viewer)
    tabs = [
        Tab("", _("到期"), plan.filter(planned_on__lte=today()), _("没有到期的回头看。")),
        Tab("all", _("全部计划"), plan, _("还没有安排回头看。可以抽样新建一轮，或者在已销号问题的页面上安排。")),
        Tab("done", _("已完成"), queues.look_backs_done(viewer), _("还没有完成的回头看。")),
    ]
    return listed(request, "look_backs", _("回头看"), tabs, **_doors(viewer))


def _doors(viewer: guard.Viewer) -> dict[str, Any]:
    return {"more_tabs": [("rounds", _("回头看计划"))], "may_draw": guard.allow(viewer, "create", Activity)}


def _rounds(request: HttpRequest) -> HttpResponse:
    """The rounds, each with how far it has come."""
    viewer = request.viewer  # type: ignore[attr-defined]
    rows = activities.activities(viewer, kind=Activity.Kind.LOOK_BACK).select_related("owner_office")
    shown = paged(request, rows)
    results = queues.results_of(viewer, [row.pk for row in shown["rows"]])
    nothing = {"total": 0, "done": 0, "bad": 0}
    context = {"rounds": [{"row": row, **results.get(row.pk, nothing)} for row in shown["rows"]], **_doors(viewer)}
    return page(request, "desk/queues/rounds.html", context | {key: shown[key] for key in ("newer_page", "older_page")})


def round_of(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One round: how it was drawn, its findings, their results."""
    viewer = request.viewer  # type: ignore[attr-defined]
    activity = activities.activity_by_uid(viewer, uid)
    if activity is None or activity.kind != Activity.Kind.LOOK_BACK:
        raise Http404
    results = queues.results_of(viewer, [activity.pk]).get(activity.pk, {"total": 0, "done": 0, "bad": 0})
    rows = queues.look_backs_in(viewer, activity)
    context = {"round": activity, "results": results, "today": today(), **paged(request, rows)}
    return page(request, "desk/queues/round.html", context)


def draw(request: HttpRequest) -> HttpResponseBase:
    """A new round: first what would be drawn is shown, then it is planned."""
    viewer = request.viewer  # type: ignore[attr-defined]
    start = {"seed": secrets.randbelow(1_000_000), "percent": 20, "planned_on": today()}
    options = {"office": choices.own_offices(viewer), "aspect": choices.aspects(viewer, today().year)}
    form = RoundForm(request.POST or None, choices=options, initial=start)
    made: list[Any] = []
    is_preview = "preview" in request.POST
    if request.method == "POST" and perform(
        form, lambda: made.append(_drawn(viewer, form.cleaned_data, is_preview=is_preview))
    ):
        if not is_preview:
            activity, rows = made[0]
            return done(
                request, _("已安排%(count)d个问题的回头看") % {"count": len(rows)}, "desk:look-back-round", activity.uid
            )
        return page(request, "desk/queues/draw.html", {"form": form, "drawn": made[0], "today": today()})
    return page(request, "desk/queues/draw.html", {"form": form}, status=422 if form.errors else 200)


def _drawn(viewer: guard.Viewer, said: dict[str, Any], *, is_preview: bool) -> Any:
    unit = find_organisation(viewer, said["unit"], on=today()) if said["unit"].strip() else None
    if said["unit"].strip() and unit is None:
        raise Refused("unknown-unit", "没有登记过这个单位:%(name)s", name=said["unit"])
    filters = Filters(subject=unit, is_below=unit is not None, aspect=int(said["aspect"]) if said["aspect"] else None)
    sample = Sample(filters.condition(), said["percent"], said["seed"], said["since"], said["until"])
    if is_preview:
        return sampling.draw(viewer, sample)
    office = office_by_pk(int(said["office"]))
    if office is None:
        raise Refused("unknown-office", "请选择承办室组")
    new = NewRound(said["name"], office, said["planned_on"], sample, _scope_words(said))
    return sampling.plan_round(new=new, by=viewer)


def _scope_words(said: dict[str, Any]) -> str:
    """The range in words, for the plan's own text."""
    ends = "".join(
        f"{word}{said[name].isoformat()}" for name, word in (("since", "销号自"), ("until", "至")) if said[name]
    )
    return "、".join(filter(None, [said["unit"], said["aspect_words"], ends]))
