"""单位档案: the unit alone or with those below it, and the whole file for print, with every row of every list."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.world import SYSTEM, World, as_

from jiandu.loop.outcomes.models import PersonTalked
from jiandu.loop.outcomes.services import NewMoney, NewRule, record_recovery, record_rule, record_talked
from jiandu.net.subjects.services import NewPost, appoint

OFFICER, DAY = "干部甲", date(2022, 6, 1)
ABOVE, BELOW = "市教育局", "市第一中学"


def client_of(world: World, name: str = OFFICER) -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def place(world: World, query: str, unit: str = ABOVE) -> str:
    return f"/desk/units/{world.units[unit].uid}/?{query}"


@pytest.fixture
def filled(world: World) -> World:
    """17 findings of the unit, 3 of the school below it, an outcome of each kind on both."""
    findings = [world.rectifying(unit=unit) for unit, count in ((ABOVE, 17), (BELOW, 3)) for _ in range(count)]
    with as_(SYSTEM) as by:
        for number, finding in enumerate((findings[0], findings[-1])):
            record_recovery(finding=finding, by=by, new=NewMoney(amount_fen=100, received_on=DAY))
            record_rule(finding=finding, by=by, new=NewRule(title=f"办法{number}", issuer="市教育局", issued_on=DAY))
            record_talked(finding=finding, by=by, row=PersonTalked(kind="talk", name=f"人{number}", on=DAY))
        for number in range(3):
            person = world.person(f"任{number}")
            unit = world.units[ABOVE]
            appoint(new=NewPost(person=person, organisation=unit, title=f"职{number}", since=DAY), by=by)
    return world


@pytest.mark.parametrize(("query", "total", "money"), [("", 17, 100), ("&below=1", 20, 200)])
def test_figures_count_the_unit_or_those_below_too(filled: World, query: str, total: int, money: int) -> None:
    client = client_of(filled)
    page = client.get(place(filled, f"tab=findings{query}"))
    assert page.context["counts"]["total"] == total
    href = f"/desk/findings/?subject={filled.units[ABOVE].uid}" + ("&below=1" if query else "")
    assert f'href="{href}"' in page.content.decode().replace("&amp;", "&")
    assert client.get(href).context["shown"] is not None
    outcomes = client.get(place(filled, f"tab=outcomes{query}")).context
    assert (outcomes["outcomes"].recovered_fen, outcomes["numbers"]["rules"]) == (money, money // 100)


def test_a_unit_with_none_below_has_nothing_to_switch(filled: World) -> None:
    client = client_of(filled)
    assert "含下级单位" not in client.get(place(filled, "tab=findings", BELOW)).content.decode()
    assert "含下级单位" in client.get(place(filled, "tab=findings")).content.decode()


def test_the_whole_file_has_every_section_and_row(filled: World) -> None:
    client = client_of(filled)
    first = client.get(place(filled, "tab=findings")).content.decode()
    whole = client.get(place(filled, "tab=all")).content.decode()
    assert first.count('<td class="code"><a href="/desk/findings/') == 15  # the control: a page shows the newest alone
    assert whole.count('<td class="code"><a href="/desk/findings/') == 17
    for title in ("基本情况", "问题清单", "建章立制", "约谈问责", "名称与隶属沿革", "历任"):
        assert title in whole, title
    assert "某日情况" not in whole
    assert whole.index("</nav>", whole.index("全卷")) < whole.index("基本情况")  # below the tabs, once
    assert whole.count("基本情况") == 1
    below = client.get(place(filled, "tab=all&below=1")).content.decode()
    assert below.count('<td class="code"><a href="/desk/findings/') == 20
    assert below.count(f"<small>{BELOW}</small>") == 3


def test_who_sees_no_business_prints_none(filled: World) -> None:
    whole = client_of(filled, "系统管理员").get(place(filled, "tab=all")).content.decode()
    assert ("问题清单" in whole, "基本情况" in whole) == (False, True)


def test_the_number_of_queries_does_not_grow(filled: World) -> None:
    client, counts = client_of(filled), []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(place(filled, "tab=all&below=1"))
        counts.append(len(queries))
        for _ in range(5):
            filled.rectifying(unit=BELOW)
    assert counts[0] == counts[1]
