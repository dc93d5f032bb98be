"""The door mounted with a few rooms behind it (urls.py), and people to walk through it."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client
from pytest_django.fixtures import Settings
from tests.accounts import people
from tests.surfaces.door.steps import NOON, sign_in

from jiandu.base.accounts.models import User

HEADERS = "jiandu.surfaces.door.middleware.HeadersMiddleware"
Code = Callable[[float], str]


@pytest.fixture(autouse=True)
def _mounted(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.surfaces.door.urls"
    settings.MIDDLEWARE = [HEADERS, *(name for name in settings.MIDDLEWARE if name != HEADERS)]
    settings.CSRF_FAILURE_VIEW = "jiandu.surfaces.door.answers.untrusted"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def zhang(db: None) -> User:
    return people.account()


@pytest.fixture
def code(zhang: User) -> Code:
    """Gives zhang an authenticator app: what it shows at a moment."""
    secret = generate_totp_secret()
    TOTP.activate(zhang, secret)
    return lambda moment: format_hotp_value(hotp_value(secret, int(moment) // 30))


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def signed(client: Client, zhang: User) -> Client:
    """A browser in which zhang has signed in by password."""
    sign_in(client)
    return client
