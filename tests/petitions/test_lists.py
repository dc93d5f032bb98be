"""Lists of other platforms on the desk and from the folder: nothing of a file lies anywhere in clear, nothing is taken twice."""

import os
import time
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as project
from tests.intake.traces import Search
from tests.petitions.city import DISTRICT_OFFICE, OFFICE
from tests.petitions.test_sheet import LEDGER, ROW, csv
from tests.world import SYSTEM, World, as_

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.jobs import folder
from jiandu.base.jobs.services import NewJob, open_job
from jiandu.base.lexicon.services import load_defaults
from jiandu.base.sealing.padding import is_size
from jiandu.loop.workbooks import jobs
from jiandu.net.access.models import Grant
from jiandu.net.vaults.holding import Unlocked
from jiandu.net.vaults.services import enrol, make_office_key
from jiandu.net.vaults.unlocking import unlock
from jiandu.sources.petitions import inbox, selectors, spool
from jiandu.sources.petitions.lists import PetitionList
from jiandu.sources.petitions.models import Petition
from jiandu.sources.petitions.services import deciding, listing
from jiandu.sources.petitions.services.steps import Done

SECRET = "山高月小水落石出，清风徐来水波不兴"
SENDER, PERSON, SAID = "林举报四四七一", "被举报四四七二", "收受礼金四四七三"
HEAD = (*LEDGER, "举报人", "联系电话")
CANARY = (*ROW[:7], PERSON, *ROW[8:14], SAID, *ROW[15:], SENDER, "13912344471")


@pytest.fixture
def city(city: World) -> World:
    """With the keys of the city's petition office."""
    with as_(SYSTEM) as by:
        load_defaults(by=by)
        members = [city.users[name] for name in ("信访甲", "信访乙")]
        for user in members:
            enrol(user=user, passphrase=SECRET, by=by)
        make_office_key(office=city.offices[OFFICE], compartment="content", members=members, by=by)
    return city


def opened(city: World, name: str = "信访甲") -> Unlocked:
    with as_(city.viewer(name)) as viewer:
        return unlock(viewer, SECRET)


def bytes_of(rows: list[tuple[str, ...]]) -> bytes:
    return "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in rows).encode()


def looked(by: Viewer, keys: Unlocked, rows: list[tuple[str, ...]], name: str = "清单.csv") -> spool.Spooled:
    return listing.preview(name=name, content=bytes_of(rows), by=by, unlocked=keys)


def spooled() -> list[Path]:
    return [path for path in (Path(project.DATA) / "spool").rglob("*") if path.is_file()]


def test_a_list_is_looked_at_and_taken_in_within_one_session(city: World):
    keys = opened(city)
    with as_(city.viewer("信访甲")) as by:
        found = looked(by, keys, [HEAD, CANARY])
        assert (found.said["counts"]["create"], found.said["ignored"]) == (1, ["举报人", "联系电话"])
        assert spool.found(by, keys, found.uid) == found
        assert not Petition.objects.exists()
        row = listing.commit(uid=found.uid, by=by, unlocked=keys)
        assert (row.state, row.counts["create"], row.owner_office) == ("taken", 1, city.offices[OFFICE])
        assert [one.source_code for one in selectors.petitions(by)] == ["J2022001"]
        assert selectors.list_by_uid(by, row.uid) == row
    assert spooled() == []


def test_no_word_of_a_list_lies_anywhere_between_preview_and_commit(city: World):
    keys, data = opened(city), Path(project.DATA)
    with as_(city.viewer("信访甲")) as by:
        found = looked(by, keys, [HEAD, CANARY])
        search = Search((SENDER, PERSON, SAID)).through(data)
        assert (search.hits, all(is_size(path.stat().st_size) for path in spooled())) == ([], True)
        assert len(spooled()) == 2
        row = listing.commit(uid=found.uid, by=by, unlocked=keys)
        held = [str(vars(each)) for model in (Petition, PetitionList) for each in model.objects.all()]
        assert not [word for word in (SENDER, PERSON, SAID) for text in held if word in text]
        assert Search((SENDER, PERSON, SAID)).through(data).hits == []
    assert row.refused == []


