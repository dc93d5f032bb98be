"""Reads of grassroots supervision: checks with their inspections and answers, checklists, the grid, meetings."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Finding
from jiandu.loop.grassroots.models import (
    Answer,
    AssetLookBack,
    Check,
    Checklist,
    ChecklistAspect,
    ChecklistItem,
    GridCell,
    GridWorker,
    Inspection,
    Meeting,
)
from jiandu.net.access.models import Level
from jiandu.net.subjects.models import in_force
from jiandu.sources.activities.models import Activity

STANDING = Q(withdrawn_on__isnull=True)


def checks(viewer: Viewer, *, kind: str = "", year: int | None = None) -> QuerySet[Activity]:
    """The checks in scope, newest first, each with its kind (`check_kind`) and how many villages it inspected."""
    guard.check_is_actor(viewer)
    own = Check.objects.filter(activity=OuterRef("pk"))
    found = Activity.objects.filter(Exists(own.filter(kind=kind) if kind else own), kind=Activity.Kind.CHECK)
    if year is not None:
        found = found.filter(year=year)
    seen = Inspection.objects.filter(STANDING, activity=OuterRef("pk")).order_by().values("activity")
    villages = seen.annotate(n=Count("organisation", distinct=True)).values("n")
    problems = Finding.objects.filter(activity=OuterRef("pk"), excluded_on__isnull=True).order_by().values("activity")
    found = found.annotate(
        check_kind=Subquery(own.values("kind")[:1]),
        villages=Subquery(villages),
        problems=Subquery(problems.annotate(n=Count("pk")).values("n")),
    )
    return found.select_related("owner_office").order_by("-year", "-approved_on", "-pk")


def check_of(viewer: Viewer, activity: Activity) -> Check | None:
    """What kind of check the activity is."""
    guard.check_is_actor(viewer)
    return Check.objects.filter(activity=activity).select_related("checklist").first()


def check_by_uid(viewer: Viewer, uid: UUID) -> Activity | None:
    """The check's activity, if it is in scope."""
    guard.check_is_actor(viewer)
    return checks(viewer).filter(uid=uid).first()


def inspections_of(viewer: Viewer, activity: Activity) -> QuerySet[Inspection]:
    """The check's inspections that stand, newest first, each with its problems (`n_problems`) and answers."""
    guard.check_is_actor(viewer)
    rows = Inspection.objects.filter(STANDING, activity=activity)
    answers = Answer.objects.filter(inspection=OuterRef("pk")).order_by().values("inspection")
    counted = answers.annotate(n=Count("pk")).values("n")
    problems = answers.filter(result=Answer.Result.PROBLEM).annotate(n=Count("pk")).values("n")
    rows = rows.annotate(n_answers=Subquery(counted), n_problems=Subquery(problems))
    return rows.select_related("organisation").order_by("-on", "-pk")


def inspection_by_uid(viewer: Viewer, uid: UUID) -> Inspection | None:
    """The inspection, if its check is in scope."""
    guard.check_is_actor(viewer)
    found = Inspection.objects.filter(STANDING, uid=uid).select_related("organisation")
    return found.prefetch_related("activity").first()


@dataclass(frozen=True)
class Asked:
    """One item of the checklist with what the inspection said to it."""

    item: ChecklistItem
    answer: Answer | None


def answers_of(viewer: Viewer, inspection: Inspection) -> list[tuple[ChecklistAspect, list[Asked]]]:
    """The checklist of the inspection's check, by aspect, with the answers; nothing for a check without one."""
    guard.check_is_actor(viewer)
    check = Check.objects.filter(activity_id=inspection.activity_id).first()
    if check is None or check.checklist_id is None:
        return []
    answers = Answer.objects.filter(inspection=inspection).prefetch_related("finding")
    said = {row.item_id: row for row in answers}
    items = ChecklistItem.objects.filter(checklist_id=check.checklist_id).select_related("aspect")
    asked = (Asked(item, said.get(item.pk)) for item in items.order_by("aspect__order", "number"))
    return [(aspect, list(group)) for aspect, group in groupby(asked, lambda each: each.item.aspect)]


