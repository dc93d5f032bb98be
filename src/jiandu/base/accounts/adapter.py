"""What allauth asks us: the waiting throttle, our password rules, our words, sealed seeds, and who must prove what."""

from ipaddress import ip_address, ip_network
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.httpkit import headed_redirect_response
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.db.transaction import atomic
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiandu.base.accounts import devices, seeds, throttle
from jiandu.base.accounts.factors import has_factor, strong_factors
from jiandu.base.accounts.fresh import is_fresh
from jiandu.base.accounts.models import User
from jiandu.base.accounts.passwords import weaknesses
from jiandu.base.accounts.services import change_own_password, plain_username
from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused

MESSAGES = {
    "account/messages/logged_out.txt": _("已退出登录"),
    "account/messages/password_changed.txt": _("密码已更改，其他设备上的登录已失效"),
    "mfa/messages/totp_activated.txt": _("验证器已启用"),
    "mfa/messages/totp_deactivated.txt": _("验证器已停用"),
    "mfa/messages/webauthn_added.txt": _("通行密钥已添加"),
    "mfa/messages/webauthn_removed.txt": _("通行密钥已删除"),
}
WRONG = _("登录名或密码不正确")
METHODS = {
    "reauthenticate": _("用密码确认"),
    "mfa_reauthenticate": _("用验证码或恢复码确认"),
    "mfa_reauthenticate:webauthn": _("用通行密钥确认"),
}


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by name and password; nobody signs up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": WRONG,
        "account_inactive": WRONG,
        "invalid_login": WRONG,
        "enter_current_password": _("现用密码不正确"),
        "incorrect_password": _("密码不正确"),
        "incorrect_code": _("验证码不正确，或已经用过"),
    }

    def is_open_for_signup(self, request: Any) -> bool:
        return False

    def authenticate(self, request: Any, **credentials: Any) -> User | None:
        """Counts the attempt first. Raises ValidationError with the time to wait, the same for any name."""
        username = plain_username(credentials.get("username", ""))
        meters = throttle.password_meters(
            username=username, source=source_of(request), device=device_of(request, username)
        )
        attempt = let_through(meters)
        user = authenticate(request, **credentials)
        if isinstance(user, User):
            throttle.passed(attempt)
            return user
        if attempt.failures == throttle.ALARMING:
            raise_alarm(username, attempt.failures)
        return None

    def respond_user_inactive(self, request: Any, user: Any) -> Any:
        return headed_redirect_response("account_login")

    def clean_password(self, password: str, user: Any = None) -> str:
        found = weaknesses(password, user or User())
        if found:
            raise ValidationError([str(each) for each in found])
        return password

    def set_password(self, user: Any, password: str) -> None:
        change_own_password(user=user, password=password, by=guard.require_actor())

    def add_message(
        self, request: Any, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Our sentence for allauth's template, or none: who signs in sees the desk, new recovery codes show themselves."""
        if message_template in MESSAGES:
            super().add_message(request, level, message=gettext(str(MESSAGES[message_template])))
        elif message_template is None:
            super().add_message(request, level, None, *args, **kwargs)

    def is_safe_url(self, url: str) -> bool:
        """Only a path of this installation: not even another of its host names."""
        return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        return not is_fresh(self.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Who has a second factor proves it: the password alone does not step up."""
        methods = super().get_reauthentication_methods(user)
        if isinstance(user, User) and has_factor(user):
            methods = [method for method in methods if method["id"] != "reauthenticate"]
        return [{**method, "description": METHODS[method["id"]]} for method in methods]


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: seeds sealed at rest, our names, and never none left where one is required."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("验证码不正确，或已经用过"),
        "cannot_delete_authenticator": _("这是您唯一的验证方式。请先添加另一种，再停用它。"),
        "cannot_generate_recovery_codes": _("请先启用验证器或添加通行密钥"),
    }

    def encrypt(self, text: str) -> str:
        return seeds.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return seeds.unseal(encrypted_text)

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        is_last = strong_factors(authenticator.user) <= 1 and authenticator.type != Authenticator.Type.RECOVERY_CODES
        return not (settings.MFA_REQUIRED and is_last)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 -- allauth's name
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("通行密钥%(number)d") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": gettext("监督网")}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        return {**super().get_public_key_credential_user_entity(user), "display_name": user.name}


def raise_alarm(username: str, failures: int) -> None:
    """Somebody keeps guessing at an account: an entry for the security administrator, once a row of failures."""
    user = User.objects.filter(username=username).first()
    if user is not None:
        with atomic():
            record(guard.system("sign-in"), "account.guessed", user, payload={"failures": failures}, outcome="refused")


def let_through(meters: tuple[throttle.Meter, ...]) -> throttle.Attempt:
    """Counts the attempt. Raises ValidationError saying how long to wait."""
    try:
        return throttle.begin(meters)
    except Refused as refused:
        raise ValidationError(gettext(str(refused.args[1])) % refused.details, code=refused.rule) from refused


def source_of(request: Any) -> str:
    """The client's address for the throttle: behind a proxy what the nearest proxy says of it; of IPv6 the network."""
    said = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    address = said.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return address if parsed.version == 4 else str(ip_network(f"{address}/64", strict=False))


def device_of(request: Any, username: str) -> str:
    """The mark of a browser that has signed in with this account before, or ""."""
    return devices.known(request.COOKIES.get(devices.cookie_name(https=settings.HTTPS), ""), username)
