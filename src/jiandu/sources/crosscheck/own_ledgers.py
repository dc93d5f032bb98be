"""The system's own ledgers of rural collectives as a data set: written anew before each run, for whoever runs it, in his scope.

Persons go by their marks there, so identity numbers stay empty here; names are kept, and masked like any other.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from jiandu.base.core.guard import Viewer
from jiandu.net.overseers.models import Office
from jiandu.sources.crosscheck import folders, tables
from jiandu.sources.crosscheck.tables import Column, Kind, Table
from jiandu.sources.ledgers.canonical import collective_rows

NAME = "本系统村集体台账"
HIDDEN = ".ledgers"  # not among the folders that somebody may name
CHUNK = 5_000
#: Our column → that of the ledger, where they are called otherwise.
CALLED = {
    "contract": {
        "members": "entitled",
        "decided_on": "decision_on",
        "is_lump_sum": "lump_sum",
        "terms": "text",
        "kind": "thing",
    },
    "receipt": {"holder_kind": "account_holder"},
}
WHOLE = {Kind.INT, Kind.MONEY}
DAYS = {Kind.DATE, Kind.MONTH}


def bring(viewer: Viewer, office: Office, on: date) -> Path:
    """The ledgers of the day as canonical Parquet in a folder of the office; gives the folder."""
    folder = folders.root() / HIDDEN / str(office.pk)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, found in collective_rows(viewer, on).items():
        if name in tables.known():
            _write(tables.named(name), found, folder / f"{name}.parquet")
    return folder


def _write(table: Table, found: Iterable[dict[str, Any]], path: Path) -> None:
    import ibis  # noqa: PLC0415 -- slow import
    import pyarrow as pa  # noqa: PLC0415 -- slow import
    import pyarrow.parquet as pq  # noqa: PLC0415 -- slow import

    schema, rows = ibis.schema(table.schema).to_pyarrow(), iter(found)
    unfinished = path.with_name(path.name + ".part")
    with pq.ParquetWriter(unfinished, schema) as writer:
        while chunk := list(_chunk(table, rows)):
            writer.write_table(pa.Table.from_pylist(chunk, schema=schema))
    unfinished.replace(path)


def _chunk(table: Table, rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    called = CALLED.get(table.name, {})
    for row in islice(rows, CHUNK):
        yield {each.name: _fitting(each, row.get(called.get(each.name, each.name))) for each in table.columns}


def _fitting(column: Column, value: Any) -> Any:
    """The value as the table has it; nothing for what the ledger keeps in another form."""
    if value is None or value == "" or column.kind == Kind.PERSON:
        return None
    if column.kind in DAYS:
        return value if isinstance(value, date) else None
    if column.kind in WHOLE:
        return int(value)
    if column.kind == Kind.FLOAT:
        return float(value)
    if column.kind == Kind.FLAG:
        return value if isinstance(value, bool) else None
    return str(value)
