"""Brings a table in from CSV, Excel, Parquet or a database and keeps it as Parquet of one shape, whole or not at all.

Every source becomes rows of text first, so that one set of conversions and one way of telling errors serves all. The
conversions run in DuckDB: a gigabyte of CSV takes seconds and no more memory than the limit.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jiandu.base.core.delimited import Refusal, encoding_of, long_line, zero_byte
from jiandu.base.core.sheets import LARGE, Fault, Placed, SheetRefused, find_table, read_rows
from jiandu.base.core.sheets import Column as Head
from jiandu.base.core.text import repair_gb18030
from jiandu.base.engine.engines import MEMORY, within
from jiandu.base.engine.scratch import own_folder
from jiandu.sources.crosscheck.casts import cast
from jiandu.sources.crosscheck.tables import Column, Kind, Table

BLOCK = 1 << 20
bounds: dict[str, str] = {}  # further settings of DuckDB: of the process that reads what officers bring
LONGEST_LINE = 1 << 20  # bytes; no row of these tables is near it
MOST_ERRORS = 100_000  # that are told one by one; all are counted
NUMBER = '"row number in the sheet"'
COUNTED = "row_number() OVER () AS row_no, *"
#: A column that a file of a folder lacks is empty there.
FROM_PARQUET = "FROM read_parquet(?, union_by_name = true)"
SUFFIXES = (".parquet", ".csv", ".txt", ".tsv", ".xlsx")

Error = dict[str, Any]


class Unreadable(Exception):
    """The table cannot be taken in: `errors` name table, row, column and reason in both languages; `total` counts all."""

    def __init__(self, errors: list[Error], total: int | None = None) -> None:
        super().__init__(errors[0]["reason"] if errors else "")
        self.errors, self.total = errors, total if total is not None else len(errors)


@dataclass
class Brought:
    """What came in: rows, columns that the source did not have, and columns that nobody knows."""

    rows: int
    absent: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def bring(
    table: Table,
    source: Path | str,
    into: Path,
    *,
    scratch: Path,
    query: str = "",
    memory: str = MEMORY,
) -> Brought:
    """Reads a file, a folder of Parquet, or a database (`postgresql://…`, `sqlite:///…`) into one Parquet file.

    Raises Unreadable with every error in its place, Refused where the memory is too little; then nothing was written.
    """
    with own_folder(scratch) as own, within(memory), _database(own, memory) as con:
        titles, torn = _raw(con, table, source, own, query)
        brought, columns = _placed(con, table)
        _refuse_wrong(con, table, columns, titles, torn)
        into.parent.mkdir(parents=True, exist_ok=True)
        unfinished = into.with_name(into.name + ".part")
        said = ", ".join(f'{cast(column, head)} AS "{column.name}"' for column, head in columns.items())
        con.execute(f"COPY (SELECT {said} FROM raw ORDER BY row_no) TO ? (FORMAT parquet)", [str(unfinished)])  # noqa: S608 -- names are ours
        unfinished.replace(into)
        brought.rows = con.execute("SELECT count(*) FROM raw").fetchall()[0][0]
        return brought


def _database(scratch: Path, memory: str) -> Any:
    import duckdb  # noqa: PLC0415 -- slow import

    return duckdb.connect(
        ":memory:",
        config={
            "memory_limit": memory,
            "temp_directory": str(scratch),
            **bounds,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )


def _raw(con: Any, table: Table, source: Path | str, scratch: Path, query: str) -> tuple[dict[str, str], list[Error]]:
    """The table `raw`: every column as text, and `row_no`, from 1 below the header.

    Gives the titles of columns where they differ, and the rows that could not be read.
    """
    if isinstance(source, str):
        from jiandu.sources.crosscheck.databases import dump  # noqa: PLC0415 -- only where a database is read

        source = dump(source, query, scratch / f"{table.name}.csv")
    if source.suffix == ".parquet" or source.is_dir():
        _from_parquet(con, table, source)
    elif source.suffix == ".xlsx":
        copy, titles = _sheet_as_csv(table, source, scratch)
        return titles, _from_csv(con, table, copy, numbered=True)
    else:
        return {}, _from_csv(con, table, _as_utf8(table, source, scratch))
    return {}, []


def _from_parquet(con: Any, table: Table, source: Path) -> None:
    import duckdb  # noqa: PLC0415 -- slow import

    pattern = f"{source}/**/*.parquet" if source.is_dir() else str(source)
    try:
        heads = [row[0] for row in con.execute(f"DESCRIBE SELECT * {FROM_PARQUET}", [pattern]).fetchall()]
    except duckdb.OutOfMemoryException:
        raise  # says nothing of the file
    except duckdb.Error as failed:
        reason = _why(failed, source)[:120]
        raise Unreadable([wrong(f"{source.name} 不是 Parquet 文件", f"not a Parquet file: {reason}")]) from failed
    _refuse_twice(table, heads)  # of a folder: one file has it by its name, another by its words
    said = ", ".join(f"CAST({_quoted(head)} AS VARCHAR) AS {_quoted(head)}" for head in heads)
    con.execute(
        f"CREATE TABLE raw AS SELECT row_number() OVER () AS row_no, {said} {FROM_PARQUET}",
        [pattern],
    )


def _from_csv(con: Any, table: Table, path: Path, *, numbered: bool = False) -> list[Error]:
    """Structure alone is judged here: DuckDB keeps each row that it cannot read, with its line and why.

    `numbered`: the rows of a sheet, where some above or between them were no data, say their own numbers.
    """
    import duckdb  # noqa: PLC0415 -- slow import

    with path.open(encoding="utf-8") as file:
        head = file.readline()
    mark = max("\t,;", key=head.count)
    if not head.strip():
        raise Unreadable([wrong("文件是空的", "the file is empty", table=table.name, row=1)])
    _refuse_twice(table, next(csv.reader([head], delimiter=mark)))
    numbers = f"CAST({NUMBER} AS BIGINT) - 1 AS row_no, * EXCLUDE ({NUMBER})" if numbered else COUNTED
    try:
        con.execute(
            f"CREATE TABLE raw AS SELECT {numbers} FROM read_csv(?, all_varchar = true, "  # noqa: S608 -- our own words
            "header = true, delim = ?, quote = '\"', escape = '\"', store_rejects = true, rejects_limit = 0, "
            "max_line_size = ?, strict_mode = true, parallel = false)",
            [str(path), mark, LONGEST_LINE],
        )
    except duckdb.OutOfMemoryException:
        raise  # says nothing of the file
    except duckdb.Error as failed:
        reason = _why(failed, path)[:200]
        raise Unreadable([wrong("不是可读的表格文本", f"not a readable table: {reason}", table=table.name)]) from failed
    return _torn(con, table)


def _why(failed: Exception, path: Path) -> str:
    """What the engine says, without the folder in which it lies: an officer reads it."""
    return str(failed).splitlines()[0].replace(f"{path.parent}/", "")


def _torn(con: Any, table: Table) -> list[Error]:
    """The rows that could not be read; those that could are numbered as if these stood between them."""
    found = con.execute(
        "SELECT line, min_by(column_name, column_idx), min_by(error_type, column_idx) "
        "FROM reject_errors GROUP BY line ORDER BY line"
    ).fetchall()
    if found:
        con.execute(
            "CREATE OR REPLACE TABLE raw AS WITH torn AS (SELECT line - 1 - n AS ahead, max(n) AS n FROM "
            "(SELECT line, row_number() OVER (ORDER BY line) AS n FROM (SELECT DISTINCT line FROM reject_errors)) "
            "GROUP BY ahead) SELECT raw.row_no + coalesce(torn.n, 0) AS row_no, raw.* EXCLUDE (row_no) "
            "FROM raw ASOF LEFT JOIN torn ON raw.row_no > torn.ahead"
        )
    return [_rejected(table, *row) for row in found]


def _refuse_twice(table: Table, heads: list[str]) -> None:
    """Raises Unreadable where two heads are the same column: nobody can say which of them is meant."""
    plain = [_plain(head) for head in heads]
    both = [(column, [head for head in plain if head in _titles(column)]) for column in table.columns]
    twice = [column for column, found in both if len(found) > 1]
    if twice:
        raise Unreadable(
            [
                wrong(f"列“{each.words}”有两栏", f"two columns are {each.name}", table=table.name, row=1)
                for each in twice
            ]
        )


REJECTS = {
    "MISSING COLUMNS": ("列数不够", "too few columns"),
    "TOO MANY COLUMNS": ("列数过多", "too many columns"),
    "UNQUOTED VALUE": ("引号不配对", "a quotation mark is not closed"),
    "LINE SIZE OVER MAXIMUM": ("一行超过1 MiB", "a line of more than 1 MiB"),
    "INVALID ENCODING": ("有无法识别的字节", "bytes that cannot be read"),
}


def _rejected(table: Table, line: int, column: str | None, kind: object) -> Error:
    words = REJECTS.get(str(kind).upper().replace("_", " "), ("这一行读不出", f"cannot be read: {kind}"))
    return wrong(*words, table=table.name, row=line, column=column or "")


def wrong(chinese: str, english: str, **where: Any) -> Error:
    """One error: where, and why in both languages."""
    return {
        **{key: value for key, value in where.items() if value not in ("", None)},
        "reason": f"{chinese} · {english}",
    }


def _placed(con: Any, table: Table) -> tuple[Brought, dict[Column, str]]:
    """Which head is which column. A head is a column's name, or its words; money by its words is in 元 or 万元."""
    heads = [row[0] for row in con.execute("DESCRIBE raw").fetchall() if row[0] != "row_no"]
    columns: dict[Column, str] = {}
    for column in table.columns:
        head = next((each for each in heads if _plain(each) in _titles(column)), None)
        if head is not None:
            columns[column] = head
    missing = [column for column in table.columns if column.needed and column not in columns]
    if missing:
        raise Unreadable(
            [
                wrong(
                    f"缺少必需的列“{each.words}”", f"a needed column is missing: {each.name}", table=table.name, row=1
                )
                for each in missing
            ]
        )
    absent = [column.name for column in table.columns if column not in columns]
    for column in table.columns:
        columns.setdefault(column, "")
    unknown = [head for head in heads if head not in columns.values()]
    return Brought(0, absent, unknown), {column: columns[column] for column in table.columns}


