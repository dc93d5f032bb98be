"""What a correction may touch. What is empty is always filled in; what an act of the loop rests on is changed by that act."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiandu.base.core.errors import Refused
from jiandu.loop.findings.models import Finding, Step
from jiandu.loop.findings.rules import same_person
from jiandu.loop.findings.states import JUDGED, SETTLED, Verb
from jiandu.net.access.persons import Who
from jiandu.net.access.standing import units_of

#: The columns that are not steps.
CORRECTABLE = frozenset(
    {
        *("problem", "facts", "basis", "aspect", "rectification", "amount_fen", "people_count"),
        *("rectifier_name", "due_on", "lead_leader", "found_by"),
    }
)
STANDS = {
    "rectifier_name": _("已申请销号,责任人不能更正;退回后由责任单位重新填报"),
    "rectification": _("已申请销号,整改类型不能更正"),
    "due_on": _("整改时限已定,请申请延期"),
}


def standing(finding: Finding) -> frozenset[str]:
    """The columns that no correction changes now: a term that was set is extended, and what was applied for is judged by
    who put it right and in which way. What settled in stages is still followed: who answers for it may change."""
    state = finding.state
    stands = {
        "rectifier_name": bool(finding.rectifier_name) and state in JUDGED,
        "rectification": bool(finding.rectification) and state in JUDGED | SETTLED,
        "due_on": finding.first_due_on is not None,
    }
    return frozenset(name for name, is_so in stands.items() if is_so)


def check_correction(finding: Finding, values: dict[str, Any], rectifier: Who | None) -> None:
    """Raises Refused (stands, type-needed, due-after-assign, verify-independent)."""
    for name in sorted(standing(finding) & values.keys()):
        raise Refused("stands", STANDS[name])
    if values.get("rectification", "at_once") not in Finding.Rectification.values:
        raise Refused("type-needed", "请选择整改类型")
    if values.get("due_on") and values["due_on"] < _told_on(finding):
        raise Refused("due-after-assign", "整改时限不能早于交办日期")
    if rectifier is not None and rectifier.name:
        _check_not_verifier(finding, rectifier)


def _check_not_verifier(finding: Finding, rectifier: Who) -> None:
    """Who is named afterwards did not verify it: the rule of verification must not be passed by naming him later."""
    for step in Step.objects.filter(finding=finding, verb__in=[Verb.PASS, Verb.LOOK_BACK]):
        verifier = Who(step.by_name, step.actor_id, units_of(step.actor_id) if step.actor_id else ())
        if same_person(verifier, rectifier, finding.subject_path):
            raise Refused("verify-independent", "核验人不能是整改责任人本人:%(name)s", name=rectifier.name)


def _told_on(finding: Finding) -> date:
    """When the unit was told of it, else when it was registered."""
    told = Step.objects.filter(finding=finding, verb=Verb.ASSIGN).order_by("-seq").values_list("on", flat=True)
    return told.first() or finding.registered_on


def written(before: Mapping[str, Any]) -> str:
    """The columns of a correction, as its step keeps them: + before those that were empty until then."""
    return " ".join(f"+{name}" if value in (None, "") else name for name, value in before.items())


def following(values: dict[str, Any], rectifier: Who | None) -> dict[str, Any]:
    """The columns that go with those corrected: the person with the name, the first term with the term."""
    more: dict[str, Any] = {}
    if "rectifier_name" in values:
        more["rectifier_id"] = rectifier.person_id if rectifier else None
    if "due_on" in values:
        more["first_due_on"] = values["due_on"]
    return more
