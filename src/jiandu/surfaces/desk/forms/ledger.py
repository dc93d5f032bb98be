"""What the ledger asks: how the chosen findings are assigned, under which name a view is kept."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.loop.findings.models import Finding
from jiandu.surfaces.desk.forms.fields import day, line


class BulkForm(forms.Form):
    """交办 of many: the same type and term for all; without a date each type's usual term."""

    rectification = forms.ChoiceField(
        label=_("整改类型"), choices=Finding.Rectification.choices, initial=Finding.Rectification.BY_TERM
    )
    on = day(_("交办日期"))
    due_on = day(_("整改时限"), required=False, now=False)
    note = line(_("要求"), most=200)


class ViewForm(forms.Form):
    name = line(_("名称"), required=True, most=32)
    is_default = forms.BooleanField(label=_("打开台账时先显示这个视图"), required=False)


class RoundForm(forms.Form):
    """A look-back round: what is drawn from, how much of it, with which seed; when and by which office."""

    name = line(_("名称"), required=True, most=100)
    office = forms.ChoiceField(label=_("承办室组"))
    planned_on = day(_("计划日期"))
    unit = line(_("责任单位(含下级,可不填)"))
    aspect = forms.ChoiceField(label=_("方面"), required=False)
    since = day(_("销号自"), required=False, now=False)
    until = day(_("销号至"), required=False, now=False)
    percent = forms.IntegerField(label=_("抽取比例(%)"), min_value=1, max_value=100)
    seed = forms.IntegerField(label=_("随机种子"), min_value=0, max_value=999_999_999)

    def __init__(self, *args: Any, choices: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """With the aspect's own words, for the plan's text."""
        said = super().clean() or {}
        words = dict(self.fields["aspect"].choices)  # type: ignore[attr-defined]
        return said | {
            "aspect_words": next((word for key, word in words.items() if key and str(key) == said.get("aspect")), "")
        }
