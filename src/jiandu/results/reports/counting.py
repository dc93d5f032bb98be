"""What the figures of a text count: in the reach of the commission whose text it is, whoever presses the button."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.access.standing import Hold, Standing
from jiandu.net.overseers.models import Office
from jiandu.results.analysis.frozen import digest_of, keys_of, packed
from jiandu.results.analysis.measures.registry import Ask, Value, find
from jiandu.results.analysis.selectors import Figure, Share, figure, figures
from jiandu.results.reports.drafting import Source, compose
from jiandu.results.reports.models import FigureLine, Review
from jiandu.results.reports.selectors import sections_of

NOBODY = 0  # no account: no recusal narrows what is published, no assignment by name widens it


@dataclass(frozen=True)
class Counted:
    """A figure with the digest of the rows behind it."""

    figure: Figure
    digest: str

    @property
    def value(self) -> Value:
        return self.figure.value


def publisher(commission: Office, by: Viewer) -> Viewer:
    """Who counts what the commission publishes: what its leaders reach, under the name of whoever acts."""
    hold = Hold(role="leader", path=commission.path)
    standing = Standing(holds=(hold,), office_name=commission.name, roles=("leader",))
    return Viewer(key=f"scope:{commission.path}", name=by.name, user_id=NOBODY, standing=standing)


def count_all(review: Review, viewer: Viewer, ask: Ask) -> dict[str, Counted]:
    """Every figure that the text uses, those of its rates with it, in the order of the text."""
    days = _days(review, ask)
    with guard.acting(viewer):
        found: dict[str, Counted] = {}
        for day in dict.fromkeys(days.values()):
            those = [key for key, on in days.items() if on == day]
            found |= {one.measure.key: _counted(one, ask.at(day)) for one in figures(viewer, ask.at(day), those)}
    return {key: found[key] for key in days}


def count_one(viewer: Viewer, key: str, ask: Ask) -> Counted:
    """One figure."""
    with guard.acting(viewer):
        return _counted(figure(viewer, key, ask), ask)


def look(viewer: Viewer, line: FigureLine) -> Counted:
    """A figure of the sheet as it counts now: what whoever answers for it is shown, and answers to."""
    guard.check_is_actor(viewer)
    review = line.review
    commission = review.asked_for or line.office
    return count_one(publisher(commission, viewer), line.key, Ask(review.year, line.as_of))


def _counted(one: Figure, ask: Ask) -> Counted:
    return Counted(one, digest_of(packed(keys_of(one.measure.rows(ask), one.measure.total))))


def _days(review: Review, ask: Ask) -> dict[str, date]:
    """Which figures the text asks for, and as of which day: it is composed of figures that say nothing."""
    days: dict[str, date] = {}

    def look_up(key: str, day: date) -> Figure:
        days.setdefault(key, day)
        return Figure(measure=find(key), value=0, rows=0, as_of=day)

    def parts(_key: str, _by: str, _day: date) -> list[Share]:
        return []

    compose(title=review.title, ask=ask, sections=sections_of(review), source=Source(look_up, parts))
    return days


def check_covers(viewer: Viewer, commission: Office) -> None:
    """Only who reaches all that the commission publishes may fix it. Raises Refused (figures-scope)."""
    paths: Iterable[str] = getattr(viewer.standing, "paths", ())
    if not viewer.is_system and not any(commission.path.startswith(path) for path in paths if path):
        raise Refused("figures-scope", "这份综述由“%(name)s”核数，须由该机关有定稿权限的人员定稿", name=commission.name)
