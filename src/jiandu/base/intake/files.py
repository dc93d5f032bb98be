"""A file as it comes from a stranger: sealed block by block on its way to the disk, where it never lies in clear."""

import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from jiandu.base.core.clock import DAY, today
from jiandu.base.core.errors import Refused
from jiandu.base.core.ids import new_uid
from jiandu.base.sealing.envelope import Context, new_item_key
from jiandu.base.sealing.streams import Encrypting, decrypt

KIND = "petition-file"
MOST_FILES = 10
_BLOCK = 2**20
FIXED = 946_684_800  # 2000-01-01: says nothing of when it came
ALLOWED = frozenset(
    (
        *(".pdf", ".ofd", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".wps", ".et", ".dps", ".txt", ".csv"),
        *(".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".bmp", ".tif", ".tiff", ".zip", ".rar", ".7z", ".eml"),
        *(".mp3", ".m4a", ".wav", ".amr", ".aac", ".mp4", ".mov", ".avi", ".3gp"),
    )
)


def folder() -> Path:
    """Where sealed files lie."""
    return Path(settings.DATA) / "intake"


def settle() -> None:
    """What was moved into the folder is there after a loss of power, too."""
    handle = os.open(folder(), os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class SealedFile:
    """One file: `push` what comes, `end` it, then `keep` it, or `drop` it. Its key is in memory alone until it is kept."""

    def __init__(self, name: str, *, is_cleaned: bool = False) -> None:
        """`is_cleaned`: without what it says of its maker, as who reports asked. Raises Refused (file-kind) for an ending that is not taken."""
        if Path(name).suffix.lower() not in ALLOWED:
            raise Refused("file-kind", "不接收这种格式的附件：%(name)s", name=Path(name).suffix[:12] or "–")
        self.uid, self.name, self.key, self.size = new_uid(), name[-200:], new_item_key(), 0
        self.is_cleaned = is_cleaned
        self._stream = Encrypting(item_key=self.key, context=Context(KIND, self.uid))
        parts = folder() / "parts"
        parts.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.place = secrets.token_hex(16)
        self.path = parts / f"{today().isoformat()}-{self.place}"
        self._handle = os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._write(iter([self._stream.head]))

    @property
    def seen(self) -> int:
        """Bytes of content so far."""
        return self._stream.seen

    def push(self, chunk: bytes) -> None:
        """Raises Refused (file-too-large)."""
        self._write(self._stream.push(chunk))

    def end(self) -> None:
        """The file is whole, and on the disk."""
        self._write(self._stream.end())
        self._handle.flush()
        os.fsync(self._handle.fileno())
        self._handle.close()
        os.utime(self.path, (FIXED, FIXED))

    def read(self) -> Iterator[bytes]:
        """The content of one that has ended, before its key is given away."""
        with self.path.open("rb") as file:
            yield from decrypt(iter(lambda: file.read(_BLOCK), b""), item_key=self.key, context=Context(KIND, self.uid))

    def keep(self) -> None:
        """To where it stays; before the row that names it, so that no row names what is not there."""
        target = folder() / self.place
        self.path = self.path.rename(target)
        for shown in (folder() / "parts", folder()):
            os.utime(shown, (FIXED, FIXED))
        settle()

    def drop(self) -> None:
        """As if it had never come."""
        with suppress(OSError):
            self._handle.close()
        self.path.unlink(missing_ok=True)

    def _write(self, blocks: Iterator[bytes]) -> None:
        for block in blocks:
            self._handle.write(block)
            self.size += len(block)


def sweep() -> int:
    """Removes parts that a killed process left behind; gives how many."""
    before = (today() - DAY).isoformat()
    old = [path for path in (folder() / "parts").glob("*-*") if path.name < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
