"""What happens in an activity: each turn is dated, stands in its timeline, and is what the figures count by."""

from dataclasses import dataclass
from datetime import date

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.net.access.standing import Standing
from jiandu.sources.activities.models import Activity, Event
from jiandu.sources.activities.project_parts import Urge
from jiandu.sources.activities.services.granting import Decided, grant_online

Verb = Event.Verb
#: What must have happened before, and who may say it: the word in roles.csv.
AFTER = {Verb.REPORT: Verb.START, Verb.APPROVE_REPORT: Verb.START, Verb.FINISH: Verb.REPORT}
NEEDS = dict.fromkeys([Verb.APPROVE_REPORT, Verb.CARRY_ON, Verb.CONCLUDE, Verb.PUT_OFF], "approve")
DECIDED = (Verb.PUT_OFF,)  # told by the decision that makes it (services.deciding), never by itself
EITHER = (Verb.CARRY_ON, Verb.CONCLUDE)  # a topic's year ends in one of them
TELLING = {Verb.FOLLOW_UP, Verb.NO_CHANGE}  # what a body that was urged answers by
SAID = {Verb.NOTE, Verb.FOLLOW_UP, Verb.PUT_OFF}  # nothing without words


@atomic
def tell(*, activity: Activity, by: Viewer, verb: str, on: date, note: str = "") -> Event:
    """Records what happened. Raises Refused: not-allowed, by-decision, step-date, already-decided, event-order,
    note-needed, month-told.
    """
    kind = Verb(verb)
    may(by, NEEDS.get(kind, "edit"), activity)
    if kind in DECIDED:
        raise Refused("by-decision", "“%(verb)s”由签批办理", verb=kind.label)
    activity = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    if kind == Verb.NO_CHANGE:
        _once_a_month(activity, by, on)
    event = happen(activity, by, Turn(kind, on, note))
    asked = urge_of(activity, event.office_id) if kind in TELLING else None
    if asked is not None:
        settle_urge(asked, f"{kind.label}：{event.note}" if event.note else str(kind.label))
    if kind in NEEDS:
        grant_online(activity, by, Decided(kind, on, event.note))
    return event


def urge_of(activity: Activity, office_id: int | None) -> Urge | None:
    """What this body is urged for in the activity, if it still waits."""
    rows = Urge.objects.filter(activity=activity, office_id=office_id, answered_on__isnull=True)
    return rows.filter(withdrawn_on__isnull=True).first() if office_id else None


def settle_urge(row: Urge, said: str) -> None:
    """It waits no longer: the body has told. The caller records the act."""
    row.answered_on, row.answer = max(today(), row.on), said[:300]
    row.save(update_fields=["answered_on", "answer"])


def _once_a_month(activity: Activity, by: Viewer, on: date) -> None:
    """A body says once a month that nothing has changed; another body may say it too."""
    not_later(on)
    said = Event.objects.filter(activity=activity, verb=Verb.NO_CHANGE, withdrawn_on__isnull=True, office=office_of(by))
    if said.filter(on__year=on.year, on__month=on.month).exists():
        raise Refused("month-told", "%(month)s已登记“本月无变化”", month=f"{on:%Y-%m}")


@dataclass(frozen=True)
class Turn:
    """What happens, when, in which words; `by_name` says who did it where the viewer only enters it."""

    verb: str
    on: date
    note: str = ""
    by_name: str = ""


def check_turn(activity: Activity, turn: Turn) -> None:
    """Whether it can happen. Raises Refused: step-date, already-decided, event-order, note-needed, topic-decided."""
    kind = Verb(turn.verb)
    not_later(turn.on)
    happened = Event.objects.filter(activity=activity, withdrawn_on__isnull=True)
    if kind in EITHER and happened.filter(verb__in=EITHER).exists():
        raise Refused("topic-decided", "本年度去向已评定（深化推进或结题完成）")
    if kind in Event.ONCE and happened.filter(verb=kind).exists():
        raise Refused("already-decided", "该事项已登记，请刷新页面")
    first = AFTER.get(kind)
    if first and not happened.filter(verb=first, on__lte=turn.on).exists():
        raise Refused("event-order", "请先登记“%(first)s”，且日期不晚于本次", first=first.label)
    if kind in SAID and not turn.note.strip():
        raise Refused("note-needed", "请写明内容")


def happen(activity: Activity, by: Viewer, turn: Turn) -> Event:
    """Writes it; the caller holds the activity and has asked for its own permission."""
    check_turn(activity, turn)
    name, note = (turn.by_name or by.name)[:64], turn.note.strip()
    event = Event(activity=activity, verb=turn.verb, on=turn.on, by_name=name, office_id=office_of(by), note=note)
    event.save(force_insert=True)
    record(by, f"activity.{turn.verb}", activity, payload={"on": turn.on.isoformat(), "note": note})
    return event


@atomic
def withdraw_event(*, event: Event, by: Viewer, reason: str, on: date | None = None) -> Event:
    """撤下 a turn that was entered by mistake: by the body that entered it, or whoever leads. Raises Refused (other-body)."""
    may(by, NEEDS.get(Verb(event.verb), "edit"), event.activity)
    if event.office_id is not None and event.office_id != office_of(by) and not leads(by, event.activity):
        raise Refused("other-body", "这是%(office)s登记的，由其自行撤下或由牵头室组撤下", office=str(event.office))
    take_back(event, reason, on)
    record(by, "activity.withdraw_event", event.activity, payload={"event": str(event.uid), "reason": reason})
    return event


def office_of(by: Viewer) -> int | None:
    """The office in which the viewer serves; none for the system."""
    return by.standing.office_id if isinstance(by.standing, Standing) else None


def leads(by: Viewer, activity: Activity) -> bool:
    """Whether the viewer stands where the activity is led, or above: who only takes part does not."""
    if by.is_system:
        return True
    if not isinstance(by.standing, Standing):
        return False
    return activity.owner_office_id in by.standing.office_ids or any(
        activity.owner_path.startswith(path) for path in by.standing.paths
    )


def may(by: Viewer, verb: str, activity: Activity) -> None:
    """Raises Refused (not-allowed)."""
    if not guard.allow(by, verb, activity):
        raise Refused("not-allowed", "您没有办理该监督活动的权限")


def not_later(on: date) -> None:
    """What happened did not happen tomorrow. Raises Refused (step-date)."""
    if on > today():
        raise Refused("step-date", "日期不能晚于今天：%(on)s", on=on.isoformat())
