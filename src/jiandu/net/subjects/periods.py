"""What every period obeys, here and in `overseers`: it ends after it begins, is not entered twice, lies in a life.

And how a unit's history goes on: one version a day, none overlapping another.
"""

from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.net.subjects.models import Organisation, OrganisationVersion, Period
from jiandu.net.subjects.names import name_key

DAY = timedelta(days=1)


def check_order(since: date, until: date | None) -> None:
    """Refused where the end lies before the beginning."""
    if until is not None and until < since:
        raise Refused("period-in-order", _("结束日期不能早于起始日期"))


def check_free(rows: QuerySet[Period], since: date, until: date | None) -> None:
    """Refused where one of `rows` (the same relation) holds on a day of the new period already."""
    begun = Q() if until is None else Q(since__lte=until)
    if rows.filter(begun, Q(until__isnull=True) | Q(until__gte=since)).exists():
        raise Refused("period-twice", _("同一时期已登记过"))


def check_life(unit: Organisation, since: date, until: date | None = None) -> None:
    """Refused for a period that begins before the unit was founded, or reaches beyond its end."""
    early = unit.since is not None and since < unit.since
    late = unit.until is not None and (until is None or until > unit.until)
    if early or late:
        raise Refused("outside-unit-life", _("日期超出单位“%(name)s”的存续期间"), name=unit.name)


def end(row: Period, until: date) -> None:
    """Let a period that is still open end with that day. Refused for one that has ended, or would before it began."""
    if row.until is not None:
        raise Refused("already-ended", _("已于%(on)s结束"), on=row.until)
    check_order(row.since, until)
    row.until = until
    row.save(update_fields=["until"])


def check_name_free(name: str, parent: Organisation | None, on: date, but: Organisation | None = None) -> None:
    """Refused where a unit stands under the same parent on that day or later with the same name."""
    same = OrganisationVersion.objects.filter(name_key=name_key(name), parent=parent).exclude(organisation=but)
    if same.filter(Q(until__isnull=True) | Q(until__gte=on)).exists():
        raise Refused("unit-exists", _("同一上级单位下已有“%(name)s”"), name=name)


def begin_version(
    unit: Organisation, on: date, *, name: str, parent: Organisation | None, document: str = ""
) -> OrganisationVersion:
    """The unit's history goes on with this name and parent; a change on the day of the last one corrects it."""
    if on > today():
        raise Refused("not-in-future", _("日期不能晚于今天"))
    last = unit.versions.filter(until__isnull=True).first()
    if last is None:
        raise Refused("already-ended", _("“%(name)s”已撤销"), name=unit.name)
    if on < last.since:
        raise Refused("history-in-order", _("日期不能早于上一次变更（%(on)s）"), on=last.since)
    if parent is not None:
        check_life(parent, on, on)
    if on > last.since:
        last.until = on - DAY
        last.save(update_fields=["until"])
        last = OrganisationVersion(organisation=unit, since=on)
    last.name, last.name_key, last.parent = name, name_key(name), parent
    last.document = document or last.document
    last.save()
    return last
