"""Every page that there is: out of the registry of URLs, with real records in their holes, each for somebody who may see it.

A new page is walked without a word here; a new kind of record in a URL must be given a place in tests.e2e.city.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jiandu.base.core.guarded import Own
from jiandu.net.access.roles import roles
from tests.access.endpoints import Endpoint, endpoints

HOLE = re.compile(r"<(?:\w+:)?(\w+)>")
#: Who opens a page: the first of them that has the right.
VISITORS = (
    "干部甲",
    "主任甲",
    "书记",
    "经办人丁",
    "系统管理员",
    "安全管理员",
    "审计管理员",
    "内勤甲",
    "保管员",
    "信访甲",
)
#: The same place looks different to each of them.
SEEN_BY_ALL = {
    "desk/": VISITORS,
    "desk/findings/<uuid:uid>/": VISITORS[:4],
    **{
        f"desk/petitions/{part}": VISITORS[-1:]
        for part in (
            *("", "due/", "bulletins/", "bulletins/papers/", "bulletins/populations/", "advisories/"),
            *("alarms/", "alarms/precision/", "superior/", "meddling/"),
            *("notices/", "readings/", "categories/"),
        )
    },
}
#: The places of one page: what stands behind its tabs and filters.
MORE = {
    "desk/": ("?tab=running", "?tab=overdue", "?tab=done", "?tab=lacking"),
    "desk/findings/": ("?state=registered", "?lacks=any", "?q=没有这样的问题"),
    "desk/findings/<uuid:uid>/": ("?tab=after", "?tab=steps"),
    "desk/approvals/": ("?tab=all", "?tab=done"),
    "desk/look-backs/": ("?tab=all", "?tab=done", "?tab=rounds"),
    "desk/search/": ("?q=惠企", "?q=没有这样的问题"),
    "desk/measures/": ("?year=2022",),
    "desk/publications/": ("?state=recalled", "?kind=result"),
    "desk/petitions/notices/": ("?which=lacks", "?which=told"),
    "desk/petitions/readings/": ("?which=out", "?which=late"),
    "desk/petitions/bulletins/": (
        "?kind=week&year=2022&number=9",
        "?kind=month&year=2022&number=3",
        "?kind=year&year=2022&number=1&outside=1",
    ),
}


@dataclass(frozen=True)
class Visit:
    """A page, and who opens it."""

    path: str
    who: str
    route: str
    is_first: bool  # of its route; the others show the same page with other records, or to somebody else

    def __str__(self) -> str:
        return f"{self.who}:{self.path}"


def visits(places: dict[str, Any]) -> list[Visit]:
    """All pages of the desk that can be asked for, in the order of the routes."""
    return [visit for endpoint in _asked() for visit in _of(endpoint, places)]


def without_place(places: dict[str, Any]) -> list[str]:
    """Routes that no test in the browser opens: nobody of the visitors may, or nothing stands in their holes."""
    return [endpoint.route for endpoint in _asked() if not list(_of(endpoint, places))]


def _asked() -> list[Endpoint]:
    return [endpoint for endpoint in endpoints() if endpoint.is_desk and "GET" in endpoint.said.methods]


def _of(endpoint: Endpoint, places: dict[str, Any]) -> Iterator[Visit]:
    able = [name for name in VISITORS if _may(places["people"][name], endpoint)]
    fresh = True
    for hole in _holes(endpoint.route, places) if able else []:
        who = (
            [hole["who"]] if hole["who"] else [one for one in SEEN_BY_ALL.get(endpoint.route, able[:1]) if one in able]
        )
        path = "/" + HOLE.sub(lambda found, values=hole["values"]: values[found[1]], endpoint.route)
        more = [(who[0], path + query) for query in MORE.get(endpoint.route, ())]
        for name, place in [*((name, path) for name in who), *more]:
            yield Visit(place, name, endpoint.route, fresh)
            fresh = False


def _may(username: str, endpoint: Endpoint) -> bool:
    role = roles()[username.removeprefix("demo-").rsplit("-", 1)[0]]
    said = endpoint.said
    is_own = said.model is not None and issubclass(said.model, Own)
    return said.verb is None or is_own or role.may(said.verb, endpoint.kind)


def _holes(route: str, places: dict[str, Any]) -> list[dict[str, Any]]:
    """What may stand in the route's holes: of the longest place that fits."""
    wanted = set(HOLE.findall(route))
    if not wanted:
        return [{"who": "", "values": {}}]
    fitting = [
        place
        for place, holes in places.items()
        if route.startswith(place)
        and place.startswith("desk/")
        and wanted <= set(holes[0]["values"]) | {"order", "key"}
    ]
    if not fitting:
        return []
    fixed = {"order": "1", "key": "project_findings"}
    return [hole | {"values": fixed | hole["values"]} for hole in places[max(fitting, key=len)]]
