"""The ledger's list: conditions, orders, columns, saved views, many assigned at once."""

import re
from datetime import date, timedelta

from django.test import Client
from tests.surfaces.counting import grown, questions
from tests.surfaces.desk.test_findings import client_of, lexicon, state_of
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.base.lexicon.selectors import items
from jiandu.loop.findings.models import Finding, SavedView
from jiandu.loop.findings.services import approvals, moves
from jiandu.loop.findings.states import Verb
from jiandu.net.access.deciding import Signature
from jiandu.surfaces.desk.views.home import MORE

__all__ = ["lexicon"]
PLACE = "/desk/findings/"


def codes(client: Client, query: str) -> list[str]:
    """The numbers listed, in order."""
    text = client.get(f"{PLACE}?{query}").content.decode()
    return re.findall(r'<td class="code" data-label="编号">\s*<a href="[^"]+">([^<]+)</a>', text)


def test_each_condition_finds_its_rows_and_no_other(world: World) -> None:
    school = world.finding(unit="市第一中学", problem="台账不清", on=date(2022, 3, 1))
    bureau = world.rectifying(unit="市教育局", on=today() - timedelta(days=200))
    money = world.finding(unit="市财政局", on=date(2021, 5, 1))
    client = client_of(world, "主任甲")
    everything = {school.code, bureau.code, money.code}
    wanted = {
        "all=1": everything,
        "unit=教育": {bureau.code},
        "unit=教育&below=1": {bureau.code, school.code},
        f"subject={world.units['市教育局'].uid}": {bureau.code},
        f"subject={world.units['市教育局'].uid}&below=1": {bureau.code, school.code},
        "unit=没有这个单位": set(),
        "state=rectifying": {bureau.code},
        "rectification=by_term": {bureau.code},
        "source=project": everything,
        "source=petition": set(),
        "year=2021": {money.code},
        "text=台账不清": {school.code},
        f"office={world.offices['第一监督检查室'].pk}": everything,
        f"office={world.offices['第二监督检查室'].pk}": set(),
        "due=overdue": {bureau.code},
        "urging=1": set(),
        "year=abc&office=9999999999&state=%27": set(),
    }
    for query, found in wanted.items():
        assert (query, set(codes(client, query))) == (query, found)


def test_what_lacks_a_column_is_found_by_it_while_it_can_be_filled_in(world: World, lexicon: None) -> None:
    with as_(SYSTEM) as by:
        aspect = items(by, "aspect", 2022)[0]
    whole = {
        "facts": "抽查12份",
        "basis": "条例第3条",
        "aspect": aspect,
        "rectification": "by_term",
        "due_on": date(2022, 9, 1),
        "rectifier_name": "王强",
    }
    world.finding(**whole)
    without = {name: world.finding(**{key: value for key, value in whole.items() if key != name}) for name in whole}
    gone = world.finding()
    with as_(SYSTEM) as by:
        request = approvals.Request(Verb.WITHDRAW, "误录", today())
        asked_for = approvals.ask(finding=gone, by=by, request=request)
    with as_(world.viewer("书记")) as by:
        approvals.decide(approval=asked_for, by=by, signature=Signature(is_granted=True, on=today()))
    client = client_of(world, "干部甲")
    for name, row in without.items():
        assert (name, codes(client, f"lacks={name}")) == (name, [row.code])
        words = str(Finding._meta.get_field(name).verbose_name)
        assert words in client.get(f"/desk/findings/{row.uid}/").content.decode()
    assert set(codes(client, "lacks=any")) == {row.code for row in without.values()}
    assert len(codes(client, "lacks=forged")) == len(whole) + 2


def test_each_tab_of_the_desk_leads_to_the_rows_that_it_counts(world: World) -> None:
    world.finding(on=today() - timedelta(days=3), due_on=today() + timedelta(days=2))
    world.rectifying(on=today() - timedelta(days=200))
    world.rectifying(on=today())
    world.closed()
    world.closed(lasting=True)
    again = world.closed()
    with as_(SYSTEM) as by:
        moves.reopen(finding=Finding.objects.get(pk=again.pk), by=by, on=today(), note="反弹")
    client = client_of(world, "主任甲")
    for tab, query in MORE.items():
        shown = client.get(f"/desk/?tab={tab}").content.decode()
        rows = re.findall(r'<td class="code">([^<]+)</td>', shown)
        counted = re.search(rf'tab={tab}" aria-current="page">[^<]+<span[^>]*>(\d+)<', shown)
        assert counted is not None
        assert (tab, len(rows) > 0, codes(client, query)) == (tab, True, rows)
        assert (tab, int(counted[1])) == (tab, len(rows))
    assert "tab=lacking" not in client_of(world, "经办人丁").get("/desk/").content.decode()


def test_the_order_is_turned_by_the_heading(world: World) -> None:
    late, soon, never = (
        world.finding(on=date(2022, 3, day), due_on=due)
        for day, due in ((1, date(2022, 9, 1)), (2, date(2022, 4, 1)), (3, None))
    )
    client = client_of(world, "主任甲")
    assert codes(client, "all=1") == [never.code, soon.code, late.code]
    assert codes(client, "sort=registered_on") == [late.code, soon.code, never.code]
    assert codes(client, "sort=due_on") == [soon.code, late.code, never.code]
    assert codes(client, "sort=-due_on") == [late.code, soon.code, never.code]
    assert 'aria-sort="ascending"' in client.get(f"{PLACE}?sort=due_on").content.decode()


