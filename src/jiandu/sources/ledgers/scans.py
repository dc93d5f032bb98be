"""合同文本扫描: the paper of a collective's contract as a file of the store, by the contract's code, whatever sheets come after.

Read by whoever reads the ledger, each look logged; attached and taken down by whoever keeps it.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.core.guarded import Part
from jiandu.base.core.models import Stamped, Withdrawable
from jiandu.sources.ledgers.collectives import Collective, Contract

STANDING = Q(withdrawn_on__isnull=True)


class ContractScan(Part, Stamped, Withdrawable):
    """A scan or photo of a contract's text. Taken down, it stays on the record with the reason."""

    root_field = "collective"
    collective = models.ForeignKey(Collective, on_delete=models.PROTECT, related_name="scans")
    code = models.CharField(_("合同编号"), max_length=64)
    name = models.CharField(_("扫描件"), max_length=200)
    sha256 = models.CharField(max_length=64, editable=False)
    size_bytes = models.PositiveBigIntegerField(editable=False)
    by_name = models.CharField(_("上传人"), max_length=64)

    class Meta(Part.Meta):
        verbose_name = _("合同文本扫描件")
        constraints = [
            models.UniqueConstraint(
                fields=["collective", "code", "sha256"],
                condition=Q(withdrawn_on__isnull=True),
                name="contract_scan_once",
            )
        ]
        indexes = [models.Index(fields=["collective", "code"], name="contract_scan_by_code")]  # the contract's page

    def __str__(self) -> str:
        return self.name


def scans_of(viewer: Viewer, contract: Contract) -> list[ContractScan]:
    """Every scan of a contract, those that were taken down too, the latest first."""
    guard.check_is_actor(viewer)
    rows = ContractScan.objects.filter(collective_id=contract.collective_id, code=contract.code)
    return list(rows.order_by("-created_at", "-pk"))


def scan_by_uid(viewer: Viewer, one: Collective, uid: UUID) -> ContractScan | None:
    """A scan of the collective that stands."""
    guard.check_is_actor(viewer)
    return ContractScan.objects.filter(STANDING, collective=one, uid=uid).first()


def standing_scan(contract: Contract, pk: int) -> ContractScan | None:
    """A scan of the contract by its key, while it stands."""
    own = ContractScan.objects.filter(STANDING, collective_id=contract.collective_id, code=contract.code)
    return own.filter(pk=pk).first()


def counted(viewer: Viewer, rows: Iterable[Contract]) -> dict[str, int]:
    """Code → how many scans stand, of contracts of one collective."""
    guard.check_is_actor(viewer)
    listed = list(rows)
    own = ContractScan.objects.filter(STANDING, collective_id__in={row.collective_id for row in listed})
    told = own.filter(code__in=[row.code for row in listed]).order_by().values_list("code").annotate(n=Count("pk"))
    return dict(told)
