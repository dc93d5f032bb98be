"""How long a session lasts: eight hours from sign-in, fifteen minutes from the last page somebody asked for.

The moment of the last page stands in a signed cookie tied to the session, not in the database: it is exact to the
millisecond, and reading a page never waits for a writer. Who keeps an old cookie only ends the session sooner.
"""

import time

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac

from jiandu.base.accounts import devices
from jiandu.base.accounts.models import User

STARTED = "started_at"
SALT = "jiandu.seen"
SLACK = 60.0  # seconds by which the clock may step back


def cookie_name(name: str) -> str:
    """With HTTPS a __Host- name: the browser keeps it to this host, this path, encrypted."""
    return f"__Host-{name}" if settings.HTTPS else name


def begin(session: SessionBase) -> None:
    """At sign-in: the eight hours begin."""
    session[STARTED] = time.time()


def has_expired(request: HttpRequest) -> bool:
    """Whether the session is over: too old, or unused for too long (without its cookie: since sign-in)."""
    started = request.session.get(STARTED, 0.0)
    last = max(started, _last_seen(request))
    moment = time.time()
    is_young = -SLACK <= moment - started < settings.SESSION_ABSOLUTE_HOURS * 3600
    is_used = -SLACK <= moment - last < settings.SESSION_IDLE_MINUTES * 60
    return not (is_young and is_used)


def mark_seen(request: HttpRequest, response: HttpResponseBase) -> None:
    """Somebody was here: the fifteen minutes begin anew."""
    value = signing.dumps([tie(request), time.time()], salt=SALT)
    set_cookie(response, cookie_name("seen"), value)


def mark_device(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """After a sign-in: the throttle will know this browser for this account."""
    name = devices.cookie_name(https=settings.HTTPS)
    set_cookie(response, name, devices.remember(request.COOKIES.get(name, ""), user.username), age=devices.AGE)


def forget(response: HttpResponseBase) -> None:
    """At the end of a session: what tied the browser to it goes, the key of unlocked keys too."""
    for name in ("seen", "unlock"):
        response.delete_cookie(cookie_name(name), samesite="Strict")


def set_cookie(response: HttpResponseBase, name: str, value: str, *, age: int | None = None) -> None:
    """A cookie that no script reads and no other site's request carries."""
    response.set_cookie(name, value, max_age=age, secure=settings.HTTPS, httponly=True, samesite="Strict")


def _last_seen(request: HttpRequest) -> float:
    try:
        tied, moment = signing.loads(request.COOKIES.get(cookie_name("seen"), ""), salt=SALT)
    except (signing.BadSignature, ValueError):
        return 0.0
    return float(moment) if tied == tie(request) else 0.0


def tie(request: HttpRequest) -> str:
    """Binds the cookie to the sign-in; it outlives the session's change of key at step-up."""
    return salted_hmac(SALT, f"{request.session.get(STARTED)}:{request.user.pk}").hexdigest()
