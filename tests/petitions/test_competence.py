"""管辖 follows who manages the cadre: at each level, for bodies next below, for bureaux; who deviates says why."""

from typing import Any

import pytest
from tests.petitions import city as cities
from tests.petitions.city import DISTRICT_OFFICE, OFFICE, new, registered
from tests.petitions.test_registering import refusal
from tests.world import SYSTEM, World, as_

from jiandu.base.core.errors import Refused
from jiandu.net.subjects.models import Organisation
from jiandu.sources.petitions.competence import LEVELS, Managed, is_superior, proposed, settle
from jiandu.sources.petitions.models import Petition
from jiandu.sources.petitions.offices import level_of
from jiandu.sources.petitions.services import registering
from jiandu.sources.petitions.vault import Content


def settled(*, level: str = "city", kind: str = "accusation", said: str = "", why: str = "", **managed: Any):
    return settle(kind=kind, level=level, managed=Managed(**({"authority": "city"} | managed)), said=said, why=why)


@pytest.mark.parametrize("level", LEVELS)
def test_what_the_own_level_manages_is_own_what_is_below_is_the_lower_bodys_and_above_nothing_is_taken(level):
    found = {
        authority: "superior" if is_superior(level, Managed(authority)) else str(proposed(level, Managed(authority)))
        for authority in LEVELS
    }
    place = LEVELS.index(level)
    assert list(found.values()) == ["superior"] * place + ["own"] + ["lower"] * (len(LEVELS) - place - 1)


@pytest.mark.parametrize(
    ("level", "authority", "unit", "is_unit_alone", "competence"),
    [
        ("city", "district", "中共思明区委", True, "own"),
        ("city", "district", "思明区纪委监委", True, "own"),
        ("city", "district", "思明区住建局", True, "lower"),  # no committee of a place
        ("city", "district", "中共思明区委", False, "lower"),  # one of its cadres
        ("city", "town", "筼筜街道党工委", True, "lower"),  # two levels below
        ("district", "town", "筼筜街道党工委", True, "own"),
    ],
)
def test_the_committee_next_below_is_ours_as_a_body(level, authority, unit, is_unit_alone, competence):
    assert proposed(level, Managed(authority, unit=unit, is_unit_alone=is_unit_alone)) == competence


@pytest.mark.parametrize(
    ("managed_by", "competence"),
    [
        ("国家税务总局厦门市税务局党委", "organ"),
        ("厦门海关党委", "organ"),
        ("中国工商银行", "organ"),
        ("厦门市委组织部", "own"),
        ("市教育局党组", "own"),
        ("中共厦门市委", "own"),
        ("", "own"),
    ],
)
def test_whom_a_bureau_manages_belongs_to_the_commission_of_the_bureau(managed_by, competence):
    assert settled(managed_by=managed_by).competence == competence


def test_a_bureau_of_a_ministry_is_not_a_superiors_though_the_level_says_central():
    assert settled(authority="central", managed_by="厦门海关").competence == "organ"
    with pytest.raises(Refused) as refused:
        settled(authority="central")
    assert refused.value.rule == "superior-competence"


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"authority": "province"}, "superior-competence"),
        ({"authority": "province", "said": "own", "why": "上级指定"}, "superior-competence"),
        ({"authority": ""}, "authority-needed"),
        ({"authority": "", "said": "own"}, "authority-needed"),
        ({"authority": "district", "said": "own"}, "competence-why"),
        ({"authority": "district", "said": "own", "why": "  "}, "competence-why"),
    ],
)
def test_what_is_refused(more, rule):
    with refusal(rule):
        settled(**more)


@pytest.mark.parametrize(
    ("more", "competence", "why"),
    [
        ({"authority": "district", "said": "own", "why": "提级办理"}, "own", "提级办理"),
        ({"authority": "district", "said": "lower", "why": "不必要的话"}, "lower", ""),
        ({"authority": "", "said": "lower", "why": "只写了姓氏"}, "lower", "只写了姓氏"),
        ({"kind": "advice", "authority": ""}, "own", ""),
        ({"kind": "outside", "authority": "province"}, "own", ""),
        ({"kind": "outside", "authority": "", "said": "organ"}, "organ", ""),
    ],
)
def test_what_is_recorded(more, competence, why):
    found = settled(**more)
    assert (found.competence, found.why) == (competence, why)


