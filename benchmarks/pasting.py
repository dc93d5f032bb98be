"""粘贴录入 of 5,000 rows from Excel: previewed as the page does it, then registered, in the log as one act.

Bare: the csv module parting the same text.
"""

import csv
import io
import random
import time
from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connection

from benchmarks import apart
from benchmarks.build import as_
from benchmarks.city import build as build_city
from benchmarks.figures import Figure, keep
from benchmarks.rows import HEADS, PLACES, TAILS
from jiandu.base.core import guard
from jiandu.loop.findings.models import Finding
from jiandu.loop.workbooks.pasting import Room, read_pasted, register_pasted
from jiandu.net.overseers.models import Office
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.services.planning import NewActivity, open_activity

COUNT = 5_000
SYSTEM = guard.system("benchmark")


def table(units: list[str]) -> str:
    """Such a block, as Excel puts it on the clipboard."""
    chance, first = random.Random(7), date(2025, 1, 6)
    lines = ["责任单位\t存在问题\t具体事实\t涉及金额(元)\t责任人\t登记日期"]
    for number in range(COUNT):
        problem = f"{chance.choice(PLACES)}{chance.choice(HEADS)}，{chance.choice(TAILS)}{number}"
        on = first + timedelta(days=number * 300 // COUNT)
        facts = f"经查，{problem}，涉及{chance.randint(2, 90)}项"
        lines.append(f"{chance.choice(units)}\t{problem}\t{facts}\t3,700\t张建国\t{on.isoformat()}")
    return "\r\n".join(lines)


def bare_read(text: str) -> float:
    begun = time.perf_counter()
    assert sum(1 for _ in csv.reader(io.StringIO(text, newline=""), delimiter="\t")) == COUNT + 1  # noqa: S101 -- a wrong measurement is worse than none
    return time.perf_counter() - begun


def figures() -> Iterator[Figure]:
    vendor, city = connection.vendor, build_city()
    office = next(one for one in city.offices.values() if one.kind == Office.Kind.SUPERVISION)
    new = NewActivity(
        kind=Activity.Kind.PROJECT, year=2025, code="XM-1", name="粘贴", lead=office, approved_on=date(2025, 1, 5)
    )
    with as_(SYSTEM) as by:
        room = Room(open_activity(new=new, by=by), office, date(2025, 1, 6))
    text = table([unit.name for unit in city.units[:400]])
    moments = [time.perf_counter()]
    with as_(SYSTEM) as by:
        found = read_pasted(by, text, room)
        moments.append(time.perf_counter())
        assert found.problems == [], found.problems[:3]  # noqa: S101 -- a wrong measurement is worse than none
        register_pasted(found=found, by=by)
    moments.append(time.perf_counter())
    with as_(SYSTEM):
        assert Finding.objects.count() == COUNT  # noqa: S101 -- a wrong measurement is worse than none
    read, written = moments[1] - moments[0], moments[2] - moments[1]
    yield Figure(
        "pasting",
        "5,000 pasted rows previewed",
        read,
        "s",
        vendor,
        read / bare_read(text),
        "400 units; bare: csv",
        "<= 3",
    )
    yield Figure("pasting", "and registered", written, "s", vendor, None, "one act in the log")


if __name__ == "__main__":
    apart.migrate()
    keep("pasting", connection.vendor, figures())
    apart.remove()
