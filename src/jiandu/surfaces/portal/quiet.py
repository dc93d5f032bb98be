"""Around each request of the portal, before anything looks at it: who asks is taken off, and files are sealed as they come."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from jiandu.surfaces.portal.hush import is_public
from jiandu.surfaces.portal.uploads import SealingHandler

Next = Callable[[HttpRequest], HttpResponse]
TAKEN_OFF = frozenset(
    (
        *("REMOTE_ADDR", "REMOTE_HOST", "REMOTE_PORT", "REMOTE_USER", "REMOTE_IDENT", "HTTP_COOKIE", "HTTP_VIA"),
        *("HTTP_FORWARDED", "HTTP_USER_AGENT", "HTTP_REFERER", "HTTP_ACCEPT_LANGUAGE", "HTTP_FROM", "HTTP_DNT"),
        *("HTTP_X_REAL_IP", "HTTP_X_CLIENT_IP", "HTTP_TRUE_CLIENT_IP", "HTTP_CF_CONNECTING_IP", "HTTP_AUTHORIZATION"),
    )
)
BEGINNINGS = ("HTTP_X_FORWARDED", "HTTP_SEC_CH_")
KEPT = "HTTP_X_FORWARDED_PROTO"  # says how the proxy was reached, not by whom
ANSWER = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}


class QuietMiddleware:
    """Nothing of address, browser, language or cookies goes in; no cookie goes out. The language is what the address says."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_public(request.path):
            return self.get_response(request)
        strip(request.META)
        if request.GET.get("lang") == "en":
            request.META["HTTP_ACCEPT_LANGUAGE"] = "en"
        request.is_plain = True  # type: ignore[attr-defined]
        handler = SealingHandler(request)
        request.upload_handlers = [handler]
        try:
            response = self.get_response(request)
        finally:
            handler.drop_rest()
        response.cookies.clear()
        for name, value in ANSWER.items():
            response.headers[name] = value
        return response


def strip(environ: dict[str, Any]) -> None:
    """Takes off what says who asks, from where and with what."""
    for name in [*environ]:
        if name in TAKEN_OFF or (name.startswith(BEGINNINGS) and name != KEPT):
            del environ[name]
