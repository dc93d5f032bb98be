"""The newest 20 findings in scope that hold a word of two characters, from the most common word to one that none holds.

Bare: the index of grams alone, joined to the plain table, without scope.
"""

from collections.abc import Iterator

from django.db import connection
from django.db.models import QuerySet

from benchmarks import build
from benchmarks.build import acting_as, as_
from benchmarks.city import LOOKERS
from benchmarks.figures import Figure, keep, median, p95, timed
from jiandu.base.core import guard
from jiandu.base.core.vendor import grams
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors.ledger import Filters
from jiandu.loop.findings.selectors.paging import newest
from jiandu.loop.findings.services.searching import INDEX

WORDS = {
    "in all": "经查",
    "common": "台账",
    "8 in 100": "低保",
    "8 in 1,000": "厂房",
    "8 in 10,000": "骑楼",
    "60 in all": "筼筜",
    "none": "鱻龘",
    "two words": "低保 台账",
    "common and rare": "台账 骑楼",
}
PROMISE = "<= 50"


def bare(text: str) -> float:
    plain = QuerySet(Finding).filter(pk__in=grams.matching_ids(INDEX, text)).order_by("-registered_on", "-id")[:20]
    sql, values = plain.query.sql_with_params()

    def act() -> None:
        with guard.unguarded("benchmark"), connection.cursor() as cursor:
            cursor.execute(sql, values)
            cursor.fetchall()

    return median(timed(act, runs=5, warm=1, seconds=1))


def figures() -> Iterator[Figure]:
    plain = {name: bare(text) for name, text in WORDS.items()}
    for scope in LOOKERS:
        viewer = acting_as(scope)
        for name, text in WORDS.items():

            def act(text: str = text, viewer: guard.Viewer = viewer) -> int:
                with as_(viewer):
                    return len(newest(viewer, Filters(text=text), 20))

            taken = timed(act)
            note = f"{act()} found, {taken.note}"
            ratio = median(taken) / plain[name]
            yield Figure("search", f"{name} · {scope}", p95(taken), "ms p95", connection.vendor, ratio, note, PROMISE)


if __name__ == "__main__":
    build.ready()
    keep("search", connection.vendor, figures())
