"""Reads of petitions: the register, one item with its steps and clocks, what is due, the receipts and registers beside it."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Q, QuerySet

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.net.overseers.models import Office
from jiandu.sources.petitions.behind import BEHIND, of_unit
from jiandu.sources.petitions.courses import course_of
from jiandu.sources.petitions.lists import PetitionList
from jiandu.sources.petitions.models import (
    CaseNotice,
    HandOff,
    Meddling,
    Petition,
    PetitionStep,
    Reading,
    SenderOpening,
    SuperiorReceipt,
)
from jiandu.sources.petitions.natures import nature_of
from jiandu.sources.petitions.senders import sent
from jiandu.sources.petitions.states import (
    HANDED_ON,
    IN_PERSON,
    REGIMES,
    WITHIN,
    Competence,
    Named,
    Regime,
    State,
    Truth,
    Verb,
)
from jiandu.sources.petitions.terms import Clock, clocks, running, upward
from jiandu.sources.petitions.timeliness import rated

STANDING = Q(withdrawn_on__isnull=True)
WATCHED = 5_000  # how many open items are looked at for what is due


def _said(column: str) -> Callable[[str], Q]:
    return lambda value: Q(**{column: "" if value == UNSAID else value})


def _named(path: str) -> Callable[[str], Q]:
    return lambda value: Q(**{f"{path.split('__')[0]}__isnull": True}) if value == UNSAID else Q(**{path: value})


UNSAID = "—"
#: What is within the commission's scope and in one of the fields under special supervision: any that the dictionary names.
SPECIAL = Q(kind__in=WITHIN, domain__isnull=False) & ~Q(domain__code="other")
#: The columns by which bulletins count → the condition of a figure's rows.
COUNTED: dict[str, Callable[[str], Q]] = {
    **{name: _said(name) for name in ("way", "kind", "named", "origin", "rank", "disposal", "truth")},
    "nature": lambda value: _said("nature_detail" if nature_of(value) else "nature")(value),
    "scope": lambda value: Q(kind__in=WITHIN) if value == "within" else ~Q(kind__in=WITHIN),
    "repeat": lambda value: Q(is_repeat=value == "repeat"),
    "domain": _named("domain__label_zh"),
    "region": _named("region__name"),
    "category": lambda value: Q(category="") if value == UNSAID else Q(category__startswith=value),
    "urgent": lambda value: Q(is_urgent=value == "urgent"),
    "special": lambda _value: SPECIAL,
    "rate": lambda value: RATED.get(value, Q()),
}
#: The figures of 办理质效 that columns tell → the condition of their rows; "due" and "in_time" follow from clocks.
RATED: dict[str, Q] = {
    "signed": ~Q(named=Named.ANONYMOUS),
    "checked": ~Q(named__in=[Named.ANONYMOUS, Named.UNVERIFIED]),
    "over_level": Q(is_over_level=True),
    "concluded": Q(state=State.CONCLUDED),
    "first_met": Q(is_repeat=False, way__in=IN_PERSON),
    "first_met_done": Q(is_repeat=False, way__in=IN_PERSON, state=State.CONCLUDED),
    "found": Q(state=State.CONCLUDED) & ~Q(truth=""),
    "true": Q(state=State.CONCLUDED, truth__in=[Truth.TRUE, Truth.PARTLY]),
}
OF_CLOCKS = frozenset({"due", "in_time"})


@dataclass(frozen=True)
class Wanted:
    """The filters of the register."""

    text: str = ""
    state: str = ""
    kind: str = ""
    way: str = ""
    year: int | None = None
    only_open: bool = False
    since: date | None = None
    until: date | None = None
    column: str = ""  # one of COUNTED, with what stands in it: the rows behind a figure of a bulletin
    value: str = ""
    office: UUID | None = None
    domain: str = ""  # of a theme: its code
    category: str = ""  # of a theme: a code, and what is below it
    unit: UUID | None = None  # and its unit, with those that stand under it
    authority: str = ""


#: 本级 + 初次 that went to a room of our own: case supervision is told of it (art. 14; `rules.must_notify`).
NOTIFIABLE = (
    Q(kind__in=[kind.value for kind, regime in REGIMES.items() if regime == Regime.ACCUSATION])
    & Q(competence=Competence.OWN, is_repeat=False, handler__isnull=False, state__in=sorted(HANDED_ON))
    & ~Q(handler=F("owner_office"))
)
NOTICES = {"lacks": NOTIFIABLE & Q(notified_on__isnull=True), "told": Q(notified_on__isnull=False)}


def petitions(viewer: Viewer, wanted: Wanted | None = None) -> QuerySet[Petition]:
    """The register in scope, newest first; what was taken back is left out."""
    guard.check_is_actor(viewer)
    said = wanted or Wanted()
    found = Petition.objects.filter(STANDING)
    if said.only_open:
        found = found.filter(Petition.still_open)
    same = {"state": said.state, "kind": said.kind, "way": said.way, "authority": said.authority}
    found = found.filter(**{name: value for name, value in same.items() if value})
    if said.year:
        found = found.filter(received_on__year=said.year)
    if said.office:
        found = found.filter(owner_office__uid=said.office)
    themes = {"domain__code": said.domain, "category__startswith": said.category}
    found = found.filter(**{name: value for name, value in themes.items() if value})
    if said.unit:
        found = of_unit(found, said.unit)
    found = _figure(viewer, found, said)
    if said.text:
        found = found.filter(Q(code__contains=said.text) | Q(source_code__contains=said.text))
    return found.select_related("owner_office", "subject", "region", "domain", "handler").order_by(
        "-received_on", "-pk"
    )


def _figure(viewer: Viewer, found: QuerySet[Petition], said: Wanted) -> QuerySet[Petition]:
    """The rows behind a figure of a bulletin, of its days."""
    if said.column == "sender" and said.since and said.until:  # whoever wrote often is found within a year
        found = sent(viewer, found, said.value, said.since, said.until)
    days = {"received_on__gte": said.since, "received_on__lte": said.until}
    found = found.filter(**{name: day for name, day in days.items() if day})
    if said.column in COUNTED:
        found = found.filter(COUNTED[said.column](said.value))
    if said.column == "rate" and said.value in OF_CLOCKS:
        found = rated(viewer, found, said.value, today())
    return BEHIND[said.column](viewer, found, said.value) if said.column in BEHIND else found


def by_uid(viewer: Viewer, uid: UUID) -> Petition | None:
    """The petition, if it is in scope."""
    guard.check_is_actor(viewer)
    rows = Petition.objects.select_related("owner_office", "subject", "region", "domain", "handler")
    return rows.filter(uid=uid).first()


def by_pk(viewer: Viewer, pk: int | None) -> Petition | None:
    """The petition by its key, if it is in scope."""
    guard.check_is_actor(viewer)
    return Petition.objects.filter(pk=pk or 0).first()


def main_of(viewer: Viewer, petition: Petition) -> Petition | None:
    """The main item of a repeat, where it is in scope."""
    guard.check_is_actor(viewer)
    return Petition.objects.filter(pk=petition.repeat_of_id or 0).first()


def repeats_of(viewer: Viewer, petition: Petition) -> QuerySet[Petition]:
    """The repeats of a main item, the earliest first."""
    guard.check_is_actor(viewer)
    return Petition.objects.filter(STANDING, repeat_of_id=petition.pk).order_by("received_on", "pk")


def mains(viewer: Viewer, petition: Petition) -> QuerySet[Petition]:
    """Items that this one may be a repeat of: the office's own, received no later, no repeats themselves."""
    guard.check_is_actor(viewer)
    rows = Petition.objects.filter(STANDING, owner_office=petition.owner_office_id, repeat_of__isnull=True)
    return rows.filter(received_on__lte=petition.received_on).exclude(pk=petition.pk).order_by("-received_on", "-pk")


