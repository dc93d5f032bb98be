"""The register of approvals: what waits and what was decided about findings, letters, activities and reports, in one list."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Approval
from jiandu.loop.findings.selectors import queues
from jiandu.loop.instruments import selectors as instruments
from jiandu.net.access.selectors import facts_of
from jiandu.net.access.signing import Signing
from jiandu.results.portraits import selectors as portraits
from jiandu.sources.activities import selectors as activities
from jiandu.sources.activities.models import ActivityApproval
from jiandu.surfaces.desk.activity_pages import href_of


@dataclass(frozen=True)
class Source:
    """A table of approvals: its rows by tab, the key of what each is about, how that is found, where it is shown."""

    rows: Callable[[Viewer, str], QuerySet[Any]]
    about: str
    roots: Callable[[Viewer, list[int]], QuerySet[Any]]
    href: Callable[[Any], str]
    what: Callable[[str], Any] = lambda _matter: _("签批")


def _page(url: str, anchor: str = "") -> Callable[[Any], str]:
    return lambda one: reverse(url, args=[one.uid]) + anchor


SOURCES = {
    "finding": Source(queues.approvals, "finding_id", queues.findings_of, _page("desk:finding", "#approvals"), what=lambda matter: Approval(verb=matter).get_verb_display()),
    "instrument": Source(instruments.sign_offs, "instrument_id", instruments.instruments_of, _page("desk:instrument")),
    "activity": Source(activities.approvals, "activity_id", activities.activities_of, lambda one: href_of(one.kind, one.uid), what=lambda matter: ActivityApproval(verb=matter).get_verb_display()),
    "portrait": Source(portraits.approvals, "portrait_id", portraits.portraits_of, _page("desk:portrait"), what=lambda _matter: _("审定")),
}  # fmt: skip


class Register:
    """All approvals of one tab as rows to be sliced: one statement for a page, one more for what each kind is about."""

    def __init__(self, viewer: Viewer, which: str) -> None:
        self.viewer, self.which = viewer, which

    def __getitem__(self, part: slice) -> list[dict[str, Any]]:
        """The rows of a page, in the order of the tab: what waits longest first, or what was decided last."""
        tables = [
            facts_of(source.rows(self.viewer, self.which), part.stop, source=key, about=source.about)
            for key, source in SOURCES.items()
        ]
        order = ("-signed_on", "-id") if self.which == "done" else ("asked_on", "id")
        found = list(together(tables).order_by(*order)[part])
        roots: dict[tuple[str, int], Any] = {}
        for key, source in SOURCES.items():
            keys = [row["root"] for row in found if row["source"] == key]
            roots |= {(key, one.pk): one for one in (source.roots(self.viewer, keys) if keys else [])}
        return [_told(row, roots[row["source"], row["root"]]) for row in found]


def together(tables: list[QuerySet[Any]]) -> QuerySet[Any]:
    """The tables one under the other. One without a row in scope is left out: Django would name it without its scope."""
    first, *others = [table for table in tables if not table.query.is_empty()] or tables[:1]
    return first.union(*others, all=True) if others else first


def _told(row: dict[str, Any], root: Any) -> dict[str, Any]:
    source = SOURCES[row["source"]]
    return {
        **row,
        "what": source.what(row["matter"]),
        "name": str(root),
        "subject": str(root.subject or ""),
        "href": source.href(root),
        "label": Signing.Status(row["status"]).label,
    }
