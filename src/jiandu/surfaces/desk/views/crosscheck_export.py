"""The queue of alerts as JSON or CSV, masked as on the screen, for whoever has just proved who he is; each export is logged."""

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from django.db.transaction import atomic
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from jiandu.base.audit.services import record
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.ids import new_uid
from jiandu.base.core.marks import mark_of
from jiandu.net.access.models import Level
from jiandu.sources.crosscheck import selectors
from jiandu.sources.crosscheck.models import Alert
from jiandu.sources.crosscheck.selectors import Wanted
from jiandu.surfaces.desk.sheeted import MOST

KINDS = {"json": "application/json", "csv": "text/csv; charset=utf-8"}
#: What may start a formula where the file is opened in a spreadsheet.
ACTS = ("=", "+", "-", "@", "\t", "\r")


def written(viewer: Viewer, wanted: Wanted, kind: str) -> HttpResponse:
    """The file. Raises Refused (export-many), Http404 for another form."""
    if kind not in KINDS:
        raise Http404
    content = _content(viewer, wanted, kind)
    name = f"数据比对疑点_{today():%Y%m%d}.{kind}"
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)}
    return HttpResponse(content, content_type=KINDS[kind], headers=headers)


@atomic
def _content(viewer: Viewer, wanted: Wanted, kind: str) -> str:
    """What leaves: never what is of level ≥ 2. Logged with its number, which the file carries."""
    rows = list(selectors.alerts(viewer, wanted).filter(level__lte=Level.INTERNAL)[: MOST + 1])
    if len(rows) > MOST:
        raise Refused("export-many", "一次最多导出%(most)s行，请先筛选", most=MOST)
    identity = str(new_uid())
    told = [_told(row) for row in rows]
    text = _as_csv(told) if kind == "csv" else _as_json(told, mark_of(viewer, identity))
    record(
        viewer, "list.export", None, payload={"list": "desk:alerts", "as": kind, "rows": len(rows), "export": identity}
    )
    return text


def _told(row: Alert) -> dict[str, Any]:
    return {
        "code": row.code,
        "rule": row.rule,
        "rule_name": row.rule_name,
        "version": row.version,
        "colour": row.colour,
        "state": row.state,
        "place": row.place,
        "unit": str(row.subject or ""),
        "sentence": row.sentence,
        "first_on": row.first_on.isoformat(),
        "last_on": row.last_on.isoformat(),
        "times": row.times,
        "handled_on": row.handled_on.isoformat() if row.handled_on else "",
        "values": row.values,
        "behind": row.behind,
        "linked": row.linked,
        "doubts": row.doubts,
    }


NESTED = {"values", "behind", "linked", "doubts"}


def _as_json(told: list[dict[str, Any]], mark: str) -> str:
    return json.dumps({"mark": mark, "alerts": told}, ensure_ascii=False, indent=1)


def _as_csv(told: Iterable[dict[str, Any]]) -> str:
    """One row an alert, under the same names; a byte order mark, so that Excel reads it as UTF-8."""
    out = io.StringIO()
    heads = [name for name in _HEADS if name not in NESTED]
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([_plain(row[name]) for name in heads] for row in told)
    return f"\ufeff{out.getvalue()}"


_HEADS = (
    *("code", "rule", "rule_name", "version", "colour", "state", "place", "unit", "sentence", "first_on", "last_on"),
    *("times", "handled_on", "values", "behind", "linked", "doubts"),
)


def _plain(value: Any) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(ACTS) else text
