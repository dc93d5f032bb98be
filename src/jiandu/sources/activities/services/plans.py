"""方案: its lines are written and changed by the lead office, and whoever takes part says what came of one."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.project_parts import PlanLine
from jiandu.sources.activities.services.events import leads, may, not_later


@dataclass(frozen=True)
class NewLine:
    """Which list, what is to be done, by whom, by when; of a target, how much of what."""

    kind: str
    text: str
    who: str = ""
    due_on: date | None = None
    planned: int | None = None
    unit: str = ""


@atomic
def add_line(*, activity: Activity, by: Viewer, new: NewLine) -> PlanLine:
    """添加方案条目. Raises Refused: not-allowed, lead-only, not-a-project, text-needed, target-needed, line-twice."""
    _may_plan(by, activity)
    if activity.kind != Activity.Kind.PROJECT:
        raise Refused("not-a-project", "方案条目登记在监督项目中")
    row = PlanLine(activity=activity, **_checked(activity, new))
    row.save(force_insert=True)
    record(by, "activity.add_line", activity, payload={"kind": row.kind, "text": row.text})
    return row


@atomic
def amend_line(*, row: PlanLine, by: Viewer, new: NewLine) -> PlanLine:
    """A line in other words; as it was before stays in the log. Raises Refused as `add_line`."""
    activity = row.activity
    _may_plan(by, activity)
    said = _checked(activity, new, row)
    before = {name: str(getattr(row, name) or "") for name in said}
    for name, value in said.items():
        setattr(row, name, value)
    row.save(update_fields=list(said))
    record(by, "activity.amend_line", activity, payload={"line": str(row.uid), "before": before})
    return row


@atomic
def finish_line(*, row: PlanLine, by: Viewer, on: date, result: str) -> PlanLine:
    """登记完成情况, by whoever takes part; told again, the earlier words stay in the log. Raises Refused: step-date, note-needed."""
    activity = row.activity
    may(by, "edit", activity)
    not_later(on)
    if not result.strip():
        raise Refused("note-needed", "请写明内容")
    before = {"on": row.done_on.isoformat() if row.done_on else "", "result": row.result}
    row.done_on, row.result = on, result.strip()[:300]
    row.save(update_fields=["done_on", "result"])
    record(by, "activity.finish_line", activity, payload={"line": str(row.uid), "before": before})
    return row


@atomic
def withdraw_line(*, row: PlanLine, by: Viewer, reason: str, on: date | None = None) -> PlanLine:
    """撤下 a line. Raises Refused: not-allowed, lead-only, reason-needed."""
    _may_plan(by, row.activity)
    take_back(row, reason, on)
    record(by, "activity.withdraw_line", row.activity, payload={"line": str(row.uid), "reason": reason})
    return row


def _may_plan(by: Viewer, activity: Activity) -> None:
    may(by, "edit", activity)
    if not leads(by, activity):
        raise Refused("lead-only", "由牵头室组办理")


def _checked(activity: Activity, new: NewLine, row: PlanLine | None = None) -> dict[str, Any]:
    """The columns of a line. Raises Refused: text-needed, target-needed, line-twice."""
    said = asdict(new) | {"text": new.text.strip()[:300], "who": new.who.strip()[:128], "unit": new.unit.strip()[:16]}
    kind = PlanLine.Kind(new.kind)
    if not said["text"]:
        raise Refused("text-needed", "请填写内容")
    is_counted = new.planned is not None or said["unit"]
    if is_counted and not (kind == PlanLine.Kind.TARGET and new.planned and said["unit"]):
        raise Refused("target-needed", "量化的工作目标请同时填写大于零的目标值和单位，其他条目不填")
    alike = PlanLine.objects.filter(activity=activity, kind=kind, text=said["text"], withdrawn_on__isnull=True)
    if alike.exclude(pk=row.pk if row else None).exists():
        raise Refused("line-twice", "已有相同的条目：%(text)s", text=said["text"])
    return said
