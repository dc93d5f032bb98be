"""The SVG must be safe to put into a page as it is: these tests read it as XML, element by element."""

import socket
from itertools import pairwise
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from jiandu.base.charts import palette
from jiandu.base.charts.chart import Bar, Chart, Line, Point, StackedBar
from jiandu.base.charts.draw import to_svg
from jiandu.base.charts.svg import safe_svg

NAMESPACE = "{http://www.w3.org/2000/svg}"
UNITS = ("思明区", "湖里区", "集美区（含灌口镇、后溪镇、侨英街道、杏林街道）", "海沧区", "同安区", "翔安区")
NASTY = '"><script>alert(1)</script><a href="javascript:alert(2)" onclick=\'x\' style="x">]]>&{{7*7}}'
ELEMENTS = {"svg", "title", "desc", "g", "path", "rect", "line", "text", "tspan", "a"}


def bar(**more: object) -> Bar:
    points = tuple(Point(u, 7 * i, href=f"/desk/{i}/?a=1&b=2") for i, u in enumerate(UNITS, 1))
    return Bar(**{"title": "各区问题", "unit": "件", "points": points, **more})


def several(kind: type[Chart], series: tuple[str, ...], labels: tuple[str, ...] = UNITS) -> Chart:
    points = (
        Point(u, 5 * i + j, series=s, href=f"/{i}/{j}") for j, s in enumerate(series) for i, u in enumerate(labels)
    )
    return kind(title="分类", unit="件", points=tuple(points))


CHARTS = {
    "lying": bar(),
    "standing": Bar(title="季度", points=(Point("一季度", 3, href="/1"), Point("二季度", 1200, href="/2"))),
    "grouped": several(Bar, ("2022年", "2023年")),
    "stacked": several(StackedBar, ("政治监督", "日常监督", "专项监督", "基层监督", "信访", "比对")),
    "line": Line(title="月度", points=tuple(Point(f"{i}月", i * i % 7, href=f"/{i}") for i in range(1, 13))),
    "lines": several(Line, ("约谈", "廉政谈话", "提醒谈话"), tuple(f"2022-{m:02}" for m in range(1, 13))),
    "negative": Bar(title="增减", unit="%", points=(Point("思明", 12.5), Point("湖里", -8.25))),
    "zero": Bar(title="零", points=tuple(Point(u, 0, href="/0") for u in UNITS)),
    "zero line": Line(title="零", points=(Point("一月", 0), Point("二月", 0))),
    "empty": Bar(title="空"),
    "nasty": Bar(
        title=NASTY, unit=NASTY, description=NASTY, points=(Point(NASTY, 3, href="/a?x='\"<b>&y"), Point("乙", 1))
    ),
    "nasty series": several(StackedBar, (NASTY, "乙"), (NASTY, "'};alert(1);//", "\\u0022+alert(1)+\\u0022")),
    "nasty empty": Line(title="空", empty=NASTY),
}


def drawn(chart: Chart) -> Element:
    return fromstring(to_svg(chart))


def tag(element: Element) -> str:
    return element.tag.removeprefix(NAMESPACE)


def links(chart: Chart) -> list[Element]:
    return [e for e in drawn(chart).iter(f"{NAMESPACE}a") if not e.get("aria-hidden")]


def texts(chart: Chart) -> list[str]:
    halo = "stroke"
    return ["".join(e.itertext()) for e in drawn(chart).iter(f"{NAMESPACE}text") if not e.get(halo)]


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_svg_holds_only_harmless_elements(chart: Chart) -> None:
    found = {e.tag for e in drawn(chart).iter()}
    assert {t.removeprefix(NAMESPACE) for t in found if t.startswith(NAMESPACE)} - ELEMENTS == set()
    assert {t for t in found if not t.startswith(NAMESPACE)} == set()


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_svg_holds_no_style_class_event_or_foreign_address(chart: Chart) -> None:
    for element in drawn(chart).iter():
        forbidden = {k for k in element.attrib if k in {"style", "class"} or k.startswith(("on", "{"))}
        assert forbidden == set()
        values = [v for k, v in element.attrib.items() if k not in {"href", "aria-label"}]
        assert not any("url(" in v or "http" in v or "script" in v for v in values)


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_svg_links_only_to_given_paths(chart: Chart) -> None:
    found = {e.get("href") for e in drawn(chart).iter(f"{NAMESPACE}a")}
    assert found == {p.href for p in chart.points if p.href}


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_svg_fits_the_width_it_is_given(chart: Chart) -> None:
    root = drawn(chart)
    assert (root.get("width"), root.get("height")) == ("100%", None)
    assert root.get("viewBox", "").split()[:3] == ["0", "0", str(chart.width)]


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_svg_names_itself_to_screen_readers(chart: Chart) -> None:
    root = drawn(chart)
    named = {e.get("id"): e.text for e in root if tag(e) in {"title", "desc"}}
    assert named[root.get("aria-labelledby")] == chart.title
    assert named[root.get("aria-describedby")]
    assert root.get("role") == ("group" if any(p.href for p in chart.points) else "img")


def test_svg_links_every_mark_once_for_the_keyboard() -> None:
    found = [(e.get("href"), e.get("aria-label")) for e in links(CHARTS["stacked"])]
    assert len(found) == 36
    assert found[0] == ("/0/0", "政治监督，思明区：0件")


def test_svg_links_the_value_again_for_the_finger() -> None:
    again = [e for e in drawn(bar()).iter(f"{NAMESPACE}a") if e.get("aria-hidden")]
    assert [(e.get("href"), e.get("tabindex")) for e in again] == [(p.href, "-1") for p in bar().points]


