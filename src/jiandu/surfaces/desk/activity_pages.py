"""Where an activity has its page: each kind its own."""

from typing import Any

from django.urls import reverse

from jiandu.sources.activities.models import Activity

PAGES: dict[str, str] = {
    Activity.Kind.PROJECT: "desk:project",
    Activity.Kind.ROUND: "desk:round",
    Activity.Kind.CHECK: "desk:check",
    Activity.Kind.CAMPAIGN: "desk:campaign",
    Activity.Kind.TOPIC: "desk:topic-work",
}


def href_of(kind: str, uid: Any) -> str:
    """The URL of its page; nothing for a kind without one."""
    return reverse(PAGES[kind], args=[uid]) if kind in PAGES else ""
