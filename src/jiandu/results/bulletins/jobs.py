"""Drafts of what ended last, for every office with a petition officer: on Monday last week's bulletin is already there."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.net.overseers.models import Office
from jiandu.results.alarms.jobs import offices_with_clerks
from jiandu.results.bulletins.drafting import NewBulletin, draft
from jiandu.results.bulletins.models import PetitionBulletin
from jiandu.results.digests.periods import Kind, Period
from jiandu.sources.petitions.models import Petition


def ended(day: date) -> list[Period]:
    """The week, month, quarter and year that ended last before the day."""
    year, week, _weekday = (day - timedelta(days=7)).isocalendar()
    now = (Period(Kind.MONTH, day.year, day.month), Period(Kind.QUARTER, day.year, (day.month + 2) // 3))
    return [Period(Kind.WEEK, year, week), *(each.before() for each in (*now, Period(Kind.YEAR, day.year)))]


def draft_what_ended() -> int:
    """Gives how many drafts are new. Idempotent: what was drafted or taken back is not drafted again."""
    count, periods = 0, ended(today())
    for office in offices_with_clerks():
        with transaction.atomic(), guard.acting(guard.system("petition bulletins")) as by:
            for period in list(_lacking(office, periods)):
                _draft(office, period, by)
                count += 1
    return count


def _lacking(office: Office, periods: list[Period]) -> Iterator[Period]:
    """Periods without a row; other than weeks only those in which something came in."""
    rows = PetitionBulletin.objects.filter(owner_office=office, domain__isnull=True, subject__isnull=True)
    known = set(rows.values_list("span", "year", "number"))
    for period in periods:
        if (period.kind.value, period.year, period.number) in known:
            continue
        came = Petition.objects.filter(owner_office=office, received_on__range=(period.first, period.last))
        if period.kind is Kind.WEEK or came.exists():
            yield period


def _draft(office: Office, period: Period, by: Viewer) -> None:
    draft(new=NewBulletin(office, period), by=by)
