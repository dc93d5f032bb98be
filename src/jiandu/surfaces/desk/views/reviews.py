"""The annual review: read it, change its wording, freeze its figures, take it as Word."""

from datetime import date
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiandu.base.charts.draw import to_svg
from jiandu.base.core import guard
from jiandu.base.core.clock import add_months, today
from jiandu.results.analysis import frozen as freezer
from jiandu.results.analysis import selectors as analysis
from jiandu.results.analysis.measures.registry import Ask, all_measures
from jiandu.results.analysis.years import latest_year
from jiandu.results.reports import asked, selectors, services
from jiandu.results.reports.drafting import Drafted
from jiandu.results.reports.editions import Edition
from jiandu.results.reports.models import Review, Section
from jiandu.results.reports.plots import Link, chart_of, title_of
from jiandu.results.reports.poster import poster as laid_out
from jiandu.surfaces.desk.forms.numbers import AskForm, SectionForm
from jiandu.surfaces.desk.views import counted
from jiandu.surfaces.desk.views.numbers import link
from jiandu.surfaces.door.answers import done, page, perform

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def reviews(request: HttpRequest) -> HttpResponse:
    """All reviews, and a new one: of the last whole year that has records, else of the present one so far."""
    viewer, end = request.viewer, add_months(today().replace(month=12, day=31), -12)  # type: ignore[attr-defined]
    whole = latest_year(viewer, end)
    last = date(whole, 12, 31) if whole else today() if latest_year(viewer, today()) else end
    return _listed(request, AskForm(initial={"year": last.year, "as_of": last}))


def _listed(request: HttpRequest, form: AskForm, status: int = 200) -> HttpResponse:
    viewer = request.viewer  # type: ignore[attr-defined]
    context = {
        "reviews": selectors.reviews(viewer, latest_year(viewer, today())),
        "form": form,
        "may_draft": guard.allow(viewer, "draft", Review),
        "may_own": guard.allow(viewer, "figures", Review),
    }
    return page(request, "desk/reviews/list.html", context, status=status)


def new(request: HttpRequest) -> HttpResponseBase:
    """Drafts a review."""
    form = AskForm(request.POST)
    made: list[Review] = []
    viewer = request.viewer  # type: ignore[attr-defined]
    ask = form.asked()
    if perform(form, lambda: made.append(services.draft_review(year=ask.year, as_of=ask.as_of, by=viewer))):
        return done(request, _("已起草"), "desk:review-page", made[0].uid)
    return _listed(request, form, status=422)


def _found(request: HttpRequest, uid: UUID) -> Review:
    review = selectors.review_by_uid(request.viewer, uid)  # type: ignore[attr-defined]
    if review is None:
        raise Http404
    return review


