"""The moves of the loop as acts."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors import reading
from jiandu.loop.findings.services import approvals, levels, moves, parts
from jiandu.loop.findings.states import OPEN, SETTLED, WORKING, Verb
from jiandu.net.access.models import Level
from jiandu.net.access.persons import Who, same_name
from jiandu.net.access.selectors import can_take
from jiandu.surfaces.desk.acts.act import Act, moments
from jiandu.surfaces.desk.forms import acts as forms
from jiandu.surfaces.desk.people import person_named


def _who(finding: Finding, by: Viewer, name: str) -> Who | None:
    """Who answers or acts in the unit, matched where the unit has such a person."""
    return person_named(by, name, unit=finding.subject) if name.strip() else None


def _of_unit(finding: Finding, by: Viewer, said: dict[str, Any]) -> dict[str, Any]:
    """What the form says, its names as persons of the unit."""
    names: dict[str, Any] = {name: _who(finding, by, said[name]) for name in ("rectifier", "who") if name in said}
    return {**said, **names}


def _assign(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    return moves.assign(finding=finding, by=by, **said)


def _receive(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    return moves.receive(finding=finding, by=by, **_of_unit(finding, by, said))


def _plan(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    measures = [(text, due_on or said["due_on"]) for text, due_on in said["measures"]]
    who = _who(finding, by, said["who"])
    return moves.report_plan(finding=finding, by=by, on=said["on"], measures=measures, note=said["note"], who=who)


def _progress(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    measure = reading.measure_of(finding, said["measure"])
    steps = [moves.Progress(measure, said["percent"] or 0, said["result"])] if measure and said["result"] else []
    who = _who(finding, by, said["who"])
    return moves.report_progress(finding=finding, by=by, on=said["on"], note=said["note"], progress=steps, who=who)


def _apply(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    return moves.apply_to_close(finding=finding, by=by, **_of_unit(finding, by, said))


def _other(by: Viewer, name: str) -> Who | None:
    """Who names nobody, or himself, did it himself."""
    return None if not name.strip() or same_name(name, by.name) else person_named(by, name)


def _verify(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    return moves.verify(finding=finding, by=by, verifier=_other(by, said.pop("verifier")), **said)


def _enter_verification(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    verifier = person_named(by, said.pop("verifier"))
    return moves.enter_verification(finding=finding, by=by, verifier=verifier, **said)


def _send_back(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    return moves.send_back(finding=finding, by=by, **{**said, "verb": Verb(said["verb"])})


def _reopen(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    return moves.reopen(finding=finding, by=by, **said)


def _look_back(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    checker = _other(by, said.pop("checker"))
    return parts.look_back(finding=finding, by=by, looked=parts.Looked(**said, checker=checker))


def _enter_look_back(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    checker = person_named(by, said.pop("checker"))
    return parts.enter_look_back(finding=finding, by=by, looked=parts.Looked(**said, checker=checker))


def _plan_look_back(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    return parts.plan_look_back(finding=finding, by=by, **said)


def _urge(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    return moves.urge(finding=finding, by=by, **{**said, "level": int(said["level"])})


def _resume(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    if said["due_on"] == reading.stands_still(finding, today()).due_on:
        said["due_on"] = None  # as it was filled in beforehand: it moves to the day that the form says
    return moves.resume(finding=finding, by=by, **said)


def _ask(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    code = said.pop("merge_into").strip()
    main = reading.finding_by_code(by, code) if code else None
    if code and main is None:
        raise Refused("merge-main", "请选择并入的问题")
    return approvals.ask(
        finding=finding, by=by, request=approvals.Request(merge_into=main, **{**said, "verb": Verb(said["verb"])})
    )


def _extend(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    return approvals.ask(finding=finding, by=by, request=approvals.Request(Verb.EXTEND, **said))


def _restrict(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    chosen = [int(pk) for pk in said["named"]]
    named = list(can_take(by, "finding").filter(pk__in=chosen))
    return levels.restrict(finding=finding, by=by, level=int(said["level"]), note=said["note"], named=named)


def _widen(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    said["new_level"] = int(said["new_level"])
    return approvals.ask(finding=finding, by=by, request=approvals.Request(Verb.WIDEN, **said))


NEXT = "primary"
MOVES = (
    Act("assign", _("交办"), "assign", forms.AssignForm, _assign, moments(Verb.ASSIGN), weight=NEXT),
    Act("receive", _("签收"), "receive", forms.ReceiveForm, _receive, moments(Verb.RECEIVE), weight=NEXT),
    Act("plan", _("报方案"), "report", forms.PlanForm, _plan, moments(Verb.PLAN)),
    Act("progress", _("报进展"), "report", forms.ProgressForm, _progress, moments(Verb.PROGRESS)),
    Act("apply", _("申请销号"), "submit", forms.ApplyForm, _apply, moments(Verb.APPLY), weight=NEXT),
    Act("extend", _("申请延期"), "submit", forms.ExtendForm, _extend, WORKING),
    Act("verify", _("核验通过"), "verify", forms.VerifyForm, _verify, moments(Verb.PASS), weight=NEXT),
    Act(
        "enter-verification",
        _("代录核验"),
        "enter_verification",
        forms.EnterVerificationForm,
        _enter_verification,
        moments(Verb.PASS),
        weight=NEXT,
    ),
    Act("send-back", _("退回"), "send_back", forms.SendBackForm, _send_back, moments(Verb.RETURN_WORK)),
    Act("look-back", _("回头看"), "look_back", forms.LookBackForm, _look_back, moments(Verb.LOOK_BACK)),
    Act(
        "enter-look-back",
        _("代录回头看"),
        "enter_look_back",
        forms.EnterLookBackForm,
        _enter_look_back,
        moments(Verb.LOOK_BACK),
    ),
    Act(
        "plan-look-back", _("安排回头看"), "look_back", forms.PlanLookBackForm, _plan_look_back, SETTLED, weight="rare"
    ),
    Act("reopen", _("重新挂账"), "look_back", forms.ReopenForm, _reopen, moments(Verb.REOPEN)),
    Act("resume", _("恢复办理"), "assign", forms.ResumeForm, _resume, moments(Verb.RESUME), weight=NEXT),
    Act("urge", _("催办"), "urge", forms.UrgeForm, _urge, moments(Verb.URGE)),
    Act(
        "ask",
        _("提请签批"),
        "exit",
        forms.AskForm,
        _ask,
        OPEN | moments(Verb.WITHDRAW) | moments(Verb.MERGE_ANEW),
        weight="rare",
    ),
    Act(
        *("restrict", _("收紧知悉范围"), "restrict", forms.RestrictForm, _restrict, moments(Verb.RESTRICT)),
        fits=lambda finding: finding.level < Level.NAMED,
        weight="rare",
    ),
    Act(
        *("widen", _("提请放宽知悉范围"), "restrict", forms.WidenForm, _widen, moments(Verb.WIDEN)),
        fits=lambda finding: finding.level > Level.PUBLIC,
        weight="rare",
    ),
)