def test_the_way_of_the_other_imports_would_leave_the_words(city: World, tmp_path: Path):
    """The control of the search: a job writes down what was brought, and what its preview says."""
    with as_(city.viewer("信访甲")) as by:
        job = open_job(new=NewJob(jobs.BOOK, "清单.csv", {"name": "清单.csv", "book": "petitions"}), by=by)
        folder.brought(job).write_bytes(bytes_of([HEAD, CANARY]))
        jobs.start(job, by, is_large=False)
        assert {word for _place, word, _how in Search((SENDER, PERSON, SAID)).through(folder.of(job)).hits} == {
            SENDER,
            PERSON,
            SAID,
        }


def test_what_waits_opens_to_nobody_else_and_not_elsewhere(city: World):
    keys, others = opened(city), opened(city, "信访乙")
    with as_(city.viewer("信访甲")) as by:
        found = looked(by, keys, [HEAD, CANARY])
    with as_(city.viewer("信访乙")) as other:
        assert spool.found(other, others, found.uid) is None
        with pytest.raises(Refused, match="已过保留时间"):
            listing.commit(uid=found.uid, by=other, unlocked=others)
        assert spool.waiting(other, others) == []
    with as_(city.viewer("信访甲")) as by:
        assert spool.found(by, others, found.uid) is None  # his folder, another's key
        with pytest.raises(Refused, match="解锁"):
            listing.commit(uid=found.uid, by=by, unlocked=None)
        assert spool.waiting(by, keys) == [found]


def test_what_waits_goes_on_cancelling_on_locking_and_after_an_hour(city: World):
    keys = opened(city)
    with as_(city.viewer("信访甲")) as by:
        first, second, third = (looked(by, keys, [HEAD, CANARY], f"{n}.csv") for n in range(3))
        spool.remove(by, first.uid)
        assert {each.name for each in spool.waiting(by, keys)} == {"1.csv", "2.csv"}
        old = time.time() - spool.KEEP_SECONDS
        for path in spooled():
            if path.stem == str(second.uid):
                os.utime(path, (old, old))
        assert spool.found(by, keys, second.uid) is None
        assert spool.clear_old() == 2
        assert spool.waiting(by, keys) == [third]
        spool.clear(by)
    assert spooled() == []


def test_an_altered_file_is_no_list(city: World):
    keys = opened(city)
    with as_(city.viewer("信访甲")) as by:
        found = looked(by, keys, [HEAD, CANARY])
        body = next(path for path in spooled() if path.suffix == ".list")
        said = bytearray(body.read_bytes())
        said[100] ^= 1
        body.write_bytes(bytes(said))
        assert spool.content_of(by, keys, found.uid) is None
        assert spool.content_of(by, keys, uuid4()) is None


def test_a_list_with_errors_names_their_cells_and_is_not_taken(city: World):
    keys = opened(city)
    with as_(city.viewer("信访甲")) as by:
        found = looked(by, keys, [HEAD, ("J1", "昨天", *CANARY[2:])])
        [problem] = found.said["problems"]
        assert (problem["column"], problem["row"], problem["value"]) == ("B", 2, "昨天")
        with pytest.raises(Refused, match="未导入任何内容"):
            listing.commit(uid=found.uid, by=by, unlocked=keys)
        assert not Petition.objects.exists()


def test_too_long_a_list_is_refused_with_the_other_ways(city: World):
    keys = opened(city)
    rows = [(f"J{n}", *CANARY[1:]) for n in range(listing.MOST_ROWS + 40)]
    with as_(city.viewer("信访甲")) as by, pytest.raises(Refused, match="jiandu import petitions"):
        looked(by, keys, [HEAD, *rows])


# --- from the folder ---