def _in_file_order(con: Any, columns: dict[Column, str]) -> list[tuple[Column, str]]:
    """The columns that came, from left to right: errors are told as one reads."""
    heads = [row[0] for row in con.execute("DESCRIBE raw").fetchall()]
    came = [(column, head) for column, head in columns.items() if head]
    return sorted(came, key=lambda pair: heads.index(pair[1]))


def _titles(column: Column) -> set[str]:
    plain = {_plain(column.name), _plain(column.words)}
    if column.kind == Kind.MONEY:
        plain |= {_plain(column.words + unit) for unit in ("(元)", "(万元)", "(分)")}
    return plain


def _plain(head: str) -> str:
    return "".join(head.replace("（", "(").replace("）", ")").split()).strip("*\ufeff").lower()


def _refuse_wrong(
    con: Any, table: Table, columns: dict[Column, str], titles: dict[str, str], torn: list[Error]
) -> None:
    """Every cell that has no value of its kind, every needed cell that is empty, every formula. Raises Unreadable."""
    parts = []
    named = _in_file_order(con, columns)
    for number, (column, head) in enumerate(named):
        raw, value = f"trim({_quoted(head)})", cast(column, head)
        filled = f"coalesce({raw}, '') <> ''"
        empty = f"WHEN NOT ({filled}) THEN 'empty' " if column.needed else ""
        parts.append(
            f"SELECT row_no, {number} AS n, left({raw}, 40) AS v, CASE WHEN {raw} LIKE '=%' THEN 'formula' {empty}"  # noqa: S608 -- names are quoted
            f"WHEN {filled} AND ({value}) IS NULL THEN 'kind' END AS why FROM raw WHERE why IS NOT NULL"
        )
    told = con.execute(
        f"SELECT *, count(*) OVER () FROM ({' UNION ALL '.join(parts)}) ORDER BY row_no, n LIMIT {MOST_ERRORS}"  # noqa: S608
    ).fetchall()
    shown = [(column, titles.get(head, head)) for column, head in named]
    errors = torn + [_cell(table, shown[n], row, value, why) for row, n, value, why, _ in told]
    if errors:
        errors.sort(key=lambda error: int(error["row"]))
        raise Unreadable(errors[:MOST_ERRORS], len(torn) + (told[0][4] if told else 0))


