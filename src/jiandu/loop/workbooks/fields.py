"""The columns of an export (design: domain.md §1.4): title, how it is written, where it comes from."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from jiandu.base.core.sheets.plan import Kind, OutValue
from jiandu.base.core.words import as_recorded
from jiandu.base.lexicon.models import Item
from jiandu.loop.findings.models import Finding, Measure
from jiandu.loop.findings.states import State
from jiandu.loop.workbooks.columns import TITLES
from jiandu.loop.workbooks.comparing import WORDS
from jiandu.loop.workbooks.places import PROJECT
from jiandu.loop.workbooks.told import Told, bodies_of, measures_text
from jiandu.net.overseers.models import Office
from jiandu.sources.signals.models import Signal


class Lookup:
    """Words of codes, looked up once an export."""

    @cached_property
    def offices(self) -> frozenset[str]:
        """The names of all offices."""
        return frozenset(Office.objects.values_list("name", flat=True))

    @cached_property
    def methods(self) -> dict[str, str]:
        """Ways of verifying, by code."""
        return dict(Item.objects.filter(kind="method").order_by("pk").values_list("code", "label_zh"))

    @cached_property
    def sources(self) -> dict[str, str]:
        """The sources that a ledger names, by code, as the dictionary says them."""
        said = Item.objects.filter(kind="source", code__in=[PROJECT, *Signal.Origin.values]).order_by("pk")
        return dict(said.values_list("code", "label_zh"))


@dataclass(frozen=True, slots=True)
class Seen:
    """One record with all that it tells."""

    finding: Finding
    told: Told
    lookup: Lookup


@dataclass(frozen=True)
class Field:
    """A column. `is_fixed`: always there, since without it an export is not recognised when it comes back."""

    key: str
    title: str
    of: Callable[[Seen], OutValue]
    kind: Kind = "text"
    width: float = 0
    is_fixed: bool = False


STATES = {state: as_recorded(label) for state, label in State.choices}
URGING = {level: as_recorded(label) for level, label in Finding.Urging.choices}
RESULTS = {result: as_recorded(label) for result, label in Measure.Result.choices}


def _project(seen: Seen, name: str) -> str:
    activity = seen.told.activity if seen.finding.source == PROJECT else None
    return str(getattr(activity, name)) if activity else ""


def _progress(seen: Seen) -> OutValue:
    """The mean of the measures' progress, as they stand."""
    measures = seen.told.measures
    return round(sum(one.progress_percent for one in measures) / len(measures)) if measures else None


def _results(seen: Seen) -> str:
    return "\n".join(RESULTS[one.result] for one in seen.told.measures)


def yuan(fen: int | None) -> OutValue:
    """Fen as yuan; nothing for none and zero."""
    return Decimal(fen) / 100 if fen else None


def _rules(seen: Seen) -> str:
    return "\n".join(f"《{title.strip('《》')}》" for title in dict.fromkeys(seen.told.rules))


def _word(key: str, code: str) -> str:
    return WORDS[key].get(code, code)


def _settled(seen: Seen, value: str) -> str:
    """What is told of a verification counts once it led to settling."""
    return value if seen.told.closed_on else ""


_OFFICES = 0
_OTHERS = 1


def _found_by(seen: Seen, which: int) -> str:
    return "、".join(bodies_of(seen.finding, seen.lookup.offices)[which])


FIELDS: tuple[Field, ...] = (
    Field("code", TITLES["code"], lambda s: s.finding.code, width=16, is_fixed=True),
    Field("registered_on", TITLES["registered_on"], lambda s: s.finding.registered_on, "date", is_fixed=True),
    Field("source", TITLES["source"], lambda s: s.lookup.sources.get(s.finding.source, ""), width=12),
    Field("reference", "来源文号", lambda s: s.told.signal.reference if s.told.signal else "", width=14),
    Field("project_code", TITLES["project_code"], lambda s: _project(s, "code"), width=14),
    Field("project_name", TITLES["project_name"], lambda s: _project(s, "name"), width=22),
    Field("activity", "监督活动", lambda s: s.told.activity.name if s.told.activity else "", width=22),
    Field("office", TITLES["office"], lambda s: s.finding.owner_office.name, is_fixed=True),
    Field("bodies", TITLES["bodies"], lambda s: _found_by(s, _OFFICES), width=22),
    Field("found_by", "发现人", lambda s: _found_by(s, _OTHERS), width=12),
    Field("subject", TITLES["subject"], lambda s: str(s.finding.subject), is_fixed=True),
    Field("aspect", TITLES["aspect"], lambda s: s.finding.aspect.label_zh if s.finding.aspect else "", width=14),
    Field("problem", TITLES["problem"], lambda s: s.finding.problem, width=32, is_fixed=True),
    Field("facts", TITLES["facts"], lambda s: s.finding.facts, width=36),
    Field("basis", "依据条款", lambda s: s.finding.basis),
    Field("amount", TITLES["amount"], lambda s: yuan(s.finding.amount_fen), "money"),
    Field("people", "涉及人数", lambda s: s.finding.people_count, "number"),
    Field("lead", "牵头领导", lambda s: s.finding.lead_leader, width=10),
    Field(
        "rectification", TITLES["rectification"], lambda s: _word("rectification", s.finding.rectification), width=10
    ),
    Field("measures", TITLES["measures"], lambda s: measures_text(s.told), width=36),
    Field("progress", "进展(%)", _progress, "number", 8),
    Field("results", "整改结果", _results, width=10),
    Field("due_on", TITLES["due_on"], lambda s: s.finding.first_due_on, "date"),
    Field("now_due_on", "现行时限", lambda s: s.finding.due_on, "date"),
    Field("rectifier", TITLES["rectifier"], lambda s: s.finding.rectifier_name, width=10),
    Field("state", "状态", lambda s: STATES[s.finding.state], width=10),
    Field("urging", "催办", lambda s: URGING[s.finding.urging] if s.finding.urging else "", width=8),
    Field("applied_on", TITLES["applied_on"], lambda s: s.told.applied_on, "date"),
    Field("verifier", TITLES["verifier"], lambda s: _settled(s, s.told.verifier), width=10),
    Field(
        "method", TITLES["method"], lambda s: _settled(s, s.lookup.methods.get(s.told.method, s.told.method)), width=10
    ),
    Field("conclusion", TITLES["conclusion"], lambda s: _word("conclusion", s.told.conclusion), width=10),
    Field("approver", TITLES["approver"], lambda s: s.told.approver, width=10),
    Field("closed_on", TITLES["closed_on"], lambda s: s.told.closed_on, "date"),
    Field("rules", TITLES["rules"], _rules, width=30),
    Field("recovered", TITLES["recovered"], lambda s: yuan(s.told.recovered), "money"),
    Field("talked", "约谈问责人次", lambda s: s.told.talked or None, "number"),
    Field("looked_on", TITLES["looked_on"], lambda s: s.told.looked_on, "date"),
    Field("look_result", TITLES["look_result"], lambda s: _word("look_result", s.told.look_result), width=14),
    Field("settled", "销号次数", lambda s: s.finding.settled_count or None, "number", 8),
)
