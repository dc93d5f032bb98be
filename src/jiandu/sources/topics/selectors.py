"""Reads of topics: the list of a year, one year's work, the chain of years."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from jiandu.base.core import guard
from jiandu.base.core.clock import add_months
from jiandu.base.core.guard import Viewer
from jiandu.base.core.guarded import parts_of_row
from jiandu.net.access.models import Level
from jiandu.net.subjects.models import Organisation
from jiandu.sources.activities.models import Activity, Event
from jiandu.sources.topics.models import (
    Achievement,
    Evaluation,
    LeadDepartment,
    MonthlyCount,
    Progress,
    Reached,
    Target,
    Topic,
    TopicYear,
)

STANDING = Q(withdrawn_on__isnull=True)


def topics(viewer: Viewer) -> QuerySet[Topic]:
    """The topics in scope that stand."""
    guard.check_is_actor(viewer)
    return Topic.objects.filter(STANDING).select_related("owner_office").order_by("-pk")


def topic_by_uid(viewer: Viewer, uid: UUID) -> Topic | None:
    """The topic, if it is in scope."""
    guard.check_is_actor(viewer)
    return Topic.objects.select_related("owner_office").filter(uid=uid).first()


def chain_of(viewer: Viewer, topic: Topic) -> list[TopicYear]:
    """The years in which it was worked on, each with its activity, as far as in scope."""
    guard.check_is_actor(viewer)
    return list(TopicYear.objects.filter(topic=topic).prefetch_related("activity").order_by("year"))


def years_of(viewer: Viewer, topics: list[Topic]) -> dict[int, list[int]]:
    """Topic key → its years."""
    guard.check_is_actor(viewer)
    found: dict[int, list[int]] = {topic.pk: [] for topic in topics}
    for key, year in TopicYear.objects.filter(topic_id__in=found).order_by("year").values_list("topic_id", "year"):
        found[key].append(year)
    return found


def departments_of(viewer: Viewer, activities: list[Activity]) -> dict[int, list[str]]:
    """Activity key → the names of its departments, leading ones first."""
    guard.check_is_actor(viewer)
    found: dict[int, list[str]] = {one.pk: [] for one in activities}
    rows = LeadDepartment.objects.filter(STANDING, activity_id__in=found).order_by("role", "pk")
    for key, name in rows.values_list("activity_id", "organisation__name"):
        found[key].append(name)
    return found


@dataclass(frozen=True)
class Counts:
    """How many matters came in and were closed, all in all."""

    received: int
    closed: int

    @property
    def percent(self) -> str:
        """The closing rate with one decimal; nothing where nothing came in."""
        return f"{self.closed * 100 / self.received:.1f}%" if self.received else ""


@dataclass(frozen=True)
class TopicWork:
    """A year's work on a topic: its plan by 四定 and what each month brought. `topic`: the uid, where it is in scope."""

    activity: Activity
    year: TopicYear | None
    topic: UUID | None
    departments: list[LeadDepartment]
    targets: list[Target]  # each with `came` and `came_on`: how far it has come by the latest word, None for none
    progress: list[Progress]
    counts: list[MonthlyCount]

    def total(self, kind: str) -> Counts:
        """Messages, or the departments' own lists, over all months."""
        rows = [row for row in self.counts if row.kind == kind]
        return Counts(sum(row.received for row in rows), sum(row.closed for row in rows))


def work_of(viewer: Viewer, activity: Activity) -> TopicWork:
    """The plan and the months: five statements, however much there is."""
    guard.check_is_actor(viewer)
    uid = Subquery(Topic.objects.filter(pk=OuterRef("topic_id")).values("uid")[:1])
    year = TopicYear.objects.filter(activity=activity).annotate(topic_uid=uid).first()
    return TopicWork(
        activity=activity,
        year=year,
        topic=year.topic_uid if year else None,
        departments=list(_rows(LeadDepartment, activity, "role", "pk").select_related("organisation")),
        targets=list(_targets(activity)),
        progress=list(_rows(Progress, activity, "-month")),
        counts=list(_rows(MonthlyCount, activity, "kind", "month")),
    )


@dataclass
class YearTold:
    """A year's work as one row: its topic where that is in scope, 四定, where the year went and on which day."""

    activity: Activity
    topic: Topic | None = None
    measures: str = ""
    schedule: str = ""
    departments: list[LeadDepartment] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    outcome: str = ""
    decided_on: date | None = None


