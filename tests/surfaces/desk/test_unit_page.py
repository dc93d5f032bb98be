"""单位情况一页通: as of any day, in scope, without what is sensitive; numbers and “其余” open what they count; one page."""

import io
import re
import subprocess
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import docx
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.activities.test_papers import cells
from tests.instruments.net import leader, served
from tests.surfaces.counting import MOST, asked
from tests.surfaces.desk.test_accounts import client_of
from tests.talks.test_talks import new as talk_of
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core.clock import today
from jiandu.base.documents.pdf import to_pdf
from jiandu.loop.outcomes.services import NewRule, record_rule
from jiandu.net.access.models import Level
from jiandu.net.access.services import recuse_from_unit
from jiandu.net.overseers.services import link_leader
from jiandu.net.subjects.models import Post
from jiandu.net.subjects.services import NewPost, appoint, register_person
from jiandu.sources.talks.models import Talk
from jiandu.sources.talks.services import Invited, hold_talk

UNIT, OFFICER, DAY, SECRET = "市教育局", "干部甲", date(2022, 3, 1), "敏感暗语"


def place(world: World, rest: str = "", unit: str = UNIT) -> str:
    return f"/desk/units/{world.units[unit].uid}/page/{rest}"


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def talked(world: World, promise: str, *, on: date = DAY, theme: str = "主体责任", **more: Any) -> Any:
    person = world.persons.get("张局长") or world.person("张局长", UNIT)
    with as_(SYSTEM) as by:
        return hold_talk(new=talk_of(world, [Invited(person, promise=promise)], on=on, theme=theme, **more), by=by)


@pytest.fixture
def filled(world: World) -> World:
    """Six open problems (one sensitive), one settled, a talk, a letter, a rule; a team, leaders in charge and linked."""
    for number in range(5):
        world.rectifying(unit=UNIT, on=DAY + timedelta(days=number), problem=f"采购未验收{number}", basis="第五条")
    world.rectifying(unit=UNIT, on=DAY, problem=SECRET, level=Level.SENSITIVE)
    settled = world.closed(unit=UNIT, on=DAY, closed_on=date(2022, 6, 1), problem="已改好的事")
    talked(world, "三个月内建账")
    kept = talked(world, "不外传", theme=SECRET)
    with as_(SYSTEM):
        Talk.objects.filter(pk=kept.pk).update(level=Level.SENSITIVE)
    leader(world, "王副市长", UNIT)
    served(world, "urging", title="关于采购的督办函", reply_days=30)
    with as_(SYSTEM) as by:
        link_leader(leader=register_person(name="李常委", by=by), organisation=world.units[UNIT], since=DAY, by=by)
        record_rule(finding=settled, by=by, new=NewRule("采购管理办法", UNIT, date(2022, 5, 20)))
    return world


def test_the_page_tells_a_unit_and_keeps_what_is_sensitive(filled: World) -> None:
    said = text(client_of(filled, OFFICER), place(filled))
    for words in ("张局长", "王副市长", "李常委", "采购未验收", "三个月内建账", "关于采购的督办函", "《采购管理办法》"):
        assert words in said, words
    assert "登记问题 6" in said
    assert "未销号 5" in said
    assert "其余 1 件" in said
    assert SECRET not in said
    assert "不外传" not in said


def test_the_numbers_open_what_they_count(filled: World) -> None:
    client = client_of(filled, OFFICER)
    page = client.get(place(filled)).content.decode()
    numbers = {
        word: int(re.search(rf"page/{word}/[^>]*>[^<]*<b>(\d+)</b>", page)[1])  # type: ignore[index]
        for word in ("all", "open", "overdue", "settled")
    }
    assert numbers == {"all": 6, "open": 5, "overdue": 5, "settled": 1}
    for word, count in numbers.items():
        behind = client.get(place(filled, f"{word}/?on={today()}"))
        assert len(behind.context["rows"]) == count, word
        assert SECRET not in behind.content.decode()
    for word in ("posts", "repeats", "talks", "letters", "rules"):
        assert client.get(place(filled, f"{word}/?on=2022-12-31")).context["rows"], word
    assert client.get(place(filled, "nothing/")).status_code == 404


def test_as_of_an_earlier_day_it_tells_how_things_stood(filled: World) -> None:
    client = client_of(filled, OFFICER)
    then = text(client, place(filled, "?on=2022-03-03"))
    assert "登记问题 4" in then  # three of the five, and the one that was settled later
    assert "未销号 4" in then
    assert "超期 0" in then
    assert "关于采购的督办函" not in then
    assert "《采购管理办法》" not in then
    assert "王副市长" in then
    assert "李常委" in then
    assert "李常委" not in text(client, place(filled, "?on=2022-02-01"))
    assert "已改好的事" in text(client, place(filled, "open/?on=2022-03-03"))
    assert "已改好的事" not in text(client, place(filled, "open/"))


