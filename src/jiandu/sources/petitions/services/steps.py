"""The only place that writes a step of a petition, its state, and the entry of the log."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max, QuerySet

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.overseers.models import Office
from jiandu.sources.petitions import rules
from jiandu.sources.petitions.models import Petition, PetitionStep
from jiandu.sources.petitions.states import State, Verb, regime_of, target
from jiandu.sources.petitions.timeliness import NOTED, note_duties

PERMISSION = {
    Verb.REGISTER: "create",
    Verb.NAME_CHECKED: "edit",
    Verb.PROPOSE: "edit",
    Verb.APPROVE: "approve",
    Verb.ROUTE: "confirm",
    Verb.NOTIFY: "edit",
    Verb.KEEP: "edit",
    Verb.DECLINE: "edit",
    Verb.REPEAT: "edit",
    Verb.TELL_ACCEPTED: "tell",
    Verb.TELL_RESULT: "tell",
    Verb.DISPUTE: "tell",
    Verb.ASK_REVIEW: "tell",
    Verb.ASK_RECHECK: "tell",
}  # everything else: "handle"
NOTE = 200


@dataclass(frozen=True)
class Done:
    """An act: when it happened, and what the verb adds. `note` says no name and nothing of what was reported."""

    on: date
    note: str = ""
    office: Office | None = None
    body: str = ""
    until: date | None = None
    granted_by: str = ""


def permission(verb: Verb) -> str:
    """The word of roles.csv that the act needs."""
    return PERMISSION.get(verb, "handle")


def lock(petition: Petition) -> Petition:
    """The row, held until the transaction ends."""
    return Petition.objects.select_for_update(of=("self",)).get(pk=petition.pk)


def standing(petition: Petition) -> QuerySet[PetitionStep]:
    """Its steps that hold, in order."""
    return PetitionStep.objects.filter(petition=petition, withdrawn_on__isnull=True).order_by("seq")


def begin(petition: Petition, verb: Verb, by: Viewer, on: date) -> Petition:
    """Lock, allowed?, legal?, in order? Gives the locked petition. Raises Refused: not-allowed, not-legal, other-regime, step-date."""
    petition = lock(petition)
    if not guard.allow(by, permission(verb), petition):
        raise Refused("not-allowed", "您没有“%(verb)s”的权限", verb=verb.label)
    if petition.withdrawn_on is not None:
        raise Refused("petition-withdrawn", "该信访件已撤下")
    rules.check_legal(verb, State(petition.state), regime_of(petition.kind))
    rules.check_day(on, petition.received_on, standing(petition).aggregate(last=Max("on"))["last"])
    return petition


def write(petition: Petition, verb: Verb, by: Viewer, done: Done, changed: tuple[str, ...] = ()) -> Petition:
    """The step, the state and the columns that the act changed, the entry of the log: which holds dates and states alone."""
    before = "" if verb == Verb.REGISTER else State(petition.state)
    last = PetitionStep.objects.filter(petition=petition).aggregate(last=Max("seq"))["last"] or 0
    petition.state = target(verb, State(petition.state))
    PetitionStep(
        petition=petition,
        seq=last + 1,
        verb=verb,
        from_state=before,
        to_state=petition.state,
        on=done.on,
        by_name=by.name[:64],
        note=done.note.strip()[:NOTE],
        office=done.office,
        body=done.body.strip()[:128],
        until=done.until,
        granted_by=done.granted_by.strip()[:64],
    ).save(force_insert=True)
    note_duties(petition)
    petition.save(update_fields=["state", *NOTED, *changed])
    record(by, f"petition.{verb}", petition, payload={"on": done.on.isoformat(), "to": petition.state})
    return petition
