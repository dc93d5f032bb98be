"""serve, work, tick: the web processes, one worker and the clockwork, supervised together."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from types import FrameType

from django.conf import settings
from django.core.management import call_command

from jiandu.surfaces.console.lifeline import end_with_parent
from jiandu.surfaces.console.output import Failed, say
from jiandu.surfaces.door.checks import gate

TICK_SECONDS = 60
WEB_WORKERS = 2
LOOK_SECONDS = 0.2
LIVES_SECONDS = 5  # whoever runs that long has come to life
LONGEST_PAUSE_SECONDS = 5
MOST_TRIES = 3


def web_command(host: str, port: int) -> list[str]:
    """Granian with two single-threaded workers: it survives slow headers, our front slow bodies, without a proxy."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "rsgi", "--host", host, "--port", str(port)),
        *("--workers", str(WEB_WORKERS), "--respawn-failed-workers", "--no-access-log", "--no-ws"),
        *("--log-level", "warning", "jiandu.project.web:application"),
    ]


def check_port(host: str, port: int) -> None:
    """Raises Failed where somebody listens there: the web server shares a port, so that two installations would mix."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as error:
            reason = f"不能使用{host}:{port}，可能已有程序在用 · {host}:{port} cannot be used, somebody may listen there: {error.strerror}"
            raise Failed([{"reason": reason}]) from error


def serve(args: argparse.Namespace) -> int:
    """Web, one worker and the tick until interrupted; what dies is started again, and all end together."""
    gate()
    check_port(args.host, args.port)
    commands = {"web": web_command(args.host, args.port)}
    if settings.SURFACES != "public":  # the public side has no jobs
        commands["work"] = [sys.executable, "-m", "jiandu", "work"]
    return supervise(commands)


@dataclass
class Kept:
    """A process that is kept running: what starts it, since when it runs, how often in a row it gave up at once."""

    command: list[str]
    process: "subprocess.Popen[bytes]"
    begun: float
    gave_up: int = 0
    has_lived: bool = False
    again_at: float | None = None


def supervise(commands: dict[str, list[str]]) -> int:
    """Keeps the processes running. Gives 0 after an interrupt, 1 when one never came to life.

    What was killed is started again at once; what ends by itself (while the database is away) after a growing pause.
    """
    running = {name: Kept(command, _start(command), time.monotonic()) for name, command in commands.items()}
    stop = _stopper()
    try:
        while not stop:
            time.sleep(LOOK_SECONDS)
            for name, kept in running.items():
                if not _tend(kept, time.monotonic()):
                    say(f"{name}: 反复退出 · keeps exiting ({kept.process.returncode})")
                    return 1
    finally:
        _end([kept.process for kept in running.values()])
    return 0


def _tend(kept: Kept, now: float) -> bool:
    """Starts again what died. False when it gave up at its first starts, so that it will not live at the next either."""
    if kept.process.poll() is None:
        if now - kept.begun > LIVES_SECONDS:
            kept.has_lived, kept.gave_up = True, 0
        return True
    if kept.again_at is None:
        kept.gave_up += kept.process.returncode >= 0  # below zero: killed
        kept.again_at = now + min(kept.gave_up, LONGEST_PAUSE_SECONDS)
    if kept.gave_up > MOST_TRIES and not kept.has_lived:
        return False
    if now >= kept.again_at:
        kept.process, kept.begun, kept.again_at = _start(kept.command), now, None
    return True


def _start(command: list[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(command, env=os.environ.copy(), preexec_fn=end_with_parent)


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
    gate()
    from jiandu.surfaces.console.reviving import hold_name  # noqa: PLC0415 -- only the worker needs it
    from jiandu.surfaces.console.ticking import start_ticking  # noqa: PLC0415 -- only the worker ticks

    name = hold_name()
    start_ticking(TICK_SECONDS)
    call_command("db_worker", verbosity=0, interval=1, worker_id=name)
    return 0


def tick(args: argparse.Namespace) -> int:
    """What is due now: periodic jobs, and jobs whose worker died."""
    from jiandu.surfaces.console.ticking import tick_once  # noqa: PLC0415 -- only the worker ticks

    tick_once()
    return 0
