"""信访举报: the register, one item with its acts, what is due; receipts of superiors' items; who asked or pleaded."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy, pgettext_lazy

from jiandu.base.accounts.models import User
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.access.selectors import can_take, holders_of
from jiandu.net.access.services import recuse
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.net.subjects.models import Organisation
from jiandu.sources.petitions import intake, rules, selectors, vault
from jiandu.sources.petitions.models import HandOff, Meddling, Petition, SuperiorReceipt
from jiandu.sources.petitions.repeats import proposals
from jiandu.sources.petitions.selectors import Wanted
from jiandu.sources.petitions.services import beside, deciding, handling, notifying, reading, registering
from jiandu.sources.petitions.services.classifying import classify
from jiandu.sources.petitions.services.steps import Done, permission
from jiandu.sources.petitions.states import Kind, Named, State, Verb, Way, is_legal, regime_of
from jiandu.sources.petitions.word import PAPERS, Printed, paper_docx, papers_of
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.forms import petition_entry as entries
from jiandu.surfaces.desk.forms import petitions as forms
from jiandu.surfaces.desk.forms.rounds import ReasonForm
from jiandu.surfaces.desk.handing_out import Paper, hand_out
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.told import beside_petitions as beside_told
from jiandu.surfaces.desk.told import petition_repeats
from jiandu.surfaces.desk.told import petitions as told
from jiandu.surfaces.desk.told.petition_content import opened_of
from jiandu.surfaces.desk.views import petition_entry as entry
from jiandu.surfaces.door.unlocking import to_unlock, unlocked

Said = dict[str, Any]


def day_of(text: str) -> date | None:
    """A day as a URL writes it, if it is one."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def uid_of(text: str) -> UUID | None:
    """A record's uid as a URL writes it, if it is one."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _wanted(request: HttpRequest) -> Wanted:
    get = request.GET
    return Wanted(
        text=get.get("text", "").strip(),
        state=get.get("state", "") if get.get("state") in State else "",
        kind=get.get("kind", "") if get.get("kind") in Kind else "",
        way=get.get("way", "") if get.get("way") in Way else "",
        year=registers.year_of(request),
        since=day_of(get.get("since", "")),
        until=day_of(get.get("until", "")),
        column=get.get("column", ""),
        value=get.get("value", ""),
        office=uid_of(get.get("office", "")),
        domain=get.get("domain", "")[:32],
        category=get.get("category", "")[:8],
        unit=uid_of(get.get("unit", "")),
        authority=get.get("authority", "") if get.get("authority") in Organisation.Authority else "",
    )


def show_petitions(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The register."""
    return registers.show_list(request, PETITIONS_ROOM, told.petitions(viewer, _wanted(request)), opened, status)


