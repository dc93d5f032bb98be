"""分期收回: what a holder pays back in parts. Each part is money recovered, counted on the day it reaches the account."""

from dataclasses import dataclass
from datetime import date

from django.db.transaction import atomic

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Finding
from jiandu.loop.grassroots.services.checks import NewLook, look_at_asset
from jiandu.loop.outcomes.models import MoneyRecovered
from jiandu.loop.outcomes.services import NewMoney, record_recovery

ACCOUNT = "村集体账户"


@dataclass(frozen=True)
class NewInstalment:
    """A part: how much, when it reached the account; when it was paid and the receipt's number, where they are known."""

    amount_fen: int
    received_on: date
    paid_on: date | None = None
    receipt_no: str = ""


@dataclass(frozen=True)
class PackLine:
    """A line of the pack as it comes back: its number there, of which problem and asset, the result, what was paid."""

    number: int
    finding: Finding
    asset: str
    look: NewLook | None = None
    paid: tuple[NewInstalment, ...] = ()


def proof_of(asset: str, new: NewInstalment) -> str:
    """What the money rests on, in the words that tell one part from another."""
    said = [f"回头看核查包：{asset[:100]}"]
    said += [f"收据号{new.receipt_no[:40]}"] if new.receipt_no else []
    said += [f"缴款日{new.paid_on.isoformat()}"] if new.paid_on else []
    return "，".join(said)[:200]


@atomic
def record_instalment(*, finding: Finding, by: Viewer, asset: str, new: NewInstalment) -> MoneyRecovered | None:
    """收回 of one part; None where the same is recorded already: same asset, sum, day and receipt.

    Raises Refused: instalment-order (it cannot reach the account before it is paid), and as record_recovery does.
    """
    if new.paid_on is not None and new.received_on < new.paid_on:
        raise Refused("instalment-order", "到账日期不能早于缴款日期")
    proof = proof_of(asset, new)
    same = MoneyRecovered.objects.filter(finding=finding, amount_fen=new.amount_fen, received_on=new.received_on)
    if same.filter(proof=proof).exists():
        return None
    kind, account = MoneyRecovered.Kind.RENT, MoneyRecovered.AccountKind.COLLECTIVE
    money = NewMoney(new.amount_fen, new.received_on, ACCOUNT, proof, kind=kind, account_kind=account)
    return record_recovery(finding=finding, by=by, new=money)


@atomic
def take_pack(*, lines: list[PackLine], by: Viewer) -> tuple[int, int]:
    """A sheet of the pack at once, results and money, or nothing of it. Gives how many looks and parts were new.

    Raises Refused: looks-empty, looks-refused (`rows`: why, by number).
    """
    if not any(line.look or line.paid for line in lines):
        raise Refused("looks-empty", "还没有填写任何一行的结果")
    looks, parts, wrong = 0, 0, {}
    for line in lines:
        try:
            looks += bool(line.look and look_at_asset(finding=line.finding, by=by, new=line.look))
            parts += sum(
                record_instalment(finding=line.finding, by=by, asset=line.asset, new=one) is not None
                for one in line.paid
            )
        except Refused as refused:
            wrong[line.number] = refused
    if wrong:
        raise Refused("looks-refused", "有%(count)d行不能登记，整张表都没有登记", count=len(wrong), rows=wrong)
    return looks, parts
