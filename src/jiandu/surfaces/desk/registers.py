"""Registers on the desk: a list and the page of one record, each told as facts and sections, with the acts on it.

A mechanism says what stands on its pages; how they look is said once, here and in two templates.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from jiandu.base.core import guard
from jiandu.net.access.policy import verbs
from jiandu.surfaces.desk.intakes import INTAKES
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.sheeted import Out, sheet
from jiandu.surfaces.desk.views.queues import paged
from jiandu.surfaces.desk.withheld import kept
from jiandu.surfaces.door.answers import page

Row = dict[str, Any]
Columns = tuple[tuple[Any, str], ...]
Links = Callable[..., list[Row]]  # Doors as its caller sees it: (a row, slugs of acts) → links
Wanted = tuple[str, Any, str]  # an act by its slug, the row that it is about, what that is called


@dataclass(frozen=True)
class Section:
    """A panel: a table of rows (cells as c-table takes them, and `acts`), or facts, or prose, or pictures."""

    title: Any
    columns: Columns = ()
    rows: list[Row] = field(default_factory=list)
    facts: list[Row] = field(default_factory=list)  # label and value, side by side
    words: str = ""
    empty: Any = ""
    svg: str = ""
    is_even: bool = False  # columns as wide as those of its neighbours, which tell the same of others
    is_record: bool = False  # title and headings are words of the record, not of the house
    is_code: bool = False  # words kept as they are laid out
    is_folded: bool = False  # one of many tables: on a narrow screen it opens when it is asked for
    is_wide: bool = False  # too many columns to stand beside another, folded or not


@dataclass(frozen=True)
class Told:
    """What the page of a record says."""

    title: str
    sections: list[Section]
    facts: list[Row] = field(default_factory=list)
    stats: list[Row] = field(default_factory=list)
    lede: str = ""
    badge: tuple[str, str] = ("", "neutral")
    back: tuple[str, str] = ("", "")  # where the list is: words, URL
    back_is_name: bool = False  # of a record: nothing to translate
    links: list[Row] = field(default_factory=list)  # further doors: label, href
    tabs: list[Row] = field(default_factory=list)  # of a page that stands beside lists
    filters: list[Row] = field(default_factory=list)  # what the page is asked for: attributes of c-field
    ahead: Sequence[Wanted] = ()  # what it waits for: the first that the viewer may do is offered first


@dataclass(frozen=True)
class Batch:
    """What may be done with the rows that are ticked: where they are sent (as `uid`), and what its button says."""

    href: str
    label: Any
    paper: str = ""  # the kind of paper that may be made of them (`loop.workbooks.batches`)
    paper_label: Any = ""


@dataclass(frozen=True)
class Listed:
    """What a list says: title, the queryset in its order, how a row is told, the filters above it."""

    title: Any
    columns: Columns
    rows: "QuerySet[Any]"
    row: Callable[[Any], Row]
    filters: list[Row] = field(default_factory=list)  # attributes of c-field
    tabs: list[Row] = field(default_factory=list)
    empty: Any = ""
    more: Callable[[list[Any]], None] = lambda _rows: None  # fetches for the page's rows what `row` shows
    links: list[Row] = field(default_factory=list)
    note: Any = ""
    out: Out | None = None  # how the register leaves as a sheet, where that is not as it is shown
    intake: str = ""  # the page where it comes in by sheet
    batch: Batch | None = None


def headed(columns: Columns) -> list[dict[str, str]]:
    """The headings, for the table."""
    return [{"label": str(label), "kind": kind} for label, kind in columns]


@dataclass(frozen=True)
class Doors:
    """Which acts of the room the viewer may do to the thing; asked of the policy once a page."""

    room: Room
    thing: Any
    may: frozenset[str]

    @cached_property
    def whole(self) -> tuple[Act, ...]:
        """The acts about the thing itself that he may do and that fit it now; whether they fit is asked once."""
        own = [act for act in self.room.acts if act.row is None and self.room.needs(act) in self.may]
        return tuple(act for act in own if act.fits(self.thing))

    def acts(self) -> list[Act]:
        """Those about the thing itself that fit it now."""
        return list(self.whole)

    def first(self, ahead: Iterable[Wanted]) -> Row | None:
        """The link of the first of what is ahead that the viewer may do; `slug` where it is about the thing itself."""
        whole = {act.slug: act for act in self.acts()}
        for slug, row, of in ahead:
            if row is None and slug in whole:
                return {"label": whole[slug].label, "href": f"?act={slug}", "slug": slug}
            for link in self(row, slug) if row is not None else []:
                return link | {"of": of}
        return None

    def __call__(self, row: Model, *slugs: str) -> list[Row]:
        """The links of the acts about one of its rows."""
        of_rows = [act for act in self.room.acts if act.row is not None and self.room.needs(act) in self.may]
        known = {act.slug: act for act in of_rows if act.fits(self.thing)}
        return [{"label": known[slug].label, "href": f"?act={slug}&on={row.pk}"} for slug in slugs if slug in known]


def doors(viewer: guard.Viewer, room: Room, thing: Any) -> Doors:
    """The acts on a record, or on a list (then the thing is the viewer and the model decides)."""
    if isinstance(thing, Model):
        return Doors(room, thing, verbs(viewer, thing))
    return Doors(room, thing, frozenset(room.needs(act) for act in room.acts if room.keeps(viewer, act)))


def show(request: HttpRequest, told: Told, may: Doors, opened: Opened | None, status: int) -> HttpResponse:
    """The page of a record."""
    sections = as_shown(told.sections)
    first = may.first(told.ahead)
    rest = [act for act in may.acts() if first is None or act.slug != first.get("slug")]
    acts, rare = [act for act in rest if not act.is_rare], [act for act in rest if act.is_rare]
    context = {"told": told, "sections": sections, "first": first, "acts": acts, "rare": rare, "opened": opened}
    return page(request, "desk/registers/record.html", context, status=status)


def as_shown(sections: Iterable[Section]) -> list[Row]:
    """Sections as their template takes them; pictures and folded tables that follow each other stand side by side."""
    listed = list(sections)
    kinds = [
        "",
        *("pictures" if one.svg else "tables" if one.is_folded and not one.is_wide else "" for one in listed),
        "",
    ]
    return [
        {
            "section": one,
            "columns": headed(one.columns),
            "acts": _have_acts(one.rows),
            "begins": kinds[at] if kinds[at] != kinds[at - 1] else "",
            "ends": bool(kinds[at]) and kinds[at] != kinds[at + 1],
        }
        for at, one in enumerate(listed, start=1)
    ]


def show_list(request: HttpRequest, room: Room, listed: Listed, opened: Opened | None, status: int) -> HttpResponse:
    """The page of a list; `?format=xlsx` gives all its rows as a sheet to whoever has just proved who he is."""
    viewer = request.viewer  # type: ignore[attr-defined]
    if request.GET.get("format") == "xlsx" and opened is None:
        return sheet(request, room.url, listed)
    shown = paged(request, listed.rows)
    listed.more(shown["rows"])
    context = {
        "listed": replace(listed, links=[*listed.links, *_by_sheet(viewer, listed.intake)]),
        "columns": headed(listed.columns),
        "told": [kept(one, listed.columns, listed.row(one)) for one in shown.pop("rows")],
        "acts": doors(viewer, room, viewer).acts(),
        "opened": opened,
        "is_filtered": any(request.GET.get(one["name"]) for one in listed.filters),
        **shown,
    }
    return page(request, "desk/registers/list.html", context, status=status)


def _by_sheet(viewer: guard.Viewer, name: str) -> list[Row]:
    """The page where the register comes in by sheet, for whoever may take it in."""
    intake = next((one for one in INTAKES if one.name == name), None)
    if intake is None or not guard.allow(viewer, intake.registers[0].verb, intake.registers[0].model):
        return []
    return [{"label": _("导入 Excel"), "href": reverse(f"desk:{name}"), "icon": "upload"}]


def _have_acts(rows: Iterable[Row]) -> bool:
    return any(row.get("acts") for row in rows)


def fact(label: Any, value: Any, **more: Any) -> Row:
    """One label and value of the facts: `href`, `tone`, `sub`, `wide`."""
    return {"label": str(label), "value": value, **more}


def select(name: str, label: str, value: str, options: Any) -> Row:
    """A filter of choices above a list."""
    return {"name": name, "label": label, "type": "select", "value": value, "options": [("", "—"), *options]}


def many_papers(kind: str, label: str) -> Row:
    """The door to many papers of a kind at once (`loop.workbooks.batches`)."""
    return {"label": label, "href": reverse("desk:papers", args=[kind]), "icon": "printer"}


def year_of(request: HttpRequest) -> int | None:
    """The year that the filter names, if it does."""
    said = request.GET.get("year", "")
    return int(said) if said.isdigit() and len(said) == 4 else None
