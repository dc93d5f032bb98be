"""Talks: at least two officers, one person once, the post of the day; kinds never merge; what is taken back stops counting."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.net.subjects.models import Post
from jiandu.net.subjects.services import NewPost, appoint, end_post, register_person
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.analysis.selectors import figure, shares
from jiandu.sources.talks.models import Talk
from jiandu.sources.talks.selectors import not_yet_talked, talk_by_uid, talks, whole
from jiandu.sources.talks.services import (
    Invited,
    NewTalk,
    add_attendee,
    drop_attendee,
    follow_up,
    hold_talk,
    withdraw_talk,
)

DAY = date(2022, 5, 6)
END = Ask(2022, date(2022, 12, 31))


def rule_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.rule


def value(key: str, ask: Ask = END) -> object:
    with as_(SYSTEM) as by:
        return figure(by, key, ask).value


@pytest.fixture
def staff(world: World) -> dict[str, Any]:
    """A head, a member of the team, a holder of a key post, a clerk of 市教育局."""
    found = {}
    kinds = {"局长": Post.Kind.HEAD, "副局长": Post.Kind.TEAM, "采购科长": Post.Kind.KEY, "科员": Post.Kind.STAFF}
    with as_(SYSTEM) as by:
        for title, kind in kinds.items():
            found[title] = register_person(name=f"教育{title}", by=by)
            new = NewPost(
                person=found[title],
                organisation=world.units["市教育局"],
                title=title,
                kind=kind,
                since=date(2021, 1, 1),
            )
            appoint(new=new, by=by)
    return found


def new(world: World, people: list[Any], **more: Any) -> NewTalk:
    said = {
        "kind": "proactive",
        "on": DAY,
        "theme": "履行主体责任情况",
        "office": world.offices["第一监督检查室"],
        "officers": ["干部甲", "干部丙"],
        "invited": [each if isinstance(each, Invited) else Invited(each) for each in people],
    }
    return NewTalk(**(said | more))


def hold(world: World, people: list[Any], by: str = "干部甲", **more: Any) -> Talk:
    with as_(world.viewer(by)) as viewer:
        return hold_talk(new=new(world, people, **more), by=viewer)


def test_hold_talk_takes_unit_and_post_of_the_day(world: World, staff: dict[str, Any]) -> None:
    talk = hold(world, [staff["副局长"]])
    with as_(world.viewer("干部甲")) as by:
        told = whole(by, talk)
    seat = told.attendees[0]
    assert (seat.organisation.name, seat.title, seat.category) == ("市教育局", "副局长", "team")
    assert [each.name for each in told.talkers] == ["干部甲", "干部丙"]
    assert [each.person.name if each.person else None for each in told.talkers] == ["干部甲", "干部丙"]
    assert talk.subject == world.units["市教育局"]


def test_a_post_that_ended_before_the_day_does_not_count(world: World, staff: dict[str, Any]) -> None:
    with as_(SYSTEM) as by:
        post = Post.objects.get(person=staff["局长"])
        end_post(post=post, until=date(2022, 5, 5), by=by)
    assert rule_of(lambda: hold(world, [staff["局长"]])) == "post-unknown"
    hold(world, [Invited(staff["局长"], world.units["市教育局"])])
    assert value("proactive_talks") == 0
    hold(world, [Invited(staff["局长"])], on=date(2022, 5, 5))
    assert value("proactive_talks") == 1


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"officers": ["干部甲"]}, "two-officers"),
        ({"officers": ["干部甲", " 干部甲 "]}, "two-officers"),
        ({"theme": " "}, "theme-needed"),
        ({"on": date(2999, 1, 1)}, "step-date"),
        ({"invited": []}, "attendee-needed"),
        ({"follow_up_due_on": date(2022, 5, 5)}, "step-date"),
    ],
)
def test_hold_talk_refuses(world: World, staff: dict[str, Any], change: dict[str, Any], rule: str) -> None:
    assert rule_of(lambda: hold(world, [staff["局长"]], **change)) == rule
    assert value("proactive_sessions") == 0


def test_a_group_talk_counts_its_key_people_and_one_session(world: World, staff: dict[str, Any]) -> None:
    hold(world, [*staff.values(), staff["局长"]])
    assert (value("proactive_talks"), value("proactive_sessions")) == (3, 1)
    with as_(SYSTEM) as by:
        parts = {part.of: part.value for part in shares(by, "proactive_talks", END, by="category")}
    assert parts == {"head": 1, "team": 1, "key": 1}


@pytest.mark.parametrize("kind", [kind for kind in Talk.Kind if kind != Talk.Kind.PROACTIVE])
def test_another_kind_of_talk_is_in_no_figure_of_proactive_talks(
    world: World, staff: dict[str, Any], kind: Talk.Kind
) -> None:
    hold(world, [staff["局长"]], kind=kind)
    assert (value("proactive_talks"), value("proactive_sessions")) == (0, 0)


def test_a_talk_in_a_round_counts_in_both_figures(world: World, staff: dict[str, Any]) -> None:
    first, second = world.round(), world.round(started_on=date(2022, 6, 1))
    hold(world, [staff["局长"], staff["采购科长"]], activity=first)
    hold(world, [staff["局长"]], activity=second, on=date(2022, 6, 7))
    assert value("proactive_talks") == 3
    assert value("linked_key_people_talked") == 1  # one person once a year; a key post alone is not 关键少数
    hold(world, [staff["副局长"]])
    assert (value("proactive_talks"), value("linked_key_people_talked")) == (4, 1)


def test_a_talk_hangs_on_a_round_only(world: World, staff: dict[str, Any]) -> None:
    assert rule_of(lambda: hold(world, [staff["局长"]], activity=world.project())) == "talk-in-round"


def test_withdrawn_talk_and_dropped_attendee_stop_counting_and_earlier_days_keep_them(
    world: World, staff: dict[str, Any]
) -> None:
    talk, other = hold(world, [staff["局长"], staff["副局长"]]), hold(world, [staff["局长"]])
    with as_(world.viewer("干部甲")) as by:
        drop_attendee(attendee=whole(by, talk).attendees[0], by=by, reason="当日请假")
        withdraw_talk(talk=other, by=by, reason="重复登记")
        assert list(talks(by, year=2022)) == [talk]
    assert value("proactive_talks", Ask(2022, today())) == 1
    assert value("proactive_talks") == 3  # as of the end of 2022 nothing had been taken back
    with as_(world.viewer("干部甲")) as by:
        assert rule_of(lambda: withdraw_talk(talk=Talk.objects.get(pk=other.pk), by=by, reason="再撤")) == (
            "already-decided"
        )
        assert rule_of(lambda: withdraw_talk(talk=talk, by=by, reason=" ")) == "reason-needed"


def test_add_attendee_once(world: World, staff: dict[str, Any]) -> None:
    talk = hold(world, [staff["局长"]])
    with as_(world.viewer("干部甲")) as by:
        add_attendee(talk=talk, by=by, invited=Invited(staff["副局长"]))
        assert rule_of(lambda: add_attendee(talk=talk, by=by, invited=Invited(staff["局长"]))) == "attendee-twice"
    assert value("proactive_talks") == 2


def test_follow_up_stands_with_the_talk(world: World, staff: dict[str, Any]) -> None:
    talk = hold(world, [staff["局长"]], follow_up_due_on=date(2022, 8, 1))
    with as_(world.viewer("干部甲")) as by:
        assert rule_of(lambda: follow_up(talk=talk, by=by, on=date(2022, 5, 1), note="早了")) == "step-date"
        follow_up(talk=talk, by=by, on=date(2022, 7, 1), note="承诺已落实")
        assert [row.note for row in whole(by, talk).follow_ups] == ["承诺已落实"]


def test_numbers_of_an_office_follow_each_other(world: World, staff: dict[str, Any]) -> None:
    codes = [hold(world, [staff["局长"]]).code for _ in range(3)]
    head = codes[0].rpartition("-")[0]
    assert codes == [f"{head}-0000{number}" for number in (1, 2, 3)]


def test_not_yet_talked_names_key_posts_without_a_talk(world: World, staff: dict[str, Any]) -> None:
    hold(world, [staff["局长"]])
    hold(world, [staff["副局长"]], kind="integrity")
    with as_(world.viewer("干部甲")) as by:
        rows = not_yet_talked(by, since=date(2022, 1, 1), on=date(2022, 12, 31))
        found = {post.person for post in rows if post.organisation == world.units["市教育局"]}
    assert found == {staff["副局长"], staff["采购科长"]}


def test_another_office_neither_sees_nor_edits_the_talk(world: World, staff: dict[str, Any]) -> None:
    talk = hold(world, [staff["局长"]])
    with as_(world.viewer("干部乙")) as by:
        assert talk_by_uid(by, talk.uid) is None
        assert list(talks(by)) == []
        assert figure(by, "proactive_talks", END).value == 0
    with as_(world.viewer("书记")) as by:
        assert talk_by_uid(by, talk.uid) == talk
        assert rule_of(lambda: withdraw_talk(talk=talk, by=by, reason="试")) == "not-allowed"
