"""Boundaries of the installation's own: the good file, each wrong one told in place, a grid on which neighbours stay neighbours."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.net.subjects import boundaries
from jiandu.net.subjects.boundaries import Drawn, load_boundaries, read_boundaries
from jiandu.net.subjects.divisions import load_divisions
from jiandu.net.subjects.models import RegionOutline
from jiandu.net.subjects.outlines import MOST_SPOTS, area, edges, fitting, packed, quantized, unpacked
from jiandu.net.subjects.selectors import outlines_of

BY = guard.system("tests")
NOBODY = guard.Viewer(key="user:1", name="路人", user_id=1)
SIMING, XIANG_AN = "350203", "350213"


def square(x: float, y: float, size: float = 0.1) -> list[list[float]]:
    return [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]


def feature(geometry: Any = None, **properties: Any) -> dict[str, Any]:
    shape = {"type": "Polygon", "coordinates": [square(118.1, 24.4)]} if geometry is None else geometry
    return {"type": "Feature", "properties": properties, "geometry": shape}


def written(folder: Path, *features: Any, whole: Any = None) -> Path:
    path = folder / "map.geojson"
    content = {"type": "FeatureCollection", "features": list(features)} if whole is None else whole
    path.write_text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def load(path: Path, by: guard.Viewer = BY) -> Drawn:
    with guard.acting(by), transaction.atomic():
        return load_boundaries(path, by=by)


@pytest.fixture
def city(db: None) -> None:
    with guard.acting(BY), transaction.atomic():
        load_divisions(by=BY)


def test_loads_districts_and_towns_by_code_or_name(city: None, tmp_path: Path) -> None:
    two = {
        "type": "MultiPolygon",
        "coordinates": [[square(118.2, 24.6)], [square(118.5, 24.6), square(118.52, 24.62, 0.01)]],
    }
    path = written(
        tmp_path,
        feature(adcode=350203),
        feature(two, name="翔安区"),
        feature({"type": "Polygon", "coordinates": [square(118.1, 24.4, 0.01)]}, code="350203009000", name="别名"),
        feature(code="350200", name="厦门市"),
    )
    drawn = load(path)
    assert {region.code: len(rings) for region, rings in drawn.outlines.items()} == {
        SIMING: 1,
        XIANG_AN: 3,
        "350203009": 1,
    }
    assert drawn.beside == ("350200 厦门市",)
    kept = {row.region.code: row.rings for row in RegionOutline.objects.select_related("region")}
    assert kept[SIMING] == "1181000,244000 1182000,244000 1182000,245000 1181000,245000"
    load(written(tmp_path, feature({"type": "Polygon", "coordinates": [square(118, 24)]}, code=SIMING)))
    assert RegionOutline.objects.count() == 3  # of the same division in its place
    [own] = RegionOutline.objects.filter(region__code=SIMING)
    assert outlines_of(BY, [own.region_id])[own.region_id] == unpacked(own.rings) != unpacked(kept[SIMING])


BAD: dict[str, tuple[Any, str]] = {
    "text": ("not json", "不是 GeoJSON"),
    "a list": ([], "不是 GeoJSON"),
    "deep": ("[" * 100_000, ""),
    "shape file": ({"type": "Topology"}, "不是 GeoJSON"),
    "empty": ({"type": "FeatureCollection", "features": []}, "没有任何要素"),
    "many": ({"type": "FeatureCollection", "features": [1] * 2001}, "多于2000"),
    "no feature": ([7], "应为 Feature"),
    "nameless": ([feature()], "没有代码"),
    "stranger": ([feature(name="无名区")], "区划中没有"),
    "twice": ([feature(code=SIMING), feature(name="思明区")], "重复"),
    "point": ([feature({"type": "Point", "coordinates": [1, 2]}, code=SIMING)], "应为面"),
    "line": ([feature({"type": "Polygon", "coordinates": [[[118, 24], [118.1, 24], [118, 24]]]}, code=SIMING)], "至少4个"),
    "open": ([feature({"type": "Polygon", "coordinates": [square(118, 24)[:-1]]}, code=SIMING)], "没有闭合"),
    "swapped": ([feature({"type": "Polygon", "coordinates": [[p[::-1] for p in square(118, 24)]]}, code=SIMING)], "次序颠倒"),
    "projected": ([feature({"type": "Polygon", "coordinates": [square(39_500_000, 2_700_000)]}, code=SIMING)], "投影坐标"),
    "words": ([feature({"type": "Polygon", "coordinates": [[["a", 1]] * 4]}, code=SIMING)], "[经度, 纬度]"),
    "truth": ([feature({"type": "Polygon", "coordinates": [[[True, 1]] * 4]}, code=SIMING)], "[经度, 纬度]"),
    "huge": ([feature({"type": "Polygon", "coordinates": [[[10**400, 1]] * 4]}, code=SIMING)], "[经度, 纬度]"),
    "hollow": ([feature({"type": "MultiPolygon", "coordinates": [7]}, code=SIMING)], "没有坐标"),
    "none": ([feature(code="350200")], "没有区县、镇街的边界"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_refuses_a_wrong_file_and_says_where(city: None, tmp_path: Path, name: str) -> None:
    content, words = BAD[name]
    is_features = isinstance(content, list) and bool(content)
    path = written(tmp_path, *content) if is_features else written(tmp_path, whole=content)
    with pytest.raises(Refused) as refused:
        load(path)
    assert refused.value.rule == "map-file"
    assert words in refused.value.message
    assert RegionOutline.objects.count() == 0


def test_refuses_not_a_number_and_too_much(city: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ring = [["NaN"], *square(118, 24)]
    text = json.dumps(
        {"type": "FeatureCollection", "features": [feature({"type": "Polygon", "coordinates": [ring]}, code=SIMING)]}
    )
    with pytest.raises(Refused, match="经度, 纬度"):
        load(written(tmp_path, whole=text.replace('["NaN"]', "[NaN, 24]")))
    path = written(tmp_path, feature(code=SIMING))
    assert load(path).spots == 4  # the control
    monkeypatch.setattr(boundaries, "MOST_POSITIONS", 4)
    with pytest.raises(Refused, match="多于"):
        load(path)
    monkeypatch.setattr(boundaries, "MOST_BYTES", 10)
    with pytest.raises(Refused, match="20兆"):
        read_boundaries(path)


def test_only_who_keeps_the_directory_brings_a_map(city: None, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        load(written(tmp_path, feature(code=SIMING)), NOBODY)
    assert refused.value.rule == "not-allowed"


positions = st.tuples(st.floats(117.9, 118.4), st.floats(24.4, 24.9))
slow = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)


@slow
@given(st.lists(positions, min_size=3, max_size=30), st.sampled_from([1, 8, 64, 512]))
def test_a_ring_on_the_grid_keeps_its_shape_and_says_nothing_twice(ring: list[tuple[float, float]], step: int) -> None:
    snapped = tuple(tuple(round(value * 10_000 / step) * step for value in one) for one in ring)
    made = quantized(ring, step)
    assert set(made) <= set(snapped)
    assert area(made) == area(snapped)  # type: ignore[arg-type]
    assert quantized([(x / 10_000, y / 10_000) for x, y in made], step) == made
    assert all(a != b for a, b in edges(made))
    assert len(made) not in {1, 2}
    assert unpacked(packed((made,) if made else ())) == ((made,) if made else ())


@slow
@given(st.lists(positions, min_size=2, max_size=12, unique=True), st.sampled_from([1, 16, 256]))
def test_neighbours_keep_their_common_border(border: list[tuple[float, float]], step: int) -> None:
    """Two places on either side of a line: as much as is lost on one side is found on the other."""
    west = [(117.0, 24.0), *border, (117.0, 25.0)]
    east = [(119.0, 24.0), *border, (119.0, 25.0)]
    whole = [(117.0, 24.0), border[0], (119.0, 24.0), (119.0, 25.0), border[-1], (117.0, 25.0)]
    turned = [signed(quantized(ring, step)) for ring in (west, east, whole)]
    assert turned[0] - turned[1] == -turned[2] or turned[0] - turned[1] == turned[2]


def signed(ring: Any) -> int:
    return int(sum(x * z - u * y for (x, y), (u, z) in edges(ring)))


def test_a_large_file_is_kept_small_and_no_place_is_lost() -> None:
    def wavy(x: float) -> list[tuple[float, float]]:
        side = [(x + (number % 2) * 0.001, 24 + number * 0.0001) for number in range(5_000)]
        return [*side, (x + 0.5, 24.5), (x + 0.5, 24.0)]

    made, step = fitting([[wavy(117.0)], [wavy(118.0)], [[(118.1, 24.1), (118.10001, 24.1), (118.1, 24.10001)]]])
    assert sum(len(ring) for rings in made for ring in rings) <= MOST_SPOTS
    assert step > 1
    assert all(rings and all(len(ring) >= 3 for ring in rings) for rings in made)
