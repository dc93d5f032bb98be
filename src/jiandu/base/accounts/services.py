"""Verbs of accounts: open, disable, enable, give a first password, change one's own, take a lost second factor away."""

import re
import unicodedata

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.transaction import atomic
from django.utils.translation import gettext

from jiandu.base.accounts.models import User
from jiandu.base.accounts.passwords import weaknesses
from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import now
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
DEMO = "demo-"  # accounts of the one-click sign-in


def plain_username(username: str) -> str:
    """As it is stored, looked up and throttled: NFKC, lower case, no blanks around."""
    return unicodedata.normalize("NFKC", username).strip().lower()


@atomic
def open_account(*, username: str, name: str, password: str | None, by: Viewer) -> User:
    """Makes an account; without a password it signs in by nothing until it is given one. Grants come from `access`."""
    _may_administer(by)
    user = User(username=plain_username(username), name=name.strip())
    _check_name(user)
    _set(user, password)
    user.save(force_insert=True)
    record(by, "account.open", user, payload={"username": user.username, "password": password is not None})
    return user


@atomic
def set_password(*, user: User, password: str, by: Viewer) -> User:
    """Gives an account a first or forgotten password. The owner must change it; every session of the account ends."""
    _may_administer(by, user)
    user = User.objects.select_for_update().get(pk=user.pk)
    _set(user, password)
    user.save(update_fields=["password", "password_changed_at"])
    record(by, "account.set_password", user, payload={"username": user.username})
    return user


@atomic
def change_own_password(*, user: User, password: str, by: Viewer) -> User:
    """The owner's own choice. The surface has checked the present password; the other sessions end."""
    if by.user_id != user.pk:
        raise Refused("not-allowed", "只能更改自己的密码")
    _set(user, password)
    user.password_changed_at = now()
    user.save(update_fields=["password", "password_changed_at"])
    record(by, "account.change_password", user, payload={})
    return user


@atomic
def disable_account(*, user: User, by: Viewer) -> User:
    """From the next request on the account is out. Nobody disables oneself, so an administrator remains."""
    return _switch(user, by, is_active=False)


@atomic
def enable_account(*, user: User, by: Viewer) -> User:
    """Lets the account in again."""
    return _switch(user, by, is_active=True)


@atomic
def reset_factors(*, user: User, by: Viewer) -> int:
    """The phone or key is lost: takes all second factors away; the owner sets new ones up. Gives how many there were."""
    _may_administer(by, user)
    User.objects.select_for_update().get(pk=user.pk)
    rows = Authenticator.objects.filter(user_id=user.pk)
    kinds = sorted(rows.values_list("type", flat=True))
    rows.delete()
    record(by, "account.reset_factors", user, payload={"username": user.username, "kinds": kinds})
    return len(kinds)


def _may_administer(by: Viewer, user: User | None = None) -> None:
    if not guard.allow(by, "edit", User):
        raise Refused("not-allowed", "您没有“用户管理”的权限")
    if user is not None and user.pk == by.user_id:
        raise Refused("account-oneself", "不能管理自己的账户")


def _switch(user: User, by: Viewer, *, is_active: bool) -> User:
    _may_administer(by, user)
    user = User.objects.select_for_update().get(pk=user.pk)
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    verb = "account.enable" if is_active else "account.disable"
    record(by, verb, user, payload={"username": user.username})
    return user


def _check_name(user: User) -> None:
    if not USERNAME.fullmatch(user.username):
        raise Refused("bad-username", "登录名应为2至64个小写字母、数字、点、横线或下划线，以字母或数字开头")
    if not user.name:
        raise Refused("no-name", "请填写姓名")
    if user.username.startswith(DEMO) and not settings.DEMO:
        raise Refused("demo-name", "登录名不能以 demo- 开头")
    if User.objects.filter(username__iexact=user.username).exists():
        raise Refused("username-taken", "登录名已被使用：%(username)s", username=user.username)


def _set(user: User, password: str | None) -> None:
    """What somebody else chose is temporary: password_changed_at stays empty until the owner chooses."""
    user.password_changed_at = None
    if password is None:
        user.set_unusable_password()
        return
    found = weaknesses(password, user)
    if found:
        raise Refused(
            "weak-password", "密码不符合要求：%(reasons)s", reasons="；".join(gettext(str(each)) for each in found)
        )
    user.set_password(password)
