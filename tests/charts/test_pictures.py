import struct
from pathlib import Path

import pytest
from tests.charts.test_svg import CHARTS

from jiandu.base.charts.chart import Bar, Chart, Line, Point
from jiandu.base.charts.draw import VEGA_LITE, to_png, to_svg, use_fonts
from jiandu.base.charts.vega import specification


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    wide, high = struct.unpack(">II", png[16:24])
    return wide, high


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_specification_is_valid_vega_lite(chart: Chart) -> None:
    import altair as alt

    assert alt.SCHEMA_VERSION.removeprefix("v").startswith(VEGA_LITE)
    made = specification(chart)
    (alt.LayerChart if "layer" in made else alt.Chart).from_dict(made)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_png_is_as_wide_as_asked(scale: float) -> None:
    chart = Bar(title="各区", width=600, points=(Point("思明", 3), Point("湖里", 5)))
    assert size(to_png(chart, scale))[0] == 600 * scale


def test_png_is_the_same_for_the_same_chart() -> None:
    chart = Line(title="月度", points=(Point("一月", 3), Point("二月", 5)))
    first = to_png(chart)
    to_png.cache_clear()
    assert to_png(chart) == first


def test_png_without_points_is_low() -> None:
    wide, high = size(to_png(Bar(title="空"), 1))
    assert high < wide / 3


def test_use_fonts_draws_again(tmp_path: Path) -> None:
    chart = Bar(title="各区", points=(Point("思明", 3),))
    to_svg(chart), to_png(chart)
    use_fonts(tmp_path)
    assert (to_svg.cache_info().currsize, to_png.cache_info().currsize) == (0, 0)
