"""Reads of bulletins and 预警提示: the lists, one with its figures in the version that the viewer may see, what waits."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.net.access.models import Assignment, Owned
from jiandu.net.access.roles import roles
from jiandu.net.access.standing import Standing
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import in_force
from jiandu.results.alarms.models import Alarm
from jiandu.results.bulletins.models import Advisory, PetitionBulletin
from jiandu.results.bulletins.states import Verb, is_legal
from jiandu.results.digests.counting import Theme, total
from jiandu.results.digests.counting import bulletin as counted
from jiandu.results.digests.freezing import as_read
from jiandu.results.digests.lists import problem_lists
from jiandu.results.digests.periods import Kind, Period
from jiandu.results.digests.tables import Bulletin
from jiandu.results.digests.word import Lists
from jiandu.sources.petitions.courses import course_of
from jiandu.sources.petitions.models import Petition
from jiandu.sources.petitions.selectors import WATCHED, bodies_with, steps_by
from jiandu.sources.petitions.terms import Clock, running
from jiandu.sources.petitions.timeliness import overdue

STANDING = Q(withdrawn_on__isnull=True)
LATES = 200  # items behind a 工作提醒函 that are listed


@dataclass(frozen=True)
class Late:
    """An item that is overdue on a day, and its clock."""

    item: Petition
    clock: Clock
    on: date

    @property
    def days(self) -> int:
        """By how many calendar days."""
        return self.clock.overdue(self.on)


def bulletins(viewer: Viewer, *, state: str = "", span: str = "") -> QuerySet[PetitionBulletin]:
    """The bulletins in scope, the latest period first."""
    guard.check_is_actor(viewer)
    same = {"state": state, "span": span}
    rows = PetitionBulletin.objects.filter(STANDING, **{name: value for name, value in same.items() if value})
    return rows.select_related("owner_office", "subject", "domain").order_by("-last_on", "-pk")


def by_uid(viewer: Viewer, uid: UUID) -> PetitionBulletin | None:
    guard.check_is_actor(viewer)
    return PetitionBulletin.objects.select_related("owner_office", "subject", "domain").filter(uid=uid).first()


def period_of(row: PetitionBulletin) -> Period:
    """Its period, as the arithmetic has it."""
    return Period(Kind(row.span), row.year, row.number)


def theme_of(row: PetitionBulletin) -> Theme:
    """What it counts: its office's items, of its domain and unit."""
    return Theme(
        domain=row.domain.code if row.domain else "",
        subject_path=row.subject_path,
        name=str(row.subject or ""),
        office=row.owner_office_id,
    )


def serves(viewer: Viewer, office_id: int, kind: str, verb: str) -> bool:
    """Whether a role at this very office lets the viewer do that."""
    if viewer.is_system:
        return True
    holds = viewer.standing.holds if isinstance(viewer.standing, Standing) else ()
    return any(hold.office_id == office_id and roles()[hold.role].may(verb, kind) for hold in holds)


def covers(viewer: Viewer, row: PetitionBulletin) -> bool:
    """Whether the figures as they are may be shown: the office's own officers, and whom it named for this bulletin.

    An office that was only given a 批示 to act on sees the version for outside.
    """
    if serves(viewer, row.owner_office_id, "petition", "view"):
        return True
    named = Assignment.objects.filter(in_force(today()), thing_uid=row.uid, user_id=viewer.user_id or 0)
    return is_legal(Verb.READ, row.state) and named.exists()


def figures(viewer: Viewer, row: PetitionBulletin, *, for_outside: bool) -> Bulletin | None:
    """As kept; of a draft as counted now. None: nothing of it may leave the office. Raises Refused (too-few) for a draft."""
    if row.inner is None:
        return counted(viewer, period_of(row), theme=theme_of(row), for_outside=for_outside)
    kept = row.outer if for_outside else row.inner
    return as_read(kept) if kept is not None else None


def lists_of(viewer: Viewer, row: PetitionBulletin) -> Lists:
    """Of a month its two lists, of what is in the viewer's scope today."""
    return problem_lists(viewer, period_of(row), theme_of(row))


def late_items(viewer: Viewer, row: Owned, office: Office | None = None) -> QuerySet[Petition]:
    """What is overdue today of the office of a bulletin or reminder, oldest first: all, or what that office must take further."""
    guard.check_is_actor(viewer)
    rows = Petition.objects.filter(STANDING, owner_office=row.owner_office_id)
    return overdue(viewer, rows.filter(handler=office) if office else rows, today()).order_by("received_on", "pk")


