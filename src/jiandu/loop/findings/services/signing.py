"""How a decision is written down, online or typed from paper: the same for whatever waits for one."""

from dataclasses import dataclass
from datetime import date

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.rules import Who
from jiandu.loop.findings.services.filing import Upload
from jiandu.loop.findings.services.moving import viewer_as_person
from jiandu.loop.findings.signing import Signing

Status = Signing.Status


@dataclass(frozen=True)
class Signature:
    """A decision: granted or not, by whom, when, in which words; of paper, perhaps its scan."""

    is_granted: bool
    on: date
    opinion: str = ""
    signer: Who | None = None
    scan: Upload | None = None


def check_signer_named(signature: Signature) -> Who:
    """Who signed the paper. Raises Refused (signer-needed)."""
    if signature.signer is None or not signature.signer.name.strip():
        raise Refused("signer-needed", "请填写签批人")
    return signature.signer


def write(row: Signing, signature: Signature) -> None:
    """The decision takes effect: granted or refused."""
    _write(row, signature, Status.GRANTED if signature.is_granted else Status.REFUSED)


def write_paper(row: Signing, by: Viewer, signature: Signature) -> None:
    """What was signed on paper, as typed by the viewer: it waits for a second person."""
    row.is_paper, row.typed_by_id = True, by.user_id
    _write(row, signature, Status.ON_PAPER, "is_paper", "typed_by")


def confirm(row: Signing, by: Viewer) -> Signature:
    """The second person has seen the paper. Gives what was signed; raises Refused (two-persons)."""
    if row.typed_by_id == by.user_id:
        raise Refused("two-persons", "纸质签批须由录入人以外的人确认")
    row.confirmed_by_id = by.user_id
    row.save(update_fields=["confirmed_by"])
    signer = Who(row.signer_name, row.signer_id)
    return Signature(bool(row.is_granted), row.signed_on or today(), row.opinion, signer)


def asker_of(row: Signing) -> Who | None:
    """Who asked for it, if a person did."""
    if row.asked_by_id is None:
        return None
    return viewer_as_person(Viewer(key="", name=row.asked_by_name, user_id=row.asked_by_id))


def said(row: Signing) -> dict[str, object]:
    """The decision, for the log."""
    return {
        "granted": row.is_granted,
        "signer": row.signer_name,
        "on": row.signed_on.isoformat() if row.signed_on else None,
        "paper": row.is_paper,
        "opinion": row.opinion,
    }


def _write(row: Signing, signature: Signature, status: str, *more: str) -> None:
    row.status = status
    row.is_granted = signature.is_granted
    row.signed_on = signature.on
    row.opinion = signature.opinion
    if signature.signer is not None:
        row.signer_name, row.signer_id = signature.signer.name, signature.signer.person_id
    row.save(update_fields=["status", "is_granted", "signed_on", "opinion", "signer_name", "signer", *more])
