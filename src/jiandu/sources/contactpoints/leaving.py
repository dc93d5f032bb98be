"""Somebody leaves: the contact points that he keeps in touch with are his successor's."""

from django.db.models import QuerySet
from django.utils.translation import gettext

from jiandu.net.access.leaving import Leaver
from jiandu.sources.contactpoints.models import ContactPoint


def _mine(leaver: Leaver) -> QuerySet[ContactPoint]:
    person = leaver.person.pk if leaver.person else 0
    return ContactPoint.objects.filter(ContactPoint.still_open, officer_id=person).order_by("pk")


def told(leaver: Leaver) -> list[str]:
    """How many points name him as the officer in touch."""
    said = {"kind": ContactPoint._meta.verbose_name, "count": _mine(leaver).count()}
    return [gettext("%(kind)s%(count)d件") % said] if said["count"] else []


def follow(leaver: Leaver) -> dict[str, list[str]]:
    """An account without a person leaves the point without an officer: its office names one."""
    rows = list(_mine(leaver))
    for row in rows:
        row.officer = leaver.to_person
        row.save(update_fields=["officer"])
    return {"contact_point": [str(row.uid) for row in rows]}
