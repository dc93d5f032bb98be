"""The time of a round: between which days its work is to be done, and the day on which it ends with its report."""

from datetime import date

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.sources.activities.models import Activity, Event
from jiandu.sources.activities.selectors import happened_on, progress_of_rounds
from jiandu.sources.activities.services.events import Turn, happen, may

Verb = Event.Verb


@atomic
def set_period(*, activity: Activity, by: Viewer, period_from: date | None, period_to: date | None) -> Activity:
    """监督时段, or none; the days before stay in the log. Raises Refused (not-a-round, period-order)."""
    may(by, "edit", activity)
    check_is_round(activity)
    if (period_from is None) != (period_to is None) or (period_from and period_to and period_to < period_from):
        raise Refused("period-order", "起始日期和截止日期都填写，且截止不早于起始")
    if (activity.period_from, activity.period_to) == (period_from, period_to):
        return activity
    before = _said(activity)
    activity.period_from, activity.period_to = period_from, period_to
    activity.save(update_fields=["period_from", "period_to"])
    record(by, "activity.period", activity, payload={"before": before, "after": _said(activity)})
    return activity


@atomic
def finish_round(*, activity: Activity, by: Viewer, on: date, note: str = "") -> Event:
    """结束本轮: with its report, which is handed in on that day where it has not been. What was not visited needs a word.

    Raises Refused: not-allowed, not-a-round, step-date, event-order, already-decided, not-visited, visited-later.
    """
    may(by, "edit", activity)
    check_is_round(activity)
    activity = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    linked, visited = progress_of_rounds(by, [activity])[activity.pk]
    if visited < linked and not note.strip():
        raise Refused("not-visited", "还有%(n)d家挂钩单位未走访，请说明情况", n=linked - visited)
    if activity.visits.filter(withdrawn_on__isnull=True, on__gt=on).exists():
        raise Refused("visited-later", "该日以后还有走访，结束日期不能早于最后一次走访")
    if activity.pk not in happened_on(by, [activity], Verb.REPORT):
        happen(activity, by, Turn(Verb.REPORT, on))
    return happen(activity, by, Turn(Verb.FINISH, on, note))


def check_is_round(activity: Activity) -> None:
    """Raises Refused (not-a-round)."""
    if activity.kind != Activity.Kind.ROUND:
        raise Refused("not-a-round", "监督时段和结束本轮只用于挂钩监督轮次")


def finished_on(activity: Activity) -> date | None:
    """The day on which the round ended, if it did."""
    rows = Event.objects.filter(activity=activity, verb=Verb.FINISH, withdrawn_on__isnull=True)
    return rows.values_list("on", flat=True).first()


def check_goes_on(activity: Activity, on: date | None = None) -> None:
    """What is planned needs a round that goes on; what happened on a day, one that had not ended. Raises Refused (round-finished)."""
    ended = finished_on(activity)
    if ended is not None and (on is None or on > ended):
        raise Refused("round-finished", "本轮已于%(on)s结束", on=ended.isoformat())


def _said(activity: Activity) -> list[str]:
    return [day.isoformat() for day in (activity.period_from, activity.period_to) if day]