def test_a_leader_is_never_late_and_the_unit_is(filled: World) -> None:
    said = text(client_of(filled, OFFICER), place(filled))
    leaders = said[said.index("分管和挂钩领导") : said.index("未销号问题")]
    assert "逾期" not in leaders
    assert "超期" not in leaders
    assert "逾期未反馈" in said[said.index("文书和反馈") :]


def test_who_must_keep_away_or_may_not_look_gets_the_same_404(filled: World) -> None:
    with as_(filled.viewer("安全管理员")) as by:
        recuse_from_unit(user=filled.users["干部丙"], organisation=filled.units[UNIT], by=by)
    absent = client_of(filled, OFFICER).get("/desk/units/00000000-0000-4000-8000-000000000000/page/")
    for name in ("干部丙", "经办人丁", "系统管理员"):
        client = client_of(filled, name)
        for rest in ("", "word/", "open/"):
            answer = client.get(place(filled, rest))
            assert (answer.status_code, answer.content) == (404, absent.content), (name, rest)
    assert client_of(filled, "干部丙").get(place(filled, unit="市财政局")).status_code == 200  # the control


def test_another_office_reads_what_is_in_its_scope(filled: World) -> None:
    said = text(client_of(filled, "干部乙"), place(filled))
    assert "张局长" in said
    assert "登记问题 0" in said
    assert "采购" not in said


def test_the_file_and_the_search_lead_there(filled: World) -> None:
    client = client_of(filled, OFFICER)
    for page in (place(filled).removesuffix("page/"), f"/desk/search/?q={UNIT}"):
        assert f'href="{place(filled)}"' in client.get(page).content.decode(), page
    admin = client_of(filled, "系统管理员").get(place(filled).removesuffix("page/")).content.decode()
    assert place(filled) not in admin


def test_it_asks_little_however_much_there_is(filled: World) -> None:
    client, counts = client_of(filled, OFFICER), []
    for query in ("", "?on=2022-05-01") * 2:
        client.get(place(filled, query))
        with CaptureQueriesContext(connection) as captured:
            client.get(place(filled, query))
        counts.append(len(asked(captured)))
        filled.rectifying(unit=UNIT)
        talked(filled, "再承诺")
    assert counts[:2] == counts[2:]
    assert max(counts) <= MOST


def test_the_sheet_is_logged_and_says_who_took_it(filled: World) -> None:
    answer = client_of(filled, OFFICER).get(place(filled, "word/"))
    file = docx.Document(io.BytesIO(answer.content))
    boxes = {row[0].split("\n")[0]: row[1] for row in cells(file.tables[0])}
    assert "登记6件，未销号5件（超期5件），已销号1件。" in boxes["问　　题"]
    assert "张局长：主体责任。承诺：三个月内建账" in boxes["近期谈话"]
    assert SECRET not in str(boxes)
    assert OFFICER in file.sections[0].header.paragraphs[0].text
    with as_(SYSTEM):
        assert Entry.objects.order_by("-seq")[0].verb == "organisation.paper"


@pytest.mark.office
def test_the_busiest_unit_fits_on_one_page(filled: World, tmp_path: Path) -> None:
    """Every list longer than its room, every text as long as its column takes."""
    unit = filled.units[UNIT]
    with as_(SYSTEM) as by:
        for number in range(12):
            person = register_person(name=f"名字很长的干部同志{number}", by=by)
            title = "党组书记、局长兼教育督导委员会办公室主任" * 3
            appoint(new=NewPost(person=person, organisation=unit, title=title, kind=Post.Kind.TEAM, since=DAY), by=by)
            link_leader(leader=person, organisation=unit, since=DAY, by=by)
    for number in range(4):
        filled.rectifying(unit=UNIT, problem="项目资金拨付不及时台账缺失" * 15, basis=f"第{number // 2}条")
        talked(filled, "立即整改并举一反三" * 30, theme="落实主体责任" * 20)
        served(filled, "urging", title="关于进一步规范管理的提醒" * 10)
    with as_(SYSTEM) as by:
        for number in range(4):
            finding = filled.rectifying(unit=UNIT)
            new = NewRule(f"{'内部控制管理办法' * 15}{number}", "很长的制发机关名称" * 8, date(2022, 6, 1))
            record_rule(finding=finding, by=by, new=new)
    answer = client_of(filled, OFFICER).get(place(filled, "word/"))
    path = tmp_path / "unit.pdf"
    path.write_bytes(to_pdf(answer.content))
    info = subprocess.run(["pdfinfo", str(path)], capture_output=True, check=True, text=True).stdout
    assert re.search(r"Pages:\s+1\n", info)
