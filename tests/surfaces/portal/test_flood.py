"""A flood of reports without tickets: nothing of it is stored, who means it gets through, and the desk goes on."""

import io
import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.durability.serving import served
from tests.figures import note
from tests.installation import ROOT, Browser, Installation
from tests.surfaces.portal.public import Zone, public_zone
from tests.surfaces.portal.uploading import FORM, RECEIPT, Form, Stranger, form_of

from jiandu.base.intake.services import caps

pytestmark = [pytest.mark.enable_socket, pytest.mark.once]
RATE = 200  # a second
FULL = "今日网上收件已满"
BOTS = 20  # a second
STAFF = "demo-supervision_officer-3"
PAGES = ("/desk/", "/desk/findings/", "/desk/units/")


@dataclass
class Tries:
    """What a reporter who means it saw: a form that opens, a report that is acknowledged."""

    zone: Zone
    forms: list[Form]
    done: int = 0
    failed: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    told_full: int = 0

    def run(self, seconds: float) -> None:
        """One try after another, evenly over the time; each opens a fresh form and sends one that is old enough."""
        pause = seconds / len(self.forms)
        begun = time.monotonic()
        for number, form in enumerate(self.forms):
            time.sleep(max(0, begun + number * pause - time.monotonic()))
            self._one(number, form)

    def _one(self, number: int, form: Form) -> None:
        said = {
            "office": str(self.zone.own.office),
            "rank": "rural",
            "summary": f"真实举报{number}",
            "cleaning": "none",
        }
        start = time.monotonic()
        try:
            self._open()
            status, page = Stranger(self.zone, number).send(form, said, [("a.pdf", b"x" * 3000)])
        except (OSError, AssertionError) as cut:
            self.failed.append(repr(cut))
            return
        self.waits.append(time.monotonic() - start)
        if status == 200 and RECEIPT.search(page):
            self.done += 1
        elif status == 422 and FULL in page:
            self.told_full += 1
        else:
            self.failed.append(f"{status} {page[-300:]}")

    def _open(self) -> None:
        """The form, or that the day is full."""
        with closing(Browser(self.zone.site.port)) as browser:
            page = browser.patiently(lambda: browser.get("/portal/report/")).text
            assert FORM.search(page) or FULL in page


def staff_times(staff: Installation, seconds: float) -> list[float]:
    """How long pages of the desk take one officer who opens ten a second."""
    taken = []
    with closing(Browser(staff.port)) as browser:
        browser.enter(STAFF)
        begun = time.monotonic()
        while (at := time.monotonic()) - begun < seconds:
            assert browser.get(PAGES[len(taken) % len(PAGES)]).status == 200
            taken.append(time.monotonic() - at)
            time.sleep(max(0, 0.1 - taken[-1]))
    return taken


def p95(taken: list[float]) -> float:
    return sorted(taken)[int(len(taken) * 0.95)]


@dataclass(frozen=True)
class Outcome:
    """What a flood did: what was sent, what came back, and what the reporter in the middle of it saw."""

    sent: int
    seen: dict[str, int]
    tries: Tries
    grown: int


@contextmanager
def flood(zone: Zone, seconds: int) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "tests.surfaces.portal.flooding", str(zone.site.port), str(RATE), str(seconds)]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    running = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        yield running
    finally:
        running.kill()
        running.wait()


def flooded(zone: Zone, seconds: int, forms: list[Form], meanwhile: Callable[[float], None]) -> Outcome:
    """A flood with somebody in the middle of it who means his report; `meanwhile` is done beside."""
    before = size_of(zone.site.folder)
    tries = Tries(zone, forms)
    with flood(zone, seconds) as running:
        reporter = threading.Thread(target=tries.run, args=(seconds - 2,))
        reporter.start()
        meanwhile(seconds - 2)
        reporter.join()
        said = json.loads(running.communicate(timeout=120)[0])
    return Outcome(said["sent"], said["seen"], tries, size_of(zone.site.folder) - before)


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and path.suffix != ".sqlite3-wal")


