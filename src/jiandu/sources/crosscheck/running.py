"""Runs rules over a folder of tables: quality first, then one rule after the other, each result kept at once.

    DATA/contract.parquet …          what came in
    DATA/.jiandu/tables/             CSV and Excel, read once into Parquet
    DATA/.jiandu/results/<digest>/   one Parquet file a rule, named by everything that its answer depends on

A run that was cut off goes on where it stopped: a result whose rule, version, parameters, day, engine and data are the
same is there already. Results are ordered by key: two engines write the same rows in the same order.
"""

import hashlib
import inspect
import json
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from time import perf_counter
from types import ModuleType
from typing import Any

from jiandu.base.core.errors import Refused
from jiandu.base.engine import columns, parquet
from jiandu.base.engine.engines import MEMORY, Engine, Expr, open_engine
from jiandu.sources.crosscheck import decisive, parts, quality, reading, rules, tables
from jiandu.sources.crosscheck.rule import Rule

KEPT = ".jiandu"
BLOCK = 1 << 22


@dataclass(frozen=True)
class Source:
    """One table of a folder as rules read it, and the digest of its bytes: the data version."""

    table: str
    path: Path
    version: str


@dataclass
class Outcome:
    """What one rule said: hits in `file`, or why it could not run."""

    rule: Rule
    file: Path | None = None
    hits: int = 0
    seconds: float = 0.0
    kept: bool = False
    missing: tuple[str, ...] = ()
    doubts: tuple[quality.Fault, ...] = ()
    fills: tuple[decisive.Fill, ...] = ()  # of the columns that decide it
    lacks: tuple[tuple[decisive.Fill, ...], ...] = ()  # what is empty, so that it could not find anything

    @property
    def is_conclusive(self) -> bool:
        """Whether no hit means that there is none: a table that is not there, or a decisive column without a value, says nothing."""
        return not self.missing and (self.hits > 0 or not self.lacks)


