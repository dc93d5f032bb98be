"""Checks a name and a password. An unknown name, a wrong password and a disabled account are one answer in one time."""

from threading import BoundedSemaphore
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from jiandu.base.accounts.models import User

HASHING = BoundedSemaphore(
    4
)  # Argon2 takes 100 MiB a sign-in; a rush at half past eight must not take them all at once


class Backend(AuthenticationBackend):
    """allauth's, for sign-in names; a disabled account is refused like a wrong password, not led to a page of its own."""

    def authenticate(self, request: Any, **credentials: Any) -> User | None:
        with HASHING:
            user: User | None = super().authenticate(request, **credentials)
        return user

    @classmethod
    def _stash_user(cls, user: Any) -> None:
        return None