def test_the_number_of_queries_does_not_grow(world: World) -> None:
    client = client_of(world, "主任甲")
    world.rectifying(problem="台账不清")
    shown = ("all=1", "unit=教育&below=1&text=台账", "sort=due_on&due=overdue", "lacks=any")
    few = questions(client, [f"{PLACE}?{query}" for query in shown])
    for _ in range(3):
        world.rectifying(problem="台账不清")
    assert grown(few, questions(client, few)) == {}


def test_columns_are_chosen_and_remembered(world: World) -> None:
    world.finding()
    client = client_of(world, "主任甲")
    assert "责任人</th>" not in client.get(f"{PLACE}?all=1").content.decode()
    answer = client.post(f"{PLACE}columns/?state=registered", {"column": ["rectifier_name", "forged"]})
    assert (answer.status_code, answer["Location"]) == (303, f"{PLACE}?state=registered")
    shown = client.get(f"{PLACE}?all=1").content.decode()
    assert ("责任人</th>" in shown, "承办室组</th>" in shown) == (True, False)


def test_a_view_is_kept_opened_by_itself_and_dropped(world: World) -> None:
    one, two = world.finding(on=date(2022, 3, 1)), world.finding(on=date(2021, 3, 1))
    client = client_of(world, "主任甲")
    client.post(f"{PLACE}columns/", {"column": ["found_by"]})
    saved = client.post(f"{PLACE}views/?year=2022&key=-2022-01-01_1", {"name": "今年的", "is_default": "on"})
    assert saved.status_code == 303
    opened = client.get(PLACE)
    assert (opened.status_code, opened["Location"]) == (302, saved["Location"])
    assert codes(client, saved["Location"].split("?")[1]) == [one.code]
    client.cookies.pop("columns")
    shown = client.get(saved["Location"]).content.decode()
    assert ("发现人</th>" in shown, "今年的" in shown) == (True, True)
    assert set(codes(client, "all=1")) == {one.code, two.code}
    other = client_of(world, "干部甲")
    assert "今年的" not in other.get(f"{PLACE}?all=1").content.decode()
    with as_(SYSTEM):
        view = SavedView.objects.get()
        assert view.query == "year=2022"
    assert other.post(f"{PLACE}views/{view.uid}/drop/").status_code == 404
    assert client.post(f"{PLACE}views/{view.uid}/drop/").status_code == 303
    assert client.get(PLACE).status_code == 200


def test_only_one_view_opens_by_itself_and_a_nameless_one_is_refused(world: World) -> None:
    client = client_of(world, "主任甲")
    for name in ("一", "二"):
        assert client.post(f"{PLACE}views/?state=closed", {"name": name, "is_default": "on"}).status_code == 303
    with as_(SYSTEM):
        assert list(SavedView.objects.filter(is_default=True).values_list("name", flat=True)) == ["二"]
    refused = client.post(f"{PLACE}views/?state=closed", {"name": " "})
    assert (refused.status_code, "data-open-now" in refused.content.decode()) == (422, True)
    for number in range(10):
        client.post(f"{PLACE}views/?state=closed", {"name": f"视图{number}"})
    full = client.post(f"{PLACE}views/?state=closed", {"name": "再一个"})
    assert (full.status_code, "最多保存12个视图" in full.content.decode()) == (422, True)


def test_many_are_assigned_with_type_and_term(world: World) -> None:
    one, two = world.finding(), world.finding()
    client, day = client_of(world, "干部甲"), today()
    said = {
        "finding": [str(one.uid), str(two.uid)],
        "rectification": "lasting",
        "on": day.isoformat(),
        "due_on": (day + timedelta(days=90)).isoformat(),
        "note": "限期",
    }
    answer = client.post(f"{PLACE}assign/?state=registered", said)
    assert (answer.status_code, answer["Location"]) == (303, f"{PLACE}?state=registered")
    with as_(SYSTEM):
        rows = list(Finding.objects.values_list("rectification", "due_on"))
    assert rows == [("lasting", day + timedelta(days=90))] * 2
    three = world.finding()
    refused = client.post(f"{PLACE}assign/", {**said, "finding": [str(three.uid), str(one.uid)]})
    shown = refused.content.decode()
    assert (refused.status_code, f"{one.code} 不能交办" in shown, "已交办”的问题不能交办" in shown) == (422, True, True)
    assert (f'value="{three.uid}" checked' in shown, state_of(three)) == (True, "registered")
    assert client.post(f"{PLACE}assign/", {**said, "finding": []}).status_code == 422
    early = client.post(f"{PLACE}assign/", {**said, "finding": [str(three.uid)], "due_on": "2020-01-01"})
    assert (early.status_code, state_of(three)) == (422, "registered")


def test_buttons_are_only_for_those_who_may(world: World) -> None:
    world.rectifying()
    operator = client_of(world, "经办人丁").get(f"{PLACE}?all=1").content.decode()
    for word in ("登记问题", "findings/at-once/", 'name="finding"', "导入"):
        assert word not in operator
    clerk = client_of(world, "内勤甲").get(f"{PLACE}?all=1").content.decode()
    assert ("登记问题" in clerk, "findings/at-once/" in clerk) == (True, False)  # registers, does not verify
    officer = client_of(world, "干部甲").get(f"{PLACE}?all=1").content.decode()
    for word in ("登记问题", "findings/at-once/", 'name="finding"', "导入"):
        assert word in officer
