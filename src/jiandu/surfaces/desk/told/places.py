"""村集体分布图: a map of districts or towns coloured by one number of their ledgers, and every number as a table."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.charts.maps import TALL, WIDE, Area, Step, outlined, steps_of, tiled
from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso, money_fen
from jiandu.loop.findings.selectors.tallies import open_by_unit
from jiandu.net.subjects.models import Region
from jiandu.net.subjects.outlines import Rings, sheet_of
from jiandu.net.subjects.selectors import outlines_of, towns_under
from jiandu.sources.ledgers.places import Placed, by_district, by_town
from jiandu.surfaces.desk.registers import Row, Section
from jiandu.surfaces.desk.told.collectives import tabs

Number = Callable[[Placed], int]


@dataclass(frozen=True)
class Asked:
    """What the page is asked: a district or the whole, by which number, as of which day."""

    district: int | None
    measure: str
    on: date


@dataclass
class Known:
    """The towns' numbers, what is open in each village, the towns of the districts, the outlines that are kept."""

    asked: Asked
    towns: list[Placed]
    open: dict[int, int]
    every: list[Region]
    outlines: dict[int, Rings] = field(default_factory=dict)

    @property
    def numbers(self) -> dict[str, tuple[Any, Number]]:
        """The measures that a map can show: words and number."""
        return {
            "assets": (_("资产(件)"), lambda row: row.assets),
            "occupied": (_("他人占用(件)"), lambda row: row.occupied),
            "owed": (_("欠缴(万元)"), lambda row: row.owed_fen),
            "ending": (_("90天内到期合同(份)"), lambda row: row.ending),
            "findings": (_("未销号问题(个)"), lambda row: sum(self.open.get(key, 0) for key in row.villages)),
        }

    @property
    def label(self) -> str:
        return str(self.numbers[self.asked.measure][0])

    def value(self, row: Placed | None) -> int | None:
        """The number of a place; None where no ledger of it is in scope."""
        return None if row is None else self.numbers[self.asked.measure][1](row)

    def shown(self, value: int | None) -> str:
        """A number as it is written: sums in ten thousands of yuan."""
        if value is None:
            return "—"
        return f"{value / 1_000_000:,.2f}" if self.asked.measure == "owed" else f"{value:,}"

    @property
    def is_of_towns(self) -> bool:
        """Whether the table has towns: of one district. Who reads one town of it would take his number for the district's."""
        return bool(self.asked.district) or len(by_district(self.towns)) == 1

    @property
    def district(self) -> Region | None:
        return next((row.district for row in self.towns if row.district), None) if self.asked.district else None


MEASURES = ("assets", "occupied", "owed", "ending", "findings")


def told(viewer: Viewer, asked: Asked) -> dict[str, Any]:
    """What the page shows. Six statements, whatever there is."""
    towns = by_town(viewer, asked.on, district=asked.district)
    units = [key for row in towns for key in row.villages]
    keys = {row.district.pk for row in towns if row.district}
    every = towns_under(viewer, keys, asked.on)
    known = Known(asked, towns, open_by_unit(viewer, units), every)
    known.outlines = outlines_of(viewer, [*keys, *(one.pk for one in every)])
    rows = towns if known.is_of_towns else by_district(towns)
    steps = steps_of(known.value(row) for row in _drawn(known))
    return {
        "title": _("村集体分布图"),
        "lede": " · ".join(filter(None, [str(known.district or ""), iso(asked.on)])),
        "back": (_("全市"), _here(known)) if asked.district else None,
        "tabs": tabs("collectives-places"),
        "measures": _measures(known),
        "label": known.label,
        "groups": _groups(known, steps),
        "is_schematic": not _has_outlines(known),
        "legend": _legend(known, steps),
        "section": Section(_("各项数据"), PLACES, [_row(known, row) for row in rows], empty=_("还没有导入村集体台账")),
    }  # fmt: skip


def _here(known: Known, **changed: Any) -> str:
    """This page, asked otherwise."""
    query: dict[str, Any] = {"measure": known.asked.measure, "on": iso(known.asked.on), **changed}
    return (
        reverse("desk:collectives-places") + "?" + "&".join(f"{key}={value}" for key, value in query.items() if value)
    )


def _measures(known: Known) -> list[Row]:
    return [
        {"label": label, "href": _here(known, measure=key, district=known.asked.district), "current": key == known.asked.measure}
        for key, (label, _number) in known.numbers.items()
    ]  # fmt: skip


def _has_outlines(known: Known) -> bool:
    return any(row.key in known.outlines for row in _drawn(known))


