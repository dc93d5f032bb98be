"""批示 on letters and activities beside findings: who writes it down, who reaches what by it, one list, its answer."""

import html
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.instruments.net import leader, rule_of, served, sheet
from tests.surfaces.counting import grown, questions
from tests.surfaces.desk.test_findings import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core.clock import today
from jiandu.loop.findings.models import Instruction
from jiandu.loop.findings.services import parts
from jiandu.loop.instruments.models import Instrument, InstrumentInstruction
from jiandu.loop.instruments.services import drafting, serving, signing
from jiandu.net.access.closing import hangs_on, retire_office
from jiandu.net.access.instructing import NewInstruction, answer_instruction, instruct
from jiandu.sources.activities.models import Activity, ActivityInstruction
from jiandu.surfaces.desk.views.todo import counted

DAY, TERM = date(2022, 5, 1), date(2022, 6, 1)
ROOM, OTHER = "第一监督检查室", "第二监督检查室"
KINDS = ("activity", "instrument")


def record(world: World, kind: str) -> Any:
    return world.project() if kind == "activity" else sheet(world, "joint")


def row_on(thing: Any) -> Any:
    return (
        ActivityInstruction(activity=thing) if isinstance(thing, Activity) else InstrumentInstruction(instrument=thing)
    )


def give(world: World, thing: Any, office: str = OTHER, *, name: str = "秘书", **more: Any) -> Any:
    said = {"leader": "书记", "on": DAY, "text": "抓紧办理", "due_on": TERM} | more
    with as_(world.viewer(name)) as by:
        return instruct(row=row_on(thing), by=by, new=NewInstruction(given_to=world.offices[office], **said))


def answered(world: World, row: Any, *, name: str = "干部乙", on: date = TERM, answer: str = "已办结") -> Any:
    with as_(world.viewer(name)) as by:
        return answer_instruction(row=row, by=by, on=on, answer=answer)


def listed(world: World, name: str, query: str = "") -> list[tuple[str, str]]:
    """(link, office) of each row of the list, in its order."""
    shown = client_of(world, name).get(f"/desk/instructions/{query}").content.decode()
    return re.findall(r'<a href="(/desk/[^"]+)">[^<]*</a></td>.*?承办室组">([^<]+)</td>', shown, re.DOTALL)


@pytest.mark.parametrize("kind", KINDS)
def test_the_office_that_is_given_it_reaches_the_record_and_answers(world: World, kind: str) -> None:
    thing, other = record(world, kind), record(world, kind)
    with as_(world.viewer("干部乙")):
        assert not type(thing).objects.exists()  # control: nothing before the note
    row = give(world, thing)
    with as_(world.viewer("干部乙")):
        assert list(type(thing).objects.values_list("pk", flat=True)) == [thing.pk] != [other.pk]
    assert rule_of(lambda: answered(world, row, name="街道干部")) == "not-there"
    assert rule_of(lambda: answered(world, row, on=DAY - timedelta(days=1))) == "answer-needed"
    assert rule_of(lambda: answered(world, row, answer=" ")) == "answer-needed"
    assert answered(world, row).answer == "已办结"
    assert rule_of(lambda: answered(world, row)) == "already-decided"
    with as_(SYSTEM):
        verbs = list(Entry.objects.filter(verb__contains="instruct").order_by("seq").values_list("verb", flat=True))
    assert verbs == [f"{kind}.instruct", f"{kind}.answer_instruction"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"text": " "}, "instruction-needed"),
        ({"leader": " "}, "instruction-needed"),
        ({"due_on": DAY - timedelta(days=1)}, "instruction-due"),
        ({"on": date(2099, 1, 1), "due_on": None}, "step-date"),
        ({"leader": "副书记"}, "instruct-for"),
        ({"name": "干部甲"}, "not-allowed"),
        ({"name": "街道干部"}, "not-there"),
    ],
)
def test_it_is_refused(world: World, kind: str, more: dict[str, Any], rule: str) -> None:
    thing = record(world, kind)
    assert rule_of(lambda: give(world, thing, **more)) == rule
    with as_(SYSTEM):
        assert not type(row_on(thing)).objects.exists()


def test_a_letter_taken_back_takes_none_and_what_it_has_is_still_answered(world: World) -> None:
    thing = sheet(world, "joint")
    row = give(world, thing)
    with as_(world.viewer("干部甲")) as by:
        drafting.withdraw(instrument=thing, by=by, reason="误拟")
    assert rule_of(lambda: give(world, thing)) == "not-there"
    assert answered(world, row, answer="文书已撤下").answered_on == TERM


