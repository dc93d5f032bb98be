"""The demo's one-click sign-in: every role on this machine, and nowhere else."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from tests.surfaces.door.steps import is_in
from tests.world import START, SYSTEM, World, as_

from jiandu.base.accounts.models import User
from jiandu.base.accounts.services import disable_account, open_account
from jiandu.net.access.services import NewGrant, grant_role
from jiandu.surfaces.door.demo import is_loopback


@pytest.fixture
def leader(world: World) -> User:
    with as_(SYSTEM) as by:
        user = open_account(username="demo-leader", name="王建国", password=None, by=by)
        officer = open_account(username="demo-officer", name="陈晓岚", password=None, by=by)
        places = ((user, "leader", "市纪委监委"), (officer, "supervision_officer", "第一监督检查室"))
        for one, role, office in places:
            grant_role(new=NewGrant(user=one, role=role, since=START, office=world.offices[office]), by=by)
    return user


def test_the_page_shows_each_role_with_its_office_highest_first(client: Client, leader: User) -> None:
    page = client.get("/demo/").content.decode()
    shown = [
        page.index(word) for word in ("委领导", "王建国 · 市纪委监委", "监督检查室干部", "陈晓岚 · 第一监督检查室")
    ]
    assert shown == sorted(shown)
    assert "演示环境" in page


def test_one_click_signs_in(client: Client, leader: User) -> None:
    answer = client.post("/demo/", {"username": "demo-leader"})
    assert (answer.status_code, answer["Location"]) == (303, "/desk/")
    assert is_in(client)
    assert client.get("/desk/").context["request"].viewer.name == "王建国"


def test_another_role_takes_the_place_of_the_first(client: Client, leader: User) -> None:
    for name in ("demo-leader", "demo-officer"):
        client.post("/demo/", {"username": name})
    assert client.get("/desk/").context["request"].viewer.name == "陈晓岚"


def test_looking_signs_nobody_in(client: Client, leader: User) -> None:
    client.get("/demo/?username=demo-leader")
    assert not is_in(client)


def test_the_sign_in_page_leads_there(client: Client, leader: User, settings: Settings) -> None:
    assert 'href="/demo/"' in client.get("/account/sign-in/").content.decode()
    settings.DEMO = False
    assert "/demo/" not in client.get("/account/sign-in/").content.decode()


@pytest.mark.parametrize("name", ["", "zhangming", "demo-nobody", "DEMO-LEADER", "demo-", "demo-leader\x00"])
def test_no_other_account_is_entered(client: Client, leader: User, zhang: User, name: str) -> None:
    assert client.post("/demo/", {"username": name}).status_code == 404
    assert not is_in(client)


def test_a_disabled_account_is_not_entered(client: Client, leader: User) -> None:
    with as_(SYSTEM) as by:
        disable_account(user=leader, by=by)
    assert client.post("/demo/", {"username": "demo-leader"}).status_code == 404


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("10.0.0.7", {}),
        ("", {}),
        ("::ffff:10.0.0.7", {}),
        ("127.0.0.1", {"x-forwarded-for": "10.0.0.7"}),
        ("127.0.0.1", {"x-forwarded-for": "127.0.0.1"}),
        ("127.0.0.1", {"forwarded": "for=10.0.0.7"}),
        ("127.0.0.1", {"x-real-ip": "10.0.0.7"}),
        ("127.0.0.1", {"via": "1.1 proxy"}),
    ],
)
def test_only_from_this_machine_and_through_no_proxy(leader: User, address: str, headers: dict[str, str]) -> None:
    browser = Client(REMOTE_ADDR=address, headers=headers)
    assert [browser.get("/demo/").status_code, browser.post("/demo/", {"username": "demo-leader"}).status_code] == [
        404
    ] * 2
    assert not is_in(browser)


def test_only_where_each_name_of_the_host_is_this_machine(client: Client, leader: User, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "testserver", "jd.example"]
    assert client.post("/demo/", {"username": "demo-leader"}).status_code == 404


def test_never_outside_the_demo(client: Client, leader: User, settings: Settings) -> None:
    settings.DEMO = False
    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/", {"username": "demo-leader"}).status_code == 404
    assert not is_in(client)


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("127.0.0.1:8000", True),
        ("127.9.9.9", True),
        ("[::1]", True),
        ("[::1]:8000", True),
        ("::1", True),
        ("localhost:8000", True),
        ("LOCALHOST", True),
        ("", False),
        ("*", False),
        (".localhost", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("0.0.0.0", False),
        ("10.0.0.1", False),
        ("[::]", False),
        ("[2001:db8::1]:8000", False),
    ],
)
def test_what_can_only_be_this_machine(host: str, local: bool) -> None:
    assert is_loopback(host) is local
