"""情况分析稿 and 预警提示: drafted by the clock, frozen when kept; what leaves hides small cells, and never goes to whom it is about."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from docx import Document
from tests.petitions import city as cities
from tests.petitions.city import DISTRICT_OFFICE, OFFICE, ROOM, registered
from tests.surfaces.counting import grown, questions
from tests.surfaces.desk.test_accounts import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.services import load_defaults
from jiandu.net.access.instructing import NewInstruction, instruct
from jiandu.net.access.services import recuse
from jiandu.net.subjects.models import Organisation
from jiandu.results.alarms.models import Alarm
from jiandu.results.alarms.services import confirm, look_at_week
from jiandu.results.bulletins import drafting, selectors, sending
from jiandu.results.bulletins.jobs import draft_what_ended, ended
from jiandu.results.bulletins.models import Advisory, BulletinInstruction, PetitionBulletin
from jiandu.results.bulletins.sending import NewAdvisory
from jiandu.results.bulletins.word import advisory_docx
from jiandu.results.digests.counting import bulletin as counted
from jiandu.results.digests.freezing import as_kept, as_read
from jiandu.results.digests.periods import Kind, Period
from jiandu.results.digests.word import Beside, bulletin_docx
from jiandu.sources.petitions.models import Petition
from jiandu.sources.petitions.rules import RETURNED
from jiandu.sources.petitions.services import handling

MARCH = Period(Kind.MONTH, 2022, 3)
PLACE = "/desk/petitions/"


def refusal(rule: str) -> Any:
    return pytest.raises(Refused, check=lambda refused: refused.rule == rule)


@pytest.fixture
def city(world: World) -> World:
    with as_(SYSTEM) as by:
        load_defaults(by=by)
    return cities.furnish(world)


def fill(city: World) -> None:
    """Nine letters, four web items and one visit: the visit is a small cell."""
    for way in (*["letter"] * 9, *["web"] * 4, "visit"):
        registered(city, way=way)


def drafted(city: World, period: Period = MARCH, *, office: str = OFFICE, **more: Any) -> PetitionBulletin:
    with as_(SYSTEM) as by:
        return drafting.draft(new=drafting.NewBulletin(city.offices[office], period, **more), by=by)


def kept(city: World, *, who: str = "信访甲", **more: Any) -> PetitionBulletin:
    row = drafted(city, **more)
    with as_(city.viewer(who)) as by:
        return drafting.keep(bulletin=row, by=by, on=today())


def sent(city: World, about: Any, *, who: str = "信访甲", **more: Any) -> Advisory:
    said = {"on": today(), "office": None if "body" in more else city.offices[ROOM]} | more
    with as_(city.viewer(who)) as by:
        return sending.send(about=about, by=by, new=NewAdvisory(**said))


def shown(city: World, who: str, row: PetitionBulletin, *, for_outside: bool) -> dict[str, int | None]:
    with as_(city.viewer(who)) as viewer:
        said = selectors.figures(viewer, row, for_outside=for_outside)
        assert said is not None
        return {line.key: line.count for table in said.tables if table.key == "way" for line in table.rows}


def test_what_ended_is_drafted_once_and_counts_nothing_of_its_own(city: World):
    registered(city, on=today() - timedelta(days=today().weekday() + 3))
    first = draft_what_ended()
    with as_(SYSTEM):
        rows = list(PetitionBulletin.objects.filter(owner_office=city.offices[OFFICE], span="week"))
    assert [(row.state, row.inner, row.number) for row in rows] == [("drafted", None, ended(today())[0].number)]
    assert (first >= 2, draft_what_ended()) == (True, 0)
    with as_(city.viewer("信访甲")) as by:
        drafting.withdraw(bulletin=rows[0], by=by, reason="本周不出")
    assert draft_what_ended() == 0  # what was taken back stays away


def test_what_ended_last_before_a_day():
    told = [(one.kind.value, one.year, one.number) for one in ended(date(2026, 1, 5))]
    assert told == [("week", 2026, 1), ("month", 2025, 12), ("quarter", 2025, 4), ("year", 2025, 1)]


def test_a_draft_follows_the_register_and_a_kept_one_stays(city: World):
    fill(city)
    draft = drafted(city)
    before = shown(city, "信访甲", draft, for_outside=False)
    registered(city, way="letter")
    assert (before["letter"], shown(city, "信访甲", draft, for_outside=False)["letter"]) == (9, 10)
    with as_(city.viewer("信访甲")) as by:
        row = drafting.keep(bulletin=draft, by=by, on=today())
    registered(city, way="letter")
    with as_(city.viewer("信访甲")) as by:
        assert (selectors.figures(by, row, for_outside=False).total, selectors.counted_now(by, row)) == (15, 16)


def test_a_bulletin_counts_its_own_office_alone(city: World):
    registered(city)
    registered(city, office=DISTRICT_OFFICE)
    assert kept(city).inner["total"] == 1


def test_a_kept_bulletin_is_read_as_it_was_counted(city: World):
    fill(city)
    registered(city, on=date(2021, 3, 3))
    with as_(SYSTEM) as by:
        for outside in (False, True):
            said = counted(by, MARCH, for_outside=outside)
            read = as_read(as_kept(said))
            assert as_kept(read) == as_kept(said)
            assert [row.label for table in read.tables for row in table.rows] == [
                row.label for table in said.tables for row in table.rows
            ]


def test_only_a_period_that_is_over_is_kept_and_once(city: World):
    running = drafted(city, Period(Kind.YEAR, today().year))
    with as_(city.viewer("信访甲")) as by, refusal("step-date"):
        drafting.keep(bulletin=running, by=by, on=today())
    row = kept(city)
    with as_(city.viewer("信访甲")) as by, refusal("bulletin-kept"):
        drafting.keep(bulletin=row, by=by, on=today())
    with as_(city.viewer("信访甲")) as by, refusal("bulletin-kept"):
        drafting.write_remarks(bulletin=row, by=by, text="改写")
    with refusal("bulletin-twice"):
        drafted(city)
    drafted(city, subject=city.units["市教育局"])  # 专题 is another


def test_who_is_of_no_petition_office_drafts_and_keeps_nothing(city: World):
    row = drafted(city)
    with as_(city.viewer("干部甲")) as by, refusal("not-allowed"):
        drafting.draft(new=drafting.NewBulletin(city.offices[ROOM], MARCH), by=by)
    with as_(city.viewer("干部甲")) as by:
        assert selectors.by_uid(by, row.uid) is None
    with as_(city.viewer("区信访")) as by:
        assert selectors.by_uid(by, row.uid) is None
    with as_(city.viewer("信访乙")) as by:  # control
        assert selectors.by_uid(by, row.uid) == row


def test_what_is_sent_hides_small_cells_and_stays_as_sent(city: World):
    fill(city)
    row = kept(city)
    advisory = sent(city, row, asked="请加强提醒")
    ways = {
        line.key: line.count for table in as_read(advisory.figures).tables if table.key == "way" for line in table.rows
    }
    assert (ways["visit"], shown(city, "信访甲", row, for_outside=False)["visit"]) == (None, 1)  # control: one visit
    assert "来访1件" not in advisory.told
    assert {table.key for table in as_read(advisory.figures).tables} <= {
        *("way", "kind", "repeat", "named", "origin", "domain", "region", "nature", "overdue")
    }


def test_a_bulletin_of_two_items_leaves_the_office_to_nobody(city: World):
    registered(city)
    registered(city)
    row = kept(city)
    assert row.outer is None
    with refusal("too-few"):
        sent(city, row)
    registered(city, on=date(2022, 4, 1))
    draft = drafted(city, Period(Kind.MONTH, 2022, 4))
    with refusal("keep-first"):
        sent(city, draft)


def test_the_unit_reported_and_what_is_under_it_receives_nothing_of_it(city: World):
    for _ in range(5):
        registered(city, unit="市教育局")
    row = kept(city, subject=city.units["市教育局"])
    with refusal("recipient-reported"):
        sent(city, row, body="市教育局")
    with refusal("recipient-own"):
        sent(city, row, office=city.offices[OFFICE])
    with refusal("recipient"):
        sent(city, row, body=" ")
    assert sent(city, row, body="市财政局").body == "市财政局"  # control: another's
    with refusal("sent-twice"):
        sent(city, row, body="市财政局")


# --- 工作提醒函 ---


def reminded(city: World, row: PetitionBulletin, *, office: str = ROOM, **more: Any) -> Advisory:
    with as_(city.viewer("信访甲")) as by:
        return sending.remind(bulletin=row, by=by, new=NewAdvisory(today(), office=city.offices[office], **more))


def test_who_is_late_is_reminded_with_numbers_and_signs_and_answers(city: World):
    late = [cities.accepted(city) for _ in range(2)]
    registered(city)
    row = kept(city)
    paper = reminded(city, row, asked="请抓紧办理")
    assert (paper.kind, paper.figures, "有超过规定期限尚未办理的" in paper.told) == ("reminder", None, True)
    with as_(city.viewer("干部甲")) as by:
        assert {each.item for each in selectors.late_of(by, paper)} == set(late)
        words = words_in(advisory_docx(by, paper))
        sending.receive(advisory=paper, by=by, on=today())
    assert [petition.code in words for petition in late] == [True, True]
    assert ("工作提醒函" in words, cities.WORDS in words) == (True, False)
    with refusal("sent-twice"):
        reminded(city, row)
    sent(city, row)  # a 预警提示 to the same office is another paper


def test_a_reminder_tells_nobody_of_an_item_that_is_shut_to_him(city: World):
    shut, open_ = (cities.accepted(city) for _ in range(2))
    with as_(SYSTEM) as by:
        recuse(thing=shut, user=city.users["干部甲"], by=by, reason="亲属")
    row = kept(city)
    paper = reminded(city, row)
    with as_(city.viewer("干部甲")) as by:
        assert [each.item for each in selectors.late_of(by, paper)] == [open_]
    assert not any(
        letter.isdigit() for letter in paper.told.partition("，")[2]
    )  # how many stands nowhere in what is kept
    with as_(SYSTEM) as by:
        recuse(thing=open_, user=city.users["干部甲"], by=by, reason="亲属")
        sending.withdraw(advisory=paper, by=by, reason="重发")
    with refusal("not-late"):  # nothing is overdue that all of the room may know
        reminded(city, row)


def test_a_body_without_an_office_is_reminded_on_paper_and_the_sender_types_what_comes_back(city: World):
    lower, body = {"competence": "lower"}, "翔安区纪委监委"
    late = cities.routed(city, registered(city, **lower), body=body)
    back = cities.routed(city, registered(city, **lower), body="集美区纪委监委")
    with as_(SYSTEM) as by:
        handling.give_back(petition=back, by=by, on=cities.DAY, reason=next(iter(RETURNED)), granted_by="李书记")
    cities.routed(city, registered(city, **lower, on=today()), on=today(), body="海沧区纪委监委")  # in time
    row = kept(city)
    with as_(city.viewer("信访甲")) as by:
        assert (selectors.late_bodies(by, row), selectors.late_offices(by, row)) == ([(body, 1)], [])
        for other in ("集美区纪委监委", "海沧区纪委监委"):
            with refusal("not-late"):
                sending.remind(bulletin=row, by=by, new=NewAdvisory(today(), body=other))
        asked = NewAdvisory(today(), body=body, asked="请说明原因", due_on=today())
        paper = sending.remind(bulletin=row, by=by, new=asked)
        with refusal("sent-twice"):
            sending.remind(bulletin=row, by=by, new=asked)
        assert [each.item for each in selectors.late_of(by, paper)] == [late]
        words = words_in(advisory_docx(by, paper))
        held = [
            word in words for word in (f"编号：{paper.code}", f"{body}：", "转送你单位办理", late.code, cities.WORDS)
        ]
        assert held == [True, True, True, True, False]
        assert list(selectors.to_answer(by)) == []  # nothing to be done until its day has passed
    with as_(SYSTEM):
        Advisory.objects.filter(pk=paper.pk).update(
            sent_on=today() - timedelta(days=2), due_on=today() - timedelta(days=1)
        )
    with as_(city.viewer("信访甲")) as by:
        assert list(selectors.to_answer(by)) == [paper]
        with refusal("receiver-named"):
            sending.receive(advisory=paper, by=by, on=today())
        sending.receive(advisory=paper, by=by, on=today(), receiver="翔安区收发室")
        answered = sending.answer(advisory=paper, by=by, on=today(), text="已受理")
        assert (answered.received_by, answered.answered_by) == ("翔安区收发室", "信访甲")
        assert list(selectors.to_answer(by)) == []
    with as_(city.viewer("干部甲")) as by:
        assert selectors.advisory_by_uid(by, paper.uid) is None


def test_the_unit_reported_is_reminded_of_no_report_on_itself(city: World):
    """The item is with the body already: the unit was found later, or a list said so."""
    late = cities.routed(city, registered(city, competence="lower"), body="市教育局")
    row = kept(city)
    with as_(SYSTEM):
        unit = Organisation.objects.get(name="市教育局")
        Petition.objects.filter(pk=late.pk).update(subject=unit, subject_path=unit.path)
    with as_(city.viewer("信访甲")) as by:
        with refusal("recipient-reported"):
            sending.remind(bulletin=row, by=by, new=NewAdvisory(today(), body="市教育局"))
        with as_(SYSTEM):
            Petition.objects.filter(pk=late.pk).update(subject=None, subject_path="")
        sending.remind(bulletin=row, by=by, new=NewAdvisory(today(), body="市教育局"))  # the control


def test_nobody_is_reminded_who_is_in_time_or_of_a_draft(city: World):
    registered(city, origin="forwarded")  # overdue with the office itself
    with refusal("keep-first"):
        reminded(city, drafted(city, Period(Kind.QUARTER, 2022, 1)))
    row = kept(city)
    with refusal("not-late"):
        reminded(city, row)
    with as_(city.viewer("信访甲")) as by:
        assert selectors.late_offices(by, row) == []


def words_in(paper: bytes) -> str:
    document = Document(io.BytesIO(paper))
    cells = [cell.text for table in document.tables for line in table.rows for cell in line.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_a_month_has_its_two_lists_within_the_office_and_none_outside(city: World):
    with as_(SYSTEM):
        school, other = (Item.objects.get(kind="petition_domain", code=code) for code in ("education", "other"))
    report, special = registered(city), registered(city, kind="advice", domain=school)
    plain = registered(city, kind="outside", domain=school), registered(city, kind="advice", domain=other)
    row = kept(city)
    with as_(city.viewer("信访甲")) as by:
        told = [set(one.rows) for one in selectors.lists_of(by, row)]
        inside = words_in(bulletin_docx(by, as_read(row.inner), OFFICE, Beside(lists=selectors.lists_of(by, row))))
        outside = words_in(bulletin_docx(by, as_read(row.outer), OFFICE))
    assert told == [{report}, {special}]
    assert [one.code in inside for one in (report, special, *plain)] == [True, True, False, False]
    assert [one.code in outside for one in (report, special)] == [False, False]
    with as_(city.viewer("干部甲")) as by:
        assert [list(one.rows) for one in selectors.lists_of(by, row)] == [[], []]
        assert selectors.lists_of(by, drafted_of(Period(Kind.YEAR, 2022))) == ()


def drafted_of(period: Period) -> PetitionBulletin:
    return PetitionBulletin(span=period.kind.value, year=period.year, number=period.number)


def an_alarm(city: World, **more: Any) -> Alarm:
    week = date(2022, 6, 6)
    for number in range(2, 52, 2):
        registered(city, on=week - timedelta(weeks=number), unit="市教育局")
    for number in range(9):
        registered(city, on=week + timedelta(days=number % 5), unit="市教育局", **more)
    with as_(city.viewer("信访甲")) as by:
        made = look_at_week(office=city.offices[OFFICE], week=week, by=by)
        return next(row for row in made if row.subject_id is not None)


def test_an_alarm_is_sent_once_confirmed_and_tells_no_sender(city: World):
    alarm = an_alarm(city)
    with refusal("confirm-first"):
        sent(city, alarm)
    with as_(city.viewer("信访甲")) as by:
        alarm = confirm(alarm=alarm, by=by, on=today(), note="属实，短期集中")
    with refusal("recipient-reported"):
        sent(city, alarm, body="市教育局")
    row = sent(city, alarm)
    assert (row.told, row.figures) == ("2022年6月6日起的一周，市教育局信访举报件数超出预期，当周共9件。", None)
    with as_(city.viewer("干部甲")) as by:
        assert (selectors.advisory_by_uid(by, row.uid), selectors.source_of(by, row)) == (row, None)
        assert not Alarm.objects.exists()


def test_the_recipient_signs_and_answers_and_nobody_else(city: World):
    fill(city)
    row = sent(city, kept(city), due_on=today() + timedelta(days=10))
    for name in ("信访甲", "区信访"):  # the sender itself, and an office that was sent nothing
        with as_(city.viewer(name)) as by, pytest.raises((Refused, Advisory.DoesNotExist)):
            sending.receive(advisory=row, by=by, on=today())
    with as_(city.viewer("干部甲")) as by:
        assert list(selectors.to_answer(by)) == [row]
        with refusal("receive-first"):
            sending.answer(advisory=row, by=by, on=today(), text="已部署")
        sending.receive(advisory=row, by=by, on=today())
        with refusal("answer-words"):
            sending.answer(advisory=row, by=by, on=today(), text=" ")
        done = sending.answer(advisory=row, by=by, on=today(), text="已逐条提醒")
        assert (done.received_by, done.answered_by, list(selectors.to_answer(by))) == ("干部甲", "干部甲", [])
    verbs = ["advisory.send", "advisory.receive", "advisory.answer"]
    assert list(Entry.objects.filter(verb__in=verbs).order_by("pk").values_list("verb", flat=True)) == verbs


def test_for_a_body_on_paper_the_sender_writes_down_who_signed(city: World):
    fill(city)
    row = sent(city, kept(city), body="市委办公室")
    with as_(city.viewer("信访甲")) as by:
        with refusal("receiver-named"):
            sending.receive(advisory=row, by=by, on=today())
        assert sending.receive(advisory=row, by=by, on=today(), receiver="机要员").received_by == "机要员"


def test_a_leader_sees_what_he_is_shown_and_an_office_with_his_note_the_outside_version(city: World):
    fill(city)
    row = kept(city)
    leader = city.viewer("书记")
    with as_(leader) as by:
        assert selectors.by_uid(by, row.uid) is None  # before it is shown: nothing flows up
    with as_(city.viewer("信访甲")) as by:
        drafting.show_to(bulletin=row, by=by, leader=city.users["书记"])
    with as_(leader) as by:
        assert (selectors.by_uid(by, row.uid), selectors.covers(by, row)) == (row, True)
        new = NewInstruction("书记", today(), "请一室研究", city.offices[ROOM])
        instruct(row=BulletinInstruction(bulletin=row), by=by, new=new)
    with as_(city.viewer("干部甲")) as by:
        assert (selectors.by_uid(by, row.uid), selectors.covers(by, row)) == (row, False)
    with as_(city.viewer("信访甲")) as by:
        assert selectors.covers(by, row)


def text(client: Any, place: str, status: int = 200) -> str:
    answer = client.get(place)
    assert answer.status_code == status, (place, answer.status_code)
    return answer.content.decode()


def test_from_the_draft_of_the_week_to_the_answer_through_the_pages(city: World):
    fill(city)
    clerk, room, leader = (client_of(city, name) for name in ("信访甲", "干部甲", "书记"))
    new = {"span": "month", "year": "2022", "number": "3", "office": city.offices[OFFICE].pk}
    assert clerk.post(f"{PLACE}bulletins/papers/draft/", new).status_code == 303
    with as_(SYSTEM):
        row = PetitionBulletin.objects.get()
    place = f"{PLACE}bulletins/papers/{row.uid}/"
    assert row.code in text(clerk, f"{PLACE}bulletins/papers/?state=drafted&span=month")
    assert f"office={city.offices[OFFICE].uid}" in text(clerk, place)
    for slug, said in (
        ("remarks", {"text": "来信占多数"}),
        ("keep", {"on": today().isoformat()}),
        ("show", {"leader": city.users["书记"].pk}),
        ("send", {"on": today().isoformat(), "office": city.offices[ROOM].pk, "asked": "请研究", "asks_answer": "on"}),
    ):
        assert clerk.post(f"{place}{slug}/", said).status_code == 303, slug
    said = {"leader": "书记", "on": today().isoformat(), "text": "请一室研究", "given_to": city.offices[ROOM].pk}
    assert leader.post(f"{place}instruct/", said).status_code == 303
    assert (">1</a>" in text(leader, place), "来访1件" in text(clerk, place)) == (True, True)
    outside = text(room, f"{place}?outside=")
    assert ("来访1件" in outside, "＊" in outside, "本室稿" in outside) == (False, True, False)
    assert ("来信占多数" in outside, "来信占多数" in text(leader, place)) == (False, True)  # words may tell numbers
    with as_(SYSTEM):
        advisory = Advisory.objects.get()
    there = f"{PLACE}advisories/{advisory.uid}/"
    assert advisory.code in text(room, f"{PLACE}advisories/")
    page = text(room, there)
    assert ("请研究" in page, "/desk/petitions/?since" in page, 'href="?act=receive"' in page) == (True, False, True)
    assert 'href="?act=receive"' not in text(clerk, there)
    assert room.post(f"{there}receive/", {"on": today().isoformat()}).status_code == 303
    assert room.post(f"{there}answer/", {"on": today().isoformat(), "text": "已提醒"}).status_code == 303
    assert "已提醒" in text(clerk, there)
    assert "请一室研究" in text(room, place)
    text(client_of(city, "干部乙"), there, 404)


def test_an_alarm_is_sent_out_from_its_page(city: World):
    alarm = an_alarm(city)
    clerk, place = client_of(city, "信访甲"), f"{PLACE}alarms/{alarm.uid}/"
    to = {"on": today().isoformat(), "body": "市委办公室", "asks_answer": "on"}
    assert 'href="?act=send"' not in text(clerk, place)
    assert clerk.post(f"{place}send/", to).status_code == 422
    assert clerk.post(f"{place}confirm/", {"on": today().isoformat(), "note": "属实"}).status_code == 303
    assert clerk.post(f"{place}send/", to).status_code == 303
    assert "市委办公室" in text(clerk, place)


def test_a_page_asks_the_same_of_one_row_and_of_three(city: World):
    fill(city)
    clerk = client_of(city, "信访甲")
    row = kept(city)
    numbers = iter(range(4, 13))

    def more() -> None:
        month = next(numbers)
        registered(city, on=date(2022, month, 1))
        drafted(city, Period(Kind.MONTH, 2022, month))
        sent(city, row, body=f"第{month}机关")

    places = [f"{PLACE}bulletins/papers/", f"{PLACE}bulletins/papers/{row.uid}/", f"{PLACE}advisories/"]
    more()
    few = questions(clerk, places)
    more()
    more()
    assert grown(few, questions(clerk, places)) == {}
