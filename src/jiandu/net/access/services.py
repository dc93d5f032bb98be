"""Verbs of access: grant and end a role, assign a record, recuse a person. The three administrators stay apart."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q
from django.db.transaction import atomic

from jiandu.base.accounts.models import User
from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.access.models import Assignment, Grant, Owned, Recusal
from jiandu.net.access.roles import Role, roles
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation


@dataclass(frozen=True)
class NewGrant:
    """A role to give: to whom, at which place, from when."""

    user: User
    role: str
    since: date
    until: date | None = None
    office: Office | None = None
    organisation: Organisation | None = None
    acts_for: User | None = None


@atomic
def grant_role(*, new: NewGrant, by: Viewer) -> Grant:
    """Gives a role. Nobody grants to oneself; an administrator's role joins no other (三员分立)."""
    if not guard.allow(by, "edit", User):
        raise Refused("not-allowed", "您没有“授权”的权限")
    if new.user.pk == by.user_id:
        raise Refused("grant-oneself", "不能给自己授权")
    role = roles().get(new.role)
    if role is None:
        raise Refused("unknown-role", "没有这个角色:%(role)s", role=new.role)
    _check_place(role, new)
    check_apart(role, [grant.role for grant in _overlapping(new)])
    row = Grant(
        user=new.user,
        role=new.role,
        office=new.office,
        organisation=new.organisation,
        acts_for=new.acts_for,
        since=new.since,
        until=new.until,
    )
    row.save(force_insert=True)
    place = str(new.office or new.organisation or "")
    record(by, "grant.give", row, payload={"user": new.user.username, "role": new.role, "place": place})
    return row


def _overlapping(new: NewGrant) -> list[Grant]:
    held = Grant.objects.filter(user=new.user).filter(Q(until__isnull=True) | Q(until__gte=new.since))
    if new.until is not None:
        held = held.filter(since__lte=new.until)
    return list(held)


def check_apart(role: Role, held: list[str]) -> None:
    """Raises Refused (separated) when the role is, or joins, one of the three administrators'."""
    others = [roles()[key] for key in held if key in roles() and key != role.key]
    if (role.separated and others) or any(other.separated for other in others):
        raise Refused("separated", "系统管理员、安全管理员、审计管理员相互独立,也不兼任其他角色")


def _check_place(role: Role, new: NewGrant) -> None:
    needs_unit, needs_office = role.reach == "unit", role.reach in {"office", "subtree", "city"}
    if needs_unit != (new.organisation is not None) or (needs_office and new.office is None):
        raise Refused("grant-place", "该角色须指定机构或单位:%(role)s", role=role.zh)
    if role.reach == "none" and new.office is not None and role.separated:
        raise Refused("grant-place", "管理员角色不属于任何室组")


@atomic
def end_grant(*, grant: Grant, by: Viewer) -> Grant:
    """Takes the role back: from the next request on it is gone."""
    if not guard.allow(by, "edit", User):
        raise Refused("not-allowed", "您没有“授权”的权限")
    if grant.user_id == by.user_id:
        raise Refused("grant-oneself", "不能更改自己的授权")
    grant.until = max(today() - timedelta(days=1), grant.since)
    if grant.since >= today():
        grant.since = grant.until = today() - timedelta(days=1)
    grant.save(update_fields=["since", "until"])
    record(by, "grant.end", grant, payload={"role": grant.role})
    return grant


def assign_to_office(*, thing_uid: UUID, office: Office, since: date) -> Assignment:
    """Opens a record, and what is filed under it, to an office. Called by the service that shares the record."""
    row, _ = Assignment.objects.get_or_create(thing_uid=thing_uid, office=office, since=since)
    return row


@atomic
def assign_to_user(*, thing: Owned, user: User, by: Viewer, since: date) -> Assignment:
    """Names a person on a record."""
    if not guard.allow(by, "assign", thing):
        raise Refused("not-allowed", "您没有“指定承办”的权限")
    row, _ = Assignment.objects.get_or_create(thing_uid=thing.uid, user=user, since=since)
    record(by, "assignment.give", thing, payload={"user": user.username})
    return row


@atomic
def recuse(*, thing: Owned, user: User, by: Viewer, reason: str = "") -> Recusal:
    """回避: from the next statement on the person does not see the record, in no way."""
    if not (guard.allow(by, "recuse", thing) or by.user_id == user.pk):
        raise Refused("not-allowed", "您没有“回避”的权限")
    row = Recusal(user=user, thing_uid=thing.uid, since=today(), reason=reason)
    row.save(force_insert=True)
    record(by, "recusal.give", thing, payload={"user": user.username})
    return row


@atomic
def recuse_from_unit(*, organisation: Organisation, user: User, by: Viewer, reason: str = "") -> Recusal:
    """回避 of everything about a unit and what is below it."""
    if not guard.allow(by, "edit", User):
        raise Refused("not-allowed", "您没有“回避”的权限")
    row = Recusal(user=user, organisation=organisation, since=today(), reason=reason)
    row.save(force_insert=True)
    record(by, "recusal.give_unit", organisation, payload={"user": user.username})
    return row


@atomic
def end_recusal(*, recusal: Recusal, by: Viewer) -> Recusal:
    """The reason has gone; the recusal ends yesterday."""
    if not guard.allow(by, "edit", User):
        raise Refused("not-allowed", "您没有“回避”的权限")
    recusal.until = max(today() - timedelta(days=1), recusal.since)
    recusal.save(update_fields=["until"])
    record(by, "recusal.end", recusal, payload={})
    return recusal
