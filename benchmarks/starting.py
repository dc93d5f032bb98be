"""How long `init` takes on an empty folder, and the second start of the demo until its first page answers.

Bare: Python importing Django and the platform's settings.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import ROOT, Figure, keep

VENDOR = "postgresql" if "JIANDU_DATABASE" in os.environ else "sqlite"
BARE = "import django; django.setup()"


def seconds(*command: str, **more: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *command], cwd=ROOT, env=os.environ | more, check=True, capture_output=True)
    return time.perf_counter() - start


def demo(folder: str) -> float:
    """Seconds until the demo's sign-in page answers; then it is told to stop."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    start = time.perf_counter()
    command = [sys.executable, "-m", "jiandu", "demo", "--port", port]
    said = os.environ | {"JIANDU_DATA": folder}
    process = subprocess.Popen(command, cwd=ROOT, env=said, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while time.perf_counter() - start < 180:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/account/sign-in/", timeout=5) as answer:
                    answer.read()
                return time.perf_counter() - start
            except (urllib.error.URLError, OSError):
                time.sleep(0.02)
        raise RuntimeError("the demo does not answer")
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


def figures() -> Iterator[Figure]:
    bare = min(seconds("-c", BARE) for _ in range(3))
    from benchmarks import apart  # noqa: F401 -- an empty installation

    taken = seconds("-m", "jiandu", "init")
    yield Figure("starting", "init", taken, "s", VENDOR, taken / bare, "bare: the settings imported", "<= 10")
    if VENDOR == "sqlite":
        folder = str(Path(tempfile.mkdtemp(prefix="demo-")))
        first = demo(folder)
        yield Figure("starting", "demo, first start with its data", first, "s", VENDOR, first / bare)
        again = sorted(demo(folder) for _ in range(3))
        yield Figure(
            "starting", "demo, second start", again[1], "s", VENDOR, again[1] / bare, "median of three", "<= 3"
        )


if __name__ == "__main__":
    keep("starting", VENDOR, figures())
