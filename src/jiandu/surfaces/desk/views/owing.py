"""催报: the list of units that owe an answer, a file for each with one click; and the files that came back, all at once."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.jobs import selectors, services
from jiandu.base.jobs.models import Job
from jiandu.base.jobs.services import NewJob
from jiandu.loop.workbooks import jobs
from jiandu.loop.workbooks.owed import KINDS_OWED
from jiandu.loop.workbooks.owing import owing, ready
from jiandu.surfaces.desk.forms.ledgers import SinceForm
from jiandu.surfaces.desk.views import choices
from jiandu.surfaces.desk.views.filtering import filters_of
from jiandu.surfaces.desk.views.jobs import acts_of
from jiandu.surfaces.door.answers import page

ASKED = ("office", "activity")


def show(request: HttpRequest) -> HttpResponse:
    """Who owes, who has reported since the day, and the way to send and to take back."""
    viewer = request.viewer  # type: ignore[attr-defined]
    form = SinceForm(request.GET if request.GET.get("since") else None)
    since = form.cleaned_data["since"] if form.is_bound and form.is_valid() else today().replace(day=1)
    said = {name: request.GET[name] for name in ASKED if request.GET.get(name, "").isdigit()}
    filters = filters_of(said)
    rows = owing(viewer, filters, since)
    kinds = [kind for kind in KINDS_OWED if any(one.owed(kind.key) for one in rows)]
    context = {
        "rows": [{"one": one, "others": [(kind.label, one.owed(kind.key)) for kind in kinds]} for one in rows],
        "kinds": [kind.label for kind in kinds],
        "said": said,
        "form": form,
        "since": since,
        "office": filters.office,
        "offices": [("", "—"), *choices.all_offices(viewer)],
        "silent": sum(not one.has_returned for one in rows),
        "today": today(),
    }
    return page(request, "desk/ledgers/owing.html", context)


def batch(request: HttpRequest) -> HttpResponse:
    """The files that came back together: what each will do, what hinders, what is written."""
    previews, taken = _of_batch(request.viewer, request.GET.get("of", ""))  # type: ignore[attr-defined]
    rows = [_row(job, taken.get(job.pk)) for job in previews]
    open_ = [job for job in ready(previews) if not _is_taken(taken.get(job.pk))]
    runs = any(selectors.is_unfinished(job) for job in [*previews, *taken.values()])
    context = {"rows": rows, "ready": len(open_), "of": request.GET.get("of", ""), "runs": runs}
    return page(request, "desk/ledgers/batch.html", context)


WRONG = 3  # cells of a file that are told on the page of the batch; its own page has all


def _row(job: Job, taken: Job | None) -> dict[str, Any]:
    """A file: what it does, what hinders and where, what was written."""
    problems = job.said.get("problems") or []
    acts = taken.said.get("acts", {}) if taken is not None and taken.status == Job.Status.DONE else {}
    return {
        "job": job,
        "said": job.said,
        "taken": taken,
        "reason": _reason(taken if taken is not None and taken.status == Job.Status.FAILED else job),
        "problems": problems[:WRONG],
        "more": max(len(problems) - WRONG, 0),
        "acts": acts_of(acts),
    }


def take_all(request: HttpRequest) -> HttpResponseBase:
    """Writes every file of the batch in which nothing is wrong; each is written whole or not at all."""
    viewer, of = request.viewer, request.POST.get("of", "")  # type: ignore[attr-defined]
    previews, taken = _of_batch(viewer, of)
    if not previews:
        raise Http404
    for looked in ready(previews):
        if not _is_taken(taken.get(looked.pk)):
            asked = {**looked.asked, "preview": looked.pk, "digest": looked.said["digest"]}
            job = services.open_job(new=NewJob(jobs.TAKE, looked.name, asked), by=viewer)
            jobs.start(job, viewer, is_large=len(previews) > jobs.AT_ONCE)
    return to_batch(of)


def to_batch(of: str) -> HttpResponseBase:
    """303 to the page of a batch."""
    response = redirect(f"{reverse('desk:unit-batch')}?of={of}")
    response.status_code = 303
    return response


def _of_batch(viewer: Viewer, text: str) -> tuple[list[Job], dict[int, Job]]:
    """(the viewer's previews of the batch in the order of their upload, preview's key → the job that wrote it)."""
    try:
        of = str(UUID(text))
    except ValueError:
        return [], {}
    found = selectors.jobs_of(viewer, jobs.RETURN, jobs.TAKE).filter(asked__batch=of).order_by("pk")
    rows = list(found)
    return [job for job in rows if job.kind == jobs.RETURN], {
        job.asked["preview"]: job for job in rows if job.kind == jobs.TAKE
    }


def _is_taken(job: Any) -> bool:
    """Whether it is written or about to be: one that failed may be tried again."""
    return job is not None and job.status != Job.Status.FAILED


def _reason(job: Job) -> str:
    reason = _(job.reason) if job.reason else ""
    details = job.said.get("details") or {}
    return reason % details if details else reason
