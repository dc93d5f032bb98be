"""Small cells: fewer than three petitions may point at a person. They are hidden, and so many others that none can be worked out.

A table is its cells and the sums that anyone knows to hold among them: rows, columns, both with their totals. A hidden cell is
safe when the sums, the cells shown and that counts are not negative leave it more than one value. The sums of one- and
two-way tables are totally unimodular, so the bounds that linear programming gives are counts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

LEAST = 3
TOTAL_COST = 3.0  # a total is missed more than a cell
FREE = 1e-3  # what is hidden already costs next to nothing


@dataclass(frozen=True)
class Sum:
    """The cell `total` is the sum of the cells `parts`; cells by place."""

    total: int
    parts: tuple[int, ...]


def one_way(count: int) -> list[Sum]:
    """Of `count` parts and their total, in this order."""
    return [Sum(count, tuple(range(count)))]


def two_way(rows: int, columns: int) -> list[Sum]:
    """Of a table with a column of totals at its end and a row of totals below, cells row by row."""
    wide = columns + 1
    across = [Sum(row * wide + columns, tuple(range(row * wide, row * wide + columns))) for row in range(rows + 1)]
    down = [Sum(rows * wide + column, tuple(range(column, rows * wide, wide))) for column in range(wide)]
    return across + down


def hidden(cells: Sequence[int], sums: Sequence[Sum], *, least: int = LEAST) -> set[int]:
    """The places of cells not to show: those from 1 to `least` − 1, and others until none of all can be worked out."""
    for each in sums:
        if cells[each.total] != sum(cells[part] for part in each.parts):
            raise ValueError(f"cell {each.total} is not the sum of its parts")
    chosen = {place for place, count in enumerate(cells) if 0 < count < least}
    safe: set[int] = set()
    for place in sorted(chosen):
        if place not in safe:
            moved = _other(cells, sums, chosen, place)
            chosen |= moved
            safe |= moved
    return chosen


def worked_out(cells: Sequence[int], sums: Sequence[Sum], chosen: Iterable[int]) -> set[int]:
    """Which of the hidden cells have but one value that fits what is shown."""
    order = sorted(chosen)
    if not order:
        return set()
    at = {place: column for column, place in enumerate(order)}
    matrix, right = _equations(cells, sums, at)
    loose: set[int] = set()
    for column, place in enumerate(order):
        if place in loose:
            continue
        for sign in (1.0, -1.0):
            aim = np.zeros(len(order))
            aim[column] = sign
            found = linprog(aim, A_eq=matrix, b_eq=right, bounds=(0, None), method="highs")
            if found.status != 0:  # without a bound: any value
                loose.add(place)
                break
            loose |= {other for other, value in zip(order, found.x, strict=True) if abs(value - cells[other]) > 0.5}
    return set(order) - loose


def _equations(
    cells: Sequence[int], sums: Sequence[Sum], at: dict[int, int]
) -> tuple[np.ndarray | None, np.ndarray | None]:
    """What the hidden cells, numbered by `at`, must fulfil."""
    rows, right = [], []
    for each in sums:
        row, rest = np.zeros(len(at)), 0
        for place, sign in [*((part, 1) for part in each.parts), (each.total, -1)]:
            if place in at:
                row[at[place]] += sign
            else:
                rest -= sign * cells[place]
        if row.any():
            rows.append(row)
            right.append(float(rest))
    return (np.array(rows), np.array(right)) if rows else (None, None)


def _other(cells: Sequence[int], sums: Sequence[Sum], chosen: set[int], place: int) -> set[int]:
    """The cells in which the cheapest other table differs that keeps every sum and has one more or one less at `place`.

    All of them hidden, that table fits what is shown as well as the true one: none of them can be worked out. The change is
    `up` − `down`, the cost that of the cells it touches (as in the network heuristics for complementary suppression).
    """
    count = len(cells)
    totals = {each.total for each in sums}
    cost = np.array([1 + cells[at] / (1 + max(cells)) for at in range(count)])
    cost[list(totals)] *= TOTAL_COST
    cost[list(chosen)] = FREE
    matrix = np.zeros((len(sums) + 1, count))
    for row, each in enumerate(sums):
        matrix[row, list(each.parts)] = 1
        matrix[row, each.total] -= 1
    matrix[-1, place] = 1
    bounds = [(0, None)] * count + [(0, value) for value in cells]
    found = []
    for step in (-1.0, 1.0):
        right = np.zeros(len(sums) + 1)
        right[-1] = step
        both = np.hstack([matrix, -matrix])
        found.append(linprog(np.tile(cost, 2), A_eq=both, b_eq=right, bounds=bounds, method="highs-ds"))
    best = min((each for each in found if each.status == 0), key=lambda each: float(each.fun))
    change = best.x[:count] - best.x[count:]
    return {at for at in range(count) if abs(change[at]) > FREE}