KINDS = {
    Kind.INT: ("应为整数", "a whole number is wanted"),
    Kind.FLOAT: ("应为数", "a number is wanted"),
    Kind.MONEY: ("应为金额", "an amount of money is wanted"),
    Kind.DATE: ("应为日期", "a date is wanted"),
    Kind.MONTH: ("应为月份", "a month is wanted"),
    Kind.TIME: ("应为时间", "a date and time is wanted"),
    Kind.FLAG: ("应为是或否", "yes or no is wanted"),
}


def _cell(table: Table, named: tuple[Column, str], row: int, value: str, why: str) -> Error:
    column, head = named
    words = {
        "empty": ("不能为空", "must be filled"),
        "formula": ("是公式，请改为数值", "is a formula; give its value"),
        "kind": KINDS.get(column.kind, ("读不出", "cannot be read")),
    }[why]
    shown = None if column.personal else value
    return wrong(*words, table=table.name, row=row + 1, column=head or column.name, value=shown)


def _as_utf8(table: Table, source: Path, scratch: Path) -> Path:
    """The file itself where it is plain UTF-8, else a copy that is. A line beyond all bounds is told, not read."""
    try:
        encoding = encoding_of(source)
    except Refusal as refused:
        raise _no_text(table) from refused
    _check_lines(table, source, is_wide=encoding.startswith("utf-16"))
    if encoding == "utf-8":
        return source
    copy = scratch / f"{table.name}.utf8.csv"
    try:
        with source.open(encoding=encoding, newline="") as file, copy.open("w", encoding="utf-8", newline="") as out:
            while text := file.read(BLOCK):
                out.write(repair_gb18030(text) if encoding == "gb18030" else text)
    except UnicodeDecodeError as failed:
        raise _no_text(table) from failed
    return copy


