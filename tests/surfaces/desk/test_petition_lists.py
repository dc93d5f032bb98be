"""清单 through its pages: upload, preview, take in within one unlocked session; the samples; what was taken and what was not."""

import io
import os
import time
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from tests.petitions import city as cities
from tests.petitions.city import OFFICE
from tests.petitions.test_lists import CANARY, HEAD, PERSON, SAID, SECRET, SENDER, bytes_of, spooled
from tests.surfaces.desk.test_accounts import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.lexicon.services import load_defaults
from jiandu.net.vaults.services import enrol, make_office_key
from jiandu.sources.petitions.models import Petition
from jiandu.sources.petitions.spool import clear_old

PLACE = "/desk/petitions/lists/"
IMPORT = f"{PLACE}import/"


@pytest.fixture
def city(world: World) -> World:
    found = cities.furnish(world)
    with as_(SYSTEM) as by:
        load_defaults(by=by)
        members = [found.users[name] for name in ("信访甲", "信访乙")]
        for user in members:
            enrol(user=user, passphrase=SECRET, by=by)
        make_office_key(office=found.offices[OFFICE], compartment="content", members=members, by=by)
    return found


def clerk_of(city: World, name: str = "信访甲") -> Client:
    client = client_of(city, name)
    assert client.post("/desk/keys/", {"passphrase": SECRET}).status_code == 303
    return client


def sent(client: Client, rows: list[tuple[str, ...]], name: str = "清单.csv") -> Any:
    return client.post(IMPORT, {"file": SimpleUploadedFile(name, bytes_of(rows))})


def count() -> int:
    with as_(SYSTEM):
        return Petition.objects.count()


def test_a_clerk_uploads_looks_and_takes_in(city: World):
    clerk = clerk_of(city)
    answer = sent(clerk, [HEAD, CANARY])
    assert answer.status_code == 303
    shown = clerk.get(answer["Location"]).content.decode()
    assert ("未导入的栏目：举报人、联系电话" in shown, SENDER in shown, "J2022001" in shown) == (True, False, True)
    assert "清单.csv" in clerk.get(IMPORT).content.decode()
    done = clerk.post(f"{answer['Location']}commit/")
    assert (done.status_code, count(), spooled()) == (303, 1, [])
    page = clerk.get(done["Location"]).content.decode()
    assert ("清单.csv" in page, PERSON in page, SAID in page) == (True, False, False)
    assert "清单.csv" in clerk.get(PLACE).content.decode()
    assert clerk.get(answer["Location"]).status_code == 404


def test_locked_the_pages_ask_for_the_passphrase_and_locking_clears_what_waits(city: World):
    client = client_of(city, "信访甲")
    assert client.get(IMPORT)["Location"].startswith("/desk/keys/?next=")
    assert sent(client, [HEAD, CANARY])["Location"].startswith("/desk/keys/?next=")
    clerk = clerk_of(city)
    place = sent(clerk, [HEAD, CANARY])["Location"]
    assert len(spooled()) == 2
    assert clerk.post("/desk/keys/lock/").status_code == 303
    assert (spooled(), clerk.get(place).status_code) == ([], 302)
    assert clerk.post(f"{place}commit/")["Location"].startswith("/desk/keys/?next=")
    assert count() == 0


def test_cancelling_leaves_nothing_and_another_clerk_finds_nothing(city: World):
    clerk, other = clerk_of(city), clerk_of(city, "信访乙")
    place = sent(clerk, [HEAD, CANARY])["Location"]
    assert (other.get(place).status_code, other.post(f"{place}cancel/").status_code) == (404, 303)
    assert clerk.get(place).status_code == 200
    assert clerk.post(f"{place}cancel/").status_code == 303
    assert (spooled(), clerk.get(place).status_code) == ([], 404)


def test_errors_stand_with_their_cells_and_nothing_can_be_taken(city: World):
    clerk = clerk_of(city)
    place = sent(clerk, [HEAD, ("J1", "昨天", *CANARY[2:])])["Location"]
    shown = clerk.get(place).content.decode()
    assert ("B2" in shown, "昨天" in shown, "确认导入" in shown) == (True, True, False)
    assert clerk.post(f"{place}commit/").status_code == 409
    answer = sent(clerk, [("甲", "乙"), ("1", "2")])
    assert (answer.status_code, count()) == (422, 0)
    assert sent(clerk, [HEAD, CANARY], "清单.exe").status_code == 422


