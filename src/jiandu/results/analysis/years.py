"""Which year a page of figures opens with: the latest of which the viewer has records."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet, Subquery

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.core.guarded import Part, narrow
from jiandu.base.core.models import Withdrawable
from jiandu.loop.findings.models import Finding
from jiandu.loop.grassroots.models import AssetLookBack, Meeting
from jiandu.loop.instruments.models import Instrument
from jiandu.loop.outcomes.models import MoneyRecovered, RuleMade
from jiandu.results.portraits.models import Portrait
from jiandu.sources.activities.models import Activity
from jiandu.sources.contactpoints.models import ContactProblem, ContactSuggestion
from jiandu.sources.ledgers.models import Posting
from jiandu.sources.talks.models import ClueHandover, Talk

Dated = tuple[type[Any], str]
#: What the figures of a year count, and the column that says when it happened: a day or a year.
DATED: tuple[Dated, ...] = (
    (Finding, "registered_on"),
    (Activity, "year"),
    (Talk, "on"),
    (ClueHandover, "on"),
    (Instrument, "drafted_on"),
    (ContactProblem, "registered_on"),
    (ContactSuggestion, "raised_on"),
    (Portrait, "year"),
    (Meeting, "on"),
    (AssetLookBack, "on"),
    (RuleMade, "issued_on"),
    (MoneyRecovered, "received_on"),
    (Posting, "posted_on"),
)


def latest_year(viewer: Viewer, until: date) -> int | None:
    """The latest year up to that day's of which there are records in scope.

    Findings tell it nearly always; the others are asked, in one statement beside the user's own row, where they do not.
    """
    guard.check_is_actor(viewer)
    latest = 0
    for kinds in (DATED[:1], DATED[1:]):
        latest = max([latest, *_years(viewer, kinds, until)])
        if latest == until.year:
            break
    return latest or None


def _years(viewer: Viewer, kinds: Sequence[Dated], until: date) -> list[int]:
    asked = [Subquery(_rows(model, column, until).values(column)[:1]) for model, column in kinds]
    me = get_user_model().objects.filter(pk=viewer.user_id or 0)
    said: Any = me.values_list(*asked).first() or ()
    return [one.year if isinstance(one, date) else one for one in said if one is not None]


def _rows(model: type[Any], column: str, until: date) -> "QuerySet[Any]":
    """The rows of a kind in scope that stand, the latest first."""
    rows = model.objects.all() if issubclass(model, Part) else narrow(model)
    rows = rows.filter(withdrawn_on__isnull=True) if issubclass(model, Withdrawable) else rows
    last = until.year if column == "year" else until
    return rows.filter(**{f"{column}__lte": last}).order_by(f"-{column}")
