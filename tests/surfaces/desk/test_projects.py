"""Projects: opened with several bodies that count once, amended, approved, ended, merged; findings by state, each mark a link."""

import re
from datetime import date
from typing import Any

import pytest
from tests.surfaces.counting import grown, questions
from tests.surfaces.desk.test_findings import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.loop.outcomes.services import NewMoney, NewRule, record_recovery, record_rule
from jiandu.sources.activities.models import Activity, Party

PLACE = "/desk/projects/"


def reread(project: Activity) -> Activity:
    with as_(SYSTEM):
        return Activity.objects.get(pk=project.pk)


def test_a_project_is_opened_with_several_bodies_that_count_once(world: World) -> None:
    client = client_of(world, "主任甲")
    body, district = (world.offices[name].pk for name in ("驻市教育局纪检监察组", "思明区纪委监委"))
    said = {
        "year": 2022,
        "lead": world.offices["第一监督检查室"].pk,
        "approved_on": "2022-01-05",
        "members": [body, district],
    }
    one = client.post(f"{PLACE}new/", {**said, "code": "XM1", "name": "粮食安全", "plan": "先摸底"})
    two = client.post(f"{PLACE}new/", {**said, "code": "XM2", "name": "营商环境", "members": [body]})
    assert (one.status_code, two.status_code) == (303, 303)
    shown = client.get(one["Location"]).content.decode()
    for words in ("粮食安全", "先摸底", "思明区纪委监委", "跟进中"):
        assert words in shown
    listed = client.get(f"{PLACE}?year=2022").content.decode()
    assert "2 个项目，参与机构 2 个" in listed
    assert "粮食安全" not in client.get(f"{PLACE}?year=2021").content.decode()
    twice = client.post(f"{PLACE}new/", {**said, "code": "", "name": "无编号"})
    assert (twice.status_code, "无编号" in twice.content.decode()) == (422, True)
    other = client.post(
        f"{PLACE}new/", {**said, "code": "XM3", "name": "别人的", "lead": world.offices["第二监督检查室"].pk}
    )
    assert other.status_code == 422


def test_findings_stand_by_state_and_each_mark_opens_its_rows(world: World) -> None:
    project = world.project()
    closed = world.closed(activity=project)
    open_ = [world.finding(activity=project) for _ in range(2)]
    other = world.finding()
    with as_(SYSTEM) as by:
        record_rule(finding=closed, by=by, new=NewRule("制度一", "市教育局", date(2022, 5, 1)))
        record_recovery(finding=closed, by=by, new=NewMoney(120_00, date(2022, 5, 1)))
    client = client_of(world, "主任甲")
    shown = client.get(f"{PLACE}{project.uid}/").content.decode()
    links = dict.fromkeys(re.findall(r'href="(/desk/findings/\?activity=\d+&amp;state=\w+)"', shown))
    assert {link.rsplit("=", 1)[1] for link in links} >= {"registered", "closed"}
    rows = client.get(f"/desk/findings/?activity={project.pk}&state=registered").content.decode()
    assert [finding.code in rows for finding in (*open_, closed, other)] == [True, True, False, False]
    assert "¥120.00" in shown
    assert re.search(r"推动建章立制.*?<b>1</b>", shown, re.DOTALL)


def test_the_number_of_queries_does_not_grow(world: World) -> None:
    project = world.project(members=("驻市教育局纪检监察组",))
    world.finding(activity=project)
    client, place = client_of(world, "主任甲"), f"{PLACE}{project.uid}/"
    few = questions(client, [PLACE, place, f"{place}?act=edit", f"{place}plan/", f"{PLACE}new/"])
    for _ in range(3):
        world.finding(activity=project, unit="市财政局")
        world.project(members=("驻市教育局纪检监察组", "思明区纪委监委"))
    assert grown(few, questions(client, few)) == {}


def test_a_project_is_amended_and_bodies_join(world: World) -> None:
    project = world.project()
    client, place = client_of(world, "干部甲"), f"{PLACE}{project.uid}/"
    body = world.offices["驻市教育局纪检监察组"]
    assert 'id="act-edit"' in client.get(f"{place}?act=edit").content.decode()
    said = {"name": "新名称", "plan": "改了", "since": today().isoformat(), "members": [body.pk]}
    assert client.post(f"{place}edit/", said).status_code == 303
    with as_(SYSTEM):
        assert (reread(project).name, Party.objects.filter(activity=project).count()) == ("新名称", 2)
    assert client_of(world, "驻教干部").get(place).status_code == 200
    refused = client.post(f"{place}edit/", {**said, "name": "", "plan": "没有丢"})
    assert (refused.status_code, "没有丢" in refused.content.decode()) == (422, True)
    assert client_of(world, "干部乙").post(f"{place}edit/", said).status_code == 404


