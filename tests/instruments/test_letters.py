"""Proposals and letters: number, term and citations by the document's date; cancelled only when all is answered and verified."""

from datetime import date

import pytest
from tests.instruments.net import DAY, SERVED, SIGNED, rule_of, seen, served, sheet, signed
from tests.world import SYSTEM, World, as_

from jiandu.loop.instruments import kinds
from jiandu.loop.instruments.models import Answer, Instrument
from jiandu.loop.instruments.selectors import whole
from jiandu.loop.instruments.services import answering, serving, signing
from jiandu.loop.instruments.services.answering import NewReply
from jiandu.loop.instruments.services.drafting import NewInstrument, draft
from jiandu.loop.instruments.states import Stage, is_late, stage_of
from jiandu.net.access.deciding import Signature

Kind = Instrument.Kind


def suggestions_of(world: World, one: Instrument) -> list[object]:
    with as_(world.viewer("干部甲")) as by:
        return [row for row, _answer in whole(by, seen(world, one)).suggestions]


@pytest.mark.parametrize("kind", Instrument.LETTERS)
def test_every_kind_of_letter_runs_its_course(world: World, kind: Kind) -> None:
    one = served(world, kind)
    assert stage_of(seen(world, one)) == Stage.DELIVERED
    for row in suggestions_of(world, one):
        with as_(world.viewer("干部甲")) as by:
            answer = answering.answer(suggestion=row, by=by, kind="adopted", on=date(2022, 5, 20))  # type: ignore[arg-type]
            answering.verify(answer=answer, by=by, on=date(2022, 6, 1))
    with as_(world.viewer("主任甲")) as by:
        answering.close(instrument=one, by=by, on=date(2022, 6, 2), note="已核验")
    assert stage_of(seen(world, one)) == Stage.CLOSED


@pytest.mark.parametrize(
    ("kind", "who"),
    [(Kind.JOINT, "书记"), (Kind.SUPERVISION, "书记"), (Kind.DISCIPLINE, "书记"), (Kind.REMINDER, "主任甲")],
)
def test_a_proposal_is_signed_by_the_principal_a_letter_by_the_head(world: World, kind: Kind, who: str) -> None:
    one = sheet(world, kind)
    with as_(world.viewer("干部甲")) as by:
        row = signing.submit(instrument=one, by=by, on=DAY)
    yes = Signature(True, SIGNED)
    others = {"干部丙", "内勤甲", "主任甲"} - {who}
    for name in sorted(others):
        with as_(world.viewer(name)) as by:
            assert rule_of(lambda: signing.decide(sign_off=row, by=by, signature=yes)) == "not-allowed"
    with as_(world.viewer(who)) as by:
        signing.decide(sign_off=row, by=by, signature=yes)
    assert stage_of(seen(world, one)) == Stage.SIGNED


def test_the_official_number_comes_after_signing_and_is_given_once(world: World) -> None:
    draft_, one, other = sheet(world, Kind.JOINT), signed(world, Kind.JOINT), signed(world, Kind.JOINT)
    give = {"word": "厦纪监建", "year": 2022, "serial": 1}
    with as_(world.viewer("干部甲")) as by:
        assert rule_of(lambda: signing.give_number(instrument=one, by=by, **give)) == "not-allowed"
    with as_(world.viewer("内勤甲")) as by:
        assert rule_of(lambda: signing.give_number(instrument=draft_, by=by, **give)) == "sheet-stage"
        assert signing.give_number(instrument=one, by=by, **give).number == "厦纪监建〔2022〕1号"
        assert rule_of(lambda: signing.give_number(instrument=one, by=by, **{**give, "serial": 2})) == "already-decided"
        assert rule_of(lambda: signing.give_number(instrument=other, by=by, **give)) == "number-taken"
        assert signing.next_serial("厦纪监建", 2022) == 2
        assert signing.next_serial("厦纪监建", 2023) == 1
        signing.give_number(instrument=other, by=by, **{**give, "year": 2023})


