"""When within a period: the days of a week, the thirds of a month, else its months; each with the days that it has."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from jiandu.results.digests.periods import Kind, Period

LABELS = {
    **dict(zip("1234567", (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")), strict=True)),
    **dict(zip(("first", "middle", "last"), (_("上旬"), _("中旬"), _("下旬")), strict=True)),
    **dict(zip(("m01", "m02", "m03", "m04", "m05", "m06"), (_("1月"), _("2月"), _("3月"), _("4月"), _("5月"), _("6月")), strict=True)),
    **dict(zip(("m07", "m08", "m09", "m10", "m11", "m12"), (_("7月"), _("8月"), _("9月"), _("10月"), _("11月"), _("12月")), strict=True)),
}  # fmt: skip
ORDER = {key: place for place, key in enumerate(LABELS)}
THIRD, MIDDLE = 10, 20


def slot_of(kind: Kind, day: date) -> str:
    """The key of the part of its period in which a day lies."""
    if kind is Kind.WEEK:
        return str(day.isoweekday())
    if kind is Kind.MONTH:
        return "first" if day.day <= THIRD else "middle" if day.day <= MIDDLE else "last"
    return f"m{day.month:02d}"


def slots(period: Period, until: date) -> list[str]:
    """The parts that have begun by a day, in order."""
    days = ((period.first + timedelta(days=past)) for past in range((min(until, period.last) - period.first).days + 1))
    return list(dict.fromkeys(slot_of(period.kind, day) for day in days))


def span(period: Period, key: str) -> tuple[date, date]:
    """The first and last day of a part. Raises ValueError for one that the period has not."""
    every = (period.first + timedelta(days=past) for past in range((period.last - period.first).days + 1))
    days = [day for day in every if slot_of(period.kind, day) == key]
    if not days:
        raise ValueError(key)
    return days[0], days[-1]
