"""Boundaries of districts and towns out of the installation's own GeoJSON. None is shipped: whose it is decides who may draw it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.subjects.models import Region, RegionOutline
from jiandu.net.subjects.names import tidy
from jiandu.net.subjects.outlines import Position, Rings, fitting, packed

MOST_BYTES = 20_000_000
MOST_FEATURES = 2_000
MOST_POSITIONS = 1_000_000
BATCH = 400
SHOWN = 20  # problems that are told
LEAST = 4  # positions of a ring: the last is the first again
CODES = ("code", "adcode", "代码", "区划代码", "行政区划代码", "XZQDM", "gb", "GB")
NAMES = ("name", "名称", "NAME", "XZQMC", "行政区名称")
DRAWN = (Region.Kind.DISTRICT, Region.Kind.TOWN, Region.Kind.ZONE)
Rough = list[list[Position]]


class Wrong(ValueError):
    """What is wrong with a feature, in both languages."""


@dataclass(frozen=True)
class Shape:
    """A feature of the file: where it stands there, its code, its name, its rings in degrees."""

    number: int
    code: str
    name: str
    rings: Rough


@dataclass(frozen=True)
class Drawn:
    """What a file gives: region → its rings on the grid, the grid's step, what of the file is no district or town."""

    outlines: dict[Region, Rings]
    step: int
    beside: tuple[str, ...]

    @property
    def spots(self) -> int:
        return sum(len(ring) for rings in self.outlines.values() for ring in rings)


def read_boundaries(path: Path) -> list[Shape]:
    """The features of a file. Raises Refused (map-file) with each problem in both languages."""
    content = _content(path)
    if not isinstance(content, dict) or content.get("type") != "FeatureCollection":
        raise Refused("map-file", f"{path.name} 不是 GeoJSON 要素集 · not a GeoJSON FeatureCollection")
    features = content.get("features")
    if not isinstance(features, list) or not features:
        raise Refused("map-file", f"{path.name} 没有任何要素 · holds no features")
    if len(features) > MOST_FEATURES:
        raise Refused("map-file", f"要素多于{MOST_FEATURES}个 · more than {MOST_FEATURES} features: {len(features)}")
    problems: list[str] = []
    shapes, left = [], MOST_POSITIONS
    for number, feature in enumerate(features, 1):
        try:
            shape = _shape(number, feature, left)
        except Wrong as wrong:
            problems.append(f"第{number}个要素：{wrong} (feature {number})")
            continue
        left -= sum(map(len, shape.rings))
        shapes.append(shape)
    _refuse(problems)
    return shapes


def _content(path: Path) -> Any:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refused("map-file", f"{path.name} 大于20兆 · larger than 20 MB")
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Refused("map-file", f"无法读取文件 {path} · cannot read the file: {error.strerror}") from error
    except RecursionError as error:
        raise Refused("map-file", f"{path.name} 嵌套过深 · nested too deeply") from error
    except ValueError as error:
        raise Refused(
            "map-file", f"{path.name} 不是 GeoJSON（UTF-8 编码的 JSON）· not JSON in UTF-8: {error}"
        ) from error


def _shape(number: int, feature: Any, left: int) -> Shape:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise Wrong("应为 Feature · should be a Feature")
    said = feature.get("properties")
    said = said if isinstance(said, dict) else {}
    code = _first(said, CODES) or str(feature.get("id", "") or "")
    code, name = _plain_code(code), tidy(_first(said, NAMES))[:64]
    if not code and not name:
        raise Wrong("没有代码(code)也没有名称(name) · neither code nor name")
    rings = list(_rings(feature.get("geometry")))
    if sum(map(len, rings)) > left:
        raise Wrong(f"全部坐标多于{MOST_POSITIONS}个 · more than {MOST_POSITIONS} positions in all")
    return Shape(number, code, name, rings)


def _first(said: dict[str, Any], keys: tuple[str, ...]) -> str:
    return next((str(said[key]).strip() for key in keys if said.get(key) not in (None, "")), "")


def _plain_code(text: str) -> str:
    """The division's code: 156350203, 350203000000 and 350203 are one."""
    if not (text.isascii() and text.isdigit()):
        return ""
    code = text.removeprefix("156") if len(text) in {9, 15} and text.startswith("156") else text
    if len(code) == 12 and code.endswith("000"):
        code = code[:9]
    return code[:6] if len(code) == 9 and code.endswith("000") else code


def _rings(geometry: Any) -> Iterator[list[Position]]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in {"Polygon", "MultiPolygon"}:
        raise Wrong("应为面(Polygon、MultiPolygon) · should be a Polygon or MultiPolygon")
    held = geometry.get("coordinates")
    polygons = [held] if kind == "Polygon" else held
    if not isinstance(polygons, list) or not polygons:
        raise Wrong("没有坐标 · no coordinates")
    for polygon in polygons:
        if not isinstance(polygon, list) or not polygon:
            raise Wrong("没有坐标 · no coordinates")
        yield from (_ring(ring) for ring in polygon)