def late_offices(viewer: Viewer, row: PetitionBulletin) -> list[tuple[Office, int]]:
    """Other offices with something overdue of this one's, and how many."""
    rows = late_items(viewer, row).exclude(handler=row.owner_office_id).filter(handler__isnull=False).order_by()
    counted = dict(rows.values_list("handler").annotate(count=Count("pk")))
    return [(office, counted[office.pk]) for office in Office.objects.filter(pk__in=counted).order_by("path")]


def late_bodies(viewer: Viewer, row: PetitionBulletin) -> list[tuple[str, int]]:
    """Bodies without an office here that have something overdue of this one's, and how much."""
    return sorted(Counter(_with_bodies(viewer, row).values()).items())


def late_with(viewer: Viewer, row: Owned, body: str) -> QuerySet[Petition]:
    """What is overdue today of the office of a bulletin or reminder with a body that has no office here, oldest first."""
    keys = [key for key, named in _with_bodies(viewer, row).items() if named == body]
    return late_items(viewer, row).filter(pk__in=keys) if keys else Petition.objects.none()


def _with_bodies(viewer: Viewer, row: Owned) -> dict[int, str]:
    return bodies_with(viewer, late_items(viewer, row)[:WATCHED])


def late_of(viewer: Viewer, row: Advisory) -> list[Late]:
    """Behind a 工作提醒函: what is still overdue today and in the viewer's scope, with the clock that ended first."""
    if row.kind != Advisory.Kind.REMINDER:
        return []
    found = late_items(viewer, row, row.office) if row.office else late_with(viewer, row, row.body)
    return lates(viewer, found[:LATES])


def lates(viewer: Viewer, items: Iterable[Petition]) -> list[Late]:
    """Each with its clock that ended first."""
    listed, on = list(items), today()
    steps = steps_by(viewer, listed)
    found = []
    for item in listed:
        clocks = [clock for clock in running(course_of(item, steps[item.pk]), on) if clock.overdue(on)]
        if clocks:
            found.append(Late(item, min(clocks, key=lambda clock: clock.due_on), on))
    return found


def counted_now(viewer: Viewer, row: PetitionBulletin) -> int:
    """How many items the period has today: what was entered later shows beside a kept bulletin."""
    return total(viewer, period_of(row), theme_of(row))


def advisories(viewer: Viewer, *, about: Owned | None = None, waiting: bool = False) -> QuerySet[Advisory]:
    """What was sent, in scope, the latest first: all, or of one bulletin or alarm; `waiting`: what is not answered yet."""
    guard.check_is_actor(viewer)
    rows = Advisory.objects.filter(STANDING)
    if about is not None:
        rows = rows.filter(source_uid=about.uid)
    if waiting:
        rows = rows.filter(Q(received_on__isnull=True) | Q(asks_answer=True, answered_on__isnull=True))
    return rows.select_related("owner_office", "office").order_by("-sent_on", "-pk")


def to_answer(viewer: Viewer) -> QuerySet[Advisory]:
    """What waits for the viewer's own offices: to be received, or answered; what is due first, first.

    And what they sent to a body without an office here, once its day has passed: they type what comes back.
    """
    offices = viewer.standing.office_ids if isinstance(viewer.standing, Standing) else ()
    outside = Q(office__isnull=True, owner_office__in=offices, due_on__lt=today())
    rows = advisories(viewer, waiting=True).filter(Q(office__in=offices) | outside)
    return rows.order_by(F("due_on").asc(nulls_last=True), "pk")


def advisory_by_uid(viewer: Viewer, uid: UUID) -> Advisory | None:
    guard.check_is_actor(viewer)
    return Advisory.objects.select_related("owner_office", "office").filter(uid=uid).first()


def source_of(viewer: Viewer, row: Advisory) -> Owned | None:
    """The bulletin or the alarm that it was sent of, where that is in the viewer's scope."""
    guard.check_is_actor(viewer)
    if row.bulletin_id:
        return PetitionBulletin.objects.filter(pk=row.bulletin_id).first()
    found: Owned | None = Alarm.objects.filter(pk=row.alarm_id).first()
    return found
