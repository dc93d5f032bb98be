"""The tabs of 单位档案 that show business: findings with their chart, and what came of them."""

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiandu.base.charts.chart import Bar, Point
from jiandu.base.charts.draw import to_svg
from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon.selectors import labels_of
from jiandu.loop.findings.selectors import of_unit, paging
from jiandu.loop.findings.selectors.ledger import Filters, counts_of
from jiandu.loop.findings.selectors.of_unit import Spread
from jiandu.loop.findings.states import State
from jiandu.loop.outcomes import selectors as outcomes
from jiandu.net.subjects.models import Organisation
from jiandu.surfaces.desk.told import instruments

NEWEST = 15


def _is_below(request: HttpRequest) -> bool:
    return request.GET.get("below", "") == "1"


def findings_tab(request: HttpRequest, viewer: Viewer, unit: Organisation, most: int = NEWEST) -> dict[str, Any]:
    """Figures that open their rows, the chart, what came again, the newest, look-backs: of the unit, or with those below."""
    is_below = _is_below(request)
    filters, found = Filters(subject=unit, is_below=is_below), of_unit.of_unit(viewer, unit, is_below=is_below)
    asked = {"subject": unit.uid, **({"below": 1} if is_below else {})}
    return {
        "counts": counts_of(viewer, filters),
        "asked": urlencode(asked),
        "charts": _charts(asked, of_unit.spread(found)),
        "again": of_unit.again(found),
        "newest": paging.newest(viewer, filters, most),
        "look_backs": of_unit.look_backs(viewer, found, max(most, of_unit.SHOWN)),
        **_below(unit, is_below=is_below),
    }


def outcomes_tab(request: HttpRequest, viewer: Viewer, unit: Organisation, most: int = NEWEST) -> dict[str, Any]:
    """Rules, money, talks; the projects in which something was found; the sheets and letters to the unit."""
    is_below = _is_below(request)
    found = of_unit.of_unit(viewer, unit, is_below=is_below)
    rows, numbers = outcomes.of_unit(viewer, unit, is_below=is_below, most=max(most, outcomes.NEWEST))
    return {
        "outcomes": rows,
        "numbers": numbers,
        "projects": of_unit.projects(viewer, found, max(most, of_unit.SHOWN)),
        "papers": instruments.of_unit(viewer, unit, most, is_below=is_below),
        **_below(unit, is_below=is_below),
    }


def _below(unit: Organisation, *, is_below: bool) -> dict[str, bool]:
    """Whether there is something to switch between: the unit alone, the unit with those below it."""
    return {"is_below": is_below, "has_below": is_below or unit.children.exists()}


def _charts(asked: dict[str, Any], spread: list[Spread]) -> list[dict[str, Any]]:
    """By state and by aspect; each mark opens the ledger with the rows that it counts."""
    by_state, by_aspect = Counter[str](), Counter[Any]()
    for cell in spread:
        by_state[cell.state] += cell.count
        by_aspect[cell.aspect] += cell.count
    words = labels_of([key for key in by_aspect if key], english=get_language() == "en")
    states = [(str(state.label), by_state[state], {"state": state.value}) for state in State if by_state[state]]
    aspects = [(words[key], count, {"aspect": key}) for key, count in by_aspect.most_common() if key]
    return [_chart(asked, _("按状态"), states), _chart(asked, _("按方面"), aspects)]


def _chart(asked: dict[str, Any], title: str, bars: list[tuple[str, int, dict[str, Any]]]) -> dict[str, Any]:
    points = tuple(
        Point(label=label, value=count, href=f"{reverse('desk:findings')}?{urlencode({**asked, **more})}")
        for label, count, more in bars
    )
    return {"title": title, "svg": to_svg(Bar(title=title, unit=_("件"), points=points, width=420)), "rows": points}