def _ring(ring: Any) -> list[Position]:
    if not isinstance(ring, list) or len(ring) < LEAST:
        raise Wrong("每个环应有至少4个坐标 · a ring should have at least 4 positions")
    found = [_position(one) for one in ring]
    if found[0] != found[-1]:
        raise Wrong("环没有闭合：末点应与首点相同 · a ring should end where it begins")
    return found


def _position(one: Any) -> Position:
    if not isinstance(one, list) or len(one) < 2 or not all(_is_number(value) for value in one[:2]):
        raise Wrong(f"坐标应为[经度, 纬度]：{str(one)[:40]} · a position should be [longitude, latitude]")
    east, north = float(one[0]), float(one[1])
    if abs(east) <= 90 < abs(north) <= 180:
        raise Wrong(
            f"经纬度次序颠倒，应为[经度, 纬度]：{one[:2]} · latitude comes first; it should be [longitude, latitude]"
        )
    if abs(east) > 180 or abs(north) > 90:
        words = "坐标应为经纬度(度)，不是投影坐标 · positions should be in degrees, not projected"
        raise Wrong(f"{words}：{str(one[:2])[:60]}")
    return east, north


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12 and isfinite(value)


def _refuse(problems: list[str]) -> None:
    if problems:
        more = [f"……共{len(problems)}处 · {len(problems)} in all"] if len(problems) > SHOWN else []
        raise Refused("map-file", "\n".join(problems[:SHOWN] + more))


def match_boundaries(shapes: list[Shape]) -> Drawn:
    """Which district or town each feature is. Raises Refused (map-file) for what is known to be none, or said twice."""
    regions = {one.code: one for one in Region.objects.order_by("code")}
    by_name: dict[str, list[Region]] = {}
    for one in regions.values():
        if one.kind in DRAWN:
            by_name.setdefault(one.name, []).append(one)
    found: dict[Region, Rough] = {}
    problems, beside = [], []
    for shape in shapes:
        try:
            region = _region(shape, regions, by_name)
        except Wrong as wrong:
            problems.append(f"第{shape.number}个要素：{wrong} (feature {shape.number})")
            continue
        if region in found:
            said = f"{region.name}({region.code}) 重复 · appears twice"
            problems.append(f"第{shape.number}个要素：{said} (feature {shape.number})")
        elif region.kind in DRAWN:
            found[region] = shape.rings
        else:
            beside.append(f"{shape.code} {shape.name}".strip())
    _refuse(problems or ([] if found else ["没有区县、镇街的边界 · no boundary of a district or town"]))
    made, step = fitting(list(found.values()))
    return Drawn(dict(zip(found, made, strict=True)), step, tuple(beside))


def _region(shape: Shape, regions: dict[str, Region], by_name: dict[str, list[Region]]) -> Region:
    """By its code, else by its name."""
    if shape.code in regions:
        return regions[shape.code]
    own = by_name.get(shape.name, [])
    if len(own) == 1:
        return own[0]
    said = f"{shape.code} {shape.name}".strip()
    if own:
        codes = "、".join(one.code for one in own)
        raise Wrong(f"有几个区划叫“{shape.name}”，请写明代码：{codes} · several divisions bear the name; give the code")
    raise Wrong(f"区划中没有“{said}” · no such division")


@transaction.atomic
def load_boundaries(path: Path, *, by: Viewer) -> Drawn:
    """Take the boundaries of a file over in the place of those kept of the same divisions. Raises Refused: not-allowed, map-file."""
    if not guard.allow(by, "edit", Region):
        raise Refused("not-allowed", _("您没有维护单位档案的权限"))
    drawn = match_boundaries(read_boundaries(path))
    held = {row.region_id: row for row in RegionOutline.objects.filter(region__in=list(drawn.outlines))}
    rows = [_outline(held.get(region.pk), region, rings, path.name) for region, rings in drawn.outlines.items()]
    RegionOutline.objects.bulk_update([row for row in rows if row.pk], ["rings", "source"], batch_size=BATCH)
    RegionOutline.objects.bulk_create([row for row in rows if not row.pk], batch_size=BATCH)
    said = {"file": path.name[:200], "drawn": len(drawn.outlines), "spots": drawn.spots, "step": drawn.step}
    record(by, "region.outline", None, payload=said)
    return drawn


def _outline(held: RegionOutline | None, region: Region, rings: Rings, source: str) -> RegionOutline:
    row = held or RegionOutline(region=region)
    row.rings, row.source = packed(rings), source[:200]
    return row
