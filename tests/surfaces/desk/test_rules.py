"""建章立制台账: a rule stands once, with everything that led to it; taken back it counts no more from that day on."""

import re
from datetime import date

from tests.surfaces.counting import grown, questions
from tests.surfaces.desk.test_findings import client_of
from tests.world import SYSTEM, World, as_

from jiandu.loop.outcomes.models import RuleMade
from jiandu.loop.outcomes.services import NewRule, record_rule
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.analysis.selectors import figure

PLACE = "/desk/rules/"
RULE = NewRule("采购管理办法", "市教育局", date(2022, 5, 1), "厦教〔2022〕1号")


def made(world: World) -> tuple[RuleMade, list[str]]:
    """A rule that two findings led to, and their codes."""
    project = world.project()
    findings = [world.closed(activity=project) for _ in range(2)]
    with as_(SYSTEM) as by:
        rules = {record_rule(finding=each, by=by, new=RULE).pk for each in findings}
        (rule,) = RuleMade.objects.filter(pk__in=rules)
    return rule, [each.code for each in findings]


def value(day: date) -> object:
    with as_(SYSTEM) as by:
        return figure(by, "project_rules_made", Ask(2022, day)).value


def test_a_rule_stands_once_with_all_that_led_to_it(world: World) -> None:
    rule, codes = made(world)
    client = client_of(world, "干部甲")
    listed = client.get(f"{PLACE}?year=2022").content.decode()
    assert len(re.findall(f'href="{PLACE}{rule.uid}/"', listed)) == 1
    assert re.search(r'data-label="来由">2<', listed)
    assert "采购管理办法" not in client.get(f"{PLACE}?year=2021").content.decode()
    assert "采购管理办法" in client.get(f"{PLACE}?text=厦教 采购").content.decode()
    assert "采购管理办法" not in client.get(f"{PLACE}?text=人事").content.decode()
    shown = client.get(f"{PLACE}{rule.uid}/").content.decode()
    assert [code in shown for code in codes] == [True, True]
    assert client_of(world, "干部乙").get(f"{PLACE}{rule.uid}/").status_code == 404


def test_a_rule_taken_back_counts_until_that_day(world: World) -> None:
    rule, _codes = made(world)
    client = client_of(world, "干部甲")
    assert (value(date(2022, 6, 30)), value(date(2022, 12, 31))) == (1, 1)
    refused = client.post(f"{PLACE}{rule.uid}/withdraw/", {"on": "2022-07-01", "reason": ""})
    assert refused.status_code == 422
    assert (
        client.post(f"{PLACE}{rule.uid}/withdraw/", {"on": "2022-07-01", "reason": "是转发的通知"}).status_code == 303
    )
    assert (value(date(2022, 6, 30)), value(date(2022, 12, 31))) == (1, 0)
    assert "采购管理办法" not in client.get(PLACE).content.decode()
    shown = client.get(f"{PLACE}{rule.uid}/").content.decode()
    assert ("是转发的通知" in shown, "?act=withdraw" in shown) == (True, False)


def test_the_number_of_queries_does_not_grow(world: World) -> None:
    rule, _codes = made(world)
    client = client_of(world, "干部甲")
    few = questions(client, [PLACE, f"{PLACE}{rule.uid}/"])
    with as_(SYSTEM) as by:
        for number in range(3):
            finding = world.closed()
            record_rule(finding=finding, by=by, new=RULE)
            record_rule(finding=finding, by=by, new=NewRule(f"办法{number}", "市财政局", date(2022, 6, 1)))
    assert grown(few, questions(client, few)) == {}
