"""The import wizard: upload, preview with errors in place, import. And the export of the ledger."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.files import store
from jiandu.base.jobs import folder, selectors, services
from jiandu.base.jobs.models import Job
from jiandu.base.jobs.services import NewJob
from jiandu.loop.workbooks import exporting, jobs
from jiandu.surfaces.desk.forms.ledgers import CommitForm, UploadForm
from jiandu.surfaces.desk.views.filtering import filters_of
from jiandu.surfaces.door.answers import page, words_of


def start(request: HttpRequest) -> HttpResponseBase:
    """The upload form; posted, the preview is made."""
    form = UploadForm(request.POST or None, request.FILES or None)
    viewer = request.viewer  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            job = _received(viewer, form.cleaned_data["file"])
        except Refused as refused:
            form.add_error("file", words_of(refused))
        else:
            jobs.start(job, viewer, is_large=jobs.is_large(folder.brought(job)))
            return _see(job)
    recent = selectors.jobs_of(viewer, jobs.PREVIEW, jobs.IMPORT)[:5]
    context = {"form": form, "recent": recent}
    return page(request, "desk/ledgers/upload.html", context, status=422 if form.errors else 200)


def _received(viewer: Viewer, upload: Any) -> Job:
    name = store.check_name(upload.name)
    job = services.open_job(new=NewJob(jobs.PREVIEW, name, {"name": name}), by=viewer)
    store.receive(upload.chunks(), folder.brought(job))
    return job


def _see(job: Job) -> HttpResponseBase:
    response = redirect("desk:job", uid=job.uid)
    response.status_code = 303
    return response


def commit(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """Imports what the preview showed: at once, or in the background when it is much."""
    viewer = request.viewer  # type: ignore[attr-defined]
    looked = selectors.job_by_uid(viewer, uid, jobs.PREVIEW)
    form = CommitForm(request.POST)
    if looked is None or looked.status != Job.Status.DONE or not form.is_valid():
        raise Http404
    asked = {
        "preview": looked.pk,
        "name": looked.name,
        "digest": looked.said["digest"],
        "create_missing": form.cleaned_data["create_missing"],
    }
    job = services.open_job(new=NewJob(jobs.IMPORT, looked.name, asked), by=viewer)
    jobs.start(job, viewer, is_large=looked.said["rows"] > jobs.LARGE_ROWS)
    return _see(job)


def export(request: HttpRequest) -> HttpResponseBase:
    """The ledger as filtered, in Excel or CSV, logged before it leaves."""
    viewer = request.viewer  # type: ignore[attr-defined]
    kind = "csv" if request.POST.get("kind") == "csv" else "xlsx"
    prepared = exporting.prepare(viewer, filters_of(request.POST), kind=kind)
    response = StreamingHttpResponse(_chunks(prepared), content_type=prepared.content_type)
    response["Content-Disposition"] = f'attachment; filename="{prepared.name}"'
    return response


def _chunks(prepared: exporting.Prepared) -> Iterator[bytes]:
    """The written file, in pieces; it is removed afterwards."""
    with prepared.open() as file:
        while chunk := file.read(65536):
            yield chunk
