"""Two installations and a file: what two persons published inside is read outside, what they withdrew is gone there too."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.ground import EMPTY, POSTGRESQL, installation
from tests.installation import Browser
from tests.petitions.test_bundles import does
from tests.surfaces.portal.public import Public

pytestmark = pytest.mark.enable_socket
NAMES = ("JIANDU_DATABASE", "JIANDU_DATABASE_OWNER")
WITHIN = """
from jiandu.base.accounts.models import User
from jiandu.net.access.standing import viewer_of
from jiandu.results.publications import services
from jiandu.results.publications.models import Publication
from jiandu.results.publications.selectors import last_step
from tests.publications.publishing import SAID, asked, published
from tests.world import SYSTEM, as_, build
"""
PUBLISH = """
world = build()
first, second = published(world, title="第1份通报"), published(world, title="第2份通报")
asked(world, title="还没有复核")
print(json.dumps({name: world.users[name].pk for name in ("干部甲", "主任甲")}))
"""
WITHDRAW = """
who = {name: User.objects.get(pk=pk) for name, pk in json.loads(sys.argv[1]).items()}
with as_(SYSTEM):
    row = Publication.objects.get(title="第1份通报")
with as_(viewer_of(who["干部甲"])) as by:
    services.ask_recall(publication=row, by=by, reason="内容有误")
with as_(viewer_of(who["主任甲"])) as by:
    services.recall(publication=row, by=by, seen=last_step(by, row))
"""


@contextmanager
def prepared(folder: Path, surfaces: str) -> Iterator[Public]:
    folder.mkdir()
    with installation(folder, EMPTY) as told:
        site = Public(folder, *(told.get(name, "") for name in NAMES), extra={"JIANDU_SURFACES": surfaces})
        if POSTGRESQL:
            site.run("jiandu", "init", as_owner=True)  # the rights of this side's server
        yield site


def pages(site: Public) -> tuple[str, str]:
    """The list, and the page of the first notice in it that has one."""
    browser = Browser(site.port)
    try:
        listed = browser.get("/portal/notices/").text
        found = re.search(r"/portal/notices/[0-9a-f-]{36}/", listed)
        return listed, browser.get(found[0]).text if found else ""
    finally:
        browser.close()


def test_a_notice_and_its_withdrawal_reach_the_public_machine(tmp_path: Path) -> None:
    back = str(tmp_path / "out.zip")
    with prepared(tmp_path / "outside", "public") as outside, prepared(tmp_path / "inside", "staff") as inside:
        outside.start()
        try:
            assert "没有公告" in pages(outside)[0]  # the control of what follows
            people = does(inside, WITHIN + PUBLISH)
            key = json.loads(inside.run("jiandu", "bundle", "export", back, "--json").stdout)["signer"]
            take = ("jiandu", "bundle", "import", back, "--trust", key, "--json")
            assert [json.loads(outside.run(*take, as_owner=True).stdout)["new"] for _ in range(2)] == [2, 0]
            listed, one = pages(outside)
            assert [word in listed for word in ("第1份通报", "第2份通报", "还没有复核")] == [True, True, False]
            assert "第一段。" in one
            does(inside, WITHIN + WITHDRAW, people)
            assert "第1份通报" in pages(outside)[0]  # nothing has been carried over yet
            inside.run("jiandu", "bundle", "export", back)
            assert json.loads(outside.run(*take, as_owner=True).stdout)["new"] == 1
            listed, _ = pages(outside)
            assert [word in listed for word in ("第1份通报", "第2份通报", "1号，已于")] == [False, True, True]
        finally:
            outside.stop()
