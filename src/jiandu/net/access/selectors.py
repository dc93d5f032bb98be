"""Reads of access: a user's grants; who is assigned to a record, who is recused from it."""

from django.db.models import QuerySet

from jiandu.base.accounts.models import User
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.net.access.models import Assignment, Grant, Owned, Recusal
from jiandu.net.access.roles import roles
from jiandu.net.subjects.models import in_force


def grants_of(viewer: Viewer, user: User) -> QuerySet[Grant]:
    """All grants of a user, those in force and past ones, newest first."""
    guard.check_is_actor(viewer)
    return (
        Grant.objects.filter(user=user).select_related("office", "organisation", "acts_for").order_by("-since", "-pk")
    )


def accounts(viewer: Viewer) -> QuerySet[User]:
    """Every account by name: for whoever opens and closes them."""
    guard.check_is_actor(viewer)
    return User.objects.order_by("name", "pk")


def account(viewer: Viewer, pk: int) -> User | None:
    """One account."""
    return accounts(viewer).filter(pk=pk).first()


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