def test_an_officer_enters_a_project_as_proposed_only(world: World) -> None:
    said = {"year": 2022, "lead": world.offices["第一监督检查室"].pk, "name": "粮食安全", "approved_on": "2022-01-05"}
    officer, head = client_of(world, "干部甲"), client_of(world, "主任甲")
    offered = ['name="approved_on"' in each.get(f"{PLACE}new/").content.decode() for each in (officer, head)]
    assert offered == [False, True]
    for client, code in ((officer, "XM1"), (head, "XM2")):  # the same words, said by hand
        assert client.post(f"{PLACE}new/", {**said, "code": code}).status_code == 303
    with as_(SYSTEM):
        told = dict(Activity.objects.order_by("code").values_list("code", "approved_on"))
    assert told == {"XM1": None, "XM2": date(2022, 1, 5)}


ENDS: list[tuple[str, dict[str, Any], str]] = [
    ("end", {"on": "2022-12-01", "note": "完成"}, "请先填写结项评价"),
    ("stop", {"on": "2021-01-01", "note": "完成"}, "结项日期应在立项之后"),
    ("put-off", {"on": "2022-12-01", "until": "2022-12-01", "note": "未完成"}, "请填写延期至哪一天"),
    ("end", {"on": "2022-12-01", "note": ""}, "结项说明"),
    ("merge", {"code": "没有的", "reason": "重复立项", "on": "2022-06-01"}, "请选择另一个未并入的项目"),
]


@pytest.mark.parametrize(("slug", "said", "words"), ENDS)
def test_a_refused_act_stays_on_the_page(world: World, slug: str, said: dict[str, Any], words: str) -> None:
    project = world.project()
    answer = client_of(world, "主任甲").post(f"{PLACE}{project.uid}/{slug}/", said)
    shown = answer.content.decode()
    assert (answer.status_code, words in shown, f'id="act-{slug}"' in shown) == (422, True, True)
    assert (reread(project).ended_on, reread(project).merged_into_id) == (None, None)


def test_a_proposed_project_is_approved_ended_or_merged_by_a_head(world: World) -> None:
    proposed, kept, merged = world.project(approved_on=None), world.project(), world.project()
    head, officer = client_of(world, "主任甲"), client_of(world, "干部甲")
    place = f"{PLACE}{proposed.uid}/"
    assert "拟立项" in head.get(place).content.decode()
    assert officer.post(f"{place}approve/", {"on": "2022-02-01"}).status_code == 404
    assert "?act=approve" not in officer.get(place).content.decode()
    assert head.post(f"{place}approve/", {"on": "2022-02-01"}).status_code == 303
    world.evaluated(proposed)
    assert head.post(f"{place}end/", {"on": "2022-12-01", "note": "完成"}).status_code == 303
    assert (reread(proposed).approved_on, reread(proposed).ended_on) == (date(2022, 2, 1), date(2022, 12, 1))
    assert (
        head.post(
            f"{PLACE}{merged.uid}/merge/", {"code": kept.code, "reason": "重复立项", "on": "2022-06-01"}
        ).status_code
        == 303
    )
    assert reread(merged).merged_into_id == kept.pk
    assert "已并入" in head.get(f"{PLACE}{merged.uid}/").content.decode()


def test_a_project_is_followed_up_put_off_and_stopped(world: World) -> None:
    project = world.project()
    officer, head = client_of(world, "干部甲"), client_of(world, "主任甲")
    place = f"{PLACE}{project.uid}/"
    assert officer.post(f"{place}no-change/", {"on": "2022-03-01"}).status_code == 303
    refused = officer.post(f"{place}follow-up/", {"on": "2022-03-20", "note": " "})
    assert (refused.status_code, officer.get(place).content.decode().count("<td>跟进</td>")) == (422, 0)
    assert officer.post(f"{place}follow-up/", {"on": "2022-03-20", "note": "已走访三家单位"}).status_code == 303
    put_off = {"on": "2022-11-01", "until": "2023-02-28", "note": "两项未完成"}
    assert officer.post(f"{place}put-off/", put_off).status_code == 404
    assert head.post(f"{place}put-off/", put_off).status_code == 303
    shown = head.get(place).content.decode()
    for words in ("本月无变化", "已走访三家单位", "延期结项", "延期至2023-02-28", "两项未完成", "跟进中"):
        assert words in shown, words
    assert head.post(f"{place}stop/", {"on": "2022-12-01", "note": "上级已统一部署"}).status_code == 303
    assert "已终止" in head.get(place).content.decode()
    assert (reread(project).ended_on, reread(project).is_stopped) == (date(2022, 12, 1), True)
    again = head.post(f"{place}stop/", {"on": "2022-12-02", "note": "完成"})
    assert (again.status_code, "该项目已结项" in again.content.decode()) == (422, True)
