"""Rows whose number is missing, and who they are: linked by name and place with the register of persons or companies of the
same data set before any rule runs.

A pair that linkage is sure of fills the number, as does one that somebody has decided on; whoever else it may be waits for
a person. What was filled is remembered by row, so that an alert says that it rests on linkage. Nothing is written into the
tables that came: the filled ones lie in a folder of their own, the others are linked into it.
"""

import hashlib
import json
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jiandu.base.core.persons import is_person
from jiandu.base.engine import parquet
from jiandu.base.sealing.fields import blind
from jiandu.base.sealing.keyring import keyring
from jiandu.sources.crosscheck import masking, tables
from jiandu.sources.crosscheck.rule import said

HIDDEN = ".linked"  # not among the folders that somebody may name
MOST = 2_000  # pairs of one column that wait after one run, the likeliest

Row = dict[str, Any]


@dataclass(frozen=True)
class Lacking:
    """A column whose number may be missing, and where the row says whose it is: linkage's column → ours."""

    table: str
    column: str
    kind: str
    says: dict[str, str]
    unless: str = ""  # filled, and the row is somebody else's kind


@dataclass(frozen=True)
class Roster:
    """Where the numbers are: the table, its number, and linkage's columns in it."""

    table: str
    number: str
    says: dict[str, str]


LACKING = (
    Lacking("asset", "user_id", "persons", {"name": "user_name", "place": "village"}),
    Lacking("contract", "lessee_id", "persons", {"name": "lessee", "place": "village"}, unless="lessee_uscc"),
    Lacking("contract", "lessee_uscc", "companies", {"name": "lessee"}, unless="lessee_id"),
)
ROSTERS = {
    "persons": Roster("person", "id_no", {"name": "name", "birth": "birth", "place": "hukou"}),
    "companies": Roster("company", "uscc", {"name": "name"}),
}


@dataclass(frozen=True)
class Decided:
    """What somebody said of a pair: `number` where they are the same."""

    mark: bytes
    row: bytes
    is_same: bool
    code: str
    probability: float
    number: str = ""


@dataclass(frozen=True)
class Filled:
    """A number that came by linkage: how sure it is, and the pair that a person decided on ("" where nobody had to)."""

    number: str
    score: float
    pair: str = ""


@dataclass(frozen=True)
class Waiting:
    """A pair that waits for a person, as it is kept: masked, and in clear as JSON."""

    mark: bytes
    row: bytes
    lacking: Lacking
    place: str
    compared: list[dict[str, Any]]
    left: list[list[str]]
    right: list[list[str]]
    clear: str
    probability: float
    start: float
    reason: str


@dataclass
class Linked:
    """What linkage gave to a run: the folder that rules read, what was filled by table and row, what waits."""

    folder: Path
    filled: dict[tuple[str, str], dict[tuple[str, ...], Filled]] = field(default_factory=dict)
    waiting: list[Waiting] = field(default_factory=list)
    left: int = 0  # more pairs than are kept

    def of_row(self, table: str, row: Row) -> list[tuple[str, Filled]]:
        """The columns of a row that were filled."""
        found = []
        for (name, column), rows in self.filled.items():
            if name == table and (one := rows.get(key_of(table, row))):
                found.append((column, one))
        return found

    def of_number(self, table: str, numbers: set[str]) -> list[tuple[str, Filled]]:
        """The columns of a table into which one of these numbers was filled."""
        found = []
        for (name, column), rows in self.filled.items():
            one = next((each for each in rows.values() if each.number in numbers), None) if name == table else None
            if one:
                found.append((column, one))
        return found


def key_of(table: str, row: Row) -> tuple[str, ...]:
    """What tells one row of a table from another."""
    return tuple(str(row[name]) for name in tables.named(table).key)


def fill(sources: dict[str, Path], into: Path, decided: Iterable[Decided]) -> Linked:
    """Links every column whose numbers are missing; `sources` are canonical Parquet by table. Gives the folder for the rules."""
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True, mode=0o700)
    made, known = Linked(into), list(decided)
    for name, path in sources.items():
        (into / (path.name if path.is_dir() else f"{name}.parquet")).symlink_to(path.resolve())
    for one in LACKING:
        roster = ROSTERS[one.kind]
        if one.table in sources and roster.table in sources:
            _fill(one, roster, into, sources[roster.table], made, known)
    return made


