"""委领导挂钩监督 and talks through their pages: a round from its plan to the approved report; each figure opens its rows."""

import re
from datetime import date
from typing import Any

import pytest
from tests.surfaces.counting import grown, questions
from tests.surfaces.desk.test_findings import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.net.subjects.models import Post
from jiandu.net.subjects.services import NewPost, appoint, register_person
from jiandu.sources.activities.models import Activity, LinkedUnit, Team, Visit
from jiandu.sources.talks.models import Talk

PLACE, TALKS = "/desk/rounds/", "/desk/talks/"


@pytest.fixture
def heads(world: World) -> list[str]:
    """The heads of two units."""
    with as_(SYSTEM) as by:
        for name, unit in (("张局", "市教育局"), ("李局", "市财政局")):
            new = NewPost(
                person=register_person(name=name, by=by),
                organisation=world.units[unit],
                title="局长",
                kind=Post.Kind.HEAD,
                since=date(2021, 1, 1),
            )
            appoint(new=new, by=by)
    return ["张局", "李局"]


def only(model: Any, **where: Any) -> Any:
    with as_(SYSTEM):
        return model.objects.get(**where)


def opened(world: World, client: Any) -> str:
    said = {"code": "GG1", "name": "贯彻二十大精神", "year": 2022, "office": world.offices["第一监督检查室"].pk}
    assert client.post(f"{PLACE}open/", {**said, "plan": "分组走访"})["Location"] == PLACE
    return f"{PLACE}{only(Activity, code='GG1').uid}/"


def test_a_round_from_its_plan_to_the_report(world: World, heads: list[str]) -> None:
    officer, head = client_of(world, "干部甲"), client_of(world, "主任甲")
    place = opened(world, officer)
    assert officer.post(f"{place}start/", {"on": "2022-03-01", "note": "印发〔2022〕1号"}).status_code == 303
    assert officer.post(f"{place}points/", {"texts": "服务中心大局\n破解难题旧账"}).status_code == 303
    assert officer.post(f"{place}team/", {"name": "第一组", "leader": "书记", "members": "干部甲"}).status_code == 303
    team = only(Team).pk
    linked = officer.post(f"{place}link/?on={team}", {"units": "市教育局\n市财政局", "planned_on": "2022-03-10"})
    assert linked.status_code == 303
    unit = only(LinkedUnit, organisation=world.units["市教育局"]).pk
    assert officer.post(f"{place}visit/?on={unit}", {"on": "2022-03-11", "place": "市教育局"}).status_code == 303
    assert (
        officer.post(f"{place}material/?on={unit}", {"names": "会议记录\n述责述廉报告", "on": "2022-03-11"}).status_code
        == 303
    )
    talk = {
        "kind": "proactive",
        "on": "2022-03-11",
        "theme": "履职情况",
        "office": world.offices["第一监督检查室"].pk,
        "officers": "干部甲、干部丙",
        "people": "张局\n李局 市财政局",
        "activity": place.split("/")[-2],
    }
    assert officer.post(f"{TALKS}hold/", talk).status_code == 303
    assert f'action="{place}report/"' in officer.get(f"{place}?act=report").content.decode()
    assert officer.post(f"{place}report/", {"on": "2022-05-01"}).status_code == 303
    assert officer.post(f"{place}approve-report/", {"on": "2022-05-02"}).status_code == 404  # not his to approve
    assert head.post(f"{place}approve-report/", {"on": "2022-05-02"}).status_code == 303
    shown = head.get(place).content.decode()
    for words in ("破解难题旧账", "第一组（干部甲）", "2022-03-11", "0/2 份", "李局", "报告已审定", "印发〔2022〕1号"):
        assert words in shown, words
    listed = head.get(f"{PLACE}?year=2022").content.decode()
    assert "1/2" in listed
    assert "贯彻二十大精神" not in head.get(f"{PLACE}?year=2021").content.decode()
    for key, rows in (("linked_units_visited", ["市教育局"]), ("linked_key_people_talked", heads)):
        text = head.get(f"/desk/measures/{key}/?year=2022&as_of=2022-12-31").content.decode()
        assert [name in text for name in rows] == [True] * len(rows)


def test_what_is_refused_comes_back_with_what_was_typed(world: World, heads: list[str]) -> None:
    client = client_of(world, "干部甲")
    place = opened(world, client)
    refused = client.post(f"{place}team/", {"name": "第一组", "leader": "无此人", "members": "干部甲"})
    assert (refused.status_code, "没有叫“无此人”的在任干部" in refused.content.decode()) == (422, True)
    assert 'value="第一组"' in refused.content.decode()
    client.post(f"{place}team/", {"name": "第一组", "leader": "书记"})
    wrong = client.post(f"{place}link/?on={only(Team).pk}", {"units": "市教育局\n没有的局"})
    assert (wrong.status_code, "没有的局" in wrong.content.decode()) == (422, True)
    with as_(SYSTEM):
        assert LinkedUnit.objects.count() == 0  # all of the lines or none
    said = {"kind": "proactive", "on": "2022-03-11", "theme": "一", "officers": "干部甲", "people": "张局"}
    alone = client.post(f"{TALKS}hold/", {**said, "office": world.offices["第一监督检查室"].pk})
    assert (alone.status_code, "约谈人不少于两人" in alone.content.decode()) == (422, True)


