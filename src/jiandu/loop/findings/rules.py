"""What is legal given the record: the state, the two persons, the two units, the dates. Pure: asks no database."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from jiandu.base.core.errors import Refused
from jiandu.loop.findings.states import MOVES, State, Verb
from jiandu.net.access.persons import Who, same_name

#: The word in roles.csv that permits each verb.
PERMISSION: dict[Verb, str] = {
    Verb.REGISTER: "create",
    Verb.ASSIGN: "assign",
    Verb.RECEIVE: "receive",
    Verb.PLAN: "report",
    Verb.PROGRESS: "report",
    Verb.APPLY: "submit",
    Verb.PASS: "verify",
    Verb.RETURN_PAPERS: "send_back",
    Verb.RETURN_WORK: "send_back",
    Verb.APPROVE: "approve",
    Verb.STAGE: "approve",
    Verb.CONCLUDE: "approve",
    Verb.LOOK_BACK: "look_back",
    Verb.REOPEN: "look_back",
    Verb.EXTEND: "submit",
    Verb.URGE: "urge",
    Verb.INSTRUCT: "instruct",
    Verb.CORRECT: "edit",
    Verb.HAND_OVER: "edit",
    Verb.RESTRICT: "restrict",
    Verb.WIDEN: "restrict",
    Verb.REFUSE: "exit",
    Verb.MERGE: "exit",
    Verb.MERGE_ANEW: "exit",
    Verb.TRANSFER: "exit",
    Verb.PASS_CLUE: "exit",
    Verb.SUSPEND: "exit",
    Verb.RESUME: "assign",
    Verb.WITHDRAW: "exit",
}


def same_person(one: Who, other: Who, unit_path: str) -> bool:
    """By key when both are matched; else by name and unit: namesakes in different units are two persons."""
    if one.person_id and other.person_id:
        return one.person_id == other.person_id
    return same_name(one.name, other.name) and (one.serves_in(unit_path) or not one.unit_paths)


def check_independent(verifier: Who, rectifier: Who, unit_path: str) -> None:
    """The verifier is neither the person nor of the unit that rectified. Raises Refused (verify-independent)."""
    if verifier.serves_in(unit_path):
        raise Refused("verify-independent", "核验人不能是责任单位的人员:%(name)s", name=verifier.name)
    if rectifier.name and same_person(verifier, rectifier, unit_path):
        raise Refused("verify-independent", "核验人不能是整改责任人本人:%(name)s", name=verifier.name)


def check_move(verb: Verb, state: State) -> None:
    """Raises Refused (illegal-move) naming both states in words."""
    if state not in MOVES[verb].from_:
        raise Refused("illegal-move", "“%(state)s”的问题不能%(verb)s", state=State(state).label, verb=Verb(verb).label)


def check_restricted(now: int, wanted: int, note: str) -> None:
    """At once only upwards, and never without its reason. Raises Refused (level-higher, reason-needed)."""
    if wanted <= now:
        raise Refused("level-higher", _("请选择比现在更高的级别；降低级别须提请审批"))
    if not note.strip():
        raise Refused("reason-needed", _("请写明事由"))


def check_widened(now: int, wanted: int | None) -> int:
    """The level that it is widened to. Raises Refused (level-lower)."""
    if wanted is None or not 0 <= wanted < now:
        raise Refused("level-lower", _("请选择比现在更低的级别"))
    return wanted


def check_date(on: date, latest: date, now: date, note: str) -> None:
    """A step is not in the future, not before the step it follows; entered after the day, it says why when a month late.

    Raises Refused (step-date).
    """
    if on > now:
        raise Refused("step-date", "日期不能晚于今天:%(on)s", on=on.isoformat())
    if on < latest:
        raise Refused(
            "step-date", "日期不能早于上一步骤(%(latest)s):%(on)s", latest=latest.isoformat(), on=on.isoformat()
        )
    if (now - on).days > 31 and not note.strip():
        raise Refused("step-date", "补录一个月以前的步骤请写明原因")
