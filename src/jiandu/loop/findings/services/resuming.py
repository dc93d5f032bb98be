"""中止 and its clock: while a finding is suspended its term stands still, and goes on where it stopped."""

from dataclasses import dataclass
from datetime import date

from jiandu.base.core.errors import Refused
from jiandu.loop.findings import terms
from jiandu.loop.findings.models import Finding, Step
from jiandu.loop.findings.states import Verb


@dataclass(frozen=True)
class Standstill:
    """A suspension from its first day to the day on which work goes on: how long it stood, when it is due then."""

    since: date
    days: int
    due_on: date | None

    def said(self, note: str, due_before: date | None, due_after: date | None) -> str:
        """What the step says: the days that did not count, and what became of the term."""
        moved = ""
        if due_after != due_before:
            word = "顺延至" if due_after == self.due_on else "改定为"
            moved = f"，整改时限由 {due_before or '未定'} {word} {due_after}"
        return "；".join(filter(None, [note, f"中止 {self.days} 个工作日{moved}"]))


def standstill(finding: Finding, on: date) -> Standstill:
    """How the suspended finding stands if work goes on that day."""
    stops = Step.objects.filter(finding=finding, verb=Verb.SUSPEND).order_by("-seq")
    since = stops.values_list("on", flat=True).first() or on
    due_on = finding.due_on and terms.due_after_standstill(finding.due_on, since, on)
    return Standstill(since, terms.stood_still(since, on), due_on)


def check_due(finding: Finding, on: date, due_on: date) -> None:
    """A date of the officer's own gives at least what the unit had. Raises Refused (due-after-resume)."""
    earliest = finding.due_on or on
    if due_on < earliest:
        raise Refused(
            "due-after-resume",
            "恢复办理后的整改时限不能早于%(earliest)s：%(due_on)s",
            earliest=earliest.isoformat(),
            due_on=due_on.isoformat(),
        )
