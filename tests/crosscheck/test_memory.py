"""The stated limit of memory: a run over data that needs more ends right by way of disk, and leaves nothing there."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb as db
import pytest

from jiandu.base.core.errors import Refused
from jiandu.base.engine.engines import open_engine
from jiandu.base.engine.scratch import own_folder
from jiandu.sources.crosscheck import running, tables

ROOT = Path(__file__).parents[2]
PAYMENTS, TWICE = 3_000_000, 7
LIMIT, BESIDES = 160, 300  # MiB: the engine's, and what docs/crosscheck.md says that Python takes besides
pytestmark = pytest.mark.once


@dataclass
class Ended:
    """How a run ended: keys, MiB at most, MiB on disk at most."""

    keys: list[list[str]]
    peak: float
    spilled: float


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Payments each of another person, a few of them twice: to find those, every person must be kept in mind."""
    data = tmp_path_factory.mktemp("memory") / "data"
    data.mkdir()
    said = {"pay_id": "'P' || i", "id_no": f"'号' || lpad((i % {PAYMENTS - TWICE})::VARCHAR, 20, '0')"}
    said |= {"kind": "'低保金'", "month": "DATE '2024-01-01'", "amount_fen": "100"}
    types = {"int64": "BIGINT", "string": "VARCHAR", "date": "DATE"}
    columns = [
        f'CAST({said.get(name, "NULL")} AS {types[kind]}) AS "{name}"'
        for name, kind in tables.named("subsidy").schema.items()
    ]
    with db.connect() as con:
        con.execute(f"COPY (SELECT {', '.join(columns)} FROM range({PAYMENTS}) t(i)) TO '{data}/subsidy.parquet'")
    return data


def run(folder: Path, memory: str) -> Ended:
    """In a process of its own, so that its memory is its own."""
    command = [sys.executable, "-m", "jiandu", "crosscheck", "run", "M05-3", "--data", str(folder), "--memory", memory]
    env = {"PYTHONPATH": str(ROOT / "src"), "PATH": os.environ["PATH"]}
    with subprocess.Popen(
        [*command, "--json", "--quiet", "--fresh"], cwd=ROOT, env=env, stdout=subprocess.PIPE
    ) as began:
        spilled, peak = 0, 0
        while began.poll() is None:
            spilled = max(spilled, on_disk(folder))
            peak = max(peak, resident(began.pid))
            time.sleep(0.01)
        assert began.stdout is not None
        told = json.loads(began.stdout.read())
    return Ended([each["key"] for each in told["rules"][0]["found"]], peak / 1024, spilled / 2**20)


def resident(pid: int) -> int:
    """KiB that a process has held at most, so far."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


def on_disk(folder: Path) -> int:
    """Bytes that lie in the scratch folder."""
    found = 0
    for file in (folder / running.KEPT / "scratch").rglob("*"):
        try:
            found += file.stat().st_size if file.is_file() else 0
        except OSError:  # gone meanwhile
            continue
    return found


def test_a_run_that_needs_more_ends_right_and_leaves_nothing(folder: Path) -> None:
    small, large = run(folder, f"{LIMIT}MiB"), run(folder, "2GiB")
    assert small.keys == large.keys
    assert len(small.keys) == TWICE
    assert small.peak < LIMIT + BESIDES
    assert large.peak > LIMIT + BESIDES, "the data needs more: else the limit proves nothing"
    assert small.spilled > 0
    assert large.spilled == 0
    assert not list((folder / running.KEPT / "scratch").iterdir())


def test_a_run_does_without_pandas(folder: Path) -> None:
    """It would be 40 MiB of each run; Ibis and Arrow draw it in where they are asked for frames or data sets."""
    asked = ["crosscheck", "run", "M05-3", "--data", str(folder), "--quiet", "--fresh"]
    assert not loads_pandas(f"from jiandu.__main__ import main; main({asked})")
    assert loads_pandas("import pyarrow.dataset"), "the control"


def loads_pandas(code: str) -> bool:
    env = {"PYTHONPATH": str(ROOT / "src")}
    told = f"import sys; {code}; sys.exit(3 if 'pandas' in sys.modules else 0)"
    return subprocess.run([sys.executable, "-c", told], env=env, stdout=subprocess.DEVNULL, check=False).returncode == 3


def test_what_a_killed_run_left_goes_with_the_next(folder: Path) -> None:
    scratch = folder / running.KEPT / "scratch"
    code = (
        "import sys, time; from pathlib import Path; from jiandu.base.engine.scratch import own_folder\n"
        "with own_folder(Path(sys.argv[1])) as own: (own / 'left').write_text('x'); print(own, flush=True); time.sleep(60)"
    )
    env = {"PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(
        [sys.executable, "-c", code, str(scratch)], env=env, stdout=subprocess.PIPE, text=True
    ) as held:
        assert held.stdout is not None
        left = Path(held.stdout.readline().strip())
        with own_folder(scratch) as own:
            assert (left / "left").exists(), "another run that works is left alone"
            assert own != left
        held.send_signal(signal.SIGKILL)
    assert left.exists()
    with own_folder(scratch):
        assert not left.exists()
    assert not list(scratch.iterdir())


def test_a_limit_that_does_not_do_is_said(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(Refused, match="内存上限应如"), open_engine(scratch=tmp_path, memory="much"):
        pass
    with pytest.raises(Refused, match="内存上限20MB不够"), open_engine(scratch=tmp_path, memory="20MB") as engine:
        paid = engine.table("subsidy", folder / "subsidy.parquet")
        engine.rows(paid.group_by("id_no").agg(n=paid.count()).order_by("n").limit(1))
    assert not list(tmp_path.iterdir())
