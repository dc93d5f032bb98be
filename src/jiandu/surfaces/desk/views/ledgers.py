"""The import wizard: upload, preview with errors in place, import. And the export of the ledger."""

import io
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.db.transaction import atomic
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from jiandu.base.books.known import REGISTERS
from jiandu.base.books.sheets import write_begun
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.ids import new_uid
from jiandu.base.core.sheets import SheetRefused, is_bundle, unpack_bundle
from jiandu.base.files import store
from jiandu.base.jobs import folder, selectors, services
from jiandu.base.jobs.models import Job
from jiandu.base.jobs.services import NewJob
from jiandu.loop.workbooks import exporting, jobs, templates
from jiandu.loop.workbooks.fields import FIELDS
from jiandu.surfaces.desk.forms.ledgers import CommitForm, ReturnForm, UploadForm
from jiandu.surfaces.desk.views.filtering import filters_of
from jiandu.surfaces.desk.views.jobs import file_of
from jiandu.surfaces.desk.views.owing import to_batch
from jiandu.surfaces.door.answers import page, words_of


def start(request: HttpRequest) -> HttpResponseBase:
    """The upload form; posted, the preview is made."""
    form = UploadForm(request.POST or None, request.FILES or None)
    viewer = request.viewer  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            job = received(viewer, jobs.PREVIEW, form.cleaned_data["file"])
        except Refused as refused:
            form.add_error("file", words_of(refused))
        else:
            jobs.start(job, viewer, is_large=jobs.is_large(folder.brought(job)))
            return see(job)
    recent = selectors.jobs_of(viewer, jobs.PREVIEW, jobs.IMPORT)[:5]
    context = {"form": form, "recent": recent}
    return page(request, "desk/ledgers/upload.html", context, status=422 if form.errors else 200)


def received(viewer: Viewer, kind: str, upload: Any, **asked: Any) -> Job:
    """The job that looks at the file, with the file in its folder. Raises Refused."""
    name = store.check_name(upload.name)
    job = services.open_job(new=NewJob(kind, name, {"name": name, **asked}), by=viewer)
    store.receive(upload.chunks(), folder.brought(job))
    return job


def see(job: Job) -> HttpResponseBase:
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
    return see(job)


