"""The keyring of encrypted columns: a file apart from the database, readable by its owner only, one key a line.

    1 KEY     the oldest; every one stays readable
    2 KEY     the newest writes
    0 KEY     of blind indexes: never renewed, or equal values would no longer be found

Without it, encrypted columns are lost: it is backed up, apart from the database. JIANDU_KEYRING names another place.
"""

import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from jiandu.base.core.errors import Refused

KEY = 32  # bytes
BLIND = 0


@dataclass(frozen=True)
class Keyring:
    """The keys by number; shows none of them."""

    keys: dict[int, bytes] = field(repr=False, hash=False)
    blind: bytes = field(repr=False)

    @property
    def newest(self) -> int:
        """The number of the key that writes."""
        return max(self.keys)


def keyring() -> Keyring:
    """The installation's, made on first use. Raises Refused (keyring-broken) for a file that is none."""
    file = keyring_file()
    if not file.exists():
        _write(file, {BLIND: secrets.token_bytes(KEY), 1: secrets.token_bytes(KEY)}, is_new=True)
    return _read(file, file.stat().st_mtime_ns)


def add_key() -> int:
    """A new key that writes from now on; gives its number. Rows under older ones are written anew by their contexts."""
    ring = keyring()
    number = ring.newest + 1
    _write(keyring_file(), {BLIND: ring.blind, **ring.keys, number: secrets.token_bytes(KEY)}, is_new=False)
    return number


def keyring_file() -> Path:
    """Where it lies."""
    return Path(settings.KEYRING or Path(settings.DATA) / "keys" / "fields.keys")


@lru_cache(maxsize=4)
def _read(file: Path, changed: int) -> Keyring:
    try:
        lines = [line.split() for line in file.read_text(encoding="ascii").splitlines() if line.strip()]
        keys = {int(number): urlsafe_b64decode(key) for number, key in lines}
        blind = keys.pop(BLIND)
    except (ValueError, KeyError) as error:
        raise Refused("keyring-broken", "字段密钥文件已损坏：%(file)s", file=str(file)) from error
    if not keys or any(len(key) != KEY for key in (blind, *keys.values())):
        raise Refused("keyring-broken", "字段密钥文件已损坏：%(file)s", file=str(file))
    return Keyring(keys, blind)


def _write(file: Path, keys: dict[int, bytes], *, is_new: bool) -> None:
    """Whole or not at all. Of two processes that begin together, one keyring wins for both."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "w", encoding="ascii") as handle:
        handle.writelines(f"{number} {urlsafe_b64encode(key).decode()}\n" for number, key in sorted(keys.items()))
        handle.flush()
        os.fsync(handle.fileno())
    if not is_new:
        draft.replace(file)
        return
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
