"""Taking back a record that was entered by mistake: with today's date and a reason, once."""

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.models import Withdrawable


def take_back(row: Withdrawable, reason: str) -> None:
    """Marks the row as taken back today. Raises Refused (reason-needed, already-decided). The caller records the act."""
    if not reason.strip():
        raise Refused("reason-needed", "请写明撤下原因")
    if row.withdrawn_on is not None:
        raise Refused("already-decided", "该记录已撤下，请刷新页面")
    row.withdrawn_on, row.withdrawn_for = today(), reason.strip()[:200]
    row.save(update_fields=["withdrawn_on", "withdrawn_for"])
