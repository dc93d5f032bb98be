"""The chart specification: frozen values that say what is counted, never how it is drawn."""

import math
import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

MAX_POINTS = 400
MAX_SERIES = 6
MIN_WIDTH, MAX_WIDTH = 240, 1200

_SAME_ORIGIN = re.compile(r"/(?:[^/\\\s\x00-\x1f\x7f][^\\\s\x00-\x1f\x7f]*)?")
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def plain(text: str) -> str:
    """One line of text without the characters that XML forbids."""
    return " ".join(_INVISIBLE.sub("", text).split())


def digits(value: float | Decimal) -> str:
    """A number as it is written on a chart: thousands separators, a true minus sign, equal numbers written alike."""
    whole = value == int(value)
    return (f"{int(value):,}" if whole else f"{float(value):,.12g}").replace("-", "−")


@dataclass(frozen=True, slots=True)
class Point:
    """One mark: `value` of `label` (in `series`), the path of the rows it counts, and how the value is written.

    Raises ValueError unless `value` is finite and `href` is empty or a path of this site (`/…`, never `//…`).
    """

    label: str
    value: int | float | Decimal
    series: str = ""
    href: str = ""
    shown: str = ""

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise ValueError(f"a chart needs finite values, not {self.value}")
        if self.href and not _SAME_ORIGIN.fullmatch(self.href):
            raise ValueError("a mark links to a path of this site: it begins with one slash and holds no spaces")

    @property
    def text(self) -> str:
        """The value as readers see it: `shown`, or digits with thousands separators."""
        return plain(self.shown) or digits(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What every chart has; use `Bar`, `Line` or `StackedBar`.

    `title` is spoken, not drawn: the page has a heading and the document a caption. `unit` is drawn once and spoken
    with each value. `width` is in picture units, each about one CSS pixel: 360-420 for phones and half cards, 600 for
    Word, 720 for a full-width card; the page stretches the picture. `empty` is what stands in a chart without points.

    Raises ValueError over `MAX_POINTS`, over `MAX_SERIES`, or when a series names a label twice.
    """

    title: str
    points: tuple[Point, ...] = ()
    unit: str = ""
    description: str = ""
    empty: str = "暂无数据"
    width: int = 420

    def __post_init__(self) -> None:
        if not MIN_WIDTH <= self.width <= MAX_WIDTH:
            raise ValueError(f"a chart is {MIN_WIDTH} to {MAX_WIDTH} wide, not {self.width}")
        if len(self.points) > MAX_POINTS or len(self.series) > MAX_SERIES:
            raise ValueError(f"a chart holds at most {MAX_POINTS} points and {MAX_SERIES} series")
        if (
            self.by_label
            and max(Counter((plain(p.label), plain(p.series)) for p in self.points).values(), default=1) > 1
        ):
            raise ValueError("a series holds a label only once")

    @property
    def series(self) -> tuple[str, ...]:
        """Names of the series in order of appearance; a chart without series has none."""
        names = tuple(dict.fromkeys(plain(p.series) for p in self.points))
        return names if any(names) else ()

    @property
    def by_label(self) -> bool:
        """Whether points with the same label share one place on the axis."""
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar(Chart):
    """One bar a point; with series, bars side by side under each label."""

    @property
    def by_label(self) -> bool:
        """Without series each point is a bar of its own, so two units of one name stay apart."""
        return bool(self.series)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Chart):
    """One line a series, over labels in the order given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StackedBar(Chart):
    """One bar a label, made of its series; its total stands at the end."""
