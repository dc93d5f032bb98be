"""Figures that full runs measure: lines of JSON in .cache/figures/full/, and docs/figures.md made of them.

`python -m tests.figures clear` before a full run, `python -m tests.figures fold` after one that passed: `./jiandu test
--full` does both. A figure noted by several tests of one run (the shares of a matrix) is their sum.
"""

import json
import os
import platform
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".cache" / "figures" / "full"
PAGE = ROOT / "docs" / "figures.md"
AREAS = {
    "access": "Access · 权限",
    "audit": "The log · 审计日志",
    "durability": "Durability · 断电、强杀、并发、磁盘写满",
    "sealing": "Intake and sealing · 收件与密封",
}
HEAD = """# Figures of the full run · 全量测试实测数据

Written when every test of the full run has passed: by `./jiandu test --full`, or by `python -m tests.figures fold NOTE`
after its parts were run one by one; the note then says what was run again, and where. A run that fails leaves it as it was.
全部测试通过后写入：由 `./jiandu test --full`，或逐项跑完后由 `python -m tests.figures fold 说明`（写明哪些重跑过）；有一项未通过，本页不变。
"""
COLUMNS = "| Figure 指标 | Database 数据库 | Value 实测值 | How 说明 |\n| --- | --- | ---: | --- |"


def note(area: str, figure: str, value: float | str, unit: str, *, note: str = "", database: str = "SQLite") -> None:
    """Adds one figure of an area. Raises KeyError for an area without a heading."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    said = {"area": area, "figure": figure, "value": value, "unit": unit, "ratio": None, "note": note}
    assert AREAS[area]
    with (FOLDER / f"{area}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({**said, "database": database}, ensure_ascii=False) + "\n")


def clear(folder: Path = FOLDER) -> None:
    """Forgets what earlier runs noted."""
    for path in folder.glob("*.jsonl"):
        path.unlink()


def noted(folder: Path = FOLDER) -> list[dict[str, Any]]:
    """Each figure once, in the order of the page."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            one = json.loads(line)
            key = (one["area"], one["figure"], one["database"], one["unit"])
            found[key] = one | ({"value": found[key]["value"] + one["value"]} if key in found else {})
    return [found[key] for key in sorted(found)]


def table(figures: Iterable[dict[str, Any]]) -> str:
    """The page below its head."""
    parts, area = [], ""
    for one in figures:
        if one["area"] != area:
            area = one["area"]
            parts.append(f"\n## {AREAS[area]}\n\n{COLUMNS}")
        value = f"{one['value']:,}" if isinstance(one["value"], int | float) else one["value"]
        parts.append(f"| {one['figure']} | {one['database']} | {value} {one['unit']} | {one['note']} |")
    return "\n".join(parts) + "\n"


def fold(folder: Path = FOLDER, page: Path = PAGE, *, said: str = "") -> int:
    """Writes the page, with what is `said` of the run; 1, and the page as it was, where nothing has been noted."""
    figures = noted(folder)
    if not figures:
        sys.stderr.write("没有实测数据 · no figures have been noted\n")
        return 1
    about = "\n\n".join([_machine(), *([said] if said else [])])
    page.write_text(f"{HEAD}\n{about}\n{table(figures)}", encoding="utf-8")
    return 0


def _machine() -> str:
    said = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return f"{date.today().isoformat()} · {said.stdout.strip() or '–'} · {os.cpu_count()} cores · {versions}"  # noqa: DTZ011 -- the day of this machine


def main(words: list[str]) -> int:
    """clear | fold [NOTE]."""
    match words:
        case ["clear"]:
            clear()
            return 0
        case ["fold", *said]:
            return fold(said=" ".join(said))
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
