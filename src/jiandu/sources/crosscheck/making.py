"""Made data with an answer key: ordinary rows that no rule may hit, and planted copies of every rule's cases.

    DATA/<table>.parquet      the tables
    DATA/answers.json         {"on": day, "seed": …, "rules": {"SZ-01": [["Xcontract-0000001"], …]}}

The same rows and seed give the same data. Ordinary rows are made by DuckDB from the number of the row, so that a hundred
million take minutes and no memory; which rows are planted never depends on how many there are.
"""

import json
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jiandu.base.core.errors import Refused
from jiandu.base.core.ids import CREDIT_SYMBOLS, CREDIT_WEIGHTS, IDENTITY_WEIGHTS
from jiandu.base.engine.engines import MEMORY
from jiandu.base.engine.scratch import own_folder
from jiandu.sources.crosscheck import tables
from jiandu.sources.crosscheck.casts import SQL_TYPES
from jiandu.sources.crosscheck.planting import Planted, planted
from jiandu.sources.crosscheck.rule import CASE_DAY, Row, Rule
from jiandu.sources.crosscheck.tables import Kind, Table

BACKGROUND = Path(__file__).parent / "data" / "background.toml"
COPIES = 5
LEAST = 100_000

#: pid: the identity number of the so-maniest person; born: when; credit: a firm's code; vil, twn: where; blk: a person of
#: one block (see background.toml). People are born 1950–2009, planted ones before: no number is both.
MACROS = (
    "CREATE MACRO place_(k) AS ['350203','350205','350206','350211','350212','350213'][1 + (k // 21879099) % 6]",
    "CREATE MACRO born(k) AS DATE '1950-01-01' + CAST((k // 999) % 21900 AS INT)",
    "CREATE MACRO body_(k) AS place_(k) || strftime(born(k), '%Y%m%d') || lpad(CAST(k % 999 + 1 AS VARCHAR), 3, '0')",
    "CREATE MACRO signed_(b) AS b || substr('10X98765432', CAST(({identity}) % 11 AS INT) + 1, 1)",
    "CREATE MACRO pid(k) AS signed_(body_(CAST(k AS BIGINT)))",
    "CREATE MACRO credited_(b) AS b || substr('{signs}', CAST((31 - ({credit}) % 31) % 31 AS INT) + 1, 1)",
    "CREATE MACRO credit(k) AS credited_('91350211' || lpad(CAST(k AS VARCHAR), 9, '0'))",
    "CREATE MACRO vil(k) AS '村' || lpad(CAST((k) % {villages} AS VARCHAR), 6, '0')",
    "CREATE MACRO twn(v) AS '镇' || lpad(CAST(((v) % {villages}) % {towns} AS VARCHAR), 4, '0')",
    "CREATE MACRO blk(i, b) AS ((i) // 100) * 1000 + (b) * 100 + (i) % 100",
)


@dataclass(frozen=True)
class Wanted:
    """How much to make. `rows` counts all tables together, planted rows on top."""

    rows: int
    seed: int
    into: Path
    copies: int = COPIES
    memory: str = MEMORY
    say: Callable[[str], None] = lambda _text: None


def make(wanted: Wanted, rules: list[Rule]) -> dict[str, int]:
    """Writes the tables and the answers; gives rows by table. Raises Refused for too few rows or a folder in use."""
    if wanted.rows < LEAST:
        raise Refused("rows", "至少要%(least)s行", least=f"{LEAST:,}")
    if wanted.into.exists() and any(wanted.into.iterdir()):
        raise Refused("folder", "文件夹不是空的：%(folder)s", folder=str(wanted.into))
    wanted.into.mkdir(parents=True, exist_ok=True)
    told = tomllib.loads(BACKGROUND.read_text("utf-8"))
    counts = _counts(told, wanted.rows)
    rows = planted(rules, wanted.copies)
    made = _write_all(wanted, told, counts, rows)
    answers = {
        "on": CASE_DAY.isoformat(),
        "rows": sum(made.values()),
        "seed": wanted.seed,
        "rules": {rule: sorted(keys) for rule, keys in rows.answers.items()},
    }
    (wanted.into / "answers.json").write_text(json.dumps(answers, ensure_ascii=False, indent=1), "utf-8")
    return made


