"""旧账提醒: what the same unit had before of the same kind, told while a problem is being typed."""

from dataclasses import dataclass
from datetime import date

from jiandu.base.core import guard
from jiandu.base.core.clock import add_months
from jiandu.base.core.guard import Viewer
from jiandu.base.core.text import grams, normal
from jiandu.base.lexicon.models import Item
from jiandu.loop.findings.models import Finding, Repeat
from jiandu.loop.findings.services.repeats import OPTIONS
from jiandu.loop.findings.states import EXCLUDED, State
from jiandu.net.access.models import Level
from jiandu.net.subjects.models import Organisation

YEARS = 3
#: The latest findings of the unit that are compared; a unit with more in three years is no unit but a system.
COMPARED = 500
#: Two problems are put alike when they share so many pairs of characters, and so much of the shorter one.
LEAST_PAIRS, LEAST_SHARE = 3, 0.5


@dataclass(frozen=True)
class Typed:
    """A problem as far as it has been typed."""

    unit: Organisation
    problem: str
    on: date
    aspect: Item | None = None
    basis: str = ""


@dataclass(frozen=True)
class Old:
    """An earlier finding of the same kind: what is the same, and what may be decided on it instead of 作为新问题."""

    finding: Finding
    is_same_basis: bool
    is_same_aspect: bool
    is_put_alike: bool

    @property
    def decisions(self) -> list[Repeat.Decision]:
        return [one for one in OPTIONS[State(self.finding.state)] if one != Repeat.Decision.NEW]


def earlier(viewer: Viewer, typed: Typed) -> list[Old]:
    """The unit's findings of three years up to the day, the latest first, that are of the same kind: same clause of the
    basis, same aspect, or put alike. From any source; what was withdrawn, refused or merged away is left out, and what
    stands above 内部 is not compared. One statement.
    """
    guard.check_is_actor(viewer)
    since = add_months(typed.on, -12 * YEARS)
    rows = Finding.objects.filter(
        subject_path=typed.unit.path,
        registered_on__gt=since,
        registered_on__lte=typed.on,
        level__lte=Level.INTERNAL,
    ).exclude(state__in=sorted(EXCLUDED))
    latest = rows.select_related("aspect").order_by("-registered_on", "-id")[:COMPARED]
    pairs = _pairs(typed.problem)
    compared = (_compared(finding, typed, pairs) for finding in latest)
    return [old for old in compared if old.is_same_basis or old.is_same_aspect or old.is_put_alike]


def _compared(finding: Finding, typed: Typed, pairs: frozenset[str]) -> Old:
    return Old(
        finding,
        is_same_basis=bool(typed.basis) and normal(finding.basis) == normal(typed.basis),
        is_same_aspect=typed.aspect is not None and finding.aspect_id is not None and finding.aspect == typed.aspect,
        is_put_alike=_are_alike(pairs, _pairs(finding.problem)),
    )


def _pairs(text: str) -> frozenset[str]:
    """The pairs of characters of a text: without the single last ones that the index of words keeps."""
    return frozenset(gram for gram in grams(text) if len(gram) > 1)


def _are_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    shared = len(one & other)
    return shared >= LEAST_PAIRS and shared >= LEAST_SHARE * min(len(one), len(other))
