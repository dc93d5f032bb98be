"""The only place that decides what a person may see and do.

A hold (a role at a place) reaches a record by the office that owns it, by the office's subtree (level ≤ 1), by the unit
it is about when the office supervises that unit (level ≤ 1), or because the record, or what it was filed under or came
of, is assigned to the office or the user. A town's commission that supervises its town also reads, and only reads, what is
read by place (`read_by_place`, level ≤ 1) of the villages that lie there. Clearance bounds the level; level 3 opens only to those named. A recusal always
wins. One set of conditions serves lists, single records and buttons, so they cannot disagree.
"""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import Case, F, Q, Value, When

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Place, Reach, Viewer
from jiandu.base.core.guarded import Own, coming_of, judged
from jiandu.base.core.tree import subtree_q
from jiandu.base.core.vendor.lookups import Among
from jiandu.net.access.models import Assignment, Level, Owned, Recusal
from jiandu.net.access.roles import known_verbs, roles
from jiandu.net.access.standing import Hold, Standing
from jiandu.net.subjects.models import in_force


def kind_of(model: type[models.Model]) -> str:
    """The word for a model in roles.csv: its own name in snake case, unless the model says otherwise (`access_kind`)."""
    name = getattr(model, "access_kind", "")
    if name:
        return str(name)
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in model.__name__).lstrip("_")


OWN = frozenset({"view", "edit"})


def _seers(model: type[Own]) -> tuple[str, ...]:
    """The columns of whoever sees such a row."""
    return ("made_by_id", *(f"{name}_id" for name in model.shown_to))


def _is_own(viewer: Viewer, thing: Any) -> bool:
    return viewer.user_id is not None and viewer.user_id in [getattr(thing, name, None) for name in _seers(type(thing))]


class Decider:
    """The policy that `guard` asks."""

    def allow(self, viewer: Viewer, verb: str, thing: models.Model | type[models.Model]) -> bool:
        model = thing if isinstance(thing, type) else type(thing)
        if issubclass(model, Own):
            return isinstance(thing, type) or _is_own(viewer, thing)
        if f"{kind_of(model)}:{verb}" not in known_verbs():
            return False
        holds = _holds(viewer, verb, model)
        if isinstance(thing, type) or not issubclass(model, Owned):
            return bool(holds)
        return bool(holds) and verb in self.verbs(viewer, thing)

    def verbs(self, viewer: Viewer, thing: models.Model) -> frozenset[str]:
        """Everything the viewer may do to this record: one query, whatever the number of verbs."""
        kind = kind_of(type(thing))
        if isinstance(thing, Own):
            return OWN if viewer.is_system or _is_own(viewer, thing) else frozenset()
        if viewer.is_system:
            return frozenset(name.split(":")[1] for name in known_verbs() if name.startswith(f"{kind}:"))
        reaching = _holds_reaching(viewer, thing)
        said = {name for hold in reaching for name in _words(hold, kind)}
        return frozenset(name.split(":")[1] for name in said)

    def reach(self, viewer: Viewer, model: type[models.Model]) -> Reach:
        if issubclass(model, Own):
            return Reach(branches=tuple(Q(**{column: viewer.user_id}) for column in _seers(model)))
        holds = _holds(viewer, "view", model)
        away = _kept_away(_standing(viewer))
        is_shared = not any(hold.unit_path for hold in holds)  # then it is tested once a row, not in every branch
        ways = (way for hold in holds for way in _branches(hold, viewer, model, Q() if is_shared else away))
        branches = _distinct(ways)
        bars = (_not_recused(viewer, model), *([away] if is_shared and away else []))
        return Reach(branches=branches, bars=bars) if branches else Reach()

    def may_place(self, viewer: Viewer, model: type[models.Model], place: Place) -> bool:
        standing = _standing(viewer)
        if any(place.subject_path.startswith(path) for path in standing.barred_paths if place.subject_path):
            return False
        holds = {*_holds(viewer, "create", model), *_holds(viewer, "edit", model)}
        return any(_stands_subtree_q(hold, place) or _is_opened(hold, viewer, place) for hold in holds)


def verbs(viewer: Viewer, thing: models.Model) -> frozenset[str]:
    """Everything the viewer may do to this record."""
    return Decider().verbs(viewer, thing)


def holds_for(viewer: Viewer, verb: str, thing: models.Model) -> list[Hold]:
    """The viewer's holds that let him do this to this record: of several, one may bind him where another does not."""
    kind = kind_of(type(thing))
    return [hold for hold in _holds_reaching(viewer, thing) if f"{kind}:{verb}" in _words(hold, kind)]


def doable(viewer: Viewer, verb: str, model: type[models.Model], pks: Iterable[int]) -> frozenset[int]:
    """To which of these records the viewer may do this: what `verbs` says of each, for a page of them in one query."""
    away = _kept_away(_standing(viewer))
    ways = [way for hold in _holds(viewer, verb, model) for way in _branches(hold, viewer, model, away)]
    if not ways:
        return frozenset()
    rows = judged(model, viewer).filter(reduce(or_, ways), _not_recused(viewer, model), pk__in=list(pks))
    return frozenset(rows.values_list("pk", flat=True))


