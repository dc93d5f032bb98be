"""Verbs of 合同文本扫描: the paper of a contract is attached, or taken down."""

from datetime import date
from pathlib import Path

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.base.files.store import Upload
from jiandu.sources.ledgers.collectives import Collective, Contract, Kept
from jiandu.sources.ledgers.scans import STANDING, ContractScan

#: What a scanner or a camera gives.
KINDS = frozenset({".pdf", ".ofd", ".jpg", ".jpeg", ".png", ".tif", ".tiff"})


@atomic
def attach_scan(*, contract: Kept, by: Viewer, scan: Upload) -> ContractScan:
    """上传合同扫描件. Raises Refused: no-contract (a row of another ledger), not-allowed, file-kind, scan-kept (it is there already)."""
    if not isinstance(contract, Contract):
        raise Refused("no-contract", "只有合同可以上传扫描件")
    one = _kept(contract.collective_id, by)
    if Path(scan.name).suffix.lower() not in KINDS:
        raise Refused("file-kind", "不支持的文件类型:%(name)s", name=scan.name)
    sha256 = scan.stored.sha256
    if ContractScan.objects.filter(STANDING, collective=one, code=contract.code, sha256=sha256).exists():
        raise Refused("scan-kept", "该扫描件已上传")
    row = ContractScan(
        collective=one,
        code=contract.code,
        name=scan.name[:200],
        sha256=sha256,
        size_bytes=scan.stored.size_bytes,
        by_name=by.name[:64],
    )
    row.save(force_insert=True)
    record(by, "collective.add_scan", one, payload={"contract": row.code, "sha256": row.sha256})
    return row


@atomic
def withdraw_scan(*, scan: ContractScan, by: Viewer, reason: str, on: date | None = None) -> ContractScan:
    """撤下 one that was attached by mistake, from that day (today) on. Raises Refused: not-allowed, reason-needed, already-decided."""
    one = _kept(scan.collective_id, by)
    take_back(scan, reason, on)
    record(
        by, "collective.withdraw_scan", one, payload={"contract": scan.code, "sha256": scan.sha256, "reason": reason}
    )
    return scan


def _kept(collective: int, by: Viewer) -> Collective:
    """The collective, locked. Raises Refused (not-allowed)."""
    one = Collective.objects.select_for_update(of=("self",)).filter(pk=collective).first()
    if one is None or not guard.allow(by, "edit", one):
        raise Refused("not-allowed", "您没有办理该集体经济组织的权限")
    return one
