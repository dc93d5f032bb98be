"""A filled installation that is being served, on the database of this turn of the suite."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.ground import POSTGRESQL, installation
from tests.installation import Installation

DATABASE = "PostgreSQL" if POSTGRESQL else "SQLite"


@contextmanager
def served(folder: Path, more: Mapping[str, str] | None = None) -> Iterator[Installation]:
    """Stopped at the end. `more` is the environment of the server beside what an installation needs."""
    with installation(folder) as told:
        app, owner = told.get("JIANDU_DATABASE", ""), told.get("JIANDU_DATABASE_OWNER", "")
        made = Installation(folder, database=app, owner=owner).fill()
        made.extra = more or {}
        made.start()
        try:
            yield made
        finally:
            made.stop()
