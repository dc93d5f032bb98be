"""A map of places coloured by a number: outlines where they are known, else tiles. Colours are classes of the style sheet.

Each place is a link and says its number in words, so the colour is never the only sign; the same steps stand in the legend.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from jiandu.base.charts.chart import plain
from jiandu.base.charts.labels import shorten, width

STEPS = 4  # colours beside that of nothing
FONT, SMALL = 13.0, 11.0  # picture units; a picture of WIDE stands on a phone as it is
WIDE, TALL = 360.0, 420.0
TILE, GAP, ACROSS = 52.0, 4.0, 4  # height of a tile, what is between two, how many stand beside each other
Spot = tuple[float, float]
Outline = tuple[tuple[Spot, ...], ...]


@dataclass(frozen=True)
class Area:
    """A place: its name, its number (None: nothing is known of it), how the number is written, where it leads, its outline."""

    name: str
    value: int | None
    shown: str = ""
    href: str = ""
    outline: Outline = ()


@dataclass(frozen=True)
class Step:
    """A colour of the legend: what lies between these two numbers, both included."""

    number: int
    least: int
    most: int


def steps_of(values: Iterable[int | None]) -> list[Step]:
    """0 by itself, then up to four steps with about as many different numbers in each."""
    known = sorted({value for value in values if value is not None})
    above = [value for value in known if value > 0]
    count = min(STEPS, len(above))
    cuts = [len(above) * turn // count for turn in range(count + 1)] if count else []
    first = STEPS - count + 1  # few numbers take the strong colours
    steps = [Step(first + turn, above[cuts[turn]], above[cuts[turn + 1] - 1]) for turn in range(count)]
    return [*([Step(0, 0, 0)] if known and known[0] <= 0 else []), *steps]


def step_of(value: int | None, steps: list[Step]) -> str:
    """The class of a number; "none" where nothing is known."""
    if value is None:
        return "none"
    return next((str(one.number) for one in steps if one.least <= max(value, 0) <= one.most), "none")


def outlined(title: str, areas: list[Area], steps: list[Step], size: Spot) -> str:
    """The places by their outlines, already on a drawing of this size."""
    root = _root(title, size)
    taken: list[tuple[float, float, float, float]] = []
    spots = []
    for area in areas:
        holder = _place(root, area, steps)
        SubElement(holder, "path", {"d": _path(area.outline), "fill-rule": "evenodd"})
        spots.append((_middle(area.outline), holder, area))
    for (spot, room), holder, area in sorted(spots, key=lambda one: -one[0][1]):
        _labelled(holder, area, spot, room, taken)
    return tostring(root, encoding="unicode")


def tiled(title: str, areas: list[Area], steps: list[Step]) -> str:
    """The places as tiles in the order given, four beside each other."""
    across = (WIDE - GAP * (ACROSS - 1)) / ACROSS
    lines = max(1, -(-len(areas) // ACROSS))
    root = _root(title, (WIDE, lines * (TILE + GAP) - GAP))
    for number, area in enumerate(areas):
        x, y = number % ACROSS * (across + GAP), number // ACROSS * (TILE + GAP)
        holder = _place(root, area, steps)
        box = {"x": _number(x), "y": _number(y), "width": _number(across), "height": _number(TILE), "rx": "3"}
        SubElement(holder, "rect", box)
        middle = x + across / 2
        _text(holder, shorten(plain(area.name), int(across / SMALL * 2)), (middle, y + 20), "map-name")
        _text(holder, area.shown, (middle, y + 40), "map-number")
    return tostring(root, encoding="unicode")


def _root(title: str, size: Spot) -> Element:
    box = f"-1 -1 {_number(size[0] + 2)} {_number(size[1] + 2)}"  # room for the line around what stands at the edge
    root = Element("svg", {"viewBox": box, "class": "map", "role": "group"})
    root.set("aria-label", plain(title))
    return root


def _place(root: Element, area: Area, steps: list[Step]) -> Element:
    """The link of a place, spoken with its number."""
    holder = SubElement(root, "a" if area.href else "g", {"class": f"map-place step-{step_of(area.value, steps)}"})
    if area.href:
        holder.set("href", area.href)
    said = f"{plain(area.name)}：{area.shown}"
    holder.set("aria-label", said)
    holder.set("data-value", "" if area.value is None else str(area.value))
    if not area.href:
        holder.set("role", "img")
    SubElement(holder, "title").text = said
    return holder


def _text(holder: Element, text: str, spot: Spot, kind: str) -> None:
    said = SubElement(holder, "text", {"x": _number(spot[0]), "y": _number(spot[1]), "class": kind})
    said.text = plain(text)


def _path(outline: Outline) -> str:
    """Closed rings, each from its first spot on."""
    return "".join("M" + "L".join(f"{_number(x)},{_number(y)}" for x, y in ring) + "Z" for ring in outline)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _labelled(
    holder: Element, area: Area, spot: Spot, room: float, taken: list[tuple[float, float, float, float]]
) -> None:
    """Name and number where there is room, else the number alone, else nothing: the table below has every number."""
    x, y = spot
    wide = max(width(area.name) * FONT / 2, width(area.shown) * FONT / 2)
    whole, alone = (
        (x - wide / 2, y - FONT * 1.1, x + wide / 2, y + FONT * 1.2),
        (x - 12, y - FONT / 2, x + 12, y + FONT / 2),
    )
    if room >= FONT and _is_free(whole, taken):
        _text(holder, area.name, (x, y - 1), "map-name")
        _text(holder, area.shown, (x, y + FONT + 1), "map-number")
        taken.append(whole)
    elif _is_free(alone, taken):
        _text(holder, area.shown, (x, y + FONT / 3), "map-number")
        taken.append(alone)


def _is_free(box: tuple[float, float, float, float], taken: list[tuple[float, float, float, float]]) -> bool:
    a, b, c, d = box
    return all(c <= left or right <= a or d <= top or bottom <= b for left, top, right, bottom in taken)


def _middle(outline: Outline) -> tuple[Spot, float]:
    """A spot well inside the largest ring, and how far it is from the nearest side: the best of a grid of them."""
    ring = max(outline, key=_area)
    xs, ys = [x for x, _y in ring], [y for _x, y in ring]
    marks = 12
    found: tuple[Spot, float] = (((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2), -1.0)
    for row in range(1, marks):
        for column in range(1, marks):
            spot = (min(xs) + (max(xs) - min(xs)) * column / marks, min(ys) + (max(ys) - min(ys)) * row / marks)
            room = _room(spot, ring)
            if room > found[1]:
                found = spot, room
    return found


def _sides(ring: tuple[Spot, ...]) -> Iterable[tuple[Spot, Spot]]:
    return zip(ring, (*ring[1:], *ring[:1]), strict=True)


def _area(ring: tuple[Spot, ...]) -> float:
    return abs(sum(x * z - u * y for (x, y), (u, z) in _sides(ring))) / 2


def _room(spot: Spot, ring: tuple[Spot, ...]) -> float:
    """How far inside the ring a spot is; -1 outside."""
    x, y = spot
    is_inside, nearest = False, float("inf")
    for (a, b), (c, d) in _sides(ring):
        if (b > y) != (d > y) and x < (c - a) * (y - b) / (d - b) + a:
            is_inside = not is_inside
        nearest = min(nearest, _distance(x, y, (a, b, c, d)))
    return nearest if is_inside else -1.0


def _distance(x: float, y: float, side: tuple[float, float, float, float]) -> float:
    a, b, c, d = side
    long = (c - a) ** 2 + (d - b) ** 2
    along = min(1.0, max(0.0, ((x - a) * (c - a) + (y - b) * (d - b)) / long)) if long else 0.0
    return float(((a + along * (c - a) - x) ** 2 + (b + along * (d - b) - y) ** 2) ** 0.5)
