from decimal import Decimal

import pytest

from jiandu.base.charts.chart import MAX_POINTS, Bar, Line, Point, StackedBar, digits, plain
from jiandu.base.charts.labels import shorten, width, wrap


@pytest.mark.parametrize(
    "href",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "/\t/evil.example/",
        "/\n/evil.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "desk/findings/",
        "?state=open",
        " /desk/",
        "/desk/ x",
        "/desk/\\x",
    ],
)
def test_point_refuses_link_out_of_the_site(href: str) -> None:
    with pytest.raises(ValueError, match="path of this site"):
        Point("思明区", 1, href=href)


@pytest.mark.parametrize("href", ["", "/", "/desk/findings/?state=open&unit=思明#rows", "/a//b/"])
def test_point_takes_path_of_the_site(href: str) -> None:
    assert Point("思明区", 1, href=href).href == href


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), Decimal("-Infinity")])
def test_point_refuses_what_is_no_number(value: float | Decimal) -> None:
    with pytest.raises(ValueError, match="finite"):
        Point("思明区", value)


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0"), (1234, "1,234"), (12.0, "12"), (Decimal("12.50"), "12.5"), (-8.25, "−8.25"), (0.1 + 0.2, "0.3")],
)
def test_digits_write_equal_numbers_alike(value: float | Decimal, written: str) -> None:
    assert digits(value) == written


def test_point_is_written_in_the_words_of_the_caller() -> None:
    assert Point("收回资金", 9_500_000, shown="950余万元").text == "950余万元"


def test_plain_leaves_out_what_xml_forbids() -> None:
    assert plain("思\x00明\ud800区\n 甲\ufffe") == "思明区 甲"


def test_chart_names_series_in_order_of_appearance() -> None:
    points = (Point("一月", 1, series="约谈"), Point("一月", 2, series="信访"), Point("二月", 3, series="约谈"))
    assert Line(title="月度", points=points).series == ("约谈", "信访")


def test_chart_without_series_has_none() -> None:
    assert Bar(title="问题", points=(Point("思明区", 1),)).series == ()


@pytest.mark.parametrize("kind", [Line, StackedBar])
def test_chart_refuses_label_twice_in_a_series(kind: type[Line] | type[StackedBar]) -> None:
    with pytest.raises(ValueError, match="only once"):
        kind(title="月度", points=(Point("一月", 1, series="约谈"), Point(" 一月", 2, series="约谈")))


def test_bar_keeps_two_units_of_one_name() -> None:
    assert len(Bar(title="社区", points=(Point("西滨社区", 1), Point("西滨社区", 2))).points) == 2


def test_bar_with_series_refuses_label_twice() -> None:
    with pytest.raises(ValueError, match="only once"):
        Bar(title="同比", points=(Point("思明", 1, series="2022年"), Point("思明", 2, series="2022年")))


def test_chart_refuses_more_series_than_can_be_told_apart() -> None:
    with pytest.raises(ValueError, match="6 series"):
        StackedBar(title="类别", points=tuple(Point("思明", 1, series=str(i)) for i in range(7)))


def test_chart_refuses_too_many_points() -> None:
    with pytest.raises(ValueError, match="400 points"):
        Bar(title="社区", points=tuple(Point("甲", 1) for _ in range(MAX_POINTS + 1)))


@pytest.mark.parametrize("units", [239, 1201])
def test_chart_refuses_width_out_of_bounds(units: int) -> None:
    with pytest.raises(ValueError, match="240 to 1200"):
        Bar(title="社区", width=units)


@pytest.mark.parametrize(("text", "halves"), [("思明区", 6), ("abc", 3), ("（一）", 6), ("a\u0301", 1), ("", 0)])
def test_width_counts_half_characters(text: str, halves: int) -> None:
    assert width(text) == halves


@pytest.mark.parametrize(("text", "cut"), [("思明区", "思明区"), ("思明区纪委监委", "思明…"), ("abcdefgh", "abcd…")])
def test_shorten_ends_in_an_ellipsis(text: str, cut: str) -> None:
    assert shorten(text, 6) == cut


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("思明区", "思明区"),
        ("思明区纪委监委", "思明区\n纪委…"),
        ("ab cdefg", "ab\ncdefg"),
        ("abcdefgh", "abcdef\ngh"),
        ("", ""),
        ("甲\n乙", "甲 乙"),
    ],
)
def test_wrap_breaks_at_words_and_cuts_the_rest(text: str, lines: str) -> None:
    assert wrap(text, 6) == lines


def test_wrap_moves_on_where_nothing_fits() -> None:
    assert wrap("国" * 4, 1) == "国\n国…"