def steps_of(viewer: Viewer, petition: Petition) -> QuerySet[PetitionStep]:
    """Its steps, also those that were taken back."""
    guard.check_is_actor(viewer)
    return PetitionStep.objects.filter(petition=petition).select_related("office").order_by("seq")


def hand_offs_of(viewer: Viewer, petition: Petition) -> QuerySet[HandOff]:
    """The hand-offs drafted and confirmed."""
    guard.check_is_actor(viewer)
    return HandOff.objects.filter(petition=petition).select_related("office").order_by("-pk")


def notices(viewer: Viewer, which: str = "") -> QuerySet[Petition]:
    """What case supervision was told of, or has to be: what waits first, then the latest."""
    guard.check_is_actor(viewer)
    rows = Petition.objects.filter(STANDING, NOTICES.get(which) or NOTICES["lacks"] | NOTICES["told"])
    return rows.select_related("owner_office", "subject", "handler").order_by(
        F("notified_on").desc(nulls_first=True), "-received_on", "-pk"
    )


def case_notices(viewer: Viewer) -> QuerySet[CaseNotice]:
    """What the viewer's case office was told of: what waits for its signature first."""
    guard.check_is_actor(viewer)
    rows = CaseNotice.objects.select_related("owner_office", "handler")
    return rows.order_by(F("taken_on").desc(nulls_first=True), "-on", "-pk")


