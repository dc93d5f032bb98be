"""What a rule cannot do without, and whether a run's tables have it: where they have not, it has not judged.

`data/decisive.toml` names by rule the tables and columns without which it hits none of its own cases. How many rows of a
column are filled stands in the footers of Parquet, so that asking costs nothing.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jiandu.base.engine import parquet
from jiandu.sources.crosscheck import tables
from jiandu.sources.crosscheck.rule import Rule

BATCH = 1 << 14  # rows at once: what is read ahead would come on top of the engine's memory
DATA = Path(__file__).parent / "data" / "decisive.toml"


@dataclass(frozen=True)
class Fill:
    """How many rows of a column, or (no column) of a table, are filled."""

    table: str
    column: str
    filled: int
    rows: int

    @property
    def words(self) -> str:
        """What is asked for, by the words of the table."""
        table = tables.named(self.table)
        return f"{table.words}的{_words(table.by_name[self.column].words)}" if self.column else table.words

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"share": round(self.filled / self.rows, 6) if self.rows else 0.0, "words": self.words}


#: By table: its rows, and by column how many of them are filled.
Filled = Mapping[str, tuple[int, Mapping[str, int]]]


@cache
def _known() -> dict[str, list[str]]:
    return dict(tomllib.loads(DATA.read_text("utf-8")))


def of(rule: Rule) -> tuple[str, ...]:
    """`table`, `table.column`, or two columns joined by + of which one is enough."""
    return rule.needs or tuple(_known().get(rule.id, ()))


def fills(rule: Rule, filled: Filled) -> list[Fill]:
    """Every decisive table and column with its fill."""
    named = dict.fromkeys(each for group in of(rule) for each in group.split("+"))
    return [_fill(each, filled) for each in named]


def lacks(rule: Rule, filled: Filled) -> list[list[Fill]]:
    """What keeps the rule from finding anything: each a table without a row, or columns that are empty all of them.

    Of a table without a row its columns are not told besides.
    """
    groups = [[_fill(each, filled) for each in group.split("+")] for group in of(rule)]
    empty = [group for group in groups if not any(each.filled for each in group)]
    bare = {each.table for group in empty for each in group if not each.rows}
    return [group for group in empty if not group[0].column or not {each.table for each in group} & bare]


def _fill(said: str, filled: Filled) -> Fill:
    table, _, column = said.partition(".")
    rows, columns = filled.get(table, (0, {}))
    return Fill(table, column, columns.get(column, 0) if column else rows, rows)


def words(lacking: Iterable[Iterable[Fill]]) -> list[str]:
    """What is lacking, one sentence each, Chinese."""
    return [_sentence(list(group)) for group in lacking]


def _sentence(group: list[Fill]) -> str:
    if not group[0].column:
        return f"{group[0].words}没有一行"
    return "、".join(each.words for each in group) + ("没有一行填写" if len(group) == 1 else "都没有一行填写")


def filled_in(path: Path) -> tuple[int, dict[str, int]]:
    """Rows of a table of Parquet, and by column how many are filled: from the footers, or counted where they do not say."""
    metas = [each.metadata for each in parquet.opened(path)]
    rows, columns, untold = sum(each.num_rows for each in metas), dict.fromkeys(parquet.schema(path).names, 0), set()
    for meta in metas:
        for group in (meta.row_group(n) for n in range(meta.num_row_groups)):
            for chunk in (group.column(n) for n in range(group.num_columns)):
                told = chunk.statistics
                if told is None or not told.has_null_count:
                    untold.add(chunk.path_in_schema)
                else:
                    columns[chunk.path_in_schema] += group.num_rows - told.null_count
    for name in untold:
        slowly = parquet.batches(path, [name], size=BATCH, threads=False)
        columns[name] = rows - sum(batch.column(0).null_count for batch in slowly)
    return rows, columns


def _words(text: str) -> str:
    return text.split("#")[0].strip()
