"""Sheets and letters: the registers of 问题抄报 and of proposals and letters, one sheet with its acts, its Word and PDF."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy, pgettext_lazy

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.files.store import Upload
from jiandu.base.lexicon.selectors import item_by_key
from jiandu.loop.instruments import selectors
from jiandu.loop.instruments.kinds import kind_of
from jiandu.loop.instruments.letters import to_docx
from jiandu.loop.instruments.models import Instrument, InstrumentInstruction, SignOff, Turn
from jiandu.loop.instruments.services import answering, drafting, scanning, serving, signing
from jiandu.loop.instruments.states import Stage, stage_of
from jiandu.loop.outcomes.services import NewRule, record_rule_of
from jiandu.net.access.deciding import Signature
from jiandu.net.access.models import Level
from jiandu.net.access.selectors import look
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.net.subjects.models import Person
from jiandu.net.subjects.selectors import find_organisation
from jiandu.sources.activities.selectors import activity_by_uid
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.files import handed_back, upload
from jiandu.surfaces.desk.forms import instruments as forms
from jiandu.surfaces.desk.forms.rounds import EventForm, NoteForm, ReasonForm
from jiandu.surfaces.desk.forms.rules import RuleForm
from jiandu.surfaces.desk.handing_out import Paper, hand_out
from jiandu.surfaces.desk.people import person_named
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.told import instruments as told
from jiandu.surfaces.desk.views.instructing import instruction_acts

Said = dict[str, Any]
SERVED = (Stage.SIGNED, Stage.DELIVERED, Stage.REPLIED)
OPEN = (Stage.DELIVERED, Stage.REPLIED)


def show_copy_reports(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """问题抄报, newest first."""
    listed = told.copy_reports(viewer, registers.year_of(request), request.GET.get("tab", ""))
    return registers.show_list(request, COPY_REPORTS_ROOM, listed, opened, status)


def show_letters(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """Proposals and letters, newest first."""
    kind, tab = request.GET.get("kind", ""), request.GET.get("tab", "")
    listed = told.letters(viewer, kind, registers.year_of(request), tab)
    return registers.show_list(request, LETTERS_ROOM, listed, opened, status)


def show_instrument(request: HttpRequest, one: Any, opened: Opened | None, status: int) -> HttpResponse:
    """One sheet."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, ROOM, one)
    return registers.show(request, told.instrument(viewer, one, may), may, opened, status)


