"""Step-up: a sensitive route asks who is at the keyboard, unless he has proved it within five minutes.

Nothing is lost meanwhile. A page is opened again afterwards; a form that reads its address comes back filled in; any
other request waits in the session, and the page `go_on` sends it on. Passwords and files are not kept.
"""

import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from jiandu.surfaces.door.answers import is_fragment, page

KEPT = "kept_request"
KEPT_SECONDS = 900
LONGEST = 2000  # of an address that a form is read from
SAFE = frozenset({"GET", "HEAD"})
SECRETS = ("password", "passphrase")  # in a field's name: what was typed there is neither kept nor put into an address


@dataclass(frozen=True)
class Asked:
    """What is to be proved for: its words; `reads_address`: the route's page shows the form filled in from its address."""

    words: Any = ""
    reads_address: bool = False
    is_download: bool = False


def to_confirm(request: HttpRequest, asked: Asked | None = None) -> HttpResponseBase:
    """To the page that asks for a proof, and from there on to what was wanted."""
    asked = asked or Asked()
    target = f"{reverse('mfa_reauthenticate')}?{urlencode({'next': _onward(request, asked)})}"
    if is_fragment(request):
        return HttpResponse(headers={"HX-Redirect": target})
    return HttpResponseRedirect(target, status=302 if request.method in SAFE else 303)


def _onward(request: HttpRequest, asked: Asked) -> str:
    if request.method in SAFE and not asked.is_download:
        return request.get_full_path()
    is_secret = any(word in name for name in request.POST for word in SECRETS)
    if asked.reads_address and not is_secret and (filled := _filled(request)):
        return filled
    if request.FILES or is_secret:
        messages.warning(request, _("这一步需要先确认身份，然后请再提交一次"))
        return _back(request)
    request.session[KEPT] = {
        "method": request.method,
        "path": request.get_full_path(),
        "fields": _fields(request),
        "words": str(asked.words),
        "back": _back(request),
        "at": time.time(),
    }
    return reverse("door:go-on")


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    said = [(name, value) for name, values in request.POST.lists() for value in values]
    return [(name, value) for name, value in said if name != "csrfmiddlewaretoken"]


def _filled(request: HttpRequest) -> str:
    """The address of the form with what was filled in, "" when that is too long for one."""
    address = f"{request.path}?{urlencode(_fields(request))}"
    return address if len(address) <= LONGEST else ""


def _back(request: HttpRequest) -> str:
    """The page the request came from, if it is one of ours."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc == request.get_host() and came_from.path != request.path:
        return urlunsplit(("", "", came_from.path, came_from.query, ""))
    return settings.LOGIN_REDIRECT_URL


def go_on(request: HttpRequest) -> HttpResponseBase:
    """After the proof: what was kept, one button away. Kept for a quarter of an hour, in this session alone."""
    kept = request.session.get(KEPT)
    if not kept or time.time() - kept["at"] > KEPT_SECONDS:
        request.session.pop(KEPT, None)
        return HttpResponseRedirect(settings.LOGIN_REDIRECT_URL)
    return page(request, "door/go_on.html", {"kept": kept, "is_form": kept["method"] == "POST"})