def read(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The text with every number a link."""
    return _shown(request, _found(request, uid))


def _shown(request: HttpRequest, review: Review, refused: str = "", status: int = 200) -> HttpResponse:
    viewer = request.viewer  # type: ignore[attr-defined]
    drafted = selectors.read_review(viewer, review)
    go, found = _links(review, drafted), selectors.remarks(review, drafted)
    context = {
        "review": review,
        "drafted": drafted,
        "links": {key: go(key, "", "") for key in _keys(drafted)},
        "sections": [
            {"section": one, "pictures": [_drawn(plot, go) for plot in one.plots], "figures": _figures(one)}
            for one in drafted.sections
        ],
        "is_foreign": not (get_language() or "zh").startswith("zh"),
        "changes": _changes(request, review) if review.frozen_at else [],
        "may_draft": not review.frozen_at and guard.allow(viewer, "draft", review),
        "may_freeze": not review.frozen_at and guard.allow(viewer, "freeze", review),
        "unsettled": asked.unsettled(viewer, review) if guard.allow(viewer, "freeze", review) else 0,
        "refused": refused,
        "remarks": found,
        "must": sum(remark.must for remark in found),
    }
    return page(request, "desk/reviews/read.html", context, status=status)


def _figures(section: Any) -> list[Any]:
    """The figures that a section says, each once: what it says in the reader's language where that is not the text's."""
    said = [run.figure for sentence in section.sentences for run in sentence if run.figure]
    return list({(figure.measure.key, figure.as_of): figure for figure in said}.values())


def _keys(drafted: Drafted) -> set[str]:
    return set(drafted.figures) | {key for ratio in drafted.ratios for key in ratio.rate.parts}


def _links(review: Review, drafted: Drafted) -> Link:
    """Where a figure's rows open: the records of now for a draft, what was counted for a frozen text."""
    ask = Ask(review.year, review.as_of)
    parts = [part for ratio in drafted.ratios for part in (ratio.numerator, ratio.denominator, ratio.excluded)]
    days = {one.measure.key: one.as_of or ask.as_of for one in [*parts, *drafted.figures.values()]}

    def go(key: str, by: str, of: str) -> str:
        if review.frozen_at:
            return reverse("desk:review-figure", args=[review.uid, key])
        return link(key, ask.at(days[key]), **({"by": by, "of": of} if by else {}))

    return go


def _drawn(plot: Any, go: Link) -> dict[str, str]:
    return {"title": title_of(plot, _), "svg": to_svg(chart_of(plot, link=go, say=_))}


def poster(request: HttpRequest, uid: UUID) -> HttpResponse:
    """一图读懂: the figures on one sheet of paper, each the link to its rows."""
    review = _found(request, uid)
    drafted = selectors.read_review(request.viewer, review)  # type: ignore[attr-defined]
    go = _links(review, drafted)
    context = {
        "review": review,
        "drafted": drafted,
        "links": {key: go(key, "", "") for key in _keys(drafted)},
        "parts": [
            (part, [[(block, _small(block.plot, go)) for block in row] for row in part.rows])
            for part in laid_out(drafted)
        ],
    }
    return page(request, "desk/reviews/poster.html", context)


def _small(plot: Any, go: Link) -> dict[str, str] | None:
    if plot is None:
        return None
    return {"title": title_of(plot, _), "svg": to_svg(chart_of(plot, link=go, say=_, width=640, most=5))}


def _changes(request: HttpRequest, review: Review) -> list[dict[str, Any]]:
    """What was entered or corrected since the freezing, where the viewer covers what was counted; each number's rows."""
    viewer = request.viewer  # type: ignore[attr-defined]
    rows = [row for row in freezer.snapshots_of(viewer, review.uid) if freezer.may_open_rows(viewer, row)]
    changes = [change for row in rows if (change := freezer.changed_since(viewer, row)).has_changed]
    return [
        {
            "change": one,
            "then": reverse("desk:review-figure", args=[review.uid, one.snapshot.key]),
            "now": link(one.snapshot.key, Ask(one.snapshot.year, one.snapshot.as_of)),
        }
        for one in changes
    ]


def figure(request: HttpRequest, uid: UUID, key: str) -> HttpResponse:
    """A frozen figure: what was published, and the rows that it counted; to others, their own figure of the same date."""
    viewer = request.viewer  # type: ignore[attr-defined]
    review = _found(request, uid)
    snapshot = freezer.snapshot_of(viewer, review.uid, key)
    if snapshot is None:
        raise Http404
    context: dict[str, Any] = {"review": review, "snapshot": snapshot, "figure": freezer.as_published(snapshot)}
    if freezer.may_open_rows(viewer, snapshot):
        context |= _counted_then(request, snapshot)
    else:
        ask = Ask(snapshot.year, snapshot.as_of)
        context |= {"own": analysis.figure(viewer, key, ask), "own_href": link(key, ask)}
    return page(request, "desk/reviews/figure.html", context)


def _counted_then(request: HttpRequest, snapshot: Any) -> dict[str, Any]:
    """The rows that it counted, or those that came or went since; a page of them."""
    viewer, said, side = request.viewer, request.GET.get("from", ""), request.GET.get("since", "")  # type: ignore[attr-defined]
    start, of = int(said) if said.isdecimal() and len(said) < 10 else 0, snapshot.row_count
    if side in ("added", "removed"):
        keys = getattr(freezer.changed_since(viewer, snapshot), side)
        rows, of = freezer.rows_of(viewer, snapshot, keys, start=start), len(keys)
    else:
        rows, side = freezer.frozen_rows(viewer, snapshot, start=start), ""
    behind = start + freezer.LISTED
    return {
        "opens": True,
        "is_whole": freezer.is_whole(snapshot),
        "columns": counted.columns(rows.model),
        "rows": counted.loaded(rows),
        "next": behind if behind < of else None,
        "since": side,
        "heading": {"added": _("定稿后新计入的记录"), "removed": _("定稿后不再计入的记录")}.get(
            side, _("定稿时所计的记录")
        ),
    }


def word(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The review as Word."""
    review = _found(request, uid)
    content = services.take_as_word(review=review, by=request.viewer)  # type: ignore[attr-defined]
    return _word(review, content)


def edition(request: HttpRequest, uid: UUID, edition: str) -> HttpResponse:
    """送审稿, 内部稿 or 对外稿 as Word."""
    review = _found(request, uid)
    if edition not in list(Edition):
        raise Http404
    chosen = Edition(edition)
    content = services.take_edition(review=review, by=request.viewer, edition=chosen)  # type: ignore[attr-defined]
    return _word(review, content, chosen.label)


def _word(review: Review, content: bytes, label: str = "") -> HttpResponse:
    name = f"{review.title}{label}({review.as_of.isoformat()}).docx"
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)}
    return HttpResponse(content, content_type=WORD, headers=headers)


def edit(request: HttpRequest, uid: UUID, order: int) -> HttpResponseBase:
    """The wording of one section."""
    review = _found(request, uid)
    section = selectors.section_of(review, order)
    if section is None:
        raise Http404
    form = SectionForm(request.POST or None, initial={"title": section.title, "text": section.text})
    if request.method == "POST" and perform(form, lambda: _save(request, section, form)):
        return done(request, _("已保存"), "desk:review-page", review.uid)
    context = {"review": review, "form": form, "measures": all_measures().values()}
    return page(request, "desk/reviews/section.html", context, status=422 if request.method == "POST" else 200)


def _save(request: HttpRequest, section: Section, form: SectionForm) -> None:
    said = form.cleaned_data
    services.edit_section(section=section, by=request.viewer, title=said["title"], text=said["text"])  # type: ignore[attr-defined]


def freeze(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """定稿锁数."""
    review = _found(request, uid)
    form = Form(request.POST)  # it asks nothing; a refusal stands on the review's own page
    if perform(form, lambda: services.freeze(review=review, by=request.viewer)):  # type: ignore[attr-defined]
        return done(request, _("已定稿锁数"), "desk:review-page", review.uid)
    return _shown(request, _found(request, uid), refused=str(form.non_field_errors()[0]), status=409)
