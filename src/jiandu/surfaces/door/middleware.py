"""Around every request: the headers that every answer carries, and the end of sessions that are too old or unused."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jiandu.base.accounts.models import User
from jiandu.surfaces.door import sessions, unlocking

Next = Callable[[HttpRequest], HttpResponse]
POWERS = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media"),
    *("fullscreen", "gamepad", "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer"),
    *("microphone", "midi", "payment", "picture-in-picture", "screen-wake-lock", "serial", "usb"),
    *("xr-spatial-tracking",),
)
KEYS = ("publickey-credentials-create", "publickey-credentials-get")  # passkeys, for our own pages
HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join([*(f"{power}=()" for power in POWERS), *(f"{power}=(self)" for power in KEYS)]),
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Cache-Control": "no-store",
}
#: Nothing leaves for another site, as with no-referrer; but under that one browsers send `Origin: null` with our own
#: forms, and each would fail its check (Fetch standard, "append a request Origin header"; seen in Chromium 156).
REFERRER = "same-origin"


class HeadersMiddleware:
    """First in the list, so that static files, redirects and errors carry the headers too."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class ActorMiddleware:
    """Ends a session that was open or unused for too long, and notes that somebody is there. Who acts, routes settle."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before = request.user.pk
        if before is not None and sessions.has_expired(request):
            logout(request)
            messages.info(request, _("登录已超时，请重新登录"))
        response = self.get_response(request)
        response.headers["Referrer-Policy"] = REFERRER
        if isinstance(request.user, User):
            self._mark(request, response, is_new=request.user.pk != before)
        elif before is not None or sessions.cookie_name("seen") in request.COOKIES:
            sessions.forget(response)
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        said = getattr(view, "declared", None)
        request.is_quiet = bool(said and said.is_quiet)  # type: ignore[attr-defined]

    @staticmethod
    def _mark(request: HttpRequest, response: HttpResponse, *, is_new: bool) -> None:
        response.headers["Cache-Control"] = "no-store"
        if is_new and isinstance(request.user, User):
            sessions.mark_device(request, response, request.user)
        if is_new or not getattr(request, "is_quiet", False):
            sessions.mark_seen(request, response)
            unlocking.mark_used(request, response)


def headers_are_first() -> bool:
    """Whether the settings put our headers around everything else."""
    return bool(settings.MIDDLEWARE) and settings.MIDDLEWARE[0].endswith(".HeadersMiddleware")
