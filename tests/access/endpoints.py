"""Every declared endpoint, out of the registry of URLs, filled in for one record. An unknown part of a URL is an error:
whoever adds a route says here what stands in it.
"""

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver
from tests.access.city import City, Record

from jiandu.net.access.policy import kind_of
from jiandu.surfaces.door.routes import Declared

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
HOLE = re.compile(r"<(?:\w+:)?(\w+)>")
FINDING, PROJECT = "desk/findings/<uuid:uid>/", "desk/projects/<uuid:uid>/"
#: What a form may ask, all at once: what can be done will be done.
SAID = {
    "on": "2022-03-01", "note": "测试", "reason": "测试", "rectification": "by_term", "rectifier": "责任人甲",
    "measures": "措施", "percent": "50", "result": "held", "verb": "suspend", "method": "field", "level": "1",
    "is_granted": "yes", "opinion": "同意", "signer": "签批人", "decision": "new", "answer": "已办", "leader": "书记",
    "text": "批示", "title": "制度", "issuer": "市教育局", "issued_on": "2022-03-01", "amount": "1", "proof": "凭证",
    "received_on": "2022-03-01", "kind": "talk", "name": "某人", "problem": "改写", "new_due_on": "2098-01-01",
    "year": "2022", "as_of": "2022-12-31", "planned_on": "2099-01-01", "language": "en",
}  # fmt: skip


@dataclass(frozen=True)
class Endpoint:
    """One route: its pattern, what it declares, whether it opens one finding or one project."""

    route: str
    said: Declared

    @property
    def about(self) -> str:
        """finding, activity, or "" where no single record of the matrix is opened."""
        return "finding" if self.route.startswith(FINDING) else "activity" if self.route.startswith(PROJECT) else ""

    @property
    def is_desk(self) -> bool:
        return self.route.startswith("desk/")

    @property
    def kind(self) -> str:
        return kind_of(self.said.model) if self.said.model else ""

    def path(self, city: City, record: Record | None) -> str:
        """The URL for a record; None stands for one that is not there."""
        return "/" + HOLE.sub(lambda hole: str(self._fill(hole[1], city, record)), self.route)

    def _fill(self, name: str, city: City, record: Record | None) -> UUID | str | int:
        absent = city.others["absent"]
        if self.about and name in {"uid", "part", "file"}:
            if record is None:
                return absent
            if name == "uid":
                return record.uid if self.about == "finding" else record.project
            place = "file" if name == "file" else self.route.removeprefix(FINDING).split("/")[0]
            return record.parts.get(place, absent)
        fixed = {"key": "project_findings", "kind": "aspect", "order": 1, "year": 2022, "uid": absent}
        fixed |= {"pk": city.others["account"], "seq": city.others["entry"], "book": "units", "posting": absent}
        fixed |= {
            "file": absent,
            "inspection": absent,
            "paper": "plan",
            "edition": "internal",
            "reflection": absent,
            "version": 0,
            "part": "open",
            "rule": "SZ-10",
        }
        fixed |= {"opens": 3, "leaf": 1, "stage": "town", "ledger": "asset", "row": absent}
        fixed |= {"which": "empty"}
        kinds = {"desk/wordings/": "reminder", "desk/papers/": "letter"}
        if name == "kind" and (place := next(filter(self.route.startswith, kinds), "")):
            return kinds[place]
        if name == "uid" and self.route.startswith("desk/units/"):
            return city.others["organisation"]
        if name == "uid" and self.route.startswith("desk/reviews/"):
            return city.others["review"]
        if name not in fixed:
            raise LookupError(f"{self.route}: say in tests/access/endpoints.py what stands for <{name}>")
        return fixed[name]


def endpoints() -> list[Endpoint]:
    """All that are mounted."""
    return [Endpoint(route, said) for route, said in _walk(get_resolver().url_patterns, "")]


def _walk(patterns: "list[URLPattern | URLResolver]", before: str) -> "list[tuple[str, Declared]]":
    found: list[tuple[str, Declared]] = []
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            found += _walk(each.url_patterns, route)
        else:
            found.append((route, each.callback.declared))
    return found


def form() -> dict[str, str]:
    """What is posted, with today's date where a date is asked."""
    today = date.today().isoformat()  # noqa: DTZ011 -- any day of late will do
    return SAID | {"on": today}