def years_told(viewer: Viewer, works: list[Activity]) -> dict[int, YearTold]:
    """Activity key → its year as one row, in the order given: five statements for however many."""
    guard.check_is_actor(viewer)
    found = {one.pk: YearTold(one) for one in works}
    years = list(TopicYear.objects.filter(activity_id__in=found))
    topics = Topic.objects.in_bulk([year.topic_id for year in years])
    for year in years:
        row = found[year.activity_id]
        row.topic, row.measures, row.schedule = topics.get(year.topic_id), year.measures, year.schedule
    departments = LeadDepartment.objects.filter(STANDING, activity_id__in=found).select_related("organisation")
    for part in departments.order_by("pk"):
        found[part.activity_id].departments.append(part)
    for part in Target.objects.filter(STANDING, activity_id__in=found).order_by("pk"):
        found[part.activity_id].targets.append(part)
    verbs = (Event.Verb.CARRY_ON, Event.Verb.CONCLUDE)
    for event in Event.objects.filter(STANDING, activity_id__in=found, verb__in=verbs):
        found[event.activity_id].outcome, found[event.activity_id].decided_on = event.verb, event.on
    return found


@dataclass
class MonthTold:
    """A month of a year's work: what was done, in words, and what was counted, by kind."""

    text: str = ""
    counts: dict[str, MonthlyCount] = field(default_factory=dict)


def months_told(viewer: Viewer, works: list[Activity]) -> dict[int, dict[date, MonthTold]]:
    """Activity key → first day of the month → what was told of it: two statements for however many."""
    guard.check_is_actor(viewer)
    found: dict[int, dict[date, MonthTold]] = {one.pk: {} for one in works}
    for part in Progress.objects.filter(STANDING, activity_id__in=found):
        found[part.activity_id].setdefault(part.month, MonthTold()).text = part.text
    for row in MonthlyCount.objects.filter(STANDING, activity_id__in=found):
        found[row.activity_id].setdefault(row.month, MonthTold()).counts[row.kind] = row
    return found


@dataclass(frozen=True)
class MonthOwed:
    """A month of a year's work that is over and of which its department has told nothing."""

    activity: Activity
    department: Organisation
    month: date


def months_owed(viewer: Viewer, on: date) -> list[MonthOwed]:
    """Of works in scope of level ≤ 1 that go on: the months since they were approved, each of one department.

    That is the one that leads, the first of several, for a month is told once. Four statements for however many.
    """
    guard.check_is_actor(viewer)
    rows = Activity.objects.filter(kind=Activity.Kind.TOPIC, level__lte=Level.INTERNAL, approved_on__isnull=False)
    over = parts_of_row(Event).filter(STANDING, verb__in=[Event.Verb.CARRY_ON, Event.Verb.CONCLUDE])
    works = list(rows.exclude(Exists(over)).filter(Activity.still_open).select_related("owner_office").order_by("code"))
    told = months_told(viewer, works)
    departments = LeadDepartment.objects.filter(STANDING, activity_id__in=[work.pk for work in works])
    leads: dict[int, list[LeadDepartment]] = {}
    for row in departments.select_related("organisation").order_by("pk"):
        leads.setdefault(row.activity_id, []).append(row)
    return [
        MonthOwed(work, row.organisation, month)
        for work in works
        for month in _over(work, on)
        if month not in told[work.pk]
        for row in _leading(leads.get(work.pk, []))
    ]


def _leading(rows: list[LeadDepartment]) -> list[LeadDepartment]:
    return ([row for row in rows if row.role == LeadDepartment.Role.LEAD] or rows)[:1]


def _over(work: Activity, on: date) -> Iterator[date]:
    """The first days of its year's months that are over, from the month of its approval on."""
    first = max(work.approved_on or on, date(work.year, 1, 1)).replace(day=1)
    while first.year == work.year and add_months(first, 1) <= on:
        yield first
        first = add_months(first, 1)


def _targets(activity: Activity) -> QuerySet[Target]:
    last = Reached.objects.filter(STANDING, target=OuterRef("pk")).order_by("-on")
    came = {"came": Subquery(last.values("amount")[:1]), "came_on": Subquery(last.values("on")[:1])}
    return _rows(Target, activity, "pk").annotate(**came)


def evaluations_of(viewer: Viewer, activity: Activity) -> list[Evaluation]:
    """What the public said of it, in order of date."""
    guard.check_is_actor(viewer)
    return list(_rows(Evaluation, activity, "on", "pk"))


def achievements_of(viewer: Viewer, activity: Activity) -> list[Achievement]:
    """The list of results, in order of date."""
    guard.check_is_actor(viewer)
    return list(_rows(Achievement, activity, "on", "pk"))


def _rows(model: Any, activity: Activity, *order: str) -> QuerySet[Any]:
    found: QuerySet[Any] = model.objects.filter(STANDING, activity=activity).order_by(*order)
    return found
