"""Settings of a browser, kept in its cookies: language and size of text. They work signed in or not, without JavaScript."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localdate

YEAR = 365 * 86400
SIZES = ("normal", "large")


def language(request: HttpRequest) -> HttpResponse:
    """中文 or English, from the next page on."""
    return _kept(request, settings.LANGUAGE_COOKIE_NAME, request.POST.get("language", ""), dict(settings.LANGUAGES))


def text(request: HttpRequest) -> HttpResponse:
    """大字版. The page's own script sets the same cookie, so it is not hidden from scripts."""
    return _kept(request, "text", request.POST.get("text", ""), SIZES)


def watermark(request: HttpRequest) -> HttpResponse:
    """Who looks, and when: tiled over pages from level 1 up."""
    viewer = request.viewer  # type: ignore[attr-defined]
    said = f"{viewer.name} {getattr(viewer.standing, 'office_name', '')} {localdate():%Y-%m-%d}"
    picture = format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="180"><text x="20" y="120" font-size="15"'
        ' transform="rotate(-20 20 120)" font-family="sans-serif" fill="#5b6470" fill-opacity=".11">{}</text></svg>',
        said,
    )
    return HttpResponse(picture, content_type="image/svg+xml")


def _kept(request: HttpRequest, name: str, value: str, known: object) -> HttpResponse:
    response = HttpResponseRedirect(_back(request), status=303)
    if value in known:  # type: ignore[operator]
        response.set_cookie(name, value, max_age=YEAR, secure=settings.HTTPS, samesite="Lax")
    return response


def _back(request: HttpRequest) -> str:
    """The page it was asked on: a path of ours, nothing else."""
    page = request.POST.get("next", "")
    is_ours = page.startswith("/") and url_has_allowed_host_and_scheme(page, allowed_hosts=None)
    return page if is_ours else "/"
