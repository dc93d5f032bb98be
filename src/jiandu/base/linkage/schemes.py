"""What is compared, and by which levels: a comparison is a list of levels from the strongest to 其他; SQL over columns _l and _r.

`match` is how often a level is seen among pairs of the same, before any data are seen; `chance` among pairs of others. Both are
learnt from the tables; what is `fixed` is not: it says what identity numbers are, and no table is needed to know it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Level:
    """One outcome of a comparison. `equal`: the level is that these columns are the same (its chance is counted, not sampled)."""

    condition: str
    words: str
    english: str
    match: float
    chance: float
    equal: tuple[str, ...] = ()
    frequency: str = ""
    fixed: bool = False


@dataclass(frozen=True)
class Comparison:
    """Levels from the strongest down; the last has the condition ELSE. `missing`: what makes the two incomparable."""

    key: str
    words: str
    missing: str
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class Guard:
    """A pair like this waits for a person whatever its probability. SQL over the levels' numbers, named as the comparisons."""

    condition: str
    words: str
    english: str


@dataclass(frozen=True)
class Doubt:
    """Rows whose value is there and cannot be used, or not fully: counted and told. SQL over given (g) and prepared (p) columns."""

    condition: str
    words: str
    english: str


@dataclass(frozen=True)
class Scheme:
    """How one kind of thing is linked. `prepare` makes the columns that are compared and blocked on (`columns.PREPARED`)."""

    key: str
    columns: tuple[str, ...]
    comparisons: tuple[Comparison, ...]
    #: Only rows that are the same in all columns of one block are compared, or for which its SQL over l and r holds.
    blocks: tuple[tuple[str, ...] | str, ...]
    guards: tuple[Guard, ...]
    doubts: tuple[Doubt, ...]
    prepare: Callable[[Any], None]

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(comparison.key for comparison in self.comparisons)

    @property
    def frequencies(self) -> tuple[str, ...]:
        """Columns whose rare values tell more than common ones."""
        found = (level.frequency for comparison in self.comparisons for level in comparison.levels)
        return tuple(dict.fromkeys(column for column in found if column))


def case_sql(comparison: Comparison) -> str:
    """The number of the level that a pair has, 0 the strongest; −1 where one of the two says nothing."""
    whens = [f"WHEN {comparison.missing} THEN -1"]
    whens += [f"WHEN {level.condition} THEN {number}" for number, level in enumerate(comparison.levels[:-1])]
    return f"CAST(CASE {' '.join(whens)} ELSE {len(comparison.levels) - 1} END AS TINYINT)"
