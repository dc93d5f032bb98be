"""The unlock passphrase: what it must be, and the private key under it (Argon2id; 3 passes over 256 MiB, ≈ 0.5 s).

It is not the sign-in password, so that sign-in may go by passkey; who copies the database can guess at it offline, at this
price a guess. Two at a time in a process: each takes 256 MiB.
"""

import secrets
import unicodedata
from dataclasses import dataclass
from threading import BoundedSemaphore

from django.conf import settings

from jiandu.base.accounts.models import User
from jiandu.base.accounts.passwords import weaknesses
from jiandu.base.core.errors import Refused
from jiandu.base.sealing.errors import Unopenable
from jiandu.base.sealing.suites import PrivateKey, PublicKey, suite

DEMO_PASSPHRASE = "shan gao yue xiao shui luo shi chu"  # noqa: S105 -- of the accounts of the demo; its pages say it
SHORTEST = 14  # characters
SALT, NONCE = 16, 12  # bytes
_turns = BoundedSemaphore(2)


@dataclass(frozen=True)
class Cost:
    """Passes, and bytes of memory."""

    ops: int
    memory: int


def usual_cost() -> Cost:
    """What new passphrases cost."""
    return Cost(3, settings.UNLOCK_MEBIBYTES * 2**20)


def check(passphrase: str, user: User) -> None:
    """Raises Refused (weak-passphrase) with the reason."""
    if len(plain(passphrase)) < SHORTEST:
        raise Refused("weak-passphrase", "解锁口令至少%(size)d个字符", size=SHORTEST)
    for reason in weaknesses(plain(passphrase), user):
        raise Refused("weak-passphrase", reason)
    if user.has_usable_password() and user.check_password(passphrase):
        raise Refused("weak-passphrase", "解锁口令不能与登录密码相同")


def lock(key: PrivateKey, passphrase: str, cost: Cost) -> bytes:
    """The private half under the passphrase: salt ‖ nonce ‖ ciphertext, beside its public half."""
    salt, nonce = secrets.token_bytes(SALT), secrets.token_bytes(NONCE)
    used = suite(key.suite)
    under = used.derive(_stretched(passphrase, salt, cost), b"jiandu member key", used.key_size)
    return salt + nonce + used.encrypt(under, nonce, key.raw, key.public.text.encode())


def unlock(locked: bytes, passphrase: str, cost: Cost, public: PublicKey) -> PrivateKey:
    """The private half. Raises Unopenable for another passphrase, or altered."""
    salt, nonce, data = locked[:SALT], locked[SALT : SALT + NONCE], locked[SALT + NONCE :]
    used = suite(public.suite)
    under = used.derive(_stretched(passphrase, salt, cost), b"jiandu member key", used.key_size)
    key = PrivateKey(public.suite, used.decrypt(under, nonce, data, public.text.encode()))
    if key.public != public:
        raise Unopenable
    return key


def plain(passphrase: str) -> str:
    """As every keyboard makes it."""
    return unicodedata.normalize("NFKC", passphrase)


def _stretched(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    from nacl.pwhash import argon2id  # noqa: PLC0415 -- slow import: only who unlocks

    with _turns:
        return argon2id.kdf(32, plain(passphrase).encode(), salt, opslimit=cost.ops, memlimit=cost.memory)
