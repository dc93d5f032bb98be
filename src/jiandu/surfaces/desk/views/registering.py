"""Registration: five questions; and 立行立改 in one form."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Finding, Repeat
from jiandu.loop.findings.selectors import reading
from jiandu.loop.findings.selectors.earlier import YEARS, Typed, earlier
from jiandu.loop.findings.services import moves, parts
from jiandu.loop.findings.services.deciding import open_as_repeat
from jiandu.loop.findings.services.moves import NewFinding
from jiandu.loop.findings.services.talked import point
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.net.subjects.models import Organisation
from jiandu.net.subjects.selectors import find_organisation, organisations
from jiandu.sources.activities.selectors import activity_by_uid
from jiandu.sources.signals.models import Signal
from jiandu.sources.signals.services import NewSignal, raise_signal
from jiandu.sources.talks.models import Talk
from jiandu.sources.talks.selectors import talk_by_uid
from jiandu.surfaces.desk.forms.findings import AtOnceForm, RegisterForm
from jiandu.surfaces.desk.people import person_named
from jiandu.surfaces.desk.views import choices
from jiandu.surfaces.door.answers import done, is_fragment, page, perform


def _form(request: HttpRequest, kind: type[RegisterForm]) -> RegisterForm:
    viewer = request.viewer  # type: ignore[attr-defined]
    source = request.POST.get("source", request.GET.get("source", ""))
    talk = _talk(viewer, source)
    options: dict[str, Any] = {
        "source": choices.sources(viewer, talk),
        "office": choices.own_offices(viewer),
        "aspect": choices.aspects(viewer, today().year),
        "level": choices.levels(viewer),
    }
    if kind is AtOnceForm:
        options["method"] = choices.methods(viewer, today().year)
    begin = {"source": source, "subject": talk.subject.name if talk and talk.subject else ""}
    if (
        LOOK in request.POST
    ):  # nothing is registered yet: what was typed stands in the form, and nothing is complained of
        return kind(None, choices=options, initial=begin | request.POST.dict())
    return kind(request.POST or None, choices=options, initial=begin)


def _talk(viewer: Viewer, source: str) -> Talk | None:
    """The talk that the source names, if it is in scope and stands."""
    kind, _sep, value = source.partition(":")
    try:
        found = talk_by_uid(viewer, UUID(value)) if kind == "talk" else None
    except ValueError:
        return None
    return found if found and found.withdrawn_on is None else None


def _unit(viewer: Viewer, name: str) -> Organisation:
    unit = find_organisation(viewer, name, on=today())
    if unit is None:
        raise Refused("unknown-unit", "没有登记过这个单位:%(name)s", name=name)
    return unit


def _new(viewer: Viewer, said: dict[str, Any]) -> NewFinding:
    """The form as the service takes it; another source than an activity raises its signal first. A talk of a round: the round."""
    office = office_by_pk(int(said["office"]))
    kind, _sep, value = said["source"].partition(":")
    unit = _unit(viewer, said["subject"])
    if office is None:
        raise Refused("unknown-office", "请选择承办室组")
    talk = _talk(viewer, said["source"])
    of = talk.source_uid if talk else UUID(value) if kind == "activity" else None
    activity = activity_by_uid(viewer, of) if of else None
    signal = None
    if activity is None:
        origin, number = (Signal.Origin.TALK, talk.code) if talk else (value, "")
        heard = NewSignal(origin, said["problem"][:200], said["registered_on"], office, unit, number)
        signal = raise_signal(new=replace(heard, level=said["level"]), by=viewer)
    aspect = reading.aspect_of(viewer, Finding(registered_on=said["registered_on"]), said["aspect"])
    more = {name: said[name] for name in TYPED}
    return NewFinding(subject=unit, office=office, activity=activity, signal=signal, aspect=aspect, **more)


def _pointed(viewer: Viewer, said: dict[str, Any], finding: Finding) -> Finding:
    """The finding; the talk that it was registered from points to it."""
    talk = _talk(viewer, said["source"])
    if talk:
        point(talk=talk, finding=finding, by=viewer)
    return finding


def _opened(viewer: Viewer, said: dict[str, Any], answer: str) -> Finding:
    """Registered; with an answer to the reminder (`<uid of the earlier one>:<decision>`), that is decided in the same act."""
    new = _new(viewer, said)
    if not answer:
        return _pointed(viewer, said, moves.open_finding(new=new, by=viewer))
    uid, _sep, decision = answer.partition(":")
    earlier = _earlier(viewer, uid)
    if earlier is None or decision not in Repeat.Decision.values:
        raise Refused("repeat-option", "此前问题的现状不允许这样处理")
    return _pointed(viewer, said, open_as_repeat(new=new, earlier=earlier, decision=decision, by=viewer))


def _earlier(viewer: Viewer, uid: str) -> Finding | None:
    try:
        return reading.finding_by_uid(viewer, UUID(uid))
    except ValueError:
        return None


def _reminder(viewer: Viewer, said: Mapping[str, Any]) -> dict[str, Any]:
    """旧账 for what has been typed so far; nothing without a known unit."""
    unit = find_organisation(viewer, str(said.get("subject", "")), on=today())
    if unit is None:
        return {}
    on = _day(str(said.get("registered_on", "")))
    aspect = reading.aspect_of(viewer, Finding(registered_on=on), str(said.get("aspect", "")))
    typed = Typed(unit, str(said.get("problem", "")), on, aspect, str(said.get("basis", "")))
    old = earlier(viewer, typed)
    return {
        "unit": unit,
        "old": old[:SHOWN],
        "times": len(old) + 1,
        "years": YEARS,
        "can_decide": guard.allow(viewer, "edit", Finding),
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return today()


#: The words of the reminder's buttons in the form, and how many earlier findings it names.
LOOK, ANSWER, SHOWN = "look", "repeat", 5


TYPED = (
    *("problem", "registered_on", "facts", "basis", "rectifier_name", "found_by", "lead_leader"),
    *("amount_fen", "people_count", "level"),
)


def _page(request: HttpRequest, form: RegisterForm, template: str) -> HttpResponse:
    viewer, asked = request.viewer, {LOOK, ANSWER} & set(request.POST)  # type: ignore[attr-defined]
    told = _reminder(viewer, request.POST) if asked else {}
    if LOOK in asked and is_fragment(request):
        return page(request, "desk/findings/_reminder.html", told)
    units = organisations(viewer, on=today())[:500]
    return page(request, template, {"form": form, "units": units, **told}, status=422 if form.errors else 200)


def register(request: HttpRequest) -> HttpResponseBase:
    """登记."""
    viewer, form, made = request.viewer, _form(request, RegisterForm), []  # type: ignore[attr-defined]
    answer = request.POST.get(ANSWER, "")
    if request.method == "POST" and perform(form, lambda: made.append(_opened(viewer, form.cleaned_data, answer))):
        return done(request, _registered(made[0], answer), "desk:finding", made[0].uid)
    return _page(request, form, "desk/findings/register.html")


def _registered(finding: Finding, answer: str) -> str:
    """What happened, and what is to be done next."""
    if answer:
        return _("已登记,并案申请待审批")
    return _("已登记;与此前问题相似,请研判是否重复") if finding.repeats.exists() else _("已登记")


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
    return _pointed(viewer, said, parts.correct_at_once(new=_new(viewer, said), done=finished, by=viewer)[0])
