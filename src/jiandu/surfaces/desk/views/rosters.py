"""The directory by sheet: units, persons with posts, who watches and leads which unit. Upload, preview, take in."""

import io
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase

from jiandu.base.core.errors import Refused
from jiandu.base.jobs import folder, selectors, services
from jiandu.base.jobs.models import Job
from jiandu.base.jobs.services import NewJob
from jiandu.loop.workbooks import jobs
from jiandu.loop.workbooks.exporting import TYPES
from jiandu.net.overseers.rosters.books import BOOKS
from jiandu.net.overseers.rosters.sheets import write_empty
from jiandu.surfaces.desk.forms.ledgers import RosterForm
from jiandu.surfaces.desk.views.ledgers import received, see
from jiandu.surfaces.door.answers import page, words_of


def start(request: HttpRequest) -> HttpResponseBase:
    """The upload form; posted, the preview is made."""
    form = RosterForm(request.POST or None, request.FILES or None, initial={"book": request.GET.get("book", "units")})
    viewer = request.viewer  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            job = received(viewer, jobs.ROSTER, form.cleaned_data["file"], book=form.cleaned_data["book"])
        except Refused as refused:
            form.add_error("file", words_of(refused))
        else:
            is_large = folder.brought(job).stat().st_size > jobs.ROSTER_BYTES
            return see(jobs.start(job, viewer, is_large=is_large))
    recent = selectors.jobs_of(viewer, jobs.ROSTER, jobs.ROSTER_TAKE)[:5]
    context = {"form": form, "recent": recent, "books": BOOKS.values()}
    return page(request, "desk/ledgers/roster_upload.html", context, status=422 if form.errors else 200)


def commit(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """Does what the preview showed: at once, or in the background when it is much."""
    viewer = request.viewer  # type: ignore[attr-defined]
    looked = selectors.job_by_uid(viewer, uid, jobs.ROSTER)
    if looked is None or looked.status != Job.Status.DONE:
        raise Http404
    asked = {**looked.asked, "preview": looked.pk, "digest": looked.said["digest"]}
    job = services.open_job(new=NewJob(jobs.ROSTER_TAKE, looked.name, asked), by=viewer)
    is_large = folder.brought(looked).stat().st_size > jobs.ROSTER_BYTES
    return see(jobs.start(job, viewer, is_large=is_large))


def empty(_request: HttpRequest, book: str) -> HttpResponseBase:
    """An empty sheet of the kind, to fill in."""
    if book not in BOOKS:
        raise Http404
    out = io.BytesIO()
    write_empty(BOOKS[book], out)
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=f"{BOOKS[book].label}.xlsx", content_type=TYPES["xlsx"])
