"""The start-up gate: each condition broken alone refuses, all met start, and the demo stays on this machine."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.checks import run_checks
from pytest_django.fixtures import Settings
from tests.accounts import people
from tests.vaults.people import OFFICE, keyed
from tests.world import SYSTEM, World, as_

from jiandu.base.accounts.models import User
from jiandu.base.accounts.selectors import unfit_accounts
from jiandu.base.accounts.services import disable_account, open_account
from jiandu.base.sealing.keyring import keyring, keyring_file
from jiandu.base.sealing.suites import PrivateKey
from jiandu.net.vaults.services import register_escrow
from jiandu.surfaces.door.checks import CONDITIONS, DEMO_HOSTS, Situation, gate, problems, situation, warnings

ROOT = Path(__file__).resolve().parents[3]
KEY = "pQ7_vN2xLw9RkZ4tYb8HsJ3mCf6GdA5uEi1oXKqW0yTnVzBrPl"
GOOD = Situation(
    profile="office",
    secret_key=KEY,
    is_key_given=True,
    hosts=("jd.example",),
    https=True,
    mfa_required=True,
    debug=False,
    headers_first=True,
    mode=0o700,
)
BROKEN = [
    ("door.E002", {"profile": "production"}),
    ("door.E003", {"is_key_given": False}),
    ("door.E003", {"secret_key": "django-insecure-" + KEY}),
    ("door.E003", {"secret_key": "dev"}),
    ("door.E003", {"secret_key": "ab" * 40}),
    ("door.E003", {"secret_key": KEY[:49]}),
    ("door.E004", {"hosts": ()}),
    ("door.E004", {"hosts": ("*",)}),
    ("door.E004", {"hosts": ("jd.example", ".example")}),
    ("door.E004", {"hosts": ("testserver",)}),
    ("door.E005", {"https": False}),
    ("door.E006", {"mfa_required": False}),
    ("door.E007", {"debug": True}),
    ("door.E008", {"mode": 0o755}),
    ("door.E008", {"mode": 0o710}),
    ("door.E008", {"mode": 0o701}),
    ("door.E008", {"mode": None}),
    ("door.E009", {"unfit": ("demo-leader",)}),
    ("door.E010", {"headers_first": False}),
    ("door.E011", {"unfit": None}),
    ("door.E012", {"gaps": ("OWNER",)}),
    ("door.E013", {"sealing": ("SM2",)}),
]


def codes(now: Situation) -> list[str]:
    return [problem.code for problem in problems(now)]


def test_all_conditions_met_start() -> None:
    assert problems(GOOD) == []
    gate(GOOD)


@pytest.mark.parametrize(("code", "change"), BROKEN)
def test_each_condition_alone_refuses(code: str, change: dict[str, object], capsys: pytest.CaptureFixture[str]) -> None:
    now = replace(GOOD, **change)
    assert codes(now) == [code]
    with pytest.raises(SystemExit) as caught:
        gate(now)
    assert caught.value.code == 78
    said = capsys.readouterr().err
    assert code in said
    assert "监督网不能启动 · jiandu does not start" in said


def test_no_condition_is_untested() -> None:
    assert {problem.code for _, problem in CONDITIONS} == {code for code, _ in BROKEN}


def test_every_problem_says_reason_and_remedy_in_both_languages() -> None:
    for _, problem in [*CONDITIONS, (None, DEMO_HOSTS)]:
        assert all((problem.zh, problem.en, problem.remedy_zh, problem.remedy_en))
        assert problem.en.isascii()


@pytest.mark.parametrize("hosts", [("10.0.0.1",), ("localhost", "jd.example"), ("*",), ("::",)])
def test_the_demo_leaves_this_machine_never(hosts: tuple[str, ...]) -> None:
    assert codes(replace(GOOD, profile="demo", hosts=hosts)) == ["door.E001"]


def test_the_demo_on_this_machine_asks_for_nothing() -> None:
    assert codes(replace(GOOD, profile="demo", hosts=("127.0.0.1", "localhost"), https=False, mode=None)) == []


def test_demo_accounts_and_weak_hashes_are_unfit(db: None, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    fit = people.account()
    with as_(SYSTEM) as by:
        demo = open_account(username="demo-leader", name="演示", password=None, by=by)
        open_account(username="none", name="无密码", password=None, by=by)
    weak = User(username="old", name="旧账户", password="pbkdf2_sha256$1$x$y")
    weak.save()
    assert (unfit_accounts(), fit.is_active) == (["demo-leader", "old"], True)
    with as_(SYSTEM) as by:
        disable_account(user=demo, by=by)
        disable_account(user=weak, by=by)
    assert unfit_accounts() == []


def test_the_situation_is_read_from_settings_and_folder(
    db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PROFILE, settings.HTTPS, settings.MFA_REQUIRED = "office", True, True
    settings.SECRET_KEY, settings.ALLOWED_HOSTS = KEY, ["jd.example"]
    monkeypatch.setenv("JIANDU_SECRET_KEY_FILE", "/run/secrets/key")
    os.chmod(settings.DATA, 0o700)
    assert problems(situation(with_accounts=True)) == []
    os.chmod(settings.DATA, 0o750)
    assert codes(situation(with_accounts=True)) == ["door.E008"]
    assert "door.E008" in [message.id for message in run_checks()]


def test_the_demo_profile_passes_djangos_checks() -> None:
    assert [message.id for message in run_checks() if str(message.id).startswith("door.")] == []


def start(**told: str) -> "subprocess.CompletedProcess[str]":
    """A process of its own, as serve would start it."""
    asked = "import django; django.setup()\nfrom jiandu.surfaces.door.checks import gate; gate(); print('started')"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JIANDU_")}
    environment = {**clean, "PYTHONPATH": str(ROOT / "src"), "DJANGO_SETTINGS_MODULE": "jiandu.project.settings"}
    return subprocess.run(
        [sys.executable, "-c", asked],
        env={**environment, **told},
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )


def test_a_bare_office_profile_does_not_start(tmp_path: Path) -> None:
    answer = start(JIANDU_PROFILE="office", JIANDU_DATA=str(tmp_path))
    assert answer.returncode == 78
    assert [code for code in ("door.E003", "door.E004", "door.E011") if code in answer.stderr] == [
        "door.E003",
        "door.E004",
        "door.E011",
    ]


def test_the_demo_starts(tmp_path: Path) -> None:
    assert start(JIANDU_DATA=str(tmp_path)).stdout == "started\n"


def test_the_demo_on_an_open_address_does_not_start(tmp_path: Path) -> None:
    answer = start(JIANDU_DATA=str(tmp_path), JIANDU_HOSTS="jd.example")
    assert (answer.returncode, "door.E001" in answer.stderr) == (78, True)


def test_a_suite_that_fails_and_an_open_keyring_are_seen(settings: Settings, tmp_path: Path) -> None:
    settings.PROFILE, settings.DATA = "office", tmp_path
    assert situation(with_accounts=False).sealing == ()
    settings.SEALING_SUITE = 9
    (said,) = situation(with_accounts=False).sealing
    assert "9" in said
    settings.SEALING_SUITE = 1
    keyring()
    assert situation(with_accounts=False).sealing == ()
    keyring_file().chmod(0o440)
    (said,) = situation(with_accounts=False).sealing
    assert str(keyring_file()) in said


def test_an_office_key_of_one_holder_and_missing_escrow_are_said_at_the_start(
    world: World, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """It starts: the desk is where a colleague is admitted. The controls: two holders and escrow say nothing, nor does the demo."""
    keyed(world, "干部甲", "主任甲")
    settings.PROFILE = "office"
    now = replace(GOOD, short=situation(with_accounts=True).short, has_escrow=situation(with_accounts=True).has_escrow)
    assert [problem.code for problem in warnings(now)] == ["door.W002"]
    with as_(SYSTEM) as by:
        register_escrow(public=PrivateKey.new().public, by=by)
        disable_account(user=world.users["干部甲"], by=by)
    seen = situation(with_accounts=True)
    assert (seen.short, seen.has_escrow) == ((f"{OFFICE}(信访内容)",), True)
    gate(replace(GOOD, short=seen.short))
    said = capsys.readouterr().err
    assert ("door.W001" in said, OFFICE in said) == (True, True)
    gate(GOOD)
    assert capsys.readouterr().err == ""
    assert warnings(replace(GOOD, profile="demo", short=seen.short)) == []
