"""Registration: five questions; and 立行立改 in one form."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors import reading
from jiandu.loop.findings.services import moves, parts
from jiandu.loop.findings.services.moves import NewFinding
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.net.subjects.models import Organisation
from jiandu.net.subjects.selectors import find_organisation, organisations
from jiandu.sources.activities.selectors import activity_by_uid
from jiandu.sources.signals.services import NewSignal, raise_signal
from jiandu.surfaces.desk.forms.findings import AtOnceForm, RegisterForm
from jiandu.surfaces.desk.people import person_named
from jiandu.surfaces.desk.views import choices
from jiandu.surfaces.door.answers import done, page, perform


def _form(request: HttpRequest, kind: type[RegisterForm]) -> RegisterForm:
    viewer = request.viewer  # type: ignore[attr-defined]
    options: dict[str, Any] = {
        "source": choices.sources(viewer),
        "office": choices.own_offices(viewer),
        "aspect": choices.aspects(viewer, today().year),
    }
    if kind is AtOnceForm:
        options["method"] = choices.methods(viewer, today().year)
    return kind(request.POST or None, choices=options, initial={"source": request.GET.get("source", "")})


def _unit(viewer: Viewer, name: str) -> Organisation:
    unit = find_organisation(viewer, name, on=today())
    if unit is None:
        raise Refused("unknown-unit", "没有登记过这个单位:%(name)s", name=name)
    return unit


def _new(viewer: Viewer, said: dict[str, Any]) -> NewFinding:
    """The form as the service takes it; another source than a project raises its signal first."""
    office = office_by_pk(int(said["office"]))
    kind, _sep, value = said["source"].partition(":")
    unit = _unit(viewer, said["subject"])
    if office is None:
        raise Refused("unknown-office", "请选择承办室组")
    activity = activity_by_uid(viewer, UUID(value)) if kind == "activity" else None
    signal = None
    if activity is None:
        new = NewSignal(value, said["problem"][:200], said["registered_on"], office, unit)
        signal = raise_signal(new=new, by=viewer)
    aspect = reading.aspect_of(viewer, Finding(registered_on=said["registered_on"]), said["aspect"])
    more = {name: said[name] for name in TYPED}
    return NewFinding(subject=unit, office=office, activity=activity, signal=signal, aspect=aspect, **more)


TYPED = (
    *("problem", "registered_on", "facts", "basis", "rectifier_name", "found_by", "lead_leader"),
    *("amount_fen", "people_count"),
)


def _page(request: HttpRequest, form: RegisterForm, template: str) -> HttpResponse:
    units = organisations(request.viewer, on=today())[:500]  # type: ignore[attr-defined]
    return page(request, template, {"form": form, "units": units}, status=422 if form.errors else 200)


def register(request: HttpRequest) -> HttpResponseBase:
    """登记."""
    viewer, form, made = request.viewer, _form(request, RegisterForm), []  # type: ignore[attr-defined]
    if request.method == "POST" and perform(
        form, lambda: made.append(moves.open_finding(new=_new(viewer, form.cleaned_data), by=viewer))
    ):
        again = made[0].repeats.exists()
        words = _("已登记;与此前问题相似,请研判是否重复") if again else _("已登记")
        return done(request, words, "desk:finding", made[0].uid)
    return _page(request, form, "desk/findings/register.html")


def at_once(request: HttpRequest) -> HttpResponseBase:
    """立行立改: everything in one form; a second person confirms the paper."""
    viewer, form, made = request.viewer, _form(request, AtOnceForm), []  # type: ignore[attr-defined]
    if request.method == "POST" and perform(form, lambda: made.append(_correct(viewer, form.cleaned_data))):
        return done(request, _("已登记,待另一人确认纸质签批"), "desk:finding", made[0].uid)
    return _page(request, form, "desk/findings/at_once.html")


def _correct(viewer: Viewer, said: dict[str, Any]) -> Finding:
    finished = parts.AtOnce(
        correction=said["correction"],
        corrected_on=said["corrected_on"],
        rectifier=person_named(viewer, said["rectifier_name"], unit=_unit(viewer, said["subject"])),
        verifier=person_named(viewer, said["verifier"]),
        verified_on=said["verified_on"],
        method=said["method"],
        approver=person_named(viewer, said["approver"]),
        approved_on=said["approved_on"],
    )
    return parts.correct_at_once(new=_new(viewer, said), done=finished, by=viewer)[0]
