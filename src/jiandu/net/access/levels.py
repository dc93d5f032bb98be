"""知悉范围: a record changes its level, and with it what stands where the record stands. Who is named on it."""

from collections.abc import Callable, Iterable
from typing import cast

from jiandu.base.accounts.models import User
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guarded import Root
from jiandu.net.access.closing import owned_models
from jiandu.net.access.models import Assignment, Level, Owned
from jiandu.net.access.roles import roles
from jiandu.net.access.standing import viewer_of
from jiandu.net.subjects.models import in_force

Follow = Callable[[Owned], list[str]]
_followers: list[tuple[type[Owned], Follow]] = []


def when_closed(kind: type[Owned], follow: Follow) -> None:
    """`follow` runs as the system after such a record was raised, or opened by name to others or to fewer, in the same
    transaction: it raises what carries the record's words, gives their numbers, and refuses where that cannot be.
    """
    if (kind, follow) not in _followers:
        _followers.append((kind, follow))


def raise_carriers(thing: Owned) -> list[str]:
    """What carries a record from 工作敏感 on is as closed as the record at least. Gives the numbers of what was raised."""
    if thing.level < Level.SENSITIVE:
        return []
    with guard.acting(guard.system("level")):
        return [code for kind, follow in _followers if isinstance(thing, kind) for code in follow(thing)]


def change_level(thing: Owned, level: int) -> None:
    """Writes the level of a record and of what came of it: money recovered on a finding says what the finding says.

    Done as the system, since a raised record may leave the writer's scope; the service that calls it has asked the
    policy, and asks again afterwards whether the writer still reads the record.
    """
    thing.level, kind = Level(level), cast("type[Root]", type(thing))
    with guard.acting(guard.system("level")):
        kind.objects.filter(pk=thing.pk).update(level=thing.level)
        for model in owned_models():
            for column in (name for name in model.came_of if "__" not in name):
                model.objects.filter(**{column: thing.uid}).exclude(level=thing.level).update(level=thing.level)


def named_on(thing: Owned) -> list[User]:
    """The persons to whom the record is opened by name today: at level 3 nobody else reads it."""
    held = Assignment.objects.filter(in_force(today()), thing_uid=thing.uid, user__is_active=True)
    return [row.user for row in held.select_related("user").order_by("since", "pk") if row.user is not None]


def has_role_for(users: Iterable[User], verb: str, kind: str) -> bool:
    """Whether one of them holds a role today that may do this to such records."""
    standings = (viewer_of(user).standing for user in users)
    return any(roles()[hold.role].may(verb, kind) for standing in standings for hold in standing.holds)
