"""Parent side: starts the child, feeds it a descriptor, listens within the wall-time limit, and always ends it."""

import io
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import IO, BinaryIO

from .errors import SheetRefused
from .limits import MIB, Limits

Source = Path | bytes | BinaryIO

_BLOCK = 65_536
_LINE = 4 * MIB
_PACKAGE = __package__ or ""
_BOOT = (  # an empty package in place of __init__, which would import the parent's side: half the start-up time
    "import json,sys,types;o=json.loads(sys.argv[1]);sys.path[:]=o.pop('path');"
    f"p=sys.modules['{_PACKAGE}']=types.ModuleType('{_PACKAGE}');p.__path__=[o.pop('home')];"
    f"from {_PACKAGE}.child import main;main(o)"
)


@contextmanager
def descriptor(source: Source, limits: Limits) -> Iterator[int]:
    """A readable, seekable descriptor of `source`; what is not a file is copied to memory, never to a disk."""
    with ExitStack() as stack:
        if isinstance(source, Path):
            yield stack.enter_context(source.open("rb")).fileno()
            return
        stream = io.BytesIO(source) if isinstance(source, bytes) else source
        try:
            yield stream.fileno()
        except io.UnsupportedOperation:
            copy = stack.enter_context(scratch())
            stream.seek(0)
            while block := stream.read(_BLOCK):
                copy.write(block)
                if copy.tell() > limits.file_bytes:
                    raise SheetRefused("file_too_big", limit=limits.file_bytes // MIB) from None
            copy.flush()
            yield copy.fileno()


def scratch() -> IO[bytes]:
    """A nameless file in memory (memfd_create(2)), or an unlinked temporary one where the system has none."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("sheet"), "w+b")
    return tempfile.TemporaryFile()


class Child:
    """One running child. `blocks` gives what it writes; `close` ends it, whatever state it is in."""

    def __init__(self, order: Mapping[str, object], limits: Limits, fd: int, *, extra: tuple[int, ...] = ()) -> None:
        path = [place for place in sys.path if place]
        text = json.dumps({"path": path, "home": str(Path(__file__).parent), "limits": asdict(limits), **order})
        # An empty environment: no secret of ours is within reach of the file.
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-X", "utf8", "-c", _BOOT, text],
            stdin=fd,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            cwd="/",
            env={},
            pass_fds=extra,
        )
        self._left = float(limits.wall_seconds)

    def blocks(self) -> Iterator[bytes]:
        """What the child writes, as it comes; raises `SheetRefused` when waiting for it exceeds the wall time."""
        out = self._process.stdout
        assert out is not None  # noqa: S101 -- for the type checker: it is a pipe
        poll = select.poll()
        poll.register(out, select.POLLIN)
        while True:
            began = monotonic()
            ready = poll.poll(max(self._left, 0) * 1000)
            self._left -= monotonic() - began
            if not ready:
                raise SheetRefused("too_slow")
            block = os.read(out.fileno(), _BLOCK)
            if not block:
                return
            yield block

    def lines(self) -> Iterator[bytes]:
        """What the child writes, line by line; a line beyond all limits means that it is no longer our program."""
        rest = b""
        for block in self.blocks():
            *lines, rest = (rest + block).split(b"\n")
            yield from lines
            if len(rest) > _LINE:
                raise SheetRefused("crashed")
        if rest:
            raise self.verdict()

    def succeeded(self) -> bool:
        """Whether it has ended by itself and without complaint; call it when `blocks` is used up."""
        return self._process.wait() == 0

    def verdict(self) -> SheetRefused:
        """Why a child that fell silent has ended."""
        status = self._process.wait()
        if status == -signal.SIGXCPU or status == -signal.SIGKILL:
            return SheetRefused("too_slow")
        return SheetRefused("crashed")

    def close(self) -> None:
        """Kill it if it lives, and reap it."""
        self._process.kill()
        if self._process.stdout:
            self._process.stdout.close()
        self._process.wait()
