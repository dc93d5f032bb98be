"""First or repeated? Proposals out of what an unlocked session can read; the clerk decides, and the main item keeps the count.

The index of texts lives for one request in the memory of the process and is written nowhere.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from jiandu.base.audit.services import seen
from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.texts.facts import guard as guard_of_facts
from jiandu.base.texts.index import Index
from jiandu.base.texts.pairs import ask
from jiandu.base.texts.scoring import ALIKE
from jiandu.net.vaults.holding import Unlocked
from jiandu.sources.petitions import vault
from jiandu.sources.petitions.models import Petition
from jiandu.sources.petitions.vault import Content

BACK = timedelta(days=730)  # what is older is another matter, if not by its number
MOST_READ, MOST_TOLD = 20_000, 10
BEGINNING = 90  # characters of each, side by side


@dataclass(frozen=True)
class Proposal:
    """An item that this one may repeat: how alike, and whether the facts agree (重复) or only the wording (同类)."""

    petition: Petition
    score: float
    label: str
    beginning: str
    is_same_person: bool
    is_same_sender: bool = False  # by the blind mark: of signed items alone, and nobody's name


def proposals(viewer: Viewer, petition: Petition, unlocked: Unlocked | None) -> tuple[str, list[Proposal]] | None:
    """(how it begins, what it may repeat, the likest first); None where its own words do not open.

    Compared are the office's items of two years before it whose words open. The look is logged before anything is read.
    """
    guard.check_is_actor(viewer)
    seen(viewer, petition, what="repeats")
    mine = vault.content_of(petition, unlocked)
    if mine is None:
        return None
    rows = Petition.objects.filter(withdrawn_on__isnull=True, owner_office=petition.owner_office_id)
    rows = rows.filter(received_on__range=(petition.received_on - BACK, petition.received_on)).exclude(pk=petition.pk)
    others = {row.pk: row for row in rows.order_by("-received_on", "-pk")[:MOST_READ]}
    read = vault.contents_of(others.values(), unlocked)
    keys = list(read)
    if not keys:
        return mine.summary[:BEGINNING], []
    found = ask(Index.build([read[key].summary for key in keys]), mine.summary, most=MOST_TOLD)
    told = [
        replace(
            _proposal(others[keys[each.number]], read[keys[each.number]], mine, each.score, each.label),
            is_same_sender=_is_same_sender(petition, others[keys[each.number]]),
        )
        for each in found
    ]
    return mine.summary[:BEGINNING], told


def _is_same_sender(one: Petition, other: Petition) -> bool:
    return (
        one.sender_mark is not None
        and other.sender_mark is not None
        and bytes(one.sender_mark) == bytes(other.sender_mark)
    )


def _proposal(other: Petition, said: Content, mine: Content, score: float, label: str) -> Proposal:
    is_same = bool(mine.person) and (mine.person, mine.unit) == (said.person, said.unit)
    if not guard_of_facts(mine.summary, said.summary):
        label = ALIKE  # an office's few letters tell a rare name from a common word badly: the facts themselves do
    return Proposal(other, score, label, said.summary[:BEGINNING], is_same)
