"""The system's own ledgers of rural collectives as a data set: written anew before each run, for whoever runs it, in his scope.

Persons go by their marks there, and so they do here: rules join by them. Tables of a data set that stand beside the ledgers
in a run are copied with their numbers marked by the same key. Names are kept, and masked like any other.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from jiandu.base.core.guard import Viewer
from jiandu.base.core.ids import credit_code_problem
from jiandu.net.overseers.models import Office
from jiandu.sources.crosscheck import folders, marks, tables
from jiandu.sources.crosscheck.own_values import DERIVED
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
        "kind": "thing_kind",
        "town_approved": "township_approval",
        "lessee_uscc": "lessee_id",  # there one column holds either
    },
    "asset": {"since": "status_since"},
}
#: What every row of a ledger of collectives is, which no column of it says.
ALWAYS = {"contract": {"owner_kind": "集体"}}
WHOLE = {Kind.INT, Kind.MONEY}
DAYS = {Kind.DATE, Kind.MONTH}


def bring(viewer: Viewer, office: Office, on: date) -> Path:
    """The ledgers of the day as canonical Parquet in a folder of the office; gives the folder."""
    folder = folders.root() / HIDDEN / str(office.pk)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for stood in folder.glob("*.parquet"):
        stood.unlink()  # what stood beside them in another run is not theirs
    for name, found in collective_rows(viewer, on).items():
        if name in tables.known():
            _write(tables.named(name), found, folder / f"{name}.parquet")
    return folder


def beside(sources: dict[str, Path], folder: Path) -> None:
    """Canonical tables of a data set into the folder of the ledgers, numbers of persons as marks; the ledgers' own stay."""
    for name, path in sources.items():
        if not (folder / f"{name}.parquet").exists():
            _marked(tables.named(name), path, folder / f"{name}.parquet")


def _marked(table: Table, source: Path, path: Path) -> None:
    import ibis  # noqa: PLC0415 -- slow import
    import pyarrow as pa  # noqa: PLC0415 -- slow import
    import pyarrow.dataset as ds  # noqa: PLC0415 -- slow import
    import pyarrow.parquet as pq  # noqa: PLC0415 -- slow import

    schema = ibis.schema(table.schema).to_pyarrow()
    persons = [each.name for each in table.columns if each.kind == Kind.PERSON]
    unfinished = path.with_name(path.name + ".part")
    with pq.ParquetWriter(unfinished, schema) as writer:
        for batch in ds.dataset(source, format="parquet").to_batches(batch_size=CHUNK):
            for name in persons:
                told = [marks.marked(each) if each else None for each in batch[name].to_pylist()]
                batch = batch.set_column(batch.schema.get_field_index(name), name, pa.array(told, pa.string()))
            writer.write_table(pa.Table.from_batches([batch]).select(schema.names).cast(schema))
    unfinished.replace(path)


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
    called, always, derived = CALLED.get(table.name, {}), ALWAYS.get(table.name, {}), DERIVED.get(table.name)
    for row in islice(rows, CHUNK):
        row = row | always | (derived(row) if derived else {})
        yield {each.name: _fitting(each, row.get(called.get(each.name, each.name))) for each in table.columns}


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