def _drawn(known: Known) -> list[Placed]:
    """The places that the map shows: districts where an outline of one is kept, else towns.

    Of one district its towns: whoever reads a town of it alone would take his number for the district's.
    """
    districts = by_district(known.towns)
    if not known.asked.district and len(districts) > 1 and any(row.key in known.outlines for row in districts):
        return districts
    return known.towns


def _groups(known: Known, steps: list[Step]) -> list[Row]:
    """The pictures: one of the outlines and one of what has none, or a picture of tiles for each district."""
    drawn = {row.key: row for row in _drawn(known)}
    own = [row.place for row in drawn.values() if row.place]
    is_of_towns = not own or own[0].kind != Region.Kind.DISTRICT
    places = known.every if is_of_towns else own
    with_outline = [place for place in places if place.pk in known.outlines]
    areas = {place.pk: _area(known, place, drawn.get(place.pk)) for place in places}
    if not with_outline:
        return [
            _tiles(known, district, places, areas, steps) for district in by_district(known.towns) if district.place
        ]
    groups: list[Row] = [
        {"svg": outlined(known.label, _on_sheet(known, with_outline, areas), steps, _size(known, with_outline))}
    ]
    bare = [areas[place.pk] for place in places if place.pk not in known.outlines]
    if bare:
        groups.append({"name": _("没有边界数据"), "svg": tiled(_("没有边界数据"), bare, steps)})
    return groups


def _area(known: Known, place: Region, row: Placed | None) -> Area:
    value = known.value(row)
    href = ""
    if row is not None and place.kind == Region.Kind.DISTRICT:
        href = _here(known, district=place.pk)
    elif row is not None and row.district:
        href = _listed(row.district.pk, place.pk, known.asked.on)
    return Area(str(place), value, known.shown(value), href)


def _listed(district: int, street: int | None, on: date) -> str:
    """The collectives of a place."""
    more = f"&street={street}" if street else ""
    return f"{reverse('desk:collectives')}?district={district}{more}&on={iso(on)}"


def _size(known: Known, places: list[Region]) -> tuple[float, float]:
    sheet = sheet_of([known.outlines[place.pk] for place in places], WIDE, TALL)
    return sheet.width, sheet.height


def _on_sheet(known: Known, places: list[Region], areas: dict[int, Area]) -> list[Area]:
    """The areas with their outlines as they stand on the drawing."""
    sheet = sheet_of([known.outlines[place.pk] for place in places], WIDE, TALL)
    found = []
    for place in places:
        outline = tuple(tuple(sheet.at(spot) for spot in ring) for ring in known.outlines[place.pk])
        area = areas[place.pk]
        found.append(Area(area.name, area.value, area.shown, area.href, outline))
    return found


def _tiles(known: Known, district: Placed, places: Iterable[Region], areas: dict[int, Area], steps: list[Step]) -> Row:
    """A district's towns as tiles; its heading leads to it and says its sum."""
    own = [areas[place.pk] for place in places if district.place and place.parent_id == district.place.pk]
    told = sum(row.district is not None and row.district.pk == district.key for row in known.towns)
    whole = known.shown(known.value(district)) if told > 1 else ""  # of one town its tile says it, and it alone
    href = "" if known.asked.district else _here(known, district=district.key)
    return {"name": str(district.place), "whole": whole, "href": href, "svg": tiled(str(district.place), own, steps)}


def _legend(known: Known, steps: list[Step]) -> list[Row]:
    said = [
        {"step": str(one.number), "text": known.shown(one.least) if one.least == one.most else f"{known.shown(one.least)} – {known.shown(one.most)}"}
        for one in steps
    ]  # fmt: skip
    return [*said, {"step": "none", "text": _("没有可见的台账")}]


PLACES = (
    (gettext_lazy("区划"), "main"),
    (gettext_lazy("村集体"), "num"),
    (gettext_lazy("资产(件)"), "num"),
    (gettext_lazy("他人占用"), "num"),
    (gettext_lazy("履行中合同"), "num"),
    (gettext_lazy("90天内到期"), "num"),
    (gettext_lazy("欠缴(元)"), "num"),
    (gettext_lazy("未销号问题"), "num"),
)


def _row(known: Known, row: Placed) -> Row:
    """Each place leads on; its count opens its collectives."""
    district, town = row.district.pk if row.district else None, row.key if known.is_of_towns else None
    listed = _listed(district, town, known.asked.on) if row.key and district else ""
    name: Any = {"text": str(row.place), "href": listed if known.is_of_towns else _here(known, district=row.key)}
    count = {"text": str(row.collectives), "href": listed} if listed else row.collectives
    found = known.numbers["findings"][1](row)
    owed = money_fen(row.owed_fen) if row.owed_fen else ""
    return {
        "cells": [
            name if row.key else _("未填"),
            count,
            row.assets,
            row.occupied,
            row.contracts,
            row.ending,
            owed,
            found,
        ]
    }
