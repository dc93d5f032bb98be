"""The scan of what was signed on paper: of a 签批 and of a reply. It comes with them or later, one at a time: a wrong one is taken down."""

from django.db.transaction import atomic

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.files.store import Upload
from jiandu.loop.instruments.models import Instrument, Reply, SignOff
from jiandu.loop.instruments.services.locking import begin, log
from jiandu.net.access import deciding


@atomic
def add_scan(*, row: SignOff | Reply, by: Viewer, scan: Upload) -> SignOff | Reply:
    """The scan of a paper that was typed without one. Raises Refused: not-paper, scan-kept, not-there."""
    one, fresh = _locked(row, by)
    log(by, "add_scan", one, of=str(fresh.uid), scan=deciding.put_later(fresh, scan))
    return fresh


@atomic
def withdraw_scan(*, row: SignOff | Reply, by: Viewer, reason: str) -> SignOff | Reply:
    """撤下扫描件 that was attached by mistake. Raises Refused: no-scan, reason-needed, not-there."""
    one, fresh = _locked(row, by)
    log(by, "withdraw_scan", one, of=str(fresh.uid), scan=deciding.take_down_scan(fresh, by, reason))
    return fresh


def _locked(row: SignOff | Reply, by: Viewer) -> tuple[Instrument, SignOff | Reply]:
    one = begin(Instrument(pk=row.instrument_id), by, "paper" if isinstance(row, SignOff) else "reply")
    fresh: SignOff | Reply = type(row).objects.get(pk=row.pk)
    if one.withdrawn_on is not None or (isinstance(fresh, Reply) and fresh.withdrawn_on is not None):
        raise Refused("not-there", "该记录已撤下")
    return one, fresh
