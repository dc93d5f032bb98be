"""What a record says beyond its own columns, for many records at once: steps, measures, look-backs, rules, money."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from jiandu.base.core.text import NOTHING
from jiandu.loop.findings.models import Finding, LookBack, Measure, Step
from jiandu.loop.findings.states import SETTLING, WRITTEN, Verb
from jiandu.loop.outcomes.models import MoneyRecovered, PersonTalked, RuleMade, RuleOrigin
from jiandu.sources.activities.models import Activity
from jiandu.sources.signals.models import Signal

CONCLUDED = {Verb.APPROVE: "pass", Verb.CONCLUDE: "pass", Verb.STAGE: "stage"}


@dataclass(slots=True)
class Told:
    """Of one record; the latest of each kind of step. `rules` are titles, `recovered` is in fen."""

    activity: Activity | None = None
    signal: Signal | None = None
    is_touched: bool = False
    verbs: list[Verb] = field(default_factory=list)  # of the loop, in order
    applied_on: date | None = None
    verifier: str = ""
    method: str = ""
    conclusion: str = ""
    approver: str = ""
    closed_on: date | None = None
    looked_on: date | None = None
    look_result: str = ""
    measures: list[Measure] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    recovered: int = 0
    has_money: bool = False
    talked: int = 0


def told_of(findings: Iterable[Finding]) -> dict[int, Told]:
    """By key of the record. A dozen statements, whatever their number; pass a thousand at a time.

    The sources are looked up here: a prefetch of as many joins its keys by OR on SQLite, which ends at a depth of 1,000.
    """
    told = {finding.pk: Told() for finding in findings}
    _tell_sources(findings, told)
    pks = list(told)
    for step in Step.objects.filter(finding_id__in=pks).order_by("seq"):
        _tell_step(told[step.finding_id], step)
    looked = LookBack.objects.filter(finding_id__in=pks, done_on__isnull=False).order_by("done_on", "pk")
    for pk, on, result in looked.values_list("finding_id", "done_on", "result"):
        told[pk].looked_on, told[pk].look_result = on, result
    for measure in Measure.objects.filter(finding_id__in=pks).order_by("pk"):
        told[measure.finding_id].measures.append(measure)
    _tell_outcomes(told)
    return told


def _tell_sources(findings: Iterable[Finding], told: dict[int, Told]) -> None:
    activities = Activity.objects.in_bulk({row.activity_id for row in findings if row.activity_id})
    signals = Signal.objects.in_bulk({row.signal_id for row in findings if row.signal_id})
    for row in findings:
        told[row.pk].activity = activities.get(row.activity_id)
        told[row.pk].signal = signals.get(row.signal_id)


def _tell_step(said: Told, step: Step) -> None:
    said.is_touched |= not step.is_history
    verb = Verb(step.verb)
    if verb not in WRITTEN:
        said.verbs.append(verb)
    if verb == Verb.APPLY:
        said.applied_on = step.on
    elif verb == Verb.PASS:
        said.verifier, said.method = step.by_name, step.method
    elif verb in SETTLING:
        said.closed_on, said.approver, said.conclusion = step.on, step.by_name, CONCLUDED[verb]


def _tell_outcomes(told: dict[int, Told]) -> None:
    links = list(RuleOrigin.objects.filter(finding_id__in=told).order_by("pk").values_list("finding_id", "rule_id"))
    titles = dict(RuleMade.objects.filter(pk__in={rule for _, rule in links}).values_list("pk", "title"))
    for pk, rule in links:
        if rule in titles:
            told[pk].rules.append(titles[rule])
    for pk, fen in MoneyRecovered.objects.filter(finding_id__in=told).values_list("finding_id", "amount_fen"):
        told[pk].recovered += fen
        told[pk].has_money = True
    for pk in PersonTalked.objects.filter(finding_id__in=told).values_list("finding_id", flat=True):
        told[pk].talked += 1


def measures_text(said: Told) -> str:
    """The measures as one cell: one a line."""
    return "\n".join(measure.text for measure in said.measures)


def plain(text: str) -> str:
    """A text as a cell can hold it: no blanks around it, one kind of line end, nothing for 无 or /."""
    stripped = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return "" if stripped in NOTHING else stripped


def bodies_of(finding: Finding, offices: frozenset[str]) -> tuple[list[str], list[str]]:
    """Who found it: (registered offices, other names)."""
    names = [name for name in finding.found_by.split("、") if name]
    return [name for name in names if name in offices], [name for name in names if name not in offices]
