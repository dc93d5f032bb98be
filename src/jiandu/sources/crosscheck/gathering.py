"""From a finished run to what alerts say: each hit's sentence, values, and the rows behind it, masked and in clear.

Read before anything is written. Of a rule that hits more than MOST keys the rest is counted and stays in its file.
"""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from jiandu.base.engine.engines import Engine, Expr, open_engine
from jiandu.sources.crosscheck import masking, running, tables
from jiandu.sources.crosscheck.linked import Filled, Linked
from jiandu.sources.crosscheck.rule import Rule, said

MOST = 5_000  # alerts of one rule in one run
BEHIND = 20  # rows of one table behind one hit


@dataclass(frozen=True)
class Told:
    """One hit as an alert says it. `clear` is JSON: what was masked, in clear."""

    key_clear: str
    key: str
    place: str
    colour: str
    sentence: str
    values: list[list[str]]
    behind: list[dict[str, Any]]
    clear: str
    digest: str
    linked: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Gathered:
    """One rule of a run: what it said, and how many more hits there are than are told."""

    outcome: running.Outcome
    told: list[Told] = field(default_factory=list)
    left: int = 0

    @property
    def doubts(self) -> list[dict[str, Any]]:
        """The faults of its tables, as an alert keeps them."""
        return [vars(each) for each in self.outcome.doubts]


def gather(asked: running.Asked, done: running.Run, linked: Linked | None = None) -> list[Gathered]:
    """What every rule of the run has to tell. Opens the engine once more where rows stand behind hits.

    `linked`: the numbers that came by linkage; whatever rests on one says so.
    """
    found = [Gathered(outcome) for outcome in done.outcomes]
    if not any(each.outcome.hits for each in found):
        return found
    with open_engine(scratch=asked.data / running.KEPT / "scratch", memory=asked.memory) as engine:
        for each in found:
            _tell(each, engine, done, linked)
    return found


def _tell(one: Gathered, engine: Engine, done: running.Run, linked: Linked | None) -> None:
    hits = running.hits(one.outcome, MOST)
    one.left = one.outcome.hits - len(hits)
    if hits:
        behind = _behind(engine, done, one.outcome)
        one.told = [tell(one.outcome.rule, hit, behind, linked) for hit in hits]


Rows = dict[str, dict[tuple[Any, ...], list[dict[str, Any]]]]


def _behind(engine: Engine, done: running.Run, outcome: running.Outcome) -> Rows:
    """Per table the rows behind any hit, by the values that join them."""
    rule, found = outcome.rule, {}
    hits = engine.backend.read_parquet(str(outcome.file)).limit(MOST)
    for name, pairs in rule.behind.items():
        if name in done.sources:
            table = engine.table(f"behind_{name}", done.sources[name].path)
            found[name] = _joined(engine, table, hits, dict(pairs))
    return found


def _joined(
    engine: Engine, table: Expr, hits: Expr, pairs: dict[str, str]
) -> dict[tuple[Any, ...], list[dict[str, Any]]]:
    wanted = hits.select(**{f"of_{column}": hits[hit] for column, hit in pairs.items()}).distinct()
    met = [table[column] == wanted[f"of_{column}"] for column in pairs]
    by: defaultdict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in engine.rows(table.semi_join(wanted, met).order_by(list(pairs)).limit(MOST * BEHIND)):
        kept = by[tuple(row[column] for column in pairs)]
        if len(kept) < BEHIND:
            kept.append(row)
    return by


def tell(rule: Rule, hit: dict[str, Any], behind: Rows, linked: Linked | None = None) -> Told:
    """One hit as an alert says it. `behind`: per table its rows, by the values of the columns that join them."""
    shown, closed = masking.hit_as_shown(rule, hit)
    rows = _rows_of(rule, hit, behind)
    starred = [masking.row_as_shown(name, row) for name, found in rows for row in found]
    closed = masking.together([closed, *(each for _, each in starred)])
    key, sentence = " · ".join(running.key_of(rule, hit)), rule.explain(hit)
    known = masking.columns_of(rule)  # what the rule calls itself stands in the sentence
    named = [(name, _head(known[name].words)) for name in rule.shown if name in hit and name in known]
    values = [[label, said(name, hit[name])] for name, label in named]
    open_values = [[label, said(name, shown[name])] for name, label in named]
    clear = {"key": key, "sentence": sentence, "values": values, "behind": _tables(rows)}
    masked_rows = iter(row for row, _ in starred)
    as_shown = [(name, [next(masked_rows) for _ in found]) for name, found in rows]
    return Told(
        key_clear=key,
        key=masking.without(key, closed)[:200],
        place=masking.without(str(hit.get("place") or ""), {})[:64],
        colour=str(hit["level"]),
        sentence=masking.without(rule.explain(shown), closed),
        values=[[label, masking.without(value, closed)] for label, value in open_values],
        behind=_tables(as_shown, closed),
        clear=json.dumps(clear, ensure_ascii=False),
        digest=hashlib.sha256(json.dumps([sentence, values], ensure_ascii=False).encode()).hexdigest(),
        linked=_linked(rule, hit, rows, linked) if linked and linked.filled else [],
    )


def _linked(
    rule: Rule, hit: dict[str, Any], rows: list[tuple[str, list[dict[str, Any]]]], linked: Linked
) -> list[dict[str, Any]]:
    """Which numbers of the rows behind a hit came by linkage; of a table that shows none, those that the hit itself says."""
    found: dict[tuple[str, str], Filled] = {}
    for name, told in rows:
        for row in told:
            found |= {(name, column): one for column, one in linked.of_row(name, row)}
    said = {value for value in hit.values() if isinstance(value, str)}
    for name in set(rule.tables) - {name for name, _ in rows}:
        found |= {(name, column): one for column, one in linked.of_number(name, said)}
    return [_told_as_linked(*place, one) for place, one in sorted(found.items())]


def _told_as_linked(name: str, column: str, one: Filled) -> dict[str, Any]:
    table = tables.named(name)
    head = _head(table.by_name[column].words)
    return {"table": table.words, "column": head, "score": round(one.score, 4), "pair": one.pair}


def _rows_of(rule: Rule, hit: dict[str, Any], behind: Rows) -> list[tuple[str, list[dict[str, Any]]]]:
    found = []
    for name, pairs in rule.behind.items():
        rows = behind.get(name, {}).get(tuple(hit[each] for each in pairs.values()), [])
        if rows:
            found.append((name, rows))
    return found


def _tables(rows: list[tuple[str, list[dict[str, Any]]]], closed: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """Rows as the page lays them out: headings in words, values as text, columns that are empty everywhere left out."""
    laid = []
    for name, found in rows:
        table = tables.named(name)
        columns = [each for each in table.columns if any(row.get(each.name) is not None for row in found)]
        cells = [[_cell(each.name, row.get(each.name), closed) for each in columns] for row in found]
        laid.append({"table": table.words, "columns": [_head(each.words) for each in columns], "rows": cells})
    return laid


def _cell(name: str, value: Any, closed: dict[str, str] | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    text = said(name, value)
    return masking.without(text, closed) if closed else text


def _head(words: str) -> str:
    return words.split("#")[0].strip()
