"""The bulletin of a year with 20,000 and 100,000 petitions: its page, its paper as Word, the rows behind 按期率; and lists taken in.

Bare: the same figures asked of the tables by SQL alone, without scope, labels, shares and page: what the database has to do.
"""

import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

import django
import psycopg

from benchmarks import apart

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from benchmarks.figures import Figure, Taken, keep, median, p95, timed  # noqa: E402
from jiandu.base.accounts.models import User  # noqa: E402
from jiandu.base.books import sheets  # noqa: E402
from jiandu.base.core import guard  # noqa: E402
from jiandu.demo.net import build_net  # noqa: E402
from jiandu.demo.petitions import OFFICE  # noqa: E402
from jiandu.net.access.models import Level  # noqa: E402
from jiandu.net.access.standing import viewer_of  # noqa: E402
from jiandu.results.bulletins.drafting import NewBulletin, draft  # noqa: E402
from jiandu.results.digests.periods import Kind, Period  # noqa: E402
from jiandu.sources.petitions.models import Petition, PetitionStep  # noqa: E402
from jiandu.sources.petitions.sheet import PETITIONS  # noqa: E402
from jiandu.sources.petitions.states import Disposal, Named, Nature, Origin, Rank, State, Truth, Verb, Way  # noqa: E402
from jiandu.sources.petitions.timeliness import renote_duties  # noqa: E402

VENDOR = "postgresql" if "JIANDU_DATABASE" in os.environ else "sqlite"
YEAR, AT_ONCE, PAGE = 2022, 5_000, "<= 500"  # of 20,000 a year; of 100,000 what it costs is told
LINES, MOST_A_YEAR = 5_000, 20_000
BY = guard.system("benchmark")
GROUPS = (
    "received_on",
    "kind, rank, nature",
    "way, named, origin, state, disposal, truth",
    "domain_id, is_repeat, is_over_level, region_id",
    "SUBSTR(category, 1, 5)",
)


def make(net: Any, count: int, domains: list[Any], regions: list[Any]) -> None:
    """So many a year in two years, two steps each, as they would stand: half of them concluded."""
    chance, office = random.Random(count), net.offices[OFFICE]
    for start in range(0, 2 * count, AT_ONCE):
        with transaction.atomic(), guard.acting(BY):
            rows = [
                _petition(chance, office, place, count, domains, regions) for place in range(start, start + AT_ONCE)
            ]
            Petition.objects.bulk_create(rows)
            PetitionStep.objects.bulk_create([step for row in rows for step in _steps(row)])
    renote_duties()
    with plainly() as cursor:
        cursor.execute("VACUUM ANALYZE petitions_petition" if VENDOR == "postgresql" else "ANALYZE")


@contextmanager
def plainly() -> Iterator[Any]:
    """A cursor that no scope binds: row security hides every row from the program's own role where nobody acts."""
    if VENDOR == "postgresql":
        with psycopg.connect(os.environ["BENCHMARK_ROOT"], autocommit=True) as server, server.cursor() as cursor:
            yield cursor
        return
    with guard.unguarded("benchmark"), transaction.atomic(), connection.cursor() as cursor:
        yield cursor


