"""The ledger page through the whole server (middleware, selector, template), for each filter and each width of scope.

Bare: the same 26 rows with the same filter and joins, without scope, by the driver alone. The desk, a unit's page and
one finding's page are measured beside it.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.test import Client

from benchmarks import build
from benchmarks.build import acting_as, as_
from benchmarks.city import LOOKERS
from benchmarks.figures import Figure, keep, median, p95, timed
from jiandu.base.accounts.models import User
from jiandu.base.core import guard
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors.ledger import Filters, ledger
from jiandu.project import wsgi
from jiandu.surfaces.desk.views.filtering import filters_of

PROMISE = "<= 150"


def asked() -> dict[str, dict[str, str]]:
    """Query strings by name; each filter alone, and what hits nothing."""
    with as_(guard.system("benchmark")):
        some = Finding.objects.filter(state="closed").select_related("subject").order_by("-pk")[0]
    return {
        "default": {},
        "source": {"source": "look_back"},
        "unit": {"subject": str(some.subject.uid)},
        "aspect": {"aspect": str(some.aspect_id)},
        "type": {"rectification": "lasting"},
        "state": {"state": "rectifying"},
        "state, most": {"state": "closed"},
        "overdue": {"due": "overdue"},
        "due soon": {"due": "soon"},
        "office": {"office": str(some.owner_office_id)},
        "project": {"activity": str(some.activity_id)},
        "year": {"year": "2023"},
        "urging": {"urging": "1"},
        "lacks any": {"lacks": "any"},
        "lacks the person": {"lacks": "rectifier_name"},
        "working": {"state": "working"},
        "settled": {"state": "settled"},
        "words, common": {"text": "低保"},
        "words, rare": {"text": "骑楼"},
        "year, aspect, state": {"year": "2024", "aspect": str(some.aspect_id), "state": "closed"},
        "nothing: state": {"state": "suspended"},
        "nothing: urging": {"urging": "3"},
        "nothing: two that exclude": {"state": "to_approve", "rectification": "lasting"},
        "nothing: year": {"year": "2010"},
        "nothing: words": {"text": "鱻龘"},
        "nothing: unit and state": {"subject": str(some.subject.uid), "state": "suspended"},
    }


def deepest(viewer: guard.Viewer) -> dict[str, str]:
    """The query string of the last page."""
    with as_(viewer):
        *_, row = ledger(viewer, Filters()).order_by("registered_on", "id")[:21]
    return {"key": f"-{row.registered_on}_{row.pk}"}


def bare(said: dict[str, str]) -> float:
    """Milliseconds of the plain statement."""
    filters = filters_of(said)
    plain = QuerySet(Finding).filter(filters.condition()).select_related("subject", "owner_office", "aspect")
    sql, values = plain.order_by("-registered_on", "-id")[:26].query.sql_with_params()

    def act() -> None:
        with guard.unguarded("benchmark"), connection.cursor() as cursor:
            cursor.execute(sql, values)
            cursor.fetchall()

    return median(timed(act, seconds=2))


def got(client: Client, url: str, said: dict[str, str] | None = None) -> Any:
    answer = client.get(url, said or {})
    assert answer.status_code == 200, (url, said, answer.status_code)  # noqa: S101 -- a wrong measurement is worse than none
    return answer


def measured(name: str, said: dict[str, str], scope: str, client: Client, plain: float | None) -> Figure:
    taken = timed(lambda: got(client, "/desk/findings/", said))
    ratio = median(taken) / plain if plain else None
    return Figure("lists", f"{name} · {scope}", p95(taken), "ms p95", connection.vendor, ratio, taken.note, PROMISE)


def figures() -> Iterator[Figure]:
    wsgi.settle()  # as a web process is, when the benchmark has loaded what is its own
    kinds = asked()
    plain = {name: None if "text" in said else bare(said) for name, said in kinds.items()}
    for scope in LOOKERS:
        viewer = acting_as(scope)
        client = Client()
        client.force_login(User.objects.get(pk=viewer.user_id))
        for name, said in kinds.items():
            yield measured(name, said, scope, client, plain[name])
        yield measured("deepest page", deepest(viewer), scope, client, plain["default"])
        yield from pages(client, scope, viewer, kinds["unit"]["subject"])


def pages(client: Client, scope: str, viewer: guard.Viewer, unit: str) -> Iterator[Figure]:
    """Other pages that read the whole ledger."""
    with as_(viewer):
        one = ledger(viewer, Filters()).order_by("-registered_on", "-id")[3]
    urls = {
        "desk": "/desk/",
        "desk, running": "/desk/?tab=running",
        "desk, overdue": "/desk/?tab=overdue",
        "desk, done": "/desk/?tab=done",
        "unit page": f"/desk/units/{unit}/",
        "finding page": f"/desk/findings/{one.uid}/",
        "verify queue": "/desk/verify/",
        "approvals": "/desk/approvals/",
    }
    for name, url in urls.items():
        if client.get(url).status_code == 404:
            continue
        taken = timed(lambda url=url: got(client, url))
        yield Figure("lists", f"{name} · {scope}", p95(taken), "ms p95", connection.vendor, None, taken.note, PROMISE)


if __name__ == "__main__":
    build.ready()
    keep("lists", connection.vendor, figures())