def check(zone: Zone, outcome: Outcome, seconds: int) -> None:
    """Nothing of the flood is stored. The control: what the reporter sent is, once each, so the count would see more."""
    done, meant = outcome.tries.done, len(outcome.tries.forms)
    assert outcome.sent > RATE * seconds * 0.95
    assert {*outcome.seen} == {"409"}, outcome.seen
    with closing(sqlite3.connect(zone.site.folder / "jiandu.sqlite3")) as database:
        tables = ("intake_report", "intake_attachment", "intake_spentticket", "intake_message")
        rows = {name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}
    assert rows == {**dict.fromkeys(tables, done), "intake_message": 0}
    files = [path for path in (zone.site.folder / "intake").rglob("*") if path.is_file()]
    assert len(files) == done
    assert outcome.grown < done * 40_000 + 200_000
    assert done >= meant * 0.99, outcome.tries.failed[:3]


def test_nothing_of_a_flood_without_tickets_is_stored(tmp_path: Path) -> None:
    (tmp_path / "zone").mkdir()
    with public_zone(tmp_path / "zone") as zone:
        forms = [form_of(zone).worked() for _ in range(6)]
        check(zone, flooded(zone, 10, forms, time.sleep), 10)


@pytest.mark.full
def test_a_flood_of_a_minute_leaves_reporters_and_the_desk_at_work(tmp_path: Path) -> None:
    """The public process and the desk's on one machine. It is compared with the desk's own rest, before and after."""
    for name in ("zone", "staff"):
        (tmp_path / name).mkdir()
    with public_zone(tmp_path / "zone") as zone, served(tmp_path / "staff", {"JIANDU_SURFACES": "staff"}) as staff:
        forms = [form_of(zone) for _ in range(100)]
        staff_times(staff, 61)  # by then the forms are old enough, and every page has been opened
        rest = staff_times(staff, 20)
        under: list[float] = []
        outcome = flooded(zone, 60, forms, lambda seconds: under.extend(staff_times(staff, seconds)))
        idle = p95([*rest, *staff_times(staff, 20)])
    check(zone, outcome, 60)
    ratio, slow = p95(under) / idle, p95(outcome.tries.waits)
    said = f"{outcome.sent:,} reports without tickets in 60 s, {outcome.tries.done} of 100 meant ones acknowledged"
    note("sealing", "flood: rows and files stored of it", 0, "rows", note=said)
    note("sealing", "flood: meant reports acknowledged", f"{outcome.tries.done}", "%", note=f"95 % within {slow:.2f} s")
    times = f"{idle * 1000:.0f} ms at rest, {p95(under) * 1000:.0f} ms meanwhile"
    note("sealing", "flood: the desk's p95 beside its rest", f"{ratio:.2f}", "×", note=times)
    assert ratio <= 1.5, times


@contextmanager
def swarm(zone: Zone, seconds: int) -> Iterator["subprocess.Popen[str]"]:
    told = [str(zone.site.port), str(BOTS), str(seconds), str(zone.own.office)]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-m", "tests.surfaces.portal.bots", *told]
    running = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        yield running
    finally:
        running.kill()
        running.wait()


def asks(zone: Zone, receipt: str, seconds: float) -> list[int]:
    """Who has a receipt asks for his answer, ten times over the time: with the day's reports full or not."""
    seen, begun = [], time.monotonic()
    for number in range(10):
        time.sleep(max(0, begun + number * seconds / 10 - time.monotonic()))
        try:
            form = form_of(zone, "ask/").worked()
            seen.append(Stranger(zone, 900 + number).send(form, {"receipt": receipt})[0])
        except (OSError, AssertionError):
            seen.append(0)
    return seen


