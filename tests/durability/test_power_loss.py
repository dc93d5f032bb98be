"""Power loss replayed on what the program wrote under its own settings: no promise is broken, no database is corrupt.

The control writes the same with synchronous=NORMAL and must lose what was promised: else the replay sees nothing.
"""

import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from tests.durability.replay import Event, events_of, losses
from tests.figures import note
from tests.ground import SMALL_NET, installation
from tests.installation import ROOT, Installation

DATABASE = "jiandu.sqlite3"
MEMORY = Path("/dev/shm")  # noqa: S108 -- a disk in memory, in a folder of our own
CALLS = "trace=pwrite64,fsync,fdatasync,ftruncate,unlink,unlinkat,write"
SHORT, FULL = (40, 150), (250, 1000)  # commits, cuts


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("filled")
    with installation(folder, SMALL_NET):
        yield folder


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder in memory: thousands of databases are laid out there."""
    folder = Path(tempfile.mkdtemp(prefix="jd-power-", dir=MEMORY if MEMORY.is_dir() else None))
    yield folder
    shutil.rmtree(folder)


def recorded(filled: Path, folder: Path, commits: int, *words: str) -> tuple[dict[str, bytes], list[Event]]:
    """(the files before, what the writer did to them)."""
    data = folder / "data"
    shutil.copytree(filled, data)
    before = {path.name: path.read_bytes() for path in data.glob(f"{DATABASE}*") if not path.name.endswith("-shm")}
    trace = folder / "trace"
    tracer = ["strace", "-xx", "-y", "-s", "70000", "-e", CALLS, "-o", str(trace)]
    command = [*tracer, sys.executable, "-m", "tests.durability.writer", str(commits), *words]
    done = subprocess.run(
        command, cwd=ROOT, env=Installation(data).environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    events = events_of(trace, data)
    trace.unlink()
    return before, events


def judged(folder: Path, promised: int, files: dict[str, bytearray]) -> str:
    """What became of the database: kept, lost, corrupt or half."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    try:
        with sqlite3.connect(folder / DATABASE) as connection:
            return _judged(connection, promised)
    except sqlite3.DatabaseError:
        return "corrupt"
    finally:
        connection.close()


def _judged(connection: sqlite3.Connection, promised: int) -> str:
    def ask(sql: str) -> int:
        return int(connection.execute(sql).fetchone()[0])

    if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
        return "corrupt"
    there = ask("SELECT count(*) FROM findings_finding WHERE problem LIKE 'act-0-%'")
    act = {
        ask("SELECT count(*) FROM findings_step"),
        ask("SELECT count(*) FROM findings_finding"),
        ask("SELECT count(*) FROM finding_grams"),
        ask("SELECT count(*) FROM audit_entry WHERE verb = 'finding.register'"),
    }
    is_whole = act == {there} and ask("SELECT seq FROM audit_head") == ask("SELECT max(seq) FROM audit_entry")
    if not is_whole:
        return "half"
    return "kept" if there >= promised else "lost"


def outcome(filled: Path, memory: Path, size: tuple[int, int], *words: str) -> Counter[str]:
    commits, cuts = size
    before, events = recorded(filled, memory, commits, *words)
    assert sum(event.kind == "ack" for event in events) == commits
    assert any(event.kind == "sync" for event in events)
    found: Counter[str] = Counter()
    for promised, files in losses(before, events, cuts, Random(7)):
        found[judged(memory / "found", promised, files)] += 1
    return found


@pytest.mark.parametrize("size", [SHORT, pytest.param(FULL, marks=pytest.mark.full)], ids=["short", "full"])
def test_power_loss_takes_nothing_that_was_promised(filled: Path, memory: Path, size: tuple[int, int]) -> None:
    found = outcome(filled, memory, size)
    assert found == Counter(kept=size[1])
    if size == FULL:
        said = f"{size[0]} commits, {size[1]} cuts"
        note("durability", "power loss: cuts that lost or broke an acknowledged commit", 0, "cuts", note=said)


@pytest.mark.parametrize("size", [SHORT, pytest.param(FULL, marks=pytest.mark.full)], ids=["short", "full"])
def test_the_control_with_synchronous_normal_loses(filled: Path, memory: Path, size: tuple[int, int]) -> None:
    found = outcome(filled, memory, size, "normal")
    assert found["lost"] > size[1] // 4
    assert found["corrupt"] + found["half"] == 0
    if size == FULL:
        said = f"{size[0]} commits, {size[1]} cuts"
        note("durability", "control with synchronous=NORMAL: cuts that lost commits", found["lost"], "cuts", note=said)