@pytest.mark.parametrize("kind", KINDS)
def test_the_database_keeps_no_answer_without_its_day(world: World, kind: str) -> None:
    row = give(world, record(world, kind))
    with as_(SYSTEM):
        row.answer = "已办"
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(update_fields=["answer"])
        row.answered_on = TERM
        row.save(update_fields=["answer", "answered_on"])  # control


def all_three(world: World) -> dict[str, Any]:
    """One on a finding, one on a letter, one on a project: given to the other office, each with a later term."""
    finding, letter, project = world.finding(), sheet(world, "joint"), world.project()
    with as_(world.viewer("秘书")) as by:
        new = NewInstruction("书记", DAY, "请核实处理", world.offices[OTHER], TERM)
        rows = {"finding": parts.instruct(finding=finding, by=by, new=new)}
    rows["instrument"] = give(world, letter, due_on=TERM + timedelta(days=1))
    rows["activity"] = give(world, project, due_on=None)
    return rows


def test_one_list_shows_all_by_term_with_links_and_results_and_the_counter_counts_them(world: World) -> None:
    rows = all_three(world)
    links = [
        f"/desk/findings/{rows['finding'].finding.uid}/#instructions",
        f"/desk/letters/{rows['instrument'].instrument.uid}/",
        f"/desk/projects/{rows['activity'].activity.uid}/",
    ]
    assert listed(world, "干部乙") == [(link, OTHER) for link in links]
    assert (listed(world, "干部甲"), listed(world, "街道干部", "?tab=all")) == ([], [])
    with as_(world.viewer("干部乙")) as by:
        assert counted(by)["instructions"] == 3
    desk = client_of(world, "干部乙").get("/desk/").content.decode()
    assert [link in desk for link in links] == [True] * 3
    answered(world, rows["instrument"], answer="已函告教育局")
    assert listed(world, "干部乙", "?tab=done") == [(links[1], OTHER)]
    assert "已函告教育局" in client_of(world, "干部乙").get("/desk/instructions/?tab=done").content.decode()
    with as_(world.viewer("干部乙")) as by:
        assert counted(by)["instructions"] == 2


def test_a_letter_is_called_by_its_number_once_it_has_one(world: World) -> None:
    one = served(world, "joint")
    give(world, one, ROOM)
    shown = [client_of(world, "干部甲").get("/desk/instructions/").content.decode()]
    with as_(SYSTEM) as by:
        signing.give_number(instrument=one, by=by, word="厦纪建", year=2022, serial=3)
    shown.append(client_of(world, "干部甲").get("/desk/instructions/").content.decode())
    assert [(one.code in said, "厦纪建〔2022〕3号" in said) for said in shown] == [(True, False), (False, True)]
    assert all("纪检监察建议书" in said for said in shown)


def test_of_a_sensitive_record_the_list_says_the_level_and_no_word_finds_it(world: World) -> None:
    finding = world.finding(problem="隐名问题", level=2)
    with as_(SYSTEM) as by:
        parts.instruct(finding=finding, by=by, new=NewInstruction("书记", DAY, "密查此事", world.offices[ROOM], TERM))
    give(world, world.project(), ROOM, text="公开此事")
    shown = client_of(world, "干部甲").get("/desk/instructions/").content.decode()
    assert [word in shown for word in ("密查此事", "隐名问题", "公开此事", "工作敏感")] == [False, False, True, True]
    assert len(listed(world, "干部甲")) == 2
    assert [len(listed(world, "干部甲", f"?text={word}")) for word in ("密查", "隐名", "公开此事")] == [0, 0, 1]


def test_the_list_is_narrowed_by_words_unit_and_office(world: World) -> None:
    rows = all_three(world)
    give(world, world.project(name="粮食购销"), ROOM, text="请粮食局整改")
    found = {
        query: len(listed(world, "书记", f"?tab=all&{query}"))
        for query in ("text=粮食购销", "text=请核实", "text=市教育局有关", "unit=教育", "unit=财政", "text=无此词")
    }
    assert found == {
        "text=粮食购销": 1,
        "text=请核实": 1,
        "text=市教育局有关": 1,
        "unit=教育": 2,
        "unit=财政": 0,
        "text=无此词": 0,
    }
    offices = [len(listed(world, "书记", f"?tab=all&office={world.offices[name].pk}")) for name in (ROOM, OTHER)]
    assert offices == [1, len(rows)]


