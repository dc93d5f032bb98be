"""Reads of estates: the list with what each shows, coverage and gaps by district and street, one estate."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.core.guarded import parts_of_row
from jiandu.net.access.models import Level
from jiandu.net.subjects.models import Region
from jiandu.sources.ledgers import duty
from jiandu.sources.ledgers.canonical import collective_rows as collective_rows
from jiandu.sources.ledgers.models import (
    Estate,
    Objection,
    Posting,
    Report,
    SpotCheck,
    Statement,
    StatementLine,
)

STANDING = Q(withdrawn_on__isnull=True)


@dataclass(frozen=True)
class Narrowed:
    """What a list of estates is limited to."""

    district: int | None = None
    street: int | None = None
    text: str = ""
    gap: str = ""  # a key of GAPS


#: What an estate may lack of the latest due period.
GAPS = ("missing", "totals", "one_way")


def estates(viewer: Viewer, on: date, narrowed: Narrowed = Narrowed()) -> QuerySet[Estate]:
    """The estates that owe the latest due period, each with what it shows: `online`, `on_site`, `detailed`."""
    guard.check_is_actor(viewer)
    period = duty.latest_due(on)
    found = Estate.objects.filter(duty.due(period, on)).annotate(**_shown(period, on))
    if narrowed.district:
        found = found.filter(district_id=narrowed.district)
    if narrowed.street:
        found = found.filter(street_id=narrowed.street)
    if narrowed.text.strip():
        found = found.filter(Q(name__contains=narrowed.text.strip()) | Q(code=narrowed.text.strip()))
    found = found.filter(_gap(narrowed.gap)) if narrowed.gap else found
    return found.select_related("district", "street", "owner_office").order_by("district__code", "street__code", "code")


def _shown(period: date, on: date) -> dict[str, Any]:
    return {
        "online": duty.shown(period, on, channel=Posting.Channel.ONLINE),
        "on_site": duty.shown(period, on, channel=Posting.Channel.ON_SITE),
        "detailed": duty.shown(period, on, is_detailed=True),
    }


def _gap(gap: str) -> Q:
    if gap == "missing":
        return Q(online=False, on_site=False)
    if gap == "totals":
        return Q(detailed=False) & (Q(online=True) | Q(on_site=True))
    return Q(detailed=True) & ~Q(online=True, on_site=True)


@dataclass(frozen=True)
class Covered:
    """One place's coverage of the latest due period: how many estates owe it, show the details, show it both ways."""

    place: str
    key: int | None
    due: int
    detailed: int
    both: int

    @property
    def missing(self) -> int:
        return self.due - self.detailed


def coverage(viewer: Viewer, on: date, *, district: int | None = None) -> list[Covered]:
    """By district; of one district by street. One statement."""
    guard.check_is_actor(viewer)
    column = "street" if district else "district"
    rows = estates(viewer, on, Narrowed(district=district)).order_by().values(f"{column}_id", f"{column}__name")
    both = Q(online=True, on_site=True, detailed=True)
    counted = rows.annotate(due=Count("pk"), n=Count("pk", filter=Q(detailed=True)), b=Count("pk", filter=both))
    return [
        Covered(row[f"{column}__name"] or "", row[f"{column}_id"], row["due"], row["n"], row["b"])
        for row in counted.order_by(F(f"{column}__code").asc(nulls_last=True))
    ]


def estate_by_uid(viewer: Viewer, uid: UUID) -> Estate | None:
    """The estate, if it is in scope."""
    guard.check_is_actor(viewer)
    return Estate.objects.select_related("district", "street", "owner_office", "subject").filter(uid=uid).first()


@dataclass(frozen=True)
class Whole:
    """Everything about one estate."""

    postings: list[Posting]
    statements: list[Statement]
    lines: dict[int, list[StatementLine]]
    objections: list[Objection]
    checks: list[SpotCheck]


