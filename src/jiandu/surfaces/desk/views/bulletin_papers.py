"""情况分析稿 and 预警提示: drafted, kept, shown, sent to whom it concerns, who signs for it and answers."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy, pgettext_lazy

from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.access.selectors import look
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.results.bulletins import drafting, selectors, sending
from jiandu.results.bulletins.models import Advisory, BulletinInstruction, PetitionBulletin
from jiandu.results.bulletins.states import Verb, is_legal
from jiandu.results.bulletins.word import advisory_docx
from jiandu.results.digests.watched import WATCHES
from jiandu.results.digests.word import Beside, bulletin_docx
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.forms import bulletins as forms
from jiandu.surfaces.desk.forms.petitions import leaders
from jiandu.surfaces.desk.forms.rounds import ReasonForm
from jiandu.surfaces.desk.handing_out import Paper, hand_out
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.told import advisories as advisories_told
from jiandu.surfaces.desk.told import bulletin_papers as told
from jiandu.surfaces.desk.told.bulletin_papers import Version
from jiandu.surfaces.desk.views.instructing import instruction_acts

Said = dict[str, Any]
State, Span = PetitionBulletin.State, PetitionBulletin.Span


def show_bulletins(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The papers."""
    state = request.GET.get("state", "") if request.GET.get("state") in State else ""
    span = request.GET.get("span", "") if request.GET.get("span") in Span else ""
    return registers.show_list(request, BULLETINS_ROOM, told.bulletins(viewer, state, span), opened, status)


def show_bulletin(request: HttpRequest, one: PetitionBulletin, opened: Opened | None, status: int) -> HttpResponse:
    """One paper, in the version that the viewer may see."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, BULLETIN_ROOM, one)
    return registers.show(request, told.paper(viewer, one, _version(request, one), may), may, opened, status)


def _version(request: HttpRequest, one: PetitionBulletin) -> Version:
    viewer = request.viewer  # type: ignore[attr-defined]
    may_choose = selectors.covers(viewer, one)
    for_outside = not may_choose or request.GET.get("outside") == "1"
    try:
        said = selectors.figures(viewer, one, for_outside=for_outside)
    except Refused:  # a draft of too few
        said = None
    is_own = may_choose and selectors.serves(viewer, one.owner_office_id, "petition", "view")
    now = selectors.counted_now(viewer, one) if is_own and is_legal(Verb.READ, one.state) else None
    return Version(said, for_outside, may_choose, now)


def word(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The same as Word. What leaves the office bears no name of who took it."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = selectors.by_uid(viewer, uid)
    version = _version(request, one) if one is not None else None
    if one is None or version is None or version.said is None:
        raise Http404
    look(viewer, one, what="bulletin")
    said, is_inner = version.said, not version.for_outside
    # the office's own words, and its lists, may tell what the figures hide
    beside = Beside(one.remarks, selectors.lists_of(viewer, one)) if is_inner else Beside()
    beside = replace(beside, signed_on=one.kept_on)
    made = Paper(
        "bulletin",
        told.named(one),
        lambda mark: bulletin_docx(viewer, said, one.owner_office.name, beside, mark=mark),
        is_inner=is_inner,
    )
    return hand_out(request, "petition_bulletin.paper", one, made)


def show_advisories(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """What was sent and received."""
    return registers.show_list(request, ADVISORIES_ROOM, advisories_told.advisories(viewer), opened, status)


def show_advisory(request: HttpRequest, one: Advisory, opened: Opened | None, status: int) -> HttpResponse:
    """One, with what its recipient may do."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, ADVISORY_ROOM, one)
    return registers.show(request, advisories_told.advisory(viewer, one), may, opened, status)


