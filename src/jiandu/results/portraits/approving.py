"""审定 of a report: online, or on paper that one person typed and another confirms."""

from datetime import date
from typing import Any

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.files.store import Upload
from jiandu.base.lexicon.selectors import items
from jiandu.net.access import deciding
from jiandu.net.access.deciding import Signature
from jiandu.net.access.persons import check_other_person
from jiandu.net.access.standing import viewer_as_person
from jiandu.results.portraits.models import Judgement, Portrait, PortraitApproval
from jiandu.results.portraits.services import DIMENSION, check_open

Status = PortraitApproval.Status


@atomic
def approve_portrait(*, portrait: Portrait, by: Viewer, on: date, approver: str = "") -> Portrait:
    """审定: from that day it counts. It needs its file, or a judgement of every dimension. Raises Refused (portrait-empty).

    `approver` is named by a register that comes in as history: such an approval was signed by nobody here.
    """
    _may(by, "approve", portrait)
    check_open(portrait)
    for row in portrait.approvals.filter(status=Status.ON_PAPER):
        deciding.lapse(row)
    _make(portrait, by, on, approver.strip() or by.name)
    if not by.is_system and not approver.strip():
        who = viewer_as_person(by)
        signed = {"is_granted": True, "signed_on": on, "signer_name": who.name[:64], "signer_id": who.person_id}
        _row(portrait, by, on, status=Status.GRANTED, **signed)
    return portrait


@atomic
def sign_on_paper(*, portrait: Portrait, by: Viewer, signature: Signature) -> PortraitApproval:
    """纸质签批: a clerk types what was signed on paper, with its scan if there is one. It counts once it is confirmed.

    Raises Refused: not-allowed, signer-needed, approve-other-person, already-asked, and what 审定 is refused for.
    """
    _may(by, "paper", portrait)
    check_open(portrait)
    check_other_person(deciding.check_signer_named(signature), viewer_as_person(by))
    _check(portrait, by, signature.on)
    if portrait.approvals.filter(status=Status.ON_PAPER).exists():
        raise Refused("already-asked", "同一事项已在签批中")
    row = _row(portrait, by, signature.on)
    deciding.write_paper(row, by, signature)
    scan = deciding.put(row, signature.scan)
    record(by, "portrait.sign_on_paper", portrait, payload={"scan": scan, **deciding.said(row)})
    return row


@atomic
def confirm_paper(*, approval: PortraitApproval, by: Viewer) -> PortraitApproval:
    """A second person has seen the paper: the report is approved on its date. Raises Refused (two-persons, already-decided)."""
    portrait, row = _typed(approval, by)
    signature = deciding.confirm(row, by)
    deciding.write(row, signature)
    record(by, "portrait.decide", portrait, payload=deciding.said(row))
    if signature.is_granted:
        check_open(portrait)
        _make(portrait, by, signature.on, row.signer_name)
    return row


@atomic
def return_paper(*, approval: PortraitApproval, by: Viewer, reason: str) -> PortraitApproval:
    """What was typed is not what the paper says: it lapses, and may be typed anew. Raises Refused (reason-needed)."""
    portrait, row = _typed(approval, by)
    if not reason.strip():
        raise Refused("reason-needed", "请写明事由")
    deciding.lapse(row)
    record(by, "portrait.return_paper", portrait, payload={"reason": reason.strip()})
    return row


@atomic
def add_scan(*, approval: PortraitApproval, by: Viewer, scan: Upload) -> PortraitApproval:
    """The scan of a paper that was typed without one. Raises Refused: not-paper, scan-kept."""
    _may(by, "paper", approval.portrait)
    row = PortraitApproval.objects.get(pk=approval.pk)
    kept = deciding.put_later(row, scan)
    record(by, "portrait.add_scan", approval.portrait, payload={"of": str(row.uid), "scan": kept})
    return row


@atomic
def withdraw_scan(*, approval: PortraitApproval, by: Viewer, reason: str) -> PortraitApproval:
    """撤下扫描件 that was attached by mistake. Raises Refused: no-scan, reason-needed."""
    _may(by, "paper", approval.portrait)
    row = PortraitApproval.objects.get(pk=approval.pk)
    gone = deciding.take_down_scan(row, by, reason)
    record(by, "portrait.withdraw_scan", approval.portrait, payload={"of": str(row.uid), "scan": gone})
    return row


def _may(by: Viewer, verb: str, portrait: Portrait) -> None:
    if not guard.allow(by, verb, portrait):
        raise Refused("not-allowed", "您没有审定的权限")


def _typed(approval: PortraitApproval, by: Viewer) -> tuple[Portrait, PortraitApproval]:
    """The report and the paper that waits; whoever confirms may also send back."""
    _may(by, "confirm_paper", approval.portrait)
    portrait = Portrait.objects.select_for_update(of=("self",)).get(pk=approval.portrait_id)
    row = PortraitApproval.objects.get(pk=approval.pk)
    deciding.check_typed(row)
    return portrait, row


def _row(portrait: Portrait, by: Viewer, on: date, **signed: Any) -> PortraitApproval:
    row = PortraitApproval(portrait=portrait, asked_on=on, asked_by_id=by.user_id, asked_by_name=by.name[:64], **signed)
    row.save(force_insert=True)
    return row


def _check(portrait: Portrait, by: Viewer, on: date) -> None:
    if not portrait.period_to <= on <= today():
        raise Refused("step-date", "审定日期应不早于分析期止日，且不晚于今天")
    wanted = {item.pk for item in items(by, DIMENSION, portrait.year)}
    judged = set(Judgement.objects.filter(portrait=portrait).values_list("dimension_id", flat=True))
    if not portrait.sha256 and wanted - judged:
        raise Refused(
            "portrait-empty", "请上传报告文件，或逐个维度写明研判：尚缺%(count)d个维度", count=len(wanted - judged)
        )


def _make(portrait: Portrait, by: Viewer, on: date, approver: str) -> None:
    _check(portrait, by, on)
    portrait.approved_on, portrait.approved_by = on, approver[:64]
    portrait.save(update_fields=["approved_on", "approved_by"])
    record(by, "portrait.approve", portrait, payload={"on": on.isoformat(), "by": portrait.approved_by})
