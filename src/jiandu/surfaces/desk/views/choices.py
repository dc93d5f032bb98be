"""Choices of the forms: plain (value, label) pairs out of dictionaries and the directory."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.selectors import items
from jiandu.loop.findings.models import Finding
from jiandu.net.access.standing import Standing
from jiandu.net.overseers.selectors import offices
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.selectors import activities
from jiandu.sources.signals.models import Signal

NONE = ("", "—")


def _said(item: Item) -> str:
    """The item in the reader's language."""
    return item.label_en if get_language() == "en" else item.label_zh


def aspects(viewer: Viewer, year: int) -> list[tuple[Any, str]]:
    return [NONE, *((item.pk, _said(item)) for item in items(viewer, "aspect", year))]


def methods(viewer: Viewer, year: int) -> list[tuple[str, str]]:
    return [(item.code, _said(item)) for item in items(viewer, "method", year)]


def all_offices(viewer: Viewer) -> list[tuple[Any, str]]:
    return [(office.pk, office.name) for office in offices(viewer, on=today())]


def own_offices(viewer: Viewer) -> list[tuple[Any, str]]:
    """The offices in which the viewer serves."""
    mine = viewer.standing.office_ids if isinstance(viewer.standing, Standing) else ()
    return [pair for pair in all_offices(viewer) if pair[0] in mine]


def projects(viewer: Viewer) -> list[tuple[str, str]]:
    rows = activities(viewer, kind=Activity.Kind.PROJECT)[:300]
    return [(f"activity:{row.uid}", str(row)) for row in rows]


def sources(viewer: Viewer) -> list[Any]:
    """Where a finding may come from: a project in scope, or what another body handed over."""
    handed = [(f"signal:{value}", label) for value, label in Signal.Origin.choices]
    return [(_("项目"), projects(viewer)), (_("其他来源"), handed)]


def for_acts(viewer: Viewer, finding: Finding, measures: list[Any], evidence: list[Any]) -> dict[str, Any]:
    """Every choice that the forms of a finding's page need."""
    year = finding.registered_on.year
    return {
        "aspect": aspects(viewer, year),
        "method": methods(viewer, year),
        "given_to": all_offices(viewer),
        "measure": [NONE, *((measure.pk, measure.text[:30]) for measure in measures)],
        "replaces": [NONE, *((file.pk, str(file)) for file in evidence)],
    }
