"""Draws the same specification as SVG for the page and as PNG for a document; the first of a process takes 0.6 s."""

from functools import lru_cache
from pathlib import Path

from jiandu.base.charts.chart import Chart
from jiandu.base.charts.svg import safe_svg
from jiandu.base.charts.vega import specification

VEGA_LITE = "6.4"


@lru_cache(maxsize=512)
def to_svg(chart: Chart) -> str:
    """An `<svg>` element to put into a page as it is: no style, no script, each mark linked to its rows."""
    import vl_convert  # noqa: PLC0415 -- slow import

    drawn = vl_convert.vegalite_to_svg(specification(chart), vl_version=VEGA_LITE, allowed_base_urls=[])
    return safe_svg(chart, drawn)


@lru_cache(maxsize=64)
def to_png(chart: Chart, scale: float = 2.0) -> bytes:
    """The chart as a PNG file, `scale` pixels for each picture unit (2 prints well at the width of an A4 page)."""
    import vl_convert  # noqa: PLC0415 -- slow import

    png: bytes = vl_convert.vegalite_to_png(
        specification(chart), vl_version=VEGA_LITE, scale=scale, allowed_base_urls=[]
    )
    return png


def use_fonts(folder: Path) -> None:
    """Lets pictures use the fonts of a folder, for machines without Chinese fonts."""
    import vl_convert  # noqa: PLC0415 -- slow import

    vl_convert.register_font_directory(str(folder))
    to_svg.cache_clear()
    to_png.cache_clear()
