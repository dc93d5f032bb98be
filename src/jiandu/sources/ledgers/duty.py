"""The duty to publish: which period is due on a day, and whether an estate met it. Its parameters are local terms by date."""

from calendar import monthrange
from datetime import date, datetime

from django.db.models import Exists, Q
from django.utils.translation import gettext as _

from jiandu.base.core.clock import add_months
from jiandu.base.core.guarded import parts_of_row
from jiandu.base.core.models import standing
from jiandu.base.lexicon import terms
from jiandu.net.subjects.models import in_force
from jiandu.sources.ledgers.models import Posting

#: Keys of base.lexicon.terms: a period's months, days to publish after it, days that a posting stays up.
PERIOD, PUBLISH, STAY = "estate-period", "estate-publication", "estate-posting"
MONTHS = (1, 2, 3, 6, 12)


def months_on(day: date) -> int:
    """How many months a period had on that day: a divisor of the year, whatever the terms say."""
    amount = terms.term(PERIOD, on=day).amount
    return max(months for months in MONTHS if months <= amount)


def period_of(day: date) -> date:
    """The last day of the period that the day falls into."""
    months = months_on(day)
    month = (day.month - 1) // months * months + months
    return date(day.year, month, monthrange(day.year, month)[1])


def period_before(period: date) -> date:
    """The period before this one."""
    return period_of(add_months(period, -months_on(period)))


def due_on(period: date) -> date:
    """The last day on which the period's revenue is published in time."""
    return terms.due_on(PUBLISH, start=period)


def latest_due(as_of: date) -> date:
    """The latest period whose day of publication has come: what an estate has to show on that day."""
    period = period_of(as_of)
    while due_on(period) > as_of:
        period = period_before(period)
    return period


def periods(as_of: date, count: int = 8) -> list[date]:
    """The latest due period and those before it."""
    found = [latest_due(as_of)]
    while len(found) < count:
        found.append(period_before(found[-1]))
    return found


def days_to_stay(day: date) -> int:
    """How many days a posting stays up at least."""
    return terms.term(STAY, on=day).amount


def words(period: date) -> str:
    """2022年第三季度; of other periods the month in which it ends."""
    if months_on(period) == 3:
        quarter = (_("第一季度"), _("第二季度"), _("第三季度"), _("第四季度"))[period.month // 3 - 1]
        return _("%(year)d年%(quarter)s") % {"year": period.year, "quarter": quarter}
    return _("截至%(year)d年%(month)d月的一期") % {"year": period.year, "month": period.month}


def due(period: date, as_of: date) -> Q:
    """The condition on estates that they owe the period: there when it ended, and still there on the day."""
    return in_force(period) & there(as_of)


def there(as_of: date, as_known: datetime | None = None) -> Q:
    """The condition on estates that they are there on the day."""
    return in_force(as_of) & standing(as_of, as_known)


def shown(period: date, as_of: date, as_known: datetime | None = None, **how: object) -> Q:
    """The condition that the period is up on the day; `how` narrows it: channel=…, is_detailed=…."""
    up = Q(until__isnull=True) | Q(until__gte=as_of)
    rows = parts_of_row(Posting).filter(standing(as_of, as_known), up, period_on=period, posted_on__lte=as_of, **how)
    return Q(Exists(rows if as_known is None else rows.filter(created_at__lte=as_known)))
