"""Boundaries as whole numbers of a common grid: two places that share a border share its points, however coarse it is.

A position goes to the grid by itself, whatever ring it stands on, so neighbours move together; what is then said twice,
leads there and back, or lies on a straight line is left out, which changes no shape.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import cos, radians

Position = tuple[float, float]  # longitude, latitude in degrees
Spot = tuple[int, int]  # on the grid
Ring = tuple[Spot, ...]  # open: the last point leads to the first
Rings = tuple[Ring, ...]

GRID = 10_000  # spots a degree: about eleven metres
MOST_SPOTS = 6_000  # of one file, as it is kept: a page draws no more
COARSEST = 1_024


def quantized(ring: Iterable[Position], step: int = 1) -> Ring:
    """The ring on the grid of `step` spots, without what changes no shape; () where nothing of it is left."""
    spots = [_spot(position, step) for position in ring]
    return _spare(spots)


def fitting(shapes: list[list[list[Position]]], most: int = MOST_SPOTS) -> tuple[list[Rings], int]:
    """All shapes on the finest common grid on which they have at most so many spots, and its step.

    A shape of which nothing would be left on a grid stays with its box on it, so that no place is lost.
    """
    step = 1
    while True:
        made = [_shape(rings, step) for rings in shapes]
        if sum(len(ring) for rings in made for ring in rings) <= most or step >= COARSEST:
            return made, step
        step *= 2


def _shape(rings: list[list[Position]], step: int) -> Rings:
    kept = tuple(filter(None, (quantized(ring, step) for ring in rings)))
    return kept or (_box(rings, step),)


def _box(rings: list[list[Position]], step: int) -> Ring:
    x, y = _spot(rings[0][0], step)
    return ((x, y), (x + step, y), (x + step, y + step), (x, y + step))


def _spot(position: Position, step: int) -> Spot:
    x, y = (round(value * GRID / step) * step for value in position)
    return x, y


def _spare(spots: list[Spot]) -> Ring:
    """Without repetitions, spikes and points on a straight line: again until nothing more goes."""
    kept: list[Spot] = []
    for spot in spots:
        kept.append(spot)
        while len(kept) >= 2 and (kept[-1] == kept[-2] or (len(kept) >= 3 and _is_flat(*kept[-3:]))):
            last = kept.pop()
            if kept[-1] != last:
                kept[-1] = last
    return _closed(kept)


def _closed(kept: list[Spot]) -> Ring:
    """The same where the ring closes."""
    while len(kept) >= 3:
        if kept[0] == kept[-1] or _is_flat(kept[-2], kept[-1], kept[0]):
            kept.pop()
        elif _is_flat(kept[-1], kept[0], kept[1]):
            kept.pop(0)
        else:
            return tuple(kept)
    return ()


def _is_flat(a: Spot, b: Spot, c: Spot) -> bool:
    return (b[0] - a[0]) * (c[1] - a[1]) == (b[1] - a[1]) * (c[0] - a[0])


def area(ring: Ring) -> float:
    """Of a ring, in spots squared, whichever way it runs."""
    return abs(sum(x * z - u * y for (x, y), (u, z) in edges(ring))) / 2


def edges(ring: Ring) -> Iterator[tuple[Spot, Spot]]:
    """Each side of the ring."""
    return zip(ring, (*ring[1:], *ring[:1]), strict=True)


def packed(rings: Rings) -> str:
    """As it is kept: "x,y x,y …;x,y …"."""
    return ";".join(" ".join(f"{x},{y}" for x, y in ring) for ring in rings)


def unpacked(text: str) -> Rings:
    """What `packed` wrote."""
    return tuple(tuple(_pair(pair) for pair in ring.split(" ")) for ring in text.split(";") if ring)


def _pair(text: str) -> Spot:
    x, _, y = text.partition(",")
    return int(x), int(y)


@dataclass(frozen=True)
class Sheet:
    """How spots come onto a drawing: north above, a degree of longitude as much shorter as it is there."""

    west: int
    north: int
    shrink: float
    scale: float
    width: float
    height: float

    def at(self, spot: Spot) -> tuple[float, float]:
        """Where a spot stands."""
        return (spot[0] - self.west) * self.shrink * self.scale, (self.north - spot[1]) * self.scale


def sheet_of(places: Iterable[Rings], width: float, tallest: float) -> Sheet:
    """The drawing of these places: as wide as said, unless it would be taller than said."""
    spots = [spot for rings in places for ring in rings for spot in ring]
    xs, ys = [x for x, _y in spots], [y for _x, y in spots]
    shrink = cos(radians((min(ys) + max(ys)) / 2 / GRID))
    across, down = max(1.0, (max(xs) - min(xs)) * shrink), max(1.0, float(max(ys) - min(ys)))
    scale = min(width / across, tallest / down)
    return Sheet(min(xs), max(ys), shrink, scale, across * scale, down * scale)
