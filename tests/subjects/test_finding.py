"""Which unit a name in somebody's sheet means, and what a picker offers."""

from contextlib import contextmanager
from datetime import date

import pytest
from django.db import transaction

from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.ids import new_uid
from jiandu.net.subjects import selectors
from jiandu.net.subjects.names import name_key
from jiandu.net.subjects.services import NewOrganisation, close_organisation, register_organisation, rename_organisation

BY = guard.system("tests")
DAY = date(2022, 6, 1)


@contextmanager
def acting():
    with guard.acting(BY), transaction.atomic():
        yield


def unit(name, parent=None, **more):
    with acting():
        return register_organisation(new=NewOrganisation(name=name, parent=parent, **more), by=BY)


def find(name, on=DAY):
    found = selectors.find_organisation(BY, name, on=on)
    return found.pk if found else None


@pytest.fixture
def places(db):
    """Two villages of one name, in two districts."""
    made = {}
    for district, street in (("集美区", "杏滨街道"), ("同安区", "西柯街道")):
        made[district] = unit(district)
        made[street] = unit(street, made[district])
        made[district + "西滨"] = unit("西滨社区居委会", made[street])
    return made


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("西滨社区居委会", "西滨社区"),
        ("西滨社区居民委员会", "西滨社区"),
        ("西滨居委会", "西滨社区"),
        ("西滨社区", "西滨社区"),
        ("洪塘村委会", "洪塘村"),
        ("洪塘村村民委员会", "洪塘村"),
        ("新村村委会", "新村"),
        (" 市 教育局（本级）", "市教育局(本级)"),
        ("筼筜街道", "筼筜街道"),
        ("ＡＢＣ公司", "abc公司"),
        ("㈱" * 100, ("(株)" * 100)[:128]),
    ],
)
def test_name_key_leaves_out_what_does_not_distinguish(name, key):
    assert name_key(name) == key


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["市教育局", " 市　教育局 ", "市教育局\u200b"])
def test_find_does_not_mind_width_and_spaces(name):
    bureau = unit("市教育局")
    assert find(name) == bureau.pk


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", " ", "局", "教育局", "市教育"])
def test_find_gives_nothing_for_other_names(name):
    unit("市教育局")
    assert find(name) is None


@pytest.mark.django_db
def test_find_knows_earlier_and_later_names_but_prefers_that_day():
    old = unit("市建设局")
    with acting():
        rename_organisation(organisation=old, name="市住房局", on=date(2019, 3, 18), by=BY)
    assert (find("市建设局"), find("市住房局", date(2018, 1, 1))) == (old.pk, old.pk)
    new = unit("市建设局", since=date(2021, 1, 1))
    assert [find("市建设局", day) for day in (date(2018, 1, 1), DAY)] == [old.pk, new.pk]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        "集美区杏滨街道西滨社区",
        "杏滨街道西滨社区居委会",
        "集美区/杏滨街道/西滨社区",
        "集美区 > 西滨社区",
        "杏滨街道—西滨居委会",
    ],
)
def test_find_takes_the_units_above_from_the_name(places, name):
    assert find(name) == places["集美区西滨"].pk


@pytest.mark.django_db
def test_find_refuses_a_name_of_several_units_and_says_where_they_stand(places):
    with pytest.raises(Refused) as caught:
        find("西滨社区")
    assert (caught.value.rule, str(caught.value)) == (
        "several-units",
        "有2个单位叫“西滨社区”，请写明上级单位：杏滨街道、西柯街道",
    )


@pytest.mark.django_db
def test_by_uid_gives_the_unit_or_nothing(places):
    village = places["集美区西滨"]
    assert [selectors.organisation_by_uid(uid) for uid in (village.uid, new_uid())] == [village, None]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["湖里区西滨社区", "街道西滨社区", "同安区杏滨街道西滨社区"])
def test_find_gives_nothing_when_the_units_above_are_others(places, name):
    assert find(name) is None


@pytest.mark.django_db
def test_find_takes_as_many_queries_among_many_as_among_few(django_assert_num_queries):
    for number in range(3):
        unit(f"第{number}中学")
        with django_assert_num_queries(1):
            assert find("第0中学") is not None


def offered(text, **more):
    return [one.name for one in selectors.search_organisations(BY, text, on=more.pop("on", DAY), **more)]


@pytest.mark.django_db
def test_search_puts_the_closest_first(places):
    for name in ("集美区教育局", "市教育局", "教育局", "教育局机关服务中心", "区教委育才局"):
        unit(name)
    assert offered("教育局") == ["教育局", "教育局机关服务中心", "市教育局", "集美区教育局", "区教委育才局"]
    assert offered("集美教育") == ["集美区教育局"]
    assert offered("教 育 局", limit=2) == ["教育局", "教育局机关服务中心"]
    assert offered("育教") == []


@pytest.mark.django_db
def test_search_stays_below_a_unit_and_within_a_day(places):
    assert offered("西滨", under=places["同安区"]) == ["西滨社区居委会"]
    assert offered("", under=places["同安区"]) == ["同安区", "西柯街道", "西滨社区居委会"]
    with acting():
        close_organisation(organisation=places["同安区西滨"], until=date(2021, 12, 31), by=BY)
    assert offered("西滨", under=places["同安区"]) == []
    assert offered("西滨", under=places["同安区"], on=date(2021, 12, 31)) == ["西滨社区居委会"]


@pytest.mark.django_db
def test_search_of_nothing_offers_the_top_of_the_tree(places):
    assert offered("", limit=2) == ["集美区", "杏滨街道"]
