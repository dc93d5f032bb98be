"""What a list says of who manages, of notices and of marks: read by many words; a superior's row is refused."""

from datetime import date
from pathlib import Path

import pytest
from tests.petitions.test_sheet import LEDGER, ROW, acts, brought, csv, looked, rows
from tests.petitions.test_sheet import office as office
from tests.world import SYSTEM, World, as_

from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation
from jiandu.sources.petitions.models import PetitionStep

MORE = (
    *("干部管理权限", "主管单位", "管辖理由", "政治面貌", "是否监察对象", "判别典型", "有无新增内容", "其他性质"),
    *("通报案管时间", "转办日期"),
)
SAID = ("市管", "", "", "党员", "是", "是", "无", "职务违法", "2022-03-02", "2022-03-02")


def written(path: Path, *more: tuple[str, ...], row: tuple[str, ...] = ROW, head: tuple[str, ...] = MORE) -> Path:
    """The ledger of `test_sheet` with further columns: one row for each of `more`."""
    numbered = [(f"J{number}", *row[1:], *cells) for number, cells in enumerate(more, 1)]
    return csv(path / "ledger.csv", [(*LEDGER, *head), *numbered])


def said(**more: str) -> tuple[str, ...]:
    return tuple((dict(zip(MORE, SAID, strict=True)) | more).values())


def test_every_column_finds_its_place(office: Office, tmp_path: Path):
    brought(written(tmp_path, SAID))
    (one,) = rows()
    kept = (one.authority, one.competence, one.is_party_member, one.is_supervisee, one.is_typical, one.has_new)
    assert kept == ("city", "own", True, True, True, False)
    assert (one.nature, one.further_natures, one.notified_on) == ("integrity", ["duty"], date(2022, 3, 2))
    with as_(SYSTEM):
        steps = list(PetitionStep.objects.filter(petition=one).order_by("seq").values_list("verb", "on", "to_state"))
    assert steps == [
        ("register", date(2022, 3, 1), "registered"),
        ("route", date(2022, 3, 2), "routed"),
        ("notify", date(2022, 3, 2), "routed"),
    ]


def test_a_list_without_them_says_nothing_of_them(office: Office, city: World, tmp_path: Path):
    """The unit's manager stands in for the cadre's, as at the desk."""
    with as_(SYSTEM):
        Organisation.objects.filter(name="市教育局").update(authority="district")
    brought(csv(tmp_path / "ledger.csv", [LEDGER, ROW, ("J2", *ROW[1:8], "某不存在的单位", *ROW[9:])]))
    first, second = sorted(rows(), key=lambda row: row.subject_id is None)
    assert (first.authority, first.competence) == ("district", "lower")
    assert (second.authority, second.competence) == ("", "own")
    nothing = (second.is_party_member, second.is_supervisee, second.is_typical, second.has_new, second.notified_on)
    assert (nothing, second.further_natures) == ((None, None, False, None, None), [])


@pytest.mark.parametrize(
    ("cells", "competence"),
    [
        ({}, "own"),
        ({"干部管理权限": "区管"}, "lower"),
        ({"干部管理权限": "镇（街）管"}, "lower"),
        ({"主管单位": "厦门海关党委"}, "organ"),
        ({"干部管理权限": "中管", "主管单位": "厦门海关党委"}, "organ"),
    ],
)
def test_the_competence_follows_where_the_list_says_none(office: Office, tmp_path: Path, cells, competence):
    brought(written(tmp_path, said(**cells)))
    assert [row.competence for row in rows()] == [competence]


def test_the_platform_has_decided_where_it_says_otherwise(office: Office, tmp_path: Path):
    path = written(tmp_path, (*said(干部管理权限="区管", 管辖理由="提级办理"), "本级管辖"), head=(*MORE, "管辖情况"))
    brought(path)
    (one,) = rows()
    assert (one.authority, one.competence, one.competence_why) == ("district", "own", "提级办理")


@pytest.mark.parametrize("word", ["中管", "省管", "省管干部"])
def test_a_superiors_row_is_refused_in_its_cell(office: Office, tmp_path: Path, word: str):
    sheet = looked(written(tmp_path, said(干部管理权限=word), SAID))
    assert [(one.row, one.title, one.reason.split(" · ")[0]) for one in sheet.problems] == [
        (2, "干部管理权限", "属上级管辖的件不得录入，登记移交回执")
    ]
    assert rows() == []


def test_an_ordinary_row_goes_by_matter_whoever_manages(office: Office, tmp_path: Path):
    row = (*ROW[:3], "批评建议", *ROW[4:])
    brought(written(tmp_path, said(干部管理权限="省管"), row=row))
    (one,) = rows()
    assert (one.competence, one.notified_on) == ("own", None)  # and nobody is told of it


