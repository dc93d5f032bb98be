"""Dictionaries by year: adding, renaming, retiring, merging, copying; what is offered and what a label means."""

from contextlib import contextmanager
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.lexicon import selectors
from jiandu.base.lexicon.dictionaries import defaults
from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.services import (
    NewItem,
    add_item,
    copy_year,
    load_defaults,
    merge_items,
    rename_item,
    retire_item,
)

BY = guard.system("tests")
NOBODY = guard.Viewer(key="user:1", name="路人", user_id=1)
DAY = date(2022, 6, 1)


@contextmanager
def acting():
    with guard.acting(BY), transaction.atomic():
        yield


def add(code, label, *, year=None, kind="aspect", **more):
    with acting():
        return add_item(new=NewItem(kind, year, code, label, code, **more), by=BY)


def offered(kind="aspect", year=None, on=DAY):
    return [item.code for item in selectors.items(BY, kind, year, on=on)]


def means(label, *, year=None, on=DAY):
    found = selectors.find(BY, "aspect", year, label, on=on)
    return found.code if found else None


def refused(function, **arguments):
    with acting(), pytest.raises(Refused) as caught:
        function(by=BY, **arguments)
    return caught.value.rule, str(caught.value)


@pytest.mark.django_db
def test_add_puts_an_item_last():
    add("one", "贯彻决策部署")
    second = add("two", "行业监管")
    assert (offered(), second.order, str(second), second.label_en) == (["one", "two"], 2, "行业监管", "two")


@pytest.mark.django_db
def test_add_begins_a_new_dictionary():
    add("tea", "茶桌仔", kind="place")
    assert [(one.kind, one.zh) for one in selectors.kinds(BY)][-1] == ("place", "place")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "label", "answer"),
    [
        ("one", "作风纪律", ("item-code-taken", "代码“one”已被使用")),
        ("two", " 行业 监管", ("item-label-taken", "名称“ 行业 监管”与“行业监管”重复")),
        ("two", "监管", ("item-label-taken", "名称“监管”与“行业监管”重复")),
        ("two", " ", ("item-incomplete", "字典项应有字典、代码和中英文名称")),
    ],
)
def test_add_refuses_what_cannot_be_told_apart(code, label, answer):
    add("one", "行业监管", also_called=("监管",))
    assert refused(add_item, new=NewItem("aspect", None, code, label, "English")) == answer
    assert offered() == ["one"]


@pytest.mark.django_db
def test_add_takes_the_label_of_an_item_that_ended_before():
    retire(add("one", "行业监管"), date(2021, 12, 31))
    add("two", "行业监管", since=date(2022, 1, 1))
    assert (means("行业监管"), means("行业监管", on=date(2021, 1, 1))) == ("two", "one")


@pytest.mark.django_db
def test_the_table_holds_a_code_once_even_without_a_year():
    add("one", "行业监管")
    with pytest.raises(Exception, match=r"UNIQUE|unique"), transaction.atomic():
        Item.objects.create(kind="aspect", code="one", label_zh="另", label_en="other")


@pytest.mark.django_db
def test_rename_keeps_the_earlier_label_for_imports():
    item = add("one", "行业监管")
    with acting():
        rename_item(item=item, label_zh="行业监管责任", label_en="Oversight duty", by=BY)
    item.refresh_from_db()
    assert (item.label_zh, item.label_en, item.also_called) == ("行业监管责任", "Oversight duty", ["行业监管"])
    assert (means("行业监管"), means("行业监管责任")) == ("one", "one")


@pytest.mark.django_db
def test_rename_back_forgets_nothing_and_repeats_nothing():
    item = add("one", "甲乙")
    for label in ("丙丁", "甲 乙"):
        with acting():
            item = rename_item(item=item, label_zh=label, label_en="x", by=BY)
    assert (item.label_zh, item.also_called) == ("甲 乙", ["丙丁"])


