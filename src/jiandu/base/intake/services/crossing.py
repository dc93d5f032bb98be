"""Taking in a bundle of the other side. All of it or nothing; taken in twice it changes nothing more."""

import os
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.db.transaction import atomic

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.intake import files
from jiandu.base.intake.bundles import Bundle, damaged, message_from, own_signer, read_bundle, report_from
from jiandu.base.intake.models import Attachment, Message, Report, Side, State
from jiandu.base.intake.signers import INWARD, OUTWARD, From, check_direction
from jiandu.base.published.services import take_over


def take_bundle(*, path: Path) -> tuple[str, int]:
    """(its kind, how many reports, messages and notices are new here).

    Raises Refused: bundle-damaged, own-bundle, unknown-signer, unknown-kind, wrong-direction.
    """
    bundle = read_bundle(path)
    if bundle.signer == own_signer():
        raise Refused("own-bundle", "这是本机导出的数据包，请拿到另一侧导入")
    direction = check_direction(bundle.signer, bundle.said.get("kind"))
    if direction is From.BELOW:
        return INWARD, _inward(bundle)
    count = _outward(bundle, notices=direction is From.HOUSE)
    _let_go(bundle)
    return OUTWARD, count


@atomic
def carry_messages() -> int:
    """What was added to reports that our offices have: it is in their hands. Gives how many."""
    rows = Message.objects.filter(is_answer=False, state=State.WAITING)
    return rows.filter(report__state=State.CARRIED, report__side=Side.OWN).update(state=State.CARRIED)


@atomic
def _inward(bundle: Bundle) -> int:
    known = set(Report.objects.values_list("uid", flat=True))
    fresh = [row for said in bundle.said["reports"] if (row := report_from(said)).uid not in known]
    Report.objects.bulk_create(fresh)
    new = {str(row.uid) for row in fresh}
    for said in bundle.said["attachments"]:
        if said["report"] in new:
            _store(said["place"], bundle.file(said["place"]))
            Attachment(
                uid=UUID(said["uid"]), report_id=UUID(said["report"]), place=said["place"], size=said["size"]
            ).save(force_insert=True)
    return len(fresh) + _messages(bundle.said["messages"], are_answers=False)


@atomic
def _outward(bundle: Bundle, *, notices: bool) -> int:
    """What the inside has need not lie here any longer: the envelopes go, the row stays for the receipt.

    `notices`: they are as told, if this is the public side of who tells. Another house's count of numbers is not ours.
    """
    has = {UUID(uid) for uid in bundle.said["reports"]}
    keys = [uid for uid in Report.objects.filter(state=State.WAITING).values_list("uid", flat=True) if uid in has]
    Report.objects.filter(pk__in=keys).update(state=State.CARRIED, content=b"", identity=None)
    heard = {UUID(uid) for uid in bundle.said["heard"]}
    waiting = Message.objects.filter(is_answer=False, state=State.WAITING)
    mine = [uid for uid in waiting.values_list("uid", flat=True) if uid in heard]
    Message.objects.filter(pk__in=mine).update(state=State.CARRIED)
    answers = _messages(bundle.said["messages"], are_answers=True)
    return answers + (take_over(told=bundle.said.get("notices", [])) if notices else 0)


def _let_go(bundle: Bundle) -> None:
    """Files of what went: once that they went is written, and the row after the file, so that the next bundle ends what was broken off."""
    has = {UUID(uid) for uid in bundle.said["reports"]}
    for row in Attachment.objects.filter(report__state=State.CARRIED).order_by("pk"):
        if row.report_id in has:
            (files.folder() / row.place).unlink(missing_ok=True)
            row.delete()


def _messages(told: list[dict[str, Any]], *, are_answers: bool) -> int:
    """Answers come from the inside alone, and further words from outside alone: what says otherwise is left."""
    known = set(Message.objects.values_list("uid", flat=True))
    reports = set(Report.objects.values_list("uid", flat=True))
    count = 0
    for said in told:
        if said["is_answer"] != are_answers or UUID(said["uid"]) in known or UUID(said["report"]) not in reports:
            continue
        last = Message.objects.filter(report=UUID(said["report"])).aggregate(last=Max("seq"))["last"] or 0
        message_from(said, last + 1).save(force_insert=True)
        count += 1
    return count


def _store(place: str, content: bytes) -> None:
    """Raises Refused (bundle-damaged) for a name that is none of ours."""
    if len(place) != 32 or not set(place) <= set("0123456789abcdef"):
        raise damaged()
    parts = files.folder() / "parts"
    parts.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = parts / f"{today().isoformat()}-{place}"
    with part.open("wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    os.utime(part, (files.FIXED, files.FIXED))
    part.replace(files.folder() / place)
    files.settle()
