"""指标归口: which office answers for a figure. Kept by year as a table; without a row, the lead office of the mechanism."""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.tree import subtree_q
from jiandu.net.access.standing import Standing
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import in_force
from jiandu.results.analysis.measures.registry import MECHANISMS, all_measures, find
from jiandu.results.reports.models import FigureOwner, Review

FILE = Path(__file__).with_name("data") / "owners.json"


@cache
def lead_words() -> dict[str, list[str]]:
    """Words in the names of the offices that lead each mechanism by default, the first that is found counts."""
    content: dict[str, list[str]] = json.loads(FILE.read_text(encoding="utf-8"))
    return content


def commission_of(viewer: Viewer) -> Office | None:
    """The commission whose figures the viewer works on: his own office, or the nearest one above that is a commission."""
    commissions = Office.objects.filter(in_force(today()), kind=Office.Kind.COMMISSION).order_by("path")
    if viewer.is_system:
        return commissions.first()
    office = Office.objects.filter(pk=_office_id(viewer) or 0).first()
    above = [one for one in commissions if office is not None and office.path.startswith(one.path)]
    return above[-1] if above else None


def _office_id(viewer: Viewer) -> int | None:
    return viewer.standing.office_id if isinstance(viewer.standing, Standing) else None


def owners_of(commission: Office, year: int, keys: Iterable[str], otherwise: Office) -> dict[str, Office]:
    """The office that answers for each measure in that year: its own row, its mechanism's, the lead office, `otherwise`.

    Of several years the latest that has begun counts; an office that has closed answers for nothing.
    """
    known = named_of(commission, year)
    leads = _leads(commission)
    found = {}
    for key in keys:
        mechanism = find(key).mechanism.value
        found[key] = known.get(key) or known.get(mechanism) or leads.get(mechanism) or otherwise
    return found


def named_of(commission: Office, year: int) -> dict[str, Office]:
    """What the table says of that year, by measure or mechanism."""
    rows = FigureOwner.objects.filter(commission=commission, year__lte=year).select_related("office").order_by("year")
    return {row.about: row.office for row in rows if row.office.until is None or row.office.until >= today()}


def _leads(commission: Office) -> dict[str, Office]:
    offices = list(offices_of(commission))
    found = {}
    for mechanism, words in lead_words().items():
        ranked = [office for word in words for office in offices if word in office.name]
        if ranked:
            found[mechanism] = ranked[0]
    return found


def offices_of(commission: Office) -> "list[Office]":
    """The offices that may own a figure of the commission: itself and what stands below it today."""
    return list(Office.objects.filter(in_force(today()), subtree_q("path", commission.path)).order_by("path"))


@atomic
def name_owner(*, commission: Office, year: int, about: str, office: Office | None, by: Viewer) -> None:
    """From that year on the office answers for the measure, or for all of the mechanism; None: as by default again.

    Raises Refused: not-allowed, unknown-measure, owner-outside.
    """
    if not guard.allow(by, "figures", Review) or not is_at(by, commission):
        raise Refused("not-allowed", "您没有“维护指标归口”的权限")
    if about not in MECHANISMS and about not in all_measures():
        raise Refused("unknown-measure", "没有这个统计指标:%(key)s", key=about)
    if office is not None and (not office.path.startswith(commission.path) or office.until is not None):
        raise Refused("owner-outside", "请选择本机关没有撤销的室组")
    rows = FigureOwner.objects.filter(commission=commission, year=year, about=about)
    if office is None:
        rows.delete()
    else:
        FigureOwner.objects.update_or_create(commission=commission, year=year, about=about, defaults={"office": office})
    said = {"year": year, "about": about, "office": office.name if office else ""}
    record(by, "review.name_owner", commission, payload=said)


def is_at(viewer: Viewer, commission: Office) -> bool:
    """Whether the viewer works at the commission itself, or above it."""
    own = commission_of(viewer)
    return viewer.is_system or (own is not None and commission.path.startswith(own.path))
