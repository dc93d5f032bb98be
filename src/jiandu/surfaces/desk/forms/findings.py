"""Registration and 立行立改. Dates default to today; nothing is asked that is already known."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.net.access.models import Level
from jiandu.surfaces.desk.forms.fields import Amount, day, line, words


class RegisterForm(forms.Form):
    """The five questions of registration, and what may come later."""

    subject = forms.CharField(
        label=_("责任单位"), widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off"})
    )
    problem = words(_("问题表现"), required=True, rows=2, most=500)
    source = forms.ChoiceField(label=_("来源"))
    registered_on = day(_("登记日期"))
    office = forms.ChoiceField(label=_("承办室组"))
    facts = words(_("具体事实"))
    basis = line(_("依据条款"), most=200)
    aspect = forms.ChoiceField(label=_("问题类别(方面)"), required=False)
    rectifier_name = line(_("责任人"), most=64)
    found_by = line(_("发现人"))
    lead_leader = line(_("牵头领导"), most=64)
    amount_fen = Amount(label=_("涉及金额(元)"), required=False)
    people_count = forms.IntegerField(label=_("涉及人数"), min_value=0, max_value=10_000_000, required=False)
    level = forms.ChoiceField(
        label=_("级别"),
        required=False,
        help_text=_("工作敏感只限承办室组和点名人员查看；专案点名在登记后办理"),
    )
    MAIN: tuple[str, ...] = ("subject", "source", "problem", "office", "registered_on")  # in pairs, as they stand

    def __init__(self, *args: Any, choices: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]

    def clean_level(self) -> int:
        return int(self.cleaned_data["level"] or Level.INTERNAL)

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
        "subject", "source", "problem", "office", "registered_on", "correction", "rectifier_name", "corrected_on",
        "verifier", "verified_on", "approver", "approved_on", "method",
    )  # fmt: skip
