"""A closing office's part in activities that go on, and in visits it was asked to join: who takes over takes its place."""

from jiandu.net.access.handing import Handed
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation
from jiandu.sources.activities.arrangements import Joint
from jiandu.sources.activities.models import Activity, Party


def told(thing: Office | Organisation) -> list[str]:
    """Its own activities are named with the other records; those that it only shares come with what is opened to it."""
    return []


def follow(handed: Handed) -> dict[str, int]:
    """Where the other office takes part already, the two change places, so that each activity keeps its lead."""
    if not isinstance(handed.of, Office) or not isinstance(handed.to, Office):
        return {}
    going_on = Activity.objects.filter(Activity.still_open).values("pk")
    mine = Party.objects.filter(office_id=handed.of.pk, activity__in=going_on).order_by("pk")
    rows = list(mine)
    theirs = {row.activity_id: row for row in Party.objects.filter(office_id=handed.to.pk, activity__in=going_on)}
    for row in rows:
        other = theirs.get(row.activity_id)
        if other is None:
            row.office = handed.to
            row.save(update_fields=["office"])
        elif row.role == Party.Role.LEAD:
            row.role, other.role = other.role, row.role
            row.save(update_fields=["role"])
            other.save(update_fields=["role"])
    asked = Joint.objects.filter(Joint.still_open, other_office_id=handed.of.pk).update(other_office=handed.to)
    return {name: count for name, count in (("party", len(rows)), ("joint", asked)) if count}