def word(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The sheet as Word, or with `?format=pdf` as PDF where LibreOffice is installed. Raises Refused (no-pdf)."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = selectors.instrument_by_uid(viewer, uid)
    if one is None:
        raise Http404
    whole = selectors.whole(viewer, one)
    quoted = [finding for _row, finding in whole.findings if finding is not None]
    for finding in quoted:
        look(viewer, finding, what=f"letter {one.uid}")
    paper = Paper(
        one.kind,
        f"{one.number or one.code} {one.title}",
        lambda mark: to_docx(viewer, whole, mark=mark),
        level=max((finding.level for finding in quoted), default=Level.PUBLIC),
    )
    return hand_out(request, "instrument.paper", one, paper)


def scan(request: HttpRequest, uid: UUID, file: UUID) -> HttpResponse:
    """The scan of a 签批 or of a reply, for who may see the sheet."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = selectors.instrument_by_uid(viewer, uid)
    kept = selectors.scanned(viewer, one, file) if one is not None else None
    if kept is None:
        raise Http404
    return handed_back(kept.scan_sha256, kept.scan_name)


def _office(said: Said) -> Any:
    office = office_by_pk(int(said.pop("office")))
    if office is None:
        raise Refused("unknown-office", "请选择承办室组")
    return office


def _draft_sheet(_viewer: Viewer, said: Said, by: Viewer) -> Instrument:
    """The unit is that of the findings; the matter, if nobody wrote it, what the first of them says."""
    findings, nature = said.pop("findings"), said.pop("nature")
    first = findings[0]
    if first.subject is None:
        raise Refused("unknown-unit", "该问题没有责任单位")
    title = said.pop("title").strip() or (first.problem[:200] if first.level <= Level.INTERNAL else "")
    new = drafting.NewInstrument(
        kind=Instrument.Kind.COPY_REPORT,
        title=title,
        office=_office(said),
        subject=first.subject,
        activity=first.activity,
        nature=item_by_key(by, int(nature)) if nature else None,
        findings=findings,
        **said,
    )
    return drafting.draft(new=new, by=by)


def _draft_letter(_viewer: Viewer, said: Said, by: Viewer) -> Instrument:
    uid, texts = said.pop("activity"), said.pop("suggestions").splitlines()
    new = drafting.NewInstrument(
        office=_office(said),
        subject=said.pop("unit"),
        activity=activity_by_uid(by, UUID(uid)) if uid else None,
        suggestions=[text for text in texts if text.strip()],
        **said,
    )
    return drafting.draft(new=new, by=by)


def _draft_letters(_viewer: Viewer, said: Said, by: Viewer) -> None:
    """To each unit a letter of its own; a unit that nobody registered, and none is drafted."""
    names = dict.fromkeys(line.strip() for line in said.pop("units").splitlines() if line.strip())
    units = [(name, find_organisation(by, name, on=today())) for name in names]
    if lost := [name for name, unit in units if unit is None]:
        raise Refused("unknown-unit", "没有登记过这个单位：%(name)s", name="、".join(lost))
    for _name, unit in units:
        _draft_letter(_viewer, {**said, "unit": unit, "findings": []}, by)


def _list(one: Instrument, said: Said, by: Viewer) -> None:
    for finding in said["findings"]:
        drafting.list_finding(instrument=one, by=by, finding=finding)


def _suggest(one: Instrument, said: Said, by: Viewer) -> None:
    for text in (text for text in said["texts"].splitlines() if text.strip()):
        drafting.suggest(instrument=one, by=by, text=text)


def _waiting(one: Instrument) -> SignOff:
    row: SignOff | None = one.sign_offs.filter(status=SignOff.Status.WAITING).first()
    if row is None:
        raise Refused("already-decided", "该事项已处理，请刷新页面")
    return row


def _decide(one: Instrument, said: Said, by: Viewer) -> Any:
    signature = Signature(said["is_granted"] == "yes", said["on"], said["opinion"])
    return signing.decide(sign_off=_waiting(one), by=by, signature=signature)


def _scan(said: Said) -> Upload | None:
    return upload(said["scan"]) if said["scan"] else None


def _withdraw_scan(row: Any, said: Said, by: Viewer) -> Any:
    return scanning.withdraw_scan(row=row, by=by, **said)


def _scanned(name: str) -> Callable[[Any, int], Any]:
    """A row of the sheet that carries a scan."""
    return lambda one, key: getattr(one, name).filter(pk=key).exclude(scan_name="").first()


def _add_scan(row: Any, said: Said, by: Viewer) -> Any:
    return scanning.add_scan(row=row, by=by, scan=upload(said["scan"]))


def _paper(one: Instrument, said: Said, by: Viewer) -> Any:
    signer = person_named(by, said["signer"])
    signature = Signature(said["is_granted"] == "yes", said["on"], said["opinion"], signer, _scan(said))
    return signing.sign_on_paper(sign_off=_waiting(one), by=by, signature=signature)


def _person(people: list[Any]) -> Person | None:
    return people[0][0] if people else None


def _to_leader(one: Instrument, said: Said, by: Viewer) -> Any:
    return serving.deliver_to_leader(instrument=one, by=by, on=said["on"], leader=_person(said["leader"]))


def _copy(one: Instrument, said: Said, by: Viewer) -> Any:
    return serving.copy_to(instrument=one, by=by, on=said["on"], person=said["person"][0][0])


def _reply(one: Instrument, said: Said, by: Viewer) -> Any:
    return answering.reply(instrument=one, by=by, new=answering.NewReply(**{**said, "scan": _scan(said)}))


def _tells(slug: str, label: Any, verb: str, word_: str = "", form: Any = NoteForm) -> Act:
    """The act that records a turn."""
    return Act(slug, label, form, lambda one, s, by: answering.tell(instrument=one, by=by, verb=verb, **s), verb=word_, fits=_at(*OPEN))  # fmt: skip


def _at(*stages: Stage, where: Callable[[Any], bool] = lambda _one: True) -> Callable[[Any], bool]:
    """At these stages only, and where the rest holds."""
    return lambda one: stage_of(one) in stages and where(one)


def _signed_by(verb: str) -> Callable[[Any], bool]:
    return _at(Stage.WAITING, where=lambda one: not one.is_typed and kind_of(one.kind).signed_by == verb)


def _row(name: str, **where: Any) -> Callable[[Any, int], Any]:
    """A row of the sheet's own list by key, while it stands."""
    return lambda one, key: getattr(one, name).filter(pk=key, **where).first()


STANDING = {"withdrawn_on__isnull": True}
is_sheet: Callable[[Any], bool] = lambda one: one.is_copy_report  # noqa: E731 -- a condition among conditions
is_letter: Callable[[Any], bool] = lambda one: not one.is_copy_report  # noqa: E731


def _edits(slug: str, form: Any, where: Callable[[Any], bool]) -> Act:
    return Act(slug, gettext_lazy("编辑"), form, lambda one, s, by: drafting.amend(instrument=one, by=by, **s), fits=_at(Stage.DRAFT, where=where))  # fmt: skip


COPY_REPORTS_ROOM = Room(
    "desk:copy-reports",
    lambda viewer: viewer,
    show_copy_reports,
    Instrument,
    (Act("draft", gettext_lazy("起草问题抄报单"), forms.NewSheetForm, _draft_sheet),),
    keep="create",
)
LETTERS_ROOM = Room(
    "desk:letters",
    lambda viewer: viewer,
    show_letters,
    Instrument,
    (
        Act("draft", gettext_lazy("起草文书"), forms.NewLetterForm, _draft_letter),
        Act("draft-many", gettext_lazy("批量起草"), forms.ManyLettersForm, _draft_letters),
    ),
    keep="create",
)
ROOM = Room(
    "desk:instrument",
    selectors.instrument_by_uid,
    show_instrument,
    Instrument,
    (
        Act("submit", gettext_lazy("送签"), EventForm, lambda one, s, by: signing.submit(instrument=one, by=by, on=s["on"]), fits=_at(Stage.DRAFT)),
        _edits("edit-sheet", forms.EditSheetForm, is_sheet),
        _edits("edit", forms.EditLetterForm, is_letter),
        Act("list", gettext_lazy("列入问题"), forms.ListForm, _list, fits=_at(Stage.DRAFT)),
        Act("suggest", gettext_lazy("添加建议"), forms.SuggestForm, _suggest, fits=_at(Stage.DRAFT, where=is_letter)),
        Act("sign", pgettext_lazy("act", "签批"), forms.DecideForm, _decide, verb="sign", fits=_signed_by("sign")),
        Act("decide", pgettext_lazy("act", "签批"), forms.DecideForm, _decide, verb="approve", fits=_signed_by("approve")),
        Act("paper", gettext_lazy("录入纸质签批"), forms.PaperForm, _paper, verb="paper", fits=_at(Stage.WAITING, where=lambda one: not one.is_typed)),
        Act("number", gettext_lazy("编文号"), forms.NumberForm, lambda one, s, by: signing.give_number(instrument=one, by=by, **s), verb="number", fits=_at(*SERVED, where=lambda one: one.number_serial is None)),
        Act("to-leader", gettext_lazy("送达分管领导"), forms.LeaderForm, _to_leader, fits=_at(*SERVED, where=is_sheet)),
        Act("copy", gettext_lazy("抄送党委主要负责人"), forms.CopyForm, _copy, fits=_at(*SERVED, where=is_sheet)),
        Act("deliver", pgettext_lazy("act", "送达"), forms.DeliverForm, lambda one, s, by: serving.deliver_to_unit(instrument=one, by=by, **s), fits=_at(Stage.SIGNED, where=is_letter)),
        _tells("study", pgettext_lazy("act", "研究部署"), Turn.Verb.STUDY, "reply", EventForm),
        Act("reply", gettext_lazy("登记反馈"), forms.ReplyForm, _reply, verb="reply", fits=_at(*OPEN)),
        _tells("object", gettext_lazy("提出异议"), Turn.Verb.OBJECT, "reply"),
        _tells("settle", gettext_lazy("答复异议"), Turn.Verb.SETTLE),
        _tells("follow-up", gettext_lazy("跟踪督促"), Turn.Verb.FOLLOW_UP),
        Act("rule", gettext_lazy("登记制度"), RuleForm, lambda one, s, by: record_rule_of(origin=one, by=by, new=NewRule(**s)), fits=_at(*OPEN, Stage.CLOSED, where=is_letter)),
        *instruction_acts(InstrumentInstruction, lambda one: one.withdrawn_on is None),
        Act("close", pgettext_lazy("act", "销号"), forms.CloseForm, lambda one, s, by: answering.close(instrument=one, by=by, **s), verb="close", fits=_at(*OPEN)),
        Act("withdraw", gettext_lazy("撤下"), ReasonForm, lambda one, s, by: drafting.withdraw(instrument=one, by=by, **s), fits=lambda one: one.signed_on is None and one.withdrawn_on is None),
        Act("take-back", gettext_lazy("撤下"), ReasonForm, lambda one, s, by: drafting.withdraw(instrument=one, by=by, **s), verb="approve", fits=lambda one: one.signed_on is not None and one.withdrawn_on is None),
        Act("confirm-paper", gettext_lazy("确认纸质签批"), forms.ConfirmPaperForm, lambda row, s, by: signing.confirm_paper(sign_off=row, by=by), _row("sign_offs"), verb="confirm_paper"),
        Act("scan", gettext_lazy("上传扫描件"), forms.ScanForm, _add_scan, _row("sign_offs", is_paper=True, scan_name=""), verb="paper"),
        Act("scan-reply", gettext_lazy("上传扫描件"), forms.ScanForm, _add_scan, _row("replies", **STANDING, scan_name=""), verb="reply"),
        Act("withdraw-scan", gettext_lazy("撤下扫描件"), forms.WithdrawScanForm, _withdraw_scan, _scanned("sign_offs"), verb="paper"),
        Act("withdraw-scan-reply", gettext_lazy("撤下扫描件"), forms.WithdrawScanForm, _withdraw_scan, _scanned("replies"), verb="reply"),
        Act("drop-finding", gettext_lazy("移出"), ReasonForm, lambda row, s, by: drafting.drop_finding(matter=row, by=by, **s), _row("matters", **STANDING), fits=_at(Stage.DRAFT)),
        Act("drop-suggestion", gettext_lazy("移出"), ReasonForm, lambda row, s, by: drafting.drop_suggestion(suggestion=row, by=by, **s), _row("suggestions", **STANDING), fits=_at(Stage.DRAFT)),
        Act("answer", gettext_lazy("登记反馈"), forms.AnswerForm, lambda row, s, by: answering.answer(suggestion=row, by=by, **s), _row("suggestions", **STANDING), verb="reply", fits=_at(*OPEN)),
        Act("verify", gettext_lazy("核验"), forms.VerifyForm, lambda row, s, by: answering.verify(answer=row, by=by, **s), _row("answers", **STANDING), fits=_at(*OPEN)),
        Act("endorse", gettext_lazy("登记批示、圈阅"), forms.EndorseForm, lambda row, s, by: serving.endorse(delivery=row, by=by, **s), _row("deliveries", **STANDING), fits=_at(*OPEN)),
        Act("withdraw-delivery", gettext_lazy("撤下"), ReasonForm, lambda row, s, by: serving.withdraw_delivery(delivery=row, by=by, **s), _row("deliveries", **STANDING)),
        Act("withdraw-reply", gettext_lazy("撤下"), ReasonForm, lambda row, s, by: answering.withdraw_reply(reply=row, by=by, **s), _row("replies", **STANDING)),
        Act("withdraw-turn", gettext_lazy("撤下"), ReasonForm, lambda row, s, by: answering.withdraw_turn(turn=row, by=by, **s), _row("turns", **STANDING)),
    ),
)  # fmt: skip
