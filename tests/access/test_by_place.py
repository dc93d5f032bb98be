"""A town's commission reads its villages by place: what the district keeps of them, and nothing more than reading."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.ledgers.collectives import NOW, asset, told
from tests.ledgers.conftest import city  # noqa: F401 -- a fixture
from tests.surfaces.counting import MOST, questions
from tests.surfaces.desk.test_findings import client_of
from tests.world import START, SYSTEM, World, as_

from jiandu.base.core.errors import Refused
from jiandu.loop.findings.models import Finding
from jiandu.net.access.models import Level
from jiandu.net.access.policy import verbs
from jiandu.net.access.services import recuse_from_unit
from jiandu.net.overseers.models import Office, Supervision
from jiandu.net.overseers.services import end_supervision, supervise
from jiandu.net.subjects.models import Organisation, Region
from jiandu.net.subjects.services import NewOrganisation, register_organisation
from jiandu.sources.ledgers.collectives import Collective, LedgerKind
from jiandu.sources.ledgers.services.collectives import NewCollective, register_collective, withdraw_collective

TOWN_CODE, VILLAGE_CODE, ELSEWHERE = "350203009", "350203009016", "350203003"
OFFICER, PLACE = "街道干部", "/desk/collectives/"


def unit(city: World, name: str, kind: Organisation.Kind, code: str) -> Organisation:
    with as_(SYSTEM) as by:
        new = NewOrganisation(name=name, kind=kind, region=Region.objects.get(code=code))
        city.units[name] = register_organisation(new=new, by=by)
    return city.units[name]


def kept(city: World, village: Organisation, office: str = "思明区纪委监委") -> Collective:
    with as_(SYSTEM) as by:
        new = NewCollective(f"{village.name}合作社", village, city.offices[office])
        one = register_collective(new=new, by=by)
    told(one, LedgerKind.ASSET, asset(), on=date(2022, 6, 30))
    return one


@pytest.fixture
def town(city: World) -> World:
    """The town's unit, watched by its commission; in the town a village by its own code, one by the town's; one elsewhere."""
    unit(city, "筼筜街道", Organisation.Kind.TOWN, TOWN_CODE)
    for name, code in (("甲村", VILLAGE_CODE), ("乙村", TOWN_CODE), ("丙村", ELSEWHERE)):
        kept(city, unit(city, name, Organisation.Kind.VILLAGE, code))
    with as_(SYSTEM) as by:
        supervise(office=city.offices["筼筜街道纪工委"], organisation=city.units["筼筜街道"], since=START, by=by)
    return city


def seen(world: World, who: str = OFFICER) -> list[str]:
    with as_(world.viewer(who)):
        return sorted(Collective.objects.values_list("subject__name", flat=True))


def of(name: str) -> Collective:
    with as_(SYSTEM):
        return Collective.objects.get(subject__name=name)


def test_a_town_reads_the_villages_that_lie_in_it(town: World) -> None:
    assert seen(town) == ["乙村", "甲村"]
    assert seen(town, "区纪委书记") == ["丙村", "乙村", "甲村"]
    assert seen(town, "干部甲") == []


def test_without_the_supervision_of_its_town_it_reads_none(town: World) -> None:
    with as_(SYSTEM) as by:
        [one] = Supervision.objects.filter(office__name="筼筜街道纪工委")
        end_supervision(supervision=one, until=date(2022, 1, 1), by=by)
    assert seen(town) == []


def test_only_a_towns_commission_reads_by_place(town: World) -> None:
    """An office of the city that watches the town's own unit does not reach its villages by that."""
    with as_(SYSTEM) as by:
        supervise(office=town.offices["第一监督检查室"], organisation=town.units["筼筜街道"], since=START, by=by)
    assert Office.objects.get(name="第一监督检查室").kind != Office.Kind.TOWN
    assert seen(town, "干部甲") == []


def test_reading_by_place_is_reading_alone(town: World) -> None:
    one, own = of("甲村"), kept(town, town.unit("丁村"), "筼筜街道纪工委")
    viewer = town.viewer(OFFICER)
    with as_(viewer):
        assert verbs(viewer, one) == {"view"}
        assert verbs(viewer, own) == {"view", "create", "edit"}  # the control: what the town keeps itself
    with pytest.raises(Refused), as_(viewer) as by:
        withdraw_collective(one=one, by=by, reason="不归我管", on=date(2022, 12, 1))
    with pytest.raises(Refused), as_(viewer) as by:
        new = NewCollective(
            "戊村合作社", unit(town, "戊村", Organisation.Kind.VILLAGE, TOWN_CODE), town.offices["思明区纪委监委"]
        )
        register_collective(new=new, by=by)


def test_other_records_of_the_village_are_not_read_by_place(town: World) -> None:
    town.finding(problem="区里的问题", office="思明区纪委监委", unit="甲村")
    with as_(town.viewer(OFFICER)):
        assert Finding.objects.count() == 0
    with as_(town.viewer("区纪委书记")):
        assert Finding.objects.count() == 1


def test_levels_and_recusals_hold_by_place_too(town: World) -> None:
    with as_(SYSTEM) as by:
        Collective.objects.filter(pk=of("乙村").pk).update(level=Level.SENSITIVE)
        recuse_from_unit(user=town.users[OFFICER], organisation=town.units["甲村"], reason="亲属任职", by=by)
    assert seen(town) == []


def test_forged_requests_of_the_town_change_nothing(town: World) -> None:
    client: Client = client_of(town, OFFICER)
    one, far = of("甲村"), of("丙村")
    here = f"{PLACE}{one.uid}/"
    for path in ("", "asset/", "changes/", f"asset/?on={NOW}"):
        assert client.get(f"{here}{path}").status_code == 200, path
        assert client.get(f"{PLACE}{far.uid}/{path}").status_code == 404, path
    for verb, said in (("withdraw", {"reason": "x", "on": "2022-12-01"}), ("amend", {"name": "改名"})):
        for target in (one, far):
            answer: Any = client.post(f"{PLACE}{target.uid}/{verb}/", said)
            assert answer.status_code == (422 if target is one else 404), (verb, str(target))
            assert (of("甲村").name, of("甲村").withdrawn_on) == ("甲村合作社", None)
    page = client.get(here).content.decode()
    assert "?act=" not in page
    asked = questions(client, [here, PLACE, f"{PLACE}places/"])
    assert {path: len(sql) for path, sql in asked.items() if len(sql) > MOST} == {}


def test_the_table_below_a_towns_map_is_of_towns(town: World) -> None:
    """The district's name never stands beside the number of one of its towns."""
    place = f"{PLACE}places/"
    table = read(town, place, OFFICER).partition("<tbody")[2]
    assert [name in table for name in ("筼筜街道", "思明区")] == [True, False]
    assert f"street={Region.objects.get(code=TOWN_CODE).pk}" in table
    heading = read(town, place, OFFICER).partition("<h3>")[2].partition("</h3>")[0]
    assert ("思明区" in heading, "<b>" in heading) == (True, False)
    own = read(town, place, "区纪委书记")  # the control: who reads both towns has the district's sum
    assert "<b>3</b>" in own.partition("<h3>")[2].partition("</h3>")[0]


def read(world: World, path: str, who: str) -> str:
    answer = client_of(world, who).get(path)
    assert answer.status_code == 200
    return answer.content.decode()
