"""What each act on a finding asks. Dates default to today; nothing is asked that is already known.

`begin` says what a form starts with besides today's date, out of the finding and the part that it acts on.
"""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.loop.findings.models import Finding, LookBack, Measure
from jiandu.loop.findings.selectors import reading
from jiandu.loop.findings.services.cells import cell_text
from jiandu.loop.findings.services.correcting import CORRECTABLE, standing
from jiandu.loop.findings.states import RETURNING
from jiandu.loop.outcomes.models import MoneyRecovered, PersonTalked
from jiandu.net.access.instructing import leader_first
from jiandu.surfaces.desk.forms.fields import Amount, Measures, attached, day, line, words


class ActForm(forms.Form):
    """Knows nothing of the record; choices that hang on it are handed over by field name, None for what is not asked."""

    def __init__(self, *args: Any, choices: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, options in choices.items():
            if options is None:
                del self.fields[name]
            else:
                self.fields[name].choices = options  # type: ignore[attr-defined]

    @classmethod
    def not_asked(cls, finding: Finding) -> frozenset[str]:
        """Fields that the finding has no use for now."""
        return frozenset()

    @classmethod
    def begin(cls, finding: Finding, row: Any) -> dict[str, Any]:
        """The initial values."""
        return {}


def doer() -> forms.CharField:
    """办理人: who of the unit did what another may type."""
    field = line(_("办理人"), most=64)
    field.help_text = _("单位实际办理的人；不填的，本单位人员录入记录入人，他人代录记责任人")
    return field


class ConfirmForm(ActForm):
    """Asks nothing: the button is the act."""


class ResumeForm(ActForm):
    """The due date is filled in as it moves if work goes on today; for another day it is counted again."""

    on = day(_("日期"))
    note = words(_("说明"))
    due_on = day(_("整改时限"), required=False, now=False)

    @classmethod
    def begin(cls, finding: Finding, row: Any) -> dict[str, Any]:
        return {"due_on": reading.stands_still(finding, today()).due_on}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].help_text = _(
            "已按中止的工作日顺延；日期不是今天的，办理时按该日期重新计算。也可以另定时限"
        )


class AssignForm(ActForm):
    on = day(_("交办日期"))
    rectification = forms.ChoiceField(label=_("整改类型"), choices=Finding.Rectification.choices)
    due_on = day(_("整改时限"), required=False, now=False)
    note = words(_("要求"))

    @classmethod
    def begin(cls, finding: Finding, row: Any) -> dict[str, Any]:
        return {"rectification": finding.rectification or Finding.Rectification.BY_TERM, "due_on": finding.due_on}


class ReceiveForm(ActForm):
    on = day(_("签收日期"))
    who = doer()
    rectifier = line(_("责任人"), most=64)
    note = words(_("说明"))

    @classmethod
    def begin(cls, finding: Finding, row: Any) -> dict[str, Any]:
        return {"rectifier": finding.rectifier_name}


class PlanForm(ActForm):
    on = day(_("日期"))
    who = doer()
    measures = Measures(
        label=_("整改措施(每行一项)"), help_text=_("某项另有节点时限的，写在行末，空一格，如“完善台账 2026-03-31”")
    )
    due_on = day(_("节点时限(未另写的各项)"), required=False, now=False)
    note = words(_("说明"))


class ProgressForm(ActForm):
    on = day(_("日期"))
    who = doer()
    note = words(_("进展情况"), required=True)
    measure = forms.ChoiceField(label=_("整改措施"), required=False)
    percent = forms.IntegerField(label=_("进度(%)"), min_value=0, max_value=100, required=False)
    result = forms.ChoiceField(label=_("结果"), choices=[("", "—"), *Measure.Result.choices], required=False)


class ApplyForm(ActForm):
    on = day(_("申请日期"))
    who = doer()
    rectifier = line(_("责任人"), most=64)
    note = words(_("整改完成情况"), required=True)

    @classmethod
    def begin(cls, finding: Finding, row: Any) -> dict[str, Any]:
        return {"rectifier": finding.rectifier_name}


