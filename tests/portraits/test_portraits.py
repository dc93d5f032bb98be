"""政治生态分析报告: one unit and period counts once in the year of its approval; judged by the year's dimensions; Word."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import docx
import pytest
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.files.store import keep
from jiandu.base.lexicon.selectors import items
from jiandu.base.lexicon.services import copy_year, load_defaults, merge_items, retire_item
from jiandu.net.subjects.divisions import load_divisions
from jiandu.net.subjects.models import Region
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.analysis.selectors import figure, rows_of
from jiandu.results.portraits.approving import approve_portrait
from jiandu.results.portraits.models import Ground, Portrait
from jiandu.results.portraits.selectors import by_dimension, findings_about, portraits, revisions_of, talks_about
from jiandu.results.portraits.services import (
    NewPortrait,
    attach,
    begin_portrait,
    judge,
    rest_on,
    revise,
    withdraw_portrait,
    write_summary,
)
from jiandu.results.portraits.word import portrait_docx
from jiandu.sources.talks.services import Invited, NewTalk, hold_talk

FROM, TO, END = date(2022, 1, 1), date(2022, 6, 30), Ask(2022, date(2022, 12, 31))
OFFICE = "第一监督检查室"


def rule_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.rule


def value(key: str = "portrait_reports", ask: Ask = END) -> object:
    with as_(SYSTEM) as by:
        return figure(by, key, ask).value


@pytest.fixture(autouse=True)
def scheme(db: None) -> None:
    with as_(SYSTEM) as by:
        load_defaults(by=by)


def new(world: World, unit: str = "市教育局", **more: Any) -> NewPortrait:
    said: dict[str, Any] = {"year": 2022, "period_from": FROM, "period_to": TO, "unit": world.units[unit], **more}
    return NewPortrait(world.offices[OFFICE], **said)


def begun(world: World, unit: str = "市教育局", **more: Any) -> Portrait:
    with as_(SYSTEM) as by:
        return begin_portrait(new=new(world, unit, **more), by=by)


def written(portrait: Portrait) -> Portrait:
    with as_(SYSTEM) as by:
        return attach(portrait=portrait, by=by, stored=keep([b"report"]), name="报告.docx")


def approved(world: World, on: date = date(2022, 8, 1), unit: str = "市教育局", **more: Any) -> Portrait:
    with as_(SYSTEM) as by:
        return approve_portrait(portrait=written(begun(world, unit, **more)), by=by, on=on, approver="书记")


def test_reports_count_in_the_year_of_their_approval(world: World) -> None:
    first = approved(world, on=date(2022, 12, 31))
    approved(world, unit="市财政局", on=date(2023, 1, 1))
    approved(world, unit="市第一中学", on=date(2022, 7, 1), period_from=date(2021, 1, 1), period_to=date(2021, 12, 31))
    written(begun(world, "思明区教育局"))  # not approved
    assert value() == 2
    assert [value(ask=Ask(2022, day)) for day in (date(2022, 11, 30), date(2023, 3, 31))] == [1, 2]
    assert value(ask=Ask(2023, date(2023, 3, 31))) == 1
    with as_(SYSTEM) as by:
        assert first in list(rows_of(by, "portrait_reports", END))
        withdraw_portrait(portrait=first, by=by, reason="登记有误")
    assert (value(), value(ask=Ask(2022, today()))) == (2, 1)


def test_one_unit_and_period_counts_once_and_a_revision_never(world: World) -> None:
    report = approved(world)
    assert rule_of(lambda: begun(world)) == "portrait-twice"
    approved(world, period_from=date(2021, 7, 1), period_to=date(2021, 12, 31))
    with as_(SYSTEM) as by:
        again = revise(portrait=report, by=by)
        assert rule_of(lambda: approve_portrait(portrait=report, by=by, on=today())) == "already-decided"
        approve_portrait(portrait=written(again), by=by, on=date(2022, 9, 1))
        assert rule_of(lambda: revise(portrait=again, by=by)) == "revise-approved"
        assert list(revisions_of(by, report)) == [again]
    assert value() == 2


def test_the_same_unit_and_period_of_another_office_is_refused_too(world: World) -> None:
    begun(world)
    other = replace(new(world), office=world.offices["第二监督检查室"])
    with as_(world.viewer("干部乙")) as by:
        assert Portrait.objects.count() == 0
        assert rule_of(lambda: begin_portrait(new=other, by=by)) == "portrait-twice"
        begin_portrait(new=replace(other, unit=world.units["市财政局"]), by=by)
        assert Portrait.objects.count() == 1


def test_what_is_asked_of_a_new_report(world: World) -> None:
    with as_(SYSTEM) as by:
        load_divisions(by=by)
        district, city = Region.objects.get(code="350203"), Region.objects.get(kind="city")
        base = new(world)
        wrong = [
            (replace(base, district=district), "portrait-about"),
            (replace(base, unit=None), "portrait-about"),
            (replace(base, unit=None, district=city), "portrait-about"),
            (replace(base, period_from=date(2022, 7, 1)), "portrait-period"),
            (replace(base, period_to=today() + timedelta(days=1)), "portrait-period"),
        ]
        acts = [(lambda said=said: begin_portrait(new=said, by=by)) for said, _ in wrong]  # type: ignore[misc]
        assert [rule_of(act) for act in acts] == [rule for _, rule in wrong]
        one = begin_portrait(new=replace(base, unit=None, district=district), by=by)
        assert (one.about, one.title, one.author) == ("思明区", "关于思明区政治生态的分析报告", OFFICE)
    with as_(world.viewer("系统管理员")) as by:
        assert rule_of(lambda: begin_portrait(new=base, by=by)) == "not-allowed"


def test_a_report_is_approved_with_its_file_or_every_dimension(world: World) -> None:
    report = begun(world)
    with as_(world.viewer("干部甲")) as by:
        dimensions = list(items(by, "dimension", 2022))
        for dimension in dimensions[:4]:
            judge(portrait=report, by=by, dimension=dimension, text="总体较好")
        aspect = items(by, "aspect", 2022)[0]
        assert rule_of(lambda: judge(portrait=report, by=by, dimension=aspect, text="好")) == "dimension"
        assert rule_of(lambda: judge(portrait=report, by=by, dimension=dimensions[4], text=" ")) == "note-needed"
        assert rule_of(lambda: approve_portrait(portrait=report, by=by, on=date(2022, 8, 1))) == "not-allowed"
    with as_(world.viewer("主任甲")) as by:
        act = {"portrait": report, "by": by}
        assert rule_of(lambda: approve_portrait(on=date(2022, 8, 1), **act)) == "portrait-empty"
        judge(portrait=report, by=by, dimension=dimensions[4], text="有风险", petition_count=3)
        assert rule_of(lambda: approve_portrait(on=date(2022, 6, 29), **act)) == "step-date"
        assert approve_portrait(on=date(2022, 8, 1), **act).approved_by == "主任甲"
        fixed = {"dimension": dimensions[0], "text": "改"}
        assert rule_of(lambda: judge(**act, **fixed)) == "already-decided"
        assert rule_of(lambda: write_summary(**act, summary="改", reviewers="")) == "already-decided"


def test_a_judgement_rests_on_findings_and_talks(world: World) -> None:
    person = world.person("张局", "市教育局")
    finding = world.finding(on=date(2022, 3, 1), problem="会议记录不完整")
    world.finding(on=date(2022, 7, 1))  # after the period
    world.finding(on=date(2022, 3, 1), unit="市财政局")
    report = begun(world)
    with as_(SYSTEM) as by:
        said = NewTalk("proactive", date(2022, 3, 2), "履职", world.offices[OFFICE], ["甲", "乙"], [Invited(person)])
        talk = hold_talk(new=said, by=by)
        assert (findings_about(by, report), talks_about(by, report)) == ([finding], [talk])
        row = judge(
            portrait=report, by=by, dimension=items(by, "dimension", 2022)[1], text="责任落实有差距", petition_count=2
        )
        for _ in range(2):
            rest_on(judgement=row, by=by, finding=finding)
            rest_on(judgement=row, by=by, talk=talk)
        assert rule_of(lambda: rest_on(judgement=row, by=by)) == "one-ground"
        assert Ground.objects.count() == 2
        told = by_dimension(by, report)
        assert [(one.dimension.code, one.findings, one.talks) for one in told if one.judgement] == [
            ("duty", [finding], [talk])
        ]
        write_summary(portrait=report, by=by, summary="总体平稳。\n建议压实责任。", reviewers="主任甲")
        document = docx.Document(io.BytesIO(portrait_docx(by, report)))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for text in (
        "关于市教育局政治生态的分析报告",
        "2022年1月1日至2022年6月30日",
        "责任落实有差距",
        "问题1个、谈话1次、信访2件",
        "会议记录不完整",
        "建议压实责任。",
    ):
        assert text in words, text


def test_dimensions_are_those_of_the_year_on_the_day(world: World) -> None:
    assert value("portrait_dimensions") == 5
    with as_(SYSTEM) as by:
        copy_year(kind="dimension", from_year=None, to_year=2022, by=by)
        rows = list(items(by, "dimension", 2022))
        retire_item(item=rows[4], until=date(2022, 9, 30), by=by)
        merge_items(items=[rows[3]], into=rows[2], on=date(2022, 11, 1), by=by)
    days = (date(2022, 9, 30), date(2022, 10, 1), date(2022, 11, 1))
    assert [value("portrait_dimensions", Ask(2022, day)) for day in days] == [5, 4, 3]
    assert value("portrait_dimensions", Ask(2023, date(2023, 12, 31))) == 5


def test_another_office_sees_no_report(world: World) -> None:
    report = approved(world)
    seen = {}
    for name in ("书记", "主任甲", "干部乙", "区纪委书记", "驻教干部"):
        with as_(world.viewer(name)) as by:
            seen[name] = (list(portraits(by)) == [report], figure(by, "portrait_reports", END).value)
    assert seen["书记"] == seen["主任甲"] == seen["驻教干部"] == (True, 1)  # the stationed body supervises the unit
    assert seen["干部乙"] == seen["区纪委书记"] == (False, 0)
