"""What ends with a unit, an office or a service: floors above say so here, and whoever ends one tells them all.

So that a closed office leaves no right behind, although rights are kept on a floor that this one does not know.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

from jiandu.base.core.guard import Viewer
from jiandu.net.subjects.models import Period

Follow = Callable[[Any, date, Viewer], None]
_followers: list[tuple[type[models.Model], Follow]] = []


def when_ended(model: type[models.Model], follow: Follow) -> None:
    """`follow(thing, until, by)` runs before a thing of the model ends, in its transaction. It may raise Refused."""
    if (model, follow) not in _followers:
        _followers.append((model, follow))


def end_what_hangs_on(thing: models.Model, until: date, by: Viewer) -> None:
    """Tells everybody that the thing ends with that day. Raises what they raise; then nothing has ended."""
    for model, follow in _followers:
        if isinstance(thing, model):
            follow(thing, until, by)


def end_all(rows: QuerySet[Period], until: date) -> int:
    """The periods that would hold longer end with that day; what would only begin later never holds. Gives how many."""
    later = rows.filter(Q(until__isnull=True) | Q(until__gt=until))
    begun = later.filter(since__lte=until).update(until=until)
    return begun + later.filter(since__gt=until).update(since=until, until=until)
