"""Requests a second of the ledger's first page, 25 rows, with the two workers that the platform starts.

Bounded load on loopback: eight connections kept alive, a few seconds. Bare: the same server answering a page that asks
nothing of the database (the sign-in page).
"""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection

from benchmarks import build
from benchmarks.figures import Figure, Taken, keep, median, p95
from jiandu.base.accounts.models import User
from jiandu.surfaces.console.serving import WEB_WORKERS, web_command
from jiandu.surfaces.door import sessions

SECONDS, CONNECTIONS = 8, 8


@contextmanager
def server() -> Iterator[int]:
    """The web processes on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(web_command("127.0.0.1", port), env=os.environ | {"PYTHONUNBUFFERED": "1"})
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=15)


def signed_in(name: str) -> str:
    """The cookie of a session for one who looks."""
    user = User.objects.get(username=f"bench-{name}")
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    sessions.begin(session)
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def load(port: int, path: str, cookie: str) -> tuple[float, Taken]:
    """(requests a second, milliseconds of each) over all connections; any answer but 200 fails."""
    taken, failed, end = Taken(), [], time.perf_counter() + SECONDS

    def ask() -> None:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.perf_counter() < end and not failed:
            start = time.perf_counter()
            link.request("GET", path, headers={"Cookie": cookie, "Accept-Language": "zh-CN"})
            answer = link.getresponse()
            answer.read()
            if answer.status != 200:
                failed.append((answer.status, answer.headers.get("Location")))
            taken.append((time.perf_counter() - start) * 1000)

    threads = [threading.Thread(target=ask) for _ in range(CONNECTIONS)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed, (path, failed[:3])  # noqa: S101 -- a wrong measurement is worse than none
    return len(taken) / (time.perf_counter() - begun), taken


def figures() -> Iterator[Figure]:
    vendor = connection.vendor
    cookies = {name: signed_in(name) for name in ("narrow", "wide")}
    with server() as port:
        load(port, "/account/sign-in/", "")
        plain, _ = load(port, "/account/sign-in/", "")
        for name, cookie in cookies.items():
            rate, taken = load(port, "/desk/findings/?all=1", cookie)
            note = f"{WEB_WORKERS} workers, {CONNECTIONS} connections, median {median(taken):.0f} ms, p95 {p95(taken):.0f} ms"
            yield Figure("serving", f"ledger, 25 rows · {name}", rate, "requests/s", vendor, plain / rate, note)
        yield Figure("serving", "sign-in page", plain, "requests/s", vendor)


if __name__ == "__main__":
    build.ready()
    sys.stdout.flush()
    keep("serving", connection.vendor, figures())
