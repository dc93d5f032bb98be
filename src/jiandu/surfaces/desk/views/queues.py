"""Queues: what waits for verification, approval, a second person, a look-back, an answer; and their decisions."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from jiandu.base.core.clock import today
from jiandu.loop.findings import selectors
from jiandu.loop.findings.services import approvals as services
from jiandu.loop.findings.services import parts
from jiandu.loop.findings.services.approvals import Signature
from jiandu.loop.findings.services.deciding import decide_repeat as decide_on_repeat
from jiandu.surfaces.desk.forms.findings import DecideForm, RepeatForm, SignForm
from jiandu.surfaces.desk.people import person_named
from jiandu.surfaces.desk.views.findings import found
from jiandu.surfaces.door.answers import done, page

MOST = 200


def to_verify(request: HttpRequest) -> HttpResponse:
    rows = selectors.to_verify(request.viewer)[:MOST]  # type: ignore[attr-defined]
    return page(request, "desk/queues/findings.html", {"rows": rows, "title": _("待核验"), "today": today()})


def approvals(request: HttpRequest) -> HttpResponse:
    rows = selectors.waiting_approvals(request.viewer)[:MOST]  # type: ignore[attr-defined]
    return page(request, "desk/queues/approvals.html", {"rows": rows})


def look_backs(request: HttpRequest) -> HttpResponse:
    rows = selectors.look_back_plan(request.viewer)[:MOST]  # type: ignore[attr-defined]
    return page(request, "desk/queues/look_backs.html", {"rows": rows, "today": today()})


def instructions(request: HttpRequest) -> HttpResponse:
    rows = selectors.open_instructions(request.viewer)[:MOST]  # type: ignore[attr-defined]
    return page(request, "desk/queues/instructions.html", {"rows": rows, "today": today()})


def repeats(request: HttpRequest) -> HttpResponse:
    rows = selectors.waiting_repeats(request.viewer)[:MOST]  # type: ignore[attr-defined]
    return page(request, "desk/queues/repeats.html", {"rows": rows})


def decide(request: HttpRequest, uid: UUID, approval: UUID) -> HttpResponseBase:
    """The approver decides online."""
    finding = found(request, uid)
    row = finding.approvals.filter(uid=approval).first()
    form = DecideForm(request.POST, finding=finding, choices={})
    if row is None or not form.is_valid():
        raise Http404
    said = form.cleaned_data
    signature = Signature(is_granted=said["is_granted"] == "yes", on=said["on"], opinion=said["opinion"])
    services.decide(approval=row, by=request.viewer, signature=signature)  # type: ignore[attr-defined]
    return done(request, _("已审批"), "desk:finding", uid)


def sign(request: HttpRequest, uid: UUID, approval: UUID) -> HttpResponseBase:
    """纸质签批, typed by a clerk."""
    finding = found(request, uid)
    row = finding.approvals.filter(uid=approval).first()
    form = SignForm(request.POST, finding=finding, choices={})
    if row is None or not form.is_valid():
        raise Http404
    said, viewer = form.cleaned_data, request.viewer  # type: ignore[attr-defined]
    signature = Signature(
        said["is_granted"] == "yes", said["on"], said["opinion"], person_named(viewer, said["signer"])
    )
    services.sign_on_paper(approval=row, by=viewer, signature=signature)
    return done(request, _("已录入,待另一人确认"), "desk:finding", uid)


def confirm(request: HttpRequest, uid: UUID, approval: UUID) -> HttpResponseBase:
    """A second person has seen the paper."""
    row = found(request, uid).approvals.filter(uid=approval).first()
    if row is None:
        raise Http404
    services.confirm_paper(approval=row, by=request.viewer)  # type: ignore[attr-defined]
    return done(request, _("已确认"), "desk:finding", uid)


def decide_repeat(request: HttpRequest, uid: UUID, repeat: UUID) -> HttpResponseBase:
    """并案, 重新挂账 or 作为新问题."""
    finding = found(request, uid)
    row = finding.repeats.filter(uid=repeat).first()
    form = RepeatForm(request.POST, finding=finding, choices={})
    if row is None or not form.is_valid():
        raise Http404
    decide_on_repeat(repeat=row, by=request.viewer, **form.cleaned_data)  # type: ignore[attr-defined]
    return done(request, _("已处理"), "desk:finding", uid)


def answer(request: HttpRequest, uid: UUID, instruction: UUID) -> HttpResponseBase:
    """What came of a 批示."""
    row = found(request, uid).instructions.filter(uid=instruction).first()
    if row is None:
        raise Http404
    text = request.POST.get("answer", "")[:4000]
    parts.answer_instruction(instruction=row, by=request.viewer, on=today(), answer=text)  # type: ignore[attr-defined]
    return done(request, _("已办结"), "desk:finding", uid)
