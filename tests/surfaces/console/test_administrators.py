"""The first accounts of an installation: three administrators, each once, each with a password to be changed."""

import json
from argparse import Namespace

import pytest
from django.contrib.auth import authenticate
from django.test import Client

from jiandu.base.accounts.models import User
from jiandu.base.core.errors import Refused
from jiandu.net.access.standing import viewer_of
from jiandu.surfaces.console.administrators import administrators

NAMES = ["system-admin", "security-admin", "audit-admin"]


def run(capsys: pytest.CaptureFixture[str], renew: str | None = None) -> list[dict[str, str]]:
    assert administrators(Namespace(renew=renew, json=True)) == 0
    accounts: list[dict[str, str]] = json.loads(capsys.readouterr().out)["accounts"]
    return accounts


@pytest.mark.django_db
def test_administrators_opens_each_of_the_three_once(capsys: pytest.CaptureFixture[str]) -> None:
    opened = run(capsys)
    assert [(one["username"], one["role"]) for one in opened] == [(name, name.replace("-", "_")) for name in NAMES]
    assert len({one["password"] for one in opened}) == 3
    for one in opened:
        user = User.objects.get(username=one["username"])
        assert (user.check_password(one["password"]), user.has_temporary_password) == (True, True)
        assert viewer_of(user).standing.roles == (one["role"],)
    assert run(capsys) == []
    assert User.objects.count() == 3


@pytest.mark.django_db
def test_administrators_meet_no_business(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys)
    client = Client()
    client.force_login(User.objects.get(username="system-admin"))
    assert [client.get(f"/desk/{path}").status_code for path in ("", "findings/")] == [200, 404]


@pytest.mark.django_db
def test_renew_gives_one_administrator_a_new_password(capsys: pytest.CaptureFixture[str]) -> None:
    old = {one["username"]: one["password"] for one in run(capsys)}
    (renewed,) = run(capsys, renew="audit-admin")
    user = User.objects.get(username="audit-admin")
    assert (renewed["username"], renewed["role"]) == ("audit-admin", "audit_admin")
    assert (user.check_password(renewed["password"]), user.check_password(old["audit-admin"])) == (True, False)
    assert User.objects.get(username="system-admin").check_password(old["system-admin"])


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["nobody", "officer"])
def test_renew_refuses_whoever_is_no_administrator(capsys: pytest.CaptureFixture[str], name: str) -> None:
    run(capsys)
    User.objects.create(username="officer", name="干部")
    with pytest.raises(Refused) as refused:
        administrators(Namespace(renew=name, json=True))
    assert refused.value.rule == "not-administrator"
    assert authenticate(username=name, password="") is None
