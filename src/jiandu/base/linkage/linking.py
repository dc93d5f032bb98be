"""Two tables, or one with itself: which rows are the same. Blocks, levels and scores by Splink on DuckDB within a limit of memory."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiandu.base.linkage.columns import GIVEN, PREPARED, notes
from jiandu.base.linkage.schemes import Comparison, Scheme, case_sql
from jiandu.base.linkage.training import ROWS_BEFORE, Model, Training
from jiandu.base.linkage.verdicts import Links, Thresholds

if TYPE_CHECKING:
    import pyarrow as pa

SIDES = ("left_rows", "right_rows")
TINY = 1e-12


class TooLittleMemory(Exception):
    """What the engine must hold at once is more than the limit; spilling does not help. Nothing was found out."""


@dataclass(frozen=True)
class Limits:
    """Memory of the engine and where it spills what does not fit; a folder of its own where none is given."""

    memory: str = "2GB"
    folder: Path | None = None
    threads: int = 2


def link(
    left: "pa.Table",
    right: "pa.Table | None" = None,
    *,
    scheme: Scheme,
    limits: Limits | None = None,
    thresholds: Thresholds | None = None,
) -> Links:
    """The pairs from `thresholds.told` on, the likeliest first. `right` None: one table with itself, each pair once.

    Tables have `id`, once each and never empty (ValueError), and of the scheme's columns those that there are, as text.
    TooLittleMemory: give more; 250MB did for 300,000 × 300,000 rows.
    """
    limits, thresholds = limits or Limits(), thresholds or Thresholds()
    with engine(limits) as connection:
        sizes = take(connection, scheme, left, right)
        pairs = sizes[0] * (sizes[0] - 1) / 2 if right is None else float(sizes[0] * sizes[1])
        if not pairs:
            return Links.none(scheme, thresholds)
        scheme.prepare(connection)
        return Linking(connection, scheme, pairs, alone=right is None).links(thresholds)


@contextmanager
def engine(limits: Limits) -> Iterator[Any]:
    """A connection of DuckDB that keeps to the limits; what it spilled is gone at the end."""
    import duckdb  # noqa: PLC0415 -- slow import
    from splink.internals.exceptions import SplinkException  # noqa: PLC0415 -- slow import

    with tempfile.TemporaryDirectory(prefix="linkage-", dir=limits.folder) as folder:
        settings: dict[str, Any] = {"memory_limit": limits.memory, "threads": limits.threads, "temp_directory": folder}
        connection = duckdb.connect(":memory:", config=settings)
        try:
            connection.execute("SET enable_progress_bar = false")
            yield connection
        except (duckdb.OutOfMemoryException, SplinkException) as error:
            if not isinstance(error.__cause__ or error, duckdb.OutOfMemoryException):
                raise
            raise TooLittleMemory(f"内存上限{limits.memory}不足 · the limit of memory is too small") from error
        finally:
            connection.close()


def take(connection: Any, scheme: Scheme, left: "pa.Table", right: "pa.Table | None") -> list[int]:
    """The rows as text under one roof; how many each side has. ValueError: an id missing, empty or twice."""
    sizes, parts = [], []
    for side, table in enumerate(each for each in (left, right) if each is not None):
        connection.register(f"came_{side}", table)
        wanted = {"id", *scheme.columns} & set(table.column_names)
        there = {column: f"nullif(trim(CAST({column} AS VARCHAR)), '')" for column in wanted}
        columns = ", ".join(
            f"{there.get(column, 'CAST(NULL AS VARCHAR)')} AS {column}" for column in ("id", *scheme.columns)
        )
        parts.append(f"SELECT CAST({side} AS TINYINT) AS side, {columns} FROM came_{side}")  # noqa: S608 -- columns of a scheme
        sizes.append(table.num_rows)
    connection.execute(f"CREATE TABLE {GIVEN} AS {' UNION ALL '.join(parts)}")
    wrong = connection.sql(
        f"SELECT side, id FROM {GIVEN} GROUP BY side, id HAVING id IS NULL OR count(*) > 1 ORDER BY side, id LIMIT 1"  # noqa: S608
    ).fetchall()
    if wrong:
        raise ValueError(f"编号为空或重复 · an id is empty or stands twice: {'AB'[wrong[0][0]]} {wrong[0][1]}")
    return sizes


class Linking:
    """One run: candidates, what their levels tell, scores."""

    def __init__(self, connection: Any, scheme: Scheme, pairs: float, *, alone: bool) -> None:
        self.connection, self.scheme, self.pairs, self.alone = connection, scheme, pairs, alone
        for side, name in enumerate(SIDES[: 1 if alone else 2]):
            connection.execute(f"CREATE VIEW {name} AS SELECT * EXCLUDE (side) FROM {PREPARED} WHERE side = {side}")  # noqa: S608
        from splink.backends.duckdb import DuckDBAPI  # noqa: PLC0415 -- slow import

        self.engine = DuckDBAPI(connection)
        self.tables = [self.engine.register(name, dataset_display_name=name) for name in SIDES[: 1 if alone else 2]]

    def links(self, thresholds: Thresholds) -> Links:
        blocked = self.linker(None).inference.compute_blocked_pairs_for_predict()
        self._levels(blocked.physical_name)
        model = Training(self.connection, self.scheme, "levels", self.pairs, alone=self.alone).learn()
        linker = self.linker(model)
        for column in self.scheme.frequencies:
            linker.table_management.register_term_frequency_lookup(self._frequencies(column), column)
        linker.table_management.register_blocked_pairs_for_predict(self.engine.register(blocked.physical_name))
        scored = linker.inference.predict(threshold_match_probability=thresholds.told, warning_mode="never")
        return Links(
            self._told(scored.physical_name), self.scheme, model, thresholds, notes(self.connection, self.scheme)
        )

    def linker(self, model: Model | None) -> Any:
        """Splink's own; without a model it is as Splink has it before any training."""
        from splink import Linker, SettingsCreator, block_on  # noqa: PLC0415 -- slow import

        settings = SettingsCreator(
            link_type="dedupe_only" if self.alone else "link_only",
            comparisons=[_comparison(each, model) for each in self.scheme.comparisons],
            blocking_rules_to_generate_predictions=[
                {"blocking_rule": each} if isinstance(each, str) else block_on(*each) for each in self.scheme.blocks
            ],
            probability_two_random_records_match=model.before if model else 1e-4,
            retain_matching_columns=False,
            retain_intermediate_calculation_columns=True,
        )
        return Linker(self.tables, settings, log_level="ERROR")

    def _levels(self, blocked: str) -> None:
        """Of each candidate the number of its level in each comparison; kept, as the answer says them."""
        cases = ", ".join(f"{case_sql(each)} AS {each.key}" for each in self.scheme.comparisons)
        left, right = self._named(SIDES[0], "l"), self._named(SIDES[0 if self.alone else 1], "r")
        number = "CAST(join_key_{} AS BIGINT)" if self.alone else "CAST(split_part(join_key_{}, '-__-', 2) AS BIGINT)"
        self.connection.execute(
            f"CREATE TABLE levels AS SELECT unique_id_l, unique_id_r, id_l, id_r, {cases} FROM {blocked} "  # noqa: S608
            f"JOIN {left} ON unique_id_l = {number.format('l')} JOIN {right} ON unique_id_r = {number.format('r')}"
        )

    def _named(self, table: str, suffix: str) -> str:
        columns = [row[0] for row in self.connection.sql(f"DESCRIBE {table}").fetchall()]
        return f"(SELECT {', '.join(f'{column} AS {column}_{suffix}' for column in columns)} FROM {table})"  # noqa: S608

    def _frequencies(self, column: str) -> Any:
        """How common each value is: as in the tables, and in small ones as in the country."""
        chance = next(
            level.chance for each in self.scheme.comparisons for level in each.levels if level.frequency == column
        )
        self.connection.execute(
            f"CREATE TABLE frequency_{column} AS SELECT {column}, (count(*) + {ROWS_BEFORE * chance}) / "  # noqa: S608
            f"((SELECT count({column}) FROM {PREPARED}) + {ROWS_BEFORE}) AS tf_{column} "
            f"FROM {PREPARED} WHERE {column} IS NOT NULL GROUP BY {column}"
        )
        return self.engine.register(f"frequency_{column}")

    def _told(self, scored: str) -> "pa.Table":
        shares = []
        for each in self.scheme.comparisons:
            rare = f" + mw_tf_adj_{each.key}" if any(level.frequency for level in each.levels) else ""
            shares.append(f"mw_{each.key}{rare} AS share_{each.key}")
        guards = " ".join(f"WHEN {guard.condition} THEN {number}" for number, guard in enumerate(self.scheme.guards))
        guarded = f"CASE {guards} ELSE -1 END" if guards else "-1"
        swap = "id_l, id_r"
        return self.connection.sql(
            f"SELECT id_l AS id_a, id_r AS id_b, match_probability AS probability, match_weight AS weight, {', '.join(self.scheme.keys)}, "  # noqa: S608
            f"{', '.join(shares)}, CAST({guarded} AS TINYINT) AS guard FROM {scored} JOIN levels USING (unique_id_l, unique_id_r) "
            f"ORDER BY weight DESC, {swap}"
        ).to_arrow_table()


def _comparison(each: Comparison, model: Model | None) -> dict[str, Any]:
    """As Splink wants it."""
    levels: list[dict[str, Any]] = [
        {"sql_condition": each.missing, "label_for_charts": "missing", "is_null_level": True}
    ]
    for number, level in enumerate(each.levels):
        said: dict[str, Any] = {"sql_condition": level.condition, "label_for_charts": level.english}
        if model:
            said["m_probability"] = max(TINY, float(model.match[each.key][number]))
            said["u_probability"] = max(TINY, float(model.chance[each.key][number]))
        if level.frequency:
            said |= {"tf_adjustment_column": level.frequency, "disable_tf_exact_match_detection": True}
        levels.append(said)
    return {"output_column_name": each.key, "comparison_levels": levels}
