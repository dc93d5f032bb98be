"""PostgreSQL: the server of a public installation writes what is sent to it, and changes no notice; `bundle import` does, as the owner."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from tests.ground import installation
from tests.installation import Browser, Installation
from tests.petitions.test_bundles import does
from tests.surfaces.portal.public import Public

pytestmark = [pytest.mark.postgresql, pytest.mark.enable_socket]
NAMES = ("JIANDU_DATABASE", "JIANDU_DATABASE_OWNER")
TELL = """
from datetime import date
from uuid import uuid4
from jiandu.base.published.services import NewNotice, empty, put_up
for number in range(2):
    put_up(new=NewNotice(uuid4(), "cases", f"第{number + 1}份通报", "正文", "市纪委监委", date(2022, 3, 1)))
"""
WITHDRAW = """
from datetime import date
from jiandu.base.published.models import Notice
from jiandu.base.published.services import empty
empty(uid=Notice.objects.get(number=1).uid, on=date(2022, 3, 2))
"""
BEYOND = """
from jiandu.base.core.vendor.ownership import beyond
print(json.dumps(beyond()))
"""
FILE = """
desk = Desk()
publish_keys(keys=[desk.keys()])
print(filed(desk).text)
"""


@contextmanager
def prepared(folder: Path, surfaces: str) -> Iterator[Installation]:
    folder.mkdir()
    with installation(folder) as told:
        site = Public(folder, *(told.get(name, "") for name in NAMES), extra={"JIANDU_SURFACES": surfaces})
        site.run("jiandu", "init", as_owner=True)
        yield site


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Installation]:
    with prepared(tmp_path / "outside", "public") as site:
        yield site


def refused(site: Installation, statement: str, *said: Any) -> bool:
    """Whether the server's own role may not do it."""
    with psycopg.connect(site.database) as connection:
        try:
            connection.execute(statement, said)  # type: ignore[arg-type]
        except psycopg.errors.InsufficientPrivilege:
            return True
        finally:
            connection.rollback()
    return False


def tables(site: Installation) -> list[str]:
    with psycopg.connect(site.database) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
    return [row[0] for row in rows]


def writable(site: Installation) -> list[str]:
    """Where an UPDATE, a DELETE or a TRUNCATE of nothing is let in."""
    acts = ("DELETE FROM {} WHERE false", "INSERT INTO {} SELECT * FROM {} WHERE false", "TRUNCATE {}")
    return [name for name in tables(site) if not all(refused(site, act.replace("{}", f'"{name}"')) for act in acts)]


def test_the_public_server_writes_to_the_intake_alone(outside: Installation, tmp_path: Path) -> None:
    assert len(tables(outside)) > 100
    assert writable(outside) == [name for name in tables(outside) if name.startswith("intake_")]
    assert not refused(outside, "SELECT 1 FROM published_notice")
    assert len(does(outside, FILE)) > 10, "a report is taken in with these rights"
    assert json.loads(does(outside, BEYOND)) == []
    with prepared(tmp_path / "inside", "staff") as inside:  # the control: the same looks find what may be written to
        wide = set(writable(inside))
        assert {"published_notice", "publications_publication", "audit_entry"} <= wide
        alone = replace(inside, extra={"JIANDU_SURFACES": "public"})  # prepared for both, it is told at its start
        assert wide - set(writable(outside)) == set(json.loads(does(alone, BEYOND)))
        alone.run("jiandu", "init", as_owner=True)
        assert json.loads(does(alone, BEYOND)) == []


def test_notices_come_by_the_owner_and_not_by_the_server(outside: Installation, tmp_path: Path) -> None:
    back = str(tmp_path / "out.zip")
    with prepared(tmp_path / "inside", "staff") as inside:
        does(inside, TELL)
        key = json.loads(inside.run("jiandu", "bundle", "export", back, "--json").stdout)["signer"]
        take = ("jiandu", "bundle", "import", back, "--trust", key, "--json")
        as_server = outside.run(*take, check=False)
        assert (as_server.returncode, "owner-needed" in as_server.stdout + as_server.stderr) == (2, True)
        assert json.loads(outside.run(*take, as_owner=True).stdout)["new"] == 2
        does(inside, WITHDRAW)
        inside.run("jiandu", "bundle", "export", back)
        assert json.loads(outside.run(*take, as_owner=True).stdout)["new"] == 1
    told = ("a", 2022, 9, "cases", "伪造", "伪造", "某", "2022-03-01")
    into = 'INSERT INTO published_notice (uid, year, number, kind, title, text, issuer, "on") VALUES (%s' + ", %s" * 7
    assert refused(outside, f"{into})", uuid4(), *told[1:])
    assert refused(outside, "UPDATE published_notice SET title = '', text = '', issuer = '', withdrawn_on = \"on\"")
    outside.start()
    try:
        browser = Browser(outside.port)
        page = browser.get("/portal/notices/").text
        browser.close()
    finally:
        outside.stop()
    assert ("第2份通报" in page, "第1份通报" in page, "〔2022〕1号" in page) == (True, False, True)
