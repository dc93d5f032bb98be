"""What a level tells is learnt from the tables themselves: expectation and maximisation over patterns of levels, no labels.

Splink's own training takes the pairs of one block at a time and a random sample, which holds matches too. Here all candidates are
asked together beside all pairs of both tables: pairs that were not candidates are taken as pairs of others, and what a guard holds
back teaches nothing about the same: twins would teach that one differing character of a name is no matter. Nothing is drawn at
random: the sample is the rows whose ids hash lowest, so the same rows in another order give the same numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jiandu.base.linkage.columns import PREPARED
from jiandu.base.linkage.schemes import Comparison, Scheme, case_sql

Floats = NDArray[np.float64]

SAMPLED = 500
#: What the scheme says beforehand weighs as much as so many pairs of the same, of others sampled, of others counted.
MATCHES_BEFORE, SAMPLED_BEFORE, COUNTED_BEFORE = 50.0, 10_000.0, 10_000.0
#: In small tables a name is as rare as among so many people with `chance` of the scheme, not as in the table.
ROWS_BEFORE = 5_000.0
#: No more of all pairs than this are taken as the same before anything is compared: one row beside one row proves nothing.
MOST_BEFORE = 1e-3
ROUNDS, STEADY = 200, 1e-7


@dataclass(frozen=True)
class Model:
    """`before`: the share of all pairs that are the same; by comparison, how often each level is seen among the same and among others."""

    before: float
    match: dict[str, Floats]
    chance: dict[str, Floats]


@dataclass(frozen=True)
class Seen:
    """Patterns of levels with how many pairs have each, and whether a guard holds them back: {comparison: (P,)}, (P,), (P,)."""

    levels: Mapping[str, NDArray[np.int64]]
    pairs: Floats
    held: NDArray[np.bool_]


def seen(connection: Any, scheme: Scheme, source: str) -> Seen:
    """The patterns of a table of pairs that has a column of level numbers for each comparison."""
    keys, held = ", ".join(scheme.keys), " OR ".join(f"({guard.condition})" for guard in scheme.guards) or "false"
    found = connection.sql(
        f"SELECT {keys}, count(*), CAST(any_value({held}) AS TINYINT) FROM {source} GROUP BY {keys} ORDER BY {keys}"  # noqa: S608 -- names of a scheme
    ).fetchall()
    columns = np.array(found, dtype=np.int64).reshape(-1, len(scheme.keys) + 2).T
    return Seen(dict(zip(scheme.keys, columns, strict=False)), columns[-2].astype(float), columns[-1] > 0)


def sample(connection: Any, scheme: Scheme, *, alone: bool) -> Seen:
    """Pairs of rows whatever they are, all beside all, of so many rows a side; without a row beside itself."""
    columns = [row[0] for row in connection.sql(f"DESCRIBE {PREPARED}").fetchall()]
    sides = []
    for name, side in (("l", 0), ("r", 0 if alone else 1)):
        named = ", ".join(f"{column} AS {column}_{name}" for column in columns)
        order = f"hash(id || '{'' if alone else side}'), id"
        sides.append(f"(SELECT {named} FROM (FROM {PREPARED} WHERE side = {side} ORDER BY {order} LIMIT {SAMPLED}))")  # noqa: S608
    cases = ", ".join(f"{case_sql(each)} AS {each.key}" for each in scheme.comparisons)
    where = "WHERE unique_id_l < unique_id_r" if alone else ""
    return seen(connection, scheme, f"(SELECT {cases} FROM {sides[0]}, {sides[1]} {where})")  # noqa: S608


def counted(connection: Any, scheme: Scheme, *, alone: bool) -> dict[tuple[str, ...], int]:
    """How many of all pairs are the same in these columns: by counting values, not by looking at pairs."""
    found = {}
    for columns in dict.fromkeys(level.equal for each in scheme.comparisons for level in each.levels if level.equal):
        names, known = ", ".join(columns), " AND ".join(f"{column} IS NOT NULL" for column in columns)
        values = (
            f"SELECT {names}, count(*) FILTER (side = 0) AS a, count(*) FILTER (side = 1) AS b FROM {PREPARED} "  # noqa: S608
            f"WHERE {known} GROUP BY {names}"
        )
        total = "a * (a - 1) // 2" if alone else "a * b"
        found[columns] = int(connection.sql(f"SELECT coalesce(sum({total}), 0) FROM ({values})").fetchall()[0][0])  # noqa: S608
    return found


def known_pairs(connection: Any, comparison: Comparison, *, alone: bool) -> float:
    """How many of all pairs say something in a comparison, taking what is missing as missing by itself."""
    missing = comparison.missing.split(" OR ")[0].removesuffix("_l IS NULL")
    a, b = connection.sql(
        f"SELECT count({missing}) FILTER (side = 0), count({missing}) FILTER (side = 1) FROM {PREPARED}"  # noqa: S608
    ).fetchall()[0]
    return float(a * (a - 1) / 2 if alone else a * b)


class Training:
    """Holds what is counted; `learn` turns it into a model."""

    def __init__(self, connection: Any, scheme: Scheme, candidates: str, pairs: float, *, alone: bool) -> None:
        self.scheme, self.pairs = scheme, pairs
        self.candidates, self.others = seen(connection, scheme, candidates), sample(connection, scheme, alone=alone)
        self.equal = counted(connection, scheme, alone=alone)
        self.known = {each.key: known_pairs(connection, each, alone=alone) for each in scheme.comparisons}

    def learn(self) -> Model:
        """Rounds until nothing moves; from what the scheme says beforehand."""
        model = Model(
            MOST_BEFORE,
            {each.key: _share([level.match for level in each.levels]) for each in self.scheme.comparisons},
            {each.key: _share([level.chance for level in each.levels]) for each in self.scheme.comparisons},
        )
        for _ in range(ROUNDS):
            better = self._round(model)
            moved = max(
                abs(np.log(better.before / model.before)),
                *(float(np.abs(better.match[key] - model.match[key]).max()) for key in self.scheme.keys),
            )
            model = better
            if moved < STEADY:
                break
        return model

    def _round(self, model: Model) -> Model:
        same = self.candidates.pairs * probabilities(model, self.candidates) * ~self.candidates.held
        other = self.others.pairs * (1 - probabilities(model, self.others))
        before = min(MOST_BEFORE, (float(same.sum()) + 0.5) / (self.pairs + 1000))
        match, chance = {}, {}
        for each in self.scheme.comparisons:
            hits = _sums(self.candidates.levels[each.key], same, len(each.levels))
            match[each.key] = _with_fixed(
                each, hits + MATCHES_BEFORE * _share([level.match for level in each.levels]), "match"
            )
            chance[each.key] = self._chance(each, hits, _sums(self.others.levels[each.key], other, len(each.levels)))
        return Model(before, match, chance)

    def _chance(self, each: Comparison, hits: Floats, sampled: Floats) -> Floats:
        """Counted where a level is sameness of columns, without the pairs that are taken as the same; else as sampled."""
        given = _share([level.chance for level in each.levels])
        shares = (sampled + SAMPLED_BEFORE * given) / (sampled.sum() + SAMPLED_BEFORE)
        higher = 0.0
        for number, level in enumerate(each.levels):
            if level.equal:
                rest = max(0.0, self.equal[level.equal] - higher - float(hits[number]))
                shares[number] = (rest + COUNTED_BEFORE * given[number]) / (self.known[each.key] + COUNTED_BEFORE)
                higher = float(self.equal[level.equal])
        return _with_fixed(each, shares, "chance")


def probabilities(model: Model, patterns: Seen) -> Floats:
    """Of each pattern, that its pairs are the same (P,)."""
    weight = np.full(len(patterns.pairs), np.log(model.before / (1 - model.before)))
    for key, numbers in patterns.levels.items():
        if key in model.match:
            told = np.log(model.match[key]) - np.log(model.chance[key])
            weight += np.where(numbers >= 0, told[np.maximum(numbers, 0)], 0)
    return 1 / (1 + np.exp(-np.clip(weight, -500, 500)))


def _share(parts: Any) -> Floats:
    found = np.asarray(parts, dtype=float)
    return found / found.sum()


def _sums(numbers: NDArray[np.int64], weights: Floats, size: int) -> Floats:
    known = numbers >= 0
    return np.bincount(numbers[known], weights=weights[known], minlength=size).astype(float)


def _with_fixed(each: Comparison, parts: Floats, what: str) -> Floats:
    """What is fixed as it is, the rest in its proportions, together 1."""
    fixed = np.array([getattr(level, what) if level.fixed else 0.0 for level in each.levels])
    free = np.where(fixed > 0, 0.0, np.maximum(parts, 1e-12))
    return fixed + free * ((1 - fixed.sum()) / free.sum()) if free.sum() else fixed / fixed.sum()