def case_notice_by_uid(viewer: Viewer, uid: UUID) -> CaseNotice | None:
    guard.check_is_actor(viewer)
    return CaseNotice.objects.select_related("owner_office", "handler").filter(uid=uid).first()


def routed_days(viewer: Viewer, petitions: Iterable[Petition]) -> dict[int, date]:
    """petition → the day on which it first went to a room."""
    guard.check_is_actor(viewer)
    keys = [row.pk for row in petitions]
    rows = PetitionStep.objects.filter(petition__in=keys, verb=Verb.ROUTE, withdrawn_on__isnull=True).order_by("-seq")
    return dict(rows.values_list("petition_id", "on")) if keys else {}


def bodies_with(viewer: Viewer, petitions: Iterable[Petition]) -> dict[int, str]:
    """petition → the body without an office here that it went to last and that has it still, by name."""
    guard.check_is_actor(viewer)
    keys = [row.pk for row in petitions if State(row.state) in HANDED_ON]
    rows = PetitionStep.objects.filter(petition__in=keys, verb=Verb.ROUTE, withdrawn_on__isnull=True).order_by("seq")
    last = dict(rows.values_list("petition_id", "body")) if keys else {}
    return {key: body for key, body in last.items() if body}


def readings_of(viewer: Viewer, petition: Petition) -> QuerySet[Reading]:
    """Who had its papers in hand, the latest first; also entries taken back."""
    guard.check_is_actor(viewer)
    return Reading.objects.filter(petition=petition).order_by("-on", "-pk")


def readings(viewer: Viewer, which: str = "", on: date | None = None) -> QuerySet[Reading]:
    """The register of readings in scope: "out" those in a reader's hands, "late" those overdue; what is due first."""
    guard.check_is_actor(viewer)
    rows = Reading.objects.filter(STANDING)
    if which in {"out", "late"}:
        rows = rows.filter(returned_on__isnull=True)
    if which == "late":
        rows = rows.filter(due_on__lt=on or today())
    return rows.order_by(F("returned_on").desc(nulls_first=True), "due_on", "-pk")


def reading_by_pk(petition: Petition, pk: int) -> Reading | None:
    """A reading of the item that is out."""
    return Reading.objects.filter(petition=petition, pk=pk, returned_on__isnull=True, withdrawn_on__isnull=True).first()


def by_keys(viewer: Viewer, keys: Iterable[int]) -> dict[int, Petition]:
    """Petitions by their keys, as far as they are in scope."""
    guard.check_is_actor(viewer)
    wanted = sorted(set(keys))
    return {row.pk: row for row in Petition.objects.filter(pk__in=wanted)} if wanted else {}


def draft_by_pk(petition: Petition, pk: int) -> HandOff | None:
    """A hand-off of the item that waits for the second officer."""
    return HandOff.objects.filter(
        petition=petition, pk=pk, confirmed_on__isnull=True, withdrawn_on__isnull=True
    ).first()


def clocks_of(viewer: Viewer, petition: Petition) -> list[Clock]:
    """Every clock that ran or runs on it."""
    return clocks_after(petition, steps_of(viewer, petition))


def clocks_after(petition: Petition, steps: Iterable[PetitionStep]) -> list[Clock]:
    """Every clock that these steps started and ended; those taken back count for nothing."""
    return clocks(course_of(petition, [step for step in steps if step.withdrawn_on is None]))


@dataclass(frozen=True)
class Due:
    """A clock that waits for its act: on which petition (or receipt), and who holds it."""

    thing: Petition | SuperiorReceipt
    clock: Clock
    office: Office


