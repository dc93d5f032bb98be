"""送审稿, 内部稿 and 对外稿 from the same data: comments on each number, names of bodies, and what is told outside."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from zipfile import ZipFile

import pytest
from tests.world import SYSTEM, World, as_, settle_figures

from jiandu.base.core.errors import Refused
from jiandu.net.subjects.services import register_person
from jiandu.results.analysis.measures.registry import find
from jiandu.results.analysis.selectors import Figure, Share
from jiandu.results.reports.asking import ask_offices
from jiandu.results.reports.drafting import Drafted, Paragraphs, Plot, Run
from jiandu.results.reports.editions import RULE, SMALL, Edition, public
from jiandu.results.reports.models import Review
from jiandu.results.reports.selectors import section_of, sections_of
from jiandu.results.reports.services import draft_review, edit_section, freeze, take_edition

DAY = date(2022, 12, 31)


def rule_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.rule


def parts_of(content: bytes) -> dict[str, str]:
    with ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name).decode() for name in file.namelist() if name.endswith(".xml")}


def words_of(xml: str) -> str:
    return "".join(re.findall(r"<w:t[ >][^<]*?>?([^<>]*)</w:t>", xml))


@pytest.fixture
def review(world: World) -> Review:
    world.rectifying(activity=world.project())
    with as_(world.viewer("主任甲")) as by:
        drafted = draft_review(year=2022, as_of=DAY, by=by)
        for number in range(1, len(sections_of(drafted)) + 1):
            section = section_of(drafted, number)
            assert section is not None
            text = "立项{projects}个，发现{project_findings}个，干部甲牵头。" if number == 1 else "略。"
            edit_section(section=section, by=by, title=section.title, text=text)
    return drafted


def taken(world: World, review: Review, edition: Edition, who: str = "书记") -> bytes:
    with as_(world.viewer(who)) as by:
        return take_edition(review=Review.objects.get(pk=review.pk), by=by, edition=edition)


def test_each_number_of_the_paper_for_leaders_has_its_comment(world: World, review: Review) -> None:
    assert rule_of(lambda: taken(world, review, Edition.FOR_REVIEW)) == "not-allowed"  # nobody's sheet yet
    with as_(world.viewer("主任甲")) as by:
        ask_offices(review=review, by=by)
    content = taken(world, review, Edition.FOR_REVIEW)
    parts = parts_of(content)
    numbers = parts["word/document.xml"].count("<w:commentReference ")
    comments = words_of(parts["word/comments.xml"])
    assert (numbers, parts["word/comments.xml"].count("<w:comment ")) == (2, 2)
    for told in (
        "统计指标：项目发现问题 1个",
        "口径：同批：",
        "统计截止日：2022年12月31日，所计 1 条",
        "答复：尚未答复",
    ):
        assert told in comments
    settle_figures(review)
    later = words_of(parts_of(taken(world, review, Edition.FOR_REVIEW))["word/comments.xml"])
    assert "注明理由定稿：各室组已当面核对" in later
    assert rule_of(lambda: taken(world, review, Edition.FOR_REVIEW, who="驻教干部")) == "not-allowed"


def test_what_stays_inside_and_what_is_told_outside(world: World, review: Review) -> None:
    settle_figures(review)
    for edition in (Edition.INTERNAL, Edition.PUBLIC):
        assert rule_of(lambda one=edition: taken(world, review, one)) == "not-frozen"  # type: ignore[misc]
    with as_(world.viewer("书记")) as by:
        freeze(review=review, by=by)
    inside = words_of(parts_of(taken(world, review, Edition.INTERNAL))["word/document.xml"])
    outside = words_of(parts_of(taken(world, review, Edition.PUBLIC, who="驻教干部"))["word/document.xml"])
    for said in ("统计指标及口径", "所计单位和室组名录", "市教育局", "干部甲"):
        assert (said, said in inside, said in outside) == (said, True, False)
    assert ("立项1个，发现1个，干某某牵头" in outside, RULE in outside, RULE in inside) == (True, True, False)
    assert rule_of(lambda: taken(world, review, Edition.INTERNAL, who="驻教干部")) == "not-allowed"


@pytest.mark.parametrize(("value", "told"), [(0, "0"), (1, "不足5"), (SMALL - 1, "不足5"), (SMALL, "5"), (88, "88")])
def test_few_persons_are_not_told_exactly(world: World, value: int, told: str) -> None:
    talks = Figure(find("proactive_talks"), value, value, as_of=DAY)
    projects = Figure(find("projects"), value, value, as_of=DAY)
    runs = (Run(words="约谈"), Run(figure=talks), Run(words="人次，立项"), Run(figure=projects), Run(words="个。"))
    with as_(SYSTEM) as by:
        said = public(by, drafted(runs)).sections[0].sentences[0]
    assert "".join(run.text for run in said) == f"约谈{told}人次，立项{value}个。"


def test_pictures_that_name_bodies_or_hold_few_stay_inside(world: World) -> None:
    one = find("project_findings")
    by_unit, by_month = (next(split for split in one.splits if split.key == key) for key in ("unit", "month"))
    many, few = Share("2022-01", "2022-01", 12, 12), Share("2022-02", "2022-02", 3, 3)
    plots = [
        Plot(by_unit, ((Figure(one, 12, 12, as_of=DAY), (many,)),)),
        Plot(by_month, ((Figure(one, 15, 15, as_of=DAY), (many, few)),)),
        Plot(by_month, ((Figure(one, 12, 12, as_of=DAY), (many,)),)),
    ]
    text = drafted((Run(words="略。"),))
    text = replace(text, sections=(replace(text.sections[0], plots=tuple(plots)),))
    with as_(SYSTEM) as by:
        assert public(by, text).sections[0].plots == (plots[2],)


def test_the_longest_name_is_hidden_first(world: World) -> None:
    with as_(SYSTEM) as by:
        for name in ("欧阳", "欧阳建国"):
            register_person(name=name, by=by)
        said = public(by, drafted((Run(words="欧阳建国、欧阳同志"),))).sections[0].sentences[0][0].words
    assert said == "欧某某某、欧某同志"


def drafted(runs: tuple[Run, ...]) -> Drafted:
    return Drafted(2022, "综述", DAY, (Paragraphs("一", (runs,)),), {})
