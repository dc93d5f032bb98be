"""A filled installation that is being served, on the database of this turn of the suite."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.ground import POSTGRESQL, SMALL_NET, installation
from tests.installation import Installation

DATABASE = "PostgreSQL" if POSTGRESQL else "SQLite"


@contextmanager
def served(folder: Path, more: Mapping[str, str] | None = None) -> Iterator[Installation]:
    """Stopped at the end. `more` is the environment of the server beside what an installation needs."""
    with installation(folder, SMALL_NET) as told:
        made = Installation.told(told)
        made.extra = more or {}
        made.start()
        try:
            yield made
        finally:
            made.stop()
