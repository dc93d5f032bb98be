"""Somebody leaves: the contact points that he keeps in touch with are his successor's."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.words import as_recorded
from jiandu.net.access.hands import Hands, Held, Leaver
from jiandu.sources.contactpoints.models import ContactPoint


def _mine(leaver: Leaver) -> QuerySet[ContactPoint]:
    person = leaver.person.pk if leaver.person else 0
    rows = ContactPoint.objects.filter(ContactPoint.still_open, officer_id=person)
    return rows.select_related("subject").order_by("pk")


def _list(leaver: Leaver) -> list[Held]:
    label = as_recorded(POINTS.label)
    return [
        Held("contact_point", label, row.uid, row.code, as_recorded(row.listed_as(row.name))) for row in _mine(leaver)
    ]


def _give(leaver: Leaver) -> list[str]:
    """An account without a person leaves the point without an officer: its office names one."""
    rows = [row for row in _mine(leaver) if leaver.gives(row.uid)]
    for row in rows:
        row.officer = leaver.to_person
        row.save(update_fields=["officer"])
    return [str(row.uid) for row in rows]


POINTS = Hands("contact_point", _("营商环境监督联系点"), _list, _give)
