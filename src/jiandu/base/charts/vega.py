"""A chart specification → a Vega-Lite one. A mark carries only the number of its point: no link ever gets in here.

Plain dictionaries, because altair would only check them at run time (0.4 s, 40 MB a process); the tests let it check.
"""

import math
from collections.abc import Sequence
from typing import Any

from jiandu.base.charts import labels, palette
from jiandu.base.charts.chart import Chart, Line, StackedBar, plain
from jiandu.base.charts.plan import CHARACTER, KEY_DIGITS, Plan, plan

Spec = dict[str, Any]

BAND, TALL_BAND, BAR, GAP = 30, 42, 20, 12
WIDEST_BAR = 60
PLOT_HEIGHT, EMPTY_HEIGHT = 220, 96
FEW = 5  # ticks
_FONT: Spec = {
    "labelFont": palette.FONTS,
    "labelFontSize": palette.FONT_SIZE,
    "labelColor": palette.INK,
    "labelLimit": 0,
}
_PLACE_AXIS: Spec = {
    "labelExpr": f"substring(datum.value, {KEY_DIGITS})",
    "labelAngle": 0,
    "labelPadding": 6,
    "zindex": 1,
}
_POINT: Spec = {"description": {"field": "p", "type": "nominal"}}


def specification(chart: Chart) -> Spec:
    """Vega-Lite as JSON values. The `description` of each mark is the index of its point; totals have none."""
    drawn = _drawing(chart) if chart.points else _nothing(chart)
    frame = {"width": chart.width, "autosize": {"type": "fit-x", "contains": "padding"}, "padding": 4}
    return {**frame, **drawn, "config": _config()}


def _config() -> Spec:
    title = {"fontSize": palette.FONT_SIZE - 1, "fontWeight": "normal", "color": palette.QUIET}
    return {
        "font": palette.FONTS,
        "background": palette.PAPER,
        "lineBreak": labels.LINE_BREAK,
        "view": {"stroke": None},
        "title": {**title, "anchor": "start", "frame": "bounds", "offset": 6},
        "axis": {**_FONT, "domainColor": palette.AXIS, "gridColor": palette.GRID, "ticks": False, "title": None},
        "legend": {**_FONT, "orient": "top", "title": None, "symbolStrokeWidth": 2, "offset": 8},
        "text": {"fontSize": palette.FONT_SIZE, "color": palette.INK},
    }


def _nothing(chart: Chart) -> Spec:
    words = labels.wrap(chart.empty, int(chart.width / CHARACTER) - 4)
    mark = {"type": "text", "fontSize": palette.FONT_SIZE + 1, "color": palette.QUIET}
    return {
        "height": EMPTY_HEIGHT,
        "data": {"values": [{"t": words}]},
        "mark": mark,
        "encoding": {"text": _nominal("t")},
    }


def _drawing(chart: Chart) -> Spec:
    drawn = plan(chart)
    unit = {"title": f"（{plain(chart.unit)}）"} if chart.unit else {}
    layers = _lines(chart, drawn) if isinstance(chart, Line) else _bars(chart, drawn)
    zero = {"mark": {"type": "rule", "color": palette.AXIS}, "encoding": {"x" if drawn.lying else "y": {"datum": 0}}}
    step = max(TALL_BAND if drawn.tall else BAND, BAR * drawn.abreast + GAP)
    height = {"step": step, "for": "position"} if drawn.lying else PLOT_HEIGHT
    data = {"data": {"values": drawn.rows}}
    return {**unit, **data, "layer": [*layers, zero] if drawn.low < 0 else layers, "height": height}


def _bars(chart: Chart, drawn: Plan) -> list[Spec]:
    stacked = isinstance(chart, StackedBar)
    place = {**_place(drawn), **({} if stacked or not drawn.names else _offset(drawn))}
    mark = {"type": "bar", "color": palette.SINGLE, **({"stroke": palette.PAPER, "strokeWidth": 1} if stacked else {})}
    length = _length(drawn, "v", stack="zero" if stacked else None)
    order = {"order": {"field": "o", "type": "quantitative"}} if stacked and drawn.names else {}
    encoding = {**place, **length, **_series(chart, drawn, "color", palette.SERIES), **order, **_POINT}
    return [{"mark": mark, "encoding": encoding}, _ends(drawn, place)]


