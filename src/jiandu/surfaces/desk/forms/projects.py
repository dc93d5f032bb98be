"""Projects: opened, put in other words, joined, approved, ended, merged."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.surfaces.desk.forms.fields import day, line, words


class ChoosingForm(forms.Form):
    """Choices that hang on the viewer are handed over by field name."""

    def __init__(self, *args: Any, choices: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]


class ProjectForm(ChoosingForm):
    """A new project: number, name, lead office, bodies that take part. Without an approval date it is only proposed."""

    code = line(_("编号"), required=True, most=32)
    name = line(_("名称"), required=True, most=200)
    year = forms.IntegerField(label=_("年度"), min_value=1990, max_value=2100)
    lead = forms.ChoiceField(label=_("牵头室组"))
    approved_on = day(_("立项日期"), required=False, now=False)
    plan = words(_("方案"), rows=4)
    members = forms.MultipleChoiceField(
        label=_("参与的派驻(派出)机构"), required=False, widget=forms.CheckboxSelectMultiple
    )


class AmendForm(ChoosingForm):
    """The name, the plan, and bodies that join from a date on."""

    name = line(_("名称"), required=True, most=200)
    plan = words(_("方案"), rows=4)
    since = day(_("新增机构的参加日期"))
    members = forms.MultipleChoiceField(label=_("新增参与机构"), required=False, widget=forms.CheckboxSelectMultiple)


class ApproveForm(forms.Form):
    on = day(_("立项日期"))


class EndForm(forms.Form):
    on = day(_("结项日期"))
    note = words(_("结项说明"), required=True)


class FollowUpForm(forms.Form):
    on = day(_("日期"))
    note = words(_("进展或说明"), required=True)


class NoChangeForm(forms.Form):
    """One click: the day is today."""

    on = day(_("日期"))


class MergeForm(forms.Form):
    code = line(_("并入的项目编号"), required=True, most=32)
    on = day(_("并入日期"))
    reason = words(_("事由"), required=True)
