"""Reads tables in a process of its own: `python -m jiandu.sources.crosscheck.reading_child`, orders and answers as JSON.

Files that officers bring are read by an engine that is large and not ours: neither its memory nor its faults belong into
a process that serves pages and holds keys. The child has no environment, no settings and no database.
"""

import json
import resource
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

MOST_SECONDS = 60
TOLD = 1_000  # errors of a table, for the sheet of places; a page shows fewer
SPILL = "2GB"
MOST_FILE = 3 * 2**30  # bytes of any file that it writes
HOME = Path(__file__).parents[3]  # the folder that holds the package


class Died(Exception):
    """The child gave no answer."""


@dataclass(frozen=True)
class Read:
    """What became of one file: its rows, the columns that nobody knows, what of its cells cannot be right (`quality.Fault`);
    or its errors (the first ones) and how many."""

    rows: int = 0
    unknown: list[str] = field(default_factory=list)
    faults: list[dict[str, Any]] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)
    total: int = 0


def read_all(
    sources: dict[str, Path], into: Path, *, scratch: Path, memory: str, spill: str = SPILL
) -> dict[str, Read]:
    """Each table by its name into `into`/NAME.parquet. Raises Died where the child dies, or is not done after a minute."""
    paths = {name: str(path) for name, path in sources.items()}
    order = {"sources": paths, "into": str(into), "scratch": str(scratch), "memory": memory, "spill": spill}
    try:
        done = _ran(order, into.parent)
    except subprocess.TimeoutExpired as late:
        raise Died(f"not done after {MOST_SECONDS} s") from late
    if done.returncode:
        raise Died(f"exit {done.returncode}")  # what it says may quote cells
    return {name: Read(**said) for name, said in json.loads(done.stdout).items()}


def _ran(order: dict[str, Any], folder: Path) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-m", __name__],
        input=json.dumps(order).encode(),
        capture_output=True,
        cwd=folder,
        env={"PYTHONPATH": str(HOME), "PYTHONUTF8": "1", "TZ": "UTC"},
        timeout=MOST_SECONDS,
        check=False,
    )


def main() -> None:
    """The child."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_FILE, MOST_FILE))
    resource.setrlimit(resource.RLIMIT_CPU, (2 * MOST_SECONDS, 2 * MOST_SECONDS))  # should its parent be gone
    order = json.loads(sys.stdin.buffer.read())
    told = {name: asdict(_read(name, Path(path), order)) for name, path in order["sources"].items()}
    sys.stdout.write(json.dumps(told, ensure_ascii=False))


def _read(name: str, source: Path, order: dict[str, Any]) -> Read:
    from jiandu.base.core.errors import Refused  # noqa: PLC0415 -- the parent needs nothing of it
    from jiandu.sources.crosscheck import reading, tables  # noqa: PLC0415 -- slow import

    reading.bounds["max_temp_directory_size"] = order["spill"]
    table, into = tables.named(name), Path(order["into"]) / f"{name}.parquet"
    try:
        brought = reading.bring(table, source, into, scratch=Path(order["scratch"]), memory=order["memory"])
    except reading.Unreadable as unreadable:
        return Read(errors=unreadable.errors[:TOLD], total=unreadable.total)
    except Refused as refused:
        return Read(errors=[{"reason": refused.message}], total=1)
    return Read(brought.rows, brought.unknown, _faults(name, into, order))


def _faults(name: str, path: Path, order: dict[str, Any]) -> list[dict[str, Any]]:
    """How good the table is, as a run would judge it; nothing where memory does not suffice for that: a run will say."""
    from jiandu.base.core.errors import Refused  # noqa: PLC0415 -- the parent needs nothing of it
    from jiandu.base.engine.engines import open_engine  # noqa: PLC0415 -- slow import
    from jiandu.sources.crosscheck import quality, tables  # noqa: PLC0415 -- slow import

    try:
        with open_engine("duckdb", scratch=Path(order["scratch"]), memory=order["memory"]) as engine:
            found = quality.judge(engine, tables.named(name), engine.table(name, path))
    except Refused:
        return []
    return list(found.as_dict()["faults"])


if __name__ == "__main__":
    main()
