"""Pages of rural collectives: figures that open their rows, names masked in lists and logged where they are read."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from tests.ledgers.collectives import HOLDER, NOW, SEPTEMBER, LedgerKind, booked, filled, line, told
from tests.ledgers.conftest import city  # noqa: F401 -- a fixture
from tests.surfaces.counting import MOST, questions
from tests.surfaces.desk.test_findings import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.sources.ledgers.collectives import Asset, Collective
from jiandu.sources.ledgers.journals import Journal

DISTRICT, PLACE = "区纪委书记", "/desk/collectives/"


@pytest.fixture
def village(city: World) -> Collective:
    return filled(city)


@pytest.fixture
def client(world: World, village: Collective) -> Client:
    return client_of(world, DISTRICT)


def read(client: Client, path: str) -> str:
    answer: Any = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_and_the_places_lead_to_a_village(client: Client, village: Collective) -> None:
    listed = read(client, f"{PLACE}?on={NOW}")
    assert f"{PLACE}{village.uid}/" in listed
    assert "27,000.00" in listed
    assert read(client, f"{PLACE}?text=没有的村").count(str(village.uid)) == 0
    district = read(client, f"{PLACE}places/")
    key = village.district_id
    assert f"?district={key}" in district
    assert "筼筜街道" in read(client, f"{PLACE}places/?district={key}")
    narrowed = read(client, f"{PLACE}?district={key}&street={village.street_id}")
    for chosen in (key, village.street_id):
        assert f'<option value="{chosen}" selected' in narrowed
    assert 'name="street"' not in read(client, PLACE)


def test_each_figure_of_a_village_opens_its_rows(client: Client, village: Collective) -> None:
    here = f"{PLACE}{village.uid}/"
    page = read(client, f"{here}?on={NOW}")
    assert "他人占用且无有效合同" in page
    assert "未及时入账" in page
    codes = {"asset/?only=bare": ["ZC-002"], "asset/?only=idle": ["ZC-001"], "contract/?only=ending": ["HT-1"],
             "contract/?only=expired": ["HT-2"], "contract/?only=owing": ["HT-1"], "due/?only=unpaid": ["D1", "D2"],
             "due/?only=y1": ["D1", "D2"], "receipt/?only=unbanked": [], "fund/?only=off": ["尾号3321"],
             "asset/?only=": ["ZC-001", "ZC-002"], "resource/": []}  # fmt: skip
    every = ("ZC-001", "ZC-002", "ZC-003", "HT-1", "HT-2", ">D1<", ">D2<", "尾号3321")
    for path, wanted in codes.items():
        listed = read(client, f"{here}{path}{'&' if '?' in path else '?'}on={NOW}").partition("<tbody")[2]
        shown = [code.strip("><") for code in every if code in listed and not (path[:3] != "con" and code[:2] == "HT")]
        assert shown == wanted, path
    assert "ZC-003" in read(client, f"{here}asset/?on=2022-06-30")


def test_a_persons_name_is_masked_in_lists_and_read_with_a_trace(client: Client, village: Collective) -> None:
    here = f"{PLACE}{village.uid}/"
    for path in ("", "asset/", "contract/", "changes/?since=2022-01-01&until=2022-06-30"):
        page = read(client, f"{here}{path}")
        assert HOLDER not in page
    assert "张**" in read(client, f"{here}asset/")
    with as_(SYSTEM):
        row = Asset.objects.get(code="ZC-002", until__isnull=True)
        other = Asset.objects.get(code="ZC-001", until__isnull=True)
        before = Entry.objects.filter(verb="seen").count()
    assert HOLDER in read(client, f"{here}asset/{row.uid}/")
    read(client, f"{here}asset/{other.uid}/")  # the control: no person stands there
    with as_(SYSTEM):
        assert Entry.objects.filter(verb="seen").count() == before + 1


def test_changes_and_history_are_told(client: Client, village: Collective) -> None:
    here = f"{PLACE}{village.uid}/"
    page = read(client, f"{here}changes/")
    assert "使用状态 出租 → 闲置" in page
    assert "不再列入" in page
    with as_(SYSTEM):
        row = Asset.objects.get(code="ZC-001", until__isnull=True)
    assert "使用状态 出租 → 闲置" in read(client, f"{here}asset/{row.uid}/")


def test_the_course_of_a_village_opens_the_rows_that_each_number_counts(client: Client, village: Collective) -> None:
    page = read(client, f"{PLACE}{village.uid}/course/")
    found = re.findall(r'href="([^"]+/asset/\?only=\w+&amp;on=[^"]+)">(\d+)</a>', page)
    assert len(found) == 5  # of June three uses, of September two
    for place, number in found:
        assert read(client, unescape(place)).count('data-label="编号"') == int(number), place
    assert page.count("<figure") == 2
    assert f"{PLACE}{village.uid}/course/" in read(client, f"{PLACE}{village.uid}/")


def test_nobody_elses_village_is_there(world: World, village: Collective) -> None:
    stranger = client_of(world, "干部甲")
    for path in ("", "asset/", "changes/", "course/"):
        assert stranger.get(f"{PLACE}{village.uid}/{path}").status_code == 404
    assert client_of(world, DISTRICT).get(f"{PLACE}{village.uid}/nothing/").status_code == 404


def test_a_collective_is_registered_amended_and_taken_back(world: World, client: Client) -> None:
    world.unit("东山村")
    office = world.offices["思明区纪委监委"].pk
    new = {"name": "东山村合作社", "village": "东山村", "office": office, "place": "350203009"}
    assert client.post(f"{PLACE}register/", new).status_code == 303
    with as_(SYSTEM):
        one = Collective.objects.get(name="东山村合作社")
    here = f"{PLACE}{one.uid}/"
    assert client.post(f"{here}amend/", {"name": "东山村股份合作社", "credit_code": "1"}).status_code == 422
    assert client.post(f"{here}amend/", {"name": "东山村股份合作社"}).status_code == 303
    assert client.post(f"{here}withdraw/", {"reason": "重复", "on": "2022-12-01"}).status_code == 303


def test_pages_ask_few_statements(client: Client, village: Collective) -> None:
    here = f"{PLACE}{village.uid}/"
    with as_(SYSTEM):
        row = Asset.objects.get(code="ZC-002", until__isnull=True)
    own = ("", "asset/", "contract/?only=owing", "changes/", "course/", f"asset/{row.uid}/")
    asked = questions(
        client,
        [PLACE, f"{PLACE}?district={village.district_id}", f"{PLACE}places/", *(f"{here}{path}" for path in own)],
    )
    assert {page: sql for page, sql in asked.items() if len(sql) > MOST} == {}


def test_a_journal_tells_what_does_not_follow_and_masks_who_was_paid(client: Client, village: Collective) -> None:
    here = f"{PLACE}{village.uid}/"
    assert "日记账（2022年）" not in read(client, f"{here}?on={NOW}")
    booked(village)
    page = read(client, f"{here}?on={NOW}")
    assert [word in page for word in ("日记账（2022年）", "1笔不接续", "截至2022-03-31")] == [True, True, True]
    wanted = {"": {"RJ-1", "RJ-2", "RJ-10", "RJ-11"}, "uneven": {"RJ-10"}, "cash": {"RJ-2"}, "uninvoiced": {"RJ-10"}, "unsealed": {"RJ-10"}}  # fmt: skip
    for only, codes in wanted.items():
        listed = read(client, f"{here}journal/?only={only}&on={NOW}")
        assert {code for code in wanted[""] if f"{code}<" in listed.partition("<tbody")[2]} == codes, only
        assert HOLDER not in listed
    listed = read(client, f"{here}journal/?on={NOW}")
    assert [word in listed for word in ("按上一笔应为¥500.00", "无发票", "未盖理财小组章", "张**")] == [True] * 4
    with as_(SYSTEM):
        paid = Journal.objects.get(code="RJ-2")
        before = Entry.objects.filter(verb="seen").count()
    assert HOLDER in read(client, f"{here}journal/{paid.uid}/")
    with as_(SYSTEM):
        assert Entry.objects.filter(verb="seen").count() == before + 1
    assert "GK-1" in read(client, f"{here}disclosure/?on={NOW}")
    asked = questions(client, [here, f"{here}journal/", f"{here}journal/?only=uneven", f"{here}disclosure/"])
    assert {page: len(sql) for page, sql in asked.items() if len(sql) > MOST} == {}


def test_lines_that_were_added_are_no_change_and_one_said_otherwise_is(client: Client, village: Collective) -> None:
    booked(village)
    place = f"{PLACE}{village.uid}/changes/?since=2022-06-30&until=2022-09-30"
    told(village, LedgerKind.JOURNAL, line("RJ-30", 5_00, None), on=SEPTEMBER)
    assert "RJ-30" not in read(client, place)
    told(village, LedgerKind.JOURNAL, line("RJ-11", 150_00, 300_00), on=SEPTEMBER)
    page = read(client, place)
    assert "RJ-11" in page
    assert "支出(元) ¥100.00 → ¥150.00" in page
