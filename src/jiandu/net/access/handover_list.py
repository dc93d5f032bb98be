"""The list of a 交接单: how it is written down, and what has come and gone since then. It moves nothing."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from jiandu.base.accounts.models import User
from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.net.access import deciding
from jiandu.net.access.hands import Held, list_of
from jiandu.net.access.models import Handover, HandoverItem, HandoverSignature

CLOSED = "账户停用"
Role, State, Status = HandoverSignature.Role, Handover.State, HandoverSignature.Status


@dataclass(frozen=True)
class NewHandover:
    """Who hands over to whom, when and why, before whom; `chosen`: these things alone (None: everything)."""

    giver: User
    receiver: User
    on: date
    why: str
    supervisor: User | None = None
    note: str = ""
    chosen: frozenset[UUID] | None = None


@dataclass(frozen=True)
class Difference:
    """Between the list and what is in his hands today: what came since, and what of it is there no more."""

    added: tuple[Held, ...] = ()
    gone: tuple[UUID, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.gone)


def difference(one: Handover) -> Difference:
    """None once it was handed over or taken back. Of chosen things only what has gone: the others were not chosen."""
    if one.state != State.DRAFTED:
        return Difference()
    with guard.acting(guard.system("what a list has missed")):
        listed = dict(HandoverItem.objects.filter(handover=one).values_list("thing", "is_gone"))
    held = {row.uid: row for row in list_of(one.made_by, giveable=True)}
    added = [row for uid, row in held.items() if listed.get(uid, True) and (one.is_whole or uid in listed)]
    return Difference(tuple(added), tuple(uid for uid, is_gone in listed.items() if not is_gone and uid not in held))


def write_list(new: NewHandover, held: list[Held], by: Viewer, state: str = State.DRAFTED) -> Handover:
    """The 交接单 with its list and the signatures that it waits for. Called as the system."""
    one = Handover(
        made_by=new.giver,
        receiver=new.receiver,
        supervisor=new.supervisor,
        drafted_by_id=by.user_id,
        on=new.on,
        why=new.why,
        note=new.note.strip(),
        is_whole=new.chosen is None,
        state=state,
        listed_on=today(),
        handed_on=today() if state == State.HANDED else None,
    )
    one.save(force_insert=True)
    add_items(one, held)
    for role, user in ((Role.GIVER, new.giver), (Role.RECEIVER, new.receiver), (Role.SUPERVISOR, new.supervisor)):
        if user is not None:
            ask(one, role, user, by)
    return one


def add_items(one: Handover, held: list[Held], *, is_added: bool = False) -> None:
    """Further lines of the list, after the last."""
    last = HandoverItem.objects.filter(handover=one).aggregate(last=Max("order"))["last"] or 0
    for order, row in enumerate(held, last + 1):
        HandoverItem(
            handover=one,
            order=order,
            kind=row.kind,
            label=row.label,
            thing=row.uid,
            code=row.code[:64],
            title=row.title,
            unit=row.unit[:200],
            state=row.state[:64],
            next_on=row.next_on,
            is_added=is_added,
        ).save(force_insert=True)


def ask(one: Handover, role: str, user: User, by: Viewer) -> HandoverSignature:
    """A signature that is waited for."""
    row = HandoverSignature(
        handover=one, role=role, user=user, asked_on=today(), asked_by_id=by.user_id, asked_by_name=by.name
    )
    row.save(force_insert=True)
    return row


def end(one: Handover, reason: str) -> None:
    """Nothing is handed over any more, for a reason; what was still to be signed lapses."""
    one.state, one.ended_for = State.ENDED, reason[:300]
    one.save(update_fields=["state", "ended_for"])
    for row in one.signatures.filter(status__in=[Status.WAITING, Status.ON_PAPER]):
        deciding.lapse(row)


def end_drafts(user: User, by: Viewer) -> None:
    """What he had drafted and nobody completed ends: his account closes, everything went over at once."""
    with guard.acting(guard.system("an account closes")):
        for one in Handover.objects.filter(made_by=user, state=State.DRAFTED).select_related("made_by", "receiver"):
            end(one, CLOSED)
            record(by, "handover.take_back", one, payload=said(one, reason=CLOSED))


def said(one: Handover, **more: object) -> dict[str, object]:
    """Between whom and when, for the log."""
    return {"from": one.made_by.username, "to": one.receiver.username, "on": one.on.isoformat(), **more}


# --- reads ---


def handovers_of(viewer: Viewer) -> QuerySet[Handover]:
    """Those that the viewer gives, receives or watches over, the last drafted first."""
    guard.check_is_actor(viewer)
    return Handover.objects.select_related("made_by", "receiver", "supervisor").order_by("-created_at", "-pk")


def handover_by_uid(viewer: Viewer, uid: UUID) -> Handover | None:
    """One of them."""
    return handovers_of(viewer).filter(uid=uid).first()


def items_of(viewer: Viewer, one: Handover) -> QuerySet[HandoverItem]:
    """Its list, in order."""
    guard.check_is_actor(viewer)
    return HandoverItem.objects.filter(handover_id=one.pk).order_by("order", "pk")


def signatures_of(viewer: Viewer, one: Handover) -> list[HandoverSignature]:
    """Who signed and who has still to sign, in the order of the paper; what lapsed is left out."""
    guard.check_is_actor(viewer)
    order = {role: place for place, role in enumerate(Role.values)}
    rows = HandoverSignature.objects.filter(handover_id=one.pk).exclude(status=Status.LAPSED).select_related("user")
    return sorted(rows, key=lambda row: order[row.role])


def both_signed(one: Handover) -> bool:
    """Whether who gives and who receives have signed."""
    signed = one.signatures.filter(status=Status.GRANTED).values_list("role", flat=True)
    return {Role.GIVER, Role.RECEIVER} <= set(signed)


def signature_scanned(viewer: Viewer, one: Handover, uid: UUID) -> HandoverSignature | None:
    """The signature of that uid, if its paper has a scan."""
    guard.check_is_actor(viewer)
    return HandoverSignature.objects.filter(handover_id=one.pk, uid=uid).exclude(scan_sha256="").first()


def to_sign(viewer: Viewer) -> QuerySet[HandoverSignature]:
    """The signatures that wait for the viewer."""
    guard.check_is_actor(viewer)
    rows = HandoverSignature.objects.filter(user_id=viewer.user_id or 0, status=Status.WAITING)
    open_ones = Handover.objects.exclude(state=State.ENDED).values("pk")
    return rows.filter(handover_id__in=open_ones).order_by("pk")


@dataclass(frozen=True)
class Outline:
    """What whoever keeps accounts knows of a 交接单: between whom, when, how far; not a word of what is on it."""

    pk: int
    giver: str
    receiver: str
    on: date
    state: str
    label: str
    count: int


def outlines(viewer: Viewer, user: User) -> list[Outline]:
    """Those that an account gives or receives, for whoever keeps accounts."""
    if not guard.allow(viewer, "edit", User):
        return []
    with guard.acting(guard.system("handovers of an account")):
        mine = Handover.objects.filter(Q(made_by=user) | Q(receiver=user)).select_related("made_by", "receiver")
        rows = list(mine.order_by("-pk")[:20])
        listed = HandoverItem.objects.filter(handover__in=[row.pk for row in rows], is_gone=False)
        counts = Counter(listed.values_list("handover_id", flat=True))
    return [
        Outline(
            row.pk,
            row.made_by.name,
            row.receiver.name,
            row.on,
            row.state,
            str(State(row.state).label),
            counts[row.pk],
        )
        for row in rows
    ]


def draft_of(viewer: Viewer, user: User, pk: int) -> Handover | None:
    """A draft of that account's, for whoever keeps accounts: to be taken back, not to be read."""
    if not guard.allow(viewer, "edit", User):
        return None
    with guard.acting(guard.system("handovers of an account")):
        rows = Handover.objects.select_related("made_by", "receiver").filter(made_by=user, state=State.DRAFTED)
        return rows.filter(pk=pk).first()
