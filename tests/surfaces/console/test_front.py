"""The front before the application, as the web server runs it: whole requests only, nobody keeps another waiting."""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from tests.installation import ROOT, free_port

pytestmark = [pytest.mark.enable_socket, pytest.mark.once]
SLOW = 1.5


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with served(tmp_path_factory.mktemp("front"), 1) as port:
        yield port


@contextmanager
def served(folder: Path, threads: int) -> Iterator[int]:
    """The port of a worker with the application of tests/surfaces/console/inside.py."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "granian", "--interface", "rsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "1", "--no-access-log", "--no-ws", "tests.surfaces.console.inside:application"),
    ]
    told = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "FOLDER": str(folder), "THREADS": str(threads)}
    process = subprocess.Popen(command, cwd=ROOT, env=told)
    try:
        until = time.monotonic() + 20
        while time.monotonic() < until:
            with closing(socket.socket()) as line:
                if line.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def asked(port: int, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, bytes]:
    with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as line:
        line.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = line.getresponse()
        return answer.status, answer.read()


def told(port: int, path: str, **headers: str) -> dict[str, str]:
    said: dict[str, str] = json.loads(asked(port, "GET", path, **headers)[1])
    return said


@contextmanager
def raw(port: int, *lines: str) -> Iterator[socket.socket]:
    """A connection on which these lines of a head were sent."""
    with closing(socket.create_connection(("127.0.0.1", port), 20)) as line:
        line.sendall("\r\n".join([*lines, "Host: a", "", ""]).encode())
        yield line


def status(line: socket.socket) -> int:
    return int(line.recv(4096)[9:12])


def test_a_request_is_told_as_it_was_made(port: int) -> None:
    said = told(port, "/a%20b/%E4%B8%AD?x=%201&y", Cookie="a=1", X_More="2")
    assert said["PATH_INFO"].encode("latin-1").decode() == "/a b/中"
    assert said["QUERY_STRING"] == "x=%201&y"
    assert (said["HTTP_COOKIE"], said["HTTP_X_MORE"], said["REMOTE_ADDR"]) == ("a=1", "2", "127.0.0.1")
    assert (said["SERVER_PORT"], said["wsgi.url_scheme"], said["CONTENT_LENGTH"]) == (str(port), "http", "0")


def test_a_query_that_is_not_ascii_is_told_as_its_bytes(port: int) -> None:
    with raw(port, "GET /?q=中 HTTP/1.1", "Connection: close") as line:
        answer = b"".join(iter(lambda: line.recv(4096), b""))
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["QUERY_STRING"].encode("latin-1").decode() == "q=中"


def test_an_answer_that_fails_on_its_way_is_closed(port: int) -> None:
    before = int(asked(port, "GET", "/closed")[1])
    assert asked(port, "GET", "/broken")[0] == 500
    assert int(asked(port, "GET", "/closed")[1]) == before + 1


def test_a_header_with_an_underscore_poses_as_none_with_a_hyphen(port: int) -> None:
    with raw(port, "GET / HTTP/1.1", "X_Forwarded_Proto: https", "Connection: close") as line:
        assert b"X_FORWARDED" not in b"".join(iter(lambda: line.recv(4096), b""))
    assert told(port, "/", X_Forwarded_Proto="https")["HTTP_X_FORWARDED_PROTO"] == "https"


def test_a_body_comes_whole_and_an_answer_goes_whole(port: int) -> None:
    body = bytes(range(256)) * 40_000
    assert asked(port, "POST", "/back", body) == (200, body)
    assert asked(port, "GET", "/long") == (200, b"x" * 65_536 * 64)
    assert asked(port, "HEAD", "/back") == (200, b"")


def test_an_answer_is_closed_when_it_is_over_and_when_nobody_reads_it(port: int) -> None:
    before = int(asked(port, "GET", "/closed")[1])
    asked(port, "GET", "/long")
    with raw(port, "GET /long HTTP/1.1") as line:
        line.recv(10)
    until = time.monotonic() + 10
    while int(asked(port, "GET", "/closed")[1]) < before + 2:
        assert time.monotonic() < until
        time.sleep(0.05)


def test_bad_lengths_are_refused(port: int) -> None:
    with raw(port, "POST / HTTP/1.1", "Transfer-Encoding: chunked") as line:
        assert status(line) == 411
    with raw(port, "POST /little HTTP/1.1", f"Content-Length: {2**21}") as line:
        assert status(line) == 413
    with raw(port, "POST /little HTTP/1.1", f"Content-Length: {2**20}") as line:
        line.sendall(b"x" * 2**20)
        assert status(line) == 200


def test_a_body_that_is_not_taken_is_not_waited_for(port: int) -> None:
    with raw(port, "POST /none HTTP/1.1", "Content-Length: 1000000") as line:
        assert status(line) == 200
    with raw(port, "POST / HTTP/1.1", "Content-Length: 1000000") as line:  # the control: this one is
        line.settimeout(0.5)
        with pytest.raises(TimeoutError):
            line.recv(1)


def test_fifty_half_bodies_hold_up_nobody(port: int) -> None:
    lines = [socket.create_connection(("127.0.0.1", port), 20) for _ in range(50)]
    try:
        for line in lines:
            line.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + b"x" * 50_000)
        begun = time.monotonic()
        assert asked(port, "GET", "/")[0] == 200
        assert time.monotonic() - begun < SLOW
    finally:
        for line in lines:
            line.close()


def test_who_has_gone_is_not_worked_for(port: int) -> None:
    """The application is at work for another; meanwhile one comes and goes, and one comes and stays."""
    done = int(asked(port, "GET", "/count")[1])
    at_work = threading.Thread(target=asked, args=(port, "GET", f"/slow?{SLOW}"))
    at_work.start()
    time.sleep(0.2)
    with raw(port, "GET /counted HTTP/1.1"):
        time.sleep(0.2)
    assert asked(port, "GET", "/counted")[0] == 200
    at_work.join()
    assert int(asked(port, "GET", "/count")[1]) == done + 1


def test_a_fault_of_the_application_is_said_and_the_next_is_served(port: int) -> None:
    assert asked(port, "GET", "/fault")[0] == 500
    assert asked(port, "GET", "/")[0] == 200


def test_of_too_many_that_wait_the_last_are_told(port: int) -> None:
    """It bears 20 here (the program: 500)."""
    seen: list[int] = []
    at_work = threading.Thread(target=asked, args=(port, "GET", f"/slow?{SLOW}"))
    at_work.start()
    time.sleep(0.2)
    many = [threading.Thread(target=lambda: seen.append(asked(port, "GET", "/")[0])) for _ in range(30)]
    for each in many:
        each.start()
    for each in [*many, at_work]:
        each.join()
    assert sorted(seen) == [200] * 19 + [503] * 11


def test_one_long_work_holds_up_nobody_where_there_are_threads(port: int, tmp_path: Path) -> None:
    """Control: with one thread the next waits for it."""
    with served(tmp_path, 2) as many:
        for each, waits in ((many, False), (port, True)):
            at_work = threading.Thread(target=asked, args=(each, "GET", f"/slow?{SLOW}"))
            at_work.start()
            time.sleep(0.2)
            begun = time.monotonic()
            assert asked(each, "GET", "/")[0] == 200
            assert (time.monotonic() - begun > SLOW / 2) == waits
            at_work.join()
