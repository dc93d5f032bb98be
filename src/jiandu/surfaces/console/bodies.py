"""Bodies of requests on their way in. What comes slowly waits here, sealed, and takes no thread from anybody.

A body is whole before the application sees it. Up to `KEPT` bytes lie in memory; what is longer lies in a file without a
name, under a key that is in memory alone: nothing of it is there once the process is gone, however it went.
"""

import asyncio
import io
import os
import tempfile
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes

KIB = 1024
KEPT = 128 * KIB


@dataclass(frozen=True)
class Limits:
    """What one process bears. Seconds, bytes, bytes a second."""

    quiet: float = 20  # without a byte
    easy: float = 30  # before anybody looks at the rate
    rate: float = KIB  # on the mean, once it is looked at: 2G gives five times as much
    coming: int = 256  # bodies on their way at once
    held: int = 2 * KIB**3  # of all that are here
    free: int = KIB**3  # on the disk, which the database needs


class CutOff(Exception):
    """The body will not be read to its end. `status` of HTTP, and what is said."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status, self.said = status, said


class Body(io.RawIOBase):
    """What has come so far; once it is whole it is read from its beginning, once."""

    def __init__(self, size: int, folder: Path, free: int = 0) -> None:
        super().__init__()
        self.size, self.seen, self._free = size, 0, free
        self._folder, self._kept, self._at = folder, bytearray(), 0
        self._file: Any = None
        self._cipher = Cipher(algorithms.AES(os.urandom(32)), modes.CTR(os.urandom(16)))
        self._ways: dict[str, CipherContext] = {}

    def push(self, chunk: bytes) -> None:
        """The next piece. Raises CutOff (507) where the disk has no room to spare."""
        self.seen += len(chunk)
        self._kept += chunk
        if len(self._kept) > KEPT:
            self._spill()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        """From the file first, then what is in memory."""
        room = memoryview(buffer).cast("B")
        if self._file is not None:
            if "out" not in self._ways:
                self._ways["out"] = self._cipher.decryptor()
                self._file.seek(0)
            if sealed := self._file.read(len(room)):
                room[: len(sealed)] = self._ways["out"].update(sealed)
                return len(sealed)
        piece = self._kept[self._at : self._at + len(room)]
        room[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        self._kept.clear()
        super().close()

    def _spill(self) -> None:
        disk = os.statvfs(self._folder)
        if disk.f_bavail * disk.f_frsize < self._free:
            raise CutOff(507, "服务器存储空间不足，请稍后重试 · The server is short of space; please try again later")
        if self._file is None:
            self._file = tempfile.TemporaryFile(dir=self._folder, buffering=0)  # noqa: SIM115 -- closed with the body
            self._ways["in"] = self._cipher.encryptor()
        self._file.write(self._ways["in"].update(bytes(self._kept)))
        self._kept.clear()


@dataclass(eq=False)
class _Coming:
    """A body, since when it comes, and until when its next piece is waited for."""

    body: Body
    begun: float
    until: asyncio.Timeout
    key: str
    said: CutOff = field(default_factory=lambda: CutOff(408, "内容传送太慢，已中断 · The request came too slowly"))

    def rate(self, now: float) -> float:
        """Bytes a second, on the mean."""
        return self.body.seen / (now - self.begun + 1)

    def cut(self, now: float) -> None:
        self.said = CutOff(503, "网站繁忙，请稍后重试 · Too many are sending; please try again")
        self.until.reschedule(now)


class Bodies:
    """All that are on their way into this process, and those that it is busy with."""

    def __init__(self, folder: Path, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._folder = folder
        self._coming: set[_Coming] = set()
        self._held: set[Body] = set()

    @asynccontextmanager
    async def whole(self, size: int, chunks: AsyncIterable[bytes], key: str = "") -> AsyncIterator[Body]:
        """The body of `size` bytes, open as long as it is used. Raises CutOff: 400 (it ended early), 408, 503, 507.

        Where too many come at once the slowest of those who were there goes, where they are too large the largest: a letter
        is short and quick. Of one `key` the last goes on: who sends a form again has left the line on which he sent it first.
        """
        body = Body(size, self._folder, self.limits.free)
        self._held.add(body)
        try:
            if size:
                await self._come(body, chunks, key)
            yield body
        finally:
            self._held.discard(body)
            body.close()

    async def _come(self, body: Body, chunks: AsyncIterable[bytes], key: str) -> None:
        now = asyncio.get_running_loop().time
        until = asyncio.timeout(self.limits.quiet)
        coming = _Coming(body, now(), until, key)
        try:
            async with until:
                self._add(coming, now())
                async for chunk in chunks:
                    body.push(chunk)
                    if body.seen >= body.size:
                        break
                    self._bound(now())
                    if not until.expired() and coming in self._coming:
                        until.reschedule(self._deadline(coming, now()))
        except TimeoutError:
            raise coming.said from None
        finally:
            self._coming.discard(coming)
        if body.seen != body.size:
            raise CutOff(400, "内容不完整 · The request is not whole")

    def _deadline(self, coming: _Coming, now: float) -> float:
        limits = self.limits
        return min(now + limits.quiet, coming.begun + limits.easy + coming.body.seen / limits.rate)

    def _add(self, coming: _Coming, now: float) -> None:
        for other in [each for each in self._coming if coming.key and each.key == coming.key]:
            self._cut(other, now)
        if len(self._coming) >= self.limits.coming:
            self._cut(min(self._coming, key=lambda each: each.rate(now)), now)
        self._coming.add(coming)

    def _bound(self, now: float) -> None:
        if self._coming and sum(body.seen for body in self._held) > self.limits.held:
            self._cut(max(self._coming, key=lambda each: each.body.seen), now)

    def _cut(self, coming: _Coming, now: float) -> None:
        self._coming.discard(coming)
        coming.cut(now)