def test_a_number_of_another_office_is_taken_too_though_it_is_not_seen(world: World) -> None:
    with as_(world.viewer("干部乙")) as by:
        new = NewInstrument(
            Kind.REMINDER, "提醒", world.offices["第二监督检查室"], world.units["市财政局"], DAY, suggestions=["整改"]
        )
        theirs = draft(new=new, by=by)
        row = signing.submit(instrument=theirs, by=by, on=DAY)
    with as_(world.viewer("主任乙")) as by:
        signing.decide(sign_off=row, by=by, signature=Signature(True, SIGNED))
    with as_(SYSTEM) as by:
        signing.give_number(instrument=theirs, by=by, word="厦纪函", year=2022, serial=7)
    one = signed(world, Kind.JOINT)
    assert seen(world, theirs) is None
    with as_(world.viewer("内勤甲")) as by:
        act = {"instrument": one, "by": by, "word": "厦纪函", "year": 2022}
        assert rule_of(lambda: signing.give_number(**act, serial=7)) == "number-taken"
        assert signing.give_number(**act, serial=8).number == "厦纪函〔2022〕8号"


@pytest.mark.parametrize(
    ("on", "adopts", "refuses"),
    [
        (date(2022, 5, 5), "第四十五条第一款第五项", "第六十二条"),
        (date(2025, 5, 31), "第四十五条第一款第五项", "第六十二条"),
        (date(2025, 6, 1), "第五十二条第一款第五项", "第七十一条"),
    ],
)
def test_statutes_are_cited_as_of_the_documents_date(on: date, adopts: str, refuses: str) -> None:
    said = kinds.cited(kinds.kind_of(Kind.SUPERVISION), on)
    assert (adopts in said["basis"], said["refusal"].endswith(refuses)) == (True, True)
    assert ("第五十二条" in said["basis"]) == (on >= date(2025, 6, 1))


def test_the_reply_term_is_the_documents_own_or_the_usual_one(world: World) -> None:
    assert seen(world, served(world, Kind.JOINT)).reply_due_on == date(2022, 6, 8)  # 30 days after 9 May
    assert seen(world, served(world, Kind.JOINT, reply_days=12)).reply_due_on == date(
        2022, 5, 23
    )  # 21 May is a Saturday
    assert seen(world, served(world, Kind.REMINDER)).reply_due_on is None


def test_not_answered_in_time_shows_until_it_is_answered(world: World) -> None:
    one = served(world, Kind.JOINT)
    assert [is_late(seen(world, one), day) for day in (date(2022, 6, 8), date(2022, 6, 9))] == [False, True]
    with as_(world.viewer("干部甲")) as by:
        answering.reply(instrument=one, by=by, new=NewReply(date(2022, 6, 10), "已采纳"))
    assert not is_late(seen(world, one), date(2022, 6, 9))


def test_a_letter_is_replied_to_when_every_suggestion_is_answered(world: World) -> None:
    one = served(world, Kind.JOINT)
    first, second = suggestions_of(world, one)
    with as_(world.viewer("干部甲")) as by:
        answering.answer(suggestion=first, by=by, kind="adopted", on=date(2022, 5, 20))  # type: ignore[arg-type]
    assert (stage_of(seen(world, one)), is_late(seen(world, one), date(2022, 7, 1))) == (Stage.DELIVERED, True)
    with as_(world.viewer("干部甲")) as by:
        answering.answer(suggestion=second, by=by, kind="adopted", on=date(2022, 5, 24))  # type: ignore[arg-type]
    now_ = seen(world, one)
    assert (stage_of(now_), now_.replied_on, is_late(now_, date(2022, 7, 1))) == (
        Stage.REPLIED,
        date(2022, 5, 24),
        False,
    )


