"""Grassroots supervision: checks of villages, inspections by the checklist, the checklist's versions."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy, pgettext_lazy

from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.selectors.reading import finding_by_uid
from jiandu.loop.grassroots import selectors, word
from jiandu.loop.grassroots.models import Checklist, Inspection
from jiandu.loop.grassroots.services import checklists, checks, ticking
from jiandu.loop.grassroots.ticks import tick_standing
from jiandu.net.access.policy import verbs
from jiandu.net.overseers.models import Office
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.sources.activities.models import Activity, ActivityInstruction
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.forms import grassroots as forms
from jiandu.surfaces.desk.forms.rooms import NothingForm
from jiandu.surfaces.desk.forms.rounds import ReasonForm
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.told import grassroots as told
from jiandu.surfaces.desk.views import ticks as ticked
from jiandu.surfaces.desk.views.instructing import instruction_acts

Said = dict[str, Any]
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def show_checks(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The checks."""
    listed = told.checks(viewer, request.GET.get("kind", ""), registers.year_of(request))
    return registers.show_list(request, CHECKS_ROOM, listed, opened, status)


def show_check(request: HttpRequest, one: Activity, opened: Opened | None, status: int) -> HttpResponse:
    """One check."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, CHECK_ROOM, one)
    return registers.show(request, told.check(viewer, one, may), may, opened, status)


def show_inspection(request: HttpRequest, row: Inspection, opened: Opened | None, status: int) -> HttpResponse:
    """One inspection: whoever may edit its check may answer."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.Doors(INSPECTION_ROOM, row, verbs(viewer, row.activity))
    return registers.show(request, told.inspection(viewer, row, may, ticked.door(viewer, row)), may, opened, status)


def show_checklists(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The checklist's versions."""
    return registers.show_list(request, CHECKLISTS_ROOM, told.checklists(viewer), opened, status)


def show_checklist(request: HttpRequest, one: Checklist, opened: Opened | None, status: int) -> HttpResponse:
    """One version."""
    may = registers.Doors(CHECKLIST_ROOM, one, frozenset())
    return registers.show(request, told.checklist(one), may, opened, status)


def blank(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The blank checklist as Word."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = selectors.checklist_by_uid(viewer, uid)
    if one is None:
        raise Http404
    return as_word(word.blank_docx(viewer, one), f"{one.name}_{one.version}.docx")


def filled(request: HttpRequest, uid: UUID, inspection: UUID) -> HttpResponse:
    """The checklist that an inspection filled in, as Word."""
    viewer = request.viewer  # type: ignore[attr-defined]
    row = _inspection(viewer, uid, inspection)
    content = word.filled_docx(viewer, row) if row else None
    if row is None or content is None:
        raise Http404
    return as_word(content, f"监督检查表_{row.organisation}_{row.on}.docx")


def as_word(content: bytes, name: str) -> HttpResponse:
    """A Word file under its Chinese name."""
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)}
    return HttpResponse(content, content_type=WORD, headers=headers)


def office_in(said: Said) -> Office:
    """The office that the form names. Raises Refused."""
    office = office_by_pk(int(said.pop("office")))
    if office is None:
        raise Refused("unknown-office", "请选择承办室组")
    return office


def _inspection(viewer: Viewer, uid: UUID, inspection: UUID) -> Inspection | None:
    row = selectors.inspection_by_uid(viewer, inspection)
    return row if row is not None and row.activity.uid == uid else None


def _open(_viewer: Viewer, said: Said, by: Viewer) -> Any:
    new = checks.NewCheck(lead=office_in(said), year=said["on"].year, **said)
    return checks.open_check(new=new, by=by)


def _look(_one: Activity, said: Said, by: Viewer) -> Any:
    finding = finding_by_uid(by, UUID(said.pop("finding")))
    if finding is None:
        raise Refused("unknown-finding", "请选择问题")
    return checks.look_at_asset(finding=finding, by=by, new=checks.NewLook(**said))


def _rest(row: Inspection, said: Said, by: Viewer) -> Any:
    """其余均正常: whatever has no answer yet."""
    asked = [each for _aspect, items in selectors.answers_of(by, row) for each in items if each.answer is None]
    return checks.answer_all(inspection=row, by=by, results={one.item.number: "normal" for one in asked}, notes={})


def _answer(asked: selectors.ItemOf, said: Said, by: Viewer) -> Any:
    number = asked.item.number
    results, notes = {number: said["result"]}, {number: said["note"]}
    return checks.answer_all(inspection=asked.inspection, by=by, results=results, notes=notes)


def _publish(_viewer: Viewer, said: Said, by: Viewer) -> Any:
    return checklists.publish_checklist(new=checklists.NewChecklist(aspects=said.pop("lines"), **said), by=by)


CHECKS_ROOM = Room("desk:checks", lambda viewer: viewer, show_checks, Activity, (Act("open", gettext_lazy("新建检查"), forms.CheckForm, _open),), keep="create")  # fmt: skip
CHECK_ROOM = Room(
    "desk:check",
    selectors.check_by_uid,
    show_check,
    Activity,
    (
        Act("inspect", gettext_lazy("登记村居检查"), forms.InspectionForm, lambda one, s, by: checks.inspect(activity=one, by=by, new=checks.NewInspection(**s))),
        Act("look", pgettext_lazy("act", "资产回头看"), forms.LookForm, _look),
        *instruction_acts(ActivityInstruction),
        Act("withdraw", gettext_lazy("撤下"), ReasonForm, lambda row, s, by: checks.withdraw_inspection(inspection=row, by=by, **s), lambda one, key: one.inspections.filter(pk=key, withdrawn_on__isnull=True).first()),
        Act("withdraw-look", gettext_lazy("撤下"), ReasonForm, lambda row, s, by: checks.withdraw_look(look=row, by=by, **s), selectors.look_standing),
    ),
)  # fmt: skip
INSPECTION_ROOM = Room(
    "desk:inspection",
    _inspection,
    show_inspection,
    Activity,
    (
        Act("rest", gettext_lazy("其余均正常"), NothingForm, _rest, fits=lambda row: selectors.is_unfinished(guard.require_actor(), row)),
        Act("answer", gettext_lazy("填写"), forms.AnswerForm, _answer, selectors.item_asked),
        Act("take-tick", pgettext_lazy("act", "转入问题台账"), forms.TakeForm, lambda row, s, by: ticking.take_tick(tick=row, by=by, **s), tick_standing),
        Act("take", pgettext_lazy("act", "转入问题台账"), forms.TakeForm, lambda row, s, by: checks.take_problem(answer=row, by=by, **s), lambda one, key: one.activity.answers.filter(pk=key, inspection=one).select_related("item").first()),
    ),
)  # fmt: skip
CHECKLISTS_ROOM = Room("desk:checklists", lambda viewer: viewer, show_checklists, Checklist, (Act("publish", gettext_lazy("发布新版本"), forms.ChecklistForm, _publish),))  # fmt: skip
CHECKLIST_ROOM = Room("desk:checklist", selectors.checklist_by_uid, show_checklist, Checklist)
