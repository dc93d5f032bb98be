"""Somebody leaves: what is in his own hands goes to a successor first, else the account is not closed. Nothing is orphaned.

Records belong to offices; in a person's own hands are those opened to him by name, and what the floors above say.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.db.transaction import atomic
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiandu.base.accounts.models import User
from jiandu.base.accounts.services import disable_account
from jiandu.base.audit.services import record
from jiandu.base.core import guard, places
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.access.closing import owned_models
from jiandu.net.access.models import Assignment, Level, Owned
from jiandu.net.access.policy import kind_of
from jiandu.net.access.roles import roles
from jiandu.net.access.services import is_kept_away, stop
from jiandu.net.access.standing import viewer_of
from jiandu.net.overseers.models import Officer
from jiandu.net.subjects.models import Person, in_force


@dataclass(frozen=True)
class Leaver:
    """Who leaves, with the person and the offices that he serves in; and who takes over, as a person."""

    user: User
    person: Person | None
    office_ids: tuple[int, ...]
    to: User | None = None
    to_person: Person | None = None


Told = Callable[[Leaver], list[str]]
Follow = Callable[[Leaver], dict[str, list[str]]]
_followers: list[tuple[Follow, Told]] = []


def when_left(follow: Follow, told: Told) -> None:
    """`told` names what is in a person's hands, a phrase a kind; `follow` gives it over as the system: uids by kind."""
    if (follow, told) not in _followers:
        _followers.append((follow, told))


def held_by(user: User) -> list[str]:
    """What is in his own hands today, a phrase a kind, without a word of content."""
    leaver = _leaver(user)
    with guard.acting(guard.system("what a person holds")):
        count = _named(user).count()
        named = [gettext("点名开放的记录%(count)d件") % {"count": count}] if count else []
        return named + [phrase for _follow, told in _followers for phrase in told(leaver)]


def _leaver(user: User, to: User | None = None) -> Leaver:
    serving = list(Officer.objects.filter(in_force(today()), user=user).select_related("person").order_by("pk"))
    person = serving[0].person if serving else None
    return Leaver(user, person, tuple(row.office_id for row in serving), to, _person_of(to) if to else None)


def _person_of(user: User) -> Person | None:
    row = Officer.objects.filter(in_force(today()), user=user).select_related("person").order_by("pk").first()
    return row.person if row else None


def _named(user: User) -> QuerySet[Assignment]:
    return Assignment.objects.filter(in_force(today()), user=user)


@atomic
def hand_person_over(*, user: User, to: User, by: Viewer) -> dict[str, list[str]]:
    """交接: what is in his own hands is the successor's from now on; the log keeps which records, who had them before.

    Raises Refused: not-allowed, account-oneself, hand-over-person, assign-no-role, recused, named-alone.
    """
    if not guard.allow(by, "edit", User):
        raise Refused("not-allowed", "您没有“用户管理”的权限")
    if user.pk == by.user_id:
        raise Refused("account-oneself", "不能管理自己的账户")
    if to.pk == user.pk or not to.is_active:
        raise Refused("hand-over-person", _("请选择另一个在用的账户"))
    places.hold()
    leaver = _leaver(user, to)
    with guard.acting(guard.system("a person hands over")):
        moved = {"assignment": _give_named(user, to)}
        for follow, _told in _followers:
            moved |= follow(leaver)
    moved = {kind: uids for kind, uids in moved.items() if uids}
    record(by, "account.hand_over", user, payload={"from": user.username, "to": to.username, "records": moved})
    return moved


def _give_named(user: User, to: User) -> list[str]:
    """The records opened to him by name, opened to the successor instead. The days before stay as they were."""
    given = list(_named(user).order_by("pk"))
    things = _things([row.thing_uid for row in given])
    holds = viewer_of(to).standing.holds
    for row in given:
        thing = things.get(row.thing_uid)
        if thing is not None:
            _check_may_take(thing, user, to, [roles()[hold.role].may("view", kind_of(type(thing))) for hold in holds])
    for row in given:
        thing = things.get(row.thing_uid)
        if thing is not None and thing.level < Level.NAMED and not _named(to).filter(thing_uid=row.thing_uid).exists():
            Assignment(thing_uid=row.thing_uid, user=to, since=today(), until=row.until).save(force_insert=True)
        stop(row)
    return [str(row.thing_uid) for row in given]


def _things(uids: list[UUID]) -> dict[UUID, Owned]:
    found: dict[UUID, Owned] = {}
    for model in owned_models():
        found |= {row.uid: row for row in model.objects.filter(uid__in=uids)}
    return found


def _check_may_take(thing: Owned, user: User, to: User, may_view: list[bool]) -> None:
    """Of level 3 nobody is named by who keeps accounts: those who know of the record name whoever is to know of it."""
    if thing.level >= Level.NAMED:
        others = Assignment.objects.filter(in_force(today()), thing_uid=thing.uid, user__is_active=True)
        if not others.exclude(user=user).exists():
            raise Refused("named-alone", _("有专案点名的记录只有“%(name)s”一人知悉，请其先点名他人"), name=user.name)
    elif not any(may_view):
        raise Refused("assign-no-role", "“%(name)s”没有可以承办的角色", name=to.name)
    elif is_kept_away(thing, to):
        raise Refused("recused", "“%(name)s”应当回避,不能承办", name=to.name)


@atomic
def close_account(*, user: User, by: Viewer, to: User | None = None) -> User:
    """停用, after what is in his own hands went to `to`. Without a successor it is refused while he holds something.

    Raises Refused: account-holds naming what he holds, and as `hand_person_over`.
    """
    if to is not None:
        hand_person_over(user=user, to=to, by=by)
    if held := held_by(user):
        words = _("“%(name)s”名下还有未移交的事项，请选择承接人：%(what)s")
        raise Refused("account-holds", words, name=user.name, what="；".join(held))
    return disable_account(user=user, by=by)
