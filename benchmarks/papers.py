"""A thousand proposals as Word, one process and two, from memory; and a mail-merge of a thousand letters through its job.

Bare: the XML of each file parsed, printed and packed again, which any writer of Word has to do; for the job, the same files
written from memory.
"""

import multiprocessing
import os
import re
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import django

from benchmarks import apart

django.setup()

from django.db import connections  # noqa: E402
from lxml import etree  # noqa: E402

from benchmarks.build import as_  # noqa: E402
from benchmarks.city import NARROW  # noqa: E402
from benchmarks.city import build as build_city  # noqa: E402
from benchmarks.figures import Figure, keep  # noqa: E402
from jiandu.base.accounts.models import User  # noqa: E402
from jiandu.base.core import guard  # noqa: E402
from jiandu.base.documents.packing import fixed_zip  # noqa: E402
from jiandu.base.jobs import folder, services  # noqa: E402
from jiandu.base.jobs.models import Job  # noqa: E402
from jiandu.base.jobs.services import NewJob  # noqa: E402
from jiandu.loop.instruments.letters import to_docx  # noqa: E402
from jiandu.loop.instruments.models import Instrument, Suggestion  # noqa: E402
from jiandu.loop.instruments.selectors import Whole  # noqa: E402
from jiandu.loop.instruments.services.drafting import NewInstrument, draft  # noqa: E402
from jiandu.loop.workbooks import jobs  # noqa: E402
from jiandu.loop.workbooks.batches import IN_ONE_FILE  # noqa: E402
from jiandu.net.access.standing import viewer_of  # noqa: E402
from jiandu.net.overseers.models import Office  # noqa: E402
from jiandu.net.subjects.models import Organisation  # noqa: E402

VENDOR = "postgresql" if "JIANDU_DATABASE" in os.environ else "sqlite"
COUNT = 1000
SENTENCE = "储备粮轮换计划执行不严，出入库手续不全，账实不符的情况没有及时处理。"
VIEWER = guard.system("benchmark")


def whole(number: int) -> Whole:
    """A proposal of two to three pages with five suggestions."""
    one = Instrument(
        kind=Instrument.Kind.JOINT,
        code=f"WS2022-1-{number:05d}",
        title=f"规范第{number}库点储备粮轮换管理",
        drafted_on=date(2022, 5, 5),
        issuer="市监察委员会",
        subject=Organisation(name="市粮食和物资储备局"),
        owner_office=Office(name="第一监督检查室"),
        source="粮食购销领域专项整治",
        facts=f"{SENTENCE * 6}\n{SENTENCE * 6}",
        causes=SENTENCE * 5,
        copies_to="市委办公厅，市政府办公厅",
        number_word="厦纪监建",
        number_year=2022,
        number_serial=number,
    )
    one.signed_on = date(2022, 5, 6)  # type: ignore[attr-defined]
    suggestions = [(Suggestion(text=f"{SENTENCE}{place}"), None) for place in range(5)]
    return Whole(one, [], suggestions, [], [], [], [])


def write(span: range) -> int:
    """Writes those of the numbers; gives the bytes written."""
    with guard.acting(VIEWER):
        return sum(len(to_docx(VIEWER, whole(number))) for number in span)


def repack(content: bytes) -> None:
    """What is left of the work when nothing has to be thought of."""
    with ZipFile(BytesIO(content)) as packed:
        for name in packed.namelist():
            etree.tostring(etree.fromstring(packed.read(name)))
    fixed_zip(content)


def figures() -> Iterator[Figure]:
    write(range(1, 3))  # what is imported and cached once a process
    with guard.acting(VIEWER):
        sample = to_docx(VIEWER, whole(1))
    start = time.perf_counter()
    for _ in range(100):
        repack(sample)
    bare = (time.perf_counter() - start) * COUNT / 100
    start = time.perf_counter()
    size = write(range(1, COUNT + 1))
    alone = time.perf_counter() - start
    note = f"{size / COUNT / 1024:.0f} kB each; bare: parsed, printed, packed again"
    yield Figure("papers", "1,000 proposals as Word, one process", alone, "s", VENDOR, alone / bare, note)
    start = time.perf_counter()
    with ProcessPoolExecutor(2) as pool:
        sum(pool.map(write, (range(1, COUNT // 2 + 1), range(COUNT // 2 + 1, COUNT + 1))))
    both = time.perf_counter() - start
    yield Figure("papers", "the same, two processes", both, "s", VENDOR, None, "", "<= 60")


# --- through the job ---


def letters() -> list[str]:
    """A thousand letters of two to three pages to 960 units, drafted; their uids."""
    city, uids = build_city(), []
    with as_(VIEWER) as by:
        for number in range(COUNT):
            new = NewInstrument(
                kind=Instrument.Kind.REMINDER,
                office=city.offices[NARROW],
                subject=city.units[number % len(city.units)],
                drafted_on=date(2022, 5, 5),
                title=f"规范第{number}库点储备粮轮换管理",
                source="粮食购销领域专项整治",
                facts=f"{SENTENCE * 6}\n{SENTENCE * 6}",
                causes=SENTENCE * 5,
                suggestions=[f"{SENTENCE}{place}" for place in range(5)],
            )
            uids.append(str(draft(new=new, by=by).uid))
    return uids


def merge(uids: list[str], form: str) -> tuple[float, float, int]:
    """(seconds, MiB that it took at most beside what the process had, bytes of the file), in a process of its own."""
    connections.close_all()
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(_merge, (uids, form))


def _merge(uids: list[str], form: str) -> tuple[float, float, int]:
    with as_(VIEWER):
        user = User.objects.get(username="bench-narrow")
    with as_(viewer_of(user)) as by:
        asked = {"kind": "letter", "uids": uids, "as": form}
        job: Job = services.open_job(new=NewJob(jobs.PAPERS, "benchmark", asked), by=by)
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before, start = status("VmRSS"), time.perf_counter()
    services.run(job.pk, jobs.WORKS[jobs.PAPERS], viewer_of)
    spent = time.perf_counter() - start
    with as_(VIEWER):
        done = Job.objects.get(pk=job.pk)
    assert done.said["papers"] == len(uids), done.reason  # noqa: S101 -- a wrong measurement is worse than none
    return spent, status("VmHWM") - before, folder.result(done).stat().st_size


def status(name: str) -> float:
    """MiB."""
    said = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(said[1]) / 1024 if said else 0.0


def merged() -> Iterator[Figure]:
    """One Word file of as many as it takes, and a zip of a thousand files with their serials."""
    apart.migrate()
    uids = letters()
    start = time.perf_counter()
    write(range(1, COUNT + 1))
    bare = (time.perf_counter() - start) / COUNT
    for count, form, words in (
        (IN_ONE_FILE, "docx", f"mail-merge of {IN_ONE_FILE:,} letters as one Word file, by the job"),
        (COUNT, "zip", "mail-merge of 1,000 letters as a zip of 1,000 files, by the job"),
    ):
        spent, memory, size = merge(uids[:count], form)
        note = f"{memory:.0f} MiB beside the process, {size / 1024:,.0f} kB file; bare: from memory, without records and scope"
        yield Figure("papers", words, spent, "s", VENDOR, spent / bare / count, note, "<= 60")
    apart.remove()


if __name__ == "__main__":
    keep("papers", VENDOR, [*figures(), *merged()])