@dataclass
class Run:
    """A finished run."""

    on: date
    engine: str
    sources: dict[str, Source]
    qualities: dict[str, quality.Quality]
    outcomes: list[Outcome] = field(default_factory=list)
    filled: dict[str, tuple[int, dict[str, int]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """What to run, on what, how. `changed` are parameters by rule id."""

    rules: list[Rule]
    data: Path
    on: date
    engine: str = "duckdb"
    memory: str = MEMORY
    fresh: bool = False
    changed: dict[str, dict[str, Any]] = field(default_factory=dict)
    say: Callable[[str], None] = lambda _text: None


def run(asked: Asked) -> Run:
    """Quality of every table that the rules read, then the rules. Raises Unreadable or Refused before any has run."""
    wanted = {name for rule in asked.rules for name in (*rule.tables, *rule.behind)}
    sources = found(asked.data, wanted, memory=asked.memory, say=asked.say)
    if not sources:
        raise Refused("data", "%(folder)s 里没有规则要用的数据表", folder=str(asked.data))
    with open_engine(asked.engine, scratch=asked.data / KEPT / "scratch", memory=asked.memory) as engine:
        given = {name: engine.table(name, source.path) for name, source in sources.items()}
        done = Run(asked.on, asked.engine, sources, _qualities(asked, engine, sources, given))
        done.filled = {name: decisive.filled_in(source.path) for name, source in sources.items()}
        _answer(asked, engine, done, given)
    return done


def _answer(asked: Asked, engine: Engine, done: Run, given: dict[str, Expr]) -> None:
    """One rule after the other. While the engine answers one, the next ones are put into its words."""
    with ThreadPoolExecutor(1) as ahead:
        begun = perf_counter()
        for outcome, sql in ahead.map(lambda rule: _begin(asked, engine, done, given, rule), asked.rules):
            if sql and outcome.file:
                engine.write(sql, outcome.file)
            outcome.hits = _rows(outcome.file) if outcome.file else 0
            outcome.seconds, begun = round(perf_counter() - begun, 3), perf_counter()
            done.outcomes.append(outcome)
            rule = outcome.rule
            asked.say(f"[{len(done.outcomes)}/{len(asked.rules)}] {rule.id} {rule.name}：{_told(outcome)}")


def found(
    folder: Path, wanted: Iterable[str], *, memory: str = MEMORY, say: Callable[[str], None] = lambda _text: None
) -> dict[str, Source]:
    """The tables of a folder, CSV and Excel brought into Parquet first. Raises Unreadable with every table's errors."""
    if not folder.is_dir():
        raise Refused("data", "没有这个文件夹：%(folder)s", folder=str(folder))
    sources: dict[str, Source] = {}
    errors: list[reading.Error] = []
    total = 0
    for name in sorted(wanted):
        table = tables.named(name)
        try:
            if (path := _file(folder, table)) is not None:
                sources[name] = _source(folder, table, path, memory, say)
        except reading.Unreadable as unreadable:
            errors += unreadable.errors
            total += unreadable.total
    if errors:
        raise reading.Unreadable(errors, total)
    return sources


def _file(folder: Path, table: tables.Table) -> Path | None:
    """Where a table lies. What was brought in as Parquet goes before its source; of two others nobody can say which counts."""
    names = [f"{stem}{suffix}" for stem in (table.name, table.words) for suffix in reading.SUFFIXES]
    there = [path for name in (*names, table.name) if (path := folder / name).exists()]
    if len(there) > 1 and there[0].suffix != ".parquet":
        both = "、".join(path.name for path in there)
        raise reading.Unreadable(
            [reading.wrong(f"同一张表有几个文件：{both}", f"several files of one table: {both}", table=table.name)]
        )
    return there[0] if there else None


def _source(folder: Path, table: tables.Table, path: Path, memory: str, say: Callable[[str], None]) -> Source:
    version = _digest(path)
    if _is_canonical(table, path):
        return Source(table.name, path, version)
    kept = folder / KEPT / "tables" / f"{table.name}-{version[:16]}-{_shape(table)}.parquet"
    if not kept.exists():
        brought = reading.bring(table, path, kept, scratch=folder / KEPT / "scratch", memory=memory)
        say(f"{table.words} {path.name}：{brought.rows}行{_heads(brought)}")
    return Source(table.name, kept, version)


def _shape(table: tables.Table) -> str:
    """The table's columns in a name: a column more, and it is read anew."""
    return hashlib.sha256(repr(table.columns).encode()).hexdigest()[:8]


def _heads(brought: reading.Brought) -> str:
    return f"，不认识的列：{'、'.join(brought.unknown)}" if brought.unknown else ""


def _is_canonical(table: tables.Table, path: Path) -> bool:
    """Parquet with exactly the columns and types of the table is read where it lies."""
    import ibis  # noqa: PLC0415 -- slow import

    if not (path.is_dir() or path.suffix == ".parquet"):
        return False
    try:
        schemas = [ibis.Schema.from_pyarrow(each.schema_arrow) for each in parquet.opened(path)]
    except (OSError, ValueError) as failed:
        raise reading.Unreadable(
            [reading.wrong(f"{path.name} 不是 Parquet 文件", f"not a Parquet file: {failed}"[:200], table=table.name)]
        ) from failed
    return bool(schemas) and all(_types(schema) == table.schema for schema in schemas)


def _types(schema: Any) -> dict[str, str]:
    return {name: str(kind).replace("!", "").split("(")[0] for name, kind in schema.items()}


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    for file in parquet.files(path):
        with file.open("rb") as content:
            while block := content.read(BLOCK):
                digest.update(block)
    return digest.hexdigest()


def _qualities(
    asked: Asked, engine: Engine, sources: dict[str, Source], given: dict[str, Expr]
) -> dict[str, quality.Quality]:
    """Each table's quality, kept by its data version and its columns: a column more, and it is judged anew."""
    judged = {}
    for name, source in sources.items():
        kept = asked.data / KEPT / "quality" / f"{name}-{source.version[:16]}-{_shape(tables.named(name))}.json"
        if kept.exists() and not asked.fresh:
            judged[name] = _quality_of(json.loads(kept.read_text("utf-8")))
            continue
        judged[name] = quality.judge(engine, tables.named(name), given[name])
        _write(kept, json.dumps({"table": name, **judged[name].as_dict()}, ensure_ascii=False))
    return judged


def _quality_of(told: dict[str, Any]) -> quality.Quality:
    names = ("table", "column", "kind", "rows", "of")
    faults = tuple(quality.Fault(*(each[name] for name in names)) for each in told["faults"])
    return quality.Quality(told["table"], told["rows"], faults, {k: (v[0], v[1]) for k, v in told["span"].items()})


def _begin(asked: Asked, engine: Engine, done: Run, given: dict[str, Expr], rule: Rule) -> tuple[Outcome, str]:
    """What is known of a rule before the engine works, and what the engine is asked: nothing, where that is not needed."""
    missing = tuple(name for name in rule.tables if name not in given)
    if missing:
        return Outcome(rule, missing=missing), ""
    fills = tuple(decisive.fills(rule, done.filled))
    lacks = tuple(map(tuple, decisive.lacks(rule, done.filled)))
    doubts = tuple(fault for name in rule.tables for fault in done.qualities[name].doubts)
    file = asked.data / KEPT / "results" / f"{rule.id}-{digest(asked, done.sources, rule)[:20]}.parquet"
    kept = file.exists() and not asked.fresh
    file.parent.mkdir(parents=True, exist_ok=True)
    changed = asked.changed.get(rule.id, {})
    sql = "" if kept else engine.sql(rule.expression(given, asked.on, changed), order=rule.key)
    return Outcome(rule, file, kept=kept, doubts=doubts, fills=fills, lacks=lacks), sql


def digest(asked: Asked, sources: dict[str, Source], rule: Rule) -> str:
    """Everything that a rule's answer depends on, in one name: its code as well, so that no edit meets an old result."""
    told = {
        "rule": [rule.id, rule.version, *_code(rule), rule.told],
        "params": rule.values(asked.changed.get(rule.id, {})),
        "on": asked.on.isoformat(),
        "engine": asked.engine,
        "data": {name: sources[name].version for name in rule.tables},
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def _code(rule: Rule) -> list[str]:
    """The rule's whole module, for it may rest on others of its functions; those of rules that it takes from; what all share."""
    own = inspect.getmodule(rule.hits)
    return [inspect.getsource(module) for module in (*(_rests_on(own) if own else ()), parts, columns)]


def _rests_on(module: ModuleType, seen: tuple[ModuleType, ...] = ()) -> tuple[ModuleType, ...]:
    """A module of rules and, one after the other, those that it has functions or rules from."""
    seen = (*seen, module)
    named = {
        each.__name__ if inspect.ismodule(each) else getattr(each, "__module__", "") for each in vars(module).values()
    }
    for name in sorted(str(each) for each in named if str(each).startswith(f"{rules.__name__}.")):
        if sys.modules[name] not in seen:
            seen = _rests_on(sys.modules[name], seen)
    return seen


def _rows(file: Path) -> int:
    import pyarrow.parquet as pq  # noqa: PLC0415 -- slow import

    return int(pq.read_metadata(file).num_rows)


def hits(outcome: Outcome, limit: int | None = None) -> list[dict[str, Any]]:
    """The hits of one rule as rows, in order of their keys."""
    return [] if outcome.file is None else parquet.head(outcome.file, limit)


def key_of(rule: Rule, hit: dict[str, Any]) -> tuple[str, ...]:
    """What tells one hit of a rule from another, as text."""
    return tuple(_text(hit[name]) for name in rule.key)


def _text(value: Any) -> str:
    return value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)


def _told(outcome: Outcome) -> str:
    if outcome.missing:
        return f"缺少数据表{'、'.join(outcome.missing)}，未运行"
    if not outcome.is_conclusive:
        return f"未判断：{'；'.join(decisive.words(outcome.lacks))}"
    return f"{outcome.hits}条，{'沿用' if outcome.kept else f'{outcome.seconds:.2f}秒'}"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(text, "utf-8")
    unfinished.replace(path)
