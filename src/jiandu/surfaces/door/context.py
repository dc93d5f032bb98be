"""What the shell of every page shows: menu, name, language, size of text."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiandu.base.core import guard
from jiandu.net.access.roles import roles
from jiandu.surfaces.door.menu import MENU


def chrome(request: HttpRequest) -> dict[str, Any]:
    """The `chrome` of the page component; plain values only."""
    viewer = getattr(request, "viewer", None)
    standing = getattr(viewer, "standing", None)
    english = get_language() == "en"
    held = [roles()[key] for key in getattr(standing, "roles", ())]
    return {
        "chrome": {
            "menu": _menu(viewer, request.path) if viewer else [],
            "user_name": viewer.name if viewer else "",
            "office_name": getattr(standing, "office_name", "") or getattr(standing, "unit_name", ""),
            "roles": [role.en if english else role.zh for role in held],
            "language": "en" if english else "zh-hans",
            "large_text": request.COOKIES.get("text") == "large",
            "demo": settings.DEMO,
        }
    }


def _menu(viewer: guard.Viewer, path: str) -> list[dict[str, Any]]:
    entries = [
        {"label": _(item.label), "href": _href(item.url), "icon": item.icon}
        for item in MENU
        if item.verb is None or guard.allow(viewer, item.verb, item.model())
    ]
    matching = [entry["href"] for entry in entries if path.startswith(entry["href"])]
    longest = max(matching, key=len, default="")
    return [{**entry, "current": entry["href"] == longest} for entry in entries if entry["href"]]


def _href(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
