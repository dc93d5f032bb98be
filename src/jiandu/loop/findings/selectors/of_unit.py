"""A unit's findings as its file shows them: by state and aspect, what came again within three years, look-backs."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from jiandu.base.core import guard
from jiandu.base.core.clock import add_months, today
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Finding, LookBack
from jiandu.loop.findings.selectors.as_of import counted
from jiandu.loop.findings.selectors.ledger import NOT_COUNTED, Filters, ledger
from jiandu.net.subjects.models import Organisation
from jiandu.sources.activities.models import Activity

REPEAT_MONTHS = 36
SHOWN = 30


@dataclass(frozen=True)
class Spread:
    """How many of the unit's findings are in one state about one aspect (None: no aspect yet)."""

    state: str
    aspect: int | None
    count: int


@dataclass(frozen=True)
class Again:
    """Findings of one kind that came more than once, the latest first."""

    findings: list[Finding]

    @property
    def latest(self) -> Finding:
        return self.findings[0]


def of_unit(viewer: Viewer, organisation: Organisation, *, is_below: bool = False) -> QuerySet[Finding]:
    """The unit's findings in scope; `is_below`: with those of the units below it."""
    return ledger(viewer, Filters(subject=organisation, is_below=is_below))


def names_on(found: QuerySet[Finding]) -> set[str]:
    """Who is typed in as answerable or leading, whether or not the directory knows the person. One statement."""
    rows = found.order_by().values_list("rectifier_name", "lead_leader").distinct()
    return {name for row in rows for name in row if name}


def spread(found: QuerySet[Finding]) -> list[Spread]:
    """Counts by state and aspect, what was withdrawn, not accepted or merged left out. One statement."""
    rows = found.exclude(state__in=NOT_COUNTED).order_by().values("state", "aspect_id").annotate(n=Count("pk"))
    return [Spread(row["state"], row["aspect_id"], row["n"]) for row in rows]


def again(found: QuerySet[Finding], *, day: date | None = None) -> list[Again]:
    """What was found more than once within three years up to the day: same unit, aspect and basis. The most often first."""
    until = day or today()
    recent = found.filter(counted(as_of=until), registered_on__range=(add_months(until, -REPEAT_MONTHS), until))
    often = recent.order_by().values("repeat_key").annotate(n=Count("pk")).filter(n__gt=1).order_by("-n", "repeat_key")
    keys = [row["repeat_key"] for row in often[:SHOWN]]
    groups: dict[str, list[Finding]] = {key: [] for key in keys}
    for finding in recent.filter(repeat_key__in=keys).order_by("-registered_on", "-pk")[: SHOWN * SHOWN]:
        groups[finding.repeat_key].append(finding)
    return [Again(findings) for findings in groups.values() if findings]


def look_backs(viewer: Viewer, found: QuerySet[Finding], most: int = SHOWN) -> QuerySet[LookBack]:
    """Look-backs on these findings, those to come first, then the latest; each with its finding."""
    guard.check_is_actor(viewer)
    rows = LookBack.objects.filter(finding_id__in=found.order_by().values("pk")).prefetch_related("finding")
    return rows.order_by("-done_on", "-planned_on", "-pk")[:most]


def projects(viewer: Viewer, found: QuerySet[Finding], most: int = SHOWN) -> QuerySet[Activity]:
    """The activities in which these were found, the latest first."""
    guard.check_is_actor(viewer)
    mine = found.order_by().filter(activity__isnull=False).values("activity_id")
    return Activity.objects.filter(pk__in=mine).order_by("-year", "code")[:most]
