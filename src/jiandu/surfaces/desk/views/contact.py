"""营商环境监督联系点: what points tell and how it is dealt with, the points themselves, their suggestions."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy, pgettext_lazy

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.outcomes.services import NewRule, record_rule_of
from jiandu.net.overseers.models import Office
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.sources.contactpoints import selectors
from jiandu.sources.contactpoints.models import ContactPoint, ContactProblem, ContactSuggestion
from jiandu.sources.contactpoints.selectors import Wanted
from jiandu.sources.contactpoints.services import points, problems, suggestions
from jiandu.sources.contactpoints.states import Result, State, Verb, is_legal, may_settle
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.forms import contact as forms
from jiandu.surfaces.desk.forms.rounds import ReasonForm
from jiandu.surfaces.desk.forms.rules import RuleForm
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.told import contact as told

Said = dict[str, Any]


def show_problems(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The problems, newest first."""
    state = request.GET.get("state", "")
    wanted = Wanted(
        registers.year_of(request), state if state in State else "", request.GET.get("text", "")[:64].strip()
    )
    return registers.show_list(request, PROBLEMS_ROOM, told.problems(viewer, wanted), opened, status)


def show_problem(request: HttpRequest, one: ContactProblem, opened: Opened | None, status: int) -> HttpResponse:
    """One problem."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, PROBLEM_ROOM, one)
    return registers.show(request, told.problem(viewer, one, may), may, opened, status)


def show_points(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The points."""
    listed = told.points(viewer, request.GET.get("tier", ""), request.GET.get("text", "")[:64].strip())
    return registers.show_list(request, POINTS_ROOM, listed, opened, status)


def show_point(request: HttpRequest, one: ContactPoint, opened: Opened | None, status: int) -> HttpResponse:
    """One point."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, POINT_ROOM, one)
    return registers.show(request, told.point(viewer, one, may), may, opened, status)


def show_suggestions(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The suggestions, newest first."""
    listed = told.suggestions(viewer, registers.year_of(request))
    return registers.show_list(request, SUGGESTIONS_ROOM, listed, opened, status)


def show_suggestion(request: HttpRequest, one: ContactSuggestion, opened: Opened | None, status: int) -> HttpResponse:
    """One suggestion."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, SUGGESTION_ROOM, one)
    return registers.show(request, told.suggestion(viewer, one, may), may, opened, status)


def _office(said: Said) -> Office:
    office = office_by_pk(int(said.pop("office")))
    if office is None:
        raise Refused("unknown-office", "请选择承办室组")
    return office


def _point(said: Said, by: Viewer) -> ContactPoint:
    point = selectors.point_by_uid(by, UUID(said.pop("point")))
    if point is None:
        raise Refused("unknown-point", "请选择联系点")
    return point


def _take_in(_viewer: Viewer, said: Said, by: Viewer) -> ContactProblem:
    new = problems.NewProblem(point=_point(said, by), office=_office(said), words=said.pop("quote"), **said)
    return problems.take_in(new=new, by=by)


def _join(one: ContactProblem, said: Said, by: Viewer) -> Any:
    return problems.join(problem=one, by=by, point=_point(said, by), on=said["on"], words=said["quote"])


def _act(said: Said, **more: Any) -> problems.Act:
    return problems.Act(said.pop("on"), said.pop("note"), **more)


def _assign(one: ContactProblem, said: Said, by: Viewer) -> Any:
    office = _office(said) if said["office"] else None
    act = _act(said, office=office)
    return problems.assign(problem=one, by=by, act=act, subject=said["subject"], due_on=said["due_on"])


def _merge(one: ContactProblem, said: Said, by: Viewer) -> Any:
    into = selectors.problem_by_uid(by, UUID(said["into"]))
    if into is None:
        raise Refused("merge-main", "请选择另一个未合并的问题")
    return problems.merge(problem=one, by=by, into=into, act=_act(said))


def _settle(one: ContactProblem, said: Said, by: Viewer) -> Any:
    return problems.settle(problem=one, by=by, act=_act(said, result=said["result"], satisfaction=said["satisfaction"]))


def _suggest(beside: Any, said: Said, by: Viewer) -> ContactSuggestion:
    point = _point(said, by) if said["point"] else said.pop("point") or None
    problem = beside if isinstance(beside, ContactProblem) else None
    words = said.pop("quote")
    new = suggestions.NewSuggestion(office=_office(said), point=point, problem=problem, words=words, **said)
    return suggestions.suggest(new=new, by=by)


def _fits(verb: Verb) -> Callable[[ContactProblem], bool]:
    """Whether the verb may follow now."""
    return lambda one: one.withdrawn_on is None and is_legal(verb, State(one.state))


def _can_settle(one: ContactProblem) -> bool:
    """Whether some result may follow now: after a settled problem's only where it was 长期推动."""
    results = (may_settle(State(one.state), one.result, result) for result in Result)
    return one.withdrawn_on is None and any(results)


def _stands(one: Any) -> bool:
    return one.withdrawn_on is None


def _serves(one: ContactPoint) -> bool:
    return one.withdrawn_on is None and one.left_on is None


