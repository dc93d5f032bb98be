"""Reads of outcomes: of one finding, of one unit."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Sum

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Finding
from jiandu.loop.outcomes.models import MoneyRecovered, PersonTalked, RuleMade, RuleOrigin
from jiandu.net.subjects.models import Organisation

NEWEST = 20


@dataclass(frozen=True)
class Outcomes:
    """Rules, money (rows and the sum in fen), persons talked to."""

    rules: list[RuleMade]
    money: list[MoneyRecovered]
    recovered_fen: int
    talked: list[PersonTalked]


def of_finding(viewer: Viewer, finding: Finding) -> Outcomes:
    """What came of one finding."""
    guard.check_is_actor(viewer)
    led = RuleOrigin.objects.filter(rule_id=OuterRef("pk"), finding=finding)
    money = list(MoneyRecovered.objects.filter(finding=finding).order_by("received_on", "pk"))
    return Outcomes(
        rules=list(RuleMade.objects.filter(Exists(led)).order_by("issued_on", "pk")),
        money=money,
        recovered_fen=sum(row.amount_fen for row in money),
        talked=list(PersonTalked.objects.filter(finding=finding).order_by("on", "pk")),
    )


def of_unit(viewer: Viewer, organisation: Organisation) -> Outcomes:
    """What came of a unit's findings: the newest rows, and all money summed."""
    guard.check_is_actor(viewer)
    money = MoneyRecovered.objects.filter(subject=organisation)
    return Outcomes(
        rules=list(RuleMade.objects.filter(subject=organisation).order_by("-issued_on", "-pk")[:NEWEST]),
        money=list(money.order_by("-received_on", "-pk")[:NEWEST]),
        recovered_fen=money.aggregate(total=Sum("amount_fen"))["total"] or 0,
        talked=list(PersonTalked.objects.filter(subject=organisation).order_by("-on", "-pk")[:NEWEST]),
    )


def money_by_uid(viewer: Viewer, finding: Finding, uid: UUID) -> MoneyRecovered | None:
    """One recovery of a finding."""
    guard.check_is_actor(viewer)
    return MoneyRecovered.objects.filter(finding=finding, uid=uid, reverses__isnull=True).first()
