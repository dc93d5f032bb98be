"""套表 as the office keeps it: registered with what is proposed, bound by rows and columns, accepted, filled; or not kept at all."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from openpyxl import Workbook
from tests.core.sheets.hostile import HOSTILE
from tests.filling.forms import monthly, save
from tests.filling.test_filling import DISTRICT, FIRST, SECOND, net, offices, page  # noqa: F401 -- a fixture
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry, Payload
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.sheets import SheetRefused, read_form
from jiandu.base.files import store
from jiandu.results.filling.answering import beyond, scope_of
from jiandu.results.filling.bindings import Binding, Period, unpacked
from jiandu.results.filling.changing import Change
from jiandu.results.filling.keeping import NewForm, accept, bind, register_form, take_filled, withdraw_form
from jiandu.results.filling.models import SuperiorForm
from jiandu.results.filling.selectors import form_by_uid, opened, superior_forms, why_left

OFFICER, OTHER = "干部甲", "干部乙"
NOVEMBER = Period(2022, 11)


def registered(world: World, content: bytes | None = None, *, by: str = OFFICER, name: str = "月报") -> SuperiorForm:
    content = content or monthly([FIRST, SECOND, "其他单位"])
    with as_(world.viewer(by)) as viewer:
        return register_form(new=NewForm(name, "月报.xlsx", content, world.offices[FIRST]), by=viewer)


def changed(world: World, form: SuperiorForm, at: str, **asked: Any) -> Any:
    with as_(world.viewer(OFFICER)) as viewer:
        return bind(form=form, by=viewer, asked=Change("月报", at, **asked))


def bindings(world: World, form: SuperiorForm) -> dict[str, Binding]:
    with as_(world.viewer(OFFICER)) as viewer:
        kept = form_by_uid(viewer, form.uid)
        assert kept
        return {one.cell: one for one in opened(kept).bindings.values()}


def now_is(form: SuperiorForm) -> SuperiorForm:
    with as_(SYSTEM):
        kept: SuperiorForm = SuperiorForm.objects.get(pk=form.pk)
    return kept


def files() -> list[str]:
    return sorted(path.name for path in store.folder().rglob("*") if path.is_file()) if store.folder().exists() else []


def test_a_blank_is_registered_with_what_is_proposed_for_it(net: World) -> None:
    form = registered(net)
    # three rows of eleven columns: a column of another year and the row of somebody who is none of ours stay open
    assert (form.cell_count, form.bound_count, form.accepted_on, form.brought_by) == (33, 20, None, OFFICER)
    with as_(net.viewer(OFFICER)) as viewer:
        there = opened(form)
        assert [len(there.bindings), len(there.left)] == [20, 13]
        assert {(why.why.value, why.word) for cell in there.left if (why := why_left(form, cell))} == {
            ("not_ours", "上年同期"), ("word", "其他单位"),
        }  # fmt: skip
        assert [one.name for one in superior_forms(viewer)] == ["月报"]
    entry = Entry.objects.get(verb="superior_form.register")
    assert json.loads(Payload.objects.get(entry=entry).body)["sha256"] == form.sha256


def test_what_is_bound_already_is_kept_and_what_is_unknown_is_not(net: World) -> None:
    form = registered(net)
    changed(net, form, "D6", key="project_findings", span="month")
    form = now_is(form)
    again = registered(net, store.read(form.sha256), name="再传")
    assert (again.bound_count, bindings(net, again)["D6"].span) == (21, "month")


def test_nothing_is_filled_before_it_was_accepted_as_it_was_shown(net: World) -> None:
    form = registered(net)
    with as_(net.viewer(OFFICER)) as viewer:
        with pytest.raises(Refused, match="还没有采用"):
            take_filled(form=form, by=viewer, period=NOVEMBER)
        shown = form.sha256
    changed(net, form, "D", key="project_findings", span="to_date")
    with as_(net.viewer(OFFICER)) as viewer:
        with pytest.raises(Refused, match="刚被改动"):
            accept(form=form, by=viewer, seen=shown)
        kept = accept(form=form, by=viewer, seen=now_is(form).sha256)
        content = take_filled(form=kept, by=viewer, period=NOVEMBER)
    assert (kept.accepted_by, kept.filled_for) == (OFFICER, "2022-11")
    sheet = page(content)
    assert [sheet.cell(6, column).value for column in (2, 3, 4, 5)] == [2, 4, 4, 0]
    assert (sheet["B8"].value, sheet["B8"].fill.fgColor.rgb, sheet["M6"].value) == (None, "FFFFF2AB", "=C6+J6")
    assert Entry.objects.filter(verb="superior_form.fill").count() == 1


@pytest.mark.parametrize(
    ("at", "asked", "cells", "said"),
    [
        ("D", {"key": "project_findings"}, {"D6", "D7"}, ("project_findings", "month", (("office", FIRST),))),
        ("d6：d7", {"key": "project_findings", "span": "to_date"}, {"D6", "D7"}, ("project_findings", "to_date", (("office", FIRST),))),
        ("B,6", {"span": "year"}, {f"{c}{r}" for c in "BCEFGHIJKL" for r in (6,)} | {"B7"}, ("project_findings", "year", (("office", FIRST),))),
        ("6", {"words": "全部"}, {f"{c}6" for c in "BCEFGHIJKL"}, ("project_findings", "month", ())),
        ("B", {"key": "topic_findings"}, {"B6", "B7"}, ("topic_findings", "month", (("office", FIRST),))),
    ],
)  # fmt: skip
def test_a_change_holds_for_the_cells_that_are_named(
    net: World, at: str, asked: dict[str, str], cells: set[str], said: Any
) -> None:
    form = registered(net)
    before = bindings(net, form)
    changed(net, form, at, **asked)
    after = bindings(net, form)
    assert {cell for cell in after if after[cell] != before.get(cell)} == cells
    one = after["D6" if "D6" in cells else "B6"]
    assert (one.key, one.span, one.within) == said


def test_a_row_that_is_not_read_is_bound_by_its_word(net: World) -> None:
    form = registered(net)
    said = changed(net, form, "8", words=DISTRICT)
    # 上年同期 of the row stays unread: no figure of ours stands there
    assert (said.count, [cell[1] for cell in said.unread]) == (10, [(8, 4)])
    assert bindings(net, form)["K8"].within == (("office", DISTRICT),)
    assert bindings(net, form)["K8"].key == "topic_problems_resolved"


def test_a_row_takes_what_was_chosen_for_its_columns(net: World) -> None:
    form = registered(net)
    changed(net, form, "D", key="project_findings", span="year")
    said = changed(net, form, "8", words=DISTRICT)
    one = bindings(net, form)["D8"]
    assert (said.count, one.key, one.span, one.within) == (11, "project_findings", "year", (("office", DISTRICT),))


def test_who_sees_less_than_the_form_names_is_told(net: World) -> None:
    form = registered(net)
    with as_(net.viewer(OFFICER)) as viewer:
        assert beyond(viewer, opened(form).bindings.values()) == [SECOND]
    with as_(net.viewer("书记")) as viewer:
        assert beyond(viewer, opened(form).bindings.values()) == []
    with as_(net.viewer("区纪委书记")) as viewer:
        assert beyond(viewer, opened(form).bindings.values()) == [FIRST, SECOND]
        assert scope_of(viewer) == DISTRICT
    net.user("党风干部", "conduct_officer", office=FIRST)  # a role that reaches the city
    with as_(net.viewer("党风干部")) as viewer:
        assert (scope_of(viewer), beyond(viewer, opened(form).bindings.values())) == ("全市", [])


def test_a_binding_is_taken_off(net: World) -> None:
    form = registered(net)
    changed(net, form, "B", is_removed=True)
    form = now_is(form)
    assert (form.bound_count, form.cell_count, "B6" in bindings(net, form)) == (18, 33, False)


@pytest.mark.parametrize(
    ("at", "asked", "rule"),
    [
        ("A1", {"key": "projects"}, "no-cell"),
        ("M6", {"key": "projects"}, "no-cell"),  # a formula
        ("六", {"key": "projects"}, "no-cell"),
        ("ZZZ9", {"key": "projects"}, "no-cell"),
        ("B", {}, "nothing-chosen"),
        ("D", {"span": "month"}, "no-binding"),
        ("B", {"key": "no_such"}, "unknown-measure"),
        ("B", {"words": "某某办"}, "unknown-word"),
        ("B", {"key": "project_bodies", "span": "month", "words": "全部"}, "no-month"),
        ("8", {"key": "project_findings", "words": "某某办"}, "unknown-word"),
        ("B8", {"key": "project_findings"}, "no-cell-read"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(net: World, at: str, asked: dict[str, str], rule: str) -> None:
    form = registered(net)
    with pytest.raises(Refused) as refused:
        changed(net, form, at, **asked)
    assert refused.value.rule == rule
    assert now_is(form).sha256 == form.sha256


def wide() -> bytes:
    workbook = Workbook()
    sheet: Any = workbook.active
    for column in range(2, 102):
        sheet.cell(1, column, f"指标{column}")
    for row in range(2, 102):
        sheet.cell(row, 1, f"单位{row}")
    return save(workbook)


def blank() -> bytes:
    workbook = Workbook()
    return save(workbook)


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "old": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, "old_excel"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 200, "not_a_sheet"),
    "macros": (next(maker for maker, codes in HOSTILE.values() if codes == ("macros",)), "macros"),
    "text": (lambda: "单位,发现问题\n甲,1\n".encode(), "not_a_workbook"),
    "many": (wide, "too_many_cells"),
    "nothing": (blank, "no_cells"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_refused_in_both_languages_and_nothing_is_kept(net: World, kind: str) -> None:
    before = files()
    made, code = BAD[kind]
    with pytest.raises(SheetRefused) as refused:
        registered(net, made())
    assert refused.value.code == code
    assert not re.search("[一-鿿]", refused.value.english)
    with as_(SYSTEM):
        assert SuperiorForm.objects.count() == 0
    assert (files(), Entry.objects.filter(verb__startswith="superior_form").count()) == (before, 0)


def test_two_of_one_name_are_refused_until_the_first_was_taken_back(net: World) -> None:
    form = registered(net)
    with pytest.raises(Refused, match="已有叫“月报”的套表"):
        registered(net)
    with as_(net.viewer(OFFICER)) as viewer:
        gone = withdraw_form(form=form, by=viewer, reason="换了新表")
        with pytest.raises(Refused, match="已撤下"):
            take_filled(form=gone, by=viewer, period=NOVEMBER)
    assert registered(net).name == "月报"


def test_another_office_neither_sees_nor_changes_it(net: World) -> None:
    form = registered(net)
    with as_(net.viewer(OTHER)) as viewer:
        assert (form_by_uid(viewer, form.uid), list(superior_forms(viewer))) == (None, [])
        for act in (
            lambda: bind(form=form, by=viewer, asked=Change("月报", "B", span="year")),
            lambda: accept(form=form, by=viewer, seen=form.sha256),
            lambda: take_filled(form=form, by=viewer, period=NOVEMBER),
            lambda: withdraw_form(form=form, by=viewer, reason="不用了"),
        ):
            with pytest.raises(Refused) as refused:
                act()
            assert refused.value.rule == "not-allowed"
    with as_(net.viewer("主任甲")) as viewer:  # the control: the head of the office may
        assert accept(form=form, by=viewer, seen=form.sha256).accepted_by == "主任甲"


def test_the_as_of_date_is_chosen_stands_in_the_comments_and_is_remembered(net: World) -> None:
    """The usual one is the month's end; whoever fills may say another, and no day before the month or to come."""
    form = registered(net)
    early = date(NOVEMBER.year, NOVEMBER.month, 20)
    with as_(net.viewer("主任甲")) as viewer:
        form = accept(form=form, by=viewer, seen=form.sha256)
        usual = page(take_filled(form=form, by=viewer, period=NOVEMBER))
        assert (form.filled_for, form.filled_as_of) == (str(NOVEMBER), NOVEMBER.end)
        chosen = page(take_filled(form=form, by=viewer, period=NOVEMBER, as_of=early))
        for day in (NOVEMBER.start - timedelta(days=1), today() + timedelta(days=1)):
            with pytest.raises(Refused) as refused:
                take_filled(form=form, by=viewer, period=NOVEMBER, as_of=day)
            assert refused.value.rule == "as-of"
    assert now_is(form).filled_as_of == early
    assert [str(NOVEMBER.end) in usual["B6"].comment.text, str(early) in chosen["B6"].comment.text] == [True, True]


def test_the_numbers_are_those_of_who_fills(net: World) -> None:
    form = registered(net)
    with as_(net.viewer("主任甲")) as viewer:
        form = accept(form=form, by=viewer, seen=form.sha256)
        mine = page(take_filled(form=form, by=viewer, period=NOVEMBER))
    assert unpacked(read_form(store.read(form.sha256)).kept)
    assert mine["B6"].value == 2
    assert "第一监督检查室" in mine["B6"].comment.text
