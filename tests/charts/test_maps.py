"""Colours of a map say what its numbers say; every place is a link with its number in words; nothing of a page's style stands in it."""

import re

from defusedxml.ElementTree import fromstring
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiandu.base.charts.maps import STEPS, Area, outlined, step_of, steps_of, tiled

SQUARE = ((0.0, 0.0), (100.0, 0.0), (100.0, 80.0), (0.0, 80.0))
FAR = tuple((x + 150, y) for x, y in SQUARE)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=80)
@given(st.lists(st.none() | st.integers(0, 10**12), max_size=40))
def test_each_number_stands_in_the_step_of_its_colour(values: list[int | None]) -> None:
    steps = steps_of(values)
    by_number = {str(one.number): one for one in steps}
    assert len([one for one in steps if one.number]) <= STEPS
    for value in values:
        found = step_of(value, steps)
        if value is None:
            assert found == "none"
        else:
            assert by_number[found].least <= value <= by_number[found].most
    known = sorted({value for value in values if value is not None})
    numbers = [int(step_of(value, steps)) for value in known]
    assert numbers == sorted(numbers)  # more is never paler
    assert sorted({str(one.number) for one in steps}) == sorted({step_of(value, steps) for value in known})


def test_a_map_links_each_place_and_says_its_number() -> None:
    areas = [
        Area("甲区", 12, "12", "/desk/?district=1", (SQUARE,)),
        Area("乙<区>", 0, "0", "/desk/?district=2&on=2022-01-01", (FAR,)),
        Area("丙区", None, "—", "", (tuple((x, y + 100) for x, y in SQUARE),)),
    ]
    steps = steps_of([12, 0, None])
    for drawn in (outlined("资产", areas, steps, (250.0, 180.0)), tiled("资产", areas, steps)):
        assert not re.search(r"style=|<script|<style|on[a-z]+=|javascript:", drawn)
        root = fromstring(drawn)
        places = [one for one in root if "map-place" in one.get("class", "")]
        assert [(one.tag, one.get("class"), one.get("href")) for one in places] == [
            ("a", "map-place step-4", "/desk/?district=1"),
            ("a", "map-place step-0", "/desk/?district=2&on=2022-01-01"),
            ("g", "map-place step-none", None),
        ]
        assert [one.get("aria-label") for one in places] == ["甲区：12", "乙<区>：0", "丙区：—"]
        assert [text.text for one in places for text in one.iter("text")] == ["甲区", "12", "乙<区>", "0", "丙区", "—"]


def test_labels_that_would_cover_each_other_are_left_to_the_table() -> None:
    small = tuple((x / 50 + 40, y / 50 + 30) for x, y in SQUARE)
    areas = [Area("大区", 9, "9", "/a", (SQUARE,)), Area("小街道", 4, "4", "/b", (small,))]
    drawn = fromstring(outlined("资产", areas, steps_of([9, 4]), (100.0, 80.0)))
    assert [text.text for text in drawn.iter("text")] == ["大区", "9"]
    assert [one.get("aria-label") for one in drawn] == ["大区：9", "小街道：4"]


def test_tiles_stand_where_they_stood() -> None:
    areas = [Area(f"{number}街道", number, str(number), f"/{number}") for number in range(9)]
    steps = steps_of(range(9))
    assert tiled("甲", areas, steps) == tiled("甲", areas, steps)
    boxes = [(one.get("x"), one.get("y")) for one in fromstring(tiled("甲", areas, steps)).iter("rect")]
    assert len(set(boxes)) == 9
    assert boxes[4] == (boxes[0][0], "56")
