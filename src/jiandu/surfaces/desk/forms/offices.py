"""Forms of the administrators' desks."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jiandu.net.access.roles import roles

DAY = forms.DateInput(attrs={"type": "date"})


class ItemForm(forms.Form):
    """A new choice of a dictionary."""

    code = forms.CharField(label=_("代码"), max_length=32)
    label_zh = forms.CharField(label=_("名称"), max_length=64)
    label_en = forms.CharField(label=_("英文名称"), max_length=96)


class AccountForm(forms.Form):
    """A new account; its owner changes the password at first sign-in."""

    username = forms.CharField(label=_("登录名"), max_length=64)
    name = forms.CharField(label=_("姓名"), max_length=64)
    password = forms.CharField(label=_("初始密码"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))


class GrantForm(forms.Form):
    """A role for a user, at an office or a unit, from a day on."""

    role = forms.ChoiceField(label=_("角色"))
    office: forms.ModelChoiceField[Any] = forms.ModelChoiceField(label=_("机构"), queryset=None, required=False)
    organisation: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("责任单位"), queryset=None, required=False
    )
    since = forms.DateField(label=_("起"), widget=DAY)
    until = forms.DateField(label=_("止"), widget=DAY, required=False)

    def __init__(self, *args: Any, offices: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        english = get_language() == "en"
        self.fields["role"].choices = [(role.key, role.en if english else role.zh) for role in roles().values()]  # type: ignore[attr-defined]
        self.fields["office"].queryset = offices  # type: ignore[attr-defined]
        self.fields["organisation"].queryset = units  # type: ignore[attr-defined]
