"""Who did it, as against who typed it: the doer of the unit, the rectifier, the verifier."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from jiandu.base.core.errors import Refused
from jiandu.loop.findings.models import Finding, Step
from jiandu.loop.findings.rules import check_independent
from jiandu.loop.findings.services.moving import Act
from jiandu.net.access.levels import has_role_for
from jiandu.net.access.persons import Who
from jiandu.net.access.services import is_kept_away
from jiandu.net.access.standing import account_of, serves_as_officer, units_of, viewer_as_person

NO_ROLE = {"verify": _("“%(name)s”没有核验的权限"), "look_back": _("“%(name)s”没有回头看的权限")}
KEPT_AWAY = {"verify": _("“%(name)s”应当回避，不能核验"), "look_back": _("“%(name)s”应当回避，不能回头看")}
NAMED = Step._meta.get_field("by_name").max_length or 0


def rectifier_of(finding: Finding) -> Who:
    """Who answers for the rectification."""
    units = units_of(finding.rectifier_id) if finding.rectifier_id else ()
    return Who(finding.rectifier_name, finding.rectifier_id, units)


def by_unit(finding: Finding, act: Act) -> Act:
    """An act of the responsible unit, done by who was named; else by the typist, where he is of the unit.

    Who types for a unit without an account is not its doer: then it is who answers for the rectification, and where
    nobody is named yet, the unit itself.
    """
    if act.who is not None or (typist := viewer_as_person(act.by)).serves_in(finding.subject_path):
        return act if act.who else replace(act, who=typist)
    rectifier = rectifier_of(finding)
    return replace(act, who=rectifier if rectifier.name else Who(str(finding.subject)[:NAMED]))


def check_verifier(finding: Finding, act: Act, permission: str = "verify") -> None:
    """Who verified, or looked back, is independent of who rectified; who is named by another might have verified here himself.

    Who typed it does not matter. Raises Refused: verify-independent, verifier-no-role, recused.
    """
    check_independent(act.person, rectifier_of(finding), finding.subject_path)
    user = account_of(act.who.person_id) if act.who else None
    if user is None:
        return
    if not has_role_for([user], permission, "finding"):
        raise Refused("verifier-no-role", NO_ROLE[permission], name=user.name)
    if is_kept_away(finding, user):
        raise Refused("verifier-recused", KEPT_AWAY[permission], name=user.name)


def check_officer(who: Who) -> None:
    """Whom a clerk names as having verified or looked back serves as an officer. Raises Refused (verifier-officer)."""
    if not serves_as_officer(who.person_id):
        raise Refused("verifier-officer", "没有叫“%(name)s”的在任监督干部", name=who.name)
