"""What a chart needs before it is drawn: its places, rows, reach, and whether its bars lie or stand."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from jiandu.base.charts import labels
from jiandu.base.charts.chart import Bar, Chart, Line, Point, StackedBar, digits, plain

KEY_DIGITS = 4  # before each label: they keep the order, and two units of one name apart
LYING_HALVES, STANDING_HALVES, SERIES_HALVES = 22, 16, 24
CHARACTER = 7  # picture units of half a character at the size of labels
_VALUE_AXIS = 50

Row = dict[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Plan:
    """Places on the axis, names of series, one row a mark (`rows`) and one a value in words (`ends`), and the reach.

    Row fields: k place, s series, o order of the series, v value, e where the words stand, t the words, p the index
    of the point. `room` is the width left for the plot itself, in picture units.
    """

    keys: list[str]
    names: list[str]
    rows: list[Row]
    ends: list[Row]
    low: float
    high: float
    lying: bool
    abreast: int
    room: float

    @property
    def key_units(self) -> float:
        """Width of the widest label on the axis."""
        return max(_units(line) for key in self.keys for line in key[KEY_DIGITS:].split(labels.LINE_BREAK))

    @property
    def end_units(self) -> float:
        """Width of the widest value in words."""
        return max((_units(str(r["t"])) for r in self.ends), default=0)

    @property
    def tall(self) -> bool:
        """Whether a label takes two lines."""
        return any(labels.LINE_BREAK in key for key in self.keys)

    @property
    def whole(self) -> bool:
        """Whether all values are whole numbers, so that the axis must not show halves."""
        return all(float(r["v"]).is_integer() for r in self.rows)


def plan(chart: Chart) -> Plan:
    """The plan of a chart that has points."""
    lying = _lies(chart)
    keys = _keys(chart, LYING_HALVES if lying else STANDING_HALVES, lines=1 if isinstance(chart, Line) else 2)
    names = list(dict.fromkeys(_name(p) for p in chart.points)) if chart.series else []
    rows = [_row(i, p, k, names) for i, (p, k) in enumerate(zip(chart.points, keys, strict=True))]
    low, high, ends = _stacks(rows, chart.points) if isinstance(chart, StackedBar) else _singles(rows)
    found = Plan(
        keys=list(dict.fromkeys(keys)),
        names=names,
        rows=rows,
        ends=ends,
        low=low,
        high=high if high > low else 1.0,
        lying=lying,
        abreast=_abreast(chart),
        room=chart.width - _VALUE_AXIS,
    )
    return replace(found, room=chart.width - found.key_units - 20) if lying else found


def _units(text: str) -> float:
    return labels.width(text) * CHARACTER


def _abreast(chart: Chart) -> int:
    return max(len(chart.series), 1) if isinstance(chart, Bar) else 1


def _row(index: int, point: Point, key: str, names: list[str]) -> Row:
    value = float(point.value)
    named: Row = {"s": _name(point), "o": names.index(_name(point))} if names else {}
    return {"k": key, "v": value, "e": max(value, 0.0), "t": point.text, "p": str(index), **named}


def _name(point: Point) -> str:
    return labels.shorten(plain(point.series), SERIES_HALVES)


def _singles(rows: list[Row]) -> tuple[float, float, list[Row]]:
    values = [float(r["v"]) for r in rows]
    return min(0.0, *values), max(0.0, *values), rows


def _stacks(rows: list[Row], points: Iterable[Point]) -> tuple[float, float, list[Row]]:
    """The reach of the stacks and their totals; a stack with a value in the caller's words gets no total."""
    stacks: dict[str, list[Point]] = defaultdict(list)
    for row, point in zip(rows, points, strict=True):
        stacks[str(row["k"])].append(point)
    ups = {k: sum(max(float(p.value), 0.0) for p in ps) for k, ps in stacks.items()}
    downs = [sum(min(float(p.value), 0.0) for p in ps) for ps in stacks.values()]
    told = {k: ps for k, ps in stacks.items() if not any(p.shown for p in ps)}
    return min(downs), max(ups.values()), [{"k": k, "e": ups[k], "t": _total(ps)} for k, ps in told.items()]


def _total(points: Iterable[Point]) -> str:
    return digits(sum((Decimal(str(p.value)) for p in points), Decimal(0)))


def _lies(chart: Chart) -> bool:
    """Bars lie unless every label fits on one line under its standing bar."""
    if isinstance(chart, Line):
        return False
    places = len({plain(p.label) for p in chart.points}) if chart.by_label else len(chart.points)
    label = max(_units(plain(p.label)) for p in chart.points)
    words = max(_units(p.text) for p in chart.points) * _abreast(chart)
    return places * (max(label, words) + 10) > chart.width - _VALUE_AXIS


def _keys(chart: Chart, halves: int, lines: int) -> list[str]:
    """For each point the place it stands at: a number and the label as it is written."""
    order: dict[str, int] = {}
    found = []
    for index, point in enumerate(chart.points):
        place = plain(point.label) if chart.by_label else str(index)
        number = order.setdefault(place, len(order))
        found.append(f"{number:0{KEY_DIGITS}}{labels.wrap(point.label, halves, lines)}")
    return found
