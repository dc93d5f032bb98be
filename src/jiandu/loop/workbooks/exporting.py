"""A ledger out: the records as filtered, streamed into Excel or CSV in constant memory, logged before they leave."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import IO, Any

from jiandu.base.audit.models import Payload
from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import now
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.ids import new_uid
from jiandu.base.core.sheets.plan import Kind, OutColumn, Plan
from jiandu.base.core.sheets.writer import write_csv, write_xlsx
from jiandu.base.core.words import as_recorded
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors import Filters, ledger
from jiandu.loop.findings.states import State
from jiandu.net.access.models import Level
from jiandu.net.access.standing import Standing

FOREIGN_A_DAY = 500
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
COLUMNS: tuple[tuple[str, Kind, str], ...] = (
    ("问题编号", "text", "code"),
    ("登记日期", "date", "registered_on"),
    ("承办室组", "text", "owner_office__name"),
    ("责任单位", "text", "subject__name"),
    ("问题类别", "text", "aspect__label_zh"),
    ("问题表现", "text", "problem"),
    ("具体事实", "text", "facts"),
    ("整改类型", "text", "rectification"),
    ("整改时限", "date", "due_on"),
    ("责任人", "text", "rectifier_name"),
    ("状态", "text", "state"),
    ("销号日期", "date", "closed_on"),
)


@dataclass(frozen=True)
class Prepared:
    """A file ready to leave."""

    name: str
    content_type: str
    file: IO[bytes]
    rows: int

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """The content from its beginning; the file is gone afterwards."""
        try:
            self.file.seek(0)
            yield self.file
        finally:
            self.file.close()


def prepare(viewer: Viewer, filters: Filters, *, kind: str) -> Prepared:
    """Writes the export. One's own office's rows without limit; of other offices' at most 500 a day; never level ≥ 2."""
    if not guard.allow(viewer, "export", Finding):
        raise Refused("not-allowed", "您没有“导出”的权限")
    found = ledger(viewer, filters).filter(level__lte=Level.INTERNAL)
    standing = viewer.standing if isinstance(viewer.standing, Standing) else Standing()
    foreign = found.exclude(owner_office_id__in=standing.office_ids).count() if not viewer.is_system else 0
    _check_quota(viewer, foreign)
    identity = str(new_uid())
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- closed by Prepared.open
    plan = Plan(
        title="问题台账",
        columns=tuple(OutColumn(title, kind=sort) for title, sort, _ in COLUMNS),
        watermark=mark_of(viewer, identity),
    )
    write = write_csv if kind == "csv" else write_xlsx
    count = write(file, plan, _rows(found))
    record(
        viewer, "finding.export", None, payload={"export": identity, "rows": count, "foreign": foreign, "kind": kind}
    )
    return Prepared(f"findings-{now():%Y%m%d-%H%M}.{kind}", TYPES[kind], file, count)


def mark_of(viewer: Viewer, identity: str) -> str:
    """The watermark: who, when, which export."""
    return f"{viewer.name} {now():%Y-%m-%d %H:%M} 导出编号 {identity}"


def _check_quota(viewer: Viewer, foreign: int) -> None:
    """Rows of other offices: at most 500 a day a user, counted from the log."""
    if not foreign:
        return
    acts = Payload.objects.filter(
        entry__actor=viewer.key, entry__verb="finding.export", entry__at__gte=now() - timedelta(days=1)
    )
    used = sum(json.loads(body).get("foreign", 0) for body in acts.values_list("body", flat=True) if body)
    if used + foreign > FOREIGN_A_DAY:
        raise Refused(
            "export-quota",
            "其他室组的记录每人每天最多导出%(limit)s条,本次含%(rows)s条",
            limit=FOREIGN_A_DAY,
            rows=foreign,
        )


def _rows(found: Any) -> Iterator[tuple[Any, ...]]:
    kinds = {"rectification": Finding.Rectification, "state": State}
    labels = {name: {key: as_recorded(label) for key, label in kind.choices} for name, kind in kinds.items()}
    names = [name for _, _, name in COLUMNS]
    for row in found.order_by("-registered_on", "-id").values_list(*names).iterator(chunk_size=2000):
        yield tuple(
            labels[name].get(value, value) if name in labels else value for name, value in zip(names, row, strict=True)
        )
