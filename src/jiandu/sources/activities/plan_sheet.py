"""监督项目方案清单 in and out: a row a line of a project's plan: targets, steps, the three lists, and what came of each."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiandu.base.books.lines import Book, Line
from jiandu.base.books.taking import CellRefused, Register, Taken, at, singly
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets import Column, OutValue
from jiandu.net.access.cells import needed
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.project_parts import PlanLine
from jiandu.sources.activities.selectors import activity_by_code, plan_of
from jiandu.sources.activities.services.plans import NewLine, add_line, amend_line, finish_line

COUNT = re.compile(r"^(\d{1,9})$")
KINDS = {str(one.label): one.value for one in PlanLine.Kind}
BOOK = Book(
    "project-plan",
    _("监督项目方案清单"),
    (
        Column("project", ("项目编号", "监督项目编号", "项目"), required=True),
        Column("kind", ("类别", "清单", "清单类别"), required=True),
        Column("text", ("内容", "事项", "具体内容"), required=True),
        Column("planned", ("目标值",)),
        Column("unit", ("单位", "计量单位")),
        Column("who", ("责任室组(人)", "责任室组", "责任人", "责任单位")),
        Column("due", ("完成时限", "时限")),
        Column("done", ("完成日期",)),
        Column("result", ("完成情况", "进展情况")),
    ),
    ("XM2022-001", "工作目标", "走访责任单位", "30", "家", "第一监督检查室", "2022-06-30", "", ""),
    {"kind": {"工作目标": "target", "工作步骤": "step", "问题清单": "problem", "任务清单": "task", "责任清单": "duty"}},
    days=frozenset({"due", "done"}),
    past=frozenset({"done"}),
    carried=("project",),
    notes=(_("类别填工作目标、工作步骤、问题清单、任务清单或责任清单。表中没有的条目保持不变"),),
    most={"text": 300, "unit": 16, "who": 128, "result": 300},
)


def take_line(line: Line, by: Viewer) -> Taken:
    """A line: added, or brought to what the sheet says. What was told of its end is not changed by a sheet."""
    project = _project(line, by)
    if line.text("result"):
        needed(line, "done")
    kind, text = line.text("kind"), line.text("text")
    held = PlanLine.objects.filter(activity=project, kind=kind, text=text, withdrawn_on__isnull=True).first()
    if held is None:
        with at("text", line):
            held = add_line(activity=project, by=by, new=_said(line, None))
        _finish(line, held, by)
        return Taken("create")
    fixed = [(key, str(was or ""), str(said)) for key, was, said in _told(line, held) if was and said and said != was]
    if fixed:
        return Taken("conflict", tuple(fixed))
    new = _said(line, held)
    pairs = (("planned", held.planned, new.planned), ("unit", held.unit, new.unit), ("who", held.who, new.who), ("due", held.due_on, new.due_on))  # fmt: skip
    cells = [(key, str(was or ""), str(now)) for key, was, now in pairs if was != now]
    if cells:
        with at(cells[0][0], line):
            amend_line(row=held, by=by, new=new)
    if _finish(line, held, by):
        cells.append(("done", "", str(line.on("done"))))
    return Taken("update" if cells else "unchanged", tuple(cells))


def _project(line: Line, by: Viewer) -> Activity:
    found = activity_by_code(by, Activity.Kind.PROJECT, line.text("project"))
    with at("project", line):
        if found is None:
            raise Refused("no-project", _("没有编号为“%(code)s”的监督项目，或有几个"), code=line.text("project"))
        if not guard.allow(by, "edit", found):
            raise Refused("not-allowed", "您没有办理该监督活动的权限")
    return found


def _said(line: Line, held: PlanLine | None) -> NewLine:
    """The line as the sheet says it; where a cell is empty, as it is."""
    found = COUNT.match(line.text("planned").replace(",", "")) if line.text("planned") else None
    if line.text("planned") and found is None:
        raise CellRefused("planned", Refused("count", _("应为件数，如40")), line)
    return NewLine(
        kind=line.text("kind"),
        text=line.text("text"),
        who=line.text("who") or (held.who if held else ""),
        due_on=line.on("due") or (held.due_on if held else None),
        planned=int(found[1]) if found else (held.planned if held else None),
        unit=line.text("unit") or (held.unit if held else ""),
    )


def _told(line: Line, held: PlanLine) -> tuple[tuple[str, Any, Any], ...]:
    return (("done", held.done_on, line.on("done")), ("result", held.result, line.text("result")))


def _finish(line: Line, held: PlanLine, by: Viewer) -> bool:
    """What came of it, where the sheet says so and nothing was told yet."""
    on = line.on("done")
    if on is None or held.done_on is not None:
        return False
    with at("result", line):
        finish_line(row=held, by=by, on=on, result=line.text("result"))
    return True


def rows_of(viewer: Viewer, projects: Iterable[Activity]) -> Iterator[tuple[OutValue, ...]]:
    """The plans of the projects as rows of the sheet, in the order of their lists."""
    listed = list(projects)
    plans = plan_of(viewer, listed)
    order = list(PlanLine.Kind)
    for one in listed:
        for row in sorted(plans[one.pk], key=lambda each: order.index(PlanLine.Kind(each.kind))):
            what = (one.code, row.get_kind_display(), row.text, str(row.planned or ""), row.unit, row.who)
            yield (*what, row.due_on, row.done_on, row.result)


PLAN_SHEET = Register(BOOK, Activity, singly(take_line), "text", "activity", verb="edit")
