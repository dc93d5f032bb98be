"""Signing in and out, confirming who one is, changing one's password: allauth's views with our forms and pages."""

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from jiandu.base.accounts.factors import STRONG
from jiandu.base.accounts.selectors import factor_kinds
from jiandu.surfaces.door import demo, forms


class SignIn(account.LoginView):
    """Name and password, or a passkey; in the demo also one click."""

    form_class = forms.LoginForm
    template_name = "door/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "has_demo": demo.is_open(self.request)}


class Code(mfa.AuthenticateView):
    """The second factor of a sign-in."""

    form_class = forms.CodeForm
    webauthn_form_class = forms.KeyForm
    template_name = "door/code.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kinds = factor_kinds(self.stage.login.user)
        given = super().get_context_data(**kwargs)
        return {**given, "has_app": STRONG[0] in kinds, "has_key": STRONG[1] in kinds}


class ConfirmPassword(account.ReauthenticateView):
    form_class = forms.ConfirmPasswordForm
    template_name = "door/confirm.html"


class ConfirmCode(mfa.ReauthenticateView):
    form_class = forms.ConfirmCodeForm
    template_name = "door/confirm.html"


class ChangePassword(account.PasswordChangeView):
    """For who has a password; the others sign in by passkey, or have been given none yet."""

    form_class = forms.ChangePasswordForm
    template_name = "door/password.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_usable_password():  # type: ignore[union-attr]  # the route lets nobody else in
            messages.warning(request, _("本账户没有密码，如需密码请联系安全管理员"))
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_given = self.request.user.has_temporary_password
        return {**super().get_context_data(**kwargs), "is_given": is_given and not settings.DEMO}

    def get_default_success_url(self) -> str:
        return reverse("mfa_index")


class SignOut(account.LogoutView):
    template_name = "door/sign_out.html"

    def get_redirect_url(self) -> str:
        return reverse(settings.LOGIN_URL)
