"""Forms of the security administrator: accounts, roles, recusals."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.net.access import hands, selectors
from jiandu.net.access.roles import roles
from jiandu.surfaces.desk.forms.fields import day, line
from jiandu.surfaces.desk.forms.rooms import OfficeField, RoomForm, UnitField

NONE = ("", "—")


def secret(label: object, help_text: object = "") -> forms.CharField:
    """A first password; its owner has to change it."""
    shy = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(label=label, help_text=help_text, max_length=128, widget=shy)  # type: ignore[arg-type]


class AccountForm(RoomForm):
    """A new account; its owner changes the password at first sign-in."""

    username = line(_("登录名"), required=True, most=64)
    name = line(_("姓名"), required=True, most=64)
    password = secret(_("初始密码"), _("本人首次登录后必须更改"))


class PasswordForm(RoomForm):
    """A password for who forgot it."""

    password = secret(_("新密码"), _("本人登录后必须更改;该账号的其他登录全部退出"))


class GrantForm(RoomForm):
    """A role for a user, at an office or for a unit, from a day on."""

    role = forms.ChoiceField(label=_("角色"))
    office = OfficeField(label=_("机构"), required=False)
    organisation = UnitField(label=_("责任单位"), required=False)
    acts_for: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("代为办理的领导"), queryset=None, required=False
    )
    since = day(_("起"))
    until = day(_("止"), required=False, now=False)

    def prepare(self) -> None:
        english = get_language() == "en"
        self.choices("role", [NONE, *((role.key, role.en if english else role.zh) for role in roles().values())])
        self.fields["acts_for"].queryset = selectors.may_be_acted_for(guard.require_actor())  # type: ignore[attr-defined]


class SuccessorForm(RoomForm):
    """交接: what the officer holds stands above; who takes it over, by his login name."""

    to = line(_("承接人登录名"), required=True, most=64)

    def prepare(self) -> None:
        if "held" not in self.thing.__dict__:  # two forms of one page ask
            self.thing.__dict__["held"] = hands.held_by(self.thing)
        self.told = self.thing.__dict__["held"]
        self.about = _("以下事项移交承接人") if self.told else _("名下没有需要移交的事项")

    def clean_to(self) -> Any:
        """The account of that name."""
        said = self.cleaned_data["to"]
        found = selectors.account_named(guard.require_actor(), said) if said else None
        if said and found is None:
            raise forms.ValidationError(_("请选择另一个在用的账户"))
        return found


class DisableForm(SuccessorForm):
    """停用: asks for a successor where something is to be handed over."""

    def prepare(self) -> None:
        super().prepare()
        self.fields["to"].required = bool(self.told)


class UnitRecusalForm(RoomForm):
    """From everything about which unit."""

    organisation = UnitField(label=_("回避单位"))
    reason = line(_("事由"))


class EndGrantForm(RoomForm):
    """Nothing is asked; it says which role is taken back, where, and from when on it is gone."""

    def prepare(self) -> None:
        grant = self.thing
        role = roles()[grant.role]
        place = grant.office or grant.organisation
        self.about = _("收回后，下一次访问起不再有以下权限")
        said = [role.en if get_language() == "en" else role.zh, str(place or ""), str(grant.acts_for or "")]
        self.told = [" · ".join(word for word in said if word)]
