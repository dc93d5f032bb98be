"""Somebody leaves: what is in his own hands goes to a successor first, else the account is not closed. Nothing is orphaned."""

from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db.models import Q, QuerySet
from django.db.transaction import atomic
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from jiandu.base.accounts.models import User
from jiandu.base.accounts.services import disable_account
from jiandu.base.audit.services import record
from jiandu.base.core import guard, places
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.words import as_recorded
from jiandu.base.jobs.models import Job
from jiandu.base.jobs.selectors import UNFINISHED
from jiandu.net.access.closing import owned_models
from jiandu.net.access.handover_list import NewHandover, end_drafts, write_list
from jiandu.net.access.hands import Hands, Held, Leaver, give_all, held_by, leaver_of, list_of, when_left
from jiandu.net.access.models import Assignment, Grant, Handover, Level, Owned
from jiandu.net.access.policy import kind_of
from jiandu.net.access.roles import roles
from jiandu.net.access.services import is_kept_away, stop
from jiandu.net.access.standing import viewer_of
from jiandu.net.overseers.models import Link
from jiandu.net.subjects.models import in_force

NEXT = ("due_on", "reply_due_on", "follow_up_due_on")  # the columns that say what a record waits for


@atomic
def hand_person_over(*, user: User, to: User, by: Viewer) -> dict[str, list[str]]:
    """交接: what is in his own hands is the successor's from now on; the log keeps which records, who had them before.

    Raises Refused: not-allowed, account-oneself, hand-over-person, assign-no-role, recused, named-alone.
    """
    if not guard.allow(by, "edit", User):
        raise Refused("not-allowed", "您没有“用户管理”的权限")
    if user.pk == by.user_id:
        raise Refused("account-oneself", "不能管理自己的账户")
    check_successor(user, to)
    held = list_of(user, giveable=True)
    moved = move(user, to)
    record(by, "account.hand_over", user, payload={"from": user.username, "to": to.username, "records": moved})
    if held:  # the list that both are to sign: what went over at once is told all the same
        with guard.acting(guard.system("a person hands over")):
            write_list(NewHandover(user, to, today(), Handover.Why.LEAVING), held, by, Handover.State.HANDED)
    return moved


def check_successor(user: User, to: User) -> None:
    """Another account in use. Raises Refused (hand-over-person)."""
    if to.pk == user.pk or not to.is_active:
        raise Refused("hand-over-person", _("请选择另一个在用的账户"))


def move(user: User, to: User, only: frozenset[UUID] | None = None) -> dict[str, list[str]]:
    """What he holds, or these things of it alone, is the successor's. Gives the uids that moved, by kind."""
    places.hold()
    leaver = leaver_of(user, to, only)
    with guard.acting(guard.system("a person hands over")):
        return give_all(leaver)


# --- records opened by name ---


def _named(user: User) -> QuerySet[Assignment]:
    return Assignment.objects.filter(in_force(today()), user=user).order_by("pk")


def _list_named(leaver: Leaver) -> list[Held]:
    rows = list(_named(leaver.user))
    things = _things([row.thing_uid for row in rows])
    return [_as_held(row, things.get(row.thing_uid)) for row in rows]


def _as_held(row: Assignment, thing: Owned | None) -> Held:
    label = as_recorded(NAMED.label)
    if thing is None:
        return Held("assignment", label, row.uid, title=label)
    kind, words = as_recorded(thing._meta.verbose_name), as_recorded(thing.listed)
    if thing.level >= Level.NAMED:
        return Held("assignment", kind, row.uid, title=words)
    state = getattr(thing, "get_state_display", None)
    due: date | None = next(filter(None, (getattr(thing, name, None) for name in NEXT)), None)
    return Held(
        "assignment",
        kind,
        row.uid,
        code=str(getattr(thing, "code", "") or ""),
        title=words,
        unit=thing.subject.name if thing.subject else "",
        state=as_recorded(state()) if state else "",
        next_on=due,
    )


def _give_named(leaver: Leaver) -> list[str]:
    """The records opened to him by name, opened to the successor instead. The days before stay as they were."""
    user, to = leaver.user, leaver.to
    if to is None:
        return []
    given = [row for row in _named(user) if leaver.gives(row.uid)]
    things = _things([row.thing_uid for row in given])
    check_may_take(things.values(), user, to)
    for row in given:
        thing = things.get(row.thing_uid)
        if thing is not None and thing.level < Level.NAMED and not _named(to).filter(thing_uid=row.thing_uid).exists():
            Assignment(thing_uid=row.thing_uid, user=to, since=today(), until=row.until).save(force_insert=True)
        stop(row)
    return [str(row.thing_uid) for row in given]


