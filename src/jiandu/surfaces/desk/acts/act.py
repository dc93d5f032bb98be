"""What an act of the desk is, and the parts of a finding that acts are about."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models

from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors import reading
from jiandu.loop.findings.states import LIVE, State, Verb, is_legal
from jiandu.loop.outcomes.selectors import money_by_uid
from jiandu.net.access.selectors import assignments_of
from jiandu.surfaces.desk.forms.acts import ActForm

#: What an act does: (finding or part, who does it, what the form says).
Do = Callable[[Any, Viewer, dict[str, Any]], Any]


def _always(_row: Any) -> bool:
    return True


@dataclass(frozen=True)
class Act:
    """`slug` ends the URL; `permission` is the word in roles.csv (on `model`); `when` the states in which it may be done.

    An act about a part of the finding names it (`part`). `fits` says whether this row, part or finding, can take it now.
    """

    slug: str
    label: Any
    permission: str
    form: type[ActForm]
    do: Do
    when: frozenset[State] = LIVE
    part: str = ""
    fits: Callable[[Any], bool] = _always
    model: type[models.Model] = Finding
    weight: str = "plain"  # "primary": the next thing to do; "rare": kept in a menu

    @property
    def key(self) -> str:
        """Its name: of the route, of the form on the page."""
        return f"{self.part or 'finding'}-{self.slug}"


def moments(verb: Verb) -> frozenset[State]:
    """The states in which the move is legal."""
    return frozenset(state for state in State if is_legal(verb, state))


PARTS: dict[str, Callable[[Viewer, Finding, UUID], Any]] = {
    "approvals": lambda viewer, finding, uid: finding.approvals.filter(uid=uid).first(),
    "instructions": lambda viewer, finding, uid: finding.instructions.filter(uid=uid).first(),
    "repeats": lambda viewer, finding, uid: reading.repeat_of(viewer, finding, uid),
    "money": money_by_uid,
    "people": lambda viewer, finding, uid: assignments_of(viewer, finding).filter(uid=uid).first(),
}
