"""解锁 for a session: the member's private key waits in the server's session, under a key that only a cookie holds.

The session row alone opens nothing, nor does the cookie alone. The cookie is __Host-, Strict, HttpOnly, signed with the
moment of the last use: a quarter of an hour without use, sign-out, or the button, and the session is locked again. What the
key opens is asked of the database at each request: whose key was taken back holds nothing from then on.
"""

import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.http.response import HttpResponse
from django.urls import reverse

from jiandu.base.core.errors import Refused
from jiandu.base.sealing.errors import Missing, Unopenable
from jiandu.base.sealing.suites import PrivateKey, suite
from jiandu.net.vaults.holding import Unlocked
from jiandu.net.vaults.selectors import unlocked_by
from jiandu.sources.petitions import spool
from jiandu.surfaces.door import sessions
from jiandu.surfaces.door.answers import is_fragment

KEPT, COOKIE, SALT = "unlocked", "unlock", "jiandu.unlock"
NONCE = 12


def unlocked(request: HttpRequest) -> Unlocked | None:
    """What the signed-in member holds now, None while locked. Asked once a request; one statement."""
    if not hasattr(request, "opened_keys"):
        request.opened_keys = _opened(request)  # type: ignore[attr-defined]
    found: Unlocked | None = request.opened_keys  # type: ignore[attr-defined]
    return found


def is_unlocked(request: HttpRequest) -> bool:
    """Whether keys wait in this session, by its cookie alone: for what the shell shows."""
    return KEPT in request.session and _cookie(request) is not None


def keep(request: HttpRequest, response: HttpResponseBase, opened: Unlocked) -> None:
    """After the right passphrase: until it is locked again."""
    key, nonce = secrets.token_bytes(32), secrets.token_bytes(NONCE)
    used = suite(1)
    said = used.encrypt(key, nonce, bytes([opened.member.suite]) + opened.member.raw, _beside(request))
    request.session[KEPT] = urlsafe_b64encode(nonce + said).decode()
    request.opened_keys = None  # type: ignore[attr-defined]
    _write(request, response, key)


def lock(request: HttpRequest, response: HttpResponseBase) -> None:
    """The button: nothing is left of it in the session, nor in the browser."""
    request.session.pop(KEPT, None)
    request.opened_keys = None  # type: ignore[attr-defined]
    response.delete_cookie(sessions.cookie_name(COOKIE), samesite="Strict")


def to_unlock(request: HttpRequest) -> HttpResponseBase:
    """To the page that asks for the passphrase, and back to this one."""
    target = f"{reverse('desk:keys')}?{urlencode({'next': request.get_full_path()})}"
    if is_fragment(request):
        return HttpResponse(headers={"HX-Redirect": target})
    return HttpResponseRedirect(target, status=302 if request.method in {"GET", "HEAD"} else 303)


def mark_used(request: HttpRequest, response: HttpResponseBase) -> None:
    """A page used the keys: the quarter of an hour begins anew."""
    if getattr(request, "opened_keys", None) is not None and (key := _cookie(request)) is not None:
        _write(request, response, key)
        spool.note_use(request.viewer)  # type: ignore[attr-defined]


def _opened(request: HttpRequest) -> Unlocked | None:
    kept, key = request.session.get(KEPT), _cookie(request)
    if not kept or key is None:
        return None
    try:
        data = urlsafe_b64decode(kept)
        said = suite(1).decrypt(key, data[:NONCE], data[NONCE:], _beside(request))
        member = PrivateKey(said[0], said[1:])
        return unlocked_by(request.viewer, member)  # type: ignore[attr-defined]
    except (Unopenable, Missing, Refused, ValueError):
        return None


def _cookie(request: HttpRequest) -> bytes | None:
    """The key in the cookie, if it belongs to this sign-in and was used lately."""
    try:
        tied, key, moment = signing.loads(request.COOKIES.get(sessions.cookie_name(COOKIE), ""), salt=SALT)
        is_used = -sessions.SLACK <= time.time() - float(moment) < settings.SESSION_IDLE_MINUTES * 60
        return urlsafe_b64decode(key) if is_used and tied == sessions.tie(request) else None
    except (signing.BadSignature, ValueError, TypeError):
        return None


def _write(request: HttpRequest, response: HttpResponseBase, key: bytes) -> None:
    said = [sessions.tie(request), urlsafe_b64encode(key).decode(), time.time()]
    sessions.set_cookie(response, sessions.cookie_name(COOKIE), signing.dumps(said, salt=SALT))


def _beside(request: HttpRequest) -> bytes:
    return b"jiandu unlocked session " + sessions.tie(request).encode()
