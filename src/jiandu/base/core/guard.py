"""Who is acting, and what that person may reach: the ports that every floor asks and `access` fills.

The property that counts: no statement touching a protected table runs unscoped or under another viewer's scope,
and no write lands outside the writer's scope. `guarded` builds scoped querysets, `tripwire` reads each statement.
An unregistered port refuses everything.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Protocol
from uuid import UUID

from django.db import models
from django.db.models import Q

#: Scopes that are kept built, the last ones asked for: up to 90 kB each.
SCOPES_KEPT = 400


class NotScoped(RuntimeError):
    """A statement reached a protected table without an actor or without the actor's scope: a fault in our code."""


@dataclass(frozen=True)
class Viewer:
    """Who looks or acts. Built anew for each request and job, so that a revoked right acts on the next one.

    `standing` is what `access` found out about the person (roles, offices, clearance); nothing else reads it.
    """

    key: str
    name: str
    user_id: int | None = None
    standing: Any = None
    reason: str = ""

    @property
    def is_system(self) -> bool:
        return self.user_id is None

    @cached_property
    def digest(self) -> int:
        """A 62-bit number for this viewer and standing; scoped statements carry it and the tripwire compares it."""
        seed = f"{self.key}\x00{self.standing!r}".encode()
        return int.from_bytes(hashlib.sha256(seed).digest()[:8], "big") >> 2 | 1 << 61

    @cached_property
    def notes(self) -> dict[str, Any]:
        """What was found out about the viewer's scope while this viewer lives, that is for a request."""
        return {}


def system(reason: str) -> Viewer:
    """A job or command acting for the installation itself; the reason goes into the audit log."""
    return Viewer(key=f"system:{reason}", name=reason, reason=reason)


@dataclass(frozen=True)
class Reach:
    """The rows of one model that a viewer may see: within any of `branches`, and every one of `bars` holds.

    `everything` skips the branches, never the bars. No branch and not everything means no rows.
    """

    branches: tuple[Q, ...] = ()
    bars: tuple[Q, ...] = ()
    everything: bool = False


@dataclass(frozen=True)
class Place:
    """Where a row stands: what decides who may see it. A write must place its row within the writer's scope.

    `came_of`: the uid of the record that it came of, if any.
    """

    office_id: int | None
    office_path: str
    subject_path: str
    level: int
    came_of: UUID | None = None


class Policy(Protocol):
    """What `access` registers at start-up."""

    def allow(self, viewer: Viewer, verb: str, thing: "models.Model | type[models.Model]") -> bool: ...
    def reach(self, viewer: Viewer, model: type[models.Model]) -> Reach: ...
    def may_place(self, viewer: Viewer, model: type[models.Model], place: Place) -> bool: ...


class _NoPolicy:
    """Before `access` is ready nobody but the system may do anything."""

    def allow(self, viewer: Viewer, verb: str, thing: "models.Model | type[models.Model]") -> bool:
        return False

    def reach(self, viewer: Viewer, model: type[models.Model]) -> Reach:
        return Reach()

    def may_place(self, viewer: Viewer, model: type[models.Model], place: Place) -> bool:
        return False


_policy: Policy = _NoPolicy()
_actor: ContextVar[Viewer | None] = ContextVar("actor", default=None)
_open: ContextVar[str] = ContextVar("unguarded", default="")
_permit: ContextVar[str] = ContextVar("permitted_table", default="")


def register(policy: Policy) -> None:
    """Called once, by `access` when it is ready."""
    global _policy
    _policy = policy
    scopes.cache_clear()


def allow(viewer: Viewer, verb: str, thing: "models.Model | type[models.Model]") -> bool:
    """May this viewer do `verb` to this record, or (given a model) to any record of the kind? Unknown verb: no."""
    return viewer.is_system or _policy.allow(viewer, verb, thing)


def reach(viewer: Viewer, model: type[models.Model]) -> Reach:
    """The rows of a root model that this viewer may see."""
    return Reach(everything=True) if viewer.is_system else _policy.reach(viewer, model)


def may_place(viewer: Viewer, model: type[models.Model], place: Place) -> bool:
    """May this viewer write a row that stands there?"""
    return viewer.is_system or _policy.may_place(viewer, model, place)


@lru_cache(maxsize=SCOPES_KEPT)
def scopes(digest: int, day: date, model: type[models.Model]) -> dict[str, Any]:
    """What `guarded` built for whoever stands so on that day: a scope follows from these and the policy alone.

    It holds conditions, no rows and nothing that was found out: who stands otherwise has another digest.
    """
    return {}


def actor() -> Viewer | None:
    """Who is acting now, if anybody."""
    return _actor.get()


def require_actor() -> Viewer:
    """Who is acting now. Raises NotScoped when nobody is."""
    viewer = _actor.get()
    if viewer is None:
        raise NotScoped("no actor: wrap the work in acting(viewer)")
    return viewer


def check_is_actor(viewer: Viewer) -> None:
    """A selector reads as the viewer it was given. Raises NotScoped when somebody else is acting."""
    if require_actor() != viewer:
        raise NotScoped("the viewer asked for is not the one acting")


@contextmanager
def acting(viewer: Viewer) -> Iterator[Viewer]:
    """Runs the block as this viewer. Nests: the outer actor returns afterwards."""
    token = _actor.set(viewer)
    try:
        yield viewer
    finally:
        _actor.reset(token)


@contextmanager
def unguarded(reason: str) -> Iterator[None]:
    """Migrations and database set-up only: the tripwire lets statements pass. `make check` lists the callers."""
    token = _open.set(reason)
    try:
        yield
    finally:
        _open.reset(token)


def is_unguarded() -> bool:
    return bool(_open.get())


@contextmanager
def permitted(table: str) -> Iterator[None]:
    """An insert into this table has been checked against the writer's scope."""
    token = _permit.set(table)
    try:
        yield
    finally:
        _permit.reset(token)


def is_permitted(table: str) -> bool:
    return _permit.get() == table
