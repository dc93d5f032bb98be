"""The next act on a letter: offered first to who may do it, on its page as the one primary button."""

import re
from datetime import date
from typing import Any

from tests.instruments.net import SERVED, SIGNED, leader, seen, served, sheet, signed
from tests.surfaces.desk.test_findings import client_of
from tests.world import World, as_

from jiandu.loop.instruments.models import Instrument
from jiandu.loop.instruments.selectors import whole
from jiandu.loop.instruments.services import answering, serving, signing
from jiandu.loop.instruments.services.answering import NewReply
from jiandu.net.access.deciding import Signature
from jiandu.net.access.persons import Who

Kind = Instrument.Kind
ALL = ("干部甲", "主任甲", "内勤甲", "书记", "经办人丁")
PRIMARY = re.compile(r'<a class="btn btn-sm btn-primary" href="\?act=([\w-]+)[^>]*>(.*?)</a>')


def first(world: World, one: Instrument, *who: str) -> dict[str, Any]:
    """The slug of the primary act that each is offered; None where there is none. More than one is a mistake."""
    offered = {}
    for name in who or ALL[:4]:
        page = client_of(world, name).get(f"/desk/letters/{one.uid}/").content.decode()
        found = PRIMARY.findall(page)
        assert len(found) <= 1, found
        offered[name] = found[0][0] if found else None
        if found and "on=" not in page.split("btn-primary")[1].split(">")[0]:
            assert page.count(f'href="?act={found[0][0]}"') == 1  # not once more among the others
    return offered


def submitted(world: World, kind: str, by: str = "干部甲") -> tuple[Instrument, Any]:
    one = sheet(world, kind)
    with as_(world.viewer(by)) as viewer:
        return one, signing.submit(instrument=one, by=viewer, on=one.drafted_on)


def test_a_draft_is_submitted_once_it_says_something(world: World) -> None:
    ready, bare = sheet(world, Kind.JOINT), sheet(world, Kind.JOINT, suggestions=[])
    assert first(world, ready) == {"干部甲": "submit", "主任甲": "submit", "内勤甲": "submit", "书记": None}
    assert first(world, bare, "干部甲") == {"干部甲": "suggest"}
    assert first(world, sheet(world, findings=[]), "干部甲") == {"干部甲": "list"}


def test_who_signs_is_asked_to_sign_and_the_others_may_type_the_paper(world: World) -> None:
    reminder, proposal = submitted(world, Kind.REMINDER)[0], submitted(world, Kind.JOINT)[0]
    typed = {"干部甲": "paper", "内勤甲": "paper"}
    assert first(world, reminder) == {**typed, "主任甲": "decide", "书记": "decide"}
    assert first(world, proposal) == {**typed, "主任甲": "paper", "书记": "sign"}
    own = submitted(world, Kind.REMINDER, "主任甲")[0]
    assert first(world, own, "主任甲") == {"主任甲": "paper"}  # who asked does not sign


def test_a_paper_is_confirmed_by_another_than_who_typed_it(world: World) -> None:
    one, row = submitted(world, Kind.JOINT)
    with as_(world.viewer("内勤甲")) as by:
        signing.sign_on_paper(sign_off=row, by=by, signature=Signature(True, SIGNED, "同意", Who("书记")))
    assert first(world, one, "干部甲", "内勤甲") == {"干部甲": "confirm-paper", "内勤甲": None}


def test_a_proposal_is_numbered_before_it_is_delivered_a_reminder_need_not_be(world: World) -> None:
    proposal, reminder = signed(world, Kind.JOINT), signed(world, Kind.REMINDER)
    assert first(world, proposal, "干部甲", "内勤甲") == {"干部甲": None, "内勤甲": "number"}
    assert first(world, reminder, "干部甲", "内勤甲") == {"干部甲": "deliver", "内勤甲": "number"}
    with as_(world.viewer("内勤甲")) as by:
        signing.give_number(instrument=proposal, by=by, word="厦纪监建", year=2022, serial=1)
    assert first(world, proposal, "干部甲", "内勤甲") == {"干部甲": "deliver", "内勤甲": "deliver"}
    leader(world, "王副市长", "市教育局")
    assert first(world, signed(world), "干部甲") == {"干部甲": "to-leader"}


