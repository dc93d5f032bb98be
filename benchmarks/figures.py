"""A figure: what was measured, beside the bare work of the same run, and what was promised. Lines of JSON and tables."""

import json
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FIGURES = ROOT / ".cache" / "figures"


@dataclass(frozen=True)
class Figure:
    """`value` in `unit`; `ratio` to the bare work of the same run (1 = as fast as bare); `promise` like "<= 150"."""

    area: str
    figure: str
    value: float
    unit: str
    database: str = ""
    ratio: float | None = None
    note: str = ""
    promise: str = ""

    @property
    def holds(self) -> bool | None:
        if not self.promise:
            return None
        sign, bound = self.promise.split()
        return self.value <= float(bound) if sign == "<=" else self.value >= float(bound)

    def line(self) -> str:
        held = {None: "–", True: f"{self.promise} ✓", False: f"{self.promise} ✗"}[self.holds]
        ratio = "–" if self.ratio is None else f"{self.ratio:.1f}"
        return f"| {self.database} | {self.figure} | {said(self.value)} {self.unit} | {ratio} | {held} | {self.note} |"


HEAD = "| database | what | value | × bare | promise | note |\n| --- | --- | ---: | ---: | --- | --- |"


def said(value: float) -> str:
    """Three digits are all that a measurement on a shared machine tells."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def keep(area: str, database: str, figures: Iterable[Figure]) -> list[Figure]:
    """Prints the figures as they come; the file of the area keeps one line a figure, the newest."""
    found = []
    print(f"\n### {area} · {database}\n\n{HEAD}", flush=True)
    for each in figures:
        print(each.line(), flush=True)
        found.append(each)
    FIGURES.mkdir(parents=True, exist_ok=True)
    file = FIGURES / f"{area}.jsonl"
    new = {(each.figure, each.database) for each in found}
    older = [each for each in read(file) if (each.figure, each.database) not in new]
    text = "".join(json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in [*older, *found])
    file.write_text(text, encoding="utf-8")
    return found


def read(file: Path) -> list[Figure]:
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [Figure(**json.loads(line)) for line in lines if line]


class Taken(list[float]):
    """Milliseconds of each run; `cpu` is what the process itself worked on average, whoever else used the machine."""

    cpu: float = 0

    @property
    def note(self) -> str:
        return f"median {median(self):.0f} ms of {len(self)}, best {min(self):.0f}, own processor time {self.cpu:.0f}"


def timed(act: Callable[[], Any], *, runs: int = 21, warm: int = 2, seconds: float = 6) -> Taken:
    """Runs after some that do not count; at least five, and then no longer than `seconds`."""
    for _ in range(warm):
        act()
    taken = Taken()
    begun, worked = time.perf_counter(), time.process_time()
    while len(taken) < runs and (len(taken) < 5 or time.perf_counter() - begun < seconds):
        start = time.perf_counter()
        act()
        taken.append((time.perf_counter() - start) * 1000)
    taken.cpu = (time.process_time() - worked) * 1000 / len(taken)
    return taken


def p95(taken: list[float]) -> float:
    return sorted(taken)[max(0, -(-len(taken) * 95 // 100) - 1)]


def median(taken: list[float]) -> float:
    return statistics.median(taken)


def peaks() -> Iterator[float]:
    """MiB of memory that this process has needed at most, so far; each `next` asks anew."""
    while True:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        yield next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def own() -> float:
    """MiB that this process holds now, without the pages of files that it has mapped (SQLite maps 128 MiB of its own)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1024
