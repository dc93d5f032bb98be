"""本单位模板: the ledger in the office's own workbook: its title, columns, order, widths, styles, print set-up, total row.

The columns are recognised by the words that the import knows; what nobody recognises stays empty and yellow, or is bound
by choice. What is kept of the file has no rows. What was exported into it is imported again as unchanged.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import BinaryIO
from uuid import UUID

from django.db.models import QuerySet
from django.db.transaction import atomic
from django.utils.translation import gettext_lazy as _

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets.cells import column_index
from jiandu.base.core.sheets.errors import SheetRefused
from jiandu.base.core.sheets.extending import Place, extend_table
from jiandu.base.core.sheets.filling import FORM
from jiandu.base.core.sheets.layout import Table, find_table
from jiandu.base.core.sheets.plan import OutValue
from jiandu.base.core.sheets.reader import read_rows
from jiandu.base.files import store
from jiandu.loop.findings.models import Finding
from jiandu.loop.workbooks.columns import COLUMNS
from jiandu.loop.workbooks.fields import FIELDS
from jiandu.loop.workbooks.models import LedgerTemplate
from jiandu.loop.workbooks.reading import is_in_wan
from jiandu.net.access.standing import Standing
from jiandu.net.overseers.models import Office

SERIAL = "serial"  # 序号: counted
MOST_ROWS = 20_000
OF_KEY = {one.key: one for one in FIELDS}
REQUIRED = tuple(one for one in COLUMNS if one.required)


@dataclass(frozen=True)
class Shape:
    """Where the table of a workbook stands, and what its columns are."""

    place: Place
    columns: list[list[str]]


def templates_of(viewer: Viewer) -> "QuerySet[LedgerTemplate]":
    """Those of the viewer's offices, by office and name."""
    guard.check_is_actor(viewer)
    standing = viewer.standing if isinstance(viewer.standing, Standing) else Standing()
    rows = LedgerTemplate.objects.filter(is_gone=False).select_related("office").order_by("office__path", "name")
    return rows if viewer.is_system else rows.filter(office_id__in=standing.office_ids)


def template_by_uid(viewer: Viewer, uid: UUID) -> LedgerTemplate | None:
    """One of them."""
    return templates_of(viewer).filter(uid=uid).first()


def lacking(template: LedgerTemplate) -> list[str]:
    """The columns without which what is exported into it cannot be imported again."""
    keys = {key for _letter, _title, key in template.columns}
    return [one.titles[0] for one in REQUIRED if one.key not in keys]


# --- what a workbook looks like ---


def read_shape(content: bytes) -> Shape:
    """Where the table stands, recognised as the import does. Raises Refused (sheet-refused)."""
    try:
        with read_rows(content, limits=FORM) as rows:
            table = find_table(rows, COLUMNS)
            data = [row.number for row in table]
    except SheetRefused as refused:
        raise Refused("sheet-refused", f"{refused.message} · {refused.english}") from refused
    below = [row.number for row in table.skipped if not data or row.number > data[-1]]
    columns = _columns(table)
    width = max(column_index(letter) for letter, _title, _key in columns)
    return Shape(Place(table.sheet, table.header_bottom, min(below, default=0), width), columns)


def _columns(table: Table) -> list[list[str]]:
    found = [[place.letter, place.title, key if key in OF_KEY else ""] for key, place in table.placed.items()]
    known = {one.title: one.key for one in FIELDS}
    for letter, title in table.unknown:
        key = SERIAL if title.replace(" ", "") == "序号" else known.get(title, "")
        found.append([letter, title, key])
    return sorted(found, key=lambda one: column_index(one[0]))


# --- acts ---


@atomic
def keep_template(*, office: Office, name: str, content: bytes, file_name: str, by: Viewer) -> LedgerTemplate:
    """The office's own workbook, emptied of its rows, under a name; one of that name before is replaced.

    Raises Refused: not-allowed, template-name, sheet-refused.
    """
    _check_may(by, office)
    if not name.strip():
        raise Refused("template-name", "请填写模板名称")
    shape = read_shape(content)
    try:
        blank = extend_table(content, shape.place, [[None] * shape.place.columns])
    except SheetRefused as refused:
        raise Refused("sheet-refused", f"{refused.message} · {refused.english}") from refused
    kept = store.keep([blank])
    LedgerTemplate.objects.filter(office=office, name=name.strip()[:64], is_gone=False).update(is_gone=True)
    row = LedgerTemplate(
        office=office,
        name=name.strip()[:64],
        file_name=file_name[:200],
        sha256=kept.sha256,
        sheet=shape.place.sheet,
        header_row=shape.place.header,
        has_tail=bool(shape.place.tail),
        columns=shape.columns,
        by_name=by.name,
    )
    row.save(force_insert=True)
    record(by, "ledger_template.save", row, payload={"office": office.name, "name": row.name, "sha256": row.sha256})
    return row