def test_svg_tells_a_mark_without_link_by_its_title() -> None:
    marks = [e for e in drawn(CHARTS["negative"]).iter(f"{NAMESPACE}path") if e.find(f"{NAMESPACE}title") is not None]
    assert [m.findtext(f"{NAMESPACE}title") for m in marks] == ["思明：12.5%", "湖里：−8.25%"]


def test_svg_hides_axes_from_screen_readers() -> None:
    hidden = [e for e in drawn(bar()).iter(f"{NAMESPACE}g") if e.get("aria-hidden") == "true"]
    assert "思明区" in {t for e in hidden for t in e.itertext()}


def test_svg_hides_the_halo_behind_values() -> None:
    halos = [e for e in drawn(CHARTS["line"]).iter(f"{NAMESPACE}text") if e.get("stroke")]
    assert [e.get("aria-hidden") for e in halos] == ["true"] * 12


def test_svg_describes_points_in_words() -> None:
    chart = Bar(title="各区", unit="件", points=(Point("思明", 3), Point("湖里", 9, shown="少于10件")))
    assert drawn(chart).findtext(f"{NAMESPACE}desc") == "思明：3件；湖里：少于10件"


def test_svg_description_ends_before_it_tires() -> None:
    chart = Bar(title="社区", points=tuple(Point(f"社区{i}", i) for i in range(60)))
    words = drawn(chart).findtext(f"{NAMESPACE}desc") or ""
    assert words.count("；") == 23
    assert words.endswith("社区23：23……")


def test_svg_shows_nasty_words_as_words() -> None:
    assert drawn(CHARTS["nasty"]).findtext(f"{NAMESPACE}title") == NASTY
    assert links(CHARTS["nasty"])[0].get("href") == "/a?x='\"<b>&y"
    assert any(t.startswith('"><script>') for t in texts(CHARTS["nasty"]))


def test_svg_takes_nothing_from_the_drawing_but_shapes() -> None:
    evil = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'
        '<style>*{}</style><script>x</script><image xlink:href="//e/x"/><foreignObject><p xmlns="u"/></foreignObject>'
        '<a xlink:href="//e/"><path d="M0,0" fill="red"/></a><use href="#x"/><animate/>'
        '<rect width="1.23456" fill="url(//e/x)"/>'
        '<path d="M1,1" fill="red" style="x" onclick="y" class="z" aria-label="7" role="graphics-symbol"/></svg>'
    )
    kept = fromstring(safe_svg(Bar(title="空"), evil))
    assert [(tag(e), dict(e.attrib)) for e in kept][2:] == [
        ("rect", {"width": "1.2"}),
        ("path", {"d": "M1,1", "fill": "red"}),
    ]


def test_svg_writes_long_labels_on_two_lines_and_cuts_them() -> None:
    lines = [[t.text for t in e] for e in drawn(bar()).iter(f"{NAMESPACE}text") if len(e)]
    assert lines == [["集美区（含灌口镇、后溪", "镇、侨英街道、杏林街…"]]


def test_svg_keeps_two_units_of_one_name_apart() -> None:
    chart = Bar(title="社区", points=(Point("西滨社区", 1, href="/1"), Point("西滨社区", 2, href="/2")))
    assert [e.get("href") for e in links(chart)] == ["/1", "/2"]
    assert texts(chart).count("西滨社区") == 2


def test_svg_of_a_stack_ends_with_its_total() -> None:
    chart = StackedBar(title="类别", points=(Point("甲", 0.1, series="一"), Point("甲", 0.2, series="二")))
    assert "0.3" in texts(chart)


def test_svg_of_a_stack_with_words_of_the_caller_has_no_total() -> None:
    points = (Point("甲", 43, series="一"), Point("甲", 3, series="二", shown="少于5"), Point("乙", 57, series="一"))
    found = texts(StackedBar(title="类别", points=points))
    assert ("46" in found, "57" in found) == (False, True)


def test_svg_of_zeros_has_axis_without_halves() -> None:
    assert [t for t in texts(CHARTS["zero line"]) if t not in {"一月", "二月"}] == ["0", "1", "0", "0"]


def test_svg_without_points_says_so() -> None:
    assert texts(CHARTS["empty"]) == ["暂无数据"]


def test_svg_of_many_months_shows_each_few() -> None:
    chart = Line(title="月度", points=tuple(Point(f"{2020 + i // 12}-{i % 12 + 1:02}", i) for i in range(36)))
    shown = [t for t in texts(chart) if t.startswith("20") and "-" in t]
    assert shown[:3] == ["2020-01", "2020-07", "2021-01"]


def test_svg_is_drawn_once_for_equal_charts() -> None:
    assert to_svg(bar()) is to_svg(bar())


def test_svg_ids_differ_between_charts() -> None:
    first, second = drawn(bar()), drawn(bar(title="另一个"))
    assert first.get("aria-labelledby") != second.get("aria-labelledby")


def test_svg_needs_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "socket", None)
    assert to_svg(bar(title="断网")).startswith("<svg ")


def lightness(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * p for weight, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("colour", [*palette.SERIES, palette.SINGLE, palette.AXIS])
def test_palette_marks_stand_out_from_paper(colour: str) -> None:
    assert 1.05 / (lightness(colour) + 0.05) >= 3


@pytest.mark.parametrize("colour", [palette.INK, palette.QUIET])
def test_palette_words_can_be_read(colour: str) -> None:
    assert 1.05 / (lightness(colour) + 0.05) >= 4.5


def test_palette_survives_a_grey_printer() -> None:
    steps = sorted(116 * lightness(c) ** (1 / 3) - 16 for c in palette.SERIES)
    assert min(b - a for a, b in pairwise(steps)) >= 7.5


def test_palette_has_a_look_for_each_series() -> None:
    assert len({str(d) for d in palette.DASHES}) == len(set(palette.SHAPES)) == len(set(palette.SERIES)) == 6
