"""Verbs of the 核数单: each figure goes to the office that owns it, which answers; the general office may decide instead."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import now, today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.access.standing import Standing
from jiandu.net.overseers.models import Office
from jiandu.results.analysis.measures.registry import Ask, find
from jiandu.results.reports.asked import last_of, lasts_of, may_answer, may_decide, said_of
from jiandu.results.reports.counting import Counted, count_all, count_one, publisher
from jiandu.results.reports.models import FigureAnswer, FigureLine, Review
from jiandu.results.reports.owners import commission_of, is_at, owners_of
from jiandu.results.reports.states import SETTLED, UNSETTLED, Said, State, Verdict, state_of


@dataclass(frozen=True)
class NewAnswer:
    """What the office says: with the digest of the rows that it saw; `signer`: of a paper, who signed it."""

    verdict: Verdict
    seen: str
    on: date
    reason: str = ""
    signer: str = ""


@atomic
def ask_offices(*, review: Review, by: Viewer) -> list[FigureLine]:
    """发核数单, and 重新取数: each figure of the text as it counts now, put to the office that owns it.

    What was answered holds where the figure counts the same rows. Raises Refused: not-allowed, frozen, no-commission.
    """
    review = _open(review)
    if not guard.allow(by, "draft", Review):
        raise Refused("not-allowed", "您没有“发核数单”的权限")
    commission = review.asked_for or commission_of(by)
    if commission is None or not is_at(by, commission):
        raise Refused("no-commission", "请由综述所属纪委监委的人员发核数单")
    if review.asked_for is None:
        review.asked_for = commission
        review.save(update_fields=["asked_for"])
    ask = Ask(review.year, review.as_of, now())
    counted = count_all(review, publisher(commission, by), ask)
    lines = _put(review, counted, ask, owners_of(commission, review.year, counted, _otherwise(by, commission)))
    record(by, "review.ask_offices", review, payload={line.key: str(line.value) for line in lines})
    return lines


def _open(review: Review) -> Review:
    """The review, locked. Raises Refused (frozen)."""
    review = Review.objects.select_for_update(of=("self",)).select_related("asked_for").get(pk=review.pk)
    if review.frozen_at is not None:
        raise Refused("frozen", "综述已定稿,不能修改")
    return review


def _otherwise(by: Viewer, commission: Office) -> Office:
    """Who is asked where nobody owns the figure: the office that sends the sheet."""
    own = by.standing.office_id if isinstance(by.standing, Standing) else None
    return Office.objects.filter(pk=own or 0).first() or commission


def _put(review: Review, counted: dict[str, Counted], ask: Ask, owners: dict[str, Office]) -> list[FigureLine]:
    known = {line.key: line for line in review.lines.select_related("office")}
    lasts = lasts_of(review)
    lines = []
    for key, one in counted.items():
        line = known.get(key) or FigureLine(review=review, key=key)
        _take(line, one, ask, lasts.get(line.pk))
        if line.state not in SETTLED or line.office_id is None:
            line.office = owners[key]
        line.save()
        lines.append(line)
    review.lines.exclude(key__in=counted).update(state=State.LEFT)
    return lines


def _take(line: FigureLine, one: Counted, ask: Ask, last: Said | None) -> None:
    """The line says what is counted now; its state follows."""
    line.value, line.row_count, line.digest = Decimal(one.value), one.figure.rows, one.digest
    line.as_of, line.as_known = one.figure.as_of or ask.as_of, ask.as_known or now()
    line.state = state_of(last, one.digest)


@atomic
def answer_figure(*, line: FigureLine, by: Viewer, new: NewAnswer) -> FigureAnswer:
    """确认 or 有异议. It holds for the rows that were seen. Raises Refused.

    figure-moved: the figure counts other rows than those that were looked at, which must be looked at first.
    """
    line, review = _lock(line)
    if not may_answer(by, line):
        raise Refused("not-allowed", "只有归口室组可以答复这个数字")
    if new.verdict == Verdict.OBJECT and not new.reason.strip():
        raise Refused("reason-needed", "有异议的，请写明理由")
    if new.on > today():
        raise Refused("step-date", "日期不能晚于今天:%(on)s", on=new.on.isoformat())
    counted = _count(line, review, by)
    if counted.digest != new.seen:
        raise Refused(
            "figure-moved",
            "“%(label)s”的记录刚有变化（现为%(value)s%(unit)s），请看过所计记录后再答复",
            label=find(line.key).label,
            value=str(counted.value),
            unit=find(line.key).unit,
        )
    return _say(line, by, new)


@atomic
def confirm_answer(*, line: FigureLine, by: Viewer) -> FigureAnswer:
    """A second person confirms what was typed from paper. Raises Refused: not-allowed, already-decided, two-persons."""
    line, _review = _lock(line)
    if not (may_answer(by, line) or may_decide(by, line.review)):
        raise Refused("not-allowed", "只有归口室组可以答复这个数字")
    row = last_of(line)
    if row is None or not row.waits:
        raise Refused("already-decided", "该事项已处理,请刷新页面")
    if row.by_id == by.user_id:
        raise Refused("two-persons", "纸质签批须由登记人以外的人员确认")
    row.confirmed_by_id, row.confirmed_name = by.user_id, by.name
    row.save(update_fields=["confirmed_by", "confirmed_name"])
    _settle(line, said_of(row))
    record(by, "review.confirm_figure", line.review, payload={"key": line.key, "answer": str(row.uid)})
    return row


@atomic
def decide_figures(*, review: Review, by: Viewer, reason: str, key: str = "") -> int:
    """注明理由定稿: the general office decides on a figure, or on all that are not settled, as they count now. Gives how many.

    Raises Refused: not-allowed, reason-needed, not-asked.
    """
    review = _open(review)
    if not may_decide(by, review):
        raise Refused("not-allowed", "您没有“注明理由定稿”的权限")
    if not reason.strip():
        raise Refused("reason-needed", "请写明不待答复即定稿的理由")
    if not review.lines.exists():
        raise Refused("not-asked", "还没有发核数单，请先发核数单")
    rows = review.lines.filter(state__in=UNSETTLED).order_by("pk")
    lines = list((rows.filter(key=key) if key else rows).select_related("office"))
    for line in lines:
        _count(line, review, by)
        _say(line, by, NewAnswer(Verdict.DECIDE, line.digest, today(), reason), logged=False)
    said = {"keys": [line.key for line in lines], "reason": reason.strip()}
    record(by, "review.decide_figures", review, payload=said)
    return len(lines)


def _lock(line: FigureLine) -> tuple[FigureLine, Review]:
    """The line, with its review locked before it: as every other verb does."""
    review = _open(line.review)
    line = FigureLine.objects.select_for_update(of=("self",)).select_related("office", "review").get(pk=line.pk)
    if line.state == State.LEFT:
        raise Refused("figure-left", "文稿中已没有这个数字")
    return line, review


def _count(line: FigureLine, review: Review, by: Viewer) -> Counted:
    """The figure as it counts now; the line says so."""
    ask = Ask(review.year, line.as_of, now())
    commission = review.asked_for or line.office
    counted = count_one(publisher(commission, by), line.key, ask)
    last = last_of(line)
    _take(line, counted, ask, said_of(last) if last else None)
    return counted


def _say(line: FigureLine, by: Viewer, new: NewAnswer, *, logged: bool = True) -> FigureAnswer:
    row = FigureAnswer(
        line=line,
        verdict=new.verdict,
        reason=new.reason.strip(),
        on=new.on,
        by_id=by.user_id,
        by_name=by.name,
        office_name=getattr(by.standing, "office_name", ""),
        value=line.value,
        digest=new.seen,
        signer_name=new.signer.strip(),
    )
    row.save(force_insert=True)
    _settle(line, said_of(row))
    if logged:
        said = {"key": line.key, "verdict": row.verdict, "value": str(line.value), "reason": row.reason}
        record(by, "review.answer_figure", line.review, payload=said)
    return row


def _settle(line: FigureLine, last: Said) -> None:
    line.state = state_of(last, line.digest)
    line.save()


def check_settled(review: Review, counted: dict[str, str]) -> None:
    """What a text prints has been answered as it counts now: {key: digest of the rows}. Raises Refused: not-asked, figures-open."""
    if review.asked_for_id is None:
        raise Refused("not-asked", "还没有发核数单，请先发核数单")
    lines = {line.key: line for line in review.lines.all()}
    lasts = lasts_of(review)
    open_ones = []
    for key, digest in counted.items():
        line = lines.get(key)
        if line is None or state_of(lasts.get(line.pk), digest) not in SETTLED:
            open_ones.append(find(key).label)
    if open_ones:
        raise Refused(
            "figures-open",
            "核数单还有%(count)d项没有核定，暂不能定稿：%(labels)s。请先发核数单、重新取数，或由综合部门注明理由",
            count=len(open_ones),
            labels="、".join(open_ones[:5]) + ("…" if len(open_ones) > 5 else ""),
        )
