"""村集体分布图: colours and numbers say the same, outlines where they are kept, and only what is in scope."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from django.test import Client
from tests.ledgers.collectives import NOW, VILLAGE, asset, filled, told
from tests.ledgers.conftest import city  # noqa: F401 -- a fixture
from tests.surfaces.counting import MOST, questions
from tests.surfaces.desk.test_findings import client_of
from tests.world import SYSTEM, World, as_

from jiandu.__main__ import main
from jiandu.net.subjects.models import Region
from jiandu.sources.ledgers.collectives import Collective, LedgerKind
from jiandu.sources.ledgers.services.collectives import NewCollective, register_collective

PLACE = "/desk/collectives/places/"
DISTRICT, OTHER = "区纪委书记", "350206"  # 湖里区


@pytest.fixture
def village(city: World) -> Collective:
    one = filled(city)
    with as_(SYSTEM) as by:
        place = Region.objects.get(code=f"{OTHER}001")
        unit = city.unit("北山村")
        new = NewCollective("北山村合作社", unit, city.offices["第二监督检查室"], place)
        other = register_collective(new=new, by=by)
    told(other, LedgerKind.ASSET, *(asset(f"ZC-{number}") for number in range(7)), on=date(2022, 6, 30))
    return one


def pictures(page: str) -> dict[str, tuple[str, str, str | None]]:
    """Place → (colour, number, where it leads)."""
    found = {}
    for drawn in re.findall(r'<svg viewBox="[^"]*" class="map" role.*?</svg>', page, re.DOTALL):
        for one in fromstring(drawn):
            name, _colon, number = one.get("aria-label", "").partition("：")
            found[name] = (one.get("class", "").removeprefix("map-place "), number, one.get("href"))
    return found


def shown(world: World, query: str = "", who: str = DISTRICT) -> tuple[str, dict[str, tuple[str, str, str | None]]]:
    answer: Any = client_of(world, who).get(f"{PLACE}?on={NOW}&{query}")
    assert answer.status_code == 200
    text = answer.content.decode()
    return text, pictures(text)


def test_tiles_say_that_they_are_schematic_and_lead_to_the_villages(world: World, village: Collective) -> None:
    page, places = shown(world)
    assert "示意图" in page
    step, number, href = places["筼筜街道"]
    assert (step, number) == ("step-4", "2")
    assert href == f"/desk/collectives/?district={village.district_id}&street={village.street_id}&on={NOW}"
    assert places["厦港街道"] == ("step-none", "—", None)
    assert "龙山街道" not in places
    numbers = {"assets": "2", "occupied": "1", "owed": "2.70", "ending": "1", "findings": "0"}
    for measure, wanted in numbers.items():
        page, places = shown(world, f"measure={measure}&district={village.district_id}")
        assert places["筼筜街道"][1] == wanted
        assert places["筼筜街道"][0] == ("step-0" if wanted == "0" else "step-4")
        assert page.count("<h3>") == 1


def test_open_findings_of_a_village_are_counted_on_its_place(world: World, village: Collective) -> None:
    world.finding(unit=VILLAGE, office="思明区纪委监委")
    assert shown(world, "measure=findings")[1]["筼筜街道"][:2] == ("step-4", "1")


def test_each_sees_the_numbers_of_his_own_scope(world: World, village: Collective) -> None:
    """The control: whoever sees both has both, and the colours then say which is more."""
    every = shown(world, who="书记")[1]
    own = shown(world)[1]
    assert (own["筼筜街道"][1], "湖里街道" in own) == ("2", False)
    assert (every["筼筜街道"][:2], every["湖里街道"][:2]) == (("step-3", "2"), ("step-4", "7"))
    page = shown(world, f"district={Region.objects.get(code=OTHER).pk}")[0]
    assert "还没有导入村集体台账" in page
    assert "北山" not in page
    stranger, places = shown(world, who="干部甲")
    assert places == {}
    assert "还没有导入村集体台账" in stranger


def test_outlines_are_drawn_where_the_installation_keeps_them(
    world: World, village: Collective, tmp_path: Path
) -> None:
    path = tmp_path / "city.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [box("350203", 118.0), box(OTHER, 118.1)]}))
    assert main(["import", "map", str(path)]) == 0
    assert "示意图" in shown(world)[0]  # a preview keeps nothing
    assert main(["import", "map", str(path), "--commit"]) == 0
    page, places = shown(world, "measure=assets", who="书记")
    assert "示意图" not in page
    assert "<path" in page
    assert {name: (step, number) for name, (step, number, _href) in places.items()} == {
        "思明区": ("step-3", "2"),
        "湖里区": ("step-4", "7"),
    }
    assert places["思明区"][2] == f"{PLACE}?measure=assets&on={NOW}&district={village.district_id}"
    assert "示意图" in shown(world, f"district={village.district_id}")[0]  # its towns have none
    own, towns = shown(world)
    assert ("示意图" in own, towns["筼筜街道"][1], "思明区" in towns) == (
        True,
        "2",
        False,
    )  # of one district: its towns


def box(code: str, x: float) -> dict[str, Any]:
    ring = [[x, 24.4], [x + 0.1, 24.4], [x + 0.1, 24.5], [x, 24.5], [x, 24.4]]
    return {"type": "Feature", "properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def test_a_wrong_map_is_refused_with_its_place(world: World, village: Collective, tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "city.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [box("350203", 118.0), box("999999", 118)]}))
    assert main(["import", "map", str(path), "--commit", "--json"]) == 2
    assert "第2个要素" in capsys.readouterr().out
    assert main(["import", "map", str(tmp_path / "none.geojson")]) == 2
    assert "示意图" in shown(world)[0]


def test_a_map_asks_few_statements_and_takes_any_question(world: World, village: Collective) -> None:
    client: Client = client_of(world, DISTRICT)
    asked = questions(client, [PLACE, f"{PLACE}?district={village.district_id}&measure=findings"])
    assert {page: len(sql) for page, sql in asked.items() if len(sql) > MOST} == {}
    for query in ("measure=nothing", "district=x", "district=99999999999999999999", "on=never", "district=-1"):
        assert client.get(f"{PLACE}?{query}").status_code == 200, query