@pytest.mark.parametrize(
    ("nature", "found"),
    [
        ("廉洁纪律、职务犯罪", ("integrity", ["crime", "duty"])),
        ("违反工作纪律，违反生活纪律；职务违法", ("work", ["life", "duty"])),
        ("职务违法", ("duty", [])),
        ("", ("duty", [])),
    ],
)
def test_several_natures_in_a_cell_are_a_main_one_and_marks(office: Office, tmp_path: Path, nature, found):
    row = (*ROW[:11], nature, *ROW[12:])
    brought(written(tmp_path, SAID, row=row))
    (one,) = rows()
    assert (one.nature, one.further_natures) == found


@pytest.mark.parametrize(
    ("nature", "detail", "found"),
    [
        ("廉洁纪律", "收受礼品礼金", ("integrity", "N31")),
        ("", "受贿行贿", ("crime", "N82")),
        ("廉洁纪律", "受贿行贿", ("integrity", "")),  # stands below another nature
        ("廉洁纪律", "某平台自用的叫法", ("integrity", "")),
    ],
)
def test_a_detail_is_known_by_the_dictionarys_words(office: Office, tmp_path: Path, nature, detail, found):
    head, row = (*MORE, "问题细类"), (*ROW[:11], nature, *ROW[12:])
    path = written(tmp_path, (*said(其他性质=""), detail), row=row, head=head)
    brought(path)
    (one,) = rows()
    assert (one.nature, one.nature_detail) == found
    assert acts(brought(path)) == {"unchanged": 1}
    assert acts(brought(written(tmp_path, (*said(其他性质=""), "别的叫法"), row=row, head=head))) == {"unchanged": 1}


@pytest.mark.parametrize(
    ("nature", "detail", "found"),
    [
        ("工作纪律", "", ("work", "")),  # what stood below the other nature goes with it
        ("", "受贿行贿", ("crime", "N82")),  # a detail alone brings its nature
        ("廉洁纪律", "", ("integrity", "N31")),  # the control: silence changes nothing
    ],
)
def test_a_detail_stands_below_its_nature_when_the_list_changes_one_of_them(
    office: Office, tmp_path: Path, nature: str, detail: str, found: tuple[str, str]
):
    def listed(nature: str, detail: str) -> Path:
        row = (*ROW[:11], nature, *ROW[12:])
        return written(tmp_path, (*said(其他性质=""), detail), row=row, head=(*MORE, "问题细类"))

    brought(listed("廉洁纪律", "收受礼品礼金"))
    brought(listed(nature, detail))
    (one,) = rows()
    assert (one.nature, one.nature_detail) == found


@pytest.mark.parametrize(("detail", "kind"), [("邻里纠纷", "outside"), ("收受礼品礼金", "accusation")])
def test_a_word_that_is_no_breach_makes_no_report_of_a_row_without_a_class(
    office: Office, tmp_path: Path, detail: str, kind: str
):
    row = list(ROW)
    for title in ("类别", "被举报人", "问题性质"):
        row[LEDGER.index(title)] = ""
    brought(written(tmp_path, (*said(其他性质="", 通报案管时间=""), detail), row=tuple(row), head=(*MORE, "问题细类")))
    assert [one.kind for one in rows()] == [kind]


def test_what_is_no_nature_is_told_in_its_cell(office: Office, tmp_path: Path):
    sheet = looked(written(tmp_path, SAID, row=(*ROW[:11], "廉洁纪律、不合格", *ROW[12:])))
    assert [(one.row, one.title) for one in sheet.problems] == [(2, "问题性质")]


def test_a_notice_before_the_receipt_is_told_in_its_cell(office: Office, tmp_path: Path):
    sheet = looked(written(tmp_path, said(通报案管时间="2022-02-01")))
    assert [(one.title, "早于收件日期" in one.reason) for one in sheet.problems] == [("通报案管时间", True)]


@pytest.mark.parametrize(
    ("cell", "known"), [("党员", True), ("中共党员", True), ("群众", False), ("否", False), ("", None), ("—", None)]
)
def test_yes_no_and_nothing_said_are_three(office: Office, tmp_path: Path, cell: str, known: bool | None):
    brought(written(tmp_path, said(政治面貌=cell)))
    assert [row.is_party_member for row in rows()] == [known]


def test_the_same_list_again_changes_nothing_and_a_fuller_one_adds(office: Office, tmp_path: Path):
    bare = written(tmp_path, said(政治面貌="", 有无新增内容="", 其他性质="", 通报案管时间=""))
    brought(bare)
    assert acts(brought(bare)) == {"unchanged": 1}
    sheet = brought(written(tmp_path, SAID))
    assert acts(sheet) == {"update": 1}
    (one,) = rows()
    assert (one.is_party_member, one.has_new, one.further_natures) == (True, False, ["duty"])
    assert one.notified_on == date(2022, 3, 2)
    assert acts(brought(written(tmp_path, SAID))) == {"unchanged": 1}
