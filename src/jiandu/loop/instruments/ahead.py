"""What a sheet waits for next, the most pressing first. Pure: decides from what has been read.

Acts are named as on the sheet's page; who may do which is the policy's matter. Who asked for a signature or typed a paper
is not asked to sign or to confirm it.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from jiandu.base.core.guard import Viewer
from jiandu.loop.instruments.kinds import kind_of
from jiandu.loop.instruments.models import Delivery, Instrument, SignOff, Turn
from jiandu.loop.instruments.selectors import Whole
from jiandu.loop.instruments.states import Stage, is_late, stage_of


class Ahead(NamedTuple):
    """An act, the row of the sheet that it is about, and what that row is called."""

    act: str
    row: Any = None
    of: str = ""


def ahead(sheet: Whole, open_points: list[str], by: Viewer, on: date) -> list[Ahead]:
    """What may come next. `open_points`: what still stands between it and its closing."""
    stage = stage_of(sheet.instrument)
    if stage == Stage.DRAFT:
        return [_of_draft(sheet)]
    if stage == Stage.WAITING:
        return list(_of_waiting(sheet, by))
    if stage == Stage.SIGNED:
        return list(_of_signed(sheet.instrument))
    if stage not in {Stage.DELIVERED, Stage.REPLIED}:
        return []
    closing = [] if open_points else [Ahead("close")]
    return [*_of_ours(sheet, on), *_of_unit(sheet), *closing]


def _of_draft(sheet: Whole) -> Ahead:
    one = sheet.instrument
    if one.is_copy_report and not sheet.findings:
        return Ahead("list")
    return Ahead("suggest") if one.kind in Instrument.PROPOSALS and not sheet.suggestions else Ahead("submit")


def _of_waiting(sheet: Whole, by: Viewer) -> Iterator[Ahead]:
    for row in sheet.sign_offs or []:
        if row.status == SignOff.Status.ON_PAPER and row.typed_by_id != by.user_id:
            yield Ahead("confirm-paper", row)
        if row.status == SignOff.Status.WAITING:
            yield from () if row.asked_by_id == by.user_id else (Ahead("sign"), Ahead("decide"))
            yield Ahead("paper")


def _of_signed(one: Instrument) -> Iterator[Ahead]:
    """A proposal goes out under its number."""
    if not one.number:
        yield Ahead("number")
    if one.number or one.kind not in Instrument.PROPOSALS:
        yield Ahead("to-leader" if one.is_copy_report else "deliver")


def _of_ours(sheet: Whole, on: date) -> Iterator[Ahead]:
    """What we owe: an answer to an objection, a check of what was answered, a reminder once it is late, the leader's word."""
    one, verbs = sheet.instrument, _verbs(sheet)
    if one.kind in Instrument.PROPOSALS and not one.number:
        yield Ahead("number")
    if verbs.count(Turn.Verb.OBJECT) > verbs.count(Turn.Verb.SETTLE):
        yield Ahead("settle")
    for suggestion, answer in sheet.suggestions:
        if answer is not None and answer.verified_on is None:
            yield Ahead("verify", answer, suggestion.text)
    if is_late(one, on) and not any(turn.on > one.reply_due_on for turn in _standing(sheet, Turn.Verb.FOLLOW_UP)):
        yield Ahead("follow-up")
    for row, turns in sheet.deliveries:
        if row.to == Delivery.To.LEADER and not turns:
            yield Ahead("endorse", row, str(row.person))


def _of_unit(sheet: Whole) -> Iterator[Ahead]:
    """What the unit owes: study, an answer to each suggestion, its signed sheet."""
    one = sheet.instrument
    if one.study_due_on and not sheet.replies and Turn.Verb.STUDY not in _verbs(sheet):
        yield Ahead("study")
    for suggestion, answer in sheet.suggestions:
        if answer is None:
            yield Ahead("answer", suggestion, suggestion.text)
    if one.is_copy_report:
        needs = not any(reply.unit_signer for reply in sheet.replies)
    else:
        needs = kind_of(one.kind).needs_reply and not sheet.suggestions and not sheet.replies
    if needs:
        yield Ahead("reply")


def _standing(sheet: Whole, verb: str) -> list[Turn]:
    return [turn for turn in sheet.turns if turn.withdrawn_on is None and turn.verb == verb]


def _verbs(sheet: Whole) -> list[str]:
    return [turn.verb for turn in sheet.turns if turn.withdrawn_on is None]
