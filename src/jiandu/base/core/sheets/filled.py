"""Child side: the named cells of a workbook get their numbers, comments or yellow ground; all else stays as it was."""

import json
import os
import re
from collections.abc import Iterator
from io import BytesIO
from typing import TypedDict

from .cells import letters
from .errors import SheetRefused
from .limits import Limits
from .package import Package
from .precheck import inspect, kind_of
from .remarks import MOST, remark
from .splice import Change, SheetPart, place
from .workbook import Sheet, open_workbook
from .yellow import Styles

_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,10})?|")


class Order(TypedDict):
    """One cell: `value` "" empties it, None leaves it; `note` is its comment, None leaves that; `is_open` makes it yellow."""

    sheet: str
    cell: str
    value: str | None
    note: str | None
    is_open: bool


def fill(fd: int, orders: int, limits: Limits) -> tuple[bytes, list[str]]:
    """The workbook `fd` as the JSON on descriptor `orders` asks; with the cells that keep another's comment.

    Raises `SheetRefused` for a file that cannot be trusted, a sheet that is not there, a cell that cannot be filled.
    """
    asked = _asked(orders)
    if kind_of(fd, limits) == "text":
        raise SheetRefused("not_a_workbook")
    parts = inspect(fd, limits)
    book = open_workbook(fd, parts, limits)
    package = Package(fd, parts)
    by_title: dict[str, list[Order]] = {}
    for one in asked["cells"]:
        by_title.setdefault(one["sheet"], []).append(one)
    sheets = {sheet.title: sheet for sheet in book.sheets if not sheet.hidden}
    left = [place for title, those in by_title.items() for place in _sheet(package, sheets, title, those)]
    if any(one["value"] is not None for one in asked["cells"]):
        for sheet in book.sheets:
            name = sheet.part.name
            package.put(name, SheetPart(package.read(name)).forgotten())
        package.recalculate()
    if asked["kept"] is not None:
        package.keep(asked["kept"])
    out = BytesIO()
    package.write(out)
    return out.getvalue(), left


def _asked(descriptor: int) -> "_Asked":
    os.lseek(descriptor, 0, os.SEEK_SET)
    with os.fdopen(descriptor, "rb") as text:
        asked: _Asked = json.load(text)
    return asked


class _Asked(TypedDict):
    cells: list[Order]
    kept: str | None


def _sheet(package: Package, sheets: dict[str, Sheet], title: str, orders: list[Order]) -> Iterator[str]:
    if title not in sheets:
        raise SheetRefused("no_sheet", sheet=title)
    try:
        yield from (f"{title}!{cell}" for cell in _done(package, sheets[title].part.name, orders))
    except SheetRefused as refused:
        raise SheetRefused(refused.code, **{"sheet": title, **refused.detail}) from refused


def _done(package: Package, name: str, orders: list[Order]) -> list[str]:
    sheet = SheetPart(package.read(name))
    styles = _styles(package) if any(one["is_open"] for one in orders) else None
    changes = [_change(sheet, styles, one) for one in orders]
    if len({one.reference for one in changes}) != len(changes):
        raise ValueError("a cell is named twice")
    said = {place(one["cell"]): note for one in orders if (note := one["note"]) is not None}
    if sum(bool(note) for note in said.values()) > MOST:
        raise SheetRefused("too_many_notes", limit=MOST)
    link, left = remark(package, name, sheet, said) if said else ("", [])
    moving = [one for one in changes if one.value is not None or one.style is not None]
    package.put(name, sheet.changed(moving, link))
    if styles:
        package.put(styles[0], styles[1].changed())
    return left


def _styles(package: Package) -> tuple[str, Styles] | None:
    main = package.main()
    name = next((target for kind, target in package.related(main).values() if kind == "styles"), "")
    return (name, Styles(package.read(name))) if name else None


def _change(sheet: SheetPart, styles: tuple[str, Styles] | None, order: Order) -> Change:
    try:
        row, column = place(order["cell"])
    except ValueError:
        raise SheetRefused("cell_name", cell=order["cell"][:20]) from None
    value = order["value"]
    if value is not None and not _NUMBER.fullmatch(value):
        raise SheetRefused("cell_value", cell=f"{letters(column)}{row}")
    style = styles[1].yellow(sheet.style_of(row, column)) if styles and order["is_open"] else None
    return Change(row, column, value, style)
