"""The rows behind those figures of a bulletin that no column tells: what is overdue, of one sender, of a place with what is in it."""

from collections.abc import Callable
from uuid import UUID

from django.db.models import Q, QuerySet

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.core.tree import subtree_q
from jiandu.net.subjects.models import Organisation, Region
from jiandu.sources.petitions.models import Petition
from jiandu.sources.petitions.senders import same_sender
from jiandu.sources.petitions.timeliness import overdue

Rows = QuerySet[Petition]


def of_unit(found: Rows, uid: UUID) -> Rows:
    """On a unit and on what stands under it."""
    path = Organisation.objects.filter(uid=uid).values_list("path", flat=True).first()
    return found.filter(subtree_q("subject_path", path)) if path else found.none()


def _of_place(_viewer: Viewer, found: Rows, code: str) -> Rows:
    """Of a place and of what lies within it, by the code of the division."""
    path = Region.objects.filter(code=code).values_list("path", flat=True).first()
    return found.filter(subtree_q("region__path", path)) if path else found.none()


def _overdue(viewer: Viewer, found: Rows, office: str) -> Rows:
    """What is overdue today; that an office of this name must take further: it handles it, or keeps what nobody handles."""
    held = Q(handler__name=office) | Q(handler__isnull=True, owner_office__name=office)
    return overdue(viewer, found.filter(held) if office else found, today())


def _of_sender(viewer: Viewer, found: Rows, uid: str) -> Rows:
    try:
        return same_sender(viewer, found, UUID(uid))
    except ValueError:
        return found.none()


#: The column of a figure → of some rows those that stand behind its value.
BEHIND: dict[str, Callable[[Viewer, Rows, str], Rows]] = {
    "overdue": _overdue,
    "same_sender": _of_sender,
    "place": _of_place,
}
