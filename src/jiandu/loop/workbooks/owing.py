"""催报: which units still owe an answer on their open problems, and which of them have reported since a day."""

from collections.abc import Iterator
from dataclasses import dataclass
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
from jiandu.loop.workbooks.unit_sheets import asked
from jiandu.net.subjects.models import Organisation

#: What a unit tells of a problem, by itself or by its sheet.
TOLD = Q(verb__in=[Verb.PLAN, Verb.PROGRESS, Verb.APPLY])


@dataclass(frozen=True)
class Owes:
    """A unit: how many of its problems wait for it, how many of them it reported on since the day, how many are overdue."""

    unit: Organisation
    waiting: int
    told: int
    overdue: int
    last_on: date | None

    @property
    def has_returned(self) -> bool:
        """On every one of them."""
        return self.told == self.waiting


def owing(viewer: Viewer, filters: Filters, since: date) -> list[Owes]:
    """The units with problems in scope that wait for their answer, those that owe it first. One statement."""
    last = parts_of_row(Step).filter(TOLD).order_by("-on", "-seq").values("on")[:1]
    rows = asked(viewer, filters).annotate(last_on=Subquery(last))
    found = [_owes(unit, list(own), since) for unit, own in groupby(rows, key=lambda row: row.subject)]
    return sorted(found, key=lambda one: one.has_returned)


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
        if counts.get("act") and not counts.get("error") and not counts.get("conflict"):
            yield job