def _fill(one: Lacking, roster: Roster, into: Path, others: Path, made: Linked, known: list[Decided]) -> None:
    path = next(each for each in (into / f"{one.table}.parquet", *_folders(into, one.table)) if each.exists())
    rows = _lacking_rows(one, path)
    if not rows:
        return
    people = parquet.whole(others)
    found = _decide(_Asked(one, roster, rows, people, known), made)
    made.filled[one.table, one.column] = {key_of(one.table, rows[at]): each for at, each in found.items()}
    if found:
        _write(one, path, found)


def _folders(into: Path, table: str) -> Iterator[Path]:
    """The links to a table that came as a folder of Parquet."""
    return (into / stem for stem in (table, tables.named(table).words))


def _lacking_rows(one: Lacking, path: Path) -> dict[str, Row]:
    """The rows whose number is missing, by their place in the table."""
    import pyarrow.compute as pc  # noqa: PLC0415 -- slow import

    found: dict[str, Row] = {}
    start = 0
    for batch in parquet.batches(path):
        is_lacking = pc.and_(pc.is_null(batch[one.column]), pc.is_valid(batch[one.says["name"]]))
        places = [start + at for at, lacks in enumerate(is_lacking.to_pylist()) if lacks]
        rows = zip(places, batch.filter(is_lacking).to_pylist(), strict=True)
        found |= {str(at): row for at, row in rows if _is_asked(one, row)}
        start += batch.num_rows
    return found


def _is_asked(one: Lacking, row: Row) -> bool:
    if one.unless and row.get(one.unless):
        return False
    return is_person(row[one.says["name"]]) == (one.kind == "persons")


def _write(one: Lacking, path: Path, found: dict[str, Filled]) -> None:
    """The table anew with what was filled, in one file. The link gives way; what it pointed to stays as it came."""
    import pyarrow as pa  # noqa: PLC0415 -- slow import
    import pyarrow.parquet as pq  # noqa: PLC0415 -- slow import

    numbers, start = {int(at): each.number for at, each in found.items()}, 0
    into, schema = path.with_name(f"{one.table}.parquet"), parquet.schema(path)
    unfinished = into.with_name(into.name + ".part")
    with pq.ParquetWriter(unfinished, schema) as writer:
        for batch in parquet.batches(path):
            values = [numbers.get(start + at, value) for at, value in enumerate(batch[one.column].to_pylist())]
            place = batch.schema.get_field_index(one.column)
            writer.write_batch(batch.set_column(place, one.column, pa.array(values, pa.string())))
            start += batch.num_rows
    unfinished.replace(into)
    if path != into:
        path.unlink()


@dataclass(frozen=True)
class _Asked:
    """One column: the rows that lack it by their place, the roster, what was decided before."""

    lacking: Lacking
    roster: Roster
    rows: dict[str, Row]
    people: Any  # an Arrow table
    known: list[Decided]


def _decide(asked: _Asked, made: Linked) -> dict[str, Filled]:
    """Which rows are filled, and by whom; the rest of what is likely waits."""
    from jiandu.base.linkage.verdicts import SAME  # noqa: PLC0415 -- slow import

    decided = {each.mark for each in asked.known}
    same = {each.row: each for each in asked.known if each.is_same}
    marks = {at: row_mark(asked.lacking, row) for at, row in asked.rows.items()}
    found = {at: _confirmed(same[mark]) for at, mark in marks.items() if mark in same}
    by_row: defaultdict[str, list[Any]] = defaultdict(list)
    for pair in _pairs(asked):
        if pair.id_a not in found and pair_mark(marks[pair.id_a], pair.id_b) not in decided:
            by_row[pair.id_a].append(pair)
    waiting = []
    for at, pairs in by_row.items():
        sure = [pair for pair in pairs if pair.verdict == SAME]
        if len(sure) == 1:
            found[at] = Filled(sure[0].id_b, sure[0].probability)
        else:
            waiting += pairs
    waiting.sort(key=lambda pair: (-pair.weight, pair.id_a, pair.id_b))
    people = _rows_of(asked, {pair.id_b for pair in waiting[:MOST]})
    made.waiting += [_waiting(asked, marks[pair.id_a], pair, people[pair.id_b]) for pair in waiting[:MOST]]
    made.left += max(0, len(waiting) - MOST)
    return found


