"""Forms in which a day at a unit is planned: what else is planned there shows while typing, and may be joined."""

from datetime import date
from uuid import UUID

from django import forms

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.lexicon.terms import term
from jiandu.net.subjects.selectors import find_organisation, posts_of
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.schedule import TERM
from jiandu.surfaces.desk.forms.rooms import PeopleField, RoomForm
from jiandu.surfaces.desk.schedule import Clash, Planned, clashes

MOST = 30  # units of a form that are looked after while typing


class Watching(RoomForm):
    """`watched`: the fields whose change asks again. `join`: what a button beside a clash says; nothing by itself."""

    looks = True
    watched: tuple[str, ...] = ()
    clashes: list[Clash] | None = None
    join = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def planned(self) -> Planned:
        """Unit → the day, as far as they have been typed."""
        raise NotImplementedError

    def besides(self) -> UUID | None:
        """The activity that is planned for: what else it has is no clash."""
        thing = self.thing if isinstance(self.thing, Activity) else getattr(self.thing, "activity", None)
        return thing.uid if isinstance(thing, Activity) else None

    def look(self) -> None:
        """Finds what else is dated near; the form stays as it was typed."""
        planned = self.planned()
        self.clashes = clashes(guard.require_actor(), planned, besides=self.besides()) if planned else None

    @property
    def days(self) -> int:
        return term(TERM, on=today()).amount

    def typed_day(self, name: str) -> date | None:
        try:
            return date.fromisoformat(str(self.initial.get(name) or ""))
        except ValueError:
            return None


class UnitsForm(Watching):
    """Units, one a line, and a day."""

    day_name = "on"
    watched = ("units", "on")

    def planned(self) -> Planned:
        on, found = self.typed_day(self.day_name), Planned()
        names = [name.strip() for name in str(self.initial.get("units", "")).splitlines() if name.strip()]
        for name in names[:MOST] if on else []:
            try:
                unit = find_organisation(guard.require_actor(), name, on=today())
            except Refused:
                unit = None  # said when the form is sent
            if unit is not None and on is not None:
                found[unit] = on
        return found


class PeopleWatching(Watching):
    """People, one a line, whom a talk is planned with: a plan goes to the other's day, and the other is told nothing."""

    watched = ("people", "on")

    def planned(self) -> Planned:
        on, found = self.typed_day("on"), Planned()
        lines = [each for each in str(self.initial.get("people", "")).splitlines() if each.strip()]
        for each in lines[:MOST] if on else []:
            try:
                person, unit = PeopleField.one(each)
            except Refused:
                continue  # said when the form is sent
            units = [unit] if unit else [row.organisation for row in posts_of(guard.require_actor(), person, today())]
            found |= {unit: on for unit in units[:1] if on}
        return found

    def look(self) -> None:
        super().look()
        own = ("talk-plan", getattr(self.thing, "uid", None))
        if self.clashes is not None:
            self.clashes = [clash for clash in self.clashes if clash.entry.dated.opens != own]

    def besides(self) -> UUID | None:
        """The round that the talk is planned in."""
        try:
            return UUID(str(self.initial.get("activity", "")))
        except ValueError:
            return None
