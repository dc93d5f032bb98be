"""The ledger, and one finding's page with the acts that its viewer may do now."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from jiandu.base.core.clock import today
from jiandu.base.files import store
from jiandu.loop.findings import selectors
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.services import moves
from jiandu.loop.findings.states import State
from jiandu.loop.outcomes import selectors as outcomes
from jiandu.loop.outcomes import services as outcome_services
from jiandu.surfaces.desk.acts import BY_SLUG, Act, open_to
from jiandu.surfaces.desk.forms.findings import DecideForm, SignForm
from jiandu.surfaces.desk.views import choices
from jiandu.surfaces.desk.views.filtering import filters_of
from jiandu.surfaces.door.answers import done, page, perform
from jiandu.surfaces.door.routes import View


def ledger(request: HttpRequest) -> HttpResponse:
    """The ledger in scope, filtered, newest first."""
    viewer = request.viewer  # type: ignore[attr-defined]
    filters = filters_of(request.GET)
    found = selectors.ledger(viewer, filters).select_related("subject", "owner_office", "aspect")
    shown = selectors.page_of(found, key=request.GET.get("key", ""))
    context = {
        "shown": shown,
        "filters": filters,
        "said": request.GET,
        "aspects": choices.aspects(viewer, filters.year or today().year),
        "offices": choices.all_offices(viewer),
        "states": State.choices,
        "types": Finding.Rectification.choices,
        "urgings": Finding.Urging.choices,
        "today": today(),
    }
    return page(request, "desk/findings/ledger.html", context)


def assign_many(request: HttpRequest) -> HttpResponseBase:
    """交办 of the chosen findings: all of them or none."""
    viewer = request.viewer  # type: ignore[attr-defined]
    chosen = selectors.findings_by_uid(viewer, request.POST.getlist("finding"))
    said = request.POST.get("rectification", "")
    kind = said if said in Finding.Rectification.values else Finding.Rectification.BY_TERM
    for each in chosen:
        moves.assign(finding=each, by=viewer, on=today(), rectification=kind, due_on=None)
    return done(request, _("已交办 %(count)d 个问题") % {"count": len(chosen)}, "desk:findings")


def found(request: HttpRequest, uid: UUID) -> Finding:
    """The finding, or the same 404 for not there and not yours."""
    finding = selectors.finding_by_uid(request.viewer, uid)  # type: ignore[attr-defined]
    if finding is None:
        raise Http404
    return finding


def finding(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One finding."""
    return show(request, found(request, uid))


def show(request: HttpRequest, one: Finding, *, opened: str = "", form: Any = None, status: int = 200) -> HttpResponse:
    """The page; `opened` is the act whose form (with its errors) stands open."""
    viewer = request.viewer  # type: ignore[attr-defined]
    shown = selectors.finding_page(viewer, one)
    options = choices.for_acts(viewer, one, shown.measures, shown.evidence)
    acts = [(each, form if each.slug == opened else _form(one, each, options)) for each in open_to(one, shown.may)]
    context = {
        "page": shown,
        "finding": one,
        "acts": [{"act": each, "form": filled} for each, filled in acts],
        "opened": opened,
        "missing": moves.missing(one),
        "outcomes": outcomes.of_finding(viewer, one),
        "decide": DecideForm(finding=one, choices={}, auto_id="decide-%s"),
        "sign": SignForm(finding=one, choices={}, auto_id="sign-%s"),
        "today": today(),
    }
    return page(request, "desk/findings/finding.html", context, status=status)


def _form(finding: Finding, one: Act, options: dict[str, Any]) -> Any:
    """The empty form of an act on this finding."""
    return one.form(finding=finding, choices=options, initial=_initial(one.slug, finding), auto_id=f"{one.slug}-%s")


def _initial(slug: str, one: Finding) -> dict[str, Any]:
    """What a form begins with besides today's date."""
    if slug == "correct":
        names = ("problem", "facts", "basis", "found_by", "lead_leader")
        return {name: getattr(one, name) for name in names} | {"aspect": one.aspect_id}
    return {"rectifier": one.rectifier_name, "rectification": one.rectification, "issuer": str(one.subject or "")}


def act(slug: str) -> View:
    """The view that performs one act of the table."""
    one = BY_SLUG[slug]

    def view(request: HttpRequest, uid: UUID) -> HttpResponseBase:
        target = found(request, uid)
        viewer = request.viewer  # type: ignore[attr-defined]
        shown = selectors.finding_page(viewer, target)
        options = choices.for_acts(viewer, target, shown.measures, shown.evidence)
        form = one.form(request.POST, request.FILES, finding=target, choices=options, auto_id=f"{slug}-%s")
        if perform(form, lambda: one.do(target, viewer, dict(form.cleaned_data))):
            return done(request, _("已办理:%(act)s") % {"act": one.label}, "desk:finding", uid)
        return show(request, found(request, uid), opened=slug, form=form, status=422)

    return view


def download(request: HttpRequest, uid: UUID, file: UUID) -> HttpResponse:
    """An evidence file, always as an attachment of no type that a browser would run."""
    evidence = found(request, uid).evidence.filter(uid=file).first()
    if evidence is None:
        raise Http404
    ending = evidence.name.rsplit(".", 1)[-1].lower()
    headers = {
        "Content-Disposition": f'attachment; filename="evidence-{evidence.version}.{ending}"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(store.read(evidence.sha256), content_type="application/octet-stream", headers=headers)


def reverse(request: HttpRequest, uid: UUID, money: UUID) -> HttpResponseBase:
    """冲销 of the whole of what is left of a recovery, today."""
    viewer = request.viewer  # type: ignore[attr-defined]
    row = outcomes.money_by_uid(viewer, found(request, uid), money)
    if row is None:
        raise Http404
    proof = request.POST.get("proof", "")[:200]
    outcome_services.reverse_recovery(money=row, by=viewer, on=today(), amount_fen=row.amount_fen, proof=proof)
    return done(request, _("已冲销"), "desk:finding", uid)
