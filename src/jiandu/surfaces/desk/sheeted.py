"""A list of a register as an Excel sheet: the rows as filtered, in the columns of the page, logged before they leave."""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote

from django.db.transaction import atomic
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jiandu.base.accounts.fresh import is_fresh
from jiandu.base.audit.services import record
from jiandu.base.books.lines import Book
from jiandu.base.books.sheets import columns_of
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.ids import new_uid
from jiandu.base.core.marks import mark_of
from jiandu.base.core.sheets import OutColumn, OutValue, Plan, write_xlsx
from jiandu.base.core.sheets.limits import SMALL
from jiandu.net.access.models import Level, Owned
from jiandu.surfaces.door.proving import Asked, to_confirm

MOST = 5000
BACK = SMALL.rows - 100  # what leaves in the columns of a register must come back
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = {"main": 48.0, "wrap": 36.0, "code": 18.0, "date": 12.0, "num": 10.0}


def sheet(request: HttpRequest, url: str, listed: Any) -> HttpResponse:
    """The file, for whoever has just proved who he is; else the page that asks for it."""
    if not is_fresh(request):
        return cast("HttpResponse", to_confirm(request, Asked(_("导出 Excel"))))
    name = quote(f"{listed.title}_{today():%Y%m%d}.xlsx")
    headers = {"Content-Disposition": f"attachment; filename*=utf-8''{name}"}
    return HttpResponse(_written(request.viewer, url, listed), content_type=XLSX, headers=headers)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Out:
    """A register that leaves in the columns that it is taken in by, so that what has left can come back."""

    book: Book
    rows: Callable[[Viewer, list[Any]], Iterable[Sequence[OutValue]]]


def returnable(rows: Iterable[Sequence[OutValue]]) -> Iterator[Sequence[OutValue]]:
    """The rows, as far as they can come back. Raises Refused (export-many)."""
    for number, row in enumerate(rows):
        if number == BACK:
            raise Refused("export-many", "一次最多导出%(most)s行，请先筛选", most=BACK)
        yield row


def _shown(listed: Any) -> list[OutColumn]:
    columns = [OutColumn(str(label), width=WIDTHS.get(kind, 16.0)) for label, kind in listed.columns]
    return [*columns, OutColumn.row_id()]


def _as_shown(listed: Any, rows: list[Any]) -> Iterable[Sequence[OutValue]]:
    listed.more(rows)
    return ((*map(_plain, listed.row(one)["cells"]), str(one.uid)) for one in rows)


def _leaving(rows: Any) -> Any:
    """What may leave: never what is of level ≥ 2."""
    return rows.filter(level__lte=Level.INTERNAL) if issubclass(rows.model, Owned) else rows


@atomic
def _written(viewer: Viewer, url: str, listed: Any) -> bytes:
    """The sheet, written into the log. Raises Refused (export-many) for more rows than a page's export takes."""
    rows = list(_leaving(listed.rows)[: MOST + 1])
    if len(rows) > MOST:
        raise Refused("export-many", "一次最多导出%(most)s行，请先筛选", most=MOST)
    identity = str(new_uid())
    told = returnable(listed.out.rows(viewer, rows)) if listed.out else _as_shown(listed, rows)
    columns = columns_of(listed.out.book) if listed.out else _shown(listed)
    plan = Plan(title=str(listed.title), columns=columns, watermark=mark_of(viewer, identity))
    out = io.BytesIO()
    write_xlsx(out, plan, told)
    record(viewer, "list.export", None, payload={"list": url, "rows": len(rows), "export": identity})
    return out.getvalue()


def _plain(cell: Any) -> OutValue:
    """A cell of the page as a cell of the sheet: its words, and the small print in brackets."""
    if not isinstance(cell, dict):
        return cell if isinstance(cell, int) else str(cell)
    sub = cell.get("sub")
    return _("%(text)s（%(sub)s）") % {"text": cell["text"], "sub": sub} if sub else str(cell["text"])
