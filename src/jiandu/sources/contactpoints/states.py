"""The one table of legal moves of a contact point's problem. No other module compares state strings."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where a problem stands."""

    REGISTERED = "registered", pgettext_lazy("contact state", "已登记")
    STUDIED = "studied", pgettext_lazy("contact state", "已研判")
    WORKING = "working", pgettext_lazy("contact state", "办理中")
    ANSWERED = "answered", pgettext_lazy("contact state", "已答复")
    SETTLED = "settled", pgettext_lazy("contact state", "已办结")
    MERGED = "merged", pgettext_lazy("contact state", "已合并")


class Verb(models.TextChoices):
    """What is done to a problem. Each act is one dated step."""

    TAKE_IN = "take_in", pgettext_lazy("contact act", "登记")
    JOIN = "join", pgettext_lazy("contact act", "同一事项并入")
    STUDY = "study", pgettext_lazy("contact act", "研判")
    ASSIGN = "assign", pgettext_lazy("contact act", "交办")
    ANSWER = "answer", pgettext_lazy("contact act", "答复")
    SETTLE = "settle", pgettext_lazy("contact act", "认定办结")
    RETURN = "return", pgettext_lazy("contact act", "不满意退回")
    MERGE = "merge", pgettext_lazy("contact act", "合并")


class Result(models.TextChoices):
    """What became of a problem: one of these, never two."""

    RESOLVED = "resolved", pgettext_lazy("contact result", "已推动解决")
    EXPLAINED = "explained", pgettext_lazy("contact result", "解释说明")
    HANDED_ON = "handed_on", pgettext_lazy("contact result", "转办")
    CLUE = "clue", pgettext_lazy("contact result", "移送问题线索")
    LASTING = "lasting", pgettext_lazy("contact result", "长期推动")


class Satisfaction(models.TextChoices):
    """What the enterprise says of the answer; when it is not satisfied the problem goes back."""

    SATISFIED = "satisfied", pgettext_lazy("satisfaction", "满意")
    FAIRLY = "fairly", pgettext_lazy("satisfaction", "基本满意")
    NOT_SATISFIED = "not_satisfied", pgettext_lazy("satisfaction", "不满意")
    NOT_SAID = "not_said", pgettext_lazy("satisfaction", "未评价")


@dataclass(frozen=True)
class Move:
    """From which states, and to which; `to` None keeps the state."""

    from_: frozenset[State]
    to: State | None


S = State
OPEN = frozenset({S.REGISTERED, S.STUDIED, S.WORKING, S.ANSWERED})

MOVES: dict[Verb, Move] = {
    Verb.TAKE_IN: Move(frozenset(), S.REGISTERED),
    Verb.JOIN: Move(OPEN | {S.SETTLED}, None),
    Verb.STUDY: Move(frozenset({S.REGISTERED}), S.STUDIED),
    Verb.ASSIGN: Move(frozenset({S.STUDIED, S.WORKING}), S.WORKING),
    Verb.ANSWER: Move(frozenset({S.WORKING}), S.ANSWERED),
    Verb.SETTLE: Move(frozenset({S.STUDIED, S.ANSWERED, S.SETTLED}), S.SETTLED),
    Verb.RETURN: Move(frozenset({S.ANSWERED, S.SETTLED}), S.WORKING),
    Verb.MERGE: Move(OPEN, S.MERGED),
}
#: The last of these says whether a problem is settled, and how.
SETTLING = frozenset({Verb.SETTLE, Verb.RETURN})
#: Results that need the department's answer first; the others may follow the study.
NEED_ANSWER = frozenset({Result.RESOLVED, Result.LASTING})


def is_legal(verb: Verb, state: State) -> bool:
    return state in MOVES[verb].from_


def target(verb: Verb, state: State) -> State:
    """Where the move leads from this state: the same, where the move keeps it."""
    return MOVES[verb].to or state


def may_settle(state: State, before: str, result: Result) -> bool:
    """Whether this result may follow: a settled problem gets another only when it was 长期推动."""
    if not is_legal(Verb.SETTLE, state):
        return False
    if state == S.SETTLED:
        return before == Result.LASTING and result != Result.LASTING
    return state == S.ANSWERED or result not in NEED_ANSWER
