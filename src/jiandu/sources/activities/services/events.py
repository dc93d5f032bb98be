"""What happens in an activity: each turn is dated, stands in its timeline, and is what the figures count by."""

from datetime import date

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.sources.activities.models import Activity, Event

Verb = Event.Verb
#: What must have happened before, and who may say it: the word in roles.csv.
AFTER = {Verb.REPORT: Verb.START, Verb.APPROVE_REPORT: Verb.START}
NEEDS = dict.fromkeys([Verb.APPROVE_REPORT, Verb.CARRY_ON, Verb.CONCLUDE, Verb.PUT_OFF], "approve")
SAID = {Verb.NOTE, Verb.FOLLOW_UP, Verb.PUT_OFF}  # nothing without words


@atomic
def tell(*, activity: Activity, by: Viewer, verb: str, on: date, note: str = "") -> Event:
    """Records what happened. Raises Refused: not-allowed, step-date, already-decided, event-order."""
    kind = Verb(verb)
    may(by, NEEDS.get(kind, "edit"), activity)
    not_later(on)
    activity = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    happened = Event.objects.filter(activity=activity, withdrawn_on__isnull=True)
    if kind in Event.ONCE and happened.filter(verb=kind).exists():
        raise Refused("already-decided", "该事项已登记，请刷新页面")
    first = AFTER.get(kind)
    if first and not happened.filter(verb=first, on__lte=on).exists():
        raise Refused("event-order", "请先登记“%(first)s”，且日期不晚于本次", first=first.label)
    if kind in SAID and not note.strip():
        raise Refused("note-needed", "请写明内容")
    event = Event(activity=activity, verb=kind, on=on, by_name=by.name[:64], note=note.strip())
    event.save(force_insert=True)
    record(by, f"activity.{kind}", activity, payload={"on": on.isoformat(), "note": event.note})
    return event


@atomic
def withdraw_event(*, event: Event, by: Viewer, reason: str, on: date | None = None) -> Event:
    """撤下 a turn that was entered by mistake."""
    may(by, NEEDS.get(Verb(event.verb), "edit"), event.activity)
    take_back(event, reason, on)
    record(by, "activity.withdraw_event", event.activity, payload={"event": str(event.uid), "reason": reason})
    return event


def may(by: Viewer, verb: str, activity: Activity) -> None:
    """Raises Refused (not-allowed)."""
    if not guard.allow(by, verb, activity):
        raise Refused("not-allowed", "您没有办理该监督活动的权限")


def not_later(on: date) -> None:
    """What happened did not happen tomorrow. Raises Refused (step-date)."""
    if on > today():
        raise Refused("step-date", "日期不能晚于今天：%(on)s", on=on.isoformat())