def show_due(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """What is due and overdue."""
    return registers.show(request, told.due(viewer), registers.doors(viewer, DUE_ROOM, viewer), opened, status)


def show_petition(request: HttpRequest, one: Petition, opened: Opened | None, status: int) -> HttpResponse:
    """One item; what it says where the session's keys open it. The look has been logged."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, PETITION_ROOM, one)
    shown = told.petition(viewer, one, opened_of(viewer, one, unlocked(request)), may)
    return registers.show(request, shown, may, opened, status)


def show_receipts(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The receipts."""
    return registers.show_list(request, RECEIPTS_ROOM, beside_told.receipts(viewer), opened, status)


def show_receipt(request: HttpRequest, one: SuperiorReceipt, opened: Opened | None, status: int) -> HttpResponse:
    """One receipt."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, RECEIPT_ROOM, one)
    return registers.show(request, beside_told.receipt(viewer, one), may, opened, status)


def show_meddlings(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """Who asked or pleaded."""
    return registers.show_list(request, MEDDLINGS_ROOM, beside_told.meddlings(viewer), opened, status)


def show_meddling(request: HttpRequest, one: Meddling, opened: Opened | None, status: int) -> HttpResponse:
    """One entry."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, MEDDLING_ROOM, one)
    return registers.show(request, beside_told.meddling(viewer, one), may, opened, status)


def repeats(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """判重: what the item may repeat, of all that the session's keys open; asked for, since it reads much."""
    viewer, keys = request.viewer, unlocked(request)  # type: ignore[attr-defined]
    one = selectors.by_uid(viewer, uid)
    if one is None:
        raise Http404
    found = proposals(viewer, one, keys)
    if found is None:
        return to_unlock(request)
    may = registers.doors(viewer, REPEATS_ROOM, one)
    return registers.show(request, petition_repeats.repeats(one, *found), may, None, 200)


def file(request: HttpRequest, uid: UUID, file: UUID) -> HttpResponseBase:
    """An attachment from the portal, or (?copy) a copy to hand on: always as a file of no type that a browser would run."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = selectors.by_uid(viewer, uid)
    if one is None:
        raise Http404
    keys, is_cleaned = unlocked(request), "copy" in request.GET
    found = intake.attachment(petition=one, uid=file, by=viewer, unlocked=keys, is_cleaned=is_cleaned)
    if found is None:
        raise Http404
    name, blocks = found
    named = str(content_disposition_header(as_attachment=True, filename=name))
    headers = {"Content-Disposition": named, "Content-Security-Policy": "sandbox; default-src 'none'"}
    return StreamingHttpResponse(blocks, content_type="application/octet-stream", headers=headers)


def paper(request: HttpRequest, uid: UUID, paper: str) -> HttpResponse:
    """One of its papers; what it says stands on it where the session's keys open it."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = selectors.by_uid(viewer, uid)
    hand_off = selectors.sent_off(viewer, one) if one else None
    if one is None or paper not in papers_of(one, hand_off):
        raise Http404
    keys = unlocked(request)
    said = Printed(
        one,
        vault.content_of(one, keys),
        selectors.clocks_of(viewer, one),
        selectors.last_days(viewer, one),
        hand_off,
        (vault.extract_of(hand_off, keys) or "") if hand_off else "",
        selectors.last_notes(viewer, one),
        vault.read_by(selectors.readings_of(viewer, one), keys) if paper == "reading" else (),
    )
    name = f"{PAPERS[paper][0]}_{one.code}"
    made = Paper(paper, name, lambda mark: paper_docx(paper, said, mark=mark), is_inner=True, level=one.level)
    return hand_out(request, "petition.paper", one, made)


def _propose(one: Petition, said: Said, by: Viewer) -> Petition:
    leader: User | None = next((user for user in holders_of(forms.LEADER) if str(user.pk) == said["leader"]), None)
    return deciding.propose(petition=one, by=by, done=Done(said["on"], said["note"]), leader=leader)


def _repeat(one: Petition, said: Said, by: Viewer) -> Petition:
    main = selectors.by_uid(by, UUID(said["main"])) if said["main"] else None
    return deciding.mark_repeat(
        petition=one, by=by, on=said["on"], main=main, note=said["note"], has_new=said["has_new"]
    )


def _notify(one: Petition, said: Said, by: Viewer) -> Petition:
    office = office_by_pk(int(said.pop("office") or 0))
    return notifying.notify_cases(petition=one, by=by, new=notifying.Notice(office=office, **said))


def _hand_off(one: Petition, said: Said, by: Viewer) -> HandOff:
    office = office_by_pk(int(said["office"])) if said["office"] else None
    new = deciding.NewHandOff(
        on=said["on"],
        office=office,
        body=said["body"],
        extract=said["extract"],
        has_new=said.get("has_new", False),
        is_full=said["is_full"],
    )
    return deciding.draft_hand_off(petition=one, by=by, new=new)


def _recuse(one: Petition, said: Said, by: Viewer) -> Any:
    user = can_take(by, "petition").filter(pk=int(said["user"])).first()
    if user is None:
        raise Refused("unknown-person", "请选择人员")
    return recuse(thing=one, user=user, by=by, reason=str(rules.RECUSED.get(said["reason"], "")))


def _meddled(beside_of: Any, said: Said, by: Viewer) -> Meddling:
    petition = beside_of if isinstance(beside_of, Petition) else None
    return beside.note_meddling(new=beside.NewMeddling(office=entry.office_of(said), petition=petition, **said), by=by)


def _done(said: Said) -> Done:
    return Done(**{name: said[name] for name in ("on", "note", "until", "granted_by") if name in said})


def _fits(verb: Verb) -> Callable[[Petition], bool]:
    """Whether the act may follow now."""
    return lambda one: one.withdrawn_on is None and is_legal(verb, State(one.state), regime_of(one.kind))


def _plain(verb: Verb) -> Act:
    """An act that asks a day and a word."""

    def do(one: Petition, said: Said, by: Viewer) -> Petition:
        return handling.do(petition=one, by=by, verb=verb, done=_done(said), unlocked=said.get("unlocked"))

    slug, opens = verb.replace("_", "-"), verb == Verb.OBJECT  # what goes back is sealed anew
    return Act(slug, verb.label, forms.StepForm, do, verb=permission(verb), fits=_fits(verb), is_opening=opens)


def _telling(verb: Verb) -> Act:
    def do(one: Petition, said: Said, by: Viewer) -> Petition:
        return handling.tell(petition=one, by=by, verb=verb, done=_done(said))

    def fits(one: Petition) -> bool:
        may = one.named == Named.VERIFIED or regime_of(one.kind) == "ordinary"
        return may and _fits(verb)(one) and not (verb == Verb.TELL_ACCEPTED and one.is_repeat)

    return Act(verb.replace("_", "-"), verb.label, forms.StepForm, do, verb=permission(verb), fits=fits)


def _stands(one: Any) -> bool:
    return one.withdrawn_on is None


def _waits(one: SuperiorReceipt) -> bool:
    return one.handed_on is None and one.withdrawn_on is None


def _drafts(one: Petition) -> bool:
    return _fits(Verb.ROUTE)(one) or (one.withdrawn_on is None and one.state == State.KEPT and one.is_repeat)


PETITIONS_ROOM = Room(
    "desk:petitions",
    lambda viewer: viewer,
    show_petitions,
    Petition,
    (Act("register", pgettext_lazy("act", "登记信访件"), entries.RegisterForm, entry.register, is_opening=True),),
    keep="create",
)
DUE_ROOM = Room("desk:petitions-due", lambda viewer: viewer, show_due, Petition)
PETITION_ROOM = Room(
    "desk:petition",
    selectors.by_uid,
    show_petition,
    Petition,
    (
        Act("name", Verb.NAME_CHECKED.label, forms.NameForm, lambda one, s, by: deciding.check_name(petition=one, by=by, **s), fits=lambda one: one.named == Named.UNVERIFIED and _fits(Verb.NAME_CHECKED)(one)),
        Act("propose", Verb.PROPOSE.label, forms.ProposeForm, _propose, fits=_fits(Verb.PROPOSE)),
        Act("approve", Verb.APPROVE.label, forms.ApproveForm, lambda one, s, by: deciding.approve(petition=one, by=by, done=_done(s)), verb="approve", fits=_fits(Verb.APPROVE)),
        Act("hand-off", pgettext_lazy("act", "拟转办"), forms.HandOffForm, _hand_off, fits=_drafts),
        Act("confirm", pgettext_lazy("act", "复核并转办"), forms.ConfirmForm, lambda row, s, by: deciding.confirm_hand_off(hand_off=row, by=by, **s), selectors.draft_by_pk, verb="confirm", is_opening=True),
        Act("withdraw-hand-off", gettext_lazy("撤回"), ReasonForm, lambda row, s, by: deciding.withdraw_hand_off(hand_off=row, by=by, **s), selectors.draft_by_pk),
        Act("notify", Verb.NOTIFY.label, forms.NotifyForm, _notify, fits=notifying.lacks_notice),
        Act("accept", Verb.ACCEPT.label, forms.StepForm, lambda one, s, by: handling.accept(petition=one, by=by, done=_done(s)), verb="handle", fits=_fits(Verb.ACCEPT)),
        Act("repeat", Verb.REPEAT.label, forms.RepeatForm, _repeat, fits=_fits(Verb.REPEAT)),
        Act("keep", Verb.KEEP.label, forms.StepForm, lambda one, s, by: deciding.keep(petition=one, by=by, done=_done(s)), fits=_fits(Verb.KEEP)),
        Act("decline", Verb.DECLINE.label, forms.DeclineForm, lambda one, s, by: deciding.decline(petition=one, by=by, **s), fits=_fits(Verb.DECLINE)),
        _telling(Verb.TELL_ACCEPTED),
        Act("dispose", Verb.DISPOSE.label, forms.DisposeForm, lambda one, s, by: handling.dispose(petition=one, by=by, done=_done(s), disposal=s["disposal"]), verb="handle", fits=_fits(Verb.DISPOSE)),
        *(_plain(verb) for verb in (Verb.INQUIRE, Verb.INQUIRY_ANSWERED, Verb.ENTRUST, Verb.TALK, Verb.STATEMENT, Verb.REPORT_TALK, Verb.OBJECT)),
        Act("extend", Verb.EXTEND.label, forms.ExtendForm, lambda one, s, by: handling.extend(petition=one, by=by, done=_done(s)), verb="handle", fits=_fits(Verb.EXTEND)),
        Act("return", Verb.RETURN.label, forms.ReturnForm, lambda one, s, by: handling.give_back(petition=one, by=by, **s), verb="handle", fits=_fits(Verb.RETURN), is_opening=True),
        Act("conclude", Verb.CONCLUDE.label, forms.ConcludeForm, lambda one, s, by: handling.conclude(petition=one, by=by, done=_done(s), truth=s["truth"]), verb="handle", fits=_fits(Verb.CONCLUDE)),
        _telling(Verb.TELL_RESULT),
        *(_plain(verb) for verb in (Verb.FEED_BACK, Verb.DISPUTE, Verb.ASK_REVIEW, Verb.ANSWER_REVIEW, Verb.ASK_RECHECK, Verb.ANSWER_RECHECK)),
        Act("reply", pgettext_lazy("act", "答复举报人"), forms.ReplyForm, lambda one, s, by: intake.reply(petition=one, by=by, **s), verb="tell", fits=intake.is_online),
        Act("read", pgettext_lazy("reading", "送阅"), forms.ReadingForm, lambda one, s, by: reading.give_to_read(petition=one, by=by, new=reading.NewReading(**s)), fits=_stands),
        Act("read-back", pgettext_lazy("act", "收回"), forms.ReadBackForm, lambda row, s, by: reading.take_back_read(reading=row, by=by, **s), selectors.reading_by_pk),
        Act("withdraw-read", gettext_lazy("撤下"), ReasonForm, lambda row, s, by: reading.withdraw_reading(reading=row, by=by, **s), selectors.reading_by_pk),
        Act("meddling", pgettext_lazy("act", "登记过问干预"), forms.MeddlingForm, _meddled, fits=_stands, is_rare=True),
        Act("recuse", gettext_lazy("回避"), forms.RecuseForm, _recuse, verb="view", fits=_stands, away="desk:petitions", is_rare=True),
        Act("classify", pgettext_lazy("act", "归类"), forms.ClassifyForm, lambda one, s, by: classify(petition=one, by=by, **s), fits=_stands, is_opening=True),
        Act("edit", gettext_lazy("更正"), entries.AmendForm, entry.amend, fits=_stands, is_rare=True),
        Act("withdraw", gettext_lazy("撤下"), ReasonForm, lambda one, s, by: registering.withdraw(petition=one, by=by, **s), fits=_stands, is_rare=True),
    ),
)  # fmt: skip
REPEATS_ROOM = Room("desk:petition-repeats", selectors.by_uid, show_petition, Petition)
RECEIPTS_ROOM = Room(
    "desk:superior-receipts",
    lambda viewer: viewer,
    show_receipts,
    SuperiorReceipt,
    (Act("take", pgettext_lazy("act", "登记密封件"), forms.ReceiptForm, lambda _viewer, s, by: beside.take_for_superior(new=beside.NewReceipt(office=entry.office_of(s), **s), by=by)),),
    keep="create",
)  # fmt: skip
RECEIPT_ROOM = Room(
    "desk:superior-receipt",
    selectors.receipt_by_uid,
    show_receipt,
    SuperiorReceipt,
    (
        Act("hand-up", pgettext_lazy("act", "报送上级"), forms.HandUpForm, lambda one, s, by: beside.hand_up(receipt=one, by=by, handed=beside.Handed(**s)), fits=_waits),
        Act("withdraw", gettext_lazy("撤下"), ReasonForm, lambda one, s, by: beside.withdraw_receipt(receipt=one, by=by, **s), fits=_waits),
    ),
)  # fmt: skip
MEDDLINGS_ROOM = Room(
    "desk:meddlings",
    lambda viewer: viewer,
    show_meddlings,
    Meddling,
    (Act("note", pgettext_lazy("act", "登记过问干预"), forms.MeddlingForm, _meddled),),
    keep="create",
)
MEDDLING_ROOM = Room(
    "desk:meddling",
    selectors.meddling_by_uid,
    show_meddling,
    Meddling,
    (Act("withdraw", gettext_lazy("撤下"), ReasonForm, lambda one, s, by: beside.withdraw_meddling(meddling=one, by=by, **s), fits=_stands),),
)  # fmt: skip
