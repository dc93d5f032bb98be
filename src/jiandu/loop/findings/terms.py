"""Due dates of findings and the ladder of urging."""

from datetime import date, timedelta

from jiandu.base.core.errors import Refused
from jiandu.base.lexicon.calendar import load_calendar
from jiandu.base.lexicon.terms import due_on
from jiandu.loop.findings.models import Finding

TERM_KEYS = {
    Finding.Rectification.AT_ONCE: "rectify-at-once",
    Finding.Rectification.BY_TERM: "rectify-by-date",
    Finding.Rectification.LASTING: "rectify-long-term",
}
SOON_DAYS = 7
DAY = timedelta(days=1)


def default_due(rectification: str, start: date) -> date:
    """The due date an installation gives by default (lexicon terms; local practice, editable)."""
    return due_on(TERM_KEYS[Finding.Rectification(rectification)], start=start)


def check_extension(current: date | None, new: date) -> None:
    """An extension goes forward. Raises Refused (extend-forward)."""
    if current is None:
        raise Refused("extend-forward", "尚未确定整改时限,不能延期")
    if new <= current:
        raise Refused("extend-forward", "延期后的时限应晚于现时限(%(due)s)", due=current.isoformat())


def stood_still(since: date, on: date) -> int:
    """Working days of a suspension that began on `since` and ended on `on`: its first day counts, the last is worked."""
    return load_calendar().working_days_between(since - DAY, on - DAY)


def due_after_standstill(due: date, since: date, on: date) -> date:
    """The due date moved by the working days of a suspension; what was not late when it began is not late when it ends."""
    if on <= since:
        return due
    calendar = load_calendar()
    moved = calendar.add_working_days(due, stood_still(since, on))
    return max(moved, calendar.roll_over(on)) if due >= since else moved


def next_urging(current: int) -> Finding.Urging:
    """提醒 → 督办 → 挂牌督办; the last is repeated."""
    return Finding.Urging(min(current + 1, Finding.Urging.LISTED))
