"""A register by sheet: upload, preview, take in; and its empty sheet. One set of views for each intake."""

import io
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.urls import URLPattern

from jiandu.base.books.sheets import write_empty
from jiandu.base.core.errors import Refused
from jiandu.base.jobs import folder, selectors, services
from jiandu.base.jobs.models import Job
from jiandu.base.jobs.services import NewJob
from jiandu.loop.workbooks import jobs
from jiandu.loop.workbooks.exporting import TYPES
from jiandu.surfaces.desk.forms.ledgers import BookForm
from jiandu.surfaces.desk.intakes import Intake
from jiandu.surfaces.desk.views.ledgers import received, see
from jiandu.surfaces.door.answers import page, words_of
from jiandu.surfaces.door.routes import P, View


def _start(intake: Intake) -> View:
    """The upload form; posted, the preview is made."""

    def view(request: HttpRequest) -> HttpResponseBase:
        begin = {"book": request.GET.get("book", intake.keys[0])}
        form = BookForm(request.POST or None, request.FILES or None, initial=begin, intake=intake)
        viewer = request.viewer  # type: ignore[attr-defined]
        if request.method == "POST" and form.is_valid():
            try:
                job = received(viewer, jobs.BOOK, form.cleaned_data["file"], book=form.cleaned_data["book"])
            except Refused as refused:
                form.add_error("file", words_of(refused))
            else:
                return see(jobs.start(job, viewer, is_large=_is_large(job)))
        made = selectors.jobs_of(viewer, jobs.BOOK, jobs.BOOK_TAKE)[:50]
        recent = [job for job in made if job.asked["book"] in intake.keys][:5]
        context = {"form": form, "recent": recent, "intake": intake, "empty": f"desk:{intake.name}-empty"}
        return page(request, "desk/ledgers/book_upload.html", context, status=422 if form.errors else 200)

    return view


def _is_large(job: Job) -> bool:
    return folder.brought(job).stat().st_size > jobs.BOOK_BYTES


def _commit(intake: Intake) -> View:
    """Does what the preview showed: at once, or in the background when it is much."""

    def view(request: HttpRequest, uid: UUID) -> HttpResponseBase:
        viewer = request.viewer  # type: ignore[attr-defined]
        looked = selectors.job_by_uid(viewer, uid, jobs.BOOK)
        if looked is None or looked.status != Job.Status.DONE or looked.asked["book"] not in intake.keys:
            raise Http404
        asked = {**looked.asked, "preview": looked.pk, "digest": looked.said["digest"]}
        job = services.open_job(new=NewJob(jobs.BOOK_TAKE, looked.name, asked), by=viewer)
        return see(jobs.start(job, viewer, is_large=_is_large(looked)))

    return view


def _empty(intake: Intake) -> View:
    """An empty sheet of the kind, to fill in."""

    def view(_request: HttpRequest, book: str) -> HttpResponseBase:
        found = next((one.book for one in intake.registers if one.book.key == book), None)
        if found is None:
            raise Http404
        out = io.BytesIO()
        write_empty(found, out)
        out.seek(0)
        return FileResponse(out, as_attachment=True, filename=f"{found.label}.xlsx", content_type=TYPES["xlsx"])

    return view


def routes(intake: Intake) -> list[URLPattern]:
    """The pages of one intake, each with the right that its registers ask."""
    verb, model = intake.registers[0].verb, intake.registers[0].model
    route, name = intake.route, intake.name
    return [
        P(route, _start(intake), verb, model, name=name, methods=("GET", "POST")),
        P(f"{route}<uuid:uid>/commit/", _commit(intake), verb, model, name=f"{name}-commit", methods=("POST",)),
        P(f"{route}<slug:book>/", _empty(intake), verb, model, name=f"{name}-empty"),
    ]