def _standing(viewer: Viewer) -> Standing:
    return viewer.standing if isinstance(viewer.standing, Standing) else Standing()


def _holds(viewer: Viewer, verb: str, model: type[models.Model]) -> tuple[Hold, ...]:
    kind = kind_of(model)
    return tuple(
        hold
        for hold in _standing(viewer).holds
        if roles()[hold.role].may(verb, kind) and (not hold.is_by_place or (verb == "view" and _by_place(model)))
    )


def _by_place(model: type[models.Model]) -> bool:
    return bool(getattr(model, "read_by_place", False))


def _words(hold: Hold, kind: str) -> set[str]:
    """What the hold lets do to such a record, as roles.csv writes it; by place it is reading alone."""
    own = {name for name in roles()[hold.role].verbs if name.startswith(f"{kind}:")}
    return own & {f"{kind}:view"} if hold.is_by_place else own


def _stands_subtree_q(hold: Hold, place: Place) -> bool:
    role = roles()[hold.role]
    if place.level > role.clearance:
        return False
    if place.office_id is not None and place.office_id == hold.office_id:
        return True
    is_below = bool(hold.path) and place.office_path.startswith(hold.path)
    return role.reach in {"subtree", "city"} and place.level <= Level.INTERNAL and is_below


def _is_opened(hold: Hold, viewer: Viewer, place: Place) -> bool:
    """What comes of a record that is assigned may be entered by whoever it is assigned to."""
    if place.came_of is None or place.level > roles()[hold.role].clearance:
        return False
    whom = Q(user_id=viewer.user_id) | (Q(office_id=hold.office_id) if hold.office_id else Q())
    return Assignment.objects.filter(in_force(today()), whom, thing_uid=place.came_of).exists()


def _branches(hold: Hold, viewer: Viewer, model: type[models.Model], kept_away: Q) -> Iterable[Q]:
    """The ways in which one hold reaches records, each an indexed condition; those that look nothing up come first."""
    role = roles()[hold.role]
    if role.reach == "none":
        return
    known = Q(level__lte=min(role.clearance, Level.SENSITIVE))
    browsed = Q(level__lte=min(role.clearance, Level.INTERNAL))
    if hold.unit_path:
        yield subtree_q("subject_path", hold.unit_path) & browsed & Q(unit_sees=True)
        return
    if role.reach in {"subtree", "city"} and hold.path:
        yield subtree_q("owner_path", hold.path) & browsed & kept_away
    if hold.office_id:
        yield Q(owner_office_id=hold.office_id) & known & kept_away
    for path in hold.subject_paths:
        yield subtree_q("subject_path", path) & browsed & kept_away
    if hold.office_id:
        yield from (branch & known & kept_away for branch in _assigned(model, Q(office_id=hold.office_id)))
    named = Q(level__lte=role.clearance) | Q(level=Level.NAMED)
    yield from (branch & named & kept_away for branch in _assigned(model, Q(user_id=viewer.user_id)))


def _assigned(model: type[models.Model], whom: Q) -> tuple[Q, ...]:
    things = Assignment.objects.filter(in_force(today()), whom).values("thing_uid")
    return Q(Among(F("uid"), things)), Q(Among(F("source_uid"), things)), *coming_of(model, things)


def _kept_away(standing: Standing) -> Q:
    away = Q()
    for path in standing.barred_paths:
        away &= ~subtree_q("subject_path", path)
    return away


def _not_recused(viewer: Viewer, model: type[models.Model]) -> Q:
    """Neither the record itself nor one that it was filed under or came of: money recovered on a finding is barred too.

    By uids alone: a finding that stands above what row-level security shows bars what came of it all the same.
    """
    held = Recusal.objects.filter(in_force(today()), user_id=viewer.user_id or 0, thing_uid__isnull=False)
    things = held.values("thing_uid")
    bar = ~Q(Among(F("uid"), things)) & (Q(source_uid__isnull=True) | ~Q(Among(F("source_uid"), things)))
    for way in coming_of(model, things):
        bar &= ~way
    return bar


def _distinct(branches: Iterable[Q]) -> tuple[Q, ...]:
    kept: list[Q] = []
    for branch in branches:
        if branch not in kept:
            kept.append(branch)
    return tuple(kept)


def _holds_reaching(viewer: Viewer, thing: models.Model) -> list[Hold]:
    """Which of the viewer's holds reach this record now."""
    standing = _standing(viewer)
    conditions: dict[str, Any] = {}
    for number, hold in enumerate(standing.holds):
        if hold.is_by_place and not _by_place(type(thing)):
            continue
        ways = list(_branches(hold, viewer, type(thing), _kept_away(standing)))
        if ways:
            union = ways[0]
            for way in ways[1:]:
                union |= way
            conditions[f"hold_{number}"] = Case(When(union, then=Value(1)), default=Value(0))
    if not conditions:
        return []
    row = (
        judged(type(thing), viewer).filter(_not_recused(viewer, type(thing)), pk=thing.pk).values(**conditions).first()
    )
    return [hold for number, hold in enumerate(standing.holds) if row and row.get(f"hold_{number}")]