def check_takes(user: User, to: User, only: frozenset[UUID] | None = None) -> None:
    """Whether the successor may take the records that are opened by name. Raises Refused as `check_may_take`."""
    with guard.acting(guard.system("who may take over")):
        rows = _named(user) if only is None else Assignment.objects.filter(uid__in=only)  # also what has moved since
        check_may_take(_things([row.thing_uid for row in rows]).values(), user, to)


def check_may_take(things: Any, user: User, to: User) -> None:
    """Of level 3 nobody is named by who keeps accounts: those who know of the record name whoever is to know of it.

    Raises Refused: named-alone, assign-no-role, recused.
    """
    holds = viewer_of(to).standing.holds
    for thing in things:
        if thing.level >= Level.NAMED:
            others = Assignment.objects.filter(in_force(today()), thing_uid=thing.uid, user__is_active=True)
            if not others.exclude(user=user).exists():
                words = _("有专案点名的记录只有“%(name)s”一人知悉，请其先点名他人")
                raise Refused("named-alone", words, name=user.name)
        elif not any(roles()[hold.role].may("view", kind_of(type(thing))) for hold in holds):
            raise Refused("assign-no-role", "“%(name)s”没有可以承办的角色", name=to.name)
        elif is_kept_away(thing, to):
            raise Refused("recused", "“%(name)s”应当回避,不能承办", name=to.name)


def _things(uids: list[UUID]) -> dict[UUID, Owned]:
    found: dict[UUID, Owned] = {}
    for model in owned_models() if uids else []:
        found |= {row.uid: row for row in model.objects.filter(uid__in=uids).select_related("subject")}
    return found


# --- what is finished first ---


def _list_acting(leaver: Leaver) -> list[Held]:
    """Who acts for him: a secretary's role ends, or names another leader, before the leader's account closes."""
    rows = Grant.objects.filter(in_force(today()), acts_for=leaver.user).select_related("user").order_by("pk")
    label = as_recorded(ACTING.label)
    return [Held("acting", label, row.uid, title=row.user.name, state=roles()[row.role].zh) for row in rows]


def _list_linked(leaver: Leaver) -> list[Held]:
    """Which leader is linked (挂钩) to a unit is decided in the directory, and by nobody's leaving."""
    rows = Link.objects.filter(in_force(today()), leader_id=leaver.person.pk if leaver.person else 0)
    label = as_recorded(LINKED.label)
    found = rows.select_related("organisation").order_by("pk")
    return [Held("link", label, uuid5(NAMESPACE_URL, f"link:{row.pk}"), unit=row.organisation.name) for row in found]


def _list_jobs(leaver: Leaver) -> list[Held]:
    """What runs for him runs to its end in his name: minutes, and an account that is closed may do nothing."""
    rows = Job.objects.filter(made_by_id=leaver.user.pk, status__in=UNFINISHED).order_by("pk")
    return [Held("job", as_recorded(JOBS.label), row.uid, title=row.name) for row in rows]


def _list_to_sign(leaver: Leaver) -> list[Held]:
    """What another is about to hand over to him, or before him: that is completed or taken back first."""
    mine = Q(receiver=leaver.user) | Q(supervisor=leaver.user)
    rows = Handover.objects.filter(mine, state=Handover.State.DRAFTED).select_related("made_by", "receiver")
    label = as_recorded(TO_SIGN.label)
    return [Held("handover", label, row.uid, title=str(row), next_on=row.on) for row in rows.order_by("pk")]


NAMED = Hands("assignment", _("点名开放的记录"), _list_named, _give_named)
ACTING = Hands("acting", _("代其办理的授权"), _list_acting, said=gettext_noop("%(kind)s%(count)d项"))
LINKED = Hands("link", _("挂钩单位"), _list_linked, said=gettext_noop("%(kind)s%(count)d个"))
TO_SIGN = Hands("handover", _("待签字的交接单"), _list_to_sign, said=gettext_noop("%(kind)s%(count)d份"))
JOBS = Hands("job", _("进行中的任务"), _list_jobs, said=gettext_noop("%(kind)s%(count)d项"))


def known_here() -> None:
    """The kinds that this floor knows."""
    when_left(NAMED, ACTING, LINKED, TO_SIGN, JOBS)


@atomic
def close_account(*, user: User, by: Viewer, to: User | None = None) -> User:
    """停用, after what is in his own hands went to `to`. Without a successor it is refused while he holds something.

    Raises Refused: account-holds naming what he holds, and as `hand_person_over`.
    """
    if to is not None:
        hand_person_over(user=user, to=to, by=by)
    end_drafts(user, by)
    if held := held_by(user):
        words = _("“%(name)s”名下还有未移交的事项，请选择承接人：%(what)s")
        raise Refused("account-holds", words, name=user.name, what="；".join(held))
    return disable_account(user=user, by=by)
