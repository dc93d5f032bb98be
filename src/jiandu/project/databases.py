"""Options of both databases in one place.

SQLite runs with synchronous=FULL: a replay of lost sectors showed that NORMAL loses acknowledged commits
(docs/decisions/0009). trusted_schema stays on: SQLite 3.40 counts JSON_VALID, which Django puts into its checks, as unsafe.
Every request and job is one transaction, so that PostgreSQL's row-level security has its scope set.
"""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    " PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=134217728; PRAGMA cache_size=-65536;"
)


def sqlite(folder: Path) -> dict[str, Any]:
    """The embedded database inside the data folder."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(folder / "jiandu.sqlite3"),
        # Kept open: the last one that closes takes the log of writes away, and who comes next must write before it can
        # read, which a full disk refuses; and each new one begins with an empty cache.
        "CONN_MAX_AGE": None,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": PRAGMAS},
        "TEST": {"NAME": None},
    }


def postgresql(url: str) -> dict[str, Any]:
    """postgresql://user:password@host:port/name, or a socket folder as ?host=/path."""
    parts = urlsplit(url)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # A server that does not answer is said to be away (503), not waited for. Nothing is compiled: the policies of
        # row-level security make long plans, and compiling one took 6.6 s before a review that runs for 0.5 s. Pages
        # are in memory or on an SSD: a look along an index costs little more than reading on.
        "OPTIONS": {"connect_timeout": 4, "options": "-c jit=off -c random_page_cost=1.1"},
    }


def database(folder: Path, url: str) -> dict[str, Any]:
    """SQLite when no address is given. Raises ValueError for another scheme."""
    if not url:
        return sqlite(folder)
    return _served("JIANDU_DATABASE", url)


def owner(url: str) -> dict[str, Any]:
    """Who owns the tables on PostgreSQL, {} when no address is given. Raises ValueError for another scheme."""
    return _served("JIANDU_DATABASE_OWNER", url) if url else {}


def _served(name: str, url: str) -> dict[str, Any]:
    if not url.startswith(("postgresql://", "postgres://")):
        raise ValueError(f"{name}: 只支持 postgresql:// · only postgresql:// is supported")
    return postgresql(url)
