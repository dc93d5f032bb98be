"""建章立制台账: a rule stands once, with everything that led to it; taken back it counts no more from that day on."""

import hashlib
import re
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http.response import HttpResponse
from tests.instruments.net import served
from tests.surfaces.counting import grown, questions
from tests.surfaces.desk.test_findings import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.loop.outcomes.models import RuleMade
from jiandu.loop.outcomes.selectors import codes_of, rules_of_activity
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


def does(client: Any, path: str, **said: Any) -> str:
    """What is said where it was refused; nothing where it was done."""
    answer: HttpResponse = client.post(f"{PLACE}{path}", said)
    return "" if answer.status_code == 303 else re.sub(r"<[^>]+>", " ", answer.content.decode())


def test_a_rule_is_recorded_in_the_register_with_the_numbers_of_what_led_to_it(world: World) -> None:
    finding, project = world.finding(), world.project()
    client = client_of(world, "干部甲")
    said = {"title": "采购办法", "issuer": "市教育局", "issued_on": "2022-05-01"}
    said["office"] = str(world.offices["第一监督检查室"].pk)
    assert "没有编号为“JD-0”的问题" in does(client, "record/", **said, led_by=f"{finding.code}、JD-0")
    assert does(client, "record/", **said, led_by=f"{finding.code}、{project.code}、{finding.code}") == ""
    with as_(SYSTEM) as by:
        (rule,) = RuleMade.objects.all()
        assert codes_of(by, [rule])[rule.pk] == [finding.code, project.code]
    assert value(date(2022, 12, 31)) == 1
    assert client_of(world, "经办人丁").post(f"{PLACE}record/", said).status_code in {403, 404}


def test_a_rule_is_put_right_with_a_reason_and_never_becomes_another(world: World) -> None:
    rule, codes = made(world)
    with as_(SYSTEM) as by:
        record_rule(finding=world.finding(), by=by, new=NewRule("会议制度", "市教育局", date(2022, 6, 1)))
    client, place = client_of(world, "干部甲"), f"{rule.uid}/amend/"
    said = {"title": "采购管理办法", "number": "厦教〔2022〕1号", "issuer": "市教育局", "issued_on": "2022-07-01"}
    assert "更正原因" in does(client, place, **said)
    assert value(date(2022, 6, 30)) == 2
    assert does(client, place, **said, reason="月份录错") == ""
    assert value(date(2022, 6, 30)) == 1
    same = said | {"title": "《会议制度》", "number": ""}
    assert "都相同的制度：会议制度" in does(client, place, **same, reason="改名")
    with as_(SYSTEM) as by:
        assert codes_of(by, [rule])[rule.pk] == codes
        entry = Entry.objects.filter(verb="rule_made.amend").get()
    assert "月份录错" in str(entry.payload.body)
    assert client_of(world, "干部乙").post(f"{PLACE}{place}", said | {"reason": "x"}).status_code == 404


def test_the_text_of_a_rule_is_given_to_who_sees_the_rule(world: World) -> None:
    rule, _codes = made(world)
    client, place = client_of(world, "干部甲"), f"{PLACE}{rule.uid}/file/"
    assert client.get(place).status_code == 404
    wrong = SimpleUploadedFile("制度.txt", "第一条".encode())
    assert "应为 Word、WPS、PDF 或 OFD：制度.txt" in does(client, f"{rule.uid}/attach/", file=wrong)
    for body in ("%PDF-1.4 草案".encode(), "%PDF-1.4 印发稿".encode()):
        assert does(client, f"{rule.uid}/attach/", file=SimpleUploadedFile("采购管理办法.pdf", body)) == ""
    given = client.get(place)
    assert (given.status_code, given.content, given["Content-Type"]) == (200, body, "application/octet-stream")
    assert f'href="{place}"' in client.get(f"{PLACE}{rule.uid}/").content.decode()
    assert client_of(world, "干部乙").get(place).status_code == 404
    with as_(SYSTEM):
        logged = [str(one.payload.body) for one in Entry.objects.filter(verb="rule_made.attach").order_by("pk")]
    assert [hashlib.sha256(body).hexdigest() in one for one in logged] == [False, True]


def test_a_rule_that_a_proposal_led_to_counts_once_for_its_campaign(world: World) -> None:
    campaign = world.project()
    one = served(world, "joint", activity=campaign)
    client = client_of(world, "干部甲")
    said = {"title": "轮换办法", "issuer": "市教育局", "issued_on": "2022-05-20"}
    assert client.post(f"/desk/letters/{one.uid}/rule/", said).status_code == 303
    assert client.post(f"/desk/letters/{one.uid}/rule/", said).status_code == 303
    assert value(date(2022, 12, 31)) == 1
    with as_(SYSTEM) as by:
        (rule,) = rules_of_activity(by, campaign)
        assert codes_of(by, [rule])[rule.pk] == [one.code, campaign.code]
    shown = client.get(f"{PLACE}{rule.uid}/").content.decode()
    assert f'href="/desk/letters/{one.uid}/"' in shown
    assert f'href="{PLACE}{rule.uid}/"' in client.get(f"/desk/letters/{one.uid}/").content.decode()


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
