"""Reports with a word in them that is looked for afterwards, through the public process as it runs; killed and cut off in the middle."""

import gzip
import json
import random
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
from tests.figures import note
from tests.installation import children
from tests.intake.traces import ENCODINGS, Search, planted, spellings
from tests.surfaces.portal.public import Zone, public_zone
from tests.surfaces.portal.uploading import RECEIPT, Form, Stranger, form_of

from jiandu.base.intake.models import Rank
from jiandu.base.sealing.envelope import Context, open_envelope
from jiandu.base.sealing.padding import is_size

pytestmark = [pytest.mark.enable_socket, pytest.mark.once]

CANARY, SENDER, FILE = "村支书收了八万元四四七一", "林一鸣四四七一", "四四七一合同"
WHO = ("127.77.", "203.113.", "Marked-Browser", "marked-page", "marked-cookie", "marked-proxy", "fr-marked")
MIB = 2**20


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    reports: int
    files: int  # of the reports so many have one
    largest: int  # bytes
    kills: int
    aborts: int
    waits: bool  # for the minute after which a form needs no work


SHORT, FULL = Size(12, 4, MIB, 3, 3, False), Size(1000, 100, 50 * MIB, 50, 100, True)


@dataclass
class Told:
    """What went on."""

    zone: Zone
    size: Size
    temp: Path
    forms: list[Form] = field(default_factory=list)
    receipts: dict[int, str] = field(default_factory=dict)
    read: int = 0
    during: list[tuple[str, str, str]] = field(default_factory=list)
    struck: int = 0  # kills with part of a file on the disk

    def open_forms(self) -> None:
        """As many as will be needed, each let in by its work or by its age."""
        made = [form_of(self.zone) for _ in range(self.size.reports + self.size.kills + self.size.aborts)]
        if self.size.waits:
            time.sleep(61)
        self.forms = made if self.size.waits else [form.worked() for form in made]

    def said(self, number: int) -> dict[str, str]:
        desk = self.zone.own
        text = f"{CANARY} 第{number}件"
        return {
            "office": str(desk.office), "rank": Rank.RURAL, "summary": text, "person": CANARY, "name": SENDER,
            "contact": f"{SENDER}@example.org", "cleaning": "none",
        }  # fmt: skip

    def content(self, number: int) -> bytes:
        """Of a file: the word in one encoding or another, plain or packed, up to the largest size."""
        size = self.size.largest if number % 100 == 0 else (number * 7919) % (self.size.largest // 20) + 1
        word = CANARY.encode(ENCODINGS[number % 4])
        once = gzip.compress(word * 500) if number % 5 == 0 else word
        return (once * (size // len(once) + 1))[:size]

    def report(self, number: int) -> None:
        every = self.size.reports // self.size.files
        files = [(f"{FILE}{number}.pdf", self.content(number))] if number % every == 0 else []
        status, page = Stranger(self.zone, number).send(self.forms.pop(), self.said(number), files)
        found = RECEIPT.search(page)
        assert (status, bool(found)) == (200, True), page[-2000:]
        self.receipts[number] = found[1] if found else ""

    def look(self) -> None:
        """At what lies there while an upload is half way, and at what the processes hold open."""
        search = Search((CANARY, SENDER, FILE, *WHO))
        search.through(self.zone.site.folder / "intake" / "parts", self.temp)
        process = self.zone.site.process
        below = children(process.pid) if process is not None else []
        search.open_files([pid for each in below for pid in (each, *children(each))])
        self.during += search.hits
        self.read += search.read

    def cut(self, number: int, strike: str = "") -> None:
        """An upload that ends in the middle: its sender hangs up, or the program is killed.

        Each second kill comes when all has been sent and the application seals it (a form that it would refuse, so that
        nothing of it may be there afterwards); else half has come, and waits.
        """
        before, is_whole = self.lying(), bool(strike) and number % 2 == 1
        body = CANARY.encode(ENCODINGS[number % 4]) * (800_000 if is_whole else 20_000)
        said = self.said(number) | ({"summary": ""} if is_whole else {})
        file = (f"{FILE}.pdf", body)
        with closing(Stranger(self.zone, number).begin(self.forms.pop(), said, file, is_whole=is_whole)):
            until = time.monotonic() + 20
            while not (seen := self.lying(is_sealed=is_whole) - before) and time.monotonic() < until:
                time.sleep(0.002)
            self.struck += bool(seen)
            self.look()
            if strike:
                kill(self.zone, strike)
                self.look()
        if strike:
            self.zone.site.back()

    def lying(self, *, is_sealed: bool = False) -> set[object]:
        """Parts of files that the application is sealing; else also what waits for it in files without a name."""
        parts: set[object] = {*(self.zone.site.folder / "intake" / "parts").glob("*")}
        return parts if is_sealed else parts | self.zone.site.nameless()


def kill(zone: Zone, way: str) -> None:
    """SIGKILL to the workers, to the server with them, or to everything."""
    site = zone.site
    if way == "all":
        site.kill_all()
        return
    assert (site.kill_workers() if way == "workers" else site.kill_web()) >= 1


def carried_out(zone: Zone, size: Size, temp: Path) -> Told:
    """Reports, with kills and broken uploads between them."""
    told, chance = Told(zone, size, temp), random.Random(20260101)
    told.open_forms()
    acts = [*(("report", n) for n in range(size.reports)), *(("abort", n) for n in range(size.aborts))]
    acts += [("kill", n) for n in range(size.kills)]
    chance.shuffle(acts)
    for act, number in acts:
        if act == "report":
            told.report(number)
        else:
            told.cut(number, chance.choice(["workers", "web", "all"]) if act == "kill" else "")
    return told


@pytest.fixture(scope="module", params=[SHORT, pytest.param(FULL, marks=pytest.mark.full)], ids=["short", "full"])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    temp = tmp_path_factory.mktemp("temp")
    with public_zone(tmp_path_factory.mktemp("zone"), TMPDIR=str(temp)) as zone:
        yield carried_out(zone, request.param, temp)


def test_no_word_of_a_report_lies_anywhere(told: Told) -> None:
    """Data folder with database, journal, log and sealed files, and the temporary folder: no word, and nothing of who asked."""
    assert told.during == []
    search = Search((CANARY, SENDER, FILE, *WHO)).through(told.zone.site.folder, told.temp)
    assert search.hits == []
    assert told.struck >= (told.size.kills + told.size.aborts) * 0.9, "hardly any upload was cut off half way"
    assert search.read > told.size.files * told.size.largest // 50
    if told.size is FULL:
        said = (
            f"{len(told.receipts)} reports, {told.size.files} with files up to 50 MiB, {told.size.aborts} hung up and "
            f"{told.size.kills} kill -9 in mid-upload; {(search.read + told.read) // MIB} MiB searched in {len(spellings(CANARY))} spellings"
        )
        note("sealing", "canary reports: hits on the disk", 0, "hits", note=said)
        who = f"{len(told.receipts)} addresses, each with marked headers"
        note("sealing", "marks of who asks on the disk", 0, "hits", note=who)


def test_every_report_that_was_acknowledged_is_there_and_opens_with_the_key(told: Told) -> None:
    """The control of the search: the words did come in, once each; they are read with the office's key."""
    with closing(sqlite3.connect(told.zone.site.folder / "jiandu.sqlite3")) as database:
        rows = database.execute("SELECT uid, content FROM intake_report").fetchall()
        sealed = dict(database.execute("SELECT place, size FROM intake_attachment"))
    found = []
    for uid, content in rows:
        context = Context("petition", UUID(uid), "content")
        found.append(json.loads(open_envelope(content, key=told.zone.own.content, context=context))["summary"])
    assert sorted(found) == sorted(f"{CANARY} 第{number}件" for number in told.receipts)
    assert len(told.receipts) == told.size.reports
    files = {path.name: path.stat() for path in (told.zone.site.folder / "intake").iterdir() if path.is_file()}
    assert {name: stat.st_size for name, stat in files.items()} == sealed
    assert all(is_size(size) for size in sealed.values())
    assert {stat.st_mtime for stat in files.values()} <= {946_684_800}


def test_what_a_kill_left_is_sealed_and_goes_with_the_day(told: Told) -> None:
    left = list((told.zone.site.folder / "intake" / "parts").iterdir())
    assert len(left) <= told.size.kills
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d-[0-9a-f]{32}", path.name) for path in left)


def test_the_search_finds_a_clear_copy_in_every_spelling(tmp_path: Path) -> None:
    """The control: each way of lying about, alone in a folder, is found; random bytes are not."""
    chance = random.Random(7)
    for how, content in planted(CANARY).items():
        folder = tmp_path / how.replace(" ", "-")
        folder.mkdir()
        (folder / "file").write_bytes(chance.randbytes(5000) + content + chance.randbytes(5000))
        assert Search((CANARY,)).through(folder).hits, how
    (tmp_path / "noise").mkdir()
    (tmp_path / "noise" / "file").write_bytes(chance.randbytes(MIB))
    assert Search((CANARY,)).through(tmp_path / "noise").hits == []


def test_the_search_sees_a_file_without_a_name(tmp_path: Path) -> None:
    import os
    import tempfile

    with tempfile.TemporaryFile(dir=tmp_path) as unlinked:
        unlinked.write(CANARY.encode())
        unlinked.flush()
        search = Search((CANARY,))
        with suppress(OSError):
            search.open_files([os.getpid()])
        assert search.hits
