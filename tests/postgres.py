"""A throw-away PostgreSQL for tests and measurements: one folder, one unix socket, no network, gone afterwards.

`with cluster() as server:` gives addresses for two roles, as in production: `jiandu_owner` owns the tables (migrations),
`jiandu_app` only uses them (the suite). `python -m tests.postgres pytest tests/audit` runs a command with
JIANDU_DATABASE (app) and JIANDU_DATABASE_OWNER (owner) set to a fresh database. Debian: apt-get install postgresql.
"""

import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

BINARIES = Path("/usr/lib/postgresql")
OLDEST = 15
OWNER, APP = "jiandu_owner", "jiandu_app"
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
#: Tests take back what they write: statistics taken meanwhile say that full tables are empty, and the plans that follow
#: walked every row for every row (a second for a look-up, an hour for a year). What still never ends fails by name.
FAST |= {"autovacuum": "off", "statement_timeout": "60s"}
ALWAYS = {"listen_addresses": "''", "max_connections": "60", "shared_buffers": "256MB", "timezone": "UTC"}


class NoPostgres(RuntimeError):
    """The programs of PostgreSQL are not on this machine: the tests that need them fail, they are never skipped."""


@dataclass(frozen=True)
class Server:
    """A running cluster, reached through the socket in `folder`."""

    folder: Path
    start: tuple[Any, ...] = ()  # the command that starts it again

    def address(self, name: str, role: str = APP) -> str:
        """What JIANDU_DATABASE takes."""
        return f"postgresql://{role}@/{name}?host={self.folder}"

    def pull(self) -> None:
        """Stops it as if its plug were pulled."""
        _call([*self.start[:4], "-m", "immediate", "stop"])

    def put_in(self) -> None:
        """Starts it; what was cut off is recovered first."""
        _call([*self.start])

    def run(self, statement: str, *names: str, database: str = "postgres", role: str = "postgres") -> None:
        """One statement outside a transaction; {} stands for the names, quoted."""
        with psycopg.connect(host=str(self.folder), user=role, dbname=database, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))  # type: ignore[arg-type]

    def create(self, name: str, template: str = "template1") -> None:
        """A database of the owner's, empty or a copy of another one that nobody is connected to."""
        self.run("CREATE DATABASE {} OWNER {} TEMPLATE {}", name, OWNER, template)

    def drop(self, name: str) -> None:
        self.run("DROP DATABASE {} WITH (FORCE)", name)

    def has(self, name: str) -> bool:
        with psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres") as connection:
            return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def binaries() -> Path:
    """The folder of the newest PostgreSQL that Debian installed. Raises NoPostgres below version 15."""
    found = sorted(
        (int(folder.parent.name), folder)
        for folder in BINARIES.glob("*/bin")
        if re.fullmatch(r"\d+", folder.parent.name)
    )
    if not found or found[-1][0] < OLDEST:
        raise NoPostgres(
            f"需要 PostgreSQL {OLDEST} 或更新版本 · PostgreSQL {OLDEST}+ is needed (Debian: apt-get install postgresql)"
        )
    return found[-1][1]


@contextmanager
def cluster(
    *, durable: bool = False, kept: Path | None = None, settings: dict[str, str] | None = None
) -> Iterator[Server]:
    """Starts a cluster, and stops and deletes it at the end.

    For measurements: `durable` syncs to disk; `kept` is a folder whose data stay for the next time; more `settings`.
    """
    programs = binaries()
    folder = Path(tempfile.mkdtemp(prefix="jd-pg-", dir="/tmp"))
    data = kept or folder / "data"
    is_new = not (data / "PG_VERSION").exists()
    data.mkdir(parents=True, exist_ok=True)
    _own(folder, data)
    try:
        if is_new:
            _call([programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", *ENCODING])
        options = _options(folder, durable, settings or {})
        server = Server(folder, (programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"))
        server.put_in()
        if is_new:
            _prepare(server)
        yield server
    finally:
        _stop(programs, data, "fast" if kept else "immediate")
        shutil.rmtree(folder, ignore_errors=True)


def _own(*folders: Path) -> None:
    """The server does not run as root, and wants its data for itself alone."""
    for folder in folders:
        folder.chmod(0o700)
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(folder, account.pw_uid, account.pw_gid)


ENCODING = ("-E", "UTF8", "--locale=C.UTF-8")


def _options(folder: Path, durable: bool, more: dict[str, str]) -> str:
    settings = ALWAYS | ({} if durable else FAST) | more | {"unix_socket_directories": str(folder)}
    return " ".join(f"-c {name}={value}" for name, value in settings.items())


def _prepare(server: Server) -> None:
    """The two roles. What the owner makes the app may use once it has been given rights, as `init` gives them."""
    server.run("CREATE ROLE {} LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS", OWNER)
    server.run("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS", APP)


def _call(command: list[Any]) -> None:
    """Runs as `postgres` when we are root, since the server refuses to. Raises with what it said."""
    drop = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    done = subprocess.run([str(part) for part in command], cwd="/", capture_output=True, text=True, check=False, **drop)
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name}: {done.stdout}{done.stderr}")


def _stop(programs: Path, data: Path, mode: str) -> None:
    if (data / "postmaster.pid").exists():
        _call([programs / "pg_ctl", "-D", data, "-m", mode, "-w", "-t", "300", "stop"])


def main(command: list[str]) -> int:
    """Runs the command against a fresh database and gives its exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the cluster goes with us
    with cluster() as server:
        server.create("jiandu")
        addresses = {
            "JIANDU_DATABASE": server.address("jiandu"),
            "JIANDU_DATABASE_OWNER": server.address("jiandu", OWNER),
        }
        return subprocess.run(command, env=os.environ | addresses, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