def test_a_link_from_the_round_begins_the_talk(world: World) -> None:
    client = client_of(world, "干部甲")
    activity = world.round()
    href = re.search(r'href="(/desk/talks/\?act=hold[^"]+)"', client.get(f"{PLACE}{activity.uid}/").content.decode())
    assert href
    form = client.get(href[1].replace("&amp;", "&")).content.decode()
    assert re.search(rf'<option value="{activity.uid}" selected', form)


def test_a_talk_is_followed_up_and_taken_back(world: World, heads: list[str]) -> None:
    client = client_of(world, "干部甲")
    said = {
        "kind": "proactive",
        "on": "2022-03-11",
        "theme": "履职",
        "officers": "干部甲 干部丙",
        "people": "张局\n李局",
    }
    client.post(f"{TALKS}hold/", {**said, "office": world.offices["第一监督检查室"].pk})
    one = only(Talk)
    place = f"{TALKS}{one.uid}/"
    assert client.post(f"{place}follow-up/", {"on": "2022-06-01", "note": "承诺已落实"}).status_code == 303
    shown = client.get(place).content.decode()
    assert "承诺已落实" in shown
    drop = re.search(r"\?act=drop&amp;on=(\d+)", shown)
    assert drop
    assert client.post(f"{place}drop/?on={drop[1]}", {"reason": "请假", "on": today().isoformat()}).status_code == 303
    assert len(re.findall(r"act=drop", client.get(place).content.decode())) == 2  # one row left: link and hx-get
    assert client.post(f"{place}withdraw/", {"reason": "重复登记", "on": today().isoformat()}).status_code == 303
    assert "已撤下" in client.get(place).content.decode()
    assert "履职" not in client.get(TALKS).content.decode()
    assert client_of(world, "干部乙").get(place).status_code == 404


def test_not_yet_talked_to_is_a_list_for_planning(world: World, heads: list[str]) -> None:
    text = client_of(world, "干部甲").get(f"{TALKS}?tab=not-yet").content.decode()
    assert [name in text for name in heads] == [True, True]


def test_the_number_of_queries_does_not_grow(world: World, heads: list[str]) -> None:
    client = client_of(world, "主任甲")
    office = world.offices["第一监督检查室"].pk
    activity = world.round()
    place = f"{PLACE}{activity.uid}/"
    said = {"kind": "proactive", "on": "2022-03-11", "officers": "干部甲、干部丙", "people": "张局", "office": office}
    client.post(f"{place}team/", {"name": "第一组", "leader": "书记"})
    client.post(f"{place}link/?on={only(Team).pk}", {"units": "市教育局"})
    client.post(f"{TALKS}hold/", {**said, "theme": "一", "activity": str(activity.uid)})
    talk = only(Talk)
    few = questions(client, [PLACE, place, TALKS, f"{TALKS}{talk.uid}/", f"{TALKS}?tab=not-yet"])
    client.post(f"{place}link/?on={only(Team).pk}", {"units": "市财政局\n思明区教育局"})
    for row in (1, 2, 3):
        unit = only(LinkedUnit, organisation=world.units["市财政局"]).pk
        client.post(f"{place}visit/?on={unit}", {"on": f"2022-03-1{row}"})
        client.post(f"{TALKS}hold/", {**said, "people": "张局\n李局", "theme": str(row), "activity": str(activity.uid)})
        client.post(f"{TALKS}{talk.uid}/follow-up/", {"on": "2022-06-01", "note": "好"})
        world.round()
    with as_(SYSTEM):
        assert Visit.objects.count() == 3
    assert grown(few, questions(client, few)) == {}


def test_what_happens_once_is_offered_until_it_has(world: World) -> None:
    head = client_of(world, "主任甲")
    place = opened(world, head)

    def offered() -> list[str]:
        return re.findall(r'href="\?act=(start|report|approve-report)"', head.get(place).content.decode())

    before = offered()
    assert head.post(f"{place}start/", {"on": "2022-03-01"}).status_code == 303
    begun = offered()
    assert head.post(f"{place}approve-report/", {"on": "2022-05-02"}).status_code == 303
    assert (before, begun, offered()) == (["start", "report", "approve-report"], ["report", "approve-report"], [])
    assert head.post(f"{place}start/", {"on": "2022-03-02"}).status_code == 422  # a form left open is told why