@pytest.mark.full
def test_ten_minutes_of_flood_and_bots_that_solve_fill_the_cap_and_no_more(tmp_path: Path) -> None:
    """200 a second without tickets, beside 20 a second with tickets that may be spent. The day's cap closes reports to all,
    and says so; who asks by his receipt is answered. Control: what comes before the cap is full is stored, once each.
    """
    seconds = int(os.environ.get("B7_TRY", 600))
    (tmp_path / "zone").mkdir()
    with public_zone(tmp_path / "zone") as zone:
        first = form_of(zone).worked()
        page = Stranger(zone, 999).send(
            first, {"office": str(zone.own.office), "rank": "rural", "summary": "第一件", "cleaning": "none"}
        )[1]
        receipt = RECEIPT.search(page)
        assert receipt
        forms = [form_of(zone) for _ in range(180)]
        time.sleep(61)
        answered: list[int] = []
        with swarm(zone, seconds) as bots:
            outcome = flooded(zone, seconds, forms, lambda time: answered.extend(asks(zone, receipt[1], time)))
            swarmed = json.loads(bots.communicate(timeout=120)[0])
        stored = _stored(zone)
    bots_in = swarmed["seen"].get("200", 0)
    tries, cap = outcome.tries, caps.CAPS["reports"]
    said = f"{outcome.sent:,} without tickets, {swarmed['bots']:,} bots: {swarmed['seen']}; asks {answered}; meant {tries.done} in, {tries.told_full} told, {tries.failed[:2]}"
    assert stored == {
        "reports": cap,
        "counted": cap,
        "attachments": bots_in + tries.done,
        "spent": cap + len(answered),
        "files": bots_in + tries.done,
    }, said
    assert bots_in + tries.done + 1 == cap, said
    assert tries.done + tries.told_full >= len(forms) * 0.99, said
    assert answered == [200] * 10, said
    assert outcome.sent > RATE * seconds * 0.95, said
    assert {*outcome.seen} == {"409"}, (outcome.seen, said)
    assert outcome.grown < cap * 40_000 + 2_000_000, said
    slow = p95(tries.waits)
    note("sealing", "flood and solving bots, 10 min: reports stored, cap 2,000", cap, "reports", note=said)
    note(
        "sealing",
        "flood and solving bots, 10 min: growth of the disk",
        f"{outcome.grown / 2**20:.1f}",
        "MiB",
        note=f"95 % of meant reports answered within {slow:.2f} s",
    )


def _stored(zone: Zone) -> dict[str, int]:
    """What lies there of reports, by every way of counting it."""
    with closing(sqlite3.connect(zone.site.folder / "jiandu.sqlite3")) as database:
        names = {"reports": "report", "attachments": "attachment", "spent": "spentticket"}
        rows = {
            key: database.execute(f"SELECT count(*) FROM intake_{name}").fetchone()[0] for key, name in names.items()
        }
        counted = database.execute("SELECT sum(count) FROM intake_tally WHERE what = 'reports'").fetchone()[0]
    files = [path for path in (zone.site.folder / "intake").rglob("*") if path.is_file()]
    return {**rows, "counted": counted, "files": len(files)}


def heavy_pdf(pages: int = 400) -> bytes:
    """A lawful file that costs what a file may cost: many pages, each a stream to look through."""
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, NameObject

    writer, out = PdfWriter(), io.BytesIO()
    for number in range(pages):
        page = writer.add_blank_page(595, 842)
        said = DecodedStreamObject()
        said.set_data(b"BT ET\n" * 2_000 + str(number).encode())
        page[NameObject("/Contents")] = writer._add_object(said)
    writer.write(out)
    return out.getvalue()


def cleans(zone: Zone, number: int, file: bytes, until: float, seen: Counter[str]) -> None:
    """Somebody who pays for one cleaning after another."""
    said = {"office": str(zone.own.office), "rank": "rural", "summary": f"清除{number}", "cleaning": "all"}
    while time.monotonic() < until:
        try:
            status, page = Stranger(zone, number).send(form_of(zone).worked(), said, [("a.pdf", file)])
            seen["in" if status == 200 and RECEIPT.search(page) else str(status)] += 1
        except OSError:
            seen["cut off"] += 1


@pytest.mark.full
def test_who_has_files_cleaned_without_end_keeps_no_reporter_waiting(tmp_path: Path) -> None:
    """Eight who pay for the cleaning of costly files, one after another, a minute long. Control: cleaned they are."""
    (tmp_path / "zone").mkdir()
    file = heavy_pdf()
    with public_zone(tmp_path / "zone") as zone:
        forms = [form_of(zone).worked() for _ in range(40)]
        calm, under = Tries(zone, forms[:10]), Tries(zone, forms[10:])
        calm.run(10)
        seen: Counter[str] = Counter()
        until = time.monotonic() + 60
        payers = [threading.Thread(target=cleans, args=(zone, 500 + n, file, until, seen)) for n in range(8)]
        for each in payers:
            each.start()
        under.run(58)
        for each in payers:
            each.join()
    said = f"{dict(seen)}; calm {p95(calm.waits):.2f} s; {under.failed[:2]}"
    assert (calm.done, under.done) == (10, 30), said
    assert seen["in"] >= 8, said
    slow = f"{p95(under.waits):.2f}"
    note("sealing", "eight have costly PDFs cleaned without end: a report beside them, p95", slow, "s", note=said)
