"""What the shell of every page shows: menu, name, language, size of text."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiandu.base.core import guard
from jiandu.net.access.roles import roles
from jiandu.net.vaults.models import OfficeKey
from jiandu.surfaces.door.menu import MENU
from jiandu.surfaces.door.tally import remembered
from jiandu.surfaces.door.unlocking import is_unlocked

ACCOUNT = (
    ("我的任务", "desk:jobs", "list-details"),
    ("工作交接", "desk:handovers", "transfer"),
    ("解锁", "desk:keys", "lock"),
    ("安全设置", "mfa_index", "shield-lock"),
    ("更改密码", "account_change_password", "key"),
)
LINKS = {  # what the shell links to; a page that does not exist yet is left out
    "language_url": "door:language",
    "text_url": "door:text",
    "signout_url": "account_logout",
    "home_url": "desk:home",
    "search_url": "desk:search",
    "todo_url": "desk:home",
    "todo_poll_url": "desk:todo-count",
    "watermark_url": "door:watermark",
}


def chrome(request: HttpRequest) -> dict[str, Any]:
    """The `chrome` of the page component; plain values only. Error pages are plain: they link to nothing but home."""
    viewer = getattr(request, "viewer", None)
    standing = getattr(viewer, "standing", None)
    english = get_language() == "en"
    counts = (remembered(request) or {}) if viewer else {}
    held = [roles()[key] for key in getattr(standing, "roles", ())]
    return {
        "chrome": {
            **({} if getattr(request, "is_plain", False) else {name: _href(url) for name, url in LINKS.items()}),
            "menu": _menu(viewer, request.path, counts) if viewer else [],
            "todo_count": sum(counts.values()),
            "user_name": viewer.name if viewer else "",
            "office_name": getattr(standing, "office_name", "") or getattr(standing, "unit_name", ""),
            "roles": [role.en if english else role.zh for role in held],
            "account_links": _account_links(request) if viewer else [],
            "language": "en" if english else "zh-hans",
            "lock_url": _href("desk:keys-lock") if viewer and is_unlocked(request) else "",
            "large_text": request.COOKIES.get("text") == "large",
            "demo": settings.DEMO,
        }
    }


def _account_links(request: HttpRequest) -> list[dict[str, str]]:
    has_password = getattr(request.user, "has_usable_password", lambda: False)()
    viewer = request.viewer  # type: ignore[attr-defined]
    shown = {"account_change_password": has_password, "desk:keys": guard.allow(viewer, "unlock", OfficeKey)}
    kept = [entry for entry in ACCOUNT if shown.get(entry[1], True)]
    return [{"label": _(label), "href": href, "icon": icon} for label, url, icon in kept if (href := _href(url))]


ICON = "list-details"  # of an entry whose parent the viewer has not: it stands by itself


def _menu(viewer: guard.Viewer, path: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    shown = {item.url: item for item in MENU if item.is_for(viewer)}
    entries: list[dict[str, Any]] = [
        {
            "label": _(item.label),
            "href": href,
            "icon": item.icon or ("" if item.under in shown else ICON),
            "key": item.key,
            "is_under": item.under in shown,
            "queue": item.queue,
            "count": counts.get(item.queue, 0),
            "places": [href, *filter(None, map(_href, item.also))],
        }
        for item in shown.values()
        if (href := _href(item.url))
    ]
    home = _href("desk:home")
    fitting = {place: entry["href"] for entry in entries for place in entry["places"] if path.startswith(place)}
    here = fitting[max(fitting, key=len)] if fitting else ""
    is_elsewhere = here == home != path  # every place begins with the desk's own
    return [{**entry, "current": entry["href"] == here and not is_elsewhere} for entry in entries]


def _href(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
