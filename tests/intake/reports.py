"""What the tests of the intake share: offices with keys, tickets that have matured, reports."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from altcha import Challenge, Payload, solve_challenge

from jiandu.base.core.clock import now
from jiandu.base.intake.files import SealedFile
from jiandu.base.intake.models import Rank, Side
from jiandu.base.intake.services.filing import NewReport, file_report
from jiandu.base.intake.services.keys import NewKeys, publish_keys
from jiandu.base.intake.services.tickets import MATURE, Ticket, new_ticket
from jiandu.base.sealing.receipts import Receipt
from jiandu.base.sealing.suites import PrivateKey

TEXT = "村支书把三块集体地租给了自己的弟弟"


@dataclass(frozen=True)
class Desk:
    """An office with its private keys, which the public side never sees."""

    side: str = Side.OWN
    name: str = "县纪委监委信访室"
    office: UUID = field(default_factory=uuid4)
    content: PrivateKey = field(default_factory=PrivateKey.new)
    identity: PrivateKey = field(default_factory=PrivateKey.new)

    def keys(self) -> NewKeys:
        return NewKeys(
            self.office,
            self.name,
            self.side,
            (self.content.public.text,),
            (self.identity.public.text,),
            (Rank.TOWNSHIP, Rank.STAFF, Rank.RURAL) if self.side == Side.OWN else (),
        )


def opened() -> tuple[Desk, Desk]:
    """(an office, its superior), both published."""
    own, superior = Desk(), Desk(Side.SUPERIOR, "市纪委监委信访室")
    publish_keys(keys=[own.keys(), superior.keys()])
    return own, superior


def matured(purpose: str = "report") -> Ticket:
    """A ticket of more than a minute ago."""
    ticket = new_ticket(purpose)
    return Ticket(purpose, ticket.id, int((now() - MATURE - timedelta(seconds=1)).timestamp()))


def file(desk: Desk, text: str = TEXT, **given: object) -> Receipt:
    """A report about somebody in a village."""
    said = {"said": {"summary": text}, "rank": Rank.RURAL, **given}
    return file_report(new=NewReport(office=desk.office, **said), ticket=matured())  # type: ignore[arg-type]


def sealed(name: str, *chunks: bytes) -> SealedFile:
    """A file that came in these pieces."""
    made = SealedFile(name)
    for chunk in chunks:
        made.push(chunk)
    made.end()
    return made


def proof_for(challenge: dict[str, Any]) -> str:
    """The work that a browser does."""
    found = Challenge.from_dict(challenge)
    solution = solve_challenge(found)
    assert solution is not None
    return Payload(found, solution).to_base64()
