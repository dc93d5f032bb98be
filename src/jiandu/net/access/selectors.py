"""Reads of access: a user's grants; who is assigned to a record, who is recused from it."""

from django.db.models import Prefetch, Q, QuerySet

from jiandu.base.accounts.models import User
from jiandu.base.audit.services import seen
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.net.access.models import Assignment, Grant, Level, Owned, Recusal
from jiandu.net.access.roles import roles
from jiandu.net.subjects.models import in_force


def look(viewer: Viewer, thing: Owned, *, what: str) -> None:
    """What comes before a record is shown: of level ≥ 2 the look is logged, or nothing is shown."""
    guard.check_is_actor(viewer)
    if thing.level >= Level.SENSITIVE:
        seen(viewer, thing, what=what)


def grants_of(viewer: Viewer, user: User) -> QuerySet[Grant]:
    """All grants of a user, those in force and past ones, newest first."""
    guard.check_is_actor(viewer)
    return (
        Grant.objects.filter(user=user).select_related("office", "organisation", "acts_for").order_by("-since", "-pk")
    )


def accounts(viewer: Viewer, text: str = "", *, with_disabled: bool = True) -> QuerySet[User]:
    """The accounts by name, each with the roles it holds today (`held`): for whoever opens and closes them."""
    guard.check_is_actor(viewer)
    rows = (
        User.objects.filter(Q(name__contains=text) | Q(username__contains=text.lower())) if text else User.objects.all()
    )
    held = Grant.objects.filter(in_force(today())).select_related("office", "organisation").order_by("since", "pk")
    rows = rows if with_disabled else rows.filter(is_active=True)
    return rows.order_by("name", "pk").prefetch_related(Prefetch("grants", held, to_attr="held"))


def account(viewer: Viewer, pk: int) -> User | None:
    """One account."""
    guard.check_is_actor(viewer)
    return User.objects.filter(pk=pk).first()


def recusals_by_user(viewer: Viewer, user: User) -> QuerySet[Recusal]:
    """From which units the user is and was recused; records are left out, they are not for who keeps accounts."""
    guard.check_is_actor(viewer)
    rows = Recusal.objects.filter(user=user, organisation__isnull=False).select_related("organisation")
    return rows.order_by("-since", "-pk")


def named_count(viewer: Viewer, user: User) -> tuple[int, int]:
    """How many records are opened to the user by name, and from how many the user is recused, today."""
    guard.check_is_actor(viewer)
    day = in_force(today())
    recused = Recusal.objects.filter(day, user=user, thing_uid__isnull=False)
    return Assignment.objects.filter(day, user=user).count(), recused.count()


def may_be_acted_for(viewer: Viewer) -> QuerySet[User]:
    """The leaders whom a secretary may act for."""
    guard.check_is_actor(viewer)
    keys = {role.acts_for for role in roles().values() if role.acts_for}
    held = Grant.objects.filter(in_force(today()), role__in=keys)
    return User.objects.filter(is_active=True, pk__in=held.values("user_id")).order_by("name", "pk")


def assignments_of(viewer: Viewer, thing: Owned) -> QuerySet[Assignment]:
    """Which offices and persons the record is opened to today."""
    guard.check_is_actor(viewer)
    held = Assignment.objects.filter(in_force(today()), thing_uid=thing.uid)
    return held.select_related("office", "user").order_by("since", "pk")


def recusals_of(viewer: Viewer, thing: Owned) -> QuerySet[Recusal]:
    """Who is recused from the record today, unit recusals apart. Empty for whoever may not recuse."""
    guard.check_is_actor(viewer)
    held = Recusal.objects.filter(in_force(today()), thing_uid=thing.uid).select_related("user").order_by("since", "pk")
    return held if guard.allow(viewer, "recuse", thing) else held.none()


def can_take(viewer: Viewer, kind: str) -> QuerySet[User]:
    """The accounts in use with a role in force that sees records of the kind ("finding"): for choosing who is assigned."""
    guard.check_is_actor(viewer)
    keys = [key for key, role in roles().items() if role.may("view", kind) and role.reach not in {"none", "unit"}]
    held = Grant.objects.filter(in_force(today()), role__in=keys)
    return User.objects.filter(is_active=True, pk__in=held.values("user_id")).order_by("name", "pk")


def holders_of(role: str) -> list[User]:
    """The accounts in use that hold the role today, wherever."""
    held = Grant.objects.filter(in_force(today()), role=role)
    return list(User.objects.filter(is_active=True, pk__in=held.values("user_id")).order_by("pk"))
