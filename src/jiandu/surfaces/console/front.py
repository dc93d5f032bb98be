"""What stands between the web server and the application: RSGI outside, WSGI inside, whole requests only.

The application has a thread in a process (its pages take milliseconds of processor time, not of waiting), or a few where
a request may take seconds. Nobody may hold one who only sends slowly: a body is awaited here, and who has gone meanwhile is
not worked for.
"""

import asyncio
import io
import logging
import sys
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]

from jiandu.surfaces.console.bodies import KEPT, Bodies, CutOff

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

BATCH = 256 * 1024  # bytes of an answer at a time
MOST_QUEUED = 500  # whole requests that wait for their turn
TEXT = [("content-type", "text/plain; charset=utf-8"), ("retry-after", "10")]
BUSY = "网站繁忙，请稍后重试 · The site is busy; please try again"
FAULT = "程序出错，请稍后重试 · A fault of the program; please try again"
TOO_LARGE = (
    "现在不能接收超过{0}兆字节的内容，请返回；表单打开不满一分钟的，请稍后再提交 · "
    "No more than {0} MiB can be taken now; please go back, and where the form was opened less than a minute ago, try again in a minute"
)
Most = Callable[[Any], int]


@dataclass
class Answer:
    """What the application said; `rest` where it goes on."""

    status: int = 500
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    rest: "Rest | None" = None


class Rest:
    """The pieces of an answer, in batches; b"" at its end. Closed with it."""

    def __init__(self, pieces: Any) -> None:
        self._whole, self._pieces = pieces, iter(pieces)
        self.is_over = False

    def batch(self) -> bytes:
        """The next ones, about `BATCH` bytes of them."""
        held = bytearray()
        for piece in self._some(held):
            held += piece
        return bytes(held)

    def close(self) -> None:
        if close := getattr(self._whole, "close", None):
            close()

    def _some(self, held: bytearray) -> Iterator[bytes]:
        while len(held) < BATCH:
            piece = next(self._pieces, None)
            if piece is None:
                self.is_over = True
                return
            yield piece


class Front:
    """A RSGI application. `most` says how many bytes of body a request (its scope) may have; 0: a long one comes empty."""

    def __init__(
        self, application: "WSGIApplication", *, folder: Path, most: Most, threads: int = 1, queued: int = MOST_QUEUED
    ) -> None:
        self._application, self._most, self._most_queued = application, most, queued
        self._bodies = Bodies(folder)
        self._threads = ThreadPoolExecutor(threads, "web")
        self._queued = 0

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """One request to its end."""
        try:
            size = self._size(scope)
            async with self._bodies.whole(size, protocol, scope.query_string if size > KEPT else "") as body:
                await self._answer(scope, protocol, body)
        except CutOff as cut:
            with suppress(ProtocolClosed):
                protocol.response_str(cut.status, TEXT, cut.said)
        except ProtocolClosed:  # nobody is there any longer
            return
        except Exception as fault:  # its message may quote what was written: where and what kind is all that is logged
            where = "".join(traceback.format_tb(fault.__traceback__))
            logging.getLogger(__name__).error("%s%s", where, type(fault).__name__)  # noqa: TRY400 -- not its message
            with suppress(ProtocolClosed):
                protocol.response_str(500, TEXT, FAULT)

    def _size(self, scope: Any) -> int:
        size = length(scope)
        if size <= KEPT:  # it is here with its head, and the connection can go on; no ticket is looked at twice
            return size
        most = self._most(scope)
        if size > most > 0:
            raise CutOff(413, TOO_LARGE.format(most >> 20))
        return size if most else 0

    async def _answer(self, scope: Any, protocol: Any, body: io.RawIOBase) -> None:
        if self._queued >= self._most_queued:
            raise CutOff(503, BUSY)
        gone = asyncio.ensure_future(protocol.client_disconnect())
        self._queued += 1
        try:
            answer = await self._apart(self._run, environ(scope, body), gone)
        finally:
            self._queued -= 1
            gone.cancel()
        if answer.rest is None:
            protocol.response_bytes(answer.status, answer.headers, answer.body)
        else:
            await self._stream(protocol, answer, answer.rest)

    async def _stream(self, protocol: Any, answer: Answer, rest: Rest) -> None:
        try:
            out = protocol.response_stream(answer.status, answer.headers)
            await out.send_bytes(answer.body)
            while not rest.is_over:
                await out.send_bytes(await self._apart(rest.batch))
        finally:
            await self._apart(rest.close)

    async def _apart(self, work: Callable[..., Any], *told: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *told)

    def _run(self, said: "WSGIEnvironment", gone: "asyncio.Future[None]") -> Answer:
        """In a thread of the application. A request whose sender has gone while it waited is not begun."""
        answer = Answer()
        if gone.done():
            raise ProtocolClosed

        def start(status: str, headers: list[tuple[str, str]], _fault: Any = None) -> Callable[[bytes], object]:
            answer.status, answer.headers = int(status[:3]), headers
            return no_write

        rest = Rest(self._application(said, start))
        try:
            answer.body = rest.batch()
        except BaseException:
            rest.close()
            raise
        if rest.is_over:
            rest.close()
        else:
            answer.rest = rest
        return answer


def no_write(_piece: bytes) -> object:
    """PEP 3333 has it for applications of another age."""
    raise NotImplementedError


def length(scope: Any) -> int:
    """Of the body, in bytes. Raises CutOff for one that does not say (chunked) or says nonsense."""
    said = scope.headers.get("content-length")
    if said is None:
        if "transfer-encoding" in scope.headers:
            raise CutOff(411, "请求须说明长度 · A request must say its length")
        return 0
    if not (said.isascii() and said.isdigit()):
        raise CutOff(400, "请求长度有误 · The length is none")
    return int(said)


def environ(scope: Any, body: Any) -> "WSGIEnvironment":
    """The request as PEP 3333 has it."""
    host, _, port = scope.server.rpartition(":")
    said: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BufferedReader(body, 64 * 1024),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        if "_" in name:  # would pose as the name with a hyphen, which the proxy has looked at
            continue
        key = name.upper().replace("-", "_")
        if key in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            said[key] = value
            continue
        key = f"HTTP_{key}"
        said[key] = f"{said[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}" if key in said else value
    if "HTTP_HOST" not in said and scope.authority:  # HTTP/2 has it apart
        said["HTTP_HOST"] = scope.authority
    said["CONTENT_LENGTH"] = str(body.size)
    return said