@atomic
def bind_columns(*, template: LedgerTemplate, keys: dict[str, str], by: Viewer) -> LedgerTemplate:
    """Which columns hold what: key by letter, "" for one that stays empty. Raises Refused (not-allowed, template-key)."""
    _check_may(by, template.office)
    row = LedgerTemplate.objects.select_for_update(of=("self",)).get(pk=template.pk)
    named = [key for key in keys.values() if key]
    if set(named) - {SERIAL, *OF_KEY} or len(set(named)) != len(named):
        raise Refused("template-key", _("同一内容只能放在一个栏目"))
    row.columns = [[letter, title, keys.get(letter, key)] for letter, title, key in row.columns]
    row.save(update_fields=["columns"])
    record(by, "ledger_template.amend", row, payload={"columns": keys})
    return row


@atomic
def drop_template(*, template: LedgerTemplate, by: Viewer) -> LedgerTemplate:
    """It is offered no more; what was exported into it is as it was. Raises Refused (not-allowed)."""
    _check_may(by, template.office)
    row = LedgerTemplate.objects.select_for_update(of=("self",)).get(pk=template.pk)
    row.is_gone = True
    row.save(update_fields=["is_gone"])
    record(by, "ledger_template.drop", row, payload={"office": row.office.name, "name": row.name})
    return row


def _check_may(by: Viewer, office: Office) -> None:
    standing = by.standing if isinstance(by.standing, Standing) else Standing()
    if not guard.allow(by, "export", Finding) or not (by.is_system or office.pk in standing.office_ids):
        raise Refused("not-allowed", "只能管理本室组的模板")


# --- the ledger into it ---


def write_into(template: LedgerTemplate, out: BinaryIO, rows: Iterable[Sequence[OutValue]], *, mark: str) -> int:
    """Writes the workbook with the rows, whose values stand in the order of `FIELDS`; gives how many. Raises Refused."""
    columns = {column_index(letter): (title, key) for letter, title, key in template.columns}
    place = place_of(template)
    open_columns = [number for number, (_title, key) in columns.items() if not key]
    count = 0

    def counted() -> Iterator[list[OutValue]]:
        nonlocal count
        for values in rows:
            count += 1
            if count > MOST_ROWS:
                raise Refused("template-rows", "按模板导出最多%(limit)s行，请缩小筛选范围", limit=MOST_ROWS)
            yield _line(columns, place.columns, dict(zip(OF_KEY, values, strict=True)), count)

    try:
        content = extend_table(store.read(template.sha256), place, counted(), open_columns=open_columns, mark=mark)
    except SheetRefused as refused:
        raise Refused("sheet-refused", f"{refused.message} · {refused.english}") from refused
    out.write(content)
    return count


def place_of(template: LedgerTemplate) -> Place:
    """Where its table stands: one empty row below the header shows how rows look."""
    width = max(column_index(letter) for letter, _title, _key in template.columns)
    tail = template.header_row + 2 if template.has_tail else 0
    return Place(template.sheet, template.header_row, tail, width)


def _line(columns: dict[int, tuple[str, str]], width: int, values: dict[str, OutValue], number: int) -> list[OutValue]:
    return [_value(*columns.get(at, ("", "")), values, number) for at in range(1, width + 1)]


def _value(title: str, key: str, values: dict[str, OutValue], number: int) -> OutValue:
    if key == SERIAL:
        return number
    value = values.get(key)
    if isinstance(value, Decimal) and is_in_wan(title):
        return value / 10_000
    return value


def choices() -> list[tuple[str, str]]:
    """What a column may hold, for a form."""
    return [("", str(_("留空"))), (SERIAL, str(_("序号"))), *((one.key, one.title) for one in FIELDS)]


def titled(key: str) -> str:
    """What a column holds, in words."""
    return dict(choices()).get(key, key)
