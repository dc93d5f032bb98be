"""Which key a report is sealed to. The public side has public halves alone, as the inside gave them."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.transaction import atomic

from jiandu.base.core.errors import Refused
from jiandu.base.intake.models import Compartment, PublishedKey, Side
from jiandu.base.sealing.suites import PublicKey


@dataclass(frozen=True)
class NewKeys:
    """The keys of an office: for the content and for the custodians, each with escrow, where there is one."""

    office: UUID
    name: str
    side: str
    content: tuple[str, ...]
    identity: tuple[str, ...]
    ranks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Receiver:
    """The office that a report is sealed to."""

    office: UUID
    name: str
    side: str


@atomic
def publish_keys(*, keys: Iterable[NewKeys]) -> int:
    """These and no others, from now on. Raises Refused: no-keys, bad-key, same-key (who reads both compartments is no custodian)."""
    listed = list(keys)
    if not any(each.side == Side.OWN for each in listed):
        raise Refused("no-keys", "至少要有一个本机关的密钥")
    rows = [_row(each, compartment) for each in listed for compartment in Compartment]
    PublishedKey.objects.all().delete()
    PublishedKey.objects.bulk_create(rows)
    return len(listed)


def receivers() -> list[Receiver]:
    """The offices that whoever reports may choose from."""
    rows = PublishedKey.objects.filter(side=Side.OWN, compartment=Compartment.CONTENT).order_by("name")
    return [Receiver(row.office, row.name, row.side) for row in rows]


def competent(office: UUID, rank: str, *, is_own: bool) -> Receiver:
    """Who may read it: the office chosen, or its superior for its own leaders and for ranks that are not its own.

    Raises Refused: no-receiver, no-superior. Such a report is never sealed to the lower office instead.
    """
    row = PublishedKey.objects.filter(office=office, side=Side.OWN, compartment=Compartment.CONTENT).first()
    if row is None:
        raise Refused("no-receiver", "请选择受理机关")
    if not is_own and (not row.ranks or rank in row.ranks):
        return Receiver(row.office, row.name, row.side)
    superior = PublishedKey.objects.filter(side=Side.SUPERIOR, compartment=Compartment.CONTENT).order_by("name").first()
    if superior is None:
        raise Refused("no-superior", "该举报应由上级机关受理，本网站暂不能接收，请直接向上级纪检监察机关反映")
    return Receiver(superior.office, superior.name, superior.side)


def keys_to(office: UUID, compartment: str) -> list[PublicKey]:
    """What to seal to. Raises Refused (no-receiver)."""
    row = PublishedKey.objects.filter(office=office, compartment=compartment).first()
    if row is None:
        raise Refused("no-receiver", "请选择受理机关")
    return [PublicKey.read(text) for text in row.public]


def _row(keys: NewKeys, compartment: Compartment) -> PublishedKey:
    public = keys.content if compartment == Compartment.CONTENT else keys.identity
    if not public:
        raise Refused("no-keys", "“%(name)s”缺少密钥", name=keys.name)
    try:
        read = [PublicKey.read(text) for text in public]
    except ValueError:
        raise Refused("bad-key", "“%(name)s”的密钥有误", name=keys.name) from None
    if keys.content[:1] == keys.identity[:1]:
        raise Refused("same-key", "“%(name)s”的信访内容和举报人信息不能用同一个密钥", name=keys.name)
    return PublishedKey(
        office=keys.office,
        name=keys.name,
        side=keys.side,
        compartment=compartment,
        public=[key.text for key in read],
        ranks=list(keys.ranks),
    )
