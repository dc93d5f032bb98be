"""Bots that do what a ticket asks: `python -m tests.surfaces.portal.bots PORT RATE SECONDS OFFICE` opens forms at a steady rate and
sends each as soon as its ticket may be spent: after its minute, and one of `SOLVER` at once, with the work done. Prints what came back.
"""

import asyncio
import json
import re
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from html import unescape
from typing import Any
from urllib.parse import quote

from altcha import Challenge, Payload, solve_challenge
from tests.surfaces.portal.flooding import packed

FORM = re.compile(r' action="([^"]+)" data-challenge="([^"]+)"')
SOLVER = 40
WAIT = 61


def solved(challenge: str) -> str:
    """The work that a browser does."""
    found = Challenge.from_dict(json.loads(challenge))
    solution = solve_challenge(found)
    return Payload(found, solution).to_base64() if solution else ""


async def asked(port: int, request: bytes) -> tuple[str, str]:
    """(status, page) over a connection of its own."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        await writer.drain()
        head, _, body = (await asyncio.wait_for(reader.read(), 60)).partition(b"\r\n\r\n")
        return head[9:12].decode(), body.decode(errors="replace")
    finally:
        writer.close()


async def bot(port: int, number: int, office: str, solvers: ProcessPoolExecutor, seen: Counter[str]) -> None:
    """One: a form, its wait or its work, a report with a file."""
    try:
        plain = b"GET /portal/report/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        found = FORM.search((await asked(port, plain))[1])
        if found is None:
            seen["no form"] += 1
            return
        action = unescape(found[1])
        if number % SOLVER:
            await asyncio.sleep(WAIT)
        else:
            loop = asyncio.get_running_loop()
            proof = await loop.run_in_executor(solvers, solved, unescape(found[2]))
            action, seen["solved"] = f"{action}&proof={quote(proof)}", seen["solved"] + 1
        said = {"office": office, "rank": "rural", "summary": f"机器{number}", "cleaning": "none"}
        body, kind = packed(said, [("bot.txt", b"x" * 3000)])
        head = f"POST {action} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: {kind}\r\n"
        status, _page = await asked(port, f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        seen[status] += 1
    except (TimeoutError, OSError, ValueError):
        seen["cut off"] += 1


async def swarm(port: int, rate: int, seconds: int, office: str) -> dict[str, Any]:
    """Forms are opened until a minute before the end; who has one sends it."""
    seen: Counter[str] = Counter()
    loop = asyncio.get_running_loop()
    begun, running = loop.time(), []
    with ProcessPoolExecutor(1) as solvers:
        while (gone := loop.time() - begun) < seconds - WAIT - 2:
            for _ in range(int(gone * rate) - len(running)):
                running.append(asyncio.create_task(bot(port, len(running), office, solvers, seen)))
            await asyncio.sleep(0.01)
        await asyncio.gather(*running)
    return {"bots": len(running), "seen": dict(seen)}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(swarm(*map(int, sys.argv[1:4]), sys.argv[4]))))
