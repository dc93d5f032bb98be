"""The ledger's filters out of a query string: only known names and well-formed values count. And as they stand on the page."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext as _

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.loop.findings.lacking import LACKS
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors.ledger import Filters
from jiandu.loop.findings.states import State
from jiandu.net.subjects.models import Organisation
from jiandu.net.subjects.selectors import organisation_by_uid, search_organisations
from jiandu.surfaces.desk.columns import SOURCES
from jiandu.surfaces.desk.views import choices

WORDS = ("source", "rectification", "state", "due", "lacks", "breaches")
NUMBERS = ("aspect", "office", "activity", "year", "urging")
#: What a saved view keeps of a query string, in the order of the page.
KEPT = (
    *("text", "unit", "subject", "below", "state", "due", "aspect", "rectification", "source", "office", "activity"),
    *("lacks", "breaches", "urging", "year", "sort"),
)
UNITS = 200


def filters_of(said: Mapping[str, str]) -> Filters:
    """What is asked for; anything else is ignored."""
    words: dict[str, Any] = {name: said.get(name, "")[:32] for name in WORDS}
    numbers: dict[str, Any] = {
        name: int(said[name]) for name in NUMBERS if said.get(name, "").isdigit() and len(said[name]) < 10
    }
    if not 1990 <= numbers.get("year", 2000) <= 2100:
        numbers.pop("year")
    return Filters(
        **words,
        **numbers,
        subject=_subject(said.get("subject", "")),
        units=_units(said.get("unit", "").strip()[:50]),
        is_below=said.get("below", "") == "1",
        text=said.get("text", "").strip()[:100],
    )


def _subject(text: str) -> Organisation | None:
    try:
        return organisation_by_uid(UUID(text)) if text else None
    except ValueError:
        return None


def _units(name: str) -> tuple[str, ...] | None:
    """The paths of the units that a name, or a part of it, means today; None where none is asked for."""
    if not name:
        return None
    return tuple(unit.path for unit in search_organisations(guard.require_actor(), name, on=today(), limit=UNITS))


def kept(said: Mapping[str, str]) -> str:
    """The query string that a view keeps: known conditions only, without the page."""
    return urlencode({name: said[name] for name in KEPT if said.get(name)})


def wording(name: str) -> str:
    """What a column of the ledger is called."""
    return str(next(field.verbose_name for field in Finding._meta.fields if field.name == name))


def options(viewer: guard.Viewer, filters: Filters) -> dict[str, list[tuple[Any, Any]]]:
    """The choices of the filter bar, by name."""
    return {
        "state": [
            *State.choices,
            ("settled", _("已销号和阶段性销号")),
            ("counted", _("计入统计的")),
            ("working", _("在办的")),
        ],
        "due": [("soon", _("临期")), ("fortnight", _("14天内到期")), ("overdue", _("超期"))],
        "aspect": choices.aspects(viewer, filters.year or today().year)[1:],
        "rectification": list(Finding.Rectification.choices),
        "source": list(SOURCES.items()),
        "office": choices.all_offices(viewer),
        "lacks": [("any", _("任一栏目")), *((name, wording(name)) for name in LACKS)],
        "breaches": [("any", _("有数据预警"))],
        "urging": [choice for choice in Finding.Urging.choices if choice[0]],
    }


LABELS = {
    "text": "关键词", "unit": "责任单位", "subject": "责任单位", "below": "含下级单位", "state": "状态", "due": "时限", "aspect": "方面",
    "rectification": "类型", "source": "来源", "office": "承办室组", "activity": "项目", "lacks": "待补", "breaches": "数据预警", "urging": "催办", "year": "年度",
}  # fmt: skip


def chips(said: Mapping[str, str], filters: Filters, known: dict[str, list[tuple[Any, Any]]]) -> list[dict[str, str]]:
    """The conditions in force, each with the way to take it off."""
    words = {name: {str(value): label for value, label in pairs} for name, pairs in known.items()}
    shown = []
    for name, label in LABELS.items():
        value = said.get(name, "")
        if not value:
            continue
        if name == "subject":
            value = str(filters.subject or value)
        rest = {key: said[key] for key in KEPT if said.get(key) and key != name}
        text = _("是") if name == "below" else str(words.get(name, {}).get(value, value))
        shown.append({"label": _(label), "value": text, "href": "?" + (urlencode(rest) or "all=1")})
    return shown
