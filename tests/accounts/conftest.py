"""Hashing is cheap except where hashing is what is tested."""

import pytest
from pytest_django.fixtures import Settings
from tests.accounts import people

from jiandu.base.accounts.models import User


@pytest.fixture(autouse=True)
def _cheap_hashing(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def zhang(db: None) -> User:
    return people.account()
