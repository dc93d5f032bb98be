"""The system's own ledgers of rural collectives and of estates as a data set: written anew before each run, in the scope of whoever runs it.

Persons go by their marks there, and so they do here: rules join by them. Tables of a data set that stand beside the ledgers
in a run are copied with their numbers marked by the same key. Names are kept, and masked like any other.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any

from jiandu.base.core.guard import Viewer
from jiandu.base.core.ids import credit_code_problem
from jiandu.base.engine import parquet
from jiandu.net.overseers.models import Office
from jiandu.sources.crosscheck import folders, marks, tables
from jiandu.sources.crosscheck.own_values import DERIVED, Row, outlays
from jiandu.sources.crosscheck.tables import Column, Kind, Table
from jiandu.sources.ledgers.canonical import collective_rows
from jiandu.sources.ledgers.canonical_estates import ESTATES, estate_rows

NAME = "本系统村集体台账"
HIDDEN = ".ledgers"  # not among the folders that somebody may name
CHUNK = 5_000
#: Table → the ledgers of which it is made, where they are called otherwise.
MADE_OF: dict[str, tuple[str, ...]] = {
    "asset": ("asset", "resource"),
    "outlay": ("journal",),
    "publication": ("disclosure",),
}
#: By ledger, column of the table → that of the ledger, where they are called otherwise.
CALLED = {
    "contract": {
        "members": "entitled",
        "decided_on": "decision_on",
        "is_lump_sum": "lump_sum",
        "terms": "text",
        "kind": "thing_kind",
        "town_approved": "township_approval",
        "lessee_uscc": "lessee_id",  # there one column holds either
    },
    "asset": {"since": "status_since"},
    "resource": {"asset_id": "resource_id", "since": "status_since"},
    "due": {"resolution_on": "resolved_on"},
    "fund": {"account": "fund_id", "on": "since", "bank_fen": "actual_fen", "why": "reason"},
    "journal": {"outlay_id": "journal_id", "amount_fen": "outlay_fen", "paid_on": "booked_on"},
    "disclosure": {"publication_id": "disclosure_id", "kind": "content"},
    "village": {"since": ""},  # since when it tells, is not since when it is
}
#: What every row of a ledger of collectives is, which no column of it says.
ALWAYS = {"contract": {"owner_kind": "集体"}}
#: Tables that are not there where nobody has told of them: rules over them then say so, and a data set beside may have them.
OPTIONAL = {"outlay", "publication", "village", *ESTATES}
SECOND = "（资源）"  # of a resource whose code an asset has too
WHOLE = {Kind.INT, Kind.MONEY}
DAYS = {Kind.DATE, Kind.MONTH}


def bring(viewer: Viewer, office: Office, on: date) -> Path:
    """The ledgers of the day as canonical Parquet in a folder of the office; gives the folder."""
    folder = folders.root() / HIDDEN / str(office.pk)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for stood in folder.glob("*.parquet"):
        stood.unlink()  # what stood beside them in another run is not theirs
    ledgers = collective_rows(viewer, on) | estate_rows(viewer, on)
    for name, table in tables.known().items():
        sources = [each for each in MADE_OF.get(name, (name,)) if each in ledgers]
        if sources:
            path = folder / f"{name}.parquet"
            rows = _write(table, _apart(table, chain(*(_rows(table, each, ledgers[each]) for each in sources))), path)
            if not rows and name in OPTIONAL:
                path.unlink()
    return folder


def beside(sources: dict[str, Path], folder: Path) -> None:
    """Canonical tables of a data set into the folder of the ledgers, numbers of persons as marks; the ledgers' own stay."""
    for name, path in sources.items():
        if not (folder / f"{name}.parquet").exists():
            _marked(tables.named(name), path, folder / f"{name}.parquet")


def _marked(table: Table, source: Path, path: Path) -> None:
    import ibis  # noqa: PLC0415 -- slow import
    import pyarrow as pa  # noqa: PLC0415 -- slow import
    import pyarrow.parquet as pq  # noqa: PLC0415 -- slow import

    schema = ibis.schema(table.schema).to_pyarrow()
    persons = [each.name for each in table.columns if each.kind == Kind.PERSON]
    unfinished = path.with_name(path.name + ".part")
    with pq.ParquetWriter(unfinished, schema) as writer:
        for batch in parquet.batches(source, size=CHUNK):
            for name in persons:
                told = [marks.marked(each) if each else None for each in batch[name].to_pylist()]
                batch = batch.set_column(batch.schema.get_field_index(name), name, pa.array(told, pa.string()))
            writer.write_table(pa.Table.from_batches([batch]).select(schema.names).cast(schema))
    unfinished.replace(path)


def _write(table: Table, found: Iterable[dict[str, Any]], path: Path) -> int:
    """How many rows were written."""
    import ibis  # noqa: PLC0415 -- slow import
    import pyarrow as pa  # noqa: PLC0415 -- slow import
    import pyarrow.parquet as pq  # noqa: PLC0415 -- slow import

    schema, rows, count = ibis.schema(table.schema).to_pyarrow(), iter(found), 0
    unfinished = path.with_name(path.name + ".part")
    with pq.ParquetWriter(unfinished, schema) as writer:
        while chunk := list(islice(rows, CHUNK)):
            writer.write_table(pa.Table.from_pylist(chunk, schema=schema))
            count += len(chunk)
    unfinished.replace(path)
    return count


def _rows(table: Table, ledger: str, found: Iterable[Row]) -> Iterator[Row]:
    """The rows of a ledger as rows of the table."""
    called, always, derived = CALLED.get(ledger, {}), ALWAYS.get(ledger, {}), DERIVED.get(ledger)
    for row in outlays(found) if ledger == "journal" else found:
        row = row | always | (derived(row) if derived else {})
        if row.get("thing_is_second"):
            row["asset_id"] += SECOND
        yield {each.name: _fitting(each, row.get(called.get(each.name, each.name))) for each in table.columns}


def _apart(table: Table, rows: Iterator[Row]) -> Iterator[Row]:
    """Of assets and resources with one code the resources are called otherwise: assets come first."""
    known: set[str] = set()
    for row in rows:
        if table.name == "asset":
            if row["asset_id"] in known:
                row["asset_id"] += SECOND
            known.add(row["asset_id"])
        yield row


def _fitting(column: Column, value: Any) -> Any:
    """The value as the table has it; nothing for what the ledger keeps in another form."""
    if value is None or value == "":
        return None
    if column.kind == Kind.PERSON:
        return value if marks.is_mark(str(value)) else None
    if column.kind == Kind.COMPANY:
        return value if credit_code_problem(str(value)) is None else None
    if column.kind in DAYS:
        return value if isinstance(value, date) else None
    if column.kind in WHOLE:
        return int(value)
    if column.kind == Kind.FLOAT:
        return float(value)
    if column.kind == Kind.FLAG:
        return value if isinstance(value, bool) else None
    return str(value)