def _petition(
    chance: random.Random, office: Any, place: int, count: int, domains: list[Any], regions: list[Any]
) -> Any:
    on = date(YEAR - place // count, 1, 1) + timedelta(days=chance.randrange(365))
    is_over = chance.random() < 0.5
    return Petition(
        code=f"XF{on.year}-{count}-{place:06d}",
        received_on=on,
        owner_office=office,
        owner_path=office.path,
        level=Level.SENSITIVE,
        way=chance.choice(Way.values),
        kind=chance.choice(("accusation", "accusation", "appeal", "advice", "outside")),
        named=chance.choice(Named.values),
        origin=chance.choice(Origin.values),
        is_repeat=chance.random() < 0.1,
        is_over_level=chance.random() < 0.1,
        rank=chance.choice(Rank.values),
        nature=chance.choice(Nature.values),
        domain=chance.choice(domains),
        region=chance.choice(regions),
        category=f"D{chance.randrange(1, 14):02d}{chance.randrange(1, 5):02d}",
        disposal=chance.choice(Disposal.values) if is_over else "",
        truth=chance.choice(Truth.values) if is_over else "",
        state=State.CONCLUDED if is_over else State.HANDLING,
        concluded_on=on + timedelta(days=60) if is_over else None,
    )


def _steps(row: Any) -> list[PetitionStep]:
    said = [(Verb.REGISTER, 0, "", State.REGISTERED), (Verb.ACCEPT, 5, State.REGISTERED, State.HANDLING)]
    if row.concluded_on:
        said.append((Verb.CONCLUDE, 60, State.HANDLING, State.CONCLUDED))
    return [
        PetitionStep(
            petition=row,
            seq=place,
            verb=verb,
            from_state=before,
            to_state=after,
            on=row.received_on + timedelta(days=days),
            by_name="benchmark",
        )
        for place, (verb, days, before, after) in enumerate(said, start=1)
    ]


def bare() -> None:
    """The same groupings by SQL."""
    years = "received_on BETWEEN '2021-01-01' AND '2022-12-31' AND withdrawn_on IS NULL"
    with plainly() as cursor:
        for columns in GROUPS:
            sides = "SUM(CASE WHEN received_on >= '2022-01-01' THEN 1 ELSE 0 END)"
            cursor.execute(
                f"SELECT {columns}, {sides}, COUNT(*) FROM petitions_petition WHERE {years} GROUP BY {columns}"
            )
            cursor.fetchall()
        late = "SUM(CASE WHEN duties = 'in_time' AND (duty_due_on IS NULL OR duty_due_on >= '2023-01-01') THEN 1 ELSE 0 END)"
        cursor.execute(f"SELECT COUNT(*), SUM(people), {late} FROM petitions_petition WHERE {years}")
        cursor.fetchall()


def used(taken: Taken) -> float:
    """What the work took: of our own process, or, where a server does it, by the clock."""
    return taken.cpu if VENDOR == "sqlite" else median(taken)


def figure(name: str, count: int, act: Callable[[], Any], floor: float, promise: str = PAGE) -> Figure:
    taken: Taken = timed(act, runs=9, warm=1, seconds=20)
    return Figure(
        "bulletins",
        f"{name}, {count:,} a year",
        p95(taken),
        "ms p95",
        VENDOR,
        used(taken) / floor,
        taken.note,
        promise if count == MOST_A_YEAR else "",
    )


def pages(net: Any, count: int) -> Iterator[Figure]:
    floor = used(timed(bare, runs=9, warm=1, seconds=20))
    client = Client()
    client.force_login(net.users["petition_clerk"], backend=settings.AUTHENTICATION_BACKENDS[0])
    with transaction.atomic(), guard.acting(BY):
        row = draft(new=NewBulletin(net.offices[OFFICE], Period(Kind.YEAR, YEAR)), by=BY)

    def get(place: str) -> None:
        answer = client.get(place)
        if answer.status_code != HTTPStatus.OK:
            raise SystemExit(f"{place}: {answer.status_code}")
        if answer.streaming:
            b"".join(answer.streaming_content)  # type: ignore[arg-type]

    year = f"kind=year&year={YEAR}&number=1"
    yield Figure("bulletins", f"its figures by SQL, {count:,} a year", floor, "ms", VENDOR, 1)
    yield figure("page of a year", count, lambda: get(f"/desk/petitions/bulletins/?{year}"), floor)
    yield figure("page for outside", count, lambda: get(f"/desk/petitions/bulletins/?{year}&outside=1"), floor)
    yield figure("draft of the office", count, lambda: get(f"/desk/petitions/bulletins/papers/{row.uid}/"), floor)
    yield figure("as Word", count, lambda: get(f"/desk/petitions/bulletins/word/?{year}"), floor, "<= 1000")
    rows = f"since={YEAR}-01-01&until={YEAR}-12-31&column=rate&value=in_time"
    yield figure("rows in time, newest 25", count, lambda: get(f"/desk/petitions/?{rows}"), floor)


# --- lists ---


def listed(count: int) -> bytes:
    head = "举报编号,举报人,联系电话,收信日期,举报方式,类别,是否实名,被举报人,被举报人单位,职级,问题性质,领域,主要问题,办结日期"
    line = "P{n:06d},张某,13800000000,2020-{m:02d}-{d:02d},来信,检举控告,匿名,王某某,市教育局,乡科级,廉洁纪律,教育,{said},{end}"
    said = "反映在采购中收受礼金" * 8
    rows = [
        line.format(n=n, m=n % 12 + 1, d=n % 28 + 1, said=said, end="2021-01-15" if n % 2 else "") for n in range(count)
    ]
    return "\n".join([head, *rows]).encode()


def lists(user: User, count: int) -> Iterator[Figure]:
    content, taken = listed(count), {"read": [], "look": [], "take in": []}
    with transaction.atomic():
        viewer = viewer_of(user)
    for _ in range(3):
        with guard.acting(viewer):
            start = time.perf_counter()
            sheet = sheets.read(content, PETITIONS)
            taken["read"].append(time.perf_counter() - start)
            with transaction.atomic():
                start = time.perf_counter()
                digest = sheets.digest_of(sheets.judge(viewer, sheet))
                taken["look"].append(time.perf_counter() - start)
            sheet = sheets.read(content, PETITIONS)
            with transaction.atomic():
                start = time.perf_counter()
                sheets.commit(viewer, sheet, digest=digest)
                taken["take in"].append(time.perf_counter() - start)
                transaction.set_rollback(True)
    for name, seconds in taken.items():
        promise = "<= 20" if name == "take in" and count == LINES else ""
        note = "one transaction, sealed to one key" if name == "take in" else ""
        yield Figure(
            "bulletins", f"list: {name}, {count:,} rows", statistics.median(seconds), "s", VENDOR, None, note, promise
        )


def figures() -> Iterator[Figure]:
    apart.migrate()
    with transaction.atomic(), guard.acting(BY):
        net = build_net(BY)
        from jiandu.base.lexicon.models import Item
        from jiandu.net.subjects.models import Region

        domains, regions = (
            list(Item.objects.filter(kind="petition_domain")),
            list(Region.objects.filter(kind="district")),
        )
    yield from lists(net.users["petition_clerk"], LINES)
    for count in (MOST_A_YEAR, 100_000):
        with plainly() as cursor:
            for table in ("bulletins_petitionbulletin", "petitions_petitionstep", "petitions_petition"):
                cursor.execute(f"DELETE FROM {table}")
        make(net, count, domains, regions)
        yield from pages(net, count)
    if "BENCHMARK_MANY" in os.environ:
        yield from lists(net.users["petition_clerk"], 100_000)


if __name__ == "__main__":
    keep("bulletins", VENDOR, figures())
    apart.remove()
