"""What each act on a finding asks. Dates default to today; nothing is asked that is already known."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.clock import today
from jiandu.base.core.text import parse_money_fen
from jiandu.loop.findings.models import Finding, LookBack, Measure
from jiandu.loop.findings.states import SIDE_EXITS, Verb
from jiandu.loop.outcomes.models import PersonTalked


def day(label: object, *, required: bool = True, now: bool = True) -> forms.DateField:
    """A date; today unless `now` is off."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, initial=today if now else None, widget=widget)  # type: ignore[arg-type]


def words(label: object, *, required: bool = False, rows: int = 3) -> forms.CharField:
    """A few sentences."""
    return forms.CharField(label=label, required=required, max_length=4000, widget=forms.Textarea(attrs={"rows": rows}))  # type: ignore[arg-type]


def line(label: object, *, required: bool = False, most: int = 128) -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=most)  # type: ignore[arg-type]


class ActForm(forms.Form):
    """Knows the finding it acts on; a form that needs choices from it sets them in `prepare`."""

    def __init__(self, *args: Any, finding: Finding, choices: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.finding = finding
        for name, options in choices.items():
            if name in self.fields:
                self.fields[name].choices = options  # type: ignore[attr-defined]


class NoteForm(ActForm):
    on = day(_("日期"))
    note = words(_("说明"))


class AssignForm(ActForm):
    on = day(_("交办日期"))
    rectification = forms.ChoiceField(label=_("整改类型"), choices=Finding.Rectification.choices)
    due_on = day(_("整改时限"), required=False, now=False)
    note = words(_("要求"))


class ReceiveForm(ActForm):
    on = day(_("签收日期"))
    rectifier = line(_("责任人"), most=64)
    note = words(_("说明"))


class PlanForm(ActForm):
    on = day(_("日期"))
    measures = words(_("整改措施(每行一项)"), required=True, rows=5)
    due_on = day(_("节点时限"), required=False, now=False)
    note = words(_("说明"))


class ProgressForm(ActForm):
    on = day(_("日期"))
    note = words(_("进展情况"), required=True)
    measure = forms.ChoiceField(label=_("整改措施"), required=False)
    percent = forms.IntegerField(label=_("进度(%)"), min_value=0, max_value=100, required=False)
    result = forms.ChoiceField(label=_("结果"), choices=[("", "—"), *Measure.Result.choices], required=False)


class ApplyForm(ActForm):
    on = day(_("申请日期"))
    rectifier = line(_("责任人"), most=64)
    note = words(_("整改完成情况"), required=True)


class VerifyForm(ActForm):
    on = day(_("核验日期"))
    method = forms.ChoiceField(label=_("核验方式"))
    note = words(_("核验情况"))


class SendBackForm(ActForm):
    on = day(_("日期"))
    verb = forms.ChoiceField(
        label=_("退回"), choices=[(verb.value, verb.label) for verb in (Verb.RETURN_PAPERS, Verb.RETURN_WORK)]
    )
    note = words(_("退回原因"), required=True)


class ReopenForm(ActForm):
    on = day(_("日期"))
    note = words(_("重新挂账的原因"), required=True)
    due_on = day(_("整改时限"), required=False, now=False)


class UrgeForm(ActForm):
    on = day(_("日期"))
    level = forms.ChoiceField(label=_("级别"), choices=[choice for choice in Finding.Urging.choices if choice[0]])
    note = words(_("内容"), required=True)


class CorrectForm(ActForm):
    problem = words(_("问题表现"), required=True, rows=2)
    facts = words(_("具体事实"))
    basis = line(_("依据条款"), most=200)
    aspect = forms.ChoiceField(label=_("问题类别(方面)"), required=False)
    found_by = line(_("发现人"))
    lead_leader = line(_("牵头领导"), most=64)
    note = line(_("更正说明"), required=True)


class PlanLookBackForm(ActForm):
    planned_on = day(_("计划日期"), required=False, now=False)


class LookBackForm(ActForm):
    on = day(_("回头看日期"))
    result = forms.ChoiceField(label=_("回头看结论"), choices=LookBack.Result.choices)
    note = words(_("情况"))


class EvidenceForm(ActForm):
    file = forms.FileField(label=_("佐证材料"))
    replaces = forms.ChoiceField(label=_("替换旧版本"), required=False)


class InstructForm(ActForm):
    leader = line(_("批示领导"), required=True, most=64)
    on = day(_("批示日期"))
    text = words(_("批示内容"), required=True)
    given_to = forms.ChoiceField(label=_("承办室组"))
    due_on = day(_("办理时限"), required=False, now=False)


class AskForm(ActForm):
    verb = forms.ChoiceField(
        label=_("事项"),
        choices=[(verb.value, verb.label) for verb in (*sorted(SIDE_EXITS), Verb.CONCLUDE)],
    )
    on = day(_("提请日期"))
    reason = words(_("事由"), required=True)
    merge_into = line(_("并入的问题编号"), most=32)
    receiver = line(_("移交(送)对象"))


class ExtendForm(ActForm):
    on = day(_("提请日期"))
    reason = words(_("事由"), required=True)
    new_due_on = day(_("延期至"), now=False)


class DecideForm(ActForm):
    is_granted = forms.ChoiceField(label=_("意见"), choices=[("yes", _("同意")), ("no", _("不同意"))])
    on = day(_("日期"))
    opinion = words(_("签批意见"))


class SignForm(DecideForm):
    signer = line(_("签批人"), required=True, most=64)


class RepeatForm(ActForm):
    decision = forms.ChoiceField(
        label=_("处理"), choices=[("merge", _("并案")), ("reopen", _("重新挂账")), ("new", _("作为新问题"))]
    )
    on = day(_("日期"))
    note = line(_("说明"), most=200)


class RuleForm(ActForm):
    title = line(_("制度名称"), required=True, most=200)
    number = line(_("文号"), most=64)
    issuer = line(_("制发机关"), required=True)
    issued_on = day(_("印发日期"))


class MoneyForm(ActForm):
    amount = line(_("金额(元)"), required=True, most=32)
    received_on = day(_("到账日期"))
    account = line(_("到账账户"))
    proof = line(_("凭证"), most=200)

    def clean_amount(self) -> int:
        """The amount in fen."""
        try:
            fen = parse_money_fen(self.cleaned_data["amount"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        return fen or 0


class TalkedForm(ActForm):
    kind = forms.ChoiceField(label=_("方式"), choices=PersonTalked.Kind.choices)
    name = line(_("姓名"), required=True, most=64)
    title = line(_("职务"))
    on = day(_("日期"))


class RegisterForm(forms.Form):
    """The five questions of registration, and what may come later."""

    subject = forms.CharField(
        label=_("责任单位"), widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off"})
    )
    problem = words(_("问题表现"), required=True, rows=2)
    source = forms.ChoiceField(label=_("来源"))
    registered_on = day(_("登记日期"))
    office = forms.ChoiceField(label=_("承办室组"))
    facts = words(_("具体事实"))
    basis = line(_("依据条款"), most=200)
    aspect = forms.ChoiceField(label=_("问题类别(方面)"), required=False)
    rectifier_name = line(_("责任人"), most=64)
    found_by = line(_("发现人"))
    MAIN: tuple[str, ...] = ("subject", "problem", "source", "registered_on", "office")

    def __init__(self, *args: Any, choices: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]

    def main(self) -> list[Any]:
        """The five."""
        return [self[name] for name in self.MAIN]

    def more(self) -> list[Any]:
        """The rest."""
        return [self[name] for name in self.fields if name not in self.MAIN]


class AtOnceForm(RegisterForm):
    """立行立改: registration, correction, verification and approval in one form."""

    correction = words(_("整改情况"), required=True)
    corrected_on = day(_("整改日期"))
    rectifier_name = line(_("责任人"), required=True, most=64)
    verifier = line(_("核验人"), required=True, most=64)
    verified_on = day(_("核验日期"))
    method = forms.ChoiceField(label=_("核验方式"))
    approver = line(_("审批人"), required=True, most=64)
    approved_on = day(_("审批日期"))
    MAIN = (
        "subject", "problem", "source", "registered_on", "office", "correction", "corrected_on", "rectifier_name",
        "verifier", "verified_on", "method", "approver", "approved_on",
    )  # fmt: skip


class ProjectForm(forms.Form):
    """A new project: number, name, lead office, members."""

    code = line(_("编号"), required=True, most=32)
    name = line(_("名称"), required=True, most=200)
    year = forms.IntegerField(label=_("年度"), min_value=1990, max_value=2100)
    lead = forms.ChoiceField(label=_("牵头监督检查室"))
    members = forms.MultipleChoiceField(label=_("派驻(派出)机构"), required=False)
    approved_on = day(_("立项日期"), required=False, now=False)

    def __init__(self, *args: Any, choices: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]
