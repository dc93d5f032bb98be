"""The annual review: read it, change its wording, freeze its figures, take it as Word."""

from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from jiandu.results.analysis import selectors as analysis
from jiandu.results.analysis.measures.registry import all_measures
from jiandu.results.reports import selectors, services
from jiandu.results.reports.models import Review, Section
from jiandu.results.reports.word import to_docx
from jiandu.surfaces.desk.forms.numbers import AskForm, SectionForm
from jiandu.surfaces.desk.views.numbers import link
from jiandu.surfaces.door.answers import done, page, perform

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def reviews(request: HttpRequest) -> HttpResponse:
    """All reviews, and a new one."""
    viewer = request.viewer  # type: ignore[attr-defined]
    year = date.today().year - 1  # noqa: DTZ011 -- only a suggestion in a form
    form = AskForm(initial={"year": year, "as_of": date(year, 12, 31)})
    return page(request, "desk/reviews/list.html", {"reviews": selectors.reviews(viewer), "form": form})


def new(request: HttpRequest) -> HttpResponseBase:
    """Drafts a review."""
    form = AskForm(request.POST)
    made: list[Review] = []
    viewer = request.viewer  # type: ignore[attr-defined]
    if perform(
        form, lambda: made.append(services.draft_review(year=form.asked()[0], as_of=form.asked()[1], by=viewer))
    ):
        return done(request, _("已起草"), "desk:review-page", made[0].uid)
    return page(request, "desk/reviews/list.html", {"reviews": selectors.reviews(viewer), "form": form}, status=422)


def _found(request: HttpRequest, uid: UUID) -> Review:
    review = selectors.review_by_uid(request.viewer, uid)  # type: ignore[attr-defined]
    if review is None:
        raise Http404
    return review


def read(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The text with every number a link; for a frozen one, what has changed since."""
    viewer = request.viewer  # type: ignore[attr-defined]
    review = _found(request, uid)
    drafted = selectors.read_review(viewer, review)
    changes = (
        [analysis.changed_since(viewer, row) for row in analysis.snapshots_of(viewer, review.uid)]
        if review.frozen_at
        else []
    )
    context = {
        "review": review,
        "drafted": drafted,
        "links": {key: link(key, review.year, review.as_of) for key in drafted.figures},
        "changes": [
            change for change in changes if change.has_changed or change.added.exists() or change.removed.exists()
        ],
    }
    return page(request, "desk/reviews/read.html", context)


def word(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The review as Word."""
    review = _found(request, uid)
    content = to_docx(selectors.read_review(request.viewer, review))  # type: ignore[attr-defined]
    name = f"review-{review.year}-{review.as_of.isoformat()}.docx"
    return HttpResponse(content, content_type=WORD, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def edit(request: HttpRequest, uid: UUID, order: int) -> HttpResponseBase:
    """The wording of one section."""
    review = _found(request, uid)
    section = selectors.section_of(review, order)
    if section is None:
        raise Http404
    form = SectionForm(request.POST or None, initial={"title": section.title, "text": section.text})
    if request.method == "POST" and perform(form, lambda: _save(request, section, form)):
        return done(request, _("已保存"), "desk:review-page", review.uid)
    return page(
        request, "desk/reviews/section.html", {"review": review, "form": form, "measures": all_measures().values()}
    )


def _save(request: HttpRequest, section: Section, form: SectionForm) -> None:
    said = form.cleaned_data
    services.edit_section(section=section, by=request.viewer, title=said["title"], text=said["text"])  # type: ignore[attr-defined]


def freeze(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """定稿锁数."""
    review = _found(request, uid)
    services.freeze(review=review, by=request.viewer)  # type: ignore[attr-defined]
    return done(request, _("已定稿锁数"), "desk:review-page", review.uid)
