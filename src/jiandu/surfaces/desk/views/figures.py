"""核数单: the figures of a review by the office that answers for each; what it says; 指标归口."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.results.analysis import selectors as analysis
from jiandu.results.analysis.measures.registry import MECHANISMS, Ask, all_measures, find
from jiandu.results.reports import asked, asking, counting
from jiandu.results.reports import owners as owning
from jiandu.results.reports import selectors as reviews
from jiandu.results.reports.asking import NewAnswer
from jiandu.results.reports.editions import Edition
from jiandu.results.reports.models import FigureLine, Review
from jiandu.results.reports.states import SETTLED, UNSETTLED, State, Verdict
from jiandu.surfaces.desk.forms.numbers import AnswerForm, OwnerForm, ReasonForm
from jiandu.surfaces.desk.views.numbers import link, listed
from jiandu.surfaces.door.answers import done, page, perform

TONES = {
    State.AGREED: "done",
    State.DECIDED: "info",
    State.OBJECTED: "danger",
    State.LAPSED: "warn",
    State.ASKED: "neutral",
    State.ON_PAPER: "progress",
}

EDITIONS = {
    Edition.FOR_REVIEW: gettext_lazy("送审稿"),
    Edition.INTERNAL: gettext_lazy("内部稿"),
    Edition.PUBLIC: gettext_lazy("对外稿"),
}


def _review(request: HttpRequest, uid: UUID) -> Review:
    review = reviews.review_by_uid(request.viewer, uid)  # type: ignore[attr-defined]
    if review is None:
        raise Http404
    return review


def _line(request: HttpRequest, uid: UUID, key: str) -> FigureLine:
    line = asked.line_of(request.viewer, _review(request, uid), key)  # type: ignore[attr-defined]
    if line is None:
        raise Http404
    return line


def sheet(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Every figure that the viewer may see, by office, with what was answered."""
    return _shown(request, _review(request, uid), ReasonForm())


def _shown(request: HttpRequest, review: Review, form: Form, status: int = 200) -> HttpResponse:
    viewer = request.viewer  # type: ignore[attr-defined]
    rows = asked.sheet(viewer, review)
    unsettled = asked.open_count(rows)
    context = {
        "review": review,
        "groups": [
            (office, [_told(one) for one in those]) for office, those in groupby(rows, lambda one: one.line.office)
        ],
        "known": max((one.line.as_known for one in rows), default=None),
        "all": len(rows),
        "settled": len(rows) - unsettled,
        "open": _by_state(rows),
        "sees_all": asked.sees_all(viewer, review),
        "may_ask": asked.may_ask(viewer, review),
        "may_decide": unsettled and not review.frozen_at and asked.may_decide(viewer, review),
        "editions": _editions(viewer, review),
        "form": form,
        "refused": "" if isinstance(form, ReasonForm) else " ".join(map(str, form.non_field_errors())),
    }
    return page(request, "desk/reviews/sheet.html", context, status=status)


def _by_state(rows: list[asked.Asked]) -> list[dict[str, Any]]:
    """What is not settled, by its state: how many, and where the first of them stands."""
    found: dict[str, dict[str, Any]] = {}
    for one in (one for one in rows if one.line.state not in SETTLED):
        told = found.setdefault(one.line.state, {"first": one.line.key, "count": 0, **_told(one)})
        told["count"] += 1
    return list(found.values())


def _editions(viewer: Viewer, review: Review) -> list[tuple[str, Any]]:
    """What the viewer may take: 送审稿 once the sheet is out, the others once the text is frozen."""
    whole = bool(review.asked_for) and asked.sees_all(viewer, review)
    found = [Edition.FOR_REVIEW] if whole else []
    found += [Edition.INTERNAL] if whole and review.frozen_at else []
    found += [Edition.PUBLIC] if review.frozen_at else []
    return [(one.value, EDITIONS[one]) for one in found]


def _told(one: asked.Asked) -> dict[str, Any]:
    return {"line": one.line, "last": one.last, "measure": find(one.line.key), "tone": TONES[State(one.line.state)]}


