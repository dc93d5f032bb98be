"""A flood from outside: `python -m tests.surfaces.portal.flooding PORT RATE SECONDS` posts reports without a ticket at a steady
rate, whatever the server does, and prints how many were sent and what came back. On its own, so that it takes no time from who measures.
"""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

LINES = 32
FIELDS = {"office": "0b6d0a5e-0000-4000-8000-000000000000", "rank": "rural", "summary": "淹" * 300, "person": "淹"}


def request(number: int) -> bytes:
    """A whole report; each fifth with a file, each third with a ticket that is none."""
    body, kind = packed(FIELDS, [("flood.pdf", b"x" * 20_000)] if number % 5 == 0 else [])
    ticket = "?ticket=WyJyZXBvcnQiLCIwMDAwIiwxXQ:AAAAAAAAAAAAAAAAAAAA" if number % 3 == 0 else ""
    head = f"POST /portal/report/{ticket} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def packed(said: dict[str, str], files: Sequence[tuple[str, bytes]]) -> tuple[bytes, str]:
    """(the body of a form, its content type)."""
    edge = uuid4().hex
    parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in said.items()]
    end = f'--{edge}\r\nContent-Disposition: form-data; name="whole"\r\n\r\n1\r\n--{edge}--\r\n'
    for name, content in files:
        head = f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    return b"".join([*parts, end.encode()]), f"multipart/form-data; boundary={edge}"


async def line(port: int, work: "asyncio.Queue[bytes | None]", seen: Counter[str]) -> None:
    """One connection, kept while the server keeps it."""
    reader: Any = None
    while (sent := await work.get()) is not None:
        try:
            if reader is None:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(sent)
            await writer.drain()
            head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)).decode("latin-1").lower()
            size = int(head.partition("content-length:")[2].partition("\r\n")[0] or 0)
            await reader.readexactly(size)
            seen[head[9:12]] += 1
            if "connection: close" in head:
                writer.close()
                reader = None
        except (TimeoutError, OSError, ValueError, asyncio.IncompleteReadError):
            seen["cut off"] += 1
            reader = None


async def flood(port: int, rate: int, seconds: int) -> dict[str, Any]:
    work: asyncio.Queue[bytes | None] = asyncio.Queue()
    seen: Counter[str] = Counter()
    lines = [asyncio.create_task(line(port, work, seen)) for _ in range(LINES)]
    made = [request(number) for number in range(15)]
    loop = asyncio.get_running_loop()
    begun, sent = loop.time(), 0
    while (gone := loop.time() - begun) < seconds:
        due = int(gone * rate) - sent
        for _ in range(due):
            work.put_nowait(made[sent % 15])
            sent += 1
        await asyncio.sleep(0.005)
    waiting = work.qsize()
    for _ in lines:
        work.put_nowait(None)
    await asyncio.wait(lines, timeout=30)
    return {"sent": sent, "seen": dict(seen), "waiting": waiting}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(flood(*map(int, sys.argv[1:4])))))
