"""What petitions are about this week against the year before it: out of what an unlocked session can read, kept nowhere."""

from dataclasses import dataclass
from datetime import date, timedelta

from jiandu.base.audit.services import seen
from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.texts.topics import Rise, rising
from jiandu.net.access.standing import Standing
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.net.vaults.holding import Unlocked
from jiandu.sources.petitions import vault
from jiandu.sources.petitions.models import Petition
from jiandu.sources.petitions.selectors import STANDING

WEEKS, MOST_READ = 52, 10_000
EXAMPLES = 3


@dataclass(frozen=True)
class Topic:
    """A term that rose, with the first of the items that hold it, and how many units these are about."""

    rise: Rise
    examples: tuple[Petition, ...]
    units: int = 0
    items: tuple[Petition, ...] = ()  # all that hold it


@dataclass(frozen=True)
class Week:
    """The topics of a week; how many items of it and of the year before it could be read, out of how many in scope."""

    first: date
    read: int
    read_before: int
    in_scope: int
    topics: tuple[Topic, ...]


def topics(viewer: Viewer, day: date, unlocked: Unlocked | None) -> Week | None:
    """The week of that day; None where nothing in scope opens. The look is logged before anything is read."""
    guard.check_is_actor(viewer)
    first = day - timedelta(days=day.weekday())
    standing = viewer.standing if isinstance(viewer.standing, Standing) else Standing()
    office = office_by_pk(standing.office_id or 0)
    if office is not None:
        seen(viewer, office, what="petition topics")
    since, last = first - timedelta(weeks=WEEKS), first + timedelta(days=6)
    rows = Petition.objects.filter(STANDING, received_on__range=(since, last)).order_by("-received_on", "-pk")
    listed = list(rows[:MOST_READ])
    read = vault.contents_of(listed, unlocked)
    if listed and not read:
        return None
    now = [row for row in listed if row.received_on >= first and row.pk in read]
    before = [row for row in listed if row.received_on < first and row.pk in read]
    found = rising([read[row.pk].summary for row in now], (read[row.pk].summary for row in before))
    return Week(first, len(now), len(before), len(listed), tuple(_topic(one, now) for one in found))


def _topic(rise: Rise, now: list[Petition]) -> Topic:
    holding = [now[place] for place in rise.texts]
    units = {row.subject_id for row in holding if row.subject_id is not None}
    return Topic(rise, tuple(holding[:EXAMPLES]), len(units), tuple(holding))