def test_it_is_cancelled_only_when_every_suggestion_is_answered_and_verified(world: World) -> None:
    one = served(world, Kind.JOINT)
    first, second = suggestions_of(world, one)
    close = {"instrument": one, "on": date(2022, 6, 20), "note": "属实"}
    with as_(world.viewer("主任甲")) as by:
        assert answering.what_is_open(one, by) == ["2条建议尚未反馈"]
        assert rule_of(lambda: answering.close(by=by, **close)) == "not-closable"
        day = date(2022, 6, 1)
        answers = [answering.answer(suggestion=first, by=by, kind="adopted", on=day)]  # type: ignore[arg-type]
        assert rule_of(lambda: answering.answer(suggestion=second, by=by, kind="reasoned", on=day)) == "reason-needed"  # type: ignore[arg-type]
        answers.append(answering.answer(suggestion=second, by=by, kind="partly", on=day, text="经费所限"))  # type: ignore[arg-type]
        answering.verify(answer=answers[0], by=by, on=date(2022, 6, 10))
        assert answering.what_is_open(one, by) == ["1条反馈尚未核验"]
        answers[1] = answering.answer(suggestion=second, by=by, kind="adopted", on=date(2022, 6, 12), text="已补足")  # type: ignore[arg-type]
        answering.verify(answer=answers[1], by=by, on=date(2022, 6, 15), note="现场核验")
        assert rule_of(lambda: answering.answer(suggestion=first, by=by, kind="adopted", on=day)) == "already-decided"  # type: ignore[arg-type]
        assert rule_of(lambda: answering.verify(answer=answers[1], by=by, on=day)) == "step-date"
        answering.close(by=by, **close)
        kept = Answer.objects.filter(instrument=one, withdrawn_on__isnull=False).count()
    assert (stage_of(seen(world, one)), kept) == (Stage.CLOSED, 1)


def test_an_objection_must_be_settled_first(world: World) -> None:
    one = served(world, Kind.NOTICE, suggestions=[])
    with as_(world.viewer("干部甲")) as by:
        tell = {"instrument": one, "by": by, "on": date(2022, 5, 20)}
        assert rule_of(lambda: answering.tell(verb="settle", note="维持", **tell)) == "no-objection"
        answering.tell(verb="object", note="事实有出入", **tell)
        answering.reply(instrument=one, by=by, new=NewReply(date(2022, 5, 21), "已整改"))
        assert answering.what_is_open(one, by) == ["异议尚未答复"]
        answering.tell(verb="settle", note="经复核维持", **tell)
        assert answering.what_is_open(one, by) == []


def test_a_closing_taken_back_opens_it_again(world: World) -> None:
    one = served(world, Kind.REMINDER, suggestions=[])
    with as_(world.viewer("主任甲")) as by:
        turn = answering.close(instrument=one, by=by, on=date(2022, 6, 1), note="知悉")
        assert rule_of(lambda: answering.close(instrument=one, by=by, on=date(2022, 6, 1), note="再")) == "sheet-stage"
        answering.withdraw_turn(turn=turn, by=by, reason="误登")
        assert stage_of(seen(world, one)) == Stage.DELIVERED
        answering.close(instrument=one, by=by, on=date(2022, 6, 3), note="知悉")
    assert seen(world, one).closed_on == date(2022, 6, 3)


def test_the_unit_sees_a_letter_when_it_is_delivered_and_answers_it(world: World) -> None:
    one = signed(world, Kind.JOINT)
    assert seen(world, one, "经办人丁") is None
    with as_(world.viewer("干部甲")) as by:
        serving.deliver_to_unit(instrument=one, by=by, on=SERVED, receiver="办公室")
    assert seen(world, one, "经办人丁").code == one.code
    with as_(world.viewer("经办人丁")) as by:
        (first, _), *_rest = whole(by, Instrument.objects.get(pk=one.pk)).suggestions
        answering.answer(suggestion=first, by=by, kind="adopted", on=date(2022, 5, 20))
        assert rule_of(lambda: answering.close(instrument=one, by=by, on=SERVED, note="自行销号")) == "not-allowed"


def test_a_local_file_changes_the_words_of_a_kind(tmp_path) -> None:  # type: ignore[no-untyped-def]
    local = tmp_path / "letters.json"
    local.write_text('{"kinds": [{"kind": "reminder", "title": "提醒：{title}"}]}', encoding="utf-8")
    read = kinds.read_kinds(local=local)
    assert (read["reminder"].title, read["joint"].title) == ("提醒：{title}", "关于{title}的纪检监察建议")
    assert read["reminder"].parts == kinds.read_kinds()["reminder"].parts
    for wrong in ('{"kinds": [{"kind": "reminder", "title": "{nobody}"}]}', '{"kinds": [{"kind": "x"}]}', "[]"):
        local.write_text(wrong, encoding="utf-8")
        with pytest.raises(ValueError, match=r"不是约定的格式.*is not of the agreed form"):
            kinds.read_kinds(local=local)
