"""The review: sentences with measures inside, frozen once, shown as JSON, page and Word."""

import io
import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import docx
import pytest
from tests.world import SYSTEM, World, as_, settle_figures

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.results.analysis.measures.registry import Ask, all_measures, find
from jiandu.results.analysis.selectors import Figure, Share
from jiandu.results.reports.drafting import SLOT, Drafted, Plot, Run, date_words, default_text, draft, in_words
from jiandu.results.reports.models import Review
from jiandu.results.reports.plots import chart_of, title_of
from jiandu.results.reports.rendering import as_dict, render
from jiandu.results.reports.selectors import read_review, review_by_uid, reviews, section_of
from jiandu.results.reports.services import draft_review, edit_section, freeze

DAY = date(2022, 12, 31)


def rule_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.rule


KEYS = [section["key"] for section in default_text()["sections"]]
PROJECTS = KEYS.index("projects") + 1


def rows_told(figure: Figure) -> list[str]:
    """What a page is given of the rows: here their measure's own name."""
    return [f"记录 {figure.measure.key}"]


def text_of(viewer: object, review: Review) -> str:
    drafted = read_review(viewer, review)  # type: ignore[arg-type]
    return "".join(run.text for section in drafted.sections for runs in section.sentences for run in runs)


@pytest.fixture
def review(world: World) -> Review:
    """A drafted review of a year with one settled finding and one open one."""
    project = world.project(members=("驻市教育局纪检监察组",))
    world.closed(activity=project)
    world.rectifying(activity=project)
    with as_(world.viewer("主任甲")) as by:
        drafted = draft_review(year=2022, as_of=DAY, by=by)
        for number in range(1, len(KEYS) + 1):
            section = section_of(drafted, number)
            if number != PROJECTS and section is not None:  # these tests are about one section
                edit_section(section=section, by=by, title=section.title, text="略。")
        return drafted


#: What is counted for those whose work it is, and printed in no review: that clues came up in talks.
STAYS_INSIDE = {"talk_clues_handed_over", "rules_made"}


def test_default_text_holds_names_of_measures_and_no_digit() -> None:
    sentences = "".join(sentence for section in default_text()["sections"] for sentence in section["sentences"])
    slots = set(re.findall(r"\{(\w+)(?:@[\d-]+)?\}", sentences))
    assert slots | STAYS_INSIDE == (set(all_measures()) | {"as_of"})
    assert re.findall(r"\d", SLOT.sub("", sentences)) == []


def test_draft_fills_every_slot_from_records(world: World, review: Review) -> None:
    with as_(world.viewer("主任甲")) as by:
        text = text_of(by, review)
        assert "全年立项1个政治监督项目，1个派驻（派出）机构参与" in text
        assert "截至2022年12月31日，项目监督共发现问题2个，已督促整改1个" in text
        assert (review.title, list(reviews(by))) == ("2022年度监督工作综述", [review])
        assert review_by_uid(by, review.uid) == review


def test_draft_refused_for_a_date_outside_or_without_the_right(world: World) -> None:
    with as_(SYSTEM) as by:
        for as_of in (date(2021, 12, 31), today() + timedelta(days=1)):
            assert rule_of(lambda d=as_of: draft_review(year=2022, as_of=d, by=by)) == "as-of"  # type: ignore[misc]
    with as_(world.viewer("干部甲")) as by:
        assert rule_of(lambda: draft_review(year=2022, as_of=DAY, by=by)) == "not-allowed"


def test_edit_changes_words_and_refuses_an_unknown_slot(world: World, review: Review) -> None:
    with as_(world.viewer("主任甲")) as by:
        section = section_of(review, PROJECTS)
        assert section is not None
        edit_section(section=section, by=by, title="一、项目", text="{year}年立项{projects}个。")
        assert text_of(by, review).strip("略。") == "2022年立项1个"
        refused = rule_of(lambda: edit_section(section=section, by=by, title="一", text="共{nothing}个"))
        assert refused == "unknown-measure"
        assert text_of(by, review).strip("略。") == "2022年立项1个"
        assert section_of(review, len(KEYS) + 1) is None


def test_freeze_fixes_the_figures_and_later_entries_show_only_as_changes(world: World, review: Review) -> None:
    with as_(world.viewer("书记")) as by:
        frozen = freeze(review=settle_figures(review), by=by)
        before = text_of(by, frozen)
        assert (frozen.frozen_by, frozen.scope) == ("书记", "市纪委监委")
    world.closed(on=date(2022, 5, 1))
    with as_(world.viewer("书记")) as by:
        assert text_of(by, Review.objects.get(pk=review.pk)) == before
        fresh = draft(by, year=2022, as_of=DAY)
        assert fresh.figures["project_findings"].value == 3