@pytest.fixture
def box(city: World, tmp_path: Path, settings: Any) -> Path:
    """The folder of the only office with petition officers."""
    with as_(SYSTEM):
        Grant.objects.filter(office=city.offices[DISTRICT_OFFICE]).update(until=date(2021, 1, 1))
    place = tmp_path / "inbox"
    place.mkdir()
    settings.PETITIONS_INBOX, settings.PETITIONS_TAKEN = str(place), ""
    inbox._seen.clear()
    return place


def dropped(place: Path, rows: list[tuple[str, ...]], name: str = "导出.csv") -> Path:
    """A file whose copying ended long ago."""
    path = csv(place / name, rows)
    os.utime(path, (time.time() - 600,) * 2)
    inbox._seen.clear()
    return path


def noted() -> list[PetitionList]:
    with as_(SYSTEM):
        return list(PetitionList.objects.order_by("pk"))


def test_a_list_in_the_folder_is_taken_in_once_and_stays(box: Path):
    path = dropped(box, [HEAD, CANARY])
    assert (inbox.take_what_came(), inbox.take_what_came(), path.exists()) == (1, 0, True)
    inbox._seen.clear()  # the program was started again
    assert inbox.take_what_came() == 0
    dropped(box, [HEAD, CANARY], "同一份.csv")
    assert inbox.take_what_came() == 0
    [row] = noted()
    assert (row.name, row.way, row.state, row.counts["create"]) == ("导出.csv", "folder", "taken", 1)


def test_a_later_list_adds_what_it_says_more_and_one_that_says_the_same_changes_nothing(box: Path):
    dropped(box, [HEAD, CANARY])
    inbox.take_what_came()
    more = ("J2022002", *CANARY[1:])
    dropped(box, [HEAD, CANARY, more], "次日.csv")
    dropped(box, [HEAD, more, CANARY], "第三日.csv")
    inbox.take_what_came()
    counts = {row.name: (row.state, row.counts["create"], row.counts["unchanged"]) for row in noted()}
    assert counts == {"导出.csv": ("taken", 1, 0), "次日.csv": ("taken", 1, 1), "第三日.csv": ("unchanged", 0, 2)}


def test_rows_that_cannot_be_taken_are_told_with_place_and_reason_and_the_others_come_in(box: Path, city: World):
    bad = [
        HEAD,
        CANARY,
        ("J3", "2022-13-45", *CANARY[2:]),
        ("J4", *CANARY[1:14], "", *CANARY[15:]),
        CANARY,  # its number again
    ]
    dropped(box, bad)
    assert inbox.take_what_came() == 1
    [row] = noted()
    assert (row.state, row.counts["create"], row.counts["error"]) == ("partly", 1, 3)
    assert [(cell, title) for _sheet, cell, title, _zh, _en in row.refused] == [
        ("B3", "收信日期"),
        ("O4", "主要问题"),
        ("A5", "举报编号"),
    ]
    assert row.refused[2][3:] == ["编号与第2行重复", "The number stands in row 2 already"]
    assert not [word for word in (SENDER, PERSON, SAID, "2022-13-45") if word in str(vars(row))]
    with as_(city.viewer("信访甲")) as by:
        assert [one.source_code for one in selectors.petitions(by)] == ["J2022001"]


def test_what_was_worked_on_here_and_differs_is_told_and_left(box: Path, city: World):
    dropped(box, [HEAD, CANARY])
    inbox.take_what_came()
    with as_(city.viewer("信访甲")) as by:
        mine = Petition.objects.get()
        deciding.keep(petition=mine, by=by, done=Done(date(2022, 3, 4)))
    dropped(box, [HEAD, (*CANARY[:10], "县处级", *CANARY[11:])], "次日.csv")
    inbox.take_what_came()
    row = noted()[-1]
    assert (row.state, row.counts["conflict"], row.differing) == ("unchanged", 1, [[2, ["被反映人职级"]]])


