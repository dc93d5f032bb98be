"""Outcomes that a ledger tells, written in bulk beside the findings written in bulk."""

from dataclasses import dataclass
from datetime import date

from jiandu.loop.findings.models import Finding
from jiandu.loop.outcomes.models import MoneyRecovered, RuleMade, RuleOrigin
from jiandu.loop.outcomes.services import placed


@dataclass(frozen=True, slots=True)
class Came:
    """What came of one finding as a ledger tells it: rules by title, money in fen, both on a derived date."""

    finding: Finding
    issuer: str
    rules: tuple[str, ...]
    recovered_fen: int
    on: date


def write_outcomes(rows: list[Came]) -> None:
    """Writes rules (each once an office, linked to every finding that led to it) and money. The caller records the act."""
    _write_rules([row for row in rows if row.rules])
    known = set(
        MoneyRecovered.objects.filter(finding_id__in=[row.finding.pk for row in rows]).values_list(
            "finding_id", flat=True
        )
    )
    MoneyRecovered.objects.bulk_create(
        [
            placed(
                row.finding,
                MoneyRecovered(finding=row.finding, amount_fen=row.recovered_fen, received_on=row.on, is_derived=True),
            )
            for row in rows
            if row.recovered_fen > 0 and row.finding.pk not in known
        ]
    )


def _write_rules(rows: list[Came]) -> None:
    titles = {title for row in rows for title in row.rules}
    known = {
        (rule.owner_office_id, rule.title, rule.issuer): rule
        for rule in RuleMade.objects.filter(title__in=titles, number="")
    }
    fresh: list[RuleMade] = []
    for row in rows:
        for title in row.rules:
            key = (row.finding.owner_office_id, title, row.issuer)
            if key not in known:
                rule = RuleMade(title=title, issuer=row.issuer, issued_on=row.on, is_derived=True)
                known[key] = placed(row.finding, rule)
                fresh.append(rule)
    RuleMade.objects.bulk_create(fresh)
    linked = set(
        RuleOrigin.objects.filter(finding_id__in=[row.finding.pk for row in rows]).values_list("rule_id", "finding_id")
    )
    links = [
        (known[row.finding.owner_office_id, title, row.issuer], row.finding) for row in rows for title in row.rules
    ]
    RuleOrigin.objects.bulk_create(
        [
            RuleOrigin(rule=rule, finding=finding, finding_uid=finding.uid)
            for rule, finding in links
            if (rule.pk, finding.pk) not in linked
        ]
    )
