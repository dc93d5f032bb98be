"""The directory's pages: kept by the system administrator alone, read by officers, history kept, few queries."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.surfaces.counting import grown, questions
from tests.world import START, SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core.clock import today
from jiandu.net.access.models import Grant
from jiandu.net.overseers.models import Link, Office, Officer, Supervision
from jiandu.net.overseers.services import link_leader
from jiandu.net.subjects.models import Charge, Organisation, Person, Post
from jiandu.net.subjects.services import put_in_charge, rename_organisation
from jiandu.surfaces.desk.views.directory import OFFICE_ROOM, OFFICES_ROOM, PEOPLE_ROOM, PERSON_ROOM
from jiandu.surfaces.desk.views.units import UNIT_ROOM, UNITS_ROOM

KEEPER = "系统管理员"
DAY = "2022-05-01"
ROOMS = (UNITS_ROOM, UNIT_ROOM, PEOPLE_ROOM, PERSON_ROOM, OFFICES_ROOM, OFFICE_ROOM)


def client_of(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def post(world: World, path: str, by: str = KEEPER, /, **said: Any) -> HttpResponse:
    return client_of(world, by).post(f"/desk/{path}", said)  # type: ignore[return-value]


def get(world: World, path: str, name: str = KEEPER) -> str:
    response = client_of(world, name).get(f"/desk/{path}")
    assert response.status_code == 200, path
    return response.content.decode()


def acts_done() -> int:
    """What was written, sign-ins apart."""
    return Entry.objects.exclude(obj__startswith="accounts.user").count()


def unit(name: str) -> Organisation:
    return Organisation.objects.get(name=name)


def addresses(world: World) -> dict[str, str]:
    """The page of each room, by the name of its route."""
    return {
        "desk:units": "units/",
        "desk:unit": f"units/{world.units['市教育局'].uid}/",
        "desk:people": "people/",
        "desk:person": f"people/{world.persons['干部甲'].uid}/",
        "desk:offices": "offices/",
        "desk:office": f"offices/{world.offices['第一监督检查室'].uid}/",
    }


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.url)
def test_a_room_is_read_by_officers_and_kept_by_the_system_administrator(world: World, room: Any) -> None:
    path = addresses(world)[room.url]
    for name in (KEEPER, "主任甲", "安全管理员"):
        shown = get(world, path, name)
        assert ("?act=" in shown) == (name == KEEPER), name
    for name in ("审计管理员", "经办人丁"):
        assert client_of(world, name).get(f"/desk/{path}").status_code == 404
    before = acts_done()
    for act in room.acts:
        for name in ("主任甲", "书记", "安全管理员", "审计管理员", "经办人丁"):
            assert post(world, f"{path}{act.slug}/", name, until=DAY, since=DAY, name="甲").status_code == 404
            assert client_of(world, name).get(f"/desk/{path}?act={act.slug}&on=1").status_code == 404
    assert acts_done() == before


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.url)
def test_every_form_opens_and_an_empty_one_comes_back_with_its_errors(world: World, room: Any) -> None:
    path, before = addresses(world)[room.url], acts_done()
    for act in room.acts:
        if act.row is None:
            assert f'id="act-{act.slug}"' in get(world, f"{path}?act={act.slug}")
            fragment = client_of(world, KEEPER).get(f"/desk/{path}?act={act.slug}", headers={"HX-Request": "true"})
            assert "<html" not in fragment.content.decode()
            if act.form.base_fields and act.slug != "move":
                empty = post(world, f"{path}{act.slug}/")
                assert (empty.status_code, 'class="wrong"' in empty.content.decode()) == (422, True), act.slug
        else:
            assert client_of(world, KEEPER).get(f"/desk/{path}?act={act.slug}&on=999999").status_code == 404
            assert client_of(world, KEEPER).get(f"/desk/{path}?act={act.slug}&on=x").status_code == 404
    assert client_of(world, KEEPER).get(f"/desk/{path}?act=no-such").status_code == 404
    assert acts_done() == before


def test_a_unit_is_registered_renamed_moved_corrected_and_closed(world: World) -> None:
    made = post(world, "units/register/", name="筼筜街道社区服务中心", kind="institution", authority="district", parent="市教育局",
                credit_code="", since="2020-01-01")  # fmt: skip
    assert made.status_code == 303
    one = unit("筼筜街道社区服务中心")
    assert (one.parent, one.since, one.authority) == (world.units["市教育局"], date(2020, 1, 1), "district")
    at = f"units/{one.uid}/"
    assert (
        post(
            world, f"{at}rename/", name="筼筜街道便民服务中心", on="2021-06-01", document="厦委编〔2021〕9号"
        ).status_code
        == 303
    )
    assert (
        post(world, f"{at}move/", parent="市财政局", on="2022-01-01", document="厦委编〔2022〕1号").status_code == 303
    )
    assert post(world, f"{at}correct/", kind="other", authority="town", region="", credit_code="").status_code == 303
    history = get(world, f"{at}?tab=history")
    assert [
        words in history for words in ("厦委编〔2021〕9号", "厦委编〔2022〕1号", "2021-05-31", "筼筜街道社区服务中心")
    ] == [True] * 4
    then = get(world, f"{at}?tab=history&on=2021-03-01", "主任甲")
    assert then.count("筼筜街道社区服务中心") == 2  # that day's name, and the history
    assert post(world, f"{at}close/", until=str(today()), into="市财政局", document="撤并").status_code == 303
    one.refresh_from_db()
    assert (one.until, one.merged_into) == (today(), world.units["市财政局"])
    assert "筼筜街道便民服务中心" in get(world, "units/?q=社区服务中心")  # found by what it was called
    assert "?act=rename" not in get(world, at)
    verbs = Entry.objects.filter(obj=f"subjects.organisation:{one.uid}").order_by("seq").values_list("verb", flat=True)
    assert list(verbs) == [f"organisation.{verb}" for verb in ("register", "rename", "move", "correct", "close")]


def test_what_is_refused_comes_back_on_the_page_with_what_was_typed(world: World) -> None:
    at = f"units/{world.units['市教育局'].uid}/"
    said = post(world, f"{at}rename/", name="市财政局", on=DAY)
    assert (said.status_code, said.content.decode().count("已有“市财政局”")) == (422, 1)
    assert 'value="市财政局"' in said.content.decode()
    wrong = post(
        world, "units/register/", name="某中心", kind="organ", authority="city", parent="没有的局", credit_code="9135"
    )
    assert "没有叫“没有的局”的单位" in wrong.content.decode()
    cycle = post(world, f"{at}move/", parent="市第一中学", on=DAY)
    assert "不能移到自身或下级之下" in cycle.content.decode()
    client = client_of(world, KEEPER)
    english = client.post(f"/desk/{at}rename/", {"name": "市财政局", "on": DAY}, headers={"Accept-Language": "en"})
    assert "already" in english.content.decode()
    assert [name for name in Organisation.objects.values_list("name", flat=True) if name == "某中心"] == []


def test_posts_and_leaders_come_and_go_with_their_days(world: World) -> None:
    at = f"units/{world.units['市教育局'].uid}/"
    assert post(world, f"{at}appoint/", name="赵 建国", title="局长", kind="head", since=DAY).status_code == 303
    held = Post.objects.get(person__name="赵建国")
    assert (held.kind, held.since) == ("head", date(2022, 5, 1))
    again = post(
        world, f"units/{world.units['市财政局'].uid}/appoint/", name="赵建国", title="局长", kind="head", since=DAY
    )
    assert (again.status_code, "市教育局局长" in again.content.decode()) == (422, True)
    other = post(world, f"units/{world.units['市财政局'].uid}/appoint/", name="赵建国", title="局长", kind="head", since=DAY,
                 is_another="on")  # fmt: skip
    assert (other.status_code, Person.objects.filter(name="赵建国").count()) == (303, 2)
    assert post(world, f"{at}charge/", name="刘副市长", since=DAY).status_code == 303
    assert post(world, f"{at}link/", name="书记", since=DAY).status_code == 303  # the officer that is there
    assert Link.objects.get().leader == world.persons["书记"]
    shown = get(world, at, "主任甲")
    assert [name in shown for name in ("赵建国", "刘副市长", "书记")] == [True] * 3
    assert post(world, f"{at}end-post/?on={held.pk}", until="2023-01-01").status_code == 303
    assert post(world, f"{at}end-charge/?on={Charge.objects.get().pk}", until="2023-01-01").status_code == 303
    assert post(world, f"{at}end-link/?on={Link.objects.get().pk}", until="2023-01-01").status_code == 303
    assert "赵建国" not in get(world, at)
    assert "赵建国" in get(world, f"{at}?tab=history")
    foreign = Post.objects.get(organisation=world.units["市财政局"])
    assert post(world, f"{at}end-post/?on={foreign.pk}", until="2023-01-01").status_code == 404


def test_a_persons_page_gathers_everything(world: World) -> None:
    at = f"people/{world.persons['干部甲'].uid}/"
    assert (
        post(world, f"{at}appoint/", organisation="市财政局", title="副局长", kind="team", since=DAY).status_code == 303
    )
    assert (
        post(world, f"{at}enlist/", office=world.offices["第二监督检查室"].pk, duty="副主任", since=DAY).status_code
        == 303
    )
    assert post(world, f"{at}charge/", organisation="市教育局", since=DAY).status_code == 303
    assert post(world, f"{at}link/", organisation="思明区教育局", since=DAY).status_code == 303
    shown = get(world, at)
    assert [word in shown for word in ("副局长", "第二监督检查室", "市教育局", "思明区教育局")] == [True] * 4
    first = Officer.objects.get(person=world.persons["干部甲"], office=world.offices["第一监督检查室"])
    assert post(world, f"{at}end-service/?on={first.pk}", until=str(today() - timedelta(days=1))).status_code == 303
    assert Grant.objects.get(user=world.users["干部甲"]).until == today() - timedelta(days=1)
    assert client_of(world, "干部甲").get("/desk/findings/").status_code == 404
    assert post(world, f"{at}rename/", name="干部甲一").status_code == 303
    assert "干部甲一" in get(world, "people/?q=甲一", "主任乙")


def test_an_office_is_opened_staffed_moved_and_closed_after_handing_over(world: World) -> None:
    made = post(
        world,
        "offices/open/",
        name="第三监督检查室",
        kind="supervision",
        parent=world.offices["市纪委监委"].pk,
        since="",
    )
    assert made.status_code == 303
    third = Office.objects.get(name="第三监督检查室")
    at = f"offices/{third.uid}/"
    assert post(world, f"{at}enlist/", name="新干部", duty="干部", since=DAY).status_code == 303
    assert post(world, f"{at}watch/", organisation="市财政局", since=DAY).status_code == 303
    assert post(world, f"{at}rename/", name="第三纪检监察室").status_code == 303
    officer = Officer.objects.get(person__name="新干部")
    wrong = post(world, f"{at}account/?on={officer.pk}", username="nobody")
    assert (wrong.status_code, "没有登录名为“nobody”的账号" in wrong.content.decode()) == (422, True)
    assert "第三纪检监察室" in get(world, at, "主任甲")
    assert (
        post(world, f"{at}end-watch/?on={Supervision.objects.get(office=third).pk}", until=str(today())).status_code
        == 303
    )
    assert post(world, f"{at}end-service/?on={officer.pk}", until=str(today())).status_code == 303

    first = world.offices["第一监督检查室"]
    finding = world.finding(problem="甲", office="第一监督检查室", on=date(2022, 3, 1))
    closing = {"until": str(today() - timedelta(days=1))}
    kept = post(world, f"offices/{first.uid}/close/", **closing)
    assert (kept.status_code, finding.code in kept.content.decode()) == (422, True)
    assert Office.objects.get(pk=first.pk).until is None
    done = post(world, f"offices/{first.uid}/close/", to=third.pk, is_sure="on", **closing)
    assert (done.status_code, Office.objects.get(pk=first.pk).until) == (303, today() - timedelta(days=1))
    assert client_of(world, "主任甲").get(f"/desk/findings/{finding.uid}/").status_code == 404


def test_a_moved_office_takes_its_records_along(world: World) -> None:
    world.finding(problem="街道", office="筼筜街道纪工委", on=date(2022, 3, 1))
    town, city = world.offices["筼筜街道纪工委"], world.offices["市纪委监委"]
    assert "街道" in get(world, "findings/", "区纪委书记")
    assert post(world, f"offices/{town.uid}/move/", parent=city.pk).status_code == 303
    assert "街道</a>" not in get(world, "findings/", "区纪委书记")


def _grow(world: World, number: int) -> None:
    """More of everything that the pages list."""
    with as_(SYSTEM) as by:
        bureau = Organisation.objects.get(pk=world.units["市教育局"].pk)
        rename_organisation(organisation=bureau, name=f"市教育局{number}", on=date(2023, 1, 1 + number), by=by)
    child = world.unit(f"市第{number}小学", "市教育局")
    who = world.person(f"人员{number}", "市教育局", title=f"副局长{number}")
    world.user(f"新人{number}", "supervision_officer", office="第一监督检查室")
    world.closed(unit="市教育局", problem="台账不清", on=date(2022, 3, 1))
    with as_(SYSTEM) as by:
        put_in_charge(leader=who, organisation=bureau, since=START, by=by)
        put_in_charge(leader=world.persons["干部甲"], organisation=child, since=START, by=by)
        link_leader(leader=who, organisation=bureau, since=START, by=by)


def test_the_number_of_queries_does_not_grow(world: World) -> None:
    found = addresses(world)
    unit = found["desk:unit"]
    pages = [f"/desk/{path}" for path in (
        "units/", "units/?q=市", unit, f"{unit}?tab=history&on=2022-01-01", f"{unit}?tab=findings", f"{unit}?tab=outcomes",
        "people/", found["desk:person"], "offices/", found["desk:office"],
    )]  # fmt: skip
    clients = [client_of(world, name) for name in ("主任甲", KEEPER)]
    _grow(world, 1)
    _grow(world, 2)
    few = [questions(client, pages) for client in clients]
    for number in (3, 4, 5):
        _grow(world, number)
    many = [questions(client, pages) for client in clients]
    assert [grown(*both) for both in zip(few, many, strict=True)] == [{}, {}]
