"""The pages of second factors: authenticator app, passkeys, recovery codes."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.mixins import RedirectAuthenticatedUserMixin
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from jiandu.base.accounts.factors import burn
from jiandu.surfaces.door import forms
from jiandu.surfaces.door.routes import unfinished_step


class Overview(base.IndexView):
    """What is set up, and what is missing."""

    template_name = "door/factors.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        given = super().get_context_data(**kwargs)
        return {**given, "is_needed": unfinished_step(self.request.user) == "mfa_index"}


class AddApp(totp.ActivateTOTPView):
    """Its first code proves who is there as well; it is used up by that."""

    form_class = forms.ActivateForm
    template_name = "door/app_add.html"

    def form_valid(self, form: Any) -> Any:
        response = super().form_valid(form)
        burn(self.request.user, form.counter)
        record_authentication(self.request, self.request.user, "mfa", type="totp")
        return response


class RemoveApp(totp.DeactivateTOTPView):
    template_name = "door/app_remove.html"


class RecoveryCodes(recovery.ViewRecoveryCodesView):
    template_name = "door/recovery.html"


class NewRecoveryCodes(recovery.GenerateRecoveryCodesView):
    template_name = "door/recovery_new.html"


class Keys(webauthn.ListWebAuthnView):
    template_name = "door/keys.html"


class AddKey(webauthn.AddWebAuthnView):
    form_class = forms.NewKeyForm
    template_name = "door/key_add.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "form": kwargs.get("form") or self.get_form()}

    def form_valid(self, form: Any) -> Any:
        response = super().form_valid(form)
        record_authentication(self.request, self.request.user, "mfa", type="webauthn")
        return response


class RenameKey(webauthn.EditWebAuthnView):
    form_class = forms.RenameKeyForm
    template_name = "door/key_rename.html"


class RemoveKey(webauthn.RemoveWebAuthnView):
    """Not the last factor, where one is required."""

    template_name = "door/key_remove.html"

    def form_valid(self, form: Any) -> Any:
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            messages.error(self.request, str(adapter.error_messages["cannot_delete_authenticator"]))
            return redirect("mfa_list_webauthn")
        return super().form_valid(form)


class ConfirmKey(webauthn.ReauthenticateWebAuthnView):
    form_class = forms.ReKeyForm
    template_name = "door/confirm_key.html"

    def form_invalid(self, form: Any) -> Any:
        messages.error(self.request, _("没有通过确认，请重试"))
        return redirect(self.passthrough_next_url(self.request.path))


class KeySignIn(webauthn.LoginWebAuthnView):
    """A passkey in place of name, password and code. Nothing can be guessed here, so no count is kept."""

    form_class = forms.KeySignInForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return RedirectAuthenticatedUserMixin.dispatch(self, request, *args, **kwargs)

    def form_invalid(self, form: Any) -> Any:
        messages.error(self.request, _("通行密钥没有通过验证，请重试或用密码登录"))
        return redirect(settings.LOGIN_URL)
