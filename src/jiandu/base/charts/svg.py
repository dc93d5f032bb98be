"""Vega's drawing → SVG that may stand inside a page with a strict content policy: only listed elements and attributes.

Anything else vl-convert may ever write (styles, scripts, foreign links, classes, English ARIA) is left out.
"""

import hashlib
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, tostring

from jiandu.base.charts import palette
from jiandu.base.charts.chart import Chart, Point, plain

SPOKEN_POINTS = 24
_NEEDLESS = frozenset({("opacity", "1"), ("font-weight", "normal")})
_DECIMALS = re.compile(r"-?\d+\.\d{2,}(?:e-?\d+)?")
_SHAPES = frozenset({"g", "path", "rect", "line", "text", "tspan"})
_ATTRIBUTES = frozenset(
    {"x", "y", "x1", "y1", "x2", "y2", "dx", "dy", "d", "width", "height", "transform", "text-anchor"}
    | {"opacity", "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray"}
    | {"stroke-dashoffset", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit"}
    | {"font-size", "font-weight", "font-style"}
)


def safe_svg(chart: Chart, drawn: str) -> str:
    """The drawing with title, description and one link a mark; scales to its container by its viewBox.

    Raises ValueError if `drawn` is not XML.
    """
    from defusedxml.ElementTree import fromstring  # noqa: PLC0415 -- only where charts are drawn

    source = fromstring(drawn)
    linked = any(p.href for p in chart.points)
    root = Element("svg", xmlns="http://www.w3.org/2000/svg", viewBox=source.get("viewBox", ""), width="100%")
    root.set("font-family", palette.FONTS)
    _speak(root, chart, linked=linked)
    _copy(source, root, chart)
    return tostring(root, encoding="unicode")


def _speak(root: Element, chart: Chart, *, linked: bool) -> None:
    """Links inside role=img would be lost to screen readers, so a chart with links is a group."""
    name = "chart-" + hashlib.sha256(repr(chart).encode("utf-8", "replace")).hexdigest()[:12]
    root.set("role", "group" if linked else "img")
    root.set("aria-labelledby", f"{name}-title")
    root.set("aria-describedby", f"{name}-desc")
    SubElement(root, "title", {"id": f"{name}-title"}).text = plain(chart.title)
    SubElement(root, "desc", {"id": f"{name}-desc"}).text = plain(chart.description) or _summary(chart)


def _summary(chart: Chart) -> str:
    told = "；".join(spoken(chart, p) for p in chart.points[:SPOKEN_POINTS])
    return (told + "……" if len(chart.points) > SPOKEN_POINTS else told) or plain(chart.empty)


def spoken(chart: Chart, point: Point) -> str:
    """What a screen reader says at a mark: series, label, value and unit."""
    name = "，".join(filter(None, (plain(point.series), plain(point.label))))
    return f"{name}：{point.text}{'' if point.shown else plain(chart.unit)}"


def _copy(source: Element, target: Element, chart: Chart) -> None:
    for child in filter(_visible, source):
        point, is_text = _point(child, chart), _tag(child) == "text"
        holder = _link(target, chart, point, is_text=is_text) if point and point.href else target
        copied = SubElement(holder, _tag(child), dict(_attributes(child)))
        copied.text = child.text
        if point and not is_text:
            SubElement(copied, "title").text = spoken(chart, point)
        if "role-axis" in child.get("class", "").split() or (is_text and child.get("stroke")):
            copied.set("aria-hidden", "true")
        _copy(child, copied, chart)


def _attributes(element: Element) -> Iterator[tuple[str, str]]:
    """Listed ones only, without Vega's long decimals and what is so anyway."""
    for name, value in element.attrib.items():
        if name in _ATTRIBUTES and (name, value) not in _NEEDLESS and "url(" not in value:
            yield name, _DECIMALS.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), value)


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _visible(element: Element) -> bool:
    painted = _tag(element) != "path" or element.get("fill") or element.get("stroke")
    return _tag(element) in _SHAPES and element.get("display") != "none" and bool(painted)


def _point(element: Element, chart: Chart) -> Point | None:
    index = element.get("aria-label", "") if element.get("role") == "graphics-symbol" else ""
    return chart.points[int(index)] if index.isascii() and index.isdigit() and int(index) < len(chart.points) else None


def _link(target: Element, chart: Chart, point: Point, *, is_text: bool) -> Element:
    """The words of a value repeat the mark's link for the finger, not for the keyboard."""
    again = {"tabindex": "-1", "aria-hidden": "true"} if is_text else {"aria-label": spoken(chart, point)}
    return SubElement(target, "a", {"href": point.href, **again})
