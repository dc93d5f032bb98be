"""Verbs of access: grant and end a role, assign a record, recuse a person. The three administrators stay apart."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q
from django.db.transaction import atomic
from django.utils.translation import gettext_lazy as _

from jiandu.base.accounts.models import User
from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.access.levels import raise_carriers
from jiandu.net.access.models import Assignment, Grant, Level, Owned, Recusal
from jiandu.net.access.policy import kind_of
from jiandu.net.access.roles import Role, roles
from jiandu.net.access.standing import viewer_of
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation, in_force


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
    _check_acts_for(role, new)
    held = _overlapping(new)
    check_apart(role, [grant.role for grant in held])
    same = (new.role, new.office, new.organisation, new.acts_for)
    if any((grant.role, grant.office, grant.organisation, grant.acts_for) == same for grant in held):
        raise Refused("period-twice", "同一时期已登记过")
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
    payload = {"user": new.user.username, "role": new.role, "place": place}
    if new.acts_for is not None:
        payload["acts_for"] = new.acts_for.username
    record(by, "grant.give", row, payload=payload)
    return row


def _overlapping(new: NewGrant) -> list[Grant]:
    held = Grant.objects.filter(user=new.user).filter(Q(until__isnull=True) | Q(until__gte=new.since))
    if new.until is not None:
        held = held.filter(since__lte=new.until)
    return list(held.select_related("office", "organisation", "acts_for"))


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
    if new.office is not None and new.office.until is not None and new.office.until < new.since:
        raise Refused("already-ended", "“%(name)s”已撤销", name=new.office.name)
    if new.until is not None and new.until < new.since:
        raise Refused("period-in-order", "结束日期不能早于起始日期")


def _check_acts_for(role: Role, new: NewGrant) -> None:
    """A secretary acts for a leader who is one on the first day; nobody else acts for anybody."""
    leader = new.acts_for
    if not role.acts_for:
        if leader is not None:
            raise Refused("acts-for", "该角色不代他人办理:%(role)s", role=role.zh)
        return
    held = Grant.objects.filter(in_force(new.since), user=leader, role=role.acts_for)
    if leader is None or leader.pk == new.user.pk or not held.exists():
        raise Refused("acts-for", "请选择代为办理的领导")


@atomic
def end_grant(*, grant: Grant, by: Viewer) -> Grant:
    """Takes the role back: from the next request on it is gone."""
    if not guard.allow(by, "edit", User):
        raise Refused("not-allowed", "您没有“授权”的权限")
    if grant.user_id == by.user_id:
        raise Refused("grant-oneself", "不能更改自己的授权")
    if grant.until is not None and grant.until < today():
        raise Refused("already-ended", "已于%(on)s结束", on=grant.until.isoformat())
    stop(grant)
    record(by, "grant.end", grant, payload={"role": grant.role})
    return grant


def assign_to_office(*, thing_uid: UUID, office: Office, since: date) -> Assignment:
    """Opens a record, and what is filed under it, to an office. Called by the service that shares the record."""
    held = Assignment.objects.filter(in_force(today()), thing_uid=thing_uid, office=office).first()
    return held or Assignment.objects.get_or_create(thing_uid=thing_uid, office=office, since=since)[0]


@atomic
def assign_record(
    *, thing: Owned, by: Viewer, office: Office | None = None, user: User | None = None, until: date | None = None
) -> Assignment:
    """指定承办: from the next statement on the office, or the person by name, reaches the record and what is filed under it.

    Gives the assignment in force where there is one already. Raises Refused.
    """
    if not guard.allow(by, "assign", thing):
        raise Refused("not-allowed", "您没有“指定承办”的权限")
    if (office is None) == (user is None):
        raise Refused("assign-whom", "请选择承办室组,或者承办人,二者选一")
    if until is not None and until < today():
        raise Refused("period-in-order", "结束日期不能早于今天")
    _check_can_take(thing, office, user)
    held = Assignment.objects.filter(in_force(today()), thing_uid=thing.uid, office=office, user=user).first()
    if held is not None:
        return held
    row = Assignment(thing_uid=thing.uid, office=office, user=user, since=today(), until=until)
    row.save(force_insert=True)
    raise_carriers(thing)
    record(by, "assignment.give", thing, payload=_whom(row))
    return row


def _check_can_take(thing: Owned, office: Office | None, user: User | None) -> None:
    """An office that exists; a person in service who may see such records and is not recused from this one."""
    if office is not None and office.until is not None and office.until < today():
        raise Refused("already-ended", "“%(name)s”已撤销", name=office.name)
    if user is None:
        return
    standing = viewer_of(user).standing
    if not any(roles()[hold.role].may("view", kind_of(type(thing))) for hold in standing.holds):
        raise Refused("assign-no-role", "“%(name)s”没有可以承办的角色", name=user.name)
    if is_kept_away(thing, user):
        raise Refused("recused", "“%(name)s”应当回避,不能承办", name=user.name)


def is_kept_away(thing: Owned, user: User) -> bool:
    """Whether the user is recused from the record, or from the unit that it is about."""
    barred = any(thing.subject_path.startswith(path) for path in viewer_of(user).standing.barred_paths)
    return barred or Recusal.objects.filter(in_force(today()), user=user, thing_uid=thing.uid).exists()


def open_to_named(thing: Owned, users: Iterable[User]) -> None:
    """Opens the record by name to these persons, and to nobody named before who is not among them. Called as the system."""
    wanted = {user.pk for user in users}
    held = list(Assignment.objects.filter(in_force(today()), thing_uid=thing.uid, user__isnull=False))
    for row in (row for row in held if row.user_id not in wanted):
        stop(row)
    for pk in sorted(wanted - {row.user_id for row in held}):
        Assignment(thing_uid=thing.uid, user_id=pk, since=today()).save(force_insert=True)


@atomic
def end_assignment(*, thing: Owned, assignment: Assignment, by: Viewer) -> Assignment:
    """Takes a record back from an office or a person: from the next request on it is closed to them."""
    if assignment.thing_uid != thing.uid or not guard.allow(by, "assign", thing):
        raise Refused("not-allowed", "您没有“指定承办”的权限")
    _check_still_named(thing, assignment)
    stop(assignment)
    raise_carriers(thing)
    record(by, "assignment.end", thing, payload=_whom(assignment))
    return assignment


def _check_still_named(thing: Owned, leaving: Assignment) -> None:
    """Of level 3 somebody is always named: else nobody would ever see it again. Raises Refused (level-needs-named)."""
    if thing.level < Level.NAMED or leaving.user_id is None:
        return
    held = Assignment.objects.filter(in_force(today()), thing_uid=thing.uid, user__is_active=True)
    if not held.exclude(pk=leaving.pk).exists():
        raise Refused("level-needs-named", _("专案点名的记录至少要有一名知悉人员，请先点名他人"))


def _whom(row: Assignment) -> dict[str, str]:
    return {"office": row.office.name} if row.office else {"user": row.user.username if row.user else ""}


@atomic
def recuse(*, thing: Owned, user: User, by: Viewer, reason: str = "") -> Recusal:
    """回避: from the next statement on the person does not see the record nor what is filed under it, in no way.

    Everybody may recuse oneself. The reason may stay empty (a relative of a sealed reporter).
    """
    if not (guard.allow(by, "recuse", thing) or (by.user_id == user.pk and guard.allow(by, "view", thing))):
        raise Refused("not-allowed", "您没有“回避”的权限")
    held = Recusal.objects.filter(in_force(today()), user=user, thing_uid=thing.uid).first()
    if held is not None:
        return held
    row = Recusal(user=user, thing_uid=thing.uid, since=today(), reason=reason.strip())
    row.save(force_insert=True)
    record(by, "recusal.give", thing, payload={"user": user.username})
    return row


@atomic
def recuse_from_unit(*, organisation: Organisation, user: User, by: Viewer, reason: str = "") -> Recusal:
    """回避 of everything about a unit and what is below it."""
    if not guard.allow(by, "edit", User):
        raise Refused("not-allowed", "您没有“回避”的权限")
    held = Recusal.objects.filter(in_force(today()), user=user, organisation=organisation).first()
    if held is not None:
        raise Refused("period-twice", "同一时期已登记过")
    row = Recusal(user=user, organisation=organisation, since=today(), reason=reason.strip())
    row.save(force_insert=True)
    record(by, "recusal.give_unit", organisation, payload={"user": user.username})
    return row


@atomic
def end_recusal(*, recusal: Recusal, by: Viewer) -> Recusal:
    """The reason has gone: the person sees it again from the next request on. Nobody ends one's own recusal."""
    if not guard.allow(by, "edit", User) or recusal.user_id == by.user_id:
        raise Refused("not-allowed", "您没有“回避”的权限")
    stop(recusal)
    record(by, "recusal.end", recusal, payload={"user": recusal.user.username})
    return recusal


def stop(row: Grant | Assignment | Recusal) -> None:
    """The row held up to yesterday. What began today or later never held: it is left as a day of the past."""
    yesterday = today() - timedelta(days=1)
    row.since, row.until = min(row.since, yesterday), yesterday
    row.save(update_fields=["since", "until"])
