"""Due dates of findings and the ladder of urging."""

from datetime import date

from jiandu.base.core.errors import Refused
from jiandu.base.lexicon.terms import due_on
from jiandu.loop.findings.models import Finding

TERM_KEYS = {
    Finding.Rectification.AT_ONCE: "rectify-at-once",
    Finding.Rectification.BY_TERM: "rectify-by-date",
    Finding.Rectification.LASTING: "rectify-long-term",
}
SOON_DAYS = 7


def default_due(rectification: str, start: date) -> date:
    """The due date an installation gives by default (lexicon terms; local practice, editable)."""
    return due_on(TERM_KEYS[Finding.Rectification(rectification)], start=start)


def check_extension(current: date | None, new: date) -> None:
    """An extension goes forward. Raises Refused (extend-forward)."""
    if current is None:
        raise Refused("extend-forward", "尚未确定整改时限,不能延期")
    if new <= current:
        raise Refused("extend-forward", "延期后的时限应晚于现时限(%(due)s)", due=current.isoformat())


def next_urging(current: int) -> Finding.Urging:
    """提醒 → 督办 → 挂牌督办; the last is repeated."""
    return Finding.Urging(min(current + 1, Finding.Urging.LISTED))
