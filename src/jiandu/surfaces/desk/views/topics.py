"""点题整治: the topics of a year, one year's work from 四定 to its evaluation, the lists for publication."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy, pgettext_lazy

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.outcomes.documents import results_of_topic
from jiandu.loop.outcomes.services import NewRule, record_rule_of
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.sources.activities import selectors as activities
from jiandu.sources.activities.models import Activity, ActivityInstruction, Event
from jiandu.sources.activities.services import events
from jiandu.sources.topics import selectors
from jiandu.sources.topics.models import Topic
from jiandu.sources.topics.services import telling, topics
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.forms import topics as forms
from jiandu.surfaces.desk.forms.rounds import EventForm, NoteForm, ReasonForm
from jiandu.surfaces.desk.forms.rules import RuleForm
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.told import topics as told
from jiandu.surfaces.desk.views.approving import paper_acts
from jiandu.surfaces.desk.views.instructing import instruction_acts

Said = dict[str, Any]
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def show_works(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The work of a year."""
    listed = told.works(viewer, registers.year_of(request), by_month="months" in request.GET)
    return registers.show_list(request, WORKS_ROOM, listed, opened, status)


def show_topics(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The topics themselves."""
    return registers.show_list(request, TOPICS_ROOM, told.topics(viewer), opened, status)


def show_topic(request: HttpRequest, one: Topic, opened: Opened | None, status: int) -> HttpResponse:
    """One topic and its years."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, TOPIC_ROOM, one)
    return registers.show(request, told.topic(viewer, one), may, opened, status)


def show_work(request: HttpRequest, one: Activity, opened: Opened | None, status: int) -> HttpResponse:
    """A year's work."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, WORK_ROOM, one)
    return registers.show(request, told.work(viewer, one, may), may, opened, status)


def show_results(request: HttpRequest, one: Activity, opened: Opened | None, status: int) -> HttpResponse:
    """What came of a year's work."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, RESULTS_ROOM, one)
    return registers.show(request, told.results(viewer, one, may), may, opened, status)


def word(request: HttpRequest, uid: UUID) -> HttpResponse:
    """成果清单 and 制度清单, for publication."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = _found(viewer, uid)
    if one is None:
        raise Http404
    name = content_disposition_header(as_attachment=True, filename=f"{one.name}成果清单和制度清单.docx")
    return HttpResponse(
        results_of_topic(viewer, one), content_type=WORD, headers={"Content-Disposition": name or "attachment"}
    )


def _found(viewer: Viewer, uid: UUID) -> Activity | None:
    one = activities.activity_by_uid(viewer, uid)
    return one if one is not None and one.kind == Activity.Kind.TOPIC else None


def _name(_viewer: Viewer, said: Said, by: Viewer) -> Topic:
    office = office_by_pk(int(said.pop("office")))
    if office is None:
        raise Refused("unknown-office", "请选择承办室组")
    return topics.name_topic(new=topics.NewTopic(office=office, **said), by=by)


def _carry_on(one: Activity, said: Said, by: Viewer) -> Any:
    code, new = said.pop("code").strip(), None
    if code:
        new = topics.NewYear(year=one.year + 1, code=code, approved_on=said["on"])
    return topics.carry_on(activity=one, by=by, new=new, **said)


def _row(name: str) -> Any:
    """A row of the work's own list by key, while it stands."""
    return lambda one, key: getattr(one, name).filter(pk=key, withdrawn_on__isnull=True).first()


TAKE_BACK = gettext_lazy("撤下")


def _withdraws(slug: str, name: str, label: Any = TAKE_BACK) -> Act:
    """The act that takes a row of that list back."""
    return Act(slug, label, ReasonForm, lambda row, s, by: telling.withdraw_row(row=row, by=by, **s), _row(name))


WORKS_ROOM = Room("desk:topics", lambda viewer: viewer, show_works, Activity)
TOPICS_ROOM = Room(
    "desk:topic-names",
    lambda viewer: viewer,
    show_topics,
    Topic,
    (Act("name", gettext_lazy("登记点题事项"), forms.TopicForm, _name),),
    keep="create",
)
TOPIC_ROOM = Room(
    "desk:topic",
    selectors.topic_by_uid,
    show_topic,
    Topic,
    (
        Act("begin", gettext_lazy("立题"), forms.YearForm, lambda one, s, by: topics.begin_year(topic=one, by=by, new=topics.NewYear(**s)), fits=lambda one: one.withdrawn_on is None),
        Act("withdraw", gettext_lazy("撤下"), ReasonForm, lambda one, s, by: topics.withdraw_topic(topic=one, by=by, **s), fits=lambda one: one.withdrawn_on is None),
    ),
)  # fmt: skip
WORK_ROOM = Room(
    "desk:topic-work",
    _found,
    show_work,
    Activity,
    (
        Act("department", gettext_lazy("添加答题部门"), forms.DepartmentForm, lambda one, s, by: topics.name_department(activity=one, by=by, **s)),
        Act("target", gettext_lazy("设定目标"), forms.TargetForm, lambda one, s, by: topics.set_target(activity=one, by=by, new=topics.NewTarget(**s))),
        Act("plan", gettext_lazy("定措施、定进度"), forms.PlanForm, lambda one, s, by: topics.plan_year(activity=one, by=by, **s)),
        Act("progress", gettext_lazy("报月度进展"), forms.ProgressForm, lambda one, s, by: telling.report_month(activity=one, by=by, **s)),
        Act("count", gettext_lazy("报月度件数"), forms.CountForm, lambda one, s, by: telling.count_month(activity=one, by=by, new=telling.NewCount(**s))),
        Act("carry-on", gettext_lazy("评定深化推进"), forms.CarryOnForm, _carry_on, verb="approve"),
        Act("conclude", gettext_lazy("评定结题完成"), EventForm, lambda one, s, by: topics.conclude(activity=one, by=by, **s), verb="approve"),
        *paper_acts(),
        *instruction_acts(ActivityInstruction),
        Act("note", pgettext_lazy("act", "记事"), NoteForm, lambda one, s, by: events.tell(activity=one, by=by, verb=Event.Verb.NOTE, **s)),
        Act("reach", gettext_lazy("报完成值"), forms.ReachedForm, lambda row, s, by: telling.reach(target=row, by=by, **s), _row("targets")),
        _withdraws("withdraw-department", "departments"),
        _withdraws("withdraw-target", "targets"),
        Act("withdraw-reached", gettext_lazy("撤下完成值"), ReasonForm, lambda row, s, by: telling.withdraw_latest(target=row, by=by, **s), _row("targets")),
        _withdraws("withdraw-progress", "progress"),
        _withdraws("withdraw-messages", "counts", gettext_lazy("撤下留言件数")),
        _withdraws("withdraw-own-list", "counts", gettext_lazy("撤下自查件数")),
    ),
)  # fmt: skip
RESULTS_ROOM = Room(
    "desk:topic-results",
    _found,
    show_results,
    Activity,
    (
        Act("evaluate", gettext_lazy("登记社会评价"), forms.EvaluationForm, lambda one, s, by: telling.evaluate(activity=one, by=by, new=telling.NewEvaluation(**s))),
        Act("achieve", gettext_lazy("登记成果"), forms.AchievementForm, lambda one, s, by: telling.achieve(activity=one, by=by, **s)),
        Act("rule", gettext_lazy("登记建章立制"), RuleForm, lambda one, s, by: record_rule_of(origin=one, by=by, new=NewRule(**s))),
        _withdraws("withdraw-evaluation", "evaluations"),
        _withdraws("withdraw-achievement", "achievements"),
    ),
)  # fmt: skip
