"""Codes are good once; seeds lie sealed in the database; a browser is known by its own signed mark."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import signing
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from jiandu.base.accounts import devices, factors, seeds
from jiandu.base.accounts.models import User
from jiandu.base.accounts.seeds import Unsealable

NOON = 1_664_510_400
PERIOD = 30


def code_at(secret: str, moment: float) -> str:
    """What an authenticator app shows at that moment."""
    return format_hotp_value(hotp_value(secret, int(moment) // PERIOD))


@pytest.fixture
def secret(zhang: User) -> str:
    made = generate_totp_secret()
    TOTP.activate(zhang, made)
    return made


def test_a_code_is_good_once(zhang: User, secret: str) -> None:
    with time_machine.travel(NOON, tick=False):
        assert factors.use_code(zhang, code_at(secret, NOON)).type == "totp"
        assert factors.use_code(zhang, code_at(secret, NOON)) is None


def test_no_code_is_good_twice_in_a_thousand(zhang: User, secret: str) -> None:
    taken = again = 0
    with time_machine.travel(NOON, tick=False) as clock:
        for step in range(1000):
            moment = NOON + step * PERIOD
            clock.move_to(moment)
            code = code_at(secret, moment)
            taken += factors.use_code(zhang, code) is not None
            clock.move_to(moment + step % 59)  # anywhere in the time that the code would be taken
            again += factors.use_code(zhang, code) is not None
    assert (taken, again) == (1000, 0)


@pytest.mark.parametrize(("off", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_phone_may_be_half_a_minute_off(zhang: User, secret: str, off: int, taken: bool) -> None:
    with time_machine.travel(NOON, tick=False):
        assert (factors.use_code(zhang, code_at(secret, NOON + off)) is not None) is taken


def test_an_earlier_code_is_void_after_a_later_one(zhang: User, secret: str) -> None:
    with time_machine.travel(NOON, tick=False):
        assert factors.use_code(zhang, code_at(secret, NOON + PERIOD)) is not None
        assert factors.use_code(zhang, code_at(secret, NOON)) is None


@pytest.mark.parametrize("written", ["{} {}", " {}{} ", "{}-{}"])
def test_codes_may_be_spaced(zhang: User, secret: str, written: str) -> None:
    with time_machine.travel(NOON, tick=False):
        code = code_at(secret, NOON)
        assert factors.use_code(zhang, written.format(code[:3], code[3:])) is not None


@given(st.text(max_size=12))
def test_no_other_text_is_a_code(text: str) -> None:
    with time_machine.travel(NOON, tick=False):
        known = {code_at("JBSWY3DPEHPK3PXP", NOON + off) for off in (-30, 0, 30)}
        assert (factors.counter_of("JBSWY3DPEHPK3PXP", text) is not None) == (text in known)


def test_a_recovery_code_is_struck_off(zhang: User, secret: str) -> None:
    codes = RecoveryCodes.activate(zhang).generate_codes()
    assert factors.use_code(zhang, codes[3]).type == "recovery_codes"
    assert factors.use_code(zhang, codes[3]) is None
    left = Authenticator.objects.get(user=zhang, type="recovery_codes").wrap().get_unused_codes()
    assert left == codes[:3] + codes[4:]


def test_a_seed_is_not_readable_in_the_database(zhang: User, secret: str) -> None:
    recovery = RecoveryCodes.activate(zhang)
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert seeds.unseal(recovery.instance.data["seed"]) not in stored


def test_recovery_codes_alone_are_no_factor(zhang: User) -> None:
    RecoveryCodes.activate(zhang)
    assert (factors.has_factor(zhang), factors.strong_factors(zhang)) == (False, 0)


def test_another_installation_cannot_read_the_seed(
    zhang: User, secret: str, settings: Settings, tmp_path: Path
) -> None:
    settings.DATA = tmp_path / "restored without keys"
    with time_machine.travel(NOON, tick=False):
        assert factors.use_code(zhang, code_at(secret, NOON)) is None


def test_the_key_is_the_owners_only(settings: Settings) -> None:
    seeds.seal("x")
    file = Path(settings.DATA) / "keys" / "factors.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert os.listdir(file.parent) == ["factors.key"]


def test_processes_that_begin_together_agree_on_one_key(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "factors.key"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: seeds._make(file), range(8)))
    assert os.listdir(file.parent) == ["factors.key"]
    assert len(seeds._key(file)) == 32


def test_a_key_of_another_length_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "short.key"
    file.write_text("YWJj", encoding="ascii")
    with pytest.raises(Unsealable):
        seeds._key(file)


@given(st.text(max_size=80))
def test_sealing_gives_the_text_back_and_never_the_same_box(text: str) -> None:
    first, second = seeds.seal(text), seeds.seal(text)
    assert (seeds.unseal(first), seeds.unseal(second)) == (text, text)
    assert first != second


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_an_altered_box_stays_shut(place: int, change: int) -> None:
    from base64 import urlsafe_b64decode, urlsafe_b64encode

    data = bytearray(urlsafe_b64decode(seeds.seal("JBSWY3DPEHPK3PXP")[3:]))
    data[place % len(data)] ^= change
    with pytest.raises(Unsealable):
        seeds.unseal("v1:" + urlsafe_b64encode(bytes(data)).decode())


@pytest.mark.parametrize("text", ["", "JBSWY3DPEHPK3PXP", "v1:", "v1:!!", "v2:AAAA", "v1:中文"])
def test_what_was_never_sealed_is_refused(text: str) -> None:
    with pytest.raises(Unsealable):
        seeds.unseal(text)


def test_a_browser_is_known_for_its_own_accounts_only() -> None:
    cookie = devices.remember(devices.remember("", "zhang"), "li")
    assert devices.known(cookie, "zhang") != ""
    assert devices.known(cookie, "zhang") != devices.known(cookie, "li")
    assert devices.known(cookie, "wang") == ""


def test_a_browser_keeps_its_mark() -> None:
    cookie = devices.remember("", "zhang")
    assert devices.known(devices.remember(cookie, "zhang"), "zhang") == devices.known(cookie, "zhang")


def test_a_shared_desk_remembers_the_last_six() -> None:
    cookie = ""
    for number in range(9):
        cookie = devices.remember(cookie, f"user{number}")
    assert [bool(devices.known(cookie, f"user{number}")) for number in range(9)] == [False] * 3 + [True] * 6


@pytest.mark.parametrize(
    "cookie",
    ["", "x", "a:b:c", signing.dumps({"a": "b"}), signing.dumps([1], salt=devices.SALT)],
    ids=["empty", "short", "unsigned", "other salt", "other shape"],
)
def test_a_mark_that_is_not_ours_is_nothing(cookie: str) -> None:
    assert devices.known(cookie, "zhang") == ""


def test_a_mark_ends_after_half_a_year() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        cookie = devices.remember("", "zhang")
        clock.shift(devices.AGE + 1)
        assert devices.known(cookie, "zhang") == ""


def test_the_mark_says_no_name() -> None:
    assert "zhangming" not in str(signing.loads(devices.remember("", "zhangming"), salt=devices.SALT))
