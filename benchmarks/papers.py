"""A thousand proposals as Word, one process and two; no database: the sheets stand in memory.

Bare: the XML of each file parsed, printed and packed again, which any writer of Word has to do.
"""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import django

django.setup()

from lxml import etree  # noqa: E402

from benchmarks.figures import Figure, keep  # noqa: E402
from jiandu.base.core import guard  # noqa: E402
from jiandu.base.documents.packing import fixed_zip  # noqa: E402
from jiandu.loop.instruments.letters import to_docx  # noqa: E402
from jiandu.loop.instruments.models import Instrument, Suggestion  # noqa: E402
from jiandu.loop.instruments.selectors import Whole  # noqa: E402
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


if __name__ == "__main__":
    keep("papers", VENDOR, figures())