def _counts(told: dict[str, dict[str, Any]], rows: int) -> dict[str, int]:
    """Rows of each table: shares first, then what hangs on other tables."""
    counts = {
        name: max(10, round(rows * each["rows"])) for name, each in told.items() if isinstance(each["rows"], float)
    }
    counts |= {name: each["rows"] for name, each in told.items() if isinstance(each["rows"], int)}
    counts["villages"] = max(50, counts["person"] // 2000)
    counts["towns"] = max(6, counts["villages"] // 20)
    for name, each in told.items():
        if isinstance(each["rows"], str):
            factor, _, other = each["rows"].rpartition("* ")
            counts[name] = int(factor or 1) * counts[other.strip("{}")]
    return counts


def _write_all(
    wanted: Wanted, told: dict[str, dict[str, Any]], counts: dict[str, int], rows: Planted
) -> dict[str, int]:
    made = {}
    with own_folder(wanted.into / ".jiandu" / "scratch") as spill, _workshop(spill, wanted.memory) as con:
        for macro in MACROS:
            con.execute(_filled_macro(macro, counts))
        for table in tables.known().values():
            own = rows.rows.get(table.name, [])
            con.register("planted", _arrow(table, own))
            select = _select(table, told.get(table.name, {}), counts, wanted.seed)
            path = wanted.into / f"{table.name}.parquet"
            con.execute(
                f"COPY ({select} UNION ALL BY NAME SELECT * FROM planted) TO '{path}' (FORMAT parquet)"  # noqa: S608 -- our own words
            )
            made[table.name] = (counts[table.name] if table.name in told else 0) + len(own)
            wanted.say(f"{table.name}：{made[table.name]:,}行")
    return made


def _workshop(scratch: Path, memory: str) -> Any:
    import duckdb  # noqa: PLC0415 -- slow import

    return duckdb.connect(
        ":memory:",
        config={"memory_limit": memory, "temp_directory": str(scratch)},
    )


def _filled_macro(macro: str, counts: dict[str, int]) -> str:
    digits = [f"CAST(substr(b, {n}, 1) AS INT) * {weight}" for n, weight in enumerate(IDENTITY_WEIGHTS, 1)]
    signs = [
        f"(instr('{CREDIT_SYMBOLS}', substr(b, {n + 1}, 1)) - 1) * {weight}" for n, weight in enumerate(CREDIT_WEIGHTS)
    ]
    for name, text in {
        "identity": " + ".join(digits),
        "credit": " + ".join(signs),
        "signs": CREDIT_SYMBOLS,
        "villages": str(counts["villages"]),
        "towns": str(counts["towns"]),
    }.items():
        macro = macro.replace(f"{{{name}}}", text)
    return macro


def _select(table: Table, told: dict[str, Any], counts: dict[str, int], seed: int) -> str:
    """One table's ordinary rows. The seed moves amounts and prices, never who meets whom."""
    columns = []
    for column in table.columns:
        value = told.get(column.name) if told else None
        text = _sql(column.clean, column.kind) if value is None else str(value).format_map({**counts, "seed": seed})
        kind = SQL_TYPES.get(column.kind, "VARCHAR")
        columns.append(f'CAST({text} AS {kind}) AS "{column.name}"')
    rows = counts.get(table.name, 0) if told else 0
    return f"SELECT {', '.join(columns)} FROM range({rows}) AS t(i)"  # noqa: S608 -- our own words


def _sql(value: tables.Value, kind: Kind) -> str:
    if value is None:
        return "NULL"
    if kind in {Kind.INT, Kind.FLOAT, Kind.MONEY, Kind.FLAG}:
        return str(value)
    return f"'{value}'"


def _arrow(table: Table, rows: list[Row]) -> Any:
    import ibis  # noqa: PLC0415 -- slow import
    import pyarrow as pa  # noqa: PLC0415 -- slow import

    return pa.Table.from_pylist(rows, schema=ibis.schema(table.schema).to_pyarrow())