def is_unfinished(viewer: Viewer, inspection: Inspection) -> bool:
    """Whether an item of the checklist has no answer yet."""
    guard.check_is_actor(viewer)
    checklist = Check.objects.filter(activity_id=inspection.activity_id).values("checklist_id")
    answered = Answer.objects.filter(inspection=inspection).values("item_id")
    return ChecklistItem.objects.filter(checklist_id__in=checklist).exclude(pk__in=answered).exists()


def items_asked(viewer: Viewer, activities: list[Activity]) -> dict[int, list[ChecklistItem]]:
    """Activity key → the items of its checklist, in order; none for a check without one. Two statements."""
    guard.check_is_actor(viewer)
    rows = Check.objects.filter(activity_id__in=[one.pk for one in activities])
    of = dict(rows.values_list("activity_id", "checklist_id"))
    found: dict[int, list[ChecklistItem]] = {key: [] for key in of.values() if key}
    for item in ChecklistItem.objects.filter(checklist_id__in=found).order_by("number"):
        found[item.checklist_id].append(item)
    return {one.pk: found.get(of.get(one.pk) or 0, []) for one in activities}


def inspections_asked(viewer: Viewer, activities: list[Activity]) -> dict[int, list[Inspection]]:
    """Activity key → its inspections that stand, by day. One statement."""
    guard.check_is_actor(viewer)
    found: dict[int, list[Inspection]] = {one.pk: [] for one in activities}
    rows = Inspection.objects.filter(STANDING, activity_id__in=found).select_related("organisation")
    for row in rows.order_by("on", "pk"):
        found[row.activity_id].append(row)
    return found


def answers_known(viewer: Viewer, inspections: list[Inspection]) -> dict[int, list[Answer]]:
    """Inspection key → its answers, each with its finding as far as that is in scope. Two statements."""
    guard.check_is_actor(viewer)
    found: dict[int, list[Answer]] = {one.pk: [] for one in inspections}
    for row in Answer.objects.filter(inspection_id__in=found).prefetch_related("finding"):
        found[row.inspection_id].append(row)
    return found


@dataclass(frozen=True)
class ItemOf:
    """An item of the checklist as a row of an inspection."""

    inspection: Inspection
    item: ChecklistItem

    @property
    def pk(self) -> int:
        return self.item.pk

    def __str__(self) -> str:
        return str(self.item)


def item_asked(inspection: Inspection, key: int) -> ItemOf | None:
    """The item with that key, as the inspection is asked it."""
    item = ChecklistItem.objects.filter(pk=key).first()
    return ItemOf(inspection, item) if item else None


def look_standing(activity: Activity, key: int) -> AssetLookBack | None:
    """One of the check's look-backs on assets, while it stands."""
    return AssetLookBack.objects.filter(STANDING, pk=key, source_uid=activity.uid).first()


def whole(checklist: int) -> list[ChecklistAspect]:
    """The aspects of a checklist with their items, in order. Two statements."""
    items = Prefetch("items", ChecklistItem.objects.order_by("number"))
    return list(ChecklistAspect.objects.filter(checklist_id=checklist).order_by("order").prefetch_related(items))


def checklists(viewer: Viewer) -> QuerySet[Checklist]:
    """Every version, the newest first."""
    guard.check_is_actor(viewer)
    rows = Checklist.objects.annotate(n_items=Count("items", distinct=True), n_aspects=Count("aspects", distinct=True))
    return rows.order_by("-since")


def checklist_by_uid(viewer: Viewer, uid: UUID) -> Checklist | None:
    guard.check_is_actor(viewer)
    return Checklist.objects.filter(uid=uid).first()


def looks_of(viewer: Viewer, activity: Activity) -> QuerySet[AssetLookBack]:
    """What became of the assets in the check's findings, newest first."""
    guard.check_is_actor(viewer)
    findings = Finding.objects.filter(activity=activity).values("pk")
    rows = AssetLookBack.objects.filter(STANDING, finding__in=findings)
    return rows.prefetch_related("finding").order_by("-on", "-pk")