def test_the_level_is_the_commissions(city: World):
    city.office("集美区纪委监委", "commission", "市纪委监委")
    city.office("集美街道纪工委", "town", "集美区纪委监委")
    found = {name: level_of(city.offices[name]) for name in (OFFICE, DISTRICT_OFFICE, "集美街道纪工委")}
    assert found == {OFFICE: "city", DISTRICT_OFFICE: "district", "集美街道纪工委": "town"}


def test_a_commission_says_its_level_by_its_name(world: World):
    world.office("某省纪委监委", "commission")
    world.office("某县纪委监委", "commission")
    world.office("县信访室", "department", "某县纪委监委")
    world.office("机关纪委", "commission")
    found = {name: level_of(world.offices[name]) for name in ("某省纪委监委", "县信访室", "机关纪委")}
    assert found == {"某省纪委监委": "province", "县信访室": "district", "机关纪委": "city"}


def test_the_units_manager_stands_in_for_the_cadres(city: World):
    with as_(SYSTEM):
        Organisation.objects.filter(name="市教育局").update(authority="district")
        city.units["市教育局"].refresh_from_db()
    by_unit = registered(city, unit="市教育局", authority="")
    by_cadre = registered(city, unit="市教育局", authority="city")
    assert [(row.authority, row.competence) for row in (by_unit, by_cadre)] == [("district", "lower"), ("city", "own")]


def test_a_superiors_item_leaves_nothing_behind(city: World):
    with as_(city.viewer("信访甲")) as by, refusal("superior-competence"):
        registering.register(new=new(city, authority="province"), by=by)
    with as_(city.viewer("区信访")) as by, refusal("superior-competence"):
        registering.register(new=new(city, office=DISTRICT_OFFICE, authority="city"), by=by)
    with as_(SYSTEM):
        assert Petition.objects.count() == 0
    assert registered(city, authority="city").competence == "own"  # the same letter, of one whom the city manages


def test_a_correction_goes_by_the_same_rule(city: World):
    petition = registered(city)
    with as_(SYSTEM) as by:
        said = {"petition": petition, "by": by, "subject": None, "reason": "核对干部名册"}
        with refusal("competence-why"):
            registering.amend_tags(tags=cities.tags(authority="district", competence="own"), **said)
        with refusal("superior-competence"):
            registering.amend_tags(tags=cities.tags(authority="province"), **said)
        with refusal("main-nature"):
            registering.amend_tags(tags=cities.tags(nature="work", further_natures=("work",)), **said)
        row = registering.amend_tags(tags=cities.tags(authority="district", managed_by=" 区委组织部 "), **said)
    assert (row.authority, row.competence, row.competence_why, row.managed_by) == (
        "district",
        "lower",
        "",
        "区委组织部",
    )


def test_who_is_named_is_no_body(city: World):
    """The same unit: reported as a body, and with somebody of it."""
    city.unit("中共思明区委")
    with as_(SYSTEM):
        Organisation.objects.filter(name="中共思明区委").update(authority="district")
        city.units["中共思明区委"].refresh_from_db()
    bare = {"unit": "中共思明区委", "authority": "", "rank": "", "content": Content("反映区委集体决策违反程序")}
    body = registered(city, **bare)
    cadre = registered(city, **(bare | {"content": Content("反映其干部收礼", person="张某某")}))
    ranked = registered(city, **(bare | {"rank": "township"}))
    assert [row.competence for row in (body, cadre, ranked)] == ["own", "lower", "lower"]


@pytest.mark.parametrize("said", [{"why": "当事人11010519491231002X自述"}, {"managed_by": "11010519491231002X"}])
def test_what_lies_in_clear_takes_no_identity_number(said: dict[str, str]):
    with refusal("clear-number"):
        settled(said="lower", **said)
    assert settled(said="lower", why="11010519491231002号文件").why  # control: digits that are no such number
