"""Asks one endpoint as one person about one kind of record, and judges the answer against the oracle."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

from django.db import connection, transaction
from django.test import Client
from tests.access.city import City, Record
from tests.access.endpoints import Endpoint, form
from tests.access.oracle import sees

WORD = re.compile(rb"Q[FP]\d{4}Z|[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value|data-csrf|nonce)="[^"]*"')
EARLY = "account/"


@dataclass
class Judge:
    """The clients of the city's people, and what they found out."""

    city: City
    clients: dict[str, Client] = field(default_factory=dict)
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    missing: dict[str, bytes] = field(default_factory=dict)
    visible: dict[str, set[bytes]] = field(default_factory=dict)
    secrets: set[bytes] = field(default_factory=set)
    asked: int = 0
    served: int = 0

    def __post_init__(self) -> None:
        self.secrets = {record.word.encode() for record in self.city.records.values()}
        self.secrets |= {record.project_word.encode() for record in self.city.records.values()}
        self.secrets |= self.city.secret_uids()
        for name in self.city.people:
            client = Client(raise_request_exception=False)
            if name in self.city.users:
                client.force_login(self.city.users[name])
            self.clients[name] = client
            self.cookies[name] = {key: morsel.value for key, morsel in client.cookies.items()}
            self.visible[name] = self.city.visible_words(name)
            if self.city.people[name].may("audit", "entry"):  # the log names records by their keys, which say nothing
                self.visible[name] |= self.city.secret_uids()
            self.missing[name] = TOKEN.sub(b"", client.get("/desk/there/is/no/such/page/").content)

    def ask(self, name: str, endpoint: Endpoint, method: str, kind: str) -> list[str]:
        """What is wrong with the answer: leaks, a status that the oracle does not expect, a trace of a denied write."""
        record = self.city.records.get((name, kind))
        path = endpoint.path(self.city, record)
        self.asked += 1
        client = self.clients[name]
        with undone() as written:
            answer = client.generic(method, path, **_body(method))
            content = content_of(answer)
            changes = written()
        client.cookies = SimpleCookie(self.cookies[name])
        said = f"{name} {method} {endpoint.route} [{kind}]"
        return [f"{said}: {wrong}" for wrong in self._judge(name, endpoint, method, record, answer, content, changes)]

    def lets_in(self, name: str, endpoint: Endpoint) -> bool:
        """Whether roles.csv opens the endpoint to this person, whatever the record."""
        said = endpoint.said
        if said.is_open:
            return True
        return name != "stranger" and (not said.verb or _may(self.city.people[name], said.verb, endpoint.kind))

    def _judge(
        self,
        name: str,
        endpoint: Endpoint,
        method: str,
        record: Record | None,
        answer: Any,
        content: bytes,
        changes: int,
    ) -> Iterator[str]:
        status = answer.status_code
        leaked = {word for word in _words(content) if word in self.secrets} - self.visible[name]
        leaked -= {str(record.uid).encode(), str(record.project).encode()} if record and status != 200 else set()
        if leaked:
            yield f"leaks {sorted(leaked)[:3]} ({status})"
        if status >= 500:
            yield f"fails with {status}"
        expected = self._expected(name, endpoint, method, record)
        if expected == "served":
            self.served += 1
            is_opened = endpoint.about and endpoint.route.endswith("<uuid:uid>/") and method in {"GET", "HEAD"}
            if status == 405 or (status == 403 and endpoint.is_desk) or (is_opened and status != 200):
                yield f"answers {status} to whom it is open"
            return
        if status != expected:
            yield f"answers {status}, not {expected}"
        if expected == 404 and method != "HEAD" and TOKEN.sub(b"", content) != self.missing[name]:
            yield "the 404 differs from that of a page that is not there"
        if changes:
            yield f"wrote {changes} rows though refused"

    def _expected(self, name: str, endpoint: Endpoint, method: str, record: Record | None) -> int | str:
        """405, 302 to the sign-in page, 404, or "served" (whatever the act itself then says)."""
        person, said = self.city.people[name], endpoint.said
        if method not in said.methods:
            return 405
        if said.is_open:
            return "served"
        if name == "stranger":
            return 302
        if not self.lets_in(name, endpoint):
            return 404
        if not endpoint.about:
            return "served"
        thing = None if record is None else record.finding if endpoint.about == "finding" else record.activity
        return "served" if thing is not None and sees(person, thing) else 404


def _may(person: Any, verb: str, kind: str) -> bool:
    """What is made by a person is that person's own: no role is asked for it."""
    return person.may(verb, kind) or kind in {"job", "saved_view", "handover"}


@contextmanager
def undone() -> Iterator[Callable[[], int]]:
    """Whatever the request writes is taken back; gives a function that counts the rows written meanwhile."""
    with transaction.atomic():
        before = _written()
        yield lambda: _written() - before
        transaction.set_rollback(True)


def _written() -> int:
    """Rows that this connection has ever changed; the log's entries where the database does not count."""
    if connection.vendor == "sqlite":
        return int(connection.connection.total_changes)
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM audit_head")
        return int(cursor.fetchone()[0])


def _body(method: str) -> dict[str, Any]:
    if method in {"POST", "PUT", "PATCH", "DELETE"}:
        from urllib.parse import urlencode

        return {"data": urlencode(form()), "content_type": "application/x-www-form-urlencoded"}
    return {}


def content_of(answer: Any) -> bytes:
    """All of it; of a workbook or document its parts too."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if not content.startswith(b"PK\x03\x04"):
        return bytes(content)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return b"\n".join(parts.read(name) for name in parts.namelist())


def _words(content: bytes) -> set[bytes]:
    return set(WORD.findall(content))
