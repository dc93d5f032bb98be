"""How many questions a page puts to the database: few, and no more when there is more to show."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

MOST = 15
Questions = Mapping[str, list[str]]


def asked(captured: CaptureQueriesContext) -> list[str]:
    """The questions of a page: what opens a transaction and says who acts (PostgreSQL) apart."""
    said = [query["sql"] for query in captured]
    return [sql for sql in said if sql.startswith(("SELECT", "(SELECT")) and "set_config" not in sql]


def questions(client: Client | Any, pages: Iterable[str]) -> Questions:
    """Page → its questions, when it was opened before; each page opens."""
    found = {}
    for page in pages:
        client.get(page)
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(page)
        assert answer.status_code == 200, f"{page}: {answer.status_code}"
        found[page] = asked(captured)
    return found


def grown(few: Questions, many: Questions, most: int = MOST) -> dict[str, tuple[int, int, list[str]]]:
    """Pages that ask too much, or more than before: then, afterwards, what they ask then. Empty: all is well."""
    return {
        page: (len(before), len(many[page]), [sql[:90] for sql in many[page]])
        for page, before in few.items()
        if not len(many[page]) <= len(before) <= most
    }
