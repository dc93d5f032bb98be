"""Taking back a record that was entered by mistake: with a date and a reason, once."""

from datetime import date

from jiandu.base.core.clock import now, today
from jiandu.base.core.errors import Refused
from jiandu.base.core.models import Withdrawable


def take_back(row: Withdrawable, reason: str, on: date | None = None) -> None:
    """Marks the row as taken back on a day (today): figures as of that day and later leave it out.

    Raises Refused (reason-needed, already-decided, step-date). The caller records the act.
    """
    if not reason.strip():
        raise Refused("reason-needed", "请写明撤下原因")
    if row.withdrawn_on is not None:
        raise Refused("already-decided", "该记录已撤下，请刷新页面")
    if on is not None and on > today():
        raise Refused("step-date", "日期不能晚于今天：%(on)s", on=on.isoformat())
    row.withdrawn_on, row.withdrawn_at, row.withdrawn_for = on or today(), now(), reason.strip()[:200]
    row.save(update_fields=["withdrawn_on", "withdrawn_at", "withdrawn_for"])
