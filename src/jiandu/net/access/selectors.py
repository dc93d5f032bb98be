"""Reads of access: a user's grants."""

from django.db.models import QuerySet

from jiandu.base.accounts.models import User
from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.net.access.models import Grant


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
