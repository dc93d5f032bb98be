"""The log as a CSV file, row by row; that it was exported stands in the log itself."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import BinaryIO

from django.db.transaction import atomic

from jiandu.base.audit.models import Entry
from jiandu.base.audit.selectors import Wanted, found
from jiandu.base.audit.services import record
from jiandu.base.core.clock import SHANGHAI
from jiandu.base.core.guard import Viewer
from jiandu.base.core.ids import new_uid
from jiandu.base.core.marks import mark_of
from jiandu.base.core.sheets import OutColumn, Plan, write_csv

TITLES = ("序号", "时间", "用户", "姓名", "动作", "对象", "机构", "级别", "结果", "请求", "前一条哈希", "本条哈希")
NAMES = ("actor", "actor_name", "verb", "obj", "org", "level", "outcome", "request_id", "prev", "hash")
CHUNK = 2000


@atomic
def export_log(*, viewer: Viewer, wanted: Wanted, out: BinaryIO) -> int:
    """Writes the entries that are wanted, oldest first, without what was said in them; gives how many.

    Raises Refused for anyone but the audit administrator.
    """
    identity = str(new_uid())
    rows = found(viewer, wanted).order_by("seq")
    plan = Plan(
        title="审计日志",
        columns=[OutColumn(title) for title in TITLES],
        watermark=mark_of(viewer, identity),
    )
    count = write_csv(out, plan, _lines(rows.iterator(chunk_size=CHUNK)))
    said = {name: str(value) for name, value in asdict(wanted).items() if value}
    record(viewer, "log.export", None, {"export": identity, "filters": said, "rows": count})
    return count


def _lines(rows: Iterator[Entry]) -> Iterator[tuple[str, ...]]:
    for row in rows:
        at = row.at.astimezone(SHANGHAI).isoformat(timespec="seconds")
        yield str(row.seq), at, *(str(getattr(row, name)) for name in NAMES)
