"""Divisions: the shipped file, and another city's with its mistakes."""

import json
import time
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import transaction

from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.net.subjects import selectors
from jiandu.net.subjects.divisions import DEFAULT, load_divisions, read_divisions
from jiandu.net.subjects.models import Region

BY = guard.system("tests")
NOBODY = guard.Viewer(key="user:1", name="路人", user_id=1)
K = Region.Kind


@contextmanager
def acting(viewer=BY):
    with guard.acting(viewer), transaction.atomic():
        yield


def load(path=None):
    with acting():
        return load_divisions(path, by=BY)


def write(folder, *rows):
    path = folder / "divisions.json"
    path.write_text(json.dumps({"divisions": rows}, ensure_ascii=False), encoding="utf-8")
    return path


def count(kind):
    return Region.objects.filter(kind=kind).count()


def refused(path):
    with acting(), pytest.raises(Refused) as caught:
        load_divisions(path, by=BY)
    assert caught.value.rule == "divisions-file"
    return str(caught.value)


@pytest.mark.django_db
def test_load_fills_an_empty_database_within_two_seconds():
    start = time.perf_counter()
    added = load()
    assert time.perf_counter() - start < 2
    assert (added, count(K.CITY), count(K.DISTRICT), count(K.TOWN) + count(K.ZONE), count(K.VILLAGE)) == (
        616,
        1,
        6,
        54,
        555,
    )


@pytest.mark.django_db
def test_load_hangs_each_division_under_its_own():
    load()
    region = Region.objects.select_related("parent__parent__parent").get(code="350203009")
    assert (region.name, region.parent.name, region.parent.parent.name) == ("筼筜街道", "思明区", "厦门市")
    assert [hex(ord(char)) for char in region.name[:2]] == ["0x7b7c", "0x7b5c"]
    assert sorted(Region.objects.filter(name="西滨社区居委会").values_list("parent__name", flat=True)) == [
        "杏滨街道",
        "金海街道",
    ]
    zone = Region.objects.get(code="350211403")
    assert (str(zone), zone.kind) == ("天马华侨农场", K.ZONE)
    below = selectors.regions(BY, under=Region.objects.get(code="350205"))
    assert (below.count(), below.first().name) == (1 + 6 + 49, "海沧区")


@pytest.mark.django_db
def test_load_again_changes_nothing(django_assert_num_queries):
    load()
    before = list(Region.objects.order_by("pk").values())
    with django_assert_num_queries(5):  # two savepoints, one read
        assert load() == 0
    assert list(Region.objects.order_by("pk").values()) == before


@pytest.mark.django_db
def test_load_takes_over_names_and_dates_and_removes_nothing(tmp_path):
    load(write(tmp_path, ["350200", "厦门市"], ["350213", "翔安区"], ["350213101", "大嶝镇"]))
    later = write(tmp_path, ["350213", " 翔安区 "], {"code": "350213101", "name": "大嶝街道", "since": "2021-01-01"})
    assert load(later) == 1
    assert list(Region.objects.order_by("code").values_list("name", "since")) == [
        ("厦门市", None),
        ("翔安区", None),
        ("大嶝街道", date(2021, 1, 1)),
    ]
    assert load(write(tmp_path, ["350213101", "大嶝街道"])) == 0


@pytest.mark.django_db
def test_load_takes_cities_without_districts_and_direct_municipalities(tmp_path):
    load(write(tmp_path, ["441900003", "东城街道"], ["441900", "东莞市"], ["110101", "东城区"], ["110000", "北京市"]))
    rows = Region.objects.order_by("code").values_list("name", "kind", "parent__name")
    assert list(rows) == [
        ("北京市", K.CITY, None),
        ("东城区", K.DISTRICT, "北京市"),
        ("东莞市", K.CITY, None),
        ("东城街道", K.TOWN, "东莞市"),
    ]


@pytest.mark.django_db
def test_load_names_each_problem_in_both_languages(tmp_path):
    path = write(
        tmp_path,
        ["350200", "厦门市"],
        ["350200", "厦门市"],
        ["35020", "短"],
        ["３５０２０３", "全角"],
        ["350203", " "],
        "350203",
        {"code": "350205", "name": "海沧区", "since": "2021"},
        {"code": "350206", "name": "湖里区", "since": "2021-02-01", "until": "2021-01-01"},
    )
    assert refused(path).split("\n") == [
        "第2项：代码 350200 重复 · code 350200 appears twice (item 2)",
        "第3项：代码“35020”应为6、9或12位数字 · code '35020' should have 6, 9 or 12 digits (item 3)",
        "第4项：代码“３５０２０３”应为6、9或12位数字 · code '３５０２０３' should have 6, 9 or 12 digits (item 4)",
        "第5项：350203 的名称应为1至64个字 · the name of 350203 should have 1 to 64 characters (item 5)",
        "第6项：应为 [代码, 名称] 或对象 · should be [code, name] or an object (item 6)",
        "第7项：since 应为 2022-01-31 形式的日期 · since should be a date like 2022-01-31 (item 7)",
        "第8项：350206 的止日早于起日 · 350206 ends before it begins (item 8)",
    ]
    assert Region.objects.count() == 0


@pytest.mark.django_db
def test_load_refuses_a_division_without_the_one_above(tmp_path):
    words = refused(write(tmp_path, ["350200", "厦门市"], ["350203001", "厦港街道"]))
    assert words == "350203001 厦港街道：缺少上级 350203 · the division above, 350203, is missing"


@pytest.mark.django_db
def test_load_shows_ten_problems_and_counts_all(tmp_path):
    lines = refused(write(tmp_path, *([str(number), "短"] for number in range(12)))).split("\n")
    assert (len(lines), lines[-1]) == (11, "……共12处 · 12 in all")


@pytest.mark.django_db
@pytest.mark.parametrize("content", ["", "[]", "{}", '{"divisions": 1}'])
def test_load_refuses_another_form(tmp_path, content):
    path = tmp_path / "x.json"
    path.write_text(content, encoding="utf-8")
    assert refused(path).startswith("x.json 应为 JSON，含有“divisions”列表 · should be JSON with a list “divisions”: ")


@pytest.mark.django_db
def test_load_refuses_an_empty_list_and_no_file(tmp_path):
    assert refused(write(tmp_path)) == "没有任何区划 · no divisions"
    assert refused(tmp_path / "none.json") == (
        f"无法读取文件 {tmp_path / 'none.json'} · cannot read the file: No such file or directory"
    )


@pytest.mark.django_db
def test_load_refuses_who_may_not_edit():
    with acting(NOBODY), pytest.raises(Refused) as caught:
        load_divisions(by=NOBODY)
    assert (caught.value.rule, Region.objects.count()) == ("not-allowed", 0)


def test_the_shipped_file_names_its_source_and_licence():
    content = json.loads(DEFAULT.read_text(encoding="utf-8"))
    assert ("china-division 2.7.0" in content["source"], "MIT" in content["licence"], content["as_of"]) == (
        True,
        True,
        "2023-06-30",
    )
    assert len(read_divisions(DEFAULT)) == 616
