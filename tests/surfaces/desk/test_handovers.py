"""工作交接 on the desk: drafted by the holder, shown to those who sign, signed online and from paper, on Word with its code."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http.response import HttpResponse
from tests.access.test_handovers import NEW, OLD, THIRD, Role, State, drafted, fresh, row_of
from tests.access.test_leaving import KEEPER, hanging, named, planned, pointed, viewed
from tests.surfaces.counting import grown, questions
from tests.surfaces.desk.test_accounts import at, client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.base.documents.codes import Code, Opens
from jiandu.net.access.handover_list import add_items
from jiandu.net.access.hands import list_of
from jiandu.net.access.models import Handover

PLACE = "/desk/handovers/"


def page(world: World, who: str, path: str) -> str:
    answer = client_of(world, who, proved=False).get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def post(world: World, who: str, path: str, /, **said: Any) -> HttpResponse:
    return client_of(world, who, proved=False).post(path, said)  # type: ignore[return-value]


def path_of(one: Handover, act: str = "", role: str = "") -> str:
    return f"{PLACE}{one.uid}/" + (f"{act}/" if act else "") + (f"?on={row_of(one, role).pk}" if role else "")


def begun(world: World, *, chosen: list[str] | None = None, **more: Any) -> HttpResponse:
    ids = chosen if chosen is not None else [str(row.uid) for row in list_of(world.users[OLD], giveable=True)]
    said = {"to": NEW, "on": today().isoformat(), "why": "away", "chosen": ids, **more}
    return post(world, OLD, f"{PLACE}draft/", **said)


def last() -> Handover:
    with as_(SYSTEM):
        one: Handover = Handover.objects.select_related("made_by", "receiver").order_by("-pk")[0]
    return one


def test_a_holder_hands_over_and_the_account_stays_open(world: World) -> None:
    planned(world)
    pointed(world)
    form = page(world, OLD, f"{PLACE}?act=draft")
    assert ("谈话计划" in form, NEW in form, len(re.findall('name="chosen"[^>]*checked', form))) == (True, True, 2)
    assert begun(world).status_code == 303
    one = last()
    assert "交接单" in page(world, NEW, "/desk/")  # it waits on the desk of who is to sign
    shown = page(world, NEW, path_of(one))
    assert ("履职" in shown, "签字确认" in shown, "移交人" in shown) == (True, True, True)
    for who, role in ((OLD, Role.GIVER), (NEW, Role.RECEIVER)):
        assert post(world, who, path_of(one, "sign", role)).status_code == 303
    assert (fresh(one).state, hanging(world, NEW), world.users[OLD].is_active) == (
        State.HANDED,
        {"plans", "points"},
        True,
    )
    assert ("已移交" in page(world, OLD, PLACE), 'id="handovers"' in page(world, NEW, "/desk/")) == (True, False)


def test_chosen_things_alone(world: World) -> None:
    planned(world)
    point = pointed(world)
    assert begun(world, chosen=[str(point.uid)]).status_code == 303
    shown = page(world, OLD, path_of(last()))
    assert (point.name in shown, "履职" in shown, "部分事项" in shown) == (True, False, True)


def test_a_form_that_says_nothing_right_is_refused(world: World) -> None:
    planned(world)
    assert begun(world, chosen=[]).status_code == 422
    assert begun(world, to="查无此人").status_code == 422
    assert begun(world, to=OLD).status_code == 422
    assert begun(world, to=world.users[NEW].username).status_code == 303  # the control: by login name


def test_namesakes_are_told_apart_by_login_name(world: World) -> None:
    planned(world)
    world.user(NEW, "supervision_officer", office="第二监督检查室")
    answer = begun(world, to=NEW)
    assert (answer.status_code, "不止一人" in answer.content.decode()) == (422, True)


def test_the_difference_stands_in_the_form_before_it_is_signed(world: World) -> None:
    planned(world)
    one = drafted(world)
    pointed(world)
    form = page(world, NEW, f"{path_of(one)}?act=sign&on={row_of(one, Role.RECEIVER).pk}")
    assert "新增：营商环境监督联系点" in form
    assert post(world, NEW, path_of(one, "sign", Role.RECEIVER)).status_code == 422
    assert "新增：营商环境监督联系点" in page(world, NEW, f"{path_of(one)}?act=take-in")
    assert post(world, NEW, path_of(one, "take-in")).status_code == 303
    assert "拟稿后新增" in page(world, NEW, path_of(one))
    assert post(world, NEW, path_of(one, "take-in")).status_code == 422


def test_a_paper_with_its_scan_is_confirmed_by_another(world: World) -> None:
    planned(world)
    one = drafted(world)
    scan = SimpleUploadedFile("签字件.pdf", b"%PDF-1.4 signed")
    said = {"on": today().isoformat(), "opinion": "已清点", "scan": scan}
    assert post(world, NEW, path_of(one, "sign-paper", Role.GIVER), **said).status_code == 303
    row = row_of(one, Role.GIVER)
    shown = page(world, OLD, path_of(one))
    assert ("签字件.pdf" in shown, "确认纸质签字" in shown) == (True, True)
    kept = client_of(world, OLD).get(f"{PLACE}{one.uid}/scans/{row.uid}/")
    assert (kept.status_code, b"".join(kept) if kept.streaming else kept.content) == (200, b"%PDF-1.4 signed")
    assert client_of(world, "干部乙").get(f"{PLACE}{one.uid}/scans/{row.uid}/").status_code == 404
    assert post(world, NEW, path_of(one, "confirm-paper", Role.GIVER)).status_code == 422
    assert post(world, OLD, path_of(one, "confirm-paper", Role.GIVER)).status_code == 303
    late = today() + timedelta(days=1)
    assert post(world, OLD, path_of(one, "sign-paper", Role.RECEIVER), on=late.isoformat()).status_code == 422


def test_others_find_nothing_of_it(world: World) -> None:
    planned(world)
    one = drafted(world, supervisor=world.users[THIRD])
    assert one.made_by.name in page(world, THIRD, path_of(one))
    for who in ("干部乙", "书记", KEEPER):
        client = client_of(world, who)
        found = [client.get(path).status_code for path in (path_of(one), f"{path_of(one)}word/")]
        assert [*found, client.post(path_of(one, "take-in")).status_code] == [404, 404, 404], who
        assert str(one.uid) not in client.get(PLACE).content.decode()


def test_who_keeps_accounts_drafts_takes_back_and_reads_no_word(world: World) -> None:
    planned(world)
    client = client_of(world, KEEPER)
    said = {"to": NEW, "on": today().isoformat(), "why": "leaving"}
    assert client.post(f"/desk/accounts/{at(world, OLD)}draft-handover/", said).status_code == 303
    one = last()
    shown = client.get(f"/desk/accounts/{at(world, OLD)}").content.decode()
    assert ("待签字" in shown, "撤回" in shown, "履职" in shown) == (True, True, False)
    drop = f"/desk/accounts/{at(world, OLD)}withdraw-handover/?on={one.pk}"
    assert client.post(drop, {"reason": "改期"}).status_code == 303
    assert (fresh(one).state, client.post(drop, {"reason": "改期"}).status_code) == (State.ENDED, 404)


def test_the_paper_lists_everything_and_its_code_opens_the_form(world: World) -> None:
    named(world, problem="采购未验收")
    planned(world)
    one = drafted(world)
    answer = client_of(world, OLD).get(f"{path_of(one)}word/")
    text = re.sub("<[^>]+>", "", ZipFile(BytesIO(answer.content)).read("word/document.xml").decode())
    for words in ("工作交接单", "采购未验收", "履职", "移交人", "监交人", "接收人"):
        assert words in text, words
    place = client_of(world, NEW).get(Code(Opens.HANDOVER, one.uid).path).headers["Location"]
    assert place == f"{path_of(one)}?act=sign-paper&on={row_of(one, Role.GIVER).pk}"
    assert client_of(world, "干部乙").get(Code(Opens.HANDOVER, one.uid).path).status_code == 404


def test_the_pages_ask_few_questions_and_no_more_with_more(world: World) -> None:
    planned(world)
    one = drafted(world, supervisor=world.users[THIRD])
    client = client_of(world, NEW)
    few = questions(client, [PLACE, path_of(one)])
    for _ in range(3):
        planned(world)
        viewed(world, OLD, f"视图{world.number()}")
    with as_(SYSTEM):
        add_items(one, [row for row in list_of(world.users[OLD]) if row.kind == "saved_view"])
    assert grown(few, questions(client, [PLACE, path_of(one)])) == {}
