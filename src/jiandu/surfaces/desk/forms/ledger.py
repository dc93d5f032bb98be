"""What the ledger asks: how the chosen findings are assigned, under which name a view is kept."""

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
