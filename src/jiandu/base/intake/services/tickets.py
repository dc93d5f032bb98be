"""Against floods: each form carries a signed ticket that is good for one use, once it has matured or its proof was done.

Where JavaScript runs, the browser works out a proof (ALTCHA: PBKDF2) and need not wait. Without it the ticket matures in a
minute, which is less than it takes to write. A ticket says nothing of whom it was given to; it stands in no table until
it is spent.
"""

import binascii
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import IntegrityError
from django.db.transaction import atomic

from jiandu.base.core.clock import now, today
from jiandu.base.core.errors import Refused
from jiandu.base.intake.models import SpentTicket

SALT = "jiandu.intake.ticket"
MATURE = timedelta(seconds=60)
LIFE = timedelta(hours=12)
COST, PREFIX = 5_000, "00"  # 256 tries on the mean, a second of a browser
LONGEST = 4_000  # characters of a proof


@dataclass(frozen=True)
class Ticket:
    """A ticket for one purpose, and the moment since which it runs (seconds)."""

    purpose: str
    id: str
    issued: int

    @property
    def text(self) -> str:
        """As it stands in a form."""
        return signing.Signer(salt=SALT).sign_object([self.purpose, self.id, self.issued])

    @property
    def wait(self) -> int:
        """Seconds until it has matured."""
        return max(0, self.issued + int(MATURE.total_seconds()) - int(now().timestamp()))

    @property
    def challenge(self) -> dict[str, Any]:
        """What the browser works on."""
        from altcha import create_challenge, derive_key_pbkdf2  # noqa: PLC0415 -- slow import

        made = create_challenge(
            algorithm="PBKDF2/SHA-256",
            cost=COST,
            key_prefix=PREFIX,
            derive_key=derive_key_pbkdf2,
            hmac_secret=_proof_key(),
            data={"ticket": self.id},
        )
        return made.to_dict()


def new_ticket(purpose: str) -> Ticket:
    """One for a form of this purpose."""
    return Ticket(purpose, secrets.token_hex(16), int(now().timestamp()))


def read_ticket(text: str, purpose: str) -> Ticket:
    """The ticket. Raises Refused (ticket-invalid) for one altered, for something else, or expired."""
    try:
        said, number, issued = signing.Signer(salt=SALT).unsign_object(text)
        ticket = Ticket(str(said), str(number), int(issued))
    except (signing.BadSignature, ValueError, TypeError, binascii.Error):
        raise _invalid() from None
    age = now().timestamp() - ticket.issued
    if ticket.purpose != purpose or not 0 <= age + 1 <= LIFE.total_seconds():
        raise _invalid()
    return ticket


def is_ready(ticket: Ticket, proof: str) -> bool:
    """Whether it may be spent: matured, or the work was done for this very ticket."""
    return not ticket.wait or (bool(proof) and is_proved(ticket, proof))


def is_proved(ticket: Ticket, proof: str) -> bool:
    """Whether the proof is one, made here for this ticket."""
    from altcha import Payload, derive_key_pbkdf2, verify_solution  # noqa: PLC0415 -- slow import

    if len(proof) > LONGEST:
        return False
    try:
        payload = Payload.from_base64(proof)
        said = payload.challenge.parameters
        fits = (said.data or {}).get("ticket") == ticket.id and said.cost == COST and said.key_prefix == PREFIX
        done = fits and verify_solution(payload, derive_key=derive_key_pbkdf2, hmac_secret=_proof_key()).verified
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return False
    return bool(done)


@atomic
def spend(ticket: Ticket, proof: str = "", *, on: str = "") -> None:
    """Uses it, or its one use `on` something that comes before. Raises Refused: ticket-early (before its minute is over, without proof), ticket-spent."""
    if not is_ready(ticket, proof):
        raise Refused("ticket-early", "请在%(wait)d秒后再提交一次", wait=ticket.wait)
    try:
        with atomic():
            SpentTicket(ticket=_use(ticket, on), until=_until(ticket)).save(force_insert=True)
    except IntegrityError:
        if ticket.purpose == "report":  # its sender may have lost the answer on the way
            raise Refused(
                "ticket-spent",
                "这份表单已经提交过。看到过查询码的，举报已经收下，不用再提交；没有看到查询码的，请重新打开页面再提交一次",
            ) from None
        raise Refused("ticket-spent", "这份表单已经提交过，请重新打开页面") from None


@atomic
def forget_tickets() -> int:
    """Drops those that could not be used again anyway; gives how many."""
    return SpentTicket.objects.filter(until__lt=today()).delete()[0]


def _use(ticket: Ticket, on: str) -> str:
    return sha256(f"{on} {ticket.id}".encode()).hexdigest()[:32] if on else ticket.id


def _until(ticket: Ticket) -> Any:
    return (datetime.fromtimestamp(ticket.issued, now().tzinfo) + LIFE).date()


def _invalid() -> Refused:
    return Refused("ticket-invalid", "表单已失效，请重新打开页面")


def _proof_key() -> str:
    return sha256(f"jiandu proof {settings.SECRET_KEY}".encode()).hexdigest()
