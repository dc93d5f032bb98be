"""Search over what is in scope: an address that a scanner typed, a number, the words of a finding, the name of a unit."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors import ledger, paging
from jiandu.loop.instruments.models import Instrument
from jiandu.loop.instruments.selectors import instruments_numbered
from jiandu.net.access.models import Owned
from jiandu.net.access.selectors import numbered
from jiandu.net.subjects.models import Organisation
from jiandu.net.subjects.selectors import search_organisations
from jiandu.sources.activities.models import Activity
from jiandu.sources.contactpoints.models import ContactPoint, ContactProblem
from jiandu.sources.talks.models import Talk
from jiandu.surfaces.desk.activity_pages import href_of
from jiandu.surfaces.door.answers import page

HITS = 20
LONGEST = 300  # what a scanner types
SCANNED = re.compile(r"/desk/d/(\d{1,4})/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/(?:(\d{1,4})/)?$")
#: A number as people give them: no gap in it, a digit somewhere.
NUMBER = re.compile(r"(?=.*\d)\S{2,40}")
KINDS: tuple[tuple[type[Owned], str], ...] = (
    (Finding, "desk:finding"),
    (Activity, ""),
    (Talk, "desk:talk"),
    (ContactProblem, "desk:contact-problem"),
    (ContactPoint, "desk:contact-point"),
    (Instrument, "desk:instrument"),
)


@dataclass(frozen=True)
class Found:
    """A record with the number that was asked for: which kind, whose, where it opens. No word of it is told here."""

    code: str
    kind: str
    office: str
    href: str


def search(request: HttpRequest) -> HttpResponseBase:
    """What was scanned and what has the number opens at once; else findings by their words, units by their names."""
    viewer, text = request.viewer, request.GET.get("q", "").strip()[:LONGEST]  # type: ignore[attr-defined]
    place, found = _scanned(text), _with_number(viewer, text)
    if place or len(found) == 1:
        return HttpResponseRedirect(place or found[0].href)
    text = text[:100]
    may_see_units = guard.allow(viewer, "view", Organisation)
    context: dict[str, Any] = {"text": text, "found": found, "hits": [], "units": [], "limit": HITS, "today": today()}
    if text:
        context["hits"] = paging.newest(viewer, ledger.Filters(text=text), HITS)
        context["units"] = search_organisations(viewer, text, on=today(), limit=HITS) if may_see_units else []
    return page(request, "desk/numbers/search.html", context | {"may_see_units": may_see_units})


def _scanned(text: str) -> str:
    """The door of a form, if that is what was typed: the path alone counts, so nobody is sent to another host."""
    said = SCANNED.search(unicodedata.normalize("NFKC", text).lower())
    return said[0] if said else ""


def _with_number(viewer: Viewer, text: str) -> list[Found]:
    """The records in scope with this number, in any width or case; of whatever level: the number is all that is told."""
    if not NUMBER.fullmatch(text):
        return []
    rows: list[Any] = []
    for model, _page in KINDS:
        if guard.allow(viewer, "view", model):
            rows += numbered(viewer, model, text, HITS)
    if guard.allow(viewer, "view", Instrument):
        rows += [row for row in instruments_numbered(viewer, text) if row not in rows]
    return [one for one in map(_told, rows) if one.href]


def _told(row: Any) -> Found:
    if isinstance(row, Activity):
        return Found(row.code, row.get_kind_display(), str(row.owner_office), href_of(row.kind, row.uid))
    place = next(page for model, page in KINDS if isinstance(row, model))
    kind = str(type(row)._meta.verbose_name)
    return Found(row.code, kind, str(row.owner_office), reverse(place, args=[row.uid]))