def due(viewer: Viewer, on: date) -> list[Due]:
    """What is due on that day and later, the earliest first: of the open items, and of those that wait to be told or fed back."""
    guard.check_is_actor(viewer)
    rows = Petition.objects.filter(STANDING).filter(Petition.still_open | Q(state="concluded"))
    listed = list(rows.select_related("owner_office", "handler").order_by("-received_on")[:WATCHED])
    steps = steps_by(viewer, listed)
    found = [
        Due(row, clock, row.handler or row.owner_office)
        for row in listed
        for clock in running(course_of(row, steps[row.pk]), on)
    ]
    waiting = SuperiorReceipt.objects.filter(STANDING, handed_on__isnull=True).select_related("owner_office")
    for receipt in waiting:
        clock = upward(receipt.received_on, None)
        if clock is not None:
            found.append(Due(receipt, clock, receipt.owner_office))
    return sorted(found, key=lambda each: (each.clock.due_on, each.thing.pk))


def steps_by(viewer: Viewer, petitions: Iterable[Petition]) -> dict[int, list[PetitionStep]]:
    """The steps that hold of several, in order, by the petition's key."""
    guard.check_is_actor(viewer)
    keys = [row.pk for row in petitions]
    found: dict[int, list[PetitionStep]] = defaultdict(list)
    if keys:
        for step in PetitionStep.objects.filter(petition__in=keys, withdrawn_on__isnull=True).order_by("seq"):
            found[step.petition_id].append(step)
    return found


def receipts(viewer: Viewer) -> QuerySet[SuperiorReceipt]:
    """The receipts of what went up unopened, newest first."""
    guard.check_is_actor(viewer)
    return SuperiorReceipt.objects.select_related("owner_office").order_by("-received_on", "-pk")


def receipt_by_uid(viewer: Viewer, uid: UUID) -> SuperiorReceipt | None:
    guard.check_is_actor(viewer)
    return SuperiorReceipt.objects.select_related("owner_office").filter(uid=uid).first()


def meddlings(viewer: Viewer, petition: Petition | None = None) -> QuerySet[Meddling]:
    """The register of asking and interfering, newest first."""
    guard.check_is_actor(viewer)
    rows = Meddling.objects.select_related("owner_office").order_by("-on", "-pk")
    return rows.filter(petition_id=petition.pk) if petition is not None else rows


def meddling_by_uid(viewer: Viewer, uid: UUID) -> Meddling | None:
    guard.check_is_actor(viewer)
    return Meddling.objects.select_related("owner_office").filter(uid=uid).first()


def last_days(viewer: Viewer, petition: Petition) -> dict[str, date]:
    """verb → the day on which it was last done."""
    return {step.verb: step.on for step in steps_of(viewer, petition) if step.withdrawn_on is None}


def last_notes(viewer: Viewer, petition: Petition) -> dict[str, str]:
    """verb → what was said when it was last done, with who granted it and when."""
    return {
        step.verb: f"{step.note}　{step.granted_by}　{step.on}" if step.granted_by else step.note
        for step in steps_of(viewer, petition)
        if step.withdrawn_on is None and step.note
    }


def sent_off(viewer: Viewer, petition: Petition) -> HandOff | None:
    """The hand-off by which it went last."""
    return hand_offs_of(viewer, petition).filter(confirmed_on__isnull=False).first()


def openings(viewer: Viewer) -> QuerySet[SenderOpening]:
    """The requests to open who sent a petition: what waits for consent first."""
    guard.check_is_actor(viewer)
    rows = SenderOpening.objects.select_related("owner_office")
    return rows.order_by(F("decided_on").desc(nulls_first=True), "-pk")


def opening_by_uid(viewer: Viewer, uid: UUID) -> SenderOpening | None:
    guard.check_is_actor(viewer)
    return SenderOpening.objects.select_related("owner_office").filter(uid=uid).first()


def lists(viewer: Viewer) -> QuerySet[PetitionList]:
    """The lists that came in, the latest first."""
    guard.check_is_actor(viewer)
    return PetitionList.objects.select_related("owner_office").order_by("-on", "-pk")


def list_by_uid(viewer: Viewer, uid: UUID) -> PetitionList | None:
    guard.check_is_actor(viewer)
    return PetitionList.objects.select_related("owner_office").filter(uid=uid).first()
