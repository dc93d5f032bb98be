"""What follows from a sign-in or a proof: the session's clock starts, its key changes, the audit log has an entry."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import authentication_step_completed
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.transaction import atomic
from django.http import HttpRequest

from jiandu.base.accounts import passwords
from jiandu.base.accounts.models import User
from jiandu.base.audit.services import record
from jiandu.net.access.standing import viewer_of
from jiandu.sources.petitions import spool
from jiandu.surfaces.door import sessions


def connect() -> None:
    """Called once, when the app is ready."""
    user_logged_in.connect(_signed_in, dispatch_uid="door.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="door.signed_out")
    authentication_step_completed.connect(_proved, sender=get_user_model(), dispatch_uid="door.proved")
    passwords.also_avoid(places_of)


def places_of(user: User) -> list[str]:
    """The names of the user's office and unit: no password may hold them."""
    standing = viewer_of(user).standing if user.pk else None
    return [place for place in (getattr(standing, "office_name", ""), getattr(standing, "unit_name", "")) if place]


@atomic
def _signed_in(*, request: HttpRequest, user: User, **_: Any) -> None:
    sessions.begin(request.session)
    proofs = [
        f"{each['method']}:{each.get('type', '')}".rstrip(":") for each in get_authentication_records(request, user)
    ]
    record(viewer_of(user), "sign_in", user, payload={"by": proofs or ["demo"]})


@atomic
def _signed_out(*, user: User | None, **_: Any) -> None:
    if user is not None:
        spool.clear(viewer_of(user))  # with the session goes what he uploaded and did not take in
        record(viewer_of(user), "sign_out", user)


def _proved(*, request: HttpRequest, reauthenticated: bool = False, **_: Any) -> None:
    """A step-up changes the session's key: what was known of it before is worth nothing after."""
    if reauthenticated:
        request.session.cycle_key()
