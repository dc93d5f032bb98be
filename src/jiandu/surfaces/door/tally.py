"""The counts of 待办 as last seen, in a cookie of the browser: shown on every page, asked of the database by none."""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from jiandu.base.core.guard import Viewer

COOKIE = "todo"
FORM = re.compile(r"(\d+)((?:\.[a-z_]+-\d{1,4})*)")


def remember(response: HttpResponse, viewer: Viewer, counts: dict[str, int]) -> None:
    """Keeps the viewer's counts until the browser is closed."""
    value = ".".join([str(viewer.user_id), *(f"{name}-{count}" for name, count in counts.items())])
    response.set_cookie(COOKIE, value, secure=settings.HTTPS, httponly=True, samesite="Lax")


def remembered(request: HttpRequest) -> dict[str, int] | None:
    """The viewer's counts as last kept; None for somebody else's, or none."""
    viewer = getattr(request, "viewer", None)
    found = FORM.fullmatch(request.COOKIES.get(COOKIE, ""))
    if viewer is None or found is None or found[1] != str(viewer.user_id):
        return None
    pairs = (pair.split("-") for pair in found[2].split(".")[1:])
    return {name: int(count) for name, count in pairs}
