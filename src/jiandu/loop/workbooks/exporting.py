"""A ledger out: the records as filtered, streamed into Excel or CSV in constant memory, logged before they leave.

The columns that the import knows have its titles and its way of writing, so that an export that comes back is recognised.
"""

import json
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Any, BinaryIO
from uuid import UUID

from django.db.models import QuerySet

from jiandu.base.audit.models import Payload
from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import now
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.ids import new_uid
from jiandu.base.core.marks import mark_of
from jiandu.base.core.sheets.plan import OutColumn, OutValue, Plan
from jiandu.base.core.sheets.writer import write_csv, write_xlsx
from jiandu.base.core.tree import subtree_q
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors.ledger import Filters, ledger
from jiandu.loop.workbooks.fields import FIELDS, Lookup, Seen
from jiandu.loop.workbooks.models import LedgerTemplate
from jiandu.loop.workbooks.templates import template_by_uid, write_into
from jiandu.loop.workbooks.told import told_of
from jiandu.net.access.models import Level
from jiandu.net.access.standing import Standing
from jiandu.net.subjects.models import Organisation

FOREIGN_A_DAY = 500
LEAVING = ("finding.export", "finding.unit_sheets")
CHUNK = 1000
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "zip": "application/zip",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Export:
    """What is asked for: which findings, as xlsx or csv, which columns by key (none: all), and what for."""

    filters: Filters
    kind: str = "xlsx"
    columns: tuple[str, ...] = ()
    reason: str = ""
    template: str = ""  # the office's own workbook, by its uid; it says which columns

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for a job."""
        subject = self.filters.subject
        said = {**{key: value for key, value in vars(self.filters).items() if key != "subject"}}
        place = {"filters": said, "subject": subject.pk if subject else None}
        return {**place, "kind": self.kind, "columns": self.columns, "reason": self.reason, "template": self.template}

    @classmethod
    def from_dict(cls, said: dict[str, Any]) -> "Export":
        """The inverse."""
        # A job keeps plain JSON, which has lists where the filters have tuples.
        filters: dict[str, Any] = {
            name: tuple(told) if isinstance(told, list) else told for name, told in said["filters"].items()
        }
        subject = Organisation.objects.filter(pk=said["subject"]).first() if said["subject"] else None
        return cls(
            Filters(**filters, subject=subject),
            said["kind"],
            tuple(said["columns"]),
            str(said.get("reason", "")),
            str(said.get("template", "")),
        )


def exported(viewer: Viewer, filters: Filters) -> "QuerySet[Finding]":
    """What may leave: in scope, as filtered, never of level ≥ 2. Raises Refused for who may not export."""
    if not guard.allow(viewer, "export", Finding):
        raise Refused("not-allowed", "您没有“导出”的权限")
    return ledger(viewer, filters).filter(level__lte=Level.INTERNAL)


@dataclass(frozen=True)
class Leaving:
    """A file that has been written and has not left: `verb` and `said` are what the log will say."""

    name: str
    rows: int
    keys: "array[int]"
    verb: str
    said: dict[str, Any]
    others: list[list[str]] = field(default_factory=list)  # kind and uid of what is in it beside findings


def write_export(viewer: Viewer, export: Export, out: BinaryIO, *, tell: Tell) -> Leaving:
    """Writes the file. Own office's rows without limit, others' 500 a day. Nothing leaves before `let_go`."""
    found = exported(viewer, export.filters)
    foreign = foreign_rows(viewer, found)
    check_reason(foreign, export.reason)
    check_quota(viewer, foreign)
    identity = str(new_uid())
    template = _template(viewer, export)
    fields = [one for one in FIELDS if template or one.is_fixed or not export.columns or one.key in export.columns]
    keys: array[int] = array("q")
    total = found.count()
    rows = _rows(found, fields, keys, lambda: tell(len(keys), total))
    mark = mark_of(viewer, identity)
    count = write_into(template, out, rows, mark=mark) if template else _written(export, fields, rows, out, mark)
    asked = {name: str(value) for name, value in asdict(export.filters).items() if value}
    said = {"export": identity, "rows": count, "foreign": foreign, "kind": export.kind, "filters": asked}
    said |= {"reason": export.reason} if export.reason else {}
    said |= {"template": template.name} if template else {}
    said["columns"] = [title for _, title, _ in template.columns] if template else [one.title for one in fields]
    return Leaving(
        f"{template.name if template else '问题台账'}_{now():%Y%m%d-%H%M}.{export.kind}",
        count,
        keys,
        "finding.export",
        said,
    )


def _template(viewer: Viewer, export: Export) -> LedgerTemplate | None:
    """The workbook of the viewer's office that was chosen. Raises Refused (template-gone)."""
    if not export.template:
        return None
    template = template_by_uid(viewer, UUID(export.template))
    if template is None:
        raise Refused("template-gone", "没有这个模板，请重新选择")
    return template


