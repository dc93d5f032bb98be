"""Password rules: length, the common list, nothing of the owner; stored by Argon2id."""

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from jiandu.base.accounts import passwords
from jiandu.base.accounts.models import User
from jiandu.base.accounts.passwords import SENTENCES, weaknesses
from jiandu.project import settings as module

ZHANG = User(username="zhangming", name="张明")


@pytest.mark.parametrize(
    ("password", "codes"),
    [
        ("蓝天白云和一匹快马2022", []),
        ("correct horse battery", []),
        ("elevenchars", ["password_too_short"]),
        ("123456789012", ["password_too_common"]),
        ("passwordpassword", ["password_too_common"]),
        ("Admin@1234567", ["password_too_common"]),
        ("2022-09-30 12:00", ["password_too_common"]),
        ("1qaz1qaz1qaz1qaz", ["password_too_common"]),
        ("abababcbabab", ["password_too_common"]),
        ("zhangming-2022!", ["password_too_similar"]),
        ("ZHANGMING-2022!", ["password_too_similar"]),
        ("ｚｈａｎｇｍｉｎｇ２０２２！", ["password_too_similar"]),
        ("我是张明今年四十二岁了吧", ["password_too_similar"]),
        ("x" * 129, ["password_too_long"]),
        ("一二三四五六七八九十百千" * 10 + "万亿兆京垓秭穰沟", []),
    ],
)
def test_rules(password: str, codes: list[str]) -> None:
    assert weaknesses(password, ZHANG) == [SENTENCES[code] for code in codes]


def test_words_of_the_unit_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_more_words", [])
    passwords.also_avoid(lambda user: ["第一监督检查室", "Xiamen Harbour Group"])
    assert weaknesses("第一监督检查室的门是绿的", ZHANG) == [SENTENCES["password_too_similar"]]
    assert weaknesses("my harbour view 77", ZHANG) == [SENTENCES["password_too_similar"]]
    assert weaknesses("绿色的门后面有一棵石榴树", ZHANG) == []


@given(st.text(min_size=0, max_size=140))
def test_no_short_or_overlong_password_passes(password: str) -> None:
    if not 12 <= len(password) <= 128:
        assert weaknesses(password, ZHANG) != []


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_sign_in_name_is_found_anywhere(before: str, after: str) -> None:
    assert SENTENCES["password_too_similar"] in weaknesses(f"{before}zhangming{after}", ZHANG)


def test_passwords_are_hashed_by_argon2id(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    stored = make_password("蓝天白云和一匹快马2022")
    assert identify_hasher(stored).algorithm == "argon2"
    assert stored.startswith("argon2$argon2id$")


def test_the_project_knows_no_other_hasher() -> None:
    assert module.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