def test_the_list_and_the_desk_ask_no_more_when_there_is_more(world: World) -> None:
    pages = [f"/desk/instructions/{query}" for query in ("", "?tab=all", "?tab=done", "?tab=all&unit=教育&text=请")]
    client = client_of(world, "干部乙")
    for _time in range(2):
        answered(world, all_three(world)["activity"])
    few = questions(client, [*pages, "/desk/"])
    for _time in range(4):
        answered(world, all_three(world)["activity"])
    assert grown(few, questions(client, [*pages, "/desk/"])) == {}


def test_the_pages_write_it_down_and_answer_it(world: World) -> None:
    for place, table in ((f"/desk/projects/{world.project().uid}/", ActivityInstruction), (f"/desk/letters/{sheet(world, 'joint').uid}/", InstrumentInstruction)):  # fmt: skip
        secretary, officer = client_of(world, "秘书"), client_of(world, "干部甲")
        assert "act=instruct" not in officer.get(place).content.decode()
        assert 'value="书记"' in secretary.get(f"{place}?act=instruct").content.decode()
        said = {"on": "2022-05-01", "text": "请限期办结", "given_to": world.offices[ROOM].pk, "due_on": "2022-06-01"}
        for language, words in (("zh-hans", "您只能登记“书记”的批示"), ("en", "only record the instructions of 书记")):
            refused = secretary.post(
                f"{place}instruct/", {**said, "leader": "副书记"}, headers={"Accept-Language": language}
            )
            assert (refused.status_code, words in html.unescape(refused.content.decode())) == (422, True)
        assert secretary.post(f"{place}instruct/", {**said, "leader": "书记"}).status_code == 303
        with as_(SYSTEM):
            row = table.objects.get()
        shown = officer.get(place).content.decode()
        assert ("请限期办结" in shown, f"act=answer-instruction&amp;on={row.pk}" in shown) == (True, True)
        done = officer.post(f"{place}answer-instruction/?on={row.pk}", {"on": "2022-05-20", "answer": "已办结报告"})
        assert done.status_code == 303
        shown = officer.get(place).content.decode()
        assert ("已办结报告" in shown, "act=answer-instruction" in shown) == (True, False)


def test_the_unit_reads_the_letter_and_not_what_the_leader_wrote_on_it(world: World) -> None:
    one = served(world, "joint")
    give(world, one, text="内部研究")
    for name, sees in (("经办人丁", False), ("干部甲", True)):
        shown = client_of(world, name).get(f"/desk/letters/{one.uid}/")
        assert (shown.status_code, "内部研究" in shown.content.decode()) == (200, sees)
        assert ("内部研究" in client_of(world, name).get("/desk/instructions/?tab=all").content.decode()) == sees


def test_what_the_leader_in_charge_wrote_on_a_copy_report_waits_for_nobody(world: World) -> None:
    leader(world, "王副市长", "市教育局")
    one = served(world, Instrument.Kind.COPY_REPORT)
    with as_(world.viewer("干部甲")) as by:
        handed = one.deliveries.get()
        serving.endorse(delivery=handed, by=by, verb="instruct", on=date(2022, 5, 10), note="请抓紧整改")
    assert [listed(world, "干部甲", f"?tab={tab}") for tab in ("", "all", "done")] == [[], [], []]
    give(world, one, ROOM)  # control: what a commission leader gives to an office does wait
    assert len(listed(world, "干部甲")) == 1


def test_what_a_closing_office_has_not_answered_goes_to_who_takes_over(world: World) -> None:
    rows = all_three(world)
    answered(world, rows["activity"])
    give(world, world.project())
    said = [phrase for phrase in hangs_on(world.offices[OTHER]) if "批示" in phrase]
    assert sorted(said) == ["批示1件", "文书批示1件", "监督活动批示1件"]
    with as_(world.viewer("系统管理员")) as by:
        retire_office(office=world.offices[OTHER], to=world.offices[ROOM], until=today() - timedelta(days=1), by=by)
    with as_(SYSTEM):
        left = [
            table.objects.filter(given_to=world.offices[OTHER], answered_on__isnull=True).count()
            for table in (Instruction, InstrumentInstruction, ActivityInstruction)
        ]
        kept = ActivityInstruction.objects.filter(given_to=world.offices[OTHER]).count()
    assert (left, kept) == ([0, 0, 0], 1)
