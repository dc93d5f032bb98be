"""The one table of legal moves. No other module compares state strings."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where a finding stands."""

    REGISTERED = "registered", pgettext_lazy("state", "已登记")
    ASSIGNED = "assigned", pgettext_lazy("state", "已交办")
    RECTIFYING = "rectifying", pgettext_lazy("state", "整改中")
    TO_VERIFY = "to_verify", pgettext_lazy("state", "待核验")
    TO_APPROVE = "to_approve", pgettext_lazy("state", "待审批")
    CLOSED = "closed", pgettext_lazy("state", "已销号")
    STAGED = "staged", pgettext_lazy("state", "阶段性销号")
    REFUSED = "refused", pgettext_lazy("state", "不予认定")
    MERGED = "merged", pgettext_lazy("state", "并案")
    TRANSFERRED = "transferred", pgettext_lazy("state", "移交")
    CLUE_PASSED = "clue_passed", pgettext_lazy("state", "移送问题线索")
    SUSPENDED = "suspended", pgettext_lazy("state", "中止")
    WITHDRAWN = "withdrawn", pgettext_lazy("state", "撤销")


class Verb(models.TextChoices):
    """What is done to a finding. Each act is one dated step."""

    REGISTER = "register", pgettext_lazy("act", "登记")
    ASSIGN = "assign", pgettext_lazy("act", "交办")
    RECEIVE = "receive", pgettext_lazy("act", "签收")
    PLAN = "plan", pgettext_lazy("act", "报方案")
    PROGRESS = "progress", pgettext_lazy("act", "报进展")
    APPLY = "apply", pgettext_lazy("act", "申请销号")
    PASS = "pass", pgettext_lazy("act", "核验通过")
    RETURN_PAPERS = "return_papers", pgettext_lazy("act", "退回补充材料")
    RETURN_WORK = "return_work", pgettext_lazy("act", "退回继续整改")
    APPROVE = "approve", pgettext_lazy("act", "审批销号")
    STAGE = "stage", pgettext_lazy("act", "阶段性销号")
    CONCLUDE = "conclude", pgettext_lazy("act", "正式销号")
    LOOK_BACK = "look_back", pgettext_lazy("act", "回头看")
    REOPEN = "reopen", pgettext_lazy("act", "重新挂账")
    EXTEND = "extend", pgettext_lazy("act", "延期")
    URGE = "urge", pgettext_lazy("act", "催办")
    INSTRUCT = "instruct", pgettext_lazy("act", "批示")
    CORRECT = "correct", pgettext_lazy("act", "更正")
    HAND_OVER = "hand_over", pgettext_lazy("act", "转交承办")
    RESTRICT = "restrict", pgettext_lazy("act", "收紧知悉范围")
    WIDEN = "widen", pgettext_lazy("act", "放宽知悉范围")
    REFUSE = "refuse", pgettext_lazy("act", "不予认定")
    MERGE = "merge", pgettext_lazy("act", "并案")
    MERGE_ANEW = "merge_anew", pgettext_lazy("act", "改并")
    TRANSFER = "transfer", pgettext_lazy("act", "移交")
    PASS_CLUE = "pass_clue", pgettext_lazy("act", "移送问题线索")
    SUSPEND = "suspend", pgettext_lazy("act", "中止")
    RESUME = "resume", pgettext_lazy("act", "恢复办理")
    WITHDRAW = "withdraw", pgettext_lazy("act", "撤销")


@dataclass(frozen=True)
class Move:
    """From which states, and to which; `to` None keeps the state."""

    from_: frozenset[State]
    to: State | None


S = State
WORKING = frozenset({S.ASSIGNED, S.RECTIFYING})
OPEN = frozenset({S.REGISTERED, S.ASSIGNED, S.RECTIFYING, S.TO_VERIFY, S.TO_APPROVE, S.STAGED})
SETTLED = frozenset({S.CLOSED, S.STAGED})
#: Somebody has still to do something about it: no office may close on one.
UNFINISHED = OPEN | {S.SUSPENDED}
#: Closing was applied for: it is judged by who put it right.
JUDGED = frozenset({S.TO_VERIFY, S.TO_APPROVE, S.CLOSED})
#: Not counted in any figure: never a problem of its own.
EXCLUDED = frozenset({S.REFUSED, S.MERGED, S.WITHDRAWN})
EVERY = frozenset(State)
LIVE = OPEN | {S.CLOSED, S.SUSPENDED}

