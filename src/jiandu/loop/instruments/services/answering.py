"""After delivery: the unit studies, answers and objects; we follow up, verify and close."""

from dataclasses import dataclass
from datetime import date

from django.db.transaction import atomic
from django.utils.translation import gettext as _

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.base.files.store import Upload
from jiandu.base.lexicon.selectors import items
from jiandu.loop.instruments.kinds import kind_of
from jiandu.loop.instruments.models import STANDS, Answer, Delivery, Instrument, Reply, Suggestion, Turn
from jiandu.loop.instruments.rules import OPEN, check_day
from jiandu.loop.instruments.selectors import Whole, whole
from jiandu.loop.instruments.services.locking import begin, log
from jiandu.loop.instruments.states import Stage
from jiandu.net.access.deciding import put

#: The dictionary whose first item of the year says when a copy-report may be closed.
CLOSING, DOUBLE = "copy_closing", "double"
PLAIN = (Turn.Verb.STUDY, Turn.Verb.OBJECT, Turn.Verb.SETTLE, Turn.Verb.FOLLOW_UP)


@dataclass(frozen=True)
class NewReply:
    """What the unit did, its result and proof; who signed the paper, and its scan."""

    on: date
    measures: str
    result: str = ""
    proof: str = ""
    unit_signer: str = ""
    leader_signer: str = ""
    scan: Upload | None = None


@atomic
def reply(*, instrument: Instrument, by: Viewer, new: NewReply) -> Reply:
    """《整改情况反馈单》 of the unit, which may follow an earlier one. Raises Refused: note-needed, step-date."""
    one = begin(instrument, by, "reply", *OPEN)
    check_day(new.on, one.delivered_on, today())
    if not new.measures.strip():
        raise Refused("note-needed", "请写明整改措施")
    row = Reply(
        instrument=one,
        on=new.on,
        measures=new.measures.strip(),
        result=new.result.strip(),
        proof=new.proof.strip()[:300],
        unit_signer=new.unit_signer.strip()[:64],
        leader_signer=new.leader_signer.strip()[:64],
    )
    row.save(force_insert=True)
    log(by, "reply", one, on=new.on.isoformat(), scan=put(row, new.scan))
    return row


@atomic
def withdraw_reply(*, reply: Reply, by: Viewer, reason: str, on: date | None = None) -> Reply:
    """撤下 a reply that was entered by mistake."""
    one = begin(Instrument(pk=reply.instrument_id), by, "edit", *OPEN)
    take_back(reply, reason, on)
    log(by, "withdraw_reply", one, reply=str(reply.uid), reason=reason)
    return reply


@atomic
def answer(*, suggestion: Suggestion, by: Viewer, kind: str, on: date, text: str = "") -> Answer:
    """采纳, 部分采纳 or 说明理由未采纳 of one suggestion; a new answer replaces one that was not verified.

    Raises Refused: reason-needed, already-decided, step-date.
    """
    one = begin(Instrument(pk=suggestion.instrument_id), by, "reply", *OPEN)
    check_day(on, one.delivered_on, today())
    said = Answer.Kind(kind)
    if said != Answer.Kind.ADOPTED and not text.strip():
        raise Refused("reason-needed", "部分采纳或未采纳的请说明理由")
    earlier = Answer.objects.filter(STANDS, suggestion=suggestion).first()
    if earlier is not None:
        if earlier.verified_on is not None:
            raise Refused("already-decided", "该建议的反馈已核验")
        take_back(earlier, "重新反馈")
    row = Answer(instrument=one, suggestion=suggestion, kind=said, on=on, text=text.strip())
    row.save(force_insert=True)
    log(by, "answer", one, suggestion=str(suggestion.uid), kind=said)
    return row


@atomic
def verify(*, answer: Answer, by: Viewer, on: date, note: str = "") -> Answer:
    """核验: what the answer says has been done, or its reason holds. Raises Refused: already-decided, step-date."""
    one = begin(Instrument(pk=answer.instrument_id), by, "edit", *OPEN)
    check_day(on, answer.on, today())
    fresh: Answer = Answer.objects.get(pk=answer.pk)
    if fresh.verified_on is not None or fresh.withdrawn_on is not None:
        raise Refused("already-decided", "该事项已处理，请刷新页面")
    fresh.verified_on, fresh.verified_by, fresh.verified_note = on, by.name[:64], note.strip()
    fresh.save(update_fields=["verified_on", "verified_by", "verified_note"])
    log(by, "verify", one, answer=str(answer.uid), on=on.isoformat())
    return fresh


