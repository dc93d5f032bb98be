"""Forms of the administrators' desks."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ItemForm(forms.Form):
    """A new choice of a dictionary."""

    code = forms.CharField(label=_("代码"), max_length=32)
    label_zh = forms.CharField(label=_("名称"), max_length=64)
    label_en = forms.CharField(label=_("英文名称"), max_length=96)