MOVES: dict[Verb, Move] = {
    Verb.REGISTER: Move(frozenset(), S.REGISTERED),
    Verb.ASSIGN: Move(frozenset({S.REGISTERED}), S.ASSIGNED),
    Verb.RECEIVE: Move(frozenset({S.ASSIGNED}), S.RECTIFYING),
    Verb.PLAN: Move(frozenset({S.RECTIFYING}), None),
    Verb.PROGRESS: Move(frozenset({S.RECTIFYING, S.STAGED}), None),
    Verb.APPLY: Move(frozenset({S.RECTIFYING}), S.TO_VERIFY),
    Verb.PASS: Move(frozenset({S.TO_VERIFY}), S.TO_APPROVE),
    Verb.RETURN_PAPERS: Move(frozenset({S.TO_VERIFY, S.TO_APPROVE}), S.RECTIFYING),
    Verb.RETURN_WORK: Move(frozenset({S.TO_VERIFY, S.TO_APPROVE}), S.RECTIFYING),
    Verb.APPROVE: Move(frozenset({S.TO_APPROVE}), S.CLOSED),
    Verb.STAGE: Move(frozenset({S.TO_APPROVE}), S.STAGED),
    Verb.CONCLUDE: Move(frozenset({S.STAGED}), S.CLOSED),
    Verb.LOOK_BACK: Move(SETTLED, None),
    Verb.REOPEN: Move(SETTLED, S.RECTIFYING),
    Verb.EXTEND: Move(WORKING, None),
    Verb.URGE: Move(WORKING | {S.TO_VERIFY}, None),
    Verb.INSTRUCT: Move(LIVE, None),
    Verb.CORRECT: Move(LIVE, None),
    Verb.HAND_OVER: Move(UNFINISHED, None),
    Verb.RESTRICT: Move(EVERY, None),
    Verb.WIDEN: Move(EVERY, None),
    Verb.REFUSE: Move(frozenset({S.REGISTERED, S.ASSIGNED, S.RECTIFYING}), S.REFUSED),
    Verb.MERGE: Move(OPEN - {S.STAGED}, S.MERGED),
    Verb.MERGE_ANEW: Move(frozenset({S.MERGED}), None),
    Verb.TRANSFER: Move(OPEN, S.TRANSFERRED),
    Verb.PASS_CLUE: Move(OPEN, S.CLUE_PASSED),
    Verb.SUSPEND: Move(WORKING, S.SUSPENDED),
    Verb.RESUME: Move(frozenset({S.SUSPENDED}), S.RECTIFYING),
    Verb.WITHDRAW: Move(LIVE, S.WITHDRAWN),
}

SETTLING = frozenset({Verb.APPROVE, Verb.STAGE, Verb.CONCLUDE})
#: Acts dated on the day they are entered: they say nothing of when the loop moved.
WRITTEN = frozenset({Verb.CORRECT, Verb.INSTRUCT, Verb.HAND_OVER, Verb.RESTRICT, Verb.WIDEN})
RETURNING = frozenset({Verb.RETURN_PAPERS, Verb.RETURN_WORK})
SIDE_EXITS = frozenset({Verb.REFUSE, Verb.MERGE, Verb.TRANSFER, Verb.PASS_CLUE, Verb.SUSPEND, Verb.WITHDRAW})
#: Into which other finding: that one is named, and is counted itself.
MERGING = frozenset({Verb.MERGE, Verb.MERGE_ANEW})
#: Acts that need an approval, online or on paper, before they move anything.
APPROVED = SETTLING | SIDE_EXITS | MERGING | {Verb.EXTEND, Verb.WIDEN}


def target(verb: Verb, state: State) -> State:
    """Where the move leads from this state. Raises KeyError when it is not legal: ask `is_legal` first."""
    move = MOVES[verb]
    if state not in move.from_:
        raise KeyError(f"{verb} from {state}")
    return move.to or state


def is_legal(verb: Verb, state: State) -> bool:
    return state in MOVES[verb].from_


def legal_from(state: State) -> list[Verb]:
    """The verbs that may follow, in the order of the table."""
    return [verb for verb, move in MOVES.items() if state in move.from_]
