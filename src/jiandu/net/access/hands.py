"""What is in a person's own hands, thing by thing: the floors above say which kinds there are, and how each goes over.

Records belong to offices; in a person's hands are those opened to him by name, and what the floors above say.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, gettext_noop

from jiandu.base.accounts.models import User
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.net.overseers.models import Officer
from jiandu.net.subjects.models import Person, in_force


@dataclass(frozen=True)
class Leaver:
    """Who leaves, with the person and the offices that he serves in; who takes over, as a person; which things alone."""

    user: User
    person: Person | None
    office_ids: tuple[int, ...]
    to: User | None = None
    to_person: Person | None = None
    only: frozenset[UUID] | None = None

    def gives(self, uid: UUID) -> bool:
        """Whether this thing is among those that go over."""
        return self.only is None or uid in self.only


@dataclass(frozen=True)
class Held:
    """One thing in a person's hands, as a list of it says: in Chinese, and of what is 工作敏感 its level for its words."""

    kind: str
    label: str
    uid: UUID
    code: str = ""
    title: str = ""
    unit: str = ""
    state: str = ""
    next_on: date | None = None


Found = Callable[[Leaver], list[Held]]
Give = Callable[[Leaver], list[str]]


@dataclass(frozen=True)
class Hands:
    """One kind: which of it he holds, and how that goes over (uids). Without `give` he, or his office, finishes it first."""

    kind: str
    label: Any
    found: Found
    give: Give | None = None
    said: str = gettext_noop("%(kind)s%(count)d件")


_kinds: list[Hands] = []


def when_left(*kinds: Hands) -> None:
    """The kinds of things that a floor knows a person to hold."""
    known = {one.kind for one in _kinds}
    _kinds.extend(one for one in kinds if one.kind not in known)


def kinds() -> tuple[Hands, ...]:
    """All that are known."""
    return tuple(_kinds)


def leaver_of(user: User, to: User | None = None, only: frozenset[UUID] | None = None) -> Leaver:
    """The account with the person and offices behind it today."""
    serving = list(Officer.objects.filter(in_force(today()), user=user).select_related("person").order_by("pk"))
    person = serving[0].person if serving else None
    return Leaver(user, person, tuple(row.office_id for row in serving), to, _person_of(to) if to else None, only)


def _person_of(user: User) -> Person | None:
    row = Officer.objects.filter(in_force(today()), user=user).select_related("person").order_by("pk").first()
    return row.person if row else None


def list_of(user: User, *, giveable: bool = False) -> list[Held]:
    """Everything in his hands today, kind by kind; `giveable`: of the kinds that go over. It runs as the system."""
    leaver = leaver_of(user)
    with guard.acting(guard.system("what a person holds")):
        return [held for one in _kinds if one.give or not giveable for held in one.found(leaver)]


def held_by(user: User) -> list[str]:
    """What is in his own hands today, a phrase a kind, without a word of content."""
    leaver = leaver_of(user)
    with guard.acting(guard.system("what a person holds")):
        counts = [(one, len(one.found(leaver))) for one in _kinds]
    return [gettext(one.said) % {"kind": one.label, "count": count} for one, count in counts if count]


def give_all(leaver: Leaver) -> dict[str, list[str]]:
    """Every kind goes over to `leaver.to`, as the system: the uids that moved, by kind."""
    moved = {one.kind: one.give(leaver) for one in _kinds if one.give}
    return {kind: uids for kind, uids in moved.items() if uids}


def in_names(name: str, said: str) -> bool:
    """Whether a line of names (甲、乙) has this one."""
    return name in names_of(said)


def names_of(said: str) -> list[str]:
    """The names of a line, whatever stands between them."""
    for mark in "，,；;/ 　\n\t":
        said = said.replace(mark, "、")
    return [one for one in said.split("、") if one]


def renamed(said: str, old: str, new: str) -> str:
    """The line with another name in its place; who stands there already is not named twice."""
    return "、".join(dict.fromkeys(new if one == old else one for one in names_of(said)))


def has_namesake(user: User, among: Collection[int] = ()) -> bool:
    """Whether another account in use bears the name: a line of names then does not tell which of them it means."""
    return User.objects.filter(name=user.name, is_active=True).exclude(pk__in=[user.pk, *among]).exists()
