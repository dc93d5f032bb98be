"""A real installation: filled in a process of its own, served by `jiandu serve`, visited over HTTP.

`python -m tests.installation` fills the folder JIANDU_DATA (or the database JIANDU_DATABASE) with the small net of
tests.world; every account may enter by one click, as in the demo: demo-<role>-<number>.
"""

import http.client
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60.0  # seconds in which a server must answer
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def free_port() -> int:
    """A free port outside the range from which the system gives ports to whoever connects.

    One of that range may be taken by a browser's connection before the server has begun to listen.
    """
    while True:
        port = secrets.choice(range(20_000, 32_000))
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


@dataclass
class Installation:
    """The folder, where it is served, and the process group that serves it."""

    folder: Path
    database: str = ""  # of the app
    owner: str = ""  # the same database for the owner of the tables
    extra: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self, *, as_owner: bool = False) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("JIANDU_")}
        owner = {"JIANDU_DATABASE_OWNER": self.owner} if as_owner and self.owner else {}
        path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
        told = {"PYTHONPATH": path, "JIANDU_DATA": str(self.folder), "JIANDU_DATABASE": self.database}
        return {**kept, **told, **owner, **self.extra}

    def run(self, *words: str, as_owner: bool = False, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """A module with its arguments, to its end. Raises RuntimeError with what it said when it fails."""
        command = [sys.executable, "-m", *words]
        environment = self.environment(as_owner=as_owner)
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        if check and done.returncode:
            raise RuntimeError(f"{' '.join(words)}: {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
        return done

    @classmethod
    def told(cls, environment: Mapping[str, str]) -> "Installation":
        """The one that an environment names: tests.ground.installation."""
        folder, names = Path(environment["JIANDU_DATA"]), ("JIANDU_DATABASE", "JIANDU_DATABASE_OWNER")
        return cls(folder, *(environment.get(name, "") for name in names))

    def start(self) -> None:
        """Starts the program as its own process group and waits until it answers."""
        command = [sys.executable, "-m", "jiandu", "serve", "--port", str(self.port)]
        log = (self.folder / "serve.log").open("ab")
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment(), stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        try:
            self.wait()
        except TimeoutError:
            self.stop()  # else it would go on beside the tests that follow
            raise

    def wait(self, within: float = PATIENCE) -> float:
        """Seconds until the sign-in page comes. Raises TimeoutError with the end of the server's log."""
        begun = time.monotonic()
        while time.monotonic() - begun < within:
            if self.answers():
                return time.monotonic() - begun
            time.sleep(0.05)
        raise TimeoutError((self.folder / "serve.log").read_text(errors="replace")[-4000:])

    def back(self) -> None:
        """Waits after a blow; where the program gave up, starts it again as the system's service manager does."""
        begun = time.monotonic()
        while not self.answers():
            if self.process is None or self.process.poll() is not None:
                self.start()
            if time.monotonic() - begun > PATIENCE:
                raise TimeoutError((self.folder / "serve.log").read_text(errors="replace")[-4000:])
            time.sleep(0.05)

    def answers(self) -> bool:
        """Whether the sign-in page comes now."""
        browser = Browser(self.port)
        try:
            return browser.get("/account/sign-in/").status == 200
        except OSError:
            return False
        finally:
            browser.close()

    def stop(self) -> None:
        """As an operator does: SIGTERM to the supervisor; then whatever is left of the group."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.kill_all()
        self.process = None

    def kill_all(self) -> None:
        """kill -9 of the whole process group, as when the machine's memory runs out."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def kill_web(self) -> int:
        """kill -9 of the web server and its workers; the supervisor goes on. Gives how many died."""
        return _kill([pid for pid in self._web() for pid in (pid, *children(pid))])

    def kill_workers(self) -> int:
        """kill -9 of the web workers alone."""
        return _kill([worker for pid in self._web() for worker in children(pid)])

    def nameless(self) -> set[tuple[int, str]]:
        """Files without a name in the folder that the web server's processes hold open: (process, what it calls it)."""
        pids = [pid for web in self._web() for pid in (web, *children(web))]
        links = [(pid, _link(path)) for pid in pids for path in Path(f"/proc/{pid}/fd").iterdir()]
        return {
            (pid, link) for pid, link in links if link.startswith(f"{self.folder}/") and link.endswith(" (deleted)")
        }

    def _web(self) -> list[int]:
        assert self.process is not None
        return [pid for pid in children(self.process.pid) if "granian" in _command(pid)]


def children(pid: int) -> list[int]:
    """The processes that this one started."""
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _link(path: Path) -> str:
    try:
        return str(path.readlink())
    except OSError:
        return ""


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def _kill(pids: list[int]) -> int:
    killed = 0
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
            killed += 1
        except ProcessLookupError:
            continue
    return killed


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    location: str
    text: str


class Browser:
    """A browser without a screen: keeps its cookies and one connection, follows nothing. Raises OSError when cut off."""

    def __init__(self, port: int, timeout: float = 30) -> None:
        self.port, self.timeout = port, timeout
        self.cookies: dict[str, str] = {}
        self._connection: http.client.HTTPConnection | None = None

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, data: Mapping[str, str] | None = None) -> Answer:
        return self._ask("POST", path, urlencode({**(data or {})}))

    def enter(self, username: str) -> "Browser":
        """Signs in by the demo's one click."""
        self.get("/account/sign-in/")
        answer = self.post("/demo/", {"username": username})
        if answer.status == 503:
            self.close()
            raise ConnectionError("the database is away")
        if answer.status != 303:
            self.close()
            raise RuntimeError(f"{username} cannot enter: {answer.status}")
        return self

    def patiently(self, act: "Callable[[], Answer]", within: float = PATIENCE) -> Answer:
        """The act again and again until the server is there."""
        begun = time.monotonic()
        while True:
            try:
                return act()
            except OSError:
                if time.monotonic() - begun > within:
                    raise
                time.sleep(0.05)

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["X-CSRFToken"] = self.cookies.get("csrftoken", "")
        line: socket.socket | None = None
        try:
            self._connection = self._connection or http.client.HTTPConnection("127.0.0.1", self.port, self.timeout)
            self._connection.request(method, path, body, headers)
            line = self._connection.sock
            with self._connection.getresponse() as answer:  # closed also when it is cut off half way
                text = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as cut:
            self.close()
            _hang_up(line)
            raise ConnectionError(str(cut)) from cut
        for said in answer.headers.get_all("Set-Cookie", []):
            name, _, value = said.split(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
        return Answer(answer.status, answer.headers.get("Location", ""), text)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _hang_up(line: socket.socket | None) -> None:
    """Closes the socket for good: half an answer, which the error still holds, would keep it open until collected."""
    handle = -1 if line is None else line.detach()
    if handle >= 0:
        os.close(handle)


def main() -> None:
    """The small net; its accounts enter by one click."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiandu.project.settings")
    import django

    django.setup()
    from jiandu.base.accounts.models import User
    from tests import world as worlds

    world = worlds.build()
    for user in world.users.values():
        number, role = user.username.split("-", 1)
        User.objects.filter(pk=user.pk).update(username=f"demo-{role}-{number[1:]}")
    world.project(code="XM-1", name="压力下的项目")


if __name__ == "__main__":
    main()
