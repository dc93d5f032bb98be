"""Verbs of what contact points tell: take it in, study, assign, answer, settle or give back, merge. Each a dated step."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max, QuerySet
from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.base.lexicon.models import Item
from jiandu.net.access.services import assign_to_office
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation
from jiandu.sources.contactpoints.models import ContactPoint, ContactProblem, ProblemStep, Reflection
from jiandu.sources.contactpoints.services.naming import (
    check_unnamed,
    may,
    next_alias,
    next_code,
    not_later,
    points_seen,
)
from jiandu.sources.contactpoints.states import MOVES, Result, Satisfaction, State, Verb, is_legal, may_settle, target

PERMISSION = {
    Verb.STUDY: "edit",
    Verb.ASSIGN: "edit",
    Verb.ANSWER: "answer",
    Verb.SETTLE: "settle",
    Verb.RETURN: "settle",
}


@dataclass(frozen=True)
class NewProblem:
    """Told by a point on a day: the problem in words that name nobody, and what the enterprise said, which stays with us."""

    point: ContactPoint
    office: Office
    problem: str
    registered_on: date
    facts: str = ""
    words: str = ""
    aspect: Item | None = None
    subject: Organisation | None = None
    code: str = ""


@dataclass(frozen=True)
class Act:
    """A step: on which day, what is said, and what the verb adds."""

    on: date
    note: str = ""
    result: str = ""
    satisfaction: str = ""
    office: Office | None = None


@atomic
def take_in(*, new: NewProblem, by: Viewer) -> ContactProblem:
    """登记. Raises Refused: not-allowed, step-date, problem-needed, names-enterprise, point-not-then."""
    may(by, "create", ContactProblem)
    may(by, "edit", new.point)
    not_later(new.registered_on)
    if not new.problem.strip():
        raise Refused("problem-needed", "请填写反映问题")
    check_unnamed([new.point], new.problem, new.facts)
    _told_then(new.point, new.registered_on)
    problem = ContactProblem(
        code=new.code.strip() or next_code(ContactProblem, f"LX{new.registered_on.year}", new.office),
        problem=new.problem.strip()[:500],
        facts=new.facts.strip(),
        aspect=new.aspect,
        registered_on=new.registered_on,
        owner_office=new.office,
        owner_path=new.office.path,
        subject=new.subject,
        subject_path=new.subject.path if new.subject else "",
    )
    problem.save(force_insert=True)
    told = _reflect(new.point, problem, new.registered_on, new.words)
    _write(problem, Verb.TAKE_IN, by, Act(new.registered_on, f"{told.alias}反映"))
    return problem


@atomic
def join(*, problem: ContactProblem, by: Viewer, point: ContactPoint, on: date, words: str = "") -> Reflection:
    """同一事项并入: another point tells the same; the problem still counts once. Raises Refused (told-twice, …)."""
    problem = _begin(problem, Verb.JOIN, by, on, "edit")
    may(by, "edit", point)
    if Reflection.objects.filter(point=point, problem=problem, withdrawn_on__isnull=True).exists():
        raise Refused("told-twice", "该联系点已反映过这一问题")
    said = ProblemStep.objects.filter(problem=problem).values_list("note", flat=True)
    check_unnamed([point], problem.problem, problem.facts, *said)
    _told_then(point, on)
    told = _reflect(point, problem, on, words)
    _write(problem, Verb.JOIN, by, Act(on, f"{told.alias}反映同一事项"))
    return told


def _told_then(point: ContactPoint, on: date) -> None:
    point = ContactPoint.objects.get(pk=point.pk)
    gone = point.left_on is not None and on >= point.left_on
    if point.withdrawn_on is not None or on < point.since or gone:
        raise Refused("point-not-then", "反映日期不在该联系点任期内")


def _reflect(point: ContactPoint, problem: ContactProblem, on: date, words: str) -> Reflection:
    told = Reflection(point=point, problem=problem, alias=next_alias(problem), on=on, words=words.strip())
    told.save(force_insert=True)
    return told


@atomic
def study(*, problem: ContactProblem, by: Viewer, act: Act, nature: str) -> ContactProblem:
    """研判: what kind of matter it is."""
    problem = _begin(problem, Verb.STUDY, by, act.on)
    problem.nature = ContactProblem.Nature(nature)
    return _step(problem, Verb.STUDY, by, act, ["nature"])


@atomic
def assign(
    *, problem: ContactProblem, by: Viewer, act: Act, subject: Organisation, due_on: date | None = None
) -> ContactProblem:
    """交办 to the unit, and to the office in `act` that follows it up; from now on the unit sees the problem, and no name."""
    problem = _begin(problem, Verb.ASSIGN, by, act.on)
    if due_on is not None and due_on < act.on:
        raise Refused("step-date", "答复时限不能早于交办日期")
    problem.subject, problem.subject_path, problem.unit_sees, problem.due_on = subject, subject.path, True, due_on
    problem.save()  # whole: the policy looks at where it stands now
    if act.office is not None and act.office.pk != problem.owner_office_id:
        assign_to_office(thing_uid=problem.uid, office=act.office, since=today())
    return _step(problem, Verb.ASSIGN, by, act)


@atomic
def answer(*, problem: ContactProblem, by: Viewer, act: Act) -> ContactProblem:
    """答复, by the unit or by the office that follows it up. Raises Refused (note-needed)."""
    problem = _begin(problem, Verb.ANSWER, by, act.on)
    if not act.note.strip():
        raise Refused("note-needed", "请写明办理情况和答复内容")
    return _step(problem, Verb.ANSWER, by, act)


@atomic
def settle(*, problem: ContactProblem, by: Viewer, act: Act) -> ContactProblem:
    """认定办结 with one result; the enterprise says first how satisfied it is, or says nothing. Raises Refused."""
    problem = _begin(problem, Verb.SETTLE, by, act.on)
    result, said = Result(act.result), Satisfaction(act.satisfaction or Satisfaction.NOT_SAID)
    if said == Satisfaction.NOT_SATISFIED:
        raise Refused("not-satisfied", "企业不满意的，应当退回重新办理")
    if not may_settle(State(problem.state), problem.result, result):
        raise Refused("answer-first", "“%(result)s”须先有责任单位的答复", result=result.label)
    problem.result = result
    return _step(problem, Verb.SETTLE, by, Act(act.on, act.note, result, said), ["result"])


@atomic
def give_back(*, problem: ContactProblem, by: Viewer, act: Act) -> ContactProblem:
    """不满意退回: the enterprise is not satisfied, and the matter is worked on again. Raises Refused (note-needed)."""
    problem = _begin(problem, Verb.RETURN, by, act.on)
    if not act.note.strip():
        raise Refused("note-needed", "请写明企业不满意的原因")
    problem.result = ""
    told = Act(act.on, act.note, satisfaction=Satisfaction.NOT_SATISFIED)
    return _step(problem, Verb.RETURN, by, told, ["result"])


@atomic
def merge(*, problem: ContactProblem, by: Viewer, into: ContactProblem, act: Act) -> ContactProblem:
    """合并: the same matter was registered twice; from that day on only the other one counts. Raises Refused (merge-main)."""
    problem = _begin(problem, Verb.MERGE, by, act.on, "edit")
    into = _lock(into)
    if into.pk == problem.pk or into.merged_into_id is not None or into.withdrawn_on is not None:
        raise Refused("merge-main", "请选择另一个未合并的问题")
    problem.merged_into = into
    return _step(problem, Verb.MERGE, by, act, ["merged_into"])


@atomic
def amend_problem(*, problem: ContactProblem, by: Viewer, said: str, facts: str, aspect: Item | None) -> ContactProblem:
    """更正 the words. Raises Refused (problem-needed, names-enterprise). The old ones stay in the log."""
    may(by, "edit", problem)
    if not said.strip():
        raise Refused("problem-needed", "请填写反映问题")
    check_unnamed(points_seen(problem), said, facts)
    before = {"problem": problem.problem, "facts": problem.facts}
    problem.problem, problem.facts, problem.aspect = said.strip()[:500], facts.strip(), aspect
    problem.save(update_fields=["problem", "facts", "aspect"])
    record(by, "contact_problem.amend", problem, payload={"before": before})
    return problem


@atomic
def withdraw_problem(*, problem: ContactProblem, by: Viewer, reason: str, on: date | None = None) -> ContactProblem:
    """撤下 a problem that was entered by mistake: no figure after today counts it."""
    may(by, "edit", problem)
    check_unnamed(points_seen(problem), reason)
    take_back(problem, reason, on)
    record(by, "contact_problem.withdraw", problem, payload={"reason": reason})
    return problem


@atomic
def withdraw_step(*, step: ProblemStep, by: Viewer, reason: str, on: date | None = None) -> ContactProblem:
    """撤下 the last step: the problem stands where it stood before. Raises Refused (last-step)."""
    problem = _lock(step.problem)
    may(by, "settle" if step.verb in {Verb.SETTLE, Verb.RETURN} else "edit", problem)
    check_unnamed(points_seen(problem), reason)
    last = _last(problem)
    if last is None or last.pk != step.pk or not MOVES[Verb(step.verb)].from_ or step.verb == Verb.JOIN:
        raise Refused("last-step", "只能撤下最近一步，登记和并入除外")
    take_back(step, reason, on)
    settled = _standing(problem).filter(verb__in=[Verb.SETTLE, Verb.RETURN]).order_by("-seq").first()
    problem.state, problem.result = State(step.from_state), settled.result if settled else ""
    problem.merged_into = None
    if step.verb == Verb.ASSIGN:
        problem.unit_sees = _standing(problem).filter(verb=Verb.ASSIGN).exists()
    problem.save(update_fields=["state", "result", "merged_into", "unit_sees"])
    record(by, "contact_problem.withdraw_step", problem, payload={"seq": step.seq, "reason": reason})
    return problem


def _lock(problem: ContactProblem) -> ContactProblem:
    return ContactProblem.objects.select_for_update(of=("self",)).get(pk=problem.pk)


def _begin(problem: ContactProblem, verb: Verb, by: Viewer, on: date, word: str = "") -> ContactProblem:
    """Lock, allowed?, legal?, date? Gives the locked problem. Raises Refused."""
    problem = _lock(problem)
    may(by, word or PERMISSION[verb], problem)
    if problem.withdrawn_on is not None or not is_legal(verb, State(problem.state)):
        raise Refused("not-legal", "“%(state)s”的问题不能“%(verb)s”", state=State(problem.state).label, verb=verb.label)
    not_later(on)
    last = _last(problem)
    if last is not None and on < last.on:
        raise Refused("step-date", "日期不能早于上一步（%(on)s）", on=last.on.isoformat())
    return problem


def _standing(problem: ContactProblem) -> QuerySet[ProblemStep]:
    return ProblemStep.objects.filter(problem=problem, withdrawn_on__isnull=True)


def _last(problem: ContactProblem) -> ProblemStep | None:
    return _standing(problem).order_by("-seq").first()


def _step(
    problem: ContactProblem, verb: Verb, by: Viewer, act: Act, changed: list[str] | None = None
) -> ContactProblem:
    check_unnamed(points_seen(problem), act.note)
    _write(problem, verb, by, act)
    problem.save(update_fields=["state", *(changed or [])])
    return problem


def _write(problem: ContactProblem, verb: Verb, by: Viewer, act: Act) -> None:
    before = "" if verb == Verb.TAKE_IN else State(problem.state)
    last = ProblemStep.objects.filter(problem=problem).aggregate(last=Max("seq"))["last"] or 0
    problem.state = target(verb, State(problem.state))
    ProblemStep(
        problem=problem,
        seq=last + 1,
        verb=verb,
        from_state=before,
        to_state=problem.state,
        on=act.on,
        by_name=by.name[:64],
        note=act.note.strip(),
        result=act.result,
        satisfaction=act.satisfaction,
        office=act.office,
    ).save(force_insert=True)
    record(by, f"contact_problem.{verb}", problem, payload={"on": act.on.isoformat(), "to": problem.state})
