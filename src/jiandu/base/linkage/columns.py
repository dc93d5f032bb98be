"""Columns made from columns in DuckDB; what needs Python is asked once for each distinct value."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from jiandu.base.linkage.schemes import Scheme

#: Rows of both tables as they came: `side` 0 or 1, `id`, and a scheme's columns as text.
GIVEN = "given"
#: What a scheme makes of them: the same rows with `unique_id`, counted in the order of the ids, so that the order of rows tells nothing.
PREPARED = "prepared"
NUMBERED = f"(SELECT *, row_number() OVER (PARTITION BY side ORDER BY id) AS unique_id FROM {GIVEN})"  # noqa: S608 -- a constant
#: More rows of one table than this with one number, and it stands for 未知: nobody is entered eleven times by accident.
MOST_WITH_ONE_NUMBER = 10


def of_distinct(
    connection: Any, column: str, derive: Callable[[str], Sequence[str | None]], names: Sequence[str], where: str = ""
) -> str:
    """A table `raw` and `names`, one row a distinct value of the column; gives its name."""
    import pyarrow as pa  # noqa: PLC0415 -- slow import

    only = f"AND NOT ({where})" if where else ""
    found = connection.sql(f"SELECT DISTINCT {column} FROM {GIVEN} WHERE {column} IS NOT NULL {only}").fetchall()  # noqa: S608 -- columns of a scheme
    raw = [row[0] for row in found]
    derived = list(zip(*map(derive, raw), strict=True)) or [() for _ in names]
    made = {"raw": raw, **dict(zip(names, derived, strict=True))}
    table = pa.table({name: pa.array(values, pa.string()) for name, values in made.items()})
    connection.register(f"distinct_{column}", table)
    connection.execute(f"CREATE TABLE of_{column} AS SELECT * FROM distinct_{column}")  # noqa: S608
    connection.unregister(f"distinct_{column}")
    return f"of_{column}"


def without_placeholders(connection: Any, column: str) -> None:
    """Empties a number in the prepared table where more rows of one side have it than one person can."""
    connection.execute(
        f"UPDATE {PREPARED} SET {column} = NULL WHERE {column} IN "  # noqa: S608 -- columns of a scheme
        f"(SELECT {column} FROM {PREPARED} GROUP BY side, {column} HAVING count(*) > {MOST_WITH_ONE_NUMBER})"
    )


@dataclass(frozen=True)
class Note:
    """How many rows of a side (0 or 1) have a value that cannot be used, and the first of them."""

    side: int
    words: str
    english: str
    rows: int
    first: str


def notes(connection: Any, scheme: Scheme) -> list[Note]:
    """What of the tables could not be used, by kind and side."""
    found = []
    for doubt in scheme.doubts:
        rows = connection.sql(
            f"SELECT p.side, count(*), min(p.id) FROM {PREPARED} p JOIN {GIVEN} g USING (side, id) "  # noqa: S608 -- conditions of a scheme
            f"WHERE {doubt.condition} GROUP BY p.side ORDER BY p.side"
        ).fetchall()
        found += [Note(side, doubt.words, doubt.english, many, first) for side, many, first in rows]
    return found
