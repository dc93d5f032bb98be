"""Reads of analyses of political ecology: the list, one report with what each judgement rests on."""

from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q, QuerySet

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.selectors import items
from jiandu.loop.findings.models import Finding
from jiandu.net.access.selectors import of_queue
from jiandu.net.subjects.models import Organisation
from jiandu.results.portraits.models import Ground, Judgement, Portrait, PortraitApproval
from jiandu.sources.talks.models import Talk

STANDING = Q(withdrawn_on__isnull=True)
OFFERED = 200


def portraits(viewer: Viewer, *, year: int | None = None, status: str = "") -> QuerySet[Portrait]:
    """The reports in scope that stand, newest period first."""
    guard.check_is_actor(viewer)
    found = Portrait.objects.filter(STANDING)
    if year is not None:
        found = found.filter(Q(approved_on__year=year) | Q(approved_on__isnull=True, year=year))
    if status:
        found = found.filter(approved_on__isnull=status != "approved")
    return found.select_related("subject", "district", "owner_office").order_by("-period_to", "-pk")


def portrait_by_uid(viewer: Viewer, uid: UUID) -> Portrait | None:
    """The report, if it is in scope."""
    guard.check_is_actor(viewer)
    found = Portrait.objects.select_related("subject", "district", "owner_office").filter(uid=uid)
    return found.prefetch_related("revises").first()


@dataclass(frozen=True)
class Judged:
    """One dimension with its judgement, if there is one, and what it rests on."""

    dimension: Item
    judgement: Judgement | None
    findings: list[Finding] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)


def by_dimension(viewer: Viewer, portrait: Portrait) -> list[Judged]:
    """Every dimension of the report's scheme in order; what was judged by one that was retired since stands too."""
    guard.check_is_actor(viewer)
    said = {row.dimension_id: row for row in Judgement.objects.filter(portrait=portrait).select_related("dimension")}
    grounds: dict[int, list[Ground]] = {}
    for ground in Ground.objects.filter(portrait=portrait).prefetch_related("finding", "talk").order_by("pk"):
        grounds.setdefault(ground.judgement_id, []).append(ground)
    dimensions = {item.pk: item for item in items(viewer, "dimension", portrait.year)}
    dimensions |= {key: row.dimension for key, row in said.items() if key not in dimensions}
    found = []
    for key, dimension in dimensions.items():
        own = grounds.get(said[key].pk, []) if key in said else []
        named = [row.finding for row in own if row.finding], [row.talk for row in own if row.talk]
        found.append(Judged(dimension, said.get(key), *named))
    return found


@dataclass(frozen=True)
class Asked:
    """A dimension as a row of a report, with what was judged so far."""

    portrait: Portrait
    dimension: Item
    judgement: Judgement | None

    @property
    def pk(self) -> int:
        return self.dimension.pk

    def __str__(self) -> str:
        return str(self.dimension)


def dimension_asked(portrait: Portrait, key: int) -> Asked | None:
    """The dimension with that key, as the report is asked it."""
    dimension = Item.objects.filter(kind="dimension", pk=key).first()
    if dimension is None:
        return None
    return Asked(portrait, dimension, Judgement.objects.filter(portrait=portrait, dimension=dimension).first())


def revisions_of(viewer: Viewer, portrait: Portrait) -> QuerySet[Portrait]:
    """What revised it, newest first."""
    guard.check_is_actor(viewer)
    return Portrait.objects.filter(STANDING, revises=portrait).order_by("-pk")


def findings_about(viewer: Viewer, portrait: Portrait) -> list[Finding]:
    """Findings of the unit in the period, to choose grounds from; the newest first, at most 200."""
    guard.check_is_actor(viewer)
    period = (portrait.period_from, portrait.period_to)
    rows = Finding.objects.filter(registered_on__range=period, excluded_on__isnull=True)
    return list(_about(rows, portrait.subject).order_by("-registered_on", "-pk")[:OFFERED])


def talks_about(viewer: Viewer, portrait: Portrait) -> list[Talk]:
    """Talks with people of the unit in the period; the newest first, at most 200."""
    guard.check_is_actor(viewer)
    rows = Talk.objects.filter(STANDING, on__range=(portrait.period_from, portrait.period_to))
    return list(_about(rows, portrait.subject).order_by("-on", "-pk")[:OFFERED])


def _about(rows: QuerySet[Finding] | QuerySet[Talk], unit: Organisation | None) -> QuerySet:  # type: ignore[type-arg]
    return rows.filter(subject_path__startswith=unit.path) if unit is not None else rows


def approvals_of(viewer: Viewer, portrait: Portrait) -> QuerySet[PortraitApproval]:
    """What was decided about it and what waits for a second person, in order of date."""
    guard.check_is_actor(viewer)
    return PortraitApproval.objects.filter(portrait=portrait).order_by("asked_on", "pk")


def approval_scanned(viewer: Viewer, portrait: Portrait, uid: UUID) -> PortraitApproval | None:
    """The paper with its scan, if that is the report's."""
    guard.check_is_actor(viewer)
    return PortraitApproval.objects.filter(portrait=portrait, uid=uid).exclude(scan_sha256="").first()


def approvals(viewer: Viewer, which: str) -> QuerySet[PortraitApproval]:
    """What is signed about reports: see `of_queue`."""
    return of_queue(viewer, PortraitApproval.objects.all(), which, Portrait)


def portraits_of(viewer: Viewer, keys: list[int]) -> QuerySet[Portrait]:
    """The reports with these keys, as far as they are in scope."""
    guard.check_is_actor(viewer)
    return Portrait.objects.filter(pk__in=keys).select_related("subject")