def test_freeze_happens_once_and_ends_editing(world: World, review: Review) -> None:
    with as_(world.viewer("主任甲")) as by:
        assert rule_of(lambda: freeze(review=review, by=by)) == "not-allowed"
    with as_(world.viewer("书记")) as by:
        freeze(review=settle_figures(review), by=by)
        assert rule_of(lambda: freeze(review=review, by=by)) == "frozen"
    with as_(world.viewer("主任甲")) as by:
        section = section_of(review, PROJECTS)
        assert section is not None
        assert rule_of(lambda: edit_section(section=section, by=by, title="一", text="改")) == "frozen"


def test_render_json_keeps_its_contract(world: World, review: Review) -> None:
    with as_(SYSTEM) as by:
        drafted = draft(by, year=2022, as_of=DAY)
        said = json.loads(render(drafted, ".json", rows=rows_told))
    assert said == as_dict(drafted)
    assert (said["year"], said["as_of"]) == (2022, "2022-12-31")
    assert (said["figures"]["project_findings"]["value"], said["figures"]["project_findings"]["rows"]) == (2, 2)
    assert said["rates"]["project_rectification_rate"] == {
        "numerator": 1,
        "denominator": 2,
        "excluded": 0,
        "percent": None,
    }


def test_render_html_links_each_number_and_escapes_words(world: World, review: Review) -> None:
    with as_(SYSTEM) as by:
        section = section_of(review, PROJECTS)
        assert section is not None
        edit_section(section=section, by=by, title="<b>", text="<script>{projects}</script>")
        page = render(read_review(by, review), ".html", rows=rows_told).decode()
    assert '<a href="#figure-projects">1</a>' in page
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert re.findall(r'<section id="figure-(\w+)">', page) == ["projects"]
    assert page.count("<li>记录 projects</li>") == 1
    assert re.findall(r'(?:href|src)="(?!#)[^"]*"', page) == []  # it needs no server


def test_render_docx_opens_and_has_its_appendix(world: World, review: Review) -> None:
    with as_(SYSTEM) as by:
        drafted = draft(by, year=2022, as_of=DAY)
        document = docx.Document(io.BytesIO(render(drafted, ".docx", rows=rows_told)))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    rates = [[cell.text for cell in row.cells] for row in document.tables[1].rows]
    assert "2022年度监督工作综述" in words
    assert "统计指标及口径" in words
    assert rows[0] == ["序号", "统计指标", "数值", "口径", "统计截止日", "行数"]
    assert [row[1] for row in rows[1:]] == [drafted.figures[key].measure.label for key in drafted.figures]
    about = [row[:5] for row in rates if row[0] in {"比率", "整改率", "反弹率"}]
    assert about == [
        ["比率", "百分比", "分子", "分母", "不计入"],
        ["整改率", "—", "1", "2", "0"],
        ["反弹率", "—", "0", "0", "1"],
    ]
    assert len(document.inline_shapes) == 1  # the picture of the page


def test_render_refuses_another_ending(world: World) -> None:
    with as_(SYSTEM) as by:
        drafted = draft(by, year=2022, as_of=DAY)
    assert rule_of(lambda: render(drafted, ".pdf", rows=rows_told)) == "format"


DATED = "截至{as_of@03-31}，立项{projects@03-31}个，全年发现问题{project_findings}个。\n{projects@03-31 / office}"


def test_a_figure_may_be_printed_as_of_a_day_of_its_own(world: World, review: Review) -> None:
    world.project(approved_on=date(2022, 4, 1))  # after the day: it does not count
    with as_(world.viewer("书记")) as by:
        section = section_of(review, PROJECTS)
        assert section is not None
        with as_(world.viewer("主任甲")) as head:
            edit_section(section=section, by=head, title="一", text=DATED)
        drafted = read_review(by, review)
        assert "截至2022年3月31日，立项1个，全年发现问题2个。" in text_of(by, review)
        assert drafted.figures["projects"].as_of == date(2022, 3, 31)
        said = as_dict(drafted)["figures"]
        assert {key: (said[key]["value"], said[key]["as_of"]) for key in said} == {
            "projects": (1, "2022-03-31"),
            "project_findings": (2, "2022-12-31"),
        }
        page = render(drafted, ".html", rows=rows_told).decode()
        assert page.count("（统计截止日：2022年3月31日）") == 1
        frozen = freeze(review=settle_figures(review), by=by)
    world.project(approved_on=date(2022, 1, 1))
    with as_(world.viewer("书记")) as by:
        kept = read_review(by, frozen)
        assert (kept.figures, kept.sections) == (drafted.figures, drafted.sections)
        assert (
            draft(by, year=2022, as_of=DAY).figures["projects"].value == 3
        )  # the control: now, and as of the year's end


