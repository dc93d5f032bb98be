"""Reads of alarms: the list, one with the items behind it, how often each rule was right."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from math import sqrt
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.loop.instruments.models import Instrument
from jiandu.results.alarms.models import Alarm, AlarmLetter
from jiandu.results.alarms.series import WEEK
from jiandu.sources.petitions.models import Petition

Z = 1.96  # 95 %


def alarms(viewer: Viewer, *, state: str = "", rule: str = "") -> QuerySet[Alarm]:
    """The alarms in scope: what waits first, then the newest."""
    guard.check_is_actor(viewer)
    same = {"state": state, "rule": rule}
    rows = Alarm.objects.filter(**{name: value for name, value in same.items() if value})
    return rows.select_related("owner_office", "subject", "domain", "region").order_by("-week", "-pk")


def by_uid(viewer: Viewer, uid: UUID) -> Alarm | None:
    guard.check_is_actor(viewer)
    return Alarm.objects.select_related("owner_office", "subject", "domain", "region").filter(uid=uid).first()


def behind(viewer: Viewer, alarm: Alarm) -> QuerySet[Petition]:
    """The items of the alarm's span and series that the viewer may see."""
    guard.check_is_actor(viewer)
    last = alarm.week + WEEK - timedelta(days=1)
    rows = Petition.objects.filter(withdrawn_on__isnull=True, received_on__range=(alarm.since, last))
    of_word = alarm.rule == Alarm.Rule.WORD  # its domain is that of most of them, and they are named one by one
    same = {"subject": alarm.subject_id, "region": alarm.region_id, "domain": None if of_word else alarm.domain_id}
    rows = rows.filter(owner_office=alarm.owner_office_id, **{name: key for name, key in same.items() if key})
    if alarm.category and alarm.rule == Alarm.Rule.SHARED:
        rows = rows.filter(category=alarm.category, subject__isnull=False)
    if alarm.rule == Alarm.Rule.WORD:
        rows = rows.filter(uid__in=alarm.items)
    if alarm.rule == Alarm.Rule.REPEATS:
        rows = rows.filter(is_repeat=True)
    if alarm.rule == Alarm.Rule.OVER_LEVEL:
        rows = rows.filter(is_over_level=True)
    return rows.select_related("owner_office", "subject", "region", "domain", "handler").order_by("-received_on", "-pk")


@dataclass(frozen=True)
class Precision:
    """Of a rule: how many alarms were decided, how many confirmed, and between what bounds its precision lies (95 %)."""

    rule: str
    decided: int
    confirmed: int
    waiting: int

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's score interval (Wilson 1927); None where nothing is decided."""
        n = self.decided
        if not n:
            return None
        share, spread = self.confirmed / n, Z * Z / n
        middle = (share + spread / 2) / (1 + spread)
        half = Z * sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
        return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def letters_of(viewer: Viewer, alarm: Alarm) -> QuerySet[Instrument]:
    """The letters that came of it, in scope, the latest first."""
    guard.check_is_actor(viewer)
    keys = list(AlarmLetter.objects.filter(alarm=alarm).values_list("instrument_id", flat=True))
    rows = Instrument.objects.filter(pk__in=keys) if keys else Instrument.objects.none()
    return rows.select_related("subject").order_by("-pk")


def alarm_of(viewer: Viewer, instrument: Instrument) -> Alarm | None:
    """The alarm that a letter came of, where it is in scope."""
    guard.check_is_actor(viewer)
    key = AlarmLetter.objects.filter(instrument=instrument).values_list("alarm_id", flat=True).first()
    return Alarm.objects.filter(pk=key).first() if key else None


def units_of(viewer: Viewer, alarm: Alarm) -> list[Petition]:
    """Of an alarm about several units an item of each, for what may not go to any of them."""
    found: dict[int, Petition] = {}
    for row in behind(viewer, alarm):
        if row.subject_id is not None:
            found.setdefault(row.subject_id, row)
    return list(found.values())


def precision(viewer: Viewer) -> list[Precision]:
    """Each rule with its record in the viewer's scope, in the order of the rules."""
    guard.check_is_actor(viewer)
    confirmed, waiting = Q(state=Alarm.State.CONFIRMED), Q(state=Alarm.State.WAITING)
    rows = Alarm.objects.order_by().values("rule")
    found = rows.annotate(yes=Count("pk", filter=confirmed), open=Count("pk", filter=waiting), every=Count("pk"))
    return _ordered(Precision(row["rule"], row["every"] - row["open"], row["yes"], row["open"]) for row in found)


def _ordered(rows: Iterable[Precision]) -> list[Precision]:
    return sorted(rows, key=lambda row: Alarm.Rule.values.index(row.rule))
