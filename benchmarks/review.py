"""Every figure of the annual review, with its rates: of one year of the five, and with what was known back then.

Bare: one count of the year's project findings by the driver alone, times the number of figures.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from django.db import connection

from benchmarks import build
from benchmarks.build import acting_as, as_
from benchmarks.city import LOOKERS
from benchmarks.figures import Figure, keep, median, timed
from jiandu.base.core import guard
from jiandu.results.analysis import selectors
from jiandu.results.analysis.measures.registry import Ask, all_measures

PROMISE = "<= 1500"
ASKS = {
    "2025 at its end": Ask(2025, date(2025, 12, 31)),
    "2025 today": Ask(2025, date(2026, 11, 1)),
    "2025 as known then": Ask(2025, date(2025, 12, 31), datetime(2026, 1, 20, tzinfo=UTC)),
    "2022 as known then": Ask(2022, date(2022, 12, 31), datetime(2023, 1, 20, tzinfo=UTC)),
}


def bare() -> float:
    sql = (
        "SELECT count(*) FROM findings_finding WHERE source = 'project' AND registered_on >= '2025-01-01'"
        " AND registered_on <= '2025-12-31' AND excluded_on IS NULL"
    )

    def act() -> None:
        with guard.unguarded("benchmark"), connection.cursor() as cursor:
            cursor.execute(sql)
            cursor.fetchall()

    return median(timed(act, runs=5, warm=1)) * len(all_measures())


def figures() -> Iterator[Figure]:
    plain = bare()
    viewers = {"system": guard.system("benchmark")} | {scope: acting_as(scope) for scope in LOOKERS}
    for scope, viewer in viewers.items():
        for name, ask in ASKS.items():

            def act(viewer: guard.Viewer = viewer, ask: Ask = ask) -> str:
                with as_(viewer):
                    found = selectors.figures(viewer, ask)
                    known = {figure.measure.key: figure for figure in found}
                    selectors.rated(known, known.get)  # as the page of measures does
                    counts = [known[key].value for key in ("project_findings", "project_findings_excluded")]
                    return "{} findings, {} left out".format(*counts)

            taken = timed(act, runs=5, warm=1, seconds=10)
            yield Figure(
                "review",
                f"{name} · {scope}",
                median(taken),
                "ms",
                connection.vendor,
                median(taken) / plain,
                f"{act()}; {taken.note}",
                PROMISE,
            )


def each() -> None:
    """Where the time goes: one line a measure."""
    viewer = guard.system("benchmark")
    for ask in ASKS.values():
        for key in all_measures():
            with as_(viewer):
                taken = timed(lambda key=key, ask=ask: selectors.figure(viewer, key, ask), runs=1, warm=0)
            print(f"{ask.as_of} {ask.as_known} {key} {median(taken):.0f} ms", flush=True)


if __name__ == "__main__":
    build.ready()
    each()
    keep("review", connection.vendor, figures())
