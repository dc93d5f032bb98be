"""serve, work, tick: the web processes, one worker and the clockwork, supervised together."""

import argparse
import os
import signal
import subprocess
import sys
import time
from types import FrameType

from django.core.management import call_command

from jiandu.surfaces.console.output import say

TICK_SECONDS = 60
WEB_WORKERS = 2


def web_command(host: str, port: int) -> list[str]:
    """Granian with two single-threaded workers; a WSGI server that survives slow headers without a proxy."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", str(WEB_WORKERS), "--blocking-threads", "1", "--respawn-failed-workers", "--no-access-log"),
        *("--log-level", "warning", "jiandu.project.wsgi:application"),
    ]


def serve(args: argparse.Namespace) -> int:
    """Web, one worker and the tick until interrupted; what dies is started again, and all end together."""
    return supervise({"web": web_command(args.host, args.port), "work": [sys.executable, "-m", "jiandu", "work"]})


def supervise(commands: dict[str, list[str]]) -> int:
    """Keeps the processes running. Gives 0 after an interrupt, 1 when one keeps dying at once."""
    running = {name: _start(command) for name, command in commands.items()}
    deaths: dict[str, list[float]] = {name: [] for name in commands}
    stop = _stopper()
    try:
        while not stop:
            time.sleep(0.5)
            for name, process in running.items():
                if process.poll() is None:
                    continue
                deaths[name] = [moment for moment in deaths[name] if time.monotonic() - moment < 30] + [
                    time.monotonic()
                ]
                if len(deaths[name]) > 3:
                    say(f"{name}: 反复退出 · keeps exiting ({process.returncode})")
                    return 1
                running[name] = _start(commands[name])
    finally:
        _end(list(running.values()))
    return 0


def _start(command: list[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(command, env=os.environ.copy())


def _stopper() -> list[int]:
    """A list that is no longer empty once the process has been told to stop."""
    told: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        told.append(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, note)
    return told


def _end(processes: "list[subprocess.Popen[bytes]]") -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


def work(args: argparse.Namespace) -> int:
    """One worker over the job table; every minute it runs the tick."""
    from jiandu.surfaces.console.ticking import start_ticking  # noqa: PLC0415 -- only the worker ticks

    start_ticking(TICK_SECONDS)
    call_command("db_worker", verbosity=0, interval=1)
    return 0


def tick(args: argparse.Namespace) -> int:
    """What is due now: periodic jobs, and jobs whose worker died."""
    from jiandu.surfaces.console.ticking import tick_once  # noqa: PLC0415 -- only the worker ticks

    tick_once()
    return 0