def _no_text(table: Table) -> Unreadable:
    said = wrong("不是 UTF-8、UTF-16 或 GB 18030 文本", "neither UTF-8, UTF-16 nor GB 18030 text", table=table.name)
    return Unreadable([said])


def _check_lines(table: Table, source: Path, *, is_wide: bool) -> None:
    """Raises Unreadable at the first line of more than 1 MiB, or at a zero byte, which wide text has."""
    if line := long_line(source, LONGEST_LINE):
        raise Unreadable([wrong("一行超过1 MiB", "a line of more than 1 MiB", table=table.name, row=line)])
    if not is_wide and (line := zero_byte(source)):
        raise Unreadable([wrong("有空字节，不是文本", "zero bytes: not text", table=table.name, row=line)])


def _sheet_as_csv(table: Table, source: Path, scratch: Path) -> tuple[Path, dict[str, str]]:
    """An Excel sheet through the confined reader, and its titles by column; a formula cell stays one, to be refused in its place."""
    copy = scratch / f"{table.name}.xlsx.csv"
    heads = [Head(column.name, tuple(_titles(column)), required=column.needed) for column in table.columns]
    try:
        with read_rows(source, limits=LARGE) as rows, copy.open("w", encoding="utf-8", newline="") as out:
            found = find_table(rows, heads)
            placed = {table.by_name[key]: place for key, place in found.placed.items() if key in table.by_name}
            _refuse_twice(table, [*(place.title for place in placed.values()), *(title for _, title in found.unknown)])
            titles = {_head(column, found.placed): place.title for column, place in placed.items()}
            writer = csv.writer(out)
            writer.writerow([NUMBER.strip('"'), *(_head(table.by_name[head.key], found.placed) for head in heads)])
            for row in found:
                writer.writerow([row.number, *_cells(row, heads)])
    except SheetRefused as refused:
        raise Unreadable([wrong(refused.message, refused.english, table=table.name)]) from refused
    if found.also:
        named = "、".join(found.also)
        said = (f"工作表“{named}”也是这张表，请并成一张", f"sheet {named} holds the same table: put them into one")
        raise Unreadable([wrong(*said, table=table.name)])
    return copy, titles


def _head(column: Column, placed: Mapping[str, Placed]) -> str:
    """A column's name; money under a head of its own words keeps their unit: 元 unless it says 万元."""
    there = placed.get(column.name)
    if column.kind != Kind.MONEY or there is None or there.title == column.name:
        return column.name
    return f"{column.words}({there.unit or '元'})"


def _cells(row: Any, heads: list[Head]) -> list[str]:
    return [
        ""
        if (cell := row.cells.get(head.key)) is None
        else f"={cell.text}"
        if isinstance(cell.value, Fault)
        else cell.text
        for head in heads
    ]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