def whole(viewer: Viewer, estate: Estate) -> Whole:
    """Five statements, however much there is. What was taken back stands among the postings, marked."""
    guard.check_is_actor(viewer)
    lines: dict[int, list[StatementLine]] = {}
    for line in StatementLine.objects.filter(estate=estate).select_related("item").order_by("side", "pk"):
        lines.setdefault(line.statement_id, []).append(line)
    return Whole(
        postings=list(Posting.objects.filter(estate=estate).order_by("-period_on", "channel", "-posted_on", "pk")),
        statements=list(Statement.objects.filter(STANDING, estate=estate).order_by("-period_on", "pk")),
        lines=lines,
        objections=list(Objection.objects.filter(estate=estate).order_by("-raised_on", "pk")),
        checks=list(SpotCheck.objects.filter(STANDING, estate=estate).order_by("-on", "pk")),
    )


def posting_by_uid(viewer: Viewer, estate: Estate, uid: UUID) -> Posting | None:
    """One posting of the estate."""
    guard.check_is_actor(viewer)
    return Posting.objects.filter(estate=estate, uid=uid).first()


def reports(viewer: Viewer) -> QuerySet[Report]:
    """The department's sheets that were taken in, newest first."""
    guard.check_is_actor(viewer)
    return Report.objects.filter(STANDING).select_related("owner_office", "subject").order_by("-as_of", "-pk")


def report_by_uid(viewer: Viewer, uid: UUID) -> Report | None:
    """The sheet, if it is in scope."""
    guard.check_is_actor(viewer)
    return Report.objects.select_related("owner_office", "subject").filter(uid=uid).first()


def statements(viewer: Viewer, *, period: str = "", is_off: bool = False) -> QuerySet[Statement]:
    """The statements of estates in scope that stand, the latest period first; `is_off`: those that do not add up."""
    guard.check_is_actor(viewer)
    rows = Statement.objects.filter(STANDING)
    if period in {one.isoformat() for one in duty.periods(today())}:
        rows = rows.filter(period_on=period)
    if is_off:
        rows = rows.exclude(closing_fen=F("opening_fen") + F("income_fen") - F("expense_fen"))
    return rows.prefetch_related("estate__owner_office").order_by("-period_on", "-pk")


def unstated(viewer: Viewer, on: date) -> list[Estate]:
    """The estates in scope of level ≤ 1 with a competent department that has not told the latest due period's revenue."""
    guard.check_is_actor(viewer)
    period = duty.latest_due(on)
    told = Exists(parts_of_row(Statement).filter(STANDING, period_on=period))
    rows = Estate.objects.filter(duty.due(period, on), ~told, subject__isnull=False, level__lte=Level.INTERNAL)
    return list(rows.select_related("subject", "owner_office").order_by("subject_path", "code"))


def spot_checks(viewer: Viewer, *, result: str = "", year: int | None = None) -> QuerySet[SpotCheck]:
    """抽查 of estates in scope that stand, newest first."""
    guard.check_is_actor(viewer)
    rows = SpotCheck.objects.filter(STANDING)
    rows = rows.filter(result=result) if result in SpotCheck.Result.values else rows
    rows = rows.filter(on__year=year) if year is not None else rows
    return rows.prefetch_related("estate").order_by("-on", "-pk")


def districts(viewer: Viewer) -> list[tuple[str, str]]:
    """The districts in which there are estates, for a filter."""
    guard.check_is_actor(viewer)
    keys = Estate.objects.filter(STANDING).order_by().values("district_id").distinct()
    found = Region.objects.filter(pk__in=keys).order_by("code").values_list("pk", "name")
    return [(str(key), name) for key, name in found]


def with_dates(viewer: Viewer, on: date) -> QuerySet[Estate]:
    """The estates that owe the latest due period, each with what a sheet to be filled in begins with."""
    period = duty.latest_due(on)
    found = estates(viewer, on)
    for channel in Posting.Channel:
        rows = Posting.objects.filter(
            STANDING, estate=OuterRef("pk"), period_on=period, channel=channel, posted_on__lte=on
        ).order_by("-posted_on")
        names = {
            f"{channel}_{name}": Subquery(rows.values(name)[:1])
            for name in ("posted_on", "until", "place", "is_detailed")
        }
        found = found.annotate(**names)
    stated = Statement.objects.filter(STANDING, estate=OuterRef("pk"), period_on=period)
    sums = ("opening_fen", "income_fen", "expense_fen", "closing_fen")
    return found.annotate(**{name: Subquery(stated.values(name)[:1]) for name in sums})
