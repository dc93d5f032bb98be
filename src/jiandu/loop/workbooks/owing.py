"""催报: which units still owe an answer on their open problems, letters, months and statements, and which have reported since a day."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Q, Subquery

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.core.guarded import parts_of_row
from jiandu.loop.findings.models import Finding, Step
from jiandu.loop.findings.selectors.ledger import RUNNING, Filters
from jiandu.loop.findings.states import Verb
from jiandu.loop.workbooks.owed import Due, owed_by_unit
from jiandu.loop.workbooks.unit_sheets import asked
from jiandu.net.subjects.models import Organisation

#: What a unit tells of a problem, by itself or by its sheet.
TOLD = Q(verb__in=[Verb.PLAN, Verb.PROGRESS, Verb.APPLY])


@dataclass(frozen=True)
class Owes:
    """A unit: how many of its problems wait for it, how many of them it reported on since the day, how many are overdue.

    `others`: (kind, how many rows) that it owes beside; what of them is past its day is among the overdue.
    """

    unit: Organisation
    waiting: int = 0
    told: int = 0
    overdue: int = 0
    last_on: date | None = None
    others: tuple[tuple[str, int], ...] = ()

    @property
    def has_returned(self) -> bool:
        """On every one of them, and nothing else is owed."""
        return self.told == self.waiting and not self.others

    def owed(self, kind: str) -> int:
        return dict(self.others).get(kind, 0)


def owing(viewer: Viewer, filters: Filters, since: date) -> list[Owes]:
    """The units in scope that owe an answer, those that owe it first, then by their place in the directory."""
    last = parts_of_row(Step).filter(TOLD).order_by("-on", "-seq").values("on")[:1]
    rows = asked(viewer, filters).annotate(last_on=Subquery(last))
    found = {unit: _owes(unit, list(own), since) for unit, own in groupby(rows, key=lambda row: row.subject)}
    for unit, kinds in owed_by_unit(viewer, filters).items():
        found[unit] = _and(found.get(unit) or Owes(unit), kinds)
    return sorted(found.values(), key=lambda one: (one.has_returned, one.unit.path, one.unit.pk))


def _and(one: Owes, kinds: dict[str, list[Due]]) -> Owes:
    late = sum(due.is_late for rows in kinds.values() for due in rows)
    return replace(one, overdue=one.overdue + late, others=tuple((kind, len(rows)) for kind, rows in kinds.items()))


def _owes(unit: Organisation, rows: list[Any], since: date) -> Owes:
    days = [row.last_on for row in rows if row.last_on]
    late = sum(_is_late(row) for row in rows)
    return Owes(unit, len(rows), sum(day >= since for day in days), late, max(days, default=None))


def _is_late(row: Finding) -> bool:
    return row.due_on is not None and row.due_on < today() and row.state in RUNNING


def ready(previews: list[Any]) -> Iterator[Any]:
    """Of previews of returned sheets those that can be written: looked at, without an error, with something to do."""
    for job in previews:
        counts = job.said.get("counts", {}) if job.status == job.Status.DONE else {}
        if counts.get("act") and not counts.get("error"):
            yield job
