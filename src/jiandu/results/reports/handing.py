"""An office closes: the figures that it answers for, and those still put to it, are the other office's from then on."""

from django.utils.translation import gettext

from jiandu.net.access.handing import Handed
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation
from jiandu.results.reports.models import FigureLine, FigureOwner, Review
from jiandu.results.reports.states import UNSETTLED


def follow(handed: Handed) -> dict[str, int]:
    """What is settled or frozen stays as it was answered: it is history."""
    if not isinstance(handed.of, Office) or not isinstance(handed.to, Office):
        return {}
    _owned_by_other(handed.of, handed.to)
    Review.objects.filter(asked_for=handed.of, frozen_at__isnull=True).update(asked_for=handed.to)
    count = FigureLine.objects.filter(office=handed.of, review__frozen_at__isnull=True).update(office=handed.to)
    return {"figureline": count} if count else {}


def _owned_by_other(of: Office, to: Office) -> None:
    """A year in which both commissions have a row of their own keeps that of the one that takes over."""
    FigureOwner.objects.filter(office=of).update(office=to)
    taken = list(FigureOwner.objects.filter(commission=to).values_list("year", "about"))
    for row in FigureOwner.objects.filter(commission=of).order_by("pk"):
        if (row.year, row.about) not in taken:
            row.commission = to
            row.save(update_fields=["commission"])


def told(thing: Office | Organisation) -> list[str]:
    """How many figures wait for an answer of the office."""
    if not isinstance(thing, Office):
        return []
    rows = FigureLine.objects.filter(office=thing, review__frozen_at__isnull=True, state__in=UNSETTLED)
    said = {"kind": FigureLine._meta.verbose_name, "count": rows.count()}
    return [gettext("%(kind)s%(count)d件") % said] if said["count"] else []