def _lines(chart: Chart, drawn: Plan) -> list[Spec]:
    every = math.ceil(len(drawn.keys) * (drawn.key_units + 6) / drawn.room)
    axis = {**_PLACE_AXIS, "values": drawn.keys[::every]}
    place = {"x": {**_nominal("k"), "sort": drawn.keys, "axis": axis, "scale": {"type": "point", "padding": 0.4}}}
    both = {**place, **_length(drawn, "v"), **_series(chart, drawn, "color", palette.SERIES)}
    line = {"type": "line", "color": palette.SINGLE, "strokeWidth": 2}
    dot = {"type": "point", "color": palette.SINGLE, "size": 60, "filled": True, "opacity": 1}
    layers: list[Spec] = [
        {"mark": line, "encoding": {**both, **_series(chart, drawn, "strokeDash", palette.DASHES)}},
        {"mark": dot, "encoding": {**both, **_series(chart, drawn, "shape", palette.SHAPES), **_POINT}},
    ]
    roomy = not drawn.names and len(drawn.keys) * (drawn.end_units + 8) < drawn.room
    return (
        [layers[0], _ends(drawn, place, stroke=palette.PAPER, strokeWidth=4), layers[1], _ends(drawn, place)]
        if roomy
        else layers
    )


def _ends(drawn: Plan, place: Spec, **look: Any) -> Spec:
    """The value in words at the end of each bar: a larger place to touch than a short bar."""
    where = {"align": "left", "dx": 4} if drawn.lying else {"baseline": "bottom", "dy": -4}
    encoding = {**place, **_length(drawn, "e"), "text": _nominal("t"), **({} if look else _POINT)}
    return {"data": {"values": drawn.ends}, "mark": {"type": "text", **where, **look}, "encoding": encoding}


def _place(drawn: Plan) -> Spec:
    """A few bars stay slim."""
    axis = {**_PLACE_AXIS, "domain": drawn.low >= 0}
    filled = 0.7 if drawn.lying else min(0.7, WIDEST_BAR * drawn.abreast * len(drawn.keys) / drawn.room)
    padding = {"paddingInner": 1 - filled, "paddingOuter": (1 - filled) / 2}
    return {"y" if drawn.lying else "x": {**_nominal("k"), "sort": drawn.keys, "axis": axis, "scale": padding}}


def _offset(drawn: Plan) -> Spec:
    return {"yOffset" if drawn.lying else "xOffset": {**_nominal("s"), "sort": drawn.names}}


#: Of the height of standing marks: the value of the tallest stands above it and below the legend.
HEADROOM = 0.08


def _length(drawn: Plan, field: str, stack: str | None = None) -> Spec:
    """The value axis: drawn for standing marks only, as lying bars carry their values. Both leave room for them."""
    share = (drawn.end_units + 8) / drawn.room if drawn.lying else HEADROOM
    high = drawn.high + (drawn.high - drawn.low) * share / (1 - share)
    few = drawn.whole and drawn.high - drawn.low <= FEW
    ticks: Spec = {"tickCount": FEW}
    if few:
        ticks = {"values": list(range(math.floor(drawn.low), math.ceil(drawn.high) + 1)), "format": "d"}
    found: Spec = {"field": field, "type": "quantitative", "stack": stack}
    found["axis"] = None if drawn.lying else {**ticks, "domain": False}
    found["scale"] = {"domain": [drawn.low, high], "nice": not drawn.lying and not few}
    return {"x" if drawn.lying else "y": found}


def _series(chart: Chart, drawn: Plan, channel: str, looks: Sequence[Any]) -> Spec:
    if not drawn.names:
        return {}
    widest = max(labels.width(name) for name in drawn.names) * CHARACTER + 36
    legend = {
        "columns": max(1, int(drawn.room / widest)),
        **({} if isinstance(chart, Line) else {"symbolType": "square"}),
    }
    scale = {"domain": drawn.names, "range": list(looks[: len(drawn.names)])}
    return {channel: {**_nominal("s"), "sort": drawn.names, "scale": scale, "legend": legend}}


def _nominal(field: str) -> Spec:
    return {"field": field, "type": "nominal"}
