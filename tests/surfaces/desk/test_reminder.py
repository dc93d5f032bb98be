"""旧账提醒 on the page of registration: while typing, without JavaScript, and its buttons."""

import re

from django.test import Client
from tests.surfaces.desk.test_findings import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.loop.findings.models import Finding, Repeat

PLACE = "/desk/findings/new/"
TYPED = "食堂食材采购未按规定招标"


def typed(world: World, **more: str) -> dict[str, str]:
    project = world.project()
    office = str(world.offices["第一监督检查室"].pk)
    said = {"subject": "市教育局", "problem": TYPED, "source": f"activity:{project.uid}", "office": office}
    return said | {"registered_on": today().isoformat()} | more


def looked(client: Client, said: dict[str, str]) -> str:
    answer = client.post(PLACE, said | {"look": "1"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_reminder_comes_while_typing_and_registers_nothing(world: World) -> None:
    before = world.closed(problem="食材采购未按规定公开招标", on=today())
    client = client_of(world, "干部甲")
    shown = looked(client, typed(world))
    assert ("<html" in shown, "市教育局 3 年内同类问题第 2 次" in shown, before.code in shown) == (False, True, True)
    assert ("表述相近" in shown, "已销号" in shown, f"{before.uid}:reopen" in shown) == (True, True, True)
    assert "没有同类问题" in looked(client, typed(world, problem="公车使用登记不全"))
    assert looked(client, typed(world, subject="没有这个单位")).strip() == ""
    with as_(SYSTEM):
        assert Finding.objects.count() == 1


def test_without_javascript_the_page_comes_again_with_all_that_was_typed(world: World) -> None:
    before = world.rectifying(problem=TYPED, on=today())
    said = typed(world, facts="2021 年以来共 3 次")
    shown = client_of(world, "干部甲").post(PLACE, said | {"look": "1"}).content.decode()
    assert ("<html" in shown, before.code in shown, f"{before.uid}:merge" in shown) == (True, True, True)
    assert (TYPED in shown, "2021 年以来共 3 次" in shown, "请更正以下内容" in shown) == (True, True, False)
    first = re.search(r'<form class="sheet".*?<button([^>]*)>', shown, re.DOTALL)
    assert first
    assert "name=" not in first[1], "Enter registers and decides nothing"


def test_one_button_registers_and_asks_to_merge(world: World) -> None:
    before = world.rectifying(problem=TYPED, on=today())
    client = client_of(world, "干部甲")
    answer = client.post(PLACE, typed(world) | {"repeat": f"{before.uid}:merge"}, follow=True)
    assert "并案申请待审批" in answer.content.decode()
    with as_(SYSTEM):
        made = Finding.objects.exclude(pk=before.pk).get()
        assert (made.repeats.get().decision, made.approvals.count()) == (Repeat.Decision.MERGE, 1)


def test_what_is_not_there_or_may_not_be_decided_is_refused_and_the_form_stays(world: World) -> None:
    foreign = world.rectifying(problem=TYPED, on=today(), office="第二监督检查室")
    closed = world.closed(problem=TYPED, on=today())
    client = client_of(world, "干部甲")
    for answer in (f"{foreign.uid}:merge", f"{closed.uid}:merge", f"{closed.uid}:waiting", "what:merge"):
        shown = client.post(PLACE, typed(world) | {"repeat": answer})
        assert (shown.status_code, "此前问题的现状不允许这样处理" in shown.content.decode()) == (422, True), answer
    with as_(SYSTEM):
        assert Finding.objects.count() == 2
