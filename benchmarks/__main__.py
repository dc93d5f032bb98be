"""python -m benchmarks [SUBJECT …] [--database sqlite|postgresql] [--folder DIR] [--findings N]: see README.md.

Each subject runs in a process of its own on each database, so that memory and caches are its own.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from tests.postgres import OWNER, cluster

from benchmarks import document
from benchmarks.figures import ROOT

SUBJECTS = (
    "lists",
    "search",
    "review",
    "creating",
    "importing",
    "pasting",
    "exporting",
    "audit",
    "serving",
    "starting",
    "papers",
    "repeats",
    "bulletins",
    "warning",
    "sealing",
    "linkage",
    "crosscheck",
)
BIG = {"shared_buffers": "1GB", "work_mem": "16MB", "maintenance_work_mem": "512MB", "max_wal_size": "8GB"}


def main() -> int:
    """Runs what is asked for; 1 where a subject failed to run. A promise that does not hold shows in the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("subjects", nargs="*", choices=[*SUBJECTS, "build", []], default=list(SUBJECTS))
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--folder", type=Path, default=ROOT / ".cache" / "benchmarks")
    parser.add_argument("--findings", type=int, default=1_000_000)
    parser.add_argument("--write", action="store_true", help="puts the newest figures into docs/benchmarks.md")
    asked = parser.parse_args()
    codes = []
    for database in asked.database or ["sqlite", "postgresql"]:
        with installation(database, asked.folder, asked.findings) as environment:
            for subject in asked.subjects:
                codes.append(call(subject, environment))
                fresh(environment)
    if asked.write:
        document.write()
    return int(any(codes))


@contextmanager
def installation(database: str, folder: Path, findings: int) -> Iterator[dict[str, str]]:
    """The environment that leads to one database's folder; PostgreSQL runs meanwhile, with its data kept."""
    home = folder.resolve() / f"{database}-{findings}"
    home.mkdir(parents=True, exist_ok=True)
    said = {"JIANDU_DATA": str(home), "JIANDU_PROFILE": "demo", "BENCHMARK_FINDINGS": str(findings)}
    if database == "sqlite":
        yield said
        return
    with cluster(durable=True, kept=home / "cluster", settings=BIG) as server:
        if not server.has("bench"):
            server.create("bench")
        said |= {
            "JIANDU_DATABASE": server.address("bench"),
            "JIANDU_DATABASE_OWNER": server.address("bench", OWNER),
            "BENCHMARK_ROOT": server.address("bench", "postgres"),
        }
        fresh(said)
        yield said


def fresh(environment: dict[str, str]) -> None:
    """An empty database for the next subject that wants one of its own."""
    if "BENCHMARK_ROOT" in environment:
        with psycopg.connect(environment["BENCHMARK_ROOT"], autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS apart WITH (FORCE)")
            connection.execute(f"CREATE DATABASE apart OWNER {OWNER}")


def call(subject: str, environment: dict[str, str]) -> int:
    paths = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "DJANGO_SETTINGS_MODULE": "jiandu.project.settings"}
    command = [sys.executable, "-m", f"benchmarks.{subject}"]
    return subprocess.run(command, cwd=ROOT, env=os.environ | paths | environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
