"""A real stand-alone Spark cluster on this machine: one master, two workers, each a process of its own."""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyspark

SPARK = Path(pyspark.__file__).parent


@dataclass
class Cluster:
    """Its address and its workers; `kill(n)` ends one at once, as a lost machine would."""

    url: str
    folder: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def kill(self, number: int) -> None:
        """The worker and what it started: its executor."""
        os.killpg(self.workers[number].pid, signal.SIGKILL)
        self.workers[number].wait()


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """Up, with both workers registered; ended at the end, by their own process groups."""
    folder.mkdir(parents=True, exist_ok=True)
    port, pages = free_port(), free_port()
    words = ("--host", "127.0.0.1", "--port", str(port), "--webui-port", str(pages))
    master = _start(folder, "master", "org.apache.spark.deploy.master.Master", *words)
    made = Cluster(f"spark://127.0.0.1:{port}", folder)
    try:
        _wait(folder / "master.log", "Starting Spark master")
        for number in (1, 2):
            own = ("--host", "127.0.0.1", "--cores", "1", "--memory", "1g", "--webui-port", str(free_port()))
            work = ("--work-dir", str(folder / f"work{number}"), made.url)
            made.workers.append(_start(folder, f"worker{number}", "org.apache.spark.deploy.worker.Worker", *own, *work))
        for number in (1, 2):
            _wait(folder / f"worker{number}.log", "Successfully registered with master")
        yield made
    finally:
        for process in (*made.workers, master):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start(folder: Path, name: str, *words: str) -> subprocess.Popen[bytes]:
    env = {**os.environ, "SPARK_HOME": str(SPARK), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_NO_DAEMONIZE": "1"}
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [str(SPARK / "bin" / "spark-class"), *words], env=env, stdout=log, stderr=log, start_new_session=True
        )


def _wait(log: Path, words: str, seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while not re.search(words, log.read_text(errors="replace")):
        if time.monotonic() > until:
            raise TimeoutError(f"{log.name}: {log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.2)
