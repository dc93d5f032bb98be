"""Inspections of villages in the 上门日程, beside what else activities have dated at units."""

from django.db.models import Model, Q, QuerySet

from jiandu.base.core.guard import Viewer
from jiandu.loop.grassroots.models import Inspection
from jiandu.sources.activities.schedule import Dated, Row, Span, dated, outings


def outings_and_inspections(viewer: Viewer, span: Span) -> list[Dated]:
    """See `activities.schedule.outings`."""
    return outings(viewer, span, _inspected)


def _inspected(span: Span, away: Q) -> "list[QuerySet[Model, Row]]":
    rows = Inspection.objects.filter(on__range=(span.first, span.last))
    return [dated(rows, "on", span, away, is_held=True)]
