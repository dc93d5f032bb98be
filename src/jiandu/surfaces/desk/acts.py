"""The acts that a finding's page offers: for each its form, its legal moment, and the service that it calls."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.files import store
from jiandu.loop.findings import selectors
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.rules import Who
from jiandu.loop.findings.services import approvals, moves, parts
from jiandu.loop.findings.states import LIVE, OPEN, SETTLED, WORKING, State, Verb, is_legal
from jiandu.loop.outcomes import services as outcomes
from jiandu.loop.outcomes.models import PersonTalked
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.surfaces.desk.forms import findings as forms
from jiandu.surfaces.desk.people import person_named

Do = Callable[[Finding, Viewer, dict[str, Any]], Any]


@dataclass(frozen=True)
class Act:
    """`slug` is the last part of the URL; `permission` the word in roles.csv; `when` the states in which it may be done."""

    slug: str
    label: Any
    permission: str
    form: type[forms.ActForm]
    do: Do
    when: frozenset[State]


def _move(verb: Verb) -> frozenset[State]:
    return frozenset(state for state in State if is_legal(verb, state))


def _who(finding: Finding, by: Viewer, name: str) -> Who | None:
    """Who answers in the unit, matched where the unit has such a person."""
    return person_named(by, name, unit=finding.subject) if name.strip() else None


def _plan(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    measures = [(text.strip(), said["due_on"]) for text in said["measures"].splitlines() if text.strip()]
    return moves.report_plan(finding=finding, by=by, on=said["on"], measures=measures, note=said["note"])


def _progress(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    measure = selectors.measure_of(finding, said["measure"])
    steps = [moves.Progress(measure, said["percent"] or 0, said["result"])] if measure and said["result"] else []
    return moves.report_progress(finding=finding, by=by, on=said["on"], note=said["note"], progress=steps)


def _correct(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    note = said.pop("note")
    said["aspect"] = selectors.aspect_of(by, finding, said["aspect"])
    changed = {name: value for name, value in said.items() if getattr(finding, name) != value}
    if not changed:
        raise Refused("nothing-changed", "没有更改任何内容")
    return moves.correct(finding=finding, by=by, note=note, **changed)


def _evidence(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    name = store.check_name(said["file"].name)
    stored = store.keep(said["file"].chunks())
    return parts.add_evidence(
        finding=finding, by=by, stored=stored, name=name, replaces=selectors.evidence_of(finding, said["replaces"])
    )


def _instruct(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    said["given_to"] = office_by_pk(int(said["given_to"]))
    return parts.instruct(finding=finding, by=by, new=parts.NewInstruction(**said))


def _ask(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    code = said.pop("merge_into").strip()
    main = selectors.finding_by_code(by, code) if code else None
    if code and main is None:
        raise Refused("merge-main", "请选择并入的问题")
    return approvals.ask(
        finding=finding, by=by, request=approvals.Request(merge_into=main, **{**said, "verb": Verb(said["verb"])})
    )


def _extend(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    return approvals.ask(finding=finding, by=by, request=approvals.Request(Verb.EXTEND, **said))


def _look_back(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    return parts.look_back(finding=finding, by=by, looked=parts.Looked(**said))


def _money(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    said["amount_fen"] = said.pop("amount")
    return outcomes.record_recovery(finding=finding, by=by, new=outcomes.NewMoney(**said))


ACTS = (
    Act(
        "assign",
        _("交办"),
        "assign",
        forms.AssignForm,
        lambda f, by, s: moves.assign(finding=f, by=by, **s),
        _move(Verb.ASSIGN),
    ),
    Act(
        "receive",
        _("签收"),
        "receive",
        forms.ReceiveForm,
        lambda f, by, s: moves.receive(finding=f, by=by, **{**s, "rectifier": _who(f, by, s["rectifier"])}),
        _move(Verb.RECEIVE),
    ),
    Act("plan", _("报方案"), "report", forms.PlanForm, _plan, _move(Verb.PLAN)),
    Act("progress", _("报进展"), "report", forms.ProgressForm, _progress, _move(Verb.PROGRESS)),
    Act(
        "apply",
        _("申请销号"),
        "submit",
        forms.ApplyForm,
        lambda f, by, s: moves.apply_to_close(finding=f, by=by, **{**s, "rectifier": _who(f, by, s["rectifier"])}),
        _move(Verb.APPLY),
    ),
    Act(
        "verify",
        _("核验通过"),
        "verify",
        forms.VerifyForm,
        lambda f, by, s: moves.verify(finding=f, by=by, **s),
        _move(Verb.PASS),
    ),
    Act(
        "send-back",
        _("退回"),
        "send_back",
        forms.SendBackForm,
        lambda f, by, s: moves.send_back(finding=f, by=by, **{**s, "verb": Verb(s["verb"])}),
        _move(Verb.RETURN_WORK),
    ),
    Act(
        "reopen",
        _("重新挂账"),
        "look_back",
        forms.ReopenForm,
        lambda f, by, s: moves.reopen(finding=f, by=by, **s),
        _move(Verb.REOPEN),
    ),
    Act("look-back", _("回头看"), "look_back", forms.LookBackForm, _look_back, _move(Verb.LOOK_BACK)),
    Act(
        "plan-look-back",
        _("安排回头看"),
        "look_back",
        forms.PlanLookBackForm,
        lambda f, by, s: parts.plan_look_back(finding=f, by=by, **s),
        SETTLED,
    ),
    Act(
        "urge",
        _("催办"),
        "urge",
        forms.UrgeForm,
        lambda f, by, s: moves.urge(finding=f, by=by, **{**s, "level": int(s["level"])}),
        _move(Verb.URGE),
    ),
    Act("ask", _("中止、移交等提请签批"), "exit", forms.AskForm, _ask, OPEN),
    Act("extend", _("申请延期"), "submit", forms.ExtendForm, _extend, WORKING),
    Act(
        "resume",
        _("恢复办理"),
        "assign",
        forms.NoteForm,
        lambda f, by, s: moves.resume(finding=f, by=by, **s),
        _move(Verb.RESUME),
    ),
    Act("instruct", _("批示"), "instruct", forms.InstructForm, _instruct, LIVE),
    Act("evidence", _("上传材料"), "report", forms.EvidenceForm, _evidence, LIVE),
    Act("correct", _("补充、更正"), "edit", forms.CorrectForm, _correct, LIVE),
    Act(
        "rule",
        _("登记制度"),
        "edit",
        forms.RuleForm,
        lambda f, by, s: outcomes.record_rule(finding=f, by=by, new=outcomes.NewRule(**s)),
        LIVE,
    ),
    Act("money", _("登记挽回金额"), "edit", forms.MoneyForm, _money, LIVE),
    Act(
        "talked",
        _("登记约谈问责"),
        "edit",
        forms.TalkedForm,
        lambda f, by, s: outcomes.record_talked(finding=f, by=by, row=PersonTalked(**s)),
        LIVE,
    ),
)
BY_SLUG = {act.slug: act for act in ACTS}


def open_to(finding: Finding, may: frozenset[str]) -> list[Act]:
    """The acts that are legal now and permitted to the viewer."""
    return [act for act in ACTS if act.permission in may and finding.state in act.when]
