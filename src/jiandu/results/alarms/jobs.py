"""The week that ended last, looked at for every office with a petition officer. Idempotent: on Monday its alarms wait."""

from datetime import timedelta

from django.db import transaction

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.net.access.models import Grant
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import in_force
from jiandu.results.alarms.series import monday
from jiandu.results.alarms.services import look_at_week

CLERK = "petition_clerk"


def look_at_last_week() -> int:
    """Gives how many alarms are new."""
    day, count = today(), 0
    for office in offices_with_clerks():
        with transaction.atomic(), guard.acting(guard.system("petition warnings")) as by:
            count += len(look_at_week(office=office, week=monday(day) - timedelta(days=7), by=by))
    return count


def offices_with_clerks() -> list[Office]:
    """The offices that register petitions today."""
    keys = Grant.objects.filter(in_force(today()), role=CLERK, office__isnull=False).values("office_id")
    return list(Office.objects.filter(pk__in=keys).order_by("pk"))