def test_a_letter_goes_from_answer_to_check_to_closing(world: World) -> None:
    one = served(world, Kind.JOINT, suggestions=["健全制度"])
    asked = {"干部甲": "follow-up", "主任甲": "follow-up", "经办人丁": "answer"}  # late for years
    assert first(world, one, *asked) == asked
    with as_(world.viewer("干部甲")) as by:
        answering.tell(instrument=one, by=by, verb="follow_up", on=date(2022, 7, 1), note="请尽快反馈")
    assert first(world, one, "干部甲", "经办人丁") == {"干部甲": "answer", "经办人丁": "answer"}
    page = client_of(world, "经办人丁").get(f"/desk/letters/{one.uid}/").content.decode()
    assert PRIMARY.findall(page) == [("answer", '登记反馈 · <span translate="no">健全制度</span>')]
    with as_(world.viewer("经办人丁")) as by:
        row, _none = whole(by, seen(world, one, "经办人丁")).suggestions[0]
        answer = answering.answer(suggestion=row, by=by, kind="adopted", on=date(2022, 7, 2))
        answering.tell(instrument=one, by=by, verb="object", on=date(2022, 7, 2), note="期限过短")
    assert first(world, one, "干部甲", "经办人丁") == {"干部甲": "settle", "经办人丁": None}
    with as_(world.viewer("干部甲")) as by:
        answering.tell(instrument=one, by=by, verb="settle", on=date(2022, 7, 3), note="维持")
        assert first(world, one, "干部甲") == {"干部甲": "verify"}
        answering.verify(answer=answer, by=by, on=date(2022, 7, 4))
    assert first(world, one, "干部甲", "主任甲") == {"干部甲": None, "主任甲": "close"}
    with as_(world.viewer("主任甲")) as by:
        answering.close(instrument=one, by=by, on=date(2022, 7, 5), note="已落实")
    assert first(world, one) == dict.fromkeys(ALL[:4])


def test_a_copy_report_goes_from_study_to_the_signed_sheet(world: World) -> None:
    leader(world, "王副市长", "市教育局")
    one = served(world)
    with as_(world.viewer("干部甲")) as by:
        assert first(world, one, "干部甲") == {"干部甲": "follow-up"}  # the unit is late, a leader never
        answering.tell(instrument=one, by=by, verb="follow_up", on=date(2022, 7, 1), note="请尽快反馈")
        assert first(world, one, "干部甲") == {"干部甲": "endorse"}
        serving.endorse(delivery=one.deliveries.get(), by=by, verb="circle", on=SERVED)
        assert first(world, one, "干部甲") == {"干部甲": "study"}
        answering.tell(instrument=one, by=by, verb="study", on=SERVED)
        assert first(world, one, "干部甲", "主任甲") == {"干部甲": "reply", "主任甲": "reply"}
        answering.reply(instrument=one, by=by, new=NewReply(date(2022, 7, 2), "已整改"))
        assert first(world, one, "干部甲") == {"干部甲": "reply"}  # the unit's principal has not signed it
        answering.reply(instrument=one, by=by, new=NewReply(date(2022, 7, 2), "已整改", unit_signer="局长"))
    assert first(world, one, "干部甲", "主任甲") == {"干部甲": None, "主任甲": "close"}


def test_nothing_else_is_signed_while_a_paper_waits_to_be_confirmed(world: World) -> None:
    one, row = submitted(world, Kind.REMINDER)
    head, place = client_of(world, "主任甲"), f"/desk/letters/{one.uid}/"
    before = [f"?act={slug}" in head.get(place).content.decode() for slug in ("decide", "paper")]
    with as_(world.viewer("内勤甲")) as by:
        signing.sign_on_paper(sign_off=row, by=by, signature=Signature(True, SIGNED, "同意", Who("主任乙")))
    after = [f"?act={slug}" in head.get(place).content.decode() for slug in ("decide", "paper", "confirm-paper")]
    assert (before, after) == ([True, True], [False, False, True])