@pytest.mark.django_db
@pytest.mark.parametrize(("label", "rule"), [("作风纪律", "item-label-taken"), ("", "item-incomplete")])
def test_rename_refuses_a_label_of_another_item_or_none(label, rule):
    item, _ = add("one", "行业监管"), add("two", "作风纪律")
    assert refused(rename_item, item=item, label_zh=label, label_en="x")[0] == rule


def retire(item, until):
    with acting():
        return retire_item(item=item, until=until, by=BY)


@pytest.mark.django_db
def test_retire_offers_the_item_up_to_its_last_day():
    retire(add("one", "行业监管"), date(2022, 6, 30))
    assert (offered(on=date(2022, 6, 30)), offered(on=date(2022, 7, 1))) == (["one"], [])
    assert [item.code for item in selectors.every_item(BY, "aspect", 2022)] == ["one"]


@pytest.mark.django_db
def test_retire_refuses_twice_and_before_the_start():
    item = add("one", "行业监管", since=date(2022, 3, 1))
    assert refused(retire_item, item=item, until=date(2022, 2, 28)) == ("item-in-order", "停用日期不能早于启用日期")
    retire(item, DAY)
    assert refused(retire_item, item=item, until=DAY) == ("item-retired", "“行业监管”已停用或已合并")


def merge(items, into, on=DAY):
    with acting():
        return merge_items(items=items, into=into, on=on, by=BY)


@pytest.mark.django_db
def test_merge_leads_labels_to_what_replaced_them():
    one, two, three = add("one", "甲"), add("two", "乙"), add("three", "丙")
    merge([one], two)
    merge([two], three)
    one.refresh_from_db()
    assert (offered(), means("甲"), means("乙"), selectors.current(one).code) == (["three"], "three", "three", "three")
    assert (one.until, one.label_zh) == (DAY, "甲")


@pytest.mark.django_db
def test_merge_refuses_wrong_targets():
    one, two, gone = add("one", "甲"), add("two", "乙"), retire(add("three", "丙"), date(2022, 1, 1))
    other = add("one", "甲", year=2022)
    assert refused(merge_items, items=[one], into=gone, on=DAY)[0] == "merge-target"
    assert refused(merge_items, items=[one], into=one, on=DAY)[0] == "merge-target"
    assert refused(merge_items, items=[other], into=two, on=DAY)[0] == "merge-across"
    assert refused(merge_items, items=[gone], into=two, on=DAY)[0] == "item-retired"
    assert offered() == ["one", "two"]


@pytest.mark.django_db
def test_items_of_a_year_replace_the_list_without_a_year():
    add("one", "甲")
    add("two", "乙", year=2022)
    assert (offered(year=2022), offered(year=2021), offered()) == (["two"], ["one"], ["one"])
    assert (means("甲", year=2022), means("甲", year=2021)) == (None, "one")


@pytest.mark.django_db
def test_items_takes_one_query(django_assert_num_queries):
    add("one", "甲")
    with django_assert_num_queries(1):
        assert offered(year=2022) == ["one"]


@pytest.mark.django_db
@pytest.mark.parametrize("label", ["行业监管", " 行业　监管 ", "ONE", "one", "行 业 监 管", "(监管)", "（监管）"])
def test_find_does_not_mind_width_case_and_spaces(label):
    add("one", "行业监管", also_called=("(监管)",))
    assert means(label) == "one"


@pytest.mark.django_db
@pytest.mark.parametrize("label", ["", "　", "行业"])
def test_find_gives_nothing_for_other_labels(label):
    add("one", "行业监管")
    assert means(label) is None


@pytest.mark.django_db
def test_find_gives_nothing_for_what_is_retired():
    retire(add("one", "行业监管"), date(2021, 12, 31))
    assert means("行业监管") is None


