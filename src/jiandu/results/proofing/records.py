"""Where a proof finds values: the records in the viewer's scope, asked once for many, and what earlier reviews printed."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from jiandu.base.core.guard import Viewer
from jiandu.base.core.tree import WIDTH
from jiandu.results.analysis.frozen import as_published
from jiandu.results.analysis.measures.registry import Ask, all_rates, find
from jiandu.results.analysis.models import Snapshot
from jiandu.results.analysis.selectors import Figure, Ratio, Share, figures_at, rated, shares
from jiandu.results.proofing.contexts import pairs
from jiandu.results.proofing.verdicts import Published
from jiandu.results.reports.drafting import Written
from jiandu.results.reports.models import Review, Section

LATEST = 6


@dataclass
class Records:
    """What the viewer's records say. `prepare` asks together what will be looked up."""

    viewer: Viewer
    known: dict[tuple[str, Ask], Figure] = field(default_factory=dict)
    printed: dict[tuple[str, int], list[Published]] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether the viewer sees what the whole city has: else a draft may tell of more than these records."""
        paths = getattr(self.viewer.standing, "paths", ())
        return self.viewer.is_system or any(len(path) == WIDTH for path in paths)

    def prepare(self, wanted: Iterable[tuple[str, Ask]]) -> None:
        """Looks up figures, all of them together."""
        unknown = [one for one in dict.fromkeys(wanted) if one not in self.known]
        self.known |= figures_at(self.viewer, unknown)

    def figure(self, key: str, ask: Ask) -> Figure:
        """One figure. Raises Refused for an unknown key."""
        self.prepare([(key, ask)])
        return self.known[key, ask]

    def ratio(self, key: str, ask: Ask) -> Ratio | None:
        """A rate with its parts."""
        rate = all_rates()[key]
        self.prepare((part, ask) for part in rate.parts)
        parts = {part: self.known[part, ask] for part in rate.parts}
        return next((one for one in rated(parts, lambda part, _day: parts.get(part)) if one.rate.key == key), None)

    def share(self, key: str, ask: Ask, text: str, named: str) -> Share | None:
        """The part of a figure that a text names: 教育领域, 第一监督检查室."""
        of = set(pairs(named))
        for split in find(key).splits:
            parts = [] if split.is_month or not named else shares(self.viewer, key, ask, by=split.key)
            found = [one for one in parts if one.name in text and of & set(pairs(one.name))]
            if found:
                return max(found, key=lambda one: len(one.name))
        return None

    def published(self, key: str, year: int) -> list[Published]:
        """What reviews of that year printed, the latest first."""
        return self.printed.get((key, year), [])

    def read_published(self) -> list[Written]:
        """Remembers the values of the latest frozen reviews; gives the sections of the latest, as offices word them."""
        reviews = list(Review.objects.order_by("-year", "-as_of", "-pk")[:LATEST])
        frozen = {one.uid: one for one in reviews if one.frozen_at}
        rows = Snapshot.objects.filter(published_in__in=list(frozen)).defer("rows").order_by("-pk")
        for row in rows:
            of = frozen[row.published_in]
            one = Published(of.uid, of.title, as_published(row), self._is_own(row))
            self.printed.setdefault((row.key, row.year), []).append(one)
        sections = Section.objects.filter(review__in=reviews).order_by("review", "order")
        return [Written(one.title, one.text.splitlines(), one.part) for one in sections]

    def _is_own(self, row: Snapshot) -> bool:
        """Whether the frozen figure counted whom the viewer's figures count: no more and no fewer."""
        if self.viewer.is_system:
            return len(row.scope_path) <= WIDTH
        return bool(row.scope_path) and row.scope_path in getattr(self.viewer.standing, "paths", ())
