"""Every route can be asked by the matrix: whoever adds one says in tests/access/endpoints.py what stands in its holes."""

from uuid import uuid4

from tests.access.city import City, Record
from tests.access.endpoints import HOLE, endpoints
from tests.access.oracle import Thing


def test_every_hole_of_every_route_is_filled() -> None:
    others = {name: uuid4() for name in ("absent", "account", "entry", "organisation", "review")}
    thing = Thing("finding", ())
    record = Record(uuid4(), uuid4(), {}, thing, thing, "", "")
    unfilled = []
    for endpoint in endpoints():
        try:
            path = endpoint.path(City({}, {}, {}, others), record)
        except LookupError as unsaid:
            path = str(unsaid)
        unfilled += [path] if HOLE.search(path) else []
    assert unfilled == []
