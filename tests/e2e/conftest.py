"""One server and one browser for all tests of this folder; on PostgreSQL only the loop."""

import json
from collections.abc import Iterator

import pytest

from tests.chromium import launched
from tests.e2e.browsing import City
from tests.ground import POSTGRESQL, installation
from tests.installation import Installation

collect_ignore = (
    ["test_pages.py", "test_import.py", "test_keys.py", "test_paper.py", "test_door.py"] if POSTGRESQL else []
)


@pytest.fixture(scope="package")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The city of tests.e2e.city, served as in an office: web processes, a worker, the tick."""
    folder = tmp_path_factory.mktemp("city")
    with installation(folder) as told:
        site = Installation(folder, told.get("JIANDU_DATABASE", ""), told.get("JIANDU_DATABASE_OWNER", ""))
        site.run("jiandu", "init", as_owner=True)
        site.run("tests.e2e.city", as_owner=True)
        try:
            site.start()
            with launched() as chromium:
                yield City(site, chromium, json.loads((folder / "places.json").read_text(encoding="utf-8")))
        finally:
            site.stop()
