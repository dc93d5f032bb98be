"""Session limits on every request: idle and absolute. Who acts is settled by the routes."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

STARTED, LAST = "started_at", "last_seen_at"
MFA_PATHS = ("/account/", "/static/", "/language/")


class ActorMiddleware:
    """Ends a session that was idle or open for too long; sends a user without a second factor to set one up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            if not request.user.is_active or _has_expired(request):
                logout(request)
            elif settings.MFA_REQUIRED and not request.path.startswith(MFA_PATHS) and not _has_factor(request):
                return redirect("mfa_index")
        return self.get_response(request)


def _has_expired(request: HttpRequest) -> bool:
    moment = int(time.time())
    session = request.session
    started, last = session.setdefault(STARTED, moment), session.get(LAST, moment)
    if moment - started > settings.SESSION_ABSOLUTE_HOURS * 3600 or moment - last > settings.SESSION_IDLE_MINUTES * 60:
        return True
    if moment - last > 30 or LAST not in session:
        session[LAST] = moment
    return False


def _has_factor(request: HttpRequest) -> bool:
    return bool(request.user.authenticator_set.exists())  # type: ignore[union-attr]
