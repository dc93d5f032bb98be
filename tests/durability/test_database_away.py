"""PostgreSQL stopped at once, as by a power cut, under load: said within 5 s, nothing let through, back within 10 s."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from tests import postgres
from tests.durability.inspection import faults, held
from tests.durability.load import Crew
from tests.durability.test_kills import OFFICERS, verdict
from tests.figures import note
from tests.installation import Browser, Installation

pytestmark = [pytest.mark.enable_socket, pytest.mark.full]
TIMES = 50
SAID_WITHIN, BACK_WITHIN = 5.0, 10.0
PAGES = ("/desk/", "/desk/findings/", "/desk/units/", "/desk/findings/new/")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Installation, postgres.Server]]:
    with postgres.cluster(durable=True) as server:
        server.create("jiandu")
        owner, app = server.address("jiandu", postgres.OWNER), server.address("jiandu", postgres.APP)
        made = Installation(tmp_path, database=app, owner=owner)
        made.run("jiandu", "init", as_owner=True)
        made.run("tests.installation")
        made.start()
        try:
            yield made, server
        finally:
            made.stop()


def asked(browser: Browser, path: str) -> tuple[int, float]:
    """(status, seconds) of a page; 0 where the connection was cut."""
    begun = time.monotonic()
    try:
        status = browser.get(path).status
    except OSError:
        status = 0
    return status, time.monotonic() - begun


def seconds_until_back(installation: Installation, browser: Browser) -> float:
    begun, said = time.monotonic(), []
    while time.monotonic() - begun < 60:
        said.append(asked(browser, "/desk/findings/")[0])
        if said[-1] == 200:
            return time.monotonic() - begun
        time.sleep(0.05)
    raise TimeoutError(f"{said[-5:]} {(installation.folder / 'serve.log').read_text()[-6000:]}")


def test_the_database_goes_and_comes_back(served: tuple[Installation, postgres.Server]) -> None:
    installation, server = served
    chance, slowest, longest, open_doors = Random(4), 0.0, 0.0, []
    browser = Browser(installation.port, timeout=30).enter(OFFICERS[0])
    with closing(browser), Crew(installation.port, OFFICERS) as book:
        for _ in range(TIMES):
            time.sleep(chance.uniform(0.5, 1.5))
            server.pull()
            for page in PAGES:
                status, seconds = asked(browser, page)
                slowest = max(slowest, seconds)
                open_doors += [] if status == 503 else [(page, status)]
            server.put_in()
            longest = max(longest, seconds_until_back(installation, browser))
        time.sleep(1)
    assert installation.process is not None
    assert installation.process.poll() is None, "the supervisor gave up while the database was away"
    assert open_doors == []
    assert (slowest < SAID_WITHIN, longest < BACK_WITHIN) == (True, True), (slowest, longest)
    assert book.refused == []
    assert faults(book, held(installation)) == []
    assert verdict(installation) == (0, "intact")
    assert book.busy > 0
    assert len(book.kept) > 2 * TIMES
    said = f"{TIMES} immediate stops, {len(book.kept)} acknowledged, {book.busy} answered 503, {book.cut} cut off"
    for figure, value, unit in (
        ("acknowledged writes lost", 0, "writes"),
        ("answers that were not 503 while it was away", 0, "answers"),
        ("slowest 503", round(slowest, 2), "s"),
        ("longest until it served again", round(longest, 2), "s"),
    ):
        note("durability", f"PostgreSQL stopped at once: {figure}", value, unit, note=said, database="PostgreSQL")
