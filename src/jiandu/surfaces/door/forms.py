"""The forms of sign-in and second factors: allauth's, with our words, the waiting throttle, and codes that are used once."""

from typing import Any

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.accounts import factors, throttle
from jiandu.base.accounts.adapter import device_of, let_through
from jiandu.base.accounts.models import User
from jiandu.base.accounts.passwords import LONGEST, RULES


class Worded:
    """Gives allauth's fields our labels, and takes its placeholders away: a label stays when one types."""

    words: dict[str, Any] = {}
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.words.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
            if isinstance(field.widget, forms.PasswordInput):
                field.help_text = ""
                field.widget.attrs["maxlength"] = LONGEST


class LoginForm(Worded, account.LoginForm):
    """Name and password. What is longer than any password is not worth hashing."""

    words = {"login": _("登录名"), "password": _("密码")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {"autofocus": True, "autocapitalize": "none", "spellcheck": "false"}

    def clean_password(self) -> str:
        return str(self.cleaned_data["password"])[: LONGEST + 1]


class ConfirmPasswordForm(Worded, account.ReauthenticateForm):
    words = {"password": _("密码")}


class ChangePasswordForm(Worded, account.ChangePasswordForm):
    """The present password is checked under the throttle: an unlocked screen is no place to guess it."""

    words = {"oldpassword": _("现用密码"), "password1": _("新密码"), "password2": _("再输一遍新密码")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = RULES

    def clean_oldpassword(self) -> str:
        old = str(self.cleaned_data.get("oldpassword", ""))
        adapter = account.get_adapter()
        if not adapter.reauthenticate(self.user, old):
            raise adapter.validation_error("enter_current_password")
        return old

    def clean(self) -> Any:
        cleaned = forms.Form.clean(self) or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("两次输入的新密码不一致"))
        return cleaned


class CodeForm(Worded, mfa.AuthenticateForm):
    """A code of the authenticator app, or a recovery code: each good once, and few wrong ones allowed."""

    words = {"code": _("验证码或恢复码")}
    user: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= CODE

    def clean_code(self) -> str:
        attempt = let_through(meters_of(self.user))
        found = factors.use_code(self.user, str(self.cleaned_data["code"])) if self.user.is_active else None
        if found is None:
            raise get_adapter().validation_error("incorrect_code")
        throttle.passed(attempt)
        self.authenticator = found
        return str(self.cleaned_data["code"])


class ConfirmCodeForm(CodeForm, mfa.ReauthenticateForm):
    """The same for a step-up."""

    save = mfa.ReauthenticateForm.save


class ActivateForm(Worded, totp.ActivateTOTPForm):
    """The first code of a new authenticator proves that it was set up."""

    words = {"code": _("验证器显示的6位验证码")}
    counter = -1

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= CODE

    def clean_code(self) -> str:
        attempt = let_through(meters_of(self.user))
        counter = factors.counter_of(self.secret, "".join(str(self.cleaned_data["code"]).split()))
        if counter is None:
            raise get_adapter().validation_error("incorrect_code")
        throttle.passed(attempt)
        self.counter = counter
        return str(self.cleaned_data["code"])


class KeyForm(webauthn.AuthenticateWebAuthnForm):
    """A passkey's answer; a disabled account's is as wrong as a stranger's."""

    def clean_credential(self) -> Any:
        found = super().clean_credential()
        if not found.user.is_active:
            raise get_adapter().validation_error("incorrect_code")
        return found


class KeySignInForm(KeyForm, webauthn.LoginWebAuthnForm):
    """A passkey in place of name, password and code."""


class ReKeyForm(KeyForm, webauthn.ReauthenticateWebAuthnForm):
    """A passkey for a step-up."""


class NewKeyForm(Worded, webauthn.AddWebAuthnForm):
    words = {"name": _("名称"), "passwordless": _("可以免密码登录")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["maxlength"] = LONGEST_NAME
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].help_text = _("需要设备支持指纹、人脸或PIN码；不勾选时，登录仍要先输密码。")

    def clean_name(self) -> str:
        return str(super().clean_name())[:LONGEST_NAME]


class RenameKeyForm(Worded, webauthn.EditWebAuthnForm):
    words = {"name": _("名称")}

    def clean_name(self) -> str:
        return str(self.cleaned_data["name"])[:LONGEST_NAME]


LONGEST_NAME = 32
CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True, "maxlength": 12}


def meters_of(user: User) -> tuple[throttle.Meter, ...]:
    """What a wrong code of this user counts against."""
    return throttle.factor_meters(user_id=user.pk, device=device_of(context.request, user.username))
