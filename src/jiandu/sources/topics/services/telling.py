"""Verbs of a topic's year: what a month brought, how far the targets have come, what was counted, evaluated, achieved."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum
from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.services.events import may, not_later
from jiandu.sources.topics.models import (
    Achievement,
    Evaluation,
    LeadDepartment,
    MonthlyCount,
    Progress,
    Reached,
    Target,
)

Row = LeadDepartment | Target | Reached | Progress | MonthlyCount | Evaluation | Achievement


@atomic
def reach(*, target: Target, by: Viewer, on: date, amount: int) -> Reached:
    """How far a target has come by a day, all in all. Raises Refused (step-date, target-gone, reached-less)."""
    activity = _activity(target, by)
    not_later(on)
    if target.withdrawn_on is not None:
        raise Refused("target-gone", "该目标已撤下")
    told = Reached.objects.filter(target=target, withdrawn_on__isnull=True)
    if told.filter(on=on).exists():
        raise Refused("reached-twice", "该日已填报，请先撤下")
    if told.filter(on__lt=on, amount__gt=amount).exists() or told.filter(on__gt=on, amount__lt=amount).exists():
        raise Refused("reached-less", "完成值为累计数，不能小于此前填报的，也不能大于此后填报的")
    row = Reached(activity=activity, target=target, on=on, amount=amount)
    row.save(force_insert=True)
    record(by, "activity.reached", activity, payload={"target": target.name, "amount": amount})
    return row


@atomic
def report_month(*, activity: Activity, by: Viewer, month: date, text: str) -> Progress:
    """月度进展. Raises Refused (month-twice, note-needed, step-date)."""
    may(by, "edit", activity)
    month = _first(activity, month)
    if not text.strip():
        raise Refused("note-needed", "请写明进展")
    if Progress.objects.filter(activity=activity, month=month, withdrawn_on__isnull=True).exists():
        raise Refused("month-twice", "%(month)s已填报，请先撤下", month=f"{month:%Y-%m}")
    row = Progress(activity=activity, month=month, text=text.strip(), by_name=by.name[:64])
    row.save(force_insert=True)
    record(by, "activity.progress", activity, payload={"month": f"{month:%Y-%m}"})
    return row


@dataclass(frozen=True)
class NewCount:
    """Of a month: which matters, how many came in, how many were closed (some perhaps of earlier months)."""

    kind: str
    month: date
    received: int
    closed: int


@atomic
def count_month(*, activity: Activity, by: Viewer, new: NewCount) -> MonthlyCount:
    """Raises Refused (month-twice, closed-more, step-date): no more can have been closed than had come in."""
    may(by, "edit", activity)
    month, kind = _first(activity, new.month), MonthlyCount.Kind(new.kind)
    told = MonthlyCount.objects.filter(activity=activity, kind=kind, withdrawn_on__isnull=True)
    if told.filter(month=month).exists():
        raise Refused("month-twice", "%(month)s已填报，请先撤下", month=f"{month:%Y-%m}")
    before = told.filter(month__lt=month).aggregate(received=Sum("received"), closed=Sum("closed"))
    left = (before["received"] or 0) - (before["closed"] or 0)
    if new.closed > left + new.received:
        raise Refused(
            "closed-more",
            "办结%(closed)s件，多于此前未办结和本月受理的%(most)s件",
            closed=new.closed,
            most=left + new.received,
        )
    last = month.replace(day=monthrange(month.year, month.month)[1])
    row = MonthlyCount(activity=activity, kind=kind, month=month, on=last, received=new.received, closed=new.closed)
    row.save(force_insert=True)
    payload = {"kind": kind, "month": f"{month:%Y-%m}", "received": new.received, "closed": new.closed}
    record(by, "activity.count", activity, payload=payload)
    return row


@dataclass(frozen=True)
class NewEvaluation:
    """By whom, on which day, how many were asked; rates in hundredths of a per cent (9,216 is 92.16 %)."""

    on: date
    evaluator: str
    sample: int
    known: int
    satisfied: int
    supported: int


@atomic
def evaluate(*, activity: Activity, by: Viewer, new: NewEvaluation) -> Evaluation:
    """社会评价. Raises Refused (evaluator-needed, sample-needed, rate-range, step-date)."""
    may(by, "edit", activity)
    not_later(new.on)
    if not new.evaluator.strip():
        raise Refused("evaluator-needed", "请填写评价单位")
    if new.sample <= 0:
        raise Refused("sample-needed", "样本量应大于零")
    if not all(0 <= rate <= 10_000 for rate in (new.known, new.satisfied, new.supported)):
        raise Refused("rate-range", "比率应在0到100之间")
    row = Evaluation(activity=activity, **{**vars(new), "evaluator": new.evaluator.strip()[:128]})
    row.save(force_insert=True)
    record(by, "activity.evaluate", activity, payload={"on": new.on.isoformat(), "sample": new.sample})
    return row


@atomic
def achieve(*, activity: Activity, by: Viewer, on: date, text: str) -> Achievement:
    """A line of the list of results. Raises Refused (note-needed, step-date)."""
    may(by, "edit", activity)
    not_later(on)
    if not text.strip():
        raise Refused("note-needed", "请写明成果")
    row = Achievement(activity=activity, on=on, text=text.strip()[:300])
    row.save(force_insert=True)
    record(by, "activity.achieve", activity, payload={"on": on.isoformat()})
    return row


@atomic
def withdraw_row(*, row: Row, by: Viewer, reason: str, on: date | None = None) -> Row:
    """撤下 what was entered by mistake."""
    activity = _activity(row, by)
    take_back(row, reason, on)
    record(by, "activity.withdraw_row", activity, payload={"kind": row._meta.model_name, "reason": reason})
    return row


@atomic
def withdraw_latest(*, target: Target, by: Viewer, reason: str, on: date | None = None) -> Reached:
    """撤下 the latest word of how far a target has come. Raises Refused (nothing-reached)."""
    row = Reached.objects.filter(target=target, withdrawn_on__isnull=True).order_by("-on").first()
    if row is None:
        raise Refused("nothing-reached", "该目标还没有填报完成值")
    withdraw_row(row=row, by=by, reason=reason, on=on)
    return row


def _activity(row: Row, by: Viewer) -> Activity:
    activity: Activity = row.activity
    may(by, "edit", activity)
    return activity


def _first(activity: Activity, month: date) -> date:
    """The month's first day. Raises Refused (step-date) for a month to come, or of another year."""
    first = month.replace(day=1)
    not_later(first)
    if first.year != activity.year:
        raise Refused("month-year", "月份应在%(year)s年度内", year=activity.year)
    return first