def test_the_faults_leave_as_places_and_reasons_without_a_word_of_the_list(city: World):
    clerk = clerk_of(city)
    bad = [("J1", f"{PERSON} 12:30", *CANARY[2:]), ("J2", CANARY[1], SENDER, *CANARY[3:]), ("J3", CANARY[1], *CANARY[2:14], "", *CANARY[15:])]  # fmt: skip
    place = sent(clerk, [HEAD, *bad])["Location"]
    shown = clerk.get(place).content.decode()
    assert f'href="{place}faults/"' in shown
    assert PERSON in shown  # control: the page says what stands there
    before = spooled()
    answer = clerk.get(f"{place}faults/")
    content = b"".join(answer.streaming_content)
    assert ("attachment" in answer["Content-Disposition"], spooled() == before) == (True, True)
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    _title, head, *rows = [row for row in sheet.iter_rows(values_only=True) if row[0] is not None]
    assert head == ("序号", "工作表", "行", "列", "栏目", "原因")
    assert [(row[2], row[3], row[4]) for row in rows] == [
        (2, "B", "收信日期"),
        (3, "C", "举报方式"),
        (4, "O", "主要问题"),
    ]
    assert all(row[5] for row in rows)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        said = "".join(archive.read(name).decode() for name in archive.namelist())
    assert [word for word in (SENDER, PERSON, SAID, "12:30") if word in said] == []


def test_faults_of_a_list_are_for_who_brought_it_while_it_waits_and_has_some(city: World):
    clerk, other = clerk_of(city), clerk_of(city, "信访乙")
    good, bad = sent(clerk, [HEAD, CANARY])["Location"], sent(clerk, [HEAD, ("J1", "昨天", *CANARY[2:])])["Location"]
    assert [clerk.get(f"{place}faults/").status_code for place in (bad, good)] == [200, 404]
    assert other.get(f"{bad}faults/").status_code == 404
    assert clerk.post("/desk/keys/lock/").status_code == 303
    assert clerk.get(f"{bad}faults/")["Location"].startswith("/desk/keys/?next=")


def test_signing_out_clears_what_waits_of_the_clerk_who_does(city: World):
    clerk, other = clerk_of(city), clerk_of(city, "信访乙")
    sent(clerk, [HEAD, CANARY])
    sent(other, [HEAD, CANARY])
    assert len(spooled()) == 4
    assert clerk.post("/account/sign-out/").status_code == 302
    assert {path.parent.name for path in spooled()} == {str(city.users["信访乙"].pk)}  # control: another's stays
    assert clerk_of(city).get(IMPORT).content.decode().count("清单.csv") == 0


def test_a_session_that_is_over_clears_what_waits_at_its_next_request(city: World, settings: Any):
    clerk = clerk_of(city)
    sent(clerk, [HEAD, CANARY])
    assert (clerk.get("/desk/").status_code, len(spooled())) == (200, 2)  # control: while it lasts
    settings.SESSION_ABSOLUTE_HOURS = 0
    assert (clerk.get("/desk/").status_code, spooled()) == (302, [])


def test_what_waits_of_a_browser_that_was_just_closed_goes_as_soon_as_its_session_is_too_old(city: World):
    clerk, other = clerk_of(city), clerk_of(city, "信访乙")
    for each in (clerk, other):
        sent(each, [HEAD, CANARY])
    long_ago = time.time() - 16 * 60
    for folder in {path.parent for path in spooled()}:
        os.utime(folder, (long_ago, long_ago))
    other.get(IMPORT)  # a page that uses the keys
    assert clear_old() == 2
    assert {path.parent.name for path in spooled()} == {str(city.users["信访乙"].pk)}  # control: in use


def test_the_samples_come_in_as_they_are(city: World):
    clerk = clerk_of(city)
    for which, rows in (("empty", 1), ("sample", 5)):
        before = count()
        file = b"".join(clerk.get(f"{IMPORT}{which}/").streaming_content)
        answer = clerk.post(IMPORT, {"file": SimpleUploadedFile("示例.xlsx", file)})
        assert answer.status_code == 303, answer.content.decode()
        assert clerk.post(f"{answer['Location']}commit/").status_code == 303
        assert count() == before + rows
    assert clerk.get(f"{IMPORT}other/").status_code == 404


def test_others_have_no_such_page(city: World):
    officer = client_of(city, "干部甲")
    assert [officer.get(place).status_code for place in (PLACE, IMPORT)] == [404, 404]
    assert "导入清单" not in officer.get("/desk/petitions/").content.decode()