def _written(
    export: Export, fields: Sequence[Any], rows: Iterator[tuple[OutValue, ...]], out: BinaryIO, mark: str
) -> int:
    """A workbook of ours, or CSV."""
    plan = Plan(
        title="问题台账",
        columns=tuple(OutColumn(one.title, one.kind, one.width) for one in fields),
        watermark=mark,
        is_wide=len(fields) > 12,
    )
    return (write_csv if export.kind == "csv" else write_xlsx)(out, plan, rows)


def let_go(viewer: Viewer, leaving: Leaving) -> None:
    """The log says that it leaves, in the caller's transaction; the quota is counted once more."""
    check_quota(viewer, leaving.said["foreign"])
    record(viewer, leaving.verb, None, payload=leaving.said)


def _rows(
    found: "QuerySet[Finding]", fields: Sequence[Any], keys: "array[int]", tell: Callable[[], None]
) -> Iterator[tuple[OutValue, ...]]:
    """A thousand records at a time, newest first; their keys are noted on the way."""
    lookup = Lookup()
    stream = found.order_by("-registered_on", "-pk").values_list("pk", flat=True).iterator(chunk_size=CHUNK)
    while pks := list(islice(stream, CHUNK)):
        rows = Finding.objects.filter(pk__in=pks).select_related("subject", "owner_office", "aspect")
        by_pk = {row.pk: row for row in rows}
        told = told_of(list(by_pk.values()))
        for pk in pks:
            if pk in by_pk:
                keys.append(pk)
                seen = Seen(by_pk[pk], told[pk], lookup)
                yield tuple(one.of(seen) for one in fields)
        tell()


def foreign_rows(viewer: Viewer, found: "QuerySet[Finding]") -> int:
    """How many of the findings are neither of the viewer's offices nor about the unit that the viewer answers for."""
    if viewer.is_system:
        return 0
    standing = viewer.standing if isinstance(viewer.standing, Standing) else Standing()
    foreign = found.order_by().exclude(owner_office_id__in=standing.office_ids)
    for path in {hold.unit_path for hold in standing.holds if hold.unit_path}:
        foreign = foreign.exclude(subtree_q("subject_path", path))
    return foreign.count()


def check_reason(foreign: int, reason: str) -> None:
    """Rows of other offices leave for a reason that is written down. Raises Refused."""
    if foreign and not reason.strip():
        raise Refused("export-reason", "其中有其他室组的记录%(rows)s条,请写明导出用途", rows=foreign)


def check_quota(viewer: Viewer, foreign: int) -> None:
    """Rows of other offices: at most 500 a day a user, counted from the log. Raises Refused."""
    if not foreign:
        return
    day = now() - timedelta(days=1)
    acts = Payload.objects.filter(entry__actor=viewer.key, entry__verb__in=LEAVING, entry__at__gte=day)
    used = sum(json.loads(body).get("foreign", 0) for body in acts.values_list("body", flat=True) if body)
    if used + foreign > FOREIGN_A_DAY:
        raise Refused(
            "export-quota",
            "其他室组的记录每人每天最多导出%(limit)s条,本次含%(rows)s条",
            limit=FOREIGN_A_DAY,
            rows=foreign,
        )


def fetched(viewer: Viewer, name: str, identity: str) -> None:
    """A file that a job has written is taken: the log says so each time, under the number of the export."""
    record(viewer, "export.fetch", None, payload={"name": name, "export": identity})


def still_in_scope(viewer: Viewer, keys: "array[int]") -> bool:
    """Whether the viewer may still export, and every one of these findings: asked again when a result is fetched."""
    if not guard.allow(viewer, "export", Finding):
        return False
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK].tolist()
        if Finding.objects.filter(pk__in=part, level__lte=Level.INTERNAL).count() != len(part):
            return False
    return True
