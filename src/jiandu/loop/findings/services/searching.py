"""Search grams of findings, written in the service's own transaction: an officer finds what he just typed.

Only records of level ≤ 1 are searched by text; the rest are found by code, unit and date.
"""

from jiandu.base.core.vendor import grams
from jiandu.loop.findings.models import Finding
from jiandu.net.access.models import Level

INDEX = "finding_grams"


def text_of(finding: Finding) -> str:
    """What is searched: number, problem, facts, unit, persons."""
    parts = [
        finding.code,
        finding.problem,
        finding.facts,
        str(finding.subject or ""),
        finding.rectifier_name,
        finding.found_by,
    ]
    return "\n".join(part for part in parts if part)


def index_finding(finding: Finding, old_text: str = "") -> None:
    """Writes or rewrites the grams of one finding; `old_text` is what was indexed before."""
    text = text_of(finding) if finding.level <= Level.INTERNAL else ""
    grams.put(INDEX, finding.pk, text, old_text)


def index_many(findings: list[Finding]) -> None:
    """The grams of findings written in bulk."""
    grams.put_many(INDEX, [(each.pk, text_of(each)) for each in findings if each.level <= Level.INTERNAL])