def _confirmed(one: Decided) -> Filled:
    return Filled(one.number, one.probability, one.code)


def _pairs(asked: _Asked) -> Iterator[Any]:
    import pyarrow as pa  # noqa: PLC0415 -- slow import

    from jiandu.base.linkage.linking import link  # noqa: PLC0415 -- slow import
    from jiandu.base.linkage.table import SCHEMES  # noqa: PLC0415 -- slow import

    left = pa.Table.from_pylist([{"id": at, **_says(asked.lacking.says, row)} for at, row in asked.rows.items()])
    columns = {"id": asked.roster.number, **asked.roster.says}
    right = pa.table({name: asked.people[ours] for name, ours in columns.items()})
    if asked.people.num_rows:
        yield from link(left, right, scheme=SCHEMES[asked.lacking.kind])


def _rows_of(asked: _Asked, numbers: set[str]) -> dict[str, Row]:
    """The rows of the roster with these numbers."""
    import pyarrow as pa  # noqa: PLC0415 -- slow import
    import pyarrow.compute as pc  # noqa: PLC0415 -- slow import

    number = asked.roster.number
    wanted = pc.is_in(asked.people[number], value_set=pa.array(sorted(numbers), pa.string()))
    return {row[number]: row for row in asked.people.filter(wanted).to_pylist()}


def _says(columns: dict[str, str], row: Row) -> dict[str, str | None]:
    return {name: str(row[ours]) if row.get(ours) is not None else None for name, ours in columns.items()}


def row_mark(one: Lacking, row: Row) -> bytes:
    """Finds a row again whose number is missing: by what it is and says of whom, unread."""
    said = [one.table, one.column, *key_of(one.table, row), *(str(row.get(ours) or "") for ours in one.says.values())]
    return _blind(said)


def pair_mark(row: bytes, number: str) -> bytes:
    """Finds a pair again, unread."""
    return _blind([row.hex(), number])


def _blind(said: list[str]) -> bytes:
    digest = hashlib.sha256("\x00".join(said).encode()).hexdigest()
    return blind(digest, key=keyring().blind, purpose="crosscheck link")


def _waiting(asked: _Asked, row: bytes, pair: Any, right: Row) -> Waiting:
    """The pair as it is kept."""
    one, left = asked.lacking, asked.rows[pair.id_a]
    shown_left, closed = masking.row_as_shown(one.table, left)
    shown_right, more = masking.row_as_shown(asked.roster.table, right)
    compared = _compared(asked, pair, left, right)
    masked = _compared(asked, pair, shown_left, shown_right)
    hidden = masking.together([closed, more])
    clear = {
        "number": pair.id_b,
        "compared": compared,
        "left": _values(one.table, left),
        "right": _values(asked.roster.table, right),
    }
    return Waiting(
        mark=pair_mark(row, pair.id_b),
        row=row,
        lacking=one,
        place=masking.without(str(left.get("village") or ""), {})[:64],
        compared=[each | {side: masking.without(each[side], hidden) for side in ("left", "right")} for each in masked],
        left=[[label, masking.without(value, hidden)] for label, value in _values(one.table, shown_left)],
        right=[[label, masking.without(value, hidden)] for label, value in _values(asked.roster.table, shown_right)],
        clear=json.dumps(clear, ensure_ascii=False),
        probability=pair.probability,
        start=round(pair.start, 2),
        reason=f"{pair.reason} · {pair.reason_english}" if pair.reason else "",
    )


def _compared(asked: _Asked, pair: Any, left: Row, right: Row) -> list[dict[str, Any]]:
    """Each comparison with what both rows say, how it came out, and what it adds."""
    mine, theirs = _says(asked.lacking.says, left), _says(asked.roster.says, right)
    return [
        {
            "left": mine.get(share.comparison) or "",
            "right": theirs.get(share.comparison)
            or (str(right[asked.roster.number]) if share.comparison in NUMBERS else ""),
            "words": share.words,
            "english": share.english,
            "weight": round(share.weight, 2),
        }
        for share in pair.shares
    ]


NUMBERS = {"id_no", "uscc"}


def _values(table: str, row: Row) -> list[list[str]]:
    known = tables.named(table).columns
    return [
        [each.words.split("#")[0].strip(), said(each.name, row[each.name])]
        for each in known
        if row.get(each.name) is not None
    ]
