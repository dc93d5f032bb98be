"""问题抄报: to the leader in charge on that day; clocks on the unit only; closed by the local rule; figures by definition."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.instruments.net import DAY, END, SERVED, SIGNED, leader, rule_of, seen, served, sheet, signed, value
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import now, today
from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.services import load_defaults, retire_item
from jiandu.loop.findings.models import Finding
from jiandu.loop.instruments.models import Delivery, Instrument, SignOff
from jiandu.loop.instruments.selectors import about_finding, instrument_by_uid, whole
from jiandu.loop.instruments.services import answering, drafting, serving, signing
from jiandu.loop.instruments.services.answering import NewReply
from jiandu.loop.instruments.states import Stage, is_late, stage_of
from jiandu.net.access.deciding import Signature
from jiandu.net.access.persons import Who
from jiandu.net.subjects.models import Charge
from jiandu.net.subjects.services import end_charge, put_in_charge
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.analysis.selectors import rows_of

KEYS = ("copy_reports", "copy_report_recipients", "copy_report_findings")


def figures(ask: Ask = END) -> tuple[object, ...]:
    return tuple(value(key, ask) for key in KEYS)


@pytest.fixture
def mayor(world: World) -> str:
    leader(world, "王副市长", "市教育局")
    return "王副市长"


def test_a_sheet_runs_its_course(world: World, mayor: str) -> None:
    one = sheet(world)
    assert stage_of(seen(world, one)) == Stage.DRAFT
    assert one.code.startswith(f"CB2022-{world.offices['第一监督检查室'].pk}-0000")
    with as_(world.viewer("干部甲")) as by:
        row = signing.submit(instrument=one, by=by, on=DAY)
    assert stage_of(seen(world, one)) == Stage.WAITING
    with as_(world.viewer("书记")) as by:
        signing.decide(sign_off=row, by=by, signature=Signature(True, SIGNED, "同意抄报"))
    assert stage_of(seen(world, one)) == Stage.SIGNED
    with as_(world.viewer("干部甲")) as by:
        handed = serving.deliver_to_leader(instrument=one, by=by, on=SERVED)
    now_ = seen(world, one)
    assert (stage_of(now_), now_.study_due_on, now_.reply_due_on) == (
        Stage.DELIVERED,
        date(2022, 5, 16),  # five working days after Monday 9 May
        date(2022, 5, 23),
    )
    assert (handed.person, handed.post) == (world.persons[mayor], "市政府副市长")
    with as_(world.viewer("干部甲")) as by:
        serving.endorse(delivery=handed, by=by, verb="instruct", on=date(2022, 5, 10), note="请抓紧整改")
        answering.tell(instrument=one, by=by, verb="study", on=date(2022, 5, 11), note="召开党组会研究")
        reply = NewReply(date(2022, 5, 20), "修订制度", "已整改", "制度文本", "教育局长")
        answering.reply(instrument=one, by=by, new=reply)
    assert stage_of(seen(world, one)) == Stage.REPLIED
    with as_(world.viewer("主任甲")) as by:
        answering.close(instrument=one, by=by, on=date(2022, 5, 25), note="核验属实")
    closed = seen(world, one)
    assert (stage_of(closed), closed.closed_on, closed.endorsed) == (Stage.CLOSED, date(2022, 5, 25), "instruct")


def test_the_recipient_is_in_charge_on_the_day_of_delivery(world: World, mayor: str) -> None:
    with as_(SYSTEM) as by:
        end_charge(charge=Charge.objects.get(leader=world.persons[mayor]), until=SERVED, by=by)
    after = leader(world, "李副市长", since=SERVED + timedelta(1))
    with as_(SYSTEM) as by:
        put_in_charge(leader=after, organisation=world.units["市教育局"], since=SERVED + timedelta(1), by=by)
    one, other = signed(world), signed(world)
    with as_(world.viewer("干部甲")) as by:
        act = {"instrument": one, "by": by, "on": SERVED}
        assert rule_of(lambda: serving.deliver_to_leader(**act, leader=after)) == "not-in-charge"
        assert serving.deliver_to_leader(**act).person == world.persons[mayor]
        assert rule_of(lambda: serving.deliver_to_leader(**act)) == "delivered-twice"
        assert serving.deliver_to_leader(instrument=other, by=by, on=SERVED + timedelta(1)).person == after


def test_no_leader_in_charge_is_told(world: World) -> None:
    one = signed(world)
    with as_(world.viewer("干部甲")) as by:
        assert rule_of(lambda: serving.deliver_to_leader(instrument=one, by=by, on=SERVED)) == "no-leader"
    assert figures() == (0, 0, 0)


def test_only_the_principal_signs_and_not_who_asked(world: World, mayor: str) -> None:
    one = sheet(world)
    with as_(world.viewer("干部甲")) as by:
        row = signing.submit(instrument=one, by=by, on=DAY)
        assert rule_of(lambda: serving.deliver_to_leader(instrument=one, by=by, on=SERVED)) == "sheet-stage"
    yes = Signature(True, SIGNED)
    for name in ("干部甲", "主任甲", "内勤甲"):
        with as_(world.viewer(name)) as by:
            assert rule_of(lambda: signing.decide(sign_off=row, by=by, signature=yes)) == "not-allowed"
    with as_(world.viewer("书记")) as by:
        no = Signature(False, SIGNED, "补充事实")
        signing.decide(sign_off=row, by=by, signature=no)
    assert stage_of(seen(world, one)) == Stage.DRAFT  # and may be put up again
    with as_(world.viewer("干部甲")) as by:
        signing.submit(instrument=one, by=by, on=SIGNED)


def test_paper_needs_a_second_person(world: World, mayor: str) -> None:
    one = sheet(world)
    with as_(world.viewer("干部甲")) as by:
        row = signing.submit(instrument=one, by=by, on=DAY)
        paper = Signature(True, SIGNED, "同意", Who("干部甲", world.persons["干部甲"].pk))
        assert rule_of(lambda: signing.sign_on_paper(sign_off=row, by=by, signature=paper)) == "approve-other-person"
        paper = Signature(True, SIGNED, "同意", Who("书记", world.persons["书记"].pk))
        signing.sign_on_paper(sign_off=row, by=by, signature=paper)
        assert rule_of(lambda: signing.confirm_paper(sign_off=row, by=by)) == "two-persons"
    assert stage_of(seen(world, one)) == Stage.WAITING
    with as_(world.viewer("内勤甲")) as by:
        signing.confirm_paper(sign_off=row, by=by)
    now_ = seen(world, one)
    with as_(SYSTEM):
        fresh = SignOff.objects.get(pk=row.pk)
    assert (stage_of(now_), now_.signed_on, fresh.is_paper) == (Stage.SIGNED, SIGNED, True)


def test_a_sheet_is_about_one_unit_and_lists_at_least_one_finding(world: World, mayor: str) -> None:
    assert rule_of(lambda: sheet(world, findings=[world.finding(unit="市财政局")])) == "other-unit"
    one = sheet(world, findings=[world.finding(unit="市第一中学")])  # stands below the unit
    bare = sheet(world, findings=[])
    with as_(world.viewer("干部甲")) as by:
        assert rule_of(lambda: signing.submit(instrument=bare, by=by, on=DAY)) == "sheet-empty"
        matter = whole(by, seen_as(by, one)).findings[0][0]
        drafting.drop_finding(matter=matter, by=by, reason="另案办理")
        assert rule_of(lambda: signing.submit(instrument=one, by=by, on=DAY)) == "sheet-empty"


def seen_as(by: Viewer, one: Instrument) -> Any:
    return instrument_by_uid(by, one.uid)


def test_what_was_put_up_is_no_longer_changed(world: World, mayor: str) -> None:
    one = signed(world)
    with as_(world.viewer("干部甲")) as by:
        assert rule_of(lambda: drafting.amend(instrument=one, by=by, title="改题")) == "sheet-stage"
        more = Finding.objects.get(pk=world.finding(activity=world.project()).pk)
        assert rule_of(lambda: drafting.list_finding(instrument=one, by=by, finding=more)) == "sheet-stage"


def test_of_a_leader_nothing_is_ever_late(world: World, mayor: str) -> None:
    one = served(world)
    year_later = SERVED + timedelta(365)
    assert is_late(seen(world, one), year_later)  # the unit has not answered
    with as_(world.viewer("干部甲")) as by:
        answering.reply(instrument=one, by=by, new=NewReply(date(2022, 5, 20), "已办", unit_signer="教育局长"))
    now_ = seen(world, one)
    assert now_.endorsed is None  # the leader has said nothing
    assert not is_late(now_, year_later)
    fields = {field.name for field in Delivery._meta.get_fields()}
    assert [name for name in fields if "due" in name] == []


def test_closing_by_default_needs_the_units_principal_and_the_leaders_eye(world: World, mayor: str) -> None:
    with as_(SYSTEM) as by:
        load_defaults(by=by)
    one = served(world)
    close = {"instrument": one, "on": date(2022, 6, 1), "note": "属实"}
    with as_(world.viewer("干部甲")) as by:
        answering.reply(instrument=one, by=by, new=NewReply(date(2022, 5, 20), "已办"))
        assert rule_of(lambda: answering.close(by=by, **close)) == "not-allowed"
        assert answering.what_is_open(one, by) == ["反馈单缺单位主要负责人签字", "尚无分管领导批示或圈阅"]
    with as_(world.viewer("主任甲")) as by:
        assert rule_of(lambda: answering.close(by=by, **close)) == "not-closable"
    with as_(world.viewer("干部甲")) as by:
        answering.reply(instrument=one, by=by, new=NewReply(date(2022, 5, 21), "已办", unit_signer="教育局长"))
        handed = Delivery.objects.get(instrument=one)
        serving.endorse(delivery=handed, by=by, verb="circle", on=date(2022, 5, 22))
    with as_(world.viewer("主任甲")) as by:
        answering.close(by=by, **close)
    assert stage_of(seen(world, one)) == Stage.CLOSED


def test_closing_by_two_signatures_where_the_years_dictionary_says_so(world: World, mayor: str) -> None:
    with as_(SYSTEM) as by:
        load_defaults(by=by)
        retire_item(item=Item.objects.get(kind="copy_closing", code="endorsed"), until=date(2022, 1, 1), by=by)
    one = served(world)
    with as_(world.viewer("干部甲")) as by:
        new = NewReply(date(2022, 5, 21), "已办", unit_signer="教育局长")
        answering.reply(instrument=one, by=by, new=new)
        assert answering.what_is_open(one, by) == ["反馈单缺分管领导签字"]
        both = NewReply(date(2022, 5, 22), "已办", unit_signer="教育局长", leader_signer=mayor)
        answering.reply(instrument=one, by=by, new=both)
        assert answering.what_is_open(one, by) == []


def test_delivery_presses_the_findings_that_are_being_worked_on(world: World, mayor: str) -> None:
    working, waiting = world.rectifying(on=date(2022, 4, 1)), world.finding(on=date(2022, 4, 1))
    one = served(world, findings=[working, waiting])
    with as_(world.viewer("干部甲")) as by:
        found = {row.pk: row.urging for row in Finding.objects.all()}
        told = list(about_finding(by, working))
    assert (found[working.pk], found[waiting.pk]) == (Finding.Urging.SUPERVISE, Finding.Urging.NONE)
    assert [(row.pk, row.reply_due_on) for row in told] == [(one.pk, date(2022, 5, 23))]


def test_figures_count_leaders_once_findings_once_and_delivered_sheets_only(world: World, mayor: str) -> None:
    leader(world, "李副市长", "市教育局", "市财政局")
    first = world.finding()
    served(world, findings=[first, world.finding()])  # to both leaders
    assert figures() == (1, 2, 2)
    served(world, findings=[first])  # the same finding again, to the same two
    assert figures() == (2, 2, 2)
    served(world, unit="市财政局")
    assert figures() == (3, 2, 3)
    signed(world)  # signed, not delivered
    sheet(world)
    assert figures() == (3, 2, 3)
    served(world, on=date(2023, 1, 3))  # delivered in another year
    assert figures() == (3, 2, 3)
    assert figures(Ask(2023, date(2023, 12, 31))) == (1, 2, 1)
    assert figures(Ask(2022, SERVED - timedelta(1))) == (0, 0, 0)


def test_a_copy_is_no_recipient(world: World, mayor: str) -> None:
    secretary = leader(world, "市委书记", title="市委书记")
    one = signed(world)
    with as_(world.viewer("干部甲")) as by:
        serving.copy_to(instrument=one, by=by, on=SERVED, person=secretary)
    assert figures() == (0, 0, 0)
    assert stage_of(seen(world, one)) == Stage.SIGNED  # a copy starts no clock and is no delivery
    assert seen(world, one).reply_due_on is None
    with as_(world.viewer("干部甲")) as by:
        serving.deliver_to_leader(instrument=one, by=by, on=SERVED)
        serving.endorse(delivery=Delivery.objects.get(to="copy"), by=by, verb="circle", on=SERVED)
    assert figures() == (1, 1, 1)
    assert seen(world, one).endorsed is None  # what the principal wrote is not the leader's


def test_a_withdrawn_sheet_or_delivery_counts_no_more_but_did_then(world: World, mayor: str) -> None:
    one, other = served(world), served(world)
    assert figures() == (2, 1, 2)
    with as_(world.viewer("主任甲")) as by:
        assert rule_of(lambda: drafting.withdraw(instrument=one, by=by, reason="有误")) == "not-allowed"
    with as_(world.viewer("书记")) as by:
        drafting.withdraw(instrument=one, by=by, reason="重复制发")
    late = Ask(2022, today())
    assert (figures(), figures(late)) == ((2, 1, 2), (1, 1, 1))
    with as_(world.viewer("干部甲")) as by:
        serving.withdraw_delivery(delivery=Delivery.objects.get(instrument=other), by=by, reason="未送达")
    assert figures(late) == (0, 0, 0)
    assert (stage_of(seen(world, other)), seen(world, other).reply_due_on) == (Stage.SIGNED, None)


def test_a_frozen_figure_does_not_see_what_was_entered_later(world: World, mayor: str) -> None:
    served(world)
    frozen = Ask(2022, date(2022, 12, 31), now())
    served(world)
    assert (figures(frozen), figures()) == ((1, 1, 1), (2, 1, 2))


def test_each_figure_opens_its_rows_within_scope(world: World, mayor: str) -> None:
    one = served(world)
    with as_(world.viewer("干部甲")) as by:
        rows = [list(rows_of(by, key, END)) for key in KEYS]
        finding = whole(by, seen_as(by, one)).findings[0][1]
    assert rows == [[one], [world.persons[mayor]], [finding]]
    with as_(world.viewer("干部乙")) as by:
        assert [list(rows_of(by, key, END)) for key in KEYS] == [[], [], []]
        assert seen_as(by, one) is None
