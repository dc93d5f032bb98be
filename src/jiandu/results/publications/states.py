"""The one table of legal moves of a 公开稿. No other file compares its states."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where a 公开稿 stands."""

    DRAFTED = "drafted", pgettext_lazy("publication", "草稿")
    ASKED = "asked", pgettext_lazy("publication", "待复核")
    PUBLISHED = "published", pgettext_lazy("publication", "已公开")
    RECALL_ASKED = "recall_asked", pgettext_lazy("publication", "待撤下")
    RECALLED = "recalled", pgettext_lazy("publication", "已撤下")
    DROPPED = "dropped", pgettext_lazy("publication", "已作废")


class Verb(models.TextChoices):
    """What is done to it."""

    REWRITE = "rewrite", pgettext_lazy("publication", "修改")
    ASK = "ask", pgettext_lazy("publication", "送复核")
    RETURN = "return", pgettext_lazy("publication", "退回修改")
    PUBLISH = "publish", pgettext_lazy("publication", "复核公开")
    DROP = "drop", pgettext_lazy("publication", "作废")
    ASK_RECALL = "ask_recall", pgettext_lazy("publication", "申请撤下")
    KEEP = "keep", pgettext_lazy("publication", "不予撤下")
    RECALL = "recall", pgettext_lazy("publication", "复核撤下")


@dataclass(frozen=True)
class Move:
    """From which state to which."""

    before: State
    after: State


MOVES = {
    Verb.REWRITE: Move(State.DRAFTED, State.DRAFTED),
    Verb.ASK: Move(State.DRAFTED, State.ASKED),
    Verb.RETURN: Move(State.ASKED, State.DRAFTED),
    Verb.PUBLISH: Move(State.ASKED, State.PUBLISHED),
    Verb.DROP: Move(State.DRAFTED, State.DROPPED),
    Verb.ASK_RECALL: Move(State.PUBLISHED, State.RECALL_ASKED),
    Verb.KEEP: Move(State.RECALL_ASKED, State.PUBLISHED),
    Verb.RECALL: Move(State.RECALL_ASKED, State.RECALLED),
}
OPEN = (State.DRAFTED, State.ASKED, State.RECALL_ASKED)  # somebody has still to act
DRAFT = "draft"  # the first step: a verb of no state
HANDS = (DRAFT, Verb.REWRITE.value, Verb.ASK.value)  # who did one of these does not confirm


def fits(verb: Verb, state: str) -> bool:
    """Whether the verb is legal in the state."""
    return MOVES[verb].before == state
