"""Looks at accounts: those of the demo, and those that an office must not start with."""

from allauth.mfa.models import Authenticator

from jiandu.base.accounts.models import User
from jiandu.base.accounts.services import DEMO

ARGON2, NONE = "argon2$argon2id$", "!"  # how a stored password begins


def demo_accounts() -> list[User]:
    """The accounts of the one-click sign-in, by name."""
    return list(User.objects.filter(username__startswith=DEMO, is_active=True).order_by("username"))


def demo_account(username: str) -> User | None:
    """One of them; None for any other name."""
    if not username.startswith(DEMO):
        return None
    return User.objects.filter(username=username, is_active=True).first()


def unfit_accounts() -> list[str]:
    """Names that may sign in by something everybody knows: demo accounts, passwords that Argon2id did not hash."""
    rows = User.objects.filter(is_active=True).order_by("username").values_list("username", "password")
    return [name for name, stored in rows if name.startswith(DEMO) or not stored.startswith((ARGON2, NONE))]


def factor_kinds(user: User) -> frozenset[str]:
    """Which kinds of second factor the user has set up."""
    return frozenset(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))


def account_named(username: str) -> User | None:
    """The account that signs in by this name."""
    return User.objects.filter(username=username.strip().lower()).first()