def missing(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """The units that a ledger names and nobody has registered, as the roster that the administrator takes in."""
    looked = selectors.job_by_uid(request.viewer, uid, jobs.PREVIEW)  # type: ignore[attr-defined]
    names = looked.said.get("missing", {}).get("units") if looked and looked.status == Job.Status.DONE else None
    if looked is None or not names:
        raise Http404
    out, book = io.BytesIO(), REGISTERS["units"].book
    note = _("台账“%(file)s”写到而尚未登记的单位；核对名称、补上其他栏目后按名册登记") % {"file": looked.name}
    blank = [""] * (len(book.columns) - 1)
    write_begun(book, [[name, *blank] for name in names], out, note=note)
    out.seek(0)
    name = _("尚未登记的单位")
    return FileResponse(out, as_attachment=True, filename=f"{name}.xlsx", content_type=exporting.TYPES["xlsx"])


def export(request: HttpRequest) -> HttpResponseBase:
    """The ledger as filtered: asked with its columns; small ones come at once, large ones as a job."""
    viewer, said = request.viewer, request.POST or request.GET  # type: ignore[attr-defined]
    filters = filters_of(said)
    found = exporting.exported(viewer, filters)
    foreign, reason = exporting.foreign_rows(viewer, found), said.get("reason", "").strip()[:200]
    kind, columns = "csv" if said.get("kind") == "csv" else "xlsx", tuple(said.getlist("column"))
    offered = list(templates.templates_of(viewer))
    chosen = next((str(one.uid) for one in offered if said.get("kind") == f"template:{one.uid}"), "")
    if request.method != "POST" or (foreign and not reason):
        count, is_posted = found.count(), request.method == "POST"
        context = {"said": said, "fields": FIELDS, "count": count, "is_large": count > jobs.LARGE_ROWS}
        context |= {"foreign": foreign, "columns": columns, "kind": kind, "lacks_reason": is_posted, "reason": reason}
        context |= {"templates": offered, "template": chosen}
        return page(request, "desk/ledgers/export.html", context, status=422 if is_posted else 200)
    wanted = exporting.Export(filters, kind, columns, reason, chosen)
    return _left(request, jobs.EXPORT, _("问题台账"), wanted)


def unit_sheets(request: HttpRequest) -> HttpResponseBase:
    """The sheets that units fill in, for the open findings as filtered: one unit's workbook, or a zip of several."""
    kind = jobs.OWED if request.POST.get("owed") else "xlsx"
    return _left(request, jobs.SHEETS, _("整改情况反馈表"), exporting.Export(filters_of(request.POST), kind))


def take_back(request: HttpRequest) -> HttpResponseBase:
    """The form for units' sheets that came back; posted, what each row will do. Of several: what each file will do."""
    form = ReturnForm(request.POST or None, request.FILES or None)
    viewer = request.viewer  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            brought = _brought(viewer, form.cleaned_data)
        except Refused as refused:
            form.add_error("file", words_of(refused))
        else:
            for job in (job for job in brought if job.status == Job.Status.WAITING):
                jobs.start(job, viewer, is_large=len(brought) > jobs.AT_ONCE)
            return see(brought[0]) if len(brought) == 1 else to_batch(brought[0].asked["batch"])
    recent = selectors.jobs_of(viewer, jobs.RETURN, jobs.TAKE)[:5]
    context = {"form": form, "recent": recent}
    return page(request, "desk/ledgers/return.html", context, status=422 if form.errors else 200)


@atomic
def _brought(viewer: Viewer, said: dict[str, Any]) -> list[Job]:
    """A job for each file, all of one batch; one of several that cannot be taken is listed with its reason. Raises Refused."""
    asked = {"people": said["people"], "on": said["on"].isoformat() if said["on"] else "", "batch": str(new_uid())}
    files = [one for upload in said["file"] for one in _files(upload)]
    if len(files) == 1:
        return [received(viewer, jobs.RETURN, files[0], **asked)]
    return [_received_or_refused(viewer, one, asked) for one in files]


def _received_or_refused(viewer: Viewer, upload: Any, asked: dict[str, Any]) -> Job:
    try:
        with atomic():
            return received(viewer, jobs.RETURN, upload, **asked)
    except Refused as refused:
        new = NewJob(jobs.RETURN, upload.name, {"name": upload.name, **asked})
        return services.open_refused(new=new, by=viewer, refused=refused)


def _files(upload: Any) -> Iterator[Any]:
    """The upload itself, or the files of an archive of several. Raises Refused, with the name of the archive."""
    head = upload.read(4)
    upload.seek(0)
    if not is_bundle(head, upload.name):
        yield upload
        return
    try:
        for member in unpack_bundle(upload.file):
            yield ContentFile(member.content, name=member.name)
    except SheetRefused as refused:
        words = f"{refused.message} · {refused.english}"
        raise Refused("bundle-refused", "压缩包“%(name)s”：%(reason)s", name=upload.name, reason=words) from refused


def take(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """Writes what the preview of a unit's sheet showed."""
    viewer = request.viewer  # type: ignore[attr-defined]
    looked = selectors.job_by_uid(viewer, uid, jobs.RETURN)
    if looked is None or looked.status != Job.Status.DONE:
        raise Http404
    asked = {**looked.asked, "preview": looked.pk, "digest": looked.said["digest"]}
    job = services.open_job(new=NewJob(jobs.TAKE, looked.name, asked), by=viewer)
    return see(jobs.start(job, viewer, is_large=False))


def _left(request: HttpRequest, kind: str, name: str, wanted: exporting.Export) -> HttpResponseBase:
    """The file itself when it is small, else the page of the job that writes it."""
    viewer = request.viewer  # type: ignore[attr-defined]
    job = services.open_job(new=NewJob(kind, name, wanted.as_dict()), by=viewer)
    jobs.start(job, viewer, is_large=jobs.many(viewer, wanted))
    path = selectors.result_of(job)
    return file_of(job, path) if path else see(job)