class VerifyForm(ActForm):
    verifier = line(_("核验人"), most=64)
    on = day(_("核验日期"))
    method = forms.ChoiceField(label=_("核验方式"))
    note = words(_("核验情况"))

    @classmethod
    def begin(cls, finding: Finding, row: Any) -> dict[str, Any]:
        return {"verifier": guard.require_actor().name}


class EnterVerificationForm(VerifyForm):
    """A clerk types what an officer verified: never himself."""

    verifier = line(_("核验人"), required=True, most=64)
    verifier.help_text = _("实际核验的监督干部；责任单位和整改责任人与核验人比对，与录入人无关")

    @classmethod
    def begin(cls, finding: Finding, row: Any) -> dict[str, Any]:
        return {}


class SendBackForm(ActForm):
    on = day(_("日期"))
    verb = forms.ChoiceField(
        label=_("退回"), choices=[(verb.value, verb.label) for verb in sorted(RETURNING)], widget=forms.RadioSelect
    )
    note = words(_("退回原因"), required=True)


class ReopenForm(ActForm):
    on = day(_("日期"))
    note = words(_("重新挂账的原因"), required=True)
    due_on = day(_("整改时限"), required=False, now=False)


class UrgeForm(ActForm):
    on = day(_("日期"))
    level = forms.ChoiceField(label=_("级别"), widget=forms.RadioSelect)
    note = words(_("内容"), required=True)


