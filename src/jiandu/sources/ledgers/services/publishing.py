"""Verbs of publication: a period's statement, its postings, what owners object, what the commission sees in a spot check."""

from dataclasses import dataclass
from datetime import date

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.base.files.store import Stored
from jiandu.base.lexicon.models import Item
from jiandu.sources.ledgers import duty
from jiandu.sources.ledgers.models import Estate, Objection, Posting, SpotCheck, Statement, StatementLine
from jiandu.sources.ledgers.services.estates import may


@dataclass(frozen=True)
class Sums:
    """A statement's totals in fen, the account, and what the bank has."""

    opening_fen: int
    income_fen: int
    expense_fen: int
    closing_fen: int
    account: str = ""
    bank_fen: int | None = None


@dataclass(frozen=True)
class Line:
    """One line: side, item, amount in fen, and what is known of it: what was due, when it was booked, with whom, by what."""

    side: str
    item: Item
    amount_fen: int
    note: str = ""
    due_fen: int | None = None
    booked_on: date | None = None
    party: str = ""
    party_code: str = ""
    term: str = ""
    resolution: str = ""
    slip_no: str = ""
    is_cash: bool | None = None


@atomic
def state(*, estate: Estate, by: Viewer, period: date, sums: Sums, lines: tuple[Line, ...] = ()) -> Statement:
    """收支表. One that does not add up is kept and shown as such. A second one of the period replaces the first.

    Raises Refused: period (no last day of a period), amounts (below zero).
    """
    may(by, "edit", estate)
    check_period(period)
    if min(sums.income_fen, sums.expense_fen) < 0 or any(line.amount_fen <= 0 for line in lines):
        raise Refused("amounts", "收入、支出和明细金额不能为负数")
    before = Statement.objects.filter(estate=estate, period_on=period, withdrawn_on__isnull=True).first()
    if before is not None:
        take_back(before, "已更正")
    row = Statement(estate=estate, period_on=period, **vars(sums))
    row.save(force_insert=True)
    StatementLine.objects.bulk_create([StatementLine(estate=estate, statement=row, **vars(line)) for line in lines])
    payload = {"period": period.isoformat(), "off_fen": row.off_fen, "lines": len(lines)}
    record(by, "estate.state", estate, payload=payload)
    return row


def check_period(period: date) -> None:
    """Raises Refused (period) where the day ends no period, or has not come."""
    if duty.period_of(period) != period or period > today():
        raise Refused("period", "应为已结束的公示周期的最后一天：%(on)s", on=period.isoformat())


@dataclass(frozen=True)
class NewPosting:
    """For which period, where, from when until when, whether the details are shown; the photo's file, if any."""

    period: date
    channel: str
    posted_on: date
    until: date | None = None
    is_detailed: bool = True
    place: str = ""
    photo: Stored | None = None


@atomic
def post(*, estate: Estate, by: Viewer, new: NewPosting) -> Posting:
    """登记公示. Raises Refused: period, step-date, posting-order, posting-once."""
    may(by, "edit", estate)
    check_period(new.period)
    if new.posted_on > today():
        raise Refused("step-date", "日期不能晚于今天：%(on)s", on=new.posted_on.isoformat())
    if new.posted_on <= new.period or (new.until is not None and new.until < new.posted_on):
        raise Refused("posting-order", "公示应在周期结束之后，公示止日不早于起日")
    channel = Posting.Channel(new.channel)
    same = Posting.objects.filter(
        estate=estate, period_on=new.period, channel=channel, posted_on=new.posted_on, withdrawn_on__isnull=True
    )
    if same.exists():
        raise Refused("posting-once", "该次公示已登记")
    row = Posting(
        estate=estate,
        period_on=new.period,
        channel=channel,
        is_detailed=new.is_detailed,
        posted_on=new.posted_on,
        until=new.until,
        place=new.place.strip()[:300],
        photo=new.photo.sha256 if new.photo else "",
    )
    row.save(force_insert=True)
    record(by, "estate.post", estate, payload={"period": new.period.isoformat(), "channel": str(channel)})
    return row


@atomic
def take_down(*, posting: Posting, by: Viewer, until: date) -> Posting:
    """The posting came down: the last day on which it was up. Raises Refused (posting-order)."""
    may(by, "edit", posting.estate)
    if not posting.posted_on <= until <= today():
        raise Refused("posting-order", "公示止日应不早于公示起日，且不晚于今天")
    posting.until = until
    posting.save(update_fields=["until"])
    record(by, "estate.take_down", posting.estate, payload={"posting": str(posting.uid), "on": until.isoformat()})
    return posting


@atomic
def withdraw_posting(*, posting: Posting, by: Viewer, reason: str, on: date | None = None) -> Posting:
    """撤下 a posting that was not so: it counts no more from that day (today) on."""
    may(by, "edit", posting.estate)
    take_back(posting, reason, on)
    record(by, "estate.withdraw_posting", posting.estate, payload={"posting": str(posting.uid), "reason": reason})
    return posting


@atomic
def object_to(*, estate: Estate, by: Viewer, raised_on: date, text: str) -> Objection:
    """登记异议: what owners say against a posting, without their names."""
    may(by, "edit", estate)
    if raised_on > today() or not text.strip():
        raise Refused("objection", "请填写异议内容，日期不能晚于今天")
    row = Objection(estate=estate, raised_on=raised_on, text=text.strip())
    row.save(force_insert=True)
    record(by, "estate.object", estate, payload={"on": raised_on.isoformat()})
    return row


@atomic
def answer(*, objection: Objection, by: Viewer, on: date, text: str) -> Objection:
    """答复异议, once."""
    may(by, "edit", objection.estate)
    if objection.answered_on is not None:
        raise Refused("already-decided", "该异议已答复，请刷新页面")
    if not objection.raised_on <= on <= today() or not text.strip():
        raise Refused("objection", "请填写答复，答复日期不早于提出日期且不晚于今天")
    objection.answered_on, objection.answer = on, text.strip()
    objection.save(update_fields=["answered_on", "answer"])
    record(by, "estate.answer", objection.estate, payload={"on": on.isoformat()})
    return objection


@atomic
def spot_check(*, estate: Estate, by: Viewer, period: date, on: date, result: str, note: str = "") -> SpotCheck:
    """抽查: what was seen. It moves no figure; a posting that was not so is taken back by itself. Raises Refused: period, check-order, step-date, note-needed."""
    may(by, "edit", estate)
    check_period(period)
    said = SpotCheck.Result(result)
    if on <= period:
        raise Refused("check-order", "抽查应在公示周期结束之后：%(period)s", period=period.isoformat())
    if on > today():
        raise Refused("step-date", "日期不能晚于今天：%(on)s", on=on.isoformat())
    if said != SpotCheck.Result.AS_TOLD and not note.strip():
        raise Refused("note-needed", "与报送不一致的，请写明情况")
    row = SpotCheck(estate=estate, period_on=period, on=on, by_name=by.name[:64], result=said, note=note.strip())
    row.save(force_insert=True)
    record(by, "estate.spot_check", estate, payload={"period": period.isoformat(), "result": str(said)})
    return row