@dataclass(frozen=True)
class AssetAsked:
    """A row of the sheet on which assets are looked back at: its number there, and what was said of it last.

    `asset` is what the town called it; without a name yet, the problem stands for it.
    """

    number: int
    finding: Finding
    asset: str
    is_named: bool
    last: AssetLookBack | None


def assets_asked(viewer: Viewer, activity: Activity, stage: str) -> list[AssetAsked]:
    """The rows of the check's sheets in the order of the paper: by problem, then as the town came upon the assets.

    For the town every problem, for the district what the town has verified. New rows come last: a printed sheet keeps
    its order. What is of level 2 and above stands on no sheet: it is typed in on its own. Two statements.
    """
    guard.check_is_actor(viewer)
    town = stage == AssetLookBack.Stage.TOWN
    found = list(
        Finding.objects.filter(activity=activity, excluded_on__isnull=True, level__lte=Level.INTERNAL).order_by("pk")
    )
    looks = AssetLookBack.objects.filter(STANDING, finding_id__in=[one.pk for one in found]).order_by("on", "pk")
    named: dict[int, dict[str, AssetLookBack | None]] = {one.pk: {} for one in found}
    for look in sorted(looks, key=lambda look: look.stage != AssetLookBack.Stage.TOWN):
        own = named[look.finding_id]
        own[look.asset] = look if look.stage == stage else own.get(look.asset)
    rows = [
        (one, asset, last)
        for one in found
        for asset, last in [*named[one.pk].items()] or ([("", None)] if town else [])
    ]
    return [
        AssetAsked(number, one, asset or one.problem[:200], bool(asset), last)
        for number, (one, asset, last) in enumerate(rows, 1)
    ]


def findings_of(viewer: Viewer, activity: Activity) -> QuerySet[Finding]:
    """The check's findings, for a choice."""
    guard.check_is_actor(viewer)
    return Finding.objects.filter(activity=activity, excluded_on__isnull=True).order_by("-registered_on", "-pk")


def cells(viewer: Viewer, on: date, *, contact_points: bool | None = None) -> QuerySet[GridCell]:
    """The cells in scope on the day, each with how many watch there (`n_workers`)."""
    guard.check_is_actor(viewer)
    found = GridCell.objects.filter(in_force(on))
    if contact_points is not None:
        found = found.filter(is_contact_point=contact_points)
    serving = GridWorker.objects.filter(in_force(on), cell=OuterRef("pk")).order_by().values("cell")
    found = found.annotate(n_workers=Subquery(serving.annotate(n=Count("pk")).values("n")))
    return found.select_related("region", "owner_office", "subject").order_by("owner_office__path", "name", "pk")


def cell_by_uid(viewer: Viewer, uid: UUID) -> GridCell | None:
    guard.check_is_actor(viewer)
    return GridCell.objects.select_related("region", "owner_office", "subject").filter(uid=uid).first()


def workers_of(viewer: Viewer, cell: GridCell) -> QuerySet[GridWorker]:
    """Who ever watched there, the newest term first."""
    guard.check_is_actor(viewer)
    return GridWorker.objects.filter(cell=cell).select_related("kind").order_by("-since", "pk")


def meetings(viewer: Viewer, *, kind: str = "", year: int | None = None) -> QuerySet[Meeting]:
    """Meetings and training in scope that stand, newest first."""
    guard.check_is_actor(viewer)
    found = Meeting.objects.filter(STANDING)
    if kind:
        found = found.filter(kind=kind)
    if year is not None:
        found = found.filter(on__year=year)
    return found.select_related("owner_office").order_by("-on", "-pk")


def meeting_by_uid(viewer: Viewer, uid: UUID) -> Meeting | None:
    guard.check_is_actor(viewer)
    return Meeting.objects.select_related("owner_office").filter(uid=uid).first()