class CorrectForm(ActForm):
    seen = forms.CharField(required=False, widget=forms.HiddenInput)  # what the columns said when the form was opened
    problem = words(_("问题表现"), required=True, rows=2, most=500)
    facts = words(_("具体事实"))
    basis = line(_("依据条款"), most=200)
    aspect = forms.ChoiceField(label=_("问题类别(方面)"), required=False)
    rectification = forms.ChoiceField(
        label=_("整改类型"), choices=[("", "—"), *Finding.Rectification.choices], required=False
    )
    due_on = day(_("整改时限"), required=False, now=False)
    rectifier_name = line(_("责任人"), most=64)
    found_by = line(_("发现人"))
    lead_leader = line(_("牵头领导"), most=64)
    amount_fen = Amount(label=_("涉及金额(元)"), required=False)
    people_count = forms.IntegerField(label=_("涉及人数"), min_value=0, max_value=10_000_000, required=False)
    note = line(_("更正说明"), required=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "due_on" in self.fields:
            self.fields["due_on"].help_text = _("补录以后要改的，申请延期")

    @classmethod
    def not_asked(cls, finding: Finding) -> frozenset[str]:
        return standing(finding)

    @classmethod
    def begin(cls, finding: Finding, row: Any) -> dict[str, Any]:
        names = set(cls.base_fields) & CORRECTABLE
        seen = {name: cell_text(finding, name) for name in sorted(names)}
        now = {name: getattr(finding, name) for name in names} | {"aspect": finding.aspect_id}
        return now | {"seen": json.dumps(seen, ensure_ascii=False)}


class PlanLookBackForm(ActForm):
    planned_on = day(_("计划日期"), required=False, now=False)


class LookBackForm(ActForm):
    checker = line(_("回头看人员"), most=64)
    on = day(_("回头看日期"))
    result = forms.ChoiceField(label=_("回头看结论"), choices=LookBack.Result.choices, widget=forms.RadioSelect)
    note = words(_("情况"))

    @classmethod
    def begin(cls, finding: Finding, row: Any) -> dict[str, Any]:
        return {"checker": guard.require_actor().name}


class EnterLookBackForm(LookBackForm):
    """A clerk types what an officer found on looking back: never himself."""

    checker = line(_("回头看人员"), required=True, most=64)
    checker.help_text = _("实际开展回头看的监督干部；责任单位和整改责任人与其比对，与录入人无关")

    @classmethod
    def begin(cls, finding: Finding, row: Any) -> dict[str, Any]:
        return {}


class EvidenceForm(ActForm):
    file = attached(_("佐证材料"), required=True)
    replaces = forms.ChoiceField(label=_("替换旧版本"), required=False)


class InstructForm(ActForm):
    leader = line(_("批示领导"), required=True, most=64)
    on = day(_("批示日期"))
    text = words(_("批示内容"), required=True)
    given_to = forms.ChoiceField(label=_("承办室组"))
    due_on = day(_("办理时限"), required=False, now=False)

    @classmethod
    def begin(cls, finding: Finding, row: Any) -> dict[str, Any]:
        return {"leader": leader_first(guard.require_actor(), finding)}


class AskForm(ActForm):
    verb = forms.ChoiceField(label=_("事项"))
    on = day(_("提请日期"))
    reason = words(_("事由"), required=True)
    merge_into = line(_("并入的问题编号"), most=32)
    receiver = line(_("移交(送)对象"))


class ExtendForm(ActForm):
    on = day(_("提请日期"))
    reason = words(_("事由"), required=True)
    new_due_on = day(_("延期至"), now=False)


class RestrictForm(ActForm):
    level = forms.ChoiceField(label=_("级别"), widget=forms.RadioSelect)
    note = words(_("事由"), required=True)
    named = forms.MultipleChoiceField(
        label=_("知悉人员（专案点名时选择，须有一名可以审批的领导；您本人自动列入）"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class WidenForm(ActForm):
    new_level = forms.ChoiceField(label=_("级别"), widget=forms.RadioSelect)
    on = day(_("提请日期"))
    reason = words(_("事由"), required=True)


class DecideForm(ActForm):
    is_granted = forms.ChoiceField(
        label=_("意见"), choices=[("yes", _("同意")), ("no", _("不同意"))], widget=forms.RadioSelect
    )
    on = day(_("日期"))
    opinion = words(_("签批意见"))


class SignForm(DecideForm):
    signer = line(_("签批人"), required=True, most=64)
    scan = attached(_("签批件扫描(可选)"))


class RepeatForm(ActForm):
    decision = forms.ChoiceField(label=_("处理"), widget=forms.RadioSelect)
    on = day(_("日期"))
    note = line(_("说明"), most=200)


class RuleForm(ActForm):
    title = line(_("制度名称"), required=True, most=200)
    number = line(_("文号"), most=64)
    issuer = line(_("制发机关"), required=True)
    issued_on = day(_("印发日期"))

    @classmethod
    def begin(cls, finding: Finding, row: Any) -> dict[str, Any]:
        return {"issuer": str(finding.subject or "")}


class MoneyForm(ActForm):
    """What came, whose money it is, and into whose account."""

    amount = Amount(label=_("金额(元)"))
    received_on = day(_("到账日期"))
    kind = forms.ChoiceField(label=_("资金性质"), choices=MoneyRecovered.Kind.choices, initial="other")
    account_kind = forms.ChoiceField(label=_("账户性质"), choices=MoneyRecovered.AccountKind.choices, initial="other")
    account = line(_("到账账户"))
    proof = line(_("凭证"), most=200)


class ReverseForm(ActForm):
    """What went back of a recovery."""

    amount = Amount(label=_("金额(元)"))
    on = day(_("冲销日期"))
    proof = line(_("冲销依据"), required=True, most=200)

    @classmethod
    def begin(cls, finding: Finding, row: Any) -> dict[str, Any]:
        return {"amount": row.left_fen}


class TalkedForm(ActForm):
    kind = forms.ChoiceField(label=_("方式"), choices=PersonTalked.Kind.choices)
    name = line(_("姓名"), required=True, most=64)
    title = line(_("职务"))
    on = day(_("日期"))


class AnswerForm(ActForm):
    on = day(_("办结日期"))
    answer = words(_("办理结果"), required=True)


class SayRepeatForm(ActForm):
    code = line(_("此前问题的编号"), required=True, most=32)


class AppointForm(ActForm):
    user = forms.ChoiceField(label=_("承办人"), required=False)
    given_to = forms.ChoiceField(label=_("或承办室组"), required=False)
    until = day(_("截止日期"), required=False, now=False)


class RecuseForm(ActForm):
    user = forms.ChoiceField(label=_("回避人"))
    reason = line(_("事由(可不填)"))