def test_a_file_that_is_no_list_is_told_and_looked_at_again_when_an_hour_has_passed(box: Path):
    dropped(box, [("甲", "乙"), ("1", "2")])
    assert (inbox.take_what_came(), inbox.take_what_came()) == (0, 0)
    [row] = noted()
    assert (row.state, row.counts, bool(row.reason)) == ("refused", {}, True)
    inbox._seen.clear()
    inbox.take_what_came()
    assert noted() == [row]


def test_files_that_are_still_copied_hidden_or_of_another_kind_are_left_alone(box: Path):
    csv(box / "正在复制.csv", [HEAD, CANARY])
    for name in (".隐藏.csv", "~$打开.xlsx", "说明.txt"):
        dropped(box, [HEAD, CANARY], name)
    (box / "链接.csv").symlink_to(dropped(box, [HEAD, CANARY], "目标.bak"))
    assert (inbox.take_what_came(), noted()) == (0, [])
    dropped(box, [HEAD, CANARY], "正在复制.csv")
    assert inbox.take_what_came() == 1  # control


@pytest.mark.parametrize("said", ["remove", "move"])
def test_what_becomes_of_the_file_is_what_the_operator_has_said(box: Path, settings: Any, said: str):
    settings.PETITIONS_TAKEN = "remove" if said == "remove" else str(box / "已导入")
    path, other = dropped(box, [HEAD, CANARY]), dropped(box, [("甲", "乙"), ("1", "2")], "不是清单.csv")
    inbox.take_what_came()
    assert (path.exists(), other.exists()) == (False, True)
    if said == "move":
        assert [each.name for each in (box / "已导入").iterdir()] == ["导出.csv"]
        inbox._seen.clear()
        assert inbox.take_what_came() == 0


def test_each_office_has_its_folder_where_there_are_several(city: World, box: Path):
    with as_(SYSTEM):
        Grant.objects.filter(office=city.offices[DISTRICT_OFFICE]).update(until=None)
    (box / DISTRICT_OFFICE).mkdir()
    dropped(box / DISTRICT_OFFICE, [(*HEAD, "登记机构"), (*CANARY, ""), ("J2", *CANARY[1:], OFFICE)])
    assert inbox.take_what_came() == 1
    [row] = noted()
    assert (row.owner_office.name, row.counts["create"], row.refused[0][2]) == (DISTRICT_OFFICE, 1, "登记机构")
    dropped(box, [HEAD, ("J3", *CANARY[1:])], "无人.csv")  # no office is named
    inbox.take_what_came()
    assert {(row.owner_office.name, row.state) for row in noted()[1:]} == {
        (OFFICE, "refused"),
        (DISTRICT_OFFICE, "refused"),
    }
    dropped(box, [(*HEAD, "登记机构"), ("J4", *CANARY[1:], OFFICE), ("J5", *CANARY[1:], DISTRICT_OFFICE)], "两家.csv")
    assert inbox.take_what_came() == 1
    assert [(row.owner_office.name, row.counts["create"]) for row in noted()[3:]] == [(OFFICE, 1), (DISTRICT_OFFICE, 1)]


def test_a_repeat_finds_its_main_item_in_a_later_piece(box: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(inbox, "AT_ONCE", 1)
    again = ("J2022002", "2022-04-01", "来信", "检举控告", "重复", *CANARY[5:19], "J2022009", *CANARY[20:])
    dropped(box, [HEAD, again, ("J2022009", *CANARY[1:])])
    inbox.take_what_came()
    with as_(SYSTEM):
        repeat, first = Petition.objects.order_by("source_code")
        assert repeat.repeat_of_id == first.pk


def test_without_a_folder_nothing_is_looked_for(city: World, settings: Any):
    settings.PETITIONS_INBOX = ""
    assert inbox.take_what_came() == 0
    settings.PETITIONS_INBOX = "/nowhere/at/all"
    assert (inbox.take_what_came(), noted()) == (0, [])
