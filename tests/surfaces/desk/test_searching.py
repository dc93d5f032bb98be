"""The search field takes what a scanner types and a number typed by hand, and goes to the record; words as before."""

from typing import Any

import pytest
from django.test import Client
from tests.activities.test_papers import planned
from tests.world import World

from jiandu.base.documents.codes import Code, Opens
from jiandu.net.access.models import Level


def ask(world: World, who: str, text: str) -> Any:
    client = Client()
    client.force_login(world.users[who])
    return client.get("/desk/search/", {"q": text})


def test_a_scanned_address_opens_its_form_and_never_another_host(world: World) -> None:
    activity = planned(world)
    path = Code(Opens.ROUND_VISIT, activity.uid).path
    for typed in (
        path,
        f"https://jiandu.internal{path}",
        f"HTTPS://EVIL.EXAMPLE{path.upper()}",
        f"ｈttps：／／x{path}",
    ):
        assert ask(world, "干部甲", typed).headers["Location"] == path
    assert ask(world, "干部甲", f"{path}more").status_code == 200  # the control: not an address of a form


@pytest.mark.parametrize("level", [Level.INTERNAL, Level.SENSITIVE])
def test_a_finding_opens_by_its_number_whatever_its_level(world: World, level: Level) -> None:
    one = world.rectifying(office="第一监督检查室", unit="市教育局", level=level)
    place = f"/desk/findings/{one.uid}/"
    assert ask(world, "干部甲", one.code).headers["Location"] == place
    assert ask(world, "干部甲", f" {one.code.lower()} ").headers["Location"] == place
    foreign = ask(world, "干部乙", one.code)
    assert foreign.status_code == 200
    assert str(one.uid) not in foreign.content.decode()
    assert one.problem not in foreign.content.decode()


def test_a_number_of_two_records_lists_both_and_tells_no_word_of_them(world: World) -> None:
    one = world.rectifying(office="第一监督检查室", unit="市教育局", problem="暗语甲", level=Level.SENSITIVE)
    project = world.project(code=one.code)
    shown = ask(world, "干部甲", one.code).content.decode()
    assert f"/desk/findings/{one.uid}/" in shown
    assert f"/desk/projects/{project.uid}/" in shown
    assert "暗语甲" not in shown


def test_words_are_searched_as_before(world: World) -> None:
    one = world.rectifying(office="第一监督检查室", unit="市教育局", problem="台账3年不全")
    assert str(one.uid) in ask(world, "干部甲", "台账3年").content.decode()
