"""Rules made by sheet: each once with all that led to it, back as it left; what the importer does not see is not named."""

from datetime import date
from functools import partial
from pathlib import Path

import pytest
from tests.sheets_of import counts, file_of, look_at, take_in
from tests.world import SYSTEM, World, as_

from jiandu.base.books import sheets
from jiandu.base.core.sheets import Plan, write_xlsx
from jiandu.loop.outcomes import selectors
from jiandu.loop.outcomes.models import RuleMade, RuleOrigin
from jiandu.loop.outcomes.services import withdraw_rule
from jiandu.loop.outcomes.sheet import BOOK, RULES, rows_of
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.analysis.selectors import figure

HEAD = ("制度名称", "文号", "制发机关", "印发日期", "关联问题编号", "承办室组")
look, take = partial(look_at, RULES), partial(take_in, RULES)


def rule(*origins: str, title: str = "《采购管理办法》", day: str = "2022.5.1", number: str = "") -> tuple[str, ...]:
    return (title, number, "市教育局", day, "、".join(origins), "")


def sheet(folder: Path, *rows: tuple[str, ...]) -> Path:
    return file_of(folder / "rules.xlsx", (HEAD, *rows))


def told() -> list[tuple[str, str, date, list[str]]]:
    with as_(SYSTEM) as by:
        rules = list(RuleMade.objects.order_by("pk"))
        codes = selectors.codes_of(by, rules)
        return [(one.title, one.number, one.issued_on, codes[one.pk]) for one in rules]


def counted() -> object:
    with as_(SYSTEM) as by:
        return figure(by, "project_rules_made", Ask(2022, date(2022, 12, 31))).value


def test_a_rule_is_recorded_once_and_further_origins_are_linked(world: World, tmp_path: Path) -> None:
    one, two, project = world.finding(), world.finding(), world.project()
    path = sheet(tmp_path, rule(one.code, project.code))
    assert take(world, path) == counts(create=1)
    assert told() == [("采购管理办法", "", date(2022, 5, 1), [one.code, project.code])]
    assert take(world, path) == counts(unchanged=1)
    assert take(world, sheet(tmp_path, rule(two.code))) == counts(update=1)
    assert told()[0][3] == [one.code, project.code, two.code]
    assert (len(told()), counted()) == (1, 1)


def test_another_number_is_another_rule(world: World, tmp_path: Path) -> None:
    one = world.finding()
    rows = (rule(one.code), rule(one.code, number="厦教〔2022〕1号"), rule(one.code, title="会议制度"))
    assert take(world, sheet(tmp_path, *rows)) == counts(create=3)
    assert (len(told()), counted()) == (3, 3)


def test_what_left_comes_back_unchanged(world: World, tmp_path: Path) -> None:
    one, two = world.finding(), world.finding()
    take(world, sheet(tmp_path, rule(one.code, two.code), rule(two.code, title="会议制度", number="厦教〔2022〕2号")))
    back = tmp_path / "back.xlsx"
    with as_(world.viewer("干部甲")) as by, back.open("wb") as file:
        write_xlsx(file, Plan("登记表", sheets.columns_of(BOOK)), rows_of(by, selectors.rules(by)))
    before = told()
    assert take(world, back) == counts(unchanged=2)
    assert told() == before


def test_another_day_or_a_rule_taken_back_is_a_conflict(world: World, tmp_path: Path) -> None:
    one = world.finding()
    take(world, sheet(tmp_path, rule(one.code)))
    assert take(world, sheet(tmp_path, rule(one.code, day="2022-06-01"))) == counts(conflict=1)
    with as_(world.viewer("干部甲")) as by:
        withdraw_rule(rule=RuleMade.objects.get(), by=by, reason="征求意见稿", on=date(2022, 5, 2))
    other = world.finding()
    assert take(world, sheet(tmp_path, rule(one.code, other.code))) == counts(conflict=1)
    with as_(SYSTEM):
        assert RuleOrigin.objects.count() == 1
    assert counted() == 0


@pytest.mark.parametrize(
    ("row", "place", "reason"),
    [
        (rule(), "E2", "请写明推动建章立制的问题"),
        (rule("没有的编号"), "E2", "本室组没有编号为“没有的编号”的问题"),
        (rule("X", title=""), "A2", "必填"),
        (rule("X", day="2099-01-01"), "D2", "日期晚于今天"),
    ],
)
def test_an_error_stands_at_its_cell(
    world: World, tmp_path: Path, row: tuple[str, ...], place: str, reason: str
) -> None:
    good = rule(world.finding().code, title="会议制度")
    seen = look(world, sheet(tmp_path, row, good))
    assert [(f"{each.column}{each.row}", reason in each.reason) for each in seen.problems] == [(place, True)]
    assert told() == []


def test_a_number_that_the_importer_does_not_see_is_as_one_that_is_not_there(world: World, tmp_path: Path) -> None:
    hidden = world.finding(office="第二监督检查室")
    reasons = []
    for code in (hidden.code, "JD-0000-99999"):
        seen = look(world, sheet(tmp_path, rule(code)))
        reasons.append([each.reason.replace(code, "") for each in seen.problems])
    assert reasons[0] == reasons[1] != []
    assert told() == []