def advisory_word(request: HttpRequest, uid: UUID) -> HttpResponse:
    """预警提示 as Word."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = selectors.advisory_by_uid(viewer, uid)
    if one is None:
        raise Http404
    look(viewer, one, what="advisory")
    made = Paper("advisory", one.title, lambda mark: advisory_docx(viewer, one, mark=mark))
    return hand_out(request, "advisory.paper", one, made)


def _draft(_viewer: Viewer, said: Said, by: Viewer) -> PetitionBulletin:
    office = office_by_pk(int(said["office"]))
    if office is None:
        raise Refused("unknown-office", "请选择承办室组")
    new = drafting.NewBulletin(office, said["period"], said["domain"], said["unit"])
    return drafting.draft(new=new, by=by)


def _remind(one: PetitionBulletin, said: Said, by: Viewer) -> Advisory:
    to = said.pop("to")
    if to.startswith(forms.BODY):
        return sending.remind(bulletin=one, by=by, new=sending.NewAdvisory(body=to.removeprefix(forms.BODY), **said))
    office = office_by_pk(int(to))
    if office is None:
        raise Refused("unknown-office", "请选择承办室组")
    return sending.remind(bulletin=one, by=by, new=sending.NewAdvisory(office=office, **said))


def _show(one: PetitionBulletin, said: Said, by: Viewer) -> PetitionBulletin:
    leader = next((user for user in leaders() if str(user.pk) == said["leader"]), None)
    if leader is None:
        raise Refused("unknown-leader", "请选择送阅领导")
    return drafting.show_to(bulletin=one, by=by, leader=leader)


def _drafted(one: PetitionBulletin) -> bool:
    return one.withdrawn_on is None and is_legal(Verb.WRITE, one.state)


def _kept(one: PetitionBulletin) -> bool:
    return one.withdrawn_on is None and is_legal(Verb.SHOW, one.state)


def _sends(one: PetitionBulletin) -> bool:
    return _kept(one) and one.outer is not None


def _reminds(one: PetitionBulletin) -> bool:
    """Where it tells what is overdue: of a week or a month."""
    return _kept(one) and one.span in WATCHES


def _to_receive(one: Advisory) -> bool:
    waits = one.withdrawn_on is None and one.received_on is None
    return waits and sending.may_answer(guard.require_actor(), one)


def _to_answer(one: Advisory) -> bool:
    waits = one.withdrawn_on is None and one.received_on is not None and one.answered_on is None
    return waits and sending.may_answer(guard.require_actor(), one)


BULLETINS_ROOM = Room(
    "desk:bulletins",
    lambda viewer: viewer,
    show_bulletins,
    PetitionBulletin,
    (Act("draft", pgettext_lazy("act", "起草情况分析"), forms.DraftForm, _draft),),
    keep="create",
)
BULLETIN_ROOM = Room(
    "desk:bulletin",
    selectors.by_uid,
    show_bulletin,
    PetitionBulletin,
    (
        Act("keep", pgettext_lazy("act", "定稿"), forms.KeepForm, lambda one, s, by: drafting.keep(bulletin=one, by=by, **s), verb="draft", fits=_drafted),
        Act("remarks", pgettext_lazy("act", "写特点和建议"), forms.RemarksForm, lambda one, s, by: drafting.write_remarks(bulletin=one, by=by, **s), verb="draft", fits=_drafted),
        Act("send", pgettext_lazy("act", "分送"), forms.SendForm, lambda one, s, by: sending.send(about=one, by=by, new=sending.NewAdvisory(**s)), verb="send", fits=_sends),
        Act("remind", pgettext_lazy("act", "工作提醒"), forms.RemindForm, _remind, verb="send", fits=_reminds),
        Act("show", pgettext_lazy("act", "送阅"), forms.ShowForm, _show, verb="draft", fits=_kept),
        *instruction_acts(BulletinInstruction, _kept),
        Act("withdraw", gettext_lazy("撤下"), ReasonForm, lambda one, s, by: drafting.withdraw(bulletin=one, by=by, **s), verb="draft", fits=lambda one: one.withdrawn_on is None),
    ),
)  # fmt: skip
ADVISORIES_ROOM = Room("desk:advisories", lambda viewer: viewer, show_advisories, Advisory)
ADVISORY_ROOM = Room(
    "desk:advisory",
    selectors.advisory_by_uid,
    show_advisory,
    Advisory,
    (
        Act("receive", pgettext_lazy("act", "签收"), forms.ReceiveForm, lambda one, s, by: sending.receive(advisory=one, by=by, **s), verb="answer", fits=_to_receive),
        Act("answer", pgettext_lazy("act", "反馈"), forms.AnswerForm, lambda one, s, by: sending.answer(advisory=one, by=by, **s), verb="answer", fits=_to_answer),
        Act("withdraw", gettext_lazy("撤回"), ReasonForm, lambda one, s, by: sending.withdraw(advisory=one, by=by, **s), fits=lambda one: one.withdrawn_on is None and one.received_on is None),
    ),
)  # fmt: skip
