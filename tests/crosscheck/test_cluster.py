"""Every rule on a cluster of three processes; one worker is lost in mid-run, and the rows are right all the same."""

import shutil
import threading
from pathlib import Path

import pytest
from tests.crosscheck.cluster import cluster

from jiandu.sources.crosscheck import rules, running
from jiandu.sources.crosscheck.making import Wanted, make
from jiandu.sources.crosscheck.rule import CASE_DAY

pytestmark = [
    pytest.mark.full,
    pytest.mark.once,
    pytest.mark.enable_socket,
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java"),
]


@pytest.mark.timeout(1500)
def test_a_worker_is_lost_in_mid_run_and_the_rows_are_right(tmp_path: Path) -> None:
    data = tmp_path / "data"
    chosen = list(rules.known().values())
    make(Wanted(300_000, 1, data), chosen)
    here = running.run(running.Asked(chosen, data, CASE_DAY, memory="1GB"))
    with cluster(tmp_path / "cluster") as spark:
        told: list[str] = []
        lost = threading.Event()

        def say(text: str) -> None:
            told.append(text)
            if len(told) == len(chosen) // 2:  # half of them are done: the next one runs while the worker dies
                threading.Timer(0.5, lambda: (spark.kill(0), lost.set())).start()

        there = running.run(running.Asked(chosen, data, CASE_DAY, engine=spark.url, memory="1GB", say=say))
        assert lost.is_set(), "the worker was lost before the run ended"
        assert spark.workers[0].poll() is not None
        assert spark.workers[1].poll() is None
    for mine, theirs in zip(here.outcomes, there.outcomes, strict=True):
        assert running.hits(theirs) == running.hits(mine), mine.rule.id
        assert mine.hits
