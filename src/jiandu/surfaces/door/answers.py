"""Answers that every view shares: render, done, refused; and how a form performs an act."""

import json
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib import messages
from django.db import InterfaceError, OperationalError, transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from jiandu.base.core.errors import Refused
from jiandu.base.core.vendor.room import no_room

RETRY_SECONDS = "10"


def words_of(refused: Refused) -> str:
    """The refusal in the reader's language."""
    sentence = _(str(refused.args[1]))
    return sentence % refused.details if refused.details else sentence


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A page; for htmx the fragment, whose name begins with _."""
    return render(request, template, context or {}, status=status)


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def perform(form: BaseForm, act: Callable[[], Any]) -> bool:
    """Runs the act when the form is valid. A refusal becomes an error of the form; True when it was done."""
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():  # what the act wrote before a refusal goes with it
            act()
    except Refused as refused:
        form.add_error(None, words_of(refused))
        return False
    return True


def done(request: HttpRequest, message: str, to: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """303 to the next page, with a word of confirmation."""
    messages.success(request, message)
    response = redirect(to, *args, **kwargs)
    response.status_code = 303
    return response


def refused_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    """A refusal outside a form: the reason, and the way back. A fragment leaves the page and shows the reason on it."""
    reason = words_of(refused)
    if request.headers.get("HX-Request") == "true":
        said = json.dumps({"toast": {"text": reason, "tone": "error"}})
        return HttpResponse(reason, status=409, headers={"HX-Trigger": said, "HX-Reswap": "none"})
    return render(request, "door/refused.html", {"reason": reason, "back": _back(request)}, status=409)


def _back(request: HttpRequest) -> str:
    """The page the request came from, if it is one of ours; else the first page."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    is_ours = came_from.netloc == request.get_host() and came_from.path != request.path
    return urlunsplit(("", "", came_from.path, came_from.query, "")) if is_ours else settings.LOGIN_REDIRECT_URL


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, to the byte the same whether a record is not there or not yours: no path, no menu, no pending message."""
    return _plain(request, "404.html", 404)


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _plain(request, "403.html", 403)


def malformed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _plain(request, "400.html", 400)


def untrusted(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token (CSRF_FAILURE_VIEW)."""
    return _plain(request, "403_csrf.html", 403)


def failed(request: HttpRequest) -> HttpResponse:
    """500: asks neither the database nor the session, which may be what failed. 503 where it was the database.

    A lost connection or a lock that does not come free: nothing was written, and it may be tried again. 507 where the
    disk took no more.
    """
    error = sys.exc_info()[1]
    if no_room(error):
        return _plain(request, "507.html", 507)
    if isinstance(error, OperationalError | InterfaceError):
        answer = _plain(request, "503.html", 503)
        answer.headers["Retry-After"] = RETRY_SECONDS
        return answer
    return _plain(request, "500.html", 500)


def _plain(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """A page that reads nothing of the request but the size of its letters; the language is the active one."""
    shell = HttpRequest()
    shell.COOKIES = request.COOKIES
    shell.is_plain = True  # type: ignore[attr-defined]
    return HttpResponse(render_to_string(template, request=shell), status=status)
