"""Accounts are opened, given passwords, disabled and reset by an administrator; each act stands in the log."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from pytest_django.fixtures import Settings
from tests.accounts.people import PASSWORD as LONG
from tests.accounts.people import viewer
from tests.world import SYSTEM, World, as_

from jiandu.base.accounts import services
from jiandu.base.accounts.models import User
from jiandu.base.audit.models import Entry, Payload
from jiandu.base.core.errors import Refused


def refused(rule: str):
    return pytest.raises(Refused, check=lambda said: said.rule == rule)


def verbs() -> list[str]:
    return list(Entry.objects.filter(verb__startswith="account.").order_by("seq").values_list("verb", flat=True))


def test_open_account_by_the_security_administrator(world: World) -> None:
    with as_(world.viewer("安全管理员")) as by:
        user = services.open_account(username=" ZhangMing ", name=" 张明 ", password=LONG, by=by)
    assert (user.username, user.name, user.is_active) == ("zhangming", "张明", True)
    assert (user.check_password(LONG), user.has_temporary_password) == (True, True)
    assert verbs() == ["account.open"]
    assert Payload.objects.filter(body__contains=LONG).count() == 0


def test_open_account_without_password_signs_in_by_nothing(zhang: User) -> None:
    with as_(SYSTEM) as by:
        user = services.open_account(username="li-na", name="李娜", password=None, by=by)
    assert (user.has_usable_password(), user.has_temporary_password) == (False, False)


@pytest.mark.parametrize("who", ["系统管理员", "审计管理员", "书记", "干部甲"])
def test_nobody_else_opens_accounts(world: World, who: str) -> None:
    with as_(world.viewer(who)) as by, refused("not-allowed"):
        services.open_account(username="li-na", name="李娜", password=None, by=by)


@pytest.mark.parametrize("name", ["", "a", "-ab", "zhang ming", "张明", "a" * 65, "zhang@ming", "a\nb"])
def test_open_account_refuses_a_bad_username(db: None, name: str) -> None:
    with as_(SYSTEM) as by, refused("bad-username"):
        services.open_account(username=name, name="张明", password=None, by=by)


@pytest.mark.parametrize("name", ["zhangming", "ZHANGMING", "ｚｈａｎｇｍｉｎｇ"])
def test_a_username_is_taken_in_any_case_and_width(zhang: User, name: str) -> None:
    with as_(SYSTEM) as by, refused("username-taken"):
        services.open_account(username=name, name="张明", password=None, by=by)


def test_open_account_needs_a_name(db: None) -> None:
    with as_(SYSTEM) as by, refused("no-name"):
        services.open_account(username="li-na", name="  ", password=None, by=by)


def test_demo_names_only_in_the_demo(db: None, settings: Settings) -> None:
    settings.DEMO = False
    with as_(SYSTEM) as by, refused("demo-name"):
        services.open_account(username="demo-leader", name="演示", password=None, by=by)


def test_open_account_refuses_a_weak_password(db: None) -> None:
    with as_(SYSTEM) as by, refused("weak-password"):
        services.open_account(username="li-na", name="李娜", password="short", by=by)
    assert User.objects.count() == 0


def test_set_password_is_temporary_until_the_owner_chooses(world: World, zhang: User) -> None:
    with as_(world.viewer("安全管理员")) as by:
        user = services.set_password(user=zhang, password="一架红色的旧水车八十八斤", by=by)
    assert (user.check_password("一架红色的旧水车八十八斤"), user.has_temporary_password) == (True, True)
    with as_(viewer(user)) as by:
        user = services.change_own_password(user=user, password=LONG, by=by)
    assert not User.objects.get(pk=user.pk).has_temporary_password


def test_only_the_owner_changes_ones_own_password(world: World, zhang: User) -> None:
    with as_(world.viewer("安全管理员")) as by, refused("not-allowed"):
        services.change_own_password(user=zhang, password=LONG, by=by)


def test_disable_and_enable(world: World, zhang: User) -> None:
    with as_(world.viewer("安全管理员")) as by:
        assert not services.disable_account(user=zhang, by=by).is_active
        assert services.enable_account(user=zhang, by=by).is_active
    assert verbs()[-2:] == ["account.disable", "account.enable"]


@pytest.mark.parametrize("act", [services.disable_account, services.enable_account, services.reset_factors])
def test_administrators_do_not_manage_themselves(world: World, act) -> None:
    own = world.users["安全管理员"]
    with as_(world.viewer("安全管理员")) as by, refused("account-oneself"):
        act(user=own, by=by)


@pytest.mark.parametrize("act", [services.disable_account, services.enable_account, services.reset_factors])
def test_officers_do_not_manage_accounts(world: World, zhang: User, act) -> None:
    with as_(world.viewer("主任甲")) as by, refused("not-allowed"):
        act(user=zhang, by=by)


def test_reset_factors_takes_all_away(world: World, zhang: User) -> None:
    TOTP.activate(zhang, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(zhang)
    with as_(world.viewer("安全管理员")) as by:
        assert services.reset_factors(user=zhang, by=by) == 2
    assert Authenticator.objects.filter(user=zhang).count() == 0
    assert verbs()[-1] == "account.reset_factors"
