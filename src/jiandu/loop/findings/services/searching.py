"""Search grams of findings, written in the service's own transaction: an officer finds what he just typed.

Only records of level ≤ 1 are searched by text; the rest are found by code, unit and date.
"""

from collections.abc import Iterable

from jiandu.base.core.vendor import grams
from jiandu.loop.findings.models import Finding
from jiandu.net.access.models import Level

INDEX = "finding_grams"


def text_of(finding: Finding) -> str:
    """What is searched: number, problem, facts, unit, persons."""
    subject = str(finding.subject or "")
    return joined(finding.code, finding.problem, finding.facts, subject, finding.rectifier_name, finding.found_by)


def joined(*parts: str) -> str:
    """The parts of a text that is searched."""
    return "\n".join(filter(None, parts))


def index_finding(finding: Finding, old_text: str = "") -> None:
    """Writes or rewrites the grams of one finding; `old_text` is what was indexed before."""
    text = text_of(finding) if finding.level <= Level.INTERNAL else ""
    grams.put(INDEX, finding.pk, text, old_text)


def cut(text: str) -> str:
    """The grams of a text as they are stored; a ledger's are cut before its rows are written."""
    return grams.cut(text)


def index_cut(rows: Iterable[tuple[int, str]]) -> None:
    """The grams, cut already, of new findings written in bulk; "" where a finding is not searched."""
    grams.add_many(INDEX, [(key, said) for key, said in rows if said])


def index_many(findings: Iterable[Finding]) -> None:
    """Writes or rewrites the grams of many findings."""
    grams.put_many(INDEX, [(each.pk, text_of(each) if each.level <= Level.INTERNAL else "") for each in findings])