@atomic
def tell(*, instrument: Instrument, by: Viewer, verb: str, on: date, note: str = "") -> Turn:
    """研究部署, 提出异议, 答复异议 or 跟踪督促. Raises Refused: note-needed, no-objection, step-date."""
    one = begin(instrument, by, "reply" if verb in {Turn.Verb.STUDY, Turn.Verb.OBJECT} else "edit", *OPEN)
    kind = Turn.Verb(verb)
    check_day(on, one.delivered_on, today())
    if kind not in PLAIN:
        raise Refused("sheet-turn", "该事项另有办理方式")
    if kind != Turn.Verb.STUDY and not note.strip():
        raise Refused("note-needed", "请写明内容")
    if kind == Turn.Verb.SETTLE and not _is_contested(one):
        raise Refused("no-objection", "没有待答复的异议")
    return _turn(one, by, kind, on, note)


@atomic
def withdraw_turn(*, turn: Turn, by: Viewer, reason: str, on: date | None = None) -> Turn:
    """撤下 a turn that was entered by mistake; a closing only by who may close."""
    one = begin(Instrument(pk=turn.instrument_id), by, "edit", *OPEN, Stage.CLOSED)
    if one.closed_on is not None and turn.verb != Turn.Verb.CLOSE:
        raise Refused("sheet-stage", "已销号的文书请先撤下销号")
    take_back(turn, reason, on)
    if turn.verb == Turn.Verb.CLOSE:
        one.closed_on = None
        one.save(update_fields=["closed_on"])
    log(by, "withdraw_turn", one, turn=str(turn.uid), reason=reason)
    return turn


@atomic
def close(*, instrument: Instrument, by: Viewer, on: date, note: str) -> Turn:
    """销号 with the opinion of who checked. Raises Refused that says what is still open (not-closable)."""
    one = begin(instrument, by, "close", *OPEN)
    check_day(on, max(filter(None, [one.delivered_on, one.replied_on])), today())
    if not note.strip():
        raise Refused("note-needed", "请写明核验意见")
    open_ = what_is_open(one, by)
    if open_:
        raise Refused("not-closable", "尚不能销号：%(open)s", open="；".join(open_))
    one.closed_on = on
    one.save(update_fields=["closed_on"])
    return _turn(one, by, Turn.Verb.CLOSE, on, note)


def what_is_open(one: Instrument, by: Viewer) -> list[str]:
    """What still stands between the sheet and its closing, in words."""
    return open_points(by, whole(by, one))


def open_points(by: Viewer, sheet: Whole) -> list[str]:
    """The same of a sheet that has been read: one statement at most."""
    found = _open_of_copy_report(sheet, by) if sheet.instrument.is_copy_report else _open_of_letter(sheet)
    verbs = [turn.verb for turn in sheet.turns if turn.withdrawn_on is None]
    is_contested = verbs.count(Turn.Verb.OBJECT) > verbs.count(Turn.Verb.SETTLE)
    return [*found, *([_("异议尚未答复")] if is_contested else [])]


def _open_of_copy_report(sheet: Whole, by: Viewer) -> list[str]:
    """The local rule of the year; a sheet that the leader has not seen is not closable however it was answered."""
    signed = [reply for reply in sheet.replies if reply.unit_signer]
    rule = items(by, CLOSING, sheet.instrument.drafted_on.year).first()
    is_double = rule is not None and rule.code == DOUBLE
    unseen = [row for row, turns in sheet.deliveries if row.to == Delivery.To.LEADER and not turns]
    found = [] if signed else [_("反馈单缺单位主要负责人签字")]
    if is_double and not any(reply.leader_signer for reply in signed):
        found.append(_("反馈单缺分管领导签字"))
    if not is_double and unseen:
        found.append(_("尚无分管领导批示或圈阅"))
    return found


def _open_of_letter(sheet: Whole) -> list[str]:
    answers = [answer for _row, answer in sheet.suggestions]
    silent = answers.count(None)
    unverified = sum(answer is not None and answer.verified_on is None for answer in answers)
    found = [_("%(count)d条建议尚未反馈") % {"count": silent}] if silent else []
    found += [_("%(count)d条反馈尚未核验") % {"count": unverified}] if unverified else []
    if kind_of(sheet.instrument.kind).needs_reply and not answers and not sheet.replies:
        found.append(_("单位尚未反馈"))
    return found


def _is_contested(one: Instrument) -> bool:
    """Whether an objection has not been settled: the settled ones are fewer."""
    turns = Turn.objects.filter(STANDS, instrument=one)
    return turns.filter(verb=Turn.Verb.OBJECT).count() > turns.filter(verb=Turn.Verb.SETTLE).count()


def _turn(one: Instrument, by: Viewer, verb: str, on: date, note: str) -> Turn:
    row = Turn(instrument=one, verb=verb, on=on, by_name=by.name[:64], note=note.strip())
    row.save(force_insert=True)
    log(by, str(verb), one, on=on.isoformat())
    return row
