"""What `serve` does about death: nobody outlives its parent, what was killed comes back, what cannot live is said."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.durability.serving import served
from tests.installation import Installation, children

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with served(tmp_path) as made:
        yield made


def alive(pids: list[int]) -> list[int]:
    return [pid for pid in pids if _state(pid) not in {"", "Z"}]


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1][0]
    except OSError:
        return ""


def gone(pids: list[int], within: float = 10) -> list[int]:
    """Who is still there after a while."""
    begun = time.monotonic()
    while alive(pids) and time.monotonic() - begun < within:
        time.sleep(0.1)
    return alive(pids)


def test_workers_do_not_outlive_the_web_server_nor_anybody_the_supervisor(installation: Installation) -> None:
    assert installation.process is not None
    kids = children(installation.process.pid)
    workers = [worker for pid in kids for worker in children(pid)]
    assert (len(kids), len(workers) >= 2) == (2, True)
    web = next(pid for pid in kids if children(pid))
    os.kill(web, signal.SIGKILL)
    assert gone(workers) == []
    installation.back()
    everybody = children(installation.process.pid)
    everybody += [worker for pid in everybody for worker in children(pid)]
    os.kill(installation.process.pid, signal.SIGKILL)
    installation.process.wait()
    assert gone(everybody) == []
    assert not installation.answers()


def test_what_never_comes_to_life_ends_the_program(tmp_path: Path) -> None:
    """The port is taken by nobody, the folder is there, but the process given to the supervisor always fails."""
    script = (
        "import sys; from jiandu.surfaces.console.serving import supervise;"
        "sys.exit(supervise({'broken': [sys.executable, '-c', 'raise SystemExit(3)']}))"
    )
    import subprocess

    environment = Installation(tmp_path).environment() | {"DJANGO_SETTINGS_MODULE": "jiandu.project.settings"}
    setup = f"import django; django.setup(); {script}"
    done = subprocess.run(
        [sys.executable, "-c", setup], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "broken: 反复退出" in done.stdout


def test_an_installation_for_real_work_does_not_start_unfit(tmp_path: Path) -> None:
    made = Installation(tmp_path, extra={"JIANDU_PROFILE": "office"})
    for command in (("serve", "--port", str(made.port)), ("work",)):
        done = made.run("jiandu", *command, check=False)
        assert done.returncode == 78
        assert "door.E003" in done.stderr


def test_a_port_where_somebody_listens_is_refused(installation: Installation) -> None:
    """Control: the one that is there goes on, and the port is free for the next when it has ended."""
    other = Installation(installation.folder, extra=installation.extra, port=installation.port)
    done = other.run("jiandu", "serve", "--port", str(installation.port), check=False)
    assert done.returncode != 0
    assert "可能已有程序在用" in done.stdout + done.stderr
    assert installation.answers()
    installation.stop()
    installation.start()
