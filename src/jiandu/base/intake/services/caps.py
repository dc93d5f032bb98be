"""Caps of a day for all together, never for a person: a flood fills its bucket and nobody else's."""

from django.db.models import F
from django.db.transaction import atomic

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.intake.files import sweep
from jiandu.base.intake.models import Tally
from jiandu.base.intake.services.tickets import forget_tickets

GIB = 2**30
CAPS = {"reports": 2_000, "messages": 5_000, "bytes": 20 * GIB, "cleaning": 30 * 60 * 1000}  # cleaning: milliseconds


@atomic
def take(what: str, amount: int = 1) -> None:
    """Counts it against today's cap. Raises Refused (intake-full), and nothing is counted. The first of a day clears up."""
    _, is_first = Tally.objects.get_or_create(on=today(), what=what)
    if is_first:
        forget_tickets()
        sweep()
    rows = Tally.objects.filter(on=today(), what=what, count__lte=CAPS[what] - amount)
    if not rows.update(count=F("count") + amount):
        raise full()


def is_full(what: str) -> bool:
    """Whether today's cap is reached: asked before any work is done for what would be refused. The count itself decides."""
    return Tally.objects.filter(on=today(), what=what, count__gte=CAPS[what]).exists()


def full() -> Refused:
    """Said of whatever is over a cap."""
    return Refused("intake-full", "今日网上收件已满，请明日再试，或者改用来信、来访、来电")