def test_an_early_review_prints_no_figure_of_a_later_day(world: World, review: Review) -> None:
    with as_(world.viewer("主任甲")) as by:
        early = draft_review(year=2022, as_of=date(2022, 2, 1), by=by)
        section = section_of(early, PROJECTS)
        assert section is not None
        edit_section(section=section, by=by, title="一", text=DATED)
        assert "截至2022年2月1日，立项1个" in text_of(by, early)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("{projects@02-30}", "slot-day"),
        ("{projects@year-end}", "slot-day"),
        ("{projects}和{projects@03-31}", "two-days"),
        ("{nothing@03-31}", "unknown-measure"),
    ],
)
def test_a_slot_with_a_wrong_day_is_refused(world: World, review: Review, text: str, rule: str) -> None:
    with as_(world.viewer("主任甲")) as by:
        section = section_of(review, PROJECTS)
        assert section is not None
        assert rule_of(lambda: edit_section(section=section, by=by, title="一", text=text)) == rule


def test_pictures_are_drawn_from_the_text_and_refused_where_they_cannot_be(world: World, review: Review) -> None:
    with as_(world.viewer("主任甲")) as by:
        section = section_of(review, PROJECTS)
        assert section is not None
        edit_section(section=section, by=by, title="一", text="共{projects}个。\n{project_findings / unit}")
        drafted = read_review(by, review)
        (plot,) = drafted.sections[PROJECTS - 1].plots
        chart = chart_of(plot, link=lambda key, by, of: f"/{key}/{by}/{of}")
        assert [(point.label, point.series, point.value) for point in chart.points] == [("市教育局", "项目发现问题", 2)]
        assert chart.points[0].href == f"/project_findings/unit/{world.units['市教育局'].pk}"
        assert title_of(plot) == "项目发现问题，按责任单位"
        for text, rule in (
            ("{project_findings / nothing}", "unknown-split"),
            ("{nothing / unit}", "unknown-measure"),
            ("{project_findings, project_money_recovered / unit}", "mixed-units"),
        ):
            assert rule_of(lambda t=text: edit_section(section=section, by=by, title="一", text=t)) == rule  # type: ignore[misc]


def test_pictures_tell_parts_of_one_name_apart() -> None:
    one = find("project_findings")
    shares = tuple(Share("实验小学", str(number), 5 - number, 5 - number) for number in range(3))
    chart = chart_of(Plot(one.splits[1], ((Figure(one, 12, 12), shares),)))
    assert [point.label for point in chart.points] == ["实验小学", "实验小学 (2)", "实验小学 (3)"]


def test_a_frozen_text_keeps_its_pictures_and_rates(world: World, review: Review) -> None:
    with as_(world.viewer("书记")) as by:
        before = read_review(by, freeze(review=settle_figures(review), by=by))
    world.closed(on=date(2022, 5, 1), activity=world.project())
    with as_(world.viewer("书记")) as by:
        after = read_review(by, Review.objects.get(pk=review.pk))
        assert (after.sections, after.figures, after.ratios) == (before.sections, before.figures, before.ratios)
        assert sum(len(section.plots) for section in after.sections) == 1
        assert draft(by, year=2022, as_of=DAY).ratios != before.ratios


@pytest.mark.parametrize(
    ("yuan", "printed"),
    [
        (9_537_201, "950余万"),
        (9_500_000, "950万"),
        (9_500_001, "950余万"),
        (Decimal("9499999.99"), "940余万"),
        (1_000_000, "100万"),
        (999_999, "99余万"),
        (10_000, "1万"),
        (9_999, "9999"),
        (Decimal("0.5"), "0.5"),
        (-20_000, "-20000"),
        (123_456_789, "12340余万"),
    ],
)
def test_a_sum_is_printed_as_what_it_surely_exceeds(yuan: int | Decimal, printed: str) -> None:
    assert in_words(Figure(find("grassroots_money_recovered"), yuan, 1)) == printed
    assert in_words(Figure(find("projects"), 20_000, 1)) == "20000"  # the control: what is not money stays as it is


