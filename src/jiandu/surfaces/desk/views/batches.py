"""批量文书: the records are ticked, their papers are made at once, as one Word file or one file each."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.jobs import selectors, services
from jiandu.base.jobs.services import NewJob
from jiandu.loop.workbooks import jobs
from jiandu.loop.workbooks.batches import AT_ONCE, BATCHES, Batch, named
from jiandu.sources.activities.selectors import round_by_uid
from jiandu.surfaces.desk.registers import headed
from jiandu.surfaces.desk.views.jobs import file_of
from jiandu.surfaces.desk.views.ledgers import see
from jiandu.surfaces.door.answers import page

COLUMNS = (
    (gettext_lazy("序号"), "num"),
    (gettext_lazy("单位"), "main"),
    (gettext_lazy("编号"), "code"),
    (gettext_lazy("事由"), "wrap"),
)
BACK = {
    "outline": "desk:talks",
    "record": "desk:talks",
    "letter": "desk:letters",
    "handing": "desk:contact-problems",
    "alert": "desk:alerts",
}


def papers(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The records of a kind, to be ticked; posted, the papers of those ticked."""
    viewer, batch = request.viewer, BATCHES.get(kind)  # type: ignore[attr-defined]
    if batch is None or not guard.allow(viewer, "view", batch.model):
        raise Http404
    of = _round(viewer, request) if batch.is_of_round else None
    uids = request.POST.getlist("uid") if request.method == "POST" else []
    if uids:
        return _made(viewer, kind, [uid for uid in uids if _is_uid(uid)], request.POST.get("as", ""))
    here = f"{reverse('desk:papers', args=[kind])}{f'?of={of.uid}' if of else ''}"
    back = reverse("desk:round-papers", args=[of.uid]) if of else reverse(BACK[kind])
    rows = [_row(number, row, batch) for number, row in enumerate(batch.rows(viewer, of), 1)]
    columns = headed(COLUMNS)
    is_empty = request.method == "POST"
    context = {"label": batch.label, "rows": rows, "columns": columns, "here": here, "back": back}
    context["refused"] = _("请先勾选要生成文书的记录") if is_empty else ""
    return page(request, "desk/registers/papers.html", context, status=422 if is_empty else 200)


def _row(number: int, row: Any, batch: Batch) -> dict[str, Any]:
    called = named(row, batch)
    unit, serial = batch.told(row)
    cells = [number, "", serial, ""] if called == serial else [number, unit, serial, batch.about(row)]  # of level ≥ 2
    return {"id": str(row.uid), "name": called, "cells": cells}


def _made(viewer: Viewer, kind: str, uids: list[str], form: str) -> HttpResponseBase:
    """The file itself where all were made at once; else the page of the job, which names what was refused."""
    asked = {"kind": kind, "uids": uids, "as": "docx" if form == "docx" else "zip"}
    job = services.open_job(new=NewJob(jobs.PAPERS, str(BATCHES[kind].label), asked), by=viewer)
    jobs.start(job, viewer, is_large=len(uids) > AT_ONCE)
    path = selectors.result_of(job)
    return file_of(job, path) if path and not job.said["refused"] else see(job)


def _round(viewer: Viewer, request: HttpRequest) -> Any:
    text = request.GET.get("of", "")
    one = round_by_uid(viewer, UUID(text)) if _is_uid(text) else None
    if one is None:
        raise Http404
    return one


def _is_uid(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False
