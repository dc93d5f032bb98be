"""Keeps the seeds of second factors sealed in the database: AES-256-GCM under a key that lies in the data folder.

A copy of the database alone gives no codes. The key is made on first use, readable by the owner only, and backed up
apart from the database; without it everybody sets the second factor up again.
"""

import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

VERSION = "v1:"
CONTEXT = b"jiandu second factor v1"
KEY, NONCE = 32, 12  # bytes


class Unsealable(ValueError):
    """The seed was sealed under another key, or altered."""


def seal(text: str) -> str:
    """The sealed text, never twice the same."""
    nonce = secrets.token_bytes(NONCE)
    return VERSION + urlsafe_b64encode(nonce + _cipher().encrypt(nonce, text.encode(), CONTEXT)).decode()


def unseal(sealed: str) -> str:
    """The text. Raises Unsealable for anything that `seal` did not make under this key."""
    try:
        if not sealed.startswith(VERSION):
            raise Unsealable("not a sealed seed")
        data = urlsafe_b64decode(sealed[len(VERSION) :])
        return _cipher().decrypt(data[:NONCE], data[NONCE:], CONTEXT).decode()
    except (InvalidTag, ValueError) as error:
        raise Unsealable("the key of second factors does not fit, or a seed was altered") from error


def _cipher() -> AESGCM:
    return AESGCM(_key(Path(settings.DATA) / "keys" / "factors.key"))


@lru_cache(maxsize=4)
def _key(file: Path) -> bytes:
    if not file.exists():
        _make(file)
    key = urlsafe_b64decode(file.read_text(encoding="ascii"))
    if len(key) != KEY:
        raise Unsealable(f"{file}: expected {KEY} bytes")
    return key


def _make(file: Path) -> None:
    """Written whole, then linked into place: of two processes that begin together, one key wins for both."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as handle:
        handle.write(urlsafe_b64encode(secrets.token_bytes(KEY)).decode())
        handle.flush()
        os.fsync(handle.fileno())
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