def _row(name: str) -> Any:
    """A row of the thing's own list by key, while it stands."""
    return lambda one, key: getattr(one, name).filter(pk=key, withdrawn_on__isnull=True).first()


PROBLEMS_ROOM = Room(
    "desk:contact-problems",
    lambda viewer: viewer,
    show_problems,
    ContactProblem,
    (Act("take-in", pgettext_lazy("act", "登记问题"), forms.TakeInForm, _take_in),),
    keep="create",
)
POINTS_ROOM = Room(
    "desk:contact-points",
    lambda viewer: viewer,
    show_points,
    ContactPoint,
    (Act("invite", gettext_lazy("设立联系点"), forms.NewPointForm, lambda _viewer, s, by: points.invite(new=points.NewPoint(office=_office(s), **s), by=by)),),
    keep="create",
)  # fmt: skip
SUGGESTIONS_ROOM = Room(
    "desk:contact-suggestions",
    lambda viewer: viewer,
    show_suggestions,
    ContactSuggestion,
    (Act("suggest", gettext_lazy("登记建议"), forms.SuggestForm, _suggest),),
    keep="create",
)
PROBLEM_ROOM = Room(
    "desk:contact-problem",
    selectors.problem_by_uid,
    show_problem,
    ContactProblem,
    (
        Act("study", Verb.STUDY.label, forms.StudyForm, lambda one, s, by: problems.study(problem=one, by=by, act=_act(s), **s), fits=_fits(Verb.STUDY)),
        Act("assign", Verb.ASSIGN.label, forms.AssignForm, _assign, fits=_fits(Verb.ASSIGN)),
        Act("answer", Verb.ANSWER.label, forms.StepForm, lambda one, s, by: problems.answer(problem=one, by=by, act=_act(s)), verb="answer", fits=_fits(Verb.ANSWER)),
        Act("settle", Verb.SETTLE.label, forms.SettleForm, _settle, verb="settle", fits=_can_settle),
        Act("return", pgettext_lazy("act", "不满意退回"), forms.StepForm, lambda one, s, by: problems.give_back(problem=one, by=by, act=_act(s)), verb="settle", fits=_fits(Verb.RETURN)),
        Act("join", pgettext_lazy("act", "同一事项并入"), forms.JoinForm, _join, fits=_fits(Verb.JOIN)),
        Act("merge", Verb.MERGE.label, forms.MergeForm, _merge, fits=_fits(Verb.MERGE)),
        Act("suggest", gettext_lazy("登记建议"), forms.SuggestForm, _suggest, fits=_stands),
        Act("rule", gettext_lazy("登记建章立制"), RuleForm, lambda one, s, by: record_rule_of(origin=one, by=by, new=NewRule(**s)), fits=_stands),
        Act("edit", gettext_lazy("更正"), forms.AmendProblemForm, lambda one, s, by: problems.amend_problem(problem=one, by=by, **s), fits=_stands),
        Act("withdraw", gettext_lazy("撤下"), ReasonForm, lambda one, s, by: problems.withdraw_problem(problem=one, by=by, **s), fits=_stands),
        Act("withdraw-step", gettext_lazy("撤下"), ReasonForm, lambda row, s, by: problems.withdraw_step(step=row, by=by, **s), _row("steps")),
    ),
)  # fmt: skip
POINT_ROOM = Room(
    "desk:contact-point",
    selectors.point_by_uid,
    show_point,
    ContactPoint,
    (
        Act("edit", gettext_lazy("更正"), forms.PointFields, lambda one, s, by: points.amend_point(point=one, by=by, facts=points.PointFacts(**s)), fits=_stands),
        Act("prolong", gettext_lazy("续聘"), forms.ProlongForm, lambda one, s, by: points.prolong(point=one, by=by, **s), fits=_serves),
        Act("leave", gettext_lazy("退出"), forms.LeaveForm, lambda one, s, by: points.leave(point=one, by=by, **s), fits=_serves),
        Act("withdraw", gettext_lazy("撤下"), ReasonForm, lambda one, s, by: points.withdraw_point(point=one, by=by, **s), fits=_stands),
        Act("withdraw-turn", gettext_lazy("撤下"), ReasonForm, lambda row, s, by: points.withdraw_turn(turn=row, by=by, **s), _row("turns")),
    ),
)  # fmt: skip
SUGGESTION_ROOM = Room(
    "desk:contact-suggestion",
    selectors.suggestion_by_uid,
    show_suggestion,
    ContactSuggestion,
    (
        Act("adopt", pgettext_lazy("act", "纳入监督参考"), forms.AdoptForm, lambda one, s, by: suggestions.adopt(suggestion=one, by=by, **s), fits=_stands),
        Act("withdraw", gettext_lazy("撤下"), ReasonForm, lambda one, s, by: suggestions.withdraw_suggestion(suggestion=one, by=by, **s), fits=_stands),
        Act("withdraw-adoption", gettext_lazy("撤下"), ReasonForm, lambda row, s, by: suggestions.withdraw_adoption(adoption=row, by=by, **s), _row("adoptions")),
    ),
)  # fmt: skip
