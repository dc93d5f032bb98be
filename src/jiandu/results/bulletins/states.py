"""The states of a bulletin, and which act is legal in which: the only place that asks."""

from enum import StrEnum

from django.db import models
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    DRAFTED = "drafted", pgettext_lazy("bulletin", "草稿")
    KEPT = "kept", pgettext_lazy("bulletin", "已定稿")


class Verb(StrEnum):
    """What is done to a bulletin; `READ`: those read it whom the office named."""

    WRITE = "write"
    KEEP = "keep"
    SEND = "send"
    SHOW = "show"
    READ = "read"


MOVES: dict[Verb, frozenset[State]] = {
    Verb.WRITE: frozenset({State.DRAFTED}),
    Verb.KEEP: frozenset({State.DRAFTED}),
    Verb.SEND: frozenset({State.KEPT}),
    Verb.SHOW: frozenset({State.KEPT}),
    Verb.READ: frozenset({State.KEPT}),
}


def is_legal(verb: Verb, state: str) -> bool:
    """Whether the act is open to a bulletin in that state."""
    return state in MOVES[verb]
