"""How a decision is written down, online or typed from paper: the same for whatever waits for one."""

from dataclasses import dataclass
from datetime import date

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.files.store import Upload
from jiandu.net.access.persons import Who
from jiandu.net.access.signing import Scanned, Signing
from jiandu.net.access.standing import viewer_as_person

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


def check_typed(row: Signing) -> None:
    """The paper waits for a second person. Raises Refused (already-decided)."""
    if row.status != Status.ON_PAPER:
        raise Refused("already-decided", "该事项已处理，请刷新页面")


def lapse(row: Signing) -> None:
    """It is decided no more: sent back, or its matter has moved on."""
    row.status = Status.LAPSED
    row.save(update_fields=["status"])


def put(row: Scanned, scan: Upload | None) -> str:
    """Puts a stored file on a row that is written in the same act. Gives its hash for the log, "" where none came."""
    if scan is None:
        return ""
    row.scan_name, row.scan_sha256 = scan.name, scan.stored.sha256
    row.save(update_fields=["scan_name", "scan_sha256"])
    return row.scan_sha256


def put_later(row: Scanned, scan: Upload) -> str:
    """The scan of a paper that was typed without one; once. Gives its hash. Raises Refused: not-paper, scan-kept."""
    if isinstance(row, Signing) and not row.is_paper:
        raise Refused("not-paper", "线上签批没有扫描件")
    if row.scan_sha256:
        raise Refused("scan-kept", "已有扫描件：%(name)s", name=row.scan_name)
    return put(row, scan)


def take_down_scan(row: Scanned, by: Viewer, reason: str) -> dict[str, str]:
    """撤下扫描件: a wrong one stays on the row with who took it down, when and why; the right one may then come.

    Gives that, for the log. Raises Refused: no-scan, reason-needed.
    """
    if not row.scan_sha256:
        raise Refused("no-scan", "没有扫描件")
    if not reason.strip():
        raise Refused("reason-needed", "请写明事由")
    gone = {"name": row.scan_name, "sha256": row.scan_sha256, "on": today().isoformat()}
    gone |= {"by": by.name, "reason": reason.strip()[:200]}
    row.past_scans = [*row.past_scans, gone]
    row.scan_name = row.scan_sha256 = ""
    row.save(update_fields=["scan_name", "scan_sha256", "past_scans"])
    return gone


def _write(row: Signing, signature: Signature, status: str, *more: str) -> None:
    row.status = status
    row.is_granted = signature.is_granted
    row.signed_on = signature.on
    row.opinion = signature.opinion
    if signature.signer is not None:
        row.signer_name, row.signer_id = signature.signer.name, signature.signer.person_id
    row.save(update_fields=["status", "is_granted", "signed_on", "opinion", "signer_name", "signer", *more])
