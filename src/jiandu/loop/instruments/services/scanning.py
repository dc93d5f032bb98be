"""The scan of what was signed on paper: of a 签批 and of a reply. It comes with them or later, and once."""

from django.db.transaction import atomic

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.services.filing import Upload
from jiandu.loop.instruments.models import Instrument, Reply, SignOff
from jiandu.loop.instruments.services.locking import begin, log


def put(row: SignOff | Reply, scan: Upload | None) -> str:
    """Puts a stored file on a row that is written in the same act. Gives its hash for the log, "" where none came."""
    if scan is None:
        return ""
    row.scan_name, row.scan_sha256 = scan.name, scan.stored.sha256
    row.save(update_fields=["scan_name", "scan_sha256"])
    return row.scan_sha256


@atomic
def add_scan(*, row: SignOff | Reply, by: Viewer, scan: Upload) -> SignOff | Reply:
    """The scan of a paper that was typed without one. Raises Refused: not-paper, scan-kept, not-there."""
    one = begin(Instrument(pk=row.instrument_id), by, "paper" if isinstance(row, SignOff) else "reply")
    fresh: SignOff | Reply = type(row).objects.get(pk=row.pk)
    if isinstance(fresh, SignOff) and not fresh.is_paper:
        raise Refused("not-paper", "线上签批没有扫描件")
    if one.withdrawn_on is not None or (isinstance(fresh, Reply) and fresh.withdrawn_on is not None):
        raise Refused("not-there", "该记录已撤下")
    if fresh.scan_sha256:
        raise Refused("scan-kept", "已有扫描件：%(name)s", name=fresh.scan_name)
    log(by, "add_scan", one, of=str(fresh.uid), scan=put(fresh, scan))
    return fresh