def ask(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """发核数单, 重新取数."""
    review, form = _review(request, uid), Form(request.POST)
    if perform(form, lambda: asking.ask_offices(review=review, by=request.viewer)):  # type: ignore[attr-defined]
        return done(request, _("已取数，核数单在归口室组的工作台"), "desk:review-sheet", review.uid)
    return _shown(request, review, form, status=409)


def decide(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """注明理由定稿: one figure, or all that are not settled."""
    review, form = _review(request, uid), ReasonForm(request.POST)

    def act() -> None:
        said = form.cleaned_data
        asking.decide_figures(review=review, by=request.viewer, reason=said["reason"], key=said["key"])  # type: ignore[attr-defined]

    if perform(form, act):
        return done(request, _("已注明理由"), "desk:review-sheet", review.uid)
    return _shown(request, review, form, status=422)


def line(request: HttpRequest, uid: UUID, key: str) -> HttpResponse:
    """One figure as it counts now, the rows behind it, what was answered, and the answer to give."""
    return _figure(request, _line(request, uid, key))


def _figure(request: HttpRequest, one: FigureLine, form: Form | None = None, status: int = 200) -> HttpResponse:
    viewer, review = request.viewer, one.review  # type: ignore[attr-defined]
    counted, ask = counting.look(viewer, one), Ask(review.year, one.as_of)
    rows = analysis.rows_of(viewer, one.key, ask)
    answers = list(asked.answers_of(viewer, one))
    may_decide = asked.may_decide(viewer, review) and one.state in UNSETTLED
    waits = bool(answers) and answers[0].waits
    context = {
        "review": review,
        "line": one,
        "figure": counted.figure,
        "moved": counted.digest != one.digest,
        "mine": rows.count(),
        "all_rows": link(one.key, ask),
        "answers": answers,
        "tone": TONES[State(one.state)],
        "form": (form or AnswerForm(initial={"seen": counted.digest})) if _may(viewer, one) else None,
        "confirms": waits and answers[0].by_id != viewer.user_id and (_may(viewer, one) or may_decide),
        "decision": ReasonForm(initial={"key": one.key}) if may_decide and not review.frozen_at else None,
        "refused": " ".join(map(str, form.non_field_errors())) if form and not isinstance(form, AnswerForm) else "",
    }
    return page(request, "desk/reviews/line.html", context | listed(rows, request.GET), status=status)


def _may(viewer: Any, one: FigureLine) -> bool:
    return not one.review.frozen_at and asked.may_answer(viewer, one)


def answer(request: HttpRequest, uid: UUID, key: str) -> HttpResponseBase:
    """确认 or 有异议."""
    one, form = _line(request, uid, key), AnswerForm(request.POST)

    def act() -> None:
        said = form.cleaned_data
        new = NewAnswer(Verdict(said["verdict"]), said["seen"], said["on"], said["reason"], said["signer"])
        asking.answer_figure(line=one, by=request.viewer, new=new)  # type: ignore[attr-defined]

    if perform(form, act):
        return _onward(request, one)
    if form.is_valid() is False and "seen" in form.data:  # what is shown now is what is answered next
        form.data = form.data.copy() | {"seen": counting.look(request.viewer, one).digest}  # type: ignore[attr-defined]
    return _figure(request, one, form, status=422)


def _onward(request: HttpRequest, one: FigureLine) -> HttpResponseBase:
    """To the next figure that waits for this officer, its records open before him; from the last one back to the sheet."""
    onward = asked.next_waiting(request.viewer, one)  # type: ignore[attr-defined]
    if onward is None:
        return done(request, _("已答复"), "desk:review-sheet", one.review.uid)
    return done(request, _("已答复，这是下一个待核数字"), "desk:review-line", one.review.uid, onward.key)


def confirm(request: HttpRequest, uid: UUID, key: str) -> HttpResponseBase:
    """A second person confirms what was typed from paper."""
    one, form = _line(request, uid, key), Form(request.POST)
    if perform(form, lambda: asking.confirm_answer(line=one, by=request.viewer)):  # type: ignore[attr-defined]
        return done(request, _("已确认"), "desk:review-sheet", uid)
    return _figure(request, one, form, status=409)


def owners(request: HttpRequest) -> HttpResponseBase:
    """指标归口 of a year: who answers for which figure, and what is settled otherwise."""
    viewer = request.viewer  # type: ignore[attr-defined]
    commission = owning.commission_of(viewer)
    if commission is None:
        raise Refused("no-commission", "请由综述所属纪委监委的人员维护")
    said = request.GET.get("year", "")
    year = int(said) if said.isdecimal() and len(said) == 4 else today().year
    form = OwnerForm(request.POST or None, offices=owning.offices_of(commission), initial={"year": year})

    def act() -> None:
        given = form.cleaned_data
        owning.name_owner(
            commission=commission, year=given["year"], about=given["about"], office=form.owner(), by=viewer
        )

    if request.method == "POST" and perform(form, act):
        return done(request, _("已保存"), "desk:review-owners")
    context = {"form": form, "year": year, "commission": commission, "rows": _owned(commission, year)}
    return page(request, "desk/reviews/owners.html", context, status=422 if request.method == "POST" else 200)


def _owned(commission: Any, year: int) -> list[dict[str, Any]]:
    """Each measure with its office, and what says so: its own row, its mechanism's, the lead office."""
    named, by = owning.named_of(commission, year), owning.owners_of(commission, year, all_measures(), commission)
    kinds = {True: _("单项另定"), False: _("按监督机制")}
    return [
        {
            "measure": one,
            "mechanism": MECHANISMS[one.mechanism],
            "office": by[key],
            "kind": kinds[key in named] if key in named or one.mechanism in named else _("按牵头室组"),
        }
        for key, one in all_measures().items()
    ]
