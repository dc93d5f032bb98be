"""Acts about what hangs on a finding: evidence, instructions, outcomes, approvals, repeats, who works on it."""

import json
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Approval, Finding, Repeat
from jiandu.loop.findings.selectors import reading
from jiandu.loop.findings.services import approvals, moves, parts
from jiandu.loop.findings.services.cells import cell_text, said_as, still_says
from jiandu.loop.findings.services.deciding import decide_repeat
from jiandu.loop.findings.services.filing import add_evidence
from jiandu.loop.findings.services.repeats import say_repeat
from jiandu.loop.findings.states import EVERY
from jiandu.loop.outcomes import services as outcomes
from jiandu.loop.outcomes.models import MoneyRecovered, PersonTalked
from jiandu.net.access import selectors as access
from jiandu.net.access.deciding import Signature
from jiandu.net.access.instructing import NewInstruction
from jiandu.net.access.services import assign_record, end_assignment, recuse
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.surfaces.desk.acts.act import Act
from jiandu.surfaces.desk.files import upload
from jiandu.surfaces.desk.forms import acts as forms
from jiandu.surfaces.desk.people import person_named

Status = Approval.Status


def _correct(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    note, seen = said.pop("note"), _seen(said.pop("seen"))
    said["aspect"] = reading.aspect_of(by, finding, said["aspect"])
    changed = {name: value for name, value in said.items() if not _stays(finding, name, said_as(name, value), seen)}
    if "rectifier_name" in changed:
        changed["rectifier"] = person_named(by, changed.pop("rectifier_name"), unit=finding.subject)
    if not changed:
        raise Refused("nothing-changed", "没有更改任何内容")
    return moves.correct(finding=finding, by=by, note=note, seen=seen, **changed)


def _seen(text: str) -> dict[str, str]:
    """What the columns said when the form was opened; nothing where it was sent without."""
    try:
        told = json.loads(text or "{}")
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in told.items()} if isinstance(told, dict) else {}


def _stays(finding: Finding, name: str, typed: str, seen: dict[str, str]) -> bool:
    """Whether the officer left the column as it was shown, or wrote what it says by now."""
    now = cell_text(finding, name)
    return still_says(typed, now) or still_says(typed, seen.get(name, now))


def _evidence(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    new, old = upload(said["file"]), reading.evidence_of(finding, said["replaces"])
    return add_evidence(finding=finding, by=by, stored=new.stored, name=new.name, replaces=old)


def _instruct(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    said["given_to"] = office_by_pk(int(said["given_to"]))
    return parts.instruct(finding=finding, by=by, new=NewInstruction(**said))


def _answer(instruction: Any, by: Viewer, said: dict[str, Any]) -> Any:
    return parts.answer_instruction(instruction=instruction, by=by, **said)


def _rule(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    return outcomes.record_rule(finding=finding, by=by, new=outcomes.NewRule(**said))


def _money(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    said["amount_fen"] = said.pop("amount")
    return outcomes.record_recovery(finding=finding, by=by, new=outcomes.NewMoney(**said))


def _reverse(money: Any, by: Viewer, said: dict[str, Any]) -> Any:
    said["amount_fen"] = said.pop("amount")
    return outcomes.reverse_recovery(money=money, by=by, **said)


def _talked(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    return outcomes.record_talked(finding=finding, by=by, row=PersonTalked(**said))


def _decide(approval: Any, by: Viewer, said: dict[str, Any]) -> Any:
    signature = Signature(is_granted=said["is_granted"] == "yes", on=said["on"], opinion=said["opinion"])
    return approvals.decide(approval=approval, by=by, signature=signature)


def _sign(approval: Any, by: Viewer, said: dict[str, Any]) -> Any:
    signature = Signature(
        is_granted=said["is_granted"] == "yes",
        on=said["on"],
        opinion=said["opinion"],
        signer=person_named(by, said["signer"]),
        scan=upload(said["scan"]) if said["scan"] else None,
    )
    return approvals.sign_on_paper(approval=approval, by=by, signature=signature)


def _confirm(approval: Any, by: Viewer, said: dict[str, Any]) -> Any:
    return approvals.confirm_paper(approval=approval, by=by)


def _decide_repeat(repeat: Any, by: Viewer, said: dict[str, Any]) -> Any:
    return decide_repeat(repeat=repeat, by=by, **said)


def _say_repeat(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    earlier = reading.finding_by_code(by, said["code"].strip())
    if earlier is None:
        raise Refused("unknown-finding", "没有找到这个编号的问题:%(code)s", code=said["code"])
    return say_repeat(finding=finding, earlier=earlier, by=by)


def _appoint(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    user = access.can_take(by, "finding").filter(pk=int(said["user"])).first() if said["user"] else None
    office = office_by_pk(int(said["given_to"])) if said["given_to"] else None
    return assign_record(thing=finding, by=by, user=user, office=office, until=said["until"])


def _release(assignment: Any, by: Viewer, said: dict[str, Any]) -> Any:
    finding = reading.finding_by_uid(by, assignment.thing_uid)
    if finding is None:
        raise Refused("not-there", "没有这条记录")
    return end_assignment(thing=finding, assignment=assignment, by=by)


def _recuse(finding: Finding, by: Viewer, said: dict[str, Any]) -> Any:
    user = access.can_take(by, "finding").filter(pk=int(said["user"])).first()
    if user is None:
        raise Refused("unknown-person", "请选择人员")
    return recuse(thing=finding, user=user, by=by, reason=said["reason"])


def _is(*states: str) -> Any:
    return lambda row: row.status in states


WORK = (
    Act("evidence", _("上传材料"), "report", forms.EvidenceForm, _evidence),
    Act("correct", _("补充、更正"), "edit", forms.CorrectForm, _correct),
    Act("instruct", _("批示"), "instruct", forms.InstructForm, _instruct),
    Act("rule", _("登记制度"), "edit", forms.RuleForm, _rule, weight="rare"),
    Act("money", _("登记挽回金额"), "edit", forms.MoneyForm, _money, weight="rare"),
    Act("talked", _("登记约谈问责"), "edit", forms.TalkedForm, _talked, weight="rare"),
    Act("repeat", _("提出重复"), "edit", forms.SayRepeatForm, _say_repeat, weight="rare"),
    Act("appoint", _("指定承办"), "assign", forms.AppointForm, _appoint, weight="rare"),
    Act("recuse", _("回避"), "edit", forms.RecuseForm, _recuse, EVERY, weight="rare"),
)
OF_PARTS = (
    Act("decide", _("审批"), "approve", forms.DecideForm, _decide, EVERY, "approvals", _is(Status.WAITING), weight="primary"),
    Act("sign", _("录入纸质签批"), "paper", forms.SignForm, _sign, EVERY, "approvals", _is(Status.WAITING)),
    Act("confirm", _("确认纸质签批"), "confirm_paper", forms.ConfirmForm, _confirm, EVERY, "approvals", _is(Status.ON_PAPER), weight="primary"),
    Act("answer", _("办结批示"), "edit", forms.AnswerForm, _answer, EVERY, "instructions", lambda row: row.answered_on is None),
    Act("decide", _("研判重复"), "edit", forms.RepeatForm, _decide_repeat, EVERY, "repeats", lambda row: row.decision == Repeat.Decision.WAITING, weight="primary"),
    Act("reverse", pgettext_lazy("act", "冲销"), "create", forms.ReverseForm, _reverse, EVERY, "money", lambda row: row.reverses_id is None, MoneyRecovered),
    Act("end", _("收回"), "assign", forms.ConfirmForm, _release, EVERY, "people"),
)  # fmt: skip
