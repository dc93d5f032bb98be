"""An uploaded list between its preview and its commit: sealed to the key of the clerk who brought it, in his session alone.

A file lies as a stream under a key of its own; that key, its name and the preview lie in an envelope for the member. Neither
opens without his passphrase. It goes at the commit, on cancelling, when he locks or signs out, when his keys were not used for
as long as a session lasts unused, and after an hour.
"""

import json
import os
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from jiandu.base.core.guard import Viewer
from jiandu.base.core.ids import new_uid
from jiandu.base.sealing.envelope import Context, new_item_key, open_envelope, seal
from jiandu.base.sealing.errors import Unopenable
from jiandu.base.sealing.padding import MIB
from jiandu.base.sealing.streams import decrypt, encrypt
from jiandu.net.vaults.holding import Unlocked

KIND, HEAD, BODY = "petition list", ".head", ".list"
KEEP_SECONDS = 3600
BLOCK = 2**20
MOST = 64 * MIB


@dataclass(frozen=True)
class Spooled:
    """An uploaded list: what its preview said, and the file where it was asked for."""

    uid: UUID
    name: str
    said: dict[str, Any]


def put(*, by: Viewer, unlocked: Unlocked, name: str, content: bytes, said: dict[str, Any]) -> Spooled:
    """Lays the file and its preview down, sealed. The envelope comes last: without it nobody knows of the file."""
    uid, key = new_uid(), new_item_key()
    place = _folder(by)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    blocks = (content[at : at + BLOCK] for at in range(0, len(content), BLOCK))
    _write(place / f"{uid}{BODY}", encrypt(blocks, item_key=key, context=Context(KIND, uid), most=MOST))
    plain = json.dumps({"key": b64encode(key).decode(), "name": name, "said": said}, ensure_ascii=False).encode()
    head = seal(plain, to=[unlocked.member.public], context=Context(KIND, uid, "head"))
    _write(place / f"{uid}{HEAD}", iter([head]))
    return Spooled(uid, name, said)


def found(by: Viewer, unlocked: Unlocked, uid: UUID) -> Spooled | None:
    """The list with its preview; None where it is gone, another's, or of a key that he no longer has."""
    plain = _head(by, unlocked, uid)
    return Spooled(uid, str(plain["name"]), plain["said"]) if plain is not None else None


def content_of(by: Viewer, unlocked: Unlocked, uid: UUID) -> bytes | None:
    """The file, in memory; None as `found`."""
    plain = _head(by, unlocked, uid)
    if plain is None:
        return None
    with suppress(OSError, Unopenable):
        said = (_folder(by) / f"{uid}{BODY}").read_bytes()
        key = b64decode(plain["key"])
        return b"".join(decrypt(iter([said]), item_key=key, context=Context(KIND, uid)))
    return None


def waiting(by: Viewer, unlocked: Unlocked) -> list[Spooled]:
    """The clerk's lists that wait for his commit, the latest first."""
    heads = sorted(_folder(by).glob(f"*{HEAD}"), key=lambda path: path.stat().st_mtime, reverse=True)
    lists = (found(by, unlocked, UUID(path.stem)) for path in heads)
    return [each for each in lists if each is not None]


def remove(by: Viewer, uid: UUID) -> None:
    """One list, with its preview."""
    for ending in (HEAD, BODY):
        (_folder(by) / f"{uid}{ending}").unlink(missing_ok=True)


def clear(by: Viewer) -> None:
    """All of the clerk's: he locks, or his session ends."""
    for path in _folder(by).glob("*"):
        path.unlink(missing_ok=True)


def note_use(by: Viewer) -> None:
    """His keys are in use: what waits may wait on. The moment is that of his folder."""
    with suppress(FileNotFoundError):
        os.utime(_folder(by))


def clear_old() -> int:
    """What has lain for an hour, and all of whose session has ended without a word; idempotent. Gives how many files went."""
    gone, unused = 0, settings.SESSION_IDLE_MINUTES * 60
    for folder in list(_root().glob("*")):
        is_over = _age(folder) >= unused
        for path in folder.glob("*"):
            if is_over or _age(path) >= KEEP_SECONDS:
                path.unlink(missing_ok=True)
                gone += 1
    return gone


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _root() -> Path:
    return Path(settings.DATA) / "spool"


def _folder(by: Viewer) -> Path:
    return _root() / str(by.user_id or 0)


def _head(by: Viewer, unlocked: Unlocked, uid: UUID) -> dict[str, Any] | None:
    path = _folder(by) / f"{uid}{HEAD}"
    try:
        if time.time() - path.stat().st_mtime >= KEEP_SECONDS:
            return None
        plain = open_envelope(path.read_bytes(), key=unlocked.member, context=Context(KIND, uid, "head"))
    except (OSError, Unopenable):
        return None
    said: dict[str, Any] = json.loads(plain)
    return said


def _write(path: Path, blocks: Iterator[bytes]) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for block in blocks:
            file.write(block)
