"""The one table of legal moves. No other module compares state strings."""

from dataclasses import dataclass

from django.db import models


class State(models.TextChoices):
    """Where a finding stands."""

    REGISTERED = "registered", "已登记"
    ASSIGNED = "assigned", "已交办"
    RECTIFYING = "rectifying", "整改中"
    TO_VERIFY = "to_verify", "待核验"
    TO_APPROVE = "to_approve", "待审批"
    CLOSED = "closed", "已销号"
    STAGED = "staged", "阶段性销号"
    REFUSED = "refused", "不予认定"
    MERGED = "merged", "并案"
    TRANSFERRED = "transferred", "移交"
    CLUE_PASSED = "clue_passed", "移送问题线索"
    SUSPENDED = "suspended", "中止"
    WITHDRAWN = "withdrawn", "撤销"


class Verb(models.TextChoices):
    """What is done to a finding. Each act is one dated step."""

    REGISTER = "register", "登记"
    ASSIGN = "assign", "交办"
    RECEIVE = "receive", "签收"
    PLAN = "plan", "报方案"
    PROGRESS = "progress", "报进展"
    APPLY = "apply", "申请销号"
    PASS = "pass", "核验通过"
    RETURN_PAPERS = "return_papers", "退回补充材料"
    RETURN_WORK = "return_work", "退回继续整改"
    APPROVE = "approve", "审批销号"
    STAGE = "stage", "阶段性销号"
    CONCLUDE = "conclude", "正式销号"
    LOOK_BACK = "look_back", "回头看"
    REOPEN = "reopen", "重新挂账"
    EXTEND = "extend", "延期"
    URGE = "urge", "催办"
    INSTRUCT = "instruct", "批示"
    CORRECT = "correct", "更正"
    REFUSE = "refuse", "不予认定"
    MERGE = "merge", "并案"
    TRANSFER = "transfer", "移交"
    PASS_CLUE = "pass_clue", "移送问题线索"
    SUSPEND = "suspend", "中止"
    RESUME = "resume", "恢复办理"
    WITHDRAW = "withdraw", "撤销"


@dataclass(frozen=True)
class Move:
    """From which states, and to which; `to` None keeps the state."""

    from_: frozenset[State]
    to: State | None


S = State
WORKING = frozenset({S.ASSIGNED, S.RECTIFYING})
OPEN = frozenset({S.REGISTERED, S.ASSIGNED, S.RECTIFYING, S.TO_VERIFY, S.TO_APPROVE, S.STAGED})
SETTLED = frozenset({S.CLOSED, S.STAGED})
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
    Verb.REFUSE: Move(frozenset({S.REGISTERED, S.ASSIGNED, S.RECTIFYING}), S.REFUSED),
    Verb.MERGE: Move(OPEN - {S.STAGED}, S.MERGED),
    Verb.TRANSFER: Move(OPEN, S.TRANSFERRED),
    Verb.PASS_CLUE: Move(OPEN, S.CLUE_PASSED),
    Verb.SUSPEND: Move(WORKING, S.SUSPENDED),
    Verb.RESUME: Move(frozenset({S.SUSPENDED}), S.RECTIFYING),
    Verb.WITHDRAW: Move(LIVE, S.WITHDRAWN),
}

SETTLING = frozenset({Verb.APPROVE, Verb.STAGE, Verb.CONCLUDE})
RETURNING = frozenset({Verb.RETURN_PAPERS, Verb.RETURN_WORK})
SIDE_EXITS = frozenset({Verb.REFUSE, Verb.MERGE, Verb.TRANSFER, Verb.PASS_CLUE, Verb.SUSPEND, Verb.WITHDRAW})
#: Acts that need an approval, online or on paper, before they move anything.
APPROVED = SETTLING | SIDE_EXITS | {Verb.EXTEND}


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
