"""催办清单: what is overdue or due within days, office by office, with who is on it. Overdue is the unit, never a leader."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.core.guarded import parts_of_row
from jiandu.loop.findings.models import Finding, Step
from jiandu.loop.findings.selectors.ledger import RUNNING, WITHIN, Filters, ledger, past_due
from jiandu.loop.findings.states import Verb
from jiandu.net.access.models import Assignment
from jiandu.net.access.standing import Standing
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import in_force

#: The windows that are offered: days → the word by which the ledger opens them.
WINDOWS = {days: word for word, days in WITHIN.items()}
MOST = 1_000


@dataclass(frozen=True)
class OfOffice:
    """What an office has to urge: its rows, the longest overdue first, and how many there are of each kind."""

    office: Office
    overdue: int
    due: int
    rows: list[Any] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.overdue + self.due


def due_list(viewer: Viewer, days: int, *, office: int | None = None) -> list[OfOffice]:
    """By office in the order of the tree; of more than MOST rows in all only the first are given, the numbers are exact."""
    guard.check_is_actor(viewer)
    day = today()
    found = _due(viewer, day + timedelta(days=days), office)
    late = past_due(day)
    counts = found.order_by().values("owner_office_id").annotate(late=Count("pk", filter=late), n=Count("pk"))
    said = {row["owner_office_id"]: (row["late"], row["n"] - row["late"]) for row in counts}
    rows = found.select_related("owner_office", "subject").annotate(handler=_handler(day))
    listed = rows.order_by("owner_path", "owner_office_id", "due_on", "pk")[:MOST]
    return list(_grouped(listed, said))


def _grouped(rows: QuerySet[Any], said: dict[int, tuple[int, int]]) -> Iterator[OfOffice]:
    for office, own in groupby(rows, key=lambda row: row.owner_office):
        yield OfOffice(office, *said.get(office.pk, (0, 0)), list(own))


def _due(viewer: Viewer, until: date, office: int | None) -> QuerySet[Finding]:
    """In scope; of who works in offices alone what these offices own."""
    found = ledger(viewer, Filters(office=office)).filter(due_on__lte=until, state__in=RUNNING)
    standing = viewer.standing
    if isinstance(standing, Standing) and not standing.paths:
        return found.filter(owner_office_id__in=standing.office_ids)
    return found


def _handler(day: date) -> Coalesce:
    """Who is on a finding: the person that it is assigned to by name, else who assigned it to its unit or registered it."""
    named = Assignment.objects.filter(in_force(day), thing_uid=OuterRef("uid"), user__isnull=False).order_by("-pk")
    steps = parts_of_row(Step).filter(Q(verb=Verb.ASSIGN) | Q(verb=Verb.REGISTER)).order_by("-seq")
    return Coalesce(Subquery(named.values("user__name")[:1]), Subquery(steps.values("by_name")[:1]))
