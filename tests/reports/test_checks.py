"""Consistency checks before freezing: what must be put right keeps a text from being frozen, the rest is told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from tests.world import World, as_, settle_figures

from jiandu.base.core.errors import Refused
from jiandu.results.analysis.measures.registry import all_measures, all_rates, find
from jiandu.results.analysis.models import Snapshot
from jiandu.results.analysis.selectors import Figure, Ratio, Share
from jiandu.results.reports.checks import Remark, check
from jiandu.results.reports.drafting import Drafted, Paragraphs, Plot, Written, default_text
from jiandu.results.reports.models import Review
from jiandu.results.reports.selectors import read_review, remarks, section_of
from jiandu.results.reports.services import draft_review, edit_section, freeze

DAY = date(2022, 12, 31)


def figure(key: str, value: int, **more: Any) -> Figure:
    return Figure(find(key), value, value, as_of=DAY, **more)


def drafted(*figures: Figure, sections: tuple[Paragraphs, ...] = (), ratios: tuple[Ratio, ...] = ()) -> Drafted:
    return Drafted(2022, "综述", DAY, sections, {one.measure.key: one for one in figures}, ratios)


def said(*lines: str, title: str = "项目化监督") -> Written:
    return Written(title, list(lines))


def told(found: list[Remark]) -> list[tuple[bool, str, str, int]]:
    return [(one.must, one.rule, one.key, one.place) for one in found]


def test_declared_parts_and_wholes_are_measures_of_the_same_unit() -> None:
    declared = {one.key: {one.within, *one.made_of} - {""} for one in all_measures().values()}
    assert set().union(*declared.values()) - set(all_measures()) == set()
    sums = [one for one in all_measures().values() if one.made_of]
    assert [one.key for one in sums if {find(key).unit for key in one.made_of} != {one.unit}] == []
    assert len([key for key, of in declared.items() if of]) == 18


def test_a_part_above_its_whole_must_be_put_right() -> None:
    whole, part = figure("project_findings", 2), figure("project_findings_rectified", 3)
    assert told(check(drafted(whole, part), [])) == [(True, "within", "project_findings_rectified", 0)]
    assert check(drafted(whole, replace(part, value=2)), []) == []
    other_day = replace(part, as_of=date(2022, 6, 30))  # of another day nothing can be said
    assert check(drafted(whole, other_day), []) == []


def test_parts_that_do_not_add_up_must_be_put_right() -> None:
    keys = ("contact_problems", "contact_problems_resolved", "contact_problems_otherwise", "contact_problems_open")
    for values, wanted in (((9, 4, 3, 2), []), ((9, 4, 3, 1), [(True, "parts", "contact_problems", 0)])):
        found = check(drafted(*map(figure, keys, values)), [])
        assert told(found) == wanted


def test_a_rate_outside_of_its_range_must_be_put_right() -> None:
    rate = all_rates()["project_rectification_rate"]
    for above, wanted in ((10, []), (11, [(True, "rate", "project_findings_rectified", 0)])):
        parts = figure("project_findings_rectified", above), figure("project_findings", 10)
        ratio = Ratio(rate, *parts, figure("project_findings_excluded", 0), Decimal(above * 10))
        assert told(check(drafted(ratios=(ratio,)), [])) == wanted


def test_a_number_below_nothing_must_be_put_right_and_money_is_pointed_out() -> None:
    found = check(drafted(figure("projects", -1), figure("project_money_recovered", -5)), [])
    assert told(found) == [(True, "negative", "projects", 0), (False, "negative", "project_money_recovered", 0)]


def test_a_picture_whose_parts_do_not_add_up_must_be_put_right() -> None:
    one = figure("project_findings", 3)
    for parts, wanted in ((3, []), (2, [(True, "picture", "project_findings", 1)])):
        plot = Plot(one.measure.splits[0], ((one, (Share("作风", "1", parts, parts),)),))
        assert told(check(drafted(one, sections=(Paragraphs("项目", (), (plot,)),)), [])) == wanted


def test_one_noun_with_two_numbers_must_be_put_right_in_a_paragraph_and_is_pointed_out_across() -> None:
    two = drafted(figure("project_findings", 5), figure("topic_findings", 7))
    line, other = "全年发现问题{project_findings}个。", "另，全年发现问题{topic_findings}个。"
    assert told(check(two, [said(line, other)])) == [(True, "noun", "", 1)]
    assert told(check(two, [said(line), said(other)])) == [(False, "noun", "", 2)]
    same = drafted(figure("project_findings", 5), figure("topic_findings", 5))
    assert check(same, [said(line, other)]) == []
    assert check(two, [said(line, "点题整治发现问题{topic_findings}个。")]) == []  # the control: another noun


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("立项56个", [True]),
        ("立项５６个", [True]),
        ("立项五十六个", [True]),
        ("整改率96%", [True]),
        ("挽回950余万元", [True]),
        ("召开三场", [False]),
        ("按厦纪〔2022〕3号文件", [False, False]),
        ("第三轮、第十三轮", []),
        ("一项目一方案，十分重视", []),
        ("截至{as_of}，立项{projects@11-30}个", []),
    ],
)
def test_a_number_typed_by_hand_is_reported(words: str, wanted: list[bool]) -> None:
    found = check(drafted(figure("projects", 56)), [said(words, "{projects}。")])
    assert [(one.rule, one.must, one.place) for one in found] == [("typed", must, 1) for must in wanted]


def test_a_paragraph_without_measures_and_open_data_are_told() -> None:
    doubtful = figure("project_findings", 3, doubts=(("有待补栏目", 2),))
    found = check(drafted(doubtful), [said("略。"), said("共{project_findings}个。")])
    assert told(found) == [(False, "no-measure", "", 1), (False, "open-data", "project_findings", 0)]


def test_the_default_text_types_no_number_and_names_measures_everywhere() -> None:
    values = [figure(key, value) for value, key in enumerate(all_measures(), start=1)]
    sections = [Written(one["title"], one["sentences"]) for one in default_text()["sections"]]
    said = [one for one in check(drafted(*values), sections) if one.rule in {"typed", "no-measure", "noun"}]
    assert [(one.must, one.rule, one.words.split("…")[0]) for one in said] == [(False, "noun", "“推动完善制度")]


@pytest.fixture
def review(world: World) -> Review:
    world.closed(activity=world.project())
    with as_(world.viewer("主任甲")) as by:
        return draft_review(year=2022, as_of=DAY, by=by)


def rule_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.rule


def type_a_number(world: World, review: Review, text: str) -> None:
    with as_(world.viewer("主任甲")) as by:
        section = section_of(review, 3)
        assert section is not None
        edit_section(section=section, by=by, title=section.title, text=text)


def test_freezing_waits_until_what_must_be_put_right_is(world: World, review: Review) -> None:
    type_a_number(world, review, "全年立项99个。")
    with as_(world.viewer("书记")) as by:
        assert rule_of(lambda: freeze(review=review, by=by)) == "must-fix"
    assert (Review.objects.get(pk=review.pk).frozen_at, Snapshot.objects.count()) == (None, 0)  # nothing half done
    type_a_number(world, review, "全年立项{projects}个。")
    with as_(world.viewer("书记")) as by:
        frozen = freeze(review=settle_figures(review), by=by)
        assert remarks(frozen, read_review(by, frozen)) == []


def test_open_data_of_records_is_counted_and_does_not_keep_from_freezing(world: World, review: Review) -> None:
    with as_(world.viewer("书记")) as by:
        found = remarks(review, read_review(by, review))
        open_data = [one.words for one in found if one.key == "project_findings"]
        assert open_data == ["“项目发现问题”所计 1 条记录中：有待补栏目 1 条"]
        assert [one for one in found if one.must] == []
        freeze(review=settle_figures(review), by=by)


PAGES = {
    "zh-hans": ("必须处理 1 项", "手写数字“99个”", "一致性核对有 1 项必须处理"),
    "en": ("1 to put right", "Number typed by hand: “99个”", "Not frozen. To put right first (consistency checks, 1)"),
}


@pytest.mark.parametrize("language", PAGES)
def test_the_page_lists_the_remarks_and_refuses_in_words(
    client: Client, world: World, review: Review, language: str
) -> None:
    type_a_number(world, review, "全年立项99个。")
    client.force_login(world.users["书记"])
    client.cookies["django_language"] = language
    page = client.get(f"/desk/reviews/{review.uid}/").content.decode()
    must, typed, refused = PAGES[language]
    assert [words in page for words in (must, typed, 'href="#section-3"', 'id="section-3"')] == [True] * 4
    answer = client.post(f"/desk/reviews/{review.uid}/freeze/")
    assert (answer.status_code, refused in answer.content.decode()) == (409, True)


def test_an_editor_changes_words_and_no_number(client: Client, world: World, review: Review) -> None:
    client.force_login(world.users["主任甲"])
    where = f"/desk/reviews/{review.uid}/sections/3/"
    form = client.get(where).content.decode()
    assert "{projects}" in form  # what is edited names the measure; its number is nowhere to type over
    answer = client.post(where, {"title": "项目化监督", "text": "今年，立项{projects}个政治监督项目。"})
    assert answer.status_code == 303
    with as_(world.viewer("主任甲")) as by:
        drafted = read_review(by, review)
        assert "".join(run.text for run in drafted.sections[2].sentences[0]) == "今年，立项1个政治监督项目。"
    world.project()
    with as_(world.viewer("主任甲")) as by:  # the control: the number follows the records, not the editor
        drafted = read_review(by, review)
        assert "".join(run.text for run in drafted.sections[2].sentences[0]) == "今年，立项2个政治监督项目。"
    client.force_login(world.users["干部甲"])
    assert client.post(where, {"title": "一", "text": "立项9个。"}).status_code == 404
