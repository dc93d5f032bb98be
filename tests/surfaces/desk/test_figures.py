"""The pages of the 核数单: from the sheet to the frozen text, as the offices work on it."""

import re
from datetime import date

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.surfaces.counting import MOST, asked
from tests.world import World, as_

from jiandu.base.core.clock import today
from jiandu.results.reports.models import FigureLine, Review
from jiandu.results.reports.services import draft_review

OWNERS = "/desk/reviews/owners/"


def client_of(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def told(desk: str) -> int:
    """How many figures the desk says to wait."""
    found = re.search(r"核数单 <span[^>]*>(\d+)", desk)
    return int(found[1]) if found else 0


def drafted(world: World) -> Review:
    world.rectifying(activity=world.project())
    with as_(world.viewer("主任甲")) as by:
        return draft_review(year=2022, as_of=date(2022, 12, 31), by=by)


def own(world: World, about: str, office: str) -> int:
    said = {"year": 2022, "about": about, "office": str(world.offices[office].uid) if office else ""}
    return client_of(world, "书记").post(OWNERS, said).status_code


def test_from_the_desk_of_the_owner_to_an_answer(world: World) -> None:
    review = drafted(world)
    place = f"/desk/reviews/{review.uid}/sheet/"
    assert own(world, "project", "第一监督检查室") == 303
    page = client_of(world, "书记").get(f"{OWNERS}?year=2022").content.decode()
    assert ("按监督机制" in page, "单项另定" in page) == (True, False)
    assert client_of(world, "主任甲").post(f"{place}ask/").status_code == 303
    officer = client_of(world, "干部甲")
    with CaptureQueriesContext(connection) as queries:
        desk = officer.get("/desk/").content.decode()
    waiting = FigureLine.objects.count()
    assert (f'href="{place}"' in desk, told(desk), len(asked(queries)) <= MOST) == (True, waiting, True)
    with CaptureQueriesContext(connection) as queries:
        page = officer.get(f"{place}project_findings/").content.decode()
    assert len(asked(queries)) <= MOST
    seen = re.search(r'name="seen" value="(\w{64})"', page)
    assert (seen is not None, "其中您可打开 1 条" in page) == (True, True)
    said = {"seen": seen[1] if seen else "", "verdict": "object", "on": today().isoformat()}
    assert "有异议的，请写明理由" in officer.post(f"{place}project_findings/answer/", said).content.decode()
    answer = officer.post(f"{place}project_findings/answer/", said | {"reason": "少计一个"})
    onward = FigureLine.objects.filter(state="asked").order_by("pk")
    following = onward.filter(pk__gt=FigureLine.objects.get(key="project_findings").pk)[0]
    assert (answer.status_code, answer["Location"]) == (303, f"{place}{following.key}/")
    with CaptureQueriesContext(connection) as queries:
        page = officer.get(place).content.decode()
    assert ("有异议：少计一个" in page, len(asked(queries)) <= MOST) == (True, True)
    assert told(officer.get("/desk/").content.decode()) == waiting - 1


def test_the_sheet_is_sent_out_by_whoever_is_offered_it(world: World) -> None:
    """The control: some are offered it and do it, some read the page and are not (a leader decides, he does not send)."""
    review = drafted(world)
    place = f"/desk/reviews/{review.uid}/sheet/"
    names = ("书记", "主任甲", "内勤甲", "干部甲", "区纪委书记")
    offered = {name: f'action="{place}ask/"' in client_of(world, name).get(place).content.decode() for name in names}
    done = {name: client_of(world, name).post(f"{place}ask/").status_code == 303 for name in names}
    assert offered == {"书记": False, "主任甲": True, "内勤甲": True, "干部甲": False, "区纪委书记": True}
    assert [name for name in names if done[name] and not offered[name]] == []
    assert [name for name in names if offered[name] and not done[name]] == [
        "区纪委书记"
    ]  # another commission took it up


def test_a_stranger_finds_nothing_there(world: World) -> None:
    review = drafted(world)
    place = f"/desk/reviews/{review.uid}/sheet/"
    client_of(world, "主任甲").post(f"{place}ask/")
    line = FigureLine.objects.order_by("pk")[0]
    assert client_of(world, "主任甲").get(f"{place}{line.key}/").status_code == 200
    stranger = client_of(world, "驻教干部")
    assert stranger.get(f"{place}{line.key}/").status_code == 404
    assert "没有本室组归口的数字" in stranger.get(place).content.decode()
    assert stranger.get(OWNERS).status_code == 404


def test_rows_that_came_meanwhile_are_shown_before_the_answer_counts(world: World) -> None:
    review = drafted(world)
    own(world, "project_findings", "第一监督检查室")
    place = f"/desk/reviews/{review.uid}/sheet/"
    client_of(world, "主任甲").post(f"{place}ask/")
    officer = client_of(world, "干部甲")
    old = FigureLine.objects.get(key="project_findings").digest
    world.rectifying(activity=world.project())
    said = {"seen": old, "verdict": "agree", "on": today().isoformat()}
    answer = officer.post(f"{place}project_findings/answer/", said)
    page = answer.content.decode()
    fresh = re.search(r'name="seen" value="(\w{64})"', page)
    assert (answer.status_code, "的记录刚有变化（现为2个）" in page, fresh is not None) == (422, True, True)
    assert (
        officer.post(f"{place}project_findings/answer/", said | {"seen": fresh[1] if fresh else ""}).status_code == 303
    )