def test_ask_ends_with_the_year_or_earlier() -> None:
    assert [Ask(2022, day).end for day in (date(2022, 6, 1), date(2023, 3, 1))] == [date(2022, 6, 1), DAY]
    assert date_words(date(2022, 1, 2)) == "2022年1月2日"


def test_a_clause_that_counts_nothing_is_left_out_and_its_figures_stay(world: World, review: Review) -> None:
    with as_(world.viewer("主任甲")) as by:
        section = section_of(review, PROJECTS)
        assert section is not None
        text = "立项{projects}个[[，挽回{project_money_recovered}元]][[，发现{project_findings}个]]。\n[[另有{project_findings_rebound}个反弹。]]"
        edit_section(section=section, by=by, title="一", text=text)
        drafted = read_review(by, review)
    told = drafted.sections[PROJECTS - 1].sentences
    assert ["".join(run.text for run in runs) for runs in told] == ["立项1个，发现2个。"]
    assert {key: drafted.figures[key].value for key in ("project_money_recovered", "project_findings_rebound")} == {
        "project_money_recovered": 0,
        "project_findings_rebound": 0,
    }
    refused = rule_of_edit(world, review, "[[{nothing}]]")
    assert refused == "unknown-measure"


def test_a_clause_that_counts_nothing_may_be_said_otherwise(world: World, review: Review) -> None:
    text = "[[立项{projects}个||未立项]][[，挽回{project_money_recovered}元||，尚未挽回资金]]。"
    assert written(world, review, text) == "立项1个，尚未挽回资金。"
    assert rule_of_edit(world, review, "[[立项{projects}个||未立{nothing}项]]") == "unknown-measure"


def written(world: World, review: Review, text: str) -> str:
    with as_(world.viewer("主任甲")) as by:
        section = section_of(review, PROJECTS)
        assert section is not None
        edit_section(section=section, by=by, title="一", text=text)
        runs = [run for sentence in read_review(by, review).sections[PROJECTS - 1].sentences for run in sentence]
    return "".join(run.text for run in runs)


def test_a_year_without_records_is_told_in_words_and_without_a_zero(world: World) -> None:
    with as_(SYSTEM) as by:
        empty = draft(by, year=2022, as_of=DAY)
        world.project()
        one = draft(by, year=2022, as_of=DAY)
    assert [section.title for section in empty.sections if not section.sentences] == []
    assert printed(empty) == []
    assert set(re.findall(r"\d+", words_of(empty))) == {"2022", "12", "31", "11", "30"}  # of the dates
    assert {figure.value for figure in empty.figures.values()} == {0}
    assert [(figure.measure.key, figure.value) for figure in printed(one)] == [("projects", 1)]
    assert "全年未立项政治监督项目。" in words_of(empty)
    assert "全年立项1个政治监督项目。" in words_of(one)


def runs_of(drafted: Drafted) -> list[Run]:
    return [run for section in drafted.sections for runs in section.sentences for run in runs]


def printed(drafted: Drafted) -> list[Figure]:
    return [run.figure for run in runs_of(drafted) if run.figure is not None]


def words_of(drafted: Drafted) -> str:
    return "".join(run.text for run in runs_of(drafted))


def rule_of_edit(world: World, review: Review, text: str) -> str:
    with as_(world.viewer("主任甲")) as by:
        section = section_of(review, PROJECTS)
        assert section is not None
        return rule_of(lambda: edit_section(section=section, by=by, title="一", text=text))


def test_parts_head_the_sections_that_follow(world: World, review: Review) -> None:
    parts = [section["part"] for section in default_text()["sections"]]
    assert parts == sorted(parts, key=["政治监督", "日常监督", "专项监督", "基层监督"].index)
    with as_(world.viewer("主任甲")) as by:
        drafted = read_review(by, review)
        document = docx.Document(io.BytesIO(render(drafted, ".docx", rows=rows_told)))
    heads = [section.part for section in drafted.sections if section.part]
    assert heads == list(dict.fromkeys(parts))  # each once, above the first of its sections
    words = [paragraph.text for paragraph in document.paragraphs]
    assert [head for head in heads if any(text.endswith(head) for text in words)] == heads