@pytest.mark.django_db
def test_copy_year_takes_what_is_in_use_and_adds_nothing_twice():
    one, two, _ = add("one", "甲"), add("two", "乙"), add("three", "丙", also_called=("丁",))
    retire(two, date(2022, 12, 31))
    for expected in (["one", "three"], []):
        with acting():
            assert [item.code for item in copy_year(kind="aspect", from_year=None, to_year=2023, by=BY)] == expected
    assert (offered(year=2023, on=date(2023, 5, 1)), means("丁", year=2023)) == (["one", "three"], "three")
    with acting():
        merge_items(items=[one], into=add("four", "戊"), on=date(2023, 2, 1), by=BY)
    assert offered(year=2023, on=date(2023, 5, 1)) == ["one", "three"]


@pytest.mark.django_db
def test_copy_year_refuses_an_empty_dictionary():
    assert refused(copy_year, kind="aspect", from_year=2020, to_year=2023) == ("nothing-to-copy", "没有可复制的字典项")


@pytest.mark.django_db
def test_load_defaults_fills_an_empty_installation_once():
    with acting():
        counts = [load_defaults(by=BY), load_defaults(by=BY)]
    assert counts == [sum(len(one.items) for one in defaults()), 0]
    assert [item.label_zh for item in selectors.items(BY, "aspect", 2022)] == [
        "贯彻决策部署",
        "服务中心大局",
        "破解难题旧账",
        "行业监管",
        "管党治党责任",
        "作风纪律",
        "权力运行",
    ]
    assert [item.label_zh for item in selectors.items(BY, "method", 2022)] == ["查阅资料", "实地核查", "回访", "抽查"]


@pytest.mark.django_db
def test_load_defaults_leaves_a_dictionary_that_is_kept():
    add("mine", "本市方面")
    with acting():
        load_defaults(by=BY)
    assert offered() == ["mine"]


@pytest.mark.parametrize("one", defaults(), ids=lambda one: one.kind)
def test_the_shipped_dictionaries_can_be_told_apart(one):
    codes = [item.code for item in one.items]
    assert len(set(codes)) == len(codes)
    for item in one.items:
        mine = {selectors.bare(word) for word in (item.zh, item.en, item.code, *item.also_called)}
        others = {selectors.bare(w) for o in one.items if o is not item for w in (o.zh, o.en, o.code, *o.also_called)}
        assert mine & others == set()
        assert max(len(item.code), len(item.zh), len(item.en)) <= 64


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (add_item, {"new": NewItem("aspect", None, "x", "x", "x")}),
        (copy_year, {"kind": "aspect", "from_year": None, "to_year": 2023}),
        (load_defaults, {}),
    ],
)
def test_services_refuse_who_may_not_edit(function, arguments):
    with guard.acting(NOBODY), transaction.atomic(), pytest.raises(Refused) as caught:
        function(by=NOBODY, **arguments)
    assert (caught.value.rule, Item.objects.count()) == ("not-allowed", 0)


@pytest.mark.django_db
def test_services_on_an_item_refuse_who_may_not_edit():
    one, two = add("one", "甲"), add("two", "乙")
    for call in (
        lambda: rename_item(item=one, label_zh="丙", label_en="c", by=NOBODY),
        lambda: retire_item(item=one, until=DAY, by=NOBODY),
        lambda: merge_items(items=[one], into=two, on=DAY, by=NOBODY),
    ):
        with guard.acting(NOBODY), transaction.atomic(), pytest.raises(Refused) as caught:
            call()
        assert caught.value.rule == "not-allowed"
    assert offered() == ["one", "two"]


@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=8))
def test_merges_never_run_in_a_circle_and_always_end_at_an_item_in_use(pairs):
    with transaction.atomic():
        made = [add(f"c{number}", f"标签{number}") for number in range(6)]
        for one, other in pairs:
            try:
                merge([made[one]], made[other])
            except Refused:
                continue
        codes = offered()
        rows = list(Item.objects.order_by("pk"))
        assert sorted({selectors.current(row).code for row in rows}) == sorted(codes)
        assert [means(row.label_zh) for row in rows] == [selectors.current(row).code for row in rows]
        transaction.set_rollback(True)
